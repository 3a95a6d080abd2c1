package vault

import (
	"fmt"
	"io"
	"strings"

	"golang.org/x/crypto/curve25519"
)

// NewBundleKey makes a key pair for bundles on a stick, in the text form of age
// (X25519, age-encryption.org/v1): the identity opens what was sealed to the
// recipient. It is made here because age draws its own randomness.
func NewBundleKey(rand io.Reader) (identity, recipient string, err error) {
	var private [curve25519.ScalarSize]byte
	defer clear(private[:])
	if _, err := io.ReadFull(rand, private[:]); err != nil {
		return "", "", fmt.Errorf("vault: randomness: %w", err)
	}
	public, err := curve25519.X25519(private[:], curve25519.Basepoint)
	if err != nil {
		return "", "", fmt.Errorf("vault: key of the bundles: %w", err)
	}
	return strings.ToUpper(bech32("age-secret-key-", private[:])), bech32("age", public), nil
}

const bech32Letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

// bech32 writes bytes as BIP 173 does.
func bech32(prefix string, data []byte) string {
	var values []byte
	acc, bits := uint32(0), 0
	for _, b := range data {
		acc, bits = acc<<8|uint32(b), bits+8
		for ; bits >= 5; bits -= 5 {
			values = append(values, byte(acc>>(bits-5))&31)
		}
	}
	if bits > 0 {
		values = append(values, byte(acc<<(5-bits))&31)
	}
	var expanded []byte
	for i := range len(prefix) {
		expanded = append(expanded, prefix[i]>>5)
	}
	expanded = append(expanded, 0)
	for i := range len(prefix) {
		expanded = append(expanded, prefix[i]&31)
	}
	sum := polymod(append(append(expanded, values...), make([]byte, 6)...)) ^ 1
	for i := range 6 {
		values = append(values, byte(sum>>(5*(5-i)))&31)
	}
	var out strings.Builder
	out.WriteString(prefix + "1")
	for _, v := range values {
		out.WriteByte(bech32Letters[v])
	}
	return out.String()
}

func polymod(values []byte) uint32 {
	sum := uint32(1)
	for _, v := range values {
		top := sum >> 25
		sum = sum&0x1ffffff<<5 ^ uint32(v)
		for i, generator := range [...]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 == 1 {
				sum ^= generator
			}
		}
	}
	return sum
}
