package simtest

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"

	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
	"simpul/sync/wire"
)

// What must be true at every moment and not only at the end, and what of the end
// concerns neither logs nor states.

// said holds what the centre answers against what it answered before (16): a
// receipt never goes back within an epoch, and each is at most the one before it.
func (w *World) said(r *wire.Request, a *wire.Answer) {
	if w.opt.Mutant != "" {
		return
	}
	for i, k := range a.Streams {
		id := r.Streams[i].ID
		if k.Applied > k.Received || k.Durable > k.Applied {
			w.fail("16 receipts", "of %s the centre has received %d, applied %d and in its copies %d", short(id), k.Received, k.Applied, k.Durable)
		}
		at := receipt{a.Epoch, id}
		before := w.receipts[at]
		if k.Received < before[0] || k.Applied < before[1] || k.Durable < before[2] {
			w.fail("16 receipts", "of %s the centre had %v and says now %d, %d, %d", short(id), before, k.Received, k.Applied, k.Durable)
		}
		w.receipts[at] = [3]uint64{k.Received, k.Applied, k.Durable}
	}
}

type receipt struct{ epoch, stream event.ID }

// afterExchange holds a node against what must be true at all times: a decision
// that it has seen it does not forget (12), and a fork is told the moment that it
// is found (6).
func (w *World) afterExchange(s *site) {
	if w.opt.Mutant != "" {
		return
	}
	now := s.rulingsAt()
	for h := range s.ruled {
		if !now[h] {
			w.fail("12 revocation wins", "%s has forgotten decision %x", s.name, h[:4])
		}
	}
	s.ruled = now
	streams, err := s.st.Streams(context.Background())
	w.must(err)
	for _, st := range streams {
		if !s.mine[st.ID] && s.mine != nil && w.branchOf(s, st.ID, streams) && !w.told(s, "forked", "behind", "copied", "foreign") {
			w.fail("6 forks are visible", "%s moved events to the branch %s and tells nobody", s.name, short(st.ID))
		}
	}
	s.mine = map[event.ID]bool{}
	for _, st := range streams {
		s.mine[st.ID] = true
	}
}

// forget is after a PC was put back: what it knew since is not known any more.
func (s *site) forget() { s.ruled, s.mine = nil, nil }

func (w *World) told(s *site, kinds ...string) bool {
	list, err := s.st.Notices(context.Background(), 1000)
	w.must(err)
	for _, n := range list {
		if slices.Contains(kinds, n.Kind) {
			return true
		}
	}
	return false
}

// branchOf reports whether a stream is the branch that a fork of another makes: its
// id follows from where it was cut and what parted there, whoever computes it (7).
func (w *World) branchOf(s *site, id event.ID, streams []store.Stream) bool {
	var first event.Hash
	w.must(s.eachOf(id, func(rec event.Record) bool {
		first = rec.Hash
		return false
	}))
	for _, st := range streams {
		for common := range st.Head + 1 {
			if event.BranchID(st.ID, common, first) == id {
				return true
			}
		}
	}
	return false
}

var errEnough = errors.New("simtest: enough")

// eachOf calls f with the events of a stream until it returns false.
func (s *site) eachOf(stream event.ID, f func(event.Record) bool) error {
	err := s.st.EachEvent(context.Background(), stream, 1, func(rec event.Record) error {
		if !f(rec) {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// checkVisits: every visit that was recorded is there, once (4, 14).
func (w *World) checkVisits(c census) {
	aside := w.quarantined()
	seen := map[event.ID]bool{}
	for _, rec := range c.records {
		if rec.Type != event.VisitRecorded || rec.Body == nil || aside[place{rec.Stream, rec.Seq}] || w.oracle.erased[rec.Subject] {
			continue
		}
		body, ok, err := rec.Decoded()
		w.must(err)
		if !ok {
			continue
		}
		id := merge.VisitID(rec, body)
		if seen[id] {
			continue
		}
		seen[id] = true
		if _, err := w.centre.st.Visit(context.Background(), id); err != nil {
			w.fail("4 exactly once", "visit %s (%s.%d): %v", short(id), short(rec.Stream), rec.Seq, err)
		}
	}
}

// checkPhotos: every photo that an event at the centre names and that lies on a PC
// in use is at the centre, each is what its name says, and nothing half is left of
// what is whole (20, 21).
func (w *World) checkPhotos(c census, holders map[*site]census) {
	for _, s := range w.everyone() {
		for h, b := range s.pictures {
			if event.Hash(sha256.Sum256(b)) != h {
				w.fail("20 photos", "%s keeps as %x what has another hash", s.name, h[:4])
			}
			if s.pieces[h] != nil {
				w.fail("21 bounded storage", "%s keeps pieces of %x, which is whole", s.name, h[:4])
			}
		}
	}
	aside := w.quarantined()
	for _, rec := range c.records {
		if rec.Type != event.PhotoAttached || rec.Body == nil || aside[place{rec.Stream, rec.Seq}] {
			continue
		}
		var p event.Photo
		w.must(rec.Open(&p))
		for _, h := range []event.Hash{p.Card, p.Record} {
			if w.centre.pictures[h] != nil {
				continue
			}
			for _, s := range w.living() { // whose log names it too
				if s.pictures[h] != nil && holders[s].at[rec.Hash] != nil {
					w.fail("20 photos", "photo %x of event %s.%d lies at %s and not at the centre", h[:4], short(rec.Stream), rec.Seq, s.name)
				}
			}
		}
	}
}

// checkSame: who is one person follows from the mergings that stand (14): nobody
// answers to somebody who answers to another, a splitting takes back its merging
// and nothing else, and a rule merges nobody whom a person keeps apart.
func (w *World) checkSame() {
	known, err := w.centre.st.Decisions(context.Background())
	w.must(err)
	split, lifted, circle := map[event.Hash]bool{}, map[event.Hash]bool{}, map[event.ID]int{}
	for _, d := range known.All() {
		switch b := d.Body.(type) {
		case *event.Splitting:
			split[b.Merging] = true
		case *event.Lifting:
			lifted[b.Parting] = true
		}
	}
	two := func(a, b event.ID) bool {
		return slices.ContainsFunc(known.All(), func(d store.Decided) bool {
			p, is := d.Body.(*event.Parting)
			return is && !lifted[d.Hash] && (p.One == a && p.Other == b || p.One == b && p.Other == a)
		})
	}
	for i, id := range w.oracle.people {
		circle[id] = i
	}
	for moved := true; moved; {
		moved = false
		for _, d := range known.All() {
			b, is := d.Body.(*event.Merging)
			if !is || split[d.Hash] || b.Rule == "equal" && two(b.Survivor, b.Absorbed) || circle[b.Survivor] == circle[b.Absorbed] {
				continue
			}
			low := min(circle[b.Survivor], circle[b.Absorbed])
			circle[b.Survivor], circle[b.Absorbed], moved = low, low, true
		}
	}
	stands := map[int]event.ID{}
	for _, id := range w.oracle.people {
		is := known.Survivor(id)
		if known.Survivor(is) != is {
			w.fail("14 aliases", "%s answers to %s, who answers to another", short(id), short(is))
		}
		if before, met := stands[circle[id]]; met && before != is {
			w.fail("14 aliases", "%s answers to %s and not to %s", short(id), short(is), short(before))
		}
		stands[circle[id]] = is
	}
	for a, one := range stands {
		for b, other := range stands {
			if a != b && one == other {
				w.fail("14 aliases", "%s stands for people whom nobody merged", short(one))
			}
		}
	}
}

// checkScope: a node holds full records of its own branch only (19), and of people
// from whom the centre sent an application on.
func (w *World) checkScope(s *site, c census, branches map[event.ID]event.ID) {
	routed := map[event.ID]bool{}
	for _, rec := range c.records {
		if rec.Type == event.RegistrationRouted {
			routed[rec.Subject] = true
		}
	}
	w.must(s.st.EachRow(context.Background(), wire.Own, func(r wire.Row) error {
		if id := event.ID(r.Key); r.Kind == wire.PersonRow && branches[id] != s.node.branch && !routed[id] {
			w.fail("19 privacy", "%s holds the record of %s, who is of another branch\n%s\n%s", s.name, short(id), w.history(w.centre, id), w.history(s, id))
		}
		return nil
	}))
}
