package library

import (
	"strings"
	"unicode"
)

// CleanLine makes one tidy line of what a person typed or pasted: line breaks and runs of spaces become one space;
// control characters, bidi marks, zero-width and other invisible characters go. Everything visible stays as typed:
// apostrophes, emoji, a leading = + - or @.
func CleanLine(s string) string {
	visible := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case invisible(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.Join(strings.Fields(visible), " ")
}

// CleanScan returns the bare code of a member number that came from a scanner or a keyboard: no spaces, no control
// characters, no invisible marks, no symbology prefix such as "]C0"; digits of other scripts are made ours. One of our own
// numbers may have dots or dashes between its groups; in a number of another system they stay. Scanners end with CR, LF or
// Tab, and some begin with control characters. Not for the text of a signed QR, in which a space means something: see ScanText.
func CleanScan(s string) string {
	bare := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || invisible(r) {
			return -1
		}
		return digit(r)
	}, strings.ToValidUTF8(s, ""))
	return withoutGroups(withoutSymbology(bare))
}

// digit makes a digit of Arabic writing, or one of full width, one of ours; every other character stays.
func digit(r rune) rune {
	for _, zero := range []rune{'\u0660', '\u06f0', '\uff10'} {
		if zero <= r && r <= zero+9 {
			return '0' + r - zero
		}
	}
	return r
}

// withoutGroups drops the marks between the groups of one of our numbers.
func withoutGroups(s string) string {
	groups := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(groupMarks, r) })
	if len(groups) != len(numberGroups) {
		return s
	}
	for i, g := range groups {
		if len(g) != numberGroups[i] {
			return s
		}
	}
	if bare := strings.Join(groups, ""); allDigits(bare) && dammDigit(bare) == '0' {
		return bare
	}
	return s
}

// ScanText is CleanScan for the text of a QR: plain spaces inside the text stay, because base45 (RFC 9285) uses them.
func ScanText(s string) string {
	text := strings.Map(func(r rune) rune {
		if r != ' ' && unicode.IsSpace(r) || invisible(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.TrimSpace(withoutSymbology(strings.TrimSpace(text)))
}

// withoutSymbology drops AIM symbology identifiers (ISO/IEC 15424): "]", a letter, a digit or letter.
func withoutSymbology(s string) string {
	for len(s) > 3 && s[0] == ']' && isASCIILetter(s[1]) && (isASCIILetter(s[2]) || '0' <= s[2] && s[2] <= '9') {
		s = strings.TrimLeft(s[3:], " ")
	}
	return s
}

func isASCIILetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// invisible covers control characters, format characters (bidi, zero-width, soft hyphen, byte order mark), private and
// unassigned-by-Unicode areas, and the letters that fonts draw as nothing.
func invisible(r rune) bool {
	switch r {
	case 0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0, unicode.ReplacementChar:
		return true
	}
	return unicode.Is(unicode.C, r)
}

// allDigits says that s holds ASCII digits only. It is true of "".
func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// groupMarks are what people write between the digits of a long number: a dot, and dashes as keyboards and phones make them.
const groupMarks = ".-\u2010\u2011\u2013\u2212"

// bareNumber drops what people put between the digits of a long number.
func bareNumber(s string) string {
	return CleanScan(strings.Map(func(r rune) rune {
		if strings.ContainsRune(groupMarks, r) {
			return -1
		}
		return r
	}, s))
}
