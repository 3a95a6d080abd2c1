package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/merge"
	"simpul/sync/wire"
)

// Listing is what the directory knows of a person: enough to find and tell
// people apart, no more.
type Listing struct {
	_       struct{} `cbor:",toarray"`
	ID      event.ID `cbor:"-"`
	Name    string
	Number  string
	Birth   string // ISO date
	Village string
	Stage   string
	Member  bool
	Blocked bool
	Until   int64
	Photo   []byte // hash of the small rendition
	Away    bool   `cbor:"-"` // of another branch: only the directory knows the member
}

// Person loads a person for a use case. The same use case sees its own changes.
// ErrNotFound when nobody has that id, as ErrErased when somebody had it.
func (tx *Tx) Person(id event.ID) (*merge.Person, error) {
	if p, ok := tx.people[id]; ok {
		return p, nil
	}
	p := tx.s.log.group[id]
	if p == nil {
		p = tx.s.known(id)
	}
	if p != nil {
		p = p.Clone()
		tx.keepPerson(id, p)
		return p, nil
	}
	var state []byte
	if err := tx.row("SELECT state FROM people WHERE id = ?", id[:]).Scan(&state); err != nil {
		return nil, tx.s.gone(id, notFound(err))
	}
	if len(state) == 0 {
		return nil, ErrErased
	}
	p = new(merge.Person)
	if err := tx.s.unseal(state, "people", id, p); err != nil {
		return nil, err
	}
	tx.keepPerson(id, p)
	return p, nil
}

// known is the state of a person that was written to lately; nil when it has to
// be read. A closed vault knows nobody.
func (s *Store) known(id event.ID) *merge.Person {
	if !s.vault.IsOpen() {
		s.states.clear()
		return nil
	}
	p, _ := s.states.get(id)
	return p
}

// forgetState keeps a use case from meeting the state of a person that is no
// longer what the table says. Dropping what others remember harms nobody.
func (tx *Tx) forgetState(id event.ID) {
	delete(tx.people, id)
	delete(tx.s.log.group, id)
	tx.s.states.drop(id)
}

func (tx *Tx) keepPerson(id event.ID, p *merge.Person) {
	if tx.people == nil {
		tx.people = map[event.ID]*merge.Person{}
	}
	tx.people[id] = p
}

// memberAway is people.member of somebody whose full record lies here and who is
// a member of another branch.
const memberAway = 2

// away reports whether a person's record is here only because it was asked for.
func (tx *Tx) away(id event.ID) (bool, error) {
	var own, asked int
	err := tx.row("SELECT COUNT(CASE WHEN part = ? THEN 1 END), COUNT(CASE WHEN part = ? THEN 1 END) FROM bases WHERE key = ? AND part IN (?, ?)",
		wire.Own, wire.Asked, id[:], wire.Own, wire.Asked).Scan(&own, &asked)
	return own == 0 && asked > 0, kind(err)
}

// personRow is the part of a person that lies in clear, and what is derived.
type personRow struct {
	stage, source, kind, sex, district, education, occupation, photo, stop string
	branch, reference                                                      string // of who registered at home; the branch is the bytes of its id
	timed, day, member, issued, until, birthYear                           int64
	opened                                                                 int64
	outcome                                                                string   // code of why it ended without a card
	steps                                                                  [6]int64 // ms on the SOP's clocks
	class, photoCard                                                       any
}

// away says that the person is a member of another branch, whom no report of this
// one counts.
func (s *Store) personRow(p *merge.Person, away bool) personRow {
	o := p.Opened.Value
	r := personRow{
		stage: string(p.Stage.Value), source: o.Source, kind: p.Term.Value.Kind, sex: p.Get(event.FieldSex),
		district: p.Get(event.FieldDistrict), education: p.Get(event.FieldEducation), occupation: p.Get(event.FieldOccupation),
		photo: p.Photo.Value.State, stop: p.Get(event.FieldStop), timed: int64(flag(s.timed(p))), opened: o.Wall, day: o.Day,
		until: p.Term.Value.Until, class: idOrNull(o.Class), member: int64(flag(p.Member())),
	}
	if away && r.member == 1 {
		r.member = memberAway
	}
	if r.day == 0 {
		r.day = s.Day(o.Wall)
	}
	switch p.Stage.Value {
	case merge.StageRefused, merge.StageWithdrawn, merge.StageLapsed:
		r.outcome = p.Outcome.Value.Key
	}
	if r.timed == 1 {
		r.steps = millis(Clock(p).Spent)
	}
	if p.Member() {
		r.issued = s.Day(p.Cards[0].Wall)
		if o.Day != 0 {
			r.issued = o.Day
		}
	}
	if birth := p.Get(event.FieldBirth); len(birth) >= 4 {
		r.birthYear, _ = strconv.ParseInt(birth[:4], 10, 64) // 0 when it is no date
	}
	if p.Photo.Value.State == merge.PhotoAttached {
		h := p.Photo.Value.Card
		r.photoCard = h[:]
	}
	if !p.For.IsZero() {
		r.branch, r.reference = string(p.For.Value[:]), Reference(p.ID)
	}
	return r
}

// ListingOf is the directory entry of a person.
func (s *Store) ListingOf(p *merge.Person) Listing {
	known, err := s.Decisions(context.Background())
	if err != nil {
		known = noDecisions
	}
	return known.listing(p)
}

// noDecisions is what holds while the vault is closed, or nobody decided.
var noDecisions = newDecisions(nil)

func (d *Decisions) listing(p *merge.Person) Listing {
	l := Listing{ID: p.ID, Name: p.Get(event.FieldName), Birth: p.Get(event.FieldBirth), Village: p.Get(event.FieldVillage),
		Stage: string(p.Stage.Value), Member: p.Member(), Until: p.Term.Value.Until}
	if c := p.Card(); c != nil {
		l.Number, l.Blocked = c.Number, c.Blocked() || d.Barred(c.ID)
	}
	if p.Photo.Value.State == merge.PhotoAttached {
		l.Photo = p.Photo.Value.Card[:]
	}
	return l
}

func (tx *Tx) savePerson(p *merge.Person) error {
	if tx.s.erased.has(p.ID) {
		return nil
	}
	known, err := tx.Decisions()
	if err != nil {
		return err
	}
	encoded, err := event.Encode(p)
	if err != nil {
		return fmt.Errorf("store: encode people: %w", err)
	}
	state, err := tx.s.sealState(encoded, "people", p.ID)
	if err != nil {
		return err
	}
	plain, err := event.Encode(known.listing(p))
	if err != nil {
		return err
	}
	listing, err := tx.s.vault.Seal(plain, vault.Place{Table: "people", Row: p.ID[:], Column: "listing"})
	if err != nil {
		return err
	}
	nik, birth, err := tx.s.personTags(p)
	if err != nil {
		return err
	}
	away, err := tx.away(p.ID)
	if err != nil {
		return err
	}
	r := tx.s.personRow(p, away)
	node, err := tx.servedBy(p)
	if err != nil {
		return err
	}
	if err := tx.exec(`INSERT INTO people (id, stage, source, timed, opened, day, class, member, issued, until, kind, sex, birth_year,
			district, education, occupation, photo, photo_card, stop, nik_tag, birth_tag, listing, state,
			outcome, step1, step2, step3, step4, step5, step6, node, branch, reference)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET stage = excluded.stage, source = excluded.source, timed = excluded.timed, opened = excluded.opened,
			day = excluded.day, class = excluded.class, member = excluded.member, issued = excluded.issued, until = excluded.until,
			kind = excluded.kind, sex = excluded.sex, birth_year = excluded.birth_year, district = excluded.district,
			education = excluded.education, occupation = excluded.occupation, photo = excluded.photo, photo_card = excluded.photo_card,
			stop = excluded.stop, nik_tag = excluded.nik_tag, birth_tag = excluded.birth_tag, listing = excluded.listing, state = excluded.state,
			outcome = excluded.outcome, step1 = excluded.step1, step2 = excluded.step2, step3 = excluded.step3,
			step4 = excluded.step4, step5 = excluded.step5, step6 = excluded.step6, node = excluded.node,
			branch = excluded.branch, reference = excluded.reference`,
		p.ID[:], r.stage, r.source, r.timed, r.opened, r.day, r.class, r.member, r.issued, r.until, r.kind, r.sex, r.birthYear,
		r.district, r.education, r.occupation, r.photo, r.photoCard, r.stop, nik, birth, listing, state,
		r.outcome, r.steps[0], r.steps[1], r.steps[2], r.steps[3], r.steps[4], r.steps[5], node, bytesOrNull(r.branch), textOrNull(r.reference)); err != nil {
		return fmt.Errorf("store: save person: %w", err)
	}
	if err := tx.saveCards(p, known, away); err != nil {
		return err
	}
	if node == nil {
		tx.change(p)
	} else {
		tx.change(Foreign{p})
	}
	if err := errors.Join(tx.saveAliases(p), tx.saveWishes(p)); err != nil {
		return err
	}
	return tx.atCentre(p, nik, encoded)
}

func bytesOrNull(s string) any {
	if s == "" {
		return nil
	}
	return []byte(s)
}

func textOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// personTags are the keyed look-up values, nil where there is nothing to look up.
func (s *Store) personTags(p *merge.Person) (nik, birth any, err error) {
	tag := func(kind, value string) (any, error) {
		if value == "" {
			return nil, nil
		}
		return s.vault.Tag(kind, value)
	}
	if nik, err = tag("nik", p.Get(event.FieldNIK)); err != nil {
		return nil, nil, err
	}
	birth, err = tag("birth", p.Get(event.FieldBirth))
	return nik, birth, err
}

func (tx *Tx) saveCards(p *merge.Person, known *Decisions, away bool) error {
	for _, c := range p.Cards {
		replaced := 0
		for _, other := range p.Cards {
			if other.Replaces == c.ID {
				replaced = 1
			}
		}
		var handed int64
		if !c.Handed.IsZero() {
			handed = c.Handed.Value.Wall
		}
		link, err := tx.linkOf(p.ID, c.ID)
		if err != nil {
			return err
		}
		if err := tx.exec(`INSERT INTO cards (id, person, number, kind, issued, until, blocked, replaced, prints, handed, spent, stop, class, replacing, away, link)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET until = excluded.until, blocked = excluded.blocked, replaced = excluded.replaced,
				prints = excluded.prints, handed = excluded.handed, spent = excluded.spent, replacing = excluded.replacing, away = excluded.away, link = excluded.link`,
			c.ID[:], p.ID[:], c.Number, c.Kind, c.Wall, c.Until, flag(c.Blocked() || known.Barred(c.ID)), replaced, len(c.Prints), handed,
			tx.s.spent(p, c), p.Get(event.FieldStop), idOrNull(p.Opened.Value.Class), flag(!c.Replaces.IsZero()), flag(away), link); err != nil {
			return fmt.Errorf("store: save card: %w", err)
		}
		if replaced == 0 && tx.s.log.state.centre {
			if err := tx.tellTwice(p.ID, c.Number, known); err != nil {
				return err
			}
		}
	}
	return nil
}

// tellTwice tells the centre when a card in use of somebody else has the number.
func (tx *Tx) tellTwice(id event.ID, number string, known *Decisions) error {
	holders, err := tx.idList("SELECT person FROM cards WHERE number = ? AND person <> ? AND replaced = 0 AND length(person) > 0", number, id[:])
	for _, other := range holders {
		if known.Survivor(other) == known.Survivor(id) {
			continue
		}
		one, two := inOrder(id, other)
		err = errors.Join(err, tx.noticeOnce(NoticeTwice, one.String()+" "+two.String()))
	}
	return err
}

// spent is how long the registration took until this card, in ms on the SOP's
// clocks; 0 for replacements and for registrations whose clocks do not run.
func (s *Store) spent(p *merge.Person, c merge.Card) int64 {
	if !c.Replaces.IsZero() || !s.timed(p) {
		return 0
	}
	return Clock(p).Spent.Sum().Milliseconds()
}

func (tx *Tx) saveAliases(p *merge.Person) error {
	for _, a := range p.Aliases {
		tag, err := tx.s.vault.Tag("alias", a.Number)
		if err != nil {
			return err
		}
		if err := tx.exec("INSERT INTO aliases (tag, person) VALUES (?, ?) ON CONFLICT DO NOTHING", tag, p.ID[:]); err != nil {
			return fmt.Errorf("store: save alias: %w", err)
		}
	}
	return nil
}

// People returns the persons that a query over the clear columns selects.
func (s *Store) people(ctx context.Context, where string, args ...any) ([]*merge.Person, error) {
	rows, err := s.query(ctx, "SELECT id, state FROM people WHERE "+where, args...)
	if err != nil {
		return nil, err
	}
	return scanPeople(s, rows)
}

// namesAtOnce is how many names one query brings; the query stays the same one.
const namesAtOnce = 50

// Names returns the directory entries of some persons, for lists that hold ids.
func (s *Store) Names(ctx context.Context, ids []event.ID) (map[event.ID]Listing, error) {
	out := make(map[event.ID]Listing, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), namesAtOnce)
		args := make([]any, namesAtOnce)
		for i := range args {
			args[i] = ids[min(i, n-1)][:]
		}
		ids = ids[n:]
		people, err := s.people(ctx, "id IN (?"+strings.Repeat(", ?", namesAtOnce-1)+")", args...)
		if err != nil {
			return nil, err
		}
		for _, p := range people {
			out[p.ID] = s.ListingOf(p)
		}
	}
	return out, nil
}

func scanPeople(s *Store, rows *sql.Rows) ([]*merge.Person, error) {
	defer rows.Close()
	var out []*merge.Person
	for rows.Next() {
		var id, state []byte
		if err := rows.Scan(&id, &state); err != nil {
			return nil, kind(err)
		}
		if len(state) == 0 {
			continue // erased
		}
		p := s.known(toID(id))
		if p == nil {
			p = new(merge.Person)
			if err := s.unseal(state, "people", toID(id), p); err != nil {
				return nil, err
			}
		}
		out = append(out, p)
	}
	return out, kind(rows.Err())
}

// EachWithPhoto calls f with every person who has a photo, in the order of their ids.
func (s *Store) EachWithPhoto(ctx context.Context, f func(*merge.Person) error) error {
	return s.eachWithPhoto(ctx, false, f)
}

// eachWithPhoto passes over whom nodes registered when own is set.
func (s *Store) eachWithPhoto(ctx context.Context, own bool, f func(*merge.Person) error) error {
	const page = 200
	for after := (event.ID{}); ; {
		list, err := s.people(ctx, "photo = 'attached' AND (node IS NULL OR ? = 0) AND id > ? ORDER BY id LIMIT ?", flag(own), after[:], page)
		if err != nil {
			return err
		}
		for _, p := range list {
			if err := f(p); err != nil {
				return err
			}
			after = p.ID
		}
		if len(list) < page {
			return nil
		}
	}
}
