package simtest

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// check holds what the run left against what must be true (sync.md 7).
func (w *World) check() {
	for _, s := range w.everyone() {
		w.checkStore(s)
	}
	centre := w.centre.census()
	nodes := map[*site]census{}
	for _, s := range w.living() {
		nodes[s] = s.census()
	}
	w.checkNothingLost(centre, nodes)
	w.checkPlaces(centre, nodes)
	w.checkCentreStates(centre)
	branches := w.branches(centre)
	for _, s := range w.living() {
		w.checkDecisions(s)
		w.checkFeed(s)
		w.checkStates(s, branches)
		w.checkReceipts(s)
		w.checkScope(s, centre, branches)
		w.checkOwnHistory(s, centre, nodes[s])
	}
	w.checkOrder(centre)
	w.checkNumbers()
	w.checkErased(centre, nodes)
	w.checkAged(centre, nodes)
	w.checkPoison()
	w.checkPhotos(centre, nodes)
	w.checkVisits(centre)
	w.checkSame()
	if w.dice.IntN(3) == 0 || w.plan.size != small {
		w.checkRebuild()
	}
}

func (w *World) everyone() []*site { return append(w.living(), w.centre) }

// checkStore: SQLite is sound, no gap, every chain and hash fits, every state is
// what the log makes.
func (w *World) checkStore(s *site) {
	r, err := s.st.Check(context.Background(), nil)
	w.must(err)
	for _, f := range r.Findings {
		w.fail("the store is sound", "%s: %s: %s", s.name, f.Check, f.Detail)
	}
}

// checkNothingLost: what was saved is at the centre (1, 2, 3), and so is
// everything that lies on a disk in use.
func (w *World) checkNothingLost(centre census, nodes map[*site]census) {
	for _, s := range w.living() {
		for _, rec := range nodes[s].records {
			if len(centre.at[rec.Hash]) == 0 {
				w.fail("2 no silent loss", "event %x (%s, %s.%d) lies at %s and not at the centre", rec.Hash[:6], rec.Type, short(rec.Stream), rec.Seq, s.name)
			}
		}
	}
	for _, h := range w.oracle.order {
		if f := w.oracle.facts[h]; f.lost == "" && len(centre.at[h]) == 0 {
			w.fail("1 no acked loss", "%s was told that event %x (%s) is saved; it is not at the centre, and no disk was put back or lost that could explain it", f.at, h[:6], f.kind)
		}
	}
	for h := range w.oracle.durable {
		if len(centre.at[h]) == 0 {
			w.fail("3 durable means durable", "event %x was told to be in the centre's backup and is gone", h[:6])
		}
	}
}

// checkPlaces: no sequence of a stream holds two different events anywhere (5).
func (w *World) checkPlaces(centre census, nodes map[*site]census) {
	at := map[place]event.Hash{}
	for _, rec := range centre.records {
		at[place{rec.Stream, rec.Seq}] = rec.Hash
	}
	for _, s := range w.living() {
		for _, rec := range nodes[s].records {
			if h, known := at[place{rec.Stream, rec.Seq}]; known && h != rec.Hash {
				w.fail("5 no sequence twice", "%s.%d is %x at %s and %x at the centre", short(rec.Stream), rec.Seq, rec.Hash[:6], s.name, h[:6])
			}
		}
	}
}

// checkCentreStates: what the centre shows is what the events make, folded here
// in another order with stamps of our own arithmetic (4, 10).
func (w *World) checkCentreStates(c census) {
	streams, err := w.centre.st.Streams(context.Background())
	w.must(err)
	var own []event.ID
	for _, s := range streams {
		own = append(own, s.ID)
	}
	aside := w.quarantined()
	erased := w.oracle.erased
	people, err := fold(w.dice, w.admitted(c, own), func(rec event.Record) bool { return rec.Body == nil || aside[place{rec.Stream, rec.Seq}] })
	w.must(err)
	for _, id := range w.oracle.people {
		want, have := people[id], w.person(w.centre, id)
		switch {
		case erased[id]:
			if have != nil {
				w.fail("erased for ever", "the centre still shows %s", short(id))
			}
		case want == nil && have == nil:
		case want == nil || have == nil:
			w.fail("4 exactly once", "person %s: the events make one: %v, the centre has one: %v", short(id), want != nil, have != nil)
		default:
			if a, b := withoutHeads(want), withoutHeads(have); !bytes.Equal(a, b) {
				w.fail("4 exactly once", "person %s: the centre's state is not what the events make\nevents %x\ncentre %x", short(id), a, b)
			}
		}
	}
}

// withoutHeads is a state without its list of streams: copies of a fact in
// branches stand in the list and nowhere else.
func withoutHeads(p *merge.Person) []byte {
	q := p.Clone()
	q.Heads = nil
	b, err := event.Encode(q)
	if err != nil {
		return []byte(err.Error())
	}
	return b
}

// person is what a PC has of somebody, nil when nothing.
func (w *World) person(s *site, id event.ID) *merge.Person {
	p, err := s.st.Person(context.Background(), id)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	w.must(err)
	return p
}

// checkNumbers: no two cards bear one number that the centre granted (13). Two
// running copies of one disk can print it before either has heard of the other;
// that is a fork, and those who are told of it look for it.
func (w *World) checkNumbers() {
	holder := map[string]*printed{}
	for _, id := range slices.SortedFunc(keys(w.oracle.cards), func(a, b event.ID) int { return bytes.Compare(a[:], b[:]) }) {
		c := w.oracle.cards[id]
		other := holder[c.number]
		if other == nil {
			holder[c.number] = c
			continue
		}
		if c.granted && !w.copies(c.at, other.at) && !w.oracle.twice[uint16(library.MemberNumber(c.number).Code())] {
			w.fail("13 one number, one card", "%s and %s both printed %s", other.at, c.at, c.number)
		}
	}
}

// checkRebuild: every projection made again from the log is the same.
func (w *World) checkRebuild() {
	all := w.living()
	for _, s := range []*site{w.centre, all[w.dice.IntN(len(all))]} {
		before := w.picture(s)
		w.must(s.st.Rebuild(context.Background(), nil))
		after := w.picture(s)
		for i := range before {
			if before[i] != after[i] {
				w.fail("a rebuild changes nothing", "%s: %s became %s", s.name, before[i], after[i])
			}
		}
		w.checkStore(s)
	}
}

func keys[K comparable, V any](m map[K]V) func(func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}
