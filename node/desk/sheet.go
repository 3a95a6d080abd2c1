package desk

import (
	"context"
	"fmt"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/node/vault"
	"simpul/sync/event"
)

// RenewSheet makes another recovery sheet count, because the one before was lost or
// somebody has read it, and changes the data key: the sheet of before opens nothing
// that is written from then on, though it still opens the copies of before. The
// officer's own password has to be right, KindInvalid at "password": who finds a
// screen left open cannot take a sheet home.
func (d *Desk) RenewSheet(ctx context.Context, who Actor, login, password string, code vault.RecoveryCode) error {
	if err := who.may(library.ManageOfficers); err != nil {
		return err
	}
	own, err := d.checkPassword(ctx, login, password)
	switch {
	case library.KindOf(err) == library.KindUnauthenticated:
		return library.Invalid(library.Problem{Field: "password", Key: "problem.own_password"})
	case err != nil:
		return err
	case library.ID(own.Owner) != who.Officer:
		return library.E(library.KindForbidden, "error.forbidden")
	}
	slots, err := d.Store.Slots(ctx)
	if err != nil {
		return told(err)
	}
	sheet, err := d.Vault.AddSlot(ctx, vault.Recovery(code))
	if err != nil {
		return told(fmt.Errorf("desk: slot of the sheet: %w", err))
	}
	for i, s := range slots {
		if s.Owner == store.RecoveryOwner {
			slots[i].Slot = sheet
		}
	}
	change, err := d.Vault.Rotate(plainSlots(slots))
	if err != nil {
		return told(fmt.Errorf("desk: change the data key: %w", err))
	}
	return d.adoptWith(ctx, slots, change, func(tx *store.Tx) error {
		if d.Resheeted != nil {
			if err := d.Resheeted(ctx, tx, code); err != nil {
				return err
			}
		}
		_, err := d.append(tx, who, event.OfficerSecretChanged, who.Officer, &event.OfficerSecret{How: "sheet"})
		return err
	})
}
