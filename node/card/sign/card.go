package sign

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"simpul/sync/event"
)

// Prefix begins every card's text and names this format; another format gets another digit.
const Prefix = "KTA1:"

// Bounds of a card, in bytes. maxRaw is what a QR of version 10 holds at level M, and one of version 13 at level Q with room to spare, beside the prefix: 311 characters.
const (
	maxRaw    = 204
	maxText   = len(Prefix) + maxRaw/2*3
	maxNumber = 32
	maxKind   = 12
	maxBranch = 23
	maxName   = 96 // of a card that is read; one that is written is cut to maxRaw

	// fixed is what maxRaw spends on all but the payload: tag, array, header, two lengths, signature.
	fixed      = 1 + 1 + 14 + 1 + 2 + 2 + ed25519.SignatureSize
	maxPayload = maxRaw - fixed

	secondsADay = 24 * 60 * 60
	lastDay     = 2932896 // 31-12-9999
)

// Errors of Sign and Parse.
var (
	// ErrNumber says that a number cannot stand on a signed card: empty, longer than 32, or not printable ASCII.
	ErrNumber = errors.New("sign: number cannot be signed")
	// ErrDay says that a day lies before 1970 or after 9999.
	ErrDay = errors.New("sign: day out of range")
	// ErrUnreadable says that a text is not a whole card of this format.
	ErrUnreadable = errors.New("sign: not a card")
)

// Revocation names one card where it is blocked: the first 8 bytes of its card id, which is a hash and says nothing.
type Revocation [8]byte

// RevocationOf is the name of a card.
func RevocationOf(card event.ID) Revocation { return Revocation(card[:8]) }

// Claims are what a card says about its bearer. There is no NIK, birth date, address or photo among them.
type Claims struct {
	Number  string // as the Code 128 has it
	Name    string // cut to what fits
	Branch  string // where the member was registered; cut to 23 bytes
	Kind    string // key of the member kind; cut to 12 bytes
	Issued  int64  // day since 1970
	Expires int64  // last valid day since 1970

	Revocation Revocation
}

// claimSet is the CWT (RFC 8392): sub, exp, iat, cti, and one claim of the private range for what has no registered name.
type claimSet struct {
	Subject string    `cbor:"2,keyasint"`
	Expires int64     `cbor:"4,keyasint"`
	Issued  int64     `cbor:"6,keyasint"`
	Token   []byte    `cbor:"7,keyasint"`
	Member  memberSet `cbor:"-65537,keyasint"`
}

type memberSet struct {
	_      struct{} `cbor:",toarray"`
	Name   string
	Branch string
	Kind   string
}

// Card is a card as read. Until SignedBy has said so, nothing proves a word of it.
type Card struct {
	Claims
	Key  KeyID
	seal sign1
}

// Sign writes the text of a card's QR. The same key and claims give the same text every time, so nothing of it needs to
// be stored. ErrNumber and ErrDay.
func Sign(key ed25519.PrivateKey, c Claims) (string, error) {
	c.Kind, c.Branch, c.Name = cut(c.Kind, maxKind), cut(c.Branch, maxBranch), cut(c.Name, maxName)
	payload, err := c.encode()
	for ; err == nil && len(payload) > maxPayload; payload, err = c.encode() {
		c.Name = cut(c.Name, len(c.Name)-(len(payload)-maxPayload))
	}
	if err != nil {
		return "", err
	}
	raw, err := seal(key, payload)
	if err != nil {
		return "", err
	}
	return Prefix + base45(raw), nil
}

// cut shortens a text to so many bytes, between letters. What is invisible, or no text, goes first.
func cut(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)
	for len(s) > max(most, 0) {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return strings.TrimSpace(s)
}

// check refuses what Sign never writes.
func (c Claims) check() error {
	if c.Number == "" || len(c.Number) > maxNumber || strings.ContainsFunc(c.Number, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return ErrNumber
	}
	if c.Issued < 0 || c.Issued > lastDay || c.Expires < 0 || c.Expires > lastDay {
		return ErrDay
	}
	if c.Name != cut(c.Name, maxName) || c.Branch != cut(c.Branch, maxBranch) || c.Kind != cut(c.Kind, maxKind) {
		return ErrUnreadable
	}
	return nil
}

func (c Claims) encode() ([]byte, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	return event.Encode(claimSet{
		Subject: c.Number, Issued: c.Issued * secondsADay, Expires: (c.Expires + 1) * secondsADay, Token: c.Revocation[:],
		Member: memberSet{Name: c.Name, Branch: c.Branch, Kind: c.Kind},
	})
}

// Parse reads the text of a card: exactly as Sign wrote it, without spaces or line ends around it. ErrUnreadable for
// everything else.
func Parse(text string) (Card, error) {
	coded, ours := strings.CutPrefix(text, Prefix)
	if !ours || len(text) > maxText {
		return Card{}, ErrUnreadable
	}
	raw, err := fromBase45(coded)
	if err != nil {
		return Card{}, ErrUnreadable
	}
	s, err := open(raw)
	if err != nil {
		return Card{}, ErrUnreadable
	}
	c, err := decodeClaims(s.payload)
	if err != nil {
		return Card{}, err
	}
	return Card{Claims: c, Key: s.key, seal: s}, nil
}

// decodeClaims takes only the bytes that encode would write: no other order, length, spelling or further claim.
func decodeClaims(payload []byte) (Claims, error) {
	var set claimSet
	if event.Decode(payload, &set) != nil || len(set.Token) != len(Revocation{}) {
		return Claims{}, ErrUnreadable
	}
	c := Claims{Number: set.Subject, Name: set.Member.Name, Branch: set.Member.Branch, Kind: set.Member.Kind,
		Issued: set.Issued / secondsADay, Expires: set.Expires/secondsADay - 1, Revocation: Revocation(set.Token)}
	if again, err := c.encode(); err != nil || !bytes.Equal(again, payload) {
		return Claims{}, ErrUnreadable
	}
	return c, nil
}

// SignedBy says whether key signed this card.
func (c Card) SignedBy(key ed25519.PublicKey) bool { return c.seal.signedBy(key) }

// LooksSigned says that a text claims to be a signed card of any format, whole or in part, in whatever case a keyboard left it.
func LooksSigned(text string) bool {
	digits := strings.TrimPrefix(strings.ToUpper(text), "KTA")
	if len(digits) == len(text) {
		return false
	}
	number, _, colon := strings.Cut(digits, ":")
	return colon && number != "" && strings.Trim(number, "0123456789") == ""
}
