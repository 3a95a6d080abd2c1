package sign_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"testing"

	"simpul/node/card/sign"
	"simpul/sync/event"
)

// keyOf makes the same key of the same word, so that a failure can be looked at again.
func keyOf(word string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(word))
	return ed25519.NewKeyFromSeed(seed[:])
}

func public(key ed25519.PrivateKey) ed25519.PublicKey { return key.Public().(ed25519.PublicKey) }

// cardOf makes a revocation id of a word.
func cardOf(word string) sign.Revocation {
	sum := sha256.Sum256([]byte(word))
	return sign.RevocationOf(event.ID(sum[:16]))
}

const (
	day       = 20780 // 23-11-2026
	threeYear = 1095
)

// ayu is a made-up member; her number is of PC 014.
func ayu() sign.Claims {
	return sign.Claims{Number: "014260001237", Name: "Ayu Lestari Wulandari", Branch: "Perpustakaan Genteng", Kind: "umum",
		Issued: day, Expires: day + threeYear, Revocation: cardOf("ayu")}
}

func signed(t testing.TB, key ed25519.PrivateKey, c sign.Claims) string {
	t.Helper()
	text, err := sign.Sign(key, c)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// genteng is the issuer of PC 014.
func genteng() sign.Issuer {
	return sign.Issuer{Key: public(keyOf("genteng")), Name: "Genteng", Codes: []int{14}}
}

// listOf has the blocked cards in the order in which they are searched.
func listOf(l sign.List) *sign.List {
	sign.SortBlocked(l.Blocked)
	return &l
}
