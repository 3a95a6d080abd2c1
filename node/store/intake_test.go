package store_test

import (
	"context"
	"testing"

	"simpul/sync/event"
)

func TestACentreTakesAppliesAndProvesWhatNodesSend(t *testing.T) {
	a, b := newSender(1), newSender(2)
	c := openCentre(t, a, b)
	for range 10 {
		a.register()
		b.register()
		a.visit()
		b.visit()
		a.amend()
	}
	now := c.now.UnixMilli()
	for _, n := range []*sender{a, b} {
		half := n.head() / 2
		if got := c.take(t, n.taking(now, n.batch(1, half))); got.Events != int(half) || len(got.Forked) > 0 {
			t.Fatalf("first half: %+v", got)
		}
		c.take(t, n.taking(now, n.batch(half-3, n.head())))
	}
	c.apply(t)
	clean(t, c.Store)
	f, err := c.ForeignStream(context.Background(), a.stream)
	if err != nil || f.Head != a.head() || f.Applied != a.head() || f.Node != a.node || f.Generation != 1 {
		t.Fatalf("stream: %+v, %v", f, err)
	}
	if officers, err := c.Officers(context.Background()); err != nil || len(officers) != 0 {
		t.Fatalf("officers of nodes are among the centre's own: %d, %v", len(officers), err)
	}
	if me, err := c.Node(context.Background()); err != nil || me.Config.Value.Name != "Pusat" {
		t.Fatalf("the centre is %+v, %v", me, err)
	}
	if peer, err := c.Peer(context.Background(), event.SubjectID(a.salt)); err != nil || peer.Config.Value.Name != "Genteng" {
		t.Fatalf("the node is %+v, %v", peer, err)
	}
	totals, err := c.Totals(context.Background())
	if err != nil || len(totals) != 3 || totals[1].Members != 10 || totals[1].Visits != 10 || totals[0].Members != 0 {
		t.Fatalf("totals: %+v, %v", totals, err)
	}
	if err := c.Rebuild(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	clean(t, c.Store)
}
