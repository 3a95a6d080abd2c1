package store

import (
	"context"
	"errors"
	"fmt"

	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// Officer loads an officer for a use case.
func (tx *Tx) Officer(id event.ID) (*merge.Officer, error) {
	var state []byte
	if err := tx.row("SELECT state FROM officers WHERE id = ?", id[:]).Scan(&state); err != nil {
		return nil, notFound(err)
	}
	o := new(merge.Officer)
	return o, tx.s.unseal(state, "officers", id, o)
}

func (tx *Tx) saveOfficer(o *merge.Officer) error {
	state, err := tx.s.seal(o, "officers", o.ID)
	if err != nil {
		return err
	}
	node, err := tx.originOf(o.Login.At)
	if err != nil {
		return err
	}
	if node == nil {
		tx.change(o)
	}
	return tx.exec(`INSERT INTO officers (id, login, role, active, state, node) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET login = excluded.login, role = excluded.role, active = excluded.active, state = excluded.state, node = excluded.node`,
		o.ID[:], o.Login.Value, o.Role.Value, flag(o.Active.Value), state, node)
}

// Officers lists the officers of this node, active ones first. A centre knows those
// of its nodes too, by id alone: none of them signs in here.
func (s *Store) Officers(ctx context.Context) ([]*merge.Officer, error) {
	rows, err := s.query(ctx, "SELECT id, state FROM officers WHERE node IS NULL ORDER BY active DESC, login LIMIT 500")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []*merge.Officer
	for rows.Next() {
		var id, state []byte
		if err := rows.Scan(&id, &state); err != nil {
			return nil, kind(err)
		}
		o := new(merge.Officer)
		if err := s.unseal(state, "officers", toID(id), o); err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, kind(rows.Err())
}

// OfficerByID loads one officer; ErrNotFound when there is none.
func (s *Store) OfficerByID(ctx context.Context, id event.ID) (*merge.Officer, error) {
	var state []byte
	if err := s.queryRow(ctx, "SELECT state FROM officers WHERE id = ?", id[:]).Scan(&state); err != nil {
		return nil, notFound(err)
	}
	o := new(merge.Officer)
	return o, s.unseal(state, "officers", id, o)
}

// Node loads who this node is, for a use case.
func (tx *Tx) Node() (*merge.Node, error) {
	var id, state []byte
	if err := tx.row("SELECT id, state FROM node LIMIT 1").Scan(&id, &state); err != nil {
		return nil, notFound(err)
	}
	n := new(merge.Node)
	return n, event.Decode(state, n)
}

// Node returns who this node is; ErrNotFound before it is set up. It needs no
// open vault: the kiosk shows the library's name before anyone has signed in.
func (s *Store) Node(ctx context.Context) (*merge.Node, error) {
	var state []byte
	if err := s.queryRow(ctx, "SELECT state FROM node LIMIT 1").Scan(&state); err != nil {
		return nil, notFound(err)
	}
	n := new(merge.Node)
	return n, event.Decode(state, n)
}

// Class loads a class for a use case.
func (tx *Tx) Class(id event.ID) (*merge.Class, error) {
	var state []byte
	if err := tx.row("SELECT state FROM classes WHERE id = ?", id[:]).Scan(&state); err != nil {
		return nil, notFound(err)
	}
	c := new(merge.Class)
	return c, tx.s.unseal(state, "classes", id, c)
}

// Class loads one class; ErrNotFound when there is none.
func (s *Store) Class(ctx context.Context, id event.ID) (*merge.Class, error) {
	var state []byte
	if err := s.queryRow(ctx, "SELECT state FROM classes WHERE id = ?", id[:]).Scan(&state); err != nil {
		return nil, notFound(err)
	}
	c := new(merge.Class)
	return c, s.unseal(state, "classes", id, c)
}

// Classes lists the latest classes, open ones first.
func (s *Store) Classes(ctx context.Context, limit int) ([]*merge.Class, error) {
	rows, err := s.query(ctx, "SELECT id, state FROM classes ORDER BY closed, day DESC LIMIT ?", limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []*merge.Class
	for rows.Next() {
		var id, state []byte
		if err := rows.Scan(&id, &state); err != nil {
			return nil, kind(err)
		}
		c := new(merge.Class)
		if err := s.unseal(state, "classes", toID(id), c); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, kind(rows.Err())
}

// Slot is a key slot with the login that opens it; "" for recovery and key file.
type Slot struct {
	Owner event.ID
	Login string
	Slot  vault.Slot
}

// The owners of the slots that no officer owns.
var (
	RecoveryOwner = event.ID{1}
	KeyFileOwner  = event.ID{2}
	CentreOwner   = event.ID{3} // the centre's recovery key
)

// Slots lists every key slot. It needs no open vault.
func (s *Store) Slots(ctx context.Context) ([]Slot, error) {
	rows, err := s.query(ctx, "SELECT id, login, slot FROM slots ORDER BY login")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Slot
	for rows.Next() {
		var id, raw []byte
		var sl Slot
		if err := rows.Scan(&id, &sl.Login, &raw); err != nil {
			return nil, kind(err)
		}
		sl.Owner = toID(id)
		if err := sl.Slot.UnmarshalBinary(raw); err != nil {
			return nil, fmt.Errorf("store: slot: %w", err)
		}
		out = append(out, sl)
	}
	return out, kind(rows.Err())
}

// PutSlot writes a key slot.
func (tx *Tx) PutSlot(sl Slot) error {
	raw, err := sl.Slot.MarshalBinary()
	if err != nil {
		return err
	}
	return tx.exec("INSERT INTO slots (id, login, slot) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET login = excluded.login, slot = excluded.slot",
		sl.Owner[:], sl.Login, raw)
}

// DropSlot removes an owner's key slot.
func (tx *Tx) DropSlot(owner event.ID) error {
	return tx.exec("DELETE FROM slots WHERE id = ?", owner[:])
}

// PutLocal keeps a value of this PC that is no part of the log.
func (tx *Tx) PutLocal(key string, value []byte) error {
	return tx.exec("INSERT INTO local (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, value)
}

// Local reads such a value; nil when it was never written.
func (s *Store) Local(ctx context.Context, key string) ([]byte, error) {
	var v []byte
	err := notFound(s.queryRow(ctx, "SELECT value FROM local WHERE key = ?", key).Scan(&v))
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return v, err
}
