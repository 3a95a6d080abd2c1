package event

import (
	"bytes"
	"encoding/hex"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func mustEncode(t rapid.TB, v any) []byte {
	t.Helper()
	raw, err := Encode(v)
	if err != nil {
		t.Fatalf("encode %T: %v", v, err)
	}
	return raw
}

func TestEncodeDecodeGivesTheSameBytes(t *testing.T) {
	for _, typ := range Types() {
		t.Run(typ.String(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				raw := mustEncode(t, samples[typ].draw(t))
				back := types[typ].body()
				if err := Decode(raw, back); err != nil {
					t.Fatalf("decode %x: %v", raw, err)
				}
				if again := mustEncode(t, back); !bytes.Equal(raw, again) {
					t.Fatalf("written again as\n%x, was\n%x", again, raw)
				}
			})
		})
	}
}

func TestEncodeIgnoresTheOrderOfMaps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfDistinct(rapid.String(), rapid.ID).Draw(t, "keys")
		one, two := map[string]string{}, map[string]string{}
		fieldsOne, fieldsTwo := Fields{}, Fields{}
		for i, k := range keys {
			one[k], fieldsOne[Field(i)] = k, k
		}
		order := make([]int, len(keys))
		for i := range order {
			order[i] = i
		}
		for _, i := range rapid.Permutation(order).Draw(t, "order") {
			two[keys[i]], fieldsTwo[Field(i)] = keys[i], keys[i]
		}
		a := mustEncode(t, Filling{Fields: fieldsOne, Confirmed: one})
		b := mustEncode(t, Filling{Fields: fieldsTwo, Confirmed: two})
		if !bytes.Equal(a, b) {
			t.Fatalf("%x\n%x", a, b)
		}
	})
}

func TestHowValuesAreWritten(t *testing.T) {
	for _, c := range []struct {
		name string
		v    any
		want string
	}{
		{"ids are byte strings", id(0xab), "50" + strings.Repeat("ab", 16)},
		{"hashes are byte strings", sum(0xcd), "5820" + strings.Repeat("cd", 32)},
		{"lists of fields are byte strings", []Field{FieldIdentity, FieldStop}, "420118"},
		{"keys are numbers in order", Fields{FieldStop: "c", FieldIdentity: "a", FieldNIK: "b"}, "a3" + "016161" + "026162" + "18186163"},
		{"empty values stay in fields", Fields{FieldPhone: ""}, "a10e60"},
		{"unset ids are left out", Opening{Source: "desk"}, "a101646465736b"},
		{"unset ids are left out beside a needed one", VisitCorrection{Visit: id(1)}, "a10150" + strings.Repeat("01", 16)},
		{"unset card is left out", Card{Number: "1", Kind: "u"}, "a4" + "016131" + "026175" + "0300" + "0400"},
		{"a header is a list", Header{Type: 20, Version: 1, Wall: 5, Boot: 6, Mono: -1},
			"87" + "14" + "01" + "50" + strings.Repeat("00", 16) + "50" + strings.Repeat("00", 16) + "05" + "06" + "20"},
	} {
		if got := hex.EncodeToString(mustEncode(t, c.v)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestNewRefusesWhatNobodyCouldRead(t *testing.T) {
	for name, c := range map[string]struct {
		typ  Type
		body any
	}{
		"unknown type":          {999, Reason{}},
		"body of another":       {CardIssued, Reason{}},
		"no body":               {CardIssued, nil},
		"text that is no UTF-8": {RegistrationPaused, Reason{Note: "caf\xe9"}},
		"too large":             {RegistrationPaused, Reason{Note: strings.Repeat("a", maxBody)}},
	} {
		if e, err := New(Header{Type: c.typ}, c.body); err == nil {
			t.Errorf("%s: became %+v", name, e)
		}
	}
	for name, body := range map[string]any{"value": Reason{Key: "a"}, "pointer": &Reason{Key: "a"}} {
		e, err := New(Header{Type: RegistrationPaused, Version: 77}, body)
		if err != nil || e.Version != 1 || hex.EncodeToString(e.Body) != "a1016161" {
			t.Errorf("%s: %+v %v", name, e, err)
		}
	}
}

func TestKeysOfALaterVersionAreIgnored(t *testing.T) {
	raw := mustEncode(t, map[int]any{1: "key", 2: "note", 99: map[int]any{1: []string{"new"}}})
	v, ok, err := Event{Header: Header{Type: RegistrationPaused, Version: 1}, Body: raw}.Decoded()
	if err != nil || !ok || *v.(*Reason) != (Reason{Key: "key", Note: "note"}) {
		t.Errorf("%+v %v %v", v, ok, err)
	}
}

func TestLaterTypesAndVersionsAreLeftAlone(t *testing.T) {
	for _, h := range []Header{{Type: 999, Version: 1}, {Type: CardIssued, Version: 2}} {
		if v, ok, err := (Event{Header: h, Body: []byte("not CBOR")}).Decoded(); v != nil || ok || err != nil {
			t.Errorf("%+v: %v %v %v", h, v, ok, err)
		}
	}
}

func longMap() []byte {
	raw := []byte{0xa1, 0x18, 0x63, 0xb9, 0x08, 0x00}
	for i := range 2048 {
		raw = append(raw, 0x19, byte(i>>8), byte(i), 0)
	}
	return raw
}

// bombs are bodies that cost their sender little and a careless reader much.
var bombs = map[string][]byte{
	"empty":                    {},
	"deep lists":               append([]byte{0xa1, 0x18, 0x63}, append(bytes.Repeat([]byte{0x81}, 4000), 0)...),
	"deep maps":                append(bytes.Repeat([]byte{0xa1, 0x01}, 4000), 0),
	"long list":                append([]byte{0xa1, 0x18, 0x63, 0x99, 0x13, 0x88}, make([]byte, 5000)...),
	"long map":                 longMap(),
	"huge list":                {0xa1, 0x18, 0x63, 0x9a, 0xff, 0xff, 0xff, 0xff},
	"huge list of 64 bits":     {0xa1, 0x02, 0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
	"huge map":                 {0xba, 0xff, 0xff, 0xff, 0xff},
	"huge text":                {0xa1, 0x01, 0x7a, 0xff, 0xff, 0xff, 0xff},
	"huge bytes":               {0xa1, 0x02, 0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
	"text without end":         {0xa1, 0x01, 0x7f, 0x61, 'a', 0xff},
	"map without end":          {0xbf, 0x01, 0x61, 'a', 0xff},
	"tag":                      {0xa1, 0x01, 0xc1, 0x00},
	"tagged":                   {0xd9, 0xd9, 0xf7, 0xa0},
	"key twice":                {0xa2, 0x01, 0x61, 'a', 0x01, 0x61, 'b'},
	"something after the body": {0xa0, 0xa0},
	"cut off":                  {0xa1, 0x01},
	"a list":                   {0x80},
	"too large":                append([]byte{0xa1, 0x18, 0x63, 0x59, 0x7f, 0xfc}, make([]byte, 0x7ffc)...),
}

func TestBombs(t *testing.T) {
	for name, raw := range bombs {
		for _, typ := range Types() {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, _, err := Event{Header: Header{Type: typ, Version: 1}, Body: raw}.Decoded()
			runtime.ReadMemStats(&after)
			if err == nil {
				t.Errorf("%s: read as %s", name, typ)
			}
			if grew := after.TotalAlloc - before.TotalAlloc; grew > 1<<20 {
				t.Errorf("%s as %s: took %d bytes", name, typ, grew)
			}
		}
	}
}

// FuzzDecode gives bytes of strangers to every body type. What can be read must
// be written the same way by whoever reads what we write.
func FuzzDecode(f *testing.F) {
	for _, typ := range Types() {
		raw, err := Encode(samples[typ].body)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	for _, raw := range bombs {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, typ := range Types() {
			v, ok, err := Event{Header: Header{Type: typ, Version: 1}, Body: raw}.Decoded()
			if err != nil || !ok {
				continue
			}
			once := mustEncode(t, v)
			again := types[typ].body()
			if err := Decode(once, again); err != nil {
				t.Fatalf("%s: %x was read, what was written from it is not: %x: %v", typ, raw, once, err)
			}
			if !reflect.DeepEqual(once, mustEncode(t, again)) {
				t.Fatalf("%s: %x is written in two ways", typ, raw)
			}
		}
	})
}
