package desk

import (
	"context"
	"errors"
	"time"

	"simpul/node/card"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/merge"
)

// NewCardLink makes the link by which one phone may open and keep the card that a
// member uses; the one before ends. It waits LinkLife for a phone, and stays open
// for that phone as long again. KindConflict when there is no card, or a blocked one.
func (d *Desk) NewCardLink(ctx context.Context, who Actor, op, id library.ID) (Link, error) {
	return d.newLinkFor(ctx, who, op, id, store.LinkCard, d.mayShowCard)
}

// mayShowCard refuses to give a phone what is not in force.
func (d *Desk) mayShowCard(p *merge.Person) error {
	c := p.Card()
	if c == nil {
		return library.E(library.KindConflict, "error.no_card")
	}
	if c.Blocked() || d.Store.Barred(c.ID) {
		return library.E(library.KindConflict, "error.card_blocked").Hinted("error.card_blocked.hint")
	}
	return nil
}

// CardLink is the link to a member's card; false when there is none.
func (d *Desk) CardLink(ctx context.Context, who Actor, id library.ID) (Link, bool, error) {
	return d.linkOf(ctx, who, id, store.LinkCard)
}

// CardWaits says to a phone whether the card of a token can be opened.
// KindConflict when another phone has.
func (d *Desk) CardWaits(ctx context.Context, token string) error {
	l, err := d.ofToken(ctx, token, store.LinkCard)
	return taken(l, err)
}

// OpenCard gives the card of a token to the phone that asks first, for LinkLife. key
// is what that phone shows from now on.
func (d *Desk) OpenCard(ctx context.Context, token string) (key string, err error) {
	return d.begin(ctx, token, store.LinkCard, LinkLife, nil)
}

// PhoneCard is what a visitor's phone shows beside the picture of the card.
type PhoneCard struct {
	Number library.MemberNumber
	Until  library.Date
	Ends   time.Time // when the phone can no longer open it
	Saved  bool      // it has asked for the picture to keep
	Web    string    // permanent address of the card at the centre; "" without one
}

// PhoneCard returns the card of a phone. KindNotFound for a key of no card, or when
// the card was blocked meanwhile; KindForbidden when its time has passed.
func (d *Desk) PhoneCard(ctx context.Context, key string) (PhoneCard, error) {
	l, p, err := d.cardOnPhone(ctx, key)
	if err != nil {
		return PhoneCard{}, err
	}
	web, err := d.webCardURL(ctx, p)
	if err != nil {
		return PhoneCard{}, err
	}
	rec := d.record(p)
	return PhoneCard{Web: web, Number: rec.Card.Number, Until: rec.Until, Ends: time.UnixMilli(l.Until), Saved: l.State == LinkArrived}, nil
}

// PhoneCardPicture is that card as PNG. keep says that the phone saves it, which the
// officer's screen then tells.
func (d *Desk) PhoneCardPicture(ctx context.Context, key string, keep bool, w Words) ([]byte, error) {
	l, p, err := d.cardOnPhone(ctx, key)
	if err != nil {
		return nil, err
	}
	f, err := d.face(ctx, p, p.Card(), w)
	if err != nil {
		return nil, told(err)
	}
	picture, err := card.PNG(f)
	if err != nil || !keep || l.State != LinkOpen {
		return picture, err
	}
	_, err = d.write(ctx, library.ID{}, func(tx *store.Tx) error {
		now, err := tx.Link(l.ID)
		if err != nil {
			return err
		}
		now.State, now.Seen = LinkArrived, d.Now().UnixMilli()
		return tx.PutLink(now)
	})
	return picture, err
}

func (d *Desk) cardOnPhone(ctx context.Context, key string) (l store.Link, p *merge.Person, err error) {
	id, secret, err := d.phoneKey(key)
	if err != nil {
		return l, nil, err
	}
	l, err = d.Store.Link(ctx, id)
	if l, err = d.phones(l, err, store.LinkCard, secret); err != nil {
		return l, nil, err
	}
	if d.Now().UnixMilli() > l.Until {
		return l, nil, library.E(library.KindForbidden, "error.link_late").Hinted("error.link.hint")
	}
	p, err = d.Store.Person(ctx, l.Person)
	if err == nil && d.mayShowCard(p) != nil || errors.Is(err, store.ErrNotFound) {
		err = library.E(library.KindNotFound, "error.link_unknown").Hinted("error.link.hint")
	}
	return l, p, told(err)
}
