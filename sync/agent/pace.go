package agent

import "time"

// Bounds of one request and its answer, in bytes.
const (
	leastUp   = 2 << 10
	firstUp   = 8 << 10
	mostUp    = 1 << 20
	leastDown = 16 << 10
	mostDown  = 1 << 20

	slow  = 15 * time.Second // a request should not take longer
	quick = 300 * time.Millisecond
)

// Pace says how much to send and ask for at once. It begins small, grows while
// requests of that size come through in time, and shrinks when one fails or takes
// too long. What is cut off has to be sent again: so on a line that is not quick a
// request has at most a quarter of what has come through so far, and after a failure
// an eighth of what came through between two failures; then little is lost on a line
// that drops every so many bytes. The zero value is ready.
type Pace struct {
	up     int
	limit  int // what the centre said that a request may have; 0 = nothing
	failed bool
	since  int // bytes since the last failure
	before int // bytes between the failures before it
}

// The part of what comes through that a failure may cost: the first, and those after it.
const (
	untried = 4
	lossy   = 8
)

// Up is how many bytes of events a request may have.
func (p *Pace) Up() int {
	up := p.up
	if up == 0 {
		up = firstUp
	}
	if p.limit > 0 {
		up = min(up, p.limit)
	}
	return max(min(up, mostUp), leastUp)
}

// Down is how many bytes an answer may have.
func (p *Pace) Down() int {
	up := p.up
	if up == 0 {
		up = firstUp
	}
	return max(min(4*up, mostDown), leastDown)
}

// Worked notes that a request came through with so many bytes, in a time, and what
// the centre said that the next may have (0 for nothing). A small one says nothing
// about what a large one would have done.
func (p *Pace) Worked(took time.Duration, moved, limit int) {
	p.limit = max(limit, 0)
	p.since += moved
	up := p.up
	if up == 0 {
		up = firstUp
	}
	switch full := moved >= up/2; {
	case took > slow:
		up /= 2
	case full && took < quick:
		up *= 4
	case full && took < slow/2:
		up = min(2*up, max(up, p.since/untried))
	}
	p.set(up)
}

// Failed notes that a request did not come through.
func (p *Pace) Failed() {
	p.failed, p.before, p.since = true, max(p.since, p.before/2), 0
	p.set(p.Up() / 2)
}

func (p *Pace) set(up int) {
	if p.failed {
		up = min(up, max(p.since, p.before)/lossy)
	}
	p.up = max(min(up, mostUp), leastUp)
}
