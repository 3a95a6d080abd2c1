package sign_test

import (
	"bytes"
	"crypto/ed25519"
	"flag"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"simpul/node/card/sign"
)

// The long form: go test ./node/card/sign -run Mutated -mutations 1000000
var mutations = flag.Int("mutations", 20_000, "changed cards to try")

// TestNoMutatedCardIsAccepted changes genuine cards in every layer: letters, bytes, claims, keys, signatures.
func TestNoMutatedCardIsAccepted(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 4))
	list := listOf(sign.List{Issuers: []sign.Issuer{genteng(), {Key: public(keyOf("rogojampi")), Name: "Rogojampi", Codes: []int{15}}}})
	own := sign.Issuer{Key: public(keyOf("own")), Codes: []int{16}}
	trust := sign.Trust{List: list, Own: &own, Today: day}

	genuine := map[string]bool{}
	var texts []string
	for i, key := range []string{"genteng", "rogojampi", "own"} {
		for j := range 8 {
			c := ayu()
			c.Number = numberOf(t, 14+i, j)
			c.Name = strings.Repeat("Ayu ", j+1)
			c.Revocation = cardOf(c.Number)
			text := signed(t, keyOf(key), c)
			if a, err := trust.Check(text); err != nil || a.Outcome != sign.Valid {
				t.Fatalf("a genuine card is %+v: %v", a, err)
			}
			genuine[text] = true
			texts = append(texts, text)
		}
	}
	outcomes := map[sign.Outcome]int{}
	for range *mutations {
		text, other := texts[r.IntN(len(texts))], texts[r.IntN(len(texts))]
		mutant := mutate(t, r, text, other)
		if genuine[mutant] {
			continue
		}
		a, err := trust.Check(mutant)
		if err != nil || a.Proven || a.Outcome == sign.Valid || a.Outcome == sign.Expired || a.Outcome == sign.Blocked {
			t.Fatalf("seed %d: %s: %q made of %q: %v", seed, a.Outcome, mutant, text, err)
		}
		outcomes[a.Outcome]++
	}
	for _, want := range []sign.Outcome{sign.Forged, sign.Unreadable, sign.UnknownIssuer} {
		if outcomes[want] < *mutations/100 {
			t.Errorf("seed %d: the mutants hardly reach %s: %v", seed, want, outcomes)
		}
	}
}

func mutate(t *testing.T, r *rand.Rand, text, other string) string {
	const base45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
	switch r.IntN(9) {
	case 0: // letters of the QR
		b := []byte(text)
		for range 1 + r.IntN(3) {
			b[len(sign.Prefix)+r.IntN(len(b)-len(sign.Prefix))] = base45[r.IntN(45)]
		}
		return string(b)
	case 1: // lost and doubled letters of a scanner
		i := r.IntN(len(text))
		return text[:i] + strings.Repeat(text[i:i+1], r.IntN(3)) + text[min(len(text), i+1+r.IntN(2)):]
	case 2: // halves of two cards
		i := r.IntN(len(text))
		return text[:i] + other[min(i, len(other)):]
	case 3: // bits
		raw := sign.RawOf(t, text)
		for range 1 + r.IntN(4) {
			raw[r.IntN(len(raw))] ^= 1 << r.IntN(8)
		}
		return sign.TextOf(raw)
	case 4: // bytes gone or added
		raw := sign.RawOf(t, text)
		i := r.IntN(len(raw))
		return sign.TextOf(slices.Concat(raw[:i], make([]byte, r.IntN(3)), raw[min(len(raw), i+r.IntN(3)):]))
	case 5: // other claims under the signature of the first
		card, err := sign.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		c := card.Claims
		switch r.IntN(4) {
		case 0:
			c.Expires += 1 + r.Int64N(4000)
		case 1:
			c.Name = "Bima " + c.Name
		case 2:
			c.Number = numberOf(t, 14+r.IntN(3), 100+r.IntN(50))
		case 3:
			c.Revocation[r.IntN(8)] ^= 1
		}
		return sign.TextOf(transplant(t, sign.RawOf(t, signed(t, keyOf("attacker"), c)), sign.RawOf(t, text)))
	case 6: // a stranger's signature under a known name, and under his own
		card, err := sign.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		forged := sign.RawOf(t, signed(t, keyOf("attacker"), card.Claims))
		if r.IntN(2) == 0 {
			copy(forged[8:16], card.Key[:])
		}
		return sign.TextOf(forged)
	case 7: // the same signature written another way: S + L (RFC 8032, 8.4)
		raw := sign.RawOf(t, text)
		return sign.TextOf(addOrder(raw))
	default: // the same content in another CBOR
		raw := sign.RawOf(t, text)
		return sign.TextOf(respell(r, raw))
	}
}

// transplant puts the key's name and signature of one card under the payload of another.
func transplant(t *testing.T, forged, genuine []byte) []byte {
	copy(forged[8:16], genuine[8:16])
	copy(forged[len(forged)-ed25519.SignatureSize:], genuine[len(genuine)-ed25519.SignatureSize:])
	return forged
}

func addOrder(raw []byte) []byte {
	order, _ := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	s := raw[len(raw)-32:]
	slices.Reverse(s)
	n := new(big.Int).Add(new(big.Int).SetBytes(s), order)
	n.FillBytes(s)
	slices.Reverse(s)
	return raw
}

// respell keeps the meaning and changes the spelling, in the places where CBOR has more than one.
func respell(r *rand.Rand, raw []byte) []byte {
	replace := func(from, to string) []byte { return bytes.Replace(raw, []byte(from), []byte(to), 1) }
	switch r.IntN(9) {
	case 0:
		return raw[1:] // no tag
	case 1:
		return append([]byte{0xd8, 0x12}, raw[1:]...) // a long tag
	case 2:
		return append([]byte{0xd9, 0xd9, 0xf7}, raw...) // the tag of CBOR itself
	case 3:
		return append(append([]byte{0xd2, 0x9f}, raw[2:]...), 0xff) // an array without length
	case 4:
		return replace("\xa0\x58", "\xf6\x58") // null for no header
	case 5:
		return replace("\xa0\x58", "\xa1\x03\x00\x58") // a header that nobody signed
	case 6:
		return replace("\x58\x40", "\x59\x00\x40") // a long length
	case 7:
		return replace("\x4d\xa2", "\x58\x0d\xa2")
	default:
		return append(raw, 0xf6) // something behind it
	}
}
