package event

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func drawID(t *rapid.T, label string) (out ID) {
	copy(out[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, label))
	return out
}

func drawSalt(t *rapid.T) Salt { return Salt(drawID(t, "salt")) }

func drawEvent(t *rapid.T) Event {
	return Event{
		Header: Header{Type: rapid.SampledFrom(Types()).Draw(t, "type"), Version: rapid.Byte().Draw(t, "version"),
			Subject: drawID(t, "subject"), Officer: drawID(t, "officer"), Wall: rapid.Int64().Draw(t, "wall"),
			Boot: rapid.Uint32().Draw(t, "boot"), Mono: rapid.Int64().Draw(t, "mono")},
		Body: rapid.SliceOfN(rapid.Byte(), 1, 200).Draw(t, "body"),
	}
}

func content(t rapid.TB, e Event, salt Salt) Hash {
	t.Helper()
	h, err := e.ContentHash(salt)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestContentHashDependsOnEveryPart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e, salt := drawEvent(t), drawSalt(t)
		want := content(t, e, salt)

		// Every field of the header, also one that is added later.
		head := reflect.ValueOf(&e.Header).Elem()
		for i := range head.NumField() {
			if head.Type().Field(i).Name == "_" {
				continue
			}
			other := e
			f := reflect.ValueOf(&other.Header).Elem().Field(i)
			switch f.Kind() {
			case reflect.Uint8, reflect.Uint16, reflect.Uint32:
				f.SetUint(f.Uint() ^ 1)
			case reflect.Int64:
				f.SetInt(f.Int() ^ 1)
			case reflect.Array:
				b := f.Index(rapid.IntRange(0, f.Len()-1).Draw(t, "byte"))
				b.SetUint(b.Uint() ^ 0x80)
			default:
				t.Fatalf("header field of kind %s", f.Kind())
			}
			if content(t, other, salt) == want {
				t.Fatalf("%s is not in the hash", head.Type().Field(i).Name)
			}
		}
		for i := range e.Body {
			other := e
			other.Body = bytes.Clone(e.Body)
			other.Body[i] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
			if content(t, other, salt) == want {
				t.Fatalf("byte %d of the body is not in the hash", i)
			}
		}
		for i := range salt {
			other := salt
			other[i] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
			if content(t, e, other) == want {
				t.Fatalf("byte %d of the salt is not in the hash", i)
			}
		}
		longer := e
		longer.Body = append(bytes.Clone(e.Body), 0)
		if content(t, longer, salt) == want {
			t.Fatal("the length of the body is not in the hash")
		}
	})
}

func TestContentHashIgnoresThePlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e, salt := drawEvent(t), drawSalt(t)
		here := Record{Stream: drawID(t, "stream"), Seq: rapid.Uint64().Draw(t, "seq"), Event: e}
		there := Record{Stream: drawID(t, "stream"), Seq: rapid.Uint64().Draw(t, "seq"), Event: e, Hash: sum(1), Chain: sum(2)}
		if content(t, here.Event, salt) != content(t, there.Event, salt) {
			t.Fatal("an event that is moved has another hash")
		}
	})
}

// A chain proves what came and in which order.
func TestChain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		stream := drawID(t, "stream")
		sums := rapid.SliceOfNDistinct(rapid.Uint32(), 1, 12, rapid.ID).Draw(t, "contents")
		head := func(stream ID, order []uint32) Hash {
			h := Genesis(stream)
			for _, n := range order {
				h = h.Next(Hash{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
			}
			return h
		}
		want := head(stream, sums)
		if head(stream, sums) != want {
			t.Fatal("the same chain has two heads")
		}
		other := stream
		other[0] ^= 1
		changed := append([]uint32{}, sums...)
		changed[rapid.IntRange(0, len(sums)-1).Draw(t, "at")] ^= 1
		if head(other, sums) == want || head(stream, sums[1:]) == want || head(stream, sums[:len(sums)-1]) == want || head(stream, changed) == want {
			t.Fatal("another chain has the same head")
		}
		if turned := rapid.Permutation(sums).Draw(t, "turned"); !reflect.DeepEqual(turned, sums) && head(stream, turned) == want {
			t.Fatal("another order has the same head")
		}
	})
}

func TestDerivedIDs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		stream, seq, h := drawID(t, "stream"), rapid.Uint64().Draw(t, "seq"), Hash{1, 2, 3}
		branch := BranchID(stream, seq, h)
		if branch != BranchID(stream, seq, h) {
			t.Fatal("a fork has two branches")
		}
		other := stream
		other[15] ^= 1
		for _, b := range []ID{BranchID(other, seq, h), BranchID(stream, seq+1, h), BranchID(stream, seq, Hash{1, 2, 4}), stream} {
			if b == branch {
				t.Fatal("two forks share a branch")
			}
		}
		if DeriveID("card", h) == DeriveID("visit", h) || SubjectID(Salt(stream)) == stream || SubjectID(Salt(stream)) == SubjectID(Salt(other)) {
			t.Fatal("derived ids meet")
		}
	})
}

// TestCardToken pins what node and centre must compute alike, for ever; the value was made by other means.
func TestCardToken(t *testing.T) {
	salt, card := Salt{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, ID{16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}
	if got := salt.CardToken(card); got != "oltcomkv4dhirfaxsntpb3q4nu" {
		t.Errorf("%q", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		salt, card, other := drawSalt(t), drawID(t, "card"), drawID(t, "other")
		if (salt.CardToken(card) == salt.CardToken(other)) != (card == other) {
			t.Error("two cards, one token")
		}
		if token := salt.CardToken(card); strings.Contains(token, card.String()) || token == SubjectID(salt).String() {
			t.Error("it tells")
		}
	})
}

func TestParseIDReadsOnlyWhatStringWrote(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawID(t, "id")
		text := want.String()
		for _, s := range []string{text, strings.ToUpper(text)} {
			if got, err := ParseID(s); err != nil || got != want {
				t.Fatalf("%q: %v %v", s, got, err)
			}
		}
		at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
		for _, s := range []string{text[:at], text[:at] + text[at+1:], text + "a", text[:at] + "\n" + text[at:], text[:at] + "1" + text[at+1:]} {
			if _, err := ParseID(s); err == nil {
				t.Fatalf("%q is no id", s)
			}
		}
	})
	// The last letter has two bits that no id uses.
	if _, err := ParseID(strings.Repeat("a", 25) + "b"); err == nil {
		t.Error("two texts for one id")
	}
}
