package desk

import (
	"context"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// CorrectInput changes what is known of a member.
type CorrectInput struct {
	Form      library.Form // as it should be
	Reason    string
	Confirmed map[string]string // key of a warning → the officer's reason
	Version   string
}

// Correct changes fields of a member, with a reason. What was missing before may stay missing: a correction is not
// refused for something else.
func (d *Desk) Correct(ctx context.Context, who Actor, op, id library.ID, in CorrectInput) (Done, error) {
	if err := who.may(library.Correct); err != nil {
		return Done{}, err
	}
	form, reason := in.Form.Clean(), library.CleanLine(in.Reason)
	return d.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(id[:])
		p, err := person(tx, id, in.Version)
		if err != nil {
			return err
		}
		if !p.Member() {
			return library.E(library.KindConflict, "error.no_card")
		}
		problems := Unconfirmed(form.Check(d.rules(missing(p))), in.Confirmed)
		if reason == "" {
			problems = append(problems, library.Problem{Field: "why", Key: library.KeyMissing})
		}
		body := &event.Correction{Fields: event.Fields{}, Reason: reason, Confirmed: in.Confirmed}
		for f, value := range allFields(form) {
			if f != event.FieldIdentity && p.Get(f) != value {
				body.Fields[f] = value
			}
		}
		if len(body.Fields) == 0 {
			problems = append(problems, library.Problem{Field: "name", Key: "problem.nothing_changed"})
		}
		if len(problems) > 0 {
			return library.Invalid(problems...)
		}
		_, err = d.append(tx, who, event.MemberCorrected, id, body)
		return err
	})
}

// missing are the fields that are empty now.
func missing(p *merge.Person) map[string]bool {
	out := map[string]bool{}
	for name, field := range fieldNames {
		if p.Get(field) == "" {
			out[name] = true
		}
	}
	return out
}

// CheckCorrection finds what is wrong with a corrected form without saving it.
func (d *Desk) CheckCorrection(r Record, form library.Form) []library.Problem {
	optional := map[string]bool{}
	for _, name := range library.Fields() {
		optional[name] = r.Form.Value(name) == ""
	}
	return form.Clean().Check(d.rules(optional))
}
