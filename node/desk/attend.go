package desk

import (
	"sync"
	"time"

	"simpul/node/library"
)

// attendance remembers who had which registration open last. It is a courtesy
// between colleagues, kept in memory; what guards the data is Version.
type attendance struct {
	mu   sync.Mutex
	last map[library.ID]Attendant
}

// Attendant is the officer who had a registration open last.
type Attendant struct {
	Officer library.ID
	At      time.Time
}

// maxAttended bounds the memory; beyond it everything is forgotten.
const maxAttended = 2000

// Attend says that an officer opened a registration, and returns who had it
// before, when that was somebody else.
func (d *Desk) Attend(who Actor, id library.ID) (before Attendant, other bool) {
	d.attendance.mu.Lock()
	defer d.attendance.mu.Unlock()
	before = d.attendance.last[id]
	if d.attendance.last == nil || len(d.attendance.last) > maxAttended {
		d.attendance.last = map[library.ID]Attendant{}
	}
	d.attendance.last[id] = Attendant{Officer: who.Officer, At: d.Now()}
	return before, !before.Officer.IsZero() && before.Officer != who.Officer
}

// Attending returns who had a registration open last; the zero Attendant when
// nobody since the start of the program.
func (d *Desk) Attending(id library.ID) Attendant {
	d.attendance.mu.Lock()
	defer d.attendance.mu.Unlock()
	return d.attendance.last[id]
}
