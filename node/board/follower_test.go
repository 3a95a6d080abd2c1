package board_test

import (
	"errors"
	"slices"
	"testing"

	"simpul/node/board"
)

func noRepair(_ board.Commit, cause error) error { return cause }

func send(t *testing.T, f *board.Follower, from, to uint64) {
	t.Helper()
	for position := from; position <= to; position++ {
		if err := f.Send(t.Context(), board.Commit{Position: position}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFollowerAppliesInOrderAndDrainsAtStop(t *testing.T) {
	b := open(t)
	var order []uint64
	f := board.NewFollower(4, noRepair,
		func(c board.Commit) error { order = append(order, c.Position); return nil },
		func(c board.Commit) error { return b.Update(c.Position, putItems(item(1, today, int64(c.Position)))) })
	ended := make(chan error, 1)
	go func() { ended <- f.Run() }()
	send(t, f, 1, 200)
	if err := b.Wait(t.Context(), 200); err != nil {
		t.Fatal(err)
	}
	send(t, f, 201, 203)
	f.Close()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	<-f.Done()
	if len(order) != 203 || !slices.IsSorted(order) || b.Position() != 203 {
		t.Errorf("%d commits, board at %d", len(order), b.Position())
	}
	if err := f.Send(t.Context(), board.Commit{Position: 204}); !errors.Is(err, board.ErrStopped) {
		t.Errorf("after the stop: %v", err)
	}
}

func TestFollowerRepairsAndGoesOn(t *testing.T) {
	b := open(t)
	broken := errors.New("broken")
	f := board.NewFollower(9,
		func(failed board.Commit, _ error) error {
			return b.Rebuild(failed.Position+1, func(w *board.Writer) error {
				return w.SetCount(board.Counter{Day: today, Key: "visit", N: int64(failed.Position) + 1})
			})
		},
		func(c board.Commit) error {
			return b.Update(c.Position, func(w *board.Writer) error {
				if c.Position == 2 {
					return broken
				}
				return w.AddCount(today, "visit", 1)
			})
		})
	send(t, f, 1, 5)
	f.Close()
	if err := f.Run(); err != nil {
		t.Fatal(err)
	}
	if counts, _ := b.Counts(today); counts["visit"] != 5 || b.Position() != 5 {
		t.Errorf("%v at %d", counts, b.Position())
	}
}

func TestFollowerEndsWhenRepairFails(t *testing.T) {
	broken := errors.New("broken")
	f := board.NewFollower(1, noRepair, func(board.Commit) error { return broken })
	send(t, f, 1, 1)
	if err := f.Run(); !errors.Is(err, broken) {
		t.Fatalf("run: %v", err)
	}
	if err := f.Send(t.Context(), board.Commit{Position: 2}); !errors.Is(err, board.ErrStopped) {
		t.Errorf("a send to a dead follower must not hang: %v", err)
	}
}
