package ui

import (
	"net/http"
	"slices"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// fillFormRoutes: a visitor fills in the form on the phone, one thing a page, as on the turned screen. The code is for one
// phone: from the first page on a cookie says whose form it is, and no address does.
func (s *server) fillFormRoutes() []route {
	return []route{
		get("/i/:token", anyone(), showBeginForm),
		post("/i/:token", anyone(), beginForm),
		get("/formulir", anyone(), showPhoneForm),
		get("/formulir/:page", anyone(), showPhoneForm),
		post("/formulir/:page", anyone(), savePhoneForm),
	}
}

const (
	phoneFormCookie = "simpul_formulir"
	phoneFormBase   = "/formulir/"
	phoneFormEnd    = "selesai"
	daySeconds      = 24 * 60 * 60
)

// showBeginForm says what the form is for, before this phone takes it.
func showBeginForm(r *request) error {
	token, err := r.link()
	if err != nil {
		return err
	}
	if err := r.server.Desk.FormWaits(r.ctx(), token); err != nil {
		if _, mine := r.server.Desk.PhoneForm(r.ctx(), r.Cookies(phoneFormCookie)); mine == nil && library.KindOf(err) == library.KindConflict {
			return r.redirect("/formulir") // this phone has begun already
		}
		return r.wrong(err)
	}
	v := &view.Turned{Heading: r.t("turned.title"), Hint: r.t("phone.form.text"), Action: "/i/" + token, Button: r.t("phone.form.begin"), Plain: r.plainly("phone.plain")}
	v.Title = v.Heading
	// Who closed the browser in the middle is given another code at the desk.
	if f, err := r.server.Desk.PhoneForm(r.ctx(), r.Cookies(phoneFormCookie)); err == nil && !f.Sent && len(f.Fields) > 0 {
		v.Hint, v.Button, v.Afresh = r.t("phone.form.mine"), r.t("public.begin.go_on"), r.t("public.begin.afresh")
	}
	return r.page("registration-turned", v)
}

func beginForm(r *request) error {
	token, err := r.link()
	if err != nil {
		return err
	}
	key, err := r.server.Desk.BeginForm(r.ctx(), token, r.Cookies(phoneFormCookie), r.value("new") == "")
	if err != nil {
		return r.wrong(err)
	}
	r.setCookie(phoneFormCookie, key, daySeconds)
	return r.redirect("/formulir")
}

// phoneForm is what this phone has typed so far, over what can be assumed.
func (r *request) phoneForm() (desk.PhoneForm, answers, error) {
	f, err := r.server.Desk.PhoneForm(r.ctx(), r.Cookies(phoneFormCookie))
	if err != nil {
		return f, nil, err
	}
	a := r.stored(desk.Record{Source: desk.SourcePhone})
	for name, value := range f.Fields {
		a[name] = value
	}
	return f, a, nil
}

// phonePages begin with the document, which an officer asks for in step 2.
func (r *request) phonePages(a answers) []turnedPage {
	kind := library.IdentityKind(a[library.FieldIdentity])
	return append([]turnedPage{{"dokumen", []string{library.FieldIdentity}}}, turnedPages(kind, r.ofChild(kind, a))...)
}

func showPhoneForm(r *request) error {
	f, a, err := r.phoneForm()
	if err != nil {
		return err
	}
	if f.Sent {
		v := &view.Turned{Finished: true, Heading: r.t("turned.end"), Hint: r.t("phone.form.end"), Reference: f.Reference}
		v.Title = r.t("turned.title")
		return r.page("registration-turned", v)
	}
	v, err := r.phoneFormView(a, r.param("page"), nil)
	if err != nil {
		return err
	}
	return r.page("registration-turned", v)
}

func (r *request) phoneFormView(a answers, name string, problems view.Problems) (*view.Turned, error) {
	kind := library.IdentityKind(a[library.FieldIdentity])
	pages := r.phonePages(a)
	v, err := r.visitorView(phoneFormBase, kind, pages, a, name, problems)
	if err != nil {
		return nil, err
	}
	v.Plain = r.plainly("phone.plain")
	if name == turnedCheck {
		v.Hint, v.Button = r.t("phone.form.check"), r.t("phone.form.send")
	}
	return v, nil
}

// savePhoneForm keeps one page and goes to the next; the last one sends the form to the desk.
func savePhoneForm(r *request) error {
	f, a, err := r.phoneForm()
	if err != nil {
		return err
	}
	if f.Sent {
		return r.redirect(phoneFormBase + phoneFormEnd)
	}
	name := r.param("page")
	if name == turnedCheck {
		return r.sendPhoneForm(a)
	}
	pages := r.phonePages(a)
	i := slices.IndexFunc(pages, func(p turnedPage) bool { return p.name == name })
	if i < 0 {
		return library.E(library.KindNotFound, "error.not_found")
	}
	if r.form.Has(library.FieldIdentity) {
		a[library.FieldIdentity] = r.value(library.FieldIdentity)
	}
	r.addAnswers(a)
	if err := r.server.Desk.SavePhoneForm(r.ctx(), r.Cookies(phoneFormCookie), a); err != nil {
		return err
	}
	if wrong := r.wrongOn(pages[i], a.form(library.IdentityKind(a[library.FieldIdentity]))); len(wrong) > 0 {
		invalid := library.Invalid(wrong...)
		v, err := r.phoneFormView(a, name, r.problems(invalid))
		if err != nil {
			return err
		}
		return r.invalid("registration-turned", v, invalid)
	}
	// Another document or birth date may have changed which pages there are.
	if pages = r.phonePages(a); i+1 < len(pages) && r.Query("ubah") == "" {
		return r.redirect(phoneFormBase + pages[i+1].name)
	}
	return r.redirect(phoneFormBase + turnedCheck)
}

func (r *request) sendPhoneForm(a answers) error {
	err := r.server.Desk.SendPhoneForm(r.ctx(), r.Cookies(phoneFormCookie), a.form(library.IdentityKind(a[library.FieldIdentity])))
	if library.KindOf(err) != library.KindInvalid {
		if err != nil {
			return err
		}
		return r.redirect(phoneFormBase + phoneFormEnd)
	}
	v, viewErr := r.phoneFormView(a, turnedCheck, nil)
	if viewErr != nil {
		return viewErr
	}
	v.Problems = r.namedProblems(library.ProblemsOf(err))
	return r.reply(http.StatusUnprocessableEntity, "registration-turned", v)
}
