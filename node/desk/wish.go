package desk

import (
	"context"
	"slices"
	"time"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// WishReasons are why somebody asks to be erased, WishAskers who may ask
// (UU 27/2022 art. 8).
func WishReasons() []string { return []string{"request", "unlawful", "mistake"} }

// WishAskers are who may ask for it.
func WishAskers() []string { return []string{"self", "guardian", "family"} }

// Withdrawn is why a wish ended that the branch took back itself.
const Withdrawn = "withdrawn"

// WishInput asks the centre to erase a member.
type WishInput struct {
	Reason   string               // one of WishReasons
	By       string               // one of WishAskers
	Identity library.IdentityKind // what whoever asks has shown
	Checked  bool                 // an officer compared it with that person
	Note     string
	Version  string
}

// AskErasure asks the centre to erase a member. Nothing is erased before the centre
// decides: the wish travels with the next exchange, and is one more record of the
// person, which goes with the erasure. KindConflict when one waits already.
func (d *Desk) AskErasure(ctx context.Context, who Actor, op, id library.ID, in WishInput) (Done, error) {
	if err := who.may(library.Correct); err != nil {
		return Done{}, err
	}
	var problems []library.Problem
	choose := func(field string, known bool) {
		if !known {
			problems = append(problems, library.Problem{Field: field, Key: library.KeyChoose})
		}
	}
	choose("reason", slices.Contains(WishReasons(), in.Reason))
	choose("by", slices.Contains(WishAskers(), in.By))
	choose("identity", in.Identity.Valid())
	if !in.Checked {
		problems = append(problems, library.Problem{Field: "checked", Key: "problem.wish_checked"})
	}
	if len(problems) > 0 {
		return Done{}, library.Invalid(problems...)
	}
	return d.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(id[:])
		p, err := person(tx, id, in.Version)
		if err != nil {
			return err
		}
		if len(p.OpenWishes()) > 0 {
			return library.E(library.KindConflict, "error.wish_waits").Hinted("error.wish_waits.hint")
		}
		_, err = d.append(tx, who, event.ErasureAsked, id, &event.ErasureWish{Reason: in.Reason, By: in.By, Identity: string(in.Identity), Note: library.CleanLine(in.Note)})
		return err
	})
}

// WithdrawErasure takes a wish back that the centre has not answered: the person
// thought better of it, or it was a slip. Of a member of whom nothing is asked it
// does nothing.
func (d *Desk) WithdrawErasure(ctx context.Context, who Actor, op, id library.ID) (Done, error) {
	if err := who.may(library.Correct); err != nil {
		return Done{}, err
	}
	return d.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(id[:])
		p, err := person(tx, id, "")
		if err != nil {
			return err
		}
		reply := ReplyTo(p, Withdrawn, "")
		if len(reply.Wishes) == 0 {
			return nil
		}
		_, err = d.append(tx, who, event.ErasureDeclined, id, reply)
		return err
	})
}

// ReplyTo ends all wishes about a person that are open.
func ReplyTo(p *merge.Person, reason, note string) *event.ErasureReply {
	reply := &event.ErasureReply{Reason: reason, Note: note}
	for _, w := range p.OpenWishes() {
		reply.Wishes = append(reply.Wishes, w.Hash)
	}
	return reply
}

// Wish is what became of the last wish to erase somebody who is still here.
type Wish struct {
	Asked    time.Time // zero: nobody asked
	Who      string    // officer
	Reason   string    // one of WishReasons
	By       string    // one of WishAskers
	Identity library.IdentityKind
	Note     string

	Answered time.Time // zero: it waits
	Answer   string    // why it was declined, or Withdrawn
	Words    string    // of whoever declined
}

// Waits reports whether the centre has not answered.
func (w Wish) Waits() bool { return !w.Asked.IsZero() && w.Answered.IsZero() }

// Wish says whether anybody asked to erase a member, and what became of it.
func (d *Desk) Wish(ctx context.Context, who Actor, id library.ID) (Wish, error) {
	if err := who.may(library.ReadMember); err != nil {
		return Wish{}, err
	}
	p, err := d.Store.Person(ctx, event.ID(id))
	if err != nil || len(p.Wishes) == 0 {
		return Wish{}, told(err)
	}
	names, err := d.OfficerNames(ctx)
	if err != nil {
		return Wish{}, err
	}
	return d.wishOf(p, names), nil
}

func (d *Desk) wishOf(p *merge.Person, names map[library.ID]string) Wish {
	last := p.Wishes[len(p.Wishes)-1]
	w := Wish{Asked: time.UnixMilli(last.Wall).In(d.Zone), Who: names[library.ID(last.Officer)], Reason: last.Reason, By: last.By,
		Identity: library.IdentityKind(last.Identity), Note: last.Note}
	for _, r := range p.Replies {
		if slices.Contains(r.Wishes, last.Hash) {
			w.Answered, w.Answer, w.Words = time.UnixMilli(r.Wall).In(d.Zone), r.Reason, r.Note
		}
	}
	return w
}
