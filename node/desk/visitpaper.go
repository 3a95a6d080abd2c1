package desk

import (
	"context"
	"io"
	"strconv"
	"time"

	"simpul/node/card"
	"simpul/node/library"
)

// maxPrinted bounds the lines of one printed day; the sums hold all of them.
const maxPrinted = 2000

// Say returns the sentence for a key in the language of the paper.
type Say func(key string, args ...any) string

// VisitSheet says what a printed page of the register is to hold.
type VisitSheet struct {
	Day      library.Date
	DayText  string // the day in words
	Stop     string
	Say      Say
	Clock    func(time.Time) string // "14.02"
	Printed  string                 // "Dicetak 23-11-2026, 14.02"
	Officer  string                 // who signs
	Purposes map[string]string      // labels by key
}

// PrintVisits writes the register of a day as PDF: the lines in the order of
// time, the sums, a place to sign.
func (d *Desk) PrintVisits(ctx context.Context, who Actor, w io.Writer, sheet VisitSheet) error {
	sums, err := d.SumsOn(ctx, who, sheet.Day, sheet.Stop)
	if err != nil {
		return err
	}
	list, _, err := d.VisitsOn(ctx, who, VisitPage{Day: sheet.Day, Stop: sheet.Stop, Limit: maxPrinted})
	if err != nil {
		return err
	}
	say := sheet.Say
	table := card.Table{Numbered: true, Columns: []card.Column{{Head: say("visits.time"), Share: 1.1}, {Head: say("visits.who"), Share: 4},
		{Head: say("visits.kind"), Share: 2}, {Head: say("visits.purpose"), Share: 2.6}, {Head: say("visits.people"), Share: 1, Right: true}}}
	for i := len(list) - 1; i >= 0; i-- {
		v := list[i]
		if v.Voided {
			continue
		}
		at := sheet.Clock(v.At)
		if v.Late {
			at = say("visits.late_short")
		}
		table.Rows = append(table.Rows, []string{at, v.Who(say), say("visits.kind." + v.Kind), label(sheet.Purposes, v.Purpose), strconv.Itoa(v.People)})
	}
	blocks := []card.Block{table, card.Heading(say("visits.sums")),
		sumTable(say("visits.kind"), say, sums.Kinds, func(key string) string { return say("visits.kind." + key) }),
		sumTable(say("visits.purpose"), say, sums.Purposes, func(key string) string { return label(sheet.Purposes, key) }),
		card.Paragraph{Text: say("visits.total", sums.Visits, sums.People), Bold: true},
		card.Signatures{{Above: sheet.DayText, Role: say("visits.officer"), Name: sheet.Officer}}}
	return card.Print(w, d.Now(), say("visits.paper"), card.Paper{Library: d.Settings().Name, Title: say("visits.paper"),
		Subtitle: sheet.DayText + stopText(sheet.Stop), Blocks: blocks, Footer: sheet.Printed,
		PageLabel: func(page, pages int) string { return say("visits.page", page, pages) }})
}

func sumTable(head string, say Say, sums []VisitSum, name func(string) string) card.Table {
	t := card.Table{Columns: []card.Column{{Head: head, Share: 4}, {Head: say("visits.lines"), Share: 1, Right: true}, {Head: say("visits.people"), Share: 1, Right: true}}}
	for _, s := range sums {
		t.Rows = append(t.Rows, []string{name(s.Key), strconv.Itoa(s.Visits), strconv.Itoa(s.People)})
	}
	return t
}

// Who says in words whose line it is.
func (v Visit) Who(say Say) string {
	switch {
	case v.Reduced && v.Name == "":
		return say("visits.who_reduced")
	case v.Kind == VisitGroup:
		return say("visits.who_group", v.Institution, v.Name)
	case v.Kind == VisitUnknown:
		return say("visits.who_number", v.ShownNumber())
	case v.Name == "":
		return say("visits.who_nobody")
	}
	return v.Name
}

// ShownNumber is the number as screens and paper may show it: somebody may have
// typed a NIK in its place.
func (v Visit) ShownNumber() string {
	if nik, err := library.ParseNIK(v.Number); err == nil {
		return nik.Masked()
	}
	return v.Number
}

func stopText(stop string) string {
	if stop == "" {
		return ""
	}
	return " · " + stop
}

func label(labels map[string]string, key string) string {
	if text, ok := labels[key]; ok {
		return text
	}
	return key
}

// PrintBlankRegister writes an empty register to fill in by hand while the PC is
// out of use; its columns are those of late entry.
func (d *Desk) PrintBlankRegister(who Actor, w io.Writer, say Say) error {
	if err := who.may(library.RecordVisit); err != nil {
		return err
	}
	s := d.Settings()
	fields := []card.Field{{Label: say("late.date")}, {Label: say("visits.officer")}}
	if s.Role.HasStops() {
		fields = append(fields, card.Field{Label: say("visits.stop")})
	}
	lines := card.Table{Numbered: true, RowHeight: 8.2, Blank: 20, Columns: []card.Column{{Head: say("late.clock"), Share: 1},
		{Head: say("late.number"), Share: 2.4}, {Head: say("late.name"), Share: 3.6}, {Head: say("late.sex"), Share: 0.8}, {Head: say("kiosk.age"), Share: 1},
		{Head: say("late.school"), Share: 2.2}, {Head: say("kiosk.origin"), Share: 1.8}, {Head: say("visits.purpose"), Share: 2}}}
	groups := card.Table{Numbered: true, RowHeight: 9, Blank: 4, Columns: []card.Column{{Head: say("kiosk.institution"), Share: 3},
		{Head: say("kiosk.leader"), Share: 3}, {Head: say("kiosk.phone"), Share: 2}, {Head: say("kiosk.men"), Share: 1}, {Head: say("kiosk.women"), Share: 1}, {Head: say("visits.purpose"), Share: 2}}}
	return card.Print(w, d.Now(), say("late.paper"), card.Paper{Library: s.Name, Title: say("late.paper"), Subtitle: say("late.paper_text"), Landscape: true,
		Blocks:    []card.Block{card.Fields{Fields: fields, Columns: len(fields)}, lines, card.Heading(say("kiosk.group")), groups},
		Footer:    say("late.paper_foot"),
		PageLabel: func(page, pages int) string { return say("visits.page", page, pages) }})
}
