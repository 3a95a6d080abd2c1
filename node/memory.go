package node

import (
	"context"
	"math"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// leastGarbage is what may lie about however little is in use, in bytes.
	leastGarbage = 48 << 20
	// heapEvery is how often the bound follows what is in use.
	heapEvery = 5 * time.Second
)

// boundMemory lets garbage grow up to a bound, not to as much as is in use, until ctx
// ends: when many nodes arrive at once, a centre else takes twice what it needs. The
// bound is soft and moves with what is in use, so that collecting never becomes all
// there is to do. Whoever has set GOMEMLIMIT knows better.
func boundMemory(ctx context.Context) {
	if debug.SetMemoryLimit(-1) != math.MaxInt64 {
		return
	}
	for {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		debug.SetMemoryLimit(heapLimit(int64(live[0].Value.Uint64())))
		select {
		case <-ctx.Done():
			return
		case <-time.After(heapEvery):
		}
	}
}

// heapLimit is the bound when so many bytes are in use: garbage may have half as many.
func heapLimit(live int64) int64 { return live + max(live/2, leastGarbage) }
