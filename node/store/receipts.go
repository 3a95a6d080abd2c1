package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"simpul/sync/event"
)

// What screens say about the exchange. Nothing here is said without the centre's
// receipt for it, and none of it needs an open vault.

// ExchangeStatus is how the exchange stands.
type ExchangeStatus struct {
	Joined     bool
	CentreName string
	Waiting
	Succeeded time.Time // the last exchange that came through; zero = never
	Heard     time.Time // when the newest news was made that came by stick, by the centre's clock; zero = never
	Tried     time.Time
	Next      time.Time // the next try; zero = not planned
	Failure   string    // code of why the last try failed, "" when it did not
	Alien     bool      // two PCs have the same data: this one has to join again
	Revoked   bool      // the centre takes nothing from this PC any more
	Unseen    int64     // notices that nobody has seen
	URLs      []string  // where the centre is reached, the best first
}

// ExchangeStatus returns how the exchange stands.
func (s *Store) ExchangeStatus(ctx context.Context) (c ExchangeStatus, err error) {
	var node []byte
	var succeeded, heard, tried, next int64
	var alien int
	var urls string
	// A centre has notices too, and no exchange.
	if err := s.queryRow(ctx, "SELECT COUNT(*) FROM notices WHERE seen = 0").Scan(&c.Unseen); err != nil {
		return c, kind(err)
	}
	err = notFound(s.queryRow(ctx, "SELECT node, centre_name, succeeded, heard, tried, next, failure, alien, urls FROM exchange WHERE id = 1").Scan(
		&node, &c.CentreName, &succeeded, &heard, &tried, &next, &c.Failure, &alien, &urls))
	if errors.Is(err, ErrNotFound) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	c.Joined, c.Alien, c.URLs = true, alien == 1, strings.Fields(urls)
	c.Succeeded, c.Heard, c.Tried, c.Next = instant(succeeded), instant(heard), instant(tried), instant(next)
	c.Revoked = c.Failure == FailureRevoked
	if known, err := s.Decisions(ctx); err == nil {
		if _, revoked := known.Revoked(toID(node)); revoked {
			c.Revoked = true
		}
	}
	c.Waiting, err = s.Waiting(ctx)
	return c, err
}

// FailureRevoked is the code of a try that the centre refused for ever.
const FailureRevoked = "revoked"

// Tried remembers that an exchange was tried, why it failed ("" when it did not),
// and when the next one is due.
func (s *Store) Tried(ctx context.Context, failure string, next time.Time) error {
	_, err := s.Write(ctx, event.ID{}, func(tx *Tx) error {
		ms := int64(0)
		if !next.IsZero() {
			ms = next.UnixMilli()
		}
		tx.change(Exchanged{})
		return tx.exec("UPDATE exchange SET tried = ?, failure = ?, next = ? WHERE id = 1", tx.Now().UnixMilli(), failure, ms)
	})
	return err
}

// Spend adds bytes to what was sent and received today and returns the day's sum.
// Zero bytes only ask.
func (s *Store) Spend(ctx context.Context, bytes int64) (sum int64, err error) {
	day, of := s.Day(s.opt.Now().UnixMilli()), int64(0)
	if err := notFound(s.queryRow(ctx, "SELECT spent_day, spent FROM exchange WHERE id = 1").Scan(&of, &sum)); err != nil {
		return 0, err
	}
	if of != day {
		sum = 0
	}
	if bytes == 0 {
		return sum, nil
	}
	sum += bytes
	_, err = s.Write(ctx, event.ID{}, func(tx *Tx) error {
		return tx.exec("UPDATE exchange SET spent_day = ?, spent = ? WHERE id = 1", day, sum)
	})
	return sum, err
}

// Whereabouts is where a record is safe.
type Whereabouts string

// The whereabouts, from worst to best.
const (
	NeedsAttention Whereabouts = "attention" // the centre could not read part of it
	OnlyHere       Whereabouts = "here"
	AtTheCentre    Whereabouts = "centre"
	SafeInBackup   Whereabouts = "safe" // in a copy of the centre that was restored and compared
)

// WhereIs says how far the events of a subject have come: as far as the one that
// has come least. A record without own events came from the centre.
func (s *Store) WhereIs(ctx context.Context, subject event.ID) (Whereabouts, error) {
	var here, centre, aside int64
	err := s.queryRow(ctx, `SELECT COUNT(CASE WHEN e.seq > t.received THEN 1 END), COUNT(CASE WHEN e.seq > t.durable THEN 1 END), COUNT(a.seq)
		FROM events e JOIN streams t ON t.id = e.stream LEFT JOIN asides a ON a.stream = e.stream AND a.seq = e.seq
		WHERE e.subject = ?`, subject[:]).Scan(&here, &centre, &aside)
	switch {
	case err != nil:
		return "", kind(err)
	case aside > 0:
		return NeedsAttention, nil
	case here > 0:
		return OnlyHere, nil
	case centre > 0:
		return AtTheCentre, nil
	}
	var own int64
	if err := s.queryRow(ctx, "SELECT COUNT(*) FROM events WHERE subject = ?", subject[:]).Scan(&own); err != nil {
		return "", kind(err)
	}
	if own == 0 {
		return AtTheCentre, nil // what the centre sent; it did not say since when its copy has it
	}
	return SafeInBackup, nil
}

// Leftovers is what would be lost with this PC.
type Leftovers struct {
	NotReceived int64 // events that the centre has not
	NotApplied  int64 // that it has and has not read yet
	NotDurable  int64 // that are in no copy of it
	Aside       int64 // that it could not read
	Photos      int64 // that it misses
	Boxes       int64 // visits sealed while the vault was closed, not yet records
	Drafts      int64 // half-filled forms, which never leave this PC
	Unsettled   int64 // streams that are being repaired
}

// Safe reports whether this PC may be replaced: nothing would be lost.
func (l Leftovers) Safe() bool { return l == Leftovers{} }

// Leftovers counts what would be lost with this PC.
func (s *Store) Leftovers(ctx context.Context) (l Leftovers, err error) {
	for _, one := range []struct {
		query string
		into  []any
	}{
		{"SELECT COALESCE(SUM(head - received), 0), COALESCE(SUM(received - applied), 0), COALESCE(SUM(head - durable), 0), COUNT(CASE WHEN lost > head OR differ > 0 THEN 1 END) FROM streams",
			[]any{&l.NotReceived, &l.NotApplied, &l.NotDurable, &l.Unsettled}},
		{"SELECT COUNT(*) FROM asides", []any{&l.Aside}},
		{"SELECT COUNT(*) FROM boxes", []any{&l.Boxes}},
		{"SELECT COUNT(*) FROM drafts", []any{&l.Drafts}},
	} {
		if err := s.queryRow(ctx, one.query).Scan(one.into...); err != nil {
			return l, kind(err)
		}
	}
	w, err := s.Waiting(ctx)
	l.Photos = w.Photos
	return l, err
}

// DaySlip is what a van's slip at the end of the day says; the centre can compare
// it over the telephone.
type DaySlip struct {
	Day                 int64
	Registered, Visits  int64 // first cards; people in the register
	Stream              event.ID
	Head                uint64
	Chain               event.Hash
	Received, Unreached int64 // events of all streams: that the centre has, and has not
}

// DaySlip sums a day, in days since 1970.
func (s *Store) DaySlip(ctx context.Context, day int64) (d DaySlip, err error) {
	d.Day = day
	cards, err := s.CountCards(ctx, day, day)
	if err != nil {
		return d, err
	}
	d.Registered = cards.First
	visitors, err := s.VisitorsByDay(ctx, day, day)
	if err != nil {
		return d, err
	}
	d.Visits = visitors[day]
	streams, err := s.Streams(ctx)
	if err != nil {
		return d, err
	}
	for _, st := range streams {
		if !st.Closed {
			d.Stream, d.Head, d.Chain = st.ID, st.Head, st.Chain
		}
	}
	err = s.queryRow(ctx, "SELECT COALESCE(SUM(received), 0), COALESCE(SUM(head - received), 0) FROM streams").Scan(&d.Received, &d.Unreached)
	return d, kind(err)
}
