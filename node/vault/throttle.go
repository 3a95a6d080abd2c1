package vault

import (
	"sync"
	"time"
)

// Throttle slows down guessing, per key: an officer's name, a client's address. Five tries are free, then the wait
// doubles from one second up to 15 minutes; it never locks anyone out for good. Success resets.
//
// It counts a try when it is allowed, not when it has failed, so that many tries at once are no way around it.
type Throttle struct {
	now  func() time.Time
	most int

	mu    sync.Mutex
	tries map[string]tries
}

type tries struct {
	count int
	last  time.Time
}

const (
	freeTries   = 5
	longestWait = 15 * time.Minute
	forgetAfter = 24 * time.Hour
)

// NewThrottle returns a throttle that remembers at most that many keys. now should carry a monotonic reading, as
// time.Now does: then a change of the wall clock neither frees nor locks anyone. Without one, a clock
// set back makes the wait begin again, 15 minutes at most.
func NewThrottle(now func() time.Time, most int) *Throttle {
	return &Throttle{now: now, most: max(most, 1), tries: make(map[string]tries)}
}

// Allow says how long this key has to wait. Zero means go on, and counts a try.
func (t *Throttle) Allow(key string) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	seen, known := t.tries[key]
	passed := now.Sub(seen.last)
	if known && passed < 0 { // set back: wait from now on, not until that time comes again
		seen.last, passed = now, 0
		t.tries[key] = seen
	}
	if known && passed > forgetAfter {
		seen = tries{}
	}
	if left := waitAfter(seen.count) - passed; left > 0 && known {
		return left
	}
	if !known && len(t.tries) >= t.most {
		t.forgetOne(now)
	}
	t.tries[key] = tries{seen.count + 1, now}
	return 0
}

// Reset forgets the tries of a key: the secret was right.
func (t *Throttle) Reset(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.tries, key)
}

// waitAfter is the wait that follows this many tries.
func waitAfter(count int) time.Duration {
	switch {
	case count < freeTries:
		return 0
	case count-freeTries >= 10:
		return longestWait
	}
	return min(time.Second<<(count-freeTries), longestWait)
}

// forgetOne makes room. The key with the fewest tries goes, the oldest of them: whoever floods the throttle with
// new keys pushes out his own, not the one he is guessing at.
func (t *Throttle) forgetOne(now time.Time) {
	var victim string
	var worst tries
	first := true
	for key, seen := range t.tries {
		if now.Sub(seen.last) > forgetAfter {
			seen.count = 0
		}
		if first || seen.count < worst.count || (seen.count == worst.count && seen.last.Before(worst.last)) {
			victim, worst, first = key, seen, false
		}
	}
	delete(t.tries, victim)
}
