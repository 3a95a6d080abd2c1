package ui

import (
	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/office"
	"simpul/ui/text"
	"simpul/ui/view"
)

// sides loads the case in the path with both records. Looking is noted in both histories.
func (r *request) sides() (*office.Office, office.Sides, error) {
	o, err := r.office()
	if err != nil {
		return nil, office.Sides{}, err
	}
	one, err := r.id("one")
	if err != nil {
		return nil, office.Sides{}, err
	}
	other, err := r.id("other")
	if err != nil {
		return nil, office.Sides{}, err
	}
	c, err := o.Case(r.ctx(), r.actor(), one, other)
	return o, c, err
}

func showCase(r *request) error {
	_, c, err := r.sides()
	if err != nil {
		return err
	}
	return r.page("case", r.caseView(c))
}

func (r *request) caseView(c office.Sides) *view.Case {
	v := &view.Case{Why: r.t("decide.case.nik"), Sub: r.t("case.sub"), Action: casePath(c.Case),
		Stands: view.Choice{Name: "stands", Label: r.t("case.stands"), Hint: r.t("case.stands.hint"), Value: r.value("stands")},
		Note:   view.Field{Name: "note", Label: r.t("case.note"), Hint: r.t("erase.note.hint"), Value: r.value("note"), Optional: true, Auto: "off", Maximum: 200}}
	v.Title = r.t("case.title")
	if v.Stands.Value == "" {
		v.Stands.Value = c.People[earlier(c)].ID.String() // the first claim stands, unless somebody says otherwise
	}
	for i, rec := range c.People {
		p := view.CasePerson{ID: rec.ID.String(), Title: r.t("case.first", c.Branches[i]), Name: rec.Form.Name, Tags: r.memberStatus(rec), Photo: view.Photo{Alt: r.t("alike.photo")}}
		if rec.PhotoKey != "" {
			p.Photo.Path = "/foto/" + p.ID + "?v=" + rec.PhotoKey
		}
		v.People = append(v.People, p)
		v.Stands.Options = append(v.Stands.Options, view.Option{Value: p.ID, Text: rec.Form.Name, Hint: c.Branches[i] + " · " + r.t("case.registered") + " " + rec.Day.String()})
	}
	v.Lines = r.caseLines(c)
	switch c.State {
	case office.CaseMerged:
		v.Decided = r.t("case.was.merged")
		v.Split = view.Confirm{Action: casePath(c.Case) + "/pisah", CSRF: r.csrf(), Text: r.t("case.split"), Explain: r.t("case.split.explain"), Button: r.t("case.split.do"),
			Note: view.Field{Name: "note", Label: r.t("common.reason")}}
	case office.CaseApart:
		v.Apart = r.t("case.was.apart")
		v.Rejoin = view.Confirm{Action: casePath(c.Case) + "/batal", CSRF: r.csrf(), Text: r.t("case.rejoin"), Explain: r.t("case.rejoin.explain"), Button: r.t("case.rejoin.do"),
			Note: view.Field{Name: "note", Label: r.t("common.reason")}}
	case office.CaseOpen:
		r.addWait(v, c.Case)
	}
	return v
}

// addWait offers to put a case off, or says that it is.
func (r *request) addWait(v *view.Case, c office.Case) {
	if c.Later.Set() {
		v.Waits = r.putOff(c.Later)
		return
	}
	v.Wait = view.Choice{Name: "wait", Label: r.t("case.wait"), Hint: r.t("case.wait.hint"), Value: r.value("wait")}
	for _, w := range office.Waits() {
		v.Wait.Options = append(v.Wait.Options, view.Option{Value: string(w), Text: r.t("case.wait." + string(w))})
	}
}

// putOff says who put a case off, and until when.
func (r *request) putOff(l office.Later) string {
	if l.Until.IsZero() {
		return r.t("case.waits.change", l.Who, text.Date(l.At))
	}
	return r.t("case.waits", l.Who, text.Date(l.At), text.Date(l.Until))
}

func earlier(c office.Sides) int {
	if c.People[1].Opened.Before(c.People[0].Opened) {
		return 1
	}
	return 0
}

// caseLines are the fields of both, line by line. Numbers of identity and contact are masked: that they are equal is said.
func (r *request) caseLines(c office.Sides) []view.CaseLine {
	var forms [2]library.Form
	for i, rec := range c.People {
		f := rec.Form
		f.NIK, f.IdentityNumber = library.NIK(f.NIK).Masked(), masked(f.IdentityNumber)
		f.Phone, f.Email, f.Guardian.Phone = masked(f.Phone), masked(f.Email), masked(f.Guardian.Phone)
		forms[i] = f
	}
	var lines []view.CaseLine
	for _, l := range c.Lines {
		a, b := r.said(forms[0], l.Field), r.said(forms[1], l.Field)
		if a != "" || b != "" {
			lines = append(lines, view.CaseLine{Label: r.t("field." + l.Field), Values: []string{a, b}, Differs: l.Differs})
		}
	}
	for _, own := range []struct {
		key string
		of  func(desk.Record) string
	}{{"case.number", numberOf}, {"case.registered", func(rec desk.Record) string { return rec.Day.String() }}} {
		lines = append(lines, view.CaseLine{Label: r.t(own.key), Values: []string{own.of(c.People[0]), own.of(c.People[1])}})
	}
	return lines
}

func numberOf(rec desk.Record) string {
	if rec.Card == nil {
		return ""
	}
	return rec.Card.Number.Grouped()
}

func decideCase(r *request) error {
	o, c, err := r.sides()
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	switch r.value("do") {
	case "merge":
		survivor, absorbed := c.One, c.Other
		switch r.value("stands") {
		case c.One.String():
		case c.Other.String():
			survivor, absorbed = c.Other, c.One
		default:
			v, err := r.caseView(c), library.Invalid(library.Problem{Field: "stands", Key: library.KeyChoose})
			v.Stands = v.Stands.With(r.problems(err))
			return r.invalid("case", v, err)
		}
		if _, err := o.Merge(r.ctx(), r.actor(), op, survivor, absorbed, r.value("note")); err != nil {
			return err
		}
		return r.done("/putusan", "done.merged")
	case "apart":
		if _, err := o.KeepApart(r.ctx(), r.actor(), op, c.One, c.Other, r.value("note")); err != nil {
			return err
		}
		return r.done("/putusan", "done.apart")
	case "takeup":
		if _, err := o.TakeUp(r.ctx(), r.actor(), op, c.One, c.Other); err != nil {
			return err
		}
		return r.done("/putusan", "done.taken_up")
	}
	_, err = o.PutOff(r.ctx(), r.actor(), op, c.One, c.Other, office.Wait(r.value("wait")))
	if library.KindOf(err) == library.KindInvalid {
		v := r.caseView(c)
		v.Wait = v.Wait.With(r.problems(err))
		return r.invalid("case", v, err)
	}
	if err != nil {
		return err
	}
	return r.done("/putusan", "done.later")
}

// rejoinCase takes back that two records are two people.
func rejoinCase(r *request) error {
	o, c, err := r.sides()
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	if _, err := o.Rejoin(r.ctx(), r.actor(), op, c.One, c.Other, r.value("note")); err != nil {
		return err
	}
	return r.done(casePath(c.Case), "done.rejoined")
}

// splitCase undoes a merging; both go on as two.
func splitCase(r *request) error {
	o, c, err := r.sides()
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	if _, err := o.Split(r.ctx(), r.actor(), op, c.Merging, r.value("note")); err != nil {
		return err
	}
	return r.done("/putusan", "done.split")
}
