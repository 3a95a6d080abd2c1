package office

import (
	"context"
	"encoding/hex"
	"errors"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
)

// Case is two members who may be one person: both bear one NIK.
type Case struct {
	One, Other library.ID
	State      CaseState
	Since      time.Time
	Merging    string // names the merging, for Split; empty when they were never merged
	Names      [2]string
	Numbers    [2]string
	Branches   [2]string // where each was registered
	Later      Later     // zero when nobody put it off
}

// CaseState is where a case stands.
type CaseState = store.CaseState

// The states that a person sees; what merges by rule is settled before anybody looks.
const (
	CaseOpen   = store.CaseOpen
	CaseMerged = store.CaseMerged
	CaseApart  = store.CaseApart
	CaseLater  = store.CaseLater
)

// MaxCases bounds a list of cases.
const MaxCases = 100

// Cases lists cases in a state, the oldest first, at most MaxCases; all is how many
// there are.
func (o *Office) Cases(ctx context.Context, who desk.Actor, state CaseState) (list []Case, all int, err error) {
	if err := o.may(who, library.Decide); err != nil {
		return nil, 0, err
	}
	found, err := o.Store.Cases(ctx, state, MaxCases)
	if err != nil {
		return nil, 0, told(err)
	}
	n, err := o.Store.CountCases(ctx, state)
	if err != nil {
		return nil, 0, told(err)
	}
	names, err := o.namesOfNodes(ctx)
	if err != nil {
		return nil, 0, err
	}
	for _, c := range found {
		row, err := o.caseOf(ctx, c, names)
		if err != nil {
			return nil, 0, err
		}
		list = append(list, row)
	}
	return list, int(n), nil
}

func (o *Office) caseOf(ctx context.Context, c store.Case, names map[event.ID]string) (out Case, err error) {
	out = Case{One: library.ID(c.One), Other: library.ID(c.Other), State: c.State, Since: o.at(c.Since)}
	if c.Merging != (event.Hash{}) {
		out.Merging = hex.EncodeToString(c.Merging[:])
	}
	if c.State == store.CaseOpen && c.Later != 0 {
		if out.Later, err = o.laterOf(ctx, c); err != nil {
			return Case{}, err
		}
	}
	for i, id := range []event.ID{c.One, c.Other} {
		p, err := o.Store.Person(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			continue // erased meanwhile; the row says so by having no name
		}
		if err != nil {
			return Case{}, told(err)
		}
		out.Names[i] = p.Get(event.FieldName)
		if card := p.Card(); card != nil {
			out.Numbers[i] = card.Number
		}
		node, err := o.Store.NodeOf(ctx, id)
		if err != nil {
			return Case{}, told(err)
		}
		out.Branches[i] = names[node]
	}
	return out, nil
}

// namesOfNodes are the branches' names by PC; the zero id is the centre.
func (o *Office) namesOfNodes(ctx context.Context) (map[event.ID]string, error) {
	held, err := o.Store.Decisions(ctx)
	if err != nil {
		return nil, told(err)
	}
	out := map[event.ID]string{{}: o.Desk.Settings().Name}
	for _, e := range held.Enrolments() {
		out[e.Node] = e.Name
	}
	return out, nil
}

// Sides is a case with both full records, for the comparison.
type Sides struct {
	Case
	People [2]desk.Record
	Lines  []SideLine
}

// SideLine is one field of the form in both records.
type SideLine struct {
	Field   string // its name in library.Fields
	Values  [2]string
	Differs bool
}

// Case loads a case with both records. Looking is noted in both histories.
func (o *Office) Case(ctx context.Context, who desk.Actor, one, other library.ID) (Sides, error) {
	if err := o.may(who, library.Decide); err != nil {
		return Sides{}, err
	}
	c, err := o.Store.Case(ctx, event.ID(one), event.ID(other))
	if err != nil {
		return Sides{}, told(err)
	}
	names, err := o.namesOfNodes(ctx)
	if err != nil {
		return Sides{}, err
	}
	row, err := o.caseOf(ctx, c, names)
	if err != nil {
		return Sides{}, err
	}
	out := Sides{Case: row}
	for i, id := range []library.ID{row.One, row.Other} {
		if out.People[i], err = o.Desk.View(ctx, who, id, "Perbandingan data ganda"); err != nil {
			return Sides{}, err
		}
	}
	for _, field := range library.Fields() {
		a, b := out.People[0].Form.Value(field), out.People[1].Form.Value(field)
		if a != "" || b != "" {
			out.Lines = append(out.Lines, SideLine{Field: field, Values: [2]string{a, b}, Differs: a != b})
		}
	}
	return out, nil
}

// Merge decides that two records are one person: survivor stands, and the other id
// becomes another name of it. Both printed cards go on working. Split undoes it.
func (o *Office) Merge(ctx context.Context, who desk.Actor, op, survivor, absorbed library.ID, note string) (desk.Done, error) {
	return o.decide(ctx, who, op, survivor, func(tx *store.Tx, k *Keys) error {
		_, err := tx.MergeCase(k.Signing(), event.ID(who.Officer), event.ID(survivor), event.ID(absorbed), library.CleanLine(note))
		return err
	})
}

// KeepApart decides that two records with one NIK are two people, for ever and
// everywhere: a centre that forgot it is told by its nodes. Rejoin undoes it.
func (o *Office) KeepApart(ctx context.Context, who desk.Actor, op, one, other library.ID, note string) (desk.Done, error) {
	return o.decide(ctx, who, op, one, func(tx *store.Tx, k *Keys) error {
		return tx.KeepApart(k.Signing(), event.ID(who.Officer), event.ID(one), event.ID(other), library.CleanLine(note))
	})
}

// Rejoin takes back that two records are two people: the case is open again.
func (o *Office) Rejoin(ctx context.Context, who desk.Actor, op, one, other library.ID, note string) (desk.Done, error) {
	return o.decide(ctx, who, op, one, func(tx *store.Tx, k *Keys) error {
		return tx.Rejoin(k.Signing(), event.ID(who.Officer), event.ID(one), event.ID(other), library.CleanLine(note))
	})
}

// Split undoes a merging, named as in Case.Merging. Both go on as two.
func (o *Office) Split(ctx context.Context, who desk.Actor, op library.ID, merging, note string) (desk.Done, error) {
	raw, err := hex.DecodeString(merging)
	if err != nil || len(raw) != len(event.Hash{}) {
		return desk.Done{}, library.E(library.KindNotFound, "error.not_found")
	}
	return o.decide(ctx, who, op, library.ID{}, func(tx *store.Tx, k *Keys) error {
		return tx.SplitCase(k.Signing(), event.ID(who.Officer), event.Hash(raw), library.CleanLine(note))
	})
}

// decide is a write of somebody who may decide.
func (o *Office) decide(ctx context.Context, who desk.Actor, op, result library.ID, fn func(*store.Tx, *Keys) error) (desk.Done, error) {
	if err := o.may(who, library.Decide); err != nil {
		return desk.Done{}, err
	}
	keys, err := o.Keys(ctx)
	if err != nil {
		return desk.Done{}, err
	}
	return o.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(result[:])
		err := fn(tx, keys)
		if errors.Is(err, store.ErrCase) {
			return library.E(library.KindConflict, "error.changed_meanwhile").Hinted("error.changed_meanwhile.hint")
		}
		return err
	})
}
