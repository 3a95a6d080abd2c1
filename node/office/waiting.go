package office

import (
	"context"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/wire"
)

// Waiting counts what only a person can decide ("Perlu diputuskan").
type Waiting struct {
	Joins   int // PCs that ask to be let in
	Cases   int // possible duplicates
	Wishes  int // people whose erasure a branch asks for
	Asides  int // records that could not be applied, at most maxAside
	Apart   int // PCs whose records wait to be released
	Notices int // what happened to the centre's own data and nobody has seen yet
}

// All is the number on the badge.
func (w Waiting) All() int { return w.Joins + w.Cases + w.Wishes + w.Asides + w.Apart + w.Notices }

// Waiting counts what waits for a decision. It is cheap enough for every page.
func (o *Office) Waiting(ctx context.Context, who desk.Actor) (Waiting, error) {
	if err := o.may(who, library.Decide); err != nil {
		return Waiting{}, err
	}
	var w Waiting
	var err error
	if w.Joins, err = o.Store.CountJoins(ctx, wire.JoinWaiting); err != nil {
		return w, told(err)
	}
	cases, err := o.Store.CountCases(ctx, store.CaseOpen)
	if err != nil {
		return w, told(err)
	}
	wishes, err := o.Store.CountWishing(ctx)
	if err != nil {
		return w, told(err)
	}
	asides, err := o.Store.Quarantine(ctx, event.ID{}, maxAside)
	if err != nil {
		return w, told(err)
	}
	apart, err := o.Store.Held(ctx)
	if err != nil {
		return w, told(err)
	}
	status, err := o.Store.ExchangeStatus(ctx)
	w.Cases, w.Wishes, w.Asides, w.Apart, w.Notices = int(cases), int(wishes), len(asides), len(apart), int(status.Unseen)
	return w, told(err)
}
