package desk

import (
	"bytes"
	"context"
	"time"

	"simpul/node/card/sign"
	"simpul/node/library"
	"simpul/node/store"
)

// trusted is whom to trust, as it was read last.
type trusted struct {
	raw  []byte
	list *sign.List
}

// trustList is what the centre's decisions say of cards; nil while it has not said anything. It is made anew only when that
// has changed, and needs no open vault.
func (d *Desk) trustList(ctx context.Context) (*sign.List, error) {
	now, raw, err := d.Store.Trusted(ctx)
	if err != nil || raw == nil {
		return nil, told(err)
	}
	if kept := d.trusted.Load(); kept != nil && bytes.Equal(kept.raw, raw) {
		return kept.list, nil
	}
	list := new(sign.List)
	for _, i := range now.Issuers {
		one := sign.Issuer{Key: i.Key, Name: i.Name, Revoked: i.Revoked}
		for _, code := range i.Codes {
			one.Codes = append(one.Codes, int(code))
		}
		list.Issuers = append(list.Issuers, one)
	}
	for _, card := range now.Barred {
		list.Blocked = append(list.Blocked, sign.RevocationOf(card))
	}
	sign.SortBlocked(list.Blocked)
	d.trusted.Store(&trusted{raw, list})
	return list, nil
}

// TrustAge says how long ago the centre last told whom to trust: the age of the last exchange that came through, or of the
// newest stick. known is false before the first, and on a PC that has not joined; stale after sign.Stale. What the centre decides, it knows at once.
func (d *Desk) TrustAge(ctx context.Context) (age time.Duration, known, stale bool, err error) {
	if d.Settings().Role == library.NodeCentre {
		return 0, true, false, nil
	}
	s, err := d.Store.ExchangeStatus(ctx)
	last := s.Succeeded
	if s.Heard.After(last) {
		last = s.Heard
	}
	if err != nil || !s.Joined || last.IsZero() {
		return 0, false, false, told(err)
	}
	age = max(0, d.Now().Sub(last)) // an exchange in the future, by a wrong clock, is new
	return age, true, age > sign.Stale, nil
}

// trust is what cards are judged by today.
func (d *Desk) trust(ctx context.Context) (sign.Trust, error) {
	own, err := d.ownIssuer(ctx)
	if err != nil {
		return sign.Trust{}, err
	}
	list, err := d.trustList(ctx)
	if err != nil {
		return sign.Trust{}, err
	}
	return sign.Trust{List: list, Own: own, Today: int64(d.Today().Days()), Blind: !d.Vault.IsOpen(),
		Find: func(number string) ([]sign.Known, error) { return d.knownCards(ctx, number) }}, nil
}

// knownCards are the cards with a number, by the records that are here and else by the directory.
func (d *Desk) knownCards(ctx context.Context, number string) ([]sign.Known, error) {
	cards, err := d.Store.CardsNumbered(ctx, number)
	if err != nil {
		return nil, err
	}
	var out []sign.Known
	for _, c := range cards {
		out = append(out, sign.Known{Card: sign.RevocationOf(c.Card), Until: c.Until, Blocked: c.Blocked, Replaced: c.Replaced, Person: c.Person})
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

// knownAway is a card of a member of another branch.
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
