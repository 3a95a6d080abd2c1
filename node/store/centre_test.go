package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/hub"
	"simpul/sync/wire"
)

// pictured is everything that a centre made of what its nodes sent, but for what
// depends on when it was sent: the centre's own log and the feed's positions.
func pictured(t rapid.TB, c *centreStore, nodes []*sender) map[string]string {
	t.Helper()
	ctx, out := context.Background(), map[string]string{}
	for i, n := range nodes {
		for _, p := range n.people {
			state, err := c.Person(ctx, event.SubjectID(p.salt))
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			raw, err := event.Encode(state)
			if err != nil {
				t.Fatal(err)
			}
			out["person "+state.ID.String()] = string(raw)
		}
		for part, rows := range fedTo(t, c, n.node, event.ID{'b', byte(i)}) {
			for key, body := range rows {
				out[fmt.Sprintf("fed to %d, %d %x", i, part, key)] = body
			}
		}
		f, err := c.ForeignStream(ctx, n.stream)
		if err != nil {
			t.Fatal(err)
		}
		out[fmt.Sprintf("stream %d", i)] = fmt.Sprint(f.Head, f.Chain, f.Applied, f.Effective, f.Rank, f.Floor)
	}
	totals, err := c.Totals(ctx)
	if err != nil {
		t.Fatal(err)
	}
	out["totals"] = fmt.Sprint(totals)
	return out
}

// fedTo reads the whole feed of a node page by page, and holds it against the sum.
func fedTo(t rapid.TB, c *centreStore, node, branch event.ID) map[wire.Partition]map[string]string {
	t.Helper()
	out := map[wire.Partition]map[string]string{}
	for part := wire.Settings; part <= wire.Directory; part++ {
		rows, at := map[string]wire.Row{}, wire.Cursor{Partition: part}
		for {
			feed, err := c.ReadFeed(context.Background(), node, branch)
			if err != nil {
				t.Fatal(err)
			}
			page, err := feed.Page(at, 700)
			feed.Close()
			if err != nil {
				t.Fatal(err)
			}
			if page == nil {
				break
			}
			for _, r := range page.Rows {
				rows[string(r.Key)] = r
			}
			at.Pos, at.Sum = page.To, wire.SumOfRows(values(rows))
			if !page.More && at.Sum != page.Sum {
				t.Fatalf("partition %d: %d rows with another sum: %+v, not %+v", part, len(rows), at.Sum, page.Sum)
			}
		}
		out[part] = map[string]string{}
		for key, r := range rows {
			if r.Kind != wire.GoneRow {
				out[part][key] = string(r.Body)
			}
		}
	}
	return out
}

func values(m map[string]wire.Row) []wire.Row {
	var out []wire.Row
	for _, r := range m {
		out = append(out, r)
	}
	return out
}

func samePicture(t rapid.TB, what string, got, want map[string]string) {
	t.Helper()
	for key, w := range want {
		if got[key] != w {
			t.Fatalf("%s: %s is\n%x\nnot\n%x", what, key, got[key], w)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%s: %d things, not %d", what, len(got), len(want))
	}
}

// busy are nodes that wrote about their own people and each other's.
func busy(draw func(label string, most int) int, count int) []*sender {
	var nodes []*sender
	for i := range count {
		nodes = append(nodes, newSender(byte(i+1)))
	}
	for range 4 + draw("acts", 30) {
		n := nodes[draw("who", count)]
		switch draw("what", 5) {
		case 0, 1:
			n.register()
		case 2:
			n.visit()
		case 3:
			n.amend()
		default:
			// Somebody whom another node registered, as its feed told this one.
			other := nodes[draw("whose", count)]
			if len(other.people) > 0 {
				n.people = append(n.people, other.people[len(other.people)-1])
			}
		}
	}
	return nodes
}

// known puts the nodes' streams in the order in which the centre meets them.
func known(t rapid.TB, c *centreStore, nodes []*sender) {
	for _, n := range nodes {
		if _, err := c.Receive(context.Background(), n.taking(c.now.UnixMilli(), n.batch(1, 1))); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAnyInterleavingAndAnyCutGivesTheSame(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		draw := func(label string, most int) int { return rapid.IntRange(0, most-1).Draw(r, label) }
		nodes := busy(draw, 3)
		at := time.UnixMilli(1_900_000_000_000)

		whole := memoryCentre(t, at, nodes...)
		known(r, whole, nodes)
		for _, n := range nodes {
			whole.receive(r, n.taking(at.UnixMilli(), n.batch(1, n.head())))
		}
		whole.applyAll(r, 5000)
		want := pictured(r, whole, nodes)

		cut := memoryCentre(t, at, nodes...)
		known(r, cut, nodes)
		sent := map[*sender]uint64{}
		for left := true; left; {
			n := nodes[draw("next", len(nodes))]
			from := sent[n] + 1 - uint64(draw("again", int(sent[n])+1)) // overlapping what was sent
			to := min(n.head(), from+uint64(draw("length", 12)))
			if to >= from {
				cut.receive(r, n.taking(at.UnixMilli(), n.batch(from, to)))
				sent[n] = max(sent[n], to)
			}
			if draw("apply", 3) == 0 {
				if _, _, err := cut.ApplyPending(context.Background(), 1+draw("most", 9)); err != nil {
					r.Fatal(err)
				}
			}
			left = slices.ContainsFunc(nodes, func(n *sender) bool { return sent[n] < n.head() })
		}
		cut.applyAll(r, 7)
		samePicture(r, "in pieces", pictured(r, cut, nodes), want)

		feed := position(r, cut, nodes[0])
		if err := cut.Rebuild(context.Background(), nil); err != nil {
			r.Fatal(err)
		}
		samePicture(r, "rebuilt", pictured(r, cut, nodes), want)
		if now := position(r, cut, nodes[0]); now != feed {
			r.Fatalf("a rebuild moved the feed from %d to %d: everything would be sent again", feed, now)
		}
		spotless(r, cut.Store)
	})
}

func spotless(t rapid.TB, s *store.Store) {
	t.Helper()
	r, err := s.Check(context.Background(), nil)
	if err != nil || len(r.Findings) > 0 {
		t.Fatalf("check: %+v, %v", r.Findings, err)
	}
}

func TestReplaysChangeNothing(t *testing.T) {
	a, b := newSender(1), newSender(2)
	c := memoryCentre(t, time.UnixMilli(1_900_000_000_000), a, b)
	nodes := []*sender{a, b}
	for range 12 {
		a.register()
		b.visit()
		b.amend()
	}
	at := c.now.UnixMilli()
	for _, n := range nodes {
		c.receive(t, n.taking(at, n.batch(1, n.head())))
	}
	c.applyAll(t, 5000)
	if _, err := c.Settle(context.Background(), c.key); err != nil {
		t.Fatal(err)
	}
	c.applyAll(t, 5000)
	before, heads := pictured(t, c, nodes), streams(t, c.Store)
	feed := position(t, c, a)
	for i := range 10_000 {
		n := nodes[i%2]
		from := 1 + uint64(a.draw(int(n.head())))
		to := from + uint64(a.draw(int(n.head()-from)+1))
		got, err := c.Receive(context.Background(), hub.Delivery{Node: n.node, Request: n.taking(at, n.batch(from, to)).Request, File: true})
		if err != nil || got.Events != 0 || len(got.Forked) != 0 {
			t.Fatalf("replay %d of %d to %d: %+v, %v", i, from, to, got, err)
		}
	}
	c.applyAll(t, 5000)
	samePicture(t, "after replays", pictured(t, c, nodes), before)
	if again := streams(t, c.Store); !slices.Equal(again, heads) {
		t.Fatalf("the centre logged something: %+v, was %+v", again, heads)
	}
	if now := position(t, c, a); now != feed {
		t.Fatalf("the feed moved from %d to %d", feed, now)
	}
}

// position is where the feed of a node stands.
func position(t rapid.TB, c *centreStore, n *sender) (to uint64) {
	feed, err := c.ReadFeed(context.Background(), n.node, event.ID{'b', 0})
	if err != nil {
		t.Fatal(err)
	}
	defer feed.Close()
	sums, err := feed.BucketSums(wire.Directory)
	if err != nil {
		t.Fatal(err)
	}
	return sums.Pos
}

func TestAForkIsNeverStored(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		draw := func(label string, most int) int { return rapid.IntRange(0, most-1).Draw(r, label) }
		a := newSender(1)
		for range 3 {
			a.register()
			a.visit()
		}
		c := memoryCentre(t, time.UnixMilli(1_900_000_000_000), a)
		at := c.now.UnixMilli()
		c.receive(r, a.taking(at, a.batch(1, a.head())))
		c.applyAll(r, 5000)
		before := pictured(r, c, []*sender{a})

		// The same node from an older copy, which went on otherwise.
		common := 1 + uint64(draw("common", int(a.head())-1))
		b := *a
		b.items, b.chains = slices.Clone(a.items[:common]), slices.Clone(a.chains[:common+1])
		b.wall, b.mono = b.wall+5000, b.mono+5000
		for range 1 + draw("visits", 30) {
			b.visit()
		}
		from := 1 + uint64(draw("from", int(min(common+1, b.head()))))
		got, err := c.Receive(context.Background(), b.taking(at, b.batch(from, b.head())))
		if err != nil || got.Events != 0 || !got.Forked[a.stream] {
			r.Fatalf("common %d, from %d of %d: %+v, %v", common, from, b.head(), got, err)
		}
		samePicture(r, "after a fork", pictured(r, c, []*sender{a}), before)
		known, err := c.Known(context.Background(), []wire.StreamSays{{ID: b.stream, Head: b.head(), Chain: wire.ShortOf(b.chains[b.head()])}}, got.Forked)
		if err != nil || !known[0].Forked || known[0].Received != a.head() || known[0].Chain != wire.ShortOf(a.chains[a.head()]) {
			r.Fatalf("known: %+v, %v", known, err)
		}
		// The marks find where they part.
		low, high := uint64(0), min(a.head(), b.head())
		for high-low > 1 {
			found, err := c.ForeignMarks(context.Background(), wire.MarksAsked{Stream: a.stream, From: low, To: high})
			if err != nil || len(found.Marks) == 0 {
				r.Fatalf("marks: %+v, %v", found, err)
			}
			last := low
			for _, m := range found.Marks {
				if m.Chain != wire.ShortOf(b.chains[m.Seq]) {
					high = m.Seq
					break
				}
				last = m.Seq
			}
			if last == low && found.Marks[0].Seq == high {
				break
			}
			low = last
			if low == min(a.head(), b.head()) {
				break
			}
		}
		if low != common && high != common+1 {
			r.Fatalf("they part after %d; found %d and %d", common, low, high)
		}
	})
}

// What stands in two streams, as the events of a fork may, counts once, and the
// state says that both streams are in it.
func TestAFactThatStandsInTwoStreamsCountsOnce(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		a := newSender(1)
		for range 3 {
			a.register()
			a.visit()
			a.amend()
		}
		common := uint64(rapid.IntRange(1, int(a.head())-1).Draw(r, "common"))
		b := *a
		b.node = event.ID{'n', 2}
		b.stream = event.BranchID(a.stream, common, a.items[common].Hash)
		b.items, b.chains = nil, []event.Hash{event.Genesis(b.stream)}
		for _, it := range a.items[common:] {
			b.items = append(b.items, it)
			b.chains = append(b.chains, b.chains[len(b.chains)-1].Next(it.Hash))
		}
		c := memoryCentre(t, time.UnixMilli(1_900_000_000_000), a, &b)
		at := c.now.UnixMilli()
		deliveries := []hub.Delivery{a.taking(at, a.batch(1, a.head())), b.taking(at, b.batch(1, b.head()))}
		if rapid.Bool().Draw(r, "branch first") {
			// As it is when the centre was restored between the two.
			c.receive(r, a.taking(at, a.batch(1, common)))
			slices.Reverse(deliveries)
		}
		for _, d := range deliveries {
			c.receive(r, d)
			if rapid.Bool().Draw(r, "apply") {
				c.applyAll(r, 3)
			}
		}
		c.applyAll(r, 3)
		spotless(r, c.Store)
		for _, p := range a.people {
			state, err := c.Person(context.Background(), event.SubjectID(p.salt))
			if err != nil || len(state.Cards) != 1 {
				r.Fatalf("%+v, %v", state, err)
			}
			for seq, it := range b.items {
				if it.Subject == state.ID && it.Type.Aggregate() == event.PersonState && !state.Heads.Has(b.stream, uint64(seq+1)) {
					r.Fatalf("event %d of the branch is not held", seq+1)
				}
			}
		}
		totals, err := c.Totals(context.Background())
		if err != nil || totals[1].Members != 3 || totals[1].Visits != 3 {
			if totals[2:] == nil || totals[1].Visits+totals[2].Visits != 3 || totals[1].Members+totals[2].Members != 3 {
				r.Fatalf("totals: %+v, %v", totals, err)
			}
		}
		live := pictured(r, c, []*sender{a, &b})
		if err := c.Rebuild(context.Background(), nil); err != nil {
			r.Fatal(err)
		}
		samePicture(r, "rebuilt", pictured(r, c, []*sender{a, &b}), live)
	})
}

// A node that was put back writes on in new streams; a centre that was put back too gets them again in any order, in
// pieces, at any reading of its clock. What the node wrote last about somebody still counts last.
func TestLaterStreamsOfANodeStandLaterWhateverComesFirst(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := newSender(1)
		n.register()
		p := n.people[0]
		var streams []sender
		last := ""
		for made := range 3 {
			for range rapid.IntRange(1, 4).Draw(r, "corrections") {
				last = fmt.Sprintf("Jalan Mawar %d", n.draw(1000))
				n.say(p.salt, event.MemberCorrected, &event.Correction{Reason: "pindah", Fields: event.Fields{event.FieldAddress: last}})
			}
			streams = append(streams, *n)
			if made < 2 {
				n.wall -= int64(rapid.IntRange(0, 5_000_000).Draw(r, "clock back"))
				n.boot++
				n.mono = 1000
				n.open("unmarked", n.stream)
			}
		}
		c := memoryCentre(t, time.UnixMilli(1_900_000_000_000), n)
		sent := make([]uint64, len(streams))
		for left := len(streams); left > 0; {
			i := rapid.IntRange(0, len(streams)-1).Draw(r, "stream")
			s := &streams[i]
			if sent[i] == s.head() {
				continue
			}
			c.now = time.UnixMilli(rapid.Int64Range(1_700_000_000_000, 1_900_000_000_000).Draw(r, "centre's clock"))
			to := uint64(rapid.IntRange(int(sent[i])+1, int(s.head())).Draw(r, "up to"))
			c.receive(r, s.taking(c.now.UnixMilli(), s.batch(sent[i]+1, to)))
			if sent[i] = to; to == s.head() {
				left--
			}
			if rapid.Bool().Draw(r, "apply") {
				c.applyAll(r, 3)
			}
		}
		c.applyAll(r, 3)
		have := func() string {
			state, err := c.Person(context.Background(), event.SubjectID(p.salt))
			if err != nil {
				r.Fatal(err)
			}
			return state.Get(event.FieldAddress)
		}
		if got := have(); got != last {
			r.Fatalf("the address is %q, the last one written %q", got, last)
		}
		live := pictured(r, c, []*sender{n})
		if err := c.Rebuild(context.Background(), nil); err != nil {
			r.Fatal(err)
		}
		samePicture(r, "rebuilt", pictured(r, c, []*sender{n}), live)
	})
}

// Two copies of a PC printed one number for two people: the centre is told of it once.
func TestOneNumberOfTwoPeopleIsTold(t *testing.T) {
	a, b := newSender(1), newSender(2)
	a.register()
	a.register()
	b.register() // with the number of the first
	c := memoryCentre(t, time.UnixMilli(1_900_000_000_000), a, b)
	for range 2 {
		c.receive(t, a.taking(c.now.UnixMilli(), a.batch(1, a.head())))
		c.receive(t, b.taking(c.now.UnixMilli(), b.batch(1, b.head())))
		c.applyAll(t, 3)
		b.say(b.people[0].salt, event.MemberCorrected, &event.Correction{Reason: "pindah", Fields: event.Fields{event.FieldAddress: "Jalan Mawar 1"}})
	}
	list, err := c.Notices(context.Background(), 10)
	if err != nil || len(list) != 1 || list[0].Kind != store.NoticeTwice {
		t.Fatalf("%+v, %v", list, err)
	}
	for _, p := range []person{a.people[0], b.people[0]} {
		if !strings.Contains(list[0].Detail, event.SubjectID(p.salt).String()) {
			t.Errorf("%q does not name %s", list[0].Detail, event.SubjectID(p.salt))
		}
	}
}

func TestPoisonIsSetAsideAndDelaysNothing(t *testing.T) {
	a := newSender(1)
	a.register()
	salt := a.people[0].salt
	bad := []wire.Item{
		{Event: event.Event{Header: event.Header{Type: event.MemberRenewed, Version: 1, Subject: event.SubjectID(salt)}, Body: []byte("not CBOR")}, Salt: salt},
		{Event: event.Event{Header: event.Header{Type: event.MemberRenewed, Version: 9, Subject: event.SubjectID(salt)}, Body: []byte{0xa0}}, Salt: salt},
		{Event: event.Event{Header: event.Header{Type: 999, Version: 1, Subject: event.SubjectID(salt)}, Body: bytes.Repeat([]byte{0xff}, 20000)}, Salt: salt},
	}
	for _, it := range bad {
		a.put(it)
		a.visit()
	}
	a.register()
	c := memoryCentre(t, time.UnixMilli(1_900_000_000_000), a)
	c.receive(t, a.taking(c.now.UnixMilli(), a.batch(1, a.head())))
	c.applyAll(t, 4)
	asides, err := c.AsidesOf(context.Background(), []event.ID{a.stream}, 10)
	if err != nil || len(asides) != 3 || asides[0].Reason != "unreadable" || asides[1].Reason != "unknown" || asides[2].Reason != "unknown" {
		t.Fatalf("asides: %+v, %v", asides, err)
	}
	if n, err := c.Pending(context.Background()); err != nil || n != 0 {
		t.Fatalf("%d wait, %v", n, err)
	}
	if totals, err := c.Totals(context.Background()); err != nil || totals[1].Members != 2 || totals[1].Visits != 3 {
		t.Fatalf("totals: %+v, %v", totals, err)
	}
	if n, err := c.Retry(context.Background()); err != nil || n != 0 {
		t.Fatalf("retried %d, %v", n, err)
	}
	if list, err := c.Quarantine(context.Background(), a.node, 10); err != nil || len(list) != 3 || list[0].Node != a.node {
		t.Fatalf("quarantine: %+v, %v", list, err)
	}
	spotless(t, c.Store)
	if err := c.Rebuild(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	spotless(t, c.Store)
}

// TestAPoisonTakenUpHoldsNoOtherBack: after an upgrade what was unknown is taken up; one among it that cannot be read stays
// aside, is not counted and not tried again, and what stands before and after it arrives.
func TestAPoisonTakenUpHoldsNoOtherBack(t *testing.T) {
	a := newSender(1)
	a.register()
	salt := a.people[0].salt
	var aside []uint64
	a.visit()
	aside = append(aside, a.head())
	a.put(wire.Item{Event: event.Event{Header: event.Header{Type: event.MemberRenewed, Version: 1, Subject: event.SubjectID(salt)}, Body: []byte("not CBOR")}, Salt: salt})
	aside = append(aside, a.head())
	a.visit()
	aside = append(aside, a.head())
	c := memoryCentre(t, time.UnixMilli(1_900_000_000_000), a)
	c.receive(t, a.taking(c.now.UnixMilli(), a.batch(1, a.head())))
	write(t, c.Store, func(tx *store.Tx) error { // as the program before the upgrade left them
		for _, seq := range aside {
			if err := tx.Exec("INSERT INTO quarantine (stream, seq, reason, since) VALUES (?, ?, 'unknown', 0)", a.stream[:], seq); err != nil {
				return err
			}
		}
		return nil
	})
	c.applyAll(t, 4)
	if totals, err := c.Totals(t.Context()); err != nil || totals[1].Visits != 0 {
		t.Fatalf("before: %+v, %v", totals, err)
	}
	for _, want := range []int{2, 0} {
		if n, err := c.Retry(t.Context()); err != nil || n != want {
			t.Errorf("retried %d, %v; want %d", n, err, want)
		}
	}
	if totals, err := c.Totals(t.Context()); err != nil || totals[1].Visits != 2 {
		t.Errorf("after: %+v, %v", totals, err)
	}
	if list, err := c.AsidesOf(t.Context(), []event.ID{a.stream}, 10); err != nil || len(list) != 1 || list[0].Seq != aside[1] || list[0].Reason != "unreadable" {
		t.Errorf("aside: %+v, %v", list, err)
	}
	spotless(t, c.Store)
}
