package wire

import (
	"fmt"
	"reflect"
	"testing"
)

// aims are bytes a piece, with nothing but the batch in the message.
var aims = []struct {
	what string
	n    int
	aim  float64
}{{"registration", 100, 200}, {"registration", 1000, 160}, {"visit", 100, 40}, {"visit", 1000, 30}}

// batchOf makes a batch of n registrations of eleven events each, or of n visits
// by guests.
func batchOf(t testing.TB, what string, n int) Batch {
	c := newCounter(t, uint64(n))
	for range n {
		if what == "visit" {
			c.guest()
		} else {
			c.registration()
		}
	}
	return c.batch
}

func TestBatchesAreSmall(t *testing.T) {
	for _, a := range aims {
		r := &Request{Batches: []Batch{batchOf(t, a.what, a.n)}}
		raw, err := EncodeRequest(r)
		if err != nil {
			t.Fatal(err)
		}
		each := float64(len(raw)) / float64(a.n)
		t.Logf("%s in batches of %d: %.1f bytes", a.what, a.n, each)
		if each > a.aim {
			t.Errorf("%s in batches of %d: %.1f bytes, aim %.0f", a.what, a.n, each, a.aim)
		}
		if got, err := DecodeRequest(raw); err != nil || !reflect.DeepEqual(got.Batches, r.Batches) {
			t.Errorf("%s: not what was written: %v", a.what, err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	for _, a := range aims {
		b.Run(fmt.Sprintf("%s/%d", a.what, a.n), func(b *testing.B) {
			r := &Request{Batches: []Batch{batchOf(b, a.what, a.n)}}
			size := 0
			for b.Loop() {
				raw, err := EncodeRequest(r)
				if err != nil {
					b.Fatal(err)
				}
				size = len(raw)
			}
			report(b, r, size, a.n)
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	for _, a := range aims {
		b.Run(fmt.Sprintf("%s/%d", a.what, a.n), func(b *testing.B) {
			r := &Request{Batches: []Batch{batchOf(b, a.what, a.n)}}
			raw, err := EncodeRequest(r)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := DecodeRequest(raw); err != nil {
					b.Fatal(err)
				}
			}
			report(b, r, len(raw), a.n)
		})
	}
}

func report(b *testing.B, r *Request, size, n int) {
	b.ReportMetric(float64(size)/float64(n), "B/each")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(r.Batches[0].Items)), "ns/event")
}

func BenchmarkDirectory(b *testing.B) {
	rows := entries(b, 20_000)
	for b.Loop() {
		raw, err := EncodeAnswer(&Answer{Pages: []Page{{Rows: rows}}})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := DecodeAnswer(raw); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(raw))/float64(len(rows)), "B/row")
	}
}
