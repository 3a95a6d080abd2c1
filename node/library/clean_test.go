package library_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
	"simpul/node/library"
)

func TestCleanScan(t *testing.T) {
	for in, want := range map[string]string{
		"014260001237\r":                       "014260001237",
		"014260001237\r\n":                     "014260001237",
		"014260001237\t":                       "014260001237",
		"\x02\x1d014260001237\x03":             "014260001237",
		"014 26 0 00123 7":                     "014 26 0 00123 7",
		"]C0014260001237":                      "014260001237",
		"\u202e\u200b014\u2060260001237\ufeff": "014260001237",
		"\xff014260001237":                     "014260001237",
		"014-26-0-00123-7":                     "014260001237",
		"014.26.0.00123.7":                     "014260001237",
		"014–26–0–00123–7":                     "014260001237",
		"014-26-0-00123-8":                     "014-26-0-00123-8",
		"0142-6000-1237":                       "0142-6000-1237",
		"٠١٤ ٢٦ ٠ ٠٠١٢٣ ٧":                     "014260001237",
		"P-2019/00045 ":                        "P-2019/00045",
		"]C0":                                  "]C0",
	} {
		if got := library.CleanScan(in); got != strings.ReplaceAll(want, " ", "") {
			t.Errorf("CleanScan(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestScanTextKeepsTheSpacesOfBase45(t *testing.T) {
	if got := library.ScanText("]Q1KTA1:6BF 0AD%$*+\r\n"); got != "KTA1:6BF 0AD%$*+" {
		t.Errorf("ScanText = %q", got)
	}
}

func TestCleanLine(t *testing.T) {
	for in, want := range map[string]string{
		"  Siti \t Aminah\r\n": "Siti Aminah",
		"Nur\u2028Aini":        "Nur Aini",
		"D'Artagnan Ma’ruf":    "D'Artagnan Ma’ruf",
		"=SUM(A1)":             "=SUM(A1)",
		"\u202egnirts\u202c":   "gnirts",
		"Budi 😀":               "Budi 😀",
		"\u3164\u200b\u00ad":   "",
		"a\x00b\x1bc\u0085d":   "abc d",
		"Jos\u00e9 e\u0301":    "Jos\u00e9 e\u0301",
	} {
		if got := library.CleanLine(in); got != want {
			t.Errorf("CleanLine(%q) = %q, want %q", in, got, want)
		}
	}
}

func messy(t *rapid.T, label string) string {
	piece := rapid.SampledFrom([]string{
		" ", "\t", "\r\n", "\u200b", "\u202e", "\x00", "\xff", "\xc3", "\xa9", "]C0", "]", "0", "9", "-", ".", "/", "RT ", "a", "Z",
		"'", "=", "\u00a0", "\ufeff", "😀", "35.10", "",
	})
	return strings.Join(rapid.SliceOfN(piece, 0, 20).Draw(t, label), "")
}

func TestCleaningTwiceIsCleaningOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := messy(t, "text")
		for name, clean := range map[string]func(string) string{
			"CleanLine": library.CleanLine, "CleanScan": library.CleanScan, "ScanText": library.ScanText,
		} {
			once := clean(s)
			if twice := clean(once); twice != once {
				t.Fatalf("%s(%q) = %q, then %q", name, s, once, twice)
			}
		}
	})
}

func FuzzCleanScan(f *testing.F) {
	for _, s := range []string{"014260001237\r\n", "]C0]C0123", "\x1d\u200f12 34", "\xf0\x9f", "]Q1KTA1:A B", "\u202e\u2066"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, got := range []string{library.CleanScan(s), library.ScanText(s)} {
			if !utf8.ValidString(got) || len(got) > len(s) || strings.ContainsFunc(got, unicode.IsControl) {
				t.Fatalf("scan %q became %q", s, got)
			}
		}
		if got := library.CleanScan(s); strings.ContainsFunc(got, unicode.IsSpace) || library.CleanScan(got) != got {
			t.Fatalf("CleanScan(%q) = %q", s, got)
		}
	})
}
