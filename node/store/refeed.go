package store

import (
	"fmt"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// refeed compares the feed with the projections and sets it right: after a
// rebuild, and when the key of the tags is another. Rows that are as they were
// keep their positions, so nothing is sent again without need.
func (tx *Tx) refeed() error {
	tx.unfed = false
	if n, err := tx.Node(); err == nil {
		if err := tx.feedSettings(n); err != nil {
			return err
		}
	}
	for _, t := range []struct {
		table string
		feed  func(id event.ID) error
	}{
		{"people", func(id event.ID) error {
			p, err := tx.Person(id)
			if err != nil {
				return err
			}
			state, err := event.Encode(p)
			if err != nil {
				return err
			}
			return tx.feedPerson(p, state)
		}},
		{"visits", func(id event.ID) error {
			v, err := tx.Visit(id)
			if err != nil {
				return err
			}
			return tx.feedVisit(v, nil)
		}},
		{"classes", func(id event.ID) error {
			c, err := tx.Class(id)
			if err != nil {
				return err
			}
			return tx.feedClass(c, nil)
		}},
	} {
		for last := (event.ID{}); ; {
			ids, err := tx.idList("SELECT id FROM "+t.table+" WHERE id > ? AND length(state) > 0 ORDER BY id LIMIT 500", last[:])
			if err != nil {
				return err
			}
			for _, id := range ids {
				if err := t.feed(id); err != nil {
					return fmt.Errorf("store: feed %s: %w", t.table, err)
				}
				last = id
			}
			tx.people, tx.visits = nil, nil
			if len(ids) == 0 {
				break
			}
		}
	}
	return tx.dropOrphans()
}

// dropOrphans drops the rows of what is in no projection any more.
func (tx *Tx) dropOrphans() error {
	for _, o := range []struct {
		part  wire.Partition
		kind  wire.RowKind
		table string
	}{{wire.Directory, wire.EntryRow, "people"}, {wire.Own, wire.PersonRow, "people"}, {wire.Own, wire.VisitRow, "visits"}, {wire.Own, wire.ClassRow, "classes"}} {
		keys, err := tx.idList("SELECT key FROM feed WHERE partition = ? AND kind = ? AND key NOT IN (SELECT id FROM "+o.table+" WHERE length(state) > 0)", o.part, o.kind)
		if err != nil {
			return err
		}
		for _, key := range keys {
			branches := []event.ID{{}}
			if o.part == wire.Own {
				if branches, err = tx.branchesOf(key); err != nil {
					return err
				}
			}
			for _, branch := range branches {
				if err := tx.dropRow(o.part, branch, key[:]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
