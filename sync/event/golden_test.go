package event

import (
	"bytes"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"
)

var update = flag.Bool("update", false, "write missing and changed files of testdata; never for a released version")

var (
	goldenSalt   = Salt{'m', 'a', 'd', 'e', ' ', 'u', 'p', ' ', 's', 'a', 'l', 't', ' ', 'n', 'o', '1'}
	goldenStream = id(0x57)
)

func goldenHeader(typ Type) Header {
	return Header{Type: typ, Version: typ.Version(), Subject: SubjectID(goldenSalt), Officer: id(0x0f),
		Wall: 1790000000123, Boot: 0xb007b007, Mono: 86400123}
}

func goldenPath(typ Type) string {
	return filepath.Join("testdata", fmt.Sprintf("v%d", typ.Version()), typ.String()+".txt")
}

// golden is one file: what an event of one type and version looked like when
// that version was released. It must be readable for ever.
type golden struct{ head, body, content, chain []byte }

func writeGolden(path string, e Event) error {
	head, err := Encode(e.Header)
	if err != nil {
		return err
	}
	words, err := cbor.Diagnose(e.Body)
	if err != nil {
		return err
	}
	content, err := e.ContentHash(goldenSalt)
	if err != nil {
		return err
	}
	chain := Genesis(goldenStream).Next(content)
	text := fmt.Sprintf("type: %d %s\nheader: %x\nbody: %x\nreads: %s\ncontent: %x\nchain: %x\n", e.Type, e.Type, head, e.Body, words, content, chain)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

func readGolden(t *testing.T, path string) golden {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("no golden file (go test ./sync/event -update makes it): %v", err)
	}
	var g golden
	into := map[string]*[]byte{"header": &g.head, "body": &g.body, "content": &g.content, "chain": &g.chain}
	for _, line := range strings.Split(string(text), "\n") {
		key, value, _ := strings.Cut(line, ": ")
		if p := into[key]; p != nil {
			if *p, err = hex.DecodeString(value); err != nil {
				t.Fatalf("%s: %s: %v", path, key, err)
			}
		}
	}
	return g
}

func TestGolden(t *testing.T) {
	for _, typ := range Types() {
		t.Run(typ.String(), func(t *testing.T) {
			e, err := New(goldenHeader(typ), samples[typ].body)
			if err != nil {
				t.Fatal(err)
			}
			if *update {
				if err := writeGolden(goldenPath(typ), e); err != nil {
					t.Fatal(err)
				}
			}
			g := readGolden(t, goldenPath(typ))
			if !bytes.Equal(e.Body, g.body) {
				t.Errorf("the body is now written as\n%x, was\n%x", e.Body, g.body)
			}
			back, ok, err := Event{Header: goldenHeader(typ), Body: g.body}.Decoded()
			if err != nil || !ok {
				t.Fatalf("decode: %v %v", ok, err)
			}
			if got := reflect.ValueOf(back).Elem().Interface(); !reflect.DeepEqual(got, samples[typ].body) {
				t.Errorf("the body now reads as\n%+v, was\n%+v", got, samples[typ].body)
			}
		})
	}
}

// Every file, also of types and versions that this program no longer writes,
// must keep its hashes and stay readable.
func TestGoldenFilesStayReadable(t *testing.T) {
	paths, err := filepath.Glob("testdata/v*/*.txt")
	if err != nil || len(paths) < len(Types()) {
		t.Fatalf("%d golden files for %d types: %v", len(paths), len(Types()), err)
	}
	for _, path := range paths {
		g := readGolden(t, path)
		var h Header
		if err := Decode(g.head, &h); err != nil {
			t.Errorf("%s: header: %v", path, err)
			continue
		}
		want := goldenHeader(h.Type)
		want.Version = h.Version
		if h != want {
			t.Errorf("%s: header reads as %+v, was %+v", path, h, want)
		}
		if again, err := Encode(h); err != nil || !bytes.Equal(again, g.head) {
			t.Errorf("%s: header is now written as %x, was %x (%v)", path, again, g.head, err)
		}
		e := Event{Header: h, Body: g.body}
		content, err := e.ContentHash(goldenSalt)
		if err != nil || !bytes.Equal(content[:], g.content) {
			t.Errorf("%s: content hash is now %x, was %x (%v)", path, content, g.content, err)
		}
		if chain := Genesis(goldenStream).Next(content); !bytes.Equal(chain[:], g.chain) {
			t.Errorf("%s: chain is now %x, was %x", path, chain, g.chain)
		}
		if _, ok, err := e.Decoded(); err != nil || !ok {
			t.Errorf("%s: no longer read: %v %v", path, ok, err)
		}
	}
}
