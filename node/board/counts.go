package board

import (
	"cmp"
	"slices"
)

// Counter is one number of one day: visits of a kind, cards issued.
type Counter struct {
	Day int64 // days since 1 January 1970 in the node's zone
	Key string
	N   int64
}

// Span is how long one thing took, kept singly so that the median is exact and a
// repeated or corrected one counts once.
type Span struct {
	ID    [16]byte // of the registration
	Key   string   // what took so long: the whole, or one step
	Day   int64
	Spent int64 // milliseconds
}

func counterKey(day int64, key string) []byte { return append(number(day), text(key)...) }

// SetCount sets a number of a day; 0 takes it away.
func (w *Writer) SetCount(c Counter) error {
	id := counterKey(c.Day, c.Key)
	if c.N == 0 {
		return remove(w, Counts, id)
	}
	return put(w, Counts, id, c)
}

// AddCount adds to a number of a day, or takes from it when n is below zero.
func (w *Writer) AddCount(day int64, key string, n int64) error {
	counter, _, _ := one[Counter](w.txn, Counts, counterKey(day, key))
	return w.SetCount(Counter{Day: day, Key: key, N: counter.N + n})
}

// PutSpan records how long something took, in place of what was recorded for the
// same id and key.
func (w *Writer) PutSpan(s Span) error {
	return put(w, Spans, append(s.ID[:], text(s.Key)...), s)
}

// DropDaysBefore forgets the counts and spans of earlier days. The store has them.
func (w *Writer) DropDaysBefore(day int64) error {
	counters, _ := each[Counter](w.txn, Counts, idIndex, nil)
	for _, c := range counters {
		if c.Day < day {
			if err := w.txn.Delete(string(Counts), c); err != nil {
				return err
			}
		}
	}
	spans, _ := each[Span](w.txn, Spans, idIndex, nil)
	for _, s := range spans {
		if s.Day < day {
			if err := w.txn.Delete(string(Spans), s); err != nil {
				return err
			}
		}
	}
	return nil
}

// Counts reads all numbers of a day by their keys. What was never counted is not
// in the map and so reads as 0. The channel is closed when one of that day changes.
func (b *Board) Counts(day int64) (counts map[string]int64, watch <-chan struct{}) {
	rows, watch := each[Counter](b.db.Txn(false), Counts, idIndex, number(day))
	counts = make(map[string]int64, len(rows))
	for _, c := range rows {
		counts[c.Key] = c.N
	}
	return counts, watch
}

// Median is the middle time, in milliseconds, of the n spans with a key on a day;
// of two middle ones the mean. 0 when there are none.
func (b *Board) Median(day int64, key string) (spent int64, n int, watch <-chan struct{}) {
	rows, watch := each[Span](b.db.Txn(false), Spans, dayIndex, counterKey(day, key))
	if n = len(rows); n == 0 {
		return 0, 0, watch
	}
	slices.SortFunc(rows, func(a, b Span) int { return cmp.Compare(a.Spent, b.Spent) })
	return (rows[(n-1)/2].Spent + rows[n/2].Spent) / 2, n, watch
}
