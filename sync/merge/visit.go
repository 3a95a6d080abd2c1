package merge

import (
	"fmt"

	"simpul/sync/event"
)

// Visit is one line of the visit register with its corrections.
type Visit struct {
	ID      event.ID              `cbor:"1,keyasint"`
	Subject event.ID              `cbor:"2,keyasint"`
	Line    Register[event.Visit] `cbor:"3,keyasint,omitzero"` // as it should be
	Made    Register[Recording]   `cbor:"4,keyasint,omitzero"`
	Person  Register[event.ID]    `cbor:"5,keyasint,omitzero"`
	Voided  Register[bool]        `cbor:"6,keyasint,omitzero"`
	Reasons []VisitReason         `cbor:"7,keyasint,omitempty"`
	Heads   Heads                 `cbor:"8,keyasint,omitempty"`
}

// Recording is when and by whom the line was written.
type Recording struct {
	_       struct{} `cbor:",toarray"`
	Wall    int64
	Officer event.ID
}

// VisitReason is why a line was corrected.
type VisitReason struct {
	_    struct{} `cbor:",toarray"`
	At   Stamp
	Text string
}

// VisitID is the visit that an event is about.
func VisitID(rec event.Record, body any) event.ID {
	if c, ok := body.(*event.VisitCorrection); ok {
		return c.Visit
	}
	return event.DeriveID("visit", rec.Hash)
}

// Apply folds one event into the visit.
func (v *Visit) Apply(rec event.Record, at Stamp) error {
	body, ok, err := rec.Decoded()
	if err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	if !ok {
		return nil
	}
	v.ID = VisitID(rec, body)
	v.Heads = v.Heads.with(rec)
	switch b := body.(type) {
	case *event.Visit:
		v.Subject = rec.Subject
		v.Line.Set(*b, at)
		v.Made.Set(Recording{Wall: rec.Wall, Officer: rec.Officer}, at)
		switch {
		case !b.Person.IsZero():
			v.Person.Set(b.Person, at)
		case b.Kind == VisitMember:
			v.Person.Set(rec.Subject, at)
		}
	case *event.VisitCorrection:
		if b.Body != nil {
			v.Line.Set(*b.Body, at)
		}
		if !b.Person.IsZero() {
			v.Person.Set(b.Person, at)
		}
		// Saying whose a visit was does not bring a voided one back.
		if b.Void || b.Person.IsZero() {
			v.Voided.Set(b.Void, at)
		}
		v.Reasons = insert(v.Reasons, VisitReason{At: at, Text: b.Reason}, func(r VisitReason) Stamp { return r.At })
	}
	return nil
}

// Kinds of visit.
const (
	VisitMember   = "member"
	VisitUnknown  = "unknown"
	VisitNameless = "nameless"
	VisitGuest    = "guest"
	VisitGroup    = "group"
)

// Wall is the reading at which the visitor came, in ms: the line's own instant
// for late entries and sealed visits, else when it was recorded.
func (v *Visit) Wall() int64 {
	if v.Line.Value.At != 0 {
		return v.Line.Value.At
	}
	return v.Made.Value.Wall
}

// People is how many people the line counts.
func (v *Visit) People() int {
	if v.Voided.Value {
		return 0
	}
	if v.Line.Value.Kind == VisitGroup {
		return v.Line.Value.Men + v.Line.Value.Women
	}
	return 1
}
