package wire

import (
	"reflect"
	"testing"
)

func encoded(t testing.TB, r *Request) []byte {
	t.Helper()
	raw, err := EncodeRequest(r)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestSizes(t *testing.T) {
	for _, n := range []int{1, 100, 1000} {
		c := newCounter(t, uint64(n))
		for range n {
			c.registration()
		}
		v := newCounter(t, uint64(n))
		for range n {
			v.guest()
		}
		for what, b := range map[string]Batch{"registration": c.batch, "visit": v.batch} {
			r := newCounter(t, 5).request()
			r.Batches = []Batch{b}
			raw := encoded(t, r)
			t.Logf("%-12s in batches of %4d: %6.1f bytes", what, n, float64(len(raw))/float64(n))
			if got, err := DecodeRequest(raw); err != nil || !reflect.DeepEqual(got.Batches, r.Batches) {
				t.Errorf("%s: not what was written: %v", what, err)
			}
		}
	}
	idle := newCounter(t, 6)
	ask := idle.request()
	ask.Batches = nil
	told, err := EncodeAnswer(idle.answer())
	t.Logf("idle: %d bytes up, %d down %v", len(encoded(t, ask)), len(told), err)
	rows := entries(t, 100_000)
	bytes := 0
	for len(rows) > 0 {
		n := min(len(rows), 10000)
		a := &Answer{Protocol: Protocol, Pages: []Page{{Partition: Directory, Rows: rows[:n]}}}
		raw, err := EncodeAnswer(a)
		if err != nil {
			t.Fatal(err)
		}
		bytes += len(raw)
		if got, err := DecodeAnswer(raw); err != nil || !reflect.DeepEqual(got.Pages, a.Pages) {
			t.Fatalf("not what was written: %v", err)
		}
		rows = rows[n:]
	}
	t.Logf("100,000 rows: %d bytes", bytes)
}
