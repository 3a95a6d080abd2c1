package library

import "strings"

// NIK is the population identity number: PP KK CC DDMMYY SSSS, 16 digits, of which PPKKCC is the district of first
// registration (it does not follow a move), DD carries +40 for women, and SSSS is a serial from 0001 (UU 24/2013; Perpres
// 62/2019). It has no check digit. It is never printed on a card, written to a log or put into a URL.
type NIK string

// ParseNIK reads a NIK as typed, with spaces, dots or dashes in it. Errors are of KindInvalid with one problem of field
// FieldNIK: not digits, not 16 of them, an impossible date, serial 0000. It cannot tell a NIK from a KK number that looks like one.
func ParseNIK(s string) (NIK, error) {
	bare := bareNumber(s)
	n := NIK(bare)
	switch {
	case !allDigits(bare):
		return "", nikProblem(KeyNIKDigits)
	case len(bare) != 16:
		return "", nikProblem(KeyNIKLength, len(bare))
	case !n.possibleDate():
		return "", nikProblem(KeyNIKDate)
	case strings.HasSuffix(bare, "0000"):
		return "", nikProblem(KeyNIKSerial)
	}
	return n, nil
}

func nikProblem(key string, args ...any) *Error {
	return Invalid(Problem{Field: FieldNIK, Key: key, Args: args})
}

// LooksLikeNIK says that a member number of another system may be somebody's NIK or KK number, and has to be sealed. It
// takes any 16 digits, because real NIKs with faulty dates exist.
func LooksLikeNIK(s string) bool {
	bare := bareNumber(s)
	return len(bare) == 16 && allDigits(bare)
}

// Valid says that ParseNIK would return n as it stands.
func (n NIK) Valid() bool {
	parsed, err := ParseNIK(string(n))
	return err == nil && parsed == n
}

func (n NIK) number(from, to int) int {
	v := 0
	for i := from; i < to; i++ {
		v = v*10 + int(n[i]-'0')
	}
	return v
}

// dayMonthYear returns the date inside the number; year is two digits.
func (n NIK) dayMonthYear() (day, month, year int) {
	day, month, year = n.number(6, 8), n.number(8, 10), n.number(10, 12)
	if day > 40 {
		day -= 40
	}
	return day, month, year
}

// possibleDate tries 20YY: every day that 19YY has, 20YY has too.
func (n NIK) possibleDate() bool {
	day, month, year := n.dayMonthYear()
	return DateOf(2000+year, month, day).Valid()
}

// String returns the 16 digits. Use Masked wherever a person without a reason may look.
func (n NIK) String() string { return string(n) }

// Masked returns the number with the birth date and half of the district hidden: 3510••••••••0003.
func (n NIK) Masked() string {
	if len(n) != 16 {
		return ""
	}
	return string(n[:4]) + strings.Repeat("•", 8) + string(n[12:])
}

// Region returns the six digits of the district (kecamatan) of first registration.
func (n NIK) Region() string {
	if len(n) != 16 {
		return ""
	}
	return string(n[:6])
}

// Sex returns the sex that the day carries.
func (n NIK) Sex() Sex {
	if len(n) != 16 {
		return ""
	}
	if n.number(6, 8) > 40 {
		return Female
	}
	return Male
}

// BirthDate returns the birth date inside the number. The number has no century: of the possible years the one is taken
// that makes the person 0 to 99 years old today, so it is wrong for people of 100 years and more; show it, and let
// the document decide. It is unknown when today is, or when no such day exists.
func (n NIK) BirthDate(today Date) Date {
	if len(n) != 16 || !today.Valid() {
		return Date{}
	}
	day, month, year := n.dayMonthYear()
	d := DateOf(today.Year-today.Year%100+year, month, day)
	if d.Compare(today) > 0 {
		d.Year -= 100
	}
	if !d.Valid() {
		return Date{}
	}
	return d
}

// sameBirth compares without the century, which the number does not have.
func (n NIK) sameBirth(d Date) bool {
	day, month, year := n.dayMonthYear()
	return day == d.Day && month == d.Month && year == d.Year%100
}

const (
	ktpAge = 17 // a KTP is issued from 17, or on marriage (UU 24/2013 art. 63)
	kiaAge = 17 // a KIA is issued to those under 17 and unmarried (Permendagri 2/2016)
)

// CheckNIK compares a NIK with the rest of the form. All its problems are warnings: real NIKs differ from their
// holder's data for good reasons (a corrected birth date, a move, a district that was split), so an officer may
// confirm each with a reason. Unknown fields, nil regions and an unknown today are not compared.
func CheckNIK(nik NIK, form Form, regions *Regions, today Date) []Problem {
	if !nik.Valid() {
		return nil
	}
	var found []Problem
	warn := func(field, key string, args ...any) {
		found = append(found, Problem{Field: field, Key: key, Args: args, Warning: true})
	}
	if form.Identity == KK && string(nik) == bareNumber(form.IdentityNumber) {
		warn(FieldNIK, KeyNIKIsKK)
	}
	if regions != nil && !regions.KnownPrefix(nik.Region()) {
		warn(FieldNIK, KeyNIKRegion, nik.Region())
	}
	if !form.Birth.IsZero() && !nik.sameBirth(form.Birth) {
		warn(FieldBirth, KeyNIKBirth, nik.BirthDate(today).String())
	}
	if form.Sex.Valid() && form.Sex != nik.Sex() {
		warn(FieldSex, KeyNIKSex, string(nik.Sex()))
	}
	born := form.Birth
	if born.IsZero() {
		born = nik.BirthDate(today)
	}
	if age := born.AgeOn(today); age >= 0 {
		if (form.Identity == KTP || form.Identity == IKD) && age < ktpAge {
			warn(FieldIdentity, KeyTooYoungForKTP, age)
		}
		if form.Identity == KIA && age >= kiaAge {
			warn(FieldIdentity, KeyTooOldForKIA, age)
		}
	}
	return found
}
