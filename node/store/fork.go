package store

import (
	"errors"
	"fmt"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// What happens when this node and the centre have different ends of one stream:
// research/sync.md 6.3. Nothing is lost and nothing is ignored. Each step is one
// transaction and is found again, as far as it came, in the columns lost, agree
// and differ of the stream.

// stream loads one of this node's streams as the use case sees it; ErrNotFound
// when it is none.
func (tx *Tx) stream(id event.ID) (sendingStream, error) {
	st, err := scanSending(tx.row("SELECT "+sendingColumns+" FROM streams WHERE id = ?", id[:]).Scan)
	if err != nil {
		return st, notFound(err)
	}
	if open := tx.s.log.state; open.stream == id { // its head is written at the end of the group
		st.head, st.chain, st.incarnation = open.head, open.chain, open.incarnation
	}
	return st, nil
}

// chainAt is the chain of a stream at a sequence.
func (tx *Tx) chainAt(stream event.ID, seq uint64) (event.Hash, error) {
	if seq == 0 {
		return event.Genesis(stream), nil
	}
	var chain []byte
	err := notFound(tx.row("SELECT chain FROM events WHERE stream = ? AND seq = ?", stream[:], seq).Scan(&chain))
	return toHash(chain), err
}

// settleStream takes in what the centre said of a stream that the request named.
// live is false for what came in a bundle: it may be old, so it only adds.
// It reports whether there is something to be settled before events are sent.
func (tx *Tx) settleStream(said wire.StreamSays, k wire.StreamKnown, live bool) (unsettled bool, err error) {
	st, err := tx.stream(said.ID)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	both := min(k.Received, said.Head, st.head)
	equal := true
	if both > 0 {
		ours, err := tx.chainAt(st.id, both)
		if err != nil {
			return false, err
		}
		equal = wire.ShortOf(ours) == k.Chain
	}
	switch {
	case !live && (!equal || k.Forked || k.Received > st.head):
		return false, nil // the next exchange settles it
	case both > 0 && (k.Forked || !equal):
		return true, tx.narrow(st, 0, min(k.Received, st.head))
	case k.Received > st.head:
		return true, tx.lostTail(st, k.Received)
	case k.Received > said.Head:
		// Written on since the request: both sides went on from the same place.
		return true, tx.narrow(st, said.Head, min(k.Received, st.head))
	}
	return false, tx.receipts(st, k, live)
}

// receipts keeps what the centre said it has. An answer to a request is exact; a
// bundle may be old, so it never takes anything back. What a proved copy of the
// centre holds stays true for the whole epoch, also when the centre was put back
// to before it proved that copy and lost nothing by it.
func (tx *Tx) receipts(st sendingStream, k wire.StreamKnown, live bool) error {
	received := min(k.Received, st.head)
	applied, durable := min(k.Applied, received), min(k.Durable, received)
	if !live {
		received, applied = max(received, st.received), max(applied, st.applied)
	} else if st.differ > 0 || st.lost > 0 {
		// What looked like a fork or a loss is none, for the centre changed.
		if err := tx.exec("UPDATE streams SET agree = 0, differ = 0, lost = 0 WHERE id = ?", st.id[:]); err != nil {
			return err
		}
	}
	durable = max(durable, min(st.durable, applied))
	if received == st.received && applied == st.applied && durable == st.durable {
		return nil
	}
	return tx.exec("UPDATE streams SET received = ?, applied = ?, durable = ? WHERE id = ?", int64(received), int64(applied), int64(durable), st.id[:])
}

// narrow notes that two copies of a stream are equal at one place and differ at
// another, and cuts when nothing lies between.
func (tx *Tx) narrow(st sendingStream, agree, differ uint64) error {
	if st.differ > 0 {
		agree, differ = max(agree, st.agree), min(differ, st.differ)
	}
	if agree >= differ {
		agree = 0 // what was found before no longer holds: the centre changed
	}
	if differ == agree+1 {
		return tx.cut(st, agree)
	}
	return tx.exec("UPDATE streams SET agree = ?, differ = ? WHERE id = ?", int64(agree), int64(differ), st.id[:])
}

// takeMarks narrows the place where a stream forked by the centre's chain values.
func (tx *Tx) takeMarks(found wire.MarksFound) error {
	st, err := tx.stream(found.Stream)
	if err != nil || st.differ == 0 {
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		return err
	}
	agree, differ := st.agree, st.differ
	for _, mark := range found.Marks {
		if mark.Seq <= agree || mark.Seq >= differ {
			continue
		}
		ours, err := tx.chainAt(st.id, mark.Seq)
		if err != nil {
			return err
		}
		if wire.ShortOf(ours) == mark.Chain {
			agree = mark.Seq
		} else {
			differ = mark.Seq
		}
	}
	return tx.narrow(st, agree, differ)
}

// lostTail notes that the centre has events of a stream that this node has lost.
// If the stream is open, it is closed and the next one opened: what is written
// from now on must not take the places of what was lost.
func (tx *Tx) lostTail(st sendingStream, received uint64) error {
	if err := tx.exec("UPDATE streams SET lost = ?, received = head, agree = 0, differ = 0 WHERE id = ?", int64(received), st.id[:]); err != nil {
		return err
	}
	if st.lost == 0 {
		if err := tx.notice(noticeBehind, fmt.Sprint(received-st.head)); err != nil {
			return err
		}
	}
	if st.id != tx.s.log.state.stream {
		return nil
	}
	if err := tx.renew("behind"); err != nil {
		return err
	}
	// Closing wrote the head; the centre has all of it.
	return tx.exec("UPDATE streams SET received = head WHERE id = ?", st.id[:])
}

// takeOthers learns which streams the centre has from this node. Those that are
// not here were lost whole, with a copy that was put back: they get their places,
// empty, and their events come as a lost tail. What is written from now on has to
// stand above them, so the next stream is opened; but not for one that was only
// opened, or this PC and a running copy of it would answer each other with new
// streams for ever. A closed one that has grown is written to by such a copy.
func (tx *Tx) takeOthers(list []wire.StreamHeld) error {
	if len(list) == 0 {
		return nil
	}
	if err := tx.exec("UPDATE streams SET mine = 0 WHERE received > 0"); err != nil {
		return err
	}
	var events uint64
	for _, held := range list {
		st, err := tx.stream(held.ID)
		if err == nil && st.closed && held.Received > st.head && st.differ == 0 {
			err = tx.exec("UPDATE streams SET lost = ? WHERE id = ?", int64(held.Received), held.ID[:])
		}
		if errors.Is(err, ErrNotFound) {
			if held.Received > 1 {
				events += held.Received
			}
			if _, err = tx.newClosed(held.ID, ungranted(1)); err == nil {
				err = tx.exec("UPDATE streams SET lost = ? WHERE id = ?", int64(held.Received), held.ID[:])
			}
		}
		if err != nil {
			return err
		}
		if err := tx.exec("UPDATE streams SET mine = 1 WHERE id = ?", held.ID[:]); err != nil {
			return err
		}
	}
	if events == 0 {
		return nil
	}
	if err := tx.notice(noticeBehind, fmt.Sprint(events)); err != nil {
		return err
	}
	return tx.renew("behind")
}

// renamed is due when this node gets another name: what the centre has stays the
// old one's, and the next event opens a stream of the new one's own. Whoever has
// the same data under the old name never writes into that.
func (tx *Tx) renamed(now event.ID) error {
	var was []byte
	var alien int
	if err := tx.row("SELECT node, alien FROM exchange WHERE id = 1").Scan(&was, &alien); err != nil {
		return notFound(err)
	}
	if toID(was) == now {
		return nil
	}
	if tx.s.log.state.renew == "" && !tx.s.log.state.stream.IsZero() {
		tx.s.log.state.renew = "renamed"
		if alien != 0 {
			tx.s.log.state.renew = "copied"
		}
	}
	if err := tx.exec("UPDATE streams SET mine = 0 WHERE received > 0"); err != nil {
		return err
	}
	return tx.compareRows() // another name, or branch, is to hold other rows: that is no damage
}

// renew opens a new stream now. When one was due already, its reason counts.
func (tx *Tx) renew(reason string) error {
	if why := tx.s.log.state.renew; why != "" {
		reason = why
	}
	return tx.OpenStream(tx.nodeID(), reason)
}

// takeTail adopts events of a stream that this node had lost: they go where they
// were. What does not fit the chain is not taken. It reports whether it was.
func (tx *Tx) takeTail(b wire.Batch) (bool, error) {
	st, err := tx.stream(b.Stream)
	if errors.Is(err, ErrNotFound) || err == nil && (st.lost <= st.head || b.First != st.head+1 || len(b.Items) == 0 || st.id == tx.s.log.state.stream) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	recs, err := b.Records(st.chain)
	if err != nil {
		tx.s.opt.Log.Error("what the centre gave back does not fit", "stream", b.Stream, "first", b.First, "err", err)
		return false, nil
	}
	touched := newSubjects()
	for i, rec := range recs {
		if it := b.Items[i]; !it.Erased() {
			if err := tx.keepSalt(rec.Subject, it.Salt); err != nil {
				return false, err
			}
			touched.add(rec.Subject)
		}
		if err := tx.insertEvent(rec, 0); err != nil {
			return false, err
		}
	}
	// takeOthers said nothing of one event: it is that of a stream that was only
	// opened, or, here, what a copy of this PC wrote before it parted from it.
	if st.head == 0 && st.lost == 1 && recs[0].Type != event.StreamOpened {
		if err := tx.notice(noticeBehind, "1"); err != nil {
			return false, err
		}
	}
	last := recs[len(recs)-1]
	if err := tx.exec(`UPDATE streams SET head = ?, chain = ?, received = ?, lost = CASE WHEN lost <= ? THEN 0 ELSE lost END WHERE id = ?`,
		int64(last.Seq), last.Chain[:], int64(last.Seq), int64(last.Seq), st.id[:]); err != nil {
		return false, err
	}
	return true, tx.refoldEach(touched)
}

// cut moves the events of a stream above a sequence to a branch of it: another
// copy wrote other events in their places. The branch's name is made of where it
// begins and of its first event, so whoever cuts, after whatever crash, makes the
// same one. Content hashes stay. A stream that was open is closed and the next one opened.
func (tx *Tx) cut(st sendingStream, common uint64) error {
	moved, err := tx.headersAbove(st.id, common)
	if err != nil {
		return err
	}
	chain, err := tx.chainAt(st.id, common)
	if err != nil {
		return err
	}
	open := tx.s.log.state
	if err := tx.exec("UPDATE streams SET head = ?, chain = ?, closed = 1, received = ?, applied = ?, durable = ?, agree = 0, differ = 0 WHERE id = ?",
		int64(common), chain[:], int64(common), int64(min(common, st.applied)), int64(min(common, st.durable)), st.id[:]); err != nil {
		return err
	}
	if err := tx.exec("DELETE FROM asides WHERE stream = ? AND seq > ?", st.id[:], int64(common)); err != nil {
		return err
	}
	touched := newSubjects()
	for _, m := range moved {
		touched.add(m.subject)
	}
	last, err := tx.branch(st, common, moved)
	if err != nil {
		return err
	}
	if open.stream == st.id {
		tx.s.log.state = last // the new stream goes on from the branch
		tx.s.log.state.renew = ""
		if err := tx.OpenStream(tx.nodeID(), "forked"); err != nil {
			return err
		}
	}
	if err := tx.notice(noticeForked, fmt.Sprintf("%s %d %d", st.id, common, len(moved))); err != nil {
		return err
	}
	return tx.refoldEach(touched)
}

type movedEvent struct {
	seq     uint64
	hash    event.Hash
	subject event.ID
}

func (tx *Tx) headersAbove(stream event.ID, seq uint64) (out []movedEvent, _ error) {
	rows, err := tx.query("SELECT seq, hash, subject FROM events WHERE stream = ? AND seq > ? ORDER BY seq", stream[:], seq)
	err = collect(rows, err, func(scan func(...any) error) error {
		var m movedEvent
		var hash, subject []byte
		err := scan(&m.seq, &hash, &subject)
		m.hash, m.subject = toHash(hash), toID(subject)
		out = append(out, m)
		return err
	})
	return out, err
}

// branch gives events of one stream their places in its branch and says where
// that ends. The branch may be there already, after this node was put back from a
// copy: then what it has is not added, and what differs from it branches off it.
func (tx *Tx) branch(from sendingStream, common uint64, moved []movedEvent) (logState, error) {
	id := event.BranchID(from.id, common, moved[0].hash)
	st, err := tx.stream(id)
	if errors.Is(err, ErrNotFound) {
		if st, err = tx.newClosed(id, from.incarnation); err != nil {
			return logState{}, err
		}
	} else if err != nil {
		return logState{}, err
	}
	have, err := tx.headersAbove(id, 0)
	if err != nil {
		return logState{}, err
	}
	for i, m := range moved {
		if i < len(have) {
			if have[i].hash != m.hash {
				return tx.branch(st, uint64(i), moved[i:])
			}
			if err := tx.exec("DELETE FROM events WHERE stream = ? AND seq = ?", from.id[:], int64(m.seq)); err != nil {
				return logState{}, err
			}
			continue
		}
		st.head++
		st.chain = st.chain.Next(m.hash)
		if err := tx.exec("UPDATE events SET stream = ?, seq = ?, chain = ? WHERE stream = ? AND seq = ?",
			id[:], int64(st.head), st.chain[:], from.id[:], int64(m.seq)); err != nil {
			return logState{}, fmt.Errorf("store: branch: %w", err)
		}
	}
	if err := tx.exec("UPDATE streams SET head = ?, chain = ? WHERE id = ?", int64(st.head), st.chain[:], id[:]); err != nil {
		return logState{}, err
	}
	var newest uint64
	if err := tx.row("SELECT MAX(generation) FROM streams").Scan(&newest); err != nil {
		return logState{}, kind(err)
	}
	return logState{stream: id, generation: newest, head: st.head, chain: st.chain}, nil
}

// newClosed makes room for a stream that is not written to: above all others.
func (tx *Tx) newClosed(id event.ID, incarnation uint8) (sendingStream, error) {
	var newest uint64
	if err := tx.row("SELECT MAX(generation) FROM streams").Scan(&newest); err != nil {
		return sendingStream{}, kind(err)
	}
	st := sendingStream{id: id, generation: newest + 1, incarnation: incarnation, chain: event.Genesis(id), closed: true}
	return st, tx.exec("INSERT INTO streams (id, generation, incarnation, head, chain, closed) VALUES (?, ?, ?, 0, ?, 1)",
		id[:], int64(st.generation), incarnation, st.chain[:])
}

// subjects is a set that keeps its order.
type subjects struct {
	list []event.ID
	met  map[event.ID]bool
}

func newSubjects() *subjects { return &subjects{met: map[event.ID]bool{}} }

func (s *subjects) add(id event.ID) {
	if !s.met[id] && !id.IsZero() {
		s.met[id] = true
		s.list = append(s.list, id)
	}
}

func (tx *Tx) refoldEach(set *subjects) error {
	f, err := tx.newFolding()
	if err != nil {
		return err
	}
	for _, id := range set.list {
		if err := tx.refold(f, id); err != nil {
			return err
		}
	}
	return nil
}
