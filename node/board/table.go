package board

import (
	"encoding/binary"
	"fmt"

	"github.com/hashicorp/go-memdb"
)

// Table names what can be watched as a whole.
type Table string

// The tables of the board.
const (
	Queue    Table = "queue"
	Counts   Table = "counts"
	Spans    Table = "spans"
	Sessions Table = "sessions"
	Statuses Table = "statuses"
)

const (
	idIndex      = "id"
	dayIndex     = "day"
	officerIndex = "officer"
)

func schema() *memdb.DBSchema {
	tables := map[Table]map[string]*memdb.IndexSchema{
		Queue: {
			idIndex:  unique(func(q QueueItem) []byte { return q.ID[:] }),
			dayIndex: shared(func(q QueueItem) []byte { return append(number(q.Day), number(q.Opened)...) }),
		},
		Counts: {idIndex: unique(func(c Counter) []byte { return counterKey(c.Day, c.Key) })},
		Spans: {
			idIndex:  unique(func(s Span) []byte { return append(s.ID[:], text(s.Key)...) }),
			dayIndex: shared(func(s Span) []byte { return counterKey(s.Day, s.Key) }),
		},
		Sessions: {
			idIndex:      unique(func(s Session) []byte { return s.Hash[:] }),
			officerIndex: shared(func(s Session) []byte { return s.Officer[:] }),
		},
		Statuses: {idIndex: unique(func(s status) []byte { return text(s.key) })},
	}
	all := &memdb.DBSchema{Tables: map[string]*memdb.TableSchema{}}
	for name, indexes := range tables {
		for index, of := range indexes {
			of.Name = index
		}
		all.Tables[string(name)] = &memdb.TableSchema{Name: string(name), Indexes: indexes}
	}
	return all
}

func unique[T any](key func(T) []byte) *memdb.IndexSchema {
	return &memdb.IndexSchema{Unique: true, Indexer: indexer[T]{key}}
}

// shared is an index whose keys may repeat; go-memdb appends the id to each.
func shared[T any](key func(T) []byte) *memdb.IndexSchema {
	return &memdb.IndexSchema{Indexer: indexer[T]{key}}
}

// indexer makes index keys with a function of ours. A look-up passes the finished
// key, or its beginning.
type indexer[T any] struct{ key func(T) []byte }

func (i indexer[T]) FromObject(row any) (bool, []byte, error) {
	value, ok := row.(T)
	if !ok {
		return false, nil, fmt.Errorf("row is a %T", row)
	}
	return true, i.key(value), nil
}

func (i indexer[T]) FromArgs(args ...any) ([]byte, error) {
	if len(args) == 1 {
		if key, ok := args[0].([]byte); ok {
			return key, nil
		}
	}
	return nil, fmt.Errorf("an index of the board takes one key")
}

// number makes a key that sorts as the number does, below zero too.
func number(n int64) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(n)^(1<<63))
}

// text ends in a zero byte, so that no key is the beginning of another.
func text(s string) []byte { return append([]byte(s), 0) }

// Writer changes rows inside one Update, Write or Rebuild. It is valid until that
// function returns.
type Writer struct{ txn *memdb.Txn }

// put writes a row unless it stands there unchanged already: an equal row wakes no screen.
func put[T comparable](w *Writer, table Table, id []byte, row T) error {
	before, err := w.txn.First(string(table), idIndex, id)
	if err != nil {
		return err
	}
	if before != nil && before.(T) == row {
		return nil
	}
	return w.txn.Insert(string(table), row)
}

// remove takes a row away; a row that is not there is no error.
func remove(w *Writer, table Table, id []byte) error {
	before, err := w.txn.First(string(table), idIndex, id)
	if err != nil || before == nil {
		return err
	}
	return w.txn.Delete(string(table), before)
}

// one reads a row by its id. The channel is closed when that row changes, appears
// or goes. It may also be closed when a neighbour in the index comes or goes, so
// who wakes reads again and compares; a change is never missed.
func one[T any](txn *memdb.Txn, table Table, id []byte) (row T, found bool, watch <-chan struct{}) {
	watch, value, err := txn.FirstWatch(string(table), idIndex, id)
	row, found = must(value, err).(T)
	return row, found, watch
}

// each reads the rows whose key in an index starts with the given bytes, in the
// order of that index. No bytes: all rows.
func each[T any](txn *memdb.Txn, table Table, index string, start []byte) (rows []T, watch <-chan struct{}) {
	args := []any{start}
	if len(start) == 0 {
		args = nil
	}
	found := must(txn.Get(string(table), index, args...))
	for row := found.Next(); row != nil; row = found.Next() {
		rows = append(rows, row.(T))
	}
	return rows, found.WatchCh()
}

// must is for look-ups by the constants of this package, whose only error is a
// misspelt table or index.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
