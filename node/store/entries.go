package store

import (
	"context"
	"errors"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// entries calls f with the members of other branches of whom no full record is
// held here.
func (s *Store) entries(ctx context.Context, known *Decisions, f func(Listing) error) error {
	rows, err := s.query(ctx, `SELECT key, kind, body FROM bases WHERE part = ? AND kind = ?
		AND NOT EXISTS (SELECT 1 FROM people WHERE people.id = bases.key)`, wire.Directory, wire.EntryRow)
	return collect(rows, err, func(scan func(...any) error) error {
		b := base{part: wire.Directory}
		if err := scan(&b.key, &b.kind, &b.body); err != nil {
			return err
		}
		if id := toID(b.key); known.Survivor(id) != id {
			return nil
		}
		l, err := b.listing(s, known)
		if err != nil {
			return err
		}
		return f(l)
	})
}

// answering names the holders by who stands for them, each card once, and says
// of whom only the directory knows.
func (s *Store) answering(ctx context.Context, list []Holder) ([]Holder, error) {
	known, err := s.Decisions(ctx)
	if err != nil {
		return nil, err
	}
	seen := map[Holder]bool{}
	var out []Holder
	for _, h := range list {
		h.Person = known.Survivor(h.Person)
		if seen[h] {
			continue
		}
		seen[h] = true
		_, err := s.Person(ctx, h.Person)
		if h.Away = errors.Is(err, ErrNotFound); err != nil && !h.Away {
			return nil, err
		}
		out = append(out, h)
	}
	return out, nil
}

// Survivor is the id that a person answers to: another one once two records were
// merged. While the vault is closed it is the id itself.
func (s *Store) Survivor(person event.ID) event.ID {
	known, err := s.Decisions(context.Background())
	if err != nil {
		return person
	}
	return known.Survivor(person)
}

// Barred reports whether the centre has blocked a card everywhere, whatever the
// record says.
func (s *Store) Barred(card event.ID) bool {
	known, err := s.Decisions(context.Background())
	return err == nil && known.Barred(card)
}
