package sign_test

import (
	"crypto/ed25519"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"simpul/node/card/sign"
)

func drawnList(rt *rapid.T) sign.List {
	l := sign.List{Version: rapid.Uint64Range(1, 1<<40).Draw(rt, "version"), Issued: rapid.Int64Range(0, 1<<40).Draw(rt, "issued")}
	for _, word := range rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{1,8}`), 0, 5, rapid.ID).Draw(rt, "issuers") {
		i := sign.Issuer{Key: public(keyOf(word)), Name: word, Code: rapid.IntRange(0, 999).Draw(rt, "code"), Revoked: rapid.Bool().Draw(rt, "revoked")}
		for _, n := range rapid.SliceOfN(rapid.IntRange(0, 20), 0, 6).Draw(rt, "known") {
			i.Known = append(i.Known, sign.MarkOf(word, cardOf(string(rune('a'+n)))))
		}
		l.Issuers = append(l.Issuers, i)
	}
	for _, n := range rapid.SliceOfN(rapid.IntRange(0, 20), 0, 8).Draw(rt, "blocked") {
		l.Revoked = append(l.Revoked, cardOf(string(rune('a'+n))))
	}
	return l
}

func TestAListIsReadAsItWasSealed(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		l := drawnList(rt)
		raw, err := l.Seal(keyOf("centre"))
		if err != nil {
			rt.Fatal(err)
		}
		got, err := sign.OpenList(raw, public(keyOf("centre")))
		if err != nil {
			rt.Fatal(err)
		}
		again, err := got.Seal(keyOf("centre"))
		if err != nil || string(again) != string(raw) {
			rt.Fatalf("another list came back: %v", err)
		}
		if got.Version != l.Version || got.Issued != l.Issued || len(got.Issuers) != len(l.Issuers) {
			rt.Fatalf("got %+v of %+v", got, l)
		}
		if _, err := sign.OpenList(raw, public(keyOf("stranger"))); !errors.Is(err, sign.ErrList) {
			rt.Fatal("a stranger's list was taken")
		}
		at := rapid.IntRange(0, len(raw)-1).Draw(rt, "at")
		raw[at] ^= 1 << rapid.IntRange(0, 7).Draw(rt, "bit")
		if _, err := sign.OpenList(raw, public(keyOf("centre"))); !errors.Is(err, sign.ErrList) {
			rt.Fatal("a changed list was taken")
		}
	})
}

func TestAListNeverRollsBack(t *testing.T) {
	seal := func(l sign.List) []byte {
		raw, err := l.Seal(keyOf("centre"))
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	old := seal(sign.List{Version: 7, Issuers: []sign.Issuer{genteng()}})
	stolen := genteng()
	stolen.Revoked = true
	now := seal(sign.List{Version: 8, Issuers: []sign.Issuer{stolen}})
	twin := seal(sign.List{Version: 8, Issuers: []sign.Issuer{genteng()}})
	var current *sign.List
	for _, step := range []struct {
		raw  []byte
		want error
	}{{old, nil}, {now, nil}, {old, sign.ErrOlder}, {twin, sign.ErrOlder}, {now, nil}, {[]byte("x"), sign.ErrList}} {
		next, err := current.Next(step.raw, public(keyOf("centre")))
		if !errors.Is(err, step.want) {
			t.Fatalf("got %v, want %v", err, step.want)
		}
		if err == nil {
			current = next
		}
	}
	if current.Version != 8 || !current.Issuers[0].Revoked {
		t.Errorf("got %+v", current)
	}
}

func TestListsThatNobodyTakes(t *testing.T) {
	twice := genteng()
	twice.Name = "again"
	for name, l := range map[string]sign.List{
		"no version": {}, "two of one key": {Version: 1, Issuers: []sign.Issuer{genteng(), twice}}, "no key": {Version: 1, Issuers: []sign.Issuer{{Code: 1}}},
		"code": {Version: 1, Issuers: []sign.Issuer{{Key: public(keyOf("a")), Code: 1000}}}, "long name": {Version: 1, Issuers: []sign.Issuer{{Key: public(keyOf("a")), Name: strings.Repeat("x", 200)}}},
		"ends before it begins": {Version: 1, Issuers: []sign.Issuer{{Key: public(keyOf("a")), From: 9, To: 8}}},
	} {
		if _, err := l.Seal(keyOf("centre")); !errors.Is(err, sign.ErrList) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A card is no list, even when the centre itself issues cards with the same key.
	raw := sign.RawOf(t, signed(t, keyOf("centre"), ayu()))
	if _, err := sign.OpenList(raw, public(keyOf("centre"))); !errors.Is(err, sign.ErrList) {
		t.Errorf("a card was taken for a list: %v", err)
	}
}

func TestTenThousandBlockedCardsTakeEightyKilobytes(t *testing.T) {
	l := sign.List{Version: 1}
	for i := range 10_000 {
		l.Revoked = append(l.Revoked, cardOf(numberOf(t, 1, i)))
	}
	raw, err := l.Seal(keyOf("centre"))
	if err != nil || len(raw) > 80_200 {
		t.Errorf("%d bytes, %v", len(raw), err)
	}
	got, err := sign.OpenList(raw, public(keyOf("centre")))
	if err != nil || len(got.Revoked) != 10_000 {
		t.Errorf("%v", err)
	}
}

func TestAge(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	l := &sign.List{Issued: now.Add(-15 * 24 * time.Hour).Unix()}
	if l.Age(now) <= sign.Stale || l.Age(now.AddDate(-5, 0, 0)) != 0 {
		t.Errorf("age %v", l.Age(now))
	}
}

func FuzzOpenList(f *testing.F) {
	raw, err := sign.List{Version: 3, Issuers: []sign.Issuer{genteng()}, Revoked: []sign.Revocation{cardOf("ayu")}}.Seal(keyOf("centre"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add(raw[:30])
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := sign.OpenList(b, public(keyOf("centre"))); err == nil && !reflect.DeepEqual(b, raw) {
			t.Fatal("another list of this centre")
		}
		// The same bytes as a payload that somebody did sign.
		if l, err := sign.DecodeList(b); err == nil {
			if _, err := l.Seal(ed25519.PrivateKey(keyOf("centre"))); err != nil {
				t.Fatalf("read, and cannot be written: %v", err)
			}
		}
	})
}
