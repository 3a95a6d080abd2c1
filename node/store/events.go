package store

import (
	"context"
	"fmt"

	"simpul/node/vault"
	"simpul/sync/event"
)

const eventColumns = "stream, seq, type, version, subject, officer, wall, boot, mono, hash, chain, body, at"

// History returns the events about one subject, oldest first, with their bodies
// open. It is the member's history on the screen.
func (s *Store) History(ctx context.Context, subject event.ID, limit int) ([]event.Record, error) {
	var out []event.Record
	err := s.eachEvent(ctx, func(rec event.Record) error { out = append(out, rec); return nil },
		"subject = ? ORDER BY wall, seq LIMIT ?", subject[:], limit)
	return out, err
}

// Latest returns the latest events about one subject, newest first, without those of two types.
func (s *Store) Latest(ctx context.Context, subject event.ID, limit int, not1, not2 event.Type) ([]event.Record, error) {
	var out []event.Record
	err := s.eachEvent(ctx, func(rec event.Record) error { out = append(out, rec); return nil },
		"subject = ? AND type NOT IN (?, ?) ORDER BY wall DESC, seq DESC LIMIT ?", subject[:], not1, not2, limit)
	return out, err
}

// Stream is one stream of this node's log.
type Stream struct {
	ID         event.ID
	Generation uint64
	Head       uint64
	Chain      event.Hash
	Closed     bool
}

// Streams lists the node's streams in the order in which they were opened.
func (s *Store) Streams(ctx context.Context) ([]Stream, error) {
	rows, err := s.query(ctx, "SELECT id, generation, head, chain, closed FROM streams ORDER BY generation")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Stream
	for rows.Next() {
		var st Stream
		var id, chain []byte
		var closed int
		if err := rows.Scan(&id, &st.Generation, &st.Head, &chain, &closed); err != nil {
			return nil, kind(err)
		}
		st.ID, st.Closed = toID(id), closed == 1
		copy(st.Chain[:], chain)
		out = append(out, st)
	}
	return out, kind(rows.Err())
}

// EachEvent calls f with every event of a stream from a sequence on, in order.
func (s *Store) EachEvent(ctx context.Context, stream event.ID, from uint64, f func(event.Record) error) error {
	return s.eachEvent(ctx, f, "stream = ? AND seq >= ? ORDER BY seq", stream[:], from)
}

func (s *Store) eachEvent(ctx context.Context, f func(event.Record) error, where string, args ...any) error {
	rows, err := s.query(ctx, "SELECT "+eventColumns+" FROM events WHERE "+where, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		rec, _, err := s.scanEvent(rows.Scan)
		if err != nil {
			return err
		}
		if err := f(rec); err != nil {
			return err
		}
	}
	return kind(rows.Err())
}

// scanEvent reads an event and, at a centre, its effective time.
func (s *Store) scanEvent(scan func(...any) error) (rec event.Record, at int64, err error) {
	var stream, subject, officer, hash, chain, body []byte
	if err := scan(&stream, &rec.Seq, &rec.Type, &rec.Version, &subject, &officer, &rec.Wall, &rec.Boot, &rec.Mono, &hash, &chain, &body, &at); err != nil {
		return rec, 0, kind(err)
	}
	rec.Stream, rec.Subject, rec.Officer = toID(stream), toID(subject), toID(officer)
	copy(rec.Hash[:], hash)
	copy(rec.Chain[:], chain)
	if body == nil {
		return rec, at, nil // erased: header and hash are all that remains
	}
	if rec.Body, err = s.openBody(rec.Hash, body); err != nil {
		return rec, at, fmt.Errorf("store: event %d: %w", rec.Seq, err)
	}
	return rec, at, nil
}

func (s *Store) openBody(hash event.Hash, sealed []byte) ([]byte, error) {
	return s.vault.Unseal(sealed, vault.Place{Table: "events", Row: hash[:], Column: "body"})
}
