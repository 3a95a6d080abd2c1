package library

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Date is a day of the calendar without a time or a zone, as printed on a document. The zero Date means unknown.
type Date struct {
	Year       int
	Month, Day int
}

// WIB is Western Indonesian Time (UTC+7), the civil time of Banyuwangi. It is fixed, so that a PC without zone files
// or with another zone set still files a visit under the right day.
func WIB() *time.Location { return time.FixedZone("WIB", 7*60*60) }

// DateOf returns the date as given; ask Valid whether the calendar has it.
func DateOf(year, month, day int) Date { return Date{Year: year, Month: month, Day: day} }

// DateIn returns the day that an instant falls on in a zone.
func DateIn(t time.Time, zone *time.Location) Date {
	y, m, d := t.In(zone).Date()
	return DateOf(y, int(m), d)
}

// DateFromDays returns the day that many days after 1970-01-01.
func DateFromDays(days int) Date {
	return DateIn(time.Unix(int64(days)*86400, 0), time.UTC)
}

// ParseDate reads a day as people and documents write it: 23-11-2026, 23/11/2026, 23.11.2026, 23 Nov 2026,
// 23 November 2026 (month names in Indonesian or English) and 2026-11-23. The year has four digits. The error is of
// KindInvalid.
func ParseDate(s string) (Date, error) {
	bad := E(KindInvalid, KeyDateUnreadable)
	if len(s) > 64 {
		return Date{}, bad
	}
	parts := strings.FieldsFunc(CleanLine(s), func(r rune) bool {
		return r == '-' || r == '/' || r == '.' || r == ' ' || r == ','
	})
	if len(parts) != 3 {
		return Date{}, bad
	}
	if len(parts[0]) == 4 {
		parts[0], parts[2] = parts[2], parts[0]
	}
	day, okDay := smallNumber(parts[0], 2)
	month, okMonth := smallNumber(parts[1], 2)
	if !okMonth {
		month, okMonth = monthNamed(parts[1])
	}
	year, okYear := smallNumber(parts[2], 4)
	if !okDay || !okMonth || !okYear || len(parts[2]) != 4 {
		return Date{}, bad
	}
	d := DateOf(year, month, day)
	if !d.Valid() {
		return Date{}, E(KindInvalid, KeyDateImpossible)
	}
	return d, nil
}

// smallNumber reads 1 to max ASCII digits: no sign, no other script.
func smallNumber(s string, max int) (int, bool) {
	if s == "" || len(s) > max || !allDigits(s) {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// monthNamed knows the Indonesian and English names, whole or cut to three letters or more, and the usual short forms.
func monthNamed(s string) (int, bool) {
	s = strings.ToLower(s)
	if len(s) < 3 {
		return 0, false
	}
	names := [12][]string{
		{"januari", "january"},
		{"februari", "february", "pebruari"},
		{"maret", "march"},
		{"april"},
		{"mei", "may"},
		{"juni", "june"},
		{"juli", "july"},
		{"agustus", "august", "agt", "ags"},
		{"september"},
		{"oktober", "october"},
		{"november", "nopember"},
		{"desember", "december"},
	}
	for i, forms := range names {
		for _, name := range forms {
			if strings.HasPrefix(name, s) {
				return i + 1, true
			}
		}
	}
	return 0, false
}

// IsZero says that the date is unknown.
func (d Date) IsZero() bool { return d == Date{} }

// Valid says that the calendar has this day, in the years 1 to 9999.
func (d Date) Valid() bool {
	if d.Year < 1 || d.Year > 9999 || d.Month < 1 || d.Month > 12 || d.Day < 1 || d.Day > 31 {
		return false
	}
	return d.midnight().Day() == d.Day
}

func (d Date) midnight() time.Time {
	return time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC)
}

// String returns the day as Indonesian documents print it, 23-11-2026, or "" when unknown.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%02d-%02d-%04d", d.Day, d.Month, d.Year)
}

// ISO returns the day as files sort it, 2026-11-23, or "" when unknown.
func (d Date) ISO() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// Compare returns -1, 0 or +1 when d is before, equal to or after other. Unknown is before every day.
func (d Date) Compare(other Date) int {
	a := [3]int{d.Year, d.Month, d.Day}
	b := [3]int{other.Year, other.Month, other.Day}
	for i := range a {
		if a[i] < b[i] {
			return -1
		}
		if a[i] > b[i] {
			return 1
		}
	}
	return 0
}

// AgeOn returns the completed years on day of a person born on d, and -1 when either is unknown or day is before d.
// A person born on 29 February is a year older on 1 March of other years.
func (d Date) AgeOn(day Date) int {
	if d.IsZero() || day.IsZero() || day.Compare(d) < 0 {
		return -1
	}
	age := day.Year - d.Year
	if day.Month < d.Month || day.Month == d.Month && day.Day < d.Day {
		age--
	}
	return age
}

// AddDays returns the day n days later, or earlier when n is negative.
func (d Date) AddDays(n int) Date { return DateFromDays(d.Days() + n) }

// Days returns the number of days since 1970-01-01, negative before it. It is meaningless for an invalid date.
func (d Date) Days() int { return int(d.midnight().Unix() / 86400) }

// MarshalText writes ISO.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.ISO()), nil }

// UnmarshalText reads any form that ParseDate reads; empty text is the unknown date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}
