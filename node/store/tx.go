package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"simpul/sync/event"
	"simpul/sync/merge"
)

// Tx is one use case inside a group commit. It is used by one goroutine and
// only until the function given to [Store.Write] returns.
type Tx struct {
	s       *Store
	ctx     context.Context
	result  []byte
	changes []any

	// States that this use case has loaded or changed; written once, by flush.
	people  map[event.ID]*merge.Person
	visits  map[event.ID]*merge.Visit
	dirty   []func() error
	touched map[event.ID]bool

	peers   foreigners // nodes' streams, at a centre
	feed    feedWork   // what a centre's nodes are to be told
	unfed   bool       // leaves the feed alone: a rebuild compares it once, at the end
	decided *Decisions // with what this use case has added; nil when it added none
	retrust bool       // among them is one about cards

	fresh []event.ID // subjects made here, to forget on failure
	// people erased here, who are not on failure
	erasing []erasedLine
	at      time.Time
}

// Now is the PC's clock, read once for the whole use case.
func (tx *Tx) Now() time.Time {
	if tx.at.IsZero() {
		tx.at = tx.s.opt.Now()
	}
	return tx.at
}

// Result leaves what a repetition of the same operation is to be answered.
func (tx *Tx) Result(b []byte) { tx.result = b }

func (tx *Tx) exec(query string, args ...any) error { return tx.s.exec(tx.ctx, query, args...) }

func (tx *Tx) row(query string, args ...any) row {
	st, err := tx.s.prepared(tx.ctx, query)
	if err != nil {
		return row{err: err}
	}
	return row{Row: st.QueryRowContext(tx.ctx, args...)}
}

type row struct {
	*sql.Row
	err error
}

func (r row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	return r.Row.Scan(dest...)
}

// flush writes what the use case changed: each touched state once.
func (tx *Tx) flush() error {
	for _, write := range tx.dirty {
		if err := write(); err != nil {
			return err
		}
	}
	if err := tx.putTrusted(); err != nil {
		return err
	}
	return tx.flushFeed()
}

// forget undoes what a failed use case left outside the database.
func (tx *Tx) forget() {
	for _, id := range tx.fresh {
		tx.s.salts.drop(id)
	}
	if len(tx.erasing) > 0 {
		tx.s.erased.undo(func(id event.ID) bool {
			return slices.ContainsFunc(tx.erasing, func(l erasedLine) bool { return l.Person == id })
		})
	}
}

func (tx *Tx) nodeID() event.ID {
	var id []byte
	if err := tx.row("SELECT id FROM node LIMIT 1").Scan(&id); err != nil {
		return event.ID{}
	}
	return toID(id)
}

func toID(b []byte) (id event.ID) {
	copy(id[:], b)
	return id
}

// idOrNull keeps unset ids out of the indexes.
func idOrNull(id event.ID) any {
	if id.IsZero() {
		return nil
	}
	return id[:]
}

func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return kind(err)
}
