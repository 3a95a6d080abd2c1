package node_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
	"simpul/node/vault"
	"simpul/sync/join"
	"simpul/sync/merge"
)

const afterwards = "sawah hijau di lereng"

// closedBranch is a PC of a centre with a record that was never sent, switched off and on: nobody has signed in.
func closedBranch(t *testing.T, centre *nodetest.Node, name string) *nodetest.Node {
	t.Helper()
	n := nodetest.Start(t)
	letIn(t, centre, n, office.CodeInput{Name: name, Role: library.NodeBranch})
	send(t, n)
	member(t, n, "Budi Rekaan", "3510011708900001")
	return shut(t, n)
}

// shut switches a PC off and on: nobody is signed in.
func shut(t *testing.T, n *nodetest.Node) *nodetest.Node {
	t.Helper()
	words := n.Words
	n.Stop()
	n = nodetest.Start(t, nodetest.WithDir(n.Dir))
	n.Words = words
	return n
}

// asked is the request that a closed PC writes, and its check code.
func asked(t *testing.T, n *nodetest.Node) (file []byte, check string) {
	t.Helper()
	if err := n.Desk.AskToReopen(context.Background()); err != nil {
		t.Fatal(err)
	}
	r, err := n.Desk.Reopening(context.Background())
	if err != nil || r.Check == "" || r.Made.IsZero() {
		t.Fatalf("%+v, %v", r, err)
	}
	if file, err = n.Desk.ReopenFile(context.Background()); err != nil {
		t.Fatal(err)
	}
	return file, r.Check
}

func reopen(t *testing.T, centre *nodetest.Node, file []byte, check string) []byte {
	t.Helper()
	answer, err := centre.Office.Reopen(context.Background(), centre.Officer, nodetest.Op(t), library.ID{}, office.ReopenInput{Request: file, Check: check, Reason: "sandi dan lembar hilang"})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func newSheet(t *testing.T, n *nodetest.Node) vault.RecoveryCode {
	t.Helper()
	code, err := n.Desk.NewRecovery()
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func wantProblem(t *testing.T, err error, key string) {
	t.Helper()
	if found := library.ProblemsOf(err); len(found) != 1 || found[0].Key != key {
		t.Errorf("%v, want %s", err, key)
	}
}

// TestTheCentreOpensABranchAgain: nobody knows a password and the sheet is burned; what had not been sent is there, and arrives. The PC
// is killed between any two steps.
func TestTheCentreOpensABranchAgain(t *testing.T) {
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening())
	ctx := context.Background()
	n := closedBranch(t, centre, "Perpustakaan Genteng")
	if _, err := n.Desk.CheckIn(ctx, desk.Kiosk, nodetest.Op(t), desk.VisitInput{Kind: merge.VisitGroup, Name: "Bu Guru Rekaan", Institution: "SDN Rekaan", Men: 1, Women: 1}); err != nil {
		t.Fatal(err)
	}
	again := func() { n = shut(t, n) }
	file, check := asked(t, n)
	again()
	if r, err := n.Desk.Reopening(ctx); err != nil || r.Check != check {
		t.Fatalf("after a restart: %+v, %v", r, err)
	}

	seen, err := centre.Office.ReadReopenRequest(ctx, centre.Officer, library.ID{}, file)
	if err != nil || seen.PC.Name != "Perpustakaan Genteng" || seen.Made.IsZero() {
		t.Fatalf("%+v, %v", seen, err)
	}
	for _, wrong := range []office.ReopenInput{{Request: file, Check: "ABCD-EFGH-IJKL", Reason: "x"}, {Request: file, Check: check, Reason: " "}, {Request: file, Check: check, Reason: strings.Repeat("x", 300)}} {
		if _, err := centre.Office.Reopen(ctx, centre.Officer, nodetest.Op(t), library.ID{}, wrong); len(library.ProblemsOf(err)) != 1 {
			t.Errorf("answered with check %q, reason %.5q: %v", wrong.Check, wrong.Reason, err)
		}
	}
	if list, err := centre.Office.Reopenings(ctx, centre.Officer, seen.PC.ID); err != nil || len(list) != 0 {
		t.Errorf("a trace of what was refused: %+v, %v", list, err)
	}
	answer := reopen(t, centre, file, check)
	list, err := centre.Office.Reopenings(ctx, centre.Officer, seen.PC.ID)
	if err != nil || len(list) != 1 || list[0].Who != "Siti Rahayu" || list[0].Reason != "sandi dan lembar hilang" {
		t.Errorf("trace: %+v, %v", list, err)
	}
	if kept, err := centre.Office.ReopenAnswer(ctx, centre.Officer, seen.PC.ID); err != nil || !bytes.Equal(kept, answer) {
		t.Errorf("the answer again: %v", err)
	}
	if told, err := centre.Office.NoticesOf(ctx, centre.Officer, seen.PC.ID); err != nil || len(told) != 1 || told[0].Kind != "pc-reopened" {
		t.Errorf("told at the centre: %+v, %v", told, err)
	}

	if err := n.Desk.CheckReopenAnswer(ctx, answer); err != nil || n.Desk.Open() {
		t.Fatalf("looked at: %v, open %t", err, n.Desk.Open())
	}
	again()
	sheet := newSheet(t, n)
	in := desk.ReopenInput{Answer: answer, Login: nodetest.Login, Password: "sandi", Recovery: sheet}
	for field, change := range map[string]func(*desk.ReopenInput){"password": func(in *desk.ReopenInput) { in.Password = "siti rahayu" }, "login": func(in *desk.ReopenInput) { in.Login = "budi" }} {
		wrong := in
		wrong.Password = afterwards
		change(&wrong)
		if err := n.Desk.OpenAgain(ctx, wrong); len(library.ProblemsOf(err)) == 0 || library.ProblemsOf(err)[0].Field != field || n.Desk.Open() {
			t.Errorf("wrong %s: %v, open %t", field, err, n.Desk.Open())
		}
	}
	in.Password = afterwards
	if err := n.Desk.OpenAgain(ctx, in); err != nil {
		t.Fatal(err)
	}
	n.Desk.Settle()
	wantProblem(t, n.Desk.OpenAgain(ctx, in), "problem.reopen_used")
	if r, err := n.Desk.Reopening(ctx); err != nil || r.Check != "" {
		t.Errorf("the request is still there: %+v, %v", r, err)
	}
	again()

	if _, err := n.Desk.Enter(ctx, nodetest.Login, nodetest.Password); library.KindOf(err) != library.KindUnauthenticated {
		t.Errorf("the old password: %v", err)
	}
	if n.Officer, err = n.Desk.Enter(ctx, nodetest.Login, afterwards); err != nil {
		t.Fatal(err)
	}
	n.Desk.Settle()
	if notices, err := n.Desk.Notices(ctx, n.Officer, 5); err != nil || len(notices) != 1 || notices[0].Kind != "reopened" {
		t.Errorf("told at the branch: %+v, %v", notices, err)
	}
	if people, _, err := n.Desk.Find(ctx, n.Officer, "Budi", 5, desk.Everyone); err != nil || len(people) != 1 {
		t.Errorf("the member that was never sent: %+v, %v", people, err)
	}
	if counts, _ := n.Desk.Counts(); counts[desk.CountVisits] != 2 {
		t.Errorf("the box of the kiosk: %v", counts)
	}
	if e := send(t, n); e.Waiting != 0 {
		t.Fatalf("%d records wait", e.Waiting)
	}
	centre.Desk.Settle()
	if people, _, err := centre.Desk.Find(ctx, centre.Officer, "Budi", 5, desk.Everyone); err != nil || len(people) != 1 {
		t.Errorf("the member at the centre: %+v, %v", people, err)
	}
	if err := n.Desk.Reseal(ctx); err != nil {
		t.Fatal(err)
	}
	whole(t, n)

	// The new sheet opens, the old one does not.
	again()
	wantProblem(t, n.Desk.RecoverWithSheet(ctx, strings.Join(n.Words, " "), nodetest.Login, "laut biru di timur"), "problem.recovery_wrong")
	if err := n.Desk.RecoverWithSheet(ctx, strings.Join(sheet.Words(), " "), nodetest.Login, "laut biru di timur"); err != nil {
		t.Error(err)
	}
}

// TestTheDataKeyChangesWithTheSheet: the old sheet opens nothing that is written later, in no copy of the disk. It can be done again.
func TestTheDataKeyChangesWithTheSheet(t *testing.T) {
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening())
	ctx := context.Background()
	n := closedBranch(t, centre, "Perpustakaan Genteng")
	file, check := asked(t, n)
	answer := reopen(t, centre, file, check)
	if err := n.Desk.OpenAgain(ctx, desk.ReopenInput{Answer: answer, Login: nodetest.Login, Password: afterwards, Recovery: newSheet(t, n)}); err != nil {
		t.Fatal(err)
	}
	n.Desk.Settle()
	if epochs, err := n.Desk.Vault.Epochs(); err != nil || len(epochs) != 2 {
		t.Errorf("epochs %v, %v", epochs, err)
	}
	// It can be asked and answered again, with the keys as they are now.
	n = shut(t, n)
	file, check = asked(t, n)
	answer = reopen(t, centre, file, check)
	if err := n.Desk.OpenAgain(ctx, desk.ReopenInput{Answer: answer, Login: nodetest.Login, Password: nodetest.Password, Recovery: newSheet(t, n)}); err != nil {
		t.Fatal(err)
	}
	n.Desk.Settle()
	whole(t, n)
}

// TestAnswersThatOpenNothing: each has its sentence, and changes nothing.
func TestAnswersThatOpenNothing(t *testing.T) {
	centre, elsewhere := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening()), nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening())
	ctx := context.Background()
	n, other, foreign := closedBranch(t, centre, "Perpustakaan Genteng"), closedBranch(t, centre, "Perpustakaan Muncar"), closedBranch(t, elsewhere, "Perpustakaan Jauh")
	answerFor := func(centre, n *nodetest.Node) []byte {
		t.Helper()
		file, check := asked(t, n)
		return reopen(t, centre, file, check)
	}
	first := answerFor(centre, n)
	otherPC, otherCentre := answerFor(centre, other), answerFor(elsewhere, foreign)
	request, check := asked(t, n)
	good := reopen(t, centre, request, check)
	keys, err := centre.Office.Keys(ctx)
	if err != nil {
		t.Fatal(err)
	}
	ask, err := join.ReadReopenRequest(request)
	if err != nil {
		t.Fatal(err)
	}
	theirs, _, err := join.ReadReopenAnswer(otherPC)
	if err != nil {
		t.Fatal(err)
	}
	mixed, err := join.AnswerReopen(keys.Signing(), &join.ReopenAnswer{Node: ask.Node, Request: ask.Hash(), Slot: theirs.Slot})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file []byte
		key  string
	}{
		"nothing":                     {nil, "problem.reopen_answer"},
		"the request":                 {request, "problem.reopen_answer"},
		"half":                        {good[:len(good)/2], "problem.reopen_answer"},
		"a photo":                     {bytes.Repeat([]byte{0xff, 0xd8}, 1<<20), "problem.reopen_answer"},
		"of an earlier request":       {first, "problem.reopen_other_request"},
		"of another PC":               {otherPC, "problem.reopen_other_pc"},
		"of another centre":           {otherCentre, "problem.reopen_other_centre"},
		"with the slot of another PC": {mixed, "problem.reopen_answer"},
	} {
		t.Run(name, func(t *testing.T) {
			wantProblem(t, n.Desk.CheckReopenAnswer(ctx, c.file), c.key)
			wantProblem(t, n.Desk.OpenAgain(ctx, desk.ReopenInput{Answer: c.file, Login: nodetest.Login, Password: afterwards, Recovery: newSheet(t, n)}), c.key)
			if r, err := n.Desk.Reopening(ctx); err != nil || r.Check != check || n.Desk.Open() {
				t.Errorf("afterwards: %+v, %v, open %t", r, err, n.Desk.Open())
			}
		})
	}
}
