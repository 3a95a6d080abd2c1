package desk

import (
	"context"
	"errors"
	"fmt"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// OfficerInput is what the officers' page asks for.
type OfficerInput struct {
	Login    string
	Name     string
	Role     library.Role
	Password string
}

// Officer is one who signs in.
type Officer struct {
	ID     library.ID
	Login  string
	Name   string
	Role   library.Role
	Active bool
}

// Officers lists all officers, active ones first. Everybody who is signed in
// may see who their colleagues are.
func (d *Desk) Officers(ctx context.Context) ([]Officer, error) {
	list, err := d.Store.Officers(ctx)
	if err != nil {
		return nil, told(err)
	}
	out := make([]Officer, len(list))
	for i, o := range list {
		out[i] = Officer{ID: library.ID(o.ID), Login: o.Login.Value, Name: o.Name.Value, Role: library.Role(o.Role.Value), Active: o.Active.Value}
	}
	return out, nil
}

// OfficerNames maps ids to names, for histories and lists.
func (d *Desk) OfficerNames(ctx context.Context) (map[library.ID]string, error) {
	list, err := d.Store.Officers(ctx)
	if err != nil {
		return nil, told(err)
	}
	names := make(map[library.ID]string, len(list))
	for _, o := range list {
		names[library.ID(o.ID)] = officerName(o)
	}
	return names, nil
}

// AddOfficer adds an officer with a password of their own.
func (d *Desk) AddOfficer(ctx context.Context, who Actor, op library.ID, in OfficerInput) (Done, error) {
	if err := who.may(library.ManageOfficers); err != nil {
		return Done{}, err
	}
	in.Name = library.CleanLine(in.Name)
	problems := checkLogin(in.Login)
	if in.Name == "" {
		problems = append(problems, library.Problem{Field: "name", Key: library.KeyMissing})
	}
	if !in.Role.Valid() {
		problems = append(problems, library.Problem{Field: "role", Key: library.KeyChoose})
	}
	problems = append(problems, CheckPassword(in.Password, in.Login, in.Name, d.Settings().Name)...)
	// Also those who have left: a history must not show two people under one login.
	others, err := d.Officers(ctx)
	if err != nil {
		return Done{}, err
	}
	for _, o := range others {
		if o.Login == in.Login {
			problems = append(problems, library.Problem{Field: "login", Key: "problem.login_taken"})
		}
	}
	if len(problems) > 0 {
		return Done{}, library.Invalid(problems...)
	}
	slot, err := d.Vault.AddSlot(ctx, vault.Password(in.Password))
	if err != nil {
		return Done{}, told(fmt.Errorf("desk: key slot: %w", err))
	}
	return d.write(ctx, op, func(tx *store.Tx) error {
		id, err := tx.NewSubject()
		if err != nil {
			return err
		}
		tx.Result(id[:])
		if _, err := d.append(tx, who, event.OfficerAdded, library.ID(id), &event.OfficerFacts{Login: in.Login, Name: in.Name, Role: string(in.Role)}); err != nil {
			return err
		}
		return tx.PutSlot(store.Slot{Owner: id, Login: in.Login, Slot: slot})
	})
}

// ChangeOfficer changes name, role, or whether the officer may sign in. The last
// active coordinator stays one. Whoever loses access loses the key slot, and the
// data key changes, so an old copy of the disk with the old password opens
// nothing that is written from then on.
func (d *Desk) ChangeOfficer(ctx context.Context, who Actor, op library.ID, officer library.ID, name string, role library.Role, active bool) error {
	if err := who.may(library.ManageOfficers); err != nil {
		return err
	}
	list, err := d.Store.Officers(ctx)
	if err != nil {
		return told(err)
	}
	var target *merge.Officer
	managers := 0
	for _, o := range list {
		if library.ID(o.ID) == officer {
			target = o
		} else if o.Active.Value && library.Role(o.Role.Value).May(library.ManageOfficers) {
			managers++
		}
	}
	if target == nil {
		return library.E(library.KindNotFound, "error.not_found")
	}
	if managers == 0 && (!active || !role.May(library.ManageOfficers)) {
		return library.Invalid(library.Problem{Field: "role", Key: "problem.last_manager"})
	}
	if !role.Valid() {
		return library.Invalid(library.Problem{Field: "role", Key: library.KeyChoose})
	}
	if name = library.CleanLine(name); name == "" {
		return library.Invalid(library.Problem{Field: "name", Key: library.KeyMissing})
	}
	removed := target.Active.Value && !active
	_, err = d.write(ctx, op, func(tx *store.Tx) error {
		facts := &event.OfficerFacts{Name: name, Role: string(role), Active: active, Inactive: !active}
		if _, err := d.append(tx, who, event.OfficerChanged, officer, facts); err != nil {
			return err
		}
		if removed {
			if err := tx.DropSlot(event.ID(officer)); err != nil {
				return err
			}
		}
		if !removed && library.Role(target.Role.Value) == role {
			return nil // only the name: no reason to sign anybody out
		}
		return tx.DropSessionsOf(event.ID(officer))
	})
	if err != nil || !removed {
		return err
	}
	return d.rotate(ctx)
}

// rotate makes a new data key for the slots that are left. Rows sealed with the
// old key are sealed again by the reseal job.
func (d *Desk) rotate(ctx context.Context) error {
	slots, err := d.Store.Slots(ctx)
	if err != nil {
		return told(err)
	}
	change, err := d.Vault.Rotate(plainSlots(slots))
	if err != nil {
		return fmt.Errorf("desk: change the data key: %w", err)
	}
	return d.adopt(ctx, slots, change)
}

// adopt stores the slots of a change of keys and then uses the new keys.
func (d *Desk) adopt(ctx context.Context, slots []store.Slot, change *vault.Change) error {
	return d.adoptWith(ctx, slots, change, func(*store.Tx) error { return nil })
}

// adoptWith does so together with what else has to be stored then.
func (d *Desk) adoptWith(ctx context.Context, slots []store.Slot, change *vault.Change, also func(*store.Tx) error) error {
	owners := map[vault.SlotID]store.Slot{}
	for _, s := range slots {
		owners[s.Slot.ID] = s
	}
	_, err := d.write(ctx, library.ID{}, func(tx *store.Tx) error {
		for _, s := range change.Slots {
			owner := owners[s.ID]
			owner.Slot = s
			if err := tx.PutSlot(owner); err != nil {
				return err
			}
		}
		if err := tx.PutLocal("box_key", change.BoxKey); err != nil {
			return err
		}
		return also(tx)
	})
	if err != nil {
		change.Discard()
		return err
	}
	change.Adopt()
	return nil
}

// ChangePassword changes one's own password; the old one must be right.
func (d *Desk) ChangePassword(ctx context.Context, who Actor, login, old, fresh string) error {
	if problems := CheckPassword(fresh, login, d.Settings().Name); len(problems) > 0 {
		return library.Invalid(problems...)
	}
	slot, err := d.checkPassword(ctx, login, old)
	if err != nil {
		if library.KindOf(err) == library.KindUnauthenticated {
			return library.Invalid(library.Problem{Field: "old_password", Key: "problem.old_password"})
		}
		return err
	}
	if library.ID(slot.Owner) != who.Officer {
		return library.E(library.KindForbidden, "error.forbidden")
	}
	next, err := d.Vault.Rewrap(ctx, slot.Slot, vault.Password(old), vault.Password(fresh))
	if err != nil {
		return told(fmt.Errorf("desk: rewrap: %w", err))
	}
	return d.putSecret(ctx, who, store.Slot{Owner: slot.Owner, Login: slot.Login, Slot: next}, "own")
}

// ResetPassword gives a colleague a new password. Only who may do all that the
// colleague may can do it, so nobody gains rights by it.
func (d *Desk) ResetPassword(ctx context.Context, who Actor, officer library.ID, fresh string) error {
	if err := who.may(library.ResetPassword); err != nil {
		return err
	}
	o, err := d.Store.OfficerByID(ctx, event.ID(officer))
	if err != nil {
		return told(err)
	}
	if who.Role != System.Role && !who.Role.Covers(library.Role(o.Role.Value)) {
		return library.E(library.KindForbidden, "error.forbidden").Hinted("error.forbidden.hint")
	}
	if !o.Active.Value {
		// A key slot of somebody who has left would open the vault again.
		return library.E(library.KindConflict, "error.officer_left").Hinted("error.officer_left.hint")
	}
	return d.newPassword(ctx, who, o, fresh, "reset")
}

// RecoverWithSheet opens the vault with the words of the recovery sheet and
// gives an officer a new password.
func (d *Desk) RecoverWithSheet(ctx context.Context, words, login, fresh string) error {
	if wait := d.throttle.Allow("recovery"); wait > 0 {
		return library.E(library.KindUnavailable, "error.signin_wait").With(int(wait.Seconds()) + 1)
	}
	code, err := vault.ParseRecoveryCode(words)
	if err != nil {
		return library.Invalid(recoveryProblem(err))
	}
	slots, err := d.Store.Slots(ctx)
	if err != nil {
		return told(err)
	}
	var sheet []vault.Slot
	var mine store.Slot
	for _, s := range slots {
		if s.Slot.Kind == vault.RecoverySlot {
			sheet = append(sheet, s.Slot)
		}
		if s.Login == login && s.Slot.Kind == vault.OfficerSlot {
			mine = s
		}
	}
	if _, err := d.Vault.Open(ctx, sheet, vault.Recovery(code)); err != nil {
		return library.Invalid(library.Problem{Field: "words", Key: "problem.recovery_wrong"})
	}
	d.throttle.Reset("recovery")
	if err := d.unlocked(ctx); err != nil {
		return err
	}
	o, err := d.Store.OfficerByID(ctx, mine.Owner)
	if err != nil {
		return library.Invalid(library.Problem{Field: "login", Key: "problem.login_unknown"})
	}
	return d.newPassword(ctx, Actor{Officer: library.ID(o.ID)}, o, fresh, "recovery")
}

func recoveryProblem(err error) library.Problem {
	var r *vault.RecoveryError
	if errors.As(err, &r) {
		return library.Problem{Field: "words", Key: "problem." + string(r.Problem), Args: []any{r.Word, r.Count}}
	}
	return library.Problem{Field: "words", Key: "problem.recovery_wrong"}
}

func (d *Desk) newPassword(ctx context.Context, who Actor, o *merge.Officer, fresh, how string) error {
	if problems := CheckPassword(fresh, o.Login.Value, o.Name.Value, d.Settings().Name); len(problems) > 0 {
		return library.Invalid(problems...)
	}
	slot, err := d.Vault.AddSlot(ctx, vault.Password(fresh))
	if err != nil {
		return told(fmt.Errorf("desk: key slot: %w", err))
	}
	d.throttle.Reset("login/" + o.Login.Value)
	return d.putSecret(ctx, who, store.Slot{Owner: o.ID, Login: o.Login.Value, Slot: slot}, how)
}

func (d *Desk) putSecret(ctx context.Context, who Actor, slot store.Slot, how string) error {
	_, err := d.write(ctx, library.ID{}, func(tx *store.Tx) error {
		if err := tx.PutSlot(slot); err != nil {
			return err
		}
		if err := tx.DropSessionsOf(slot.Owner); err != nil {
			return err
		}
		_, err := d.append(tx, who, event.OfficerSecretChanged, library.ID(slot.Owner), &event.OfficerSecret{How: how})
		return err
	})
	return err
}
