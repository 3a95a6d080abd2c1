package office

import (
	"context"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/sync/event"
)

// maxAside bounds what of the quarantine is looked at.
const maxAside = 500

// Aside is a record that is kept and could not be applied. It delays nothing else.
type Aside struct {
	Stream library.ID
	Seq    uint64
	Node   library.ID // the PC that sent it
	Type   string     // "member.corrected"; "unknown" for one of a later program
	Reason string     // unreadable, unknown, broken
	Since  time.Time
}

// Quarantine lists what is set aside, newest first.
func (o *Office) Quarantine(ctx context.Context, who desk.Actor) ([]Aside, error) {
	if err := o.may(who, library.Decide); err != nil {
		return nil, err
	}
	list, err := o.Store.Quarantine(ctx, event.ID{}, maxAside)
	if err != nil {
		return nil, told(err)
	}
	out := make([]Aside, 0, len(list))
	for _, q := range list {
		out = append(out, Aside{Stream: library.ID(q.Stream), Seq: q.Seq, Node: library.ID(q.Node), Type: q.Type.String(), Reason: q.Reason, Since: o.at(q.Since)})
	}
	return out, nil
}

// Retry applies what is set aside and can be applied now, and says how many it were.
// It is done by itself after an upgrade.
func (o *Office) Retry(ctx context.Context, who desk.Actor) (int, error) {
	if err := o.may(who, library.Decide); err != nil {
		return 0, err
	}
	n, err := o.Store.Retry(ctx)
	if err != nil {
		return n, told(err)
	}
	return n, o.Desk.CaughtUp(ctx)
}

// Apart is what a revoked PC recorded and a person has to release: it came on a
// stick, after the PC was found again.
type Apart struct {
	Node   library.ID
	Name   string
	Code   int
	Events int
	Since  time.Time
}

// Apart lists what waits to be released.
func (o *Office) Apart(ctx context.Context, who desk.Actor) ([]Apart, error) {
	if err := o.may(who, library.Decide); err != nil {
		return nil, err
	}
	list, err := o.Store.Held(ctx)
	if err != nil {
		return nil, told(err)
	}
	held, err := o.Store.Decisions(ctx)
	if err != nil {
		return nil, told(err)
	}
	out := make([]Apart, 0, len(list))
	for _, h := range list {
		e, _ := held.Enrolment(h.Node)
		out = append(out, Apart{Node: library.ID(h.Node), Name: e.Name, Code: int(e.Code), Events: int(h.Events), Since: o.at(h.Since)})
	}
	return out, nil
}

// Released says what came of releasing.
type Released struct {
	Events int // taken in
	Photos int // named by the PC's events and not here: the same stick brings them, once more
}

// Release takes in what is kept apart of a PC.
func (o *Office) Release(ctx context.Context, who desk.Actor, node library.ID) (Released, error) {
	if err := o.may(who, library.Decide); err != nil {
		return Released{}, err
	}
	h, err := o.Hub(ctx)
	if err != nil {
		return Released{}, told(err)
	}
	n, err := o.Store.Release(ctx, event.ID(node))
	if err != nil {
		return Released{}, told(err)
	}
	if err := o.applyAll(ctx, h); err != nil {
		return Released{}, err
	}
	wanted, err := o.Store.PhotosWanted(ctx)
	return Released{Events: n, Photos: wanted[event.ID(node)]}, told(err)
}

// Discard throws away what is kept apart of a PC: somebody else recorded it.
func (o *Office) Discard(ctx context.Context, who desk.Actor, node library.ID) error {
	if err := o.may(who, library.Decide); err != nil {
		return err
	}
	return told(o.Store.Discard(ctx, event.ID(node)))
}
