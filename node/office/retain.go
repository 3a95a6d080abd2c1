package office

import (
	"context"

	"simpul/node/store"
	"simpul/sync/event"
)

// Retain decides for the district what its retention schedule wants removed, and
// carries it out here (UU 27/2022 art. 42–45). Nodes carry it out as soon as they
// exchange, whatever backup or bundle comes back later. It is a job.
func (o *Office) Retain(ctx context.Context) error {
	day, may, err := o.Desk.RetentionDay(ctx)
	if err != nil || !may {
		return err
	}
	keys, err := o.Keys(ctx)
	if err != nil {
		return err
	}
	removed, err := o.Desk.RetainPeople(ctx, day, func(tx *store.Tx, e *event.Erasure) error {
		_, err := tx.Decide(keys.Signing(), event.ID{}, event.PersonErased, e)
		return err
	})
	if err != nil {
		return err
	}
	ends, err := o.Desk.AgeingDue(ctx, day)
	if err != nil {
		return err
	}
	if len(ends) > 0 {
		if _, err := o.Store.Decide(ctx, keys.Signing(), event.ID{}, event.RegisterAged, &event.Ageing{Ends: ends}); err != nil {
			return told(err)
		}
	}
	if removed.Lines, err = o.Desk.CarryOutRetention(ctx); err != nil {
		return err
	}
	return o.Desk.NoteRetained(ctx, day, removed)
}
