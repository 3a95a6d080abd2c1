// Package office holds the use cases of the centre, one file each: its keys and
// the kit to make it anew, codes and PCs that join, PCs that are revoked, and what
// waits for a person's decision. It is to the centre what desk is to the counter:
// the door through which screens and commands reach what only the centre may do.
//
// A use case checks who asks first and writes in one transaction. What the centre
// decides is a ruling, signed with the centre's key; node/store carries it out in
// the same way at the centre and at every node.
package office

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"simpul/node/board"
	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/hub"
)

// Options hand in what the office works with; all but Addresses are required.
type Options struct {
	Store *store.Store
	Vault *vault.Vault
	Board *board.Board
	Desk  *desk.Desk
	Now   func() time.Time
	Zone  *time.Location
	Rand  io.Reader
	Log   *slog.Logger
	// Addresses is where nodes may reach the listener of this PC, best first; nil is nowhere.
	Addresses func() []string
	// Hub is the centre's side of the exchange, for what comes on a stick.
	Hub func(context.Context) (*hub.Hub, error)
}

// Office carries out the use cases. Its methods are safe for concurrent use.
type Office struct {
	Options
	keys atomic.Pointer[Keys]
}

// New makes an office. On a node that is no centre its use cases are refused.
func New(opt Options) *Office { return &Office{Options: opt} }

// Centre reports whether this node is a centre.
func (o *Office) Centre() bool { return o.Desk.Settings().Role == library.NodeCentre }

// may refuses who has not the permission, and everybody on a node that is no centre.
func (o *Office) may(who desk.Actor, p library.Permission) error {
	if !o.Centre() {
		return library.E(library.KindForbidden, "error.not_centre")
	}
	if who.Role == desk.System.Role || who.Role.May(p) {
		return nil
	}
	return library.E(library.KindForbidden, "error.forbidden").Hinted("error.forbidden.hint")
}

// boardPatience is how long an answer waits for the screens to catch up.
const boardPatience = 3 * time.Second

// write runs fn in one transaction and returns when screens show the result. fn may
// leave the id of what it made with tx.Result.
func (o *Office) write(ctx context.Context, op library.ID, fn func(*store.Tx) error) (desk.Done, error) {
	r, err := o.Store.Write(ctx, event.ID(op), fn)
	if err != nil {
		return desk.Done{}, told(err)
	}
	waiting, cancel := context.WithTimeout(ctx, boardPatience)
	defer cancel()
	if err := o.Board.Wait(waiting, r.Position); err != nil {
		o.Log.Warn("saved, but the board is behind", "err", err)
	}
	done := desk.Done{Repeated: r.Repeated}
	copy(done.ID[:], r.Result)
	return done, nil
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
	case errors.Is(err, store.ErrNotFound):
		return library.E(library.KindNotFound, "error.not_found").Because(err)
	}
	return err
}
