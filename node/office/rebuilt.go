package office

import (
	"context"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/store"
)

// rebuiltLocal holds 1 from a founding with a kit until somebody says AllBack.
const rebuiltLocal = "rebuilt"

// Rebuilt reports whether this centre was made anew from its kit and some of its
// PCs may not have come back. It does not know then which codes NNN stand on cards
// already, and gives none to a new PC.
func (o *Office) Rebuilt(ctx context.Context) (bool, error) {
	v, err := o.Store.Local(ctx, rebuiltLocal)
	return len(v) == 1 && v[0] == 1, told(err)
}

// AllBack says that every PC of the lost centre has come back, or never will.
func (o *Office) AllBack(ctx context.Context, who desk.Actor, op library.ID) error {
	if err := o.may(who, library.ManageNodes); err != nil {
		return err
	}
	_, err := o.write(ctx, op, func(tx *store.Tx) error { return tx.PutLocal(rebuiltLocal, []byte{0}) })
	return err
}
