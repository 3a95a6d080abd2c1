// Package board holds the live state that screens watch: the queue of
// registrations, the numbers of today, the signed-in sessions, and how exchange,
// clock, disk and vault are doing.
//
// It is a copy, made from SQLite at start and kept up by one follower in commit
// order. Deleting it loses nothing, so it must not be the only place of anything,
// must not enforce uniqueness (go-memdb does not), and must not hold members or
// visits: a row costs one to two kilobytes. It imports neither store nor desk.
//
// All values are plain structs without pointers, slices or maps. What goes in and
// what comes out is a copy, so nobody can change a value that another screen reads.
package board

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/hashicorp/go-memdb"
)

// ErrBehind is returned by Rebuild when the board already shows more than the
// position offered: the caller read SQLite too early and reads it again.
var ErrBehind = errors.New("the board is already further than the rebuild")

// Board is safe for use by many goroutines. Writers take turns; readers never wait.
type Board struct {
	db *memdb.MemDB

	writing sync.Mutex // held for a whole write, so that position and rows move together

	waiting  sync.Mutex // guards the two below; never held while reading or writing rows
	position uint64
	moved    chan struct{} // closed and replaced when position moves
}

// New returns an empty board at position 0.
func New() (*Board, error) {
	db, err := memdb.NewMemDB(schema())
	if err != nil {
		return nil, fmt.Errorf("open board: %w", err)
	}
	return &Board{db: db, moved: make(chan struct{})}, nil
}

// Update applies one commit of the store. Its rows appear to readers together, and
// only if change returns nil. Positions start at 1 and rise, not necessarily by
// one. A position that the board already shows is left out without an error: a
// rebuild has read it from SQLite before the follower came to it.
func (b *Board) Update(position uint64, change func(*Writer) error) error {
	b.writing.Lock()
	defer b.writing.Unlock()
	if position <= b.Position() {
		return nil
	}
	if err := b.write(change); err != nil {
		return fmt.Errorf("board at position %d: %w", position, err)
	}
	b.advance(position)
	return nil
}

// Write changes what is measured and not committed: statuses, and when a session
// was last seen. The position stays.
func (b *Board) Write(change func(*Writer) error) error {
	b.writing.Lock()
	defer b.writing.Unlock()
	return b.write(change)
}

// Rebuild replaces the queue, the counts and the sessions by what fill writes, read
// from SQLite at the given position. Statuses stay, being measured anew anyway. It
// returns ErrBehind, and changes nothing, when the board is already further.
func (b *Board) Rebuild(position uint64, fill func(*Writer) error) error {
	b.writing.Lock()
	defer b.writing.Unlock()
	if position < b.Position() {
		return ErrBehind
	}
	err := b.write(func(w *Writer) error {
		for _, table := range []Table{Queue, Counts, Spans, Sessions} {
			if _, err := w.txn.DeleteAll(string(table), idIndex); err != nil {
				return err
			}
		}
		return fill(w)
	})
	if err != nil {
		return fmt.Errorf("rebuild board at position %d: %w", position, err)
	}
	b.advance(position)
	return nil
}

// Position is the last commit whose changes every reader sees.
func (b *Board) Position() uint64 {
	b.waiting.Lock()
	defer b.waiting.Unlock()
	return b.position
}

// Wait returns nil once the board shows the given position, so that a handler
// renders what it has just written. It returns the context's error when that ends first.
func (b *Board) Wait(ctx context.Context, position uint64) error {
	for {
		b.waiting.Lock()
		reached, moved := b.position >= position, b.moved
		b.waiting.Unlock()
		if reached {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Watch starts watching whole tables and returns a function that waits for the
// next change in any of them. Take it first, then read, then wait:
//
//	for {
//		next := b.Watch(board.Queue, board.Counts)
//		show(b.Today(day, 50))
//		if err := next(ctx); err != nil {
//			return
//		}
//	}
//
// A change between reading and waiting is then never missed. Whoever sends to a
// browser holds back to one message a second; the board does not.
func (b *Board) Watch(tables ...Table) (next func(context.Context) error) {
	set := memdb.NewWatchSet()
	txn := b.db.Txn(false)
	for _, table := range tables {
		set.Add(must(txn.Get(string(table), idIndex)).WatchCh())
	}
	return set.WatchCtx
}

func (b *Board) write(change func(*Writer) error) error {
	txn := b.db.Txn(true)
	defer txn.Abort()
	if err := change(&Writer{txn: txn}); err != nil {
		return err
	}
	txn.Commit()
	return nil
}

func (b *Board) advance(position uint64) {
	b.waiting.Lock()
	defer b.waiting.Unlock()
	if position == b.position {
		return
	}
	b.position = position
	close(b.moved)
	b.moved = make(chan struct{})
}
