// Package desk holds the use cases at the counter, one file each. It is the only
// door to a node's data: for screens, commands and the API alike.
//
// A use case is one function. It checks who asks, normalises and validates what
// came, and writes in one transaction; its answer follows COMMIT with fsync and
// the update of what screens watch. It is safe to repeat with the same operation
// id. Nothing slow (hashing, drawing, decoding photos) happens inside a
// transaction.
package desk

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"simpul/node/board"
	"simpul/node/directory"
	"simpul/node/library"
	"simpul/node/photo"
	"simpul/node/store"
	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// Options hand in what the desk works with; all are required but Phone, Found, Resheeted, DiskFull and Changed.
type Options struct {
	Store     *store.Store
	Vault     *vault.Vault
	Board     *board.Board
	Directory *directory.Directory
	Photos    *photo.Files
	Studio    *photo.Studio
	Now       func() time.Time
	Mono      func() time.Duration
	Rand      io.Reader
	Zone      *time.Location
	Log       *slog.Logger
	Phone     func(string) bool // reports whether a phone number can exist; nil accepts any
	Dir       string            // the data directory
	Version   string            // of the program
	Gate      Gate              // asks a centre to join
	SameDisk  func(a, b string) bool
	RunJob    func(ctx context.Context, name string) error                           // runs one of the node's jobs now
	Sync      func(context.Context) error                                            // exchanges with the centre now, until nothing is left
	Found     func(tx *store.Tx, in SetupInput, officer event.ID) error              // adds what a centre needs to the setting up; nil is nothing
	Resheeted func(ctx context.Context, tx *store.Tx, code vault.RecoveryCode) error // adds what a centre needs to a new recovery sheet; nil is nothing
	DiskFull  func(full bool)                                                        // told when a write finds the disk full, and when one succeeds again; nil is nobody
	Changed   func()                                                                 // told after each change of the settings; must not wait; nil is nobody
}

// Desk carries out the use cases. Its methods are safe for concurrent use.
type Desk struct {
	Options
	regions    atomic.Pointer[library.Regions]
	settings   atomic.Pointer[Settings]
	throttle   *vault.Throttle
	presence   presence
	views      views
	attendance attendance
	taken      claims
	codes      codes
	cameras    cameras
	looking    chan struct{} // held while a picture of the webcam is read
	copies     atomic.Pointer[copies]
	copying    atomic.Bool
	counted    counted
	trusted    atomic.Pointer[trusted] // nil before a card was checked
	noRoom     atomic.Bool             // the last write found the disk full
	unlock     sync.Mutex              // one unlocking at a time
	filling    sync.WaitGroup          // what follows an unlocking
}

// Actor is who carries out a use case. The zero Actor is nobody: the kiosk.
type Actor struct {
	Officer library.ID
	Role    library.Role
}

// Kiosk is the actor of the visit register: anybody who walks in.
var Kiosk = Actor{}

// System is the actor of the node's own jobs.
var System = Actor{Role: "system"}

// New makes a desk. Load must be called once before use.
func New(opt Options) *Desk {
	d := &Desk{Options: opt, looking: make(chan struct{}, 1)}
	d.throttle = vault.NewThrottle(func() time.Time { return time.Unix(0, 0).Add(opt.Mono()) }, 4096)
	d.presence.seen, d.presence.born = map[[32]byte]time.Duration{}, map[[32]byte]time.Duration{}
	return d
}

// Load reads who this node is and who is signed in. It needs no open vault.
func (d *Desk) Load(ctx context.Context) error {
	for _, again := range d.Store.Replayed() { // erased, and back with an older copy of the data
		d.removePhotos(again.Photos)
	}
	if err := d.loadRegions(ctx); err != nil {
		return err
	}
	n, err := d.Store.Node(ctx)
	if errors.Is(err, store.ErrNotFound) {
		n, err = &merge.Node{}, nil
	}
	if err != nil {
		return err
	}
	d.applySettings(n)
	if err := d.lookAtCopies(ctx); err != nil {
		return err
	}
	return d.loadSessions(ctx)
}

// Ready reports whether the node has been set up.
func (d *Desk) Ready() bool { return !d.Settings().Node.IsZero() }

// Open reports whether the vault is open.
func (d *Desk) Open() bool { return d.Vault.IsOpen() }

// may refuses an actor who has not the permission.
func (a Actor) may(p library.Permission) error {
	if a.Role == System.Role || a.Role.May(p) {
		return nil
	}
	return library.E(library.KindForbidden, "error.forbidden").Hinted("error.forbidden.hint")
}

// Today is the civil day in the library's zone.
func (d *Desk) Today() library.Date { return library.DateIn(d.Now(), d.Zone) }

// Done is what every use case that writes returns.
type Done struct {
	ID       library.ID // of what was made or changed
	Repeated bool       // the operation had been carried out before
}

// boardPatience is how long an answer waits for the screens to catch up with
// what is already saved.
const boardPatience = 3 * time.Second

// write runs fn in one transaction and returns when screens show the result.
// fn may leave the id of what it made with tx.Result.
func (d *Desk) write(ctx context.Context, op library.ID, fn func(*store.Tx) error) (Done, error) {
	r, err := d.Store.Write(ctx, event.ID(op), fn)
	d.sayRoom(err)
	if err != nil {
		return Done{}, told(err)
	}
	ctx, cancel := context.WithTimeout(ctx, boardPatience)
	defer cancel()
	if err := d.Board.Wait(ctx, r.Position); err != nil {
		// It is saved; only the screens are behind. Saying otherwise would be untrue.
		d.Log.Warn("saved, but the board is behind", "err", err)
	}
	done := Done{Repeated: r.Repeated}
	copy(done.ID[:], r.Result)
	return done, nil
}

// CaughtUp waits until screens and searches show what was committed before it.
func (d *Desk) CaughtUp(ctx context.Context) error {
	_, err := d.write(ctx, library.ID{}, func(*store.Tx) error { return nil })
	return err
}

// sayRoom has the screens say at once that the disk is full, and that it no longer is. err is a write's.
func (d *Desk) sayRoom(err error) {
	full := errors.Is(err, store.ErrFull) || errors.Is(err, photo.ErrFull)
	if (full || err == nil) && d.noRoom.Swap(full) != full && d.DiskFull != nil {
		d.DiskFull(full)
	}
}

// told gives the errors of the layers below their kind and sentence.
func told(err error) error {
	var own *library.Error
	switch {
	case err == nil || errors.As(err, &own):
		return err
	case errors.Is(err, store.ErrFull):
		return library.E(library.KindUnavailable, "error.disk_full").Hinted("error.disk_full.hint").Because(err)
	case errors.Is(err, vault.ErrClosed):
		return library.E(library.KindUnavailable, "error.vault_closed").Hinted("error.vault_closed.hint").Because(err)
	case errors.Is(err, store.ErrErased):
		return library.E(library.KindNotFound, "error.erased").Hinted("error.erased.hint").Because(err)
	case errors.Is(err, store.ErrNotFound):
		return library.E(library.KindNotFound, "error.not_found").Because(err)
	case errors.Is(err, store.ErrNotSetUp):
		return library.E(library.KindUnavailable, "error.not_set_up").Because(err)
	case errors.Is(err, store.ErrClosed):
		return library.E(library.KindUnavailable, "error.stopping").Because(err)
	}
	return err
}

// append writes one event of a person.
func (d *Desk) append(tx *store.Tx, who Actor, t event.Type, subject library.ID, body any) (event.Record, error) {
	return tx.Append(store.Draft{Type: t, Subject: event.ID(subject), Officer: event.ID(who.Officer), Body: body})
}

// Version names the state of a person that a form was made from; a form of an
// older state is refused instead of overwriting what another officer did. It
// counts the facts that the state holds: the centre gives their stamps anew when
// it admits them, and a fork moves them to another stream, and neither may take
// the form from whoever has it open.
func Version(p *merge.Person) string { return strconv.FormatUint(p.Events, 36) }

// person loads a person for a change and refuses a form made from an older
// state. An empty version is not compared: for actions that cannot harm.
func person(tx *store.Tx, id library.ID, version string) (*merge.Person, error) {
	p, err := tx.Person(event.ID(id))
	if err != nil {
		return nil, err
	}
	return p, unchanged(p, version)
}

func unchanged(p *merge.Person, version string) error {
	if version != "" && version != Version(p) {
		return library.E(library.KindConflict, "error.changed_meanwhile").Hinted("error.changed_meanwhile.hint")
	}
	return nil
}

// stage refuses a change that does not belong to where the registration stands.
func stage(p *merge.Person, allowed ...merge.Stage) error {
	for _, s := range allowed {
		if p.Stage.Value == s {
			return nil
		}
	}
	return library.E(library.KindConflict, "error.wrong_step").With(string(p.Stage.Value)).Hinted("error.wrong_step.hint")
}
