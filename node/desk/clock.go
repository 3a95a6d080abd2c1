package desk

import (
	"time"

	"simpul/node/board"
)

// clockSuspect reports whether the PC's clock is not to be believed: then ages
// are not checked and a banner says so. Everything is recorded all the same;
// order and numbers do not depend on it.
func (d *Desk) clockSuspect() bool {
	c, _ := d.Board.Clock()
	return c.Suspect
}

// CheckClock looks at the PC's clock: before the program was built, more than ten
// years after it, or jumped against the monotonic clock, it is suspect. jump is
// zero when it did not jump.
func (d *Desk) CheckClock(built time.Time, jump time.Duration) error {
	now := d.Now()
	suspect := now.Before(built) || now.After(built.AddDate(10, 0, 0)) || jump != 0
	old, _ := d.Board.Clock()
	if old.Suspect == suspect && jump == 0 {
		return nil
	}
	return d.Board.Write(func(w *board.Writer) error {
		return w.SetClock(board.Clock{Suspect: suspect, Jump: jump.Milliseconds(), Since: now.UnixMilli()})
	})
}
