package desk

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// Kinds of a line in the visit register.
const (
	VisitMember   = merge.VisitMember
	VisitUnknown  = merge.VisitUnknown  // a number that nobody here knows
	VisitNameless = merge.VisitNameless // a member without the card whom nothing identified
	VisitGuest    = merge.VisitGuest
	VisitGroup    = merge.VisitGroup
)

// Visit is one line of the register, as officers see it.
type Visit struct {
	ID      library.ID
	Version string // carry it in every form made from this line
	VisitInput
	At       time.Time // when the visitor came
	Day      library.Date
	People   int
	Late     bool
	LateWhy  string // a key of library.LateReasons
	Kiosk    bool
	Voided   bool
	Reduced  bool      // only what reports count is left of it: it can't be corrected
	Entered  time.Time // when the line was written
	Officer  library.ID
	Birthday string // MM-DD of a member without the card
	Changes  []VisitChange
}

// VisitChange is one correction.
type VisitChange struct{ Reason string }

// Open reports whether nobody knows yet whose visit it was.
func (v Visit) Open() bool {
	return !v.Voided && !v.Reduced && v.Person.IsZero() && (v.Kind == VisitUnknown || v.Kind == VisitNameless)
}

// VisitPage asks for a page of one day. Cursor is the Next of the page before.
type VisitPage struct {
	Day        library.Date
	Kind, Stop string
	Cursor     library.ID
	Limit      int
}

// VisitsOn lists one day, newest first; next is zero at the end.
func (d *Desk) VisitsOn(ctx context.Context, who Actor, page VisitPage) (list []Visit, next library.ID, err error) {
	if err := who.may(library.RecordVisit); err != nil {
		return nil, next, err
	}
	q := store.VisitQuery{Day: int64(page.Day.Days()), Kind: page.Kind, Stop: page.Stop, Limit: page.Limit + 1}
	if !page.Cursor.IsZero() {
		last, err := d.Store.Visit(ctx, event.ID(page.Cursor))
		if err != nil {
			return nil, next, told(err)
		}
		q.At, q.Before = last.Wall(), last.ID
	}
	found, err := d.Store.VisitsOfDay(ctx, q)
	if err != nil {
		return nil, next, told(err)
	}
	if len(found) > page.Limit {
		found = found[:page.Limit]
		next = library.ID(found[page.Limit-1].ID)
	}
	list, err = d.visits(ctx, found)
	return list, next, err
}

// Visit loads one line.
func (d *Desk) Visit(ctx context.Context, who Actor, id library.ID) (Visit, error) {
	if err := who.may(library.RecordVisit); err != nil {
		return Visit{}, err
	}
	v, err := d.Store.Visit(ctx, event.ID(id))
	if err != nil {
		return Visit{}, told(err)
	}
	list, err := d.visits(ctx, []*merge.Visit{v})
	if err != nil {
		return Visit{}, err
	}
	return list[0], nil
}

// openDays is how far back lines without a name are still looked for.
const openDays = 366

// OpenVisits lists the lines that await a name, newest first.
func (d *Desk) OpenVisits(ctx context.Context, who Actor, limit int) ([]Visit, error) {
	if err := who.may(library.RecordVisit); err != nil {
		return nil, err
	}
	found, err := d.Store.OpenVisits(ctx, int64(d.Today().Days()-openDays), limit)
	if err != nil {
		return nil, told(err)
	}
	return d.visits(ctx, found)
}

// visits makes lines for screens, with the members' names.
func (d *Desk) visits(ctx context.Context, found []*merge.Visit) ([]Visit, error) {
	names, err := d.Store.Names(ctx, personIDs(found))
	if err != nil {
		return nil, told(err)
	}
	out := make([]Visit, len(found))
	for i, v := range found {
		out[i] = d.visitOf(v)
		if member, known := names[v.Person.Value]; known {
			out[i].Name, out[i].Number = member.Name, member.Number
		}
	}
	return out, nil
}

func (d *Desk) visitOf(v *merge.Visit) Visit {
	l, made := v.Line.Value, v.Made.Value
	out := Visit{ID: library.ID(v.ID), Version: visitVersion(v), At: time.UnixMilli(v.Wall()).In(d.Zone), People: v.People(), Late: l.Late,
		LateWhy: lateKey(v), Kiosk: l.Kiosk, Voided: v.Voided.Value, Reduced: v.Subject.IsZero(), Entered: time.UnixMilli(made.Wall).In(d.Zone),
		Officer: library.ID(made.Officer), Birthday: l.Birth,
		VisitInput: VisitInput{Kind: l.Kind, Person: library.ID(v.Person.Value), Number: l.Number, Purpose: l.Purpose, Stop: l.Stop,
			Name: l.Name, Sex: library.Sex(l.Sex), AgeGroup: l.AgeGroup, Education: l.Education, Occupation: l.Occupation, Origin: l.Origin,
			Institution: l.Institution, Phone: l.Phone, Men: l.Men, Women: l.Women, Levels: l.Levels}}
	out.Day = library.DateIn(out.At, d.Zone)
	for _, r := range v.Reasons {
		out.Changes = append(out.Changes, VisitChange{Reason: r.Text})
	}
	return out
}

// visitVersion grows with each correction.
func visitVersion(v *merge.Visit) string { return strconv.Itoa(len(v.Reasons)) }

// VisitSums are the sums of a day.
type VisitSums struct {
	Visits, People int // lines, people
	Men, Women     int // of guests and groups; members' lines hold no sex
	Kinds          []VisitSum
	Purposes       []VisitSum
	Stops          []VisitSum
}

// VisitSum is one bar of a chart.
type VisitSum struct {
	Key            string
	Visits, People int
}

// SumsOn sums a day, at one stop or at all with "".
func (d *Desk) SumsOn(ctx context.Context, who Actor, day library.Date, stop string) (VisitSums, error) {
	if err := who.may(library.RecordVisit); err != nil {
		return VisitSums{}, err
	}
	counts, err := d.Store.CountVisits(ctx, int64(day.Days()), int64(day.Days()))
	if err != nil {
		return VisitSums{}, told(err)
	}
	return sumsOf(counts, stop), nil
}

func sumsOf(counts []store.VisitCount, stop string) VisitSums {
	var s VisitSums
	kinds, purposes, stops := map[string]VisitSum{}, map[string]VisitSum{}, map[string]VisitSum{}
	add := func(to map[string]VisitSum, key string, c store.VisitCount) {
		sum := to[key]
		to[key] = VisitSum{Key: key, Visits: sum.Visits + int(c.Visits), People: sum.People + int(c.People)}
	}
	for _, c := range counts {
		if c.Stop != "" {
			add(stops, c.Stop, c)
		}
		if stop != "" && c.Stop != stop {
			continue
		}
		s.Visits, s.People = s.Visits+int(c.Visits), s.People+int(c.People)
		s.Men, s.Women = s.Men+int(c.Men), s.Women+int(c.Women)
		add(kinds, c.Kind, c)
		add(purposes, c.Purpose, c)
	}
	s.Kinds, s.Purposes, s.Stops = largestFirst(kinds), largestFirst(purposes), largestFirst(stops)
	return s
}

func largestFirst(sums map[string]VisitSum) []VisitSum {
	out := make([]VisitSum, 0, len(sums))
	for _, s := range sums {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b VisitSum) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(a.Key, b.Key))
	})
	return out
}
