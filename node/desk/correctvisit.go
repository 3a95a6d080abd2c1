package desk

import (
	"context"
	"strings"
	"time"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// Reasons that the program gives by itself; screens have words for them.
const (
	ReasonPurpose  = "purpose-at-kiosk" // the visitor chose it on the greeting
	ReasonResolved = "resolved"         // an officer said whose visit it was
	ReasonKnown    = "number-known"     // the number became known
)

// purposeWindow is how long a visitor may say what the visit was for.
const purposeWindow = 2 * time.Minute

// ChoosePurpose sets the purpose of a line that was written at the kiosk just
// now. Anybody may: only the greeting knows the line's id.
func (d *Desk) ChoosePurpose(ctx context.Context, op, id library.ID, purpose string) (Done, error) {
	if _, known := library.Find(d.Settings().Purposes, purpose); !known {
		return Done{}, library.Invalid(library.Problem{Field: "purpose", Key: library.KeyChoose})
	}
	return d.changeVisit(ctx, Kiosk, op, id, "", func(v *merge.Visit, now time.Time) (*event.VisitCorrection, error) {
		age := now.Sub(time.UnixMilli(v.Made.Value.Wall)).Abs()
		if !v.Line.Value.Kiosk || v.Voided.Value || age > purposeWindow {
			return nil, library.E(library.KindForbidden, "error.forbidden")
		}
		if v.Line.Value.Purpose == purpose {
			return nil, nil
		}
		line := v.Line.Value
		line.Purpose = purpose
		return &event.VisitCorrection{Reason: ReasonPurpose, Body: &line}, nil
	})
}

// CorrectVisit writes how a line should have been: its purpose, its stop, and
// what a guest or a group said. Nothing is deleted; the reason is required. A
// line that was voided counts again.
func (d *Desk) CorrectVisit(ctx context.Context, who Actor, op, id library.ID, in VisitInput, reason, version string) (Done, error) {
	if err := who.may(library.Correct); err != nil {
		return Done{}, err
	}
	reason = library.CleanLine(reason)
	return d.changeVisit(ctx, who, op, id, version, func(v *merge.Visit, _ time.Time) (*event.VisitCorrection, error) {
		line := v.Line.Value
		in := d.cleanVisit(in)
		in.Kind = line.Kind
		problems := needReason(reason)
		if in.Kind == merge.VisitGuest || in.Kind == merge.VisitGroup {
			problems = append(d.checkVisit(in), problems...)
		}
		if len(problems) > 0 {
			return nil, library.Invalid(problems...)
		}
		line.Purpose, line.Stop = in.Purpose, in.Stop
		switch in.Kind {
		case merge.VisitGuest:
			line.Name, line.Sex, line.AgeGroup = in.Name, string(in.Sex), in.AgeGroup
			line.Education, line.Occupation, line.Origin = in.Education, in.Occupation, in.Origin
		case merge.VisitGroup:
			line.Name, line.Institution, line.Phone = in.Name, in.Institution, in.Phone
			line.Men, line.Women, line.Levels = in.Men, in.Women, in.Levels
		}
		return &event.VisitCorrection{Reason: reason, Body: &line}, nil
	})
}

// VoidVisit says that a line was written by mistake. It stays, and counts no more.
func (d *Desk) VoidVisit(ctx context.Context, who Actor, op, id library.ID, reason, version string) (Done, error) {
	if err := who.may(library.Correct); err != nil {
		return Done{}, err
	}
	reason = library.CleanLine(reason)
	if problems := needReason(reason); len(problems) > 0 {
		return Done{}, library.Invalid(problems...)
	}
	return d.changeVisit(ctx, who, op, id, version, func(*merge.Visit, time.Time) (*event.VisitCorrection, error) {
		return &event.VisitCorrection{Reason: reason, Void: true}, nil
	})
}

// ResolveVisit says which member a line with an unknown number, or of a member
// without the card, belongs to.
func (d *Desk) ResolveVisit(ctx context.Context, who Actor, op, id, member library.ID, version string) (Done, error) {
	if err := who.may(library.Correct); err != nil {
		return Done{}, err
	}
	p, err := d.Store.Person(ctx, event.ID(member))
	if err != nil {
		return Done{}, told(err)
	}
	if !p.Member() {
		return Done{}, library.E(library.KindConflict, "error.not_member")
	}
	return d.changeVisit(ctx, who, op, id, version, func(v *merge.Visit, _ time.Time) (*event.VisitCorrection, error) {
		if !v.Person.Value.IsZero() || v.Line.Value.Kind == merge.VisitGroup {
			return nil, library.E(library.KindConflict, "error.changed_meanwhile").Hinted("error.changed_meanwhile.hint")
		}
		return belongsTo(v, p.ID, ReasonResolved), nil
	})
}

// belongsTo makes a line a member's.
func belongsTo(v *merge.Visit, member event.ID, reason string) *event.VisitCorrection {
	line := v.Line.Value
	line.Kind, line.Name, line.Birth, line.Number = merge.VisitMember, "", "", ""
	return &event.VisitCorrection{Reason: reason, Person: member, Body: &line}
}

func needReason(reason string) []library.Problem {
	switch {
	case strings.TrimSpace(reason) == "":
		return []library.Problem{{Field: "reason", Key: library.KeyMissing}}
	case len([]rune(reason)) > 200:
		return []library.Problem{{Field: "reason", Key: library.KeyTooLong, Args: []any{200}}}
	}
	return nil
}

// changeVisit appends one correction. change returns nil when there is nothing to do.
func (d *Desk) changeVisit(ctx context.Context, who Actor, op, id library.ID, version string,
	change func(*merge.Visit, time.Time) (*event.VisitCorrection, error)) (Done, error) {
	return d.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(id[:])
		v, err := tx.Visit(event.ID(id))
		if err != nil {
			return err
		}
		if version != "" && version != visitVersion(v) {
			return library.E(library.KindConflict, "error.changed_meanwhile").Hinted("error.changed_meanwhile.hint")
		}
		c, err := change(v, tx.Now())
		if err != nil || c == nil {
			return err
		}
		return d.correctVisit(tx, who, v, c)
	})
}

func (d *Desk) correctVisit(tx *store.Tx, who Actor, v *merge.Visit, c *event.VisitCorrection) error {
	c.Visit = v.ID
	_, err := d.append(tx, who, event.VisitCorrected, library.ID(v.Subject), c)
	return err
}
