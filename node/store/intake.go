package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/hub"
	"simpul/sync/merge"
	"simpul/sync/wire"
)

// This file takes events of nodes in. A batch is judged outside the writer, where
// hashes are calculated and bodies sealed; inside it is only compared with where
// the stream stands, and written. Storing is the whole of it: whether an event can
// be applied is asked afterwards, and nothing is refused for what it says.

// judged is a batch that was held against its stream.
type judged struct {
	stream event.ID
	head   uint64 // where the stream stood
	chain  event.Hash
	fresh  []event.Record
	salts  map[event.ID]event.Salt
	bodies [][]byte // sealed
	sealed map[event.ID][]byte
}

// errMoved says that a stream grew while a batch for it was judged.
var errMoved = errors.New("store: the stream has grown meanwhile")

const judgedAgain = 4

// Receive keeps what is new of a delivery, and notes the contact, in one
// transaction. The same batches again change nothing, and of a stream that
// differs from what is stored nothing is kept.
func (s *Store) Receive(ctx context.Context, d hub.Delivery) (out hub.Receipt, err error) {
	for range judgedAgain {
		var j judgement
		if j, err = s.judge(ctx, d.Request.Batches); err != nil {
			return out, err
		}
		_, err = s.Write(ctx, event.ID{}, func(tx *Tx) error {
			out = hub.Receipt{Events: j.events, Forked: j.forked}
			if err := tx.meetNode(d, j.gap, &out); err != nil {
				return err
			}
			for _, b := range j.list {
				if err := tx.take(d, b); err != nil {
					return err
				}
			}
			return tx.noteWaiting(d)
		})
		if !errors.Is(err, errMoved) {
			return out, err
		}
	}
	return out, err
}

// judgement is what is to be made of the batches of one request.
type judgement struct {
	list   []*judged
	forked map[event.ID]bool
	events int
	gap    bool // the node knows of events that the centre does not have
}

// judge holds batches against the streams as they stand.
func (s *Store) judge(ctx context.Context, batches []wire.Batch) (judgement, error) {
	out := judgement{forked: map[event.ID]bool{}}
	heads := map[event.ID]*ForeignStream{}
	refused := map[event.ID]bool{}
	for i := range batches {
		b := &batches[i]
		if len(b.Items) == 0 || b.First == 0 || refused[b.Stream] {
			continue
		}
		head := heads[b.Stream]
		if head == nil {
			f, err := s.ForeignStream(ctx, b.Stream)
			if errors.Is(err, ErrNotFound) {
				f, err = &ForeignStream{ID: b.Stream, Chain: event.Genesis(b.Stream)}, nil
			}
			if err != nil {
				return out, err
			}
			head, heads[b.Stream] = f, f
		}
		if b.First > head.Head+1 {
			refused[b.Stream], out.gap = true, true
			continue
		}
		j, err := s.judgeBatch(ctx, b, head)
		switch {
		case errors.Is(err, wire.ErrChain):
			refused[b.Stream], out.forked[b.Stream] = true, true
		case errors.Is(err, wire.ErrBatch):
			refused[b.Stream] = true // no node writes such a thing
		case err != nil:
			return out, err
		case j != nil:
			out.list = append(out.list, j)
			out.events += len(j.fresh)
			head.Head, head.Chain = b.Last(), b.Head
		}
	}
	return out, nil
}

// judgeBatch returns what a batch adds to its stream, nil when that is nothing.
// wire.ErrChain when it is not the same stream.
func (s *Store) judgeBatch(ctx context.Context, b *wire.Batch, head *ForeignStream) (*judged, error) {
	before, err := s.chainAt(ctx, b.Stream, b.First-1, head)
	if err != nil {
		return nil, err
	}
	recs, err := b.Records(before)
	if err != nil {
		return nil, err
	}
	if known := min(b.Last(), head.Head); known >= b.First {
		stored, err := s.chainAt(ctx, b.Stream, known, head)
		if err != nil {
			return nil, err
		}
		if recs[known-b.First].Chain != stored {
			return nil, wire.ErrChain
		}
	}
	if b.Last() <= head.Head {
		return nil, nil
	}
	skip := head.Head + 1 - b.First
	j := &judged{stream: b.Stream, head: head.Head, chain: head.Chain, fresh: recs[skip:], salts: map[event.ID]event.Salt{}, sealed: map[event.ID][]byte{}}
	j.bodies = make([][]byte, len(j.fresh))
	for i, rec := range j.fresh {
		it := &b.Items[int(skip)+i]
		if it.Erased() {
			continue
		}
		if j.bodies[i], err = s.vault.Seal(rec.Body, vault.Place{Table: "events", Row: rec.Hash[:], Column: "body"}); err != nil {
			return nil, err
		}
		if _, known := j.salts[rec.Subject]; known {
			continue
		}
		j.salts[rec.Subject] = it.Salt
		if _, known := s.salts.get(rec.Subject); known {
			continue
		}
		if j.sealed[rec.Subject], err = s.vault.Seal(it.Salt[:], vault.Place{Table: "subjects", Row: rec.Subject[:], Column: "salt"}); err != nil {
			return nil, err
		}
	}
	return j, nil
}

// chainAt is the chain of a stream at a sequence that the centre has, as far as
// it will stand when the batches before are taken in.
func (s *Store) chainAt(ctx context.Context, stream event.ID, seq uint64, head *ForeignStream) (event.Hash, error) {
	switch seq {
	case 0:
		return event.Genesis(stream), nil
	case head.Head:
		return head.Chain, nil
	}
	var raw []byte
	err := notFound(s.queryRow(ctx, "SELECT chain FROM events WHERE stream = ? AND seq = ?", stream[:], seq).Scan(&raw))
	if errors.Is(err, ErrNotFound) {
		return event.Hash{}, wire.ErrChain // in a batch before this one, which overlaps it
	}
	var h event.Hash
	copy(h[:], raw)
	return h, err
}

// take writes one judged batch: events, salts, the run's admission, the head.
func (tx *Tx) take(d hub.Delivery, j *judged) error {
	f, err := tx.foreign(j.stream)
	if err != nil {
		return err
	}
	if f == nil {
		f = &ForeignStream{ID: j.stream, Node: d.Node, Chain: event.Genesis(j.stream)}
		if j.head == 0 {
			if err := tx.claim(f, j.fresh[0]); err != nil {
				return err
			}
			if _, err := tx.meet(f.ID, f, nil); err != nil {
				return err
			}
		}
	}
	if f.Head != j.head || f.Chain != j.chain {
		return errMoved
	}
	a, err := tx.admissionOf(d, f, j)
	if err != nil {
		return err
	}
	if err := tx.admit(a); err != nil {
		return err
	}
	last := j.fresh[len(j.fresh)-1]
	rows := make([]eventRow, len(j.fresh))
	for i, rec := range j.fresh {
		at := merge.Admitted(a, f.Effective, rec)
		f.Effective = at.Admitted
		rows[i] = eventRow{rec, j.bodies[i], at.Admitted}
	}
	if err := tx.keepSalts(j, rows); err != nil {
		return err
	}
	if err := tx.insertEvents(rows); err != nil {
		return err
	}
	f.Head, f.Chain = last.Seq, last.Chain
	tx.saveForeign(f)
	return nil
}

func (tx *Tx) admissionOf(d hub.Delivery, f *ForeignStream, j *judged) (event.Admission, error) {
	received, err := tx.received()
	if err != nil {
		return event.Admission{}, err
	}
	a := event.Admission{Stream: f.ID, First: j.head + 1, Last: j.fresh[len(j.fresh)-1].Seq, Node: d.Node, Rank: f.Rank, Received: received, Floor: f.Floor}
	if a.Ceiling, err = tx.ceiling(f); err != nil {
		return a, err
	}
	if d.File {
		a.Offset, err = tx.skewOf(d.Node)
		return a, err
	}
	// Exact readings hold at the instant of the exchange, by the centre's clock.
	a.Offset, a.Boot, a.Mono = received-d.Request.Wall, d.Request.Boot, d.Request.Mono
	return a, nil
}

// keepSalts keeps the salts of new subjects. Of an erased subject neither salt
// nor body is kept, whoever still has them.
func (tx *Tx) keepSalts(j *judged, rows []eventRow) error {
	for id, salt := range j.salts {
		if tx.s.erased.has(id) {
			for i := range rows {
				if rows[i].rec.Subject == id {
					rows[i].body = nil
				}
			}
			continue
		}
		sealed := j.sealed[id]
		if sealed == nil {
			continue
		}
		if err := tx.exec("INSERT INTO subjects (id, salt) VALUES (?, ?) ON CONFLICT DO NOTHING", id[:], sealed); err != nil {
			return err
		}
		tx.s.salts.put(id, salt)
		tx.fresh = append(tx.fresh, id)
	}
	return nil
}

type eventRow struct {
	rec  event.Record
	body []byte // sealed
	at   int64
}

// insertedAtOnce is how many events one statement writes.
const insertedAtOnce = 16

const (
	insertEvent = "INSERT INTO events (stream, seq, type, version, subject, officer, wall, boot, mono, hash, chain, body, at) VALUES "
	eventValues = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)

var insertMany = insertEvent + eventValues + strings.Repeat(", "+eventValues, insertedAtOnce-1)

func (tx *Tx) insertEvents(rows []eventRow) error {
	args := make([]any, 0, 13*insertedAtOnce)
	for len(rows) > 0 {
		n, query := insertedAtOnce, insertMany
		if len(rows) < n {
			n, query = 1, insertEvent+eventValues
		}
		args = args[:0]
		for i := range rows[:n] {
			r := &rows[i]
			var body any
			if r.body != nil {
				body = r.body
			}
			args = append(args, r.rec.Stream[:], r.rec.Seq, r.rec.Type, r.rec.Version, r.rec.Subject[:], r.rec.Officer[:], r.rec.Wall,
				r.rec.Boot, r.rec.Mono, r.rec.Hash[:], r.rec.Chain[:], body, r.at)
		}
		if err := tx.exec(query, args...); err != nil {
			return fmt.Errorf("store: keep events: %w", kind(err))
		}
		rows = rows[n:]
	}
	return nil
}
