package desk

import (
	"context"
	"crypto/sha256"
	"errors"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// MaxClass is the most children of one class.
const MaxClass = 300

// ClassInput opens a session of class mode ("Kelas"): what all children share is
// given once.
type ClassInput struct {
	School, Name, Stop string
	Day                library.Date
	Common             library.Form // document, member kind, institution, address, village, district
}

// Class is a session of class mode.
type Class struct {
	ID                 library.ID
	School, Name, Stop string
	Day                library.Date
	Common             library.Form
	Closed             bool
}

// Label names a class in lists and on paper.
func (c Class) Label() string { return c.School + " · " + c.Name + " · " + c.Day.String() }

func classOf(c *merge.Class) Class {
	f := c.Facts.Value
	return Class{ID: library.ID(c.ID), School: f.School, Name: f.Name, Stop: f.Stop, Day: library.DateFromDays(int(f.Day)), Closed: c.Closed.Value,
		Common: formOf(func(field event.Field) string { return f.Fields[field] })}
}

// OpenClass begins a class.
func (d *Desk) OpenClass(ctx context.Context, who Actor, op library.ID, in ClassInput) (Done, error) {
	if err := who.may(library.ClassMode); err != nil {
		return Done{}, err
	}
	in.School, in.Name, in.Stop = library.CleanLine(in.School), library.CleanLine(in.Name), library.CleanLine(in.Stop)
	if in.Day.IsZero() {
		in.Day = d.Today()
	}
	if in.Common.Institution == "" {
		in.Common.Institution = in.School
	}
	if in.Common.Stop == "" {
		in.Common.Stop = in.Stop
	}
	common := in.Common.Clean()
	if problems := d.checkClass(in, common); len(problems) > 0 {
		return Done{}, library.Invalid(problems...)
	}
	return d.write(ctx, op, func(tx *store.Tx) error {
		id, err := tx.NewSubject()
		if err != nil {
			return err
		}
		tx.Result(id[:])
		_, err = d.append(tx, who, event.ClassOpened, library.ID(id), &event.Class{School: in.School, Stop: in.Stop, Name: in.Name,
			Day: int64(in.Day.Days()), Fields: fieldsOf(common)})
		return err
	})
}

func (d *Desk) checkClass(in ClassInput, common library.Form) []library.Problem {
	var problems []library.Problem
	for field, value := range map[string]string{"school": in.School, "class": in.Name} {
		if value == "" {
			problems = append(problems, library.Problem{Field: field, Key: library.KeyMissing})
		}
	}
	optional := childOptional()
	optional[library.FieldName], optional[library.FieldSex], optional[library.FieldBirth] = true, true, true
	return append(problems, Unconfirmed(common.Check(d.rules(optional)), map[string]string{library.KeyVillageNotInList: "class"})...)
}

// CloseClass says that the class is finished; it no longer stands among the open
// ones. Nothing is lost by it.
func (d *Desk) CloseClass(ctx context.Context, who Actor, op, id library.ID) error {
	if err := who.may(library.ClassMode); err != nil {
		return err
	}
	_, err := d.write(ctx, op, func(tx *store.Tx) error {
		if _, err := tx.Class(event.ID(id)); err != nil {
			return err
		}
		_, err := d.append(tx, who, event.ClassClosed, id, &event.Reason{Key: "closed"})
		return err
	})
	return err
}

// Classes lists the latest classes, open ones first.
func (d *Desk) Classes(ctx context.Context, who Actor, limit int) ([]Class, error) {
	if err := who.may(library.ClassMode); err != nil {
		return nil, err
	}
	list, err := d.Store.Classes(ctx, limit)
	if err != nil {
		return nil, told(err)
	}
	out := make([]Class, len(list))
	for i, c := range list {
		out[i] = classOf(c)
	}
	return out, nil
}

// Class loads one class.
func (d *Desk) Class(ctx context.Context, who Actor, id library.ID) (Class, error) {
	if err := who.may(library.ClassMode); err != nil {
		return Class{}, err
	}
	c, err := d.Store.Class(ctx, event.ID(id))
	if err != nil {
		return Class{}, told(err)
	}
	return classOf(c), nil
}

// Child is one child of a class with what is still to be done.
type Child struct {
	Record
	Complete bool   // name, sex and birth date are there
	Consent  bool   // the signed sheet of the guardian is there
	Verified bool   // compared with the document
	Pictured bool   // photo, or an answer about it
	Taken    string // id of another officer who has this child on the screen
}

// Ready reports whether the card can be issued.
func (c Child) Ready() bool { return c.Verified && c.Consent && c.Pictured && c.Card == nil }

// Progress counts how far a class is.
type Progress struct{ Names, Complete, Consent, Verified, Pictured, Ready, Issued, Handed int }

// Children lists the children of a class in the order of entry.
func (d *Desk) Children(ctx context.Context, who Actor, class library.ID) ([]Child, Progress, error) {
	if err := who.may(library.ClassMode); err != nil {
		return nil, Progress{}, err
	}
	list, err := d.Store.ClassMembers(ctx, event.ID(class), MaxClass)
	if err != nil {
		return nil, Progress{}, told(err)
	}
	var out []Child
	var n Progress
	for _, p := range list {
		c := d.child(who, p)
		if c.Stage.Ended() {
			continue
		}
		out = append(out, c)
		n.add(c)
	}
	return out, n, nil
}

func (n *Progress) add(c Child) {
	count := func(to *int, yes bool) {
		if yes {
			*to++
		}
	}
	n.Names++
	count(&n.Complete, c.Complete)
	count(&n.Consent, c.Consent)
	count(&n.Verified, c.Verified)
	count(&n.Pictured, c.Pictured)
	count(&n.Ready, c.Ready())
	count(&n.Issued, c.Card != nil)
	count(&n.Handed, c.Card != nil && !c.Card.Handed.IsZero())
}

func (d *Desk) child(who Actor, p *merge.Person) Child {
	c := Child{Record: d.record(p)}
	c.Complete = c.Stage != StageOpened && c.Stage != StageIdentified
	c.Consent = c.Consents[library.ConsentMembership].Given
	c.Verified = c.Stage == StageVerified || c.Card != nil
	c.Pictured = c.Photo != ""
	if officer := d.taken.by(c.ID, d.Mono()); officer != who.Officer && !officer.IsZero() {
		c.Taken = officer.String()
	}
	return c
}

// childOptional are the fields that a child of a class may lack: a school's list
// has names, sex and birth dates; the rest comes from what the class shares or
// later. Without name, sex and birth date nobody becomes a member.
func childOptional() map[string]bool {
	optional := map[string]bool{}
	for _, f := range library.Fields() {
		optional[f] = f != library.FieldName && f != library.FieldSex && f != library.FieldBirth && f != library.FieldIdentity
	}
	return optional
}

// ChildInput is one line of a class list.
type ChildInput struct {
	Form      library.Form
	Confirmed bool // the warnings were looked at: "Sudah dicocokkan dengan daftar"
}

// Join gives a child what the class shares, where the child has nothing of its own.
func (c Class) Join(f library.Form) library.Form {
	take := func(to *string, from string) {
		if *to == "" {
			*to = from
		}
	}
	if f.Identity == "" {
		f.Identity = c.Common.Identity
	}
	take(&f.MemberKind, c.Common.MemberKind)
	take(&f.Institution, c.Common.Institution)
	take(&f.Address, c.Common.Address)
	take(&f.RT, c.Common.RT)
	take(&f.RW, c.Common.RW)
	take(&f.Village, c.Common.Village)
	take(&f.District, c.Common.District)
	take(&f.Regency, c.Common.Regency)
	take(&f.Education, c.Common.Education)
	take(&f.Occupation, c.Common.Occupation)
	take(&f.Stop, c.Common.Stop)
	return f.Clean()
}

// CheckChild finds what is wrong with a line of the list. later are the problems
// that may wait: sex or birth date is still to come.
func (d *Desk) CheckChild(c Class, in ChildInput) (form library.Form, now, later []library.Problem) {
	form = c.Join(in.Form)
	for _, p := range form.Check(d.rules(childOptional())) {
		switch {
		case p.Field == library.FieldVillage && p.Warning: // the class's, confirmed when it was opened
		case p.Field == library.FieldSex && form.Sex == "", p.Field == library.FieldBirth && form.Birth.IsZero() && form.BirthText == "":
			later = append(later, p)
		case p.Warning && in.Confirmed:
		default:
			now = append(now, p)
		}
	}
	return form, now, later
}

// AddChildren opens a registration for each line, in one transaction. Lines that
// are complete are filled at once and wait for verification only; the others can
// be completed later. A line with a problem (see CheckChild) stops them all.
func (d *Desk) AddChildren(ctx context.Context, who Actor, op, class library.ID, lines []ChildInput) (int, error) {
	if err := who.may(library.ClassMode); err != nil {
		return 0, err
	}
	c, err := d.Class(ctx, who, class)
	if err != nil {
		return 0, err
	}
	_, have, err := d.Children(ctx, who, class)
	if err != nil {
		return 0, err
	}
	if len(lines) > MaxLines || have.Names+len(lines) > MaxClass {
		return 0, library.Invalid(library.Problem{Field: "list", Key: "problem.too_many_lines", Args: []any{MaxLines}})
	}
	forms, complete := make([]library.Form, len(lines)), make([]bool, len(lines))
	for i, in := range lines {
		form, now, later := d.CheckChild(c, in)
		if len(now) > 0 {
			return 0, library.Invalid(now...)
		}
		forms[i], complete[i] = form, len(later) == 0
	}
	_, err = d.write(ctx, op, func(tx *store.Tx) error {
		for i, form := range forms {
			id, err := d.open(tx, who, OpenInput{Source: SourceClass, Class: class, Form: form})
			if err != nil {
				return err
			}
			if !complete[i] {
				continue
			}
			if _, err := d.append(tx, who, event.RegistrationFilled, id, &event.Filling{By: "officer", Fields: event.Fields{}, Confirmed: confirmedByList(lines[i])}); err != nil {
				return err
			}
		}
		return nil
	})
	return len(lines), err
}

func confirmedByList(in ChildInput) map[string]string {
	if !in.Confirmed {
		return nil
	}
	return map[string]string{"list": "class-list"}
}

// SaveChild completes or corrects one child before the card is issued. A child
// that was verified is to be compared again.
func (d *Desk) SaveChild(ctx context.Context, who Actor, op, id library.ID, in ChildInput, version string) (Done, error) {
	if err := who.may(library.ClassMode); err != nil {
		return Done{}, err
	}
	p, err := d.Store.Person(ctx, event.ID(id))
	if err != nil {
		return Done{}, told(err)
	}
	c, err := d.Class(ctx, who, library.ID(p.Opened.Value.Class))
	if err != nil {
		return Done{}, err
	}
	form, now, later := d.CheckChild(c, in)
	if problems := append(now, later...); len(problems) > 0 {
		return Done{}, library.Invalid(problems...)
	}
	done, err := d.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(id[:])
		p, err := person(tx, id, version)
		if err != nil {
			return err
		}
		if err := stage(p, unfinished...); err != nil {
			return err
		}
		if p.Stage.Value == merge.StageVerified {
			if _, err := d.append(tx, who, event.RegistrationSentBack, id, &event.Reason{Key: "sent-back"}); err != nil {
				return err
			}
		}
		_, err = d.append(tx, who, event.RegistrationFilled, id, filling(p, form, FillInput{Confirmed: confirmedByList(in)}))
		return err
	})
	if err == nil {
		d.Release(who, id)
	}
	return done, err
}

// childOp is the operation of one child within the operation of a whole class,
// so that sending the whole again does nothing twice.
func childOp(op, child library.ID, what string) library.ID {
	sum := sha256.Sum256(append(append([]byte("class/"+what+"/"), op[:]...), child[:]...))
	return library.ID(sum[:16])
}

// ChildResult is what became of one child when something is done for many.
type ChildResult struct {
	ID  library.ID
	Err error // KindConflict: another officer was quicker; KindInvalid: something is missing
}

// each does something for many children, each in a transaction of its own; an
// error that concerns more than one child ends it.
func each(ids []library.ID, do func(library.ID) error) ([]ChildResult, error) {
	var failed []ChildResult
	for _, id := range ids {
		err := do(id)
		var own *library.Error
		if errors.As(err, &own) && (own.Kind == library.KindConflict || own.Kind == library.KindInvalid) {
			failed = append(failed, ChildResult{id, err})
			continue
		}
		if err != nil {
			return failed, err
		}
	}
	return failed, nil
}
