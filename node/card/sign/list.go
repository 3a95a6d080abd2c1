package sign

import (
	"bytes"
	"crypto/ed25519"
	"slices"
	"time"

	"simpul/node/library"
)

// Stale is the age of the last exchange that earns a warning: a key stolen since then is still trusted here.
const Stale = 14 * 24 * time.Hour

// List is whom to trust, as the centre has decided. A list in use is not changed.
type List struct {
	Issuers []Issuer
	Blocked []Revocation // cards blocked everywhere, sorted by SortBlocked
}

// Issuer is a key that signs cards, one for each PC.
type Issuer struct {
	Key     ed25519.PublicKey
	Name    string // of the branch, for people
	Codes   []int  // NNN: the member numbers that it gives out itself
	Revoked bool   // lost or stolen: only the cards that the directory knows stand
}

// SortBlocked puts blocked cards into the order in which List has them.
func SortBlocked(cards []Revocation) { slices.SortFunc(cards, compare) }

func compare(a, b Revocation) int { return bytes.Compare(a[:], b[:]) }

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

// blocked says whether a card is blocked by the list.
func (l *List) blocked(card Revocation) bool {
	if l == nil {
		return false
	}
	_, found := slices.BinarySearchFunc(l.Blocked, card, compare)
	return found
}

// binds says whether the key may have signed this card. known: the directory has the card under this number and id.
func (i Issuer) binds(c Claims, known bool) bool {
	number := library.MemberNumber(c.Number)
	return known || !i.Revoked && number.Valid() && slices.Contains(i.Codes, number.Code())
}
