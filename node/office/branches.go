package office

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
)

// Branch is a place that has PCs: a branch, a van, a village library.
type Branch struct {
	ID   library.ID
	Name string
	Role library.NodeRole
}

// Branches lists the places that have or had a PC, by name.
func (o *Office) Branches(ctx context.Context, who desk.Actor) ([]Branch, error) {
	if err := o.may(who, library.ManageNodes); err != nil {
		return nil, err
	}
	return o.branches(ctx)
}

// branches takes name and role of the PC that was enrolled last.
func (o *Office) branches(ctx context.Context) ([]Branch, error) {
	held, err := o.Store.Decisions(ctx)
	if err != nil {
		return nil, told(err)
	}
	found := map[library.ID]Branch{}
	for _, d := range held.All() {
		if e, ok := enrolment(d); ok {
			b := Branch{library.ID(e.Branch), e.Name, library.NodeRole(e.Role)}
			if n, named := held.Naming(e.Branch); named {
				b.Name = n.Name
			}
			found[b.ID] = b
		}
	}
	out := make([]Branch, 0, len(found))
	for _, b := range found {
		out = append(out, b)
	}
	slices.SortFunc(out, func(a, b Branch) int { return cmp.Or(cmp.Compare(a.Name, b.Name), bytes.Compare(a.ID[:], b.ID[:])) })
	return out, nil
}

func (o *Office) branch(ctx context.Context, id library.ID) (Branch, error) {
	all, err := o.branches(ctx)
	if err != nil {
		return Branch{}, err
	}
	for _, b := range all {
		if b.ID == id {
			return b, nil
		}
	}
	return Branch{}, library.E(library.KindNotFound, "error.not_found")
}

func enrolment(d store.Decided) (*event.Enrolment, bool) {
	e, ok := d.Body.(*event.Enrolment)
	return e, ok
}
