package simtest

import (
	"context"
	"slices"

	"simpul/sync/event"
	"simpul/sync/merge"
)

// checkOrder: whatever the clocks said, what one PC wrote about somebody counts in
// the order in which it wrote it (11). It is tried on people about whom one node
// alone wrote, one that was never copied, nor put back to before a stream of its own.
func (w *World) checkOrder(c census) {
	streams, err := w.centre.st.ForeignStreams(context.Background(), event.ID{})
	w.must(err)
	type turn struct {
		node       event.ID
		generation uint64
	}
	at, plain, seen := map[event.ID]turn{}, map[event.ID]bool{}, map[turn]bool{}
	for _, f := range streams {
		if f.Branch || seen[turn{f.Node, f.Generation}] {
			plain[f.Node] = false
			continue
		}
		if _, known := plain[f.Node]; !known {
			plain[f.Node] = true
		}
		at[f.ID], seen[turn{f.Node, f.Generation}] = turn{f.Node, f.Generation}, true
	}
	for _, s := range w.sites {
		if s.copied {
			for id, name := range w.oracle.enrolled {
				if name == s.name {
					plain[id] = false
				}
			}
		}
	}
	aside := w.quarantined()
	events := map[event.ID][]event.Record{}
	for _, rec := range c.records {
		if rec.Type.Aggregate() == event.PersonState && !aside[place{rec.Stream, rec.Seq}] {
			events[rec.Subject] = append(events[rec.Subject], rec)
		}
	}
	for _, id := range w.oracle.people {
		list := events[id]
		have := w.person(w.centre, id)
		if len(list) == 0 || have == nil {
			continue
		}
		node, ok := at[list[0].Stream]
		for _, rec := range list {
			p, known := at[rec.Stream]
			ok = ok && known && p.node == node.node && plain[p.node] && rec.Body != nil
		}
		if !ok {
			continue
		}
		slices.SortFunc(list, func(a, b event.Record) int {
			return merge.Own(at[a.Stream].generation, a.Seq).Compare(merge.Own(at[b.Stream].generation, b.Seq))
		})
		want := &merge.Person{}
		for _, rec := range list {
			w.must(want.Apply(rec, merge.Own(at[rec.Stream].generation, rec.Seq)))
		}
		if a, b := shown(want), shown(have); a != b {
			w.fail("11 clock independence", "one PC wrote all about %s, and the centre has it in another order:\n%s\n%s\n%s", short(id), a, b, w.history(w.centre, id))
		}
	}
}
