package event

import (
	"maps"
	"testing"

	"pgregory.net/rapid"
)

func TestIDsAndHashesHaveOneLength(t *testing.T) {
	bytesOf := func(n int) []byte { return mustEncode(t, make([]byte, n)) }
	for n := range 70 {
		var id ID
		var sum Hash
		var salt Salt
		if err := Decode(bytesOf(n), &id); (err == nil) != (n == 16) {
			t.Errorf("id of %d bytes: %v", n, err)
		}
		if err := Decode(bytesOf(n), &salt); (err == nil) != (n == 16) {
			t.Errorf("salt of %d bytes: %v", n, err)
		}
		if err := Decode(bytesOf(n), &sum); (err == nil) != (n == 32) {
			t.Errorf("hash of %d bytes: %v", n, err)
		}
	}
	for name, v := range map[string]any{"null": nil, "a list": make([]int, 16), "text": "0123456789abcdef"} {
		if err := Decode(mustEncode(t, v), &ID{}); err == nil {
			t.Errorf("%s was read as an id", name)
		}
	}
}

func TestFieldsReadWhatTheyWrite(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.Make[Fields]().Draw(t, "fields")
		var got Fields
		if err := Decode(mustEncode(t, want), &got); err != nil || !maps.Equal(got, want) {
			t.Fatalf("%v, want %v: %v", got, want, err)
		}
	})
	// Long values, and the absence of a map.
	for _, n := range []int{23, 24, 255, 256, maxBody, 65535} {
		want := Fields{FieldStop: string(make([]byte, n)), FieldIdentity: "a"}
		var got Fields
		if err := Decode(mustEncode(t, want), &got); err != nil || !maps.Equal(got, want) {
			t.Errorf("value of %d bytes: %v", n, err)
		}
	}
	if err := new(Fields).UnmarshalCBOR([]byte{0xa0, 0x00}); err == nil {
		t.Error("something after the fields was not seen")
	}
	got := Fields{FieldName: "a"}
	if err := Decode(mustEncode(t, Fields(nil)), &got); err != nil || got != nil {
		t.Errorf("no map: %v %v", got, err)
	}
}

// FuzzFields holds the reading by hand against the codec's own.
func FuzzFields(f *testing.F) {
	for _, raw := range [][]byte{{0xa0}, {0xf6}, {0xa1, 0x01, 0x60}, {0xa1, 0x18, 0x18, 0x62, 0xc3, 0xa9}, {0xa1, 0x01, 0x61, 0xff},
		{0xa2, 0x01, 0x60, 0x01, 0x60}, {0xa2, 0x01, 0x60, 0x18, 0x01, 0x60}, {0xa1, 0x19, 0x01, 0x00, 0x60}, {0xa1, 0x01, 0xf6},
		{0xa1, 0x20, 0x60}, {0xb9, 0xff, 0xff}, {0xa1, 0x01, 0x79, 0xff, 0xff}, {0xa1, 0x01, 0x41, 'a'}, {0xa0, 0x00}} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var byHand, direct Fields
		var byCodec map[Field]string
		handErr, codecErr, directErr := Decode(raw, &byHand), Decode(raw, &byCodec), direct.UnmarshalCBOR(raw)
		if handErr == nil && (codecErr != nil || !maps.Equal(byHand, byCodec)) {
			t.Fatalf("%x: read as %v, the codec reads %v, %v", raw, byHand, byCodec, codecErr)
		}
		if handErr == nil && directErr != nil {
			t.Fatalf("%x: %v", raw, directErr)
		}
		if codecErr == nil && handErr != nil {
			// Only what nobody writes: null as a value, arguments longer than needed.
			if once := mustEncode(t, byCodec); string(once) == string(raw) {
				t.Fatalf("%x: %v", raw, handErr)
			}
		}
	})
}
