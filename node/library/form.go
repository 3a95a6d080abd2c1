package library

import "strings"

// Names of the fields of a Form, as they stand in HTML forms, problems and events of correction. They never change.
const (
	FieldIdentity         = "identity"
	FieldNIK              = "nik"
	FieldIdentityNumber   = "identity_number"
	FieldName             = "name"
	FieldBirthPlace       = "birth_place"
	FieldBirth            = "birth"
	FieldSex              = "sex"
	FieldAddress          = "address"
	FieldRT               = "rt"
	FieldRW               = "rw"
	FieldVillage          = "village"
	FieldDistrict         = "district"
	FieldRegency          = "regency"
	FieldPhone            = "phone"
	FieldEmail            = "email"
	FieldEducation        = "education"
	FieldOccupation       = "occupation"
	FieldInstitution      = "institution"
	FieldMemberKind       = "member_kind"
	FieldGuardianName     = "guardian_name"
	FieldGuardianRelation = "guardian_relation"
	FieldGuardianPhone    = "guardian_phone"
	FieldGuardianDocument = "guardian_document"
	FieldStop             = "stop"
)

// Form is what a person fills in in step 3 of the SOP, as typed. It asks nothing that no step of the SOP needs: no religion,
// mother's name, marital status or disability (UU 27/2022 art. 16: data limited to the purpose).
type Form struct {
	Identity            IdentityKind
	NIK, IdentityNumber string // IdentityNumber: of a passport, a school card or the KK
	Name, BirthPlace    string
	Birth               Date
	BirthText           string // as typed, when it cannot be read as a date
	Sex                 Sex

	Address, RT, RW            string
	Village, District, Regency string // Kemendagri codes "3510091001", "351009", "3510"; free text where the region file has no list

	Phone, Email          string
	Education, Occupation string // keys of Educations and Occupations
	Institution           string
	MemberKind            string
	Guardian              Guardian
	Stop                  string // where the van stood
}

// Guardian is the adult who consents for a child (UU 27/2022 art. 25).
type Guardian struct {
	Name     string
	Relation string // key of GuardianRelations
	Phone    string
	Document string // the IdentityKind the guardian showed; seen, not copied
}

// Clean returns the form with invisible characters and spare spaces gone, codes bare, RT and RW in three digits, and what is
// implied filled in: a birth date from BirthText, a district from a village code, a regency from a district code.
// Clean of a clean form changes nothing. It takes nothing away that a person can see.
func (f Form) Clean() Form {
	for _, line := range []*string{
		&f.IdentityNumber, &f.Name, &f.BirthPlace, &f.BirthText, &f.Address, &f.RT, &f.RW, &f.Village,
		&f.District, &f.Regency, &f.Phone, &f.Email, &f.Education, &f.Occupation, &f.Institution, &f.MemberKind,
		&f.Guardian.Name, &f.Guardian.Relation, &f.Guardian.Phone, &f.Guardian.Document, &f.Stop,
	} {
		*line = CleanLine(*line)
	}
	f.Identity = IdentityKind(CleanLine(string(f.Identity)))
	f.Sex = Sex(strings.ToUpper(CleanLine(string(f.Sex))))
	f.NIK = bareNumber(f.NIK)
	f.Email = strings.ReplaceAll(f.Email, " ", "")
	f.readBirth()
	f.readHamlet()
	f.readRegion()
	return f
}

func (f *Form) readBirth() {
	if f.BirthText == "" {
		return
	}
	d, err := ParseDate(f.BirthText)
	if err != nil {
		f.Birth = Date{}
		return
	}
	f.Birth, f.BirthText = d, ""
}

// readHamlet pads RT and RW as the KTP prints them, and splits "001/002" typed into the first box.
func (f *Form) readHamlet() {
	f.RW = hamletNumber(f.RW)
	if first, second, both := strings.Cut(f.RT, "/"); both && f.RW == "" {
		f.RT, f.RW = first, hamletNumber(second)
	}
	f.RT = hamletNumber(f.RT)
}

func hamletNumber(s string) string {
	s = CleanLine(s)
	bare := strings.TrimSpace(strings.TrimLeft(strings.ToUpper(s), "RTW. "))
	switch {
	case strings.Trim(bare, "-") == "":
		return ""
	case len(bare) < 3 && allDigits(bare):
		return strings.Repeat("0", 3-len(bare)) + bare
	case len(bare) == 3 && allDigits(bare):
		return bare
	}
	return s
}

func (f *Form) readRegion() {
	f.Village, f.District, f.Regency = bareRegion(f.Village), bareRegion(f.District), bareRegion(f.Regency)
	if f.District == "" && len(f.Village) == 10 && allDigits(f.Village) {
		f.District = f.Village[:6]
	}
	if f.Regency == "" && len(f.District) == 6 && allDigits(f.District) {
		f.Regency = f.District[:4]
	}
}

// bareRegion takes the dots out of a code and leaves a name alone.
func bareRegion(s string) string {
	if bare := strings.ReplaceAll(s, ".", ""); bare != "" && allDigits(bare) {
		return bare
	}
	return s
}
