package store

import (
	"context"
	"strconv"

	"simpul/sync/event"
	"simpul/sync/merge"
)

// saveWishes keeps who waits for an answer to the wish to be erased.
func (tx *Tx) saveWishes(p *merge.Person) error {
	if len(p.Wishes) == 0 {
		return nil
	}
	open := p.OpenWishes()
	if len(open) == 0 {
		return tx.exec("DELETE FROM wishes WHERE person = ?", p.ID[:])
	}
	return tx.exec("INSERT INTO wishes (person, at) VALUES (?, ?) ON CONFLICT (person) DO UPDATE SET at = excluded.at", p.ID[:], open[0].Wall)
}

// wishGranted tells the branch that asked that a person is erased: nothing else
// there remembers who it was.
func (tx *Tx) wishGranted(person event.ID) error {
	at, err := tx.idsAt("SELECT at FROM wishes WHERE person = ?", person[:])
	if err != nil || len(at) == 0 {
		return err
	}
	if !tx.s.log.state.centre {
		if err := tx.notice(noticeErased, strconv.FormatInt(at[0], 10)); err != nil {
			return err
		}
	}
	return tx.exec("DELETE FROM wishes WHERE person = ?", person[:])
}

func (tx *Tx) idsAt(query string, args ...any) (out []int64, _ error) {
	rows, err := tx.query(query, args...)
	err = collect(rows, err, func(scan func(...any) error) error {
		var n int64
		err := scan(&n)
		out = append(out, n)
		return err
	})
	return out, err
}

// Wishing lists people whose erasure was asked for and not answered, the oldest
// wish first.
func (s *Store) Wishing(ctx context.Context, limit int) ([]event.ID, error) {
	return s.ids(ctx, "SELECT person FROM wishes ORDER BY at, person LIMIT ?", limit)
}

// CountWishing counts them.
func (s *Store) CountWishing(ctx context.Context) (n int64, err error) {
	err = s.queryRow(ctx, "SELECT COUNT(*) FROM wishes").Scan(&n)
	return n, kind(err)
}
