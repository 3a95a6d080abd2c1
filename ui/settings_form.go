package ui

import (
	"slices"
	"strconv"
	"strings"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// settingsForm is one page of the settings while it is drawn and, when it was sent, read: a page names each setting once.
type settingsForm struct {
	r      *request
	s      desk.Settings
	sent   bool
	parts  []view.SettingPart
	values map[string]any // by the JSON names of the settings
	bad    []library.Problem
}

func newSettingsForm(r *request, sent bool) *settingsForm {
	return &settingsForm{r: r, s: r.server.Desk.Settings(), sent: sent, values: map[string]any{}}
}

// label and hint of a setting; the hint is optional.
func (f *settingsForm) label(name string) string { return f.r.t("settings." + name) }

func (f *settingsForm) hint(name string) string {
	key := "settings." + name + ".hint"
	if !f.r.server.words.Has(key) {
		return ""
	}
	return f.r.t(key)
}

// typed is what was sent for a field, or else what holds now.
func (f *settingsForm) typed(name, now string) string {
	if f.sent {
		return f.r.value(name)
	}
	return now
}

func (f *settingsForm) heading(name string) {
	f.parts = append(f.parts, view.SettingPart{Heading: f.label(name), Text: f.hint(name)})
}

func (f *settingsForm) add(field view.Field) string {
	f.parts = append(f.parts, view.SettingPart{Field: &field})
	return field.Value
}

// text is one line; it becomes the setting of that name.
func (f *settingsForm) text(name, now string, width int) {
	f.values[name] = f.add(view.Field{Name: name, Label: f.label(name), Hint: f.hint(name), Value: f.typed(name, now), Auto: "off", Width: width, Maximum: 200})
}

// lines is a list, one entry a line.
func (f *settingsForm) lines(name string, now []string) {
	typed := f.add(view.Field{Name: name, Label: f.label(name), Hint: f.hint(name), Value: f.typed(name, strings.Join(now, "\n")), Lines: 5, Auto: "off"})
	list := []string{}
	for line := range strings.SplitSeq(typed, "\n") {
		if line = library.CleanLine(line); line != "" {
			list = append(list, line)
		}
	}
	if slices.Equal(list, now) {
		list = now // none stays none, not an empty list
	}
	f.values[name] = list
}

func (f *settingsForm) number(name string, now int) {
	typed := f.add(view.Field{Name: name, Label: f.label(name), Hint: f.hint(name), Value: f.typed(name, strconv.Itoa(now)), Mode: "numeric", Width: 5, Auto: "off", Maximum: 8})
	f.values[name] = f.whole(name, typed)
}

// whole reads a number; what is none is a problem at its field.
func (f *settingsForm) whole(name, typed string) int {
	n, err := strconv.Atoi(typed)
	if err != nil {
		f.problem(name, "problem.number")
	}
	return n
}

// millimetres are written with a comma, and read with a comma or a point; nothing is none.
func millimetres(mm float64) string {
	return strings.Replace(strconv.FormatFloat(mm, 'f', -1, 64), ".", ",", 1)
}

func parseMillimetres(typed string) (float64, error) {
	if typed == "" {
		return 0, nil
	}
	return strconv.ParseFloat(strings.Replace(typed, ",", ".", 1), 64)
}

// tick is a box; it answers whether it is ticked and becomes no setting by itself.
func (f *settingsForm) tick(name, label string, now bool) bool {
	if f.sent {
		now = f.r.ticked(name)
	}
	f.parts = append(f.parts, view.SettingPart{Check: &view.Check{Name: name, Label: label, Hint: f.hint(name), On: now}})
	return now
}

func (f *settingsForm) flag(name string, now bool) { f.values[name] = f.tick(name, f.label(name), now) }

// choice is one of a few; it answers which.
func (f *settingsForm) choice(name, now string, options ...string) string {
	c := view.Choice{Name: name, Label: f.label(name), Hint: f.hint(name), Value: f.typed(name, now)}
	for _, o := range options {
		c.Options = append(c.Options, view.Option{Value: o, Text: f.label(name + "." + o)})
	}
	f.parts = append(f.parts, view.SettingPart{Radios: &c})
	return c.Value
}

// row is some short fields beside each other, not yet settings.
func (f *settingsForm) row(fields ...view.Field) {
	f.parts = append(f.parts, view.SettingPart{Row: fields})
}

func (f *settingsForm) problem(field, key string, args ...any) {
	f.bad = append(f.bad, library.Problem{Field: field, Key: key, Args: args})
}

// mark puts problems at their fields.
func (f *settingsForm) mark(p view.Problems) {
	for i := range f.parts {
		part := &f.parts[i]
		switch {
		case part.Field != nil:
			*part.Field = part.Field.With(p)
		case part.Radios != nil:
			*part.Radios = part.Radios.With(p)
		case part.Check != nil:
			*part.Check = part.Check.With(p)
		}
		for j := range part.Row {
			part.Row[j] = part.Row[j].With(p)
		}
		if l := part.Printer; l != nil {
			l.Name, l.Kind, l.X, l.Y = l.Name.With(p), l.Kind.With(p), l.X.With(p), l.Y.With(p)
		}
	}
}
