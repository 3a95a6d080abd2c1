package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/wire"
)

// BenchmarkIntake takes in and applies days of a branch (100 registrations and 300
// visits each) in requests of up to 5,000 events; beside it, in the same run, bare
// inserts of as many rows in transactions of the same size.
func BenchmarkIntake(b *testing.B) {
	n := newSender(1)
	for range 20 {
		for i := range 400 {
			if i%4 == 0 {
				n.register()
			} else {
				n.visit()
			}
		}
	}
	const request = 5000
	b.Run("stored and applied", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			c := openCentre(b, n)
			b.StartTimer()
			for from := uint64(1); from <= n.head(); from += request {
				to := min(from+request-1, n.head())
				c.take(b, n.taking(c.now.UnixMilli(), n.batch(from, to)))
				c.apply(b)
			}
			b.StopTimer()
			c.Close()
			b.StartTimer()
		}
		b.ReportMetric(float64(b.N)*float64(n.head())/b.Elapsed().Seconds(), "events/s")
	})
	b.Run("bare inserts", func(b *testing.B) {
		values := make([]string, store.BareColumns)
		for i := range values {
			values[i] = fmt.Sprintf("value %d", i)
		}
		for b.Loop() {
			b.StopTimer()
			bare, err := store.OpenBare(b.TempDir())
			if err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
			for from := uint64(1); from <= n.head(); from += request {
				if err := bare.InsertMany(values, int(min(request, n.head()-from+1))); err != nil {
					b.Fatal(err)
				}
			}
			b.StopTimer()
			bare.Close()
			b.StartTimer()
		}
		b.ReportMetric(float64(b.N)*float64(n.head())/b.Elapsed().Seconds(), "events/s")
	})
}

// BenchmarkBootstrap reads the directory of 100,000 members for a new node.
func BenchmarkBootstrap(b *testing.B) {
	n := newSender(1)
	c := openCentre(b, n)
	sent, begin := uint64(0), time.Now()
	for range 20 {
		for range 5000 {
			n.register()
		}
		for ; sent < n.head(); sent = min(sent+5000, n.head()) {
			c.take(b, n.taking(c.now.UnixMilli(), n.batch(sent+1, min(sent+5000, n.head()))))
			c.apply(b)
		}
	}
	filled := float64(n.head()) / time.Since(begin).Seconds()
	other := event.ID{'n', 9}
	b.ResetTimer()
	for b.Loop() {
		at, rows, bytes := wire.Cursor{Partition: wire.Directory}, 0, 0
		for {
			feed, err := c.ReadFeed(context.Background(), other, event.ID{'z'})
			if err != nil {
				b.Fatal(err)
			}
			page, err := feed.Page(at, 1<<20)
			feed.Close()
			if err != nil {
				b.Fatal(err)
			}
			if page == nil {
				break
			}
			raw, err := wire.EncodeAnswer(&wire.Answer{Pages: []wire.Page{*page}})
			if err != nil {
				b.Fatal(err)
			}
			bytes += len(raw)
			rows += len(page.Rows)
			at.Pos, at.Sum = page.To, page.Sum
		}
		b.ReportMetric(float64(rows), "rows")
		b.ReportMetric(filled, "events/s-at-700,000")
		b.ReportMetric(float64(bytes)/float64(rows), "bytes/row-uncompressed")
	}
}
