package store

import (
	"context"

	"simpul/sync/event"
	"simpul/sync/merge"
)

// places says where the streams of a check stand among each other.
type places struct {
	centre  bool
	own     map[event.ID]Stream
	foreign map[event.ID]*ForeignStream
	runs    map[event.ID][]admission // by stream, in order
	aside   map[event.ID]map[uint64]bool
	fold    *folding // at a node
}

func (w *places) name(stream event.ID) string {
	if _, own := w.own[stream]; own {
		return "own stream " + stream.String()
	}
	return "stream " + stream.String()
}

func (w *places) stamp(rec stampedRecord) merge.Stamp {
	if f := w.foreign[rec.Stream]; f != nil {
		return merge.Stamp{Admitted: rec.at, Rank: f.Rank, Seq: rec.Seq}
	}
	generation := w.own[rec.Stream].Generation
	if w.centre {
		return merge.Stamp{Admitted: rec.at, Rank: generation, Seq: rec.Seq}
	}
	return merge.Own(generation, rec.Seq)
}

// use is what an event does to its state.
type use int

const (
	take  use = iota // it is applied
	note             // the same fact was applied from another stream: it is held
	leave            // it was erased, could not be applied, or is still to be
)

// useOf says what an event does; list are all events of its subject.
func (s *Store) useOf(_ context.Context, where *places, rec stampedRecord, list []stampedRecord) (use, error) {
	f := where.foreign[rec.Stream]
	if f == nil {
		return take, nil
	}
	if rec.Seq > f.Applied || rec.Body == nil || where.aside[rec.Stream][rec.Seq] {
		return leave, nil
	}
	for _, other := range list {
		if other.Hash == rec.Hash && other.Stream != rec.Stream && where.foreign[other.Stream] != nil &&
			where.admitted(other) < where.admitted(rec) {
			return note, nil
		}
	}
	return take, nil
}

// admitted is the number of the run with which an event came.
func (w *places) admitted(rec stampedRecord) int64 {
	n := int64(0)
	for _, a := range w.runs[rec.Stream] {
		if a.First <= rec.Seq {
			n = a.n
		}
	}
	return n
}

// about returns all events of a subject.
func (s *Store) about(ctx context.Context, subject event.ID) ([]stampedRecord, error) {
	rows, err := s.query(ctx, "SELECT "+eventColumns+" FROM events WHERE subject = ? ORDER BY wall", subject[:])
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []stampedRecord
	for rows.Next() {
		rec, at, err := s.scanEvent(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, stampedRecord{rec, at})
	}
	return out, kind(rows.Err())
}

// checkForeign proves the streams of the nodes as checkStream does, and that the
// runs are those of the centre's own log.
func (s *Store) checkForeign(ctx context.Context, where *places, r *CheckReport) error {
	list, err := s.ForeignStreams(ctx, event.ID{})
	if err != nil {
		return err
	}
	if err := s.checkAdmissions(ctx, where, r); err != nil {
		return err
	}
	if where.aside, err = s.asides(ctx); err != nil {
		return err
	}
	where.foreign = make(map[event.ID]*ForeignStream, len(list))
	for _, f := range list {
		where.foreign[f.ID] = f
		if f.Applied > f.Head || f.Durable > f.Applied {
			r.add("receipts", "%s: %d received, %d applied, %d durable", where.name(f.ID), f.Head, f.Applied, f.Durable)
		}
		runs, before := where.runs[f.ID], int64(0)
		stamp := func(rec event.Record) merge.Stamp {
			for len(runs) > 1 && runs[1].First <= rec.Seq {
				runs = runs[1:]
			}
			if len(runs) == 0 {
				return merge.Stamp{}
			}
			at := merge.Admitted(runs[0].Admission, before, rec)
			before = at.Admitted
			return at
		}
		if err := s.checkStream(ctx, Stream{ID: f.ID, Generation: f.Rank, Head: f.Head, Chain: f.Chain}, stamp, r); err != nil {
			return err
		}
	}
	return nil
}

// checkAdmissions compares the table of runs with the log, run by run.
func (s *Store) checkAdmissions(ctx context.Context, where *places, r *CheckReport) error {
	have, err := s.admissions(ctx)
	if err != nil {
		return err
	}
	where.runs = map[event.ID][]admission{}
	i := 0
	streams, err := s.Streams(ctx)
	if err != nil {
		return err
	}
	for _, st := range streams {
		err := s.eachEvent(ctx, func(rec event.Record) error {
			var a event.Admission
			if err := rec.Open(&a); err != nil {
				r.add("body", "own event %d: %v", rec.Seq, err)
				return nil
			}
			if i >= len(have) || have[i].Admission != a {
				r.add("admission", "own event %d is not run %d of the table", rec.Seq, i+1)
			}
			i++
			where.runs[a.Stream] = append(where.runs[a.Stream], admission{a, int64(i)})
			return nil
		}, "stream = ? AND type = ? ORDER BY seq", st.ID[:], event.StreamAdmitted)
		if err != nil {
			return err
		}
	}
	if i != len(have) {
		r.add("admission", "the table has %d runs, the log %d", len(have), i)
	}
	return nil
}

func (s *Store) asides(ctx context.Context) (map[event.ID]map[uint64]bool, error) {
	rows, err := s.query(ctx, "SELECT stream, seq FROM quarantine")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[event.ID]map[uint64]bool{}
	for rows.Next() {
		var stream []byte
		var seq uint64
		if err := rows.Scan(&stream, &seq); err != nil {
			return nil, kind(err)
		}
		id := toID(stream)
		if out[id] == nil {
			out[id] = map[uint64]bool{}
		}
		out[id][seq] = true
	}
	return out, kind(rows.Err())
}

// hold notes a copy in the state that it is about.
func (f *fold) hold(rec event.Record) error {
	body, ok, err := rec.Decoded()
	if err != nil || !ok {
		return err
	}
	switch {
	case rec.Type.Aggregate() == event.PersonState && f.person != nil:
		f.person.Hold(rec)
	case rec.Type.Aggregate() == event.ClassState && f.class != nil:
		f.class.Hold(rec)
	case rec.Type.Aggregate() == event.VisitState:
		if v := f.visits[merge.VisitID(rec, body)]; v != nil {
			v.Hold(rec)
		}
	}
	return nil
}

// atCentre reports whether this node is the centre.
func (s *Store) atCentre(ctx context.Context) bool {
	n, err := s.Node(ctx)
	return err == nil && n.Config.Value.Role == roleCentre
}
