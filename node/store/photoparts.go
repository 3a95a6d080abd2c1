package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"simpul/sync/event"
	"simpul/sync/merge"
	"simpul/sync/wire"
)

// ErrPart is returned for a piece of a photo that does not continue what is here.
var ErrPart = errors.New("store: the piece does not continue the photo")

// maxPhoto bounds a photo that comes in, in bytes.
const maxPhoto = 1 << 20

// PhotoOffset is how many bytes of a photo have come in.
func (s *Store) PhotoOffset(ctx context.Context, hash event.Hash) (n int64, err error) {
	err = s.queryRow(ctx, "SELECT COALESCE(SUM(size), 0) FROM photo_parts WHERE hash = ?", hash[:]).Scan(&n)
	return n, kind(err)
}

// PutPhotoPart keeps a piece of a photo, sealed. When it was the last, the whole
// photo is returned; the caller keeps it and then calls DropPhotoParts. A whole
// that is not what its name says is dropped, to come again from the start.
func (s *Store) PutPhotoPart(ctx context.Context, part wire.PhotoPart) (whole []byte, err error) {
	_, err = s.Write(ctx, event.ID{}, func(tx *Tx) error {
		whole, err = tx.putPhotoPart(part)
		return err
	})
	return whole, err
}

func (tx *Tx) putPhotoPart(part wire.PhotoPart) ([]byte, error) {
	var have, total int64
	if err := tx.row("SELECT COALESCE(SUM(size), 0), COALESCE(MAX(total), 0) FROM photo_parts WHERE hash = ?", part.Hash[:]).Scan(&have, &total); err != nil {
		return nil, kind(err)
	}
	end := int64(part.Offset) + int64(len(part.Bytes))
	if int64(part.Offset) != have || len(part.Bytes) == 0 || part.Total > maxPhoto || end > int64(part.Total) || total != 0 && total != int64(part.Total) {
		return nil, ErrPart
	}
	sealed, err := tx.s.vault.Seal(part.Bytes, partPlace(part.Hash[:], have))
	if err != nil {
		return nil, err
	}
	if err := tx.exec("INSERT INTO photo_parts (hash, at, size, total, piece) VALUES (?, ?, ?, ?, ?)",
		part.Hash[:], have, len(part.Bytes), int64(part.Total), sealed); err != nil {
		return nil, err
	}
	if end < int64(part.Total) {
		return nil, nil
	}
	return tx.wholePhoto(part.Hash)
}

// WholePhoto is a photo all of whose pieces are here, nil for any other: after its
// last piece the power may go out before the caller has kept the photo.
func (s *Store) WholePhoto(ctx context.Context, hash event.Hash) (whole []byte, err error) {
	_, err = s.Write(ctx, event.ID{}, func(tx *Tx) error {
		var have, total int64
		err := tx.row("SELECT COALESCE(SUM(size), 0), COALESCE(MAX(total), 0) FROM photo_parts WHERE hash = ?", hash[:]).Scan(&have, &total)
		if err != nil || total == 0 || have < total {
			return kind(err)
		}
		whole, err = tx.wholePhoto(hash)
		return err
	})
	return whole, err
}

// wholePhoto puts the pieces together.
func (tx *Tx) wholePhoto(hash event.Hash) ([]byte, error) {
	var whole []byte
	rows, err := tx.query("SELECT at, piece FROM photo_parts WHERE hash = ? ORDER BY at", hash[:])
	if err := collect(rows, err, func(scan func(...any) error) error {
		var at int64
		var piece []byte
		if err := scan(&at, &piece); err != nil {
			return err
		}
		var err error
		whole, err = tx.s.vault.UnsealTo(whole, piece, partPlace(hash[:], at))
		return err
	}); err != nil {
		return nil, err
	}
	if sha256.Sum256(whole) != hash {
		tx.s.opt.Log.Warn("a photo that came in is not what its name says; it will come again")
		return nil, tx.exec("DELETE FROM photo_parts WHERE hash = ?", hash[:])
	}
	return whole, nil
}

// DropPhotoParts forgets the pieces of a photo.
func (s *Store) DropPhotoParts(ctx context.Context, hash event.Hash) error {
	_, err := s.Write(ctx, event.ID{}, func(tx *Tx) error {
		return tx.exec("DELETE FROM photo_parts WHERE hash = ?", hash[:])
	})
	return err
}

// PhotosAsked are the short names of the photos that the centre said it misses,
// card renditions first.
func (s *Store) PhotosAsked(ctx context.Context) ([]wire.Short, error) {
	var photos []byte
	err := notFound(s.queryRow(ctx, "SELECT photos FROM exchange WHERE id = 1").Scan(&photos))
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return shorts(photos), err
}

// SetPhotosAsked keeps what the centre still misses.
func (s *Store) SetPhotosAsked(ctx context.Context, names []wire.Short) error {
	_, err := s.Write(ctx, event.ID{}, func(tx *Tx) error {
		tx.change(Exchanged{})
		return tx.exec("UPDATE exchange SET photos = ? WHERE id = 1", joinShorts(names))
	})
	return err
}

// PhotosMissing lists photos that records here name and that are not here, card
// renditions before the others, at most limit: other PCs took them, or this one lost
// them. has is asked for each.
func (s *Store) PhotosMissing(ctx context.Context, has func([32]byte) bool, limit int) (out []event.Hash, err error) {
	var record []event.Hash
	for after := []byte{}; len(out) < limit; {
		type one struct{ id, card, state []byte }
		var page []one
		rows, err := s.query(ctx, `SELECT p.id, p.photo_card, p.state FROM people p WHERE p.photo = 'attached' AND p.id > ? ORDER BY p.id LIMIT 200`, after)
		if err := collect(rows, err, func(scan func(...any) error) error {
			var x one
			err := scan(&x.id, &x.card, &x.state)
			page = append(page, x)
			return err
		}); err != nil {
			return nil, err
		}
		for _, x := range page {
			card := toHash(x.card)
			if !has(card) {
				out = append(out, card)
			}
			if len(record) >= limit {
				continue
			}
			var p merge.Person
			if err := s.unseal(x.state, "people", toID(x.id), &p); err != nil {
				return nil, fmt.Errorf("store: photo: %w", err)
			}
			if h := p.Photo.Value.Record; h != (event.Hash{}) && !has(h) {
				record = append(record, h)
			}
		}
		if len(page) < 200 {
			break
		}
		after = page[len(page)-1].id
	}
	out = append(out, record...)
	return out[:min(len(out), limit)], nil
}

// CentreSettings are the settings that the centre sent, as JSON by name. It needs
// no open vault.
func (s *Store) CentreSettings(ctx context.Context) (map[string]string, error) {
	out := map[string]string{}
	rows, err := s.query(ctx, "SELECT key, body FROM bases WHERE part = ?", wire.Settings)
	err = collect(rows, err, func(scan func(...any) error) error {
		var key, body []byte
		err := scan(&key, &body)
		out[string(key)] = string(body)
		return err
	})
	return out, err
}

// PhotosUpward lists the photos that events name which are in no copy of the
// centre, and those that the centre said it misses; named finds a photo by the
// start of its hash.
func (s *Store) PhotosUpward(ctx context.Context, named func(wire.Short) (event.Hash, bool)) (out []event.Hash, err error) {
	seen := map[event.Hash]bool{{}: true}
	add := func(h event.Hash) {
		if !seen[h] {
			seen[h] = true
			out = append(out, h)
		}
	}
	asked, err := s.PhotosAsked(ctx)
	if err != nil {
		return nil, err
	}
	for _, name := range asked {
		if h, here := named(name); here {
			add(h)
		}
	}
	streams, err := s.sending(ctx)
	if err != nil {
		return nil, err
	}
	var cards, records []event.Hash
	for _, st := range streams {
		err := s.eachEvent(ctx, func(rec event.Record) error {
			var p event.Photo
			if rec.Body != nil && rec.Open(&p) == nil {
				cards, records = append(cards, p.Card), append(records, p.Record)
			}
			return nil
		}, "stream = ? AND seq > ? AND type = ? ORDER BY seq", st.id[:], int64(st.durable), event.PhotoAttached)
		if err != nil {
			return nil, err
		}
	}
	for _, h := range append(cards, records...) {
		add(h)
	}
	return out, nil
}
