package desk

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"time"

	"simpul/node/card/sign"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
)

// The local values that hold the trust list: as the centre signed it, and the centre's key.
const (
	localTrust  = "trust_list"
	localCentre = "trust_centre"
)

// loadTrust reads the list that was kept; none before the first exchange. A damaged one is no list: its cards are then
// of unknown issuers until the next exchange.
func (d *Desk) loadTrust(ctx context.Context) error {
	list, err := d.keptTrust(ctx)
	if errors.Is(err, sign.ErrList) {
		d.Log.Error("the kept trust list is damaged")
		return nil
	}
	if err == nil {
		d.trusted.Store(list)
	}
	return err
}

func (d *Desk) keptTrust(ctx context.Context) (*sign.List, error) {
	signed, err := d.Store.Local(ctx, localTrust)
	if err != nil || len(signed) == 0 {
		return nil, err
	}
	centre, err := d.Store.Local(ctx, localCentre)
	if err != nil {
		return nil, err
	}
	return sign.OpenList(signed, centre)
}

// TakeTrustList puts a newer list of the centre in use: KindInvalid when the centre did not sign it, KindConflict when it
// is older than the one in use. It needs no open vault. Only the node itself does it, for what an exchange brought.
func (d *Desk) TakeTrustList(ctx context.Context, who Actor, signed []byte, centre ed25519.PublicKey) error {
	if who.Role != System.Role {
		return library.E(library.KindForbidden, "error.forbidden")
	}
	d.taking.Lock()
	defer d.taking.Unlock()
	next, err := d.trusted.Load().Next(signed, centre)
	switch {
	case errors.Is(err, sign.ErrOlder):
		return library.E(library.KindConflict, "error.trust_older").Because(err)
	case err != nil:
		return library.E(library.KindInvalid, "error.trust_list").Because(err)
	}
	_, err = d.Store.Write(ctx, event.ID{}, func(tx *store.Tx) error {
		if err := tx.PutLocal(localCentre, centre); err != nil {
			return err
		}
		return tx.PutLocal(localTrust, signed)
	})
	if err != nil {
		return told(fmt.Errorf("desk: keep the trust list: %w", err))
	}
	d.trusted.Store(next)
	return nil
}

// TrustAge says how old the trust list is; known is false before the first exchange, stale after sign.Stale.
func (d *Desk) TrustAge() (age time.Duration, known, stale bool) {
	list := d.trusted.Load()
	if list == nil {
		return 0, false, false
	}
	age = list.Age(d.Now())
	return age, true, age > sign.Stale
}

// trust is what cards are judged by today.
func (d *Desk) trust(ctx context.Context) (sign.Trust, error) {
	own, err := d.ownIssuer(ctx)
	if err != nil {
		return sign.Trust{}, err
	}
	t := sign.Trust{List: d.trusted.Load(), Own: own, Today: int64(d.Today().Days())}
	t.Find = func(number string) ([]sign.Known, error) { return d.knownCards(ctx, own, number) }
	return t, nil
}

// knownCards is what this node's own log knows of a number. Its own key may have signed any card in it: the log is what it
// prints from.
func (d *Desk) knownCards(ctx context.Context, own *sign.Issuer, number string) ([]sign.Known, error) {
	cards, err := d.Store.CardsNumbered(ctx, number)
	if err != nil {
		return nil, err
	}
	var keys []sign.KeyID
	if own != nil {
		keys = []sign.KeyID{sign.KeyIDOf(own.Key)}
	}
	var out []sign.Known
	for _, c := range cards {
		out = append(out, sign.Known{Card: sign.RevocationOf(c.Card), Until: c.Until, Blocked: c.Blocked, Replaced: c.Replaced, Keys: keys, Person: c.Person})
	}
	if len(out) > 0 {
		return out, nil
	}
	return d.oldNumbers(ctx, number)
}

// oldNumbers are members of other branches, whom the directory knows, and members who had the number in another system; nobody
// while the vault is closed.
func (d *Desk) oldNumbers(ctx context.Context, number string) ([]sign.Known, error) {
	holders, err := d.Store.HoldersOf(ctx, number)
	if err != nil {
		return nil, err
	}
	var out []sign.Known
	for _, h := range holders {
		if h.Away {
			k, err := d.knownAway(ctx, h)
			if err != nil {
				return nil, err
			}
			out = append(out, k)
			continue
		}
		p, err := d.Store.Person(ctx, h.Person)
		if err != nil {
			return nil, err
		}
		k := sign.Known{Old: true, Person: p.ID, Until: p.Term.Value.Until}
		if c := p.Card(); c != nil {
			k.Blocked = c.Blocked() || d.Store.Barred(c.ID)
		}
		out = append(out, k)
	}
	return out, nil
}

// knownAway is a card of a member of another branch. Which key signed it, the trust list knows.
func (d *Desk) knownAway(ctx context.Context, h store.Holder) (sign.Known, error) {
	e, err := d.Store.Entry(ctx, h.Person)
	if err != nil {
		return sign.Known{}, err
	}
	k := sign.Known{Card: sign.RevocationOf(h.Card), Until: e.Until, Person: h.Person}
	for _, c := range e.Cards {
		if c.ID == h.Card {
			k.Blocked, k.Replaced = c.State == 1 || d.Store.Barred(c.ID), c.State == 2
		}
	}
	return k, nil
}
