package office

import (
	"context"
	"slices"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
)

// EraseReasons are why a person is erased (UU 27/2022 art. 8, 43).
func EraseReasons() []string { return []string{"request", "retention", "unlawful", "mistake"} }

// EraseInput says why.
type EraseInput struct {
	Reason string // one of EraseReasons
}

// Erase removes a person for ever, here and on every node as soon as it exchanges,
// whatever backup or bundle comes back later. What remains are the codes that
// reports count. There is no way back.
//
// Only the centre erases: the decision must reach every copy. A branch asks for it
// (desk.AskErasure), and learns by a notice that it was done.
func (o *Office) Erase(ctx context.Context, who desk.Actor, op, person library.ID, in EraseInput) (desk.Done, error) {
	if err := o.may(who, library.Erase); err != nil {
		return desk.Done{}, err
	}
	if !slices.Contains(EraseReasons(), in.Reason) {
		return desk.Done{}, library.Invalid(library.Problem{Field: "reason", Key: library.KeyChoose})
	}
	keys, err := o.Keys(ctx)
	if err != nil {
		return desk.Done{}, err
	}
	return o.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(person[:])
		held, err := tx.Decisions()
		if err != nil {
			return err
		}
		// Whoever was merged is erased under every id.
		all := append([]event.ID{held.Survivor(event.ID(person))}, held.Absorbed(held.Survivor(event.ID(person)))...)
		found := false
		for _, id := range all {
			if held.Erased(id) {
				found = true
				continue
			}
			p, err := tx.Person(id)
			if err != nil {
				return err
			}
			if _, err := tx.Decide(keys.Signing(), event.ID(who.Officer), event.PersonErased, o.Desk.ErasureOf(p, in.Reason)); err != nil {
				return err
			}
			found = true
		}
		if !found {
			return store.ErrNotFound
		}
		return nil
	})
}
