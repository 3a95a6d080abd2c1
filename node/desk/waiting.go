package desk

import (
	"time"

	"simpul/node/board"
	"simpul/node/library"
)

// Serving is a registration in progress, as the desk's queue shows it.
type Serving struct {
	ID       library.ID
	Name     string
	Document library.IdentityKind
	Source   string
	Opened   time.Time
	Step     library.Step
	Elapsed  time.Duration // in this step
	Paused   bool
	Pause    string // key of the reason
	Timed    bool
	Version  uint64 // rises with each event
}

// Line is one side of the queue: the first of it, and how many there are.
type Line struct {
	Items []Serving
	Total int
}

// Waiting returns whom the desk serves: opened today, and put aside or left from
// earlier days; each oldest first, at most limit of each.
func (d *Desk) Waiting(limit int) (today, held Line) {
	day := int64(d.Today().Days())
	items, total, _ := d.Board.Today(day, limit)
	today = d.line(items, total)
	items, total, _ = d.Board.Postponed(day, limit)
	return today, d.line(items, total)
}

func (d *Desk) line(items []board.QueueItem, total int) Line {
	now := d.Now().UnixMilli()
	l := Line{Total: total, Items: make([]Serving, len(items))}
	for i, q := range items {
		l.Items[i] = Serving{ID: q.ID, Name: q.Name, Document: library.IdentityKind(q.Document), Source: q.Source, Opened: time.UnixMilli(q.Opened),
			Step: library.Step(q.Step), Elapsed: time.Duration(q.StepTime(q.Step, now)) * time.Millisecond, Paused: q.Paused, Pause: q.PauseReason,
			Timed: q.Timed, Version: q.Version}
	}
	return l
}
