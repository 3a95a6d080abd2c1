package desk

import (
	"context"
	"slices"
	"time"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
)

// phoneFormLife is how long a visitor may fill in a form on the phone. What was
// never sent dies then.
const phoneFormLife = 24 * time.Hour

// FormLink is a link to a form on a visitor's phone, as the officer's page shows it.
type FormLink struct {
	ID library.ID
	Link
	Registration library.ID // once the form was sent
}

// NewFormLink makes the link by which one phone may fill in one form. It waits
// LinkLife for a phone.
func (d *Desk) NewFormLink(ctx context.Context, who Actor, op library.ID) (library.ID, error) {
	if err := who.may(library.DraftRegistration); err != nil {
		return library.ID{}, err
	}
	var l store.Link
	var token string
	done, err := d.write(ctx, op, func(tx *store.Tx) (err error) {
		token, l, err = d.newLink(tx, who, store.LinkForm, library.ID{}, LinkLife)
		tx.Result(l.ID[:])
		return err
	})
	if err == nil && !done.Repeated {
		d.codes.put(l.ID, codeToken{token, time.UnixMilli(l.Until)}, d.Now())
	}
	return done.ID, err
}

// FormLink is a link to a form by its id. KindNotFound when there is none.
func (d *Desk) FormLink(ctx context.Context, who Actor, id library.ID) (FormLink, error) {
	if err := who.may(library.DraftRegistration); err != nil {
		return FormLink{}, err
	}
	l, err := d.Store.Link(ctx, event.ID(id))
	if err != nil {
		return FormLink{}, told(err)
	}
	return FormLink{ID: library.ID(l.ID), Link: d.link(l), Registration: library.ID(l.Person)}, nil
}

// FormWaits says to a phone whether the form of a token can be begun.
// KindConflict when another phone has.
func (d *Desk) FormWaits(ctx context.Context, token string) error {
	l, err := d.ofToken(ctx, token, store.LinkForm)
	return taken(l, err)
}

// BeginForm gives the form of a token to the phone that asks first: who scans the
// code later reads nothing of what the first has typed. key is what that phone
// shows from now on. before is the key that it showed until now: the form of that
// which was not sent ends, and keep takes over what was typed in it.
func (d *Desk) BeginForm(ctx context.Context, token, before string, keep bool) (key string, err error) {
	old, _, err := d.visitorForm(ctx, store.LinkForm, before)
	had := err == nil && !old.Sent
	var note map[string]string
	if had && keep {
		note = old.Fields
	}
	if key, err = d.begin(ctx, token, store.LinkForm, phoneFormLife, note); err != nil || !had {
		return key, err
	}
	return key, d.onPhone(ctx, store.LinkForm, before, func(tx *store.Tx, l store.Link) error { return tx.DropLink(l.ID) })
}

// PhoneForm is a form on its phone.
type PhoneForm struct {
	Fields    map[string]string // as typed
	Sent      bool
	Reference string // once it was sent: what the visitor says at the desk
}

// PhoneForm returns the form of a phone. KindNotFound for a key of no form,
// KindForbidden after its day.
func (d *Desk) PhoneForm(ctx context.Context, key string) (PhoneForm, error) {
	f, registration, err := d.visitorForm(ctx, store.LinkForm, key)
	if f.Sent {
		f.Reference = Reference(registration)
	}
	return f, err
}

// visitorForm is the form of a key, and the registration that it became.
func (d *Desk) visitorForm(ctx context.Context, kind, key string) (PhoneForm, library.ID, error) {
	id, secret, err := d.phoneKey(key)
	if err != nil {
		return PhoneForm{}, library.ID{}, err
	}
	l, err := d.Store.Link(ctx, id)
	l, err = d.phones(l, err, kind, secret)
	if err != nil {
		return PhoneForm{}, library.ID{}, err
	}
	f := PhoneForm{Fields: l.Draft, Sent: l.State == LinkUsed}
	if f.Fields == nil {
		f.Fields = map[string]string{}
	}
	return f, library.ID(l.Person), nil
}

// SavePhoneForm keeps what was typed so far, right or wrong.
func (d *Desk) SavePhoneForm(ctx context.Context, key string, fields map[string]string) error {
	return d.onPhone(ctx, store.LinkForm, key, func(tx *store.Tx, l store.Link) error {
		l.Draft = bounded(fields)
		return tx.PutLink(l)
	})
}

// SendPhoneForm hands the form in: it becomes a registration that stands in the
// queue as filled in by the visitor, and begins at the document. Errors in it are
// KindInvalid, field by field, and nothing is written; what only an officer can
// judge is left to the officer. Sending twice is harmless.
func (d *Desk) SendPhoneForm(ctx context.Context, key string, form library.Form) error {
	form = form.Clean()
	if wrong := errorsIn(form.Check(d.rules(nil))); len(wrong) > 0 {
		return library.Invalid(wrong...)
	}
	return d.onPhone(ctx, store.LinkForm, key, func(tx *store.Tx, l store.Link) error {
		id, err := d.open(tx, Actor{Officer: library.ID(l.Officer)}, OpenInput{Source: SourcePhone, Form: form})
		if err != nil {
			return err
		}
		l.Person, l.State, l.Draft = event.ID(id), LinkUsed, nil
		return tx.PutLink(l)
	})
}

// errorsIn leaves out the warnings.
func errorsIn(found []library.Problem) []library.Problem {
	return slices.DeleteFunc(found, func(p library.Problem) bool { return p.Warning })
}

// onPhone changes a form that was not sent yet.
func (d *Desk) onPhone(ctx context.Context, kind, key string, change func(*store.Tx, store.Link) error) error {
	id, secret, err := d.phoneKey(key)
	if err != nil {
		return err
	}
	_, err = d.write(ctx, library.ID{}, func(tx *store.Tx) error {
		l, err := tx.Link(id)
		if l, err = d.phones(l, err, kind, secret); err != nil || l.State == LinkUsed {
			return err
		}
		l.Seen = d.Now().UnixMilli()
		return change(tx, l)
	})
	return err
}

// Reference is what a visitor who filled in the form on the phone says at the
// desk: the first four letters and digits of its reference. Two in one queue
// are hardly ever alike, and the name decides.
func Reference(registration library.ID) string { return store.Reference(event.ID(registration))[:4] }
