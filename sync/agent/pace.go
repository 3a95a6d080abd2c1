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
	quick = time.Second
)

// Pace says how much to send and ask for at once. It begins small, grows while
// requests come through in time, and shrinks when one fails or takes too long:
// what is cut off has to be sent again. The zero value is ready.
type Pace struct {
	up    int
	limit int // what the centre said that a request may have; 0 = nothing
}

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

// Worked notes that a request came through, in a time, and what the centre said
// that the next may have (0 for nothing).
func (p *Pace) Worked(took time.Duration, limit int) {
	p.limit = max(limit, 0)
	up := p.up
	if up == 0 {
		up = firstUp
	}
	switch {
	case took > slow:
		up /= 2
	case took < quick:
		up *= 4
	case took < slow/2:
		up *= 2
	}
	p.up = max(min(up, mostUp), leastUp)
}

// Failed notes that a request did not come through.
func (p *Pace) Failed() { p.up = max(min(p.Up(), mostUp)/2, leastUp) }
