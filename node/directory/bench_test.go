package directory

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"
)

// Queries as officers type them: a frequent word, a rare one, two words, letters
// that half of all people match, and one that nobody does.
var typed = []string{"siti", "muh", "a", "s n", "siti rah", "moch. hid", "kusu", "wawiyu", "nur'a", "tri sus pra", "zzz", "siti zzz"}

// BenchmarkFill also reports what a filled directory keeps alive.
func BenchmarkFill(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			entries := population(b, n)
			before := live()
			var d *Directory
			for b.Loop() {
				d = New()
				if err := d.Fill(b.Context(), listing(entries), nil); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(live()-before)/1e6, "live-MB")
			runtime.KeepAlive(entries)
			runtime.KeepAlive(d)
		})
	}
}

func live() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func BenchmarkFind(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		d := filled(b, population(b, n)...)
		b.Run(fmt.Sprintf("name/%d", n), func(b *testing.B) { benchmarkQueries(b, d, typed) })
		for _, q := range append(slices.Clone(typed), "00123 7", "014 26", "23-11-1998") {
			b.Run(fmt.Sprintf("%q/%d", q, n), func(b *testing.B) { benchmarkQueries(b, d, []string{q}) })
		}
	}
}

// benchmarkQueries reports the median and the 99th percentile beside the mean.
func benchmarkQueries(b *testing.B, d *Directory, queries []string) {
	var took []time.Duration
	for b.Loop() {
		q := queries[len(took)%len(queries)]
		start := time.Now()
		if _, _, err := d.Find(b.Context(), q, 20, Everyone); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds()), "p50-ns")
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds()), "p99-ns")
}

func BenchmarkPut(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		entries := population(b, n)
		d := filled(b, entries...)
		b.Run(fmt.Sprintf("renamed/%d", n), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				e := entries[i%n]
				e.Name = entries[(i*7+1)%n].Name + fmt.Sprintf(" x%dx", i)
				if err := d.Put(e); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkFindByBirthDay(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		d := filled(b, population(b, n)...)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				if _, err := d.FindByBirthDay(b.Context(), "Siti Aminah Wati", 11, 23, Members); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func population(b *testing.B, n int) []Entry {
	entries := make([]Entry, 0, n)
	if err := madeUp(n, 1, func(e Entry) error { entries = append(entries, e); return nil }); err != nil {
		b.Fatal(err)
	}
	return entries
}
