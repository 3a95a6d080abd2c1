package report

import (
	"fmt"
	"strconv"
	"strings"

	"simpul/node/library"
)

// Period is a month, a quarter or a year, both days in it.
type Period struct {
	From, To library.Date
	Months   int // 1, 3 or 12
}

// Month is one month; months outside 1 to 12 run into the years beside.
func Month(year, month int) Period { return span(year, month, 1) }

// Quarter is a quarter (triwulan), 1 to 4.
func Quarter(year, quarter int) Period { return span(year, 3*quarter-2, 3) }

// Year is a calendar year.
func Year(year int) Period { return span(year, 1, 12) }

func span(year, month, months int) Period {
	first := func(m int) library.Date {
		y := year
		for ; m > 12; m -= 12 {
			y++
		}
		for ; m < 1; m += 12 {
			y--
		}
		return library.DateOf(y, m, 1)
	}
	return Period{From: first(month), To: first(month + months).AddDays(-1), Months: months}
}

// ParsePeriod reads what String writes: 2026-11, 2026-T4 or 2026; false when it is none of them.
func ParsePeriod(s string) (Period, bool) {
	year, rest, parted := strings.Cut(s, "-")
	y, err := strconv.Atoi(year)
	if err != nil || len(year) != 4 || y < 1000 {
		return Period{}, false
	}
	var p Period
	quarter, isQuarter := strings.CutPrefix(rest, "T")
	n, err := strconv.Atoi(quarter)
	switch {
	case !parted:
		p = Year(y)
	case err != nil || n < 1 || isQuarter && n > 4 || n > 12:
		return Period{}, false
	case isQuarter:
		p = Quarter(y, n)
	default:
		p = Month(y, n)
	}
	return p, p.String() == s
}

// String is how a period stands in an address.
func (p Period) String() string {
	switch p.Months {
	case 12:
		return fmt.Sprintf("%04d", p.From.Year)
	case 3:
		return fmt.Sprintf("%04d-T%d", p.From.Year, (p.From.Month+2)/3)
	}
	return fmt.Sprintf("%04d-%02d", p.From.Year, p.From.Month)
}

// Before is the period before, After the one after it.
func (p Period) Before() Period { return span(p.From.Year, p.From.Month-p.Months, p.Months) }

// After is the period after this one.
func (p Period) After() Period { return span(p.From.Year, p.From.Month+p.Months, p.Months) }

// Recent lists the periods to choose from on a day, the present ones first: a year of months, two years of quarters,
// five years.
func Recent(today library.Date) []Period {
	var out []Period
	add := func(p Period, n int) {
		for range n {
			out = append(out, p)
			p = p.Before()
		}
	}
	add(Month(today.Year, today.Month), 12)
	add(Quarter(today.Year, (today.Month+2)/3), 8)
	add(Year(today.Year), 5)
	return out
}

// Name writes the period: "November 2026", "Triwulan 4 2026", "Tahun 2026".
func (p Period) Name(w Words) string {
	switch p.Months {
	case 12:
		return w.Say("report.year", strconv.Itoa(p.From.Year))
	case 3:
		return w.Say("report.quarter", (p.From.Month+2)/3, strconv.Itoa(p.From.Year))
	}
	return w.Month(p.From.Month) + " " + strconv.Itoa(p.From.Year)
}
