package ui

import (
	"errors"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/office"
	"simpul/ui/view"
)

// eraseRoutes remove a member for ever. Only the centre can: the decision must reach every copy.
func (s *server) eraseRoutes() []route {
	may := officerWho(library.Erase)
	return []route{
		get("/anggota/:id/hapus", may, showErasing),
		post("/anggota/:id/hapus", may, eraseMember),
		post("/anggota/:id/hapus/tolak", may, declineErasure),
	}
}

func showErasing(r *request) error {
	if _, err := r.office(); err != nil {
		return err
	}
	rec, err := r.member()
	if err != nil {
		return err
	}
	v, err := r.erasingView(rec)
	if err != nil {
		return err
	}
	return r.page("member-erase", v)
}

func (r *request) erasingView(rec desk.Record) (*view.Erasing, error) {
	at := memberPath(rec.ID, "hapus")
	v := &view.Erasing{ID: rec.ID.String(), Name: rec.Form.Name, Action: at, Back: memberPath(rec.ID, ""),
		Goes: []string{r.t("erase.goes.1"), r.t("erase.goes.2"), r.t("erase.goes.3")}, Stays: []string{r.t("erase.stays.1"), r.t("erase.stays.2"), r.t("erase.stays.3")},
		Reason: view.Choice{Name: "reason", Label: r.t("common.reason"), Value: r.value("reason")},
		Word:   view.Field{Name: "word", Label: r.t("erase.word"), Hint: r.t("branch.revoke.word.hint"), Value: r.value("word"), Width: 12, Auto: "off", Maximum: 20}}
	v.Title = r.t("erase.title")
	if n := numberOf(rec); n != "" {
		v.Name += " · " + n
	}
	for _, reason := range office.EraseReasons() {
		v.Reason.Options = append(v.Reason.Options, view.Option{Value: reason, Text: r.t("erase.reason." + reason)})
	}
	w, err := r.server.Desk.Wish(r.ctx(), r.actor(), rec.ID)
	if err != nil || !w.Waits() {
		return v, err
	}
	v.Wish = r.wishFacts(w)
	v.Decline = view.Confirm{Action: at + "/tolak", CSRF: r.csrf(), Text: r.t("wish.decline"), Explain: r.t("wish.decline.explain"), Button: r.t("wish.decline.do")}
	for _, reason := range office.DeclineReasons() {
		v.Decline.Reasons = append(v.Decline.Reasons, view.Option{Value: reason, Text: r.t("wish.decline." + reason)})
	}
	if v.Reason.Value == "" {
		v.Reason.Value = w.Reason
	}
	return v, nil
}

// declineErasure answers a branch that nobody is erased, and why.
func declineErasure(r *request) error {
	o, err := r.office()
	if err != nil {
		return err
	}
	rec, err := r.member()
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	_, err = o.DeclineErasure(r.ctx(), r.actor(), op, rec.ID, office.DeclineInput{Reason: r.value("reason"), Note: r.value("note")})
	if err == nil {
		return r.done("/putusan", "done.wish_declined")
	}
	v, viewErr := r.erasingView(rec)
	if viewErr != nil || v.Wish == nil {
		return errors.Join(err, viewErr)
	}
	v.Reason.Value = ""
	v.Decline.Open, v.Decline.Note.Value = true, r.value("note")
	v.Decline.Error, _ = r.problems(err).At("reason")
	return r.invalid("member-erase", v, err)
}

func eraseMember(r *request) error {
	o, err := r.office()
	if err != nil {
		return err
	}
	rec, err := r.member()
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	if err = r.typedWord("erase.the_word"); err == nil {
		_, err = o.Erase(r.ctx(), r.actor(), op, rec.ID, office.EraseInput{Reason: r.value("reason")})
	}
	if err == nil {
		return r.done("/anggota", "done.erased")
	}
	v, viewErr := r.erasingView(rec)
	if viewErr != nil {
		return viewErr
	}
	p := r.problems(err)
	v.Reason, v.Word = v.Reason.With(p), v.Word.With(p)
	return r.invalid("member-erase", v, err)
}
