package desk_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"io"
	"path/filepath"
	"testing"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
	"simpul/sync/join"
	"simpul/sync/wire"
)

// line is the way to a centre that a test can cut. It speaks to the office itself; the true line is tried in node.
type line struct {
	centre *nodetest.Node
	cut    bool
}

func (l *line) IsCentre(ctx context.Context, _ string, centre ed25519.PublicKey) error {
	if l.cut {
		return errors.New("no network")
	}
	keys, err := l.centre.Office.Keys(ctx)
	if err == nil && !centre.Equal(keys.Public()) {
		err = library.E(library.KindForbidden, "error.other_centre")
	}
	return err
}

func (l *line) AskToJoin(ctx context.Context, _ string, fp join.Fingerprint, _ ed25519.PrivateKey, ask *wire.JoinAsk) (*wire.JoinAnswer, ed25519.PublicKey, error) {
	if l.cut {
		return nil, nil, errors.New("no network")
	}
	keys, err := l.centre.Office.Keys(ctx)
	if err != nil {
		return nil, nil, err
	}
	if !fp.Is(keys.Public()) {
		return nil, nil, library.E(library.KindForbidden, "error.other_centre")
	}
	answer, err := l.centre.Office.Join(ctx, ask)
	if library.KindOf(err) == library.KindForbidden {
		err = library.Invalid(library.Problem{Field: "code", Key: "problem.join_over"})
	}
	return answer, keys.Public(), err
}

func approveOnly(t *testing.T, centre *nodetest.Node, check string) {
	t.Helper()
	asking, err := centre.Office.Pending(context.Background(), centre.Officer)
	if err != nil || len(asking) != 1 || asking[0].Check != check {
		t.Fatalf("PCs that wait: %+v, %v; this one shows %s", asking, err, check)
	}
	if _, err := centre.Office.Approve(context.Background(), centre.Officer, nodetest.Op(t), asking[0].ID); err != nil {
		t.Fatal(err)
	}
}

func invite(t *testing.T, centre *nodetest.Node, in office.CodeInput) string {
	t.Helper()
	if err := centre.Desk.SetSetting(context.Background(), centre.Officer, nodetest.Op(t), "addresses", []string{"https://pusat.contoh.id"}); err != nil {
		t.Fatal(err)
	}
	code, err := centre.Office.NewCode(context.Background(), centre.Officer, nodetest.Op(t), in)
	if err != nil {
		t.Fatal(err)
	}
	return code.Text
}

// TestAPCJoins: with members and their printed numbers, over a line that fails in between, and again after it was copied.
func TestAPCJoins(t *testing.T) {
	centre, n := nodetest.Start(t, nodetest.As(library.NodeCentre)), nodetest.Start(t)
	ctx := context.Background()
	l := &line{centre: centre, cut: true}
	n.Desk.Gate = l
	member := enrol(t, n, village(t, n, person(1)))
	before := get(t, n, member)

	text := invite(t, centre, office.CodeInput{Name: "Perpustakaan Genteng Baru", Role: library.NodeVillage})
	j, err := n.Desk.StartJoin(ctx, n.Officer, text, "")
	if library.KindOf(err) != library.KindUnavailable || j.State != desk.JoinAsked || j.Check == "" {
		t.Fatalf("without a line: %+v, %v", j, err)
	}
	l.cut = false
	if j, err = n.Desk.AskJoin(ctx, desk.System); err != nil || j.State != desk.JoinWaiting || j.Check == "" {
		t.Fatalf("asked: %+v, %v", j, err)
	}
	approveOnly(t, centre, j.Check)
	if j, err = n.Desk.AskJoin(ctx, desk.System); err != nil || j.State != desk.JoinDone || j.Centre != centre.Desk.Settings().Name {
		t.Fatalf("approved: %+v, %v", j, err)
	}
	// The centre itself has the number 14 that this PC printed with so far.
	s := n.Desk.Settings()
	if s.Code == 14 || s.Name != "Perpustakaan Genteng Baru" || s.Role != library.NodeVillage {
		t.Errorf("settings after joining: %d %s %s", s.Code, s.Name, s.Role)
	}
	if after := get(t, n, member); after.Cards[0].Number != before.Cards[0].Number {
		t.Errorf("a printed number changed from %s to %s", before.Cards[0].Number, after.Cards[0].Number)
	}
	if fresh := get(t, n, enrol(t, n, village(t, n, person(2)))); fresh.Cards[0].Number[:3] == "014" {
		t.Errorf("a new card has the old code: %s", fresh.Cards[0].Number)
	}
	e, err := n.Store.Enrolled(ctx)
	if err != nil || e.URLs[0] != "https://pusat.contoh.id" || len(e.Tags.Key) != 32 || e.Epoch.IsZero() {
		t.Fatalf("%+v, %v", e, err)
	}
	sound(t, n)
	sound(t, centre)

	// Copied: it joins anew, under another name and number.
	text = invite(t, centre, office.CodeInput{Branch: library.ID(branchOf(t, centre)), Role: library.NodeVillage})
	if j, err = n.Desk.StartJoin(ctx, n.Officer, text, ""); err != nil || j.State != desk.JoinWaiting || !j.Old {
		t.Fatalf("joins anew: %+v, %v", j, err)
	}
	approveOnly(t, centre, j.Check)
	if j, err = n.Desk.AskJoin(ctx, n.Officer); err != nil || j.State != desk.JoinDone {
		t.Fatalf("joined anew: %+v, %v", j, err)
	}
	if again, err := n.Store.Enrolled(ctx); err != nil || again.Node == e.Node || n.Desk.Settings().Code == s.Code {
		t.Errorf("the same node again: %v", err)
	}

	// Another centre: never.
	other := nodetest.Start(t, nodetest.As(library.NodeCentre))
	l.centre = other
	if j, err = n.Desk.StartJoin(ctx, n.Officer, invite(t, other, office.CodeInput{Name: "x", Role: library.NodeBranch}), ""); err != nil {
		t.Fatal(err)
	}
	approveOnly(t, other, j.Check)
	if _, err = n.Desk.AskJoin(ctx, n.Officer); library.KindOf(err) != library.KindConflict {
		t.Errorf("a node of one centre joins another: %v", err)
	}
}

func branchOf(t *testing.T, centre *nodetest.Node) library.ID {
	t.Helper()
	branches, err := centre.Office.Branches(context.Background(), centre.Officer)
	if err != nil || len(branches) != 1 {
		t.Fatalf("%+v, %v", branches, err)
	}
	return branches[0].ID
}

// TestAPCJoinsByStick: the same without any line.
func TestAPCJoinsByStick(t *testing.T) {
	centre, n, stranger := nodetest.Start(t, nodetest.As(library.NodeCentre)), nodetest.Start(t), nodetest.Start(t)
	ctx := context.Background()
	code, err := join.Parse(invite(t, centre, office.CodeInput{Name: "Genteng", Role: library.NodeBranch}))
	if err != nil {
		t.Fatal(err)
	}
	code.Addresses = nil
	if j, err := n.Desk.StartJoin(ctx, n.Officer, code.String(), ""); err != nil || j.State != desk.JoinAsked {
		t.Fatalf("%+v, %v", j, err)
	}
	request, err := n.Desk.JoinFile(ctx, n.Officer)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := centre.Office.TakeRequest(ctx, centre.Officer, request)
	if err != nil || reply.Decided {
		t.Fatalf("%+v, %v", reply, err)
	}
	if j, err := n.Desk.Joining(ctx); err != nil || j.Check != reply.Check {
		t.Fatalf("the PC shows %q, the centre %q: %v", j.Check, reply.Check, err)
	}
	if _, err := centre.Office.WriteAnswer(ctx, centre.Officer, reply.ID, 0, nil); library.KindOf(err) != library.KindConflict {
		t.Fatalf("an answer before the approval: %v", err)
	}
	approveOnly(t, centre, reply.Check)
	if reply, err = centre.Office.TakeRequest(ctx, centre.Officer, request); err != nil || !reply.Decided {
		t.Fatalf("%+v, %v", reply, err)
	}
	answer := nodetest.Written(t, func(create func(int) (io.WriteCloser, error)) error {
		_, err := centre.Office.WriteAnswer(ctx, centre.Officer, reply.ID, 0, create)
		return err
	})
	if _, _, err := stranger.Desk.TakeJoinFile(ctx, stranger.Officer, nodetest.OnStick(answer)); library.KindOf(err) != library.KindInvalid {
		t.Errorf("a PC that did not ask takes the answer: %v", err)
	}
	for range 2 { // twice does no harm
		j, got, err := n.Desk.TakeJoinFile(ctx, n.Officer, nodetest.OnStick(answer))
		if err != nil || j.State != desk.JoinDone || got.Answers == 0 {
			t.Fatalf("%+v, %+v, %v", j, got, err)
		}
	}
	if _, err := centre.Office.TakeRequest(ctx, centre.Officer, []byte("something else")); library.KindOf(err) != library.KindInvalid {
		t.Errorf("another file: %v", err)
	}
}

func TestTypedCodes(t *testing.T) {
	n := nodetest.Start(t)
	for name, tt := range map[string]struct{ code, address, field string }{
		"nothing":         {"", "", "code"},
		"not a code":      {"hello", "", "code"},
		"a wrong address": {"aaaaaa-aaaaaa-aaaaaa-aaaaaa-aaaaaa-aaaaaa-aaaaaa-aaaaaa", "ftp://x", "code"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := n.Desk.StartJoin(context.Background(), n.Officer, tt.code, tt.address)
			if p := library.ProblemsOf(err); len(p) != 1 || p[0].Field != tt.field {
				t.Errorf("%v", err)
			}
		})
	}
	if dir, err := filepath.Glob(n.Dir + "/*join*"); err != nil || len(dir) != 0 {
		t.Errorf("files are left: %v %v", dir, err)
	}
}
