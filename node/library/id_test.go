package library_test

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"
	"simpul/node/library"
)

func TestIDSurvivesText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id, err := library.NewID(bytes.NewReader(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "bytes")))
		if err != nil {
			t.Fatal(err)
		}
		s := id.String()
		if len(s) != 26 || strings.ToLower(s) != s {
			t.Fatalf("String() = %q", s)
		}
		if back, err := library.ParseID(s); err != nil || back != id {
			t.Fatalf("ParseID(%q) = %v, %v", s, back, err)
		}
		text, _ := id.MarshalText()
		var back library.ID
		if err := back.UnmarshalText(text); err != nil || back != id {
			t.Fatalf("text %q came back as %v, %v", text, back, err)
		}
	})
}

func TestParseIDRefuses(t *testing.T) {
	good := library.ID{1, 2, 3}.String()
	for _, s := range []string{"", "a", strings.ToUpper(good), good + "a", good[:25], good[:25] + "b", good[:25] + "=", good[:24] + "\n\n", good[:25] + "1"} {
		if id, err := library.ParseID(s); err == nil {
			t.Errorf("ParseID(%q) = %v, want an error", s, id)
		}
	}
}

func TestNewIDNeedsRandomness(t *testing.T) {
	if _, err := library.NewID(strings.NewReader("too short")); err == nil {
		t.Error("an id was made from 9 bytes")
	}
}
