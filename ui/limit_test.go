package ui

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

func TestLimiter(t *testing.T) {
	at := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	l := newLimiter(func() time.Time { return at }, 2, 3)
	for i, want := range []bool{true, true, true, false, false} {
		if got := l.allow("a"); got != want {
			t.Errorf("try %d: %t", i+1, got)
		}
	}
	if !l.allow("b") {
		t.Error("another phone pays for the first")
	}
	at = at.Add(time.Second)
	if given := []bool{l.allow("a"), l.allow("a"), l.allow("a")}; !slices.Equal(given, []bool{true, true, false}) {
		t.Errorf("one second gives two tries: %v", given)
	}
	at = at.Add(-time.Hour)
	if l.allow("a") {
		t.Error("a clock that was set back gave a try")
	}
	at = at.Add(time.Second)
	if !l.allow("a") {
		t.Error("a clock that was set back locks for an hour")
	}
	if l.spent("c") || !l.allow("c") {
		t.Error("looking takes a try")
	}
	for i := range 3 * limiterSize {
		l.allow(fmt.Sprint(i))
	}
	if len(l.buckets) > limiterSize {
		t.Errorf("%d addresses are remembered", len(l.buckets))
	}
}
