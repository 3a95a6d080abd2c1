package merge

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

// A clone taken further leaves what it was made from as it was, and comes to the
// same state as if nobody had been reading.
func TestACloneIsTakenFurtherAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := newHistory(t)
		drawPerson(h)
		steps := interleave(t, h.stamped())
		alone, last := new(Person), new(Person)
		for _, s := range steps {
			before := encoded(t, last)
			next := last.Clone()
			apply(t, next, []step{s})
			apply(t, alone, []step{s})
			if !bytes.Equal(encoded(t, last), before) {
				t.Fatal("what readers hold was changed")
			}
			last = next
		}
		equal(t, "clone by clone", last, alone)
	})
}
