package store

import (
	"context"
	"errors"
	"fmt"

	"simpul/node/vault"
	"simpul/sync/event"
)

// Secrets are keys of this node that are no part of the log: the node's signing
// key, the centre's keys. They are sealed, and sealed again when the data key
// changes; a sealed value anywhere else would be lost then.

// PutSecret keeps a secret under a name, in place of an earlier one.
func (tx *Tx) PutSecret(name string, value []byte) error {
	sealed, err := tx.s.vault.Seal(value, secretPlace(name))
	if err != nil {
		return err
	}
	return tx.exec("INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, sealed)
}

// DropSecret removes a secret; one that is not there is no error.
func (tx *Tx) DropSecret(name string) error {
	return tx.exec("DELETE FROM secrets WHERE name = ?", name)
}

// Secret reads a secret; nil when there is none of that name.
func (s *Store) Secret(ctx context.Context, name string) ([]byte, error) {
	return s.openSecret(name, s.queryRow(ctx, "SELECT value FROM secrets WHERE name = ?", name))
}

// Secret reads a secret for a use case.
func (tx *Tx) Secret(name string) ([]byte, error) {
	return tx.s.openSecret(name, tx.row("SELECT value FROM secrets WHERE name = ?", name))
}

func (s *Store) openSecret(name string, from interface{ Scan(...any) error }) ([]byte, error) {
	var sealed []byte
	if err := notFound(from.Scan(&sealed)); errors.Is(err, ErrNotFound) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	value, err := s.vault.Unseal(sealed, secretPlace(name))
	if err != nil {
		return nil, fmt.Errorf("store: secret %s: %w", name, err)
	}
	return value, nil
}

func secretPlace(name string) vault.Place {
	return vault.Place{Table: "secrets", Row: []byte(name), Column: "value"}
}

// resealSecrets seals those again that another data key sealed. They are few.
func (s *Store) resealSecrets(ctx context.Context, now []byte) (int, error) {
	done := 0
	_, err := s.Write(ctx, event.ID{}, func(tx *Tx) error {
		done = 0
		rows, err := s.conn.QueryContext(tx.ctx, "SELECT name FROM secrets WHERE substr(value, 1, 3) <> ? LIMIT 1000", now)
		if err != nil {
			return kind(err)
		}
		defer rows.Close()
		var names []string
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return kind(err)
			}
			names = append(names, name)
		}
		if err := rows.Err(); err != nil {
			return kind(err)
		}
		for _, name := range names {
			value, err := tx.Secret(name)
			if err != nil {
				return err
			}
			if err := tx.PutSecret(name, value); err != nil {
				return err
			}
		}
		done = len(names)
		return nil
	})
	return done, err
}
