package ui

import (
	"fmt"
	"strings"

	"simpul/node/library"
	"simpul/ui/view"
)

// answers are a registration's form as it stands in the boxes of a page, by the names of the inputs: what a browser sent,
// what a draft kept, or what is stored. A date is three of them: birth_d, birth_m, birth_y.
type answers map[string]string

// answerNames lists the inputs of the form. The document is chosen in step 2 and is none of them.
func answerNames() []string {
	var names []string
	for _, field := range library.Fields() {
		switch field {
		case library.FieldIdentity:
		case library.FieldBirth:
			names = append(names, field+"_d", field+"_m", field+"_y")
		default:
			names = append(names, field)
		}
	}
	return append(names, "by")
}

// answersOf are the boxes filled with a stored form.
func answersOf(f library.Form) answers {
	a := answers{}
	for _, name := range answerNames() {
		a[name] = f.Value(name)
	}
	if b := f.Birth; !b.IsZero() {
		a["birth_d"], a["birth_m"], a["birth_y"] = fmt.Sprintf("%02d", b.Day), fmt.Sprintf("%02d", b.Month), fmt.Sprintf("%04d", b.Year)
	}
	return a
}

// answers are the boxes as they were sent, with the warnings that were confirmed.
func (r *request) answers() answers {
	a := answers{}
	for _, name := range answerNames() {
		a[name] = r.value(name)
	}
	for _, field := range library.Fields() {
		a[field+"_ok"], a[field+"_why"] = r.value(field+"_ok"), r.value(field+"_why")
	}
	return a
}

// form reads the boxes. What cannot be read as a date stays in BirthText, so that it comes back as it was typed.
func (a answers) form(kind library.IdentityKind) library.Form {
	born := strings.TrimSpace(strings.Join([]string{a["birth_d"], a["birth_m"], a["birth_y"]}, " "))
	return library.Form{
		Identity: kind, NIK: a[library.FieldNIK], IdentityNumber: a[library.FieldIdentityNumber],
		Name: a[library.FieldName], BirthPlace: a[library.FieldBirthPlace], BirthText: born, Sex: library.Sex(a[library.FieldSex]),
		Address: a[library.FieldAddress], RT: a[library.FieldRT], RW: a[library.FieldRW],
		Village: a[library.FieldVillage], District: a[library.FieldDistrict], Regency: a[library.FieldRegency],
		Phone: a[library.FieldPhone], Email: a[library.FieldEmail], Education: a[library.FieldEducation],
		Occupation: a[library.FieldOccupation], Institution: a[library.FieldInstitution], MemberKind: a[library.FieldMemberKind],
		Stop: a[library.FieldStop],
		Guardian: library.Guardian{Name: a[library.FieldGuardianName], Relation: a[library.FieldGuardianRelation],
			Phone: a[library.FieldGuardianPhone], Document: a[library.FieldGuardianDocument]},
	}
}

// confirmed are the warnings that the officer kept, with the reason given at each field.
func (a answers) confirmed(problems []library.Problem) map[string]string {
	kept := map[string]string{}
	for _, p := range problems {
		if p.Warning && a[p.Field+"_ok"] != "" && a[p.Field+"_why"] != "" {
			kept[p.Key] = a[p.Field+"_why"]
		}
	}
	return kept
}

// fromNIK takes birth date and sex out of the NIK, when it is one.
func (a answers) fromNIK(today library.Date) {
	nik, err := library.ParseNIK(a[library.FieldNIK])
	if err != nil {
		return
	}
	if b := nik.BirthDate(today); !b.IsZero() {
		a["birth_d"], a["birth_m"], a["birth_y"] = fmt.Sprintf("%02d", b.Day), fmt.Sprintf("%02d", b.Month), fmt.Sprintf("%04d", b.Year)
	}
	a[library.FieldSex] = string(nik.Sex())
}

// settle drops a village or district that lies outside the area chosen above it, as after another choice there. A village
// picked while no district was brings its district along.
func (a answers) settle(regions *library.Regions) {
	if code := a[library.FieldVillage]; a[library.FieldDistrict] == "" && len(code) == 10 && regions.Known(code) {
		a[library.FieldDistrict] = code[:6]
	}
	below := func(field, above string) {
		code := strings.ReplaceAll(a[field], ".", "")
		if regions.Known(code) && a[above] != "" && !strings.HasPrefix(code, a[above]) {
			a[field] = ""
		}
	}
	below(library.FieldDistrict, library.FieldRegency)
	if a[library.FieldDistrict] == "" {
		a[library.FieldVillage] = ""
	}
	below(library.FieldVillage, library.FieldDistrict)
}

// entries draws the inputs of the form from answers and what was found wrong with them.
type entries struct {
	r        *request
	a        answers
	problems view.Problems
	child    bool
}

func (e entries) text(span int, name string, change ...func(*view.Field)) view.Entry {
	f := view.Field{Name: name, Label: e.r.t("field." + name), Value: e.a[name], Auto: "off"}
	for _, c := range change {
		c(&f)
	}
	f = f.With(e.problems)
	f.Confirmed, f.Reason = e.a[name+"_ok"] != "", e.a[name+"_why"]
	return view.Entry{Span: span, Text: &f}
}

func (e entries) choice(name string, options []view.Option) view.Choice {
	c := view.Choice{Name: name, Label: e.r.t("field." + name), Value: e.a[name], Options: options}.With(e.problems)
	c.Confirmed, c.Reason = e.a[name+"_ok"] != "", e.a[name+"_why"]
	return c
}

func (e entries) pick(span int, name string, options []view.Option, optional bool) view.Entry {
	c := e.choice(name, options)
	c.Optional = optional
	return view.Entry{Span: span, Select: &c}
}

func (e entries) birth(span int) view.Entry {
	d := view.DateField{Name: library.FieldBirth, Label: e.r.t("field.birth"), Day: e.a["birth_d"], Month: e.a["birth_m"], Year: e.a["birth_y"]}
	d = d.With(e.problems)
	d.Confirmed, d.Reason = e.a["birth_ok"] != "", e.a["birth_why"]
	return view.Entry{Span: span, Date: &d}
}

func (e entries) sex(span int) view.Entry {
	c := e.choice(library.FieldSex, e.r.sexes())
	c.Inline = true
	return view.Entry{Span: span, Radios: &c}
}

// region is a list where the file has one for the area above, else a line to write on. Below no area at all stands none:
// an imported file has all villages of the country.
func (e entries) region(span int, field, above string, areas []library.Region) view.Entry {
	if len(areas) == 0 && above != "" {
		return e.text(span, field)
	}
	options := make([]view.Option, len(areas))
	known := false
	for i, area := range areas {
		options[i] = view.Option{Value: area.Code, Text: area.Name}
		known = known || area.Code == e.a[field]
	}
	if v := e.a[field]; v != "" && !known {
		options = append(options, view.Option{Value: v, Text: v}) // what was typed stays to be seen
	}
	return e.pick(span, field, options, false)
}

// village lists the villages of the district. While that is not chosen it lists those of the whole regency, each with its
// district, since some names occur twice; picking one settles the district too.
func (e entries) village(regions *library.Regions) view.Entry {
	above := e.a[library.FieldDistrict]
	if above != "" {
		return e.region(4, library.FieldVillage, above, regions.Villages(above))
	}
	if above = e.a[library.FieldRegency]; above == "" {
		return e.region(4, library.FieldVillage, "", nil)
	}
	areas := regions.Villages(above)
	for i, area := range areas {
		areas[i].Name = area.Name + ", " + regions.Name(area.Code[:6])
	}
	return e.region(4, library.FieldVillage, above, areas)
}

// of draws the input of one field, as the editors of step 4 and the visitor's pages need it.
func (e entries) of(field string) view.Entry {
	r, s := e.r, e.r.server.Desk.Settings()
	regions := r.server.Desk.Regions()
	digits := func(f *view.Field) { f.Mode, f.NoSpell = "numeric", true }
	optional := func(f *view.Field) { f.Optional = true }
	name := func(f *view.Field) { f.NoSpell = true }
	switch field {
	case library.FieldIdentity:
		c := e.choice(field, r.identityKinds(func(k library.IdentityKind) bool { return s.IdentityKinds[k] }))
		return view.Entry{Span: 12, Radios: &c}
	case library.FieldNIK:
		return e.text(6, field, digits, func(f *view.Field) { f.Hint = r.t("field.nik.hint") })
	case library.FieldName:
		return e.text(8, field, name)
	case library.FieldBirth:
		return e.birth(6)
	case library.FieldSex:
		return e.sex(4)
	case library.FieldRT, library.FieldRW:
		return e.text(3, field, digits, optional)
	case library.FieldRegency:
		return e.region(4, field, "all", regions.Regencies())
	case library.FieldDistrict:
		regency := e.a[library.FieldRegency]
		if regency == "" {
			return e.region(4, field, "", nil)
		}
		return e.region(4, field, regency, regions.Districts(regency))
	case library.FieldVillage:
		return e.village(regions)
	case library.FieldPhone:
		return e.text(4, field, optional, func(f *view.Field) { f.Kind, f.Hint = "tel", r.t("field.phone.hint") })
	case library.FieldEmail:
		return e.text(4, field, optional, func(f *view.Field) { f.Mode, f.NoSpell = "email", true })
	case library.FieldEducation:
		return e.pick(4, field, r.educations(), false)
	case library.FieldOccupation:
		return e.pick(4, field, r.occupations(), false)
	case library.FieldInstitution:
		return e.text(4, field, optional, func(f *view.Field) { f.Hint = r.t("field.institution.hint") })
	case library.FieldMemberKind:
		return e.pick(4, field, r.memberKinds(s.MemberKinds), false)
	case library.FieldGuardianName:
		return e.text(6, field, name, func(f *view.Field) { f.Optional = !e.child })
	case library.FieldGuardianRelation:
		return e.pick(3, field, r.options(library.GuardianRelations()), !e.child)
	case library.FieldGuardianPhone:
		return e.text(4, field, optional, func(f *view.Field) { f.Kind = "tel" })
	case library.FieldGuardianDocument:
		return e.pick(3, field, r.identityKinds(func(k library.IdentityKind) bool { return k.ForAdult() }), !e.child)
	case library.FieldStop:
		return e.text(4, field, func(f *view.Field) { f.Suggest = s.Stops })
	}
	return e.text(6, field)
}
