package ui

import (
	"bytes"
	"net/http"
	"strconv"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/text"
	"simpul/ui/view"
)

const endedLimit = 50 // rows of the list of ended registrations on one page

// change carries out one use case on the registration in the path and returns to it.
func (r *request) change(do func(op, id library.ID) (desk.Done, error)) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	if _, err := do(op, id); err != nil {
		return err
	}
	return r.redirect(registrationPath(id, ""))
}

// sendBack returns the form to be corrected, with what is to be corrected.
func sendBack(r *request) error {
	return r.change(func(op, id library.ID) (desk.Done, error) {
		return r.server.Desk.SendBack(r.ctx(), r.actor(), op, id, r.value("note"), "") // overwrites nothing
	})
}

// pauseClock stops the clock of the present step with a reason.
func pauseClock(r *request) error {
	return r.askAgain(r.change(func(op, id library.ID) (desk.Done, error) {
		return r.server.Desk.Pause(r.ctx(), r.actor(), op, id, r.value("reason"))
	}), func(v *view.Registration) *view.Confirm { return &v.Pause })
}

// resumeClock lets it run again.
func resumeClock(r *request) error {
	return r.change(func(op, id library.ID) (desk.Done, error) {
		return r.server.Desk.Resume(r.ctx(), r.actor(), op, id)
	})
}

// refuse is "Tidak dikabulkan": the requirement that was not met, from any step.
func refuse(r *request) error {
	return r.askAgain(r.change(func(op, id library.ID) (desk.Done, error) {
		return r.server.Desk.Refuse(r.ctx(), r.actor(), op, id, r.value("reason"), r.value("note"), r.value("version"))
	}), func(v *view.Registration) *view.Confirm { return &v.Refuse })
}

// withdraw records that the visitor does not want to go on.
func withdraw(r *request) error {
	return r.change(func(op, id library.ID) (desk.Done, error) {
		return r.server.Desk.Withdraw(r.ctx(), r.actor(), op, id, r.value("note"), "")
	})
}

// reopen takes up a registration that ended without a card.
func reopen(r *request) error {
	return r.change(func(op, id library.ID) (desk.Done, error) {
		return r.server.Desk.Reopen(r.ctx(), r.actor(), op, id, r.value("note"), "")
	})
}

// askAgain shows the reasons once more, opened: when none was chosen, or when somebody else changed the registration
// meanwhile.
func (r *request) askAgain(err error, which func(*view.Registration) *view.Confirm) error {
	kind := library.KindOf(err)
	if kind != library.KindConflict && (kind != library.KindInvalid || len(library.ProblemsOf(err)) == 0) {
		return err
	}
	rec, loadErr := r.registration()
	if loadErr != nil {
		return loadErr
	}
	v := r.lookView(rec, rec.Stage.Step())
	c := which(&v.Registration)
	c.Open, c.Note.Value, c.Value = true, r.value("note"), r.value("reason")
	if kind == library.KindConflict {
		return r.conflicted("registration-look", v, &v.Registration, rec, nil)
	}
	c.Error = r.t(library.KeyChoose)
	return r.reply(http.StatusUnprocessableEntity, "registration-look", v)
}

// showDone shows a step that lies behind, to look at.
func showDone(r *request, rec desk.Record, step library.Step) error {
	if rec.Stage == desk.StageDone {
		return r.redirect("/anggota/" + rec.ID.String()) // where looking is logged
	}
	return r.page("registration-look", r.lookView(rec, step))
}

func (r *request) lookView(rec desk.Record, step library.Step) *view.Look {
	v := &view.Look{Registration: r.around(rec, step), Go: view.Link{Path: registrationPath(rec.ID, ""), Text: r.t("registration.go_on")}}
	if step.Valid() {
		v.Step = r.t("step." + string('0'+rune(step)))
	}
	switch step {
	case library.StepIdentity:
		v.Facts = r.identityFacts(rec)
	case library.StepVerification:
		v.Facts = []view.Fact{{Name: r.t("verify.against"), Value: r.document(rec.Verified.Document)}}
		if !rec.Verified.At.IsZero() {
			v.Facts = append(v.Facts, view.Fact{Name: r.t("verify.at"), Value: r.moment(rec.Verified.At)})
		}
		v.Facts = append(v.Facts, r.formFacts(rec)...)
	default:
		v.Facts = r.formFacts(rec)
	}
	if step >= library.StepVerification && !r.may(library.Register) {
		v.Note = view.Note{Title: r.t("registration.waits"), Text: r.t("registration.waits.text")}
		v.Go = view.Link{Path: "/meja", Text: r.t("error.home")}
	}
	return v
}

func (r *request) identityFacts(rec desk.Record) []view.Fact {
	facts := []view.Fact{{Name: r.t("identify.kind"), Value: r.document(rec.Form.Identity)}}
	for _, kind := range []library.ConsentKind{library.ConsentMembership, library.ConsentPhoto} {
		c, asked := rec.Consents[kind]
		if !asked {
			continue
		}
		said := r.t("identify.refused")
		if c.Given {
			said = r.t("identify.given", r.moment(c.At))
		}
		facts = append(facts, view.Fact{Name: r.t("identify.consent." + string(kind)), Value: said})
	}
	return facts
}

func (r *request) formFacts(rec desk.Record) []view.Fact {
	var facts []view.Fact
	for _, field := range library.Fields() {
		value := r.said(rec.Form, field)
		if field == library.FieldNIK {
			value = library.NIK(rec.Form.NIK).Masked() // nobody compares it here
		}
		if value != "" {
			facts = append(facts, view.Fact{Name: r.t("field." + field), Value: value})
		}
	}
	return facts
}

// showEnded is where a registration that ended without a card stands: why, the slip, and how to take it up again.
func showEnded(r *request, rec desk.Record) error {
	v := r.lookView(rec, 0)
	v.Title, v.Ended, v.Step = r.t("registration.ended"), true, r.stageWord(rec.Stage)
	v.Refuse, v.Withdraw, v.Pause = view.Confirm{}, view.Confirm{}, view.Confirm{}
	v.Facts = append(r.outcomeFacts(rec), v.Facts...)
	v.Go = view.Link{Path: "/meja", Text: r.t("error.home")}
	switch {
	case rec.Stage == desk.StageRefused:
		v.SlipPath = registrationPath(rec.ID, "surat")
	case rec.Stage == desk.StageSame && !rec.Same.IsZero():
		v.Go = view.Link{Path: registrationPath(rec.Same, ""), Text: r.t("registration.same.go")}
	}
	if r.may(library.Register) {
		v.Reopen = view.Confirm{Action: registrationPath(rec.ID, "buka"), CSRF: r.csrf(), Text: r.t("registration.reopen"), Explain: r.t("registration.reopen.explain"),
			Button: r.t("registration.reopen.do")}
	}
	return r.page("registration-look", v)
}

func (r *request) outcomeFacts(rec desk.Record) []view.Fact {
	var facts []view.Fact
	if reason := r.outcome(rec); reason != "" {
		facts = append(facts, view.Fact{Name: r.t("common.reason"), Value: reason})
	}
	if rec.Outcome.Note != "" {
		facts = append(facts, view.Fact{Name: r.t("common.note"), Value: rec.Outcome.Note})
	}
	if rec.Outcome.Step.Valid() {
		facts = append(facts, view.Fact{Name: r.t("registration.at_step"), Value: r.t("step." + string('0'+rune(rec.Outcome.Step)))})
	}
	return facts
}

// outcome is the requirement that was not met; "" for other endings.
func (r *request) outcome(rec desk.Record) string {
	if one, ok := refusalOf(rec.Outcome.Key); ok && rec.Stage == desk.StageRefused {
		return r.code(one.Code)
	}
	return ""
}

func refusalOf(key string) (library.Refusal, bool) {
	for _, one := range library.Refusals() {
		if one.Key == key {
			return one, true
		}
	}
	return library.Refusal{}, false
}

// showEndedList lists what ended without a card, newest first.
func showEndedList(r *request) error {
	var before time.Time
	if ms, err := strconv.ParseInt(r.Query("sebelum"), 10, 64); err == nil {
		before = time.UnixMilli(ms)
	}
	list, err := r.server.Desk.Ended(r.ctx(), r.actor(), before, endedLimit)
	if err != nil {
		return err
	}
	v := &view.EndedList{Table: view.Table{Caption: r.t("ended.title"),
		Columns: []view.Column{{Text: r.t("field.name")}, {Text: r.t("ended.day")}, {Text: r.t("ended.how")}, {Text: r.t("common.reason")}},
		Empty:   view.Empty{Title: r.t("ended.empty"), Text: r.t("ended.empty.text")}}}
	v.Title = r.t("ended.title")
	for _, rec := range list {
		name := rec.Form.Name
		if name == "" {
			name = r.t("registration.new")
		}
		reason := r.outcome(rec)
		if reason == "" {
			reason = rec.Outcome.Note
		}
		v.Table.Rows = append(v.Table.Rows, view.Row{ID: "row-" + rec.ID.String(), Link: registrationPath(rec.ID, ""),
			Cells: []view.Cell{{Text: name}, {Text: rec.Day.String()}, {Text: r.stageWord(rec.Stage)}, {Text: reason}}})
	}
	if len(list) == endedLimit {
		v.Table.Next = "/daftar/selesai?sebelum=" + strconv.FormatInt(list[len(list)-1].Opened.UnixMilli(), 10)
	}
	return r.page("registration-ended", v)
}

// printSlip is the paper a refused visitor takes home.
func printSlip(r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	var out bytes.Buffer
	err = r.server.Desk.RefusalSlip(r.ctx(), r.actor(), id, r.slipWords, &out)
	if err != nil {
		return err
	}
	r.Set("Content-Disposition", `inline; filename="surat.pdf"`)
	r.Type("pdf")
	return r.Send(out.Bytes())
}

func (r *request) slipWords(rec desk.Record) desk.SlipWords {
	refusal, _ := refusalOf(rec.Outcome.Key)
	bring := refusal.Bring
	if r.lang == text.English {
		bring = refusal.BringEnglish
	}
	words := desk.SlipWords{Title: r.t("slip.title"), Subtitle: rec.Form.Name, Closing: r.t("slip.closing"),
		Footer: r.t("slip.footer", r.moment(r.now())),
		Lines:  []desk.SlipLine{{Label: r.t("slip.missing"), Text: r.code(refusal.Code)}, {Label: r.t("slip.bring"), Text: bring}}}
	if rec.Outcome.Note != "" {
		words.Lines = append(words.Lines, desk.SlipLine{Label: r.t("common.note"), Text: rec.Outcome.Note})
	}
	return words
}
