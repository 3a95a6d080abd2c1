package node_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
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
	listens(t, nodetest.Start(t, nodetest.As(library.NodeCentre)), strings.TrimPrefix(old, "https://"))
	member(t, n, "Budi Rekaan", "3510011708900001")
	if e := send(t, n); e.State != desk.ExchangeFine || e.Waiting != 0 {
		t.Fatalf("%+v", e)
	}
	if j, err := n.Desk.Joining(ctx); err != nil || j.Addresses[0] != url {
		t.Errorf("the address that answers is not the first: %v, %v", j.Addresses, err)
	}

	// And on, without a word beforehand.
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
