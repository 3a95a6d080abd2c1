package join

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func key(fill byte) ed25519.PublicKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{fill}, 32)).Public().(ed25519.PublicKey)
}

// typed is the secret part as somebody types it.
func typed(c Code) string { return strings.Join(c.Groups(), "-") }

func TestCodeIsReadAsItIsTyped(t *testing.T) {
	c := Code{Addresses: []string{"https://pusat.contoh.id:8711", "http://127.0.0.1:8711"}, Fingerprint: FingerprintOf(key(1)), Token: Token{7, 8, 9}}
	forms := map[string]string{
		"as printed":   c.String(),
		"shouted":      "https://pusat.contoh.id:8711,http://127.0.0.1:8711#" + strings.ToUpper(typed(c)),
		"with blanks":  " https://pusat.contoh.id:8711 http://127.0.0.1:8711/ # " + strings.ReplaceAll(typed(c), "-", " "),
		"over lines":   "https://pusat.contoh.id:8711,\nhttp://127.0.0.1:8711#" + strings.ReplaceAll(typed(c), "-", "\r\n"),
		"without dash": "https://pusat.contoh.id:8711,http://127.0.0.1:8711#" + strings.ReplaceAll(typed(c), "-", ""),
	}
	for name, text := range forms {
		t.Run(name, func(t *testing.T) {
			got, err := Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, c) {
				t.Errorf("got %v", got)
			}
		})
	}
	if len(c.Groups()) != 8 {
		t.Errorf("%d groups", len(c.Groups()))
	}
}

func TestCodeRefuses(t *testing.T) {
	c := Code{Token: Token{1}, Fingerprint: FingerprintOf(key(1))}
	wrong := []byte(typed(c))
	wrong[0] = map[bool]byte{true: 'b', false: 'a'}[wrong[0] == 'a']
	tests := map[string]struct {
		text string
		want error
	}{
		"nothing":              {"", ErrCode},
		"one letter wrong":     {string(wrong), ErrTyped},
		"one letter missing":   {typed(c)[1:], ErrCode},
		"an endless text":      {strings.Repeat("a", 1<<20), ErrCode},
		"plain http elsewhere": {"http://pusat.contoh.id#" + typed(c), ErrAddress},
		"a path":               {"https://pusat.contoh.id/x#" + typed(c), ErrAddress},
		"a password":           {"https://a:b@pusat.contoh.id#" + typed(c), ErrAddress},
		"something else":       {"ftp://pusat.contoh.id#" + typed(c), ErrAddress},
		"too many addresses":   {strings.Repeat("https://a,", 5) + "#" + typed(c), ErrAddress},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := Parse(tt.text); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

func TestProofAndCheck(t *testing.T) {
	token, other := Token{1}, Token{2}
	node, thief, centre := key(1), key(2), key(3)
	if !token.Proves(node, token.Proof(node)) {
		t.Error("the right proof is refused")
	}
	for name, proof := range map[string][]byte{"another key": token.Proof(thief), "another token": other.Proof(node), "nothing": nil} {
		if token.Proves(node, proof) {
			t.Errorf("%s proves", name)
		}
	}
	check := token.Check(node, FingerprintOf(centre))
	if len(check) != 9 || check[4] != '-' {
		t.Errorf("check code %q", check)
	}
	for name, text := range map[string]string{"another node": token.Check(thief, FingerprintOf(centre)), "another centre": token.Check(node, FingerprintOf(thief)), "another token": other.Check(node, FingerprintOf(centre))} {
		if text == check {
			t.Errorf("%s has the same check code", name)
		}
	}
	if f := FingerprintOf(centre); !f.Is(centre) || f.Is(node) || f.Is(nil) {
		t.Error("fingerprint")
	}
}

func TestAnyCodeIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Code{}
		copy(c.Token[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "token"))
		copy(c.Fingerprint[:], rapid.SliceOfN(rapid.Byte(), 12, 12).Draw(t, "fingerprint"))
		got, err := Parse(c.String())
		if err != nil || !reflect.DeepEqual(got, c) {
			t.Fatalf("%v, %v", got, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	c := Code{Addresses: []string{"https://pusat.contoh.id"}, Token: Token{1}}
	for _, seed := range []string{"", "#", c.String(), typed(c), "https://#" + typed(c), "http://[::1]:1#" + typed(c)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := Parse(text)
		if err != nil {
			return
		}
		again, err := Parse(got.String())
		if err != nil || !reflect.DeepEqual(again, got) {
			t.Errorf("%q is read as %v and then as %v, %v", text, got, again, err)
		}
	})
}
