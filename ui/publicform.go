package ui

import (
	"net/http"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/text"
	"simpul/ui/view"
)

// publicFormRoutes: somebody at home fills in the form of phonesform.go, chooses where to collect the card, and consents. A
// cookie says whose form it is, and no address does.
func (s *server) publicFormRoutes() []route {
	return []route{
		get("/pendaftaran", anyone(), showPublicBegin),
		post("/pendaftaran", anyone(), beginPublicForm),
		get("/pendaftaran/keadaan", anyone(), showPublicStatus),
		post("/pendaftaran/keadaan", anyone(), publicStatus),
		get("/pendaftaran/selesai", anyone(), showPublicEnd),
		get("/pendaftaran/:page", anyone(), showPublicForm),
		post("/pendaftaran/:page", anyone(), savePublicForm),
	}
}

const (
	publicFormCookie = "simpul_pendaftaran"
	publicFormBase   = "/pendaftaran/"
	publicBranch     = "branch"  // the choice of branch
	publicTrap       = "website" // no person fills it in: it is not seen

	beginRate  = 1.0 / 20 // forms a second that one network begins
	beginBurst = 20
)

// publicKey is the cookie's value. It is Lax: who comes back by a link of a message goes on with the form.
func (r *request) publicKey() string { return r.Cookies(publicFormCookie) }

func (r *request) setPublicKey(key string, age int) {
	cookie := &fiber.Cookie{Name: publicFormCookie, Value: key, Path: "/pendaftaran", HTTPOnly: true, Secure: r.server.secure(r.Ctx), SameSite: fiber.CookieSameSiteLaxMode, MaxAge: age}
	if age < 0 {
		cookie.Expires = time.Unix(0, 0)
	}
	r.Cookie(cookie)
}

// publicForm is what this browser has typed so far; ok is false when it has no form, or one of yesterday.
func (r *request) publicForm() (f desk.PhoneForm, a answers, ok bool, err error) {
	f, err = r.server.Desk.PublicForm(r.ctx(), r.publicKey())
	switch library.KindOf(err) {
	case 0:
	case library.KindNotFound, library.KindForbidden:
		return f, nil, false, nil
	default:
		return f, nil, false, err
	}
	a = r.stored(desk.Record{Source: desk.SourcePublic})
	for name, value := range f.Fields {
		a[name] = value
	}
	return f, a, true, nil
}

func showPublicBegin(r *request) error {
	v := &view.PublicBegin{Lead: r.t("public.begin.text"), Action: "/pendaftaran", Button: r.t("public.begin.do"), Status: "/pendaftaran/keadaan"}
	v.Title = r.t("public.begin")
	for _, key := range []string{"document", "branch", "visit", "days"} {
		v.Points = append(v.Points, r.t("public.begin."+key, r.server.Desk.Settings().LapseDays))
	}
	if err := r.server.Desk.PublicFormOpen(); err != nil {
		failure := asFailure(err)
		v.Closed = view.Note{Title: r.t(failure.Key), Text: r.t(failure.Hint)}
		return r.page("public-begin", v)
	}
	points, err := r.server.Desk.CollectionPoints(r.ctx())
	if err != nil {
		return err
	}
	if len(points) == 0 { // the form would end at its first question
		v.Closed = view.Note{Title: r.t("public.nowhere"), Text: r.t("error.public_closed.hint")}
		return r.page("public-begin", v)
	}
	f, _, mine, err := r.publicForm()
	if err != nil {
		return err
	}
	v.Sent = mine && f.Sent
	if mine && !f.Sent && len(f.Fields) > 0 {
		v.Button, v.Again = r.t("public.begin.go_on"), true
	}
	return r.page("public-begin", v)
}

// beginPublicForm goes on with the form of this browser, or begins one: the field "new" forgets what was typed.
func beginPublicForm(r *request) error {
	f, _, mine, err := r.publicForm()
	if err != nil {
		return err
	}
	afresh := r.value("new") != ""
	if mine && !f.Sent && !afresh {
		return r.redirect(publicFormBase + "cabang")
	}
	if !r.server.begins.allow(network(r.server.client(r.Ctx))) {
		return tooMany(r.Ctx)
	}
	if mine && !f.Sent {
		if err := r.server.Desk.ForgetPublicForm(r.ctx(), r.publicKey()); err != nil {
			return err
		}
	}
	key, err := r.server.Desk.BeginPublicForm(r.ctx())
	if err != nil {
		return err
	}
	r.setPublicKey(key, daySeconds)
	return r.redirect(publicFormBase + "cabang")
}

// publicPages begin with the branch and end with the consents.
func (r *request) publicPages(points []desk.CollectionPoint, a answers) []turnedPage {
	pages := []turnedPage{{"cabang", []string{publicBranch}}}
	if p := pointOf(points, a[publicBranch]); len(p.Stops) > 0 {
		pages = append(pages, turnedPage{"singgah", []string{library.FieldStop}})
	}
	return append(append(pages, r.phonePages(a)...), turnedPage{"setuju", []string{consentField(library.ConsentMembership), consentField(library.ConsentPhoto)}})
}

func consentField(kind library.ConsentKind) string { return "consent_" + string(kind) }

func pointOf(points []desk.CollectionPoint, id string) desk.CollectionPoint {
	for _, p := range points {
		if p.ID.String() == id {
			return p
		}
	}
	return desk.CollectionPoint{}
}

func showPublicForm(r *request) error {
	f, a, mine, err := r.publicForm()
	switch {
	case err != nil:
		return err
	case !mine:
		return r.redirect("/pendaftaran")
	case f.Sent:
		return r.redirect(publicFormBase + phoneFormEnd)
	}
	v, err := r.publicFormView(a, r.param("page"), nil)
	if err != nil {
		return err
	}
	return r.page("registration-turned", v)
}

func (r *request) publicFormView(a answers, name string, problems view.Problems) (*view.Turned, error) {
	points, err := r.server.Desk.CollectionPoints(r.ctx())
	if err != nil {
		return nil, err
	}
	kind := library.IdentityKind(a[library.FieldIdentity])
	v, err := r.visitorView(publicFormBase, kind, r.publicPages(points, a), a, name, problems)
	if err != nil {
		return nil, err
	}
	switch name {
	case "cabang":
		v.Entries = []view.Entry{r.branchEntry(points, a, problems)}
	case "singgah":
		v.Entries = []view.Entry{r.stopEntry(pointOf(points, a[publicBranch]), a, problems)}
	case "setuju":
		v.Entries, v.Consents = nil, r.consentBoxes(a, problems)
	case turnedCheck:
		v.Hint, v.Button, v.Trap = r.t("public.check.hint"), r.t("public.check.send"), r.t("public.trap")
		for i := range v.Rows {
			switch row := &v.Rows[i]; row.Field {
			case publicBranch:
				row.Value = pointOf(points, a[publicBranch]).Name
			case library.FieldStop:
				row.Value = a[library.FieldStop]
			case consentField(library.ConsentMembership), consentField(library.ConsentPhoto):
				row.Value = r.t("public.consent.no")
				if a[row.Field] != "" {
					row.Value = r.t("public.consent.yes")
				}
			}
		}
	}
	return v, nil
}

func (r *request) branchEntry(points []desk.CollectionPoint, a answers, problems view.Problems) view.Entry {
	c := view.Choice{Name: publicBranch, Label: r.t("field.branch"), Value: a[publicBranch]}
	for _, p := range points {
		o := view.Option{Value: p.ID.String(), Text: p.Name}
		if len(p.Stops) > 0 {
			o.Hint = r.t("public.stops")
		}
		c.Options = append(c.Options, o)
	}
	c = c.With(problems)
	return view.Entry{Span: 12, Radios: &c}
}

func (r *request) stopEntry(p desk.CollectionPoint, a answers, problems view.Problems) view.Entry {
	c := view.Choice{Name: library.FieldStop, Label: r.t("field.stop"), Value: a[library.FieldStop]}
	for _, stop := range p.Stops {
		c.Options = append(c.Options, view.Option{Value: stop, Text: stop})
	}
	c = c.With(problems)
	return view.Entry{Span: 12, Radios: &c}
}

// consentBoxes are the texts as they stand now. A box that was ticked for an older text is empty again.
func (r *request) consentBoxes(a answers, problems view.Problems) []view.ConsentBox {
	who := "self"
	if r.ofChild(library.IdentityKind(a[library.FieldIdentity]), a) {
		who = "guardian"
	}
	var boxes []view.ConsentBox
	for _, kind := range []library.ConsentKind{library.ConsentMembership, library.ConsentPhoto} {
		consent := r.server.Desk.Settings().Consent(kind)
		check := view.Check{Name: consentField(kind), Label: r.t("public.agree." + string(kind) + "." + who), Value: consent.Version, On: a[consentField(kind)] == consent.Version}
		if kind == library.ConsentPhoto {
			check.Hint = r.t("identify.photo.hint")
		}
		boxes = append(boxes, view.ConsentBox{Title: consent.Title, Paragraphs: consent.Paragraphs(), Version: consent.Version, Check: check.With(problems)})
	}
	return boxes
}

// savePublicForm keeps one page and goes to the next; the last one sends the form.
func savePublicForm(r *request) error {
	f, a, mine, err := r.publicForm()
	switch {
	case err != nil:
		return err
	case !mine:
		return r.redirect("/pendaftaran")
	case f.Sent:
		return r.redirect(publicFormBase + phoneFormEnd)
	}
	name := r.param("page")
	if name == turnedCheck {
		return r.sendPublicForm(a)
	}
	points, err := r.server.Desk.CollectionPoints(r.ctx())
	if err != nil {
		return err
	}
	pages := r.publicPages(points, a)
	i := slices.IndexFunc(pages, func(p turnedPage) bool { return p.name == name })
	if i < 0 {
		return library.E(library.KindNotFound, "error.not_found")
	}
	r.addPublicAnswers(a, pages[i])
	if err := r.server.Desk.SavePublicForm(r.ctx(), r.publicKey(), a); err != nil {
		return err
	}
	if wrong := r.wrongInPublic(points, pages[i], a); len(wrong) > 0 {
		invalid := library.Invalid(wrong...)
		v, err := r.publicFormView(a, name, r.problems(invalid))
		if err != nil {
			return err
		}
		return r.invalid("registration-turned", v, invalid)
	}
	// Another branch, document or birth date may have changed which pages there are.
	if pages = r.publicPages(points, a); i+1 < len(pages) && (r.Query("ubah") == "" || pages[i+1].name == "singgah") {
		return r.redirect(publicFormBase + pages[i+1].name)
	}
	return r.redirect(publicFormBase + turnedCheck)
}

// addPublicAnswers takes what was sent on a page. A box that was not ticked is not sent at all.
func (r *request) addPublicAnswers(a answers, page turnedPage) {
	r.addAnswers(a)
	for _, field := range page.fields {
		switch field {
		case library.FieldIdentity:
			a[field] = r.value(field)
		case publicBranch:
			if before := a[field]; before != r.value(field) {
				a[field], a[library.FieldStop] = r.value(field), ""
			}
		case consentField(library.ConsentMembership), consentField(library.ConsentPhoto):
			a[field] = r.value(field)
		}
	}
}

func (r *request) wrongInPublic(points []desk.CollectionPoint, page turnedPage, a answers) []library.Problem {
	switch page.name {
	case "cabang", "singgah":
		branch, _ := library.ParseID(a[publicBranch]) // what is none is no branch's
		if p := desk.CheckCollection(points, branch, a[library.FieldStop]); p != nil && slices.Contains(page.fields, p.Field) {
			return []library.Problem{*p}
		}
		return nil
	case "setuju":
		if !r.consented(a, library.ConsentMembership) {
			return []library.Problem{{Field: consentField(library.ConsentMembership), Key: "problem.consent_membership"}}
		}
		return nil
	}
	return r.wrongOn(page, a.form(library.IdentityKind(a[library.FieldIdentity])))
}

// consented reports whether the text as it stands now was agreed to.
func (r *request) consented(a answers, kind library.ConsentKind) bool {
	return a[consentField(kind)] != "" && a[consentField(kind)] == r.server.Desk.Settings().Consent(kind).Version
}

func (r *request) sendPublicForm(a answers) error {
	form := a.form(library.IdentityKind(a[library.FieldIdentity]))
	form.Stop = a[library.FieldStop]
	branch, _ := library.ParseID(a[publicBranch]) // what is none is no branch's
	var err error
	if r.value(publicTrap) != "" {
		err = library.Invalid(library.Problem{Field: publicTrap, Key: "problem.public_trap"})
	} else {
		err = r.server.Desk.SendPublicForm(r.ctx(), r.publicKey(), desk.PublicInput{Form: form, Branch: branch,
			Membership: r.consented(a, library.ConsentMembership), Photo: r.consented(a, library.ConsentPhoto)})
	}
	if err == nil {
		return r.redirect(publicFormBase + phoneFormEnd)
	}
	failure := asFailure(err)
	waits := failure.Kind == library.KindUnavailable && failure.Hint != ""
	if failure.Kind != library.KindInvalid && !waits {
		return err
	}
	v, viewErr := r.publicFormView(a, turnedCheck, nil)
	if viewErr != nil {
		return viewErr
	}
	if waits { // closed, full, too quick: the answers stay on the page, and in this browser for another day
		r.setPublicKey(r.publicKey(), daySeconds)
		v.Problems = view.Problems{{Text: r.t(failure.Key) + " " + r.t(failure.Hint)}}
		r.server.logFailure(r.Ctx, failure.Kind, err)
		return r.reply(http.StatusServiceUnavailable, "registration-turned", v)
	}
	v.Problems = r.namedProblems(library.ProblemsOf(err))
	return r.reply(http.StatusUnprocessableEntity, "registration-turned", v)
}

// showPublicEnd says what was sent, where to go with what, and the reference for the status page.
func showPublicEnd(r *request) error {
	f, _, mine, err := r.publicForm()
	if err != nil {
		return err
	}
	if !mine || !f.Sent {
		return r.redirect("/pendaftaran")
	}
	s, err := r.server.Desk.PublicSent(r.ctx(), r.publicKey())
	if err != nil {
		return err
	}
	v := &view.PublicEnd{Reference: spoken(f.Reference), Facts: r.publicFacts(s), Bring: r.bring(s), Status: "/pendaftaran/keadaan"}
	v.Title = r.t("public.end")
	return r.page("public-end", v)
}

// spoken writes a reference as it is read out.
func spoken(reference string) string {
	if len(reference) != 8 {
		return reference
	}
	return reference[:4] + "-" + reference[4:]
}

// publicFacts say where and until when the card can be collected.
func (r *request) publicFacts(s desk.PublicStatus) []view.Fact {
	place := s.Branch
	if place == "" {
		place = r.t("public.branch.gone")
	}
	facts := []view.Fact{{Name: r.t("field.branch"), Value: place}}
	if s.Stop != "" {
		facts = append(facts, view.Fact{Name: r.t("field.stop"), Value: s.Stop})
	}
	switch s.State {
	case desk.PublicReceived, desk.PublicArrived, desk.PublicWorking, desk.PublicSentBack:
		facts = append(facts, view.Fact{Name: r.t("public.until"), Value: s.Lapses.String()})
	}
	return facts
}

// bring is what to take along.
func (r *request) bring(s desk.PublicStatus) []string {
	bring := []string{r.t("public.bring.document", r.document(s.Document))}
	if s.Child {
		bring = append(bring, r.t("public.bring.guardian"))
	}
	return append(bring, r.t("public.bring.reference"), r.t("public.bring.photo"))
}

func showPublicStatus(r *request) error { return r.page("public-status", r.statusForm(nil)) }

func (r *request) statusForm(problems view.Problems) *view.PublicStatus {
	v := &view.PublicStatus{Action: "/pendaftaran/keadaan",
		Reference: view.Field{Name: "reference", Label: r.t("public.reference"), Hint: r.t("public.reference.hint"), Value: r.value("reference"), Auto: "off", NoSpell: true, Maximum: 20, Width: 12}.With(problems),
		Birth:     view.DateField{Name: "birth", Label: r.t("field.birth"), Day: r.value("birth_d"), Month: r.value("birth_m"), Year: r.value("birth_y")}.With(problems)}
	v.Title = r.t("public.status")
	return v
}

// publicStatus answers who knows the reference and the birth date. Every wrong pair has the same answer.
func publicStatus(r *request) error {
	who := network(r.server.client(r.Ctx))
	if r.server.wrong.spent(who) || r.server.wrongAll.spent("") {
		return tooMany(r.Ctx)
	}
	birth, err := library.ParseDate(r.value("birth_d") + " " + r.value("birth_m") + " " + r.value("birth_y"))
	var s desk.PublicStatus
	switch {
	case r.value("reference") == "":
		err = library.Invalid(library.Problem{Field: "reference", Key: library.KeyMissing})
	case err != nil || birth.IsZero():
		err = library.Invalid(library.Problem{Field: "birth", Key: library.KeyDateUnreadable})
	default:
		if s, err = r.server.Desk.PublicStatus(r.ctx(), r.value("reference"), birth); library.KindOf(err) == library.KindNotFound {
			r.server.wrong.allow(who)
			r.server.wrongAll.allow("")
			err = library.Invalid(library.Problem{Field: "reference", Key: "error.public_pair"})
		}
	}
	if err != nil {
		return r.invalid("public-status", r.statusForm(r.problems(err)), err)
	}
	v := r.statusForm(nil)
	v.Says = r.statusSays(s)
	v.Facts = r.publicFacts(s)
	switch s.State {
	case desk.PublicReceived, desk.PublicArrived, desk.PublicSentBack:
		v.Bring = r.bring(s)
	}
	return r.page("public-status", v)
}

// statusSays is the sentence of a state.
func (r *request) statusSays(s desk.PublicStatus) view.Note {
	note := view.Note{Title: r.t("public.state." + string(s.State)), Text: r.t("public.state."+string(s.State)+".text", text.Date(s.Since))}
	switch s.State {
	case desk.PublicSentBack:
		if s.Note != "" {
			note.Text = s.Note
		}
	case desk.PublicRefused:
		if one, ok := refusalOf(s.Refusal); ok {
			note.Text = r.code(one.Code)
		}
	}
	return note
}
