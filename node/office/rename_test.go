package office_test

import (
	"context"
	"testing"

	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
)

// TestABranchGetsAnotherName: a name typed wrongly for the first code is not for ever.
func TestABranchGetsAnotherName(t *testing.T) {
	n, _ := centre(t)
	ctx := context.Background()
	for i, name := range []string{"Perpustakaan Gentng", "Perpustakaan Muncar"} {
		pc := newAsker(t, newCode(t, n, office.CodeInput{Name: name, Role: library.NodeBranch}).Text, uint16(31+i))
		if _, err := n.Office.Join(ctx, pc.ask); err != nil {
			t.Fatal(err)
		}
		asking, err := n.Office.Pending(ctx, n.Officer)
		if err != nil || len(asking) != 1 {
			t.Fatalf("%+v, %v", asking, err)
		}
		if _, err := n.Office.Approve(ctx, n.Officer, nodetest.Op(t), asking[0].ID); err != nil {
			t.Fatal(err)
		}
	}
	branchOf := func(name string) library.ID {
		t.Helper()
		all, err := n.Office.Branches(ctx, n.Officer)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range all {
			if b.Name == name {
				return b.ID
			}
		}
		t.Fatalf("no %s among %+v", name, all)
		return library.ID{}
	}
	genteng := branchOf("Perpustakaan Gentng")
	for _, bad := range []string{"", " ", "perpustakaan muncar", string(make([]rune, office.MaxBranchName+1))} {
		if _, err := n.Office.RenameBranch(ctx, n.Officer, nodetest.Op(t), genteng, bad); library.KindOf(err) != library.KindInvalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
	// Twice, and back to an earlier one: the last word counts, whatever the clock says.
	for _, name := range []string{"Perpustakaan Genteng", "Perpustakaan Genteng Kulon", "Perpustakaan Genteng"} {
		if _, err := n.Office.RenameBranch(ctx, n.Officer, nodetest.Op(t), genteng, name); err != nil {
			t.Fatal(err)
		}
		if branchOf(name) != genteng {
			t.Errorf("%s is another branch", name)
		}
	}
	code := newCode(t, n, office.CodeInput{Branch: genteng, Role: library.NodeBranch})
	if code.Label != "Perpustakaan Genteng" {
		t.Errorf("a code for another PC there is for %q", code.Label)
	}
	if _, err := n.Office.NewCode(ctx, n.Officer, nodetest.Op(t), office.CodeInput{Name: "Perpustakaan Gentng", Role: library.NodeBranch}); err != nil {
		t.Errorf("the name it no longer has: %v", err)
	}
	nodes, err := n.Office.Nodes(ctx, n.Officer)
	if err != nil || nodes[0].Name != "Perpustakaan Genteng" {
		t.Errorf("%+v, %v", nodes, err)
	}
	if _, err := n.Office.RenameBranch(ctx, n.Officer, nodetest.Op(t), nodetest.Op(t), "x"); library.KindOf(err) != library.KindNotFound {
		t.Errorf("a branch that is none: %v", err)
	}
}
