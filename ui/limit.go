package ui

import (
	"math"
	"strconv"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"simpul/node/library"
)

// limiter lets each address do so much: a bucket of tries that fills again with time.
type limiter struct {
	now         func() time.Time
	rate, burst float64 // tries a second, and at once

	mu      sync.Mutex
	buckets map[string]bucket
}

type bucket struct {
	left float64
	at   time.Time
}

// limiterSize is how many addresses are remembered. A library's network has a few hundred; above that all are forgotten.
const limiterSize = 4096

func newLimiter(now func() time.Time, rate, burst float64) *limiter {
	return &limiter{now: now, rate: rate, burst: burst, buckets: map[string]bucket{}}
}

// allow takes one try of an address, and says whether there was one.
func (l *limiter) allow(who string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.filled(who)
	ok := b.left >= 1
	if ok {
		b.left--
	}
	if len(l.buckets) >= limiterSize {
		clear(l.buckets)
	}
	l.buckets[who] = b
	return ok
}

// spent says that an address has no try left, without taking one.
func (l *limiter) spent(who string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.filled(who).left < 1
}

func (l *limiter) filled(who string) bucket {
	now := l.now()
	b, known := l.buckets[who]
	if !known {
		return bucket{l.burst, now}
	}
	// A clock that was set back gives nothing and takes nothing.
	b.left = math.Min(l.burst, b.left+l.rate*math.Max(0, now.Sub(b.at).Seconds()))
	b.at = now
	return b
}

const retrySeconds = 30

// tooMany answers who asks too often.
func tooMany(c *fiber.Ctx) error {
	c.Set(fiber.HeaderRetryAfter, strconv.Itoa(retrySeconds))
	return library.E(library.KindUnavailable, "error.too_often").Hinted("error.too_often.hint")
}
