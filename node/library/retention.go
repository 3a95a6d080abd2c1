package library

import "time"

// Retention is how long what is known of people is kept (UU 27/2022 art. 16, 42–45):
// the schedule that is carried out every day. What reports count stays for ever.
type Retention struct {
	DraftDays   int // a half-typed form that nobody touched
	EndedDays   int // a registration that came to nothing, since its end
	VisitMonths int // whoever signed the register and is no member, since the end of that month
	MemberYears int // a member's record, since the membership ended
}

// Shortest and longest times of the schedule, both included. Below the shortest
// something would be gone that a person may still come to ask about: a refusal, a
// line of this quarter's report.
var (
	RetentionLeast = Retention{DraftDays: 1, EndedDays: 30, VisitMonths: 3, MemberYears: 1}
	RetentionMost  = Retention{DraftDays: 30, EndedDays: 3650, VisitMonths: 120, MemberYears: 50}
)

// DefaultRetention is the schedule until somebody sets another.
func DefaultRetention() Retention {
	return Retention{DraftDays: 7, EndedDays: 90, VisitMonths: 12, MemberYears: 5}
}

// Ended is the first day of which ended registrations are kept.
func (r Retention) Ended(today Date) Date { return today.AddDays(-r.EndedDays) }

// Visits is the first day of which the register keeps names: that of a month, so
// that names go once a month and not a few every day.
func (r Retention) Visits(today Date) Date {
	return DateIn(time.Date(today.Year, time.Month(today.Month-r.VisitMonths), 1, 0, 0, 0, 0, time.UTC), time.UTC)
}

// Members is the first day on which a membership may have ended whose record is kept.
func (r Retention) Members(today Date) Date {
	return DateIn(time.Date(today.Year-r.MemberYears, time.Month(today.Month), today.Day, 0, 0, 0, 0, time.UTC), time.UTC)
}

// RetentionStep is how many days the schedule may move on in one run.
const RetentionStep = 31

// RetentionDay is the day by which the schedule is carried out, when it was last
// carried out by another. What it removes is gone for ever, and a PC's clock may be
// wrong by years: so it moves on by at most RetentionStep days a run, and a clock
// that ran ahead for a day costs a month at most, not everything.
func RetentionDay(last, today Date) Date {
	if next := last.AddDays(RetentionStep); next.Compare(today) < 0 {
		return next
	}
	return today
}
