package desk

import (
	"context"
	"errors"
	"time"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// PublicState is where a registration from home stands, in the words of who waits for it.
type PublicState string

// The states.
const (
	PublicReceived PublicState = "received"  // at the centre; the branch has not got it yet
	PublicArrived  PublicState = "arrived"   // at the branch
	PublicWorking  PublicState = "working"   // an officer has begun
	PublicSentBack PublicState = "sent_back" // something is to be mended
	PublicReady    PublicState = "ready"     // the card has been issued
	PublicHanded   PublicState = "handed"
	PublicRefused  PublicState = "refused"
	PublicEnded    PublicState = "ended" // withdrawn, or the visitor was a member already
	PublicLapsed   PublicState = "lapsed"
)

// PublicStatus is what the status page says.
type PublicStatus struct {
	State    PublicState
	Branch   string
	Stop     string
	Since    time.Time
	Lapses   library.Date // the last day on which the card can be fetched, while it is not ready
	Document library.IdentityKind
	Child    bool
	Note     string // of the officer who sent it back
	Refusal  string // the requirement that was not met
}

// PublicStatus says where a registration from home stands, to whoever knows its
// reference and the birth date in it. KindNotFound for every other pair, whichever
// of the two is wrong.
func (d *Desk) PublicStatus(ctx context.Context, reference string, birth library.Date) (PublicStatus, error) {
	wrong := library.E(library.KindNotFound, "error.public_pair").Hinted("error.public_pair.hint")
	if !d.Open() {
		return PublicStatus{}, library.E(library.KindUnavailable, "error.public_resting").Hinted("error.public_resting.hint")
	}
	p, err := d.Store.ByReference(ctx, store.CleanReference(reference))
	switch {
	case errors.Is(err, store.ErrNotFound):
		return PublicStatus{}, wrong
	case err != nil:
		return PublicStatus{}, told(err)
	case birth.IsZero() || p.Get(event.FieldBirth) != birth.ISO():
		return PublicStatus{}, wrong
	}
	return d.publicStatus(ctx, p)
}

// PublicSent is the status of the form that this browser has sent.
func (d *Desk) PublicSent(ctx context.Context, key string) (PublicStatus, error) {
	f, registration, err := d.visitorForm(ctx, store.LinkPublic, key)
	if err == nil && !f.Sent {
		err = library.E(library.KindNotFound, "error.not_found")
	}
	if err != nil {
		return PublicStatus{}, err
	}
	p, err := d.Store.Person(ctx, event.ID(registration))
	if err != nil {
		return PublicStatus{}, told(err)
	}
	return d.publicStatus(ctx, p)
}

func (d *Desk) publicStatus(ctx context.Context, p *merge.Person) (PublicStatus, error) {
	f := FormOf(p)
	s := PublicStatus{Stop: f.Stop, Since: time.UnixMilli(p.Opened.Value.Wall).In(d.Zone), Document: f.Identity, Child: d.IsChild(f.Birth)}
	s.Lapses = library.DateIn(s.Since.AddDate(0, 0, d.Settings().LapseDays), d.Zone)
	points, err := d.CollectionPoints(ctx)
	if err != nil {
		return s, err
	}
	here := d.Settings()
	if library.ID(p.For.Value) == here.Node {
		s.Branch = here.Name
	}
	for _, point := range points {
		if point.ID == library.ID(p.For.Value) {
			s.Branch = point.Name
		}
	}
	if n := len(p.Marks); n > 1 {
		s.Since = time.UnixMilli(p.Marks[n-1].Wall).In(d.Zone)
	}
	switch p.Stage.Value {
	case merge.StageOpened:
		s.State = PublicReceived
		arrived, err := d.Store.Arrived(ctx, p)
		if arrived = arrived || library.ID(p.For.Value) == here.Node; err != nil {
			return s, told(err)
		}
		if arrived {
			s.State = PublicArrived
		}
		if p.Outcome.Value.Key == "reopened" {
			s.State = PublicWorking
		}
	case merge.StageIdentified, merge.StageFilled, merge.StageVerified:
		s.State = PublicWorking
		if p.Stage.Value == merge.StageIdentified && p.Outcome.Value.Key == "sent-back" {
			s.State, s.Note = PublicSentBack, p.Outcome.Value.Note
		}
	case merge.StageIssued:
		s.State = PublicReady
	case merge.StageDone:
		s.State = PublicHanded
	case merge.StageRefused:
		s.State, s.Refusal = PublicRefused, p.Outcome.Value.Key
	case merge.StageLapsed:
		s.State = PublicLapsed
	default:
		s.State = PublicEnded
	}
	return s, nil
}
