package office

import (
	"context"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
)

// Wait is for how long a case is put off.
type Wait string

// The choices. WaitChange is until either record is another.
const (
	WaitDay    Wait = "day"
	WaitWeek   Wait = "week"
	WaitMonth  Wait = "month"
	WaitChange Wait = "change"
)

// Waits lists the choices.
func Waits() []Wait { return []Wait{WaitDay, WaitWeek, WaitMonth, WaitChange} }

// Later says who put a case off, and until when it stays off the list.
type Later struct {
	At    time.Time
	Who   string
	Until time.Time // zero: until either record changes
}

// Set reports whether the case is put off.
func (l Later) Set() bool { return !l.At.IsZero() }

// PutOff takes an open case off the list of what has to be decided. It comes back
// by itself.
func (o *Office) PutOff(ctx context.Context, who desk.Actor, op, one, other library.ID, wait Wait) (desk.Done, error) {
	now := o.Now().In(o.Zone)
	morning := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, o.Zone)
	var until int64
	switch wait {
	case WaitDay:
		until = morning.AddDate(0, 0, 1).UnixMilli()
	case WaitWeek:
		until = morning.AddDate(0, 0, 7).UnixMilli()
	case WaitMonth:
		until = morning.AddDate(0, 1, 0).UnixMilli()
	case WaitChange:
		until = store.UntilItChanges
	default:
		return desk.Done{}, library.Invalid(library.Problem{Field: "wait", Key: library.KeyChoose})
	}
	return o.putOff(ctx, who, op, one, other, until)
}

// TakeUp brings a case back that was put off.
func (o *Office) TakeUp(ctx context.Context, who desk.Actor, op, one, other library.ID) (desk.Done, error) {
	return o.putOff(ctx, who, op, one, other, 0)
}

func (o *Office) putOff(ctx context.Context, who desk.Actor, op, one, other library.ID, until int64) (desk.Done, error) {
	return o.decide(ctx, who, op, one, func(tx *store.Tx, _ *Keys) error {
		return tx.PutOff(event.ID(one), event.ID(other), event.ID(who.Officer), until)
	})
}

func (o *Office) laterOf(ctx context.Context, c store.Case) (Later, error) {
	names, err := o.Desk.OfficerNames(ctx)
	if err != nil {
		return Later{}, err
	}
	l := Later{At: o.at(c.LaterAt), Who: names[library.ID(c.LaterBy)]}
	if c.Later != store.UntilItChanges {
		l.Until = o.at(c.Later)
	}
	return l, nil
}
