package merge

import (
	"testing"

	"pgregory.net/rapid"

	"simpul/sync/event"
)

// Whatever was merged, split and merged again, in whatever order it became
// known: nobody stands for somebody who stands for another, and undoing every
// merging leaves everybody alone.
func TestSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one := rapid.Custom(func(t *rapid.T) event.ID { return event.ID{byte(rapid.IntRange(1, 6).Draw(t, "person"))} })
		mergings, split := map[event.Hash]event.Merging{}, map[event.Hash]bool{}
		for i := range rapid.IntRange(0, 12).Draw(t, "decisions") {
			hash := event.Hash{byte(i)}
			mergings[hash] = event.Merging{Survivor: one.Draw(t, "survivor"), Absorbed: one.Draw(t, "absorbed")}
			if rapid.Bool().Draw(t, "split") {
				split[hash] = true
			}
		}
		s := NewSame(mergings, split)
		for hash, m := range mergings {
			if !split[hash] && s.Survivor(m.Survivor) != s.Survivor(m.Absorbed) {
				t.Fatalf("%v and %v are one person and answer to %v and %v", m.Survivor, m.Absorbed, s.Survivor(m.Survivor), s.Survivor(m.Absorbed))
			}
		}
		for i := range byte(7) {
			id := event.ID{i}
			to := s.Survivor(id)
			if s.Survivor(to) != to {
				t.Fatalf("%v answers to %v, who answers to %v", id, to, s.Survivor(to))
			}
			found := to == id
			for _, other := range s.Absorbed(to) {
				found = found || other == id
			}
			if !found {
				t.Fatalf("%v is not among those whom %v absorbed", id, to)
			}
		}
		for hash := range mergings {
			split[hash] = true
		}
		alone := NewSame(mergings, split)
		for i := range byte(7) {
			if id := (event.ID{i}); alone.Survivor(id) != id {
				t.Fatalf("everything was split and %v still answers to %v", id, alone.Survivor(id))
			}
		}
	})
}

func TestSameTakesBackOneMerging(t *testing.T) {
	a, b, c := event.ID{1}, event.ID{2}, event.ID{3}
	mergings := map[event.Hash]event.Merging{{1}: {Survivor: a, Absorbed: b}, {2}: {Survivor: a, Absorbed: c}}
	s := NewSame(mergings, map[event.Hash]bool{{2}: true})
	if s.Survivor(b) != a || s.Survivor(c) != c || len(s.Absorbed(a)) != 1 {
		t.Errorf("b answers to %v, c to %v; a absorbed %v", s.Survivor(b), s.Survivor(c), s.Absorbed(a))
	}
}
