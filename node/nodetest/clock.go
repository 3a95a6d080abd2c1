package nodetest

import (
	"sync"
	"time"
)

// Clock is the clock of a PC, which a test moves while the node reads it.
type Clock struct {
	mu        sync.Mutex
	at, start time.Time
}

// NewClock is a clock that stands at that time.
func NewClock(at time.Time) *Clock { return &Clock{at: at, start: at} }

// Now is for WithClock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Mono is how far the clock was moved since it was made, for WithMono.
func (c *Clock) Mono() time.Duration { return c.Now().Sub(c.start) }

// Set moves the clock to a time.
func (c *Clock) Set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

// Add moves the clock on.
func (c *Clock) Add(d time.Duration) { c.Set(c.Now().Add(d)) }
