package office

import (
	"context"
	"slices"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
)

// maxWishes bounds the list of wishes to be erased.
const maxWishes = 100

// Wishing is somebody whose erasure a branch asks for.
type Wishing struct {
	ID     library.ID
	Name   string
	Number string
	Branch string // where the person was registered
	desk.Wish
}

// Wishes lists whose erasure was asked for and not answered, the oldest wish
// first, at most 100; all is how many there are. Erase grants one.
func (o *Office) Wishes(ctx context.Context, who desk.Actor) (list []Wishing, all int, err error) {
	if err := o.may(who, library.Erase); err != nil {
		return nil, 0, err
	}
	n, err := o.Store.CountWishing(ctx)
	if err != nil || n == 0 {
		return nil, 0, told(err)
	}
	ids, err := o.Store.Wishing(ctx, maxWishes)
	if err != nil {
		return nil, 0, told(err)
	}
	known, err := o.Store.Names(ctx, ids)
	if err != nil {
		return nil, 0, told(err)
	}
	branches, err := o.namesOfNodes(ctx)
	if err != nil {
		return nil, 0, err
	}
	for _, id := range ids {
		w := Wishing{ID: library.ID(id), Name: known[id].Name, Number: known[id].Number}
		if w.Wish, err = o.Desk.Wish(ctx, who, w.ID); err != nil {
			return nil, 0, err
		}
		node, err := o.Store.NodeOf(ctx, id)
		if err != nil {
			return nil, 0, told(err)
		}
		w.Branch = branches[node]
		list = append(list, w)
	}
	return list, int(n), nil
}

// DeclineReasons are why a person is not erased. The branch reads them.
func DeclineReasons() []string { return []string{"unidentified", "obligation", "law", "changed"} }

// DeclineInput says why.
type DeclineInput struct {
	Reason string // one of DeclineReasons
	Note   string
}

// DeclineErasure answers the wishes about a person without erasing anything: it may
// be asked again. KindConflict when nothing is asked any more.
func (o *Office) DeclineErasure(ctx context.Context, who desk.Actor, op, person library.ID, in DeclineInput) (desk.Done, error) {
	if err := o.may(who, library.Erase); err != nil {
		return desk.Done{}, err
	}
	if !slices.Contains(DeclineReasons(), in.Reason) {
		return desk.Done{}, library.Invalid(library.Problem{Field: "reason", Key: library.KeyChoose})
	}
	return o.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(person[:])
		p, err := tx.Person(event.ID(person))
		if err != nil {
			return err
		}
		reply := desk.ReplyTo(p, in.Reason, library.CleanLine(in.Note))
		if len(reply.Wishes) == 0 {
			return library.E(library.KindConflict, "error.changed_meanwhile").Hinted("error.changed_meanwhile.hint")
		}
		_, err = tx.Append(store.Draft{Type: event.ErasureDeclined, Subject: p.ID, Officer: event.ID(who.Officer), Body: reply})
		return err
	})
}
