package node

import (
	"context"
	"math"
	"runtime/debug"
	"testing"
)

func TestHeapLimit(t *testing.T) {
	for live, want := range map[int64]int64{0: leastHeap, 60 << 20: leastHeap, 400 << 20: 600 << 20} {
		if got := heapLimit(live); got != want {
			t.Errorf("%d in use: %d, want %d", live, got, want)
		}
	}
}

func TestWhoSetALimitKeepsIt(t *testing.T) {
	ended, end := context.WithCancel(t.Context())
	end()
	for set, want := range map[int64]int64{900 << 20: 900 << 20, math.MaxInt64: leastHeap} {
		before := debug.SetMemoryLimit(set)
		boundMemory(ended)
		if got := debug.SetMemoryLimit(before); got != want {
			t.Errorf("of %d became %d", set, got)
		}
	}
}
