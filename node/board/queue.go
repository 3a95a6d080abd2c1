package board

// QueueItem is one registration in progress, as the queue on the desk shows it.
// Times are wall readings in Unix milliseconds; a day is counted from 1 January
// 1970 in the node's zone.
type QueueItem struct {
	ID          [16]byte
	Name        string
	Document    string // kind of the document shown: KTP, KIA, …
	Source      string // desk, visit, phone, class, late
	Opened      int64
	Step        int      // 1 to 6 of the SOP
	Entered     int64    // when the current step was entered, or went on after a pause
	Spent       [6]int64 // milliseconds spent in each step before Entered
	Paused      bool     // the clock stands still
	PauseReason string
	Timed       bool // false: reported apart from the SOP's standard (filled at home, class, overnight)
	Held        bool // put aside by an officer ("Tertunda")
	Day         int64
	Version     uint64
	Officer     [16]byte
}

// StepTime is the time spent in a step at the moment now, in milliseconds: what was
// spent before, and for the current step what has passed since unless it is
// paused. A clock that was set back adds nothing. A step outside 1 to 6 has none.
func (q QueueItem) StepTime(step int, now int64) int64 {
	if step < 1 || step > len(q.Spent) {
		return 0
	}
	spent := q.Spent[step-1]
	if step == q.Step && !q.Paused {
		spent += max(0, now-q.Entered)
	}
	return spent
}

// PutQueueItem adds or replaces a registration in progress.
func (w *Writer) PutQueueItem(item QueueItem) error {
	return put(w, Queue, item.ID[:], item)
}

// RemoveQueueItem takes a registration out of the queue: it was issued, refused,
// withdrawn, or has lapsed.
func (w *Writer) RemoveQueueItem(id [16]byte) error { return remove(w, Queue, id[:]) }

// QueueItem reads one registration in progress.
func (b *Board) QueueItem(id [16]byte) (item QueueItem, found bool, watch <-chan struct{}) {
	return one[QueueItem](b.db.Txn(false), Queue, id[:])
}

// Today lists the registrations opened on a day and not put aside, the earliest
// first, at most limit of them, and says how many there are. The channel is closed
// when one of that day changes.
func (b *Board) Today(day int64, limit int) (items []QueueItem, total int, watch <-chan struct{}) {
	all, watch := each[QueueItem](b.db.Txn(false), Queue, dayIndex, number(day))
	items, total = pick(all, limit, func(q QueueItem) bool { return !q.Held })
	return items, total, watch
}

// Postponed lists what else is in progress: put aside, or opened on an earlier day,
// so that nothing leaves the screen at midnight. Order, limit and total as in Today.
// The channel is closed when anything in the queue changes.
func (b *Board) Postponed(day int64, limit int) (items []QueueItem, total int, watch <-chan struct{}) {
	all, watch := each[QueueItem](b.db.Txn(false), Queue, dayIndex, nil)
	items, total = pick(all, limit, func(q QueueItem) bool { return q.Held || q.Day != day })
	return items, total, watch
}

func pick(all []QueueItem, limit int, keep func(QueueItem) bool) (items []QueueItem, total int) {
	for _, item := range all {
		if !keep(item) {
			continue
		}
		if total < limit {
			items = append(items, item)
		}
		total++
	}
	return items, total
}
