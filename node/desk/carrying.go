package desk

import "simpul/node/board"

// What goes on with a stick.
const (
	CarryWriting  = "writing"
	CarryPhotos   = "photos" // after the records
	CarryChecking = "checking"
	CarryTaking   = "taking"
)

// Carrying is how far a stick is being written, or taken in. The screens ask for it;
// nothing depends on it.
type Carrying struct {
	Doing string
	Done  int64 // rows of the centre's feed and pieces of photos while writing, else bytes
	Total int64 // 0 while it is not known
}

const workStick = "stick"

// Carrying says how far it has come; false when nothing is carried.
func (d *Desk) Carrying() (Carrying, bool) {
	works, _ := d.Board.Works()
	for _, w := range works {
		if w.ID == workStick {
			return Carrying{Doing: w.Label, Done: w.Done, Total: w.Total}, true
		}
	}
	return Carrying{}, false
}

// ShowCarrying says how far it has come.
func (d *Desk) ShowCarrying(doing string, done, total int64) {
	work := board.Work{ID: workStick, Label: doing, Done: done, Total: total}
	if err := d.Board.Write(func(w *board.Writer) error { return w.SetWork(work) }); err != nil {
		d.Log.Warn("show how far the stick is", "err", err)
	}
}

// CarryingIn shows how far a stick is being taken in: a bundle is read twice, and how
// long it is is known after the first time.
func (d *Desk) CarryingIn() (moved, size func(bytes int64)) {
	whole := int64(0)
	return func(bytes int64) {
		if whole == 0 {
			d.ShowCarrying(CarryChecking, bytes, 0)
		} else {
			d.ShowCarrying(CarryTaking, bytes, whole)
		}
	}, func(bytes int64) { whole = bytes }
}

// HideCarrying says that nothing is carried any more.
func (d *Desk) HideCarrying() {
	if err := d.Board.Write(func(w *board.Writer) error { return w.RemoveWork(workStick) }); err != nil {
		d.Log.Warn("show how far the stick is", "err", err)
	}
}
