package directory

import (
	"fmt"
	"strconv"
	"strings"
)

// birthdays is the number of places for days of the year, month * 32 + day.
const birthdays = 13 * 32

// birthday is the place of an ISO date; false when the text is no date.
func birthday(iso string) (int, bool) {
	year, month, day, ok := dateParts(iso, "-")
	if !ok || year < 1000 {
		return 0, false
	}
	return dayOfYear(month, day)
}

func dayOfYear(month, day int) (int, bool) {
	if month < 1 || month > 12 || day < 1 || day > 31 {
		return 0, false
	}
	return month*32 + day, true
}

// typedDate reads a date as people type it, 23-11-1998 with dashes, dots or
// slashes, or the ISO way round, and returns it as an ISO date.
func typedDate(s string) (iso string, ok bool) {
	for _, sep := range [...]string{"-", ".", "/"} {
		first, month, last, ok := dateParts(s, sep)
		if !ok {
			continue
		}
		if first < 1000 {
			first, last = last, first
		}
		if _, ok := dayOfYear(month, last); ok && first >= 1000 {
			return fmt.Sprintf("%04d-%02d-%02d", first, month, last), true
		}
	}
	return "", false
}

// dateParts splits three numbers of one to four digits.
func dateParts(s, sep string) (a, b, c int, ok bool) {
	if len(s) > len("1998-11-23") {
		return 0, 0, 0, false
	}
	parts := strings.Split(s, sep)
	if len(parts) != 3 {
		return 0, 0, 0, false
	}
	var n [3]int
	for i, part := range parts {
		v, err := strconv.ParseUint(part, 10, 16)
		if err != nil || len(part) > 4 {
			return 0, 0, 0, false
		}
		n[i] = int(v)
	}
	return n[0], n[1], n[2], true
}
