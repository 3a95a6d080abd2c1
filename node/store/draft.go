package store

import (
	"context"
	"errors"

	"simpul/sync/event"
)

// HalfForm is a form as it was typed and is not valid yet. It is no record: it
// never leaves this PC and goes when the form is filled in.
type HalfForm struct {
	Fields  map[string]string // as typed, by the form's field names
	At      int64             // ms
	Officer event.ID
}

// PutDraft keeps the draft of a registration in place of an older one, sealed.
func (tx *Tx) PutDraft(person event.ID, d HalfForm) error {
	state, err := tx.s.seal(d.Fields, "drafts", person)
	if err != nil {
		return err
	}
	return tx.exec(`INSERT INTO drafts (person, at, officer, state) VALUES (?, ?, ?, ?)
		ON CONFLICT (person) DO UPDATE SET at = excluded.at, officer = excluded.officer, state = excluded.state`,
		person[:], d.At, d.Officer[:], state)
}

// DropDraft forgets the draft of a registration; there may be none.
func (tx *Tx) DropDraft(person event.ID) error {
	return tx.exec("DELETE FROM drafts WHERE person = ?", person[:])
}

// DropIdleDrafts forgets the drafts of registrations that are not being filled
// in any more, and those that nobody touched since an instant in ms.
func (tx *Tx) DropIdleDrafts(since int64) error {
	return tx.exec("DELETE FROM drafts WHERE at < ? OR person NOT IN (SELECT id FROM people WHERE stage IN ('opened', 'identified', 'filled'))", since)
}

// HalfForm reads the draft of a registration; false when there is none.
func (s *Store) HalfForm(ctx context.Context, person event.ID) (HalfForm, bool, error) {
	var d HalfForm
	var officer, state []byte
	err := notFound(s.queryRow(ctx, "SELECT at, officer, state FROM drafts WHERE person = ?", person[:]).Scan(&d.At, &officer, &state))
	if errors.Is(err, ErrNotFound) {
		return d, false, nil
	}
	if err != nil {
		return d, false, err
	}
	d.Officer = toID(officer)
	return d, true, s.unseal(state, "drafts", person, &d.Fields)
}
