package board_test

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"testing"

	"simpul/node/board"
)

const today = 20_000

func open(t testing.TB) *board.Board {
	t.Helper()
	b, err := board.New()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func write(t testing.TB, b *board.Board, change func(*board.Writer) error) {
	t.Helper()
	if err := b.Write(change); err != nil {
		t.Fatal(err)
	}
}

func item(n byte, day, opened int64) board.QueueItem {
	return board.QueueItem{ID: [16]byte{n}, Name: "Sari", Day: day, Opened: opened, Step: 1}
}

func putItems(items ...board.QueueItem) func(*board.Writer) error {
	return func(w *board.Writer) error {
		for _, i := range items {
			if err := w.PutQueueItem(i); err != nil {
				return err
			}
		}
		return nil
	}
}

func fired(watch <-chan struct{}) bool {
	select {
	case <-watch:
		return true
	default:
		return false
	}
}

func TestQueueListsTodayAndTheRest(t *testing.T) {
	b := open(t)
	held := item(3, today, 5)
	held.Held = true
	write(t, b, putItems(item(1, today, 30), item(2, today, 10), held, item(4, today-1, 99), item(5, -3, 1)))

	got, total, _ := b.Today(today, 10)
	if want := []board.QueueItem{item(2, today, 10), item(1, today, 30)}; total != 2 || !reflect.DeepEqual(got, want) {
		t.Errorf("today: %d %v", total, got)
	}
	got, total, _ = b.Postponed(today, 10)
	if want := []board.QueueItem{item(5, -3, 1), item(4, today-1, 99), held}; total != 3 || !reflect.DeepEqual(got, want) {
		t.Errorf("postponed: %d %v", total, got)
	}
	got, total, _ = b.Postponed(today, 1)
	if len(got) != 1 || total != 3 {
		t.Errorf("limit: %d of %d", len(got), total)
	}
}

func TestStepTime(t *testing.T) {
	running := board.QueueItem{Step: 2, Entered: 1000, Spent: [6]int64{70, 5}}
	paused := running
	paused.Paused = true
	tests := map[string]struct {
		item board.QueueItem
		step int
		now  int64
		want int64
	}{
		"a step done":          {running, 1, 9000, 70},
		"the current step":     {running, 2, 1600, 605},
		"paused":               {paused, 2, 1600, 5},
		"a step to come":       {running, 3, 1600, 0},
		"the clock went back":  {running, 2, 400, 5},
		"no such step":         {running, 7, 1600, 0},
		"no step number zero":  {running, 0, 1600, 0},
		"no step below nought": {running, -1, 1600, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.item.StepTime(tt.step, tt.now); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestWatchesFireForWhatChangedAndNothingElse(t *testing.T) {
	officer := [16]byte{7}
	start := func(w *board.Writer) error {
		return errors.Join(
			w.PutQueueItem(item(1, today, 1)), w.PutQueueItem(item(2, today, 2)), w.PutQueueItem(item(3, today-1, 1)),
			w.AddCount(today, "visit", 3), w.AddCount(today-1, "visit", 3),
			w.PutSpan(board.Span{ID: [16]byte{1}, Key: "all", Day: today, Spent: 9}),
			w.PutSession(board.Session{Hash: [32]byte{1}, Officer: officer}),
			w.PutSession(board.Session{Hash: [32]byte{2}, Officer: officer}),
			w.SetSync(board.Sync{Waiting: 1}), w.SetVault(board.Vault{Open: true}), w.SetWork(board.Work{ID: "import"}),
			w.SetClock(board.Clock{}), w.SetDisk(board.Disk{}),
		)
	}
	changed := item(1, today, 1)
	changed.Step = 2
	tests := map[string]struct {
		change func(*board.Writer) error
		fires  string
	}{
		"a step":               {putItems(changed), "item1 today queue"},
		"a neighbour":          {putItems(board.QueueItem{ID: [16]byte{2}, Day: today, Opened: 2, Step: 3}), "today queue"},
		"an item of yesterday": {putItems(board.QueueItem{ID: [16]byte{3}, Day: today - 1, Opened: 1, Step: 4}), "queue"},
		"the same item again":  {putItems(item(1, today, 1)), ""},
		"an item not there":    {func(w *board.Writer) error { return w.RemoveQueueItem([16]byte{99}) }, ""},
		"a count":              {func(w *board.Writer) error { return w.AddCount(today, "visit", 1) }, "counts"},
		"yesterday's count":    {func(w *board.Writer) error { return w.AddCount(today-1, "visit", 1) }, ""},
		"a span": {func(w *board.Writer) error {
			return w.PutSpan(board.Span{ID: [16]byte{1}, Key: "all", Day: today, Spent: 8})
		}, "median"},
		"the other session": {func(w *board.Writer) error { return w.RemoveSession([32]byte{2}) }, ""},
		"the session": {func(w *board.Writer) error {
			return w.PutSession(board.Session{Hash: [32]byte{1}, Officer: officer, Locked: true})
		}, "session"},
		"all of an officer": {func(w *board.Writer) error { return w.RemoveSessionsOf(officer) }, "session"},
		"the badge":         {func(w *board.Writer) error { return w.SetSync(board.Sync{Waiting: 2}) }, "sync"},
		"the same badge":    {func(w *board.Writer) error { return w.SetSync(board.Sync{Waiting: 1}) }, ""},
		"the vault":         {func(w *board.Writer) error { return w.SetVault(board.Vault{}) }, "vault"},
		"progress":          {func(w *board.Writer) error { return w.SetWork(board.Work{ID: "import", Done: 1}) }, "works"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := open(t)
			write(t, b, start)
			names := []string{"item1", "today", "queue", "counts", "median", "session", "sync", "vault", "works"}
			watches := make([]<-chan struct{}, len(names))
			_, _, watches[0] = b.QueueItem([16]byte{1})
			_, _, watches[1] = b.Today(today, 9)
			_, _, watches[2] = b.Postponed(today, 9)
			_, watches[3] = b.Counts(today)
			_, _, watches[4] = b.Median(today, "all")
			_, _, watches[5] = b.Session([32]byte{1})
			_, watches[6] = b.Sync()
			_, watches[7] = b.Vault()
			_, watches[8] = b.Works()
			write(t, b, tt.change)
			got := ""
			for i, watch := range watches {
				if fired(watch) {
					got += " " + names[i]
				}
			}
			if want := tt.fires; got != want && got != " "+want {
				t.Errorf("fired:%s, want: %s", got, want)
			}
		})
	}
}

func TestWatchMissesNothingBetweenReadingAndWaiting(t *testing.T) {
	b := open(t)
	next := b.Watch(board.Queue, board.Counts)
	write(t, b, putItems(item(1, today, 1)))
	if err := next(t.Context()); err != nil {
		t.Fatal(err)
	}

	next = b.Watch(board.Queue, board.Counts)
	write(t, b, func(w *board.Writer) error { return w.SetVault(board.Vault{Open: true}) })
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := next(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("a change in another table: %v", err)
	}
}

func TestReadersSeeACommitWholeOrNotAtAll(t *testing.T) {
	b := open(t)
	failed := errors.New("half way")
	err := b.Update(1, func(w *board.Writer) error {
		return errors.Join(w.AddCount(today, "visit", 1), failed)
	})
	counts, _ := b.Counts(today)
	if !errors.Is(err, failed) || len(counts) != 0 || b.Position() != 0 {
		t.Errorf("after a failed update: %v %v at %d", err, counts, b.Position())
	}

	var writer sync.WaitGroup
	writer.Go(func() {
		for position := uint64(1); position <= 300; position++ {
			_ = b.Update(position, func(w *board.Writer) error {
				return errors.Join(w.AddCount(today, "men", 1), w.AddCount(today, "women", 1))
			})
		}
	})
	for b.Position() < 300 {
		if counts, _ := b.Counts(today); counts["men"] != counts["women"] {
			t.Fatalf("half a commit: %v", counts)
		}
	}
	writer.Wait()
}

func TestUpdateLeavesOutWhatItHas(t *testing.T) {
	b := open(t)
	count := func(w *board.Writer) error { return w.AddCount(today, "visit", 1) }
	for _, position := range []uint64{1, 2, 2, 1, 5} {
		if err := b.Update(position, count); err != nil {
			t.Fatal(err)
		}
	}
	if counts, _ := b.Counts(today); counts["visit"] != 3 || b.Position() != 5 {
		t.Errorf("%v at %d", counts, b.Position())
	}
}

func TestWaitSeesItsOwnCommit(t *testing.T) {
	b := open(t)
	var handlers sync.WaitGroup
	for want := uint64(1); want <= 64; want++ {
		handlers.Go(func() {
			if err := b.Wait(t.Context(), want); err != nil {
				t.Error(err)
				return
			}
			if _, found, _ := b.QueueItem([16]byte{byte(want)}); !found {
				t.Errorf("position %d was reached without its change", want)
			}
		})
	}
	for position := uint64(1); position <= 64; position++ {
		if err := b.Update(position, putItems(item(byte(position), today, int64(position)))); err != nil {
			t.Error(err)
		}
	}
	handlers.Wait()

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.Wait(ended, 65); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting for what does not come: %v", err)
	}
	if err := b.Wait(ended, 64); err != nil {
		t.Errorf("what is there needs no waiting: %v", err)
	}
}

func TestMedianIsOfTheDayAndKey(t *testing.T) {
	b := open(t)
	if spent, n, _ := b.Median(today, "all"); spent != 0 || n != 0 {
		t.Errorf("of nothing: %d of %d", spent, n)
	}
	write(t, b, func(w *board.Writer) error {
		for i, spent := range []int64{30, 10, 20, 90} {
			if err := w.PutSpan(board.Span{ID: [16]byte{byte(i)}, Key: "all", Day: today, Spent: spent}); err != nil {
				return err
			}
		}
		return errors.Join(
			w.PutSpan(board.Span{ID: [16]byte{1}, Key: "photo", Day: today, Spent: 1}),
			w.PutSpan(board.Span{ID: [16]byte{9}, Key: "all", Day: today - 1, Spent: 1}))
	})
	if spent, n, _ := b.Median(today, "all"); spent != 25 || n != 4 {
		t.Errorf("got %d of %d", spent, n)
	}
	write(t, b, func(w *board.Writer) error {
		return w.PutSpan(board.Span{ID: [16]byte{3}, Key: "all", Day: today - 1, Spent: 90})
	})
	if spent, n, _ := b.Median(today, "all"); spent != 20 || n != 3 {
		t.Errorf("after one moved to another day: %d of %d", spent, n)
	}
	write(t, b, func(w *board.Writer) error { return w.DropDaysBefore(today) })
	if _, n, _ := b.Median(today-1, "all"); n != 0 {
		t.Errorf("%d of yesterday are left", n)
	}
	if _, n, _ := b.Median(today, "all"); n != 3 {
		t.Errorf("%d of today are left", n)
	}
}
