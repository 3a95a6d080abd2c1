package vault

import (
	"fmt"
	"testing"
	"time"
)

type handClock struct{ at time.Time }

func (c *handClock) now() time.Time { return c.at }

func newClock() *handClock { return &handClock{time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)} }

func TestGuessingGetsSlower(t *testing.T) {
	c := newClock()
	th := NewThrottle(c.now, 10)
	for i := range freeTries {
		if wait := th.Allow("sari"); wait != 0 {
			t.Fatalf("try %d waits %v", i+1, wait)
		}
	}
	want := []time.Duration{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900}
	for i, seconds := range want {
		wait := th.Allow("sari")
		if wait != seconds*time.Second {
			t.Fatalf("after %d tries the wait is %v", freeTries+i, wait)
		}
		c.at = c.at.Add(wait - time.Millisecond)
		if th.Allow("sari") != time.Millisecond {
			t.Fatal("asking in vain should change nothing")
		}
		c.at = c.at.Add(time.Millisecond)
		if th.Allow("sari") != 0 {
			t.Fatal("the wait is over")
		}
	}
	if th.Allow("wayan") != 0 {
		t.Error("another officer waits too")
	}
	th.Reset("sari")
	if th.Allow("sari") != 0 {
		t.Error("still waiting after success")
	}
}

func TestAWrongClockNeitherFreesNorLocksForLong(t *testing.T) {
	c := newClock()
	th := NewThrottle(c.now, 10)
	for range freeTries + 1 {
		th.Allow("sari")
		c.at = c.at.Add(time.Second)
	}
	c.at = c.at.AddDate(-20, 0, 0)
	wait := th.Allow("sari")
	if wait <= 0 || wait > longestWait {
		t.Errorf("clock set back: %v", wait)
	}
	c.at = c.at.Add(wait)
	if th.Allow("sari") != 0 {
		t.Error("locked until the old time comes again")
	}
}

func TestADayOfRestForgets(t *testing.T) {
	c := newClock()
	th := NewThrottle(c.now, 10)
	for range 3 * freeTries {
		c.at = c.at.Add(longestWait)
		th.Allow("sari")
	}
	c.at = c.at.Add(forgetAfter + time.Second)
	for i := range freeTries {
		if wait := th.Allow("sari"); wait != 0 {
			t.Fatalf("try %d of the next day waits %v", i+1, wait)
		}
	}
}

func TestAFloodOfKeysDoesNotHelp(t *testing.T) {
	c := newClock()
	th := NewThrottle(c.now, 100)
	for range freeTries {
		th.Allow("sari")
	}
	for i := range 10_000 {
		c.at = c.at.Add(time.Microsecond)
		th.Allow(fmt.Sprint("stranger ", i))
		if len(th.tries) > 100 {
			t.Fatalf("%d keys kept", len(th.tries))
		}
	}
	if th.Allow("sari") == 0 {
		t.Error("the flood pushed out the key that is being guessed at")
	}
}
