package store

import (
	"context"
	"errors"
	"fmt"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// The visit register keeps the names of guests for some months only; then the
// centre decides that its lines up to a place in each stream lose them
// (event.Ageing). As after an erasure, header and content hash stay, so that
// chains still verify; body and salt go, and of the line what reports count stays
// in the table of visits. Lines of members are part of the member's record.
//
// Deciding only notes the places. Carrying it out takes a line at a time and may
// be thousands of lines, so [Store.CarryOutAgeing] does it in small transactions
// beside everything else.

// agedAtOnce is how many lines one transaction takes the names from.
const agedAtOnce = 100

// age notes what was decided and what of it has to outlive this database.
func (tx *Tx) age(list []Decided) error {
	var lines []erasedLine
	for _, d := range list {
		lines = append(lines, erasedLine{Ruling: d.Ruling, Person: agedKey(d.Ruling)})
	}
	if len(lines) == 0 {
		return nil
	}
	tx.s.erased.begin(lines)
	tx.erasing = append(tx.erasing, lines...)
	for _, l := range lines {
		if err := tx.noteAged(l); err != nil {
			return err
		}
	}
	return nil
}

// agedKey is what such a decision goes by among the erasures, which go by people.
func agedKey(r event.Ruling) (key event.ID) {
	hash := r.Hash()
	copy(key[:], hash[:])
	return key
}

// noteAged moves the places on. It needs no open vault.
func (tx *Tx) noteAged(l erasedLine) error {
	_, body, err := l.Ruling.Read()
	if err != nil {
		return fmt.Errorf("store: ageing: %w", err)
	}
	line, err := event.Encode(l)
	if err != nil {
		return err
	}
	if err := tx.exec("INSERT INTO erased (person, line) VALUES (?, ?) ON CONFLICT DO NOTHING", l.Person[:], line); err != nil {
		return err
	}
	for _, end := range body.(*event.Ageing).Ends {
		if err := tx.ageUntil(end); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) ageUntil(end event.StreamEnd) error {
	return tx.exec(`INSERT INTO aged (stream, until) VALUES (?, ?)
		ON CONFLICT (stream) DO UPDATE SET until = CASE WHEN until < excluded.until THEN excluded.until ELSE until END`, end.Stream[:], int64(end.Seq))
}

// named is the condition of the index of what is written in the register and has
// its names, word for word: lines and their corrections.
const named = "e.type >= 20 AND e.type <= 21 AND e.body IS NOT NULL"

// AgeingDue says up to where each stream holds lines of the register that were
// written before an instant, in ms, and have their names: what a decision has to
// name. Streams come in no order, at most limit. At a centre the effective time
// counts, of what was applied; on a PC without a centre its own clock, and a line
// with a date to come has that of the lines around it.
func (s *Store) AgeingDue(ctx context.Context, before int64, limit int) (out []event.StreamEnd, _ error) {
	query := `SELECT t.id, (SELECT MAX(e.seq) FROM events e WHERE e.stream = t.id AND ` + named + ` AND e.at < ? AND e.seq <= t.head) AS seq FROM
		(SELECT id, head FROM streams UNION ALL SELECT id, applied FROM foreign_streams) t`
	args := []any{before}
	if !s.atCentre(ctx) {
		now := s.opt.Now().UnixMilli()
		query = `SELECT t.id, COALESCE((SELECT MIN(e.seq) - 1 FROM events e WHERE e.stream = t.id AND ` + named + ` AND e.wall >= ? AND e.wall <= ?), t.head) AS seq FROM streams t`
		args = append(args, now)
	}
	rows, err := s.query(ctx, `SELECT w.id, w.seq FROM (`+query+`) w LEFT JOIN aged a ON a.stream = w.id
		WHERE w.seq > COALESCE(a.until, 0) LIMIT ?`, append(args, limit)...)
	err = collect(rows, err, func(scan func(...any) error) error {
		var id []byte
		var end event.StreamEnd
		err := scan(&id, &end.Seq)
		end.Stream = toID(id)
		out = append(out, end)
		return err
	})
	return out, err
}

// AgeHere has the lines up to some places lose their names on a PC that has no
// centre to decide it.
func (tx *Tx) AgeHere(ends []event.StreamEnd) error {
	for _, end := range ends {
		if err := tx.ageUntil(end); err != nil {
			return err
		}
	}
	return nil
}

// ageAgain has the ageing pass a place again: what stands there was set aside when
// it passed, and counted in no report yet.
func (tx *Tx) ageAgain(stream event.ID, seq uint64) error {
	return tx.exec("UPDATE aged SET done = ? WHERE stream = ? AND done >= ?", int64(seq-1), stream[:], int64(seq))
}

// CarryOutAgeing takes the names from at most about most lines of the register
// that were decided to lose them, and says from how many it took them and whether
// more wait. It needs no open vault.
//
// A node waits for the centre's receipt of a line: one that has not arrived counts
// in no report yet. The centre counts first, too.
func (s *Store) CarryOutAgeing(ctx context.Context, most int) (lines int, more bool, err error) {
	if err := s.regainAgeings(ctx); err != nil {
		return 0, false, err
	}
	for lines < most {
		n := 0
		_, err = s.Write(ctx, event.ID{}, func(tx *Tx) error {
			n, more, err = tx.carryOutAgeing()
			return err
		})
		if err != nil || !more {
			return lines + n, false, err
		}
		lines += n
	}
	return lines, true, nil
}

// regainAgeings notes what was decided before this program knew of such decisions:
// an older one kept them unread.
func (s *Store) regainAgeings(ctx context.Context) error {
	if !s.vault.IsOpen() {
		return nil
	}
	known, err := s.Decisions(ctx)
	if err != nil {
		return err
	}
	var fresh []Decided
	for _, d := range known.aged {
		if !s.erased.has(agedKey(d.Ruling)) {
			fresh = append(fresh, d)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	_, err = s.Write(ctx, event.ID{}, func(tx *Tx) error { return tx.age(fresh) })
	return err
}

// ageable is where the ageing stands in each stream that this site has.
const ageable = `SELECT a.stream, a.done, CASE WHEN a.until < t.safe THEN a.until ELSE t.safe END FROM aged a JOIN (
	SELECT id, CASE WHEN EXISTS (SELECT 1 FROM exchange) THEN CASE WHEN differ > 0 THEN 0 ELSE received END ELSE head END AS safe FROM streams
	UNION ALL SELECT id, applied FROM foreign_streams) t ON t.id = a.stream
	WHERE a.done < a.until AND a.done < t.safe ORDER BY a.stream LIMIT 1`

// carryOutAgeing goes by the lines, too, to know a member: a PC that was put back may
// have those of a member whose record has not come yet.
func (tx *Tx) carryOutAgeing() (n int, more bool, err error) {
	var raw []byte
	var done, until uint64
	switch err := notFound(tx.row(ageable).Scan(&raw, &done, &until)); {
	case errors.Is(err, ErrNotFound):
		return 0, false, nil
	case err != nil:
		return 0, false, err
	}
	var list []agedLine
	rows, err := tx.query(`SELECT e.seq, e.type, e.hash, e.subject FROM events e WHERE e.stream = ? AND e.seq > ? AND e.seq <= ? AND `+named+`
		AND NOT EXISTS (SELECT 1 FROM people WHERE people.id = e.subject) AND NOT EXISTS (SELECT 1 FROM visits WHERE visits.person = e.subject)
		AND NOT EXISTS (SELECT 1 FROM events o WHERE o.subject = e.subject AND o.type NOT IN (20, 21)) ORDER BY e.seq LIMIT ?`, raw, int64(done), int64(until), agedAtOnce)
	if err := collect(rows, err, func(scan func(...any) error) error {
		var l agedLine
		var hash, subject []byte
		err := scan(&l.seq, &l.typ, &hash, &subject)
		l.hash, l.subject = toHash(hash), toID(subject)
		list = append(list, l)
		return err
	}); err != nil {
		return 0, false, err
	}
	for _, l := range list {
		counted, err := tx.ageLine(l)
		if err != nil {
			return 0, false, err
		}
		n += counted
	}
	if done = until; len(list) == agedAtOnce {
		done = list[len(list)-1].seq
	}
	return n, true, tx.exec("UPDATE aged SET done = ? WHERE stream = ?", int64(done), raw)
}

// agedLine is an event of the register whose time is over.
type agedLine struct {
	seq     uint64
	typ     event.Type
	hash    event.Hash
	subject event.ID
}

// ageLine takes the names from one, and counts lines, not corrections.
func (tx *Tx) ageLine(l agedLine) (lines int, err error) {
	id := event.DeriveID("visit", l.hash)
	query, about := "SELECT COUNT(*) FROM visits WHERE id = ?", id
	if l.typ == event.VisitCorrected { // of a line that another PC wrote; else it goes with its line
		query, about = "SELECT COUNT(*) = 0 FROM events WHERE subject = ? AND type = 20 AND body IS NOT NULL", l.subject
	}
	var ripe int
	if err := tx.row(query, about[:]).Scan(&ripe); err != nil {
		return 0, kind(err)
	}
	if ripe == 0 {
		return 0, nil // a line that was set aside: no report counts it yet
	}
	if l.typ == event.VisitRecorded {
		lines = 1
	}
	return lines, tx.stripVisit(l.subject, id)
}

// stripVisit takes everything about one visitor who is no member out of the
// database but what reports count.
func (tx *Tx) stripVisit(subject, visit event.ID) error {
	visits, err := tx.keysAbout(subject) // of another PC of the branch
	if err != nil {
		return err
	}
	for _, id := range append(visits, visit) {
		if err := tx.exec(reduceVisit, id[:]); err != nil {
			return fmt.Errorf("store: age: %w", err)
		}
		delete(tx.visits, id)
	}
	for _, query := range []string{"UPDATE events SET body = NULL WHERE subject = ?", "DELETE FROM subjects WHERE id = ?"} {
		if err := tx.exec(query, subject[:]); err != nil {
			return fmt.Errorf("store: age: %w", err)
		}
	}
	tx.s.salts.drop(subject)
	if err := tx.dropRowsAbout(subject); err != nil || !tx.s.log.state.centre {
		return err
	}
	branches, err := tx.branchesOf(visit)
	for _, branch := range branches {
		err = errors.Join(err, tx.dropRow(wire.Own, branch, visit[:]))
	}
	return err
}

// reduceVisit leaves of a line of the register what reports count.
const reduceVisit = "UPDATE visits SET number_tag = NULL, state = x'' WHERE id = ?"

// reduced reports whether a line of the register has lost its names, or its
// visitor was erased.
func (tx *Tx) reduced(visit event.ID) (bool, error) {
	var n int
	err := tx.row("SELECT COUNT(*) FROM visits WHERE id = ? AND length(state) = 0", visit[:]).Scan(&n)
	return n > 0, kind(err)
}
