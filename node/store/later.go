package store

import (
	"context"
	"math"

	"simpul/sync/event"
)

// UntilItChanges puts a case off until either record is another.
const UntilItChanges = math.MaxInt64

// PutOff takes an open case off the list until a time (ms), or until it changes; 0
// takes it back on the list. ErrCase when the case is not open.
func (tx *Tx) PutOff(a, b, officer event.ID, until int64) error {
	c, err := tx.Case(a, b)
	if err != nil {
		return err
	}
	if c.State != CaseOpen {
		return ErrCase
	}
	return tx.exec("UPDATE cases SET later = ?, later_at = ?, later_by = ? WHERE one = ? AND other = ?", until, tx.Now().UnixMilli(), officer[:], c.One[:], c.Other[:])
}

// wake brings cases back that were put off until somebody changes.
func (tx *Tx) wake(person event.ID) error {
	return tx.exec("UPDATE cases SET later = 0 WHERE later = ? AND (one = ? OR other = ?)", int64(UntilItChanges), person[:], person[:])
}

// wakeDue brings cases back whose time has come.
func (s *Store) wakeDue(ctx context.Context) error {
	now := s.opt.Now().UnixMilli()
	var due int
	if err := s.queryRow(ctx, "SELECT COUNT(*) FROM cases WHERE later > 0 AND later <= ?", now).Scan(&due); err != nil || due == 0 {
		return kind(err)
	}
	_, err := s.Write(ctx, event.ID{}, func(tx *Tx) error {
		return tx.exec("UPDATE cases SET later = 0 WHERE later > 0 AND later <= ?", now)
	})
	return err
}
