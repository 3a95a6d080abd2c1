package desk

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// The centre's public form is for people at home: the form of a visitor's phone,
// begun without an officer, with the consents and the branch at which the card is
// collected (SOP step 3 a). Nobody is signed in, so whatever these use cases answer
// is the same whether the library knows the person or not.

const (
	// publicDrafts is how many half-filled public forms are kept at once.
	publicDrafts = 3000
	// publicFewest is the least time between the first page and the last. A person
	// needs minutes; what is quicker is a machine, or must wait a moment.
	publicFewest = 15 * time.Second
)

// CollectionPoint is a branch or van at which cards can be collected.
type CollectionPoint struct {
	ID    library.ID
	Name  string
	Role  library.NodeRole
	Stops []string // of a van
}

// CollectionPoints lists where people at home may collect their card: the centre, if it serves visitors, then the branches
// that have a PC which is not revoked, by name.
func (d *Desk) CollectionPoints(ctx context.Context) ([]CollectionPoint, error) {
	list, err := d.Store.Branches(ctx)
	if err != nil {
		return nil, told(err)
	}
	var out []CollectionPoint
	if s := d.Settings(); s.PublicHere && s.Role == library.NodeCentre {
		out = append(out, CollectionPoint{ID: s.Node, Name: s.Name, Role: s.Role})
	}
	for _, b := range list {
		p := CollectionPoint{ID: library.ID(b.ID), Name: b.Name, Role: library.NodeRole(b.Role)}
		if p.Role.HasStops() {
			p.Stops = b.Stops
		}
		out = append(out, p)
	}
	return out, nil
}

// PublicFormOpen says whether the public form may be filled in. KindUnavailable,
// with the reason, when not.
func (d *Desk) PublicFormOpen() error {
	switch {
	case !d.Open():
		return library.E(library.KindUnavailable, "error.public_resting").Hinted("error.public_resting.hint")
	case d.Settings().PublicClosed:
		return library.E(library.KindUnavailable, "error.public_closed").Hinted("error.public_closed.hint")
	}
	return nil
}

// ClosePublicForm closes or opens the public form. What has been sent stays.
func (d *Desk) ClosePublicForm(ctx context.Context, who Actor, op library.ID, closed bool) error {
	if err := who.may(library.Register); err != nil {
		return err
	}
	return d.setSettings(ctx, who, op, map[string]any{"public_closed": closed})
}

// BeginPublicForm begins a form for a browser. key is what that browser shows from
// now on. KindUnavailable while the form is closed, or too many are being filled in.
func (d *Desk) BeginPublicForm(ctx context.Context) (key string, err error) {
	if err := d.PublicFormOpen(); err != nil {
		return "", err
	}
	secret, err := d.secret()
	if err != nil {
		return "", err
	}
	var id library.ID
	_, err = d.write(ctx, library.ID{}, func(tx *store.Tx) error {
		_, l, err := d.newLink(tx, Actor{}, store.LinkPublic, library.ID{}, phoneFormLife)
		if err != nil {
			return err
		}
		open, err := tx.OpenLinks(store.LinkPublic, d.Now().UnixMilli())
		if err != nil {
			return err
		}
		if open > publicDrafts {
			return library.E(library.KindUnavailable, "error.public_busy").Hinted("error.public_busy.hint")
		}
		id, l.Phone, l.Begun, l.Seen = library.ID(l.ID), sha256.Sum256([]byte(secret)), d.Now().UnixMilli(), d.Now().UnixMilli()
		return tx.PutLink(l)
	})
	return id.String() + "." + secret, err
}

// PublicForm returns the form of a browser. Errors are those of PhoneForm. Its
// reference is the whole one.
func (d *Desk) PublicForm(ctx context.Context, key string) (PhoneForm, error) {
	f, registration, err := d.visitorForm(ctx, store.LinkPublic, key)
	if f.Sent {
		f.Reference = store.Reference(event.ID(registration))
	}
	return f, err
}

// SavePublicForm keeps what was typed so far, right or wrong.
func (d *Desk) SavePublicForm(ctx context.Context, key string, fields map[string]string) error {
	return d.onPhone(ctx, store.LinkPublic, key, func(tx *store.Tx, l store.Link) error {
		l.Draft = bounded(fields)
		return tx.PutLink(l)
	})
}

// ForgetPublicForm throws away what a browser has typed, for whoever sits before
// it next. What was sent stays.
func (d *Desk) ForgetPublicForm(ctx context.Context, key string) error {
	return d.onPhone(ctx, store.LinkPublic, key, func(tx *store.Tx, l store.Link) error {
		return tx.DropLink(l.ID)
	})
}

// PublicInput is a public form as it is handed in.
type PublicInput struct {
	Form       library.Form
	Branch     library.ID
	Membership bool // consent to membership
	Photo      bool // consent to the photo
}

// SendPublicForm hands the form in: it becomes a registration in the centre's log
// that the branch gets at its next exchange. Errors in it are KindInvalid, field by
// field; KindUnavailable while the form is closed, the branch has enough for today,
// or it all went too quickly. Then nothing is written and nothing typed is lost.
// Sending twice is harmless.
func (d *Desk) SendPublicForm(ctx context.Context, key string, in PublicInput) error {
	if err := d.PublicFormOpen(); err != nil {
		return errors.Join(err, d.keepPublicForm(ctx, key))
	}
	in.Form = in.Form.Clean()
	wrong := errorsIn(in.Form.Check(d.rules(nil)))
	points, err := d.CollectionPoints(ctx)
	if err != nil {
		return err
	}
	if p := CheckCollection(points, in.Branch, in.Form.Stop); p != nil {
		wrong = append(wrong, *p)
	}
	if !in.Membership {
		wrong = append(wrong, library.Problem{Field: "consent_membership", Key: "problem.consent_membership"})
	}
	if len(wrong) > 0 {
		return library.Invalid(wrong...)
	}
	full := false
	err = d.onPhone(ctx, store.LinkPublic, key, func(tx *store.Tx, l store.Link) error {
		if d.Now().UnixMilli()-l.Begun < publicFewest.Milliseconds() {
			return library.E(library.KindUnavailable, "error.public_quick").Hinted("error.public_quick.hint")
		}
		n, err := tx.RoutedOn(event.ID(in.Branch), int64(d.Today().Days()))
		if err != nil {
			return err
		}
		if full = n >= d.Settings().PublicDaily; full {
			return library.E(library.KindUnavailable, "error.public_full").Hinted("error.public_full.hint")
		}
		id, err := d.openPublic(tx, in)
		if err != nil {
			return err
		}
		l.Person, l.State, l.Draft = event.ID(id), LinkUsed, nil
		return tx.PutLink(l)
	})
	if full {
		err = errors.Join(err, d.keepPublicForm(ctx, key))
	}
	return err
}

// keepPublicForm has a form live another day: who is asked to come again later
// finds it then.
func (d *Desk) keepPublicForm(ctx context.Context, key string) error {
	return d.onPhone(ctx, store.LinkPublic, key, func(tx *store.Tx, l store.Link) error {
		l.Until = d.Now().Add(phoneFormLife).UnixMilli()
		return tx.PutLink(l)
	})
}

// CheckCollection finds what is wrong with the choice of branch and stop; nil when
// nothing is.
func CheckCollection(points []CollectionPoint, branch library.ID, stop string) *library.Problem {
	for _, p := range points {
		if p.ID != branch {
			continue
		}
		for _, s := range p.Stops {
			if s == stop {
				return nil
			}
		}
		if len(p.Stops) > 0 {
			return &library.Problem{Field: library.FieldStop, Key: library.KeyChoose}
		}
		return nil
	}
	return &library.Problem{Field: "branch", Key: library.KeyChoose}
}

// openPublic writes the registration, the branch, and the consents with the texts
// as they stand: a child's are the guardian's (UU 27/2022 art. 25).
func (d *Desk) openPublic(tx *store.Tx, in PublicInput) (library.ID, error) {
	id, err := d.open(tx, Actor{}, OpenInput{Source: SourcePublic, Form: in.Form})
	if err != nil {
		return id, err
	}
	if _, err := d.append(tx, Actor{}, event.RegistrationRouted, id, &event.Routing{Branch: event.ID(in.Branch)}); err != nil {
		return id, err
	}
	by := BySelf
	if d.IsChild(in.Form.Birth) {
		by = ByGuardian
	}
	if err := d.consent(tx, Actor{}, id, library.ConsentMembership, by, HowOnline, false); err != nil {
		return id, err
	}
	return id, d.consent(tx, Actor{}, id, library.ConsentPhoto, by, HowOnline, !in.Photo)
}

// WholeReference is the reference of a registration from home.
func WholeReference(registration library.ID) string { return store.Reference(event.ID(registration)) }

// LooksLikeReference reports whether a search may be for a reference.
func LooksLikeReference(typed string) bool { return store.CleanReference(typed) != "" }

// HowOnline is how a consent on the public form was given.
const HowOnline = "online"

// takeUp makes a registration of somebody at home this branch's own, when an officer
// begins with it: the branch's log then says so itself, should the centre be put back.
func (d *Desk) takeUp(tx *store.Tx, who Actor, p *merge.Person) error {
	if p.For.IsZero() {
		return nil
	}
	here, err := tx.BranchHere()
	if err != nil || here.IsZero() || p.For.Value == here && !p.Identity.IsZero() {
		return err
	}
	_, err = d.append(tx, who, event.RegistrationRouted, library.ID(p.ID), &event.Routing{Branch: here})
	return err
}

// FindReference finds whose reference that is among the registrations that this PC
// holds. KindNotFound when it is nobody's.
func (d *Desk) FindReference(ctx context.Context, who Actor, reference string) (library.ID, error) {
	if err := who.may(library.DraftRegistration); err != nil {
		return library.ID{}, err
	}
	p, err := d.Store.ByReference(ctx, store.CleanReference(reference))
	if errors.Is(err, store.ErrNotFound) {
		return library.ID{}, library.E(library.KindNotFound, "error.reference").Hinted("error.reference.hint")
	}
	if err != nil {
		return library.ID{}, told(err)
	}
	return library.ID(p.ID), nil
}

// AskReference is FindReference that asks the centre, for somebody who named another
// branch. KindUnavailable when it cannot be asked.
func (d *Desk) AskReference(ctx context.Context, who Actor, reference string) (library.ID, error) {
	id, err := d.FindReference(ctx, who, reference)
	if library.KindOf(err) != library.KindNotFound || !LooksLikeReference(reference) {
		return id, err
	}
	if err := d.askReference(ctx, who, store.CleanReference(reference)); err != nil {
		return library.ID{}, err
	}
	return d.FindReference(ctx, who, reference)
}

// askReference asks the centre once; a reference that nobody has is not asked again.
func (d *Desk) askReference(ctx context.Context, who Actor, reference string) error {
	if _, err := d.write(ctx, library.ID{}, func(tx *store.Tx) error { return tx.WantReference(reference) }); err != nil {
		return err
	}
	sent := d.SendNow(ctx, who)
	_, err := d.write(context.WithoutCancel(ctx), library.ID{}, func(tx *store.Tx) error { return tx.DropReference(reference) })
	return errors.Join(sent, err)
}
