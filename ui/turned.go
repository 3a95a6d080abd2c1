package ui

import (
	"net/http"
	"slices"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// turnedRoutes are the screen turned to the visitor: the form, one thing a page. The officer's screen is locked meanwhile,
// so nothing else of the program can be reached without the password.
func (s *server) turnedRoutes() []route {
	return []route{
		post("/daftar/:id/putar", officerWho(library.DraftRegistration), turnScreen),
		get("/isi", atDoor(), showTurned),
		get("/isi/:page", atDoor(), showTurned),
		post("/isi/:page", atDoor(), saveTurned),
	}
}

// turnedPage is one page for the visitor with the fields on it.
type turnedPage struct {
	name   string
	fields []string
}

const (
	turnedCheck  = "periksa"       // the page with all answers
	turnedScreen = "turned screen" // what the cookie is sealed for
)

// turnedPages are the pages for a document, in the order of the form. The guardian's comes for children.
func turnedPages(kind library.IdentityKind, child bool) []turnedPage {
	number := turnedPage{"nomor", []string{library.FieldNIK}}
	if !kind.HasNIK() {
		number.fields = []string{library.FieldIdentityNumber}
	}
	pages := []turnedPage{
		{"nama", []string{library.FieldName, library.FieldSex}}, number,
		{"lahir", []string{library.FieldBirthPlace, library.FieldBirth}},
		{"kabupaten", []string{library.FieldRegency}}, {"kecamatan", []string{library.FieldDistrict}}, {"desa", []string{library.FieldVillage}},
		{"alamat", []string{library.FieldAddress, library.FieldRT, library.FieldRW}},
		{"kegiatan", []string{library.FieldOccupation, library.FieldEducation, library.FieldInstitution}},
		{"kontak", []string{library.FieldPhone, library.FieldEmail}},
	}
	if child {
		pages = append(pages, turnedPage{"wali", []string{library.FieldGuardianName, library.FieldGuardianRelation, library.FieldGuardianDocument, library.FieldGuardianPhone}})
	}
	return pages
}

// turnedCookie holds, sealed, which registration the visitor fills in.
func (r *request) turnedCookie() string { return "simpul_isi_" + port(r.Hostname()) }

// turnScreen locks the officer's screen and shows the visitor the first page.
func turnScreen(r *request) error {
	rec, err := r.registration()
	if err != nil {
		return err
	}
	if rec.Stage != desk.StageIdentified && rec.Stage != desk.StageFilled {
		return r.redirect(registrationPath(rec.ID, ""))
	}
	sealed, err := r.server.sealed(turnedScreen, rec.ID.String())
	if err != nil {
		return err
	}
	if err := r.server.Desk.Lock(r.ctx(), r.token); err != nil {
		return err
	}
	r.setCookie(r.turnedCookie(), sealed, 0)
	return r.redirect("/isi")
}

// visitor finds the registration that the screen was turned for, and the officer in whose name it is kept. It holds only
// while that officer's screen is locked.
func (r *request) visitor() (desk.Record, desk.Actor, error) {
	gone := library.E(library.KindNotFound, "error.not_found").Hinted("error.not_found.hint")
	var kept string
	if !r.server.unsealed(turnedScreen, r.Cookies(r.turnedCookie()), &kept) || !r.known || !r.session.Locked {
		return desk.Record{}, desk.Actor{}, gone
	}
	id, err := library.ParseID(kept)
	if err != nil {
		return desk.Record{}, desk.Actor{}, gone
	}
	who := desk.Actor{Officer: r.session.Officer, Role: r.session.Role}
	rec, err := r.server.Desk.Registration(r.ctx(), who, id)
	return rec, who, err
}

// takeBack ends the visitor's turn: the officer is at the screen again.
func (r *request) takeBack() {
	if r.Cookies(r.turnedCookie()) != "" {
		r.setCookie(r.turnedCookie(), "", -1)
	}
}

// turnedAnswers are what the visitor has typed so far, over what is stored.
func (r *request) turnedAnswers(rec desk.Record, who desk.Actor) (answers, error) {
	draft, kept, err := r.server.Desk.DraftOf(r.ctx(), who, rec.ID)
	if err != nil {
		return nil, err
	}
	a := r.stored(rec)
	if kept {
		a = answers(draft.Fields)
	}
	return a, nil
}

func showTurned(r *request) error {
	rec, who, err := r.visitor()
	if err != nil {
		return err
	}
	if r.param("page") == "selesai" || rec.Stage != desk.StageIdentified && rec.Stage != desk.StageFilled {
		return r.page("registration-turned", r.turnedEnd(rec))
	}
	a, err := r.turnedAnswers(rec, who)
	if err != nil {
		return err
	}
	v, err := r.turnedView(rec, a, r.param("page"), nil)
	if err != nil {
		return err
	}
	return r.page("registration-turned", v)
}

// saveTurned keeps one page and goes to the next; the last one hands the form to the officer.
func saveTurned(r *request) error {
	rec, who, err := r.visitor()
	if err != nil {
		return err
	}
	a, err := r.turnedAnswers(rec, who)
	if err != nil {
		return err
	}
	d := r.server.Desk
	if r.param("page") == turnedCheck {
		return r.finishTurned(rec, who, a)
	}
	pages := r.turnedPagesOf(rec, a)
	i := slices.IndexFunc(pages, func(p turnedPage) bool { return p.name == r.param("page") })
	if i < 0 {
		return library.E(library.KindNotFound, "error.not_found")
	}
	r.addAnswers(a)
	if err := d.SaveDraft(r.ctx(), who, rec.ID, a); err != nil {
		return err
	}
	wrong := r.wrongOn(pages[i], a.form(rec.Form.Identity))
	if len(wrong) > 0 {
		invalid := library.Invalid(wrong...)
		v, err := r.turnedView(rec, a, pages[i].name, r.problems(invalid))
		if err != nil {
			return err
		}
		return r.invalid("registration-turned", v, invalid)
	}
	if pages = r.turnedPagesOf(rec, a); i+1 < len(pages) && r.Query("ubah") == "" {
		return r.redirect("/isi/" + pages[i+1].name)
	}
	return r.redirect("/isi/" + turnedCheck)
}

// namedProblems are problems with the names of their fields, for a page that does not show those.
func (r *request) namedProblems(found []library.Problem) view.Problems {
	var named view.Problems
	for _, p := range found {
		named = append(named, view.Problem{Text: r.t("field."+p.Field) + ": " + r.t(p.Key, p.Args...)})
	}
	return named
}

// addAnswers puts what was sent over what is known.
func (r *request) addAnswers(a answers) {
	for _, name := range answerNames() {
		if r.form.Has(name) {
			a[name] = r.value(name)
		}
	}
	a["by"] = "visitor"
	a.settle(r.server.Desk.Regions())
}

// wrongOn are the errors at the fields of one page.
func (r *request) wrongOn(page turnedPage, form library.Form) []library.Problem {
	return slices.DeleteFunc(r.server.Desk.CheckForm(form), func(p library.Problem) bool { return p.Warning || !slices.Contains(page.fields, p.Field) })
}

// finishTurned saves the form when nothing about it is odd. What is missing is told to the visitor; what only an officer can
// judge stays a draft.
func (r *request) finishTurned(rec desk.Record, who desk.Actor, a answers) error {
	op, err := r.operation()
	if err != nil {
		return err
	}
	form := a.form(rec.Form.Identity)
	found := r.server.Desk.CheckForm(form)
	if wrong := slices.DeleteFunc(slices.Clone(found), func(p library.Problem) bool { return p.Warning }); len(wrong) > 0 {
		v, err := r.turnedView(rec, a, turnedCheck, nil)
		if err != nil {
			return err
		}
		v.Problems = r.namedProblems(wrong)
		return r.reply(http.StatusUnprocessableEntity, "registration-turned", v)
	}
	if len(found) == 0 {
		if _, err := r.server.Desk.Fill(r.ctx(), who, op, rec.ID, desk.FillInput{Form: form, By: "visitor"}); err != nil {
			return err
		}
	}
	return r.redirect("/isi/selesai")
}

func (r *request) turnedPagesOf(rec desk.Record, a answers) []turnedPage {
	return turnedPages(rec.Form.Identity, r.ofChild(rec.Form.Identity, a))
}

func (r *request) turnedView(rec desk.Record, a answers, name string, problems view.Problems) (*view.Turned, error) {
	v, err := r.visitorView("/isi/", rec.Form.Identity, r.turnedPagesOf(rec, a), a, name, problems)
	if err == nil {
		v.Return = view.Link{Path: registrationPath(rec.ID, ""), Text: r.t("turned.return")}
	}
	return v, err
}

// visitorView is one page of the form as visitors fill it in, on the turned screen or on a phone; base is where the pages are.
func (r *request) visitorView(base string, kind library.IdentityKind, pages []turnedPage, a answers, name string, problems view.Problems) (*view.Turned, error) {
	v := &view.Turned{}
	v.Title = r.t("turned.title")
	if name == "" {
		name = pages[0].name
	}
	v.Action = base + name
	if r.Query("ubah") != "" {
		v.Action += "?ubah=1"
	}
	e := entries{r: r, a: a, problems: problems, child: r.ofChild(kind, a)}
	if name == turnedCheck {
		form := a.form(kind).Clean()
		v.Heading, v.Hint, v.Button, v.Back = r.t("turned.check"), r.t("turned.check.hint"), r.t("turned.check.do"), base+pages[len(pages)-1].name
		for _, p := range pages {
			for _, field := range p.fields {
				v.Rows = append(v.Rows, view.TurnedRow{Field: field, Label: r.t("field." + field), Value: r.lineOf(form, []string{field}), Path: base + p.name + "?ubah=1"})
			}
		}
		return v, nil
	}
	i := slices.IndexFunc(pages, func(p turnedPage) bool { return p.name == name })
	if i < 0 {
		return nil, library.E(library.KindNotFound, "error.not_found")
	}
	v.Heading, v.Hint, v.Button = r.t("turned.page."+name), r.t("turned.of", i+1, len(pages)), r.t("turned.next")
	if i > 0 {
		v.Back = base + pages[i-1].name
	}
	for _, field := range pages[i].fields {
		v.Entries = append(v.Entries, e.of(field))
	}
	if first := v.Entries[0].Text; first != nil {
		first.Focus = len(problems) == 0
	}
	return v, nil
}

func (r *request) turnedEnd(rec desk.Record) *view.Turned {
	v := &view.Turned{Finished: true, Heading: r.t("turned.end"), Hint: r.t("turned.end.hint"),
		Return: view.Link{Path: registrationPath(rec.ID, ""), Text: r.t("turned.return")}}
	v.Title = r.t("turned.title")
	return v
}
