package text

import (
	"io"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"
)

func TestLoad(t *testing.T) {
	words, err := Load()
	if err != nil {
		t.Fatalf("the texts do not hold together: %v", err)
	}
	if got := words.T(English, "step.of", 3, 6); got != "Step 3 of 6" {
		t.Errorf("step.of = %q", got)
	}
	if got := words.T(Indonesian, "no.such.key"); got != "⟦no.such.key⟧" {
		t.Errorf("unknown key = %q", got)
	}
	if got := words.T("fr", "nav.desk"); got != "Meja layanan" {
		t.Errorf("unknown language = %q, want Indonesian", got)
	}
}

// TestNothingForbidden holds the sentences to the house's manner.
func TestNothingForbidden(t *testing.T) {
	words, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for key, sentence := range words.words[Indonesian] {
		low := strings.ToLower(sentence)
		for _, word := range []string{"silakan", "silahkan", "berhasil!", "maaf", "tidak valid"} {
			if strings.Contains(low, word) {
				t.Errorf("%s: %q holds %q", key, sentence, word)
			}
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	file := func(body string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(body)} }
	for name, files := range map[string]fstest.MapFS{
		"a key twice in one file":     {"id/a.txt": file("a = x\na = y"), "en/a.txt": file("a = x")},
		"a key in two files":          {"id/a.txt": file("a = x"), "id/b.txt": file("a = y"), "en/a.txt": file("a = x")},
		"an empty sentence":           {"id/a.txt": file("a ="), "en/a.txt": file("a = x")},
		"no equals sign":              {"id/a.txt": file("a"), "en/a.txt": file("a = x")},
		"a key missing in English":    {"id/a.txt": file("a = x\nb = y"), "en/a.txt": file("a = x")},
		"a key missing in Indonesian": {"id/a.txt": file("a = x"), "en/a.txt": file("a = x\nb = y")},
		"other places to fill in":     {"id/a.txt": file("a = {0} x"), "en/a.txt": file("a = x")},
	} {
		if _, err := load(files); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestFormats(t *testing.T) {
	at := time.Date(2026, 11, 23, 14, 2, 0, 0, time.UTC)
	for _, c := range []struct{ got, want string }{
		{Number(Indonesian, 18426), "18.426"}, {Number(English, 18426), "18,426"}, {Number(Indonesian, 999), "999"},
		{Number(Indonesian, -1174), "−1.174"}, {Number(Indonesian, 0), "0"},
		{Date(at), "23-11-2026"}, {Date(time.Time{}), ""},
		{Time(Indonesian, at), "14.02"}, {Time(English, at), "14:02"},
		{Day(Indonesian, at), "Senin, 23 November 2026"}, {Day(English, at), "Monday, 23 November 2026"},
		{Duration(Indonesian, 13*time.Minute+20*time.Second), "13 mnt 20 dtk"}, {Duration(Indonesian, 19*time.Minute), "19 menit"},
		{Duration(Indonesian, 48*time.Second), "48 dtk"}, {Duration(Indonesian, 125*time.Minute), "2 jam 5 mnt"},
		{Running(112 * time.Second), "1:52"}, {Running(3727 * time.Second), "1:02:07"}, {Running(-time.Second), "0:00"},
		{Month(Indonesian, 8), "Agustus"}, {Month(Indonesian, 13), ""},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

// TestNumberKeepsDigits: the separators are all that is added.
func TestNumberKeepsDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Min(0).Draw(t, "n")
		written := Number(Indonesian, n)
		for i, group := range strings.Split(written, ".") {
			if len(group) != 3 && i > 0 || len(group) == 0 || len(group) > 3 {
				t.Fatalf("%d is written %q", n, written)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"a = b", "# remark\n\na = {0} b", "a", "= b", "a = b\na = c", "a=\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		words, err := parse(io.LimitReader(strings.NewReader(body), 1<<16))
		for key, sentence := range words {
			if err != nil || key == "" || sentence == "" {
				t.Fatalf("%q gave %q = %q with error %v", body, key, sentence, err)
			}
		}
	})
}
