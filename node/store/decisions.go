package store

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"

	"simpul/node/vault"
	"simpul/sync/event"
)

// Decided is a decision that this site holds.
type Decided struct {
	event.Decision
	Hash   event.Hash
	Body   any // nil for a kind of a later program
	Ruling event.Ruling
}

// ErrNoCentre is returned where the centre's signing key is needed and not known.
var ErrNoCentre = errors.New("store: this node has not joined a centre")

// Decisions returns what the decisions held mean together. What it returns does
// not change. vault.ErrClosed while the vault is closed: notes in decisions may
// name somebody, so they are sealed.
func (s *Store) Decisions(ctx context.Context) (*Decisions, error) {
	if !s.vault.IsOpen() {
		s.decided.Store(nil)
		return nil, vault.ErrClosed
	}
	if d := s.decided.Load(); d != nil {
		return d, nil
	}
	rows, err := s.query(ctx, allDecisions)
	if err != nil {
		return nil, err
	}
	list, err := s.scanDecisions(rows.Next, rows.Scan, rows.Err, rows.Close)
	if err != nil {
		return nil, err
	}
	d := newDecisions(list)
	s.decided.CompareAndSwap(nil, d)
	return d, nil
}

// Decisions is that of the store, with what the use case itself has added.
func (tx *Tx) Decisions() (*Decisions, error) {
	if tx.decided != nil {
		return tx.decided, nil
	}
	if tx.s.log.decided == nil {
		rows, err := tx.s.conn.QueryContext(tx.ctx, allDecisions)
		if err != nil {
			return nil, kind(err)
		}
		list, err := tx.s.scanDecisions(rows.Next, rows.Scan, rows.Err, rows.Close)
		if err != nil {
			return nil, err
		}
		tx.s.log.decided = newDecisions(list)
	}
	return tx.s.log.decided, nil
}

const allDecisions = "SELECT hash, ruling FROM decisions"

func (s *Store) scanDecisions(next func() bool, scan func(...any) error, errOf, closeRows func() error) (list []Decided, err error) {
	defer func() { err = errors.Join(err, closeRows()) }()
	for next() {
		var hash, sealed []byte
		if err := scan(&hash, &sealed); err != nil {
			return nil, kind(err)
		}
		plain, err := s.vault.Unseal(sealed, rulingPlace(hash))
		if err != nil {
			return nil, fmt.Errorf("store: decision: %w", err)
		}
		var r event.Ruling
		if err := event.Decode(plain, &r); err != nil {
			return nil, fmt.Errorf("store: decision: %w", err)
		}
		d, err := decided(r)
		if err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, kind(errOf())
}

func rulingPlace(hash []byte) vault.Place {
	return vault.Place{Table: "decisions", Row: hash, Column: "ruling"}
}

// decided reads a ruling that was verified before it was kept.
func decided(r event.Ruling) (Decided, error) {
	d, body, err := r.Read()
	if err != nil {
		return Decided{}, fmt.Errorf("store: decision: %w", err)
	}
	return Decided{Decision: d, Hash: r.Hash(), Body: body, Ruling: r}, nil
}

// HoldRulings takes signed decisions into the set and lets them take effect:
// people are merged or split, cards barred, persons erased, the open stream gets
// its digit. fresh are those that were not held before, in the order given;
// refused counts those that the centre did not sign or that nobody can read,
// which are left out. Doing it again changes nothing.
//
// centre is the key that must have signed; nil takes the one pinned at joining.
// The centre logs each fresh decision itself. ErrNoCentre when no key is known.
func (tx *Tx) HoldRulings(rulings []event.Ruling, centre ed25519.PublicKey) (fresh []Decided, refused int, err error) {
	if len(rulings) == 0 {
		return nil, 0, nil
	}
	if centre == nil {
		if centre, err = tx.centreKey(); err != nil {
			return nil, 0, err
		}
	}
	have, err := tx.Decisions()
	if err != nil {
		return nil, 0, err
	}
	seen := map[event.Hash]bool{}
	for _, r := range rulings {
		hash := r.Hash()
		if _, held := have.byHash[hash]; held || seen[hash] {
			continue
		}
		d, body, err := r.Open(centre)
		if err != nil {
			refused++
			continue
		}
		seen[hash] = true
		fresh = append(fresh, Decided{Decision: d, Hash: hash, Body: body, Ruling: r})
	}
	if len(fresh) == 0 {
		return nil, refused, nil
	}
	for _, d := range fresh {
		if err := tx.keepRuling(d); err != nil {
			return nil, refused, err
		}
	}
	tx.decided = newDecisions(append(slices.Clip(have.list), fresh...))
	return fresh, refused, tx.effects(have, fresh)
}

func (tx *Tx) keepRuling(d Decided) error {
	plain, err := event.Encode(d.Ruling)
	if err != nil {
		return fmt.Errorf("store: encode decision: %w", err)
	}
	sealed, err := tx.s.vault.Seal(plain, rulingPlace(d.Hash[:]))
	if err != nil {
		return err
	}
	return tx.exec("INSERT INTO decisions (hash, kind, at, ruling) VALUES (?, ?, ?, ?)", d.Hash[:], d.Kind, d.At, sealed)
}

func (tx *Tx) centreKey() (ed25519.PublicKey, error) {
	var key []byte
	err := notFound(tx.row("SELECT centre FROM exchange WHERE id = 1").Scan(&key))
	if errors.Is(err, ErrNotFound) {
		return nil, ErrNoCentre
	}
	return key, err
}

// effects carries out what fresh decisions change beside the set itself. The
// meaning of a decision is always read from the set; this only brings up to date
// what was derived from it.
func (tx *Tx) effects(before *Decisions, fresh []Decided) error {
	var gone, aged []Decided
	relist := map[event.ID]bool{}
	about := func(a, b event.ID, merging []byte) error {
		relist[a], relist[b] = true, true
		return tx.recase(a, b, merging)
	}
	for _, d := range fresh {
		var err error
		switch b := d.Body.(type) {
		case *event.Erasure:
			gone = append(gone, d)
		case *event.Ageing:
			aged = append(aged, d)
		case *event.Merging:
			err = about(b.Survivor, b.Absorbed, d.Hash[:])
		case *event.Splitting:
			if m, ok := tx.decided.merging(b.Merging); ok {
				err = about(m.Survivor, m.Absorbed, nil)
			}
		case *event.Parting:
			err = about(b.One, b.Other, nil)
		case *event.Lifting:
			if p, ok := tx.decided.partings[b.Parting]; ok {
				err = about(p.One, p.Other, nil)
			}
		case *event.Enrolment, *event.Naming, *event.Revocation, *event.Issuing:
			tx.retrust = true
		case *event.Bar:
			tx.retrust = true
			relist[b.Person] = true
		case *event.Clearing:
			tx.retrust = true
			for _, h := range b.Bars {
				if bar, ok := tx.decided.bar(h); ok {
					relist[bar.Person] = true
				}
			}
		case *event.Grant:
			err = tx.takeGrant()
		}
		if err != nil {
			return err
		}
	}
	if err := tx.erase(gone); err != nil {
		return err
	}
	if err := tx.age(aged); err != nil {
		return err
	}
	for _, id := range tx.decided.circle(before, relist) {
		if err := tx.relist(id); err != nil {
			return err
		}
	}
	return nil
}

func compareIDs(a, b event.ID) int { return bytes.Compare(a[:], b[:]) }

// takeGrant gives the open stream the digit I that the centre granted it, if its
// code is the one under which this node prints now.
func (tx *Tx) takeGrant() error {
	st := &tx.s.log.state
	if st.stream.IsZero() {
		return nil
	}
	n, err := tx.Node()
	if err != nil {
		return err
	}
	known, err := tx.Decisions()
	if err != nil {
		return err
	}
	digit := ungranted(st.generation)
	if g, ok := known.Grant(st.stream); ok && g.Code == n.Config.Value.Code && g.Incarnation < 8 {
		digit = g.Incarnation
	}
	if digit == st.incarnation {
		return nil
	}
	st.incarnation, st.code = digit, n.Config.Value.Code
	return tx.exec("UPDATE streams SET incarnation = ?, code = ? WHERE id = ?", digit, st.code, st.stream[:])
}
