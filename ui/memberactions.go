package ui

import (
	"encoding/json"
	"fmt"
	"net/http"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

func showCorrection(r *request) error {
	rec, err := r.member()
	if err != nil {
		return err
	}
	return r.page("member-correct", r.correctionView(rec, answersOf(rec.Form), nil))
}

func correctMember(r *request) error {
	rec, err := r.member()
	if err != nil {
		return err
	}
	d, a := r.server.Desk, r.answers()
	if r.value("do") == "region" {
		a.settle(d.Regions())
		return r.page("member-correct", r.correctionView(rec, a, nil))
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	form := a.form(rec.Form.Identity)
	found := d.CheckCorrection(rec, form)
	_, err = d.Correct(r.ctx(), r.actor(), op, rec.ID, desk.CorrectInput{Form: form, Reason: r.value("why"), Confirmed: a.confirmed(found), Version: r.value("version")})
	switch library.KindOf(err) {
	case 0:
		return r.done(memberPath(rec.ID, ""), "done.corrected")
	case library.KindConflict:
		return r.correctionConflict(rec, a, form)
	case library.KindInvalid:
		return r.invalid("member-correct", r.correctionView(rec, a, r.problems(library.Invalid(append(found, library.ProblemsOf(err)...)...))), err)
	}
	return err
}

// correctionConflict shows what was typed beside what another officer has stored meanwhile.
func (r *request) correctionConflict(rec desk.Record, a answers, form library.Form) error {
	v := r.correctionView(rec, a, nil)
	v.Conflict = view.Conflict{Title: r.t("registration.conflict"), Text: r.t("registration.conflict.text")}
	mine := form.Clean()
	for _, field := range library.Fields() {
		if stored := r.said(rec.Form, field); stored != r.said(mine, field) {
			v.Conflict.Facts = append(v.Conflict.Facts, view.Fact{Name: r.t("field." + field), Value: stored})
		}
	}
	return r.reply(http.StatusConflict, "member-correct", v)
}

func (r *request) correctionView(rec desk.Record, a answers, problems view.Problems) *view.Correction {
	s := r.server.Desk.Settings()
	v := &view.Correction{ID: rec.ID.String(), Name: rec.Form.Name, Action: memberPath(rec.ID, "betulkan"), Back: memberPath(rec.ID, ""), Version: rec.Version}
	v.Title = r.t("member.correct")
	child := r.server.Desk.IsChild(a.form(rec.Form.Identity).Clean().Birth)
	v.Sections = entries{r: r, a: a, problems: problems, child: child}.sections(rec, s)
	for i := range v.Sections {
		if v.Sections[i].Ask != "" {
			v.Sections[i].Ask = memberPath(rec.ID, "wilayah")
		}
	}
	v.Why = view.Field{Name: "why", Label: r.t("common.reason"), Hint: r.t("member.correct.why"), Value: r.value("why"), Maximum: 200, Auto: "off"}.With(problems)
	return v
}

// showMemberRegions draws the lists of areas anew after another choice above them; htmx asks for it.
func showMemberRegions(r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	a := r.answers()
	a.settle(r.server.Desk.Regions())
	section := entries{r: r, a: a}.regionSection(id)
	section.Ask = memberPath(id, "wilayah")
	return r.part("member-correct", "section", section)
}

// act carries out one action on the member in the path and goes back to the page.
func (r *request) act(key string, do func(op, id library.ID) error, wrong func(*view.Member, view.Problems)) error {
	rec, err := r.member()
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	if err := do(op, rec.ID); err != nil {
		return r.memberAgain(rec, err, wrong)
	}
	return r.done(memberPath(rec.ID, ""), key)
}

func blockCard(r *request) error {
	return r.act("done.blocked", func(op, id library.ID) error {
		_, err := r.server.Desk.Block(r.ctx(), r.actor(), op, id, r.value("reason"), r.value("note"))
		return err
	}, func(v *view.Member, p view.Problems) { v.Block.Open, v.Block.Error, _ = openedWith(p, "reason") })
}

func unblockCard(r *request) error {
	return r.act("done.unblocked", func(op, id library.ID) error {
		_, err := r.server.Desk.Unblock(r.ctx(), r.actor(), op, id, r.value("note"))
		return err
	}, func(v *view.Member, p view.Problems) { v.Unblock.Open, v.Unblock.Error, _ = openedWith(p, "reason") })
}

func openedWith(p view.Problems, field string) (open bool, problem string, warning bool) {
	problem, warning = p.At(field)
	return true, problem, warning
}

func replaceCard(r *request) error {
	return r.act("done.replaced", func(op, id library.ID) error {
		_, err := r.server.Desk.Replace(r.ctx(), r.actor(), op, id, r.value("reason"))
		return err
	}, func(v *view.Member, p view.Problems) { v.Replace.Choice = v.Replace.Choice.With(p) })
}

func addAlias(r *request) error {
	return r.act("done.alias", func(op, id library.ID) error {
		_, err := r.server.Desk.AddAlias(r.ctx(), r.actor(), op, id, r.value("system"), r.value("number"))
		return err
	}, func(v *view.Member, p view.Problems) {
		v.Alias.System.Value, v.Alias.Number.Value, v.Alias.Open = r.value("system"), r.value("number"), true
		v.Alias.System, v.Alias.Number = v.Alias.System.With(p), v.Alias.Number.With(p)
	})
}

func showRenewal(r *request) error {
	rec, err := r.member()
	if err != nil {
		return err
	}
	return r.page("member-renew", r.renewalView(rec))
}

func (r *request) renewalView(rec desk.Record) *view.Renewal {
	v := &view.Renewal{Name: rec.Form.Name, Action: memberPath(rec.ID, "perpanjang"), Back: memberPath(rec.ID, "")}
	v.Title = r.t("member.renew")
	v.Facts = []view.Fact{{Name: r.t("member.until"), Value: rec.Until.String()}}
	v.Kind = view.Choice{Name: "kind", Label: r.t("field.member_kind"), Value: rec.Kind}
	for _, o := range r.memberKinds(r.server.Desk.Settings().MemberKinds) {
		from, until := r.server.Desk.Renewal(rec, o.Value)
		o.Hint = r.t("member.renew.term", from.String(), until.String())
		v.Kind.Options = append(v.Kind.Options, o)
	}
	return v
}

func renewMember(r *request) error {
	rec, err := r.member()
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	v := r.renewalView(rec)
	if _, known := library.FindMemberKind(r.server.Desk.Settings().MemberKinds, r.value("kind")); !known {
		err = library.Invalid(library.Problem{Field: "kind", Key: library.KeyChoose})
		v.Kind = v.Kind.With(r.problems(err))
		return r.invalid("member-renew", v, err)
	}
	if _, err := r.server.Desk.Renew(r.ctx(), r.actor(), op, rec.ID, r.value("kind")); err != nil {
		return err
	}
	return r.done(memberPath(rec.ID, ""), "done.renewed")
}

// downloadAccess hands out everything that is known of a person, for the person. It is noted in the history.
func downloadAccess(r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	all, err := r.server.Desk.AccessOf(r.ctx(), r.actor(), id)
	if err != nil {
		return err
	}
	type line struct{ At, Who, What string }
	out := struct {
		Made    string
		Person  desk.Record
		Visits  []desk.Visit
		History []line
	}{r.moment(all.Made), all.Record, all.Visits, nil}
	for _, h := range all.History {
		out.History = append(out.History, line{r.moment(h.At), h.Who, r.happened(h)})
	}
	data, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return fmt.Errorf("ui: access: %w", err)
	}
	r.Set("Content-Type", "application/json")
	r.Set("Content-Disposition", `attachment; filename="salinan-data-anggota.json"`)
	return r.Send(data)
}
