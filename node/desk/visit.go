package desk

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"simpul/node/card/sign"
	"simpul/node/directory"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// repeatWindow is how long the same code counts once.
const repeatWindow = 60 * time.Second

// VisitInput is one line of the visit register (SOP step 1) as the kiosk or the
// desk takes it.
type VisitInput struct {
	Kind    string     // merge.VisitMember with Number or Person, VisitNameless, VisitGuest, VisitGroup
	Person  library.ID // a member chosen at the desk
	Number  string     // as scanned or typed: a number, or the QR of a card
	Purpose string
	Stop    string

	Name       string
	BirthDay   int // of a member without the card: day and month
	BirthMonth int
	Sex        library.Sex
	AgeGroup   string
	Education  string
	Occupation string
	Origin     string

	Institution string
	Phone       string
	Men, Women  int
	Levels      map[string]int

	At     library.Date // true date of a late entry; zero for now
	Reason string       // of a late entry: a key of library.LateReasons

	away  event.ID    // a member of another branch, whom only the directory knows
	shown sign.Answer // what the QR in Number said; that becomes the bare number
}

// Greeting is what the kiosk answers.
type Greeting struct {
	Done
	Known   bool   // the member is known here
	Name    string // in full; the kiosk masks it
	Again   bool   // the same code within a minute: counted once
	Sealed  bool   // kept sealed until an officer signs in
	Expired bool   // the membership has ended
	Blocked bool   // the card is blocked
	Until   library.Date
}

// CheckIn writes one line into the visit register. It works without an officer
// and while the vault is closed: then the line is sealed to the node's public
// key and becomes an event at the next sign-in. A number that nobody here knows
// is kept and resolved later.
func (d *Desk) CheckIn(ctx context.Context, who Actor, op library.ID, in VisitInput) (Greeting, error) {
	var err error
	if in.Number, in.shown, err = d.unsigned(ctx, in.Number); err != nil {
		return Greeting{}, err
	}
	in = d.cleanVisit(in)
	if problems := d.checkVisit(in); len(problems) > 0 {
		return Greeting{}, library.Invalid(problems...)
	}
	if err := who.mayWrite(in); err != nil {
		return Greeting{}, err
	}
	if op, err = visitOperation(op, in); err != nil {
		return Greeting{}, err
	}
	if d.Vault.IsOpen() {
		g, err := d.checkInOpen(ctx, who, op, in)
		if !errors.Is(err, vault.ErrClosed) {
			return g, err
		}
		// The vault was closed in the middle of it: nothing was written.
	}
	return d.sealVisit(ctx, op, in)
}

// checkInOpen writes a line while the vault is open.
func (d *Desk) checkInOpen(ctx context.Context, who Actor, op library.ID, in VisitInput) (g Greeting, err error) {
	person, err := d.visitor(ctx, in)
	if err != nil {
		return g, err
	}
	if person != nil {
		g.Known, g.Name = true, person.Get(event.FieldName)
		g.Until = library.DateFromDays(int(person.Term.Value.Until))
		g.Expired = person.Term.Value.Until < int64(d.Today().Days())
		if c := person.Card(); c != nil {
			g.Blocked = c.Blocked() || d.Store.Barred(c.ID) || in.shown.Outcome == CardBlocked
		}
	}
	if person == nil {
		if err := d.greetAway(ctx, &in, &g); err != nil {
			return g, err
		}
	}
	g.Done, err = d.write(ctx, op, func(tx *store.Tx) error {
		id, again, err := d.recordVisit(tx, who, in, person, 0)
		g.Again = again
		tx.Result(id[:])
		return err
	})
	return g, err
}

// greetAway finds the member of another branch to whom a number belongs. What is
// known of him is what the district's directory says.
func (d *Desk) greetAway(ctx context.Context, in *VisitInput, g *Greeting) error {
	if in.Kind != merge.VisitMember || in.Number == "" {
		return nil
	}
	holders, err := d.Store.HoldersOf(ctx, in.Number)
	if err != nil {
		return told(err)
	}
	for _, h := range pick(holders, in.shown) {
		if !h.Away {
			continue
		}
		e, err := d.Store.Entry(ctx, h.Person)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return told(err)
		}
		in.away = h.Person
		g.Known, g.Name, g.Until = true, e.Name, library.DateFromDays(int(e.Until))
		g.Expired = e.Until < int64(d.Today().Days())
		g.Blocked = in.shown.Outcome == CardBlocked
		for _, c := range e.Cards {
			if c.ID == h.Card && (c.State == 1 || d.Store.Barred(c.ID)) {
				g.Blocked = true
			}
		}
		return nil
	}
	return nil
}

// visitOperation is the operation of one line: the same form sent again with
// other contents, after a step back in the browser, is another visitor's.
func visitOperation(op library.ID, in VisitInput) (library.ID, error) {
	if op.IsZero() {
		return op, nil
	}
	raw, err := event.Encode(boxedVisit{Input: in})
	if err != nil {
		return op, fmt.Errorf("desk: name visit: %w", err)
	}
	sum := sha256.Sum256(append(op[:], raw...))
	copy(op[:], sum[:])
	return op, nil
}

// mayWrite: anybody signs the register at the door; choosing a member out of a
// list and typing in a day kept on paper are an officer's.
func (a Actor) mayWrite(in VisitInput) error {
	switch {
	case !in.At.IsZero():
		return a.may(library.LateEntry)
	case !in.Person.IsZero() || !a.Officer.IsZero():
		return a.may(library.RecordVisit)
	}
	return nil
}

func (d *Desk) cleanVisit(in VisitInput) VisitInput {
	in.Number = library.CleanScan(in.Number)
	for _, s := range []*string{&in.Name, &in.Origin, &in.Institution, &in.Phone, &in.Stop} {
		*s = library.CleanLine(*s)
	}
	s := d.Settings()
	if s.Role.HasStops() && in.Stop == "" && in.At.IsZero() {
		in.Stop = s.CurrentStop
	}
	_, offered := library.Find(s.Purposes, in.Purpose)
	_, was := library.Find(s.OldPurposes, in.Purpose) // until a moment ago: the page was open
	if !offered && !was && len(s.Purposes) > 0 {
		in.Purpose = s.Purposes[0].Key
	}
	return in
}

func (d *Desk) checkVisit(in VisitInput) []library.Problem {
	var out []library.Problem
	need := func(field, value, key string) {
		if strings.TrimSpace(value) == "" {
			out = append(out, library.Problem{Field: field, Key: key})
		}
	}
	long := func(field, value string, most int) {
		if len([]rune(value)) > most {
			out = append(out, library.Problem{Field: field, Key: library.KeyTooLong, Args: []any{most}})
		}
	}
	switch in.Kind {
	case merge.VisitMember:
		if in.Person.IsZero() {
			need("number", in.Number, "problem.visit_number")
			long("number", in.Number, 64)
			if sign.Foreigner(in.Number) {
				out = append(out, library.Problem{Field: "number", Key: "problem.card.foreign"})
			}
		}
	case merge.VisitNameless:
		need("name", in.Name, "problem.visit_name")
		if d := (library.Date{Year: 2000, Month: in.BirthMonth, Day: in.BirthDay}); !d.Valid() {
			out = append(out, library.Problem{Field: "birth", Key: library.KeyDateImpossible})
		}
	case merge.VisitGuest:
		need("name", in.Name, "problem.visit_name")
		if !in.Sex.Valid() {
			out = append(out, library.Problem{Field: "sex", Key: "problem.visit_sex"})
		}
	case merge.VisitGroup:
		need("name", in.Name, "problem.visit_name")
		need("institution", in.Institution, "problem.visit_institution")
		if n := in.Men + in.Women; in.Men < 0 || in.Women < 0 || n < 1 || n > 5000 {
			out = append(out, library.Problem{Field: "men", Key: "problem.group_size"})
		}
	default:
		out = append(out, library.Problem{Field: "kind", Key: library.KeyChoose})
	}
	long("name", in.Name, 100)
	long("origin", in.Origin, 100)
	long("institution", in.Institution, 100)
	long("stop", in.Stop, 100)
	return append(out, d.lateProblems(in.At)...)
}

// visitor finds the member a line is about, nil when nobody here fits. Without
// the card the name, day and month must lead to exactly one member.
func (d *Desk) visitor(ctx context.Context, in VisitInput) (*merge.Person, error) {
	switch {
	case !in.Person.IsZero():
		p, err := d.Store.Person(ctx, event.ID(in.Person))
		return p, told(err)
	case in.Kind == merge.VisitNameless:
		found, err := d.Directory.FindByBirthDay(ctx, in.Name, in.BirthMonth, in.BirthDay, directory.Members)
		if err != nil || len(found) != 1 {
			return nil, told(err)
		}
		p, err := d.Store.Person(ctx, found[0].ID)
		return p, told(err)
	case in.Kind != merge.VisitMember:
		return nil, nil
	}
	holders, err := d.Store.HoldersOf(ctx, in.Number)
	if err != nil {
		return nil, told(err)
	}
	for _, h := range pick(holders, in.shown) {
		if h.Away {
			continue
		}
		p, err := d.Store.Person(ctx, h.Person)
		if err != nil {
			return nil, told(err)
		}
		if p.Member() {
			return p, nil
		}
	}
	return nil, nil
}

// recordVisit writes the event of a line; at is its instant in ms, 0 for now.
func (d *Desk) recordVisit(tx *store.Tx, who Actor, in VisitInput, p *merge.Person, at int64) (library.ID, bool, error) {
	body := visitBody(in)
	body.Kiosk, body.At = who.Officer.IsZero(), at
	if !in.At.IsZero() {
		body.Late = true
		body.Extra = map[string]string{lateReason: in.Reason}
		body.At = time.Date(in.At.Year, time.Month(in.At.Month), in.At.Day, 12, 0, 0, 0, d.Zone).UnixMilli()
	}
	now := body.At
	if now == 0 {
		now = tx.Now().UnixMilli()
	}
	var subject event.ID
	visitor := in.away
	if p != nil {
		visitor, subject, body.Kind = p.ID, p.ID, merge.VisitMember
		body.Name, body.Birth, body.Number = "", "", ""
	} else if !in.away.IsZero() {
		// Without the member's salt the visit is a subject of its own.
		body.Person, body.Number = in.away, ""
	} else if body.Kind == merge.VisitMember {
		body.Kind = merge.VisitUnknown
	}
	if !body.Late && (!visitor.IsZero() || body.Number != "") {
		recent, err := tx.RecentVisit(visitor, body.Number, now-repeatWindow.Milliseconds(), now+repeatWindow.Milliseconds())
		if err == nil {
			return library.ID(recent), true, nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return library.ID{}, false, err
		}
	}
	if subject.IsZero() {
		var err error
		if subject, err = tx.NewSubject(); err != nil {
			return library.ID{}, false, err
		}
	}
	rec, err := d.append(tx, who, event.VisitRecorded, library.ID(subject), body)
	return library.ID(event.DeriveID("visit", rec.Hash)), false, err
}

func visitBody(in VisitInput) *event.Visit {
	b := &event.Visit{Kind: in.Kind, Purpose: in.Purpose, Stop: in.Stop, Number: in.Number, Name: in.Name, Sex: string(in.Sex),
		AgeGroup: in.AgeGroup, Education: in.Education, Occupation: in.Occupation, Origin: in.Origin, Institution: in.Institution,
		Phone: in.Phone, Men: in.Men, Women: in.Women, Levels: in.Levels}
	if in.Kind == merge.VisitNameless {
		b.Birth = fmt.Sprintf("%02d-%02d", in.BirthMonth, in.BirthDay)
	}
	return b
}

// boxedVisit is a line as it is sealed while the vault is closed.
type boxedVisit struct {
	At    int64      `cbor:"1,keyasint"`
	Input VisitInput `cbor:"2,keyasint"`
}

// sealVisit keeps a line that only the opened vault can read.
func (d *Desk) sealVisit(ctx context.Context, op library.ID, in VisitInput) (Greeting, error) {
	key, err := d.Store.Local(ctx, "box_key")
	if err != nil {
		return Greeting{}, told(err)
	}
	if key == nil {
		return Greeting{}, library.E(library.KindUnavailable, "error.not_set_up")
	}
	at := d.Now().UnixMilli()
	plain, err := event.Encode(boxedVisit{At: at, Input: in})
	if err != nil {
		return Greeting{}, fmt.Errorf("desk: seal visit: %w", err)
	}
	box, err := d.Vault.Box(key, plain)
	if err != nil {
		return Greeting{}, fmt.Errorf("desk: seal visit: %w", err)
	}
	id := op
	if id.IsZero() {
		if _, err := io.ReadFull(d.Rand, id[:]); err != nil {
			return Greeting{}, fmt.Errorf("desk: randomness: %w", err)
		}
	}
	done, err := d.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(id[:])
		return tx.PutBox(store.Boxed{ID: event.ID(id), At: at, Box: box})
	})
	return Greeting{Done: done, Sealed: true}, err
}

// openBoxes turns the lines that were sealed meanwhile into events, with their
// own instants. A box that cannot be read stays where it is, and is reported.
func (d *Desk) openBoxes(ctx context.Context) error {
	for {
		boxes, err := d.Store.Boxes(ctx, 200)
		if err != nil || len(boxes) == 0 {
			return told(err)
		}
		opened := 0
		_, err = d.write(ctx, library.ID{}, func(tx *store.Tx) error {
			for _, b := range boxes {
				ok, err := d.openBox(ctx, tx, b)
				if err != nil {
					return err
				}
				if ok {
					opened++
				}
			}
			return nil
		})
		if err != nil || opened == 0 {
			return err
		}
	}
}

func (d *Desk) openBox(ctx context.Context, tx *store.Tx, b store.Boxed) (bool, error) {
	plain, err := d.Vault.Unbox(b.Box)
	if err != nil {
		d.Log.Error("a sealed visit cannot be opened", "err", err)
		return false, nil
	}
	var v boxedVisit
	if err := event.Decode(plain, &v); err != nil {
		d.Log.Error("a sealed visit cannot be read", "err", err)
		return false, nil
	}
	p, err := d.visitor(ctx, v.Input)
	if err != nil {
		return false, err
	}
	if p == nil {
		if err := d.greetAway(ctx, &v.Input, new(Greeting)); err != nil {
			return false, err
		}
	}
	if _, _, err := d.recordVisit(tx, Kiosk, v.Input, p, v.At); err != nil {
		return false, err
	}
	return true, tx.DropBox(b.ID)
}
