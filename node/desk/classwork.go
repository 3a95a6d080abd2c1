package desk

import (
	"context"
	"crypto/sha256"
	"strings"
	"sync"
	"time"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// SheetInput is a signed consent sheet of a guardian that came back to school.
type SheetInput struct {
	Child    library.ID
	Guardian string
	Relation string // key of library.GuardianRelations
	NoPhoto  bool   // the guardian does not want a photo
	Withdraw bool   // it was ticked by mistake, or taken back
	Version  string
}

// ConsentSheets records the sheets of many children, each by itself. A pupil of
// age signs alone.
func (d *Desk) ConsentSheets(ctx context.Context, who Actor, op library.ID, sheets []SheetInput) ([]ChildResult, error) {
	if err := who.may(library.ClassMode); err != nil {
		return nil, err
	}
	by, ids := map[library.ID]SheetInput{}, make([]library.ID, len(sheets))
	for i, s := range sheets {
		by[s.Child], ids[i] = s, s.Child
	}
	return each(ids, func(id library.ID) error { return d.consentSheet(ctx, who, childOp(op, id, "sheet"), by[id]) })
}

func (d *Desk) consentSheet(ctx context.Context, who Actor, op library.ID, in SheetInput) error {
	in.Guardian = library.CleanLine(in.Guardian)
	_, err := d.write(ctx, op, func(tx *store.Tx) error {
		p, err := child(tx, in.Child, in.Version, sheetVersion)
		if err != nil {
			return err
		}
		if err := stage(p, unfinished...); err != nil {
			return err
		}
		signer := "guardian"
		if birth := FormOf(p).Birth; !birth.IsZero() && !d.rules(nil).IsChild(birth) {
			signer = "self"
		}
		if problems := in.check(signer); len(problems) > 0 {
			return library.Invalid(problems...)
		}
		if err := d.consent(tx, who, in.Child, library.ConsentMembership, signer, "paper", in.Withdraw); err != nil {
			return err
		}
		if err := d.consent(tx, who, in.Child, library.ConsentPhoto, signer, "paper", in.Withdraw || in.NoPhoto); err != nil {
			return err
		}
		if in.Withdraw || in.Guardian == "" {
			return nil
		}
		fields := event.Fields{}
		for f, v := range map[event.Field]string{event.FieldGuardianName: in.Guardian, event.FieldGuardianRelation: in.Relation} {
			if p.Get(f) != v {
				fields[f] = v
			}
		}
		if len(fields) == 0 {
			return nil
		}
		// A correction, not a filling: the sheet does not move the child to another step.
		_, err = d.append(tx, who, event.MemberCorrected, in.Child, &event.Correction{Fields: fields, Reason: "consent-sheet"})
		return err
	})
	return err
}

func (in SheetInput) check(signer string) []library.Problem {
	if in.Withdraw || signer == "self" && in.Guardian == "" {
		return nil
	}
	var problems []library.Problem
	if in.Guardian == "" {
		problems = append(problems, library.Problem{Field: library.FieldGuardianName, Key: library.KeyMissing})
	}
	if _, ok := library.Find(library.GuardianRelations(), in.Relation); !ok {
		problems = append(problems, library.Problem{Field: library.FieldGuardianRelation, Key: library.KeyChoose})
	}
	return problems
}

// Tick is a child chosen in a list, with the version that the list showed.
type Tick struct {
	Child   library.ID
	Version string
}

// VerifyChildren records that each of these children was compared with the
// document that the class was opened with.
func (d *Desk) VerifyChildren(ctx context.Context, who Actor, op library.ID, ticks []Tick) ([]ChildResult, error) {
	if err := who.may(library.Register); err != nil {
		return nil, err
	}
	version, ids := map[library.ID]string{}, make([]library.ID, len(ticks))
	for i, t := range ticks {
		version[t.Child], ids[i] = t.Version, t.Child
	}
	return each(ids, func(id library.ID) error {
		_, err := d.write(ctx, childOp(op, id, "verify"), func(tx *store.Tx) error {
			p, err := child(tx, id, version[id], lineVersion)
			if err != nil {
				return err
			}
			if err := stage(p, merge.StageFilled); err != nil {
				return err
			}
			_, err = d.append(tx, who, event.RegistrationVerified, id, comparison(p))
			return err
		})
		return err
	})
}

// child loads a child for a change that was ticked in a list, and refuses it when
// what that list shows of the child has changed since. What a colleague did
// beside it (a photo, a consent sheet while comparing) is no reason to refuse.
func child(tx *store.Tx, id library.ID, shown string, version func(library.Form) string) (*merge.Person, error) {
	p, err := person(tx, id, "")
	if err == nil && shown != "" && shown != version(FormOf(p)) {
		return nil, library.E(library.KindConflict, "error.changed_meanwhile").Hinted("error.changed_meanwhile.hint")
	}
	return p, err
}

// LineVersion names what the list of comparison shows of a child, SheetVersion
// what the list of consent sheets shows: carry it in the list's form.
func (r Record) LineVersion() string  { return lineVersion(r.Form) }
func (r Record) SheetVersion() string { return sheetVersion(r.Form) }

func lineVersion(f library.Form) string {
	return shown(f.Name, string(f.Sex), f.Birth.ISO(), f.NIK, string(f.Identity))
}

func sheetVersion(f library.Form) string {
	return shown(f.Name, f.Guardian.Name, f.Guardian.Relation)
}

func shown(values ...string) string {
	return event.DeriveID("shown", sha256.Sum256([]byte(strings.Join(values, "\x00")))).String()
}

// comparison says which fields of a child the document bears and the list had.
func comparison(p *merge.Person) *event.Verification {
	form := FormOf(p)
	body := &event.Verification{Document: string(form.Identity), Corrected: event.Fields{}}
	for _, f := range library.DocumentFields(form.Identity) {
		if field, known := fieldNames[f.Field]; known && form.Value(f.Field) != "" {
			body.Checked = append(body.Checked, field)
		}
	}
	for _, name := range library.NotOnDocument(form.Identity) {
		body.NotBorne = append(body.NotBorne, fieldNames[name])
	}
	return body
}

// IssueClass issues the card of every child that is ready, each in a transaction
// of its own. later also takes those who have no photo yet and puts them on the
// list "Foto menyusul". It returns how many cards there are now that this
// operation made, and who could not be issued.
func (d *Desk) IssueClass(ctx context.Context, who Actor, op, class library.ID, later bool) (int, []ChildResult, error) {
	if err := who.may(library.Register); err != nil {
		return 0, nil, err
	}
	children, _, err := d.Children(ctx, who, class)
	if err != nil {
		return 0, nil, err
	}
	var ids []library.ID
	for _, c := range children {
		if c.Ready() || later && c.Verified && c.Consent && c.Card == nil {
			ids = append(ids, c.ID)
		}
	}
	n := 0
	failed, err := each(ids, func(id library.ID) error {
		done, err := d.write(ctx, childOp(op, id, "issue"), func(tx *store.Tx) error {
			p, err := person(tx, id, "")
			if err != nil {
				return err
			}
			if err := stage(p, merge.StageVerified); err != nil {
				return err
			}
			if p.Photo.Value.State == "" && later {
				if _, err := d.append(tx, who, event.PhotoDeferred, id, &event.Reason{Key: "deferred"}); err != nil {
					return err
				}
			}
			_, err = d.issue(tx, who, p, event.CardIssued, event.ID{}, "")
			return err
		})
		if err == nil && !done.Repeated {
			n++
		}
		return err
	})
	return n, failed, err
}

// claimLife is how long a child counts as taken after an officer opened it.
const claimLife = 2 * time.Minute

// claims remember which officer has which child on the screen, so that two do
// not photograph the same one. It is a courtesy; versions keep the data right.
type claims struct {
	mu sync.Mutex
	m  map[library.ID]claim
}

type claim struct {
	officer library.ID
	at      time.Duration
}

func (c *claims) by(child library.ID, now time.Duration) library.ID {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k, ok := c.m[child]; ok && now-k.at < claimLife {
		return k.officer
	}
	return library.ID{}
}

// Take says that the officer has the child on the screen. It is false, and nothing
// changes, while a colleague has the child.
func (d *Desk) Take(who Actor, child library.ID) bool {
	d.taken.mu.Lock()
	defer d.taken.mu.Unlock()
	now := d.Mono()
	if k, ok := d.taken.m[child]; ok && now-k.at < claimLife && k.officer != who.Officer {
		return false
	}
	for id, k := range d.taken.m {
		if now-k.at >= claimLife || k.officer == who.Officer {
			delete(d.taken.m, id) // an officer has one child on the screen
		}
	}
	if d.taken.m == nil {
		d.taken.m = map[library.ID]claim{}
	}
	d.taken.m[child] = claim{who.Officer, now}
	return true
}

// Release gives the child back.
func (d *Desk) Release(who Actor, child library.ID) {
	d.taken.mu.Lock()
	defer d.taken.mu.Unlock()
	if d.taken.m[child].officer == who.Officer {
		delete(d.taken.m, child)
	}
}

// NextChild is the first child after one that still needs a photo and that no
// other officer has; after the last it begins again at the first. The officer has
// it from now on, so that two who ask at once get two children. Zero when all are
// done.
func (d *Desk) NextChild(ctx context.Context, who Actor, class, after library.ID) (library.ID, error) {
	children, _, err := d.Children(ctx, who, class)
	if err != nil {
		return library.ID{}, err
	}
	from := 0
	for i, c := range children {
		if c.ID == after {
			from = i + 1
		}
	}
	for i := range children {
		c := children[(from+i)%len(children)]
		if c.Pictured || c.ID == after || !d.Take(who, c.ID) {
			continue
		}
		// A colleague may have finished with the child since the list was read.
		now, err := d.Registration(ctx, who, c.ID)
		if err != nil {
			return library.ID{}, err
		}
		if now.Photo == "" {
			return c.ID, nil
		}
	}
	return library.ID{}, nil
}
