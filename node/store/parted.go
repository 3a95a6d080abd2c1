package store

import (
	"crypto/ed25519"
	"errors"

	"simpul/sync/event"
)

// Partings names the decisions in force that say of two people, or of records that
// were merged with them, that they are two.
func (d *Decisions) Partings(a, b event.ID) (out []event.Hash) {
	a, b = d.Survivor(a), d.Survivor(b)
	for hash, p := range d.partings {
		one, other := d.Survivor(p.One), d.Survivor(p.Other)
		if !d.lifted[hash] && (one == a && other == b || one == b && other == a) {
			out = append(out, hash)
		}
	}
	return out
}

// applyPartings takes back what a rule merged and a person keeps apart, whichever
// of the two decisions came first.
func (d *Decisions) applyPartings() {
	type pair [2]event.ID
	apart := map[pair]bool{}
	for hash, p := range d.partings {
		if one, other := inOrder(p.One, p.Other); !d.lifted[hash] {
			apart[pair{one, other}] = true
		}
	}
	for hash, m := range d.mergings {
		if one, other := inOrder(m.Survivor, m.Absorbed); m.Rule == ruleEqual && apart[pair{one, other}] {
			d.split[hash] = true
		}
	}
}

// KeepApart decides that two people with one NIK are two; no rule merges them.
func (tx *Tx) KeepApart(key ed25519.PrivateKey, officer, a, b event.ID, note string) error {
	c, err := tx.Case(a, b)
	if err != nil {
		return err
	}
	if c.State == CaseMerged {
		return ErrCase // a merging is undone by a splitting
	}
	known, err := tx.Decisions()
	if err != nil || len(known.Partings(a, b)) > 0 {
		return err
	}
	if _, err := tx.Decide(key, officer, event.PeopleParted, &event.Parting{One: c.One, Other: c.Other, Note: note}); err != nil {
		return err
	}
	return tx.setCase(a, b, CaseApart, nil)
}

// Rejoin takes back that two people are two: the case is open again.
func (tx *Tx) Rejoin(key ed25519.PrivateKey, officer, a, b event.ID, note string) error {
	c, err := tx.Case(a, b)
	if err != nil {
		return err
	}
	if c.State != CaseApart {
		return ErrCase
	}
	if err := tx.liftPartings(key, officer, a, b, note); err != nil {
		return err
	}
	return tx.setCase(a, b, CaseOpen, nil)
}

func (tx *Tx) liftPartings(key ed25519.PrivateKey, officer, a, b event.ID, note string) error {
	known, err := tx.Decisions()
	if err != nil {
		return err
	}
	for _, hash := range known.Partings(a, b) {
		if _, err := tx.Decide(key, officer, event.PartingLifted, &event.Lifting{Parting: hash, Note: note}); err != nil {
			return err
		}
	}
	return nil
}

// recase brings the case of two people in line with what was decided of them; a
// decision may come back from a node after their records. merging names the one
// that made them one, if it did.
func (tx *Tx) recase(a, b event.ID, merging []byte) error {
	if !tx.s.log.state.centre {
		return nil
	}
	c, err := tx.Case(a, b)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	known, state := tx.decided, CaseOpen
	switch {
	case known.Survivor(a) == known.Survivor(b):
		state = CaseMerged
	case known.splitOf(a, b) || len(known.Partings(a, b)) > 0:
		state = CaseApart
	}
	if state == c.State || state == CaseOpen && c.State == CaseEqual {
		return nil
	}
	return tx.setCase(a, b, state, merging)
}
