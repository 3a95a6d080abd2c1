package desk

import (
	"context"
	"errors"
	"io"
	"time"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/agent"
	"simpul/sync/bundle"
	"simpul/sync/event"
	"simpul/sync/wire"
)

// BundleLife is how long a bundle may be taken in. Copies of it that somebody kept
// open nothing afterwards at the other end, so an erasure reaches them too.
const BundleLife = 90 * 24 * time.Hour

// Bundle says what a bundle on a stick holds.
type Bundle struct {
	Parts   int
	Events  int // records in it, or taken in
	Pieces  int // of photos
	Made    time.Time
	Until   time.Time
	Answers int // of the centre
	Members int // of the district, among the records of the centre
	// PhotosLeft counts photos that a bundle of the centre had no room for.
	PhotosLeft int
}

// ExportBundle writes everything that is in no copy of the centre, sealed to the
// centre and signed by this node. create makes the file of a part, numbered from 1.
// Exporting acknowledges nothing: only a receipt of the centre does, over the
// network or on a stick that comes back.
func (d *Desk) ExportBundle(ctx context.Context, who Actor, create func(part int) (io.WriteCloser, error)) (Bundle, error) {
	if err := who.may(library.Backup); err != nil {
		return Bundle{}, err
	}
	e, err := d.enrolled(ctx)
	if err != nil {
		return Bundle{}, err
	}
	now := d.Now()
	out := Bundle{Made: now.In(d.Zone), Until: now.Add(BundleLife).In(d.Zone)}
	w, err := bundle.NewWriter(bundle.WriteOptions{From: e.Node, Key: e.Key, Recipient: e.CentreSeal, Made: now, Expires: now.Add(BundleLife), Rand: d.Rand,
		Create: func(part int) (io.WriteCloser, error) {
			out.Parts = part
			return create(part)
		}})
	if err != nil {
		return Bundle{}, err
	}
	err = agent.Export(ctx, d.Store, d.PhotoLane(), d.Rand,
		func(r *wire.Request) error {
			for _, b := range r.Batches {
				out.Events += len(b.Items)
			}
			return bundle.Put(w, r)
		},
		func(p *wire.PhotoPush) error {
			out.Pieces += len(p.Parts)
			return bundle.Put(w, p)
		})
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return Bundle{}, told(err)
	}
	return out, told(w.Close())
}

func (d *Desk) enrolled(ctx context.Context) (*store.Enrolled, error) {
	e, err := d.Store.Enrolled(ctx)
	if errors.Is(err, store.ErrNotFound) {
		return nil, library.E(library.KindConflict, "error.not_joined")
	}
	return e, told(err)
}

// ImportBundle takes in what the centre sent back on a stick: receipts, decisions,
// records. It may come late, or twice. open opens a part, fs.ErrNotExist when there
// is none; the bundle is read twice.
func (d *Desk) ImportBundle(ctx context.Context, who Actor, open func(part int) (io.ReadCloser, error)) (Bundle, error) {
	if err := who.may(library.Backup); err != nil {
		return Bundle{}, err
	}
	e, err := d.enrolled(ctx)
	if err != nil {
		return Bundle{}, err
	}
	defer d.HideCarrying()
	b, err := d.verify(ctx, e.Node, e.Seal, e.Centre, behindAnswer(open))
	if err != nil {
		return Bundle{}, BundleProblem(err)
	}
	return d.takeIn(ctx, b)
}

// takeIn takes in a bundle of the centre that was checked. Each piece is committed by
// itself: after a power cut the same bundle goes on where it stopped.
func (d *Desk) takeIn(ctx context.Context, b *bundle.Bundle) (Bundle, error) {
	out := Bundle{Parts: b.Parts, Made: time.UnixMilli(b.Header.Made).In(d.Zone), Until: time.UnixMilli(b.Header.Expires).In(d.Zone)}
	var said []wire.StreamSays
	err := b.Frames(ctx, func(f bundle.Frame) error {
		switch f.Kind {
		case bundle.Request: // what the answers after it are answers to
			r, err := bundle.Get[wire.Request](f)
			if err == nil {
				said = r.Streams
			}
			return err
		case bundle.Answer:
			a, err := bundle.Get[wire.Answer](f)
			if err != nil {
				return err
			}
			for _, page := range a.Pages {
				out.Events += len(page.Rows)
				if page.Partition == wire.Directory {
					out.Members += len(page.Rows)
				}
			}
			out.Answers++
			return agent.Import(ctx, d.Store, said, a)
		case bundle.PhotoSent:
			p, err := bundle.Get[wire.PhotoSent](f)
			if err != nil {
				return err
			}
			out.Pieces += len(p.Parts)
			return agent.ImportPhotos(ctx, d.PhotoLane(), p)
		}
		return nil
	})
	if err != nil {
		return out, BundleProblem(told(err))
	}
	return out, d.CaughtUp(ctx)
}

// BundleProblem says what is wrong with a stick in words for who holds it.
func BundleProblem(err error) error {
	for _, x := range []struct {
		is  error
		key string
	}{{bundle.ErrExpired, "problem.bundle_old"}, {bundle.ErrAddress, "problem.bundle_other"}, {bundle.ErrSender, "problem.bundle_sender"},
		{bundle.ErrMissing, "problem.bundle_part"}, {bundle.ErrMixed, "problem.bundle_part"}, {bundle.ErrCut, "problem.bundle_cut"}, {bundle.ErrVersion, "problem.bundle_version"}, {bundle.ErrDamaged, "problem.bundle"}, {bundle.ErrNotBundle, "problem.bundle"},
		{wire.ErrMessage, "problem.bundle"}, {event.ErrNotSigned, "problem.bundle_sender"}} {
		if errors.Is(err, x.is) {
			problem := library.Invalid(library.Problem{Field: "file", Key: x.key})
			return problem.Because(err)
		}
	}
	return err
}
