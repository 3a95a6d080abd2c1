package ui

import (
	"encoding/base64"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

func cardSettings(f *settingsForm) {
	f.text("card_heading", f.s.CardHeading, 0)
	f.text("card_subheading", f.s.CardSubheading, 0)
	for name, now := range map[string]string{"card_ink": f.s.CardInk, "card_accent": f.s.CardAccent} {
		f.values[name] = f.typed(name, now)
	}
	f.row(view.Field{Name: "card_ink", Label: f.label("card_ink"), Value: f.values["card_ink"].(string), Kind: "color"},
		view.Field{Name: "card_accent", Label: f.label("card_accent"), Value: f.values["card_accent"].(string), Kind: "color"})
	f.lines("card_rules", f.s.CardRules)
	f.emblem()
	f.printers()
}

// emblem becomes the emblem as it would be saved: one chosen just now, or what the form carries from a look before, or none.
func (f *settingsForm) emblem() {
	now := f.s.CardEmblem
	if f.sent && f.r.form.Has("card_emblem") {
		carried, err := base64.StdEncoding.DecodeString(f.r.value("card_emblem"))
		if err != nil {
			f.problem("emblem", "error.card.emblem_unreadable")
		}
		now = carried
	}
	if f.sent && f.r.ticked("emblem_gone") {
		now = nil
	}
	file, err := f.r.file("emblem")
	if f.sent && err == nil && file != nil {
		var small []byte
		if small, err = desk.PrepareEmblem(file); err == nil {
			now = small
		}
	}
	if f.sent && err != nil {
		f.bad = append(f.bad, library.ProblemsOf(err)...)
	}
	if len(now) == 0 {
		now = nil // none is null, not an empty list
	}
	f.values["card_emblem"] = now
}

// printers are the ones there are and a line for one more. Emptied lines are no printers.
func (f *settingsForm) printers() {
	f.heading("printers")
	var list []desk.Printer
	for _, p := range f.s.Printers {
		gone := f.sent && f.r.ticked("printer_"+p.Key+"_gone")
		if p = f.printer(p, gone); !gone {
			list = append(list, p)
		}
	}
	added := f.printer(desk.Printer{Key: newPrinter}, false)
	if added.Name == "" {
		f.values["printers"] = list
		return
	}
	twice := func(p desk.Printer) bool { return strings.EqualFold(p.Name, added.Name) }
	switch {
	case added.Kind == "":
		f.problem("printer_new_kind", library.KeyChoose)
	case slices.ContainsFunc(list, twice):
		f.problem("printer_new", "problem.printer_twice")
	}
	added.Key = freeKey(added.Name, func(key string) bool {
		return key == newPrinter || slices.ContainsFunc(f.s.Printers, func(p desk.Printer) bool { return p.Key == key })
	})
	f.values["printers"] = append(list, added)
}

// newPrinter is the key of the line for one more, and of no printer.
const newPrinter = "new"

// printer is the line of one printer, as it was sent or as it stands.
func (f *settingsForm) printer(p desk.Printer, gone bool) desk.Printer {
	name := "printer_" + p.Key
	line := view.PrinterLine{Key: p.Key, New: p.Key == newPrinter, Gone: gone,
		Name: view.Field{Name: name, Label: f.label("printer_name"), Value: f.typed(name, p.Name), Auto: "off", Maximum: 40, Optional: p.Key == newPrinter},
		Kind: view.Choice{Name: name + "_kind", Label: f.label("printer_kind"), Value: f.typed(name+"_kind", p.Kind)}}
	if line.New {
		line.Name.Label = f.label("printer_new")
	}
	for _, kind := range []string{desk.PrinterSheet, desk.PrinterCard} {
		line.Kind.Options = append(line.Kind.Options, view.Option{Value: kind, Text: f.label("printer_kind." + kind)})
	}
	p.Name, p.Kind = library.CleanLine(line.Name.Value), line.Kind.Value
	used := !gone && !(line.New && p.Name == "")
	line.X = f.offset(name+"_x", f.label("printer_x"), &p.X, used)
	line.Y = f.offset(name+"_y", f.label("printer_y"), &p.Y, used)
	f.parts = append(f.parts, view.SettingPart{Printer: &line})
	return p
}

// offset is a field for millimetres, with a comma or a point.
func (f *settingsForm) offset(name, label string, mm *float64, used bool) view.Field {
	field := view.Field{Name: name, Label: label, Value: f.typed(name, millimetres(*mm)), Width: 6, Auto: "off", Maximum: 8}
	n, err := parseMillimetres(field.Value)
	if used && err != nil {
		f.problem(name, "problem.number")
	}
	*mm = n
	return field
}

// lookAtCard draws the card by what stands in the form, without saving it.
func lookAtCard(r *request) error {
	look, err := r.cardLook(cardForm(r))
	if err != nil {
		return err
	}
	return r.part("settings", "card-look", look)
}

// cardForm reads the page of the card as it was sent.
func cardForm(r *request) *settingsForm {
	f := newSettingsForm(r, true)
	cardSettings(f)
	return f
}

func (r *request) cardLook(f *settingsForm) (*view.CardLook, error) {
	sides, err := r.server.Desk.PreviewCard(r.actor(), f.values, r.printed())
	if err != nil {
		return nil, err
	}
	return r.drawnLook(f, sides), nil
}

// drawnLook has what is wrong with the colours or the emblem said at once.
func (r *request) drawnLook(f *settingsForm, sides desk.CardSides) *view.CardLook {
	emblem, _ := f.values["card_emblem"].([]byte)
	look := &view.CardLook{Front: dataURL("image/svg+xml", sides.Front), Back: dataURL("image/svg+xml", sides.Back), Data: base64.StdEncoding.EncodeToString(emblem)}
	if len(emblem) > 0 {
		look.Emblem = dataURL(http.DetectContentType(emblem), emblem)
	}
	for _, p := range append(slices.Clone(f.bad), desk.CheckSettings(f.values)...) {
		switch {
		case p.Field == "emblem" && look.EmblemProblem == "":
			look.EmblemProblem = r.t(p.Key, p.Args...)
		case p.Field == "card_ink" || p.Field == "card_accent":
			look.Problems = append(look.Problems, r.t(p.Key, p.Args...))
		}
	}
	return look
}

// dataURL is a picture within the page: what has not been saved has no address.
func dataURL(kind string, data []byte) template.URL {
	if len(data) == 0 {
		return ""
	}
	return template.URL("data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(data)) //nolint:gosec // our own renderer's
}

// printTest answers with the test page of one printer of the form, by the offsets that stand there.
func printTest(r *request) error {
	f := cardForm(r)
	printers, _ := f.values["printers"].([]desk.Printer)
	err := error(library.E(library.KindNotFound, "error.not_found"))
	var pdf []byte
	key := r.value("uji")
	for _, p := range printers {
		if p.Key == key {
			pdf, err = r.server.Desk.TestPage(r.ctx(), r.actor(), p, r.printed())
		}
	}
	for _, p := range f.bad {
		if strings.HasPrefix(p.Field, "printer_"+key) {
			err = library.Invalid(p)
		}
	}
	if err == nil {
		return r.content("application/pdf", "", pdf)
	}
	return r.settingsAgain(settingsPage("/kartu"), f, err)
}
