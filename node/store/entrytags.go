package store

import (
	"context"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// putEntryTag keeps the duplicate tag of a member of the directory.
func (tx *Tx) putEntryTag(person event.ID, tag uint16) error {
	if tag == wire.NoTag {
		return tx.exec("DELETE FROM entry_tags WHERE person = ?", person[:])
	}
	return tx.exec("INSERT INTO entry_tags (person, tag) VALUES (?, ?) ON CONFLICT (person) DO UPDATE SET tag = excluded.tag", person[:], tag)
}

// Tagged lists members of other branches with a duplicate tag, of whom no full
// record is here: one in 4,096 of the district, and not one of them for sure.
func (s *Store) Tagged(ctx context.Context, tag uint16, limit int) ([]event.ID, error) {
	return s.ids(ctx, "SELECT person FROM entry_tags WHERE tag = ? AND NOT EXISTS (SELECT 1 FROM people WHERE people.id = entry_tags.person) ORDER BY person LIMIT ?", tag, limit)
}
