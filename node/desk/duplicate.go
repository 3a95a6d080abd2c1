package desk

import (
	"context"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// Likeness says why somebody may be the person who is being registered.
type Likeness struct {
	Record
	SameNIK bool // else the same birth date and a close name
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
		if _, err := tx.Person(event.ID(other)); err != nil {
			return err
		}
		_, err = d.append(tx, who, event.RegistrationCompared, id, &event.Comparison{Other: event.ID(other), Same: same, Note: library.CleanLine(note)})
		return err
	})
}
