package node

import (
	"context"
	"math"
	"runtime/debug"
	"testing"
)

func TestHeapLimit(t *testing.T) {
	for live, want := range map[int64]int64{0: 48 << 20, 60 << 20: 108 << 20, 400 << 20: 600 << 20} {
		if got := heapLimit(live); got != want {
			t.Errorf("%d in use: %d, want %d", live, got, want)
		}
	}
}

func TestWhoSetALimitKeepsIt(t *testing.T) {
	ended, end := context.WithCancel(t.Context())
	end()
	before := debug.SetMemoryLimit(900 << 20)
	defer debug.SetMemoryLimit(before)
	if boundMemory(ended); debug.SetMemoryLimit(math.MaxInt64) != 900<<20 {
		t.Error("the limit of whoever started the program is gone")
	}
	if boundMemory(ended); debug.SetMemoryLimit(-1) > 1<<40 {
		t.Error("there is no limit")
	}
}
