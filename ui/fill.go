package ui

import (
	"strconv"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/text"
	"simpul/ui/view"
)

// showForm is step 3 for the officer: one dense page. A draft that was not valid yet comes back as it was typed.
func showForm(r *request) error {
	rec, err := r.registration()
	if err != nil {
		return err
	}
	switch rec.Stage {
	case desk.StageIdentified, desk.StageFilled:
	case desk.StageOpened:
		return r.redirect(registrationPath(rec.ID, "identitas"))
	default:
		return showDone(r, rec, library.StepForm)
	}
	a := r.stored(rec)
	draft, kept, err := r.server.Desk.DraftOf(r.ctx(), r.actor(), rec.ID)
	if err != nil {
		return err
	}
	if kept {
		a = answers(draft.Fields)
	}
	v := r.formView(rec, a, nil)
	if kept {
		v.DraftAt = r.t("form.draft_at", text.Time(r.lang, draft.At.In(r.server.Zone)))
	}
	return r.page("registration-form", v)
}

// stored are the answers of a registration, with what can be assumed before anything was typed.
func (r *request) stored(rec desk.Record) answers {
	a := answersOf(rec.Form)
	a["by"] = rec.By
	if a["by"] == "" && (rec.Source == desk.SourcePhone || rec.Source == desk.SourcePublic) {
		a["by"] = "visitor"
	}
	if a["by"] == "" {
		a["by"] = "officer"
	}
	s := r.server.Desk.Settings()
	if a[library.FieldMemberKind] == "" && len(s.MemberKinds) > 0 {
		a[library.FieldMemberKind] = s.MemberKinds[0].Key
	}
	if a[library.FieldRegency] == "" {
		a[library.FieldRegency] = r.server.Desk.HomeRegency()
	}
	return a
}

// fillForm saves step 3. Field "do" names the other buttons: lists of another area, birth date out of the NIK, a draft.
func fillForm(r *request) error {
	rec, err := r.registration()
	if err != nil {
		return err
	}
	a := r.answers()
	d := r.server.Desk
	switch r.value("do") {
	case "region":
		a.settle(d.Regions())
		return r.page("registration-form", r.formView(rec, a, nil))
	case "nik":
		a.fromNIK(d.Today())
		return r.page("registration-form", r.formView(rec, a, r.problems(library.Invalid(nikProblems(a)...))))
	case "draft":
		if err := d.SaveDraft(r.ctx(), r.actor(), rec.ID, a); err != nil {
			return err
		}
		return r.redirect("/meja")
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	a.settle(d.Regions())
	form := a.form(rec.Form.Identity)
	found := d.CheckForm(form)
	_, err = d.Fill(r.ctx(), r.actor(), op, rec.ID, desk.FillInput{Form: form, By: a["by"], Confirmed: a.confirmed(found), Version: r.value("version")})
	switch library.KindOf(err) {
	case 0:
		return r.redirect(registrationPath(rec.ID, ""))
	case library.KindConflict:
		if rec, err = r.registration(); err != nil {
			return err
		}
		v := r.formView(rec, a, nil)
		return r.conflicted("registration-form", v, &v.Registration, rec, &form)
	case library.KindInvalid:
		if err := d.SaveDraft(r.ctx(), r.actor(), rec.ID, a); err != nil {
			return err
		}
		// Warnings that were confirmed stay on the page with their reasons; the summary names only what is open.
		return r.invalid("registration-form", r.formView(rec, a, r.problems(library.Invalid(found...))), err)
	}
	return err
}

// nikProblems are those of the NIK alone: the button beside it speaks about nothing else.
func nikProblems(a answers) []library.Problem {
	if _, err := library.ParseNIK(a[library.FieldNIK]); err != nil {
		return library.ProblemsOf(err)
	}
	return nil
}

// showRegions draws the lists of areas anew after another choice above them; htmx asks for it.
func showRegions(r *request) error {
	a := r.answers()
	a.settle(r.server.Desk.Regions())
	id, err := r.id("id")
	if err != nil {
		return err
	}
	return r.part("registration-form", "section", entries{r: r, a: a}.regionSection(id))
}

// draftWord ends the address to which a half-typed form goes.
const draftWord = "naskah"

// saveDraft keeps the form while it is being typed; htmx sends it by itself after a change.
func saveDraft(r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := r.server.Desk.SaveDraft(r.ctx(), r.actor(), id, r.answers()); err != nil {
		return err
	}
	return r.part("registration-form", "draft-kept", text.Time(r.lang, r.now().In(r.server.Zone)))
}

func (r *request) formView(rec desk.Record, a answers, problems view.Problems) *view.FormPage {
	s := r.server.Desk.Settings()
	v := &view.FormPage{Registration: r.around(rec, library.StepForm)}
	child := r.ofChild(rec.Form.Identity, a)
	e := entries{r: r, a: a, problems: problems, child: child}
	v.Identity = e.choice(library.FieldIdentity, nil)
	v.Identity.Value = r.document(rec.Form.Identity)
	if nik, err := library.ParseNIK(a[library.FieldNIK]); err == nil {
		v.Offer = view.Press{Name: "do", Value: "nik", Text: r.t("form.use_nik_of", r.longDate(nik.BirthDate(r.server.Desk.Today())), r.sexWord(nik.Sex()))}
	} else {
		v.Offer = view.Press{Name: "do", Value: "nik", Text: r.t("form.use_nik")}
	}
	v.Sections = e.sections(rec, s)
	v.By = view.Choice{Name: "by", Label: r.t("form.by"), Value: a["by"], Inline: true, Options: []view.Option{
		{Value: "officer", Text: r.t("form.by.officer")}, {Value: "visitor", Text: r.t("form.by.visitor")}, {Value: "companion", Text: r.t("form.by.companion")}}}
	v.DraftPath, v.TurnPath = registrationPath(rec.ID, draftWord), registrationPath(rec.ID, "putar")
	return v
}

// ofChild says whether a guardian is asked for: by the birth date, and before there is one by a document that only children have.
func (r *request) ofChild(kind library.IdentityKind, a answers) bool {
	born := a.form(kind).Clean().Birth
	return r.server.Desk.IsChild(born) || born.IsZero() && kind == library.KIA
}

// sections are the parts of the dense form.
func (e entries) sections(rec desk.Record, s desk.Settings) []view.Section {
	person := view.Section{ID: "orang", Title: e.r.t("form.person")}
	number := e.of(library.FieldIdentityNumber)
	number.Text.Label = e.r.t("field.identity_number." + string(rec.Form.Identity))
	number.Text.Optional = rec.Form.Identity == library.KK
	switch rec.Form.Identity {
	case library.KK:
		person.Entries = append(person.Entries, e.of(library.FieldNIK), number)
	case library.Passport, library.StudentCard:
		person.Entries = append(person.Entries, number)
	default:
		person.Entries = append(person.Entries, e.of(library.FieldNIK))
	}
	person.Entries = append(person.Entries, e.of(library.FieldName), e.of(library.FieldSex), e.of(library.FieldBirthPlace), e.of(library.FieldBirth))
	if first := person.Entries[0].Text; first.Value == "" {
		first.Focus = true
	}
	address := view.Section{ID: "alamat", Title: e.r.t("form.address"),
		Entries: []view.Entry{e.of(library.FieldAddress), e.of(library.FieldRT), e.of(library.FieldRW)}}
	contact := view.Section{ID: "kegiatan", Title: e.r.t("form.contact"), Entries: []view.Entry{e.of(library.FieldOccupation), e.of(library.FieldEducation),
		e.of(library.FieldMemberKind), e.of(library.FieldInstitution), e.of(library.FieldPhone), e.of(library.FieldEmail)}}
	contact.Entries[3].Span, contact.Entries[4].Span, contact.Entries[5].Span = 12, 6, 6
	contact.Entries[4].Text.Hint = "" // boxes in a row stand on one line
	if s.Role.HasStops() {
		contact.Entries = append(contact.Entries, e.of(library.FieldStop))
	}
	guardian := view.Section{ID: "wali", Title: e.r.t("form.guardian"), Hint: e.r.t("form.guardian.hint", s.AdultAge),
		Folded:  !e.child && e.a[library.FieldGuardianName] == "",
		Entries: []view.Entry{e.of(library.FieldGuardianName), e.of(library.FieldGuardianRelation), e.of(library.FieldGuardianDocument), e.of(library.FieldGuardianPhone)}}
	return []view.Section{person, address, e.regionSection(rec.ID), contact, guardian}
}

func (e entries) regionSection(id library.ID) view.Section {
	return view.Section{ID: "wilayah", Title: e.r.t("form.region"), Ask: registrationPath(id, "wilayah"),
		Entries: []view.Entry{e.of(library.FieldRegency), e.of(library.FieldDistrict), e.of(library.FieldVillage)},
		Button:  &view.Press{Name: "do", Value: "region", Text: e.r.t("form.pick_village")}}
}

// longDate writes 7 Mei 1998.
func (r *request) longDate(d library.Date) string {
	if d.IsZero() {
		return ""
	}
	return strconv.Itoa(d.Day) + " " + text.Month(r.lang, d.Month) + " " + strconv.Itoa(d.Year)
}

func (r *request) sexWord(s library.Sex) string {
	if !s.Valid() {
		return ""
	}
	return r.t("sex." + string(s) + ".lower")
}
