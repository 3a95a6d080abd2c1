package store

import (
	"database/sql"
	"errors"

	"simpul/sync/event"
)

// Unlisted is the change that the follower sees when an id can no longer be
// found here: nothing is held of the member any more, or the id became another
// name of somebody.
type Unlisted struct{ ID event.ID }

// relist has the follower list a person as decisions and rows now say: as a full
// record, as an entry of the directory, or not at all.
func (tx *Tx) relist(id event.ID) error {
	known, err := tx.Decisions()
	if err != nil {
		return err
	}
	p, err := tx.Person(id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if err == nil {
		if err := tx.savePerson(p); err != nil { // which lists the person too
			return err
		}
	}
	if known.Survivor(id) != id {
		tx.change(Unlisted{ID: id})
		return nil
	}
	if p != nil {
		return nil
	}
	l, err := tx.entryListing(id)
	switch {
	case errors.Is(err, ErrNotFound):
		tx.change(Unlisted{ID: id})
	case err != nil:
		return err
	default:
		tx.change(l)
	}
	return nil
}

func (tx *Tx) query(query string, args ...any) (*sql.Rows, error) {
	st, err := tx.s.prepared(tx.ctx, query)
	if err != nil {
		return nil, kind(err)
	}
	rows, err := st.QueryContext(tx.ctx, args...)
	return rows, kind(err)
}

// collect reads all rows of a query and closes it.
func collect(rows *sql.Rows, err error, each func(scan func(...any) error) error) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return kind(err)
		}
	}
	return kind(rows.Err())
}

// Forgotten is the change that the follower sees when the full record of a
// person left this node. An entry of the directory may follow it.
type Forgotten struct{ ID event.ID }
