package desk

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// Links are one-shot addresses for a visitor's phone: an officer shows one as a
// code, and whoever holds it may do one thing for one registration. The database
// knows a token by its hash only; the tokens that can still be shown live in the
// memory of this run.

const (
	// LinkLife is how long a link waits for a phone.
	LinkLife = 10 * time.Minute
	// linkGrace is how long a phone that is sending may pause before its link ends.
	linkGrace = 2 * time.Minute
	// linkKept is how long a link that has ended is remembered, so that who comes
	// late is told so.
	linkKept = 24 * time.Hour

	linkBytes = 16
)

var tokenText = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Link is a one-shot link as the officer's page shows it.
type Link struct {
	Token string // "" when it was made before a restart: then it cannot be shown again
	Until time.Time
	State string // LinkOpen, LinkArrived or LinkUsed
	Begun bool   // a phone has opened or sent something
	Sent  int64  // bytes
	Size  int64  // bytes that there will be; 0 before the first
	Mark  string // changes with what has arrived, for addresses
}

// States of a link.
const (
	LinkOpen    = store.LinkOpen
	LinkArrived = store.LinkArrived // the photo waits for the officer
	LinkUsed    = store.LinkUsed
)

// codes are the tokens of this run that codes can still be drawn of.
type codes struct {
	mu     sync.Mutex
	tokens map[event.ID]codeToken
}

type codeToken struct {
	token string
	until time.Time
}

func (s *codes) put(id event.ID, t codeToken, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tokens == nil {
		s.tokens = map[event.ID]codeToken{}
	}
	for old, t := range s.tokens {
		if now.Sub(t.until) > linkKept {
			delete(s.tokens, old)
		}
	}
	s.tokens[id] = t
}

func (s *codes) get(id event.ID) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tokens[id].token
}

// newLink makes a link within a use case and forgets those that ended long ago.
// The caller shows its token once the transaction has held.
func (d *Desk) newLink(tx *store.Tx, who Actor, kind string, registration library.ID, life time.Duration) (token string, l store.Link, err error) {
	raw := make([]byte, linkBytes)
	if _, err := io.ReadFull(d.Rand, raw); err != nil {
		return "", l, fmt.Errorf("desk: make a link: %w", err)
	}
	token = tokenText.EncodeToString(raw)
	now := d.Now()
	l = store.Link{ID: store.LinkID(token), Kind: kind, Person: event.ID(registration), Officer: event.ID(who.Officer), Until: now.Add(life).UnixMilli(), State: LinkOpen}
	if err := tx.DropLinks(now.UnixMilli(), now.Add(-linkKept).UnixMilli()); err != nil {
		return "", l, err
	}
	if !registration.IsZero() {
		if err := tx.DropLinksOf(l.Person, kind); err != nil {
			return "", l, err
		}
	}
	return token, l, tx.PutLink(l)
}

func (d *Desk) link(l store.Link) Link {
	return Link{Token: d.codes.get(l.ID), Until: time.UnixMilli(l.Until), State: l.State, Begun: l.Sent > 0 || l.Phone != [32]byte{},
		Sent: l.Sent, Size: l.Size, Mark: l.Upload}
}

// Over reports whether the time of a link has passed.
func (l Link) Over(now time.Time) bool { return now.After(l.Until) }

// held finds the link of a token for a phone. KindNotFound when there is none;
// KindConflict when it has been used; KindForbidden when its time has passed.
func (d *Desk) held(l store.Link, err error, kind string) (store.Link, error) {
	switch {
	case errors.Is(err, store.ErrNotFound) || err == nil && l.Kind != kind:
		return l, library.E(library.KindNotFound, "error.link_unknown").Hinted("error.link.hint")
	case err != nil:
		return l, told(err)
	case l.State == LinkUsed:
		return l, library.E(library.KindConflict, "error.link_used").Hinted("error.link.hint")
	case d.Now().UnixMilli() > l.Until && l.State == LinkOpen:
		return l, library.E(library.KindForbidden, "error.link_late").Hinted("error.link.hint")
	}
	return l, nil
}

// ofToken is held for a token.
func (d *Desk) ofToken(ctx context.Context, token, kind string) (store.Link, error) {
	if !d.Open() {
		return store.Link{}, library.E(library.KindUnavailable, "error.phone_closed").Hinted("error.phone_closed.hint")
	}
	l, err := d.Store.Link(ctx, store.LinkID(token))
	return d.held(l, err, kind)
}

func taken(l store.Link, err error) error {
	if err == nil && l.Phone != [32]byte{} {
		return library.E(library.KindConflict, "error.link_taken").Hinted("error.link.hint")
	}
	return err
}

// begin gives the link of a token to the phone that asks first, and to no other,
// for life from now; note is kept with it. key is what that phone shows from now
// on. KindConflict when another phone has it.
func (d *Desk) begin(ctx context.Context, token, kind string, life time.Duration, note map[string]string) (key string, err error) {
	l, err := d.ofToken(ctx, token, kind)
	if err := taken(l, err); err != nil {
		return "", err
	}
	secret, err := d.secret()
	if err != nil {
		return "", err
	}
	_, err = d.write(ctx, library.ID{}, func(tx *store.Tx) error {
		l, err := tx.Link(l.ID)
		l, err = d.held(l, err, kind)
		if err := taken(l, err); err != nil {
			return err
		}
		now := d.Now()
		l.Phone, l.Until, l.Begun, l.Seen, l.Draft = sha256.Sum256([]byte(secret)), now.Add(life).UnixMilli(), now.UnixMilli(), now.UnixMilli(), note
		return tx.PutLink(l)
	})
	return library.ID(l.ID).String() + "." + secret, err
}

// secret is what only the phone or browser of one link knows.
func (d *Desk) secret() (string, error) {
	raw := make([]byte, 2*linkBytes)
	if _, err := io.ReadFull(d.Rand, raw); err != nil {
		return "", fmt.Errorf("desk: give a link to a phone: %w", err)
	}
	return tokenText.EncodeToString(raw), nil
}

const keyLetters = 26 // of an id

// phoneKey takes the key of a phone apart. KindNotFound when it is none.
func (d *Desk) phoneKey(key string) (event.ID, string, error) {
	gone := library.E(library.KindNotFound, "error.link_unknown").Hinted("error.link.hint")
	if len(key) <= keyLetters+1 {
		return event.ID{}, "", gone
	}
	id, err := library.ParseID(key[:keyLetters])
	if err != nil {
		return event.ID{}, "", gone
	}
	if !d.Open() {
		return event.ID{}, "", library.E(library.KindUnavailable, "error.phone_closed").Hinted("error.phone_closed.hint")
	}
	return event.ID(id), key[keyLetters+1:], nil
}

// phones checks that a link is that phone's. A form that was sent can still be
// looked at for its reference.
func (d *Desk) phones(l store.Link, err error, kind, secret string) (store.Link, error) {
	if err != nil || l.State != LinkUsed {
		if l, err = d.held(l, err, kind); err != nil {
			return l, err
		}
	}
	sum := sha256.Sum256([]byte(secret))
	if l.Kind != kind || subtle.ConstantTimeCompare(sum[:], l.Phone[:]) != 1 {
		return l, library.E(library.KindNotFound, "error.link_unknown").Hinted("error.link.hint")
	}
	return l, nil
}

// newLinkFor makes a link to what is one person's, in place of the one before, when
// may does not refuse it. KindConflict and the like are may's.
func (d *Desk) newLinkFor(ctx context.Context, who Actor, op, id library.ID, kind string, may func(*merge.Person) error) (Link, error) {
	if err := who.may(library.Register); err != nil {
		return Link{}, err
	}
	var l store.Link
	var token string
	done, err := d.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(id[:])
		p, err := person(tx, id, "")
		if err != nil {
			return err
		}
		if err := may(p); err != nil {
			return err
		}
		token, l, err = d.newLink(tx, who, kind, id, LinkLife)
		return err
	})
	if err != nil || done.Repeated {
		return Link{}, err
	}
	d.codes.put(l.ID, codeToken{token, time.UnixMilli(l.Until)}, d.Now())
	return d.link(l), nil
}

// linkOf is the newest link to what is one person's; false when there is none.
func (d *Desk) linkOf(ctx context.Context, who Actor, id library.ID, kind string) (Link, bool, error) {
	if err := who.may(library.Register); err != nil {
		return Link{}, false, err
	}
	l, there, err := d.Store.LinkOf(ctx, event.ID(id), kind)
	return d.link(l), there, told(err)
}
