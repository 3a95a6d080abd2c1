package ui

import (
	"net/http"
	"strconv"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

func showClass(r *request) error {
	v, err := r.classNames()
	if err != nil {
		return err
	}
	if n, err := strconv.Atoi(r.Query("tambah")); err == nil {
		v.Flash = r.t("class.added", n)
	}
	return r.page("class", v)
}

func (r *request) classNames() (*view.ClassNames, error) {
	_, children, head, err := r.class("names")
	if err != nil {
		return nil, err
	}
	v := &view.ClassNames{ClassHead: head, Empty: view.Empty{Title: r.t("class.empty"), Text: r.t("class.empty.text")},
		List: view.Field{Name: "list", Label: r.t("class.list"), Hint: r.t("class.list.hint"), Lines: 8, NoSpell: true, Focus: len(children) == 0}}
	for _, c := range children {
		v.Rows = append(v.Rows, r.childRow(head.Root, c))
	}
	return v, nil
}

// childRow is a child in the lists, with what is done and what is missing.
func (r *request) childRow(base string, c desk.Child) view.ChildRow {
	row := view.ChildRow{ID: c.ID.String(), Name: c.Form.Name, Sex: string(c.Form.Sex), Birth: c.Form.Birth.String(), NIK: grouped(c.Form.NIK), Version: c.LineVersion(),
		Path: base + "/anak/" + c.ID.String(), Taken: r.taken(c), Guardian: c.Form.Guardian.Name, Relation: c.Form.Guardian.Relation}
	state := func(yes bool, done, todo string) {
		if yes {
			row.States = append(row.States, view.Cell{Text: r.t(done), State: view.OK})
		} else {
			row.States = append(row.States, view.Cell{Text: r.t(todo), State: view.Warn})
		}
	}
	if !c.Complete {
		state(false, "", "class.state.incomplete")
	}
	state(c.Consent, "class.state.sheet", "class.state.no_sheet")
	state(c.Verified, "class.state.verified", "class.state.unverified")
	state(c.Pictured, "class.state.photo", "class.state.no_photo")
	if c.Card != nil {
		state(true, "class.state.card", "")
	}
	return row
}

// checkLines reads what was typed or pasted and shows it as a table, each line with its problems.
func checkLines(r *request) error {
	c, _, head, err := r.class("names")
	if err != nil {
		return err
	}
	forms := desk.ReadList(r.form.Get("list"))
	if len(forms) == 0 || len(forms) > desk.MaxLines {
		v, err := r.classNames()
		if err != nil {
			return err
		}
		problem := library.Invalid(library.Problem{Field: "list", Key: "problem.list_empty"})
		if len(forms) > 0 {
			problem = library.Invalid(library.Problem{Field: "list", Key: "problem.too_many_lines", Args: []any{desk.MaxLines}})
		}
		v.List.Value = r.form.Get("list")
		v.List = v.List.With(r.problems(problem))
		return r.invalid("class", v, problem)
	}
	v := &view.ClassCheck{ClassHead: head}
	for i, form := range forms {
		v.Rows = append(v.Rows, r.lineRow(c, i+1, desk.ChildInput{Form: form}))
	}
	return r.page("class-check", v)
}

// lineRow checks one line.
func (r *request) lineRow(c desk.Class, n int, in desk.ChildInput) view.LineRow {
	f := in.Form
	row := view.LineRow{N: n, Name: f.Name, Sex: string(f.Sex), Birth: f.Value(library.FieldBirth), NIK: f.NIK, Place: f.BirthPlace, Guardian: f.Guardian.Name,
		Phone: f.Guardian.Phone, Relation: f.Guardian.Relation, Address: f.Address, Confirmed: in.Confirmed}
	_, now, later := r.server.Desk.CheckChild(c, in)
	row.Warning = len(now) > 0 && library.OnlyWarnings(now)
	for _, p := range now {
		row.Problems = append(row.Problems, r.t(p.Key, p.Args...))
		switch p.Field {
		case library.FieldName:
			row.NameBad = true
		case library.FieldSex:
			row.SexBad = true
		case library.FieldBirth:
			row.BirthBad = true
		case library.FieldNIK:
			row.NIKBad = true
		}
	}
	row.Rest = len(later) > 0
	return row
}

// addChildren saves the table of names; nothing is saved while a line has a problem, and nothing typed is lost.
func addChildren(r *request) error {
	op, err := r.operation()
	if err != nil {
		return err
	}
	c, _, head, err := r.class("names")
	if err != nil {
		return err
	}
	var lines []desk.ChildInput
	v := &view.ClassCheck{ClassHead: head}
	for n := 1; n <= desk.MaxLines; n++ {
		in, sent := r.line(n)
		if !sent {
			break
		}
		if in.Form.Name+in.Form.NIK+in.Form.BirthText+string(in.Form.Sex)+in.Form.Guardian.Name == "" {
			continue // a line that was emptied is taken out
		}
		lines = append(lines, in)
		row := r.lineRow(c, len(lines), in)
		v.Rows = append(v.Rows, row)
		for _, words := range row.Problems {
			v.Problems = append(v.Problems, view.Problem{Field: "name_" + strconv.Itoa(row.N), Text: r.t("class.line", row.N, words), Warning: row.Warning})
		}
	}
	if len(v.Problems) > 0 || len(lines) == 0 {
		return r.reply(http.StatusUnprocessableEntity, "class-check", v)
	}
	n, err := r.server.Desk.AddChildren(r.ctx(), r.actor(), op, c.ID, lines)
	if err != nil {
		return r.invalid("class-check", v, err)
	}
	return r.redirect(head.Root + "?tambah=" + strconv.Itoa(n))
}

// line is the nth line of the table as it was sent.
func (r *request) line(n int) (desk.ChildInput, bool) {
	suffix := "_" + strconv.Itoa(n)
	if _, sent := r.form["name"+suffix]; !sent {
		return desk.ChildInput{}, false
	}
	return r.child(suffix), true
}

// child reads a child out of the form; the names of the fields end in suffix.
func (r *request) child(suffix string) desk.ChildInput {
	get := func(name string) string { return r.value(name + suffix) }
	return desk.ChildInput{Confirmed: r.ticked("sure" + suffix), Form: library.Form{Name: get("name"), Sex: library.Sex(get("sex")), BirthText: get("birth"), NIK: get("nik"),
		BirthPlace: get("birth_place"), Address: get("address"), Guardian: library.Guardian{Name: get("guardian_name"), Relation: get("guardian_relation"), Phone: get("guardian_phone")}}}
}

// classChild loads the class and the child of the path.
func (r *request) classChild(tab string) (desk.Class, desk.Child, view.ClassHead, error) {
	c, children, head, err := r.class(tab)
	if err != nil {
		return c, desk.Child{}, head, err
	}
	id, err := r.id("anak")
	if err != nil {
		return c, desk.Child{}, head, err
	}
	for _, one := range children {
		if one.ID == id {
			return c, one, head, nil
		}
	}
	return c, desk.Child{}, head, library.E(library.KindNotFound, "error.not_found")
}

func showChild(r *request) error {
	_, child, head, err := r.classChild("names")
	if err != nil {
		return err
	}
	r.server.Desk.Take(r.actor(), child.ID)
	return r.page("class-child", r.childForm(head, child, desk.ChildInput{Form: child.Form}))
}

func (r *request) childForm(head view.ClassHead, child desk.Child, in desk.ChildInput) *view.ClassChild {
	f := in.Form
	v := &view.ClassChild{ClassHead: head, Child: child.Form.Name, Action: head.Root + "/anak/" + child.ID.String(), Version: child.Version, Issued: child.Card != nil,
		Sex:     view.Choice{Name: "sex", Label: r.t("class.sex"), Value: string(f.Sex), Inline: true, Options: r.sexes()},
		Confirm: view.Check{Name: "sure", Label: r.t("class.sure"), On: in.Confirmed},
		Fields: []view.Field{
			{Name: "name", Label: r.t("class.name"), Value: f.Name, Maximum: 200, NoSpell: true, Focus: true},
			{Name: "birth", Label: r.t("class.birth"), Value: f.Value(library.FieldBirth), Width: 14},
			{Name: "nik", Label: r.t("class.nik"), Value: f.NIK, Optional: true, Mode: "numeric", Width: 22},
			{Name: "birth_place", Label: r.t("class.birth_place"), Value: f.BirthPlace, Optional: true, NoSpell: true},
			{Name: "address", Label: r.t("class.address"), Value: f.Address, Optional: true, NoSpell: true},
			{Name: "guardian_name", Label: r.t("class.guardian"), Value: f.Guardian.Name, Optional: true, NoSpell: true},
			{Name: "guardian_phone", Label: r.t("class.guardian_phone"), Value: f.Guardian.Phone, Optional: true, Mode: "tel"},
		}}
	return v
}

func saveChild(r *request) error {
	op, err := r.operation()
	if err != nil {
		return err
	}
	_, child, head, err := r.classChild("names")
	if err != nil {
		return err
	}
	in := r.child("")
	// What this page does not ask for stays as it is.
	f := child.Form
	f.Name, f.Sex, f.BirthText, f.NIK, f.BirthPlace, f.Address = in.Form.Name, in.Form.Sex, in.Form.BirthText, in.Form.NIK, in.Form.BirthPlace, in.Form.Address
	f.Birth, f.Guardian.Name, f.Guardian.Phone = library.Date{}, in.Form.Guardian.Name, in.Form.Guardian.Phone
	in.Form = f
	_, err = r.server.Desk.SaveChild(r.ctx(), r.actor(), op, child.ID, in, r.value("version"))
	if err != nil {
		v := r.childForm(head, child, in)
		p := r.problems(err)
		for i := range v.Fields {
			text, _ := p.At(v.Fields[i].Name)
			v.Fields[i].Error = text
		}
		v.Sex.Error, _ = p.At("sex")
		v.Version = r.value("version")
		if library.KindOf(err) == library.KindConflict {
			return r.changedChild(v, child)
		}
		return r.invalid("class-child", v, err)
	}
	return r.redirect(head.Root + "#row-" + child.ID.String())
}

// changedChild shows what was typed once more, now against the latest state; sending it again saves it.
func (r *request) changedChild(v *view.ClassChild, now desk.Child) error {
	v.Version = now.Version
	v.Problems = view.Problems{{Text: r.t("class.changed", now.Form.Name, string(now.Form.Sex), now.Form.Birth.String())}}
	return r.reply(http.StatusConflict, "class-child", v)
}
