package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// The retention schedule (UU 27/2022 art. 42–45; library.Retention) is carried out
// once a day. What it removes must be gone on every PC and must not come back with
// an old backup, so in a district only the centre decides it (office.Retain), and
// this PC carries its decisions out. A PC without a centre decides for itself.

// RetainJob is the name under which the carrying out of the schedule is remembered,
// and RetainAt when it is due, in the clock of the library.
const (
	RetainJob = "retention"
	RetainAt  = 10*time.Hour + 20*time.Minute
)

const (
	retainAtOnce = 50     // people erased in one transaction
	retainPeople = 500    // in one run
	retainLines  = 20_000 // lines of the register that lose their names in one run
)

// leftoverDays is how long whole old databases lie about, after a restore or a
// change of the schema.
const leftoverDays = 30

// Removed counts what the schedule removed.
type Removed struct {
	Registrations int `json:"registrations"` // that came to nothing
	Members       int `json:"members"`       // whose membership ended long ago
	Lines         int `json:"lines"`         // of the register, that lost their names
}

func (r Removed) plus(o Removed) Removed {
	return Removed{r.Registrations + o.Registrations, r.Members + o.Members, r.Lines + o.Lines}
}

// Retained is how far the schedule has been carried out on this PC.
type Retained struct {
	Ran  time.Time    `json:"ran"` // zero: never
	Day  library.Date `json:"day"` // the day it went by, see library.RetentionDay
	Last Removed      `json:"last"`
	All  Removed      `json:"all"`
}

// retainedKey is where that is kept on this PC.
const retainedKey = "retained"

// Retention is the schedule as the settings have it.
func (s Settings) Retention() library.Retention {
	return library.Retention{DraftDays: s.DraftDays, EndedDays: s.EndedDays, VisitMonths: s.VisitMonths, MemberYears: s.KeepYears}
}

// Retained says how far the schedule has been carried out here, and when it is due next.
func (d *Desk) Retained(ctx context.Context) (r Retained, next time.Time, err error) {
	raw, err := d.Store.Local(ctx, retainedKey)
	if err == nil && raw != nil {
		err = json.Unmarshal(raw, &r)
	}
	y, m, day := d.Now().In(d.Zone).Date()
	next = time.Date(y, m, day, 0, 0, 0, 0, d.Zone).Add(RetainAt)
	if !next.After(d.Now()) {
		next = next.AddDate(0, 0, 1)
	}
	return r, next, told(err)
}

// RetentionDay is the day by which the schedule may be carried out now; false while
// the clock is not to be believed, or the vault is closed.
func (d *Desk) RetentionDay(ctx context.Context) (library.Date, bool, error) {
	if d.clockSuspect() || !d.Ready() || !d.Open() {
		return library.Date{}, false, nil
	}
	last, _, err := d.Retained(ctx)
	if err != nil {
		return library.Date{}, false, err
	}
	if last.Day.IsZero() {
		begun, err := d.Store.Beginnings(ctx)
		if err != nil || len(begun) == 0 {
			return library.Date{}, false, told(err)
		}
		last.Day = library.DateIn(begun[0].At, d.Zone)
	}
	return library.RetentionDay(last.Day, d.Today()), true, nil
}

// NoteRetained keeps what a run removed.
func (d *Desk) NoteRetained(ctx context.Context, day library.Date, removed Removed) error {
	last, _, err := d.Retained(ctx)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(Retained{Ran: d.Now(), Day: day, Last: removed, All: last.All.plus(removed)})
	if err != nil {
		return fmt.Errorf("desk: retention: %w", err)
	}
	d.Log.Info("the retention schedule was carried out", "by", day.ISO(), "registrations", removed.Registrations, "members", removed.Members, "lines", removed.Lines)
	_, err = d.write(ctx, library.ID{}, func(tx *store.Tx) error { return tx.PutLocal(retainedKey, raw) })
	return err
}

// Retain carries the schedule out on a PC that is no centre. A run that is broken
// off is gone on with by the next.
func (d *Desk) Retain(ctx context.Context) error {
	day, may, err := d.RetentionDay(ctx)
	if err != nil || !may {
		return err
	}
	removed, err := d.retain(ctx, day)
	if err != nil {
		return err
	}
	return d.NoteRetained(ctx, day, removed)
}

func (d *Desk) retain(ctx context.Context, day library.Date) (removed Removed, err error) {
	status, err := d.Store.ExchangeStatus(ctx)
	if err != nil {
		return removed, told(err)
	}
	if !status.Joined {
		erase := func(tx *store.Tx, e *event.Erasure) error { return tx.EraseHere(e) }
		if removed, err = d.RetainPeople(ctx, day, erase); err != nil {
			return removed, err
		}
		ends, err := d.AgeingDue(ctx, day)
		if err != nil {
			return removed, err
		}
		if _, err := d.write(ctx, library.ID{}, func(tx *store.Tx) error { return tx.AgeHere(ends) }); err != nil {
			return removed, err
		}
	}
	removed.Lines, err = d.CarryOutRetention(ctx)
	return removed, err
}

// agedStreams bounds how many streams one decision names.
const agedStreams = 200

// AgeingDue are the places in the log up to which lines of the register are to lose
// their names on a day.
func (d *Desk) AgeingDue(ctx context.Context, day library.Date) ([]event.StreamEnd, error) {
	first := d.Settings().Retention().Visits(day)
	before := time.Date(first.Year, time.Month(first.Month), first.Day, 0, 0, 0, 0, d.Zone)
	ends, err := d.Store.AgeingDue(ctx, before.UnixMilli(), agedStreams)
	return ends, told(err)
}

// CarryOutRetention carries out here what was decided about the register, and
// removes what this PC alone has: photos that nothing needs, and old databases that
// lie about. It says from how many lines it took the names.
func (d *Desk) CarryOutRetention(ctx context.Context) (lines int, err error) {
	if lines, err = d.AgeRegister(ctx); err != nil {
		return lines, err
	}
	yesterday := d.Now().AddDate(0, 0, -1)
	named, err := d.Store.PhotosNamed(ctx, d.PhotoLane().Named)
	if err != nil {
		return lines, told(err)
	}
	if _, err := d.Photos.Sweep(yesterday, func(hash [32]byte) bool { return named[hash] }); err != nil {
		return lines, err
	}
	return lines, d.Store.DropLeftovers(d.Now().AddDate(0, 0, -leftoverDays))
}

// AgeRegister takes the names from the lines of the register that were decided to
// lose them, and says from how many.
func (d *Desk) AgeRegister(ctx context.Context) (lines int, err error) {
	lines, _, err = d.Store.CarryOutAgeing(ctx, retainLines)
	return lines, told(err)
}

// RetainPeople erases those whose time is over on a day: who registered and came to
// nothing, and members whose membership ended long ago. erase is given what reports
// go on counting.
func (d *Desk) RetainPeople(ctx context.Context, day library.Date, erase func(*store.Tx, *event.Erasure) error) (removed Removed, err error) {
	keep := d.Settings().Retention()
	ended := time.Date(keep.Ended(day).Year, time.Month(keep.Ended(day).Month), keep.Ended(day).Day, 0, 0, 0, 0, d.Zone).UnixMilli()
	var due []*merge.Person
	var opened int64
	var after event.ID
	for len(due) < retainPeople {
		page, err := d.Store.EndedFrom(ctx, ended, opened, after, retainAtOnce)
		if err != nil {
			return removed, told(err)
		}
		for _, p := range page {
			opened, after = p.Opened.Value.Wall, p.ID
			if endedAt(p) < ended {
				due = append(due, p)
			}
		}
		if len(page) < retainAtOnce {
			break
		}
	}
	if err := d.eraseEach(ctx, due, erase, &removed.Registrations); err != nil {
		return removed, err
	}
	members, err := d.Store.MembersUntil(ctx, int64(keep.Members(day).Days()), retainPeople)
	if err != nil {
		return removed, told(err)
	}
	known, err := d.Store.Decisions(ctx)
	if err != nil {
		return removed, told(err)
	}
	due = due[:0]
	for _, p := range members {
		if d.longOver(ctx, known, p, int64(keep.Members(day).Days())) {
			due = append(due, p)
		}
	}
	return removed, d.eraseEach(ctx, due, erase, &removed.Members)
}

// longOver reports whether nobody who is one person with a member still is one.
func (d *Desk) longOver(ctx context.Context, known *store.Decisions, p *merge.Person, before int64) bool {
	survivor := known.Survivor(p.ID)
	for _, id := range append([]event.ID{survivor}, known.Absorbed(survivor)...) {
		if other, err := d.Store.Person(ctx, id); err == nil && other.Term.Value.Until >= before {
			return false
		}
	}
	return true
}

// endedAt is when a registration ended, in ms, by the clock of the PC that ended it.
func endedAt(p *merge.Person) int64 {
	at := p.Opened.Value.Wall
	for _, m := range p.Marks {
		if m.What == string(p.Stage.Value) {
			at = m.Wall
		}
	}
	return at
}

func (d *Desk) eraseEach(ctx context.Context, due []*merge.Person, erase func(*store.Tx, *event.Erasure) error, n *int) error {
	for len(due) > 0 {
		some := due[:min(len(due), retainAtOnce)]
		due = due[len(some):]
		if _, err := d.write(ctx, library.ID{}, func(tx *store.Tx) error {
			for _, p := range some {
				if err := erase(tx, d.ErasureOf(p, "retention")); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
		*n += len(some)
	}
	return nil
}

// ErasureOf is the erasure of a person with what reports count; of somebody who
// never was a member they count no codes.
func (d *Desk) ErasureOf(p *merge.Person, reason string) *event.Erasure {
	e := &event.Erasure{Person: p.ID, Reason: reason}
	if !p.Member() {
		return e
	}
	form := FormOf(p)
	e.Member, e.Sex, e.District, e.Education = true, string(form.Sex), p.Get(event.FieldDistrict), p.Get(event.FieldEducation)
	e.Occupation, e.Kind, e.Until = p.Get(event.FieldOccupation), p.Get(event.FieldMemberKind), p.Term.Value.Until
	if !form.Birth.IsZero() {
		e.BirthYear = int64(form.Birth.Year)
	}
	if e.Issued = d.Store.Day(p.Cards[0].Wall); p.Opened.Value.Day != 0 {
		e.Issued = p.Opened.Value.Day // entered late: the true date of the registration
	}
	return e
}
