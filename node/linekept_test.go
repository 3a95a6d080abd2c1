package node_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"simpul/node/demo"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
)

// TestWhatTheLineCarriesIsKept: a line that drops each connection after so many bytes teaches a node to end them before; one
// that starts again knows it still, and is not cut again.
func TestWhatTheLineCarriesIsKept(t *testing.T) {
	ctx := context.Background()
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening())
	line := newBadLine(t, 1)
	line.leadTo(strings.TrimPrefix(centre.SyncURL(), "https://"))
	line.Up, line.Down, line.Delay, line.Lost, line.CutAfter = 50<<20, 50<<20, time.Millisecond, 0, 28<<10
	if err := centre.Desk.SetSetting(ctx, centre.Officer, nodetest.Op(t), "addresses", []string{line.url()}); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "data")
	n := nodetest.Start(t, nodetest.WithDir(dir))
	letIn(t, centre, n, office.CodeInput{Name: "Perpustakaan Genteng", Role: library.NodeBranch})

	fillAndSend := func(seed uint64) {
		t.Helper()
		if err := demo.Fill(ctx, n.Desk, n.Officer, demo.Filling{Members: 500, Seed: seed}); err != nil {
			t.Fatal(err)
		}
		for range 100 {
			err := n.Desk.SendNow(ctx, n.Officer)
			if err != nil && library.KindOf(err) != library.KindUnavailable {
				t.Fatal(err)
			}
			e, xerr := n.Desk.Exchange(ctx, n.Officer)
			if xerr != nil {
				t.Fatal(xerr)
			}
			if err == nil && e.Waiting == 0 && e.Photos == 0 {
				return
			}
		}
		t.Fatal("it never arrives")
	}
	line.Good.Store(false)
	fillAndSend(1)
	cuts := line.Cuts.Load()
	if cuts == 0 {
		t.Fatalf("never dropped, with %d bytes", line.SentUp.Load())
	}
	who := n.Officer
	n.Stop()
	n = nodetest.Start(t, nodetest.WithDir(dir))
	n.Officer = who
	n.SignedIn(t)
	up := line.SentUp.Load()
	fillAndSend(2)
	if again := line.Cuts.Load() - cuts; again > 0 || line.SentUp.Load()-up < line.CutAfter {
		t.Errorf("dropped %d times before and %d after the start, over which %d bytes went", cuts, again, line.SentUp.Load()-up)
	}
}
