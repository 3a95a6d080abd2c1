package desk

import (
	"context"

	"simpul/node/library"
)

// Enter opens the vault with an officer's password and says who came in, without a session: for commands, which have no
// browser. An empty login is the only officer's. Errors are those of SignIn.
func (d *Desk) Enter(ctx context.Context, login, password string) (Actor, error) {
	if login == "" {
		logins, err := d.Logins(ctx)
		if err != nil {
			return Actor{}, err
		}
		if len(logins) != 1 {
			return Actor{}, library.E(library.KindInvalid, "error.officer_which").Hinted("error.officer_which.hint")
		}
		login = logins[0]
	}
	slot, err := d.checkPassword(ctx, login, password)
	if err != nil {
		return Actor{}, err
	}
	if err := d.unlocked(ctx); err != nil {
		return Actor{}, err
	}
	o, err := d.Store.OfficerByID(ctx, slot.Owner)
	if err != nil {
		return Actor{}, told(err)
	}
	if !o.Active.Value {
		return Actor{}, library.E(library.KindUnauthenticated, "error.signin")
	}
	return Actor{Officer: library.ID(o.ID), Role: library.Role(o.Role.Value)}, nil
}
