package office

import (
	"context"
	"slices"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
)

// ReasonLost is why a PC is taken out that somebody may have stolen.
const ReasonLost = "lost"

// RevokeReasons are why a PC is taken out.
func RevokeReasons() []string { return []string{ReasonLost, "replaced", "closed", "copied"} }

// RevokeInput says why.
type RevokeInput struct {
	Reason string // one of RevokeReasons
	Note   string
}

// Revoke takes a PC out: from the next request on nothing is accepted from it and
// nothing is sent to it. What it has sent stays. Only a new enrolment brings the PC
// back; a replacement gets a code for the same branch (CodeInput.Branch) and with it
// the branch's records. Of a lost one the key of the duplicate tags may be in other
// hands: another takes its place.
func (o *Office) Revoke(ctx context.Context, who desk.Actor, op, node library.ID, in RevokeInput) (desk.Done, error) {
	if err := o.may(who, library.ManageNodes); err != nil {
		return desk.Done{}, err
	}
	if !slices.Contains(RevokeReasons(), in.Reason) {
		return desk.Done{}, library.Invalid(library.Problem{Field: "reason", Key: library.KeyChoose})
	}
	keys, err := o.Keys(ctx)
	if err != nil {
		return desk.Done{}, err
	}
	return o.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(node[:])
		held, err := tx.Decisions()
		if err != nil {
			return err
		}
		if _, known := held.Enrolment(event.ID(node)); !known {
			return store.ErrNotFound
		}
		if _, revoked := held.Revoked(event.ID(node)); revoked {
			return nil
		}
		if _, err := tx.Decide(keys.Signing(), event.ID(who.Officer), event.NodeRevoked, &event.Revocation{Node: event.ID(node), Reason: in.Reason, Note: library.CleanLine(in.Note)}); err != nil {
			return err
		}
		if in.Reason != ReasonLost {
			return nil
		}
		return tx.Rekey(keys.Signing(), event.ID(who.Officer), event.ID(node))
	})
}
