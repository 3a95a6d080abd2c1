package node_test

import (
	"context"
	"testing"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
)

// caughtUp lets the centre do what follows by rule from what it has.
func caughtUp(t *testing.T, centre *nodetest.Node) {
	t.Helper()
	h, err := centre.Office.Hub(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for more := true; more; {
		if more, err = h.Apply(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
}

func pcNamed(t *testing.T, centre *nodetest.Node, name string) office.PC {
	t.Helper()
	nodes, err := centre.Office.Nodes(context.Background(), centre.Officer)
	if err != nil {
		t.Fatal(err)
	}
	for _, pc := range nodes {
		if pc.Name == name && !pc.Revoked() {
			return pc
		}
	}
	t.Fatalf("no PC of %s", name)
	return office.PC{}
}

// likeElsewhere counts members of other branches of whom a desk is warned.
func likeElsewhere(t *testing.T, n *nodetest.Node, id library.ID) (away int) {
	t.Helper()
	list, err := n.Desk.Alike(context.Background(), n.Officer, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range list {
		if l.Away {
			away++
		}
	}
	return away
}

// TestTheTagKeyChangesAfterATheft: a lost laptop knows the key of the duplicate tags. The nodes that remain get another, with
// the next exchange or on a stick, and go on warning; the lost one gets nothing.
func TestTheTagKeyChangesAfterATheft(t *testing.T) {
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening())
	genteng, srono, lost := nodetest.Start(t), nodetest.Start(t), nodetest.Start(t)
	ctx := context.Background()
	for name, n := range map[string]*nodetest.Node{"Genteng": genteng, "Srono": srono, "Rogojampi": lost} {
		letIn(t, centre, n, office.CodeInput{Name: name, Role: library.NodeBranch})
	}
	member(t, lost, "Cici Rekaan", "3510015708920002")
	send(t, lost)
	caughtUp(t, centre)
	asking := map[*nodetest.Node]library.ID{}
	for _, n := range []*nodetest.Node{genteng, srono} {
		send(t, n)
		opened, err := n.Desk.OpenRegistration(ctx, n.Officer, nodetest.Op(t), desk.OpenInput{Source: desk.SourceDesk, Form: library.Form{Name: "Cici Rekan", NIK: "3510015708920002"}})
		if err != nil {
			t.Fatal(err)
		}
		if asking[n] = opened.ID; likeElsewhere(t, n, opened.ID) != 1 {
			t.Fatal("nobody is warned of before the loss")
		}
	}
	before, err := genteng.Store.Enrolled(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := centre.Office.Revoke(ctx, centre.Officer, nodetest.Op(t), pcNamed(t, centre, "Rogojampi").ID, office.RevokeInput{Reason: office.ReasonLost}); err != nil {
		t.Fatal(err)
	}
	caughtUp(t, centre)
	send(t, genteng)
	s := stick{}
	if _, err := centre.Office.ExportBundle(ctx, centre.Officer, pcNamed(t, centre, "Srono").ID, 0, s.create); err != nil {
		t.Fatal(err)
	}
	if _, err := srono.Desk.ImportBundle(ctx, srono.Officer, s.open); err != nil {
		t.Fatal(err)
	}
	for _, n := range []*nodetest.Node{genteng, srono} {
		e, err := n.Store.Enrolled(ctx)
		if err != nil || e.Tags.Version != 1 || string(e.Tags.Key) == string(before.Tags.Key) {
			t.Errorf("the key is of version %d, %v", e.Tags.Version, err)
		}
		if likeElsewhere(t, n, asking[n]) != 1 {
			t.Error("nobody is warned of after the loss")
		}
	}
	_ = lost.Desk.SendNow(ctx, lost.Officer)
	if e, err := lost.Store.Enrolled(ctx); err != nil || e.Tags.Version != 0 {
		t.Errorf("the lost PC has the key of version %d, %v", e.Tags.Version, err)
	}
	// The button, for when somebody wants it; whoever joins afterwards begins with the newest key.
	if err := centre.Office.Rekey(ctx, centre.Officer, nodetest.Op(t)); err != nil {
		t.Fatal(err)
	}
	caughtUp(t, centre)
	fresh := nodetest.Start(t)
	letIn(t, centre, fresh, office.CodeInput{Name: "Muncar", Role: library.NodeBranch})
	if e, err := fresh.Store.Enrolled(ctx); err != nil || e.Tags.Version != 2 {
		t.Errorf("a new PC has the key of version %d, %v", e.Tags.Version, err)
	}
	if state, err := centre.Office.Tags(ctx, centre.Officer); err != nil || state.Version != 2 || state.Left != 0 || state.Since.IsZero() {
		t.Errorf("the centre says %+v, %v", state, err)
	}
}
