package event

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"
)

// rulingSamples has a made-up body of every kind of decision, with every field
// filled; one without fails the tests.
var rulingSamples = map[DecisionKind]any{
	NodeEnrolled: &Enrolment{Node: id(0x0d), Branch: id(0xbb), Name: "Perpustakaan Contoh", Role: "branch", Code: 907,
		Key: bytes.Repeat([]byte{0xed}, 32), Seal: "age1contoh", Issuer: bytes.Repeat([]byte{0x1e}, 32)},
	NodeRevoked:   &Revocation{Node: id(0x0d), Reason: "lost", Note: "tertinggal di perahu"},
	StreamGranted: &Grant{Stream: id(0x57), Code: 907, Incarnation: 3},
	PeopleMerged:  &Merging{Survivor: id(0xa1), Absorbed: id(0xa2), Rule: "person", Note: "kartu lama ada"},
	PeopleSplit:   &Splitting{Merging: sum(0x4e), Note: "kembar"},
	PersonErased: &Erasure{Person: id(0xa1), Reason: "request", Member: true, Sex: "L", BirthYear: 2004, District: "649901", Education: "sma",
		Occupation: "student", Kind: "umum", Issued: 20700, Until: 21795},
	CardBarred:    &Bar{Card: id(0xc1), Person: id(0xa1), Block: sum(0xb1), Reason: "lost"},
	CardCleared:   &Clearing{Bars: []Hash{sum(0xb2), sum(0xb3)}},
	KeysAccepted:  &TLSKeys{Version: 1790000000000, Keys: []Hash{sum(0x71), sum(0x72)}},
	CentreIssues:  &Issuing{Key: bytes.Repeat([]byte{0x1e}, 32), Name: "Perpustakaan Daerah Contoh", Code: 901},
	PeopleParted:  &Parting{One: id(0xa1), Other: id(0xa2), Note: "kembar"},
	PartingLifted: &Lifting{Parting: sum(0x9a), Note: "ternyata sama"},
	TagsKeyed:     &Keying{Version: 3, Node: id(0x0d)},
	RegisterAged:  &Ageing{Ends: []StreamEnd{{Stream: id(0x57), Seq: 1204}, {Stream: id(0x58), Seq: 70000}}},
	BranchNamed:   &Naming{Branch: id(0xbb), Name: "Perpustakaan Contoh Baru", Version: 2},
}

// Each kind has a file of what a decision looked like when the kind was released:
// its bytes are held by every node for ever.
func TestGoldenDecisions(t *testing.T) {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{0x0c}, 32))
	for kind, make := range decisionBodies {
		body, any := rulingSamples[kind]
		if !any {
			t.Errorf("decision %d has no sample", kind)
			continue
		}
		name := reflect.TypeOf(make()).Elem().Name()
		t.Run(name, func(t *testing.T) {
			v := reflect.ValueOf(body).Elem()
			for i := range v.NumField() {
				if v.Field(i).IsZero() {
					t.Errorf("the sample leaves %s empty", v.Type().Field(i).Name)
				}
			}
			r, err := Rule(key, kind, 1790000000123, id(0x0f), body)
			if err != nil {
				t.Fatal(err)
			}
			words, err := cbor.Diagnose(r.Bytes)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", "decisions", strings.ToLower(name)+".txt")
			if *update {
				text := fmt.Sprintf("kind: %d %s\nbytes: %x\nreads: %s\nsignature: %x\n", kind, name, r.Bytes, words, r.Signature)
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatalf("no golden file (go test ./sync/event -update makes it): %v", err)
			}
			var was Ruling
			for _, line := range strings.Split(string(text), "\n") {
				word, value, _ := strings.Cut(line, ": ")
				switch word {
				case "kind":
					if value != fmt.Sprintf("%d %s", kind, name) {
						t.Errorf("kind %q is now %d %s", value, kind, name)
					}
				case "bytes":
					was.Bytes, err = hex.DecodeString(value)
				case "signature":
					was.Signature, err = hex.DecodeString(value)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(was.Bytes, r.Bytes) || !bytes.Equal(was.Signature, r.Signature) {
				t.Errorf("the decision is now written as\n%x, was\n%x", r.Bytes, was.Bytes)
			}
			d, back, err := was.Open(key.Public().(ed25519.PublicKey))
			if err != nil || d.Kind != kind || !reflect.DeepEqual(back, body) {
				t.Errorf("it now reads as\n%+v, was\n%+v (%v)", back, body, err)
			}
		})
	}
}

// FuzzRuling reads decisions as they might come from anybody: what can be read is
// written the same way again, and nothing is a decision of a centre that did not
// sign it.
func FuzzRuling(f *testing.F) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	for kind, body := range rulingSamples {
		r, err := Rule(key, kind, 7, ID{1}, body)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(r.Bytes)
	}
	for _, raw := range bombs {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r := Ruling{Bytes: raw, Signature: make([]byte, ed25519.SignatureSize)}
		if _, _, err := r.Open(key.Public().(ed25519.PublicKey)); err == nil {
			t.Fatal("nobody signed it")
		}
		d, body, err := r.Read()
		if err != nil || body == nil {
			return
		}
		once := mustEncode(t, body)
		again := decisionBodies[d.Kind]()
		if err := Decode(once, again); err != nil || !bytes.Equal(once, mustEncode(t, again)) {
			t.Fatalf("kind %d: %x was read, what was written from it is not: %v", d.Kind, d.Body, err)
		}
	})
}
