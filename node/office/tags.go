package office

import (
	"context"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
)

// Tags is how the key of the duplicate tags stands.
type Tags struct {
	Version int       // 0 for the first key
	Since   time.Time // zero for the first key
	Left    int       // members whose tag is still to be made with it
}

// Tags says which key of the duplicate tags counts, and how far the tags are made.
func (o *Office) Tags(ctx context.Context, who desk.Actor) (Tags, error) {
	if err := o.may(who, library.ManageNodes); err != nil {
		return Tags{}, err
	}
	held, err := o.Store.Decisions(ctx)
	if err != nil {
		return Tags{}, told(err)
	}
	var t Tags
	for _, d := range held.All() {
		if k, ok := d.Body.(*event.Keying); ok && int(k.Version) >= t.Version {
			t.Version, t.Since = int(k.Version), o.at(d.At)
		}
	}
	left, err := o.Store.TagsLeft(ctx)
	t.Left = int(left)
	return t, told(err)
}

// Rekey goes over to another key of the duplicate tags: somebody may know the one
// that counts. The loss of a PC does it by itself, see [Office.Revoke].
func (o *Office) Rekey(ctx context.Context, who desk.Actor, op library.ID) error {
	if err := o.may(who, library.ManageNodes); err != nil {
		return err
	}
	keys, err := o.Keys(ctx)
	if err != nil {
		return err
	}
	_, err = o.write(ctx, op, func(tx *store.Tx) error { return tx.Rekey(keys.Signing(), event.ID(who.Officer), event.ID{}) })
	return err
}
