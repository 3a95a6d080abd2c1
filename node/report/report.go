// Package report counts: the number of memberships, which the SOP names as its record (188/OU/429.118/2025, "jumlah
// keanggotaan perpustakaan"), the visits, and how long the steps took against the standard. It makes the same figures into
// tables for screens, CSV and PDF.
//
// It reads codes and dates only. It must not read a name, a number or any single person, and it decides nothing.
package report

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"time"

	"simpul/node/library"
	"simpul/node/store"
)

// Input is what a report is made for and with.
type Input struct {
	Period    Period
	Today     library.Date // figures "at the end" are those of today in a period that is not over
	Place     string       // name of the library
	Stops     bool         // a van: members and visits belong to stops
	Ages      []library.AgeGroup
	Standards library.StandardList
}

// Report is the figures of one period, as this PC holds them.
type Report struct {
	Input
	End      library.Date // the last day counted
	Members  store.MemberSums
	Cards    store.CardSums
	Traits   []Trait
	New      []Stretch
	Visitors []Stretch
	Register Register
	Outcomes Outcomes
	Times    Times
}

// Trait is the members by one trait, in the order of its list, else the largest first.
type Trait struct {
	Name   store.Trait
	Shares []store.Share // of TraitBirthYear: keys of age groups; of TraitOccupation: keys of occupation groups
}

// Stretch is a day or a month with its sum.
type Stretch struct {
	From  library.Date
	Month bool
	Sum   int64
}

// Register is the visit register summed up.
type Register struct {
	Visits, People, Late   int64 // Late are people of lines typed in afterwards
	Grouped                int64 // people in groups
	Kinds, Purposes, Stops []Sum
}

// Sum is a value with its lines and people.
type Sum struct {
	Key            string
	Visits, People int64
}

// Outcomes are the registrations begun in the period by what became of them.
type Outcomes struct {
	All, Granted, Refused, Withdrawn, Lapsed, Same, Open int64
	Late                                                 int64 // typed in afterwards
	Reasons                                              []Sum // requirements not met, Visits being registrations
}

// Empty reports whether the period has nothing in it.
func (r *Report) Empty() bool {
	return r.Members.All == 0 && r.Outcomes.All == 0 && r.Register.Visits == 0
}

// Make counts. It costs some indexed queries, however many people there are.
func Make(ctx context.Context, s *store.Store, in Input) (*Report, error) {
	r := &Report{Input: in, End: in.Period.To}
	if in.Today.Compare(r.End) < 0 && in.Today.Compare(in.Period.From) >= 0 {
		r.End = in.Today
	}
	from, to := int64(in.Period.From.Days()), int64(r.End.Days())
	for _, count := range []func(context.Context, *store.Store, int64, int64) error{
		r.members, r.traits, r.register, r.stretches, r.outcomes, r.times} {
		if err := count(ctx, s, from, to); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (r *Report) members(ctx context.Context, s *store.Store, from, to int64) (err error) {
	if r.Members, err = s.CountMembers(ctx, from, to); err != nil {
		return err
	}
	r.Cards, err = s.CountCards(ctx, from, to)
	return err
}

func (r *Report) traits(ctx context.Context, s *store.Store, from, to int64) error {
	names := []store.Trait{store.TraitDistrict, store.TraitSex, store.TraitBirthYear, store.TraitEducation, store.TraitOccupation, store.TraitKind}
	if r.Stops {
		names = append(names, store.TraitStop)
	}
	for _, name := range names {
		shares, err := s.CountBy(ctx, name, from, to)
		if err != nil {
			return err
		}
		switch name {
		case store.TraitBirthYear:
			shares = regroup(shares, r.ageGroup)
			order(shares, indexOf(r.Ages, func(g library.AgeGroup) string { return g.Key }))
		case store.TraitOccupation:
			shares = regroup(shares, occupationGroup)
			order(shares, nil)
		case store.TraitEducation:
			order(shares, indexOf(library.Educations(), func(e library.Education) string { return e.Key }))
		default:
			order(shares, nil)
		}
		r.Traits = append(r.Traits, Trait{name, shares})
	}
	return nil
}

// ageGroup finds the age class by the year of birth: the day is sealed, and half a year to either side is what the
// statistics of other systems live with too.
func (r *Report) ageGroup(year string) string {
	born, err := strconv.Atoi(year)
	if err != nil || born == 0 {
		return ""
	}
	return library.AgeGroupOf(r.Ages, r.End.Year-born)
}

func occupationGroup(key string) string {
	if o, ok := library.OccupationByKey(key); ok {
		return o.Group
	}
	return ""
}

func regroup(shares []store.Share, group func(string) string) []store.Share {
	sums := map[string]store.Share{}
	for _, one := range shares {
		key := group(one.Key)
		sum := sums[key]
		sums[key] = store.Share{Key: key, All: sum.All + one.All, New: sum.New + one.New}
	}
	out := make([]store.Share, 0, len(sums))
	for _, sum := range sums {
		out = append(out, sum)
	}
	return out
}

func indexOf[T any](list []T, key func(T) string) map[string]int {
	index := map[string]int{}
	for i, one := range list {
		index[key(one)] = i
	}
	return index
}

// order puts the shares into the order of a list, or the largest first; what nobody stated comes last.
func order(shares []store.Share, index map[string]int) {
	slices.SortFunc(shares, func(a, b store.Share) int {
		blank := cmp.Compare(number(a.Key == ""), number(b.Key == ""))
		if index != nil {
			return cmp.Or(blank, cmp.Compare(index[a.Key], index[b.Key]), cmp.Compare(a.Key, b.Key))
		}
		return cmp.Or(blank, cmp.Compare(b.All, a.All), cmp.Compare(a.Key, b.Key))
	})
}

func number(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func (r *Report) register(ctx context.Context, s *store.Store, from, to int64) error {
	sums, err := s.CountRegister(ctx, from, to)
	if err != nil {
		return err
	}
	kinds, purposes, stops := map[string]Sum{}, map[string]Sum{}, map[string]Sum{}
	for _, line := range sums {
		r.Register.Visits += line.Visits
		r.Register.People += line.People
		if line.Late {
			r.Register.Late += line.People
		}
		if line.Kind == groupKind {
			r.Register.Grouped += line.People
		}
		add(kinds, line.Kind, line)
		add(purposes, line.Purpose, line)
		if r.Stops {
			add(stops, line.Stop, line)
		}
	}
	r.Register.Kinds, r.Register.Purposes, r.Register.Stops = largestFirst(kinds), largestFirst(purposes), largestFirst(stops)
	return nil
}

// groupKind is the kind of a line that counts several people.
const groupKind = "group"

func add(to map[string]Sum, key string, line store.RegisterSum) {
	sum := to[key]
	to[key] = Sum{Key: key, Visits: sum.Visits + line.Visits, People: sum.People + line.People}
}

func largestFirst(sums map[string]Sum) []Sum {
	out := make([]Sum, 0, len(sums))
	for _, s := range sums {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b Sum) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(b.Visits, a.Visits), cmp.Compare(a.Key, b.Key))
	})
	return out
}

func (r *Report) stretches(ctx context.Context, s *store.Store, from, to int64) error {
	days, err := s.NewByDay(ctx, from, to)
	if err != nil {
		return err
	}
	r.New = r.stretch(days)
	if days, err = s.VisitorsByDay(ctx, from, to); err != nil {
		return err
	}
	r.Visitors = r.stretch(days)
	return nil
}

// stretch sums days to months; in a report of one month it lists the days that had any.
func (r *Report) stretch(days map[int64]int64) []Stretch {
	var out []Stretch
	for day := r.Period.From; day.Compare(r.End) <= 0; day = day.AddDays(1) {
		sum := days[int64(day.Days())]
		switch {
		case r.Period.Months == 1:
			if sum > 0 {
				out = append(out, Stretch{From: day, Sum: sum})
			}
			continue
		case day.Day == 1:
			out = append(out, Stretch{From: day, Month: true})
		}
		out[len(out)-1].Sum += sum
	}
	return out
}

func (r *Report) outcomes(ctx context.Context, s *store.Store, from, to int64) error {
	sums, err := s.CountOutcomes(ctx, from, to)
	if err != nil {
		return err
	}
	o, reasons := &r.Outcomes, map[string]Sum{}
	for _, sum := range sums {
		o.All += sum.Count
		if sum.Late {
			o.Late += sum.Count
		}
		switch {
		case sum.Member:
			o.Granted += sum.Count
			if sum.Timed {
				r.Times.Timed += sum.Count
			} else {
				r.Times.Untimed += sum.Count
			}
		case sum.Stage == "refused":
			o.Refused += sum.Count
			reasons[sum.Outcome] = Sum{Key: sum.Outcome, Visits: reasons[sum.Outcome].Visits + sum.Count}
		case sum.Stage == "withdrawn":
			o.Withdrawn += sum.Count
		case sum.Stage == "lapsed":
			o.Lapsed += sum.Count
		case sum.Stage == "same":
			o.Same += sum.Count
		default:
			o.Open += sum.Count
		}
	}
	o.Reasons = largestFirst(reasons)
	return nil
}

// Times are the times of the steps against the SOP's standard.
type Times struct {
	Timed, Untimed int64 // registrations granted: with the clocks running, and without (classes, late entries …)
	Standard       library.Standard
	Steps          [6]Spread
	Whole          Spread
}

// Spread is how long something took: the middle and what nine in ten did not exceed, by nearest rank.
type Spread struct {
	N           int
	Median, P90 time.Duration
	Within      int // how many kept to the standard
}

func (r *Report) times(ctx context.Context, s *store.Store, from, to int64) error {
	var steps [7][]int64
	err := s.StepTimes(ctx, from, to, func(ms [6]int64) {
		var whole int64
		for i, one := range ms {
			whole += one
			if one > 0 {
				steps[i] = append(steps[i], one)
			}
		}
		if whole > 0 {
			steps[6] = append(steps[6], whole)
		}
	})
	if err != nil {
		return err
	}
	r.Times.Standard = r.Standards.At(r.End)
	for i := range r.Times.Steps {
		r.Times.Steps[i] = spread(steps[i], r.Times.Standard.Times[i])
	}
	r.Times.Whole = spread(steps[6], r.Times.Standard.Times.Sum())
	return nil
}

func spread(ms []int64, standard time.Duration) Spread {
	if len(ms) == 0 {
		return Spread{}
	}
	slices.Sort(ms)
	rank := func(part float64) time.Duration {
		return time.Duration(ms[int(math.Ceil(part*float64(len(ms))))-1]) * time.Millisecond
	}
	over, _ := slices.BinarySearch(ms, standard.Milliseconds()+1)
	return Spread{N: len(ms), Median: rank(0.5), P90: rank(0.9), Within: over}
}
