package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"simpul/sync/event"
	"simpul/sync/merge"
)

// Finding is one thing that is not as it must be. It names ids, never people.
type Finding struct {
	Check  string `json:"check"`
	Detail string `json:"detail"`
}

// CheckReport is what a check looked at and what it found.
type CheckReport struct {
	Events   int64     `json:"events"`
	Subjects int64     `json:"subjects"`
	States   int64     `json:"states"`
	Findings []Finding `json:"findings"`
}

const maxFindings = 200

func (r *CheckReport) add(check, format string, args ...any) {
	if len(r.Findings) < maxFindings {
		r.Findings = append(r.Findings, Finding{check, fmt.Sprintf(format, args...)})
	}
}

// Check proves the data: SQLite's integrity and foreign keys, every stream
// without a gap and with its chain, every content hash against body and salt,
// and every projection equal to what a rebuild would make. The vault must be
// open. An error means that the check could not be carried out.
func (s *Store) Check(ctx context.Context, progress func(done, total int64)) (CheckReport, error) {
	var r CheckReport
	if err := integrity(ctx, s.read); err != nil {
		r.add("integrity", "%v", err)
	}
	streams, err := s.Streams(ctx)
	if err != nil {
		return r, err
	}
	places := &places{centre: s.atCentre(ctx), own: map[event.ID]Stream{}}
	times := logState{centre: places.centre}
	for _, st := range streams {
		places.own[st.ID] = st
		times.generation = st.Generation
		if err := s.checkStream(ctx, st, times.stamp, &r); err != nil {
			return r, err
		}
	}
	if places.centre {
		if err = s.checkForeign(ctx, places, &r); err == nil {
			err = s.checkFeed(ctx, &r)
		}
	} else if places.fold, err = s.newFolding(s.reader(ctx)); err == nil {
		err = s.checkFeeds(ctx, &r)
	}
	if err != nil {
		return r, err
	}
	return r, s.checkProjections(ctx, places, &r, progress)
}

// checkStream proves one stream. stamp says where each of its events stands, in order.
func (s *Store) checkStream(ctx context.Context, st Stream, stamp func(event.Record) merge.Stamp, r *CheckReport) error {
	chain, seq := event.Genesis(st.ID), uint64(0)
	rows, err := s.query(ctx, "SELECT "+eventColumns+" FROM events WHERE stream = ? ORDER BY seq", st.ID[:])
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		rec, at, err := s.scanEvent(rows.Scan)
		if err != nil {
			r.add("seal", "stream %d: %v", st.Generation, err)
			if rec.Seq == 0 {
				continue
			}
		}
		r.Events++
		seq++
		if rec.Seq != seq {
			r.add("gap", "stream %d: event %d follows %d", st.Generation, rec.Seq, seq-1)
			seq = rec.Seq
		}
		if chain = chain.Next(rec.Hash); chain != rec.Chain {
			r.add("chain", "stream %d: the chain breaks at event %d", st.Generation, rec.Seq)
			chain = rec.Chain
		}
		if want := stamp(rec).Admitted; at != want {
			r.add("time", "stream %d: event %d has the effective time %d, not %d", st.Generation, rec.Seq, at, want)
		}
	}
	if seq != st.Head || chain != st.Chain {
		r.add("head", "stream %d: the head says %d, the log ends at %d", st.Generation, st.Head, seq)
	}
	return kind(rows.Err())
}

// checkProjections folds the events of each subject and compares.
func (s *Store) checkProjections(ctx context.Context, where *places, r *CheckReport, progress func(done, total int64)) error {
	var total int64
	if err := s.queryRow(ctx, "SELECT COUNT(*) FROM subjects").Scan(&total); err != nil {
		return kind(err)
	}
	rows, err := s.query(ctx, "SELECT id, salt FROM subjects")
	if err != nil {
		return err
	}
	defer rows.Close()
	want := map[string]int64{}
	for rows.Next() {
		var id, sealed []byte
		if err := rows.Scan(&id, &sealed); err != nil {
			return kind(err)
		}
		r.Subjects++
		if err := s.checkSubject(ctx, toID(id), sealed, where, r, want); err != nil {
			return err
		}
		if progress != nil && r.Subjects%500 == 0 {
			progress(r.Subjects, total)
		}
	}
	if err := rows.Err(); err != nil {
		return kind(err)
	}
	for _, table := range []string{"people", "visits", "officers", "classes"} {
		var n int64
		if err := s.queryRow(ctx, "SELECT COUNT(*) FROM "+table+unerased[table]).Scan(&n); err != nil {
			return kind(err)
		}
		if n != want[table] {
			r.add("projection", "%s has %d rows, the log makes %d", table, n, want[table])
		}
	}
	return nil
}

func (s *Store) checkSubject(ctx context.Context, id event.ID, sealed []byte, where *places, r *CheckReport, want map[string]int64) error {
	salt, err := s.openSalt(id, sealed)
	if err != nil {
		r.add("seal", "subject %s: %v", id, err)
		return nil
	}
	right := func(rec event.Record) {
		if rec.Body != nil {
			if h, err := rec.ContentHash(salt); err != nil || h != rec.Hash {
				r.add("hash", "%s: event %d does not match its hash", where.name(rec.Stream), rec.Seq)
			}
		}
	}
	bad := func(rec event.Record, err error) {
		r.add("body", "%s: event %d: %v", where.name(rec.Stream), rec.Seq, err)
	}
	if !where.centre {
		where.fold.each, where.fold.bad = right, bad
		fold, err := where.fold.subject(id)
		if err != nil {
			r.add("seal", "subject %s: %v", id, err)
			return nil
		}
		return fold.compare(ctx, s, r, want)
	}
	fold := newFold()
	list, err := s.about(ctx, id)
	if err != nil {
		r.add("seal", "subject %s: %v", id, err)
		return nil
	}
	for _, rec := range list {
		right(rec.Record)
		use, err := s.useOf(ctx, where, rec, list)
		if err != nil {
			return err
		}
		if err := fold.apply(rec.Record, where.stamp(rec), use); err != nil {
			bad(rec.Record, err)
		}
	}
	return fold.compare(ctx, s, r, want)
}

// fold is what the events of one subject make.
type fold struct {
	person  *merge.Person
	officer *merge.Officer
	class   *merge.Class
	node    *merge.Node
	visits  map[event.ID]*merge.Visit

	// At a node, of the rows that lie below own events; see overlay.go.
	heads map[event.ID]merge.Heads
	away  bool
}

func newFold() *fold {
	return &fold{visits: map[event.ID]*merge.Visit{}, heads: map[event.ID]merge.Heads{}}
}

func (f *fold) apply(rec event.Record, at merge.Stamp, how use) error {
	if rec.Body == nil {
		return nil // erased
	}
	switch how {
	case leave:
		return nil
	case note:
		return f.hold(rec)
	}
	switch rec.Type.Aggregate() {
	case event.PersonState:
		if f.person == nil {
			f.person = new(merge.Person)
		}
		return f.person.Apply(rec, at)
	case event.OfficerState:
		if f.officer == nil {
			f.officer = new(merge.Officer)
		}
		return f.officer.Apply(rec, at)
	case event.ClassState:
		if f.class == nil {
			f.class = new(merge.Class)
		}
		return f.class.Apply(rec, at)
	case event.VisitState:
		body, ok, err := rec.Decoded()
		if err != nil || !ok {
			return err
		}
		id := merge.VisitID(rec, body)
		if f.visits[id] == nil {
			f.visits[id] = new(merge.Visit)
		}
		return f.visits[id].Apply(rec, at)
	}
	return nil
}

func (f *fold) compare(ctx context.Context, s *Store, r *CheckReport, want map[string]int64) error {
	if f.person != nil {
		want["people"]++
		if err := s.compareState(ctx, "people", f.person.ID, f.person, r); err != nil {
			return err
		}
		if err := s.comparePersonRow(ctx, f.person, f.away, r); err != nil {
			return err
		}
	}
	if f.officer != nil {
		want["officers"]++
		if err := s.compareState(ctx, "officers", f.officer.ID, f.officer, r); err != nil {
			return err
		}
	}
	if f.class != nil {
		want["classes"]++
		if err := s.compareState(ctx, "classes", f.class.ID, f.class, r); err != nil {
			return err
		}
	}
	for id, v := range f.visits {
		var reduced int
		if err := s.queryRow(ctx, "SELECT COUNT(*) FROM visits WHERE id = ? AND length(state) = 0", id[:]).Scan(&reduced); err != nil {
			return kind(err)
		}
		if reduced > 0 {
			continue // it has lost its names; what came about it later changes nothing
		}
		want["visits"]++
		if err := s.compareState(ctx, "visits", id, v, r); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) compareState(ctx context.Context, table string, id event.ID, folded any, r *CheckReport) error {
	r.States++
	var sealed []byte
	err := notFound(s.queryRow(ctx, "SELECT state FROM "+table+" WHERE id = ?", id[:]).Scan(&sealed))
	if errors.Is(err, ErrNotFound) {
		r.add("projection", "%s %s is missing", table, id)
		return nil
	}
	if err != nil {
		return err
	}
	var have event.Raw
	if err := s.unseal(sealed, table, id, &have); err != nil {
		r.add("seal", "%s %s: %v", table, id, err)
		return nil
	}
	made, err := event.Encode(folded)
	if err != nil {
		return err
	}
	if !bytes.Equal(have, made) {
		r.add("projection", "%s %s differs from what the log makes", table, id)
	}
	return nil
}

// comparePersonRow checks the clear columns, which lists and reports read.
func (s *Store) comparePersonRow(ctx context.Context, p *merge.Person, away bool, r *CheckReport) error {
	want := s.personRow(p, away)
	var have personRow
	var class, photo []byte
	err := notFound(s.queryRow(ctx, `SELECT stage, source, timed, opened, day, class, member, issued, until, kind, sex, birth_year,
		district, education, occupation, photo, photo_card, stop,
		outcome, step1, step2, step3, step4, step5, step6, COALESCE(branch, ''), COALESCE(reference, '') FROM people WHERE id = ?`, p.ID[:]).Scan(
		&have.stage, &have.source, &have.timed, &have.opened, &have.day, &class, &have.member, &have.issued, &have.until, &have.kind,
		&have.sex, &have.birthYear, &have.district, &have.education, &have.occupation, &have.photo, &photo, &have.stop,
		&have.outcome, &have.steps[0], &have.steps[1], &have.steps[2], &have.steps[3], &have.steps[4], &have.steps[5], &have.branch, &have.reference))
	if errors.Is(err, ErrNotFound) {
		return nil // reported with the state
	}
	if err != nil {
		return err
	}
	same := bytes.Equal(class, asBytes(want.class)) && bytes.Equal(photo, asBytes(want.photoCard))
	want.class, want.photoCard = nil, nil
	if !same || have != want {
		r.add("projection", "people %s: columns differ from what the log makes", p.ID)
	}
	return nil
}

func asBytes(v any) []byte {
	b, _ := v.([]byte)
	return b
}
