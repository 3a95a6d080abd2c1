package ui

import (
	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/text"
	"simpul/ui/view"
)

// wishRoutes ask the centre to erase a member, and take that back.
func (s *server) wishRoutes() []route {
	may := officerWho(library.Correct)
	return []route{
		get("/anggota/:id/minta-hapus", may, showWish),
		post("/anggota/:id/minta-hapus", may, askErasure),
		post("/anggota/:id/minta-hapus/batal", may, withdrawErasure),
	}
}

func showWish(r *request) error {
	rec, err := r.member()
	if err != nil {
		return err
	}
	return r.page("member-wish", r.wishView(rec))
}

func (r *request) wishView(rec desk.Record) *view.Wishing {
	v := &view.Wishing{Name: rec.Form.Name, Action: memberPath(rec.ID, "minta-hapus"), Back: memberPath(rec.ID, ""), Version: rec.Version,
		Reason:   view.Choice{Name: "reason", Label: r.t("common.reason"), Value: r.value("reason")},
		By:       view.Choice{Name: "by", Label: r.t("wish.by"), Value: r.value("by")},
		Identity: view.Choice{Name: "identity", Label: r.t("wish.identity"), Hint: r.t("wish.identity.hint"), Value: r.value("identity"), Empty: r.t("common.choose")},
		Checked:  view.Check{Name: "checked", Label: r.t("wish.checked"), Hint: r.t("wish.checked.hint"), On: r.ticked("checked")},
		Note:     view.Field{Name: "note", Label: r.t("common.note"), Value: r.value("note"), Optional: true, Auto: "off", Maximum: 200}}
	v.Title = r.t("wish.title")
	if n := numberOf(rec); n != "" {
		v.Name += " · " + n
	}
	for _, reason := range desk.WishReasons() {
		v.Reason.Options = append(v.Reason.Options, view.Option{Value: reason, Text: r.t("erase.reason." + reason)})
	}
	for _, by := range desk.WishAskers() {
		v.By.Options = append(v.By.Options, view.Option{Value: by, Text: r.t("wish.by." + by)})
	}
	for _, kind := range library.IdentityKinds() {
		v.Identity.Options = append(v.Identity.Options, view.Option{Value: string(kind), Text: r.t("identity." + string(kind))})
	}
	return v
}

func askErasure(r *request) error {
	rec, err := r.member()
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	_, err = r.server.Desk.AskErasure(r.ctx(), r.actor(), op, rec.ID, desk.WishInput{Reason: r.value("reason"), By: r.value("by"), Identity: library.IdentityKind(r.value("identity")),
		Checked: r.ticked("checked"), Note: r.value("note"), Version: r.value("version")})
	if err == nil {
		return r.done(memberPath(rec.ID, ""), "done.wished")
	}
	v, p := r.wishView(rec), r.problems(err)
	v.Reason, v.By, v.Identity, v.Checked = v.Reason.With(p), v.By.With(p), v.Identity.With(p), v.Checked.With(p)
	return r.invalid("member-wish", v, err)
}

func withdrawErasure(r *request) error {
	return r.act("done.wish_withdrawn", func(op, id library.ID) error {
		_, err := r.server.Desk.WithdrawErasure(r.ctx(), r.actor(), op, id)
		return err
	}, func(*view.Member, view.Problems) {})
}

// addWish says what became of the wish to erase a member. At the centre it is decided, elsewhere asked for.
func (r *request) addWish(v *view.Member, rec desk.Record) error {
	w, err := r.server.Desk.Wish(r.ctx(), r.actor(), rec.ID)
	if err != nil {
		return err
	}
	_, notCentre := r.office()
	if notCentre != nil && r.may(library.Correct) && !w.Waits() {
		v.AskErase = memberPath(rec.ID, "minta-hapus")
	}
	switch {
	case w.Asked.IsZero() || w.Answer == desk.Withdrawn:
	case w.Waits():
		v.Wish = &view.WishState{State: view.Cell{Text: r.t("wish.waits"), State: view.Warn}, Text: r.t("wish.waits.text"), Facts: r.wishFacts(w)}
		if notCentre != nil && r.may(library.Correct) {
			v.Wish.Withdraw = memberPath(rec.ID, "minta-hapus/batal")
		}
	default:
		v.Wish = &view.WishState{State: view.Cell{Text: r.t("wish.declined"), State: view.Info}, Text: r.t("wish.declined.text"),
			Facts: []view.Fact{{Name: r.t("wish.asked"), Value: r.moment(w.Asked)}, {Name: r.t("wish.answered"), Value: text.Date(w.Answered)},
				{Name: r.t("common.reason"), Value: r.declineWord(w.Answer)}}}
		if w.Words != "" {
			v.Wish.Facts = append(v.Wish.Facts, view.Fact{Name: r.t("wish.words"), Value: w.Words})
		}
	}
	return nil
}

func (r *request) wishFacts(w desk.Wish) []view.Fact {
	facts := []view.Fact{{Name: r.t("wish.asked"), Value: r.moment(w.Asked)}, {Name: r.t("common.reason"), Value: r.t("erase.reason." + w.Reason)},
		{Name: r.t("wish.by"), Value: r.t("wish.by." + w.By)}, {Name: r.t("wish.shown"), Value: r.t("identity." + string(w.Identity))}}
	if w.Who != "" {
		facts = append(facts, view.Fact{Name: r.t("wish.officer"), Value: w.Who})
	}
	if w.Note != "" {
		facts = append(facts, view.Fact{Name: r.t("common.note"), Value: w.Note})
	}
	return facts
}

func (r *request) declineWord(reason string) string {
	if key := "wish.decline." + reason; r.server.words.Has(key) {
		return r.t(key)
	}
	return r.t("wish.decline.other")
}
