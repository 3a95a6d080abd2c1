package desk

import (
	"context"
	"errors"
	"time"

	"simpul/node/library"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// lateReason names the reason of a late entry among what a line holds besides.
const lateReason = "late"

// lateYear is how many days back a late entry is nothing unusual.
const lateYear = 366

// lateProblems refuses a day that has not come yet. While the PC's clock is not
// to be believed no day is refused.
func (d *Desk) lateProblems(day library.Date) []library.Problem {
	switch {
	case day.IsZero():
		return nil
	case !day.Valid():
		return []library.Problem{{Field: "date", Key: library.KeyDateImpossible}}
	case !d.clockSuspect() && day.Compare(d.Today()) > 0:
		return []library.Problem{{Field: "date", Key: "problem.late_future"}}
	}
	return nil
}

// LateDayOf reads the day as it was written and says what is wrong with it and
// the reason before lines are typed in: a day to come is refused, one more than a
// year back has to be confirmed.
func (d *Desk) LateDayOf(who Actor, written, reason string, confirmed bool) (library.Date, error) {
	if err := who.may(library.LateEntry); err != nil {
		return library.Date{}, err
	}
	var out []library.Problem
	day, err := library.ParseDate(written)
	if err != nil {
		problem := library.Problem{Field: "date", Key: library.KeyDateUnreadable}
		var own *library.Error
		if errors.As(err, &own) {
			problem.Key = own.Key
		}
		out = append(out, problem)
	}
	out = append(out, d.lateProblems(day)...)
	if len(out) == 0 && !confirmed && d.Today().Days()-day.Days() > lateYear {
		out = append(out, library.Problem{Field: "date", Key: "problem.late_year", Warning: true})
	}
	if _, known := library.Find(library.LateReasons(), reason); !known {
		out = append(out, library.Problem{Field: "reason", Key: library.KeyChoose})
	}
	if len(out) > 0 {
		return day, library.Invalid(out...)
	}
	return day, nil
}

// LateDay is what one officer typed in for one day.
type LateDay struct {
	Day            library.Date
	Officer        string
	Visits, People int
	Entered        time.Time // the last line
}

// LateDays lists what was entered late and by whom, the last entered first.
func (d *Desk) LateDays(ctx context.Context, who Actor, limit int) ([]LateDay, error) {
	if err := who.may(library.LateEntry); err != nil {
		return nil, err
	}
	days, err := d.Store.LateDays(ctx, limit)
	if err != nil {
		return nil, told(err)
	}
	names, err := d.OfficerNames(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]LateDay, len(days))
	for i, l := range days {
		out[i] = LateDay{Day: library.DateFromDays(int(l.Day)), Officer: names[library.ID(l.Officer)], Visits: int(l.Visits),
			People: int(l.People), Entered: time.UnixMilli(l.Entered)}
	}
	return out, nil
}

// LateVisits lists the lines typed in for a day, the last typed first, and their sums.
func (d *Desk) LateVisits(ctx context.Context, who Actor, day library.Date, limit int) ([]Visit, VisitSums, error) {
	if err := who.may(library.LateEntry); err != nil {
		return nil, VisitSums{}, err
	}
	list, err := d.Store.LateVisits(ctx, int64(day.Days()), limit)
	if err != nil {
		return nil, VisitSums{}, told(err)
	}
	counts, err := d.Store.CountLate(ctx, int64(day.Days()))
	if err != nil {
		return nil, VisitSums{}, told(err)
	}
	out, err := d.visits(ctx, list)
	return out, sumsOf(counts, ""), err
}

// lateKey is the reason a line was typed in late.
func lateKey(v *merge.Visit) string {
	l := v.Line.Value
	if !l.Late {
		return ""
	}
	return l.Extra[lateReason]
}

// personIDs lists whose visits the lines are.
func personIDs(list []*merge.Visit) []event.ID {
	var ids []event.ID
	for _, v := range list {
		if !v.Person.Value.IsZero() {
			ids = append(ids, v.Person.Value)
		}
	}
	return ids
}

// OpenLate opens a registration that was taken on paper on that day. It stands
// outside the SOP's times.
func (d *Desk) OpenLate(ctx context.Context, who Actor, op library.ID, day library.Date) (Done, error) {
	if err := who.may(library.LateEntry); err != nil {
		return Done{}, err
	}
	if problems := d.lateProblems(day); len(problems) > 0 {
		return Done{}, library.Invalid(problems...)
	}
	return d.OpenRegistration(ctx, who, op, OpenInput{Source: SourceLate, Day: day})
}
