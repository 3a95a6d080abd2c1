package simtest

import "math/rand/v2"

// plan is what a seed decides before anything happens.
type plan struct {
	size    size
	steps   int
	nodes   int
	faults  Faults
	weather weather
	busy    int // how much likelier accidents are than on an ordinary day
}

// size is how big a district is. Most are small and full of accidents: what two
// PCs cannot do to each other in thirty steps, ten rarely do in three hundred, and
// a hundred times as many fit into an hour. The others are there for the rare.
type size string

const (
	small size = "small" // two or three PCs, every third step an accident
	usual size = "usual"
	large size = "large" // up to six PCs and three hundred steps
)

func drawPlan(r *rand.Rand) plan {
	var p plan
	switch n := r.IntN(50); {
	case n < 41:
		p = plan{size: small, steps: 12 + r.IntN(30), nodes: 2 + r.IntN(6)/5, busy: 4}
	case n < 49:
		p = plan{size: usual, steps: 20 + r.IntN(100), nodes: 2 + r.IntN(3), busy: 1}
	default:
		p = plan{size: large, steps: 120 + r.IntN(180), nodes: 3 + r.IntN(3), busy: 1}
	}
	p.faults = drawFaults(r)
	p.weather = []weather{calm, lossy, lossy, stormy}[r.IntN(4)]
	return p
}

// drawFaults picks what may go wrong in a run: from nothing to everything.
func drawFaults(r *rand.Rand) Faults {
	switch r.IntN(12) {
	case 0:
		return NetFaults
	case 1, 2:
		return allFaults
	}
	var f Faults
	for i := range faultNames {
		if r.IntN(2) == 0 {
			f |= 1 << i
		}
	}
	if f == 0 {
		f = PowerFaults
	}
	return f
}
