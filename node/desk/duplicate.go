package desk

import (
	"context"
	"errors"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// Likeness says why somebody may be the person who is being registered.
type Likeness struct {
	Record
	SameNIK bool   // else the same birth date and a close name, or Away
	Away    bool   // a member of another branch: a close name, and a tag that one in 4,096 shares by chance
	Home    string // name of that branch, when it is known
}

// maxLike bounds the page of possible duplicates.
const maxLike = 8

// Alike finds who is already here with the same NIK, or with the same birth
// date and a close name, leaving out whom an officer has compared before. It
// never blocks: it is a question for a person. A shared phone is no sign.
func (d *Desk) Alike(ctx context.Context, who Actor, id library.ID) ([]Likeness, error) {
	if err := who.may(library.Register); err != nil {
		return nil, err
	}
	p, err := d.Store.Person(ctx, event.ID(id))
	if err != nil {
		return nil, told(err)
	}
	form := FormOf(p)
	seen := map[event.ID]bool{p.ID: true}
	for other := range p.Compared {
		if id, err := event.ParseID(other); err == nil {
			seen[id] = true
		}
	}
	var out []Likeness
	add := func(list []*merge.Person, same bool) {
		for _, q := range list {
			// A comparison holds for both, whichever of them it was recorded on.
			if _, compared := q.Compared[p.ID.String()]; compared || seen[q.ID] || len(out) >= maxLike || q.Stage.Value == merge.StageSame {
				continue
			}
			if !same && !merge.Close(form.Name, q.Get(event.FieldName)) {
				continue
			}
			seen[q.ID] = true
			out = append(out, Likeness{Record: d.record(q), SameNIK: same})
		}
	}
	if form.NIK != "" {
		list, err := d.Store.SameNIK(ctx, form.NIK, 2*maxLike)
		if err != nil {
			return nil, told(err)
		}
		add(list, true)
	}
	if !form.Birth.IsZero() {
		list, err := d.Store.SameBirth(ctx, form.Birth.ISO(), 500)
		if err != nil {
			return nil, told(err)
		}
		add(list, false)
	}
	away, err := d.alikeAway(ctx, who, form, seen, maxLike-len(out))
	return append(out, away...), err
}

// tagged bounds how many members with one tag are looked at: in a district of
// 200,000 members there are about 50.
const tagged = 200

// alikeAway finds members of other branches who may be the person: of them this
// PC knows a name and a coarse tag of the NIK, and alarms only when both fit.
func (d *Desk) alikeAway(ctx context.Context, who Actor, form library.Form, seen map[event.ID]bool, most int) ([]Likeness, error) {
	e, err := d.Store.Enrolled(ctx)
	if errors.Is(err, store.ErrNotFound) || err == nil && (form.NIK == "" || form.Name == "") {
		return nil, nil
	}
	if err != nil {
		return nil, told(err)
	}
	ids, err := d.Store.Tagged(ctx, e.Tags.Tag(form.NIK), tagged)
	if err != nil {
		return nil, told(err)
	}
	var out []Likeness
	for _, id := range ids {
		if seen[id] || len(out) >= most || d.Store.Survivor(id) != id {
			continue
		}
		k, err := d.Known(ctx, who, library.ID(id))
		if err != nil || !merge.Close(form.Name, k.Name) {
			continue // gone meanwhile, or somebody else
		}
		r := Record{ID: k.ID, Form: library.Form{Name: k.Name}, Member: true, Kind: k.Kind, Until: k.Until, Stage: StageDone}
		if number := k.Number(); number != "" {
			r.Card = &Card{Number: number}
		}
		out = append(out, Likeness{Record: r, Away: true, Home: k.Home})
	}
	return out, nil
}

// Compare records an officer's decision: the same person, which ends this
// registration in favour of the one that exists, or another.
func (d *Desk) Compare(ctx context.Context, who Actor, op, id, other library.ID, same bool, note, version string) (Done, error) {
	if err := who.may(library.Register); err != nil {
		return Done{}, err
	}
	return d.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(id[:])
		p, err := person(tx, id, version)
		if err != nil {
			return err
		}
		if err := stage(p, unfinished...); err != nil {
			return err
		}
		_, err = tx.Person(event.ID(other))
		if errors.Is(err, store.ErrNotFound) {
			_, err = d.Store.Entry(ctx, event.ID(other)) // a member of another branch
		}
		if err != nil {
			return err
		}
		_, err = d.append(tx, who, event.RegistrationCompared, id, &event.Comparison{Other: event.ID(other), Same: same, Note: library.CleanLine(note)})
		return err
	})
}
