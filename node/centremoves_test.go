package node_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
	"simpul/node/store"
)

// listens opens a listener for nodes at an address, as soon as that is free, until the test stops it.
func listens(t *testing.T, centre *nodetest.Node, at string) (url string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	err := centre.ListenToNodes(ctx, at)
	for range 500 {
		if err == nil {
			return centre.SyncURL(), cancel
		}
		time.Sleep(10 * time.Millisecond)
		err = centre.ListenToNodes(ctx, at)
	}
	t.Fatal(err)
	return "", nil
}

// TestTheCentreMoves: a centre that says beforehand where it will be is found there without anybody doing anything;
// what is typed at a branch is taken unless somebody else answers there.
func TestTheCentreMoves(t *testing.T) {
	ctx := context.Background()
	centre, n := nodetest.Start(t, nodetest.As(library.NodeCentre)), nodetest.Start(t)
	old, leave := listens(t, centre, "127.0.0.1:0")
	letIn(t, centre, n, office.CodeInput{Name: "Perpustakaan Genteng", Role: library.NodeBranch})
	url, stop := listens(t, centre, "127.0.0.1:0")
	if err := centre.Desk.SetSetting(ctx, centre.Officer, nodetest.Op(t), "addresses", []string{old, url}); err != nil {
		t.Fatal(err)
	}
	if e := send(t, n); e.State != desk.ExchangeFine {
		t.Fatalf("%+v", e)
	}
	if j, err := n.Desk.Joining(ctx); err != nil || strings.Join(j.Addresses, " ") != old+" "+url {
		t.Fatalf("the branch knows %v, %v", j.Addresses, err)
	}

	// It has gone there, and who answers at the old address now is somebody else.
	leave()
	other := nodetest.Start(t, nodetest.As(library.NodeCentre))
	listens(t, other, strings.TrimPrefix(old, "https://"))
	if err := other.Desk.CloseVault(ctx, other.Officer); err != nil { // and that nobody has signed in there proves nothing
		t.Fatal(err)
	}
	member(t, n, "Budi Rekaan", "3510011708900001")
	if e := send(t, n); e.State != desk.ExchangeFine || e.Waiting != 0 {
		t.Fatalf("%+v", e)
	}
	if j, err := n.Desk.Joining(ctx); err != nil || j.Addresses[0] != url {
		t.Errorf("the address that answers is not the first: %v, %v", j.Addresses, err)
	}

	// And on, without a word beforehand.
	if _, err := other.Desk.SignIn(ctx, nodetest.Login, nodetest.Password); err != nil {
		t.Fatal(err)
	}
	stop()
	elsewhere, _ := listens(t, centre, "127.0.0.1:0")
	if err := n.Desk.SendNow(ctx, n.Officer); library.KindOf(err) != library.KindUnavailable {
		t.Errorf("nobody is there: %v", err)
	}
	for _, typed := range []string{"", "http://pusat.contoh.id", old} { // none, in clear, another centre
		if answered, err := n.Desk.MoveCentre(ctx, n.Officer, typed); answered || library.KindOf(err) != library.KindInvalid {
			t.Errorf("%q: %v, %v", typed, answered, err)
		}
	}
	if answered, err := n.Desk.MoveCentre(ctx, n.Officer, strings.TrimPrefix(elsewhere, "https://")); !answered || err != nil {
		t.Fatalf("typed: %v, %v", answered, err)
	}
	member(t, n, "Citra Rekaan", "3510015708900002")
	if e := send(t, n); e.State != desk.ExchangeFine || e.Waiting != 0 {
		t.Errorf("%+v", e)
	}
}

// TestACodeIsTypedWhereManyAddressesAreKnown: a code that is typed letter by letter names no address, and a PC that knows more
// of its centre than a code holds can ask there all the same.
func TestACodeIsTypedWhereManyAddressesAreKnown(t *testing.T) {
	ctx := context.Background()
	centre, n := nodetest.Start(t, nodetest.As(library.NodeCentre)), nodetest.Start(t)
	at, _ := listens(t, centre, "127.0.0.1:0")
	letIn(t, centre, n, office.CodeInput{Name: "Perpustakaan Genteng", Role: library.NodeBranch})
	told := []string{"https://127.0.0.1:1", "https://127.0.0.1:2", "https://127.0.0.1:3", "https://127.0.0.1:4"}
	if err := centre.Desk.SetSetting(ctx, centre.Officer, nodetest.Op(t), "addresses", told); err != nil {
		t.Fatal(err)
	}
	send(t, n)
	if j, err := n.Desk.Joining(ctx); err != nil || len(j.Addresses) != 5 || j.Addresses[0] != at {
		t.Fatalf("%+v, %v", j, err)
	}
	code, err := centre.Office.NewCode(ctx, centre.Officer, nodetest.Op(t), office.CodeInput{Name: "Perpustakaan Srono", Role: library.NodeBranch})
	if err != nil {
		t.Fatal(err)
	}
	if j, err := n.Desk.StartJoin(ctx, n.Officer, strings.Join(code.Groups, " "), ""); err != nil || j.State != desk.JoinWaiting {
		t.Errorf("%+v, %v", j, err)
	}
}

// TestACentrePutBackAfterItsKeyChanged: the copy holds the TLS key that the branches have learned to refuse.
func TestACentrePutBackAfterItsKeyChanged(t *testing.T) {
	ctx := context.Background()
	centre, n := nodetest.Start(t, nodetest.As(library.NodeCentre)), nodetest.Start(t)
	at, leave := listens(t, centre, "127.0.0.1:0")
	letIn(t, centre, n, office.CodeInput{Name: "Perpustakaan Genteng", Role: library.NodeBranch})
	send(t, n)
	if err := centre.Desk.BackUp(ctx, centre.Officer); err != nil {
		t.Fatal(err)
	}
	copies, err := store.Copies(filepath.Join(centre.Dir, "backups"))
	if err != nil || len(copies) == 0 {
		t.Fatal(copies, err)
	}
	if err := centre.Office.RenewTLS(ctx, centre.Officer, nodetest.Op(t)); err != nil {
		t.Fatal(err)
	}
	if e := send(t, n); e.State != desk.ExchangeFine {
		t.Fatalf("%+v", e)
	}
	leave()
	centre.Stop()
	if _, err := store.Restore(ctx, centre.Dir, copies[len(copies)-1], true, time.Now()); err != nil {
		t.Fatal(err)
	}
	centre = nodetest.Again(t, centre.Dir)
	_, leave = listens(t, centre, strings.TrimPrefix(at, "https://"))
	n.Stop()
	n = nodetest.Again(t, n.Dir) // it goes by what it has written down
	member(t, n, "Budi Rekaan", "3510011708900001")
	for range 3 {
		_ = n.Desk.SendNow(ctx, n.Officer)
	}
	if e, err := n.Desk.Exchange(ctx, n.Officer); err != nil || e.State != desk.ExchangeFine || e.Waiting != 0 {
		t.Errorf("%+v, %v", e, err)
	}
	for again := range 3 { // it says so once for what it was put back to, and once for what the branch gave back
		before, err := centre.Store.Decisions(ctx)
		if err != nil {
			t.Fatal(err)
		}
		leave()
		centre.Stop()
		centre = nodetest.Again(t, centre.Dir)
		_, leave = listens(t, centre, strings.TrimPrefix(at, "https://"))
		if e := send(t, n); e.State != desk.ExchangeFine {
			t.Errorf("%+v", e)
		}
		if after, err := centre.Store.Decisions(ctx); err != nil || again > 0 && len(after.All()) != len(before.All()) {
			t.Errorf("%d decisions after a start, %d before, %v", len(after.All()), len(before.All()), err)
		}
	}
}
