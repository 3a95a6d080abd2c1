package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"simpul/sync/event"
	"simpul/sync/merge"
)

// admission is a run of events as the centre took it in; n is its place among all.
type admission struct {
	event.Admission
	n int64
}

const (
	admissionColumns = "n, stream, first, last, node, rank, received, skew, boot, mono, floor, ceiling"
	countAdmissions  = "admissions" // how many there are
	countReceived    = "received"   // ms: when the last one was
)

func scanAdmission(from scanner) (a admission, err error) {
	var stream, node []byte
	err = from.Scan(&a.n, &stream, &a.First, &a.Last, &node, &a.Rank, &a.Received, &a.Offset, &a.Boot, &a.Mono, &a.Floor, &a.Ceiling)
	a.Stream, a.Node = toID(stream), toID(node)
	return a, err
}

func (s *Store) admissions(ctx context.Context) ([]admission, error) {
	rows, err := s.query(ctx, "SELECT "+admissionColumns+" FROM admissions ORDER BY n")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []admission
	for rows.Next() {
		a, err := scanAdmission(rows)
		if err != nil {
			return nil, kind(err)
		}
		out = append(out, a)
	}
	return out, kind(rows.Err())
}

// admit logs a run that is being taken in. It goes into the same transaction as
// the events themselves.
func (tx *Tx) admit(a event.Admission) error {
	if _, err := tx.Append(Draft{Type: event.StreamAdmitted, Subject: tx.nodeID(), Body: &a}); err != nil {
		return err
	}
	if err := tx.setCounter(countReceived, a.Received); err != nil {
		return err
	}
	return tx.listAdmission(a)
}

func (tx *Tx) listAdmission(a event.Admission) error {
	n, err := tx.counter(countAdmissions)
	if err != nil {
		return err
	}
	if err := tx.setCounter(countAdmissions, n+1); err != nil {
		return err
	}
	return tx.exec("INSERT INTO admissions ("+admissionColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		n+1, a.Stream[:], a.First, a.Last, a.Node[:], a.Rank, a.Received, a.Offset, a.Boot, a.Mono, a.Floor, a.Ceiling)
}

// readmit lists a run from the log again.
func (tx *Tx) readmit(rec event.Record) error {
	var a event.Admission
	if err := rec.Open(&a); err != nil {
		return fmt.Errorf("store: admission %d: %w", rec.Seq, err)
	}
	return tx.listAdmission(a)
}

// received is the centre's time of a run: its clock, but never before the run before.
func (tx *Tx) received() (int64, error) {
	last, err := tx.counter(countReceived)
	return max(tx.Now().UnixMilli(), last), err
}

// claim gives a stream that the centre meets for the first time its rank, and
// says below what effective time nothing of it may lie.
func (tx *Tx) claim(f *ForeignStream, first event.Record) error {
	var last uint64
	if err := tx.row("SELECT COALESCE(MAX(rank), 0) FROM foreign_streams").Scan(&last); err != nil {
		return fmt.Errorf("store: rank: %w", kind(err))
	}
	for _, met := range tx.peers.byRank { // of this use case, not yet in the table
		last = max(last, met.Rank)
	}
	f.Rank, f.Subject, f.Met = max(merge.OwnRanks, last+1), first.Subject, tx.Now().UnixMilli()
	body, ok, err := first.Decoded()
	opening, is := body.(*event.StreamOpening)
	if f.Branch = err != nil || !ok || !is; f.Branch {
		f.Reason = "branch"
		if err := tx.noticeOnce(noticePCForked, f.Node.String()+" "+f.ID.String()); err != nil {
			return err
		}
		return tx.setCounter(countBranches, 1)
	}
	f.Generation, f.Reason = min(opening.Generation, maxSeq), opening.Reason
	before, err := tx.foreign(opening.Previous)
	if err != nil {
		return err
	}
	if before != nil {
		f.Floor = before.Effective
	}
	for _, met := range tx.peers.byID {
		if met != nil && !met.Branch && met.Node == f.Node && met.Generation < f.Generation {
			f.Floor = max(f.Floor, met.Effective+int64(min(f.Generation-met.Generation, mostBetween)))
		}
	}
	var floor int64
	if err := tx.row("SELECT COALESCE(MAX(effective + MIN(? - generation, ?)), 0) FROM foreign_streams WHERE node = ? AND generation < ? AND branch = 0",
		f.Generation, mostBetween, f.Node[:], f.Generation).Scan(&floor); err != nil {
		return fmt.Errorf("store: floor: %w", kind(err))
	}
	f.Floor = max(f.Floor, floor)
	return nil
}

// mostBetween limits the effective time, in ms, that is kept free between two
// streams of a node: one for each stream that could come in between.
const mostBetween = 1 << 20

// ceiling is the effective time above which nothing more of a stream may lie, 0
// for none: the node's streams after it that came before it.
func (tx *Tx) ceiling(f *ForeignStream) (int64, error) {
	if f.Branch {
		return 0, nil
	}
	var least sql.NullInt64
	err := tx.row(`SELECT MIN(e.at - MIN(f.generation - ?, ?)) FROM foreign_streams f JOIN events e ON e.stream = f.id AND e.seq = 1
		WHERE f.node = ? AND f.generation > ? AND f.branch = 0`, f.Generation, mostBetween, f.Node[:], f.Generation).Scan(&least)
	if err != nil {
		return 0, fmt.Errorf("store: ceiling: %w", kind(err))
	}
	for _, met := range tx.peers.byID {
		if met == nil || met.Branch || met.Node != f.Node || met.Generation <= f.Generation || met.Head == 0 {
			continue
		}
		var at int64
		if err := tx.row("SELECT at FROM events WHERE stream = ? AND seq = 1", met.ID[:]).Scan(&at); err != nil {
			return 0, fmt.Errorf("store: ceiling: %w", kind(err))
		}
		if at -= int64(min(met.Generation-f.Generation, mostBetween)); !least.Valid || at < least.Int64 {
			least = sql.NullInt64{Int64: at, Valid: true}
		}
	}
	if !least.Valid {
		return 0, nil
	}
	return max(least.Int64, 1), nil
}

// reapplyForeign makes what the nodes' events make, run by run in the order in
// which they came. Effective times that differ from what the runs say are set right.
func (tx *Tx) reapplyForeign(progress func(int64)) error {
	if err := tx.exec("DELETE FROM quarantine WHERE reason <> ?", asideBroken); err != nil {
		return err
	}
	before := map[event.ID]int64{}
	for n := int64(1); ; n++ {
		a, err := scanAdmission(tx.row("SELECT "+admissionColumns+" FROM admissions WHERE n = ?", n))
		if err := notFound(err); errors.Is(err, ErrNotFound) {
			return tx.setCounter(countApplying, n)
		} else if err != nil {
			return err
		}
		for from := a.First; from <= a.Last; from += rebuildChunk {
			list, err := tx.chunk(a.Stream, from, min(from+rebuildChunk-1, a.Last))
			if err != nil {
				return err
			}
			for i := range list {
				at := merge.Admitted(a.Admission, before[a.Stream], list[i].Record)
				before[a.Stream] = at.Admitted
				if list[i].at == at.Admitted {
					continue
				}
				list[i].at = at.Admitted
				if err := tx.exec("UPDATE events SET at = ? WHERE stream = ? AND seq = ?", at.Admitted, a.Stream[:], list[i].Seq); err != nil {
					return err
				}
			}
			if err := tx.applyRun(list); err != nil {
				return err
			}
			if err := tx.settle(); err != nil {
				return err
			}
			progress(int64(len(list)))
		}
	}
}
