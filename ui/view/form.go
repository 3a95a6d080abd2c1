package view

import (
	"reflect"
	"slices"
	"strings"
)

// Problem is one thing to mend in a form, at one of its fields.
type Problem struct {
	Field   string // name of the input; empty when it concerns the whole form
	Text    string
	Warning bool   // an officer may keep the value and say why
	Bare    bool   // the sentence alone does not say which field it is about
	Label   string // of the field of a bare one, for the summary; see Problems.Named
}

// Problems are all that was found wrong with one form.
type Problems []Problem

// Any reports whether there is anything to mend.
func (p Problems) Any() bool { return len(p) > 0 }

// Errors returns those that must be mended before the form is accepted.
func (p Problems) Errors() Problems { return p.pick(false) }

// Warnings returns those that may be confirmed with a reason.
func (p Problems) Warnings() Problems { return p.pick(true) }

func (p Problems) pick(warning bool) Problems {
	var some Problems
	for _, one := range p {
		if one.Warning == warning {
			some = append(some, one)
		}
	}
	return some
}

// Named returns the problems with the labels of their fields, wherever those stand in the view v, so that the summary
// above a form tells one "Perlu diisi." from the next.
func (p Problems) Named(v any) Problems {
	labels := map[string]string{}
	collectLabels(reflect.ValueOf(v), labels)
	named := slices.Clone(p)
	for i, one := range named {
		if one.Bare {
			named[i].Label = labels[one.Field]
		}
	}
	return named
}

func collectLabels(v reflect.Value, labels map[string]string) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		collectLabels(v.Elem(), labels)
	case reflect.Slice:
		for i := range v.Len() {
			collectLabels(v.Index(i), labels)
		}
	case reflect.Struct:
		name, label := v.FieldByName("Name"), v.FieldByName("Label")
		if name.IsValid() && label.IsValid() && name.Kind() == reflect.String && label.Kind() == reflect.String {
			labels[name.String()] = label.String()
			return
		}
		for i := range v.NumField() {
			collectLabels(v.Field(i), labels)
		}
	}
}

// At returns the sentences at one field, errors before warnings, and whether all of them are warnings.
func (p Problems) At(field string) (text string, warning bool) {
	var errs, warns []string
	for _, one := range p {
		switch {
		case one.Field != field:
		case one.Warning:
			warns = append(warns, one.Text)
		default:
			errs = append(errs, one.Text)
		}
	}
	if len(errs) > 0 {
		return strings.Join(errs, " "), false
	}
	return strings.Join(warns, " "), len(warns) > 0
}

// Field is one text input with its label. Template part "field".
type Field struct {
	Name      string // name and id of the input
	Label     string
	Hint      string // optional: one sentence under the label
	Value     string
	Optional  bool   // writes "(opsional)" behind the label
	Kind      string // type of the input: "text" when empty, "tel", "password", "email", "search"
	Mode      string // inputmode: "numeric" brings up the digits on a phone
	Auto      string // autocomplete: "name", "off", "current-password"
	Width     int    // characters the box is drawn for; 0 is the whole row
	Lines     int    // above 1 draws a text area
	Maximum   int    // maxlength; 0 is none. Leave room: the server tells people better than a box that stops
	Error     string
	Warning   string // shown with a box to confirm and a line for the reason
	Confirmed bool   // the warning was confirmed
	Reason    string // why it was confirmed, as typed
	Suggest   []string
	Focus     bool // takes the focus when the page opens, unless there are problems
	NoSpell   bool // names and numbers: no red wave under them
}

// With returns the field with what was found wrong with it.
func (f Field) With(p Problems) Field {
	text, warning := p.At(f.Name)
	if warning {
		f.Warning, f.Error = text, ""
	} else {
		f.Error = text
	}
	return f
}

// Described lists the ids that describe the input, for aria-describedby.
func (f Field) Described() string { return described(f.Name, f.Hint, f.Error+f.Warning) }

// DateField is a date in three boxes, as it is printed on documents: day, month, year. Template part "date".
// The inputs are called Name_d, Name_m and Name_y; a month may be typed as a word.
type DateField struct {
	Name, Label, Hint string
	Day, Month, Year  string // as typed
	Optional          bool
	Birth             bool // offers the browser's own birthday
	Error, Warning    string
	Confirmed         bool
	Reason            string
}

// With returns the date with what was found wrong with it.
func (d DateField) With(p Problems) DateField {
	text, warning := p.At(d.Name)
	if warning {
		d.Warning, d.Error = text, ""
	} else {
		d.Error = text
	}
	return d
}

// Described lists the ids that describe the group.
func (d DateField) Described() string { return described(d.Name, d.Hint, d.Error+d.Warning) }

// Choice is one value out of a few. Template part "radios" up to about seven options, "select" above.
type Choice struct {
	Name, Label, Hint string
	Value             string // the chosen option's value
	Options           []Option
	Optional          bool
	Empty             string // text of the empty option of a select
	Inline            bool   // radios beside each other
	Error, Warning    string
	Confirmed         bool
	Reason            string
}

// Option is one value of a choice.
type Option struct{ Value, Text, Hint string }

// With returns the choice with what was found wrong with it.
func (c Choice) With(p Problems) Choice {
	text, warning := p.At(c.Name)
	if warning {
		c.Warning, c.Error = text, ""
	} else {
		c.Error = text
	}
	return c
}

// Described lists the ids that describe the group.
func (c Choice) Described() string { return described(c.Name, c.Hint, c.Error+c.Warning) }

// Check is one box to tick. Template part "check".
type Check struct {
	Name, Label, Hint string
	Value             string // sent when ticked; "1" when empty
	On                bool
	Error             string
}

// With returns the box with what was found wrong with it.
func (c Check) With(p Problems) Check {
	c.Error, _ = p.At(c.Name)
	return c
}

// Described lists the ids that describe the box.
func (c Check) Described() string { return described(c.Name, c.Hint, c.Error) }

// Confirm is an action that needs a reason before it is done: refuse, block, pause. It opens in place without
// JavaScript. Template part "confirm".
type Confirm struct {
	Action  string // path the form is sent to
	CSRF    string
	Text    string // on the quiet button that opens it, ending in "…"
	Explain string // what will happen
	Button  string // on the button that does it
	Danger  bool
	Value   string   // the reason chosen before
	Reasons []Option // to choose from, field "reason"; none leaves only the line to write on
	Note    Field    // the line to write on; its name is "note" when empty
	Bare    bool     // nothing to write
	Version string   // of the record the page was made from; empty is not compared
	Open    bool     // opened, because it came back with problems
	Error   string   // at the reasons
}

func described(name, hint, problem string) string {
	var ids []string
	if hint != "" {
		ids = append(ids, name+"-hint")
	}
	if problem != "" {
		ids = append(ids, name+"-problem")
	}
	return strings.Join(ids, " ")
}
