package ui

import (
	"strings"

	"simpul/node/library"
	"simpul/ui/view"
)

// registrationSamples are the pages of one registration, steps 2 to 4.
func registrationSamples() []sample {
	return []sample{
		{"registration-start", "registration-start", func(t say) view.Framed {
			v := &view.Start{Sibling: "x"}
			v.Title = t("registration.start")
			return v
		}},
		{"registration-identity", "registration-identity", identitySample},
		{"registration-form", "registration-form", formSample(false)},
		{"registration-form-problems", "registration-form", formSample(true)},
		{"registration-look", "registration-look", lookSample},
		{"registration-alike", "registration-alike", alikeSample},
		{"registration-ended", "registration-ended", func(t say) view.Framed {
			v := &view.EndedList{Table: view.Table{Caption: t("ended.title"), Empty: view.Empty{Title: t("ended.empty"), Text: t("ended.empty.text")}}}
			v.Title = t("ended.title")
			return v
		}},
		{"registration-turned", "registration-turned", func(t say) view.Framed {
			name := view.Field{Name: "name", Label: t("field.name"), NoSpell: true}
			v := &view.Turned{Heading: t("turned.page.nama"), Hint: t("turned.of", 1, 9), Action: "/x", Button: t("turned.next"),
				Entries: []view.Entry{{Text: &name}}, Return: view.Link{Path: "/x", Text: t("turned.return")}}
			v.Title = t("turned.title")
			return v
		}},
		{"registration-turned-check", "registration-turned", func(t say) view.Framed {
			v := &view.Turned{Heading: t("turned.check"), Hint: t("turned.check.hint"), Action: "/x", Button: t("turned.check.do"),
				Rows: []view.TurnedRow{{Label: t("field.name"), Value: "Ayu Lestari", Path: "/x"}}, Return: view.Link{Path: "/x", Text: t("turned.return")}}
			v.Title = t("turned.title")
			return v
		}},
		{"scanned", "scanned", func(t say) view.Framed {
			v := &view.Scanned{Name: "Ayu Lestari", Member: "/x", Visit: "/x", Facts: []view.Fact{{Name: t("scan.until"), Value: "22-11-2029"}}}
			v.Title = t("scan.found")
			return v
		}},
		{"scanned-unknown", "scanned", func(t say) view.Framed {
			v := &view.Scanned{Code: "014260001237"}
			v.Title = t("scan.unknown")
			return v
		}},
	}
}

func registrationSample(t say, step int) view.Registration {
	v := view.Registration{Name: "Ayu Lestari Wulandari", Document: "KTP", Action: "/x", Version: "1",
		Steps:    view.Steps{Current: step, Clock: view.Clock{Elapsed: minutes(1, 52), Standard: minutes(3, 0), Running: true}},
		Saved:    view.Note{Title: t("verify.saved"), Text: t("verify.saved.text")},
		Pause:    view.Confirm{Action: "/x", Text: t("clock.pause"), Button: t("registration.pause")},
		Withdraw: view.Confirm{Action: "/x", Text: t("registration.withdraw"), Button: t("registration.withdraw.do")},
		Refuse:   view.Confirm{Action: "/x", Text: t("verify.refuse"), Button: t("registration.refuse.do"), Danger: true}}
	v.Title = t("registration.title", t("step.4"))
	return v
}

func identitySample(t say) view.Framed {
	v := &view.Identity{Registration: registrationSample(t, 2), Explain: strings.Split(t("identify.explain"), "|")}
	v.Kinds = view.Choice{Name: "identity", Label: t("identify.kind"), Value: "ktp", Options: []view.Option{
		{Value: "ktp", Text: "KTP", Hint: t("identity.ktp.hint")}, {Value: "kia", Text: "KIA", Hint: t("identity.kia.hint")}}}
	v.Explained = view.Check{Name: "explained", Label: t("identify.explained")}
	for _, consent := range library.DefaultConsents("Dinas", 5) {
		v.Consents = append(v.Consents, view.ConsentBox{Title: consent.Title, Paragraphs: consent.Paragraphs(),
			Check: view.Check{Name: "consent_" + string(consent.Kind), Label: t("identify.agree." + string(consent.Kind))}})
	}
	v.By = view.Choice{Name: "by", Label: t("identify.by"), Inline: true, Options: []view.Option{{Value: "self", Text: t("identify.by.self")}}}
	v.How = view.Choice{Name: "how", Label: t("identify.how"), Inline: true, Options: []view.Option{{Value: "screen", Text: t("identify.how.screen")}}}
	return v
}

func formSample(problems bool) func(say) view.Framed {
	return func(t say) view.Framed {
		v := &view.FormPage{Registration: registrationSample(t, 3), Offer: view.Press{Name: "do", Value: "nik", Text: t("form.use_nik")}, DraftPath: "/x"}
		v.Identity = view.Choice{Name: "identity", Value: "KTP"}
		v.By = view.Choice{Name: "by", Label: t("form.by"), Value: "officer", Inline: true, Options: []view.Option{{Value: "officer", Text: t("form.by.officer")}}}
		if problems {
			v.Problems = view.Problems{{Field: "nik", Text: t("problem.nik_length", 15)}, {Field: "birth", Text: t("problem.nik_birth", "07-05-1998"), Warning: true}}
		}
		text := func(span int, name string) view.Entry {
			f := view.Field{Name: name, Label: t("field." + name)}.With(v.Problems)
			return view.Entry{Span: span, Text: &f}
		}
		birth := view.DateField{Name: "birth", Label: t("field.birth")}.With(v.Problems)
		village := view.Choice{Name: "village", Label: t("field.village"), Options: []view.Option{{Value: "3510091001", Text: "Kembiritan"}}}
		v.Sections = []view.Section{
			{ID: "orang", Title: t("form.person"), Entries: []view.Entry{text(6, "nik"), text(8, "name"), text(6, "birth_place"), {Span: 6, Date: &birth}}},
			{ID: "wilayah", Title: t("form.region"), Ask: "/x", Entries: []view.Entry{{Span: 4, Select: &village}}, Button: &view.Press{Name: "do", Value: "region", Text: t("form.pick_village")}},
			{ID: "wali", Title: t("form.guardian"), Hint: t("form.guardian.hint", 18), Folded: true, Entries: []view.Entry{text(6, "guardian_name")}},
		}
		return v
	}
}

func lookSample(t say) view.Framed {
	v := &view.Look{Registration: registrationSample(t, 0), Step: t("stage.refused"), SlipPath: "/x", Go: view.Link{Path: "/meja", Text: t("error.home")},
		Facts:  []view.Fact{{Name: t("common.reason"), Value: "Identitas tidak ditunjukkan"}},
		Reopen: view.Confirm{Action: "/x", Text: t("registration.reopen"), Button: t("registration.reopen.do")}}
	v.Refuse, v.Withdraw, v.Pause = view.Confirm{}, view.Confirm{}, view.Confirm{}
	return v
}

func alikeSample(t say) view.Framed {
	v := &view.Alike{Registration: registrationSample(t, 4), Branches: t("alike.branches"),
		Mine:   []view.Fact{{Name: t("field.birth"), Value: "Banyuwangi, 07-05-1998"}},
		People: []view.AlikePerson{{ID: "a", Name: "Ayu Lestari", Why: t("alike.why.birth"), Facts: []view.Fact{{Name: t("alike.number"), Value: "014 26 0 00123 7"}}}}}
	v.Title = t("alike.title")
	return v
}
