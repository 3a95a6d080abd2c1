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
	visited := false
	today := int64(d.Today().Days())
	return d.Board.Update(c.Position, func(w *board.Writer) error {
		for _, change := range c.Changes {
			switch x := change.(type) {
			case *merge.Person:
				// While the vault is closed the directory takes nothing; the next filling brings it.
				if d.Store.Survivor(x.ID) != x.ID {
					d.Directory.Remove(x.ID) // another name of somebody
				} else if err := d.Directory.Put(entryOf(d.Store.ListingOf(x))); err != nil && !errors.Is(err, directory.ErrClosed) {
					return err
				}
				if err := countCards(w, d.Store.CardSpans(x), today); err != nil {
					return err
				}
				if err := d.followPerson(w, x); err != nil {
					return err
				}
			case store.Foreign:
				if d.Store.Survivor(x.Person.ID) != x.Person.ID {
					d.Directory.Remove(x.Person.ID)
				} else if err := d.Directory.Put(entryOf(d.Store.ListingOf(x.Person))); err != nil && !errors.Is(err, directory.ErrClosed) {
					return err
				}
				if err := w.RemoveQueueItem(x.Person.ID); err != nil { // sent on to another branch
					return err
				}
			case store.Listing:
				if err := d.Directory.Put(entryOf(x)); err != nil && !errors.Is(err, directory.ErrClosed) {
					return err
				}
			case store.Unlisted:
				d.Directory.Remove(x.ID)
			case store.Forgotten:
				d.Directory.Remove(x.ID)
				if err := w.RemoveQueueItem(x.ID); err != nil {
					return err
				}
			case store.Erased:
				d.Directory.Remove(x.Person)
				if err := w.RemoveQueueItem(x.Person); err != nil {
					return err
				}
				d.removePhotos(x.Photos)
			case *merge.Visit:
				visited = visited || d.Store.Day(x.Wall()) == today
			case *merge.Node:
				d.applySettings(x)
			case store.SettingsChanged:
				n, err := d.Store.Node(context.Background())
				if err != nil {
					return err
				}
				d.applySettings(n)
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
		if visited {
			return d.countVisits(w, today)
		}
		return nil
	})
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
	today := int64(d.Today().Days())
	cards, err := d.Store.CardDay(ctx, today)
	if err != nil {
		return err
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
		if err := d.countVisits(w, today); err != nil {
			return err
		}
		if err := countCards(w, cards, today); err != nil {
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
// hand-over, a child of a class, which stands on the page of its class, or one of
// whom this PC has not got the beginning.
func (d *Desk) queueItem(p *merge.Person) (board.QueueItem, bool) {
	step := p.Stage.Value.Step()
	o := p.Opened.Value
	if step == 0 || p.Opened.IsZero() || !o.Class.IsZero() || (step == 6 && o.Untimed && o.Source != SourcePublic) {
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

// countCards keeps the day's cards and their times, one row each, so that a
// commit changes only its own.
func countCards(w *board.Writer, cards []store.CardSpan, today int64) error {
	for _, c := range cards {
		if c.Day != today {
			continue
		}
		if err := w.PutSpan(board.Span{ID: c.Card, Key: CountIssued, Day: c.Day, Spent: c.Spent}); err != nil {
			return err
		}
		if c.Spent == 0 {
			continue
		}
		if err := w.PutSpan(board.Span{ID: c.Card, Key: CountMedian, Day: c.Day, Spent: c.Spent}); err != nil {
			return err
		}
	}
	return nil
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

// Counts returns the day's numbers and a channel that closes when one about the
// visits changes.
func (d *Desk) Counts() (map[string]int64, <-chan struct{}) {
	today := int64(d.Today().Days())
	counts, changed := d.Board.Counts(today)
	_, issued, _ := d.Board.Median(today, CountIssued)
	median, _, _ := d.Board.Median(today, CountMedian)
	counts[CountIssued], counts[CountMedian] = int64(issued), median
	return counts, changed
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
