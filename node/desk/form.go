package desk

import (
	"simpul/node/library"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// fieldNames maps the names that forms and problems use to the numbers that
// events use.
var fieldNames = map[string]event.Field{
	library.FieldIdentity: event.FieldIdentity, library.FieldNIK: event.FieldNIK, library.FieldIdentityNumber: event.FieldIdentityNumber,
	library.FieldName: event.FieldName, library.FieldBirthPlace: event.FieldBirthPlace, library.FieldBirth: event.FieldBirth, library.FieldSex: event.FieldSex,
	library.FieldAddress: event.FieldAddress, library.FieldRT: event.FieldRT, library.FieldRW: event.FieldRW, library.FieldVillage: event.FieldVillage,
	library.FieldDistrict: event.FieldDistrict, library.FieldRegency: event.FieldRegency, library.FieldPhone: event.FieldPhone, library.FieldEmail: event.FieldEmail,
	library.FieldEducation: event.FieldEducation, library.FieldOccupation: event.FieldOccupation, library.FieldInstitution: event.FieldInstitution,
	library.FieldMemberKind: event.FieldMemberKind, library.FieldGuardianName: event.FieldGuardianName, library.FieldGuardianRelation: event.FieldGuardianRelation,
	library.FieldGuardianPhone: event.FieldGuardianPhone, library.FieldGuardianDocument: event.FieldGuardianDocument, library.FieldStop: event.FieldStop,
}

// FieldName is the form's name of an event's field.
func FieldName(f event.Field) string {
	for name, g := range fieldNames {
		if g == f {
			return name
		}
	}
	return ""
}

// allFields is a cleaned form as an event stores it, empty values included:
// they clear what was there.
func allFields(f library.Form) event.Fields {
	out := make(event.Fields, len(fieldNames))
	for name, field := range fieldNames {
		out[field] = f.Value(name)
	}
	out[event.FieldBirth] = f.Birth.ISO()
	return out
}

// fieldsOf is the same without the empty values.
func fieldsOf(f library.Form) event.Fields {
	out := event.Fields{}
	for field, v := range allFields(f) {
		if v != "" {
			out[field] = v
		}
	}
	return out
}

// FormOf is the form as it stands for a person.
func FormOf(p *merge.Person) library.Form {
	f := formOf(p.Get)
	if p.Identity.Value != "" {
		f.Identity = library.IdentityKind(p.Identity.Value)
	}
	return f
}

// formOf reads a form out of an event's fields.
func formOf(get func(event.Field) string) library.Form {
	f := library.Form{
		Identity: library.IdentityKind(get(event.FieldIdentity)), NIK: get(event.FieldNIK), IdentityNumber: get(event.FieldIdentityNumber),
		Name: get(event.FieldName), BirthPlace: get(event.FieldBirthPlace), Sex: library.Sex(get(event.FieldSex)),
		Address: get(event.FieldAddress), RT: get(event.FieldRT), RW: get(event.FieldRW), Village: get(event.FieldVillage),
		District: get(event.FieldDistrict), Regency: get(event.FieldRegency), Phone: get(event.FieldPhone), Email: get(event.FieldEmail),
		Education: get(event.FieldEducation), Occupation: get(event.FieldOccupation), Institution: get(event.FieldInstitution),
		MemberKind: get(event.FieldMemberKind), Stop: get(event.FieldStop),
		Guardian: library.Guardian{Name: get(event.FieldGuardianName), Relation: get(event.FieldGuardianRelation),
			Phone: get(event.FieldGuardianPhone), Document: get(event.FieldGuardianDocument)},
	}
	if birth, err := library.ParseDate(get(event.FieldBirth)); err == nil {
		f.Birth = birth
	}
	return f
}
