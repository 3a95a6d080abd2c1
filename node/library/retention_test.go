package library

import (
	"testing"

	"pgregory.net/rapid"
)

func TestRetention(t *testing.T) {
	r := Retention{EndedDays: 90, VisitMonths: 12, MemberYears: 5}
	for _, c := range []struct{ today, ended, visits, members string }{
		{"2026-11-30", "2026-09-01", "2025-11-01", "2021-11-30"},
		{"2027-01-01", "2026-10-03", "2026-01-01", "2022-01-01"},
		{"2028-02-29", "2027-12-01", "2027-02-01", "2023-03-01"},
	} {
		var today Date
		if err := today.UnmarshalText([]byte(c.today)); err != nil {
			t.Fatal(err)
		}
		if got := [3]string{r.Ended(today).ISO(), r.Visits(today).ISO(), r.Members(today).ISO()}; got != [3]string{c.ended, c.visits, c.members} {
			t.Errorf("on %s: %v", c.today, got)
		}
	}
}

// However the clock jumps, one run moves the schedule on by a month at most, it is
// never ahead of the clock, and with a right clock it arrives.
func TestRetentionDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := rapid.IntRange(0, 60_000)
		last, today := DateFromDays(day.Draw(t, "last")), DateFromDays(day.Draw(t, "today"))
		next := RetentionDay(last, today)
		if next.Compare(today) > 0 || next.Days()-last.Days() > RetentionStep {
			t.Fatalf("from %s on %s to %s", last, today, next)
		}
		for range 60_000/RetentionStep + 1 {
			next = RetentionDay(next, today)
		}
		if next != today {
			t.Fatalf("it stays at %s on %s", next, today)
		}
	})
}
