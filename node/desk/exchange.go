package desk

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
)

// SyncJob is the name of the job that looks whether an exchange is due.
const SyncJob = "sync"

// ExchangeState says in one word how the exchange stands.
type ExchangeState string

// The states. Only ExchangeFine needs nothing.
const (
	ExchangeAlone   ExchangeState = ""        // this PC is no node of a centre
	ExchangeFine    ExchangeState = "fine"    // the last try came through
	ExchangeWaiting ExchangeState = "waiting" // the last try did not; the next one is planned
	ExchangeByStick ExchangeState = "stick"   // no address of the centre is known: records go by stick
	ExchangePaused  ExchangeState = "paused"  // the vault is closed
	ExchangeRevoked ExchangeState = "revoked" // the centre takes nothing from this PC any more
	ExchangeCopied  ExchangeState = "copied"  // two PCs have the same data: this one has to join again
	ExchangeUnknown ExchangeState = "unknown" // the centre does not know this PC; it was rebuilt, and somebody there has to let it in again
)

// Exchange is how this PC stands with the centre.
type Exchange struct {
	State     ExchangeState
	Centre    string // its name
	Waiting   int    // events that the centre has not received
	Photos    int    // photos that it misses
	Oldest    time.Time
	Succeeded time.Time // zero: never
	Tried     time.Time
	Next      time.Time // zero: not planned
	Failure   string    // code of why the last try failed, see agent.FailureOf: offline, busy, closed, budget, …
	Unseen    int       // notices
	Spent     int64     // bytes of the day's data plan that are used, and its size; 0 is no limit
	Budget    int64
	Sending   bool   // an exchange is going on; the rest says how far
	Doing     string // events, rows, photos-up, photos-down, settling; "" while it begins
	Done      int64
	Total     int64
	Moved     int64         // bytes, both ways
	Elapsed   time.Duration // since it began
}

// WorkSync is the id of the exchange among the board's works.
const WorkSync = "sync"

// Exchange says how this PC stands with the centre. It needs no open vault.
func (d *Desk) Exchange(ctx context.Context, who Actor) (Exchange, error) {
	if !who.Role.Valid() && who != System {
		return Exchange{}, library.E(library.KindForbidden, "error.forbidden").Hinted("error.forbidden.hint")
	}
	s, err := d.Store.ExchangeStatus(ctx)
	if err != nil {
		return Exchange{}, told(err)
	}
	e := Exchange{Centre: s.CentreName, Waiting: int(s.Events), Photos: int(s.Photos), Succeeded: d.in(s.Succeeded), Tried: d.in(s.Tried), Next: d.in(s.Next),
		Failure: s.Failure, Unseen: int(s.Unseen), State: d.exchangeState(s)}
	if e.State == ExchangeRevoked {
		e.Next = time.Time{} // it does not try again by itself
	}
	if s.Oldest > 0 {
		e.Oldest = time.UnixMilli(s.Oldest).In(d.Zone)
	}
	if e.Budget = int64(d.Settings().DayMegabytes) * 1_000_000; e.Budget > 0 && e.State != ExchangeAlone {
		if e.Spent, err = d.Store.Spend(ctx, 0); err != nil {
			return Exchange{}, told(err)
		}
	}
	works, _ := d.Board.Works()
	for _, w := range works {
		if w.ID == WorkSync {
			e.Sending, e.Doing, e.Done, e.Total = true, w.Label, w.Done, w.Total
			e.Moved, e.Elapsed = movedOf(w.Note)
		}
	}
	return e, nil
}

func (d *Desk) exchangeState(s store.ExchangeStatus) ExchangeState {
	switch {
	case !s.Joined:
		return ExchangeAlone
	case s.Revoked:
		return ExchangeRevoked
	case s.Alien:
		return ExchangeCopied
	case !d.Open():
		return ExchangePaused
	case s.Failure == FailureUnknown:
		return ExchangeUnknown
	case len(d.CentreAddresses(s.URLs)) == 0:
		return ExchangeByStick
	case s.Failure != "" || s.Succeeded.IsZero():
		return ExchangeWaiting
	}
	return ExchangeFine
}

// FailureUnknown is the failure of a try that a centre refused because it does not know this PC.
const FailureUnknown = "unknown"

func (d *Desk) in(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(d.Zone)
}

// MovedNote is how the bytes that an exchange moved, and since when, stand in the
// note of its work.
func MovedNote(bytes int64, elapsed time.Duration) string {
	return fmt.Sprintf("%d %d", bytes, elapsed.Milliseconds())
}

func movedOf(note string) (bytes int64, elapsed time.Duration) {
	var ms int64
	if _, err := fmt.Sscanf(note, "%d %d", &bytes, &ms); err != nil {
		return 0, 0
	}
	return bytes, time.Duration(ms) * time.Millisecond
}

// Left is how long the exchange will go on at the pace so far; 0 while that
// cannot be said.
func (e Exchange) Left() time.Duration {
	if e.Done <= 0 || e.Total <= e.Done || e.Elapsed < time.Second {
		return 0
	}
	return time.Duration(float64(e.Elapsed) / float64(e.Done) * float64(e.Total-e.Done))
}

// SendNow begins an exchange at once. It returns when that is done or when ctx
// ends; then it goes on and Exchange tells.
func (d *Desk) SendNow(ctx context.Context, who Actor) error {
	if err := who.may(library.RecordVisit); err != nil {
		return err
	}
	s, err := d.Store.ExchangeStatus(ctx)
	if err != nil {
		return told(err)
	}
	if !s.Joined {
		return library.E(library.KindConflict, "error.not_joined")
	}
	done, going := make(chan error, 1), context.WithoutCancel(ctx)
	d.filling.Go(func() { done <- d.Sync(going) })
	select {
	case err := <-done:
		if err != nil {
			return library.E(library.KindUnavailable, "error.centre_far").Hinted("error.centre_far.hint").Because(err)
		}
		return d.CaughtUp(ctx)
	case <-ctx.Done():
		return nil
	}
}

// Receipt is where a member's record is safe.
type Receipt = store.Whereabouts

// The receipts, from worst to best.
const (
	ReceiptAttention = store.NeedsAttention // the centre could not read part of it
	ReceiptHere      = store.OnlyHere
	ReceiptCentre    = store.AtTheCentre
	ReceiptSafe      = store.SafeInBackup
)

// ReceiptOf says where a member's record is safe; "" on a PC that is no node.
func (d *Desk) ReceiptOf(ctx context.Context, who Actor, id library.ID) (Receipt, error) {
	if err := who.may(library.ReadMember); err != nil {
		return "", err
	}
	s, err := d.Store.ExchangeStatus(ctx)
	if err != nil || !s.Joined {
		return "", told(err)
	}
	r, err := d.Store.WhereIs(ctx, event.ID(id))
	return r, told(err)
}

// Leftovers is what would be lost with this PC; Safe says that nothing would.
type Leftovers = store.Leftovers

// Leftovers answers "Aman mengganti komputer ini?" from the centre's receipts. On a
// PC that is no node everything is left over: then only a copy makes it safe.
func (d *Desk) Leftovers(ctx context.Context, who Actor) (Leftovers, error) {
	if !who.Role.Valid() && who != System {
		return Leftovers{}, library.E(library.KindForbidden, "error.forbidden").Hinted("error.forbidden.hint")
	}
	l, err := d.Store.Leftovers(ctx)
	return l, told(err)
}

// Notice is something that happened to the data and that a person should know.
// Kind is the key of its sentence; Detail are codes and counts.
type Notice struct {
	ID     library.ID
	At     time.Time
	Kind   string
	Detail string
	Seen   time.Time  // zero: nobody has seen it
	By     library.ID // who saw it
}

// Notices lists what happened, unseen first.
func (d *Desk) Notices(ctx context.Context, who Actor, limit int) ([]Notice, error) {
	if !who.Role.Valid() && who != System {
		return nil, library.E(library.KindForbidden, "error.forbidden").Hinted("error.forbidden.hint")
	}
	list, err := d.Store.Notices(ctx, limit)
	if err != nil {
		return nil, told(err)
	}
	out := make([]Notice, 0, len(list))
	for _, n := range list {
		line := Notice{ID: library.ID(n.ID), At: time.UnixMilli(n.At).In(d.Zone), Kind: n.Kind, Detail: n.Detail}
		if n.Seen > 0 {
			line.Seen, line.By = time.UnixMilli(n.Seen).In(d.Zone), library.ID(n.By)
		}
		out = append(out, line)
	}
	return out, nil
}

// SeeNotice marks a notice as read.
func (d *Desk) SeeNotice(ctx context.Context, who Actor, op, id library.ID) error {
	if err := who.may(library.RecordVisit); err != nil {
		return err
	}
	_, err := d.write(ctx, op, func(tx *store.Tx) error { return tx.SeeNotice(event.ID(id), event.ID(who.Officer)) })
	return err
}

// Fetch asks the centre for the full record of a member of another branch, at once
// when the centre can be reached. It returns when the record is here (KindNotFound
// and KindUnavailable when not), or when ctx ends; asked once, it also comes later.
func (d *Desk) Fetch(ctx context.Context, who Actor, id library.ID) error {
	if err := who.may(library.ReadFull); err != nil {
		return err
	}
	if _, err := d.write(ctx, library.ID{}, func(tx *store.Tx) error { return tx.WantPerson(event.ID(id)) }); err != nil {
		return err
	}
	if err := d.SendNow(ctx, who); err != nil {
		return err
	}
	_, err := d.Store.Person(ctx, event.ID(id))
	if errors.Is(err, store.ErrNotFound) {
		return library.E(library.KindUnavailable, "error.centre_far").Hinted("error.centre_far.hint")
	}
	return told(err)
}

// DaySlip is what a van's officer takes home at the end of the day: with it the
// centre can say over the telephone whether everything has arrived.
type DaySlip struct {
	Day        library.Date
	Registered int
	Visits     int    // people in the register
	Received   int    // records of all days that the centre has
	Unsent     int    // and that it has not
	Log        string // short name of the log that is written now
	Head       int    // number of its last record
	Mark       string // 16 digits that change with every record: the chain up to it
}

// DaySlip sums a day up.
func (d *Desk) DaySlip(ctx context.Context, who Actor, day library.Date) (DaySlip, error) {
	if err := who.may(library.RecordVisit); err != nil {
		return DaySlip{}, err
	}
	s, err := d.Store.DaySlip(ctx, int64(day.Days()))
	if err != nil {
		return DaySlip{}, told(err)
	}
	return DaySlip{Day: day, Registered: int(s.Registered), Visits: int(s.Visits), Received: int(s.Received), Unsent: int(s.Unreached),
		Log: s.Stream.String()[:6], Head: int(s.Head), Mark: hex.EncodeToString(s.Chain[:8])}, nil
}
