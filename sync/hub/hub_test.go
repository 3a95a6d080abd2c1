package hub

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"simpul/sync/event"
	"simpul/sync/wire"
)

func TestOneNodeAtATimeAndManyNodesAtOnce(t *testing.T) {
	var turns turns
	var wg sync.WaitGroup
	var inside [3]atomic.Int32
	for i := range 300 {
		wg.Go(func() {
			done, err := turns.take(context.Background(), event.ID{byte(i % 3)})
			if err != nil {
				t.Error(err)
				return
			}
			defer done()
			if n := inside[i%3].Add(1); n != 1 {
				t.Errorf("%d requests of one node at once", n)
			}
			inside[i%3].Add(-1)
		})
	}
	wg.Wait()
	if len(turns.m) != 0 {
		t.Errorf("%d nodes are remembered for nothing", len(turns.m))
	}
}

func TestWhoGivesUpWaitingLeavesTheTurnToOthers(t *testing.T) {
	var turns turns
	done, err := turns.take(context.Background(), event.ID{1})
	if err != nil {
		t.Fatal(err)
	}
	other, err := turns.take(context.Background(), event.ID{2})
	if err != nil {
		t.Fatal("one node waits for another")
	}
	other()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := turns.take(ctx, event.ID{1}); err == nil {
		t.Fatal("two have the turn")
	}
	done()
	if done, err = turns.take(context.Background(), event.ID{1}); err != nil {
		t.Fatal(err)
	}
	done()
	if len(turns.m) != 0 {
		t.Errorf("%d nodes are remembered for nothing", len(turns.m))
	}
}

func TestTheBudgetIsNeverNothingAndNeverTooMuch(t *testing.T) {
	for asked, want := range map[uint32]int{0: leastBudget, 100: leastBudget, 10_000: 20_000, 1 << 19: answerBudget, 1<<32 - 1: answerBudget} {
		if got := budgetOf(asked); got != want {
			t.Errorf("%d asked: %d, want %d", asked, got, want)
		}
	}
}

func TestPartitionsComeInTheirOrderOnceEach(t *testing.T) {
	got := ordered([]wire.Cursor{{Partition: wire.Directory, Pos: 1}, {Partition: 77}, {Partition: wire.Settings}, {Partition: wire.Directory, Pos: 9}})
	if len(got) != 2 || got[0].Partition != wire.Settings || got[1].Pos != 1 {
		t.Errorf("%+v", got)
	}
}

// busyStore says that much waits.
type busyStore struct {
	Store
	pending int64
}

func (b busyStore) Pending(context.Context) (int64, error) { return b.pending, nil }

type noise struct{ n byte }

func (n *noise) Read(p []byte) (int, error) {
	for i := range p {
		n.n += 37
		p[i] = n.n
	}
	return len(p), nil
}

func TestUnderLoadNodesAreAskedForLessAndNotAllAtOnce(t *testing.T) {
	h := &Hub{opt: Options{Store: busyStore{pending: slowPending + 1}, Rand: &noise{}, Now: time.Now}}
	waits := map[uint32]bool{}
	for range 50 {
		var a wire.Answer
		if err := h.load(context.Background(), &a); err != nil || a.Budget != slowBudget || a.Wait < 5 || a.Wait > 20 {
			t.Fatalf("%+v, %v", a, err)
		}
		waits[a.Wait] = true
	}
	if len(waits) < 8 {
		t.Errorf("all come back at the same few instants: %v", waits)
	}
	h.opt.Store = busyStore{}
	var a wire.Answer
	if err := h.load(context.Background(), &a); err != nil || a.Budget != fullBudget || a.Wait != 0 {
		t.Errorf("idle: %+v, %v", a, err)
	}
}
