package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/wire"
)

// resealChunk is how many rows one transaction seals again: officers' work goes
// in between.
const resealChunk = 200

// Reseal seals everything again that was sealed with a data key other than the
// newest, in small transactions, and makes look-up tags anew. It may be stopped
// and begun again at any time. The vault must be open.
func (s *Store) Reseal(ctx context.Context) (rows int, err error) {
	epochs, err := s.vault.Epochs()
	if err != nil {
		return 0, err
	}
	now := sealedMark(epochs[len(epochs)-1], false)
	for _, t := range []struct {
		table, column string
		renew         func(*Tx, event.ID) error
	}{
		{"subjects", "salt", (*Tx).resealSubject},
		{"people", "state", (*Tx).resealPerson},
		{"visits", "state", (*Tx).resealVisit},
		{"officers", "state", (*Tx).resealOfficer},
		{"classes", "state", (*Tx).resealClass},
	} {
		n, err := s.resealTable(ctx, t.table, t.column, now, t.renew)
		if rows += n; err != nil {
			return rows, fmt.Errorf("store: seal %s again: %w", t.table, err)
		}
	}
	n, err := s.resealSecrets(ctx, now)
	if rows += n; err != nil {
		return rows, fmt.Errorf("store: seal secrets again: %w", err)
	}
	n, err = s.resealExchange(ctx, now)
	if rows += n; err != nil {
		return rows, fmt.Errorf("store: seal what came from the centre again: %w", err)
	}
	n, err = s.resealEvents(ctx, now)
	if err != nil {
		err = fmt.Errorf("store: seal events again: %w", err)
	}
	return rows + n, err
}

// sealedMark is how a value of an epoch begins.
func sealedMark(e vault.Epoch, boxed bool) []byte {
	version := byte(1)
	if boxed {
		version = 2
	}
	return binary.BigEndian.AppendUint16([]byte{version}, uint16(e))
}

func (s *Store) resealTable(ctx context.Context, table, column string, now []byte, renew func(*Tx, event.ID) error) (int, error) {
	done, last := 0, event.ID{}
	for {
		ids, err := s.ids(ctx, "SELECT id FROM "+table+" WHERE id > ? AND length("+column+") > 0 AND substr("+column+", 1, 3) <> ? ORDER BY id LIMIT ?", last[:], now, resealChunk)
		if err != nil || len(ids) == 0 {
			return done, err
		}
		_, err = s.Write(ctx, event.ID{}, func(tx *Tx) error {
			for _, id := range ids {
				// What was erased meanwhile needs no seal.
				if err := renew(tx, id); err != nil && !errors.Is(err, ErrNotFound) {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return done, err
		}
		done, last = done+len(ids), ids[len(ids)-1]
	}
}

func (s *Store) ids(ctx context.Context, query string, args ...any) ([]event.ID, error) {
	rows, err := s.query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []event.ID
	for rows.Next() {
		var id []byte
		if err := rows.Scan(&id); err != nil {
			return nil, kind(err)
		}
		out = append(out, toID(id))
	}
	return out, kind(rows.Err())
}

func (tx *Tx) resealSubject(id event.ID) error {
	salt, err := tx.salt(id)
	if err != nil {
		return err
	}
	sealed, err := tx.s.vault.Seal(salt[:], vault.Place{Table: "subjects", Row: id[:], Column: "salt"})
	if err != nil {
		return err
	}
	return tx.exec("UPDATE subjects SET salt = ? WHERE id = ?", sealed, id[:])
}

func (tx *Tx) resealPerson(id event.ID) error {
	p, err := tx.Person(id)
	if err != nil {
		return err
	}
	if err := tx.exec("DELETE FROM aliases WHERE person = ?", id[:]); err != nil {
		return err
	}
	return tx.savePerson(p)
}

func (tx *Tx) resealVisit(id event.ID) error {
	v, err := tx.Visit(id)
	if err != nil {
		return err
	}
	return tx.saveVisit(v)
}

func (tx *Tx) resealOfficer(id event.ID) error {
	o, err := tx.Officer(id)
	if err != nil {
		return err
	}
	return tx.saveOfficer(o)
}

func (tx *Tx) resealClass(id event.ID) error {
	c, err := tx.Class(id)
	if err != nil {
		return err
	}
	return tx.saveClass(c)
}

// resealEvents seals bodies again. Hash and chain are over the plain body, so
// nothing else of an event changes.
func (s *Store) resealEvents(ctx context.Context, now []byte) (int, error) {
	streams, err := s.Streams(ctx)
	if err != nil {
		return 0, err
	}
	foreign, err := s.ForeignStreams(ctx, event.ID{})
	if err != nil {
		return 0, err
	}
	for _, f := range foreign {
		streams = append(streams, Stream{ID: f.ID})
	}
	done := 0
	for _, st := range streams {
		for last := uint64(0); ; {
			n, next, err := s.resealBodies(ctx, st.ID, last, now)
			if done += n; err != nil {
				return done, err
			}
			if n == 0 {
				break
			}
			last = next
		}
	}
	return done, nil
}

// resealBodies is one transaction: the bodies after an event of a stream.
func (s *Store) resealBodies(ctx context.Context, stream event.ID, after uint64, now []byte) (n int, last uint64, err error) {
	_, err = s.Write(ctx, event.ID{}, func(tx *Tx) error {
		type row struct {
			seq        uint64
			hash, body []byte
		}
		var old []row
		rows, err := tx.s.conn.QueryContext(tx.ctx, `SELECT seq, hash, body FROM events WHERE stream = ? AND seq > ? AND body IS NOT NULL
			AND substr(body, 1, 3) <> ? ORDER BY seq LIMIT ?`, stream[:], after, now, resealChunk)
		if err != nil {
			return kind(err)
		}
		defer rows.Close()
		for rows.Next() {
			var r row
			if err := rows.Scan(&r.seq, &r.hash, &r.body); err != nil {
				return kind(err)
			}
			old = append(old, r)
		}
		if err := rows.Err(); err != nil {
			return kind(err)
		}
		for _, r := range old {
			at := vault.Place{Table: "events", Row: r.hash, Column: "body"}
			plain, err := tx.s.vault.Unseal(r.body, at)
			if err != nil {
				return fmt.Errorf("event %d: %w", r.seq, err)
			}
			sealed, err := tx.s.vault.Seal(plain, at)
			clear(plain)
			if err != nil {
				return err
			}
			if err := tx.exec("UPDATE events SET body = ? WHERE stream = ? AND seq = ?", sealed, stream[:], r.seq); err != nil {
				return err
			}
			last = r.seq
		}
		n = len(old)
		return nil
	})
	return n, last, err
}

// SealedBefore counts what is still sealed with other keys than that of an
// epoch: none of those keys may be forgotten before it is 0.
func (s *Store) SealedBefore(ctx context.Context, epoch vault.Epoch) (int64, error) {
	now := sealedMark(epoch, false)
	var total int64
	for _, at := range [][2]string{{"subjects", "salt"}, {"people", "state"}, {"people", "listing"}, {"visits", "state"},
		{"officers", "state"}, {"classes", "state"}, {"secrets", "value"}, {"decisions", "ruling"}, {"photo_parts", "piece"}, {"drafts", "state"}, {"links", "draft"}, {"link_pieces", "piece"}, {"feed", "body"}, {"held_batches", "batch"}, {"events", "body"}} {
		var n int64
		if err := s.queryRow(ctx, "SELECT COUNT(*) FROM "+at[0]+" WHERE length("+at[1]+") > 0 AND substr("+at[1]+", 1, 3) <> ?", now).Scan(&n); err != nil {
			return 0, kind(err)
		}
		total += n
	}
	var rows int64
	if err := s.queryRow(ctx, "SELECT COUNT(*) FROM bases WHERE part <> ? AND substr(body, 1, 3) <> ?", wire.Settings, now).Scan(&rows); err != nil {
		return 0, kind(err)
	}
	total += rows
	var boxes int64
	if err := s.queryRow(ctx, "SELECT COUNT(*) FROM boxes WHERE substr(box, 1, 3) <> ?", sealedMark(epoch, true)).Scan(&boxes); err != nil {
		return 0, kind(err)
	}
	return total + boxes, nil
}
