package simtest

import (
	"crypto/sha256"
	"fmt"
	"hash"
)

// trace is what happened, as a hash of all lines and the last of them.
type trace struct {
	sum   hash.Hash
	tail  []string
	keep  int
	lines int
	print func(string)
}

func newTrace(keep int, print func(string)) *trace {
	return &trace{sum: sha256.New(), keep: keep, print: print}
}

func (t *trace) add(line string) {
	t.lines++
	fmt.Fprintln(t.sum, line)
	if t.tail = append(t.tail, line); len(t.tail) > 2*t.keep {
		t.tail = append([]string(nil), t.tail[t.keep:]...)
	}
	if t.print != nil {
		t.print(line)
	}
}

func (t *trace) last() []string { return t.tail[max(0, len(t.tail)-t.keep):] }

func (t *trace) hash() string { return fmt.Sprintf("%x", t.sum.Sum(nil)[:12]) }
