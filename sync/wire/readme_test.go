package wire

import (
	"bytes"
	"encoding/hex"
	"os"
	"strings"
	"testing"

	"simpul/sync/event"
	"simpul/sync/wire/dense"
)

// TestTheExampleIsTrue holds the example of ../README.md against the program.
func TestTheExampleIsTrue(t *testing.T) {
	b := Batch{Stream: event.ID{1}, First: 7, Head: event.Hash{0xcc}}
	for i, v := range []event.Visit{{Kind: "guest", Name: "Siti Rahayu", Sex: "P"}, {Kind: "guest", Name: "Budi Rahayu", Sex: "L"}} {
		later := int64(i) * 60000
		ev, err := event.New(event.Header{Type: event.VisitRecorded, Wall: 1790000000000 + later, Boot: 9, Mono: 5000 + later}, v)
		if err != nil {
			t.Fatal(err)
		}
		b.Items = append(b.Items, Item{Event: ev, Salt: event.Salt{byte(i + 1), 7}})
	}
	var w dense.Writer
	if err := writeBatch(&w, &b); err != nil {
		t.Fatal(err)
	}
	want := bytes.Join(w.Pieces(), nil)

	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(text), "Two visits by guests")
	_, example, _ = strings.Cut(example, "```\n")
	example, _, _ = strings.Cut(example, "```")
	var digits string
	for line := range strings.Lines(example) {
		code, _, _ := strings.Cut(line, "   ")
		digits += strings.ReplaceAll(code, " ", "")
	}
	if got, err := hex.DecodeString(digits); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the example reads\n%s\nthe program writes\n%x\n%v", digits, want, err)
	}
}
