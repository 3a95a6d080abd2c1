package report

import (
	"strconv"
	"time"

	"simpul/node/library"
	"simpul/node/store"
)

// Words puts a report into a language.
type Words struct {
	Say      func(key string, args ...any) string
	Number   func(int64) string
	Duration func(time.Duration) string
	Date     func(library.Date) string
	Month    func(int) string
	Code     func(library.Code) string
	Purpose  func(key string) string
	Kind     func(key string) string // of membership
	District func(code string) string
}

// Table is one part of a report, the same on the screen, in CSV and on paper.
type Table struct {
	ID, Title string
	Note      string   // optional sentence under the title
	Columns   []string // the first heads the labels
	Lines     []Line
	Chart     int  // the column whose numbers are drawn, from 1; 0 is no chart
	InTime    bool // the lines follow each other in time
}

// Line is one row.
type Line struct {
	Label string
	Cells []Cell
}

// Cell is a number, or words in its place.
type Cell struct {
	N    int64
	Text string // when set, shown instead of N
}

func figures(n ...int64) []Cell {
	out := make([]Cell, len(n))
	for i, one := range n {
		out[i].N = one
	}
	return out
}

// Show writes a cell.
func (c Cell) Show(w Words) string {
	if c.Text != "" {
		return c.Text
	}
	return w.Number(c.N)
}

// Tables makes all parts of the report, in the order in which they are read. Parts without a line are left out.
func (r *Report) Tables(w Words) []Table {
	all := []Table{r.membership(w), r.stretchTable(w, "new", r.New)}
	for _, t := range r.Traits {
		all = append(all, r.traitTable(w, t))
	}
	all = append(all, r.outcomeTable(w), r.reasonTable(w), r.timeTable(w), r.stretchTable(w, "visitors", r.Visitors),
		r.registerTable(w, "visit_kind", r.Register.Kinds, func(key string) string { return w.Say("visits.kind." + key) }),
		r.registerTable(w, "visit_purpose", r.Register.Purposes, w.Purpose),
		r.registerTable(w, "visit_stop", r.Register.Stops, func(key string) string { return key }))
	var out []Table
	for _, t := range all {
		if len(t.Lines) > 0 {
			out = append(out, t)
		}
	}
	return out
}

func (r *Report) membership(w Words) Table {
	t := Table{ID: "membership", Title: w.Say("report.membership"), Columns: []string{w.Say("report.figure"), w.Say("report.number")},
		Note: w.Say("report.as_of", w.Date(r.End))}
	for _, one := range []struct {
		key string
		n   int64
	}{{"all", r.Members.All}, {"active", r.Members.Active}, {"new", r.Members.New}, {"ended", r.Members.Ended},
		{"cards_first", r.Cards.First}, {"cards_replacing", r.Cards.Replacing}, {"visits", r.Register.Visits}, {"visitors", r.Register.People},
		{"grouped", r.Register.Grouped}, {"late", r.Register.Late}} {
		t.Lines = append(t.Lines, Line{w.Say("report." + one.key), figures(one.n)})
	}
	return t
}

func (r *Report) stretchTable(w Words, key string, list []Stretch) Table {
	t := Table{ID: "by-" + key, Title: w.Say("report." + key + ".title"), Columns: []string{w.Say("report.when"), w.Say("report.number")}, Chart: 1, InTime: true}
	for _, s := range list {
		label := w.Date(s.From)
		if s.Month {
			label = w.Month(s.From.Month) + " " + strconv.Itoa(s.From.Year)
		}
		t.Lines = append(t.Lines, Line{label, figures(s.Sum)})
	}
	return t
}

func (r *Report) traitTable(w Words, trait Trait) Table {
	t := Table{ID: "by-" + string(trait.Name), Title: w.Say("report.by." + string(trait.Name)), Chart: 1,
		Columns: []string{w.Say("report.trait." + string(trait.Name)), w.Say("report.all.short"), w.Say("report.new.short")}}
	if trait.Name == store.TraitBirthYear {
		t.Note = w.Say("report.age_note")
	}
	for _, s := range trait.Shares {
		label := r.traitLabel(w, trait.Name, s.Key)
		t.Lines = append(t.Lines, Line{label, figures(s.All, s.New)})
	}
	return t
}

func (r *Report) traitLabel(w Words, trait store.Trait, key string) string {
	code := func(c library.Code, found bool) string {
		if !found {
			return key
		}
		return w.Code(c)
	}
	if key == "" {
		return w.Say("report.unknown")
	}
	switch trait {
	case store.TraitDistrict:
		return w.District(key)
	case store.TraitSex:
		return w.Say("sex." + key)
	case store.TraitEducation:
		e, found := library.EducationByKey(key)
		return code(e.Code, found)
	case store.TraitOccupation:
		return code(library.Find(library.OccupationGroups(), key))
	case store.TraitKind:
		return w.Kind(key)
	case store.TraitBirthYear:
		for _, g := range r.Ages {
			if g.Key == key {
				return w.Code(g.Code)
			}
		}
	}
	return key
}

func (r *Report) outcomeTable(w Words) Table {
	o := r.Outcomes
	t := Table{ID: "outcomes", Title: w.Say("report.outcomes"), Columns: []string{w.Say("report.outcome"), w.Say("report.number")}, Note: w.Say("report.outcomes_note")}
	if o.All == 0 {
		return t
	}
	for _, one := range []struct {
		key string
		n   int64
	}{{"granted", o.Granted}, {"refused", o.Refused}, {"withdrawn", o.Withdrawn}, {"lapsed", o.Lapsed}, {"same", o.Same}, {"open", o.Open},
		{"begun", o.All}, {"begun_late", o.Late}} {
		t.Lines = append(t.Lines, Line{w.Say("report.outcome." + one.key), figures(one.n)})
	}
	return t
}

func (r *Report) reasonTable(w Words) Table {
	t := Table{ID: "reasons", Title: w.Say("report.reasons"), Columns: []string{w.Say("report.reason"), w.Say("report.number")}, Chart: 1}
	for _, s := range r.Outcomes.Reasons {
		label := s.Key
		for _, why := range library.Refusals() {
			if why.Key == s.Key {
				label = w.Code(why.Code)
			}
		}
		t.Lines = append(t.Lines, Line{label, figures(s.Visits)})
	}
	return t
}

func (r *Report) timeTable(w Words) Table {
	t := Table{ID: "times", Title: w.Say("report.times"), Note: w.Say("report.times_note", w.Number(r.Times.Timed), w.Number(r.Times.Untimed), r.Times.Standard.Source),
		Columns: []string{w.Say("report.step"), w.Say("report.standard"), w.Say("report.median"), w.Say("report.p90"), w.Say("report.within"), w.Say("report.measured")}}
	if r.Times.Timed+r.Times.Untimed == 0 {
		return t
	}
	line := func(label string, standard time.Duration, s Spread) {
		cells := []Cell{{Text: w.Duration(standard)}, {Text: "–"}, {Text: "–"}, {Text: "–"}, {N: int64(s.N)}}
		if s.N > 0 {
			cells[1].Text, cells[2].Text = w.Duration(s.Median), w.Duration(s.P90)
			cells[3].Text = w.Say("report.percent", s.Within*100/s.N)
		}
		t.Lines = append(t.Lines, Line{label, cells})
	}
	for i, s := range r.Times.Steps {
		line(strconv.Itoa(i+1)+" "+w.Say("step."+strconv.Itoa(i+1)), r.Times.Standard.Times[i], s)
	}
	line(w.Say("report.whole"), r.Times.Standard.Times.Sum(), r.Times.Whole)
	return t
}

func (r *Report) registerTable(w Words, key string, sums []Sum, label func(string) string) Table {
	t := Table{ID: "by-" + key, Title: w.Say("report.by." + key), Chart: 1, Columns: []string{w.Say("report.trait." + key), w.Say("report.people"), w.Say("report.lines")}}
	for _, s := range sums {
		name := w.Say("report.unknown")
		if s.Key != "" {
			name = label(s.Key)
		}
		t.Lines = append(t.Lines, Line{name, figures(s.People, s.Visits)})
	}
	return t
}
