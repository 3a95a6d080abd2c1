package store

import (
	"fmt"
	"slices"

	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/wire"
)

// States of feeds.repair.
const (
	repairNone    = 0
	repairSums    = 1 // the sums of the buckets are wanted
	repairBuckets = 2 // the rows of some buckets are
)

// feedState is how far a partition has come.
type feedState struct {
	part      wire.Partition
	pos       uint64
	sum       wire.Sum
	expected  uint64
	repair    int
	repairPos uint64
	buckets   []byte
}

const partitionColumns = "part, pos, count, total, expected, repair, repair_pos, buckets"

func feedsOf(rows rowsOf) (list []feedState, _ error) {
	found, err := rows("SELECT " + partitionColumns + " FROM feeds ORDER BY part")
	err = collect(found, err, func(scan func(...any) error) error {
		var f feedState
		var pos, count, total, expected, repairPos int64
		if err := scan(&f.part, &pos, &count, &total, &expected, &f.repair, &repairPos, &f.buckets); err != nil {
			return err
		}
		f.pos, f.expected, f.repairPos = uint64(pos), uint64(expected), uint64(repairPos)
		f.sum = wire.Sum{Count: uint64(count), Total: uint64(total)}
		list = append(list, f)
		return nil
	})
	return list, err
}

func (tx *Tx) partition(part wire.Partition) (feedState, error) {
	list, err := feedsOf(tx.query)
	for _, f := range list {
		if f.part == part {
			return f, err
		}
	}
	if err == nil {
		err = fmt.Errorf("store: there is no partition %d", part)
	}
	return feedState{}, err
}

func (tx *Tx) saveFeed(f feedState) error {
	return tx.exec("UPDATE feeds SET pos = ?, count = ?, total = ?, expected = ?, repair = ?, repair_pos = ?, buckets = ? WHERE part = ?",
		int64(f.pos), int64(f.sum.Count), int64(f.sum.Total), int64(f.expected), f.repair, int64(f.repairPos), f.buckets, f.part)
}

// arrival gathers what rows change, so that each state is made anew once.
type arrival struct {
	tx       *Tx
	subjects map[event.ID][]event.ID // and visits whose row went away
	order    []event.ID
	entries  map[event.ID]*wire.Entry // nil: its row went away
}

func (a *arrival) about(subject event.ID, gone ...event.ID) {
	if _, met := a.subjects[subject]; !met {
		a.order = append(a.order, subject)
	}
	a.subjects[subject] = append(a.subjects[subject], gone...)
}

// takePage takes in a page of a partition. asked says that it answers a request
// of ours: only then may it repair, or bring records of other branches. Rows that
// the node had already, or has newer ones of, change nothing.
func (tx *Tx) takePage(page wire.Page, asked bool) error {
	if page.Partition == wire.Asked {
		return tx.takeAsked(page, asked)
	}
	f, err := tx.partition(page.Partition)
	if err != nil {
		return nil // of a later program
	}
	repairs := len(page.Buckets) > 0
	if repairs && (!asked || f.repair != repairBuckets) {
		return nil
	}
	a := arrival{tx: tx, subjects: map[event.ID][]event.ID{}, entries: map[event.ID]*wire.Entry{}}
	kept := map[string]bool{}
	for _, row := range page.Rows {
		if !repairs && row.Pos <= f.pos {
			continue
		}
		kept[string(row.Key)] = true
		if err := a.put(&f, row); err != nil {
			return err
		}
	}
	if repairs {
		if err := a.dropOthers(&f, page.Buckets, kept); err != nil {
			return err
		}
		f.buckets = slices.DeleteFunc(f.buckets, func(b byte) bool { return slices.Contains(page.Buckets, b) })
		if len(f.buckets) == 0 {
			f.repair, f.pos = repairNone, f.repairPos
		}
	} else {
		f.pos = max(f.pos, page.To)
	}
	f.expected = max(page.Sum.Count, f.sum.Count)
	if !repairs && !page.More && f.repair == repairNone && page.To == f.pos && f.sum != page.Sum {
		f.repair = repairSums
		if err := tx.notice(noticeRepaired, fmt.Sprint(page.Partition)); err != nil {
			return err
		}
	}
	if err := tx.saveFeed(f); err != nil {
		return err
	}
	return a.settle(page.Partition)
}

// put keeps a row in place of the one with its key.
func (a *arrival) put(f *feedState, row wire.Row) error {
	tx := a.tx
	if err := a.drop(f, row.Key); err != nil {
		return err
	}
	if row.Kind == wire.GoneRow {
		return nil
	}
	b := base{part: f.part, key: row.Key, kind: row.Kind, body: row.Body}
	var subject any
	switch f.part {
	case wire.Own, wire.Asked:
		var rec wire.Record
		if event.Decode(row.Body, &rec) == nil {
			if id, ok := subjectOf(row, rec); ok {
				if tx.s.erased.has(id) {
					return nil // the centre takes it away too
				}
				subject = id[:]
				if err := tx.keepSalt(id, rec.Salt); err != nil {
					return err
				}
				a.about(id)
			}
		}
		if subject == nil {
			tx.s.opt.Log.Error("a record of the centre cannot be read", "partition", f.part, "pos", row.Pos)
		}
	case wire.Directory:
		id := toID(row.Key)
		if tx.s.erased.has(id) {
			return nil
		}
		var e wire.Entry
		if len(row.Key) == len(id) && row.Kind == wire.EntryRow && event.Decode(row.Body, &e) == nil {
			subject = id[:]
			a.entries[id] = &e
			if err := tx.putEntryCards(id, e); err != nil {
				return err
			}
		}
	}
	body := row.Body
	if f.part != wire.Settings {
		var err error
		if body, err = tx.s.vault.Seal(row.Body, b.place()); err != nil {
			return err
		}
	}
	sum := row.Sum()
	f.sum = f.sum.Add(sum)
	return tx.exec("INSERT INTO bases (part, key, kind, pos, bucket, sum, subject, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		f.part, row.Key, row.Kind, int64(row.Pos), wire.Bucket(row.Key), int64(sum.Total), subject, body)
}

// drop takes a row away; there may be none.
func (a *arrival) drop(f *feedState, key []byte) error {
	var kind_ wire.RowKind
	var sum int64
	var subject []byte
	rows, err := a.tx.query("SELECT kind, sum, subject FROM bases WHERE part = ? AND key = ?", f.part, key)
	had := false
	if err := collect(rows, err, func(scan func(...any) error) error {
		had = true
		return scan(&kind_, &sum, &subject)
	}); err != nil || !had {
		return err
	}
	f.sum = f.sum.Sub(wire.Sum{Count: 1, Total: uint64(sum)})
	if subject != nil {
		id := toID(subject)
		switch {
		case f.part == wire.Directory:
			a.entries[id] = nil
			if err := a.tx.exec("DELETE FROM entry_cards WHERE person = ?", subject); err != nil {
				return err
			}
			if err := a.tx.exec("DELETE FROM entry_tags WHERE person = ?", subject); err != nil {
				return err
			}
		case kind_ == wire.VisitRow:
			a.about(id, toID(key))
		default:
			a.about(id)
		}
	}
	return a.tx.exec("DELETE FROM bases WHERE part = ? AND key = ?", f.part, key)
}

// dropOthers takes away what the node holds in some buckets and the centre did
// not send.
func (a *arrival) dropOthers(f *feedState, buckets []byte, kept map[string]bool) error {
	for _, bucket := range buckets {
		var gone [][]byte
		rows, err := a.tx.query("SELECT key FROM bases WHERE part = ? AND bucket = ?", f.part, bucket)
		if err := collect(rows, err, func(scan func(...any) error) error {
			var key []byte
			if err := scan(&key); err != nil {
				return err
			}
			if !kept[string(key)] {
				gone = append(gone, key)
			}
			return nil
		}); err != nil {
			return err
		}
		for _, key := range gone {
			if err := a.drop(f, key); err != nil {
				return err
			}
		}
	}
	return nil
}

// settle makes the states anew that the rows lie under.
func (a *arrival) settle(part wire.Partition) error {
	if len(a.order) > 0 {
		f, err := a.tx.newFolding()
		if err != nil {
			return err
		}
		for _, id := range a.order {
			if err := a.tx.refold(f, id, a.subjects[id]...); err != nil {
				return err
			}
			if err := a.tx.dropSalt(id); err != nil {
				return err
			}
		}
	}
	if err := a.list(); err != nil {
		return err
	}
	if part == wire.Settings {
		a.tx.change(SettingsChanged{})
	}
	return nil
}

// list tells the follower of the entries that came and went. Whose full record is
// held is listed by that.
func (a *arrival) list() error {
	known, err := a.tx.Decisions()
	if err != nil {
		return err
	}
	for id, e := range a.entries {
		var full int
		if err := a.tx.row("SELECT COUNT(*) FROM people WHERE id = ?", id[:]).Scan(&full); err != nil {
			return kind(err)
		}
		switch {
		case full > 0:
		case e == nil || known.Survivor(id) != id:
			a.tx.change(Unlisted{ID: id})
		default:
			a.tx.change(known.entry(id, *e))
		}
	}
	return nil
}

// SettingsChanged is the change that the follower sees when the centre sent
// settings.
type SettingsChanged struct{}

func (tx *Tx) putEntryCards(person event.ID, e wire.Entry) error {
	if err := tx.putEntryTag(person, e.Tag); err != nil {
		return err
	}
	for _, c := range e.Cards {
		if err := tx.exec(`INSERT INTO entry_cards (id, person, number, state) VALUES (?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET person = excluded.person, number = excluded.number, state = excluded.state`,
			c.ID[:], person[:], c.Number, c.State); err != nil {
			return err
		}
	}
	return nil
}

// takeAsked keeps records of members of other branches.
func (tx *Tx) takeAsked(page wire.Page, asked bool) error {
	if !asked {
		return nil
	}
	f := feedState{part: wire.Asked}
	a := arrival{tx: tx, subjects: map[event.ID][]event.ID{}, entries: map[event.ID]*wire.Entry{}}
	for _, row := range page.Rows {
		if err := a.put(&f, row); err != nil {
			return err
		}
		if err := tx.exec("DELETE FROM wanted WHERE person = ?", row.Key); err != nil {
			return err
		}
		if err := tx.DropReference(Reference(toID(row.Key))); err != nil {
			return err
		}
	}
	return a.settle(page.Partition)
}

// keepSalt keeps the salt of a subject that this node has not met before.
func (tx *Tx) keepSalt(id event.ID, salt event.Salt) error {
	if tx.s.erased.has(id) {
		return nil
	}
	if _, known := tx.s.salts.get(id); known {
		return nil
	}
	sealed, err := tx.s.vault.Seal(salt[:], vault.Place{Table: "subjects", Row: id[:], Column: "salt"})
	if err != nil {
		return err
	}
	return tx.exec("INSERT INTO subjects (id, salt) VALUES (?, ?) ON CONFLICT DO NOTHING", id[:], sealed)
}

// dropSalt forgets the salt of a subject of whom nothing is held any more.
func (tx *Tx) dropSalt(id event.ID) error {
	var n int
	if err := tx.row("SELECT (SELECT COUNT(*) FROM events WHERE subject = ?) + (SELECT COUNT(*) FROM bases WHERE subject = ? AND part <> ?)",
		id[:], id[:], wire.Directory).Scan(&n); err != nil || n > 0 {
		return kind(err)
	}
	tx.s.salts.drop(id)
	return tx.exec("DELETE FROM subjects WHERE id = ?", id[:])
}

// takeSums compares the sums of a partition's buckets with what is held: equal
// ones need nothing, of others the rows are wanted.
func (tx *Tx) takeSums(theirs wire.BucketSums) error {
	f, err := tx.partition(theirs.Partition)
	if err != nil || f.repair != repairSums {
		return nil
	}
	ours, err := bucketSums(tx.query, f.part)
	if err != nil {
		return err
	}
	for _, b := range theirs.Sums {
		ours[b.Bucket] = ours[b.Bucket].Sub(b.Sum)
	}
	f.buckets = nil
	for i, left := range ours {
		if left != (wire.Sum{}) {
			f.buckets = append(f.buckets, byte(i))
		}
	}
	f.repairPos, f.repair = theirs.Pos, repairBuckets
	if len(f.buckets) == 0 {
		f.repair, f.pos = repairNone, theirs.Pos
	}
	return tx.saveFeed(f)
}

// bucketSums are the checksums of a partition's buckets as they are held.
func bucketSums(rows rowsOf, part wire.Partition) (sums [256]wire.Sum, _ error) {
	found, err := rows("SELECT bucket, sum FROM bases WHERE part = ?", part)
	err = collect(found, err, func(scan func(...any) error) error {
		var bucket uint8
		var sum int64
		err := scan(&bucket, &sum)
		sums[bucket] = sums[bucket].Add(wire.Sum{Count: 1, Total: uint64(sum)})
		return err
	})
	return sums, err
}
