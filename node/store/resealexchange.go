package store

import (
	"context"
	"encoding/binary"

	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/wire"
)

// sealedValue is one sealed column of one row: how it is bound, and what writes it.
type sealedValue struct {
	at     vault.Place
	sealed []byte
	update string
	args   []any // after the sealed value
}

// resealExchange seals decisions, rows of the feed, pieces of photos, half-typed
// forms and what came from phones again.
// What was sealed again no longer answers to the query, so every round begins
// anew.
func (s *Store) resealExchange(ctx context.Context, now []byte) (done int, err error) {
	for _, find := range []func(*Tx, []byte) ([]sealedValue, error){(*Tx).staleDecisions, (*Tx).staleRows, (*Tx).staleParts, (*Tx).staleFeed, (*Tx).staleHeld,
		(*Tx).staleDrafts, (*Tx).staleLinks, (*Tx).stalePieces} {
		for n := resealChunk; n == resealChunk; done += n {
			if _, err := s.Write(ctx, event.ID{}, func(tx *Tx) error {
				list, err := find(tx, now)
				n = len(list)
				if err != nil {
					return err
				}
				return tx.sealAgain(list)
			}); err != nil {
				return done, err
			}
		}
	}
	return done, nil
}

func (tx *Tx) sealAgain(list []sealedValue) error {
	for _, v := range list {
		plain, err := tx.s.vault.Unseal(v.sealed, v.at)
		if err != nil {
			return err
		}
		sealed, err := tx.s.vault.Seal(plain, v.at)
		clear(plain)
		if err != nil {
			return err
		}
		if err := tx.exec(v.update, append([]any{sealed}, v.args...)...); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) staleDecisions(now []byte) (out []sealedValue, _ error) {
	rows, err := tx.query("SELECT hash, ruling FROM decisions WHERE substr(ruling, 1, 3) <> ? LIMIT ?", now, resealChunk)
	err = collect(rows, err, func(scan func(...any) error) error {
		var hash, sealed []byte
		if err := scan(&hash, &sealed); err != nil {
			return err
		}
		out = append(out, sealedValue{rulingPlace(hash), sealed, "UPDATE decisions SET ruling = ? WHERE hash = ?", []any{hash}})
		return nil
	})
	return out, err
}

func (tx *Tx) staleRows(now []byte) (out []sealedValue, _ error) {
	rows, err := tx.query("SELECT part, key, body FROM bases WHERE part <> ? AND substr(body, 1, 3) <> ? LIMIT ?", wire.Settings, now, resealChunk)
	err = collect(rows, err, func(scan func(...any) error) error {
		var b base
		if err := scan(&b.part, &b.key, &b.body); err != nil {
			return err
		}
		out = append(out, sealedValue{b.place(), b.body, "UPDATE bases SET body = ? WHERE part = ? AND key = ?", []any{b.part, b.key}})
		return nil
	})
	return out, err
}

func (tx *Tx) staleParts(now []byte) (out []sealedValue, _ error) {
	rows, err := tx.query("SELECT hash, at, piece FROM photo_parts WHERE substr(piece, 1, 3) <> ? LIMIT ?", now, resealChunk)
	err = collect(rows, err, func(scan func(...any) error) error {
		var hash, sealed []byte
		var at int64
		if err := scan(&hash, &at, &sealed); err != nil {
			return err
		}
		out = append(out, sealedValue{partPlace(hash, at), sealed, "UPDATE photo_parts SET piece = ? WHERE hash = ? AND at = ?", []any{hash, at}})
		return nil
	})
	return out, err
}

// partPlace binds a piece of a photo to its photo and offset.
func partPlace(hash []byte, at int64) vault.Place {
	row := binary.BigEndian.AppendUint64(append([]byte{}, hash...), uint64(at))
	return vault.Place{Table: "photo_parts", Row: row, Column: "piece"}
}
