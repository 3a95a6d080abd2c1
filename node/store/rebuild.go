package store

import (
	"context"
	"fmt"

	"simpul/sync/event"
)

// projections are the tables that a rebuild makes again from the log.
var projections = []string{"people", "cards", "aliases", "visits", "officers", "node", "classes"}

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
			if err := tx.exec("DELETE FROM " + table); err != nil {
				return fmt.Errorf("store: empty %s: %w", table, err)
			}
		}
		for _, st := range streams {
			for from := uint64(1); from <= st.Head; from += rebuildChunk {
				n, err := tx.reapply(st, from)
				if err != nil {
					return err
				}
				done += n
				if progress != nil {
					progress(done, total)
				}
			}
		}
		return nil
	})
	return err
}

// reapply applies one chunk of a stream and writes what it touched.
func (tx *Tx) reapply(st Stream, from uint64) (int64, error) {
	var chunk []event.Record
	rows, err := tx.s.conn.QueryContext(tx.ctx, "SELECT "+eventColumns+" FROM events WHERE stream = ? AND seq >= ? AND seq < ? ORDER BY seq",
		st.ID[:], from, from+rebuildChunk)
	if err != nil {
		return 0, kind(err)
	}
	for rows.Next() {
		rec, err := tx.s.scanEvent(rows.Scan)
		if err != nil {
			rows.Close()
			return 0, err
		}
		chunk = append(chunk, rec)
	}
	if err := rows.Err(); err != nil {
		return 0, kind(err)
	}
	rows.Close()
	for _, rec := range chunk {
		if err := tx.project(rec, stamp(st, rec.Seq)); err != nil {
			return 0, fmt.Errorf("store: event %d of stream %d: %w", rec.Seq, st.Generation, err)
		}
	}
	if err := tx.flush(); err != nil {
		return 0, err
	}
	tx.people, tx.visits, tx.dirty, tx.touched, tx.changes = nil, nil, nil, nil, nil
	return int64(len(chunk)), nil
}
