package sign

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"slices"
	"time"

	"simpul/sync/event"
)

// Stale is the age at which a list earns a warning: a key stolen since then is still trusted here.
const Stale = 14 * 24 * time.Hour

// Bounds of a list.
const (
	MaxList    = 4 << 20 // bytes, signed
	maxIssuers = 2000
	maxIssuer  = 120 // bytes of a name
	// listDomain is the external data of a list's signature: no other thing the centre signs can be taken for a list.
	listDomain = "simpul/trust-list/1"
)

// Errors of lists.
var (
	// ErrList says that bytes are no list, or not signed by this centre.
	ErrList = errors.New("sign: not a trust list of this centre")
	// ErrOlder says that a list is older than the one in use, or another of the same version: it is never taken.
	ErrOlder = errors.New("sign: the trust list is older")
)

// List is whom to trust, as the centre says it. A list in use is not changed.
type List struct {
	Version uint64 // rises with every list
	Issued  int64  // seconds since 1970, by the centre's clock
	Issuers []Issuer
	Revoked []Revocation // blocked cards
}

// Issuer is a key that signs cards, one for each node.
type Issuer struct {
	Key      ed25519.PublicKey
	Name     string // of the node, for people
	Code     int    // NNN: the member numbers that it gives out itself; 0 gives out none
	From, To int64  // days since 1970 on which it may sign, both included; To 0 is open
	Revoked  bool   // lost or stolen: only the cards in Known stand
	// Known are cards that the centre knows this key to have signed: those of other ranges (renewed elsewhere, numbers of
	// other systems) and, once it is revoked, all the honest ones.
	Known []Mark
}

// Mark is a card in Issuer.Known: 8 bytes over its number and revocation id, so a stolen key cannot put an honest id on
// another number.
type Mark [8]byte

// MarkOf is the mark of a card.
func MarkOf(number string, card Revocation) Mark {
	sum := sha256.Sum256(append(append([]byte("simpul/card mark\x00"), card[:]...), number...))
	return Mark(sum[:8])
}

type listSet struct {
	Version uint64      `cbor:"1,keyasint"`
	Issued  int64       `cbor:"2,keyasint"`
	Issuers []issuerSet `cbor:"3,keyasint"`
	Revoked []byte      `cbor:"4,keyasint"`
}

type issuerSet struct {
	Key     []byte `cbor:"1,keyasint"`
	Name    string `cbor:"2,keyasint"`
	Code    int    `cbor:"3,keyasint,omitempty"`
	From    int64  `cbor:"4,keyasint,omitempty"`
	To      int64  `cbor:"5,keyasint,omitempty"`
	Revoked bool   `cbor:"6,keyasint,omitempty"`
	Known   []byte `cbor:"7,keyasint,omitempty"`
}

// Seal signs the list with the centre's key. Order and repeats do not matter: issuers and ids are sorted. ErrList for a
// list that no node would take.
func (l List) Seal(centre ed25519.PrivateKey) ([]byte, error) {
	set := listSet{Version: l.Version, Issued: l.Issued, Issuers: []issuerSet{}, Revoked: packed(l.Revoked)}
	for _, i := range l.Issuers {
		set.Issuers = append(set.Issuers, issuerSet{Key: i.Key, Name: i.Name, Code: i.Code, From: i.From, To: i.To, Revoked: i.Revoked, Known: packed(i.Known)})
	}
	slices.SortFunc(set.Issuers, func(a, b issuerSet) int { return bytes.Compare(a.Key, b.Key) })
	payload, err := event.Encode(set)
	if err != nil {
		return nil, err
	}
	if _, err := decodeList(payload); err != nil {
		return nil, err
	}
	return seal(centre, []byte(listDomain), payload)
}

// OpenList reads a list that the centre signed. ErrList.
func OpenList(signed []byte, centre ed25519.PublicKey) (*List, error) {
	if len(signed) > MaxList {
		return nil, ErrList
	}
	s, err := open(signed)
	if err != nil || !s.signedBy(centre, []byte(listDomain)) {
		return nil, ErrList
	}
	return decodeList(s.payload)
}

// Next reads the list that is to take this one's place; l is nil before the first. ErrList, and ErrOlder when it would
// lead back: a revoked key must not come to life again.
func (l *List) Next(signed []byte, centre ed25519.PublicKey) (*List, error) {
	next, err := OpenList(signed, centre)
	if err != nil || l == nil {
		return next, err
	}
	if next.Version < l.Version || next.Version == l.Version && !next.equal(l) {
		return nil, ErrOlder
	}
	return next, nil
}

// Age is how old the list is; a list from the future, by a wrong clock, is new.
func (l *List) Age(now time.Time) time.Duration { return max(0, now.Sub(time.Unix(l.Issued, 0))) }

// issuer finds a key by its name.
func (l *List) issuer(key KeyID) (Issuer, bool) {
	if l != nil {
		for _, i := range l.Issuers {
			if KeyIDOf(i.Key) == key {
				return i, true
			}
		}
	}
	return Issuer{}, false
}

// revoked says whether a card is blocked by the list.
func (l *List) revoked(card Revocation) bool { return l != nil && has(l.Revoked, card) }

func (l *List) equal(o *List) bool {
	return l.Version == o.Version && l.Issued == o.Issued && slices.Equal(l.Revoked, o.Revoked) &&
		slices.EqualFunc(l.Issuers, o.Issuers, func(a, b Issuer) bool {
			return a.Key.Equal(b.Key) && a.Name == b.Name && a.Code == b.Code && a.From == b.From && a.To == b.To &&
				a.Revoked == b.Revoked && slices.Equal(a.Known, b.Known)
		})
}

func decodeList(payload []byte) (*List, error) {
	var set listSet
	if event.Decode(payload, &set) != nil || len(set.Issuers) > maxIssuers || set.Version == 0 || set.Issued < 0 {
		return nil, ErrList
	}
	l := &List{Version: set.Version, Issued: set.Issued}
	var err error
	if l.Revoked, err = unpacked[Revocation](set.Revoked); err != nil {
		return nil, err
	}
	names := map[KeyID]bool{}
	for _, i := range set.Issuers {
		known, err := unpacked[Mark](i.Known)
		if err != nil {
			return nil, err
		}
		one := Issuer{Key: i.Key, Name: i.Name, Code: i.Code, From: i.From, To: i.To, Revoked: i.Revoked, Known: known}
		if !one.sound() || names[KeyIDOf(one.Key)] {
			return nil, ErrList
		}
		names[KeyIDOf(one.Key)] = true
		l.Issuers = append(l.Issuers, one)
	}
	return l, nil
}

func (i Issuer) sound() bool {
	return len(i.Key) == ed25519.PublicKeySize && len(i.Name) <= maxIssuer && i.Code >= 0 && i.Code <= 999 &&
		i.From >= 0 && i.To >= 0 && (i.To == 0 || i.From <= i.To)
}

// packed writes ids one behind the other, sorted, each once: 10,000 take 80 kB and are searched in halves.
func packed[T ~[8]byte](ids []T) []byte {
	sorted := slices.Clone(ids)
	slices.SortFunc(sorted, compare[T])
	out := make([]byte, 0, 8*len(ids))
	for _, id := range slices.Compact(sorted) {
		out = append(out, id[:]...)
	}
	return out
}

func unpacked[T ~[8]byte](raw []byte) ([]T, error) {
	if len(raw)%8 != 0 {
		return nil, ErrList
	}
	out := make([]T, 0, len(raw)/8)
	for ; len(raw) > 0; raw = raw[8:] {
		id := T(raw[:8])
		if len(out) > 0 && compare(out[len(out)-1], id) >= 0 {
			return nil, ErrList
		}
		out = append(out, id)
	}
	return out, nil
}

func compare[T ~[8]byte](a, b T) int {
	x, y := [8]byte(a), [8]byte(b)
	return bytes.Compare(x[:], y[:])
}

func has[T ~[8]byte](sorted []T, id T) bool {
	_, found := slices.BinarySearchFunc(sorted, id, compare[T])
	return found
}
