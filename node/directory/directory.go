// Package directory finds people by name, number and birth date, in memory only.
//
// It is filled when the vault opens and emptied when it closes, and it never
// touches a disk: what it knows lies sealed in the store. It decides nothing and
// keeps nothing of its own; losing it loses nothing.
//
// # How it is built
//
// Every person is a row, numbered in the order of arrival. Every word of a name
// leads to the rows that bear it; a search turns each word of the query into a
// set of rows (one bit a row), cuts the sets with one another and reads the
// result from the newest row down. So the cost of a search has a bound that does
// not depend on how many people match, and nothing is ever ranked.
//
// SQLite's FTS5 with prefix indexes was measured beside it, with 100,000 made-up
// people: it took 1.0 s against 0.3 s to fill, 43 MB against 33 MB resident once
// filled, and for frequent names such as Siti or Moch. 4 to 8 ms against less than
// 0.05 ms, because it gathers every match of a longer prefix before the first
// answer.
package directory

import (
	"context"
	"errors"
	"sync"
)

// ErrClosed answers [Directory.Put] while the vault is closed: no name may come
// into memory then. Nothing is lost, as the next Fill brings it.
var ErrClosed = errors.New("directory: closed")

// ErrOvertaken ends a Fill during which Clear or another Fill was called.
var ErrOvertaken = errors.New("directory: filling was overtaken")

// Entry is what the directory knows of a person: enough to find and to tell
// people apart, no more.
type Entry struct {
	ID      [16]byte
	Name    string
	Number  string // of the card in use, ungrouped; "" before there is one
	Birth   string // ISO date, "" when unknown
	Village string
	Stage   string
	Member  bool
	Blocked bool
	Until   int64  // end of membership, as the store keeps it
	Photo   []byte // hash of the small rendition, nil without photo
}

// Directory is the one searchable list of people. All methods are safe for
// concurrent use. Start with [New]; it stays closed until Fill.
type Directory struct {
	mu    sync.RWMutex
	state state
	round int // of Fill and Clear, so that a Fill sees it was overtaken
	late  []change
	index index
}

type state int

const (
	closed  state = iota
	filling       // changes wait in late, because what Fill brings may be older
	partial       // a Fill failed: what is there can be searched
	ready
)

// change is a Put or Remove that came while the directory was being filled.
type change struct {
	put    prepared
	remove bool
}

// New returns a closed, empty directory.
func New() *Directory { return &Directory{} }

// batchSize is how many entries become searchable at once during Fill: few
// enough that a search never waits long, enough to merge new words cheaply.
const batchSize = 2000

// Fill replaces everything by the entries that each yields, oldest first: the
// order is the one in which Find answers, reversed. It calls progress (which may
// be nil) with the number of entries so far.
//
// Searches work meanwhile on what is there. Changes put meanwhile are kept back
// and win over the entries of Fill, so each may read a state that was current
// when Fill was called. An error of each or of ctx is returned; then the
// directory holds a part and Ready stays false.
func (d *Directory) Fill(ctx context.Context, each func(yield func(Entry) error) error, progress func(done int)) error {
	round := d.begin()
	done, batch := 0, make([]prepared, 0, batchSize)
	flush := func() error {
		if err := d.addBatch(round, batch); err != nil {
			return err
		}
		done += len(batch)
		batch = batch[:0]
		if progress != nil {
			progress(done)
		}
		return nil
	}
	err := each(func(e Entry) error {
		batch = append(batch, prepare(e))
		if len(batch) < batchSize {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		return flush()
	})
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = flush()
	}
	return d.finish(round, err)
}

func (d *Directory) begin() (round int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.empty(filling)
	return d.round
}

func (d *Directory) addBatch(round int, batch []prepared) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.round != round {
		return ErrOvertaken
	}
	d.index.put(batch)
	return nil
}

func (d *Directory) finish(round int, err error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.round != round {
		return ErrOvertaken
	}
	for _, c := range d.late {
		if c.remove {
			d.index.remove(c.put.id)
		} else {
			d.index.put([]prepared{c.put})
		}
	}
	d.late, d.state = nil, ready
	if err != nil {
		d.state = partial
	}
	return err
}

// Put adds entries or replaces those with the same id, which keep their place
// in the order. ErrClosed before Fill and after Clear.
func (d *Directory) Put(entries ...Entry) error {
	batch := make([]prepared, len(entries))
	for i, e := range entries {
		batch[i] = prepare(e)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch d.state {
	case closed:
		return ErrClosed
	case filling:
		for _, p := range batch {
			d.late = append(d.late, change{put: p})
		}
	default:
		d.index.put(batch)
	}
	return nil
}

// Remove forgets a person, as after an erasure. Unknown ids are fine.
func (d *Directory) Remove(id [16]byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.state == filling {
		d.late = append(d.late, change{put: prepared{row: row{id: id}}, remove: true})
	}
	d.index.remove(id)
}

// Clear forgets everybody and stops a running Fill; call it when the vault
// closes. The memory goes back to the Go runtime, which does not overwrite it
// at once.
func (d *Directory) Clear() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.empty(closed)
}

func (d *Directory) empty(s state) {
	d.round++
	d.state, d.late, d.index = s, nil, index{}
}

// Ready reports whether the directory is complete. While it is not, a search
// that finds nothing proves nothing.
func (d *Directory) Ready() bool {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.state == ready
}

// Len is the number of people that can be found.
func (d *Directory) Len() int {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return len(d.index.rowOf)
}
