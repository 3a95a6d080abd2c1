package ui

import (
	"net/http"
	"strconv"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/text"
	"simpul/ui/view"
)

// registrationRoutes are steps 2 to 4 of the SOP, and how a registration begins, waits and ends.
func (s *server) registrationRoutes() []route {
	draft, register := officerWho(library.DraftRegistration), officerWho(library.Register)
	return []route{
		get("/daftar", draft, showStart),
		post("/daftar", draft, openRegistration),
		get("/daftar/selesai", draft, showEndedList),
		get("/daftar/:id", draft, showRegistration),
		get("/daftar/:id/identitas", draft, showIdentity),
		post("/daftar/:id/identitas", draft, identify),
		get("/daftar/:id/formulir", draft, showForm),
		post("/daftar/:id/formulir", draft, fillForm),
		post("/daftar/:id/wilayah", draft, showRegions),
		post("/daftar/:id/"+draftWord, draft, saveDraft),
		get("/daftar/:id/periksa", register, showVerification),
		post("/daftar/:id/periksa", register, verify),
		get("/daftar/:id/mirip", register, showAlike),
		post("/daftar/:id/mirip", register, compare),
		post("/daftar/:id/kembalikan", register, sendBack),
		post("/daftar/:id/jeda", draft, pauseClock),
		post("/daftar/:id/lanjut", draft, resumeClock),
		post("/daftar/:id/tolak", register, refuse),
		post("/daftar/:id/batal", draft, withdraw),
		post("/daftar/:id/buka", register, reopen),
		post("/daftar/:id/saudara", draft, openSibling),
		get("/daftar/:id/surat", draft, printSlip),
	}
}

// showStart asks for nothing but a press: it opens a registration from nothing, from a visit or for a sibling.
func showStart(r *request) error {
	v := &view.Start{Visit: r.Query("kunjungan"), Sibling: r.Query("saudara")}
	v.Title = r.t("registration.start")
	return r.page("registration-start", v)
}

// openRegistration begins a registration; fields "visit" and "sibling" say from where.
func openRegistration(r *request) error {
	op, err := r.operation()
	if err != nil {
		return err
	}
	in := desk.OpenInput{Source: desk.SourceDesk}
	for name, id := range map[string]*library.ID{"visit": &in.Visit, "sibling": &in.Sibling} {
		if r.value(name) == "" {
			continue
		}
		if *id, err = library.ParseID(r.value(name)); err != nil {
			return library.E(library.KindNotFound, "error.not_found")
		}
	}
	done, err := r.server.Desk.OpenRegistration(r.ctx(), r.actor(), op, in)
	if err != nil {
		return err
	}
	return r.redirect(registrationPath(done.ID, ""))
}

func openSibling(r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	r.form.Set("sibling", id.String())
	return openRegistration(r)
}

// registrationPath is the address of a registration, or of one of its pages.
func registrationPath(id library.ID, page string) string {
	if page == "" {
		return "/daftar/" + id.String()
	}
	return "/daftar/" + id.String() + "/" + page
}

// stepPage is the page of the step whose work is to be done now.
func stepPage(step library.Step) string {
	return map[library.Step]string{library.StepIdentity: "identitas", library.StepForm: "formulir", library.StepVerification: "periksa",
		library.StepPhoto: "foto", library.StepHandover: "serahkan"}[step]
}

// showRegistration leads to what is to be done now: a question about a possible duplicate, the step, the member, or
// what became of a registration that ended.
func showRegistration(r *request) error {
	rec, err := r.registration()
	if err != nil {
		return err
	}
	switch step := rec.Stage.Step(); {
	case rec.Stage.Ended():
		return showEnded(r, rec)
	case rec.Stage == desk.StageDone:
		return r.redirect("/anggota/" + rec.ID.String())
	case step >= library.StepVerification && !r.may(library.Register):
		return showDone(r, rec, step)
	case step == library.StepVerification || step == library.StepPhoto:
		if asked, err := r.askAlike(rec.ID); err != nil || asked {
			return err
		}
		return r.redirect(registrationPath(rec.ID, stepPage(step)))
	default:
		return r.redirect(registrationPath(rec.ID, stepPage(step)))
	}
}

// registration loads the registration in the path.
func (r *request) registration() (desk.Record, error) {
	id, err := r.id("id")
	if err != nil {
		return desk.Record{}, err
	}
	return r.server.Desk.Registration(r.ctx(), r.actor(), id)
}

// around fills what stands around a step of a registration.
func (r *request) around(rec desk.Record, step library.Step) view.Registration {
	r.takeBack()
	v := view.Registration{ID: rec.ID.String(), Name: rec.Form.Name, Document: r.document(rec.Form.Identity), Version: rec.Version,
		Steps: r.steps(rec), Action: registrationPath(rec.ID, stepPage(step)),
		Saved: view.Note{Title: r.t("verify.saved"), Text: r.t("verify.saved.text")}}
	v.Title = r.t("registration.title", r.t("step."+strconv.Itoa(int(step))))
	if v.Name == "" {
		v.Name = r.draftName(rec.ID)
	}
	if v.Name == "" {
		v.Name = r.t("registration.new")
	}
	v.Pause = view.Confirm{Action: registrationPath(rec.ID, "jeda"), CSRF: r.csrf(), Text: r.t("clock.pause"), Explain: r.t("registration.pause.explain"),
		Button: r.t("registration.pause"), Reasons: r.options(library.PauseReasons())}
	if rec.Paused {
		v.Resume = registrationPath(rec.ID, "lanjut")
	}
	v.Withdraw = view.Confirm{Action: registrationPath(rec.ID, "batal"), CSRF: r.csrf(), Text: r.t("registration.withdraw"), Explain: r.t("registration.withdraw.explain"),
		Button: r.t("registration.withdraw.do")}
	if r.may(library.Register) {
		v.Refuse = r.refusal(rec)
	}
	if rec.Stage == desk.StageIdentified && rec.Outcome.Key == "sent-back" {
		v.Note = view.Note{Title: r.t("registration.sent_back"), Text: rec.Outcome.Note}
	}
	if given, asked := rec.Consents[library.ConsentMembership]; asked && given.By == "self" && rec.Stage.Step() != 0 &&
		r.server.Desk.IsChild(rec.Form.Birth) {
		v.Note = view.Note{Title: r.t("registration.child"), Text: r.t("registration.child.text")}
	}
	if before, other := r.server.Desk.Attend(r.actor(), rec.ID); other && r.now().Sub(before.At) < 10*time.Minute {
		v.Attendant = r.t("registration.attendant", r.officerName(before.Officer), text.Time(r.lang, before.At.In(r.server.Zone)))
	}
	return v
}

// refusal is the quiet button "Tidak dikabulkan…", which stands on every step.
func (r *request) refusal(rec desk.Record) view.Confirm {
	c := view.Confirm{Action: registrationPath(rec.ID, "tolak"), CSRF: r.csrf(), Text: r.t("verify.refuse"), Explain: r.t("registration.refuse.explain"),
		Button: r.t("registration.refuse.do"), Danger: true, Version: rec.Version}
	for _, one := range library.Refusals() {
		c.Reasons = append(c.Reasons, view.Option{Value: one.Key, Text: r.code(one.Code)})
	}
	return c
}

// steps is the bar of a registration with its running clock; steps that were done can be looked at.
func (r *request) steps(rec desk.Record) view.Steps {
	step := rec.Stage.Step()
	s := view.Steps{Current: int(step), Clock: r.clock(rec, step)}
	if rec.Stage == desk.StageDone {
		s.Current = view.StepCount + 1
	}
	for _, done := range []library.Step{library.StepIdentity, library.StepForm, library.StepVerification} {
		if done <= step && (done < library.StepVerification || r.may(library.Register)) {
			s.Links[done-1] = registrationPath(rec.ID, stepPage(done))
		}
	}
	return s
}

func (r *request) clock(rec desk.Record, step library.Step) view.Clock {
	c := view.Clock{Elapsed: rec.Clock.Elapsed(step, rec.ClockNow), Running: !rec.Paused}
	if rec.Timed {
		c.Standard = r.server.Desk.StepStandards().Of(step)
	}
	if rec.Paused {
		c.Paused = r.pauseReason(rec.Pause)
	}
	return c
}

func (r *request) pauseReason(key string) string {
	if c, ok := library.Find(library.PauseReasons(), key); ok {
		return r.code(c)
	}
	return key
}

// officerName is the name of a colleague; empty when there is none.
func (r *request) officerName(id library.ID) string {
	names, err := r.server.Desk.OfficerNames(r.ctx())
	if err != nil {
		return ""
	}
	return names[id]
}

// conflicted shows a form again that was made from an older state: what was typed stays, and beside it stands what is
// stored now. Sending it once more saves it.
func (r *request) conflicted(page string, v view.Framed, around *view.Registration, rec desk.Record, typed *library.Form) error {
	c := view.Conflict{Title: r.t("registration.conflict"), Text: r.t("registration.conflict.text")}
	if by := r.server.Desk.Attending(rec.ID); !by.Officer.IsZero() && by.Officer != r.actor().Officer {
		c.Text = r.t("registration.conflict.by", r.officerName(by.Officer), text.Time(r.lang, by.At.In(r.server.Zone)))
	}
	if typed != nil {
		mine := typed.Clean()
		for _, field := range library.Fields() {
			if stored := r.said(rec.Form, field); stored != r.said(mine, field) {
				if stored == "" {
					stored = r.t("common.none")
				}
				c.Facts = append(c.Facts, view.Fact{Name: r.t("field." + field), Value: stored})
			}
		}
	}
	if page := stepPage(rec.Stage.Step()); registrationPath(rec.ID, page) != around.Action {
		c.Text = r.t("registration.conflict.moved")
		c.Link = view.Link{Path: registrationPath(rec.ID, ""), Text: r.t("registration.conflict.go")}
	}
	around.Conflict = c
	return r.reply(http.StatusConflict, page, v)
}
