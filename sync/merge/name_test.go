package merge

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNormal(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"", ""},
		{"  .,- ", ""},
		{"Sukarni", "sukarni"},
		{"SITI  AMINAH", "siti aminah"},
		{"Siti\u00a0Aminah", "siti aminah"},
		{"Moch. Rizki", "muhammad rizki"},
		{"MOCHAMMAD RIZKI", "muhammad rizki"},
		{"Muh.Rizki", "muhammad rizki"},
		{"M Rizki", "muhammad rizki"},
		{"Abd. Rahman", "abdul rahman"},
		{"Akhmad Yani", "achmad yani"},
		{"St. Fatimah", "siti fatimah"},
		{"Nur'aini", "nuraini"}, {"Nur’aini", "nuraini"}, {"Nur‘aini", "nuraini"}, {"Nur`aini", "nuraini"}, {"Nurʼaini", "nuraini"}, {"Nur´aini", "nuraini"},
		{"Anak-Anak", "anak anak"}, {"A–B", "a b"}, {"A—B", "a b"}, {"“Budi”", "budi"},
		{"José Núñez", "jose nunez"},
		{"Jose\u0301 Nun\u0303ez", "jose nunez"}, // the marks as letters of their own
		{"İrfan", "irfan"},
		{"王 小明", "王 小明"},
		{"Budi 2", "budi 2"},
		{"H. Sulaiman", "sulaiman"}, {"Hj. Siti Aminah", "siti aminah"}, {"Drs. H. M. Noor", "muhammad noor"},
		{"dr. Ratih", "ratih"}, {"Prof. Dr. Ir. Jarot", "jarot"},
		{"H.", "h"}, {"Haji", "haji"}, // a name is never emptied
		{"Siti H", "siti h"}, // only in front
	} {
		if got := Normal(c.name); got != c.want {
			t.Errorf("%q: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestWordsKeepsTitles(t *testing.T) {
	if got := strings.Join(Words("Hj. Sri-Wahyuni, S.Pd."), "|"); got != "hj|sri|wahyuni|s|pd" {
		t.Error(got)
	}
	if got := Words(" . "); len(got) != 0 {
		t.Error(got)
	}
}

func TestClose(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		// One person, written twice.
		{"Muhammad Rizki", "Moch. Rizki", true},
		{"Nur'aini", "Nuraini", true},
		{"Nur Aini", "Nuraini", true},
		{"Siti Aminah", "SITI AMINAH", true},
		{"Siti Aminah", "Siti Aminnah", true},
		{"Jarot", "Jarot Pelangi", true},
		{"Jarot Pelangi", "Jarot", true},
		{"Jarot Pelangi", "Jarot Pelangi Senja", true},
		{"H. Sulaiman Noor", "Sulaiman Noor", true},
		{"Hj. Siti Aminah", "Siti Aminah", true},
		{"Ratih Pelangi, S.Pd., M.Si.", "Ratih Pelangi", true},
		{"Sukarni", "Sukarno", true}, // one letter: ask
		{"Muhammad Rizki Pelangi Ramadhan", "Muhammad Rizky Pelangi Ramadan", true},
		{"王小明", "王小明", true},

		// Different people.
		{"Siti Aminah", "Siti Fatimah", false},
		{"Siti Aminah", "Siti Aisyah", false},
		{"Budi Santoso", "Joko Santoso", false},
		{"Muhammad Rizki", "Muhammad Fajar", false},
		{"Jarot", "Jarotama Pelangi", false}, // the beginning of a word is not the beginning of a name
		{"Jarot Pelangi", "Pelangi Jarot", false},
		{"Ani", "Budi", false},
		{"Ani", "Ina", false},
		{"王小明明李陈", "王大山明李陈", false}, // letters count, not their bytes
		{"", "", false},
		{"", "Jarot", false},
		{"...", "...", false},
	} {
		if got := Close(c.a, c.b); got != c.want {
			t.Errorf("%q and %q: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

func TestNames(t *testing.T) {
	name := rapid.OneOf(rapid.String(), rapid.StringMatching(`(H\. |Dr )?[A-Za-z'’.]{0,8}( [A-Za-z.-]{1,8}){0,3}`))
	rapid.Check(t, func(t *rapid.T) {
		a, b := name.Draw(t, "a"), name.Draw(t, "b")
		if got := Normal(Normal(a)); got != Normal(a) {
			t.Fatalf("%q: normal is %q, again %q", a, Normal(a), got)
		}
		if Close(a, b) != Close(b, a) {
			t.Fatalf("%q and %q: close one way only", a, b)
		}
		if Close(a, a) != (Normal(a) != "") {
			t.Fatalf("%q is not close to itself", a)
		}
	})
}

// distance is held against the definition.
func TestDistance(t *testing.T) {
	var plain func(x, y string) int
	plain = func(x, y string) int {
		switch {
		case x == "":
			return len(y)
		case y == "":
			return len(x)
		case x[0] == y[0]:
			return plain(x[1:], y[1:])
		}
		return 1 + min(plain(x[1:], y), plain(x, y[1:]), plain(x[1:], y[1:]))
	}
	rapid.Check(t, func(t *rapid.T) {
		x, y := rapid.StringMatching(`[ab]{0,6}`).Draw(t, "x"), rapid.StringMatching(`[abc]{0,6}`).Draw(t, "y")
		limit := rapid.IntRange(0, 6).Draw(t, "limit")
		want := plain(x, y)
		if got := distance(x, y, limit); got != want && !(want > limit && got > limit) {
			t.Fatalf("%q to %q: %d, want %d (limit %d)", x, y, got, want, limit)
		}
	})
}
