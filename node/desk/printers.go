package desk

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"simpul/node/card"
	"simpul/node/library"
)

// Printer is one that cards are printed on from this PC.
type Printer struct {
	Key  string  `json:"key"` // for ever; an officer changes only the name
	Name string  `json:"name"`
	Kind string  `json:"kind"` // PrinterCard or PrinterSheet
	X    float64 `json:"x"`    // mm to the right that its prints are moved
	Y    float64 `json:"y"`    // mm down
}

// Kinds of printers: one prints on cards of plastic, the other on A4.
const (
	PrinterCard  = "card"
	PrinterSheet = "sheet"

	maxPrinters   = 12
	maxPrinterMM  = 15
	maxPrinterTag = 40 // letters of a name
)

// Forms in which cards are printed: one a page, ten on A4, or four on A4 in black to fold and laminate.
const (
	FormCard  = "card"
	FormSheet = "sheet"
	FormFold  = "fold"
)

// firstPrinters are those of a node where nobody has named any: one of each kind, the A4 one with the offsets from before
// there were several.
func firstPrinters(s Settings) []Printer {
	return []Printer{
		{Key: "a4", Name: "Printer A4", Kind: PrinterSheet, X: s.PrinterX, Y: s.PrinterY},
		{Key: "kartu", Name: "Printer kartu", Kind: PrinterCard},
	}
}

// Way is one way of printing cards: on which printer, in which form.
type Way struct {
	Printer Printer
	Form    string
}

// Key names the way in settings and forms.
func (w Way) Key() string { return w.Printer.Key + ":" + w.Form }

// Places is how many cards a page takes, 0 when it is a card itself.
func (w Way) Places() int {
	switch w.Form {
	case FormSheet:
		return card.PerSheet
	case FormFold:
		return card.PerFold
	}
	return 0
}

// Ways are all ways there are, by printer.
func (s Settings) Ways() []Way {
	var all []Way
	for _, p := range s.Printers {
		if p.Kind == PrinterCard {
			all = append(all, Way{p, FormCard})
			continue
		}
		all = append(all, Way{p, FormSheet}, Way{p, FormFold})
	}
	return all
}

// Way finds one by its key.
func (s Settings) Way(key string) (Way, bool) {
	all := s.Ways()
	i := slices.IndexFunc(all, func(w Way) bool { return w.Key() == key })
	if i < 0 {
		return Way{}, false
	}
	return all[i], true
}

// UsualWay is the one chosen last for a list, or for one card. At first a list goes on A4, and one card on a card.
func (s Settings) UsualWay(one bool) Way {
	chosen, form := s.PrintWay, FormSheet
	if one {
		chosen, form = s.PrintWayOne, FormCard
	}
	if way, ok := s.Way(chosen); ok {
		return way
	}
	all := s.Ways()
	if i := slices.IndexFunc(all, func(w Way) bool { return w.Form == form }); i >= 0 {
		return all[i]
	}
	return all[0]
}

// checkPrinters finds what is wrong with a list of printers.
func checkPrinters(field string, printers []Printer) []library.Problem {
	var out []library.Problem
	if len(printers) > maxPrinters {
		out = append(out, library.Problem{Field: field, Key: "problem.too_many_printers", Args: []any{maxPrinters}})
	}
	seen := map[string]bool{}
	for _, p := range printers {
		name := strings.ToLower(p.Name)
		switch {
		case library.CleanLine(p.Name) == "":
			out = append(out, library.Problem{Field: "printer_" + p.Key, Key: library.KeyMissing})
		case len([]rune(p.Name)) > maxPrinterTag:
			out = append(out, library.Problem{Field: "printer_" + p.Key, Key: library.KeyTooLong, Args: []any{maxPrinterTag}})
		case seen[name]:
			out = append(out, library.Problem{Field: "printer_" + p.Key, Key: "problem.printer_twice"})
		}
		seen[name] = true
		if p.Kind != PrinterCard && p.Kind != PrinterSheet {
			out = append(out, library.Problem{Field: "printer_" + p.Key + "_kind", Key: library.KeyChoose})
		}
		for axis, mm := range map[string]float64{"_x": p.X, "_y": p.Y} {
			if !(mm >= -maxPrinterMM && mm <= maxPrinterMM) {
				out = append(out, library.Problem{Field: "printer_" + p.Key + axis, Key: "problem.between", Args: []any{-maxPrinterMM, maxPrinterMM}})
			}
		}
	}
	return out
}

// TestPage is a page that shows where a printer prints, with offsets that need not have been saved.
func (d *Desk) TestPage(_ context.Context, who Actor, p Printer, w Words) ([]byte, error) {
	if err := who.may(library.ManageSettings); err != nil {
		return nil, err
	}
	if problems := checkPrinters("printers", []Printer{p}); len(problems) > 0 {
		return nil, library.Invalid(problems...)
	}
	page := card.Calibration{Options: card.Options{Made: d.Now(), Title: w("print.test"), OffsetX: p.X, OffsetY: p.Y}, Card: p.Kind == PrinterCard, Heading: w("print.test")}
	steps := "print.test.sheet."
	if page.Card {
		steps = "print.test.card."
	}
	for _, n := range []string{"1", "2", "3", "4"} {
		page.Steps = append(page.Steps, w(steps+n))
	}
	var out bytes.Buffer
	if err := page.Print(&out); err != nil {
		return nil, told(err)
	}
	return out.Bytes(), nil
}
