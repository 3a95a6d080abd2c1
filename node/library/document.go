package library

import "slices"

// DocumentField is one field of the form that a document bears.
type DocumentField struct {
	Field string // a Field… constant
}

// DocumentFields returns the fields of the form that are printed on that kind of document, in the document's order. The document
// bears more (blood group, religion …) that we don't ask. KTP and IKD: Permendagri 74/2015 and 72/2022; KIA: Permendagri 2/2016;
// KK: Permendagri 109/2019. A school card varies; the usual fields are named. Unknown kinds bear nothing.
func DocumentFields(kind IdentityKind) []DocumentField {
	var fields []string
	switch kind {
	case KTP, IKD:
		fields = []string{
			FieldRegency, FieldNIK, FieldName, FieldBirthPlace, FieldBirth, FieldSex, FieldAddress, FieldRT, FieldRW,
			FieldVillage, FieldDistrict, FieldOccupation,
		}
	case KIA:
		fields = []string{
			FieldRegency, FieldNIK, FieldName, FieldSex, FieldBirthPlace, FieldBirth, FieldAddress, FieldRT, FieldRW,
			FieldVillage, FieldDistrict,
		}
	case KK:
		fields = []string{
			FieldIdentityNumber, FieldAddress, FieldRT, FieldRW, FieldVillage, FieldDistrict, FieldRegency, FieldName, FieldNIK,
			FieldSex, FieldBirthPlace, FieldBirth, FieldEducation, FieldOccupation,
		}
	case Passport:
		fields = []string{FieldIdentityNumber, FieldName, FieldBirth, FieldSex, FieldBirthPlace}
	case StudentCard:
		fields = []string{
			FieldInstitution, FieldName, FieldIdentityNumber, FieldBirthPlace, FieldBirth, FieldAddress,
		}
	}
	borne := make([]DocumentField, len(fields))
	for i, field := range fields {
		borne[i] = DocumentField{Field: field}
	}
	return borne
}

// NotOnDocument returns the fields about the person that the form has and that kind of document lacks, in the order of the form:
// those the officer has to ask. The number of another document is not among them.
func NotOnDocument(kind IdentityKind) []string {
	borne := DocumentFields(kind)
	var missing []string
	for _, field := range personFields() {
		if !slices.ContainsFunc(borne, func(d DocumentField) bool { return d.Field == field }) {
			missing = append(missing, field)
		}
	}
	return missing
}

func personFields() []string {
	return []string{
		FieldName, FieldBirthPlace, FieldBirth, FieldSex, FieldAddress, FieldRT, FieldRW, FieldVillage, FieldDistrict,
		FieldRegency, FieldPhone, FieldEmail, FieldEducation, FieldOccupation, FieldInstitution,
	}
}

// Value returns what the form says in a field, as it is stored; "" for an unknown field. The birth date is dd-mm-yyyy, or as typed
// when it could not be read.
func (f Form) Value(field string) string {
	if field == FieldBirth {
		if f.BirthText != "" {
			return f.BirthText
		}
		return f.Birth.String()
	}
	return map[string]string{
		FieldIdentity: string(f.Identity), FieldNIK: f.NIK, FieldIdentityNumber: f.IdentityNumber, FieldName: f.Name,
		FieldBirthPlace: f.BirthPlace, FieldSex: string(f.Sex), FieldAddress: f.Address, FieldRT: f.RT, FieldRW: f.RW,
		FieldVillage: f.Village, FieldDistrict: f.District, FieldRegency: f.Regency, FieldPhone: f.Phone,
		FieldEmail: f.Email, FieldEducation: f.Education, FieldOccupation: f.Occupation,
		FieldInstitution: f.Institution, FieldMemberKind: f.MemberKind, FieldGuardianName: f.Guardian.Name,
		FieldGuardianRelation: f.Guardian.Relation, FieldGuardianPhone: f.Guardian.Phone,
		FieldGuardianDocument: f.Guardian.Document, FieldStop: f.Stop,
	}[field]
}

// Fields lists every field of the form in its order.
func Fields() []string {
	return slices.Concat(
		[]string{FieldIdentity, FieldNIK, FieldIdentityNumber}, personFields(),
		[]string{
			FieldMemberKind, FieldGuardianName, FieldGuardianRelation, FieldGuardianPhone, FieldGuardianDocument, FieldStop,
		},
	)
}
