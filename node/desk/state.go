package desk

import (
	"context"
	"slices"
	"time"

	"simpul/node/library"
	"simpul/node/store"
)

// State is where the data of this node stands, as measured, nothing else.
type State struct {
	Records, Members, Photos int64
	Last                     time.Time // when the newest record was written; zero when there is none
	Sealed                   int64     // visits that wait for a sign-in

	Copies  []BackupCopy // the data directory's own first
	Copying bool         // a copy is being made
	Failed  bool         // the last attempt at a copy failed

	Free              int64 // bytes on the disk of the data; 0 before it was measured
	DiskLow, DiskFull bool
	ClockWrong        bool

	Beginnings []store.Beginning // of the log: more than one when the data was restored or copied
	Joined     bool              // enrolled at a centre
}

// Safe reports whether this PC could be replaced now without losing a record: a complete copy lies on another disk.
func (s State) Safe() bool {
	return s.Sealed == 0 && slices.ContainsFunc(s.Copies, func(c BackupCopy) bool {
		return !c.Inside && !c.Near && !c.Absent && !c.At.IsZero() && c.Missing == 0
	})
}

// State measures where the data stands. Every officer may know.
func (d *Desk) State(ctx context.Context, who Actor) (State, error) {
	if !who.Role.Valid() && who != System {
		return State{}, library.E(library.KindForbidden, "error.forbidden").Hinted("error.forbidden.hint")
	}
	held, err := d.Store.Holding(ctx)
	if err != nil {
		return State{}, told(err)
	}
	s := State{Records: held.Events, Members: held.Members, Photos: held.Photos, Last: held.Last, Sealed: held.Boxes, Copying: d.copying.Load()}
	if s.Beginnings, err = d.Store.Beginnings(ctx); err != nil {
		return State{}, told(err)
	}
	if !s.Copying {
		if err := d.lookAtCopies(ctx); err != nil {
			return State{}, err
		}
	}
	s.Copies = d.Copies()
	runs, err := d.Store.Runs(ctx)
	if err != nil {
		return State{}, told(err)
	}
	s.Failed = runs[BackupJob].Err != ""
	disk, _ := d.Board.Disk()
	clock, _ := d.Board.Clock()
	sync, _ := d.Board.Sync()
	s.Free, s.DiskLow, s.DiskFull = disk.Free, disk.Low, disk.Full
	s.ClockWrong, s.Joined = clock.Suspect, sync.State != ""
	return s, nil
}
