package store

import (
	"context"
	"errors"
	"strings"

	"simpul/node/vault"
	"simpul/sync/event"
)

// PrintPlace is where a list of prints goes on: after the event at this place.
type PrintPlace struct {
	Wall   int64 // ms
	Stream event.ID
	Seq    uint64
}

// Prints returns the events card.printed after a place, newest first; the zero place begins at the newest. The order is
// that of the PCs' clocks, as in a member's history.
func (s *Store) Prints(ctx context.Context, after PrintPlace, limit int) ([]event.Record, error) {
	var out []event.Record
	// The number of the type stands in the query itself: only so the index of these events alone is taken.
	where, args := "type = 65", []any{}
	if after != (PrintPlace{}) {
		where += " AND (wall < ? OR wall = ? AND (stream < ? OR stream = ? AND seq < ?))"
		args = append(args, after.Wall, after.Wall, after.Stream[:], after.Stream[:], after.Seq)
	}
	err := s.eachEvent(ctx, func(rec event.Record) error { out = append(out, rec); return nil },
		where+" ORDER BY wall DESC, stream DESC, seq DESC LIMIT ?", append(args, limit)...)
	return out, err
}

// CardsByID returns cards with the names of their members, of those that this node still has.
func (s *Store) CardsByID(ctx context.Context, ids []event.ID) (map[event.ID]CardRow, error) {
	out := map[event.ID]CardRow{}
	if len(ids) == 0 {
		return out, nil
	}
	in, args := among(ids)
	rows, err := s.query(ctx, "SELECT c.id, c.person, c.number, c.prints, p.listing FROM cards c JOIN people p ON p.id = c.person WHERE c.id IN "+in, args...)
	err = collect(rows, err, func(scan func(...any) error) error {
		var r CardRow
		var id, person, sealed []byte
		if err := scan(&id, &person, &r.Number, &r.Prints, &sealed); err != nil {
			return err
		}
		r.Card, r.Person = toID(id), toID(person)
		plain, err := s.vault.Unseal(sealed, vault.Place{Table: "people", Row: person, Column: "listing"})
		var l Listing
		if err = errors.Join(err, event.Decode(plain, &l)); err != nil {
			return err
		}
		r.Name = l.Name
		out[r.Card] = r
		return nil
	})
	return out, err
}

// among is the list behind IN for some ids, at least one: of a round number of places, so that few statements are prepared.
func among(ids []event.ID) (string, []any) {
	const round = 50
	args := make([]any, (len(ids)+round-1)/round*round)
	for i := range args {
		args[i] = ids[min(i, len(ids)-1)][:]
	}
	return "(?" + strings.Repeat(", ?", len(args)-1) + ")", args
}
