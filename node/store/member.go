package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// Person loads one person to read; it may not be changed. ErrNotFound when nobody
// has that id.
func (s *Store) Person(ctx context.Context, id event.ID) (*merge.Person, error) {
	if p := s.known(id); p != nil {
		return p, ctx.Err()
	}
	var state []byte
	if err := s.queryRow(ctx, "SELECT state FROM people WHERE id = ?", id[:]).Scan(&state); err != nil {
		return nil, s.gone(id, notFound(err))
	}
	if len(state) == 0 {
		return nil, ErrErased
	}
	p := new(merge.Person)
	return p, s.unseal(state, "people", id, p)
}

// Holder is a person who holds or held a number.
type Holder struct {
	Person event.ID // who answers for the card: after two records were merged, the one that stands
	Card   event.ID // zero for a number of another system
	Away   bool     // a member of another branch: only the directory knows the member, see Store.Entry
}

// HoldersOf finds who holds a member number, newest card first, or had it in
// another system. A number is never a unique key, so this is a list.
func (s *Store) HoldersOf(ctx context.Context, number string) ([]Holder, error) {
	rows, err := s.query(ctx, "SELECT person, id FROM cards WHERE number = ? AND length(person) > 0 ORDER BY issued DESC LIMIT 10", number)
	out, err := holders(rows, err)
	if err != nil || !s.vault.IsOpen() {
		return out, err
	}
	rows, err = s.query(ctx, "SELECT person, id FROM entry_cards WHERE number = ? ORDER BY state LIMIT 10", number)
	more, err := holders(rows, err)
	if err != nil {
		return nil, err
	}
	if out = append(out, more...); len(out) > 0 {
		return s.answering(ctx, out)
	}
	tags, err := s.vault.Tags("alias", number)
	if err != nil {
		return nil, err
	}
	for _, tag := range tags {
		rows, err := s.query(ctx, "SELECT person, person FROM aliases WHERE tag = ? LIMIT 10", tag)
		found, err := holders(rows, err)
		if err != nil {
			return nil, err
		}
		for _, h := range found {
			out = append(out, Holder{Person: h.Person})
		}
	}
	return s.answering(ctx, out)
}

// NumberedCard is a card as the projection has it, readable while the vault is closed.
type NumberedCard struct {
	Person   event.ID
	Card     event.ID
	Until    int64 // last day of the membership, renewals included; days since 1970
	Blocked  bool
	Replaced bool
}

// CardsNumbered finds the cards with a number, newest first, at most ten. A number is never a unique key.
func (s *Store) CardsNumbered(ctx context.Context, number string) ([]NumberedCard, error) {
	rows, err := s.query(ctx, `SELECT c.person, c.id, p.until, c.blocked, c.replaced FROM cards c JOIN people p ON p.id = c.person
		WHERE c.number = ? ORDER BY c.issued DESC LIMIT 10`, number)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []NumberedCard
	for rows.Next() {
		var person, id []byte
		var blocked, replaced int
		var c NumberedCard
		if err := rows.Scan(&person, &id, &c.Until, &blocked, &replaced); err != nil {
			return nil, kind(err)
		}
		c.Person, c.Card, c.Blocked, c.Replaced = toID(person), toID(id), blocked != 0, replaced != 0
		out = append(out, c)
	}
	return out, kind(rows.Err())
}

func holders(rows *sql.Rows, err error) (out []Holder, _ error) {
	err = collect(rows, err, func(scan func(...any) error) error {
		var person, card []byte
		if err := scan(&person, &card); err != nil {
			return err
		}
		out = append(out, Holder{Person: toID(person), Card: toID(card)})
		return nil
	})
	return out, err
}

// NumberTaken reports whether a card of this node bears the number.
func (tx *Tx) NumberTaken(number string) (bool, error) {
	var n int
	err := tx.row("SELECT COUNT(*) FROM cards WHERE number = ?", number).Scan(&n)
	return n > 0, kind(err)
}

// LastNumber is the highest number with a prefix (code, year, incarnation), ""
// when there is none.
func (tx *Tx) LastNumber(prefix string) (string, error) {
	var last *string
	if err := tx.row("SELECT MAX(number) FROM cards WHERE number >= ? AND number < ?", prefix, prefix+"~").Scan(&last); err != nil {
		return "", kind(err)
	}
	if last == nil {
		return "", nil
	}
	return *last, nil
}

// SameNIK returns others with the NIK, at most limit.
func (s *Store) SameNIK(ctx context.Context, nik string, limit int) ([]*merge.Person, error) {
	return s.tagged(ctx, "nik", "nik_tag", nik, limit)
}

// SameBirth returns others born on the ISO date, at most limit.
func (s *Store) SameBirth(ctx context.Context, birth string, limit int) ([]*merge.Person, error) {
	return s.tagged(ctx, "birth", "birth_tag", birth, limit)
}

func (s *Store) tagged(ctx context.Context, kind, column, value string, limit int) ([]*merge.Person, error) {
	tags, err := s.vault.Tags(kind, value)
	if err != nil {
		return nil, err
	}
	var out []*merge.Person
	for _, tag := range tags {
		list, err := s.people(ctx, column+" = ? LIMIT ?", tag, limit)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// Unfinished returns the registrations that are open, oldest first.
func (s *Store) Unfinished(ctx context.Context, limit int) ([]*merge.Person, error) {
	return s.people(ctx, "node IS NULL AND (stage IN ('opened', 'identified', 'filled', 'verified') OR (stage = 'issued' AND class IS NULL AND (timed = 1 OR branch IS NOT NULL))) ORDER BY opened LIMIT ?", limit)
}

// Ended returns registrations that ended without a card and were opened before an
// instant in ms, newest first.
func (s *Store) Ended(ctx context.Context, before int64, limit int) ([]*merge.Person, error) {
	return s.people(ctx, "node IS NULL AND stage IN ('refused', 'withdrawn', 'lapsed') AND opened < ? ORDER BY opened DESC LIMIT ?", before, limit)
}

// StaleRegistrations returns unfinished registrations without a card that were
// opened before an instant in ms.
func (s *Store) StaleRegistrations(ctx context.Context, before int64, limit int) ([]*merge.Person, error) {
	return s.people(ctx, "node IS NULL AND stage IN ('opened', 'identified', 'filled', 'verified') AND opened < ? ORDER BY opened LIMIT ?", before, limit)
}

// EndedFrom returns registrations, of all nodes, that came to nothing and were opened
// before an instant in ms, in the order of opening and id after the one given.
func (s *Store) EndedFrom(ctx context.Context, before, opened int64, after event.ID, limit int) ([]*merge.Person, error) {
	return s.people(ctx, `stage IN ('refused', 'withdrawn', 'lapsed', 'same') AND member = 0 AND length(state) > 0 AND opened < ?
		AND (opened > ? OR (opened = ? AND id > ?)) ORDER BY opened, id LIMIT ?`, before, opened, opened, after[:], limit)
}

// MembersUntil returns members, of all nodes, whose membership ended before a day,
// in days since 1970, at most limit.
func (s *Store) MembersUntil(ctx context.Context, before int64, limit int) ([]*merge.Person, error) {
	return s.people(ctx, "member = 1 AND until > 0 AND until < ? AND length(state) > 0 LIMIT ?", before, limit)
}

// ClassMembers returns the children of a class in the order in which they were
// entered. Many are entered in one operation, with one reading of the clock, so
// the place in the log orders them.
func (s *Store) ClassMembers(ctx context.Context, class event.ID, limit int) ([]*merge.Person, error) {
	list, err := s.people(ctx, "class = ? ORDER BY opened, id LIMIT ?", class[:], limit)
	slices.SortStableFunc(list, func(a, b *merge.Person) int { return a.Opened.At.Compare(b.Opened.At) })
	return list, err
}

// PhotoShared reports whether anybody but one person has that photo: two people
// may have been given the same file by mistake.
func (tx *Tx) PhotoShared(card event.Hash, but event.ID) (bool, error) {
	var n int
	err := tx.row("SELECT COUNT(*) FROM people WHERE photo_card = ? AND id <> ?", card[:], but[:]).Scan(&n)
	return n > 0, kind(err)
}

// WaitingForPhoto returns members and registrations whose photo follows later.
func (s *Store) WaitingForPhoto(ctx context.Context, limit int) ([]*merge.Person, error) {
	return s.people(ctx, "node IS NULL AND photo = 'deferred' AND stage NOT IN ('refused', 'withdrawn', 'lapsed', 'same') ORDER BY opened LIMIT ?", limit)
}

// CardRow is a card as the lists of cards need it.
type CardRow struct {
	Card, Person event.ID
	Name, Number string
	Issued       int64 // ms
	Handed       int64 // ms, 0 = not yet
	Prints       int
	Stop         string
	Class        event.ID
}

// CardQuery selects cards for the lists; zero values do not restrict.
type CardQuery struct {
	Unprinted, Unhanded bool
	Day                 int64 // of issue
	Class               event.ID
	Stop                string
	Members             []event.ID // only theirs
	After               CardRow    // the last row of the page before: its Issued and Card are the cursor
	Limit               int
}

func (q CardQuery) where(s *Store) (string, []any) {
	where, args := "c.replaced = 0 AND c.away = 0 AND p.node IS NULL", []any{}
	add := func(cond string, arg ...any) { where += " AND " + cond; args = append(args, arg...) }
	if q.Unprinted {
		add("c.prints = 0")
	}
	if q.Unhanded {
		add("c.handed = 0")
	}
	if q.Day != 0 {
		from, to := s.dayBounds(q.Day)
		add("c.issued >= ? AND c.issued < ?", from, to)
	}
	if !q.Class.IsZero() {
		add("c.class = ?", q.Class[:])
	}
	if q.Stop != "" {
		add("c.stop = ?", q.Stop)
	}
	if len(q.Members) > 0 {
		in, ids := among(q.Members)
		add("c.person IN "+in, ids...)
	}
	if q.After.Issued != 0 {
		add("(c.issued > ? OR (c.issued = ? AND c.id > ?))", q.After.Issued, q.After.Issued, q.After.Card[:])
	}
	return where, args
}

// Cards lists cards that are in use, oldest first, with the names of their members.
func (s *Store) Cards(ctx context.Context, q CardQuery) ([]CardRow, error) {
	where, args := q.where(s)
	rows, err := s.query(ctx, "SELECT c.id, c.person, c.number, c.issued, c.handed, c.prints, c.stop, c.class, p.listing FROM cards c JOIN people p ON p.id = c.person WHERE "+
		where+" ORDER BY c.issued, c.id LIMIT ?", append(args, q.Limit)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []CardRow
	for rows.Next() {
		var r CardRow
		var id, person, class, sealed []byte
		if err := rows.Scan(&id, &person, &r.Number, &r.Issued, &r.Handed, &r.Prints, &r.Stop, &class, &sealed); err != nil {
			return nil, kind(err)
		}
		r.Card, r.Person, r.Class = toID(id), toID(person), toID(class)
		plain, err := s.vault.Unseal(sealed, vault.Place{Table: "people", Row: person, Column: "listing"})
		if err != nil {
			return nil, fmt.Errorf("store: listing: %w", err)
		}
		var l Listing
		if err := event.Decode(plain, &l); err != nil {
			return nil, fmt.Errorf("store: listing: %w", err)
		}
		r.Name = l.Name
		out = append(out, r)
	}
	return out, kind(rows.Err())
}

// WaitingStops counts the cards not yet handed over by stop, the stop with the
// most first.
func (s *Store) WaitingStops(ctx context.Context, limit int) (map[string]int, error) {
	rows, err := s.query(ctx, "SELECT stop, COUNT(*) FROM cards WHERE replaced = 0 AND handed = 0 AND away = 0 GROUP BY stop ORDER BY COUNT(*) DESC LIMIT ?", limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]int{}
	for rows.Next() {
		var stop string
		var n int
		if err := rows.Scan(&stop, &n); err != nil {
			return nil, kind(err)
		}
		out[stop] = n
	}
	return out, kind(rows.Err())
}

// CardSpan is a card issued on a day and how long its registration took, in ms
// on the SOP's clocks; 0 when they did not run.
type CardSpan struct {
	Card  event.ID
	Day   int64
	Spent int64
}

// CardDay lists the cards issued on a day.
func (s *Store) CardDay(ctx context.Context, day int64) ([]CardSpan, error) {
	from, to := s.dayBounds(day)
	rows, err := s.query(ctx, "SELECT id, spent FROM cards WHERE issued >= ? AND issued < ? AND away = 0", from, to)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []CardSpan
	for rows.Next() {
		var id []byte
		c := CardSpan{Day: day}
		if err := rows.Scan(&id, &c.Spent); err != nil {
			return nil, kind(err)
		}
		c.Card = toID(id)
		out = append(out, c)
	}
	return out, kind(rows.Err())
}

// CardSpans is the same for the cards of one person, whenever they were issued.
func (s *Store) CardSpans(p *merge.Person) []CardSpan {
	out := make([]CardSpan, len(p.Cards))
	for i, c := range p.Cards {
		out[i] = CardSpan{Card: c.ID, Day: s.Day(c.Wall), Spent: s.spent(p, c)}
	}
	return out
}

// Listings calls f with everybody who can be found here, in no order: full
// records, and after them the members of other branches whom the directory
// knows. It is how the directory is filled when the vault opens.
func (s *Store) Listings(ctx context.Context, f func(Listing) error) error {
	known, err := s.Decisions(ctx)
	if err != nil {
		return err
	}
	rows, err := s.query(ctx, "SELECT id, listing FROM people")
	if err != nil {
		return err
	}
	defer rows.Close()
	var id, sealed []byte
	var plain []byte
	for rows.Next() {
		if err := rows.Scan(&id, &sealed); err != nil {
			return kind(err)
		}
		if len(sealed) == 0 || known.Survivor(toID(id)) != toID(id) {
			continue // erased, or another name of somebody
		}
		plain, err = s.vault.UnsealTo(plain[:0], sealed, vault.Place{Table: "people", Row: id, Column: "listing"})
		if err != nil {
			return fmt.Errorf("store: listing: %w", err)
		}
		var l Listing
		if err := event.Decode(plain, &l); err != nil {
			return fmt.Errorf("store: listing: %w", err)
		}
		l.ID = toID(id)
		if err := f(l); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return kind(err)
	}
	return s.entries(ctx, known, f)
}
