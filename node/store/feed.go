package store

import (
	"encoding/binary"
	"errors"

	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/merge"
	"simpul/sync/wire"
)

// The feed is what a centre tells its nodes: of each key the latest row, at the
// position at which it last changed. The single writer gives positions inside the
// transaction that changes the row, so no reader ever sees a position whose
// predecessors are still to come.
//
// Full records are not kept twice: their row here has only a checksum, and the
// body is made from the projection when it is sent.

const countFeed = "feed" // the newest position

// feedWork is what a use case does to the feed: positions and sums are written
// once, at its end.
type feedWork struct {
	began int64 // the newest position before
	pos   int64
	read  bool
	sums  map[sumKey]wire.Sum
}

// district are the settings that apply in every library of the district.
var district = map[string]bool{"purposes": true, "old_purposes": true, "member_kinds": true, "identity_kinds": true, "consents": true,
	"adult_age": true, "lapse_days": true, "standards": true, "card_heading": true, "card_subheading": true, "card_ink": true,
	"card_accent": true, "card_rules": true, "card_emblem": true, "public_url": true, "addresses": true,
	"draft_days": true, "ended_days": true, "visit_months": true, "keep_years": true}

func (tx *Tx) feeds() bool { return tx.s.log.state.centre && !tx.unfed }

// feedPerson puts a person's rows into the feed: the full record for the branch
// that registered it, and for members the entry that the whole district gets.
func (tx *Tx) feedPerson(p *merge.Person, state []byte) error {
	if !tx.feeds() {
		return nil
	}
	sole, err := tx.soleOf(p.Heads)
	if err != nil {
		return err
	}
	if p.Member() {
		if err := tx.feedEntry(p, sole); err != nil {
			return err
		}
	}
	if !p.For.IsZero() {
		return tx.feedRouted(p, sole, state)
	}
	return tx.feedRecord(wire.PersonRow, p.ID, p.ID, p.Opened.At, sole, state)
}

func (tx *Tx) feedEntry(p *merge.Person, sole event.ID) error {
	made := p.Opened.At
	if !p.For.IsZero() {
		made = p.Cards[0].At // who registered at home is at home where the card was issued
	}
	home, err := tx.homeOf(made)
	if err != nil {
		return err
	}
	tag, err := tx.tagOf(p.Get(event.FieldNIK))
	if err != nil {
		return err
	}
	body, err := event.Encode(entryFor(p, home.Code, tag))
	if err != nil {
		return err
	}
	return tx.putRow(wire.Directory, event.ID{}, &wire.Row{Kind: wire.EntryRow, Key: p.ID[:], Body: body}, sole, true)
}

// entryFor is what the district knows of a member.
func entryFor(p *merge.Person, home, tag uint16) *wire.Entry {
	e := &wire.Entry{Name: p.Get(event.FieldName), Home: home, Kind: p.Term.Value.Kind, Until: p.Term.Value.Until, Tag: tag}
	replaced := map[event.ID]bool{}
	for _, c := range p.Cards {
		replaced[c.Replaces] = true
	}
	for i := len(p.Cards) - 1; i >= 0; i-- {
		c := wire.EntryCard{ID: p.Cards[i].ID, Number: p.Cards[i].Number}
		switch {
		case replaced[c.ID]:
			c.State = 2
		case p.Cards[i].Blocked():
			c.State = 1
		}
		e.Cards = append(e.Cards, c)
	}
	return e
}

// feedRecord puts a full record into the feed of the branch from which it came.
// Nobody is fed what the centre itself recorded, nor what is of nobody yet.
func (tx *Tx) feedRecord(kind wire.RowKind, key, subject event.ID, made merge.Stamp, sole event.ID, state []byte) error {
	if !tx.feeds() {
		return nil
	}
	home, err := tx.homeOf(made)
	if err != nil || home.Branch.IsZero() {
		return err
	}
	row, err := tx.fullRow(kind, key, subject, home.Code, state)
	if err != nil || row == nil {
		return err
	}
	return tx.putRow(wire.Own, home.Branch, row, sole, false)
}

// fullRow is the row of a full record; nil when its subject was erased.
func (tx *Tx) fullRow(kind wire.RowKind, key, subject event.ID, home uint16, state []byte) (*wire.Row, error) {
	salt, err := tx.salt(subject)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	body, err := event.Encode(&wire.Record{Salt: salt, Home: home, State: state})
	return &wire.Row{Kind: kind, Key: key[:], Body: body}, err
}

// feedSettings puts the settings of the district into the feed.
func (tx *Tx) feedSettings(n *merge.Node) error {
	if !tx.feeds() {
		return nil
	}
	for name, value := range n.Settings {
		if district[name] {
			if err := tx.putRow(wire.Settings, event.ID{}, &wire.Row{Kind: wire.SettingRow, Key: []byte(name), Body: []byte(value.Value)}, event.ID{}, true); err != nil {
				return err
			}
		}
	}
	return nil
}

// soleOf is the node whose one stream made a state; zero when others did too, or
// the centre. That node has the state itself: it learns of every stream that came
// from it, and in one stream its order is the centre's. Of several streams, though
// all of its own, it may have another order, after a restore or beside a copy of
// its disk; so it is fed the state as anybody is.
func (tx *Tx) soleOf(heads merge.Heads) (event.ID, error) {
	if len(heads) != 1 {
		return event.ID{}, nil
	}
	f, err := tx.foreign(heads[0].Stream)
	if err != nil || f == nil {
		return event.ID{}, err
	}
	return f.Node, nil
}

// homeOf is the enrolment of the node from which a state came; of the centre
// itself there is only the code.
func (tx *Tx) homeOf(made merge.Stamp) (event.Enrolment, error) {
	f, err := tx.ranked(made.Rank)
	if err != nil {
		return event.Enrolment{}, err
	}
	if f == nil {
		if made.IsZero() {
			return event.Enrolment{}, nil
		}
		n, err := tx.Node()
		if err != nil {
			return event.Enrolment{}, err
		}
		return event.Enrolment{Code: n.Config.Value.Code}, nil
	}
	decided, err := tx.Decisions()
	if err != nil {
		return event.Enrolment{}, err
	}
	e, _ := decided.Enrolment(f.Node)
	return e, nil
}

// feedRow is a row as it stands.
type feedRow struct {
	kind wire.RowKind
	sole event.ID
	sum  uint64
}

// putRow makes row the latest of its key, at a new position, unless it is what
// stands there.
func (tx *Tx) putRow(part wire.Partition, branch event.ID, row *wire.Row, sole event.ID, keep bool) error {
	have, err := tx.rowAt(part, branch, row.Key)
	if err != nil {
		return err
	}
	hash := row.Hash()
	next := feedRow{row.Kind, sole, binary.BigEndian.Uint64(hash[:8])}
	if have != nil && *have == next {
		return nil
	}
	pos, err := tx.nextPosition()
	if err != nil {
		return err
	}
	var body any
	if keep {
		if body, err = tx.s.vault.Seal(row.Body, feedPlace(part, row.Key)); err != nil {
			return err
		}
	}
	tx.moveSums(part, branch, have, next)
	return tx.exec(`INSERT INTO feed (partition, branch, key, kind, pos, sole, hash, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (partition, branch, key) DO UPDATE SET kind = excluded.kind, pos = excluded.pos, sole = excluded.sole, hash = excluded.hash, body = excluded.body`,
		part, branchBytes(branch), row.Key, row.Kind, pos, branchBytes(sole), int64(next.sum), body)
}

// dropRow says of a key that it has gone, if it was ever there.
func (tx *Tx) dropRow(part wire.Partition, branch event.ID, key []byte) error {
	have, err := tx.rowAt(part, branch, key)
	if err != nil || have == nil || have.kind == wire.GoneRow {
		return err
	}
	pos, err := tx.nextPosition()
	if err != nil {
		return err
	}
	tx.moveSums(part, branch, have, feedRow{})
	return tx.exec("UPDATE feed SET kind = 0, pos = ?, sole = ?, hash = 0, body = NULL WHERE partition = ? AND branch = ? AND key = ?",
		pos, []byte{}, part, branchBytes(branch), key)
}

func (tx *Tx) rowAt(part wire.Partition, branch event.ID, key []byte) (*feedRow, error) {
	var have feedRow
	var sole []byte
	var sum int64
	err := notFound(tx.row("SELECT kind, sole, hash FROM feed WHERE partition = ? AND branch = ? AND key = ?", part, branchBytes(branch), key).Scan(&have.kind, &sole, &sum))
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	have.sole, have.sum = toID(sole), uint64(sum)
	return &have, err
}

func (tx *Tx) nextPosition() (int64, error) {
	w := &tx.feed
	if !w.read {
		pos, err := tx.counter(countFeed)
		if err != nil {
			return 0, err
		}
		w.began, w.pos, w.read = pos, pos, true
	}
	w.pos++
	return w.pos, nil
}

// branchBytes is the key of a branch or a node; empty for none, never NULL.
func branchBytes(id event.ID) []byte {
	if id.IsZero() {
		return []byte{}
	}
	return id[:]
}

func feedPlace(part wire.Partition, key []byte) vault.Place {
	return vault.Place{Table: "feed", Row: append([]byte{byte(part)}, key...), Column: "body"}
}

// unfeed takes everything about an erased person out of the feed: the entry, the
// full record, and the records of the visits that were the person's own.
func (tx *Tx) unfeed(person event.ID, visits []event.ID) error {
	if !tx.s.log.state.centre {
		return nil
	}
	if err := tx.exec("DELETE FROM cases WHERE one = ? OR other = ?", person[:], person[:]); err != nil {
		return err
	}
	if err := tx.dropRow(wire.Directory, event.ID{}, person[:]); err != nil {
		return err
	}
	for _, id := range append([]event.ID{person}, visits...) {
		branches, err := tx.branchesOf(id)
		if err != nil {
			return err
		}
		for _, branch := range branches {
			if err := tx.dropRow(wire.Own, branch, id[:]); err != nil {
				return err
			}
		}
	}
	return nil
}

// branchesOf lists the branches that are or were fed a record: one, as a rule.
func (tx *Tx) branchesOf(key event.ID) ([]event.ID, error) {
	return tx.idList(`SELECT f.branch FROM (SELECT DISTINCT branch FROM feed_sums WHERE partition = ?) b
		JOIN feed f ON f.partition = ? AND f.branch = b.branch WHERE f.key = ?`, wire.Own, wire.Own, key[:])
}

func (tx *Tx) idList(query string, args ...any) ([]event.ID, error) {
	st, err := tx.s.prepared(tx.ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(tx.ctx, args...)
	if err != nil {
		return nil, kind(err)
	}
	defer rows.Close()
	var out []event.ID
	for rows.Next() {
		var id []byte
		if err := rows.Scan(&id); err != nil {
			return nil, kind(err)
		}
		out = append(out, toID(id))
	}
	return out, kind(rows.Err())
}

// feedVisit puts a visit into the feed; state is its encoding, made when nil.
func (tx *Tx) feedVisit(v *merge.Visit, state []byte) (err error) {
	if !tx.feeds() {
		return nil
	}
	if state == nil {
		if state, err = event.Encode(v); err != nil {
			return err
		}
	}
	sole, err := tx.soleOf(v.Heads)
	if err != nil {
		return err
	}
	return tx.feedRecord(wire.VisitRow, v.ID, v.Subject, v.Made.At, sole, state)
}

// feedClass is that of a visit.
func (tx *Tx) feedClass(c *merge.Class, state []byte) (err error) {
	if !tx.feeds() {
		return nil
	}
	if state == nil {
		if state, err = event.Encode(c); err != nil {
			return err
		}
	}
	sole, err := tx.soleOf(c.Heads)
	if err != nil {
		return err
	}
	return tx.feedRecord(wire.ClassRow, c.ID, c.ID, c.Made.At, sole, state)
}
