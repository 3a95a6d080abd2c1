package jobs

import "time"

// tolerance is how far the wall clock may run ahead of or behind the monotonic one
// from one look to the next; network time corrects less than that without harm.
const tolerance = 5 * time.Minute

// Jump tells that the wall clock was set while the program was running. A PC that
// slept looks the same as one whose clock was set forward, where the monotonic
// clock stands still in sleep.
type Jump struct {
	Before time.Time     // wall reading at the last look
	After  time.Time     // wall reading now
	By     time.Duration // how far After is from what it should have been; below zero: set back
}

// guard compares the two clocks.
type guard struct {
	wall    time.Time
	elapsed time.Duration
}

func (g *guard) set(wall time.Time, elapsed time.Duration) {
	g.wall, g.elapsed = wall.Round(0), elapsed
}

// look reports a jump since the last look: of more than the tolerance, or to before
// the last reading.
func (g *guard) look(wall time.Time, elapsed time.Duration) (Jump, bool) {
	before := *g
	g.set(wall, elapsed)
	jump := Jump{Before: before.wall, After: g.wall}
	jump.By = g.wall.Sub(before.wall) - (elapsed - before.elapsed)
	return jump, jump.By > tolerance || jump.By < -tolerance || g.wall.Before(before.wall)
}
