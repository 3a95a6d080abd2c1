package library

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxName    = 100 // characters
	maxLine    = 100 // characters of the other short fields
	maxAddress = 200 // characters
	maxEmail   = 254 // octets, RFC 5321 section 4.5.3.1.3 less the brackets
	oldest     = 120 // years; beyond it a year was mistyped

	// DefaultAdultAge is the age from which nobody has to consent for a person (UU 27/2022 art. 25 with UU 35/2014: under 18).
	DefaultAdultAge = 18
)

// Rules are what a Form is checked against. The zero value is usable: no date known, no region file, default documents.
type Rules struct {
	Today           Date     // zero when the PC's clock can't be trusted: nothing that needs an age is checked then
	Regions         *Regions // nil: region codes are not looked up
	AllowedIdentity map[IdentityKind]bool
	AdultAge        int          // years; 0 = DefaultAdultAge
	MemberKinds     []MemberKind // empty: any
	PhoneOK         func(string) bool
	Optional        map[string]bool // fields that may stay empty here, as in class mode
}

// IsChild says that somebody has to consent for a person born on that day. An unknown age is not a child's.
func (r Rules) IsChild(birth Date) bool {
	age := birth.AgeOn(r.Today)
	return age >= 0 && age < r.adultAge()
}

func (r Rules) adultAge() int {
	if r.AdultAge <= 0 {
		return DefaultAdultAge
	}
	return r.AdultAge
}

// checker gathers problems in the order of the form.
type checker struct {
	form  Form
	rules Rules
	found []Problem
}

func (c *checker) fail(field, key string, args ...any) {
	c.found = append(c.found, Problem{Field: field, Key: key, Args: args})
}

func (c *checker) warn(field, key string, args ...any) {
	c.found = append(c.found, Problem{Field: field, Key: key, Args: args, Warning: true})
}

// Check returns everything wrong with a cleaned form, in the order of its fields. Problems that are Warnings may be confirmed by
// an officer with a reason; a form with only those can go on.
func (f Form) Check(r Rules) []Problem {
	c := &checker{form: f, rules: r}
	c.identity()
	c.person()
	c.address()
	c.contact()
	c.codes()
	c.guardian()
	return c.found
}

func (c *checker) identity() {
	f := c.form
	allowed := c.rules.AllowedIdentity
	if allowed == nil {
		allowed = DefaultIdentityKinds()
	}
	switch {
	case f.Identity == "":
		c.fail(FieldIdentity, KeyChoose)
	case !f.Identity.Valid() || !allowed[f.Identity]:
		c.fail(FieldIdentity, KeyIdentityNotAllowed)
	}
	c.nik()
	if f.Identity == Passport || f.Identity == StudentCard {
		c.required(FieldIdentityNumber, f.IdentityNumber)
		if LooksLikeNIK(f.IdentityNumber) {
			c.warn(FieldIdentityNumber, KeyNumberIsNIK)
		}
	}
	if f.Identity == KK && f.IdentityNumber != "" && !LooksLikeNIK(f.IdentityNumber) {
		c.fail(FieldIdentityNumber, KeyKKLength)
	}
	c.atMost(FieldIdentityNumber, f.IdentityNumber, maxLine)
}

func (c *checker) nik() {
	f := c.form
	if f.NIK == "" {
		if f.Identity.HasNIK() && !c.rules.Optional[FieldNIK] {
			c.fail(FieldNIK, KeyNIKMissing)
		}
		return
	}
	nik, err := ParseNIK(f.NIK)
	if err != nil {
		c.found = append(c.found, ProblemsOf(err)...)
		return
	}
	c.found = append(c.found, CheckNIK(nik, f, c.rules.Regions, c.rules.Today)...)
}

func (c *checker) person() {
	f := c.form
	if c.required(FieldName, f.Name) && c.atMost(FieldName, f.Name, maxName) {
		switch {
		case !strings.ContainsFunc(f.Name, unicode.IsLetter):
			c.fail(FieldName, KeyNameLetters)
		case longestDigitRun(f.Name) >= 12:
			c.fail(FieldName, KeyNameIsNumber)
		}
	}
	c.required(FieldBirthPlace, f.BirthPlace)
	c.atMost(FieldBirthPlace, f.BirthPlace, maxLine)
	c.birth()
	switch {
	case f.Sex.Valid():
	case f.Sex != "" || !c.rules.Optional[FieldSex]:
		c.fail(FieldSex, KeyChoose)
	}
}

// birth treats a future date as a warning: when the PC's clock stands in the past, the date on the document is still right.
func (c *checker) birth() {
	birth, today := c.form.Birth, c.rules.Today
	switch {
	case c.form.BirthText != "":
		key := KeyDateUnreadable
		if _, err := ParseDate(c.form.BirthText); err != nil {
			key = err.(*Error).Key
		}
		c.fail(FieldBirth, key)
	case birth.IsZero():
		if !c.rules.Optional[FieldBirth] {
			c.fail(FieldBirth, KeyBirthMissing)
		}
	case !birth.Valid():
		c.fail(FieldBirth, KeyDateImpossible)
	case today.IsZero():
	case birth.Compare(today) > 0:
		c.warn(FieldBirth, KeyBirthFuture)
	case birth.AgeOn(today) > oldest:
		c.warn(FieldBirth, KeyBirthTooOld, birth.AgeOn(today))
	}
}

func (c *checker) address() {
	f := c.form
	c.required(FieldAddress, f.Address)
	c.atMost(FieldAddress, f.Address, maxAddress)
	for _, hamlet := range [...]struct{ field, value string }{{FieldRT, f.RT}, {FieldRW, f.RW}} {
		if hamlet.value != "" && (len(hamlet.value) != 3 || !allDigits(hamlet.value)) {
			c.fail(hamlet.field, KeyHamletDigits)
		}
	}
	c.region(FieldVillage, f.Village, 10, f.District)
	c.region(FieldDistrict, f.District, 6, f.Regency)
	c.region(FieldRegency, f.Regency, 4, "")
}

// region checks one level of the address. A code has to be known and to lie in the area above it. Free text is right where the
// region file has no list for the area above; where it has one, free text is a warning for a village and an error elsewhere.
func (c *checker) region(field, value string, digits int, above string) {
	if !c.required(field, value) || !c.atMost(field, value, maxLine) {
		return
	}
	regions := c.rules.Regions
	if !allDigits(value) {
		switch {
		case regions == nil || !regions.lists(above, digits):
		case digits == 10:
			c.warn(field, KeyVillageNotInList)
		default:
			c.fail(field, KeyRegionUnknown)
		}
		return
	}
	switch {
	case len(value) != digits || regions != nil && !regions.Known(value):
		c.fail(field, KeyRegionUnknown)
	case allDigits(above) && !strings.HasPrefix(value, above):
		c.fail(field, KeyRegionElsewhere)
	}
}

func (c *checker) contact() {
	f := c.form
	c.phone(FieldPhone, f.Phone)
	if f.Email != "" && !emailShaped(f.Email) {
		c.fail(FieldEmail, KeyEmailShape)
	}
}

func (c *checker) phone(field, phone string) {
	ok := c.rules.PhoneOK
	if ok == nil {
		ok = phoneShaped
	}
	if phone != "" && !ok(phone) {
		c.fail(field, KeyPhoneShape)
	}
}

func (c *checker) codes() {
	f := c.form
	c.code(FieldEducation, f.Education, knownEducation)
	c.code(FieldOccupation, f.Occupation, knownOccupation)
	c.atMost(FieldInstitution, f.Institution, maxLine)
	c.code(FieldMemberKind, f.MemberKind, func(key string) bool {
		_, ok := FindMemberKind(c.rules.MemberKinds, key)
		return ok || len(c.rules.MemberKinds) == 0
	})
	c.atMost(FieldStop, f.Stop, maxLine)
}

func (c *checker) guardian() {
	g, child := c.form.Guardian, c.rules.IsChild(c.form.Birth)
	if child {
		c.required(FieldGuardianName, g.Name)
	}
	c.atMost(FieldGuardianName, g.Name, maxName)
	if child || g.Relation != "" {
		c.code(FieldGuardianRelation, g.Relation, knownRelation)
	}
	c.phone(FieldGuardianPhone, g.Phone)
	if child || g.Document != "" {
		c.code(FieldGuardianDocument, g.Document, func(key string) bool { return IdentityKind(key).ForAdult() })
	}
}

// required says that value is there, and complains when it may not be empty.
func (c *checker) required(field, value string) bool {
	if value == "" && !c.rules.Optional[field] {
		c.fail(field, KeyMissing)
	}
	return value != ""
}

func (c *checker) atMost(field, value string, limit int) bool {
	if utf8.RuneCountInString(value) > limit {
		c.fail(field, KeyTooLong, limit)
		return false
	}
	return true
}

func (c *checker) code(field, value string, known func(string) bool) {
	if value == "" && c.rules.Optional[field] {
		return
	}
	if value == "" || !known(value) {
		c.fail(field, KeyChoose)
	}
}

// longestDigitRun finds a NIK or a card number that landed in the field of the name.
func longestDigitRun(s string) int {
	longest, run := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsDigit(r):
			run++
			longest = max(longest, run)
		case r != ' ' && r != '.' && r != '-':
			run = 0
		}
	}
	return longest
}

// emailShaped wants one @ with something before it and a dotted name after it. Only a letter that arrives proves more.
func emailShaped(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	if !ok || local == "" || len(s) > maxEmail || strings.ContainsAny(domain, "@,;<>()") || strings.ContainsAny(local, ",;<>()") {
		return false
	}
	dot := strings.LastIndexByte(domain, '.')
	return dot > 0 && dot < len(domain)-1 && domain[0] != '.' && !strings.Contains(domain, "..")
}

// phoneShaped is the fallback when no one brought a better test: 6 to 15 digits (ITU-T E.164) and what stands between them.
func phoneShaped(s string) bool {
	digits := 0
	for i, r := range s {
		switch {
		case '0' <= r && r <= '9':
			digits++
		case r == '+' && i == 0, strings.ContainsRune(" -.()/", r):
		default:
			return false
		}
	}
	return digits >= 6 && digits <= 15
}
