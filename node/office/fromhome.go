package office

import (
	"context"
	"math"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
)

// FromHome is one registration of somebody at home.
type FromHome struct {
	ID        library.ID
	Name      string
	Reference string
	Branch    library.ID
	Stage     desk.Stage
	Opened    time.Time
}

// FromHomeFilter says which registrations a list shows.
type FromHomeFilter struct {
	Branch library.ID // zero is every branch
	All    bool       // those that have ended too
	Before time.Time  // opened before; zero is now
}

// FromHome lists the registrations of people at home, newest first.
func (o *Office) FromHome(ctx context.Context, who desk.Actor, f FromHomeFilter, limit int) ([]FromHome, error) {
	if err := o.may(who, library.DraftRegistration); err != nil {
		return nil, err
	}
	before := int64(math.MaxInt64)
	if !f.Before.IsZero() {
		before = f.Before.UnixMilli()
	}
	list, err := o.Store.RoutedList(ctx, event.ID(f.Branch), !f.All, before, limit)
	if err != nil {
		return nil, told(err)
	}
	out := make([]FromHome, len(list))
	for i, r := range list {
		out[i] = FromHome{ID: library.ID(r.ID), Name: r.Name, Reference: store.Reference(r.ID), Branch: library.ID(r.Branch), Stage: desk.Stage(r.Stage), Opened: o.at(r.Opened)}
	}
	return out, nil
}

// FromHomeCounts counts, by branch, the registrations of people at home that wait.
func (o *Office) FromHomeCounts(ctx context.Context, who desk.Actor) (map[library.ID]int, error) {
	if err := o.may(who, library.DraftRegistration); err != nil {
		return nil, err
	}
	counts, err := o.Store.RoutedCounts(ctx)
	if err != nil {
		return nil, told(err)
	}
	out := make(map[library.ID]int, len(counts))
	for branch, n := range counts {
		out[library.ID(branch)] = n
	}
	return out, nil
}

// SendOn gives a registration from home that has not ended to another branch: its own
// was closed, or the visitor wants to go elsewhere. KindConflict when it has ended.
func (o *Office) SendOn(ctx context.Context, who desk.Actor, op, id, branch library.ID) (desk.Done, error) {
	if err := o.may(who, library.Register); err != nil {
		return desk.Done{}, err
	}
	points, err := o.Desk.CollectionPoints(ctx)
	if err != nil {
		return desk.Done{}, err
	}
	known := false
	for _, p := range points {
		known = known || p.ID == branch
	}
	if !known {
		return desk.Done{}, library.Invalid(library.Problem{Field: "branch", Key: library.KeyChoose})
	}
	return o.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(id[:])
		p, err := tx.Person(event.ID(id))
		if err != nil {
			return err
		}
		if p.For.IsZero() || desk.Stage(p.Stage.Value).Ended() || p.Member() {
			return library.E(library.KindConflict, "error.changed_meanwhile").Hinted("error.changed_meanwhile.hint")
		}
		if p.For.Value == event.ID(branch) {
			return nil
		}
		_, err = tx.Append(store.Draft{Type: event.RegistrationRouted, Subject: p.ID, Officer: event.ID(who.Officer), Body: &event.Routing{Branch: event.ID(branch)}})
		return err
	})
}
