package library

import "fmt"

// MemberNumber is the number on a card: NNN YY I SSSSS C, 12 digits: code of the PC, year, incarnation of its stream,
// serial, check digit (Damm). Even pairs of digits keep the Code 128 narrow. It is not a unique key: a look-up returns a list,
// and the card id decides. Numbers of other systems are plain strings, kept as they are.
type MemberNumber string

// numberGroups are the digits in each of its groups.
var numberGroups = [...]int{3, 2, 1, 5, 1}

// NewMemberNumber builds a number: code 1 to 999, incarnation 0 to 9 (8 and 9: streams the centre has not granted yet),
// serial 0 to 99999. Of the year only the last two digits count, so that a PC with a wrong clock can still register.
func NewMemberNumber(code, year, incarnation, serial int) (MemberNumber, error) {
	switch {
	case code < 1 || code > 999:
		return "", E(KindInvalid, KeyNumberCode).With(code)
	case year < 0:
		return "", E(KindInvalid, KeyNumberShape)
	case incarnation < 0 || incarnation > 9:
		return "", E(KindInternal, KeyNumberRange)
	case serial < 0 || serial > 99999:
		return "", E(KindInternal, KeyNumberRange)
	}
	digits := fmt.Sprintf("%03d%02d%d%05d", code, year%100, incarnation, serial)
	return MemberNumber(digits + string(dammDigit(digits))), nil
}

// ParseMemberNumber reads one of our numbers as scanned or typed, with or without grouping. Errors are of KindInvalid: another
// shape (perhaps a number of another system), or a check digit that says a digit was mistyped.
func ParseMemberNumber(s string) (MemberNumber, error) {
	bare := bareNumber(s)
	if len(bare) != 12 || !allDigits(bare) || bare[:3] == "000" {
		return "", E(KindInvalid, KeyNumberShape)
	}
	if dammDigit(bare) != '0' {
		return "", E(KindInvalid, KeyNumberCheck)
	}
	return MemberNumber(bare), nil
}

// Valid says that n is 12 digits with the right check digit.
func (n MemberNumber) Valid() bool {
	parsed, err := ParseMemberNumber(string(n))
	return err == nil && parsed == n
}

// String returns the bare digits, as the Code 128 holds them.
func (n MemberNumber) String() string { return string(n) }

// Grouped returns the number as people read it aloud, 014 26 0 00123 7. A number of another shape comes back as it is.
func (n MemberNumber) Grouped() string {
	if !n.shaped() {
		return string(n)
	}
	return string(n[:3] + " " + n[3:5] + " " + n[5:6] + " " + n[6:11] + " " + n[11:])
}

func (n MemberNumber) shaped() bool { return len(n) == 12 && allDigits(string(n)) }

func (n MemberNumber) number(from, to int) int {
	if !n.shaped() {
		return -1
	}
	v := 0
	for i := from; i < to; i++ {
		v = v*10 + int(n[i]-'0')
	}
	return v
}

// Code returns the code of the PC that gave the number, 1 to 999; -1 for another shape, like the three below.
func (n MemberNumber) Code() int { return n.number(0, 3) }

// Year returns the year by the clock of that PC, 2000 to 2099.
func (n MemberNumber) Year() int {
	if !n.shaped() {
		return -1
	}
	return 2000 + n.number(3, 5)
}

// Incarnation returns which of the PC's streams gave the number, 0 to 9.
func (n MemberNumber) Incarnation() int { return n.number(5, 6) }

// Serial returns the place in that stream's numbers, 0 to 99999.
func (n MemberNumber) Serial() int { return n.number(6, 11) }

// dammDigit returns the check digit of ASCII digits (H. Michael Damm, 2004; the totally anti-symmetric quasigroup of
// order 10 of his thesis). It detects every wrong digit and every swap of two neighbours; over digits that end in their own check digit it is '0'.
func dammDigit(digits string) byte {
	table := [10]string{
		"0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
		"3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
	}
	interim := byte(0)
	for i := range len(digits) {
		interim = table[interim][digits[i]-'0'] - '0'
	}
	return '0' + interim
}
