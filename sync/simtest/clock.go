package simtest

import (
	"math/rand/v2"
	"time"
)

// start is when every run begins, in ms: a day after the program was built.
var start = time.Date(2026, 8, 3, 1, 0, 0, 0, time.UTC).UnixMilli()

const (
	minute = int64(60_000)
	hour   = 60 * minute
	day    = 24 * hour
	year   = 365 * day
)

// clock is a PC's: it may be wrong by years, run fast or slow, and jump. The
// monotonic reading counts from the boot and is right.
type clock struct {
	world  *World
	offset int64 // ms, at base
	base   int64 // true ms
	drift  int64 // ms a day
	boot   uint32
	booted int64 // true ms
}

func (c *clock) now() time.Time {
	t := c.world.now
	return time.UnixMilli(t + c.offset + (t-c.base)*c.drift/day)
}

func (c *clock) mono() time.Duration {
	return time.Duration(c.world.now-c.booted) * time.Millisecond
}

// reboot starts another boot. A PC with an empty battery comes up in the past.
func (c *clock) reboot(r *rand.Rand) {
	c.boot = r.Uint32() | 1
	c.booted = c.world.now - r.Int64N(minute)
}

// jump sets the clock wrong, or right again.
func (c *clock) jump(r *rand.Rand) {
	c.base, c.drift = c.world.now, 0
	switch r.IntN(6) {
	case 0:
		c.offset = 0
	case 1:
		c.offset = r.Int64N(2*10*year) - 10*year
	case 2:
		c.offset = -(c.world.now - time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli())
	case 3:
		c.offset += r.Int64N(2*day) - day
	case 4:
		c.drift = r.Int64N(2*hour) - hour
	case 5:
		c.offset += r.Int64N(10*minute) - 5*minute
	}
}
