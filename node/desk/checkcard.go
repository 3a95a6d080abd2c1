package desk

import (
	"context"
	"errors"
	"strings"
	"time"

	"simpul/node/card/scan"
	"simpul/node/card/sign"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/node/vault"
	"simpul/sync/event"
)

// CardOutcome is the answer about a card, CardWhy more about some.
type (
	CardOutcome = sign.Outcome
	CardWhy     = sign.Why
)

// The answers, as screens and commands know them.
const (
	CardValid         = sign.Valid
	CardExpired       = sign.Expired
	CardBlocked       = sign.Blocked
	CardUnknownIssuer = sign.UnknownIssuer
	CardForged        = sign.Forged
	CardRegistered    = sign.Registered
	CardUnregistered  = sign.Unregistered
	CardUnreadable    = sign.Unreadable
	CardNewer         = sign.Newer
	CardForeign       = sign.Foreign
)

// CheckedCard is what was found out about a card (SOP step 1: is this a member?).
type CheckedCard struct {
	Outcome CardOutcome
	Why     CardWhy
	Signed  bool // a QR of ours; else a bare number, which proves nothing
	Proven  bool // the signature holds. Otherwise Name, Branch and Kind are only what somebody wrote

	Number  library.MemberNumber
	Name    string // as signed, perhaps cut
	Branch  string // as signed
	Home    string // of a member of another branch: which one, by the district's list
	Held    string // and the name in that list
	Kind    string // label of the member kind
	Issuer  string // who signed it
	Issued  library.Date
	Printed library.Date // last day as it stands on the card
	Until   library.Date // last day of the membership, as far as it is known here

	Person library.ID // of the member, when the card is known here
	Record *Record    // zero while the vault is closed, or when the actor may not read members

	ListAge   time.Duration // since the centre last told whom to trust
	ListKnown bool
	ListStale bool
	Clock     bool // the PC's clock is not to be believed, so neither is "expired"
}

// LooksSigned reports whether what was scanned is, or begins like, the QR of a member's card.
func LooksSigned(text string) bool { return sign.LooksSigned(library.ScanText(text)) }

// scanned takes off what a scanner puts around a code. Capitals, because Caps Lock turns what a scanner types.
func scanned(text string) string {
	if qr := library.ScanText(text); sign.LooksSigned(qr) {
		return strings.ToUpper(qr)
	}
	return library.CleanScan(text)
}

// CheckCard says whether a card is genuine and in force: the text of its QR, or its number. It works without a network
// and while the vault is closed; then names of members are not shown. Looking at a member's record is logged.
func (d *Desk) CheckCard(ctx context.Context, who Actor, text string) (CheckedCard, error) {
	if err := who.may(library.RecordVisit); err != nil {
		return CheckedCard{}, err
	}
	text = scanned(text)
	if text == "" {
		return CheckedCard{}, library.Invalid(library.Problem{Field: "code", Key: "problem.card.missing"})
	}
	a, err := d.judge(ctx, text)
	if err != nil {
		return CheckedCard{}, err
	}
	out := CheckedCard{Outcome: a.Outcome, Why: a.Why, Signed: sign.LooksSigned(text), Proven: a.Proven, Issuer: a.Issuer,
		Number: library.MemberNumber(a.Number), Clock: d.clockSuspect()}
	if out.ListAge, out.ListKnown, out.ListStale, err = d.TrustAge(ctx); err != nil {
		return CheckedCard{}, err
	}
	if a.Until > 0 {
		out.Until = library.DateFromDays(int(a.Until))
	}
	if c := a.Card; c != nil && a.Outcome != CardForged {
		out.Name, out.Branch, out.Kind = c.Name, c.Branch, c.Kind
		if k, ok := library.FindMemberKind(d.Settings().MemberKinds, c.Kind); ok {
			out.Kind = k.Label
		}
		out.Issued, out.Printed = library.DateFromDays(int(c.Issued)), library.DateFromDays(int(c.Expires))
	}
	if a.Known != nil {
		out.Person = library.ID(a.Known.Person)
		if out.Record, err = d.recordShown(ctx, who, a.Known.Person); err == nil && out.Record == nil {
			err = d.showAway(ctx, who, &out)
		}
	}
	return out, err
}

// FrameBytes is the most that one picture of a webcam may have.
const FrameBytes = scan.FrameBytes

// ReadFrame reads the code of a card in a picture of this PC's webcam: qr tells the
// QR from the bars beside it. "" when none can be read; the picture is not kept.
func (d *Desk) ReadFrame(ctx context.Context, who Actor, frame []byte) (code string, qr bool, err error) {
	if err := who.may(library.RecordVisit); err != nil {
		return "", false, err
	}
	select {
	case d.looking <- struct{}{}: // one at a time: a counter has one camera, and reading takes a whole core
		defer func() { <-d.looking }()
	case <-ctx.Done():
		return "", false, library.E(library.KindUnavailable, "error.unavailable").Because(ctx.Err())
	}
	c, _, err := scan.Frame(frame)
	if err != nil {
		return "", false, library.E(library.KindInvalid, "error.invalid").Because(err)
	}
	return c.Text, c.QR, nil
}

// showAway says of a member of another branch what the district's list knows, if the actor may see it and the vault is open.
func (d *Desk) showAway(ctx context.Context, who Actor, c *CheckedCard) error {
	if who.may(library.ReadMember) != nil || who.Officer.IsZero() || !d.Vault.IsOpen() {
		return nil
	}
	k, err := d.Known(ctx, who, c.Person)
	if library.KindOf(err) == library.KindNotFound {
		return nil
	}
	c.Home, c.Held = k.Home, k.Name
	return err
}

// recordShown is the record of a member whose card was shown, if the actor may see it and the vault is open.
func (d *Desk) recordShown(ctx context.Context, who Actor, id event.ID) (*Record, error) {
	if who.may(library.ReadMember) != nil || who.Officer.IsZero() || !d.Vault.IsOpen() {
		return nil, nil
	}
	p, err := d.Store.Person(ctx, id)
	if errors.Is(err, vault.ErrClosed) || errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, told(err)
	}
	r := d.record(p)
	return &r, d.logView(ctx, who, id, "")
}

// judge asks the trust list and the log about a scanned text.
func (d *Desk) judge(ctx context.Context, text string) (sign.Answer, error) {
	t, err := d.trust(ctx)
	if err != nil {
		return sign.Answer{}, told(err)
	}
	a, err := t.Check(text)
	return a, told(err)
}

// unsigned takes the number out of what was scanned, a card's QR or a bare number, where only the number counts. A QR
// that is no genuine card is a problem of the field "number"; one whose issuer is not known here says no more than its
// number would.
func (d *Desk) unsigned(ctx context.Context, text string) (number string, a sign.Answer, err error) {
	text = scanned(text)
	if !sign.LooksSigned(text) {
		return text, a, nil
	}
	if a, err = d.judge(ctx, text); err != nil {
		return "", a, err
	}
	switch a.Outcome {
	case CardForged, CardUnreadable, CardNewer:
		return "", a, library.Invalid(library.Problem{Field: "number", Key: "problem.card." + string(a.Outcome)})
	}
	return a.Number, a, nil
}

// pick is the holder whose card was shown, else the first: numbers are no unique keys, the card decides.
func pick(holders []store.Holder, a sign.Answer) []store.Holder {
	if a.Card == nil || !a.Proven {
		return holders
	}
	for _, h := range holders {
		if sign.RevocationOf(h.Card) == a.Card.Revocation {
			return []store.Holder{h}
		}
	}
	return holders
}
