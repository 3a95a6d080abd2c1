package board_test

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"simpul/node/board"
)

// model is what the board should show, kept in plain maps.
type model struct {
	queue    map[[16]byte]board.QueueItem
	counts   map[board.Counter]int64 // N of the key is 0
	sessions map[[32]byte]board.Session
}

// fill writes the model into an empty board, as a start from SQLite does.
func (m model) fill(w *board.Writer) error {
	for _, q := range m.queue {
		if err := w.PutQueueItem(q); err != nil {
			return err
		}
	}
	for c, n := range m.counts {
		if err := w.SetCount(board.Counter{Day: c.Day, Key: c.Key, N: n}); err != nil {
			return err
		}
	}
	for _, s := range m.sessions {
		if err := w.PutSession(s); err != nil {
			return err
		}
	}
	return nil
}

// change makes one random change to the model and returns the same for the board.
func (m model) change(t *rapid.T) func(*board.Writer) error {
	n := rapid.ByteRange(0, 5).Draw(t, "n")
	day := rapid.Int64Range(-1, 2).Draw(t, "day")
	switch rapid.IntRange(0, 5).Draw(t, "kind") {
	case 0, 1:
		q := item(n, day, rapid.Int64Range(0, 3).Draw(t, "opened"))
		q.Held = rapid.Bool().Draw(t, "held")
		m.queue[q.ID] = q
		return putItems(q)
	case 2:
		delete(m.queue, [16]byte{n})
		return func(w *board.Writer) error { return w.RemoveQueueItem([16]byte{n}) }
	case 3:
		key := rapid.SampledFrom([]string{"visit", "visit.van", "card"}).Draw(t, "key")
		by := rapid.Int64Range(-1, 2).Draw(t, "by")
		m.counts[board.Counter{Day: day, Key: key}] += by
		return func(w *board.Writer) error { return w.AddCount(day, key, by) }
	case 4:
		s := board.Session{Hash: [32]byte{n}, Officer: [16]byte{byte(day)}}
		m.sessions[s.Hash] = s
		return func(w *board.Writer) error { return w.PutSession(s) }
	default:
		officer := [16]byte{byte(day)}
		maps.DeleteFunc(m.sessions, func(_ [32]byte, s board.Session) bool { return s.Officer == officer })
		return func(w *board.Writer) error { return w.RemoveSessionsOf(officer) }
	}
}

// shown is everything that readers see of what the model knows, through every index.
func shown(b *board.Board) []any {
	var all []any
	for day := int64(-1); day <= 2; day++ {
		items, total, _ := b.Today(day, 100)
		later, rest, _ := b.Postponed(day, 100)
		counts, _ := b.Counts(day)
		sessions, _ := b.SessionsOf([16]byte{byte(day)})
		slices.SortFunc(sessions, func(a, b board.Session) int { return int(a.Hash[0]) - int(b.Hash[0]) })
		all = append(all, items, total, later, rest, counts, sessions)
	}
	for n := range byte(6) {
		q, found, _ := b.QueueItem([16]byte{n})
		s, signedIn, _ := b.Session([32]byte{n})
		all = append(all, q, found, s, signedIn)
	}
	return all
}

func TestFollowedBoardEqualsARebuiltOne(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := model{map[[16]byte]board.QueueItem{}, map[board.Counter]int64{}, map[[32]byte]board.Session{}}
		followed, rebuilt := open(t), open(t)
		if err := rebuilt.Update(1, putItems(item(200, 0, 0))); err != nil {
			rt.Fatal(err)
		}
		last := uint64(rapid.IntRange(1, 30).Draw(rt, "commits"))
		for position := uint64(1); position <= last; position++ {
			if err := followed.Update(position, m.change(rt)); err != nil {
				rt.Fatal(err)
			}
		}
		if err := rebuilt.Rebuild(last, m.fill); err != nil {
			rt.Fatal(err)
		}
		if a, b := shown(followed), shown(rebuilt); !reflect.DeepEqual(a, b) {
			rt.Fatalf("followed %v\nrebuilt  %v", a, b)
		}
		_, opened, _ := followed.Today(0, 0)
		_, later, _ := followed.Postponed(0, 0)
		if opened+later != len(m.queue) {
			rt.Fatalf("%d and %d in the lists, %d in the queue", opened, later, len(m.queue))
		}
	})
}

func TestRebuildRefusesWhatIsOlderThanTheBoard(t *testing.T) {
	b := open(t)
	if err := b.Update(5, putItems(item(1, today, 1))); err != nil {
		t.Fatal(err)
	}
	nothing := func(*board.Writer) error { return nil }
	if err := b.Rebuild(4, nothing); !errors.Is(err, board.ErrBehind) {
		t.Errorf("an older one: %v", err)
	}
	if _, total, _ := b.Today(today, 9); total != 1 {
		t.Error("the refused rebuild changed the board")
	}
	write(t, b, func(w *board.Writer) error { return w.SetSync(board.Sync{Waiting: 4}) })
	if err := b.Rebuild(5, nothing); err != nil {
		t.Fatal(err)
	}
	if _, total, _ := b.Today(today, 9); total != 0 {
		t.Error("the rebuild kept an old row")
	}
	if badge, _ := b.Sync(); badge.Waiting != 4 {
		t.Error("the rebuild lost a status")
	}
}
