package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"simpul/sync/event"
	"simpul/sync/merge"
	"simpul/sync/wire"
)

// At a node, a state is what the centre sent of it (a row in bases) and, laid
// over that, this node's own events that the row does not hold yet. Own events
// stand above all that the centre admitted, so applying one more to a state gives
// the same as laying all of them over the row again: a use case does the first,
// and everything that changes what lies below (rows that arrive, a fork, a lost
// tail, a rebuild) and every check does the second, here.

// rowsOf runs a query, on the writer's connection or a reader's.
type rowsOf func(query string, args ...any) (*sql.Rows, error)

func (s *Store) reader(ctx context.Context) rowsOf {
	return func(query string, args ...any) (*sql.Rows, error) { return s.query(ctx, query, args...) }
}

// folding makes states anew. It is good for one state of the log's streams.
type folding struct {
	s          *Store
	rows       rowsOf
	generation map[event.ID]uint64
	asides     map[place]bool
	each       func(event.Record)        // sees every event before it is laid over; nil is nobody
	bad        func(event.Record, error) // told of an event that cannot be read; it is passed over
	events     int64                     // how many were folded
}

func (s *Store) newFolding(rows rowsOf) (*folding, error) {
	f := &folding{s: s, rows: rows, generation: map[event.ID]uint64{}, asides: map[place]bool{}}
	f.bad = func(rec event.Record, err error) {
		s.opt.Log.Error("an own event cannot be read and is passed over", "stream", rec.Stream, "seq", rec.Seq, "err", err)
	}
	found, err := rows("SELECT id, generation FROM streams")
	if err := collect(found, err, func(scan func(...any) error) error {
		var id []byte
		var n uint64
		err := scan(&id, &n)
		f.generation[toID(id)] = n
		return err
	}); err != nil {
		return nil, err
	}
	found, err = rows("SELECT stream, seq FROM asides")
	err = collect(found, err, func(scan func(...any) error) error {
		var stream []byte
		var at place
		err := scan(&stream, &at.seq)
		at.stream = toID(stream)
		f.asides[at] = true
		return err
	})
	return f, err
}

func (tx *Tx) newFolding() (*folding, error) { return tx.s.newFolding(tx.query) }

// subject folds everything that is known about one subject.
func (f *folding) subject(id event.ID) (*fold, error) {
	out := newFold()
	if f.s.erased.has(id) {
		return out, nil
	}
	found, err := f.rows("SELECT part, key, kind, body FROM bases WHERE subject = ? AND part <> ? ORDER BY part", id[:], wire.Directory)
	if err := collect(found, err, func(scan func(...any) error) error {
		var b base
		if err := scan(&b.part, &b.key, &b.kind, &b.body); err != nil {
			return err
		}
		return out.lay(f.s, b)
	}); err != nil {
		return nil, err
	}
	list, err := f.about(id)
	if err != nil {
		return nil, err
	}
	seen := make(map[event.Hash]event.ID, len(list)) // in which stream first
	for _, rec := range list {
		f.events++
		if f.each != nil {
			f.each(rec)
		}
		// A line of the register that has lost its names says nothing; a copy of it in a
		// branch may have them until its own time is over.
		if rec.Body == nil && rec.Type.Aggregate() == event.VisitState {
			continue
		}
		// A fork can leave the same fact in two streams: it is applied once. Within a
		// stream it was written twice, in one millisecond.
		if in, copied := seen[rec.Hash]; copied && in != rec.Stream {
			if err := out.hold(rec); err != nil {
				f.bad(rec, err)
			}
			continue
		}
		seen[rec.Hash] = rec.Stream
		at := merge.Own(f.generation[rec.Stream], rec.Seq)
		if err := out.over(rec, at, f.asides[place{rec.Stream, rec.Seq}]); err != nil {
			f.bad(rec, err)
		}
	}
	return out, nil
}

// about reads the own events of a subject, in the order of their stamps.
func (f *folding) about(id event.ID) (list []event.Record, _ error) {
	found, err := f.rows("SELECT "+eventColumns+" FROM events WHERE subject = ?", id[:])
	err = collect(found, err, func(scan func(...any) error) error {
		rec, _, err := f.s.scanEvent(scan)
		list = append(list, rec)
		return err
	})
	slices.SortFunc(list, func(a, b event.Record) int {
		return cmp.Or(cmp.Compare(f.generation[a.Stream], f.generation[b.Stream]), cmp.Compare(a.Seq, b.Seq))
	})
	return list, err
}

// lay puts the state of a row below everything. The branch's own row counts, not
// one that was asked for before the member came to this branch.
func (f *fold) lay(s *Store, b base) error {
	rec, err := b.record(s)
	if err != nil {
		return err
	}
	key := toID(b.key)
	if _, laid := f.heads[key]; laid {
		return nil
	}
	switch b.kind {
	case wire.PersonRow:
		f.person = new(merge.Person)
		err = event.Decode(rec.State, f.person)
		f.heads[key], f.away = f.person.Heads, b.part == wire.Asked
	case wire.VisitRow:
		v := new(merge.Visit)
		err = event.Decode(rec.State, v)
		f.visits[key], f.heads[key] = v, v.Heads
	case wire.ClassRow:
		f.class = new(merge.Class)
		err = event.Decode(rec.State, f.class)
		f.heads[key] = f.class.Heads
	}
	if err != nil {
		return fmt.Errorf("store: row: %w", err)
	}
	return nil
}

// over lays an own event over, unless the row below holds it. What the centre set
// aside is not in the row, whatever its heads say.
func (f *fold) over(rec event.Record, at merge.Stamp, aside bool) error {
	key := rec.Subject
	switch rec.Type.Aggregate() {
	case event.NodeState:
		if f.node == nil {
			f.node = &merge.Node{ID: rec.Subject}
		}
		return f.node.Apply(rec, at)
	case event.VisitState:
		if rec.Body == nil {
			return nil
		}
		body, ok, err := rec.Decoded()
		if err != nil || !ok {
			return err
		}
		key = merge.VisitID(rec, body)
	}
	if !aside && f.heads[key].Has(rec.Stream, rec.Seq) {
		return nil
	}
	return f.apply(rec, at, take)
}

// refold makes the states of a subject anew and writes them. gone are visits
// whose row was taken away; reports go on counting them.
func (tx *Tx) refold(f *folding, subject event.ID, gone ...event.ID) error {
	if tx.s.erased.has(subject) {
		return nil
	}
	made, err := f.subject(subject)
	if err != nil {
		return err
	}
	if made.officer != nil {
		if err := tx.saveOfficer(made.officer); err != nil {
			return err
		}
	}
	if made.node != nil {
		if err := tx.saveNode(made.node); err != nil {
			return err
		}
	}
	if err := tx.putPerson(subject, made); err != nil {
		return err
	}
	if made.class != nil {
		err = tx.saveClass(made.class)
	} else {
		err = tx.exec("DELETE FROM classes WHERE id = ?", subject[:])
	}
	if err != nil {
		return err
	}
	for id, v := range made.visits {
		if v.Made.At.IsZero() { // nothing but a correction here of a line that another PC wrote
			reduced, err := tx.reduced(id)
			if err != nil {
				return err
			}
			if reduced || slices.Contains(gone, id) {
				continue
			}
		}
		tx.keepVisit(id, v)
		if err := tx.saveVisit(v); err != nil {
			return err
		}
	}
	for _, id := range gone {
		if v := made.visits[id]; v == nil || v.Made.At.IsZero() { // its names went, or a centre that was put back will be told of it again
			delete(tx.visits, id)
			if err := tx.exec(reduceVisit, id[:]); err != nil {
				return err
			}
		}
	}
	return nil
}

// putPerson writes a person as folded, or takes away one that was there.
func (tx *Tx) putPerson(id event.ID, made *fold) error {
	tx.forgetState(id)
	var had int
	// Of somebody who was erased the row stays, for reports; see stripPerson.
	if err := tx.row("SELECT COUNT(*) FROM people WHERE id = ? AND length(state) > 0", id[:]).Scan(&had); err != nil {
		return kind(err)
	}
	if had > 0 {
		for _, query := range []string{"DELETE FROM cards WHERE person = ?", "DELETE FROM aliases WHERE person = ?"} {
			if err := tx.exec(query, id[:]); err != nil {
				return err
			}
		}
	}
	if made.person != nil {
		tx.keepPerson(id, made.person)
		return tx.savePerson(made.person)
	}
	if had == 0 {
		return nil
	}
	if err := tx.exec("DELETE FROM people WHERE id = ?", id[:]); err != nil {
		return err
	}
	tx.change(Forgotten{ID: id})
	return tx.relist(id)
}

// refoldAll makes every state of a node anew; the tables are empty.
func (tx *Tx) refoldAll(done func(events int64)) error {
	f, err := tx.newFolding()
	if err != nil {
		return err
	}
	var failed error
	f.bad = func(rec event.Record, err error) {
		if failed == nil {
			failed = fmt.Errorf("store: event %d of stream %d: %w", rec.Seq, f.generation[rec.Stream], err)
		}
	}
	for after := []byte{}; ; {
		var ids []event.ID
		rows, err := tx.query("SELECT id FROM subjects WHERE id > ? ORDER BY id LIMIT ?", after, rebuildChunk)
		if err := collect(rows, err, func(scan func(...any) error) error {
			var id []byte
			err := scan(&id)
			ids = append(ids, toID(id))
			return err
		}); err != nil {
			return err
		}
		for _, id := range ids {
			if err := tx.refold(f, id); err != nil {
				return err
			}
			if failed != nil {
				return failed
			}
		}
		if err := tx.settle(); err != nil {
			return err
		}
		done(f.events)
		if len(ids) < rebuildChunk {
			return nil
		}
		last := ids[len(ids)-1]
		after = last[:]
	}
}
