package store

import (
	"context"
	"errors"
	"fmt"
	"math"

	"simpul/sync/event"
)

// Erased is the change that the follower sees when somebody was erased: the
// person leaves every screen, and the caller removes the photos.
type Erased struct {
	Person event.ID
	Photos []event.Hash // of the erased person and nobody else
}

// Erasures returns the decisions of the file of erasures; see [Store.Settle].
func (s *Store) Erasures() []event.Ruling {
	var out []event.Ruling
	for _, l := range s.erased.all() {
		out = append(out, l.Ruling)
	}
	return out
}

// IsErased reports whether a person was erased for ever. It needs no open vault.
func (s *Store) IsErased(person event.ID) bool { return s.erased.has(person) }

// gone says of a person who is not found whether that is because of an erasure.
func (s *Store) gone(id event.ID, err error) error {
	if errors.Is(err, ErrNotFound) && s.erased.has(id) {
		return ErrErased
	}
	return err
}

// Replayed are the erasures that opening the store carried out again, because
// the database had been put back from an older copy; their photos may be back.
func (s *Store) Replayed() []Erased { return s.replayed }

// replayErasures brings database and file to the same set, before anybody can
// read what was erased. It needs no open vault.
func (s *Store) replayErasures(ctx context.Context) error {
	held := map[event.ID]bool{}
	var known []erasedLine
	rows, err := s.conn.QueryContext(ctx, "SELECT person, line FROM erased")
	if err != nil {
		return kind(err)
	}
	for rows.Next() {
		var id, line []byte
		var l erasedLine
		if err := errors.Join(rows.Scan(&id, &line), event.Decode(line, &l)); err != nil {
			return errors.Join(fmt.Errorf("store: erasure: %w", err), rows.Close())
		}
		held[toID(id)] = true
		known = append(known, l)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return kind(err)
	}
	if err := s.erased.add(known); err != nil {
		return err
	}
	var missing []erasedLine
	for _, l := range s.erased.all() {
		if !held[l.Person] {
			missing = append(missing, l)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	s.opt.Log.Warn("what was erased was back in the data; it is erased again", "count", len(missing))
	_, err = s.Write(ctx, event.ID{}, func(tx *Tx) error {
		s.replayed = nil
		for _, l := range missing {
			if l.ages() {
				if err := tx.noteAged(l); err != nil {
					return err
				}
				continue
			}
			if err := tx.strip(l); err != nil {
				return err
			}
			s.replayed = append(s.replayed, Erased{Person: l.Person, Photos: l.Photos})
		}
		return nil
	})
	if err == nil {
		_, _, err = s.CarryOutAgeing(ctx, math.MaxInt)
	}
	return err
}

// erase carries out decided erasures.
func (tx *Tx) erase(list []Decided) error {
	var lines []erasedLine
	for _, d := range list {
		person := d.Body.(*event.Erasure).Person
		photos, err := tx.photosOf(person)
		if err != nil {
			return err
		}
		lines = append(lines, erasedLine{Ruling: d.Ruling, Person: person, Photos: photos})
	}
	if len(lines) == 0 {
		return nil
	}
	tx.s.erased.begin(lines)
	tx.erasing = append(tx.erasing, lines...)
	for _, l := range lines {
		if err := tx.strip(l); err != nil {
			return err
		}
	}
	return nil
}

// photosOf lists every photo that a person ever had here, without those that
// somebody else has too.
func (tx *Tx) photosOf(person event.ID) ([]event.Hash, error) {
	pairs := map[event.Hash]event.Hash{} // card rendition → record rendition
	rows, err := tx.s.conn.QueryContext(tx.ctx, "SELECT "+eventColumns+" FROM events WHERE subject = ? AND type = ? AND body IS NOT NULL",
		person[:], event.PhotoAttached)
	if err != nil {
		return nil, kind(err)
	}
	for rows.Next() {
		rec, _, err := tx.s.scanEvent(rows.Scan)
		if err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		var p event.Photo
		if err := rec.Open(&p); err == nil {
			pairs[p.Card] = p.Record
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, kind(err)
	}
	if p, err := tx.Person(person); err == nil && !p.Photo.IsZero() {
		pairs[p.Photo.Value.Card] = p.Photo.Value.Record
	}
	var out []event.Hash
	for card, record := range pairs {
		shared, err := tx.PhotoShared(card, person)
		if err != nil {
			return nil, err
		}
		if !shared && card != (event.Hash{}) {
			out = append(out, card, record)
		}
	}
	return out, nil
}

// strip carries out an erasure, and keeps it for databases that are put back.
func (tx *Tx) strip(l erasedLine) error {
	line, err := event.Encode(l)
	if err != nil {
		return err
	}
	_, body, err := l.Ruling.Read()
	if err != nil {
		return fmt.Errorf("store: erasure: %w", err)
	}
	codes, ok := body.(*event.Erasure)
	if !ok {
		return fmt.Errorf("store: a decision that erases nobody stands among the erasures")
	}
	if err := tx.exec("INSERT INTO erased (person, line) VALUES (?, ?) ON CONFLICT DO NOTHING", l.Person[:], line); err != nil {
		return fmt.Errorf("store: erase: %w", err)
	}
	return tx.stripPerson(codes, l.Photos)
}

// EraseHere erases a person on a PC that has no centre to decide it: the schedule
// does so again whenever older data is put back. codes are what reports count.
func (tx *Tx) EraseHere(codes *event.Erasure) error {
	photos, err := tx.photosOf(codes.Person)
	if err != nil {
		return err
	}
	return tx.stripPerson(codes, photos)
}

// stripPerson takes everything about a person out of the database but the headers
// and hashes of events, so that chains still verify, and the codes that reports
// count. It needs no open vault.
//
// The rows that stay in people, cards and visits for statistics have an empty
// state, or no person: readers pass them over and a rebuild leaves them alone.
// A number stays taken: it is never printed twice.
func (tx *Tx) stripPerson(codes *event.Erasure, gone []event.Hash) error {
	person := codes.Person
	id := person[:]
	if err := tx.wishGranted(person); err != nil {
		return err
	}
	visits, err := tx.visitsAbout(person)
	if err != nil {
		return err
	}
	none := []byte{}
	for _, v := range visits {
		if err := tx.exec("UPDATE visits SET person = NULL, number_tag = NULL, state = ? WHERE id = ?", none, v[:]); err != nil {
			return err
		}
	}
	for _, do := range []struct {
		query string
		args  []any
	}{
		{"UPDATE events SET body = NULL WHERE subject = ?", []any{id}},
		{"DELETE FROM subjects WHERE id = ?", []any{id}},
		{`UPDATE people SET stage = CASE WHEN ` + finished + ` THEN stage ELSE 'lapsed' END, class = NULL, photo = '', photo_card = NULL, branch = NULL, reference = NULL,
			nik_tag = NULL, birth_tag = NULL, listing = ?, state = ?, sex = ?, birth_year = ?, district = ?, education = ?, occupation = ?
			WHERE id = ?`, []any{none, none, codes.Sex, codes.BirthYear, codes.District, codes.Education, codes.Occupation, id}},
		{`UPDATE cards SET person = ?, class = NULL, prints = CASE WHEN prints = 0 THEN 1 ELSE prints END,
			handed = CASE WHEN handed = 0 THEN issued ELSE handed END WHERE person = ?`, []any{none, id}},
		{"DELETE FROM aliases WHERE person = ?", []any{id}},
		{"DELETE FROM drafts WHERE person = ?", []any{id}},
		{"DELETE FROM link_pieces WHERE link IN (SELECT id FROM links WHERE person = ?)", []any{id}},
		{"DELETE FROM links WHERE person = ?", []any{id}},
		{"DELETE FROM entry_cards WHERE person = ?", []any{id}},
		{"DELETE FROM entry_tags WHERE person = ?", []any{id}},
		{"DELETE FROM wanted WHERE person = ?", []any{id}},
	} {
		if err := tx.exec(do.query, do.args...); err != nil {
			return fmt.Errorf("store: erase: %w", err)
		}
	}
	if err := tx.forgetPhotos(gone...); err != nil { // one that never arrived must not hold back what came after it
		return err
	}
	if err := tx.dropRowsAbout(person); err != nil {
		return err
	}
	if err := tx.unfeed(person, visits); err != nil {
		return err
	}
	tx.s.salts.drop(person)
	tx.forgetState(person)
	tx.change(Erased{Person: person, Photos: gone})
	return nil
}

// visitsAbout are the ids of the visits whose subject a person is.
func (tx *Tx) visitsAbout(subject event.ID) ([]event.ID, error) {
	rows, err := tx.s.conn.QueryContext(tx.ctx, "SELECT hash FROM events WHERE subject = ? AND type = ?", subject[:], event.VisitRecorded)
	if err != nil {
		return nil, kind(err)
	}
	var out []event.ID
	for rows.Next() {
		var raw []byte
		if err := rows.Scan(&raw); err != nil {
			return nil, errors.Join(kind(err), rows.Close())
		}
		out = append(out, event.DeriveID("visit", toHash(raw)))
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, kind(err)
	}
	bases, err := tx.keysAbout(subject)
	return append(out, bases...), err
}

// ages reports whether a line is about the register, and not about one person.
func (l erasedLine) ages() bool { return l.Person == agedKey(l.Ruling) }

func toHash(b []byte) (h event.Hash) {
	copy(h[:], b)
	return h
}
