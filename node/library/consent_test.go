package library_test

import (
	"strings"
	"testing"

	"simpul/node/library"
)

func TestConsentSaysWhatTheLawWants(t *testing.T) {
	texts := library.DefaultConsents("Dinas Contoh", 2)
	if len(texts) != 2 {
		t.Fatalf("%d texts", len(texts))
	}
	for _, text := range texts {
		for _, want := range []string{"Dinas Contoh", "UU 27/2022", "dipakai", "disimpan", "dihapus", "berhak"} {
			if !strings.Contains(strings.ToLower(text.Body), strings.ToLower(want)) {
				t.Errorf("%s does not say %q", text.Version, want)
			}
		}
		if text.Title == "" || len(text.Paragraphs()) < 4 || library.DefaultConsent(text.Kind, "Dinas Contoh", 2) != text {
			t.Errorf("%+v", text)
		}
	}
	if !strings.Contains(texts[0].Body, "2 tahun") {
		t.Error("the retention is not said")
	}
	if library.DefaultConsent("marketing", "Dinas Contoh", 2) != (library.ConsentText{}) {
		t.Error("an unknown consent has a text")
	}
}

func TestConsentHashProvesTheLetter(t *testing.T) {
	text := library.DefaultConsent(library.ConsentPhoto, "Dinas Contoh", 2)
	seen := map[string]bool{text.Hash(): true}
	for _, change := range []func(*library.ConsentText){
		func(c *library.ConsentText) { c.Body += " " }, func(c *library.ConsentText) { c.Version = "foto-2" },
		func(c *library.ConsentText) { c.Title += "!" }, func(c *library.ConsentText) { c.Kind = library.ConsentMembership },
	} {
		other := text
		change(&other)
		if seen[other.Hash()] || len(other.Hash()) != 64 {
			t.Errorf("hash of a changed text: %s", other.Hash())
		}
		seen[other.Hash()] = true
	}
}

func TestMaskName(t *testing.T) {
	for in, want := range map[string]string{
		"Siti Aminah": "S*** A***", "Budi": "B***", "  élan  vital ": "é*** v***", "M. Ali": "M*** A***", "": "", "\u202eAni": "A***",
	} {
		if got := library.MaskName(in); got != want {
			t.Errorf("MaskName(%q) = %q, want %q", in, got, want)
		}
	}
}
