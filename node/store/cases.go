package store

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"

	"simpul/sync/event"
	"simpul/sync/merge"
)

// A NIK is unique nowhere in the log. When a member comes whose NIK another has,
// that is a case: the centre settles it by itself where nothing speaks against
// it, and else a person does.

// CaseState is where a case stands.
type CaseState string

// The states.
const (
	CaseEqual  CaseState = "equal"  // nothing speaks against it: to be merged by rule
	CaseOpen   CaseState = "open"   // for a person
	CaseMerged CaseState = "merged" // one person
	CaseApart  CaseState = "apart"  // two people, somebody said
	CaseLater  CaseState = "later"  // open, and put off: only to list and count such cases
)

// ruleEqual is Merging.Rule of a merging that nobody was asked about.
const ruleEqual = "equal"

// Case is two members who may be one person. One has the smaller id.
type Case struct {
	One, Other event.ID
	State      CaseState
	Since      int64      // ms
	Merging    event.Hash // the decision, when they were ever merged
	Later      int64      // ms until which it is put off, or UntilItChanges; 0 = not
	LaterAt    int64      // ms, when somebody put it off
	LaterBy    event.ID
}

// ErrCase is returned for what cannot be done to a case as it stands.
var ErrCase = errors.New("store: the case does not stand so any more")

// noteSame opens a case for each other member with the NIK of one that was just
// saved, unless it was settled before.
func (tx *Tx) noteSame(p *merge.Person) error {
	tags, err := tx.s.vault.Tags("nik", p.Get(event.FieldNIK))
	if err != nil {
		return err
	}
	for _, tag := range tags {
		others, err := tx.idList("SELECT id FROM people WHERE nik_tag = ? AND id <> ? AND member = 1 AND length(state) > 0 LIMIT 8", tag, p.ID[:])
		if err != nil {
			return err
		}
		for _, id := range others {
			if err := tx.noteCase(p, id); err != nil {
				return err
			}
		}
	}
	return nil
}

func (tx *Tx) noteCase(p *merge.Person, id event.ID) error {
	known, err := tx.Decisions()
	if err != nil || known.Survivor(p.ID) == known.Survivor(id) {
		return err
	}
	other, err := tx.Person(id)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	state := CaseOpen
	switch {
	case known.splitOf(p.ID, id) || len(known.Partings(p.ID, id)) > 0:
		state = CaseApart
	case tx.equal(p, other):
		state = CaseEqual
	}
	one, two := inOrder(p.ID, id)
	// A later correction may make equal what was not; nothing makes it less settled.
	return tx.exec(`INSERT INTO cases (one, other, state, since) VALUES (?, ?, ?, ?)
		ON CONFLICT (one, other) DO UPDATE SET state = excluded.state, later = 0 WHERE cases.state = 'open' AND excluded.state = 'equal'`,
		one[:], two[:], string(state), tx.Now().UnixMilli())
}

// equal reports whether two members with one NIK are merged without asking: both
// are active, were born on the same day, and bear the same name as it is compared.
func (tx *Tx) equal(p, q *merge.Person) bool {
	birth, name := p.Get(event.FieldBirth), merge.Normal(p.Get(event.FieldName))
	return birth != "" && birth == q.Get(event.FieldBirth) && name != "" && name == merge.Normal(q.Get(event.FieldName)) &&
		p.Get(event.FieldNIK) == q.Get(event.FieldNIK) && tx.active(p) && tx.active(q)
}

func (tx *Tx) active(p *merge.Person) bool {
	c := p.Card()
	return c != nil && !c.Blocked() && p.Term.Value.Until >= tx.s.Day(tx.Now().UnixMilli())
}

func inOrder(a, b event.ID) (event.ID, event.ID) {
	if bytes.Compare(a[:], b[:]) > 0 {
		return b, a
	}
	return a, b
}

// splitOf reports whether a merging of these two was undone.
func (d *Decisions) splitOf(a, b event.ID) bool {
	for hash, m := range d.mergings {
		if d.split[hash] && (m.Survivor == a && m.Absorbed == b || m.Survivor == b && m.Absorbed == a) {
			return true
		}
	}
	return false
}

const caseColumns = "one, other, state, since, merging, later, later_at, later_by"

func scanCase(from scanner) (c Case, err error) {
	var one, other, merging, by []byte
	var state string
	err = from.Scan(&one, &other, &state, &c.Since, &merging, &c.Later, &c.LaterAt, &by)
	c.LaterBy = toID(by)
	c.One, c.Other, c.State, c.Merging = toID(one), toID(other), CaseState(state), toHash(merging)
	return c, err
}

// Cases lists cases in a state, the oldest first; of those that are put off, the
// one that comes back first.
func (s *Store) Cases(ctx context.Context, state CaseState, limit int) ([]Case, error) {
	where, args := state.where()
	rows, err := s.query(ctx, "SELECT "+caseColumns+" FROM cases WHERE "+where+" ORDER BY later, since, one, other LIMIT ?", append(args, limit)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Case
	for rows.Next() {
		c, err := scanCase(rows)
		if err != nil {
			return nil, kind(err)
		}
		out = append(out, c)
	}
	return out, kind(rows.Err())
}

// CountCases counts the cases in a state.
func (s *Store) CountCases(ctx context.Context, state CaseState) (n int64, err error) {
	where, args := state.where()
	err = s.queryRow(ctx, "SELECT COUNT(*) FROM cases WHERE "+where, args...).Scan(&n)
	return n, kind(err)
}

// where selects the cases that are listed under a state.
func (state CaseState) where() (string, []any) {
	switch state {
	case CaseOpen:
		return "state = ? AND later = 0", []any{string(CaseOpen)}
	case CaseLater:
		return "state = ? AND later > 0", []any{string(CaseOpen)}
	}
	return "state = ?", []any{string(state)}
}

// Case loads the case of two people; ErrNotFound when there is none.
func (tx *Tx) Case(a, b event.ID) (Case, error) {
	one, other := inOrder(a, b)
	c, err := scanCase(tx.row("SELECT "+caseColumns+" FROM cases WHERE one = ? AND other = ?", one[:], other[:]))
	return c, notFound(err)
}

// Case loads the case of two people; ErrNotFound when there is none.
func (s *Store) Case(ctx context.Context, a, b event.ID) (Case, error) {
	one, other := inOrder(a, b)
	c, err := scanCase(s.queryRow(ctx, "SELECT "+caseColumns+" FROM cases WHERE one = ? AND other = ?", one[:], other[:]))
	return c, notFound(err)
}

// MergeCase decides that two people are one; survivor is who stands.
func (tx *Tx) MergeCase(key ed25519.PrivateKey, officer, survivor, absorbed event.ID, note string) (event.Hash, error) {
	if err := tx.liftPartings(key, officer, survivor, absorbed, note); err != nil {
		return event.Hash{}, err
	}
	return tx.mergeCase(key, officer, &event.Merging{Survivor: survivor, Absorbed: absorbed, Rule: "person", Note: note})
}

func (tx *Tx) mergeCase(key ed25519.PrivateKey, officer event.ID, m *event.Merging) (event.Hash, error) {
	c, err := tx.Case(m.Survivor, m.Absorbed)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return event.Hash{}, err
	}
	if c.State == CaseMerged || m.Survivor == m.Absorbed {
		return event.Hash{}, ErrCase
	}
	r, err := tx.Decide(key, officer, event.PeopleMerged, m)
	if err != nil {
		return event.Hash{}, err
	}
	hash := r.Hash()
	return hash, tx.setCase(m.Survivor, m.Absorbed, CaseMerged, hash[:])
}

// SplitCase undoes a merging; both go on as two.
func (tx *Tx) SplitCase(key ed25519.PrivateKey, officer event.ID, merging event.Hash, note string) error {
	known, err := tx.Decisions()
	if err != nil {
		return err
	}
	m, ok := known.merging(merging)
	if !ok || known.split[merging] {
		return ErrCase
	}
	if _, err := tx.Decide(key, officer, event.PeopleSplit, &event.Splitting{Merging: merging, Note: note}); err != nil {
		return err
	}
	return tx.setCase(m.Survivor, m.Absorbed, CaseApart, merging[:])
}

func (tx *Tx) setCase(a, b event.ID, state CaseState, merging []byte) error {
	one, other := inOrder(a, b)
	return tx.exec(`INSERT INTO cases (one, other, state, since, merging) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (one, other) DO UPDATE SET state = excluded.state, later = 0, merging = COALESCE(excluded.merging, cases.merging)`,
		one[:], other[:], string(state), tx.Now().UnixMilli(), merging)
}

// settleCases merges by rule the people of whom nothing says that they are two.
func (tx *Tx) settleCases(key ed25519.PrivateKey, most int) (int, error) {
	rows, err := tx.query("SELECT "+caseColumns+" FROM cases WHERE state = ? ORDER BY since, one, other LIMIT ?", string(CaseEqual), most)
	var due []Case
	if err := collect(rows, err, func(scan func(...any) error) error {
		c, err := scanCase(scanFunc(scan))
		due = append(due, c)
		return err
	}); err != nil {
		return 0, err
	}
	for _, c := range due {
		if err := tx.settleCase(key, c); err != nil {
			return 0, fmt.Errorf("store: settle a case: %w", err)
		}
	}
	return len(due), nil
}

// settleCase looks at both once more: either may have changed since.
func (tx *Tx) settleCase(key ed25519.PrivateKey, c Case) error {
	p, err := tx.Person(c.One)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	q, other := tx.Person(c.Other)
	if other != nil && !errors.Is(other, ErrNotFound) {
		return other
	}
	known, derr := tx.Decisions()
	switch {
	case derr != nil:
		return derr
	case err != nil || other != nil:
		return tx.setCase(c.One, c.Other, CaseApart, nil) // erased
	case known.Survivor(c.One) == known.Survivor(c.Other):
		return tx.setCase(c.One, c.Other, CaseMerged, nil)
	case len(known.Partings(c.One, c.Other)) > 0:
		return tx.setCase(c.One, c.Other, CaseApart, nil)
	case !tx.equal(p, q):
		return tx.setCase(c.One, c.Other, CaseOpen, nil)
	}
	// The first claim stands.
	m := &event.Merging{Survivor: c.One, Absorbed: c.Other, Rule: ruleEqual}
	if q.Opened.At.Compare(p.Opened.At) < 0 {
		m.Survivor, m.Absorbed = c.Other, c.One
	}
	_, err = tx.mergeCase(key, event.ID{}, m)
	return err
}

type scanFunc func(...any) error

func (f scanFunc) Scan(dest ...any) error { return f(dest...) }
