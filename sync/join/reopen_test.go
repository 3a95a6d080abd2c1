package join

import (
	"bytes"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simpul/sync/event"
)

func reopenAsk() *ReopenAsk {
	return &ReopenAsk{Node: event.ID{9}, Name: "Perpustakaan Genteng", Centre: FingerprintOf(key(3)), Slot: bytes.Repeat([]byte{4}, 300),
		Key: bytes.Repeat([]byte{5}, 32), Made: 1_790_000_000_000, Proof: bytes.Repeat([]byte{7}, 75)}
}

// golden files are reopen-request.txt and reopen-answer.txt. A file of a released version is never made again.
func TestGoldenReopening(t *testing.T) {
	ask := reopenAsk()
	answer := &ReopenAnswer{Node: ask.Node, Request: ask.Hash(), Slot: bytes.Repeat([]byte{8}, 300), At: 1_790_000_060_000}
	for name, write := range map[string]func() ([]byte, error){
		"reopen-request.txt": func() ([]byte, error) { return ReopenRequest(ask) },
		"reopen-answer.txt":  func() ([]byte, error) { return AnswerReopen(private(3), answer) },
	} {
		written, err := write()
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", name)
		if _, err := os.Stat(path); *update && errors.Is(err, os.ErrNotExist) {
			if err := os.WriteFile(path, written, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if kept, err := os.ReadFile(path); err != nil || !bytes.Equal(kept, written) {
			t.Errorf("%s is now written as\n%s(%v)", name, written, err)
		}
	}
	if got := ask.Check(); got != goldenCheck {
		t.Errorf("the check code is now %s", got)
	}
}

const goldenCheck = "KB7Y-YY7E-VQUN"

func TestReopeningGoesBothWays(t *testing.T) {
	ask := reopenAsk()
	file, err := ReopenRequest(ask)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ReadReopenRequest(append([]byte("Dari Genteng:\r\n\r\n"), bytes.ReplaceAll(file, []byte("\n"), []byte("\r\n"))...))
	if err != nil || got.Hash() != ask.Hash() || got.Name != ask.Name || got.Check() != ask.Check() {
		t.Fatalf("%+v, %v", got, err)
	}
	check := ask.Check()
	for typed, want := range map[string]bool{check: true, strings.ToLower(strings.ReplaceAll(check, "-", " ")): true, strings.ReplaceAll(check, "-", ""): true,
		"": false, check[:9]: false, "A" + check: false, strings.Repeat("-", 200) + check: false} {
		if got.IsCheck(typed) != want {
			t.Errorf("typed %q: %t", typed, !want)
		}
	}
	answer, err := AnswerReopen(private(3), &ReopenAnswer{Node: ask.Node, Request: ask.Hash(), Slot: []byte{1}, At: 5})
	if err != nil {
		t.Fatal(err)
	}
	if back, centre, err := ReadReopenAnswer(answer); err != nil || !centre.Equal(key(3)) || back.Request != ask.Hash() || back.Node != ask.Node {
		t.Errorf("%+v, %v", back, err)
	}
	forged := bytes.Replace(answer, []byte("ANSWER-----\n"), []byte("ANSWER-----\nAAAA"), 1)
	for name, file := range map[string][]byte{"nothing": nil, "the request": file, "half": answer[:len(answer)/2], "changed": forged, "too long": append(bytes.Repeat([]byte("x"), maxFile), answer...)} {
		if _, _, err := ReadReopenAnswer(file); !errors.Is(err, ErrFile) {
			t.Errorf("%s is taken for an answer: %v", name, err)
		}
	}
}

// TestEverythingInTheRequestIsInTheCheckCode: or somebody could put his own key into the file on its way.
func TestEverythingInTheRequestIsInTheCheckCode(t *testing.T) {
	seen := map[string]string{reopenAsk().Check(): "nothing"}
	for name, change := range map[string]func(*ReopenAsk){
		"node": func(a *ReopenAsk) { a.Node[3]++ }, "name": func(a *ReopenAsk) { a.Name += "." }, "centre": func(a *ReopenAsk) { a.Centre[11]++ },
		"slot": func(a *ReopenAsk) { a.Slot[299]++ }, "key": func(a *ReopenAsk) { a.Key[0]++ }, "made": func(a *ReopenAsk) { a.Made++ }, "proof": func(a *ReopenAsk) { a.Proof[0]++ },
	} {
		ask := reopenAsk()
		change(ask)
		if was, twice := seen[ask.Check()]; twice {
			t.Errorf("another %s has the check code of another %s", name, was)
		}
		seen[ask.Check()] = name
	}
}

func TestReopenRequestsAreWrittenInOneWay(t *testing.T) {
	block := func(v any) []byte {
		raw, err := event.Encode(v)
		if err != nil {
			t.Fatal(err)
		}
		return pem.EncodeToMemory(&pem.Block{Type: reopenBlock, Bytes: raw})
	}
	longer := struct {
		ReopenAsk
		More int `cbor:"8,keyasint"`
	}{*reopenAsk(), 1}
	short, nobody, long := reopenAsk(), reopenAsk(), reopenAsk()
	short.Key, nobody.Node, long.Name = short.Key[:31], event.ID{}, strings.Repeat("x", 500)
	for name, file := range map[string][]byte{
		"a field more": block(longer), "half a key": block(short), "nobody's": block(nobody), "a name like a book": block(long), "a list": block([]int{1}), "empty": block(ReopenAsk{}),
		"another kind": bytes.ReplaceAll(block(reopenAsk()), []byte("REOPEN"), []byte("JOIN")), "bytes": {0, 1, 2},
	} {
		if _, err := ReadReopenRequest(file); !errors.Is(err, ErrFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
	big := reopenAsk()
	big.Slot = make([]byte, maxFile)
	if _, err := ReopenRequest(big); !errors.Is(err, ErrFile) {
		t.Errorf("a request is written that nobody reads: %v", err)
	}
}

func FuzzReadReopenRequest(f *testing.F) {
	file, err := ReopenRequest(reopenAsk())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file)
	f.Add([]byte("-----BEGIN SIMPUL REOPEN REQUEST-----\n-----END SIMPUL REOPEN REQUEST-----\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		ask, err := ReadReopenRequest(content)
		if err != nil {
			return
		}
		again, err := ReopenRequest(ask)
		if err != nil {
			t.Fatal(err)
		}
		if same, err := ReadReopenRequest(again); err != nil || same.Hash() != ask.Hash() {
			t.Errorf("read and written it is another request: %v", err)
		}
	})
}

func FuzzReadReopenAnswer(f *testing.F) {
	file, err := AnswerReopen(private(3), &ReopenAnswer{Node: event.ID{9}, Slot: []byte{1, 2, 3}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file)
	f.Fuzz(func(t *testing.T, content []byte) {
		if answer, centre, err := ReadReopenAnswer(content); err == nil && centre.Equal(key(3)) && answer.Node != (event.ID{9}) {
			t.Error("an answer that the centre never gave")
		}
	})
}
