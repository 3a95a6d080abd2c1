package store_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"testing"

	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/wire"
)

// BenchmarkDirectory takes in a district's directory, 5,000 members a page.
func BenchmarkDirectory(b *testing.B) {
	c := newCentre(b)
	for b.Loop() {
		b.StopTimer()
		s := open(b, filepath.Join(b.TempDir(), "data"))
		setUp(b, s)
		write(b, s, func(tx *store.Tx) error {
			return tx.SaveEnrolment(store.Enrolled{Node: event.ID{1}, Key: c.key, Centre: c.public(), Tags: wire.TagKey{Key: []byte{1}}, Epoch: event.ID{2}})
		})
		var sum wire.Sum
		pages := make([]wire.Page, 4)
		for n := range 20_000 {
			var id, card event.ID
			binary.BigEndian.PutUint64(id[:], uint64(n)*0x9e3779b97f4a7c15)
			card = id
			card[15] = 1
			body, err := event.Encode(wire.Entry{Name: fmt.Sprintf("Orang Buatan %d", n), Home: 14, Kind: "umum", Until: 21000, Cards: []wire.EntryCard{{ID: card, Number: fmt.Sprintf("01426%07d", n)}}})
			if err != nil {
				b.Fatal(err)
			}
			row := wire.Row{Kind: wire.EntryRow, Key: id[:], Pos: uint64(n + 1), Body: body}
			sum = sum.Add(row.Sum())
			p := &pages[n/5000]
			p.Partition, p.To, p.More, p.Sum, p.Rows = wire.Directory, row.Pos, true, sum, append(p.Rows, row)
		}
		b.StartTimer()
		for _, p := range pages {
			if err := s.AbsorbBundle(context.Background(), nil, &wire.Answer{Epoch: event.ID{2}, Pages: []wire.Page{p}}); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(20_000*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkStanding is what an idle exchange costs the node before it sends.
func BenchmarkStanding(b *testing.B) {
	d := newDistrict(b, 1, 'x')
	for range 200 {
		d.register(d.pcs[0])
	}
	d.settle()
	for b.Loop() {
		if _, err := d.pcs[0].s.Standing(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}
