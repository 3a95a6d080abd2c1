package node

import (
	"errors"
	"os"
	"testing"

	"simpul/node/library"
	"simpul/sync/event"
	"simpul/ui"
)

// TestWhatIsCountedOnceIsNeverStale follows commits: a value counts once for each
// position, a failure does not count, and who comes late with an old position
// takes nothing back.
func TestWhatIsCountedOnceIsNeverStale(t *testing.T) {
	var kept atCommit[int]
	truth, counted := 0, 0
	count := func() (int, error) { counted++; return truth, nil }
	see := func(position uint64, want, counts int) {
		t.Helper()
		if got, err := kept.get(position, count); err != nil || got != want || counted != counts {
			t.Errorf("at %d: %d after %d counts, want %d after %d: %v", position, got, counted, want, counts, err)
		}
	}
	see(0, 0, 1)
	see(0, 0, 1)
	truth = 5
	see(3, 5, 2)
	see(3, 5, 2)
	truth = 6
	see(2, 6, 3) // it was asked before the commit, and reads what is there now
	see(3, 5, 3) // as of the commit that the reader has seen
	if _, err := kept.get(4, func() (int, error) { return 0, errors.New("busy") }); err == nil {
		t.Error("a failure is kept")
	}
	see(4, 6, 4)
}

// centreOf is a centre that has let in many nodes.
func centreOf(t testing.TB, nodes int) placed {
	b := &syncBench{bench: &bench{env: &env{files: os.DirFS("../ui")}, work: t.TempDir()}}
	centre, err := b.open(t.Context(), place{folder: "centre", role: library.NodeCentre, name: "Pusat", code: 990}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = centre.Close() })
	for _, s := range b.scribes(nodes, 1) {
		enrol(t, centre, s)
	}
	return centre
}

func enrol(t testing.TB, centre placed, s *scribe) {
	t.Helper()
	keys, err := centre.Office.Keys(t.Context())
	if err == nil {
		_, err = centre.Store.Decide(t.Context(), keys.Signing(), event.ID(centre.who.Officer), event.NodeEnrolled, s.enrolment())
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheFrameShowsWhatWasCommitted(t *testing.T) {
	centre := centreOf(t, 3)
	b := &syncBench{}
	asked := 0
	nodes := func() int {
		// A use case returns when the board has its commit, and so those before it.
		asked++
		if err := centre.Desk.SetSetting(t.Context(), centre.who, library.ID{}, "day_megabytes", asked); err != nil {
			t.Fatal(err)
		}
		f := ui.Frame{Centre: true}
		centre.frameOfCentre(t.Context(), &f)
		return f.Facts.Nodes
	}
	if n := nodes(); n != 3 {
		t.Fatalf("%d nodes of 3", n)
	}
	enrol(t, centre, b.scribes(1, 4)[0])
	if n := nodes(); n != 4 {
		t.Errorf("%d nodes of 4", n)
	}
}

// BenchmarkFrameOfCentre is what every page of a centre with 300 nodes pays.
func BenchmarkFrameOfCentre(b *testing.B) {
	centre := centreOf(b, 300)
	centre.Desk.Settle()
	b.Run("kept", func(b *testing.B) {
		for b.Loop() {
			centre.frameOfCentre(b.Context(), &ui.Frame{})
		}
	})
	b.Run("counted", func(b *testing.B) {
		for b.Loop() {
			if _, err := centre.countAtCentre(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
