package store

import (
	"context"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// sumKey is a set of rows whose checksum is kept: what a node is to hold is such
// sets less those that it alone wrote.
type sumKey struct {
	part   wire.Partition
	branch event.ID
	sole   event.ID
}

// moveSums takes a row out of its set and puts the next into its own. A row that
// has gone is in none.
func (tx *Tx) moveSums(part wire.Partition, branch event.ID, have *feedRow, next feedRow) {
	if tx.feed.sums == nil {
		tx.feed.sums = map[sumKey]wire.Sum{}
	}
	if have != nil && have.kind != wire.GoneRow {
		k := sumKey{part, branch, have.sole}
		tx.feed.sums[k] = tx.feed.sums[k].Sub(wire.Sum{Count: 1, Total: have.sum})
	}
	if next.kind != wire.GoneRow {
		k := sumKey{part, branch, next.sole}
		tx.feed.sums[k] = tx.feed.sums[k].Add(wire.Sum{Count: 1, Total: next.sum})
	}
}

// flushFeed writes the newest position and the sums that moved.
func (tx *Tx) flushFeed() error {
	w := &tx.feed
	if w.pos == w.began {
		return nil
	}
	if err := tx.setCounter(countFeed, w.pos); err != nil {
		return err
	}
	for k, d := range w.sums {
		have, err := scanSum(tx.row("SELECT count, total FROM feed_sums WHERE partition = ? AND branch = ? AND sole = ?", k.part, branchBytes(k.branch), branchBytes(k.sole)))
		if err != nil {
			return err
		}
		now := have.Add(d)
		if err := tx.exec(`INSERT INTO feed_sums (partition, branch, sole, count, total) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (partition, branch, sole) DO UPDATE SET count = excluded.count, total = excluded.total`,
			k.part, branchBytes(k.branch), branchBytes(k.sole), int64(now.Count), int64(now.Total)); err != nil {
			return err
		}
	}
	w.began, w.sums = w.pos, nil
	return nil
}

func scanSum(from scanner) (wire.Sum, error) {
	var count, total int64
	err := notFound(from.Scan(&count, &total))
	if err == ErrNotFound {
		return wire.Sum{}, nil
	}
	return wire.Sum{Count: uint64(count), Total: uint64(total)}, err
}

// checkFeed proves the sums against the rows.
func (s *Store) checkFeed(ctx context.Context, r *CheckReport) error {
	made := map[sumKey]wire.Sum{}
	rows, err := s.query(ctx, "SELECT partition, branch, sole, hash FROM feed WHERE kind <> 0")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var k sumKey
		var branch, sole []byte
		var sum int64
		if err := rows.Scan(&k.part, &branch, &sole, &sum); err != nil {
			return kind(err)
		}
		k.branch, k.sole = toID(branch), toID(sole)
		made[k] = made[k].Add(wire.Sum{Count: 1, Total: uint64(sum)})
	}
	if err := rows.Err(); err != nil {
		return kind(err)
	}
	kept, err := s.query(ctx, "SELECT partition, branch, sole, count, total FROM feed_sums")
	if err != nil {
		return err
	}
	defer kept.Close()
	for kept.Next() {
		var k sumKey
		var branch, sole []byte
		var count, total int64
		if err := kept.Scan(&k.part, &branch, &sole, &count, &total); err != nil {
			return kind(err)
		}
		k.branch, k.sole = toID(branch), toID(sole)
		if have := (wire.Sum{Count: uint64(count), Total: uint64(total)}); have != made[k] {
			r.add("feed", "partition %d: %d rows of one sum, it says %d", k.part, made[k].Count, have.Count)
		}
		delete(made, k)
	}
	for k, sum := range made {
		r.add("feed", "partition %d: %d rows have no sum", k.part, sum.Count)
	}
	return kind(kept.Err())
}
