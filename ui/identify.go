package ui

import (
	"strings"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// showIdentity is step 2: which document was shown, what the form is for, and the consents.
func showIdentity(r *request) error {
	rec, err := r.registration()
	if err != nil {
		return err
	}
	if rec.Stage != desk.StageOpened && rec.Stage != desk.StageIdentified {
		return showDone(r, rec, library.StepIdentity)
	}
	in := desk.IdentifyInput{Kind: rec.Form.Identity, By: "self", How: "screen"}
	if !rec.Form.Birth.IsZero() && r.server.Desk.IsChild(rec.Form.Birth) {
		in.By = "guardian"
	}
	if c, asked := rec.Consents[library.ConsentMembership]; asked {
		in.Explained, in.Membership, in.Photo, in.By, in.How = true, c.Given, rec.Consents[library.ConsentPhoto].Given, c.By, c.How
	}
	return r.page("registration-identity", r.identityView(rec, in, nil))
}

// identify saves step 2.
func identify(r *request) error {
	rec, err := r.registration()
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	in := desk.IdentifyInput{Kind: library.IdentityKind(r.value(library.FieldIdentity)), Explained: r.ticked("explained"),
		Membership: r.ticked("consent_membership"), Photo: r.ticked("consent_photo"), By: r.value("by"), How: r.value("how"), Version: r.value("version")}
	_, err = r.server.Desk.Identify(r.ctx(), r.actor(), op, rec.ID, in)
	switch library.KindOf(err) {
	case 0:
		return r.redirect(registrationPath(rec.ID, ""))
	case library.KindConflict:
		if rec, err = r.registration(); err != nil {
			return err
		}
		v := r.identityView(rec, in, nil)
		return r.conflicted("registration-identity", v, &v.Registration, rec, nil)
	}
	return r.invalid("registration-identity", r.identityView(rec, in, r.problems(err)), err)
}

func (r *request) identityView(rec desk.Record, in desk.IdentifyInput, problems view.Problems) *view.Identity {
	s := r.server.Desk.Settings()
	v := &view.Identity{Registration: r.around(rec, library.StepIdentity)}
	v.Kinds = view.Choice{Name: library.FieldIdentity, Label: r.t("identify.kind"), Value: string(in.Kind),
		Options: r.identityKinds(func(k library.IdentityKind) bool { return s.IdentityKinds[k] })}.With(problems)
	v.Explain = strings.Split(r.t("identify.explain"), "|")
	v.Explained = view.Check{Name: "explained", Label: r.t("identify.explained"), On: in.Explained}
	for _, kind := range []library.ConsentKind{library.ConsentMembership, library.ConsentPhoto} {
		consent := s.Consent(kind)
		check := view.Check{Name: "consent_" + string(kind), Label: r.t("identify.agree." + string(kind)), On: in.Membership}
		if kind == library.ConsentPhoto {
			check.On, check.Hint = in.Photo, r.t("identify.photo.hint")
		}
		v.Consents = append(v.Consents, view.ConsentBox{Title: consent.Title, Paragraphs: consent.Paragraphs(), Version: consent.Version, Check: check.With(problems)})
	}
	v.By = view.Choice{Name: "by", Label: r.t("identify.by"), Value: in.By, Inline: true,
		Options: []view.Option{{Value: "self", Text: r.t("identify.by.self")}, {Value: "guardian", Text: r.t("identify.by.guardian")}}}
	v.How = view.Choice{Name: "how", Label: r.t("identify.how"), Value: in.How, Inline: true,
		Options: []view.Option{{Value: "screen", Text: r.t("identify.how.screen")}, {Value: "paper", Text: r.t("identify.how.paper")}}}
	if in.How == desk.HowOnline { // given at home, to the text that stood on the public form
		v.How.Options = append(v.How.Options, view.Option{Value: desk.HowOnline, Text: r.t("identify.how.online")})
	}
	return v
}
