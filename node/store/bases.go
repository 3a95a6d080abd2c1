package store

import (
	"context"
	"fmt"

	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/merge"
	"simpul/sync/wire"
)

// What this node knows of people stands in two places.
//
// people (with cards, aliases, visits, classes) holds full records: everything
// that was recorded here, the members of this branch whom other PCs registered
// or changed, and members of other branches who were asked for. It is made of
// the rows in bases and of own events, see overlay.go. The reports of this node
// count it, without the last kind.
//
// bases holds the centre's rows as they came. Those of the directory are also
// what is known of everybody else in the district: a name, card numbers, until
// when. Cards are found by number through entry_cards, which is made of them.

// base is a row of the centre's feed as it is kept.
type base struct {
	part wire.Partition
	key  []byte
	kind wire.RowKind
	body []byte // sealed, but for settings
}

func (b base) place() vault.Place {
	return vault.Place{Table: "bases", Row: append([]byte{byte(b.part)}, b.key...), Column: "body"}
}

func (b base) open(s *Store) ([]byte, error) {
	if b.part == wire.Settings {
		return b.body, nil
	}
	plain, err := s.vault.Unseal(b.body, b.place())
	if err != nil {
		return nil, fmt.Errorf("store: row of partition %d: %w", b.part, err)
	}
	return plain, nil
}

// record opens a full record.
func (b base) record(s *Store) (wire.Record, error) {
	var rec wire.Record
	plain, err := b.open(s)
	if err == nil {
		err = event.Decode(plain, &rec)
	}
	return rec, err
}

// subjectOf is whose state a full record is; false when it is not one: nothing
// is made of such a row, but it counts in the checksum.
func subjectOf(row wire.Row, rec wire.Record) (id event.ID, ok bool) {
	switch row.Kind {
	case wire.PersonRow:
		var p merge.Person
		ok = event.Decode(rec.State, &p) == nil && p.ID == toID(row.Key)
		id = p.ID
	case wire.VisitRow:
		var v merge.Visit
		ok = event.Decode(rec.State, &v) == nil && v.ID == toID(row.Key)
		id = v.Subject
	case wire.ClassRow:
		var c merge.Class
		ok = event.Decode(rec.State, &c) == nil && c.ID == toID(row.Key)
		id = c.ID
	}
	return id, ok && len(row.Key) == len(id) && event.SubjectID(rec.Salt) == id
}

// keysAbout are the ids of the visits whose row is about a subject.
func (tx *Tx) keysAbout(subject event.ID) ([]event.ID, error) {
	var out []event.ID
	rows, err := tx.query("SELECT key FROM bases WHERE subject = ? AND kind = ?", subject[:], wire.VisitRow)
	err = collect(rows, err, func(scan func(...any) error) error {
		var key []byte
		if err := scan(&key); err != nil {
			return err
		}
		out = append(out, toID(key))
		return nil
	})
	return out, err
}

// dropRowsAbout takes away every row about somebody who was erased. The centre
// takes the same rows away, so the checksums stay equal.
func (tx *Tx) dropRowsAbout(subject event.ID) error {
	away := map[wire.Partition]wire.Sum{}
	rows, err := tx.query("SELECT part, sum FROM bases WHERE subject = ?", subject[:])
	if err := collect(rows, err, func(scan func(...any) error) error {
		var part wire.Partition
		var sum int64
		if err := scan(&part, &sum); err != nil {
			return err
		}
		away[part] = away[part].Add(wire.Sum{Count: 1, Total: uint64(sum)})
		return nil
	}); err != nil {
		return err
	}
	for part, sum := range away {
		if err := tx.addSum(part, wire.Sum{}.Sub(sum)); err != nil {
			return err
		}
	}
	return tx.exec("DELETE FROM bases WHERE subject = ?", subject[:])
}

// addSum moves the checksum of what is held of a partition.
func (tx *Tx) addSum(part wire.Partition, change wire.Sum) error {
	if part == wire.Asked {
		return nil // it has none
	}
	var count, total int64
	if err := tx.row("SELECT count, total FROM feeds WHERE part = ?", part).Scan(&count, &total); err != nil {
		return fmt.Errorf("store: feed %d: %w", part, notFound(err))
	}
	now := wire.Sum{Count: uint64(count), Total: uint64(total)}.Add(change)
	return tx.exec("UPDATE feeds SET count = ?, total = ? WHERE part = ?", int64(now.Count), int64(now.Total), part)
}

// entryListing is how a member of another branch is listed; ErrNotFound when the
// directory has no such member.
func (tx *Tx) entryListing(id event.ID) (Listing, error) {
	b := base{part: wire.Directory, key: id[:]}
	if err := tx.row("SELECT kind, body FROM bases WHERE part = ? AND key = ?", b.part, b.key).Scan(&b.kind, &b.body); err != nil {
		return Listing{}, notFound(err)
	}
	known, err := tx.Decisions()
	if err != nil {
		return Listing{}, err
	}
	return b.listing(tx.s, known)
}

func (b base) listing(s *Store, known *Decisions) (Listing, error) {
	e, err := b.entry(s)
	return known.entry(toID(b.key), e), err
}

func (b base) entry(s *Store) (wire.Entry, error) {
	var e wire.Entry
	plain, err := b.open(s)
	if err == nil {
		err = event.Decode(plain, &e)
	}
	return e, err
}

// entry is the listing of a member whom this node knows from the directory.
func (d *Decisions) entry(id event.ID, e wire.Entry) Listing {
	l := Listing{ID: id, Name: e.Name, Stage: string(merge.StageDone), Member: true, Until: e.Until, Away: true}
	if len(e.Cards) > 0 {
		c := e.Cards[0]
		l.Number, l.Blocked = c.Number, c.State == 1 || d.Barred(c.ID)
	}
	return l
}

// Entry is a member of another branch as the directory knows one; ErrNotFound
// when it has no such member.
func (s *Store) Entry(ctx context.Context, id event.ID) (wire.Entry, error) {
	b := base{part: wire.Directory, key: id[:]}
	if err := s.queryRow(ctx, "SELECT kind, body FROM bases WHERE part = ? AND key = ?", b.part, b.key).Scan(&b.kind, &b.body); err != nil {
		return wire.Entry{}, s.gone(id, notFound(err))
	}
	return b.entry(s)
}
