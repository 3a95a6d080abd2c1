package simtest

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// quarantined are the events that the centre set aside.
func (w *World) quarantined() map[place]bool {
	list, err := w.centre.st.Quarantine(context.Background(), event.ID{}, 1<<20)
	w.must(err)
	out := map[place]bool{}
	for _, q := range list {
		out[place{q.Stream, q.Seq}] = true
	}
	return out
}

// checkDecisions: a node holds the centre's decisions, all and no other (9), and
// none that anybody has seen is lost.
func (w *World) checkDecisions(s *site) {
	have, want := s.rulingsAt(), w.centre.rulingsAt()
	for h := range want {
		if !have[h] {
			w.fail("9 convergence", "%s lacks a decision that the centre holds: %x", s.name, h[:4])
		}
	}
	for h := range have {
		if !want[h] {
			w.fail("9 convergence", "the centre lacks a decision that %s holds: %x", s.name, h[:4])
		}
	}
	for _, h := range w.oracle.decided {
		if r := w.oracle.rulings[h]; r.lost == "" && !want[h] {
			w.fail("12 revocation wins", "decision %x is gone, and no disk was put back or lost that could explain it", h[:4])
		}
	}
}

// checkFeed: what a node holds of each partition is what the centre feeds it, row
// by row.
func (w *World) checkFeed(s *site) {
	e := s.enrolled()
	known, err := w.centre.st.Decisions(context.Background())
	w.must(err)
	enrolment, ok := known.Enrolment(e.Node)
	if !ok {
		w.fail("17 progress", "%s is not known to the centre at the end", s.name)
	}
	tags, err := w.centre.st.TagKey(context.Background())
	w.must(err)
	if e.Tags.Version != tags.Version || !bytes.Equal(e.Tags.Key, tags.Key) {
		w.fail("9 convergence", "%s compares with key %d of the duplicate tags, the centre makes them with %d", s.name, e.Tags.Version, tags.Version)
	}
	feed, err := w.centre.st.ReadFeed(context.Background(), e.Node, enrolment.Branch)
	w.must(err)
	defer feed.Close()
	for part := wire.Settings; part <= wire.Directory; part++ {
		want := map[string]string{}
		for at := (wire.Cursor{Partition: part}); ; {
			page, err := feed.Page(at, 1<<24)
			w.must(err)
			if page == nil {
				break
			}
			for _, r := range page.Rows {
				want[string(r.Key)] = fmt.Sprintf("%d %x", r.Kind, r.Body)
			}
			at.Pos, at.Sum = page.To, page.Sum
			if !page.More {
				break
			}
		}
		have := map[string]string{}
		w.must(s.st.EachRow(context.Background(), part, func(r wire.Row) error {
			have[string(r.Key)] = fmt.Sprintf("%d %x", r.Kind, r.Body)
			return nil
		}))
		for _, key := range slices.Sorted(keys(want)) {
			if have[key] != want[key] {
				w.fail("9 convergence", "%s: partition %d, row %x: the centre feeds\n%s\nand the node holds\n%s", s.name, part, key, want[key], have[key])
			}
		}
		for _, key := range slices.Sorted(keys(have)) {
			if want[key] == "" {
				w.fail("9 convergence", "%s: partition %d: row %x is not in the centre's feed", s.name, part, key)
			}
		}
	}
}

// checkStates: what a node shows of a person is what the centre shows, and the
// people of its branch are all there.
func (w *World) checkStates(s *site, branches map[event.ID]event.ID) {
	for _, id := range w.oracle.people {
		have, want := w.person(s, id), w.person(w.centre, id)
		if want != nil && have == nil && branches[id] == s.node.branch {
			w.fail("8 own history returns", "%s lacks %s of its own branch\n%s\n%s", s.name, short(id), w.history(w.centre, id), w.history(s, id))
		}
		if w.oracle.erased[id] && have != nil {
			w.fail("erased for ever", "%s still shows %s", s.name, short(id))
		}
		if _, begun := branches[id]; have == nil || want == nil || !begun {
			continue // without its first event, which is lost, a record is nobody's and is fed to nobody
		}
		if a, b := shown(have), shown(want); a != b {
			if w.opt.Print != nil {
				w.opt.Print(fmt.Sprintf("DEBUG %s heads %v", s.name, have.Heads))
				w.opt.Print(fmt.Sprintf("DEBUG centre heads %v home %s node's %s", want.Heads, branches[id], s.node.branch))
				w.must(s.st.EachRow(context.Background(), wire.Own, func(r wire.Row) error {
					if string(r.Key) == string(id[:]) {
						w.opt.Print(fmt.Sprintf("DEBUG has a row at %d", r.Pos))
					}
					return nil
				}))
			}
			w.fail("9 convergence", "%s and the centre show different things of %s:\n%s\n%s\n%s\n%s", s.name, short(id), a, b, w.history(s, id), w.history(w.centre, id))
		}
	}
}

// history is what a log holds about somebody, in one line.
func (w *World) history(s *site, id event.ID) string {
	list, err := s.st.History(context.Background(), id, 1000)
	w.must(err)
	out := s.name + ":"
	for _, rec := range list {
		out += fmt.Sprintf(" %s.%d %x %s", short(rec.Stream), rec.Seq, rec.Hash[:3], rec.Type)
	}
	return out
}

// branches says of which branch each person is: of the node that opened the
// registration, or the one that somebody at home named.
func (w *World) branches(c census) map[event.ID]event.ID {
	streams, err := w.centre.st.ForeignStreams(context.Background(), event.ID{})
	w.must(err)
	known, err := w.centre.st.Decisions(context.Background())
	w.must(err)
	of := map[event.ID]event.ID{}
	for _, f := range streams {
		if e, ok := known.Enrolment(f.Node); ok {
			of[f.ID] = e.Branch
		}
	}
	out := map[event.ID]event.ID{}
	for _, rec := range c.records {
		if rec.Type == event.RegistrationOpened {
			out[rec.Subject] = of[rec.Stream]
		}
	}
	for _, id := range w.oracle.people {
		if p := w.person(w.centre, id); p != nil && !p.For.IsZero() {
			out[id] = p.For.Value
		}
	}
	return out
}

// checkReceipts: what a node says is at the centre is there (16).
func (w *World) checkReceipts(s *site) {
	streams, err := s.st.Standing(context.Background())
	w.must(err)
	says := streams.Streams
	known, err := w.centre.st.Known(context.Background(), says, nil)
	w.must(err)
	for i, k := range known {
		if k.Received != says[i].Head || k.Chain != says[i].Chain || k.Forked {
			w.fail("16 receipts", "%s says %s.%d, the centre has %d, forked %v", s.name, short(says[i].ID), says[i].Head, k.Received, k.Forked)
		}
	}
	waiting, err := s.st.Waiting(context.Background())
	w.must(err)
	if waiting.Events != 0 {
		w.fail("17 progress", "%s: %d events wait", s.name, waiting.Events)
	}
}

// checkOwnHistory: a node that was put back has its own events again (8).
func (w *World) checkOwnHistory(s *site, centre, own census) {
	if s.copied {
		return // a copy has what it was copied from, not what the other wrote later
	}
	e := s.enrolled()
	streams, err := w.centre.st.ForeignStreams(context.Background(), e.Node)
	w.must(err)
	for _, f := range streams {
		for _, rec := range centre.streams[f.ID] {
			if len(own.at[rec.Hash]) == 0 {
				w.fail("8 own history returns", "%s lacks its own event %s.%d (%s)", s.name, short(rec.Stream), rec.Seq, rec.Type)
			}
		}
	}
}

// checkErased: of an erased person no body is left anywhere.
func (w *World) checkErased(centre census, nodes map[*site]census) {
	look := func(name string, c census) {
		for _, rec := range c.records {
			if w.oracle.erased[rec.Subject] && rec.Body != nil {
				w.fail("erased for ever", "%s has the body of %s.%d (%s) about %s", name, short(rec.Stream), rec.Seq, rec.Type, short(rec.Subject))
			}
		}
	}
	for h, r := range w.oracle.rulings {
		if e, is := r.body.(*event.Erasure); is && r.lost != "" {
			delete(w.oracle.erased, e.Person) // the decision itself is gone
			_ = h
		}
	}
	look("the centre", centre)
	for _, s := range w.living() {
		look(s.name, nodes[s])
	}
}

// checkPoison: bad events stand aside and good ones beside them are applied (15).
func (w *World) checkPoison() {
	aside := w.quarantined()
	g := w.rogue
	if g != nil {
		for i, it := range g.items {
			seq := uint64(i + 1)
			if bad := g.bad[seq]; bad != aside[place{g.stream, seq}] {
				w.fail("15 poison isolation", "event %d of the other program is bad: %v, aside: %v", seq, bad, !bad)
			}
			if g.bad[seq] && g.asides[seq] == "" {
				w.fail("15 poison isolation", "the other program was not told of event %d", seq)
			}
			if !g.bad[seq] && it.Type == event.VisitRecorded {
				if _, err := w.centre.st.Visit(context.Background(), event.DeriveID("visit", it.Hash)); err != nil {
					w.fail("15 poison isolation", "a good visit of the other program is not applied: %v", err)
				}
			}
		}
	}
	for at := range aside {
		if g == nil || at.stream != g.stream {
			w.fail("15 poison isolation", "%s.%d is set aside", short(at.stream), at.seq)
		}
	}
}

// copies reports whether two PCs go back to one disk.
func (w *World) copies(a, b string) bool {
	root := func(name string) string {
		for i, r := range name {
			if r == '\'' {
				return name[:i]
			}
		}
		return name
	}
	return root(a) == root(b)
}

// picture is every state at a PC, for comparing.
func (w *World) picture(s *site) []string {
	var out []string
	for _, id := range w.oracle.people {
		p := w.person(s, id)
		if p == nil {
			out = append(out, short(id)+" nothing")
			continue
		}
		b, err := event.Encode(p)
		w.must(err)
		out = append(out, fmt.Sprintf("%s %x", short(id), b))
	}
	return out
}

// alien reports whether the centre knows another PC under this one's name.
func (w *World) alien(s *site) bool {
	list, err := s.st.Notices(context.Background(), 50)
	w.must(err)
	for _, n := range list {
		if n.Kind == "foreign" && !s.rejoined {
			s.rejoined = true
			return true
		}
	}
	return false
}
