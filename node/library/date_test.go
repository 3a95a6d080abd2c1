package library_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"
	"simpul/node/library"
)

func TestParseDate(t *testing.T) {
	want := library.DateOf(2026, 11, 3)
	for _, s := range []string{
		"03-11-2026", "3-11-2026", "3/11/2026", "3.11.2026", "3 11 2026", "2026-11-03", "2026/11/3", "3 Nov 2026", "3 nov. 2026",
		"3 November 2026", "3 Nopember 2026", "03-NOV-2026", " 3\u200b November\u00a02026\r\n", "3 November, 2026",
	} {
		if got, err := library.ParseDate(s); err != nil || got != want {
			t.Errorf("ParseDate(%q) = %v, %v", s, got, err)
		}
	}
	for s, month := range map[string]int{
		"Januari": 1, "january": 1, "Pebruari": 2, "feb": 2, "Maret": 3, "march": 3, "mar": 3, "April": 4, "Mei": 5, "may": 5,
		"Juni": 6, "june": 6, "Juli": 7, "july": 7, "Agt": 8, "Ags": 8, "Agustus": 8, "aug": 8, "Sept": 9, "Okt": 10, "oct": 10,
		"Des": 12, "december": 12,
	} {
		if got, err := library.ParseDate("1 " + s + " 1999"); err != nil || got.Month != month {
			t.Errorf("month %q = %v, %v", s, got, err)
		}
	}
	for s, key := range map[string]string{
		"": library.KeyDateUnreadable, "kemarin": library.KeyDateUnreadable, "1-1-26": library.KeyDateUnreadable,
		"01-01-0026x": library.KeyDateUnreadable, "1 ma 1999": library.KeyDateUnreadable, "+1-1-1999": library.KeyDateUnreadable,
		"١-١-١٩٩٩": library.KeyDateUnreadable, "1-1-1999-1": library.KeyDateUnreadable,
		"30-02-2020": library.KeyDateImpossible, "29-02-2023": library.KeyDateImpossible, "00-01-2020": library.KeyDateImpossible,
		"01-13-2020": library.KeyDateImpossible, "01-01-0000": library.KeyDateImpossible,
	} {
		if got, err := library.ParseDate(s); library.KindOf(err) != library.KindInvalid || err.(*library.Error).Key != key {
			t.Errorf("ParseDate(%q) = %v, %v, want %s", s, got, err, key)
		}
	}
}

func drawDate(t *rapid.T, label string) library.Date {
	return library.DateFromDays(rapid.IntRange(-60000, 60000).Draw(t, label))
}

func TestDateArithmeticAgreesWithItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, n := drawDate(t, "day"), rapid.IntRange(-40000, 40000).Draw(t, "n")
		later := d.AddDays(n)
		if !d.Valid() || !later.Valid() || later.Days()-d.Days() != n || library.DateFromDays(d.Days()) != d {
			t.Fatalf("%v + %d days = %v", d, n, later)
		}
		switch cmp := later.Compare(d); {
		case n > 0 && cmp != 1, n == 0 && cmp != 0, n < 0 && cmp != -1:
			t.Fatalf("Compare(%v, %v) = %d", later, d, cmp)
		}
		for _, s := range []string{d.String(), d.ISO()} {
			if back, err := library.ParseDate(s); err != nil || back != d {
				t.Fatalf("ParseDate(%q) = %v, %v", s, back, err)
			}
		}
	})
}

func TestAgeGrowsOnTheBirthday(t *testing.T) {
	for _, c := range []struct {
		born, on library.Date
		want     int
	}{
		{library.DateOf(2008, 11, 23), library.DateOf(2026, 11, 22), 17},
		{library.DateOf(2008, 11, 23), library.DateOf(2026, 11, 23), 18},
		{library.DateOf(2008, 2, 29), library.DateOf(2026, 2, 28), 17},
		{library.DateOf(2008, 2, 29), library.DateOf(2026, 3, 1), 18},
		{library.DateOf(2026, 11, 23), library.DateOf(2026, 11, 23), 0},
		{library.DateOf(2026, 11, 24), library.DateOf(2026, 11, 23), -1},
		{library.Date{}, library.DateOf(2026, 11, 23), -1},
		{library.DateOf(2008, 11, 23), library.Date{}, -1},
	} {
		if got := c.born.AgeOn(c.on); got != c.want {
			t.Errorf("%v on %v: age %d, want %d", c.born, c.on, got, c.want)
		}
	}
}

func TestUnknownDateIsEmptyText(t *testing.T) {
	var d library.Date
	text, _ := d.MarshalText()
	if len(text) != 0 || d.String() != "" || d.Valid() || !d.IsZero() {
		t.Errorf("unknown date: text %q, string %q", text, d.String())
	}
	d = library.DateOf(2000, 1, 1)
	if err := d.UnmarshalText(nil); err != nil || !d.IsZero() {
		t.Errorf("empty text gave %v, %v", d, err)
	}
}

func TestDateInTakesTheZoneOfTheLibrary(t *testing.T) {
	evening := time.Date(2026, 11, 22, 18, 30, 0, 0, time.UTC) // 01:30 on the 23rd in Banyuwangi
	if got := library.DateIn(evening, library.WIB()); got != library.DateOf(2026, 11, 23) {
		t.Errorf("DateIn = %v", got)
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"23-11-2026", "2026-11-23", "23 Nopember 2026", "29/02/1900", "1 ma 1999", "\u202e1-1-1999", "--", "1e9-1-1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := library.ParseDate(s)
		if err != nil {
			if library.KindOf(err) != library.KindInvalid || !d.IsZero() {
				t.Fatalf("ParseDate(%q) = %v, %v", s, d, err)
			}
			return
		}
		if back, err := library.ParseDate(d.String()); !d.Valid() || err != nil || back != d {
			t.Fatalf("ParseDate(%q) = %v, read again %v, %v", s, d, back, err)
		}
	})
}
