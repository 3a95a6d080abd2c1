package simtest

import (
	"context"
	"fmt"
	"slices"

	"simpul/sync/event"
	"simpul/sync/merge"
)

// held is what all disks in use hold together.
func (w *World) held() map[event.Hash]bool {
	all := w.centre.holds()
	for _, s := range w.living() {
		for h := range s.holds() {
			all[h] = true
		}
	}
	return all
}

// rulingsAt lists the decisions that a PC holds.
func (s *site) rulingsAt() map[event.Hash]bool {
	held := map[event.Hash]bool{}
	known, err := s.st.Decisions(context.Background())
	s.world.must(err)
	for _, d := range known.All() {
		held[d.Hash] = true
	}
	return held
}

// forgotten notes what no disk holds any more after one was put back.
func (w *World) forgotten(why string) {
	if n := w.oracle.gone(w.held(), why); n > 0 {
		w.say("%d events are on no disk any more", n)
	}
	rulings := map[event.Hash]bool{}
	for _, s := range w.everyone() {
		for h := range s.rulingsAt() {
			rulings[h] = true
		}
	}
	if n := w.oracle.unruled(rulings, why); n > 0 {
		w.say("%d decisions are on no disk any more", n)
	}
}

// afterPowerCut proves that what the screen called saved is there, once every PC
// has power: one may lose it while another's request is on its way to it.
func (w *World) afterPowerCut(s *site) {
	if slices.ContainsFunc(w.everyone(), (*site).dead) {
		return
	}
	held := w.held()
	for _, h := range w.oracle.order {
		if f := w.oracle.facts[h]; f.lost == "" && !held[h] {
			w.fail("1 no acked loss", "%s was told that event %x (%s) is saved; after a power cut at %s no disk has it", f.at, h[:6], f.kind, s.name)
		}
	}
}

// stepRevoke takes a stolen PC out and puts another in its place.
func (w *World) stepRevoke() {
	if len(w.living()) < 2 {
		return
	}
	s := w.anySite()
	e := s.enrolled()
	if e == nil || s.copied {
		return
	}
	_, done := w.decide("revoke "+s.name, event.NodeRevoked, &event.Revocation{Node: e.Node, Reason: "lost"})
	if !done {
		return
	}
	s.retired = true
	w.count("node revoked and replaced")
	w.forgotten(s.name + " was stolen")
	s.heard = false
	w.exchange(s)
	if s.heard {
		w.fail("19 a revoked node receives nothing", "%s was answered", s.name)
	}
	if w.dice.IntN(2) == 0 {
		w.fill(s) // whoever finds it brings what it holds
	}
	w.must(s.close())
	n := w.newSite(s.name+"+", 0)
	n.node = &node{role: s.node.role, branch: s.node.branch, code: s.node.code}
	w.must(n.open())
	w.setUp(n, n.node.role, n.node.code)
	w.join(n)
}

// stepErase carries out somebody's wish to be forgotten.
func (w *World) stepErase() {
	if len(w.oracle.people) == 0 {
		return
	}
	id := w.oracle.people[w.dice.IntN(len(w.oracle.people))]
	if w.oracle.erased[id] || w.person(w.centre, id) == nil {
		return
	}
	w.count("person erased")
	w.decide("erase "+short(id), event.PersonErased, &event.Erasure{Person: id, Reason: "asked", Sex: "L", BirthYear: 1990})
}

// stepDecide lets a person at the centre decide something.
func (w *World) stepDecide() {
	switch w.dice.IntN(8) {
	case 0, 1:
		w.unmerge()
	case 2, 3:
		w.bar()
	case 4:
		w.part()
	case 5:
		w.rekey()
	default:
		w.mergeTwo()
	}
}

func (w *World) someMember() *merge.Person {
	all := w.oracle.people
	for range min(len(all), 8) {
		if p := w.person(w.centre, all[w.dice.IntN(len(all))]); p != nil && p.Member() {
			return p
		}
	}
	return nil
}

func (w *World) mergeTwo() {
	a, b := w.someMember(), w.someMember()
	if a == nil || b == nil || a.ID == b.ID {
		return
	}
	rule := "person"
	if w.dice.IntN(3) == 0 {
		rule = "equal"
	}
	w.decide(fmt.Sprintf("merge %s into %s", short(b.ID), short(a.ID)), event.PeopleMerged, &event.Merging{Survivor: a.ID, Absorbed: b.ID, Rule: rule})
}

// part says that two are two, before or after somebody or a rule merged them, or
// takes that back.
func (w *World) part() {
	known, err := w.centre.st.Decisions(context.Background())
	w.must(err)
	var pairs [][2]event.ID
	for _, d := range known.All() {
		switch b := d.Body.(type) {
		case *event.Merging:
			pairs = append(pairs, [2]event.ID{b.Survivor, b.Absorbed})
		case *event.Parting:
			if w.dice.IntN(3) == 0 {
				w.decide(fmt.Sprintf("lift %x", d.Hash[:4]), event.PartingLifted, &event.Lifting{Parting: d.Hash})
				return
			}
		}
	}
	a, b := w.someMember(), w.someMember()
	if len(pairs) > 0 && w.dice.IntN(2) == 0 {
		pair := pairs[w.dice.IntN(len(pairs))]
		w.decide(fmt.Sprintf("part %s and %s", short(pair[0]), short(pair[1])), event.PeopleParted, &event.Parting{One: pair[0], Other: pair[1]})
	} else if a != nil && b != nil && a.ID != b.ID {
		w.decide(fmt.Sprintf("part %s and %s", short(a.ID), short(b.ID)), event.PeopleParted, &event.Parting{One: a.ID, Other: b.ID})
	}
}

// rekey goes over to another key of the duplicate tags.
func (w *World) rekey() {
	key, err := w.centre.st.TagKey(context.Background())
	w.must(err)
	w.decide("another key of tags", event.TagsKeyed, &event.Keying{Version: key.Version + 1})
}

func (w *World) unmerge() {
	known, err := w.centre.st.Decisions(context.Background())
	w.must(err)
	var mergings []event.Hash
	for _, d := range known.All() {
		if _, is := d.Body.(*event.Merging); is {
			mergings = append(mergings, d.Hash)
		}
	}
	if len(mergings) > 0 {
		h := mergings[w.dice.IntN(len(mergings))]
		w.decide(fmt.Sprintf("split %x", h[:4]), event.PeopleSplit, &event.Splitting{Merging: h})
	}
}

func (w *World) bar() {
	p := w.someMember()
	if p == nil || p.Card() == nil {
		return
	}
	known, err := w.centre.st.Decisions(context.Background())
	w.must(err)
	card := p.Card().ID
	if bars := known.Bars(card); len(bars) > 0 && w.dice.IntN(2) == 0 {
		w.decide("clear "+short(card), event.CardCleared, &event.Clearing{Bars: bars})
		return
	}
	w.decide("bar "+short(card), event.CardBarred, &event.Bar{Card: card, Person: p.ID, Reason: "lost"})
}

// stepPoison lets a node of a later program speak.
func (w *World) stepPoison() {
	if w.rogue == nil {
		g := w.newRogue(w.dice)
		h, done := w.decide("enrol another program", event.NodeEnrolled, &event.Enrolment{Node: g.id, Branch: event.ID{0xee}, Name: "Lain", Role: "branch",
			Code: w.nextCode(), Key: g.public()})
		if !done {
			return
		}
		known, err := w.centre.st.Decisions(context.Background())
		w.must(err)
		d, _ := known.ByHash(h)
		g.ruling, w.rogue = d.Ruling, g
	}
	w.rogue.misbehave(w, w.dice)
	if err := w.rogueSpeaks(); err != nil {
		w.say("the other program: %v", err)
	}
}
