package store

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"fmt"
	"maps"
	"slices"

	"simpul/sync/event"
)

// Trusted is what the decisions say of members' cards: who signs them, and which
// are blocked everywhere. It is kept in clear, for cards are checked while the
// vault is closed; names of branches, public keys and card ids are no secret.
type Trusted struct {
	Issuers []Issuer   `cbor:"1,keyasint"`
	Barred  []event.ID `cbor:"2,keyasint"` // cards, sorted
}

// Issuer is a key that signs cards. A PC that joined again has one key and several
// codes: those of its enrolments that hold, or of all when none does.
type Issuer struct {
	Key     []byte   `cbor:"1,keyasint"` // Ed25519
	Name    string   `cbor:"2,keyasint"` // of the branch
	Codes   []uint16 `cbor:"3,keyasint"` // NNN of the member numbers that it gives out
	Revoked bool     `cbor:"4,keyasint,omitempty"`
}

// localTrusted is the local value that holds Trusted.
const localTrusted = "trusted"

// Trusted returns what holds now; raw is its bytes, by which a caller knows
// whether it has changed. It needs no open vault. Nothing before the first decision.
func (s *Store) Trusted(ctx context.Context) (t Trusted, raw []byte, err error) {
	raw, err = s.Local(ctx, localTrusted)
	if err != nil || raw == nil {
		return t, nil, err
	}
	if err := event.Decode(raw, &t); err != nil {
		return t, nil, fmt.Errorf("store: whom to trust: %w", err)
	}
	return t, raw, nil
}

// putTrusted brings what is kept in clear up to date with the decisions, once a
// use case.
func (tx *Tx) putTrusted() error {
	if !tx.retrust {
		return nil
	}
	raw, err := event.Encode(tx.decided.trusted())
	if err != nil {
		return fmt.Errorf("store: whom to trust: %w", err)
	}
	return tx.PutLocal(localTrusted, raw)
}

func (d *Decisions) trusted() Trusted {
	byKey := map[string]*Issuer{}
	add := func(key []byte, name string, code uint16, revoked bool) {
		if len(key) != ed25519.PublicKeySize {
			return // enrolled without one: its cards are of an unknown issuer
		}
		i := byKey[string(key)]
		switch {
		case i == nil || i.Revoked && !revoked:
			byKey[string(key)] = &Issuer{Key: key, Name: name, Codes: []uint16{code}, Revoked: revoked}
		case i.Revoked == revoked:
			i.Name = name
			if !slices.Contains(i.Codes, code) {
				i.Codes = append(i.Codes, code)
			}
		}
	}
	for _, e := range d.Enrolments() {
		_, revoked := d.Revoked(e.Node)
		add(e.Issuer, e.Name, e.Code, revoked)
	}
	for _, x := range d.All() {
		if b, ok := x.Body.(*event.Issuing); ok {
			add(b.Key, b.Name, b.Code, false)
		}
	}
	t := Trusted{Issuers: []Issuer{}, Barred: []event.ID{}}
	for _, key := range slices.Sorted(maps.Keys(byKey)) {
		t.Issuers = append(t.Issuers, *byKey[key])
	}
	for card := range d.bars {
		if d.Barred(card) {
			t.Barred = append(t.Barred, card)
		}
	}
	slices.SortFunc(t.Barred, compareIDs)
	return t
}

// Issuing finds the newest word of the centre about its own cards.
func (d *Decisions) Issuing() (event.Issuing, bool) {
	var newest *Decided
	for i, x := range d.list {
		if _, ok := x.Body.(*event.Issuing); !ok {
			continue
		}
		if newest == nil || cmp.Or(cmp.Compare(x.At, newest.At), bytes.Compare(x.Hash[:], newest.Hash[:])) > 0 {
			newest = &d.list[i]
		}
	}
	if newest == nil {
		return event.Issuing{}, false
	}
	return *newest.Body.(*event.Issuing), true
}
