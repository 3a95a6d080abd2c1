package store

import (
	"context"
	"fmt"
	"strings"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// What has become of a photo that an event names.
const (
	photoWanted = 0
	photoHeld   = 1
	photoGone   = 2
)

// wantPhoto notes the photos that an event of a node names or erases.
func (tx *Tx) wantPhoto(node event.ID, rec event.Record, b *event.Photo) error {
	for _, p := range []struct {
		hash event.Hash
		card int
	}{{b.Card, 1}, {b.Record, 0}} {
		if p.hash == (event.Hash{}) {
			continue
		}
		state, clash := photoWanted, "ON CONFLICT DO NOTHING"
		if rec.Type == event.PhotoErased {
			state, clash = photoGone, "ON CONFLICT (hash) DO UPDATE SET held = excluded.held"
		}
		if err := tx.exec("INSERT INTO photo_wants (hash, node, stream, seq, card, held) VALUES (?, ?, ?, ?, ?, ?) "+clash,
			p.hash[:], node[:], rec.Stream[:], rec.Seq, p.card, state); err != nil {
			return err
		}
	}
	return nil
}

// photoGone has the centre ask no more for photos that were erased, whoever did it.
func (tx *Tx) photoGone(rec event.Record) error {
	var p event.Photo
	if err := rec.Open(&p); err != nil {
		return err
	}
	return tx.forgetPhotos(p.Card, p.Record)
}

func (tx *Tx) forgetPhotos(hashes ...event.Hash) error {
	for _, h := range hashes {
		if err := tx.exec("UPDATE photo_wants SET held = ? WHERE hash = ?", photoGone, h[:]); err != nil {
			return err
		}
	}
	return nil
}

// streamsAtOnce is how many streams of a node are looked at for photos.
const streamsAtOnce = 24

// PhotoWants lists photos that the centre does not have and a node may: events
// that it sent name them, or events of a stream that it says it holds. A copy of
// a disk that joined again under another name has taken photos under the first.
//
// The small renditions come first, and leave a quarter of the list to the others.
// turn says with which photo of each kind it begins, so that in time each is asked
// for, however many of them are lost.
func (s *Store) PhotoWants(ctx context.Context, node event.ID, streams []event.ID, turn wire.Short, limit int) ([]event.Hash, error) {
	args := []any{node[:]}
	for i := range streamsAtOnce {
		var id event.ID
		if i < len(streams) {
			id = streams[i]
		}
		args = append(args, id[:])
	}
	const query = "SELECT hash FROM photo_wants WHERE held = 0 AND (node = ? OR stream IN (%s)) AND card = ? ORDER BY hash < ?, hash LIMIT ?"
	text := fmt.Sprintf(query, "?"+strings.Repeat(", ?", streamsAtOnce-1))
	small, err := s.hashes(ctx, text, append(args, 1, turn[:], limit)...)
	if err != nil {
		return nil, err
	}
	others, err := s.hashes(ctx, text, append(args, 0, turn[:], max(limit-len(small), limit/4))...)
	return append(small[:min(len(small), limit-len(others))], others...), err
}

// PhotosHeld lists photos that the centre has, in the order of their names.
func (s *Store) PhotosHeld(ctx context.Context, after event.Hash, limit int) ([]event.Hash, error) {
	return s.hashes(ctx, "SELECT hash FROM photo_wants WHERE held = 1 AND hash > ? ORDER BY hash LIMIT ?", after[:], limit)
}

// PhotoExpected reports whether the centre still lacks a photo that some event names.
func (s *Store) PhotoExpected(ctx context.Context, hash event.Hash) (bool, error) {
	var n int
	err := s.queryRow(ctx, "SELECT COUNT(*) FROM photo_wants WHERE hash = ? AND held = 0", hash[:]).Scan(&n)
	return n > 0, kind(err)
}

// PhotosArrived notes that photos are here, or no longer are. Those that were
// erased stay so.
func (s *Store) PhotosArrived(ctx context.Context, hashes []event.Hash, here bool) error {
	if len(hashes) == 0 {
		return nil
	}
	_, err := s.Write(ctx, event.ID{}, func(tx *Tx) error {
		for _, h := range hashes {
			if err := tx.exec("UPDATE photo_wants SET held = ?, proven = 0 WHERE hash = ? AND held <> ?", flag(here), h[:], photoGone); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

func (s *Store) hashes(ctx context.Context, query string, args ...any) ([]event.Hash, error) {
	rows, err := s.query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []event.Hash
	for rows.Next() {
		var raw []byte
		if err := rows.Scan(&raw); err != nil {
			return nil, kind(err)
		}
		var h event.Hash
		copy(h[:], raw)
		out = append(out, h)
	}
	return out, kind(rows.Err())
}

// PhotosTakenBy lists photos that are here and that one of the nodes sent, in the
// order of their hashes after one, at most limit: the small renditions for cards,
// or the others.
func (s *Store) PhotosTakenBy(ctx context.Context, nodes []event.ID, card bool, after event.Hash, limit int) ([]event.Hash, error) {
	if len(nodes) == 0 {
		return nil, nil
	}
	args := []any{photoHeld, flag(card), after[:]}
	for _, n := range nodes {
		args = append(args, n[:])
	}
	return s.hashes(ctx, "SELECT hash FROM photo_wants WHERE held = ? AND card = ? AND hash > ? AND node IN (?"+strings.Repeat(", ?", len(nodes)-1)+
		") ORDER BY hash LIMIT ?", append(args, limit)...)
}
