package merge

import (
	"bytes"
	"slices"

	"simpul/sync/event"
)

// Same says who is one person: ids that were merged answer to one of them. It
// is made from the set of decisions, whatever their order, so every site that
// holds the same decisions answers alike, and a splitting takes back exactly the
// merging that it names.
type Same struct {
	survivor map[event.ID]event.ID
	absorbed map[event.ID][]event.ID
}

// NewSame reads the standing mergings by their hash; split names those that
// were undone.
func NewSame(mergings map[event.Hash]event.Merging, split map[event.Hash]bool) *Same {
	parent := map[event.ID]event.ID{}
	gone := map[event.ID]bool{}
	var find func(event.ID) event.ID
	find = func(id event.ID) event.ID {
		up, known := parent[id]
		if !known || up == id {
			return id
		}
		root := find(up)
		parent[id] = root
		return root
	}
	for hash, m := range mergings {
		if split[hash] || m.Survivor == m.Absorbed {
			continue
		}
		for _, id := range []event.ID{m.Survivor, m.Absorbed} {
			if _, known := parent[id]; !known {
				parent[id] = id
			}
		}
		gone[m.Absorbed] = true
		parent[find(m.Absorbed)] = find(m.Survivor)
	}
	// Of each group stands whoever was never absorbed; if that is nobody (two
	// decisions absorb each other) or several, the smallest id.
	stands := map[event.ID]event.ID{}
	better := func(a, b event.ID) bool {
		if gone[a] != gone[b] {
			return !gone[a]
		}
		return bytes.Compare(a[:], b[:]) < 0
	}
	for id := range parent {
		root := find(id)
		if best, any := stands[root]; !any || better(id, best) {
			stands[root] = id
		}
	}
	s := &Same{survivor: map[event.ID]event.ID{}, absorbed: map[event.ID][]event.ID{}}
	for id := range parent {
		if to := stands[find(id)]; to != id {
			s.survivor[id] = to
			s.absorbed[to] = append(s.absorbed[to], id)
		}
	}
	for _, list := range s.absorbed {
		slices.SortFunc(list, func(a, b event.ID) int { return bytes.Compare(a[:], b[:]) })
	}
	return s
}

// Survivor is the id that id answers to: itself when it was never merged.
func (s *Same) Survivor(id event.ID) event.ID {
	if s == nil {
		return id
	}
	if to, merged := s.survivor[id]; merged {
		return to
	}
	return id
}

// Absorbed lists the other ids of a survivor, in order; not to be changed.
func (s *Same) Absorbed(id event.ID) []event.ID {
	if s == nil {
		return nil
	}
	return s.absorbed[id]
}
