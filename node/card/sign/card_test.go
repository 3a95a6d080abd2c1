package sign_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"simpul/node/card/sign"
)

func TestACardIsReadAsItWasSigned(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := sign.Claims{
			Number: rapid.StringMatching(`[!-~]{1,32}`).Draw(rt, "number"),
			Name:   rapid.OneOf(rapid.String(), rapid.StringMatching(`[A-Z][a-z']{0,14}( [A-Z][a-z]{1,14}){0,8}`)).Draw(rt, "name"),
			Branch: rapid.String().Draw(rt, "branch"),
			Kind:   rapid.StringMatching(`[a-z-]{0,20}`).Draw(rt, "kind"),
			Issued: rapid.Int64Range(0, 2932896).Draw(rt, "issued"), Expires: rapid.Int64Range(0, 2932896).Draw(rt, "expires"),
		}
		copy(c.Revocation[:], rapid.SliceOfN(rapid.Byte(), 8, 8).Draw(rt, "card"))
		key := keyOf("genteng")
		text := signed(t, key, c)
		if again := signed(t, key, c); again != text {
			rt.Fatal("the same facts gave two texts")
		}
		if len(text) > 311 || strings.TrimSpace(text) != text {
			rt.Fatalf("a text of %d letters: %q", len(text), text)
		}
		got, err := sign.Parse(text)
		if err != nil {
			rt.Fatal(err)
		}
		if !got.SignedBy(public(key)) || got.SignedBy(public(keyOf("other"))) {
			rt.Fatal("signed by another")
		}
		if got.Number != c.Number || got.Issued != c.Issued || got.Expires != c.Expires || got.Revocation != c.Revocation {
			rt.Fatalf("got %+v of %+v", got.Claims, c)
		}
		if !utf8.ValidString(got.Name) || len([]rune(got.Name)) > len([]rune(c.Name)) {
			rt.Fatalf("name %q of %q", got.Name, c.Name)
		}
		if plain := 55 - len(c.Number) - len(c.Branch) + 12; len(c.Name) <= plain && isPlain(c.Name) && got.Name != strings.TrimSpace(c.Name) {
			rt.Fatalf("name %q was cut to %q", c.Name, got.Name)
		}
	})
}

// isPlain says that nothing in a name is dropped.
func isPlain(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}

func TestALongNameIsCutBetweenLetters(t *testing.T) {
	c := ayu()
	c.Name, c.Branch, c.Kind = "Raden Ajeng Kusumaningtyas Wijayanti Puspitasari Hadiningrat", "Perpustakaan Keliling Kecamatan Glenmore", "mahasiswa"
	card, err := sign.Parse(signed(t, keyOf("genteng"), c))
	if err != nil {
		t.Fatal(err)
	}
	if card.Name != "Raden Ajeng Kusumaningtyas Wijayanti Pus" || card.Branch != "Perpustakaan Keliling K" {
		t.Errorf("got %q of %q", card.Name, card.Branch)
	}
	c.Name = strings.Repeat("ꦲ", 60) // three bytes a letter
	card, err = sign.Parse(signed(t, keyOf("genteng"), c))
	if err != nil || !utf8.ValidString(card.Name) || len([]rune(card.Name)) < 12 {
		t.Errorf("got %q, %v", card.Name, err)
	}
}

func TestWhatCannotBeSigned(t *testing.T) {
	for want, change := range map[error][]func(*sign.Claims){
		sign.ErrNumber: {
			func(c *sign.Claims) { c.Number = "" },
			func(c *sign.Claims) { c.Number = "0142 6" },
			func(c *sign.Claims) { c.Number = "014é" },
			func(c *sign.Claims) { c.Number = strings.Repeat("9", 33) },
		},
		sign.ErrDay: {
			func(c *sign.Claims) { c.Issued = -1 },
			func(c *sign.Claims) { c.Expires = 1 << 62 },
		},
	} {
		for _, f := range change {
			c := ayu()
			f(&c)
			if text, err := sign.Sign(keyOf("genteng"), c); !errors.Is(err, want) {
				t.Errorf("%+v: %q, %v", c, text, err)
			}
		}
	}
	if _, err := sign.Sign(nil, ayu()); err == nil {
		t.Error("signed without a key")
	}
}

func TestOnlyTheExactTextIsRead(t *testing.T) {
	text := signed(t, keyOf("genteng"), ayu())
	for name, bad := range map[string]string{
		"empty": "", "prefix": sign.Prefix, "lower case": strings.ToLower(text), "space before": " " + text, "line end": text + "\r\n", "doubled": text + text,
		"cut": text[:len(text)-1], "half": text[:len(text)/2], "no prefix": text[len(sign.Prefix):], "newer": "KTA2:" + text[len(sign.Prefix):],
		"link": "https://example.com/KTA1:", "long": sign.Prefix + strings.Repeat("A", 1<<20),
	} {
		if _, err := sign.Parse(bad); !errors.Is(err, sign.ErrUnreadable) {
			t.Errorf("%s was read: %v", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	text := signed(f, keyOf("genteng"), ayu())
	f.Add(text)
	f.Add(text[:40])
	f.Add(sign.Prefix + "6BF")
	f.Add("https://example.com")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := sign.Parse(s)
		if err != nil {
			return
		}
		// What is read and signed by our key is what we signed.
		if c.SignedBy(public(keyOf("genteng"))) && s != text {
			t.Fatalf("another text of the same card: %q", s)
		}
		if again := signed(t, keyOf("genteng"), c.Claims); len(again) > 311 {
			t.Fatalf("claims that do not fit: %+v", c.Claims)
		}
	})
}
