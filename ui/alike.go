package ui

import (
	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// showAlike asks whether the visitor is somebody who is already here. It is a question: nothing is blocked.
func showAlike(r *request) error {
	rec, err := r.registration()
	if err != nil {
		return err
	}
	list, err := r.server.Desk.Alike(r.ctx(), r.actor(), rec.ID)
	if err != nil {
		return err
	}
	if len(list) == 0 || rec.Stage.Step() == 0 {
		return r.redirect(registrationPath(rec.ID, ""))
	}
	v := &view.Alike{Registration: r.around(rec, rec.Stage.Step()), Mine: r.likeness(rec), Branches: r.branchesKnown()}
	v.Title, v.Action = r.t("alike.title"), registrationPath(rec.ID, "mirip")
	for _, one := range list {
		p := view.AlikePerson{ID: one.ID.String(), Name: one.Form.Name, Why: r.t("alike.why.birth"), Facts: r.likeness(one.Record)}
		if one.SameNIK {
			p.Why = r.t("alike.why.nik")
		}
		if one.Away {
			p.Why = r.t("alike.why.away", one.Home)
			p.Facts = []view.Fact{{Name: r.t("alike.number"), Value: r.numberOf(one.Record)}}
		}
		p.Photo.Alt = r.t("alike.photo")
		if one.PhotoKey != "" {
			p.Photo.Path = "/foto/" + one.ID.String() + "?v=" + one.PhotoKey
		}
		v.People = append(v.People, p)
	}
	return r.page("registration-alike", v)
}

// branchesKnown says how far the other branches' members are among those compared.
func (r *request) branchesKnown() string {
	if _, err := r.office(); err == nil {
		return r.t("alike.branches_here")
	}
	e, err := r.server.Desk.Exchange(r.ctx(), r.actor())
	if err != nil || e.Succeeded.IsZero() {
		return r.t("alike.branches")
	}
	return r.t("alike.branches_at", r.when(e.Succeeded))
}

func (r *request) numberOf(rec desk.Record) string {
	if rec.Card == nil {
		return ""
	}
	return rec.Card.Number.Grouped()
}

// askAlike leads to the question of a possible duplicate while one is open; it reports whether it did.
func (r *request) askAlike(id library.ID) (asked bool, err error) {
	list, err := r.server.Desk.Alike(r.ctx(), r.actor(), id)
	if err != nil || len(list) == 0 {
		return false, err
	}
	return true, r.redirect(registrationPath(id, "mirip"))
}

// likeness is what tells people apart, without their numbers.
func (r *request) likeness(rec desk.Record) []view.Fact {
	facts := []view.Fact{
		{Name: r.t("field.birth"), Value: r.lineOf(rec.Form, []string{library.FieldBirthPlace, library.FieldBirth})},
		{Name: r.t("field.sex"), Value: r.lineOf(rec.Form, []string{library.FieldSex})},
		{Name: r.t("verify.line.village"), Value: r.lineOf(rec.Form, []string{library.FieldVillage, library.FieldDistrict})},
	}
	if rec.Card != nil {
		return append(facts, view.Fact{Name: r.t("alike.number"), Value: rec.Card.Number.Grouped()})
	}
	return append(facts, view.Fact{Name: r.t("alike.state"), Value: r.stageWord(rec.Stage)})
}

func (r *request) stageWord(s desk.Stage) string { return r.t("stage." + string(s)) }

// compare records the officer's decision. The same person: this registration ends and leads to the one who is here.
func compare(r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	other, err := library.ParseID(r.value("other"))
	if err != nil {
		return library.E(library.KindNotFound, "error.not_found")
	}
	same := r.value("same") == "1"
	if _, err := r.server.Desk.Compare(r.ctx(), r.actor(), op, id, other, same, r.value("note"), r.value("version")); err != nil {
		return err
	}
	if !same {
		return r.redirect(registrationPath(id, ""))
	}
	found, err := r.server.Desk.Registration(r.ctx(), r.actor(), other)
	away := library.KindOf(err) == library.KindNotFound // a member of another branch
	if err != nil && !away {
		return err
	}
	if away || found.Member {
		return r.redirect("/anggota/" + other.String())
	}
	return r.redirect(registrationPath(other, ""))
}
