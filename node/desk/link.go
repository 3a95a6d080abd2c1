package desk

import (
	"context"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
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
