package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"simpul/sync/event"
	"simpul/sync/merge"
)

const (
	countApplying = "applying" // the run that is being applied; those before it are
	countBranches = "branches" // 1 once a stream came that holds the events of a fork
)

// poison is an event that made the program fail.
type poison struct {
	stream event.ID
	seq    uint64
}

func (p *poison) Error() string {
	return fmt.Sprintf("store: event %d of stream %s cannot be applied", p.seq, p.stream)
}

// ApplyPending applies at most that many events of the nodes, in the order in
// which they were taken in, and says how many it applied and whether more wait.
// What cannot be applied is set aside and skipped.
func (s *Store) ApplyPending(ctx context.Context, most int) (applied int, more bool, err error) {
	err = s.skipping(ctx, func(tx *Tx) (err error) {
		applied, more, err = tx.applyPending(most)
		return err
	})
	return applied, more, err
}

// skipping runs a use case that applies events, again without each that makes the
// program fail.
func (s *Store) skipping(ctx context.Context, apply func(*Tx) error) error {
	for {
		_, err := s.Write(ctx, event.ID{}, apply)
		var bad *poison
		if !errors.As(err, &bad) {
			return err
		}
		s.opt.Log.Error("an event is set aside: applying it failed", "stream", bad.stream, "seq", bad.seq)
		if _, err := s.Write(ctx, event.ID{}, func(tx *Tx) error { return tx.setAside(bad.stream, bad.seq, asideBroken) }); err != nil {
			return err
		}
	}
}

// Pending is how many events of the nodes were taken in and not applied yet.
func (s *Store) Pending(ctx context.Context) (n int64, err error) {
	err = s.queryRow(ctx, "SELECT COALESCE(SUM(head - applied), 0) FROM foreign_streams WHERE head > applied").Scan(&n)
	return n, kind(err)
}

func (tx *Tx) applyPending(most int) (applied int, more bool, err error) {
	began, err := tx.counter(countApplying)
	if err != nil {
		return 0, false, err
	}
	at := max(began, 1)
	for {
		a, err := scanAdmission(tx.row("SELECT "+admissionColumns+" FROM admissions WHERE n = ?", at))
		if err := notFound(err); errors.Is(err, ErrNotFound) {
			break
		} else if err != nil {
			return 0, false, err
		}
		if more = applied >= most; more {
			break
		}
		n, done, err := tx.applyAdmission(a, most-applied)
		if err != nil {
			return 0, false, err
		}
		if applied += n; done {
			at++
		}
	}
	if at == began {
		return applied, more, nil
	}
	return applied, more, tx.setCounter(countApplying, at)
}

// applyAdmission applies at most that many events of a run.
func (tx *Tx) applyAdmission(a admission, most int) (n int, done bool, err error) {
	f, err := tx.foreign(a.Stream)
	if err != nil {
		return 0, false, err
	}
	if f == nil {
		return 0, false, fmt.Errorf("store: run %d is of no stream", a.n)
	}
	from := max(a.First, f.Applied+1)
	to := min(a.Last, from+uint64(most)-1)
	if from <= to {
		list, err := tx.chunk(a.Stream, from, to)
		if err != nil {
			return 0, false, err
		}
		if err := tx.applyRun(list); err != nil {
			return 0, false, err
		}
		n = len(list)
	}
	return n, f.Applied >= a.Last, nil
}

// applyRun applies events of one stream that follow one another.
func (tx *Tx) applyRun(list []stampedRecord) error {
	if len(list) == 0 {
		return nil
	}
	first, last := list[0], list[len(list)-1]
	f, err := tx.foreign(first.Stream)
	if err != nil || f == nil {
		return fmt.Errorf("store: stream %s: %w", first.Stream, errors.Join(err, ErrNotFound))
	}
	aside, err := tx.asideIn(first.Stream, first.Seq, last.Seq)
	if err != nil {
		return err
	}
	branches, err := tx.counter(countBranches)
	if err != nil {
		return err
	}
	for _, rec := range list {
		if aside[rec.Seq] {
			continue
		}
		if err := tx.applyForeign(f, rec, branches > 0); err != nil {
			return err
		}
	}
	if last.Seq > f.Applied {
		f.Applied = last.Seq
		tx.saveForeign(f)
	}
	return nil
}

// applyForeign applies one event of a node, once: a fact that stands in another
// stream too counts where it was first taken in.
func (tx *Tx) applyForeign(f *ForeignStream, rec stampedRecord, branches bool) (err error) {
	if rec.Body == nil {
		return nil // erased
	}
	if !rec.Type.Known() {
		return tx.setAside(rec.Stream, rec.Seq, asideUnknown)
	}
	if rec.Type.Aggregate() == event.NoState {
		return nil
	}
	body, ok, err := rec.Decoded()
	switch {
	case err != nil:
		return tx.setAside(rec.Stream, rec.Seq, asideUnreadable)
	case !ok:
		return tx.setAside(rec.Stream, rec.Seq, asideUnknown)
	}
	defer func() {
		if p := recover(); p != nil {
			tx.s.opt.Log.Error("panic in applying", "type", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			err = &poison{rec.Stream, rec.Seq}
		}
	}()
	if branches {
		copied, err := tx.admittedBefore(rec)
		if err != nil {
			return err
		}
		if copied {
			return tx.holdCopy(rec.Record, body)
		}
	}
	if photo, is := body.(*event.Photo); is {
		if err := tx.wantPhoto(f.Node, rec.Record, photo); err != nil {
			return err
		}
	}
	return tx.project(rec.Record, merge.Stamp{Admitted: rec.at, Rank: f.Rank, Seq: rec.Seq})
}

// admittedBefore reports whether the same fact was taken in from another stream
// with an earlier run.
func (tx *Tx) admittedBefore(rec stampedRecord) (bool, error) {
	rows, err := tx.s.prepared(tx.ctx, "SELECT stream, seq FROM events WHERE subject = ? AND hash = ? AND stream <> ?")
	if err != nil {
		return false, err
	}
	list, err := rows.QueryContext(tx.ctx, rec.Subject[:], rec.Hash[:], rec.Stream[:])
	if err != nil {
		return false, kind(err)
	}
	var others []event.Record
	for list.Next() {
		var stream []byte
		var seq uint64
		if err := list.Scan(&stream, &seq); err != nil {
			return false, errors.Join(kind(err), list.Close())
		}
		others = append(others, event.Record{Stream: toID(stream), Seq: seq})
	}
	if err := errors.Join(list.Err(), list.Close()); err != nil || len(others) == 0 {
		return false, kind(err)
	}
	own, err := tx.runOf(rec.Stream, rec.Seq)
	if err != nil {
		return false, err
	}
	for _, other := range others {
		n, err := tx.runOf(other.Stream, other.Seq)
		if err != nil {
			return false, err
		}
		if n > 0 && n < own {
			return true, nil
		}
	}
	return false, nil
}

// runOf is the number of the run that brought an event, 0 for the centre's own.
func (tx *Tx) runOf(stream event.ID, seq uint64) (n int64, err error) {
	err = notFound(tx.row("SELECT n FROM admissions WHERE stream = ? AND first <= ? ORDER BY first DESC LIMIT 1", stream[:], seq).Scan(&n))
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	return n, err
}

// holdCopy notes in the state that this stream's copy of the fact is in it, so
// that the node that has the copy does not lay it over the state again.
func (tx *Tx) holdCopy(rec event.Record, body any) error {
	var err error
	switch rec.Type.Aggregate() {
	case event.PersonState:
		var p *merge.Person
		if p, err = tx.Person(rec.Subject); err == nil {
			p.Hold(rec)
			tx.touch(rec.Subject, func() error { return tx.savePerson(p) })
		}
	case event.VisitState:
		var v *merge.Visit
		if v, err = tx.Visit(merge.VisitID(rec, body)); err == nil {
			v.Hold(rec)
			tx.touch(v.ID, func() error { return tx.saveVisit(v) })
		}
	case event.ClassState:
		var c *merge.Class
		if c, err = tx.Class(rec.Subject); err == nil {
			c.Hold(rec)
			err = tx.saveClass(c)
		}
	}
	if errors.Is(err, ErrNotFound) {
		return nil // erased meanwhile
	}
	return err
}
