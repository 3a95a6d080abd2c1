package ui

import (
	"net/http"
	"slices"
	"strings"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// showVerification is step 4: exactly what the shown document bears, in its order, beside what was typed.
func showVerification(r *request) error {
	rec, err := r.registration()
	if err != nil {
		return err
	}
	switch {
	case rec.Stage == desk.StageFilled:
	case rec.Stage.Step() < library.StepVerification:
		return r.redirect(registrationPath(rec.ID, ""))
	default:
		return showDone(r, rec, library.StepVerification)
	}
	v, err := r.verifyView(rec, r.stored(rec), nil, nil)
	if err != nil {
		return err
	}
	return r.page("verify", v)
}

// verify takes ticks and corrections. Field "result" says whether the comparison is finished; without it, corrections are
// saved and the page comes back with what was ticked.
func verify(r *request) error {
	rec, err := r.registration()
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	a := r.stored(rec)
	for _, name := range answerNames() {
		if r.form.Has(name) {
			a[name] = r.value(name)
		}
	}
	form := a.form(rec.Form.Identity)
	// Ticking a line beside the document is the reason for keeping what looks odd in it.
	confirmed := map[string]string{}
	for _, p := range r.server.Desk.CheckForm(form) {
		if p.Warning {
			confirmed[p.Key] = r.t("verify.as_printed", r.document(rec.Form.Identity))
		}
	}
	ticked, checked := r.ticks(rec.Form.Identity)
	if r.value("result") == "verified" {
		_, err = r.server.Desk.Verify(r.ctx(), r.actor(), op, rec.ID, desk.VerifyInput{Form: form, Checked: checked, Confirmed: confirmed, Version: r.value("version")})
	} else if form.Clean() != rec.Form || r.value("version") != rec.Version {
		_, err = r.server.Desk.Fill(r.ctx(), r.actor(), op, rec.ID, desk.FillInput{Form: form, By: rec.By, Confirmed: confirmed, Version: r.value("version")})
	}
	if err == nil && r.value("result") == "verified" {
		return r.redirect(registrationPath(rec.ID, ""))
	}
	return r.verifyAgain(rec, a, ticked, err)
}

// verifyAgain shows step 4 once more: after a correction was saved, with problems, or after somebody else changed it.
func (r *request) verifyAgain(rec desk.Record, a answers, ticked map[string]bool, err error) error {
	kind := library.KindOf(err)
	if kind != 0 && kind != library.KindInvalid && kind != library.KindConflict {
		return err
	}
	fresh, loadErr := r.registration()
	if loadErr != nil {
		return loadErr
	}
	v, viewErr := r.verifyView(fresh, a, ticked, err)
	if viewErr != nil {
		return viewErr
	}
	switch kind {
	case library.KindConflict:
		form := a.form(rec.Form.Identity)
		return r.conflicted("verify", v, &v.Registration, fresh, &form)
	case library.KindInvalid:
		return r.reply(http.StatusUnprocessableEntity, "verify", v)
	}
	return r.page("verify", v)
}

// ticks are the lines that were ticked, and the fields in them.
func (r *request) ticks(kind library.IdentityKind) (ticked map[string]bool, fields []string) {
	ticked = map[string]bool{}
	for _, line := range documentLines(kind) {
		if r.ticked("ok_" + line[0]) {
			ticked[line[0]] = true
			fields = append(fields, line...)
		}
	}
	return ticked, fields
}

// documentLines are the fields of a document, those that it prints on one line together.
func documentLines(kind library.IdentityKind) [][]string {
	follows := map[string]string{
		library.FieldBirth: library.FieldBirthPlace, library.FieldRT: library.FieldAddress, library.FieldRW: library.FieldRT,
		library.FieldDistrict: library.FieldVillage,
	}
	var lines [][]string
	for _, f := range library.DocumentFields(kind) {
		if n := len(lines); n > 0 {
			last := lines[n-1]
			if before := follows[f.Field]; before != "" && last[len(last)-1] == before {
				lines[n-1] = append(last, f.Field)
				continue
			}
		}
		lines = append(lines, []string{f.Field})
	}
	return lines
}

func (r *request) verifyView(rec desk.Record, a answers, ticked map[string]bool, cause error) (*view.Verify, error) {
	v := &view.Verify{Registration: r.around(rec, library.StepVerification)}
	form := a.form(rec.Form.Identity).Clean()
	e := entries{r: r, a: a, problems: r.problems(correctable(cause)), child: r.server.Desk.IsChild(form.Birth)}
	kind := rec.Form.Identity
	for _, line := range documentLines(kind) {
		row := e.row(form, line)
		row.Ticked = ticked[line[0]]
		v.Rows = append(v.Rows, row)
	}
	for i := range v.Rows {
		if !v.Rows[i].Ticked {
			v.Rows[i].Current = true
			break
		}
	}
	for _, field := range append(library.NotOnDocument(kind), e.guardianFields()...) {
		row := e.row(form, []string{field})
		row.Absent = true
		v.Rows = append(v.Rows, row)
	}
	v.Problems = e.verifyProblems(cause, v.Rows)
	explain := r.t("verify.return.explain")
	if rec.Source == desk.SourcePublic {
		explain += " " + r.t("public.return.explain")
	}
	v.Return = view.Confirm{Action: registrationPath(rec.ID, "kembalikan"), CSRF: r.csrf(), Text: r.t("verify.return"), Explain: explain,
		Button: r.t("verify.return.do"), Note: view.Field{Label: r.t("verify.return.what")}}
	alike, err := r.server.Desk.Alike(r.ctx(), r.actor(), rec.ID)
	if err != nil {
		return nil, err
	}
	v.Duplicate = view.Note{Title: r.t("alike.none"), Text: r.t("alike.none.text") + " " + r.branchesKnown()}
	if len(alike) > 0 {
		v.Duplicate = view.Note{Title: r.t("alike.some"), Text: r.t("alike.some.text", len(alike)),
			Link: view.Link{Path: registrationPath(rec.ID, "mirip"), Text: r.t("alike.look")}}
	}
	return v, nil
}

// guardianFields are asked of children; no document of the child bears them.
func (e entries) guardianFields() []string {
	if !e.child && e.a[library.FieldGuardianName] == "" {
		return nil
	}
	return []string{library.FieldGuardianName, library.FieldGuardianRelation, library.FieldGuardianDocument, library.FieldGuardianPhone}
}

// row is one line of the document with its editor.
func (e entries) row(form library.Form, fields []string) view.VerifyRow {
	row := view.VerifyRow{Field: fields[0], Label: e.r.t("field." + fields[0]), Value: e.r.lineOf(form, fields)}
	switch {
	case fields[0] == library.FieldIdentityNumber:
		row.Label = e.r.t("field.identity_number." + string(form.Identity))
	case len(fields) > 1:
		row.Label = e.r.t("verify.line." + fields[0])
	}
	for _, field := range fields {
		row.Edit = append(row.Edit, e.of(field))
		if text, _ := e.problems.At(field); text != "" {
			row.Open = true
		}
		if field == library.FieldBirth {
			row.Note, row.Strong = e.r.nikNote(form, len(fields) > 1)
		}
	}
	for _, p := range e.r.server.Desk.CheckForm(form) {
		if p.Warning && p.Field == fields[0] && row.Note == "" {
			row.Note = e.r.t(p.Key, p.Args...)
		}
	}
	return row
}

// lineOf writes several fields as the document prints them on one line.
func (r *request) lineOf(form library.Form, fields []string) string {
	var said []string
	for _, field := range fields {
		switch value := r.said(form, field); {
		case value == "":
		case field == library.FieldRW && form.RT != "" && len(said) > 0:
			said[len(said)-1] += "/" + value
		default:
			said = append(said, value)
		}
	}
	if len(said) == 0 {
		return r.t("common.none")
	}
	return strings.Join(said, ", ")
}

// nikNote compares birth date and sex with those inside the NIK.
func (r *request) nikNote(form library.Form, withPlace bool) (note, strong string) {
	nik, err := library.ParseNIK(form.NIK)
	if err != nil {
		return "", ""
	}
	today := r.server.Desk.Today()
	born := nik.BirthDate(today)
	if born != form.Birth || nik.Sex() != form.Sex {
		return r.t("verify.nik_differs", r.longDate(born), r.sexWord(nik.Sex())), r.t("verify.nik_differs.do")
	}
	if withPlace {
		strong = r.t("verify.check_place")
	}
	return r.t("verify.nik_matches", r.longDate(born), r.sexWord(nik.Sex())), strong
}

// verifyProblems puts one line in the summary for each line of the document that was not compared.
func (e entries) verifyProblems(cause error, rows []view.VerifyRow) view.Problems {
	missing := map[string]bool{}
	for _, p := range library.ProblemsOf(cause) {
		missing[p.Field] = missing[p.Field] || p.Key == keyNotCompared
	}
	found := slices.Clone(e.problems)
	for i, row := range rows {
		if missing[row.Field] && !row.Absent {
			rows[i].Error = e.r.t(keyNotCompared)
			found = append(found, view.Problem{Field: "ok_" + row.Field, Text: row.Label + ": " + rows[i].Error})
		}
	}
	return found
}

const keyNotCompared = "problem.not_compared"

// correctable leaves out the lines without a tick: those say so beside the tick, not inside the editor.
func correctable(cause error) error {
	return library.Invalid(slices.DeleteFunc(slices.Clone(library.ProblemsOf(cause)), func(p library.Problem) bool { return p.Key == keyNotCompared })...)
}
