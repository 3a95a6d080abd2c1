package sign

import (
	"fmt"
	"slices"
	"strings"

	"simpul/sync/event"
)

// Outcome is the answer about a card. Screens and commands have a sentence for each, and what to do.
type Outcome string

// The answers.
const (
	// Valid: signed by an issuer that is trusted, for this number, and not past its day.
	Valid Outcome = "valid"
	// Expired: genuine or registered, and past its day.
	Expired Outcome = "expired"
	// Blocked: blocked, replaced by another card, or signed with a key that was revoked.
	Blocked Outcome = "blocked"
	// UnknownIssuer: neither valid nor forged. The list here does not know the key, or does not bind it to this number.
	UnknownIssuer Outcome = "unknown-issuer"
	// Forged: the issuer is known, and the signature is not its own.
	Forged Outcome = "forged"
	// Registered: a bare number that is known here. It proves nothing.
	Registered Outcome = "registered"
	// Unregistered: a bare number that nobody here has.
	Unregistered Outcome = "unregistered"
	// Unreadable: the beginning of a card, and then not the rest.
	Unreadable Outcome = "unreadable"
	// Newer: a format that a later version writes.
	Newer Outcome = "newer"
	// Foreign: something else: a link, the pass of another app.
	Foreign Outcome = "foreign"
)

// Why says more about some outcomes.
type Why string

// The reasons.
const (
	WhyReplaced  Why = "replaced"   // of Blocked: another card took its place
	WhyIssuer    Why = "issuer"     // of Blocked: the issuer's key was revoked, and the directory does not know this card
	WhyKey       Why = "key"        // of UnknownIssuer: the key is in no list here
	WhyNumber    Why = "number"     // of UnknownIssuer: nothing binds the key to this number
	WhyOtherCard Why = "other-card" // of Valid: here, the number belongs to another card
)

// Known is a card as a directory knows it.
type Known struct {
	Card     Revocation
	Until    int64 // last valid day since 1970, renewals included
	Blocked  bool
	Replaced bool
	Person   event.ID // whose it is
	Old      bool     // a number of another system, without a card of ours
}

// Trust is what a card is judged by.
type Trust struct {
	List  *List   // nil before the first exchange
	Own   *Issuer // this node's own key; the list's word about it goes first
	Find  func(number string) ([]Known, error)
	Blind bool  // Find cannot say who is known elsewhere: the directory is closed
	Today int64 // day since 1970
}

// Answer is what was found out about a text.
type Answer struct {
	Outcome Outcome
	Why     Why
	Card    *Card  // as signed; nil for a bare number. Nothing in it is proven when Outcome is UnknownIssuer or Forged
	Issuer  string // name of who signed it
	Number  string
	Known   *Known // this very card in the directory; for a bare number the best of those that have it
	Until   int64  // last valid day since 1970; 0 when not known
	Proven  bool   // the signature was verified and the key is bound to the number
}

// Check judges the text of a QR, or a bare number as a person typed it or a Code 128 holds it. The text is taken as it
// is: what a scanner puts around it goes before (library.ScanText, library.CleanScan). The only errors are those of Find.
func (t Trust) Check(text string) (Answer, error) {
	if !LooksSigned(text) {
		return t.bare(text)
	}
	if !strings.HasPrefix(text, Prefix) {
		return Answer{Outcome: Newer}, nil
	}
	card, err := Parse(text)
	if err != nil {
		return Answer{Outcome: Unreadable}, nil
	}
	a := Answer{Card: &card, Number: card.Number, Until: card.Expires}
	issuer, found := t.issuer(card.Key)
	if !found {
		a.Outcome, a.Why = UnknownIssuer, WhyKey
		return a, nil
	}
	if !card.SignedBy(issuer.Key) {
		a.Outcome = Forged
		return a, nil
	}
	a.Issuer = issuer.Name
	known, err := t.find(card.Number)
	if err != nil {
		return a, err
	}
	if i := slices.IndexFunc(known, func(k Known) bool { return !k.Old && k.Card == card.Revocation }); i >= 0 {
		a.Known = &known[i]
	}
	t.judge(&a, issuer, len(known))
	return a, nil
}

// judge decides about a card whose signature is right. What restricts goes before what allows.
func (t Trust) judge(a *Answer, issuer Issuer, known int) {
	a.Proven = issuer.binds(a.Card.Claims, a.Known != nil)
	if a.Known != nil && a.Known.Until != 0 {
		a.Until = a.Known.Until
	}
	switch {
	case t.List.blocked(a.Card.Revocation) || a.Known != nil && a.Known.Blocked:
		a.Outcome = Blocked
	case a.Known != nil && a.Known.Replaced:
		a.Outcome, a.Why = Blocked, WhyReplaced
	case !a.Proven && issuer.Revoked && !t.Blind:
		a.Outcome, a.Why = Blocked, WhyIssuer
	case !a.Proven:
		a.Outcome, a.Why = UnknownIssuer, WhyNumber
	case a.Until < t.Today:
		a.Outcome = Expired
	default:
		a.Outcome = Valid
		if a.Known == nil && known > 0 {
			a.Why = WhyOtherCard
		}
	}
}

func (t Trust) issuer(key KeyID) (Issuer, bool) {
	if i, found := t.List.issuer(key); found {
		return i, true
	}
	if t.Own != nil && KeyIDOf(t.Own.Key) == key {
		return *t.Own, true
	}
	return Issuer{}, false
}

func (t Trust) find(number string) ([]Known, error) {
	if t.Find == nil {
		return nil, nil
	}
	known, err := t.Find(number)
	if err != nil {
		return nil, fmt.Errorf("sign: look up number: %w", err)
	}
	return known, nil
}

// maxBare is the longest bare number that is looked up.
const maxBare = 64

// Foreigner reports whether a text is a code of something else: links, codes of a Wi-Fi and the passes of other apps name
// their kind before a colon, which is in no member number, ours or INLISLite's.
func Foreigner(text string) bool { return strings.Contains(text, ":") }

// bare answers about a number without a signature: whether it is registered, never whether the card is genuine.
func (t Trust) bare(text string) (Answer, error) {
	if text == "" || len(text) > maxBare || Foreigner(text) || !strings.ContainsAny(text, "0123456789") {
		return Answer{Outcome: Foreign}, nil
	}
	known, err := t.find(text)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{Outcome: Unregistered, Number: text}
	// A number may have several cards: the one that is best off speaks for it.
	rank := []Outcome{Registered, Expired, Blocked}
	for i := range known {
		k := &known[i]
		now, why := k.state(t)
		if a.Known == nil || slices.Index(rank, now) < slices.Index(rank, a.Outcome) {
			a.Outcome, a.Why, a.Known, a.Until = now, why, k, k.Until
		}
	}
	return a, nil
}

func (k *Known) state(t Trust) (Outcome, Why) {
	switch {
	case k.Blocked || !k.Old && t.List.blocked(k.Card):
		return Blocked, ""
	case k.Replaced:
		return Blocked, WhyReplaced
	case k.Until != 0 && k.Until < t.Today:
		return Expired, ""
	}
	return Registered, ""
}
