package simtest

import (
	"context"
	"errors"
	"fmt"

	"simpul/node/store"
	"simpul/sync/event"
)

// The district's schedule takes the names from old lines of the visit register:
// the centre decides up to where, and each PC carries it out in its own time.

// stepRetain decides, or lets some PC carry out what was decided.
func (w *World) stepRetain() {
	if w.dice.IntN(2) == 0 {
		all := w.everyone()
		w.tidy(all[w.dice.IntN(len(all))])
		return
	}
	before := w.centre.clock.now().UnixMilli() - w.dice.Int64N(12*hour)
	ends, err := w.centre.st.AgeingDue(context.Background(), before, 100)
	w.must(err)
	if len(ends) > 0 {
		w.decide(fmt.Sprintf("age %d streams", len(ends)), event.RegisterAged, &event.Ageing{Ends: ends})
	}
}

// tidy carries out on one PC what was decided.
func (w *World) tidy(s *site) {
	n, _, err := s.st.CarryOutAgeing(context.Background(), 1000)
	switch {
	case s.dead():
		w.say("%s: the power goes out while names are taken from the register", s.name)
		w.revive(s)
		return
	case errors.Is(err, store.ErrFull):
		w.tolerate(s, "take names from the register", err)
	default:
		w.must(err)
	}
	if n > 0 {
		w.say("%s: %d lines of the register lose their names", s.name, n)
		w.count("register aged at " + s.part())
	}
}

// checkAged: what was decided is carried out everywhere; members keep theirs.
func (w *World) checkAged(centre census, nodes map[*site]census) {
	known, err := w.centre.st.Decisions(context.Background())
	w.must(err)
	until := map[event.ID]uint64{}
	for _, d := range known.All() {
		if b, is := d.Body.(*event.Ageing); is {
			for _, end := range b.Ends {
				until[end.Stream] = max(until[end.Stream], end.Seq)
			}
		}
	}
	aside := w.quarantined() // not applied yet, so counted in no report
	members := map[event.ID]bool{}
	for _, id := range w.oracle.people {
		members[id] = true
	}
	look := func(s *site, c census) {
		for _, rec := range c.records {
			if aside[place{rec.Stream, rec.Seq}] {
				continue
			}
			line := (rec.Type == event.VisitRecorded || rec.Type == event.VisitCorrected) && !members[rec.Subject]
			switch aged := rec.Seq <= until[rec.Stream]; {
			case line && aged && rec.Body != nil:
				w.fail("what is old has no names", "%s has the body of %s.%d (%s)", s.name, short(rec.Stream), rec.Seq, rec.Type)
			case rec.Body == nil && !(line && aged) && !w.oracle.erased[rec.Subject] && !s.st.IsErased(rec.Subject):
				w.fail("only what is old loses its names", "%s has no body of %s.%d (%s)", s.name, short(rec.Stream), rec.Seq, rec.Type)
			}
		}
	}
	look(w.centre, centre)
	for _, s := range w.living() {
		look(s, nodes[s])
	}
}
