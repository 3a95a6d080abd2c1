package node_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
	"simpul/sync/event"
	"simpul/sync/join"
)

// pcCalled is a PC of the centre by the name of its branch.
func pcCalled(t *testing.T, centre *nodetest.Node, name string) office.PC {
	t.Helper()
	nodes, err := centre.Office.Nodes(context.Background(), centre.Officer)
	if err != nil {
		t.Fatal(err)
	}
	for _, pc := range nodes {
		if pc.Name == name {
			return pc
		}
	}
	t.Fatalf("no %s among %+v", name, nodes)
	return office.PC{}
}

// altered is a request with something else in it, as somebody on its way would write it.
func altered(t *testing.T, file []byte, change func(*join.ReopenAsk)) []byte {
	t.Helper()
	ask, err := join.ReadReopenRequest(file)
	if err != nil {
		t.Fatal(err)
	}
	change(ask)
	out, err := join.ReopenRequest(ask)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestRequestsThatTheCentreDoesNotAnswer: each has its sentence before anybody makes a call.
func TestRequestsThatTheCentreDoesNotAnswer(t *testing.T) {
	centre, elsewhere := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening()), nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening())
	ctx := context.Background()
	request := func(centre *nodetest.Node, name string) []byte {
		t.Helper()
		file, _ := asked(t, closedBranch(t, centre, name))
		return file
	}
	genteng, muncar, gone, foreign := request(centre, "Perpustakaan Genteng"), request(centre, "Perpustakaan Muncar"), request(centre, "Perpustakaan Lama"), request(elsewhere, "Perpustakaan Jauh")
	here, revoked := pcCalled(t, centre, "Perpustakaan Genteng"), pcCalled(t, centre, "Perpustakaan Lama")
	if _, err := centre.Office.Revoke(ctx, centre.Officer, nodetest.Op(t), revoked.ID, office.RevokeInput{Reason: office.ReasonLost}); err != nil {
		t.Fatal(err)
	}
	theirs, err := join.ReadReopenRequest(muncar)
	if err != nil {
		t.Fatal(err)
	}
	stolen, err := join.ReadReopenRequest(gone)
	if err != nil {
		t.Fatal(err)
	}
	fingerprint := func() join.Fingerprint {
		keys, err := centre.Office.Keys(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return keys.Fingerprint()
	}()
	for name, c := range map[string]struct {
		file []byte
		page library.ID
		key  string
	}{
		"nothing":                      {nil, here.ID, "problem.reopen_request"},
		"half":                         {genteng[:len(genteng)/2], here.ID, "problem.reopen_request"},
		"a film":                       {bytes.Repeat([]byte("film"), 1<<20), here.ID, "problem.reopen_request"},
		"a code to join":               {[]byte("https://pusat.contoh.id#aaaaaa"), here.ID, "problem.reopen_request"},
		"of another district":          {foreign, library.ID{}, "problem.reopen_other_district"},
		"of another PC":                {muncar, here.ID, "problem.reopen_other_page"},
		"of a PC that nobody knows":    {altered(t, genteng, func(a *join.ReopenAsk) { a.Node[5]++ }), library.ID{}, "problem.reopen_unknown"},
		"of a revoked PC":              {gone, revoked.ID, "problem.reopen_revoked"},
		"of a revoked PC, in disguise": {altered(t, genteng, func(a *join.ReopenAsk) { a.Slot, a.Proof = stolen.Slot, stolen.Proof }), here.ID, "problem.reopen_not_its_own"},
		"with another's keys":          {altered(t, genteng, func(a *join.ReopenAsk) { a.Slot = theirs.Slot }), here.ID, "problem.reopen_request"},
		"with another's proof":         {altered(t, genteng, func(a *join.ReopenAsk) { a.Proof = theirs.Proof }), here.ID, "problem.reopen_request"},
		"with no slot":                 {altered(t, genteng, func(a *join.ReopenAsk) { a.Slot = a.Slot[:40] }), here.ID, "problem.reopen_request"},
		"to a key that hides nothing":  {altered(t, genteng, func(a *join.ReopenAsk) { a.Key = make([]byte, 32) }), here.ID, "problem.reopen_request"},
		"with keys for another centre": {altered(t, foreign, func(a *join.ReopenAsk) { a.Centre, a.Node = fingerprint, event.ID(here.ID) }), here.ID, "problem.reopen_other_key"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := centre.Office.ReadReopenRequest(ctx, centre.Officer, c.page, c.file)
			wantProblem(t, err, c.key)
			check := ""
			if ask, err := join.ReadReopenRequest(c.file); err == nil {
				check = ask.Check()
			}
			answer, err := centre.Office.Reopen(ctx, centre.Officer, nodetest.Op(t), c.page, office.ReopenInput{Request: c.file, Check: check, Reason: "x"})
			wantProblem(t, err, c.key)
			if answer != nil {
				t.Error("it was answered")
			}
		})
	}
	officer := desk.Actor{Officer: centre.Officer.Officer, Role: library.RoleOfficer}
	if _, err := centre.Office.ReadReopenRequest(ctx, officer, here.ID, genteng); library.KindOf(err) != library.KindForbidden {
		t.Errorf("an officer who may not: %v", err)
	}
	if _, err := centre.Office.ReopenAnswer(ctx, centre.Officer, here.ID); library.KindOf(err) != library.KindNotFound {
		t.Errorf("an answer that was never given: %v", err)
	}
}

// TestTheKeyOnItsWayIsExchanged: whoever puts a key of his own into the file gets another check code, and the PC is not opened.
func TestTheKeyOnItsWayIsExchanged(t *testing.T) {
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening())
	n := closedBranch(t, centre, "Perpustakaan Genteng")
	file, check := asked(t, n)
	forged := altered(t, file, func(a *join.ReopenAsk) { a.Key[0]++ })
	_, err := centre.Office.Reopen(context.Background(), centre.Officer, nodetest.Op(t), library.ID{}, office.ReopenInput{Request: forged, Check: check, Reason: "x"})
	wantProblem(t, err, "problem.reopen_check")
}

// TestARequestDoesNotLastForEver: the PC forgets it, whatever became of the answer; and an answer of before somebody found a password
// after all and changed the keys opens nothing.
func TestARequestDoesNotLastForEver(t *testing.T) {
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening())
	ctx := context.Background()
	n := closedBranch(t, centre, "Perpustakaan Genteng")
	n.Stop()
	clock := nodetest.NewClock(time.Now())
	right := clock.Now()
	n = nodetest.Start(t, nodetest.WithDir(n.Dir), nodetest.WithClock(clock.Now))
	file, check := asked(t, n)
	in := desk.ReopenInput{Answer: reopen(t, centre, file, check), Login: nodetest.Login, Password: afterwards, Recovery: newSheet(t, n)}
	for _, days := range []int{8, -8} {
		clock.Set(right.AddDate(0, 0, days))
		wantProblem(t, n.Desk.OpenAgain(ctx, in), "problem.reopen_none")
	}
	clock.Set(right.AddDate(0, 0, 8))
	if err := n.Desk.Expire(ctx); err != nil {
		t.Fatal(err)
	}
	clock.Set(right)
	if r, err := n.Desk.Reopening(ctx); err != nil || r.Check != "" {
		t.Errorf("forgotten by the clock only: %+v, %v", r, err)
	}

	file, check = asked(t, n)
	in.Answer = reopen(t, centre, file, check)
	who, err := n.Desk.Enter(ctx, nodetest.Login, nodetest.Password) // remembered
	if err != nil {
		t.Fatal(err)
	}
	done, err := n.Desk.AddOfficer(ctx, who, nodetest.Op(t), desk.OfficerInput{Login: "bagus", Name: "Bagus Rekaan", Role: library.RoleOfficer, Password: "angin laut selatan"})
	if err == nil {
		err = n.Desk.ChangeOfficer(ctx, who, nodetest.Op(t), done.ID, "Bagus Rekaan", library.RoleOfficer, false)
	}
	if err != nil {
		t.Fatal(err)
	}
	in.Login = "bagus"
	n = shut(t, n)
	wantProblem(t, n.Desk.CheckReopenAnswer(ctx, in.Answer), "problem.reopen_keys")
	wantProblem(t, n.Desk.OpenAgain(ctx, in), "problem.login_unknown") // who has left gets no password
	in.Login = nodetest.Login
	wantProblem(t, n.Desk.OpenAgain(ctx, in), "problem.reopen_keys")
}

// TestACentreMadeAnewOpensABranch: its kit brings the recovery key back, and another branch the knowledge of this one.
func TestACentreMadeAnewOpensABranch(t *testing.T) {
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening())
	ctx := context.Background()
	n := closedBranch(t, centre, "Perpustakaan Genteng")
	other := nodetest.Start(t)
	letIn(t, centre, other, office.CodeInput{Name: "Perpustakaan Muncar", Role: library.NodeBranch})
	send(t, other)
	anew := rebuilt(t, centre)
	file, check := asked(t, n)
	_, err := anew.Office.ReadReopenRequest(ctx, anew.Officer, library.ID{}, file)
	wantProblem(t, err, "problem.reopen_unknown")

	address, _ := listens(t, anew, "127.0.0.1:0")
	if _, err := other.Desk.MoveCentre(ctx, other.Officer, address); err != nil {
		t.Fatal(err)
	}
	_ = other.Desk.SendNow(ctx, other.Officer) // it asks to be taken back
	approveAll(t, anew)
	send(t, other)
	in := desk.ReopenInput{Answer: reopen(t, anew, file, check), Login: nodetest.Login, Password: afterwards, Recovery: newSheet(t, n)}
	if err := n.Desk.OpenAgain(ctx, in); err != nil {
		t.Fatal(err)
	}
}

// TestAPCWithoutACentreHasNobodyToAsk: neither does a centre.
func TestAPCWithoutACentreHasNobodyToAsk(t *testing.T) {
	for _, role := range []library.NodeRole{library.NodeBranch, library.NodeCentre} {
		n := nodetest.Start(t, nodetest.As(role))
		if err := n.Desk.AskToReopen(context.Background()); library.KindOf(err) != library.KindNotFound {
			t.Errorf("a %s: %v", role, err)
		}
		if err := n.Desk.Expire(context.Background()); err != nil {
			t.Error(err)
		}
	}
}
