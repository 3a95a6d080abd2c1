package desk

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"math/big"
	"strconv"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// maxSerial is the highest serial of a member number.
const maxSerial = 99999

// Issue makes the member and the card (SOP step 5): the number is assigned in
// the transaction, so it is never given twice. A photo must have been attached,
// declined or deferred before, and a consent to membership given.
func (d *Desk) Issue(ctx context.Context, who Actor, op, id library.ID, version string) (Done, error) {
	if err := who.may(library.Register); err != nil {
		return Done{}, err
	}
	return d.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(id[:])
		p, err := person(tx, id, version)
		if err != nil {
			return err
		}
		if err := stage(p, merge.StageVerified); err != nil {
			return err
		}
		_, err = d.issue(tx, who, p, event.CardIssued, event.ID{}, "")
		return err
	})
}

func (d *Desk) issue(tx *store.Tx, who Actor, p *merge.Person, t event.Type, old event.ID, reason string) (event.Record, error) {
	consent, ok := p.Consent(string(library.ConsentMembership))
	if !ok || consent.Refused {
		return event.Record{}, library.E(library.KindConflict, "error.no_consent").Hinted("error.no_consent.hint")
	}
	if consent.By != ByGuardian && d.rules(nil).IsChild(FormOf(p).Birth) {
		return event.Record{}, library.E(library.KindConflict, "error.guardian_consent").Hinted("error.guardian_consent.hint")
	}
	if p.Photo.Value.State == "" {
		return event.Record{}, library.Invalid(library.Problem{Field: "photo", Key: "problem.photo_missing"})
	}
	number, err := d.nextNumber(tx)
	if err != nil {
		return event.Record{}, err
	}
	s := d.Settings()
	kind := p.Get(event.FieldMemberKind)
	from := int64(d.Today().Days())
	if p.Opened.Value.Day != 0 && t == event.CardIssued {
		from = p.Opened.Value.Day
	}
	until := from + int64(s.days(kind))
	if t == event.CardReplaced && p.Term.Value.Until > 0 {
		until = p.Term.Value.Until // replacing a lost card is no renewal
	}
	rec, err := d.append(tx, who, t, library.ID(p.ID), &event.Card{Number: string(number), Kind: kind, From: from, Until: until, Old: old, Reason: reason})
	if err != nil {
		return rec, err
	}
	return rec, d.resolveNumber(tx, p.ID, string(number))
}

// days is how long a card of a member kind is valid.
func (s Settings) days(kind string) int {
	if k, ok := library.FindMemberKind(s.MemberKinds, kind); ok {
		return k.Days
	}
	return s.MemberKinds[0].Days
}

// nextNumber assigns the next member number of the open stream: in order where a
// centre has granted the incarnation, else at random, so that two nodes that
// were never enrolled and share a code hardly ever print the same.
func (d *Desk) nextNumber(tx *store.Tx) (library.MemberNumber, error) {
	s := d.Settings()
	year := d.Now().In(d.Zone).Year()
	incarnation, granted := tx.Incarnation()
	if granted {
		return d.serialNumber(tx, s.Code, year, incarnation)
	}
	for range 64 {
		serial, err := randomSerial(d.Rand)
		if err != nil {
			return "", err
		}
		n, err := library.NewMemberNumber(s.Code, year, incarnation, serial)
		if err != nil {
			return "", err
		}
		taken, err := tx.NumberTaken(string(n))
		if err != nil {
			return "", err
		}
		if !taken {
			return n, nil
		}
	}
	return d.serialNumber(tx, s.Code, year, incarnation)
}

// serialNumber is the number after the highest of its incarnation; a full
// incarnation goes on in the other one.
func (d *Desk) serialNumber(tx *store.Tx, code, year, incarnation int) (library.MemberNumber, error) {
	for i := range 2 {
		inc := incarnation
		if i == 1 {
			inc = 17 - incarnation // 8 and 9
			if incarnation < 8 {
				break
			}
		}
		prefix := fmt.Sprintf("%03d%02d%d", code, year%100, inc)
		last, err := tx.LastNumber(prefix)
		if err != nil {
			return "", err
		}
		next := 0
		if len(last) == 12 {
			if n, err := strconv.Atoi(last[6:11]); err == nil {
				next = n + 1
			}
		}
		if next <= maxSerial {
			return library.NewMemberNumber(code, year, inc, next)
		}
	}
	return "", library.E(library.KindUnavailable, "error.numbers_used_up").Hinted("error.numbers_used_up.hint")
}

func randomSerial(from io.Reader) (int, error) {
	n, err := rand.Int(from, big.NewInt(maxSerial+1))
	if err != nil {
		return 0, fmt.Errorf("desk: randomness: %w", err)
	}
	return int(n.Int64()), nil
}

// HandOverInput is SOP step 6: to whom and how.
type HandOverInput struct {
	Card library.ID // zero: the card in use
	To   string     // self, guardian, other
	How  string     // key of library.HandoverWays
	Name string     // when it was not the member
	Day  library.Date
}

// check says what is missing: whoever is neither the member nor the guardian is named.
func (in HandOverInput) check() []library.Problem {
	var problems []library.Problem
	if in.To != "" && in.To != "self" && in.To != "guardian" && in.To != "other" {
		problems = append(problems, library.Problem{Field: "to", Key: library.KeyChoose})
	}
	if in.To == "other" && library.CleanLine(in.Name) == "" {
		problems = append(problems, library.Problem{Field: "receiver", Key: library.KeyMissing})
	}
	if _, ok := library.Find(library.HandoverWays(), in.How); !ok {
		problems = append(problems, library.Problem{Field: "how", Key: library.KeyChoose})
	}
	return problems
}

// HandOver records that the card was given to the member (SOP step 6).
func (d *Desk) HandOver(ctx context.Context, who Actor, op, id library.ID, in HandOverInput) (Done, error) {
	if err := who.may(library.Register); err != nil {
		return Done{}, err
	}
	if problems := in.check(); len(problems) > 0 {
		return Done{}, library.Invalid(problems...)
	}
	return d.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(id[:])
		p, err := person(tx, id, "")
		if err != nil {
			return err
		}
		return d.handOver(tx, who, p, in)
	})
}

func (d *Desk) handOver(tx *store.Tx, who Actor, p *merge.Person, in HandOverInput) error {
	c := cardOf(p, in.Card)
	if c == nil {
		return library.E(library.KindConflict, "error.no_card")
	}
	body := &event.HandOver{Card: c.ID, To: in.To, How: in.How, Name: library.CleanLine(in.Name)}
	if body.To == "" {
		body.To = "self"
	}
	if !in.Day.IsZero() {
		body.Day = int64(in.Day.Days())
	}
	_, err := d.append(tx, who, event.CardHandedOver, library.ID(p.ID), body)
	return err
}

func cardOf(p *merge.Person, id library.ID) *merge.Card {
	if id.IsZero() {
		return p.Card()
	}
	return p.CardByID(event.ID(id))
}

// Block blocks the card in use, with a reason.
func (d *Desk) Block(ctx context.Context, who Actor, op, id library.ID, reason, note string) (Done, error) {
	if err := who.may(library.Block); err != nil {
		return Done{}, err
	}
	if reason == "" {
		return Done{}, library.Invalid(library.Problem{Field: "reason", Key: library.KeyChoose})
	}
	return d.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(id[:])
		p, err := person(tx, id, "")
		if err != nil {
			return err
		}
		c := p.Card()
		if c == nil {
			return library.E(library.KindConflict, "error.no_card")
		}
		_, err = d.append(tx, who, event.CardBlocked, id, &event.CardMark{Card: c.ID, Reason: reason, Note: library.CleanLine(note)})
		return err
	})
}

// Unblock lifts the blocks that this officer sees, with a reason. A block that
// another node made meanwhile stays in force.
func (d *Desk) Unblock(ctx context.Context, who Actor, op, id library.ID, reason string) (Done, error) {
	if err := who.may(library.Block); err != nil {
		return Done{}, err
	}
	if reason = library.CleanLine(reason); reason == "" {
		return Done{}, library.Invalid(library.Problem{Field: "reason", Key: library.KeyMissing})
	}
	return d.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(id[:])
		p, err := person(tx, id, "")
		if err != nil {
			return err
		}
		c := p.Card()
		if c == nil || !c.Blocked() {
			return library.E(library.KindConflict, "error.not_blocked")
		}
		body := &event.CardRelease{Card: c.ID, Reason: reason}
		for _, b := range c.OpenBlocks() {
			body.Blocks = append(body.Blocks, b.Hash)
		}
		_, err = d.append(tx, who, event.CardUnblocked, id, body)
		return err
	})
}

// Renew extends the membership by the days of its kind, from today or from the
// old end as the settings say.
func (d *Desk) Renew(ctx context.Context, who Actor, op, id library.ID, kind string) (Done, error) {
	if err := who.may(library.Register); err != nil {
		return Done{}, err
	}
	s := d.Settings()
	return d.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(id[:])
		p, err := person(tx, id, "")
		if err != nil {
			return err
		}
		if !p.Member() {
			return library.E(library.KindConflict, "error.no_card")
		}
		if kind == "" {
			kind = p.Term.Value.Kind
		}
		from := int64(d.Today().Days())
		if !s.RenewFromToday && p.Term.Value.Until > from {
			from = p.Term.Value.Until
		}
		_, err = d.append(tx, who, event.MemberRenewed, id, &event.Renewal{From: from, Until: from + int64(s.days(kind)), Kind: kind})
		return err
	})
}

// Replace issues a new card, with a new number, for one that was lost or damaged;
// the old card is no longer in use. The number of a member stays known: both lead
// to the member.
func (d *Desk) Replace(ctx context.Context, who Actor, op, id library.ID, reason string) (Done, error) {
	if err := who.may(library.Register); err != nil {
		return Done{}, err
	}
	if reason == "" {
		return Done{}, library.Invalid(library.Problem{Field: "reason", Key: library.KeyChoose})
	}
	return d.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(id[:])
		p, err := person(tx, id, "")
		if err != nil {
			return err
		}
		c := p.Card()
		if c == nil {
			return library.E(library.KindConflict, "error.no_card")
		}
		if (c.Blocked() || d.Store.Barred(c.ID)) && reason != "lost" {
			return library.E(library.KindConflict, "error.card_blocked").Hinted("error.card_blocked.hint")
		}
		_, err = d.issue(tx, who, p, event.CardReplaced, c.ID, reason)
		return err
	})
}
