package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode"

	"simpul/sync/event"
	"simpul/sync/merge"
	"simpul/sync/wire"
)

// Who registers at home names a branch, and is served there: the centre keeps the
// registration and feeds it to that branch (event.Routing). people.branch is that
// branch, and people.node is it too, at everybody else and until there is a card:
// such a person is somebody to find, nobody to serve.

// referenceLetters leave out what is mistaken for something else when read out.
const referenceLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

// ReferenceLength is that of a reference: 40 bits, which with the birth date
// nobody guesses within what the limits let pass.
const ReferenceLength = 8

// Reference is what somebody who filled in the form says at the desk, made of the
// registration's id.
func Reference(registration event.ID) string {
	sum := sha256.Sum256(append([]byte("simpul/reference\x00"), registration[:]...))
	out := make([]byte, ReferenceLength)
	for i := range out {
		out[i] = referenceLetters[sum[i]&31]
	}
	return string(out)
}

// CleanReference reads a reference as it was typed, with the dashes that phones make of a hyphen; "" when it is none.
func CleanReference(typed string) string {
	s := strings.ToUpper(strings.Join(strings.FieldsFunc(typed, func(r rune) bool {
		return unicode.IsSpace(r) || r == '.' || unicode.Is(unicode.Pd, r)
	}), ""))
	if len(s) != ReferenceLength || strings.Trim(s, referenceLetters) != "" {
		return ""
	}
	return s
}

// wantedID is a reference in the list of those whom a node asks the centre for:
// eight zero bytes and its letters. No subject has such an id.
func wantedID(reference string) (id event.ID) {
	copy(id[len(id)-ReferenceLength:], reference)
	return id
}

// wantedReference is the other way round; "" for the id of a person.
func wantedReference(id event.ID) string {
	tail := id[len(id)-ReferenceLength:]
	if id != wantedID(string(tail)) {
		return ""
	}
	return CleanReference(string(tail))
}

// WantReference asks the centre for whom a reference is. DropReference takes that
// back: a reference that the centre does not know would be asked for ever.
func (tx *Tx) WantReference(reference string) error { return tx.WantPerson(wantedID(reference)) }

// DropReference: see WantReference.
func (tx *Tx) DropReference(reference string) error {
	id := wantedID(reference)
	return tx.exec("DELETE FROM wanted WHERE person = ?", id[:])
}

// ByReference finds whom a reference is; ErrNotFound when it is nobody's here.
func (s *Store) ByReference(ctx context.Context, reference string) (*merge.Person, error) {
	list, err := s.people(ctx, "reference = ? LIMIT 1", reference)
	if err == nil && len(list) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// BranchHere is the branch of this PC, at a centre its own id; zero before it joined one.
func (tx *Tx) BranchHere() (event.ID, error) {
	if tx.s.log.state.centre {
		n, err := tx.Node()
		if err != nil {
			return event.ID{}, err
		}
		return n.ID, nil
	}
	var node []byte
	if err := tx.row("SELECT node FROM exchange WHERE id = 1").Scan(&node); err != nil {
		if err = notFound(err); errors.Is(err, ErrNotFound) {
			err = nil
		}
		return event.ID{}, err
	}
	known, err := tx.Decisions()
	if err != nil {
		return event.ID{}, err
	}
	e, _ := known.Enrolment(toID(node))
	return e.Branch, nil
}

// servedBy is people.node: NULL for whom this node serves, or has as a member of
// its own, else the node or branch that does.
func (tx *Tx) servedBy(p *merge.Person) (any, error) {
	if p.For.IsZero() {
		return tx.originOf(p.Opened.At)
	}
	if p.Member() {
		return tx.originOf(p.Cards[0].At)
	}
	here, err := tx.BranchHere()
	if err != nil || p.For.Value == here {
		return nil, err
	}
	return p.For.Value[:], nil
}

// feedRouted puts the record of somebody who registered at home into the feed of
// the branch that serves, unless that is the centre, and keeps it in that of every
// branch that wrote about the person: what is laid over there must not lose what
// lies below.
func (tx *Tx) feedRouted(p *merge.Person, sole event.ID, state []byte) error {
	decided, err := tx.Decisions()
	if err != nil {
		return err
	}
	here, err := tx.BranchHere()
	if err != nil {
		return err
	}
	branches := map[event.ID]bool{}
	if p.For.Value != here {
		branches[p.For.Value] = true
	}
	for _, h := range p.Heads {
		f, err := tx.foreign(h.Stream)
		if err != nil {
			return err
		}
		if f == nil {
			continue
		}
		if e, ok := decided.Enrolment(f.Node); ok {
			branches[e.Branch] = true
		}
	}
	home := uint16(0) // of no PC before there is a card
	if p.Member() {
		e, err := tx.homeOf(p.Cards[0].At)
		if err != nil {
			return err
		}
		home = e.Code
	}
	fed, err := tx.branchesOf(p.ID)
	if err != nil {
		return err
	}
	for _, branch := range fed {
		if !branches[branch] {
			if err := tx.dropRow(wire.Own, branch, p.ID[:]); err != nil {
				return err
			}
		}
	}
	row, err := tx.fullRow(wire.PersonRow, p.ID, p.ID, home, state)
	if err != nil || row == nil {
		return err
	}
	for _, branch := range slices.SortedFunc(maps.Keys(branches), compareIDs) {
		if err := tx.putRow(wire.Own, branch, row, sole, false); err != nil {
			return err
		}
	}
	return nil
}

// Routed is one registration of somebody at home, as lists of the centre show it.
type Routed struct {
	ID     event.ID
	Name   string
	Branch event.ID
	Stage  merge.Stage
	Opened int64 // ms
}

// RoutedList lists registrations of people at home, newest first: those of a
// branch or, with a zero id, of all; unfinished ones or all; opened before an
// instant in ms.
func (s *Store) RoutedList(ctx context.Context, branch event.ID, unfinished bool, before int64, limit int) ([]Routed, error) {
	where, args := "branch IS NOT NULL AND opened < ?", []any{before}
	if !branch.IsZero() {
		where, args = "branch = ? AND opened < ?", []any{branch[:], before}
	}
	if unfinished {
		where += " AND " + routedWaiting
	}
	list, err := s.people(ctx, where+" ORDER BY opened DESC LIMIT ?", append(args, limit)...)
	if err != nil {
		return nil, err
	}
	out := make([]Routed, len(list))
	for i, p := range list {
		out[i] = Routed{ID: p.ID, Name: p.Get(event.FieldName), Branch: p.For.Value, Stage: p.Stage.Value, Opened: p.Opened.Value.Wall}
	}
	return out, nil
}

const routedWaiting = "stage IN ('opened', 'identified', 'filled', 'verified')"

// StaleRouted returns unfinished registrations of people at home that were opened
// before an instant in ms: at the centre, which serves none of them.
func (s *Store) StaleRouted(ctx context.Context, before int64, limit int) ([]*merge.Person, error) {
	return s.people(ctx, "branch IS NOT NULL AND node IS NOT NULL AND "+routedWaiting+" AND opened < ? ORDER BY opened LIMIT ?", before, limit)
}

// RoutedCounts counts, by branch, the registrations of people at home that wait.
func (s *Store) RoutedCounts(ctx context.Context) (map[event.ID]int, error) {
	rows, err := s.query(ctx, "SELECT branch, COUNT(*) FROM people WHERE branch IS NOT NULL AND "+routedWaiting+" GROUP BY branch")
	out := map[event.ID]int{}
	err = collect(rows, err, func(scan func(...any) error) error {
		var id []byte
		var n int
		err := scan(&id, &n)
		out[toID(id)] = n
		return err
	})
	return out, err
}

// RoutedOn counts the registrations of people at home for a branch on a day,
// whatever became of them.
func (tx *Tx) RoutedOn(branch event.ID, day int64) (n int, err error) {
	err = kind(tx.row("SELECT COUNT(*) FROM people WHERE branch = ? AND day = ?", branch[:], day).Scan(&n))
	return n, err
}

// Arrived reports whether a node has said that it holds a person's record as its
// branch was last fed it.
func (s *Store) Arrived(ctx context.Context, p *merge.Person) (bool, error) {
	known, err := s.Decisions(ctx)
	if err != nil {
		return false, err
	}
	var pos int64
	err = s.queryRow(ctx, "SELECT pos FROM feed WHERE partition = ? AND branch = ? AND key = ?", wire.Own, p.For.Value[:], p.ID[:]).Scan(&pos)
	if err = notFound(err); err != nil {
		if errors.Is(err, ErrNotFound) {
			err = nil
		}
		return false, err
	}
	for _, e := range known.Enrolments() {
		if e.Branch != p.For.Value {
			continue
		}
		var has int64
		err := notFound(s.queryRow(ctx, "SELECT own_pos FROM nodes WHERE id = ?", e.Node[:]).Scan(&has))
		if err != nil && !errors.Is(err, ErrNotFound) {
			return false, err
		}
		if has >= pos {
			return true, nil
		}
	}
	return false, nil
}

// BranchPoint is a branch as people at home choose it.
type BranchPoint struct {
	ID    event.ID
	Name  string
	Role  string
	Stops []string // as a PC of it has them in its settings
}

// Branches lists, at the centre, the branches that have a PC which is not revoked,
// by name. Of several PCs the newest name counts, and all stops.
func (s *Store) Branches(ctx context.Context) ([]BranchPoint, error) {
	known, err := s.Decisions(ctx)
	if err != nil {
		return nil, err
	}
	at := map[event.ID]int{}
	var out []BranchPoint
	for _, d := range known.All() {
		e, ok := d.Body.(*event.Enrolment)
		if !ok {
			continue
		}
		if _, gone := known.Revoked(e.Node); gone {
			continue
		}
		i, met := at[e.Branch]
		if !met {
			i = len(out)
			at[e.Branch], out = i, append(out, BranchPoint{ID: e.Branch})
		}
		out[i].Name, out[i].Role = e.Name, e.Role
		stops, err := s.stopsOf(ctx, e.Node)
		if err != nil {
			return nil, err
		}
		for _, stop := range stops {
			if !slices.Contains(out[i].Stops, stop) {
				out[i].Stops = append(out[i].Stops, stop)
			}
		}
	}
	slices.SortFunc(out, func(a, b BranchPoint) int { return cmp.Or(cmp.Compare(a.Name, b.Name), compareIDs(a.ID, b.ID)) })
	return out, nil
}

// stopsOf are the stops in the settings of a node, as far as they have arrived.
func (s *Store) stopsOf(ctx context.Context, node event.ID) (stops []string, _ error) {
	var state []byte
	err := notFound(s.queryRow(ctx, `SELECT p.state FROM peers p JOIN foreign_streams f ON f.subject = p.id
		WHERE f.node = ? AND f.branch = 0 ORDER BY f.rank DESC LIMIT 1`, node[:]).Scan(&state))
	if err != nil {
		if errors.Is(err, ErrNotFound) {
			err = nil
		}
		return nil, err
	}
	var n merge.Node
	if err := event.Decode(state, &n); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(n.Settings["stops"].Value), &stops); err != nil {
		return nil, nil // never set
	}
	return stops, nil
}
