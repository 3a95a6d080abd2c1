package simtest

import (
	"context"
	"math/rand/v2"
	"slices"

	"simpul/sync/event"
	"simpul/sync/merge"
)

// census is what one database holds.
type census struct {
	records []event.Record
	at      map[event.Hash][]place
	streams map[event.ID][]event.Record
	order   []event.ID // of streams
}

func (s *site) census() census {
	c := census{at: map[event.Hash][]place{}, streams: map[event.ID][]event.Record{}}
	s.world.must(s.st.EveryEvent(context.Background(), func(rec event.Record) error {
		c.records = append(c.records, rec)
		c.at[rec.Hash] = append(c.at[rec.Hash], place{rec.Stream, rec.Seq})
		if c.streams[rec.Stream] == nil {
			c.order = append(c.order, rec.Stream)
		}
		c.streams[rec.Stream] = append(c.streams[rec.Stream], rec)
		return nil
	}))
	return c
}

// stamped is an event with where it stands among all others.
type stamped struct {
	event.Record
	at merge.Stamp
}

// admitted reads the centre's own log as a rebuild would, and by its own
// arithmetic: every event of every stream with its stamp, in the order in which
// the centre took them in, the same fact once.
func (w *World) admitted(c census, own []event.ID) []stamped {
	var out []stamped
	seen := map[event.Hash]event.ID{} // and in which stream
	last, covered := map[event.ID]int64{}, map[event.ID]uint64{}
	add := func(rec event.Record, at merge.Stamp) {
		last[rec.Stream] = at.Admitted
		if before, met := seen[rec.Hash]; met && before != rec.Stream {
			return // a copy of the same fact, in a branch
		}
		seen[rec.Hash] = rec.Stream
		out = append(out, stamped{rec, at})
	}
	effective := int64(0)
	for generation, id := range own {
		for _, rec := range c.streams[id] {
			at := merge.AtCentre(uint64(generation+1), effective, rec)
			effective = at.Admitted
			add(rec, at)
			if rec.Type != event.StreamAdmitted {
				continue
			}
			var a event.Admission
			w.must(rec.Open(&a))
			run := c.streams[a.Stream]
			if uint64(len(run)) < a.Last || a.First != covered[a.Stream]+1 {
				w.fail("admissions cover the log", "admission %d..%d of stream %s, which has %d events", a.First, a.Last, short(a.Stream), len(run))
			}
			for _, rec := range run[a.First-1 : a.Last] {
				add(rec, merge.Admitted(a, last[a.Stream], rec))
			}
			covered[a.Stream] = a.Last
		}
	}
	for _, id := range c.order {
		if !slices.Contains(own, id) && covered[id] != uint64(len(c.streams[id])) {
			w.fail("admissions cover the log", "stream %s has %d events, admitted are %d", short(id), len(c.streams[id]), covered[id])
		}
	}
	return out
}

// fold makes the states of all people from events, stream by stream in an order
// of the dice: the order must not matter.
func fold(r *rand.Rand, events []stamped, skip func(event.Record) bool) (map[event.ID]*merge.Person, error) {
	byStream := map[event.ID][]stamped{}
	var order []event.ID
	for _, e := range events {
		if byStream[e.Stream] == nil {
			order = append(order, e.Stream)
		}
		byStream[e.Stream] = append(byStream[e.Stream], e)
	}
	r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	people := map[event.ID]*merge.Person{}
	for _, id := range order {
		for _, e := range byStream[id] {
			if e.Type.Aggregate() != event.PersonState || skip(e.Record) {
				continue
			}
			p := people[e.Subject]
			if p == nil {
				p = &merge.Person{}
				people[e.Subject] = p
			}
			if err := p.Apply(e.Record, e.at); err != nil {
				return nil, err
			}
		}
	}
	return people, nil
}
