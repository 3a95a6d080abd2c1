package office

import (
	"context"
	"crypto/ed25519"
	"io"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/sync/bundle"
	"simpul/sync/event"
	"simpul/sync/hub"
	"simpul/sync/wire"
)

// Carried says what came of a bundle that a PC sent on a stick.
type Carried struct {
	desk.Bundle
	Node  library.ID
	Name  string // of the branch
	Fresh int    // records that were not here before
	Apart int    // records that wait to be released: the PC was revoked
}

// ImportBundle takes in what a PC recorded, from a stick: the same code as over
// the network, so order, repeats and old sticks do no harm. What a revoked PC
// recorded is kept apart until somebody releases it. open opens a part, numbered
// from 1, fs.ErrNotExist when there is none.
func (o *Office) ImportBundle(ctx context.Context, who desk.Actor, open func(part int) (io.ReadCloser, error)) (Carried, error) {
	if err := o.may(who, library.Backup); err != nil {
		return Carried{}, err
	}
	c, _, err := o.takeBundle(ctx, open)
	return c, err
}

// takeBundle also returns the last request in it, without its events.
func (o *Office) takeBundle(ctx context.Context, open func(part int) (io.ReadCloser, error)) (Carried, *wire.Request, error) {
	keys, err := o.Keys(ctx)
	if err != nil {
		return Carried{}, nil, err
	}
	h, err := o.Hub(ctx)
	if err != nil {
		return Carried{}, nil, told(err)
	}
	held, err := o.Store.Decisions(ctx)
	if err != nil {
		return Carried{}, nil, told(err)
	}
	defer o.Desk.HideCarrying()
	moved, size := o.Desk.CarryingIn()
	b, err := bundle.Verify(ctx, bundle.ReadOptions{Identity: keys.Seal, Now: o.Now(), Open: open, Moved: moved, Sender: func(h bundle.Header) (ed25519.PublicKey, error) {
		e, known := held.Enrolment(h.From)
		if !known {
			return nil, bundle.ErrSender
		}
		return e.Key, nil
	}})
	if err != nil {
		return Carried{}, nil, desk.BundleProblem(err)
	}
	size(b.Bytes)
	e, _ := held.Enrolment(b.Header.From)
	_, revoked := held.Revoked(e.Node)
	t := taking{Carried: Carried{Node: library.ID(e.Node), Name: e.Name}, hub: h, node: e.Node, revoked: revoked}
	t.Parts, t.Made, t.Until = b.Parts, o.at(b.Header.Made), o.at(b.Header.Expires)
	before, err := o.receivedOf(ctx, e.Node)
	if err != nil {
		return t.Carried, nil, err
	}
	if err := b.Frames(ctx, func(f bundle.Frame) error { return t.frame(ctx, f) }); err != nil {
		return t.Carried, nil, desk.BundleProblem(told(err))
	}
	after, err := o.receivedOf(ctx, e.Node)
	if err != nil {
		return t.Carried, nil, err
	}
	t.Fresh = after - before
	return t.Carried, t.last, o.applyAll(ctx, h)
}

// receivedOf counts the records of a PC that are here.
func (o *Office) receivedOf(ctx context.Context, node event.ID) (n int, _ error) {
	streams, err := o.Store.StreamsOf(ctx, node)
	for _, s := range streams {
		n += int(s.Received)
	}
	return n, told(err)
}

// applyAll applies what was received and returns when screens show it.
func (o *Office) applyAll(ctx context.Context, h *hub.Hub) error {
	for more := true; more; {
		var err error
		if more, err = h.Apply(ctx); err != nil {
			return told(err)
		}
	}
	return o.Desk.CaughtUp(ctx)
}

// taking is a bundle on its way in.
type taking struct {
	Carried
	hub     *hub.Hub
	node    event.ID
	revoked bool
	last    *wire.Request
}

func (t *taking) frame(ctx context.Context, f bundle.Frame) error {
	switch f.Kind {
	case bundle.Request:
		r, err := bundle.Get[wire.Request](f)
		if err != nil {
			return err
		}
		for _, b := range r.Batches {
			t.Events += len(b.Items)
		}
		if t.revoked {
			n, err := t.hub.Supervised(ctx, t.node, r)
			t.Apart += n
			return err
		}
		_, err = t.hub.File(ctx, t.node, r)
		r.Batches = nil
		t.last = r
		return err
	case bundle.PhotoPush:
		p, err := bundle.Get[wire.PhotoPush](f)
		if err != nil {
			return err
		}
		n, err := t.hub.FilePhotos(ctx, p)
		t.Pieces += n
		return err
	}
	return nil
}

// mostAnswers bounds a bundle to a PC: 4,000 answers are some gigabytes.
const mostAnswers = 4000

// ExportBundle writes what a PC gets from the centre, sealed to it: receipts,
// decisions, and every record that it may have. For a PC that never spoke, it is
// all it needs to begin with. It acknowledges what the centre has, and no more.
// After the records come photos that other PCs of the branch took, photos bytes at
// most: what there is beyond is in the PhotosLeft of the result.
func (o *Office) ExportBundle(ctx context.Context, who desk.Actor, node library.ID, photos int64, create func(part int) (io.WriteCloser, error)) (desk.Bundle, error) {
	if err := o.may(who, library.Backup); err != nil {
		return desk.Bundle{}, err
	}
	return o.exportBundle(ctx, event.ID(node), photos, create)
}

func (o *Office) exportBundle(ctx context.Context, node event.ID, photos int64, create func(part int) (io.WriteCloser, error)) (desk.Bundle, error) {
	o.Desk.ShowCarrying(desk.CarryWriting, 0, 0)
	defer o.Desk.HideCarrying()
	keys, err := o.Keys(ctx)
	if err != nil {
		return desk.Bundle{}, err
	}
	held, err := o.Store.Decisions(ctx)
	if err != nil {
		return desk.Bundle{}, told(err)
	}
	e, known := held.Enrolment(node)
	if _, revoked := held.Revoked(node); !known || revoked {
		return desk.Bundle{}, library.E(library.KindNotFound, "error.not_found")
	}
	req, err := o.requestFor(ctx, e.Node)
	if err != nil {
		return desk.Bundle{}, err
	}
	now := o.Now()
	out := desk.Bundle{Made: now.In(o.Zone), Until: now.Add(desk.BundleLife).In(o.Zone)}
	w, err := bundle.NewWriter(bundle.WriteOptions{To: e.Node, Key: keys.Signing(), Recipient: e.Seal, Made: now, Expires: now.Add(desk.BundleLife), Rand: o.Rand,
		Create: func(part int) (io.WriteCloser, error) {
			out.Parts = part
			return create(part)
		}})
	if err != nil {
		return desk.Bundle{}, err
	}
	if err := bundle.Put(w, &wire.Request{Protocol: wire.Protocol, Streams: req.Streams}); err != nil {
		return desk.Bundle{}, err
	}
	if err := o.answers(ctx, e.Node, req, &out, w); err != nil {
		w.Abandon()
		return desk.Bundle{}, told(err)
	}
	if err := o.photosDown(ctx, &e, photos, &out, w); err != nil {
		w.Abandon()
		return desk.Bundle{}, told(err)
	}
	return out, w.Close()
}

// requestFor asks in a PC's place for everything, from the beginning.
func (o *Office) requestFor(ctx context.Context, node event.ID) (*wire.Request, error) {
	epoch, err := o.Store.Epoch(ctx)
	if err != nil {
		return nil, told(err)
	}
	streams, err := o.Store.ForeignStreams(ctx, node)
	if err != nil {
		return nil, told(err)
	}
	req := &wire.Request{Protocol: wire.Protocol, Epoch: epoch, Wall: o.Now().UnixMilli(), Budget: 1 << 20,
		Feeds: []wire.Cursor{{Partition: wire.Settings}, {Partition: wire.Own}, {Partition: wire.Directory}}}
	for _, f := range streams {
		req.Streams = append(req.Streams, wire.StreamSays{ID: f.ID, Head: f.Head, Chain: wire.ShortOf(f.Chain)})
	}
	return req, nil
}

// answers writes answers until the PC would have everything.
func (o *Office) answers(ctx context.Context, node event.ID, req *wire.Request, out *desk.Bundle, w *bundle.Writer) error {
	h, err := o.Hub(ctx)
	if err != nil {
		return err
	}
	held, err := o.Store.Decisions(ctx)
	if err != nil {
		return err
	}
	whole := map[wire.Partition]uint64{} // rows of each
	for more := true; more && out.Answers < mostAnswers; {
		a, err := h.File(ctx, node, req)
		if err != nil {
			return err
		}
		more = false
		for _, page := range a.Pages {
			out.Events += len(page.Rows)
			whole[page.Partition] = page.Sum.Count
			if page.Partition == wire.Directory {
				out.Members += len(page.Rows)
			}
			for i := range req.Feeds {
				if c := &req.Feeds[i]; c.Partition == page.Partition && (page.To > c.Pos || page.More) {
					more = more || page.More || len(page.Rows) > 0
					c.Pos, c.Sum = page.To, page.Sum
				}
			}
		}
		if err := bundle.Put(w, a); err != nil {
			return err
		}
		out.Answers++
		o.Desk.ShowCarrying(desk.CarryWriting, int64(out.Events), int64(whole[wire.Settings]+whole[wire.Own]+whole[wire.Directory]))
		if a.Tags != nil {
			req.Tags = a.Tags.Version
		}
		req.Rulings = held.Sum()
	}
	return ctx.Err()
}
