// Package join is how a PC becomes a node of a centre: the code that a person
// carries from the centre to the PC, what each side proves with it, and what both
// sides read out to each other; and how it is opened again when all who could are
// locked out (reopen.go). It is pure: who may join, and what follows, is
// decided elsewhere.
//
// A code holds a one-time token and the fingerprint of the centre's signing key.
// With it the node knows that it speaks to that centre before it sends anything,
// and the centre knows that the node was invited. That the right PC used the code
// is known only after two people have compared the check code.
package join

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"simpul/sync/wire"
)

// Token is the one-time secret of a code.
type Token [16]byte

// Fingerprint names the centre's signing key: the start of its SHA-256. 96 bits
// are out of reach of somebody who looks for a second key with the same start.
type Fingerprint [12]byte

// Code is what a person carries to the new node. Addresses are tried in turn;
// there is none when the enrolment goes by files on a stick.
type Code struct {
	Addresses   []string // https://host:port, or http:// to loopback
	Fingerprint Fingerprint
	Token       Token
}

// Bounds of what a code may hold, so that it stays a QR code that prints small.
// MaxAddresses is how many addresses of a centre a code holds, and a node remembers.
const MaxAddresses = 4

const (
	maxAddress   = 120
	maxCode      = 700
	groupLetters = 6
	checkBytes   = 2
)

var letters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// NewToken draws a token.
func NewToken(random io.Reader) (Token, error) {
	var t Token
	if _, err := io.ReadFull(random, t[:]); err != nil {
		return Token{}, fmt.Errorf("join: randomness: %w", err)
	}
	return t, nil
}

// FingerprintOf is the fingerprint of a signing key.
func FingerprintOf(key ed25519.PublicKey) (f Fingerprint) {
	sum := sha256.Sum256(append([]byte("simpul/centre\x00"), key...))
	copy(f[:], sum[:])
	return f
}

// Is reports whether a key has this fingerprint.
func (f Fingerprint) Is(key ed25519.PublicKey) bool {
	return len(key) == ed25519.PublicKeySize && FingerprintOf(key) == f
}

// Name says which token is meant without giving it away.
func (t Token) Name() wire.Short {
	sum := sha256.Sum256(append([]byte("simpul/token\x00"), t[:]...))
	return wire.ShortOf(sum)
}

// Proof shows that who holds the node's key was given the token.
func (t Token) Proof(node ed25519.PublicKey) []byte {
	return t.mac("simpul/join\x00", node)
}

// Proves reports whether a proof is right.
func (t Token) Proves(node ed25519.PublicKey, proof []byte) bool {
	return len(node) == ed25519.PublicKeySize && hmac.Equal(proof, t.Proof(node))
}

// Check is what both sides show and two people compare: 8 characters over the
// token, the node's key and the fingerprint in the code. Each side calculates it for
// itself and believes nobody's. The node can before it heard of the centre, because
// on a stick the request goes first and is compared before an answer exists; that
// the centre has the fingerprint is checked with every answer.
func (t Token) Check(node ed25519.PublicKey, centre Fingerprint) string {
	sum := t.mac("simpul/check\x00", node, centre[:])
	text := strings.ToUpper(letters.EncodeToString(sum[:5]))
	return text[:4] + "-" + text[4:]
}

func (t Token) mac(purpose string, parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, t[:])
	mac.Write([]byte(purpose))
	for _, p := range parts {
		mac.Write(p)
	}
	return mac.Sum(nil)
}

// String is the code as it is printed, typed and put into a QR: the addresses,
// then '#' and the secret part in groups of letters, which a browser would not
// send to anybody.
func (c Code) String() string {
	return strings.Join(c.Addresses, ",") + "#" + strings.Join(c.Groups(), "-")
}

// Groups is the secret part alone, for who types it: eight groups of six letters.
func (c Code) Groups() []string {
	raw := append(append([]byte{}, c.Token[:]...), c.Fingerprint[:]...)
	sum := checkOf(raw)
	text := letters.EncodeToString(append(raw, sum[:]...))
	var groups []string
	for ; len(text) > 0; text = text[groupLetters:] {
		groups = append(groups, text[:groupLetters])
	}
	return groups
}

func checkOf(raw []byte) (out [checkBytes]byte) {
	sum := sha256.Sum256(append([]byte("simpul/code\x00"), raw...))
	copy(out[:], sum[:])
	return out
}

// Errors of a code that somebody typed.
var (
	ErrCode    = errors.New("join: not a code of a centre")
	ErrTyped   = errors.New("join: a letter of the code is wrong")
	ErrAddress = errors.New("join: not an address of a centre")
)

// Parse reads what String wrote, or the groups alone, with whatever blanks, dashes, capitals
// and line breaks came in between. A code without addresses is allowed.
func Parse(s string) (Code, error) {
	var c Code
	if len(s) > maxCode {
		return c, ErrCode
	}
	addresses, secret, both := strings.Cut(s, "#")
	if !both {
		addresses, secret = "", s
	}
	raw, err := letters.DecodeString(strings.Map(keepLetters, secret))
	if err != nil || len(raw) != len(c.Token)+len(c.Fingerprint)+checkBytes {
		return Code{}, ErrCode
	}
	body, sum := raw[:len(raw)-checkBytes], raw[len(raw)-checkBytes:]
	if want := checkOf(body); !bytes.Equal(sum, want[:]) {
		return Code{}, ErrTyped
	}
	copy(c.Token[:], body)
	copy(c.Fingerprint[:], body[len(c.Token):])
	c.Addresses, err = ParseAddresses(addresses)
	return c, err
}

// keepLetters drops what people put between groups, and forgives 0, 1 and 8,
// which the alphabet does not have.
func keepLetters(r rune) rune {
	switch {
	case r >= 'A' && r <= 'Z':
		return r + 'a' - 'A'
	case r == '0':
		return 'o'
	case r == '1':
		return 'l'
	case r == '8':
		return 'b'
	case r == '-' || r == '–' || r == ' ' || r == '\t' || r == '\r' || r == '\n' || r == '\u00a0':
		return -1
	}
	return r
}

// ParseAddresses reads addresses of a centre, separated by commas or blanks. Each
// is https, which may be left out, or http for this very PC.
func ParseAddresses(s string) ([]string, error) {
	var out []string
	for _, field := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\r' || r == '\t' }) {
		if !strings.Contains(field, "://") {
			field = "https://" + field
		}
		u, err := url.Parse(field)
		if err != nil || len(field) > maxAddress || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" ||
			(u.Path != "" && u.Path != "/") || !safe(u) {
			return nil, ErrAddress
		}
		out = append(out, u.Scheme+"://"+u.Host)
	}
	if len(out) > MaxAddresses {
		return nil, ErrAddress
	}
	return out, nil
}

// safe: nothing goes over a network in clear.
func safe(u *url.URL) bool {
	switch u.Scheme {
	case "https":
		return true
	case "http":
		host := u.Hostname()
		return host == "localhost" || host == "127.0.0.1" || host == "::1"
	}
	return false
}
