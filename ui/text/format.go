package text

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Number writes 18426 as 18.426 (Indonesian) or 18,426 (English).
func Number(lang string, n int64) string {
	digits, sign := strconv.FormatInt(n, 10), ""
	if n < 0 {
		digits, sign = digits[1:], "−"
	}
	separator := "."
	if Known(lang) == English {
		separator = ","
	}
	var out strings.Builder
	for i, digit := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteString(separator)
		}
		out.WriteRune(digit)
	}
	return sign + out.String()
}

// Date writes 23-11-2026, in both languages, as it stands on documents. A zero time gives an empty string.
func Date(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format("02-01-2006")
}

// Time writes 14.02 (Indonesian) or 14:02 (English). A zero time gives an empty string.
func Time(lang string, at time.Time) string {
	switch {
	case at.IsZero():
		return ""
	case Known(lang) == English:
		return at.Format("15:04")
	}
	return at.Format("15.04")
}

// Day writes "Senin, 23 November 2026". A zero time gives an empty string.
func Day(lang string, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	if Known(lang) == English {
		return at.Format("Monday, 2 January 2006")
	}
	days := [...]string{"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"}
	return fmt.Sprintf("%s, %d %s %d", days[at.Weekday()], at.Day(), Month(lang, int(at.Month())), at.Year())
}

// Month names the months 1 to 12; any other number gives an empty string.
func Month(lang string, month int) string {
	if month < 1 || month > 12 {
		return ""
	}
	if Known(lang) == English {
		return time.Month(month).String()
	}
	months := [...]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
		"Oktober", "November", "Desember"}
	return months[month-1]
}

// Duration writes a measured time: "48 dtk", "13 mnt 20 dtk", "19 menit" for whole minutes, "2 jam 5 mnt" above an hour.
func Duration(lang string, d time.Duration) string {
	hour, minute, minutes, second := "jam", "mnt", "menit", "dtk"
	if Known(lang) == English {
		hour, minute, minutes, second = "h", "min", "min", "s"
	}
	seconds := int(d.Round(time.Second) / time.Second)
	switch {
	case seconds < 60:
		return fmt.Sprintf("%d %s", max(0, seconds), second)
	case seconds < 3600 && seconds%60 == 0:
		return fmt.Sprintf("%d %s", seconds/60, minutes)
	case seconds < 3600:
		return fmt.Sprintf("%d %s %d %s", seconds/60, minute, seconds%60, second)
	}
	return fmt.Sprintf("%d %s %d %s", seconds/3600, hour, seconds%3600/60, minute)
}

// Running writes a running clock: 1:52, and 1:02:07 above an hour; never 1.52, which reads as a time of day.
func Running(d time.Duration) string {
	seconds := max(0, int(d/time.Second))
	if seconds >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds%3600/60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}
