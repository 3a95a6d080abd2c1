package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"simpul/sync/event"
	"simpul/sync/hub"
	"simpul/sync/wire"
)

// FeedReader reads what a node is fed, all of it as of one moment, so that rows,
// positions and sums belong together. Close it soon.
type FeedReader struct {
	s      *Store
	ctx    context.Context
	tx     *sql.Tx
	node   event.ID
	branch event.ID
	pos    uint64
	known  *Decisions
	stmts  map[string]*sql.Stmt // of the transaction
}

// feedQueries are what a reader of the feed asks for most: when nothing is new,
// and of each row. They are compiled once for all.
var feedQueries = []string{feedPosition, feedSums, feedAfter, feedPeople, feedVisits, feedClasses, feedSalt, feedOwnCode}

const (
	feedPosition = "SELECT value FROM counters WHERE name = ?"
	feedSums     = "SELECT count, total FROM feed_sums WHERE partition = ? AND branch = ? AND sole <> ?"
	feedAfter    = "SELECT " + feedColumns + " FROM feed WHERE partition = ? AND branch = ? AND pos > ? ORDER BY pos LIMIT ?"
	feedInside   = "SELECT " + feedColumns + " FROM feed WHERE partition = ? AND branch = ? AND kind <> 0 AND sole <> ?"
	feedHashes   = "SELECT key, hash FROM feed WHERE partition = ? AND branch = ? AND kind <> 0 AND sole <> ?"
	feedPeople   = "SELECT state, node FROM people WHERE id = ?"
	feedVisits   = "SELECT state, node FROM visits WHERE id = ?"
	feedClasses  = "SELECT state, node FROM classes WHERE id = ?"
	feedSalt     = "SELECT salt FROM subjects WHERE id = ?"
	feedOwnCode  = "SELECT state FROM node LIMIT 1"
)

// ReadFeed begins to read for a node of a branch.
func (s *Store) ReadFeed(ctx context.Context, node, branch event.ID) (hub.Feed, error) {
	if err := s.power(); err != nil {
		return nil, err
	}
	// Before the transaction: it holds one of few connections.
	known, err := s.Decisions(ctx)
	if err != nil {
		return nil, err
	}
	compiled := map[string]*sql.Stmt{}
	for _, query := range feedQueries {
		if compiled[query], err = s.stmt(ctx, query); err != nil {
			return nil, err
		}
	}
	tx, err := s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("store: read the feed: %w", kind(err))
	}
	f := &FeedReader{s: s, ctx: ctx, tx: tx, node: node, branch: branch, known: known, stmts: map[string]*sql.Stmt{}}
	for query, st := range compiled {
		f.stmts[query] = tx.StmtContext(ctx, st)
	}
	var pos int64
	err = notFound(f.row(feedPosition, countFeed).Scan(&pos))
	if err != nil && !errors.Is(err, ErrNotFound) {
		f.Close()
		return nil, err
	}
	f.pos = uint64(pos)
	return f, nil
}

// Close ends the reading.
func (f *FeedReader) Close() { _ = f.tx.Rollback() }

func (f *FeedReader) row(query string, args ...any) *sql.Row {
	return f.stmts[query].QueryRowContext(f.ctx, args...)
}

// Position is the newest position of the feed.
func (f *FeedReader) Position() uint64 { return f.pos }

func (f *FeedReader) branchOf(part wire.Partition) []byte {
	if part == wire.Own {
		return branchBytes(f.branch)
	}
	return []byte{}
}

// Sum is the checksum of what the node is to hold of a partition.
func (f *FeedReader) Sum(part wire.Partition) (wire.Sum, error) {
	var all wire.Sum
	rows, err := f.stmts[feedSums].QueryContext(f.ctx, part, f.branchOf(part), f.node[:])
	if err != nil {
		return all, kind(err)
	}
	defer rows.Close()
	for rows.Next() {
		set, err := scanSum(rows)
		if err != nil {
			return all, err
		}
		all = all.Add(set)
	}
	return all, kind(rows.Err())
}

// fedRow is a row of the feed as it is read.
type fedRow struct {
	wire.Row
	sole   event.ID
	sealed []byte
}

const (
	feedColumns = "key, kind, pos, sole, body"
	rowsAtOnce  = 400
	rowOverhead = 24 // of key, kind and position, in bytes
)

func (f *FeedReader) after(part wire.Partition, pos uint64) ([]fedRow, error) {
	rows, err := f.stmts[feedAfter].QueryContext(f.ctx, part, f.branchOf(part), pos, rowsAtOnce)
	if err != nil {
		return nil, kind(err)
	}
	defer rows.Close()
	var out []fedRow
	for rows.Next() {
		var r fedRow
		var sole []byte
		if err := rows.Scan(&r.Key, &r.Kind, &r.Pos, &sole, &r.sealed); err != nil {
			return nil, kind(err)
		}
		r.sole = toID(sole)
		out = append(out, r)
	}
	return out, kind(rows.Err())
}

// Page is the next run of a partition's rows after a position, of about budget
// bytes. It is nil when there is nothing to say: no row, and the sum is the one
// that the node has.
func (f *FeedReader) Page(at wire.Cursor, budget int) (*wire.Page, error) {
	page := &wire.Page{Partition: at.Partition, To: at.Pos}
	for !page.More {
		list, err := f.after(at.Partition, page.To)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			if page.More = budget <= 0; page.More {
				break
			}
			page.To = r.Pos
			// What the node alone wrote it has; what has gone it never had, when it begins.
			if r.sole == f.node || r.Kind == wire.GoneRow && at.Pos == 0 {
				continue
			}
			if err := f.fill(at.Partition, &r); err != nil {
				return nil, err
			}
			budget -= rowOverhead + len(r.Body)
			page.Rows = append(page.Rows, r.Row)
		}
		if len(list) < rowsAtOnce {
			break
		}
	}
	var err error
	if page.Sum, err = f.Sum(at.Partition); err != nil {
		return nil, err
	}
	moved := page.To > at.Pos
	if !page.More {
		page.To = max(page.To, f.pos)
	}
	if !moved && page.Sum == at.Sum {
		return nil, nil
	}
	return page, nil
}

// BucketSums are the sums of a partition's buckets.
func (f *FeedReader) BucketSums(part wire.Partition) (wire.BucketSums, error) {
	out := wire.BucketSums{Partition: part, Pos: f.pos}
	var sums [256]wire.Sum
	rows, err := f.tx.QueryContext(f.ctx, feedHashes, part, f.branchOf(part), f.node[:])
	if err != nil {
		return out, kind(err)
	}
	defer rows.Close()
	for rows.Next() {
		var key sql.RawBytes
		var hash int64
		if err := rows.Scan(&key, &hash); err != nil {
			return out, kind(err)
		}
		b := wire.Bucket(key)
		sums[b] = sums[b].Add(wire.Sum{Count: 1, Total: uint64(hash)})
	}
	for b, sum := range sums {
		if sum != (wire.Sum{}) {
			out.Sums = append(out.Sums, wire.BucketSum{Bucket: uint8(b), Sum: sum})
		}
	}
	return out, kind(rows.Err())
}

// Repair returns whole buckets of a partition, as many as fit, and one at least.
func (f *FeedReader) Repair(asked wire.BucketAsked, budget int) (*wire.Page, error) {
	var want [256]bool
	for _, b := range asked.Buckets {
		want[b] = true
	}
	var inside [256][]fedRow
	err := func() error {
		rows, err := f.tx.QueryContext(f.ctx, feedInside, asked.Partition, f.branchOf(asked.Partition), f.node[:])
		if err != nil {
			return kind(err)
		}
		defer rows.Close()
		for rows.Next() {
			var key, sole, body sql.RawBytes
			var r fedRow
			if err := rows.Scan(&key, &r.Kind, &r.Pos, &sole, &body); err != nil {
				return kind(err)
			}
			b := wire.Bucket(key)
			if !want[b] {
				continue
			}
			r.Key, r.sealed = slices.Clone([]byte(key)), slices.Clone([]byte(body))
			inside[b] = append(inside[b], r)
		}
		return kind(rows.Err())
	}()
	if err != nil {
		return nil, err
	}
	page := &wire.Page{Partition: asked.Partition, To: f.pos}
	if page.Sum, err = f.Sum(asked.Partition); err != nil {
		return nil, err
	}
	for b, list := range inside {
		if !want[b] || budget <= 0 && len(page.Buckets) > 0 {
			continue
		}
		rows, size := make([]wire.Row, 0, len(list)), 0
		for i := range list {
			if err := f.fill(asked.Partition, &list[i]); err != nil {
				return nil, err
			}
			rows, size = append(rows, list[i].Row), size+rowOverhead+len(list[i].Body)
		}
		if size > budget && len(page.Buckets) > 0 {
			continue
		}
		budget -= size
		page.Buckets, page.Rows = append(page.Buckets, byte(b)), append(page.Rows, rows...)
	}
	slices.SortFunc(page.Rows, func(a, b wire.Row) int {
		if a.Pos < b.Pos {
			return -1
		}
		return 1
	})
	return page, nil
}

// Asked returns full records of people whom a node wants for once.
func (f *FeedReader) Asked(people []event.ID, budget int) (*wire.Page, error) {
	page := &wire.Page{Partition: wire.Asked}
	for _, id := range people {
		if budget <= 0 {
			break
		}
		if reference := wantedReference(id); reference != "" {
			var found []byte
			if err := f.tx.QueryRowContext(f.ctx, "SELECT id FROM people WHERE reference = ?", reference).Scan(&found); err != nil {
				continue // nobody's
			}
			id = toID(found)
		}
		r := fedRow{Row: wire.Row{Kind: wire.PersonRow, Key: id[:]}}
		err := f.fill(wire.Own, &r)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		budget -= rowOverhead + len(r.Body)
		page.Rows = append(page.Rows, r.Row)
	}
	if len(page.Rows) == 0 {
		return nil, nil
	}
	return page, nil
}

// fill makes the body of a row: opened where it is kept, else from the projection.
func (f *FeedReader) fill(part wire.Partition, r *fedRow) (err error) {
	if r.Kind == wire.GoneRow {
		return nil
	}
	if part != wire.Own {
		r.Body, err = f.s.vault.Unseal(r.sealed, feedPlace(part, r.Key))
		return err
	}
	switch r.Kind {
	case wire.PersonRow:
		return f.record("people", feedPeople, r)
	case wire.VisitRow:
		return f.record("visits", feedVisits, r)
	case wire.ClassRow:
		return f.record("classes", feedClasses, r)
	}
	return fmt.Errorf("store: feed: a row of kind %d", r.Kind)
}
