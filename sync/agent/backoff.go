package agent

import "time"

const (
	firstWait = 30 * time.Second
	mostWait  = 30 * time.Minute
)

// Backoff says how long to wait after failures: twice as long each time, up to
// half an hour. The zero value has seen none.
type Backoff struct{ failures int }

// Failed notes a failure and says how long to wait. asked is what the other side
// asked for at least, chance any 32 random bits: those who failed together do not
// come again together.
func (b *Backoff) Failed(asked time.Duration, chance uint32) time.Duration {
	wait := mostWait
	if b.failures < 6 {
		wait = firstWait << b.failures
	}
	b.failures++
	return max(Jitter(wait, chance), asked)
}

// Jitter moves a time by up to a fifth, either way.
func Jitter(d time.Duration, chance uint32) time.Duration {
	fifth := int64(d) / 5
	return time.Duration(int64(d) - fifth + int64(uint64(2*fifth)*uint64(chance>>12)>>20))
}
