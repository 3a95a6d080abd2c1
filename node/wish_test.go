package node_test

import (
	"context"
	"testing"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
)

// TestABranchAsksForAnErasure: the wish travels, the centre decides, the branch sees what became of it; until then nothing is gone.
func TestABranchAsksForAnErasure(t *testing.T) {
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening())
	genteng := nodetest.Start(t)
	ctx := context.Background()
	letIn(t, centre, genteng, office.CodeInput{Name: "Genteng", Role: library.NodeBranch})
	id := member(t, genteng, "Budi Rekaan", "3510011708900001")
	in := desk.WishInput{Reason: "request", By: "self", Identity: library.KTP, Checked: true, Note: "pindah"}
	unchecked := in
	unchecked.Checked = false
	if _, err := genteng.Desk.AskErasure(ctx, genteng.Officer, nodetest.Op(t), id, unchecked); library.KindOf(err) != library.KindInvalid {
		t.Errorf("asked without a look at the document: %v", err)
	}
	ask := func() {
		t.Helper()
		if _, err := genteng.Desk.AskErasure(ctx, genteng.Officer, nodetest.Op(t), id, in); err != nil {
			t.Fatal(err)
		}
		send(t, genteng)
		caughtUp(t, centre)
	}
	wishes := func() []office.Wishing {
		t.Helper()
		list, all, err := centre.Office.Wishes(ctx, centre.Officer)
		w, werr := centre.Office.Waiting(ctx, centre.Officer)
		if err != nil || werr != nil || all != len(list) || w.Wishes != all {
			t.Fatalf("%d of %+v, badge %d, %v %v", all, list, w.Wishes, err, werr)
		}
		return list
	}
	state := func() desk.Wish {
		t.Helper()
		w, err := genteng.Desk.Wish(ctx, genteng.Officer, id)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}

	ask()
	if _, err := genteng.Desk.AskErasure(ctx, genteng.Officer, nodetest.Op(t), id, in); library.KindOf(err) != library.KindConflict {
		t.Errorf("asked twice: %v", err)
	}
	if list := wishes(); len(list) != 1 || list[0].ID != id || list[0].Name != "Budi Rekaan" || list[0].Branch != "Genteng" || !list[0].Waits() || list[0].Identity != library.KTP {
		t.Fatalf("the centre is asked for %+v", list)
	}
	if _, err := genteng.Desk.WithdrawErasure(ctx, genteng.Officer, nodetest.Op(t), id); err != nil {
		t.Fatal(err)
	}
	send(t, genteng)
	caughtUp(t, centre)
	if len(wishes()) != 0 || state().Answer != desk.Withdrawn {
		t.Errorf("taken back: %+v, %+v", wishes(), state())
	}

	ask()
	if _, err := centre.Office.DeclineErasure(ctx, centre.Officer, nodetest.Op(t), id, office.DeclineInput{Reason: "obligation", Note: "dua buku"}); err != nil {
		t.Fatal(err)
	}
	if _, err := centre.Office.DeclineErasure(ctx, centre.Officer, nodetest.Op(t), id, office.DeclineInput{Reason: "law"}); library.KindOf(err) != library.KindConflict {
		t.Errorf("answered twice: %v", err)
	}
	if len(wishes()) != 0 {
		t.Error("an answered wish waits")
	}
	send(t, genteng)
	if w := state(); w.Waits() || w.Answer != "obligation" || w.Words != "dua buku" {
		t.Errorf("the branch sees %+v", w)
	}

	ask()
	if err := genteng.Store.Rebuild(ctx, nil); err != nil {
		t.Fatal(err)
	}
	if err := centre.Store.Rebuild(ctx, nil); err != nil || len(wishes()) != 1 {
		t.Errorf("after a rebuild: %+v, %v", wishes(), err)
	}
	if _, err := centre.Office.Erase(ctx, centre.Officer, nodetest.Op(t), id, office.EraseInput{Reason: "request"}); err != nil {
		t.Fatal(err)
	}
	if len(wishes()) != 0 {
		t.Error("an erased person is to be erased")
	}
	send(t, genteng)
	if _, err := genteng.Desk.Registration(ctx, genteng.Officer, id); library.KindOf(err) != library.KindNotFound {
		t.Errorf("still here: %v", err)
	}
	notices, err := genteng.Desk.Notices(ctx, genteng.Officer, 10)
	if err != nil || len(notices) != 1 || notices[0].Kind != "erased" || notices[0].Detail == "" {
		t.Errorf("the branch is told %+v, %v", notices, err)
	}
	for _, n := range []*nodetest.Node{centre, genteng} {
		if r, err := n.Store.Check(ctx, nil); err != nil || len(r.Findings) > 0 {
			t.Errorf("check: %+v, %v", r, err)
		}
	}
}
