package ui

import (
	"slices"

	"simpul/node/library"
	"simpul/ui/text"
	"simpul/ui/view"
)

// code is the label of a list's entry in the reader's language.
func (r *request) code(c library.Code) string {
	if r.lang == text.English && c.English != "" {
		return c.English
	}
	return c.Label
}

// options are the options of a list.
func (r *request) options(list []library.Code) []view.Option {
	options := make([]view.Option, len(list))
	for i, c := range list {
		options[i] = view.Option{Value: c.Key, Text: r.code(c)}
	}
	return options
}

// sexes are the two values that documents carry.
func (r *request) sexes() []view.Option {
	return []view.Option{{Value: string(library.Male), Text: r.t("sex.L")}, {Value: string(library.Female), Text: r.t("sex.P")}}
}

func (r *request) educations() []view.Option {
	var options []view.Option
	for _, e := range library.Educations() {
		options = append(options, view.Option{Value: e.Key, Text: r.code(e.Code)})
	}
	return options
}

// occupations are the few that most visitors have, then all others of the civil registry.
func (r *request) occupations() []view.Option {
	all := library.Occupations()
	slices.SortStableFunc(all, func(a, b library.Occupation) int {
		switch {
		case a.Short == b.Short:
			return 0
		case a.Short:
			return -1
		}
		return 1
	})
	var options []view.Option
	for _, o := range all {
		options = append(options, view.Option{Value: o.Key, Text: r.code(o.Code)})
	}
	return options
}

func (r *request) memberKinds(kinds []library.MemberKind) []view.Option {
	var options []view.Option
	for _, k := range kinds {
		options = append(options, view.Option{Value: k.Key, Text: r.code(library.Code{Label: k.Label, English: k.English})})
	}
	return options
}

// identityKinds are the documents for which keep holds, in the order a form offers them.
func (r *request) identityKinds(keep func(library.IdentityKind) bool) []view.Option {
	var options []view.Option
	for _, k := range library.IdentityKinds() {
		if keep(k) {
			options = append(options, view.Option{Value: string(k), Text: r.t("identity." + string(k)), Hint: r.t("identity." + string(k) + ".hint")})
		}
	}
	return options
}

// document is the short name of a kind of document; "" for none.
func (r *request) document(k library.IdentityKind) string {
	if !k.Valid() {
		return ""
	}
	return r.t("identity." + string(k))
}

// said is what a form says in a field, as a person reads it.
func (r *request) said(f library.Form, field string) string {
	value := f.Value(field)
	if value == "" {
		return ""
	}
	option := func(list []view.Option) string {
		for _, o := range list {
			if o.Value == value {
				return o.Text
			}
		}
		return value
	}
	switch field {
	case library.FieldIdentity, library.FieldGuardianDocument:
		return r.document(library.IdentityKind(value))
	case library.FieldNIK:
		return grouped(value)
	case library.FieldSex:
		return option(r.sexes())
	case library.FieldVillage, library.FieldDistrict, library.FieldRegency:
		if name := r.server.Desk.Regions().Name(value); name != "" {
			return name
		}
	case library.FieldEducation:
		return option(r.educations())
	case library.FieldOccupation:
		return option(r.occupations())
	case library.FieldMemberKind:
		return option(r.memberKinds(r.server.Desk.Settings().MemberKinds))
	case library.FieldGuardianRelation:
		return option(r.options(library.GuardianRelations()))
	}
	return value
}

// grouped writes sixteen digits in fours, as people read them out.
func grouped(digits string) string {
	if len(digits) != 16 {
		return digits
	}
	return digits[:4] + " " + digits[4:8] + " " + digits[8:12] + " " + digits[12:]
}
