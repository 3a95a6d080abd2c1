package desk_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"simpul/node/desk"
	"simpul/node/nodetest"
)

// BenchmarkCheckCard is the whole answer about a card at the counter: signature, trust list, look-up, record. It reports
// the 99th percentile in milliseconds, p99-ms; the issue asks for less than 5. The record's line in the log of who looked
// at what is written once, for the first look.
func BenchmarkCheckCard(b *testing.B) {
	n := nodetest.Start(b)
	text := qrOf(b, n, enrol(b, n, village(b, n, person(1))))
	checked(b, n, text)
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		c, err := n.Desk.CheckCard(context.Background(), n.Officer, text)
		took = append(took, time.Since(start))
		if err != nil || c.Outcome != desk.CardValid {
			b.Fatal(c.Outcome, err)
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100])/1e6, "p99-ms")
}
