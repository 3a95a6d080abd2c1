package node_test

import (
	"testing"
	"time"

	"simpul/node/library"
	"simpul/node/nodetest"
)

// A PC whose clock stands in another century says so on its first page.
func TestAWrongClockIsSaidAtOnce(t *testing.T) {
	for year, wrong := range map[int]bool{2000: true, 2027: false, 2099: true} {
		at := time.Date(year, 3, 1, 9, 0, 0, 0, library.WIB())
		n := nodetest.Start(t, nodetest.WithClock(func() time.Time { return at }))
		if got := n.SignedIn(t).Get("/meja").Has("Jam komputer ini tampaknya salah"); got != wrong {
			t.Errorf("in %d the banner stands: %v", year, got)
		}
	}
}
