package simtest

import (
	"context"
	"fmt"
	"strings"
)

// rounds is how many times everybody exchanges at the end, at most.
const rounds = 60

// quiesce ends the faults and lets everybody exchange until nothing moves.
func (w *World) quiesce() {
	w.calm, w.ending = true, true
	for _, s := range w.everyone() {
		s.mem.DieAt(0, false)
		w.must(s.limit(-1))
		s.full = false
	}
	w.say("the faults stop")
	for _, s := range w.living() {
		if s.twin { // its people have read the notice: two PCs, one name
			w.join(s)
		}
	}
	before, still := "", 0
	for range rounds {
		w.now += 5 * minute
		for _, s := range w.living() {
			for range 40 {
				if !w.exchange(s) {
					break
				}
			}
			w.tidy(s)
			if w.alien(s) {
				w.join(s)
			}
		}
		if w.rogue != nil {
			w.must(w.rogueSpeaks())
		}
		w.settle(50)
		w.tidy(w.centre)
		w.prove()
		after := w.picturesOfAll()
		if still++; after != before {
			before, still = after, 0
		}
		if still >= 2 || still == 1 && w.plan.size == small {
			return
		}
	}
	w.fail("17 progress", "after %d rounds something still moves", rounds)
}

// picturesOfAll is where everybody stands, in one line.
func (w *World) picturesOfAll() string {
	var b strings.Builder
	for _, s := range w.living() {
		fmt.Fprintf(&b, "%s %s\n", s.name, w.standing(s))
	}
	return b.String() + w.heads()
}

// heads are the streams at the centre.
func (w *World) heads() string {
	var b strings.Builder
	streams, err := w.centre.st.ForeignStreams(context.Background(), [16]byte{})
	w.must(err)
	for _, f := range streams {
		fmt.Fprintf(&b, "%s %d %d %d\n", short(f.ID), f.Head, f.Applied, f.Durable)
	}
	return b.String()
}

// standing is where a node stands with the centre.
func (w *World) standing(s *site) string {
	req, err := s.st.Standing(context.Background())
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	for _, st := range req.Streams {
		fmt.Fprintf(&b, "%s.%d ", short(st.ID), st.Head)
	}
	for _, f := range req.Feeds {
		fmt.Fprintf(&b, "p%d@%d/%d ", f.Partition, f.Pos, f.Sum.Count)
	}
	fmt.Fprintf(&b, "r%d", req.Rulings.Count)
	return b.String()
}
