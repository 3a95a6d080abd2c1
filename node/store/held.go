package store

import (
	"context"
	"fmt"

	"simpul/node/vault"
	"simpul/sync/event"
)

// ListingsOf calls f, at the centre, with everybody whom a node registered, or
// whom a branch is to give a card who registered at home, in order of their ids.
func (s *Store) ListingsOf(ctx context.Context, node event.ID, f func(Listing) error) error {
	rows, err := s.query(ctx, "SELECT id, listing FROM people WHERE node = ? AND length(listing) > 0 ORDER BY id", node[:])
	if err != nil {
		return err
	}
	defer rows.Close()
	var id, sealed, plain []byte
	for rows.Next() {
		if err := rows.Scan(&id, &sealed); err != nil {
			return kind(err)
		}
		plain, err = s.vault.UnsealTo(plain[:0], sealed, vault.Place{Table: "people", Row: id, Column: "listing"})
		if err != nil {
			return fmt.Errorf("store: listing: %w", err)
		}
		var l Listing
		if err := event.Decode(plain, &l); err != nil {
			return fmt.Errorf("store: listing: %w", err)
		}
		l.ID = toID(id)
		if err := f(l); err != nil {
			return err
		}
	}
	return kind(rows.Err())
}

// NodeOf is the node that registered a person, or the branch that is to give the
// card to one who registered at home; zero for the centre itself.
func (s *Store) NodeOf(ctx context.Context, person event.ID) (event.ID, error) {
	var node []byte
	err := notFound(s.queryRow(ctx, "SELECT node FROM people WHERE id = ?", person[:]).Scan(&node))
	return toID(node), err
}
