package demo

import (
	"sync"
	"time"
)

// Clock is the time in which made-up people are served: it moves only when somebody works, keeps the library's hours,
// and so leaves a history of plausible days instead of a single second. It is safe for concurrent use.
type Clock struct {
	mu    sync.Mutex
	start time.Time
	now   time.Time
	end   time.Time
}

// The library's hours, in its zone.
const opens, closes = 8, 16

// NewClock starts a clock as many days before end as work at the counter needs, at most 360. It never passes end.
func NewClock(end time.Time, zone *time.Location, work time.Duration) *Clock {
	day := (closes - opens) * time.Hour
	days := min(int(work/day)+1, 360)
	y, m, d := end.In(zone).Date()
	start := time.Date(y, m, d-days, opens, 0, 0, 0, zone)
	return &Clock{start: start, now: start, end: end}
}

// Now is the present instant.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Mono is the time since the clock was started.
func (c *Clock) Mono() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now.Sub(c.start)
}

// Work lets time pass at the counter.
func (c *Clock) Work(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if next := c.now.Add(d); next.Before(c.end) {
		c.now = next
	}
}

// SkipTo goes to so long before the end, if that is still to come.
func (c *Clock) SkipTo(before time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if next := c.end.Add(-before); next.After(c.now) {
		c.now = next
	}
}

// CloseAtNight goes to the next morning when the library has closed; call it between two visitors.
func (c *Clock) CloseAtNight() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now.Hour() < closes {
		return
	}
	y, m, d := c.now.Date()
	if next := time.Date(y, m, d+1, opens, 0, 0, 0, c.now.Location()); next.Before(c.end) {
		c.now = next
	}
}
