package store

import (
	"context"
	"fmt"

	"simpul/sync/event"
	"simpul/sync/merge"
)

// Visit loads a visit for a use case.
func (tx *Tx) Visit(id event.ID) (*merge.Visit, error) {
	if v, ok := tx.visits[id]; ok {
		return v, nil
	}
	var state []byte
	if err := tx.row("SELECT state FROM visits WHERE id = ?", id[:]).Scan(&state); err != nil {
		return nil, notFound(err)
	}
	if len(state) == 0 {
		return nil, ErrNotFound // erased
	}
	v := new(merge.Visit)
	if err := tx.s.unseal(state, "visits", id, v); err != nil {
		return nil, err
	}
	tx.keepVisit(id, v)
	return v, nil
}

func (tx *Tx) keepVisit(id event.ID, v *merge.Visit) {
	if tx.visits == nil {
		tx.visits = map[event.ID]*merge.Visit{}
	}
	tx.visits[id] = v
}

func (tx *Tx) saveVisit(v *merge.Visit) error {
	if tx.s.erased.has(v.Subject) {
		return nil
	}
	encoded, err := event.Encode(v)
	if err != nil {
		return fmt.Errorf("store: encode visits: %w", err)
	}
	state, err := tx.s.sealState(encoded, "visits", v.ID)
	if err != nil {
		return err
	}
	l := v.Line.Value
	var numberTag any
	if l.Number != "" {
		if numberTag, err = tx.s.vault.Tag("number", l.Number); err != nil {
			return err
		}
	}
	men, women := l.Men, l.Women
	if l.Kind != merge.VisitGroup {
		men, women = flag(l.Sex == "L"), flag(l.Sex == "P")
	}
	at := v.Wall()
	node, err := tx.originOf(v.Made.At)
	if err != nil {
		return err
	}
	err = tx.exec(`INSERT INTO visits (id, day, at, kind, person, number_tag, purpose, stop, people, men, women, sex, age_group,
			education, occupation, late, voided, state, officer, entered, node)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET officer = excluded.officer, entered = excluded.entered, day = excluded.day, at = excluded.at, kind = excluded.kind, person = excluded.person,
			number_tag = excluded.number_tag, purpose = excluded.purpose, stop = excluded.stop, people = excluded.people,
			men = excluded.men, women = excluded.women, sex = excluded.sex, age_group = excluded.age_group,
			education = excluded.education, occupation = excluded.occupation, late = excluded.late, voided = excluded.voided, state = excluded.state, node = excluded.node`,
		v.ID[:], tx.s.Day(at), at, l.Kind, idOrNull(v.Person.Value), numberTag, l.Purpose, l.Stop, v.People(), men, women, l.Sex, l.AgeGroup,
		l.Education, l.Occupation, flag(l.Late), flag(v.Voided.Value), state, idOrNull(v.Made.Value.Officer), v.Made.Value.Wall, node)
	if err != nil {
		return fmt.Errorf("store: save visit: %w", err)
	}
	if node == nil {
		tx.change(v)
	}
	return tx.feedVisit(v, encoded)
}

// RecentVisit finds a visit of the same person, or of the same unknown number,
// between two instants in ms, both outside; ErrNotFound when there is none. The
// register counts one code once in a minute. What was typed in late, and what a
// wrong clock dated after to, does not count.
func (tx *Tx) RecentVisit(person event.ID, number string, from, to int64) (event.ID, error) {
	for id, v := range tx.visits { // of this transaction, not yet in the table
		l := v.Line.Value
		same := !person.IsZero() && v.Person.Value == person || person.IsZero() && number != "" && l.Number == number
		if at := v.Wall(); same && at > from && at < to && !l.Late && !v.Voided.Value {
			return id, nil
		}
	}
	column, value := "person", person[:]
	if person.IsZero() {
		tag, err := tx.s.vault.Tag("number", number)
		if err != nil {
			return event.ID{}, err
		}
		column, value = "number_tag", tag
	}
	var id []byte
	err := tx.row("SELECT id FROM visits WHERE "+column+" = ? AND at > ? AND at < ? AND voided = 0 AND late = 0 ORDER BY at DESC LIMIT 1",
		value, from, to).Scan(&id)
	if err != nil {
		return event.ID{}, notFound(err)
	}
	return toID(id), nil
}

// Visit loads one visit; ErrNotFound when there is none. Of a line that has lost
// its names there are the columns that reports count, and no subject.
func (s *Store) Visit(ctx context.Context, id event.ID) (*merge.Visit, error) {
	list, err := s.linesWhere(ctx, "id = ?", id[:])
	if err == nil && len(list) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// VisitQuery selects lines of one day. Empty fields select everything; At and
// Before are those of the last row of the page before, zero to begin.
type VisitQuery struct {
	Day        int64
	Kind, Stop string
	At         int64
	Before     event.ID
	Limit      int
}

// VisitsOfDay returns visits of one day, newest first, also those that have lost
// their names. Late entries share one instant, so the cursor holds the id too.
func (s *Store) VisitsOfDay(ctx context.Context, q VisitQuery) ([]*merge.Visit, error) {
	if q.Before.IsZero() {
		q.At = 1 << 62
	}
	return s.linesWhere(ctx, `day = ? AND (at < ? OR (at = ? AND id < ?)) AND (kind = ? OR ? = '') AND (stop = ? OR ? = '')
		ORDER BY at DESC, id DESC LIMIT ?`, q.Day, q.At, q.At, q.Before[:], q.Kind, q.Kind, q.Stop, q.Stop, q.Limit)
}

// LateVisits returns lines that were typed in late, the last typed first; those
// of one day, or of all days with day 0.
func (s *Store) LateVisits(ctx context.Context, day int64, limit int) ([]*merge.Visit, error) {
	return s.visitsWhere(ctx, "late = 1 AND (day = ? OR ? = 0) ORDER BY entered DESC LIMIT ?", day, day, limit)
}

// LateDay sums what one officer typed in for one day.
type LateDay struct {
	Day, Visits, People, Entered int64
	Officer                      event.ID
}

// LateDays sums late entries by day and officer, the last typed first.
func (s *Store) LateDays(ctx context.Context, limit int) ([]LateDay, error) {
	rows, err := s.query(ctx, `SELECT day, officer, COUNT(*), SUM(people), MAX(entered) FROM visits WHERE late = 1 AND voided = 0
		GROUP BY day, officer ORDER BY MAX(entered) DESC LIMIT ?`, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []LateDay
	for rows.Next() {
		var l LateDay
		var officer []byte
		if err := rows.Scan(&l.Day, &officer, &l.Visits, &l.People, &l.Entered); err != nil {
			return nil, kind(err)
		}
		l.Officer = toID(officer)
		out = append(out, l)
	}
	return out, kind(rows.Err())
}

// VisitsOf returns the latest visits of one person.
func (s *Store) VisitsOf(ctx context.Context, person event.ID, limit int) ([]*merge.Visit, error) {
	return s.visitsWhere(ctx, "person = ? ORDER BY at DESC LIMIT ?", person[:], limit)
}

// OpenVisits returns the visits that await a name: numbers unknown here and
// members without their card.
func (s *Store) OpenVisits(ctx context.Context, since int64, limit int) ([]*merge.Visit, error) {
	return s.visitsWhere(ctx, "day >= ? AND person IS NULL AND voided = 0 AND kind IN ('unknown', 'nameless') ORDER BY day DESC, at DESC LIMIT ?", since, limit)
}

// UnknownVisits returns the ids of unresolved visits with a number, to resolve
// when the number becomes known.
func (s *Store) UnknownVisits(ctx context.Context, number string, limit int) ([]*merge.Visit, error) {
	tags, err := s.vault.Tags("number", number)
	if err != nil {
		return nil, err
	}
	var out []*merge.Visit
	for _, tag := range tags {
		list, err := s.visitsWhere(ctx, "number_tag = ? AND person IS NULL AND voided = 0 ORDER BY at LIMIT ?", tag, limit)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// UnknownVisits is that of the store, inside a use case: what was committed before.
func (tx *Tx) UnknownVisits(number string, limit int) ([]*merge.Visit, error) {
	return tx.s.UnknownVisits(tx.ctx, number, limit)
}

// visitsWhere leaves out the lines that have lost their names.
func (s *Store) visitsWhere(ctx context.Context, where string, args ...any) ([]*merge.Visit, error) {
	return s.linesWhere(ctx, "length(state) > 0 AND "+where, args...)
}

func (s *Store) linesWhere(ctx context.Context, where string, args ...any) (out []*merge.Visit, _ error) {
	rows, err := s.query(ctx, `SELECT id, state, at, kind, person, purpose, stop, men, women, sex, age_group, education, occupation,
		late, voided, officer, entered FROM visits WHERE `+where, args...)
	err = collect(rows, err, func(scan func(...any) error) error {
		var id, state, person, officer []byte
		var late, voided int
		var l event.Visit
		var made merge.Recording
		if err := scan(&id, &state, &l.At, &l.Kind, &person, &l.Purpose, &l.Stop, &l.Men, &l.Women, &l.Sex, &l.AgeGroup, &l.Education, &l.Occupation,
			&late, &voided, &officer, &made.Wall); err != nil {
			return err
		}
		v := new(merge.Visit)
		if len(state) > 0 {
			out = append(out, v)
			return s.unseal(state, "visits", toID(id), v)
		}
		v.ID, l.Late, made.Officer = toID(id), late == 1, toID(officer)
		v.Line.Value, v.Made.Value, v.Person.Value, v.Voided.Value = l, made, toID(person), voided == 1
		out = append(out, v)
		return nil
	})
	return out, err
}

// VisitCount is a line of the register's sums.
type VisitCount struct {
	Kind, Purpose, Stop string
	Visits, People      int64
	Men, Women          int64
}

// CountLate sums what was typed in late for one day.
func (s *Store) CountLate(ctx context.Context, day int64) ([]VisitCount, error) {
	return s.countVisits(ctx, "day = ? AND late = 1", day)
}

// CountVisits sums the register between two days, both included.
func (s *Store) CountVisits(ctx context.Context, from, to int64) ([]VisitCount, error) {
	return s.countVisits(ctx, "day >= ? AND day <= ?", from, to)
}

func (s *Store) countVisits(ctx context.Context, where string, args ...any) ([]VisitCount, error) {
	rows, err := s.query(ctx, `SELECT kind, purpose, stop, COUNT(*), SUM(people), SUM(men), SUM(women) FROM visits
		WHERE `+where+` AND voided = 0 GROUP BY kind, purpose, stop ORDER BY kind, purpose, stop`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []VisitCount
	for rows.Next() {
		var c VisitCount
		if err := rows.Scan(&c.Kind, &c.Purpose, &c.Stop, &c.Visits, &c.People, &c.Men, &c.Women); err != nil {
			return nil, kind(err)
		}
		out = append(out, c)
	}
	return out, kind(rows.Err())
}
