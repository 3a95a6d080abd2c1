package store

import (
	"context"
	"errors"
	"fmt"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// maxBatch bounds how many events one batch has.
const maxBatch = 2000

// itemOverhead is about how many bytes an event has beside its body before it is
// compressed.
const itemOverhead = 24

// Batch is a run of a stream's events from a sequence on, about maxBytes long
// before it is compressed, at least one event. It is empty after the head.
func (s *Store) Batch(ctx context.Context, stream event.ID, from uint64, maxBytes int) (wire.Batch, error) {
	b := wire.Batch{Stream: stream, First: from}
	rows, err := s.query(ctx, `SELECT e.type, e.version, e.subject, e.officer, e.wall, e.boot, e.mono, e.hash, e.chain, e.body, u.salt
		FROM events e JOIN streams t ON t.id = e.stream LEFT JOIN subjects u ON u.id = e.subject
		WHERE e.stream = ? AND e.seq >= ? AND e.seq <= t.head ORDER BY e.seq LIMIT ?`, stream[:], from, maxBatch)
	if err != nil {
		return b, err
	}
	defer rows.Close()
	for size := 0; rows.Next() && (size < maxBytes || len(b.Items) == 0); {
		var it wire.Item
		var subject, officer, hash, chain, body, salt []byte
		if err := rows.Scan(&it.Type, &it.Version, &subject, &officer, &it.Wall, &it.Boot, &it.Mono, &hash, &chain, &body, &salt); err != nil {
			return b, kind(err)
		}
		it.Subject, it.Officer, it.Hash = toID(subject), toID(officer), toHash(hash)
		if body != nil && salt != nil {
			if it.Body, err = s.openBody(it.Hash, body); err != nil {
				return b, fmt.Errorf("store: event %d: %w", from+uint64(len(b.Items)), err)
			}
			if it.Salt, err = s.knownSalt(it.Subject, salt); err != nil {
				return b, err
			}
		}
		b.Items = append(b.Items, it)
		b.Head = toHash(chain)
		size += len(it.Body) + itemOverhead
	}
	return b, kind(rows.Err())
}

// knownSalt opens a salt, or remembers it.
func (s *Store) knownSalt(subject event.ID, sealed []byte) (event.Salt, error) {
	if salt, ok := s.salts.get(subject); ok {
		return salt, nil
	}
	salt, err := s.openSalt(subject, sealed)
	if err == nil && !s.erased.has(subject) {
		s.salts.put(subject, salt)
	}
	return salt, err
}

// Outgoing are the events that the centre has not received, as it said last, in
// the order of the streams and at most about maxBytes before compression. A
// stream that is forked waits until it is cut.
func (s *Store) Outgoing(ctx context.Context, maxBytes int) ([]wire.Batch, error) {
	return s.batches(ctx, maxBytes, func(st sendingStream) uint64 { return st.received }, nil)
}

// EachUpward calls f with batches of everything that is not safe in a copy of the
// centre, for a bundle, each at most about maxBytes long. What f has taken is not
// taken as sent.
func (s *Store) EachUpward(ctx context.Context, maxBytes int, f func(wire.Batch) error) error {
	sent := map[event.ID]uint64{}
	for {
		list, err := s.batches(ctx, maxBytes, func(st sendingStream) uint64 { return max(st.durable, sent[st.id]) }, nil)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, b := range list {
			if err := f(b); err != nil {
				return err
			}
			sent[b.Stream] = b.Last()
		}
	}
}

func (s *Store) batches(ctx context.Context, maxBytes int, after func(sendingStream) uint64, out []wire.Batch) ([]wire.Batch, error) {
	streams, err := s.sending(ctx)
	if err != nil {
		return nil, err
	}
	if n := len(streams); n > 1 && !streams[0].closed { // the open one is the youngest: the oldest first
		streams = append(streams[1:n:n], streams[0])
	}
	for _, st := range streams {
		if st.differ > 0 {
			continue
		}
		for from := after(st) + 1; from <= st.head && maxBytes > 0; {
			b, err := s.Batch(ctx, st.id, from, maxBytes)
			if err != nil {
				return nil, err
			}
			if len(b.Items) == 0 {
				break
			}
			out = append(out, b)
			from = b.Last() + 1
			for _, it := range b.Items {
				maxBytes -= len(it.Body) + itemOverhead
			}
		}
	}
	return out, nil
}

// Waiting is what the centre has not received yet.
type Waiting struct {
	Events int64
	Oldest int64 // ms, the PC's clock when the oldest was recorded; 0 when there is none
	Photos int64 // that the centre said it misses
}

// Waiting counts what the centre has not received yet. It needs no open vault.
func (s *Store) Waiting(ctx context.Context) (w Waiting, err error) {
	rows, err := s.query(ctx, `SELECT t.head - t.received, COALESCE(e.wall, 0) FROM streams t
		LEFT JOIN events e ON e.stream = t.id AND e.seq = t.received + 1 WHERE t.head > t.received`)
	if err := collect(rows, err, func(scan func(...any) error) error {
		var n, wall int64
		err := scan(&n, &wall)
		w.Events += n
		if w.Oldest == 0 || wall < w.Oldest {
			w.Oldest = wall
		}
		return err
	}); err != nil {
		return w, err
	}
	var photos []byte
	if err := notFound(s.queryRow(ctx, "SELECT photos FROM exchange WHERE id = 1").Scan(&photos)); err != nil && !errors.Is(err, ErrNotFound) {
		return w, err
	}
	w.Photos = int64(len(photos) / 8)
	return w, nil
}
