package office

import (
	"context"

	"simpul/node/desk"
	"simpul/sync/bundle"
	"simpul/sync/event"
	"simpul/sync/hub"
	"simpul/sync/wire"
)

// PhotosOnStick is how many bytes of photos a bundle to a PC takes unless somebody
// says otherwise: those of some 10,000 members.
const PhotosOnStick = 1 << 30

const (
	photosOnce = 64      // photos in one pull
	photoFrame = 1 << 20 // bytes of photos in one frame
)

// photosDown writes photos that other PCs of the branch took, the small ones for
// cards before the others. A PC has those that it took itself.
func (o *Office) photosDown(ctx context.Context, to *event.Enrolment, budget int64, out *desk.Bundle, w *bundle.Writer) error {
	h, err := o.Hub(ctx)
	if err != nil {
		return err
	}
	held, err := o.Store.Decisions(ctx)
	if err != nil {
		return err
	}
	var others []event.ID
	for _, e := range held.Enrolments() {
		if e.Branch == to.Branch && e.Node != to.Node {
			others = append(others, e.Node)
		}
	}
	for _, card := range []bool{true, false} {
		for after := (event.Hash{}); ; {
			page, err := o.Store.PhotosTakenBy(ctx, others, card, after, photosOnce)
			if err != nil {
				return err
			}
			if budget <= 0 {
				out.PhotosLeft += len(page)
			} else if err := o.pullInto(ctx, h, to.Node, page, &budget, out, w); err != nil {
				return err
			}
			if len(page) < photosOnce {
				break
			}
			after = page[len(page)-1]
		}
	}
	return ctx.Err()
}

// pullInto asks in the PC's place, so that it gets on a stick what it would get
// over the network. A photo that was begun is finished, whatever the budget.
func (o *Office) pullInto(ctx context.Context, h *hub.Hub, node event.ID, photos []event.Hash, budget *int64, out *desk.Bundle, w *bundle.Writer) error {
	for len(photos) > 0 {
		if *budget <= 0 {
			out.PhotosLeft += len(photos)
			return nil
		}
		var offset uint32
		for total := uint32(1); offset < total; {
			sent, err := h.Pull(ctx, node, &wire.PhotoPull{Budget: photoFrame, Wants: []wire.PhotoWant{{Hash: photos[0], Offset: offset}}})
			if err != nil {
				return err
			}
			if len(sent.Parts) == 0 {
				break // the centre lost it
			}
			p := sent.Parts[0]
			offset, total = offset+uint32(len(p.Bytes)), p.Total
			*budget -= int64(len(p.Bytes))
			if err := bundle.Put(w, sent); err != nil {
				return err
			}
			out.Pieces++
			o.Desk.ShowCarrying(desk.CarryPhotos, int64(out.Pieces), 0)
		}
		photos = photos[1:]
	}
	return nil
}
