// Package event holds the words of Simpul's log: what can be said (types and
// bodies), how it is written (deterministic CBOR), and how it is proved
// (content hashes and a chain). The same bytes stand in a node's log, travel to
// the centre, and are hashed at both ends; they are never encoded again.
//
// # An event
//
// An event is a [Header] and a body. The header does not name the event's place
// (stream and sequence), so an event keeps its identity when it is moved: its
// content hash is
//
//	salt    = HMAC-SHA256(salt of the subject, header)
//	content = SHA-256(salt ‖ header ‖ body)
//	chain   = SHA-256(chain before ‖ content)
//
// The salt belongs to the subject and is random, so after erasing the salt and
// the bodies nothing about a person can be guessed from the hashes that stay,
// and the chain still verifies. A subject's id is derived from its salt, so the
// origin event is the only one that has to carry 16 random bytes.
//
// The package is pure: no clock, no disk, no network, no randomness.
package event

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// ID names a subject, an officer, a stream, a visit or a card: 128 bits.
type ID [16]byte

var idText = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

func (id ID) String() string { return idText.EncodeToString(id[:]) }

// IsZero reports whether id is unset.
func (id ID) IsZero() bool { return id == ID{} }

// ParseID reads what String wrote, in either case. No other text names the same
// id: base32 alone would let the two spare bits and line breaks vary.
func ParseID(s string) (ID, error) {
	var id ID
	s = strings.ToLower(s)
	raw, err := idText.DecodeString(s)
	if err != nil || len(raw) != len(id) {
		return ID{}, errors.New("event: not an id")
	}
	copy(id[:], raw)
	if id.String() != s {
		return ID{}, errors.New("event: not an id")
	}
	return id, nil
}

// Hash is a SHA-256 sum.
type Hash [32]byte

// Salt is the random secret of one subject. Erasing it makes the subject's
// content hashes meaningless.
type Salt [16]byte

// SubjectID is the id of the subject that owns salt.
func SubjectID(salt Salt) ID {
	return derive("subject", salt[:])
}

// CardToken is the secret in the address of a card's page at the centre: 128 bits
// as 26 letters and digits. Whoever holds the subject's salt can compute it, so a
// node gives the address away before the centre has the card, and nothing of it
// travels; to everybody else it is random, and it cannot be made again once the
// salt is erased.
func (s Salt) CardToken(card ID) string {
	mac := hmac.New(sha256.New, s[:])
	mac.Write([]byte("simpul/web-card\x00"))
	mac.Write(card[:])
	return idText.EncodeToString(mac.Sum(nil)[:16])
}

// DeriveID names something that an event brought into being (a visit, a card)
// by that event's content hash, so the id needs no bytes of its own.
func DeriveID(kind string, content Hash) ID {
	return derive(kind, content[:])
}

func derive(kind string, from []byte) ID {
	sum := sha256.Sum256(append([]byte("simpul/"+kind+"\x00"), from...))
	var id ID
	copy(id[:], sum[:])
	return id
}

// Header says what happened, to whom, by whom and when, but not where in the
// log. Times are readings, not truth: Wall is the PC's clock in milliseconds
// since 1970 and may be wrong by years; Mono is a monotonic reading in
// milliseconds that is comparable only between events of the same Boot.
type Header struct {
	_       struct{} `cbor:",toarray"`
	Type    Type
	Version uint8
	Subject ID
	Officer ID
	Wall    int64
	Boot    uint32
	Mono    int64
}

// Event is one fact as it is hashed. Body is deterministic CBOR of the type's
// body struct; bodies of unknown types or versions are kept as they came.
type Event struct {
	Header
	Body []byte
}

// Record is an event at its place in a stream.
type Record struct {
	Stream ID
	Seq    uint64
	Event
	Hash  Hash // content hash
	Chain Hash // chain up to and including this event
}

// New encodes body and returns the event, checking that the body's type matches
// h and that every node will be able to read it: text that is not UTF-8 or a
// body that is too large would be poison wherever it arrives.
func New(h Header, body any) (Event, error) {
	info, known := types[h.Type]
	if !known {
		return Event{}, fmt.Errorf("event: type %d is not known", h.Type)
	}
	h.Version = info.version
	want, got := reflect.TypeOf(info.body()), reflect.TypeOf(body)
	if got != want && got != want.Elem() {
		return Event{}, fmt.Errorf("event: %s has a body of %v, not %v", h.Type, want.Elem(), got)
	}
	raw, err := Encode(body)
	if err != nil {
		return Event{}, fmt.Errorf("event: encode %s: %w", h.Type, err)
	}
	e := Event{Header: h, Body: raw}
	if _, _, err := e.Decoded(); err != nil {
		return Event{}, err
	}
	return e, nil
}

// ContentHash is the idempotency key of the event: equal for the same fact
// wherever it stands. salt is the salt of the event's subject.
func (e Event) ContentHash(salt Salt) (Hash, error) {
	head, err := Encode(e.Header)
	if err != nil {
		return Hash{}, fmt.Errorf("event: encode header: %w", err)
	}
	mac := hmac.New(sha256.New, salt[:])
	mac.Write(head)
	own := mac.Sum(nil)

	sum := sha256.New()
	sum.Write(own)
	sum.Write(head)
	sum.Write(e.Body)
	var out Hash
	sum.Sum(out[:0])
	return out, nil
}

// Genesis is the chain value before the first event of a stream.
func Genesis(stream ID) Hash {
	return sha256.Sum256(append([]byte("simpul/stream\x00"), stream[:]...))
}

// Next is the chain value after an event with the given content hash.
func (h Hash) Next(content Hash) Hash {
	var both [64]byte
	copy(both[:32], h[:])
	copy(both[32:], content[:])
	return sha256.Sum256(both[:])
}

// BranchID is the deterministic id of the stream that takes the events of a
// fork: whoever computes it, after whatever crash, gets the same stream.
func BranchID(stream ID, common uint64, divergent Hash) ID {
	var seq [8]byte
	for i := range seq {
		seq[i] = byte(common >> (8 * (7 - i)))
	}
	from := append(append(append([]byte{}, stream[:]...), seq[:]...), divergent[:]...)
	return derive("branch", from)
}
