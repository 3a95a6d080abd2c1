package desk

import (
	"context"
	"errors"
	"fmt"

	"simpul/node/board"
	"simpul/node/directory"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// Keys of the day's counts on the board.
const (
	CountVisits   = "visits" // people
	CountMembers  = "members"
	CountGuests   = "guests"
	CountGroups   = "groups"
	CountGrouped  = "grouped" // people in groups
	CountIssued   = "issued"
	CountMedian   = "median" // ms, of the timed registrations
	CountNameless = "nameless"
)

// Follow applies one commit to the directory and the board, in this order: who
// waits for the board then finds the directory up to date.
func (d *Desk) Follow(c board.Commit) error {
	var visitDays, cardDays = map[int64]bool{}, map[int64]bool{}
	today := int64(d.Today().Days())
	return d.Board.Update(c.Position, func(w *board.Writer) error {
		for _, change := range c.Changes {
			switch x := change.(type) {
			case *merge.Person:
				// While the vault is closed the directory takes nothing; the next filling brings it.
				if err := d.Directory.Put(entryOf(store.ListingOf(x))); err != nil && !errors.Is(err, directory.ErrClosed) {
					return err
				}
				if justIssued(x) {
					cardDays[today] = true
				}
				if err := d.followPerson(w, x); err != nil {
					return err
				}
			case *merge.Visit:
				if d.Store.Day(x.Wall()) == today {
					visitDays[today] = true
				}
			case *merge.Node:
				d.applySettings(x)
			case store.Session:
				if err := w.PutSession(d.boardSession(x)); err != nil {
					return err
				}
			case store.SessionEnded:
				if err := w.RemoveSession(x.Hash); err != nil {
					return err
				}
			case store.SessionsEnded:
				if err := w.RemoveSessionsOf(x.Officer); err != nil {
					return err
				}
			}
		}
		for day := range visitDays {
			if err := d.countVisits(w, day); err != nil {
				return err
			}
		}
		for day := range cardDays {
			if err := d.countCards(w, day); err != nil {
				return err
			}
		}
		return nil
	})
}

// justIssued says that the last thing that happened to a person may be a new card. Counting the day's cards reads them
// all, so a visit or a correction of a member does not ask for it. A class issues and prints many cards in one commit,
// hence the distance.
func justIssued(p *merge.Person) bool {
	const near = 64
	for _, c := range p.Cards {
		if c.At.Admitted == p.Head.Admitted && c.At.Rank == p.Head.Rank && p.Head.Seq-c.At.Seq < near {
			return true
		}
	}
	return false
}

// Repair makes the board and the directory anew from the store.
func (d *Desk) Repair(failed board.Commit, cause error) error {
	d.Log.Error("the board is made anew", "err", cause)
	return d.rebuildBoardAt(context.Background(), failed.Position)
}

// rebuildBoard makes the board anew while commits go on: when one overtakes the
// reading, it reads again.
func (d *Desk) rebuildBoard(ctx context.Context) error {
	for {
		err := d.rebuildBoardAt(ctx, d.Board.Position())
		if !errors.Is(err, board.ErrBehind) || ctx.Err() != nil {
			return err
		}
	}
}

func (d *Desk) rebuildBoardAt(ctx context.Context, position uint64) error {
	sessions, err := d.Store.Sessions(ctx, 0)
	if err != nil {
		return err
	}
	var open []*merge.Person
	if d.Vault.IsOpen() {
		// The vault may close in the middle of it: then the queue is empty, as it would be now.
		if open, err = d.Store.Unfinished(ctx, 2000); err != nil && !errors.Is(err, vault.ErrClosed) {
			return err
		}
	}
	return d.Board.Rebuild(position, func(w *board.Writer) error {
		for _, s := range sessions {
			if err := w.PutSession(d.boardSession(s)); err != nil {
				return err
			}
		}
		for _, p := range open {
			if err := d.followPerson(w, p); err != nil {
				return err
			}
		}
		today := int64(d.Today().Days())
		if err := d.countVisits(w, today); err != nil {
			return err
		}
		if err := d.countCards(w, today); err != nil {
			return err
		}
		return w.SetVault(board.Vault{Open: d.Vault.IsOpen(), Since: d.Now().UnixMilli()})
	})
}

// followPerson keeps the queue: what is being served now, by step.
func (d *Desk) followPerson(w *board.Writer, p *merge.Person) error {
	item, waiting := d.queueItem(p)
	if !waiting {
		return w.RemoveQueueItem(p.ID)
	}
	return w.PutQueueItem(item)
}

// queueItem is a registration as the desk's queue shows it; false when it does
// not stand there: finished, ended, a late entry whose card waits for its
// hand-over, or a child of a class, which stands on the page of its class.
func (d *Desk) queueItem(p *merge.Person) (board.QueueItem, bool) {
	step := p.Stage.Value.Step()
	o := p.Opened.Value
	if step == 0 || !o.Class.IsZero() || (step == 6 && o.Untimed) {
		return board.QueueItem{}, false
	}
	clock, now := d.Store.ClockAt(p)
	wall := d.Now().UnixMilli()
	item := board.QueueItem{ID: p.ID, Name: p.Get(event.FieldName), Document: p.Identity.Value, Source: o.Source, Opened: o.Wall,
		Step: step, Entered: wall, Paused: clock.Paused, Timed: !o.Untimed && !clock.Untimed, Day: d.Store.Day(o.Wall),
		Version: p.Events, Officer: o.Officer}
	if !clock.Paused && !clock.Since.IsZero() {
		item.Entered = wall - now.Sub(clock.Since).Milliseconds()
	}
	for i, spent := range clock.Spent {
		item.Spent[i] = spent.Milliseconds()
	}
	if n := len(p.Marks); clock.Paused && n > 0 {
		item.PauseReason = p.Marks[n-1].Reason
		item.Held = true
	}
	return item, true
}

func (d *Desk) countVisits(w *board.Writer, day int64) error {
	sums, err := d.Store.CountVisits(context.Background(), day, day)
	if err != nil {
		return fmt.Errorf("desk: count visits: %w", err)
	}
	counts := map[string]int64{CountVisits: 0, CountMembers: 0, CountGuests: 0, CountGroups: 0, CountGrouped: 0, CountNameless: 0}
	for _, c := range sums {
		counts[CountVisits] += c.People
		switch c.Kind {
		case merge.VisitMember:
			counts[CountMembers] += c.People
		case merge.VisitGroup:
			counts[CountGroups] += c.Visits
			counts[CountGrouped] += c.People
		case merge.VisitGuest:
			counts[CountGuests] += c.People
		default:
			counts[CountNameless] += c.People
		}
	}
	return setCounts(w, day, counts)
}

func (d *Desk) countCards(w *board.Writer, day int64) error {
	issued, spent, err := d.Store.CardDay(context.Background(), day)
	if err != nil {
		return fmt.Errorf("desk: count cards: %w", err)
	}
	counts := map[string]int64{CountIssued: int64(issued), CountMedian: 0}
	if n := len(spent); n > 0 {
		counts[CountMedian] = (spent[(n-1)/2] + spent[n/2]) / 2
	}
	return setCounts(w, day, counts)
}

func setCounts(w *board.Writer, day int64, counts map[string]int64) error {
	for key, n := range counts {
		if err := w.SetCount(board.Counter{Day: day, Key: key, N: n}); err != nil {
			return err
		}
	}
	return nil
}

func entryOf(l store.Listing) directory.Entry {
	return directory.Entry{ID: l.ID, Name: l.Name, Number: l.Number, Birth: l.Birth, Village: l.Village, Stage: l.Stage,
		Member: l.Member, Blocked: l.Blocked, Until: l.Until, Photo: l.Photo}
}

// Counts returns the day's numbers and a channel that closes when they change.
func (d *Desk) Counts() (map[string]int64, <-chan struct{}) {
	return d.Board.Counts(int64(d.Today().Days()))
}

// Queue returns what is being served: opened today, and what was put aside or
// lies from earlier days; both oldest first, at most limit of each.
func (d *Desk) Queue(limit int) (today, held []board.QueueItem, changed <-chan struct{}) {
	day := int64(d.Today().Days())
	today, _, changed = d.Board.Today(day, limit)
	held, _, _ = d.Board.Postponed(day, limit)
	return today, held, changed
}

// StepStandards are the SOP's times that hold today.
func (d *Desk) StepStandards() library.StepTimes { return d.Settings().Standards.At(d.Today()).Times }
