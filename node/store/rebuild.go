package store

import (
	"context"
	"fmt"

	"simpul/sync/event"
)

// projections are the tables that a rebuild makes again from the log.
var projections = []string{"people", "cards", "aliases", "visits", "officers", "node", "classes", "peers", "admissions", "wishes"}

// unerased keeps the rows that are there for statistics only: no event makes them
// again. See strip.
var unerased = map[string]string{"people": " WHERE length(state) > 0", "visits": " WHERE length(state) > 0", "cards": " WHERE length(person) > 0"}

// rebuildChunk is how many events are applied before the touched states are
// written; it bounds the memory of a rebuild.
const rebuildChunk = 2000

// Rebuild empties every projection and makes it again from the log, in one
// transaction: it happens whole or not at all. progress may be nil.
func (s *Store) Rebuild(ctx context.Context, progress func(done, total int64)) error {
	streams, err := s.Streams(ctx)
	if err != nil {
		return err
	}
	var total, done int64
	for _, st := range streams {
		total += int64(st.Head)
	}
	defer s.states.clear()
	_, err = s.Write(ctx, event.ID{}, func(tx *Tx) error {
		tx.s.states.clear()
		for _, table := range projections {
			if err := tx.exec("DELETE FROM " + table + unerased[table]); err != nil {
				return fmt.Errorf("store: empty %s: %w", table, err)
			}
		}
		if !tx.s.log.state.centre {
			return tx.refoldAll(func(n int64) {
				if progress != nil {
					progress(n, max(n, total))
				}
			})
		}
		tx.unfed = true
		if err := tx.setCounter(countAdmissions, 0); err != nil {
			return err
		}
		centre := logState{centre: true}
		for _, st := range streams {
			centre.generation = st.Generation
			for from := uint64(1); from <= st.Head; from += rebuildChunk {
				n, err := tx.reapply(st, from, &centre)
				if err != nil {
					return err
				}
				done += n
				if progress != nil {
					progress(done, total)
				}
			}
		}
		if err := tx.reapplyForeign(func(n int64) {
			if done += n; progress != nil {
				progress(done, max(done, total))
			}
		}); err != nil {
			return err
		}
		return tx.refeed()
	})
	return err
}

// reapply applies one chunk of an own stream and writes what it touched. at moves
// on through all streams: it stamps.
func (tx *Tx) reapply(st Stream, from uint64, at *logState) (int64, error) {
	chunk, err := tx.chunk(st.ID, from, from+rebuildChunk-1)
	if err != nil {
		return 0, err
	}
	for _, rec := range chunk {
		if err := tx.project(rec.Record, at.stamp(rec.Record)); err != nil {
			return 0, fmt.Errorf("store: event %d of stream %d: %w", rec.Seq, st.Generation, err)
		}
		if at.centre && rec.Type == event.StreamAdmitted {
			if err := tx.readmit(rec.Record); err != nil {
				return 0, err
			}
		}
	}
	return int64(len(chunk)), tx.settle()
}

// settle writes what was touched, and forgets it.
func (tx *Tx) settle() error {
	if err := tx.flush(); err != nil {
		return err
	}
	tx.people, tx.visits, tx.dirty, tx.touched, tx.changes = nil, nil, nil, nil, nil
	return nil
}

// stampedRecord is an event with its effective time, 0 where this is no centre.
type stampedRecord struct {
	event.Record
	at int64
}

// chunk reads events of a stream as the writer sees them, both ends included.
func (tx *Tx) chunk(stream event.ID, from, to uint64) ([]stampedRecord, error) {
	st, err := tx.s.prepared(tx.ctx, "SELECT "+eventColumns+" FROM events WHERE stream = ? AND seq >= ? AND seq <= ? ORDER BY seq")
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(tx.ctx, stream[:], from, to)
	if err != nil {
		return nil, kind(err)
	}
	defer rows.Close()
	var out []stampedRecord
	for rows.Next() {
		rec, at, err := tx.s.scanEvent(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, stampedRecord{rec, at})
	}
	return out, kind(rows.Err())
}
