package store

import (
	"context"
	"errors"
	"fmt"

	"simpul/sync/event"
	"simpul/sync/hub"
	"simpul/sync/wire"
)

// Hold keeps the batches of a node that was revoked apart: nothing of them is in
// the log before a person has released them. It says how many events there are
// that are not in the log and were not kept apart before.
func (s *Store) Hold(ctx context.Context, d hub.Delivery) (events int, err error) {
	_, err = s.Write(ctx, event.ID{}, func(tx *Tx) error {
		events = 0
		for i := range d.Request.Batches {
			b := &d.Request.Batches[i]
			fresh, err := tx.notInLog(b)
			if err != nil || fresh == 0 {
				if err != nil {
					return err
				}
				continue
			}
			var n int
			if err := tx.row("SELECT COUNT(*) FROM held_batches WHERE stream = ? AND first = ? AND last = ? AND head = ?", b.Stream[:], b.First, b.Last(), b.Head[:]).Scan(&n); err != nil {
				return kind(err)
			}
			if n > 0 {
				continue
			}
			plain, err := wire.EncodeRequest(&wire.Request{Batches: d.Request.Batches[i : i+1]})
			if err != nil {
				return fmt.Errorf("store: keep apart: %w", err)
			}
			sealed, err := tx.s.vault.Seal(plain, heldPlace(b.Stream[:], b.First, b.Last(), b.Head[:]))
			if err != nil {
				return err
			}
			if err := tx.exec("INSERT INTO held_batches (stream, first, last, head, node, since, batch) VALUES (?, ?, ?, ?, ?, ?, ?)",
				b.Stream[:], b.First, b.Last(), b.Head[:], d.Node[:], tx.Now().UnixMilli(), sealed); err != nil {
				return err
			}
			events += fresh
		}
		return nil
	})
	return events, err
}

// notInLog counts the events of a batch that the log does not hold: all of them
// when what it holds is something else.
func (tx *Tx) notInLog(b *wire.Batch) (int, error) {
	f, err := tx.foreign(b.Stream)
	switch {
	case err != nil || f == nil || f.Head < b.First:
		return len(b.Items), err
	case f.Head < b.Last():
		return int(b.Last() - f.Head), nil
	}
	chain, err := tx.chainAt(b.Stream, b.Last())
	if err != nil || chain != b.Head {
		return len(b.Items), err
	}
	return 0, nil
}

// HeldNode is how much of one node's is kept apart.
type HeldNode struct {
	Node   event.ID
	Events int64 // that the log does not hold
	Since  int64 // ms, the first of it
}

// Held lists the nodes of which something is kept apart.
func (s *Store) Held(ctx context.Context) ([]HeldNode, error) {
	rows, err := s.query(ctx, `SELECT h.node, SUM(CASE WHEN f.head >= h.first AND f.head < h.last THEN h.last - f.head ELSE h.last - h.first + 1 END), MIN(h.since)
		FROM held_batches h LEFT JOIN foreign_streams f ON f.id = h.stream GROUP BY h.node ORDER BY MIN(h.since)`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []HeldNode
	for rows.Next() {
		var h HeldNode
		var node []byte
		if err := rows.Scan(&node, &h.Events, &h.Since); err != nil {
			return nil, kind(err)
		}
		h.Node = toID(node)
		out = append(out, h)
	}
	return out, kind(rows.Err())
}

// Release takes in what is kept apart of a node, as if it came in a file now.
// What forms a gap or a fork stays apart. It says how many events were taken in.
func (s *Store) Release(ctx context.Context, node event.ID) (events int, err error) {
	for {
		list, err := s.heldOf(ctx, node)
		if err != nil || len(list) == 0 {
			return events, err
		}
		released := 0
		for i := range list {
			got, err := s.Receive(ctx, hub.Delivery{Node: node, Request: &wire.Request{Batches: list[i : i+1]}, File: true})
			if err != nil {
				return events, err
			}
			b := &list[i]
			f, err := s.ForeignStream(ctx, b.Stream)
			if errors.Is(err, ErrNotFound) || err == nil && (f.Head < b.Last() || got.Forked[b.Stream]) {
				continue
			}
			if err != nil {
				return events, err
			}
			if _, err := s.Write(ctx, event.ID{}, func(tx *Tx) error {
				return tx.exec("DELETE FROM held_batches WHERE stream = ? AND first = ? AND last = ? AND head = ?", b.Stream[:], b.First, b.Last(), b.Head[:])
			}); err != nil {
				return events, err
			}
			released++
			events += got.Events
		}
		if released == 0 {
			return events, nil
		}
	}
}

// Discard throws away what is kept apart of a node.
func (s *Store) Discard(ctx context.Context, node event.ID) error {
	_, err := s.Write(ctx, event.ID{}, func(tx *Tx) error {
		return tx.exec("DELETE FROM held_batches WHERE node = ?", node[:])
	})
	return err
}

const heldAtOnce = 16

func (s *Store) heldOf(ctx context.Context, node event.ID) ([]wire.Batch, error) {
	rows, err := s.query(ctx, "SELECT stream, first, last, head, batch FROM held_batches WHERE node = ? ORDER BY since, stream, first, last LIMIT ?", node[:], heldAtOnce)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []wire.Batch
	for rows.Next() {
		var stream, head, sealed []byte
		var first, last uint64
		if err := rows.Scan(&stream, &first, &last, &head, &sealed); err != nil {
			return nil, kind(err)
		}
		plain, err := s.vault.Unseal(sealed, heldPlace(stream, first, last, head))
		if err != nil {
			return nil, fmt.Errorf("store: kept apart: %w", err)
		}
		req, err := wire.DecodeRequest(plain)
		if err != nil {
			return nil, fmt.Errorf("store: kept apart: %w", err)
		}
		out = append(out, req.Batches...)
	}
	return out, kind(rows.Err())
}
