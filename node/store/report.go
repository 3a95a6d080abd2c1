package store

import (
	"context"
	"fmt"

	"simpul/node/library"
)

// This file counts for reports. It reads codes that lie in clear and never a name, so it works while the
// vault is closed. Days are counted since 1970, both ends of a span belong to it.

// MemberSums are members at the end of a span and in it.
type MemberSums struct {
	All    int64 // who had a card by its end
	Active int64 // of them, whose membership reaches its last day
	New    int64 // who got the first card in it
	Ended  int64 // whose membership ended in it and was not renewed
}

// CountMembers counts members.
func (s *Store) CountMembers(ctx context.Context, from, to int64) (MemberSums, error) {
	var m MemberSums
	err := s.queryRow(ctx, `SELECT COUNT(*), COALESCE(SUM(CASE WHEN until >= ? THEN 1 ELSE 0 END), 0),
			COALESCE(SUM(CASE WHEN issued >= ? THEN 1 ELSE 0 END), 0),
			COALESCE(SUM(CASE WHEN until >= ? AND until < ? THEN 1 ELSE 0 END), 0)
		FROM people WHERE member = 1 AND issued <= ?`, to, from, from, to, to).Scan(&m.All, &m.Active, &m.New, &m.Ended)
	return m, kind(err)
}

// Share is how many members have one value of a trait.
type Share struct {
	Key      string
	All, New int64
}

// Trait is what members are told apart by.
type Trait string

// The traits.
const (
	TraitDistrict   Trait = "district"
	TraitSex        Trait = "sex"
	TraitBirthYear  Trait = "birth_year"
	TraitEducation  Trait = "education"
	TraitOccupation Trait = "occupation"
	TraitKind       Trait = "kind"
	TraitStop       Trait = "stop"
)

// CountBy counts the members by the end of a span, and those new in it, by a trait. Keys come in no order.
func (s *Store) CountBy(ctx context.Context, trait Trait, from, to int64) ([]Share, error) {
	switch trait {
	case TraitDistrict, TraitSex, TraitBirthYear, TraitEducation, TraitOccupation, TraitKind, TraitStop:
	default:
		return nil, fmt.Errorf("store: no trait %q", trait)
	}
	rows, err := s.query(ctx, "SELECT "+string(trait)+`, COUNT(*), SUM(CASE WHEN issued >= ? THEN 1 ELSE 0 END)
		FROM people WHERE member = 1 AND issued <= ? GROUP BY `+string(trait), from, to)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Share
	for rows.Next() {
		var share Share
		if err := rows.Scan(&share.Key, &share.All, &share.New); err != nil {
			return nil, kind(err)
		}
		out = append(out, share)
	}
	return out, kind(rows.Err())
}

// NewByDay counts the first cards of each day of a span that had any.
func (s *Store) NewByDay(ctx context.Context, from, to int64) (map[int64]int64, error) {
	return s.byDay(ctx, "SELECT issued, COUNT(*) FROM people WHERE member = 1 AND issued >= ? AND issued <= ? GROUP BY issued", from, to)
}

// VisitorsByDay counts the people of each day of a span that had any.
func (s *Store) VisitorsByDay(ctx context.Context, from, to int64) (map[int64]int64, error) {
	return s.byDay(ctx, "SELECT day, SUM(people) FROM visits WHERE day >= ? AND day <= ? AND voided = 0 GROUP BY day", from, to)
}

func (s *Store) byDay(ctx context.Context, query string, args ...any) (map[int64]int64, error) {
	rows, err := s.query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[int64]int64{}
	for rows.Next() {
		var day, n int64
		if err := rows.Scan(&day, &n); err != nil {
			return nil, kind(err)
		}
		out[day] = n
	}
	return out, kind(rows.Err())
}

// CardSums are the cards of a span.
type CardSums struct{ First, Replacing int64 }

// CountCards counts the cards issued in a span: first ones, and those that took the place of another.
func (s *Store) CountCards(ctx context.Context, from, to int64) (CardSums, error) {
	begin, _ := s.dayBounds(from)
	_, end := s.dayBounds(to)
	var c CardSums
	err := s.queryRow(ctx, `SELECT COALESCE(SUM(1 - replacing), 0), COALESCE(SUM(replacing), 0) FROM cards
		WHERE issued >= ? AND issued < ? AND away = 0`, begin, end).Scan(&c.First, &c.Replacing)
	return c, kind(err)
}

// OutcomeSum is how many registrations of a span came to the same end for the same reason.
type OutcomeSum struct {
	Stage, Outcome string
	Member, Late   bool
	Timed          bool
	Count          int64
}

// finished is the condition of the index people_day, word for word.
const finished = "stage IN ('issued', 'done', 'refused', 'withdrawn', 'lapsed', 'same')"

// CountOutcomes counts the registrations that were begun in a span by where they stand now.
func (s *Store) CountOutcomes(ctx context.Context, from, to int64) ([]OutcomeSum, error) {
	// Those still being worked on are few and stand in no index of the report.
	rows, err := s.query(ctx, `SELECT stage, outcome, member, CASE WHEN source = 'late' THEN 1 ELSE 0 END, timed, COUNT(*) FROM people
			WHERE day >= ? AND day <= ? AND `+finished+` AND member <> 2 GROUP BY 1, 2, 3, 4, 5
		UNION ALL
		SELECT stage, outcome, member, CASE WHEN source = 'late' THEN 1 ELSE 0 END, timed, COUNT(*) FROM people
			WHERE stage IN ('opened', 'identified', 'filled', 'verified') AND day >= ? AND day <= ? GROUP BY 1, 2, 3, 4, 5`, from, to, from, to)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []OutcomeSum
	for rows.Next() {
		var o OutcomeSum
		var member, late, timed int
		if err := rows.Scan(&o.Stage, &o.Outcome, &member, &late, &timed, &o.Count); err != nil {
			return nil, kind(err)
		}
		o.Member, o.Late, o.Timed = member == 1, late == 1, timed == 1
		out = append(out, o)
	}
	return out, kind(rows.Err())
}

// StepTimes calls f with the measured times of every finished registration of a span on whose steps the SOP's
// clocks ran, ms a step, 0 for a step that was not measured.
func (s *Store) StepTimes(ctx context.Context, from, to int64, f func(ms [6]int64)) error {
	// The plus keeps the planner from the index on members, which does not hold the steps.
	rows, err := s.query(ctx, `SELECT step1, step2, step3, step4, step5, step6 FROM people
		WHERE day >= ? AND day <= ? AND `+finished+` AND +member = 1 AND timed = 1`, from, to)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var ms [6]int64
		if err := rows.Scan(&ms[0], &ms[1], &ms[2], &ms[3], &ms[4], &ms[5]); err != nil {
			return kind(err)
		}
		f(ms)
	}
	return kind(rows.Err())
}

// RegisterSum are lines of the visit register that have the same kind, purpose and stop.
type RegisterSum struct {
	Kind, Purpose, Stop string
	Late                bool
	Visits, People      int64
}

// CountRegister sums the visit register over a span.
func (s *Store) CountRegister(ctx context.Context, from, to int64) ([]RegisterSum, error) {
	rows, err := s.query(ctx, `SELECT kind, purpose, stop, late, COUNT(*), SUM(people) FROM visits
		WHERE day >= ? AND day <= ? AND voided = 0 GROUP BY kind, purpose, stop, late`, from, to)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []RegisterSum
	for rows.Next() {
		var r RegisterSum
		var late int
		if err := rows.Scan(&r.Kind, &r.Purpose, &r.Stop, &late, &r.Visits, &r.People); err != nil {
			return nil, kind(err)
		}
		r.Late = late == 1
		out = append(out, r)
	}
	return out, kind(rows.Err())
}

// millis are the times of the steps in ms.
func millis(t library.StepTimes) (ms [6]int64) {
	for i, d := range t {
		ms[i] = d.Milliseconds()
	}
	return ms
}
