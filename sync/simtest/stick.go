package simtest

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"io"
	"io/fs"
	"time"

	"simpul/node/store"
	"simpul/sync/agent"
	"simpul/sync/bundle"
	"simpul/sync/event"
	"simpul/sync/wire"
)

// stick is a bundle on its way to the centre, or from it to one PC. Sticks lie
// around: they come late, twice, and half copied.
type stick struct {
	from, to *site
	parts    [][]byte
}

// stickLife is how long a bundle may be taken in, as in node/desk.
const stickLife = 90 * 24 * time.Hour

// stepStick writes a stick or plugs one in.
func (w *World) stepStick() {
	if len(w.sticks) > 0 && w.dice.IntN(3) > 0 {
		w.plug()
		return
	}
	s := w.anySite()
	if s.enrolled() == nil {
		return
	}
	if w.dice.IntN(3) == 0 {
		w.fillFor(s)
	} else {
		w.fill(s)
	}
}

// seal is the key pair to which the sticks of a run are encrypted.
func (w *World) seal() (identity, recipient string) {
	if w.sealed[0] == "" {
		var err error
		w.sealed[0], w.sealed[1], err = bundle.NewIdentity()
		w.must(err)
	}
	return w.sealed[0], w.sealed[1]
}

// keep puts a stick with the others, and the oldest away.
func (w *World) keep(st *stick) {
	if w.sticks = append(w.sticks, st); len(w.sticks) > 5 {
		w.sticks = w.sticks[1:]
	}
}

// write makes a stick of what fill puts on it.
func (w *World) write(from, to *site, opt bundle.WriteOptions, fill func(*bundle.Writer) error) (*stick, error) {
	st := &stick{from: from, to: to}
	now := from.clock.now()
	_, opt.Recipient = w.seal()
	opt.Made, opt.Expires, opt.Rand = now, now.Add(stickLife), from.rand
	opt.Create = func(int) (io.WriteCloser, error) {
		st.parts = append(st.parts, nil)
		return &partFile{st: st, n: len(st.parts) - 1}, nil
	}
	out, err := bundle.NewWriter(opt)
	if err != nil {
		return nil, err
	}
	if err := fill(out); err != nil {
		out.Abandon()
		return nil, err
	}
	return st, out.Close()
}

// partFile is one file of a stick.
type partFile struct {
	bytes.Buffer
	st *stick
	n  int
}

func (p *partFile) Close() error {
	p.st.parts[p.n] = p.Bytes()
	return nil
}

// fill writes what is in no copy of the centre.
func (w *World) fill(s *site) {
	e := s.enrolled()
	st, err := w.write(s, w.centre, bundle.WriteOptions{From: e.Node, Key: e.Key}, func(out *bundle.Writer) error {
		return agent.Export(context.Background(), s.st, photos{s}, s.rand,
			func(r *wire.Request) error { return bundle.Put(out, r) },
			func(p *wire.PhotoPush) error { return bundle.Put(out, p) })
	})
	if s.dead() {
		w.revive(s)
		return
	}
	w.must(err)
	w.say("%s: writes a stick", s.name)
	w.count("stick to the centre written")
	w.keep(st)
}

// fillFor writes what a PC gets from the centre, from the beginning.
func (w *World) fillFor(s *site) {
	c, ctx := w.centre, context.Background()
	node := s.enrolled().Node
	known, err := c.st.Decisions(ctx)
	w.must(err)
	if _, revoked := known.Revoked(node); revoked {
		return
	}
	if _, enrolled := known.Enrolment(node); !enrolled {
		return
	}
	epoch, err := c.st.Epoch(ctx)
	w.must(err)
	streams, err := c.st.ForeignStreams(ctx, node)
	w.must(err)
	req := &wire.Request{Protocol: wire.Protocol, Epoch: epoch, Wall: c.clock.now().UnixMilli(), Budget: 1 << 20,
		Feeds: []wire.Cursor{{Partition: wire.Settings}, {Partition: wire.Own}, {Partition: wire.Directory}}}
	for _, f := range streams {
		req.Streams = append(req.Streams, wire.StreamSays{ID: f.ID, Head: f.Head, Chain: wire.ShortOf(f.Chain)})
	}
	st, err := w.write(c, s, bundle.WriteOptions{To: node, Key: w.key}, func(out *bundle.Writer) error {
		if err := bundle.Put(out, &wire.Request{Protocol: wire.Protocol, Streams: req.Streams}); err != nil {
			return err
		}
		for more := true; more; {
			a, err := c.centre.hub.File(ctx, node, req)
			if err != nil {
				return err
			}
			more = false
			for _, page := range a.Pages {
				at := &req.Feeds[page.Partition-wire.Settings]
				more = more || page.More || len(page.Rows) > 0
				at.Pos, at.Sum = page.To, page.Sum
			}
			req.Rulings = known.Sum()
			if err := bundle.Put(out, a); err != nil {
				return err
			}
		}
		return nil
	})
	if c.dead() {
		w.say("the centre loses power")
		w.revive(c)
		return
	}
	if err != nil {
		w.tolerate(c, "write a stick", err)
		return
	}
	w.say("the centre writes a stick for %s", s.name)
	w.count("stick from the centre written")
	w.keep(st)
}

// plug takes in one of the sticks that lie around: an old one perhaps, one that
// was in already, or one that was not copied to its end.
func (w *World) plug() {
	i := w.dice.IntN(len(w.sticks))
	st := w.sticks[i]
	if w.dice.IntN(3) == 0 {
		w.sticks = append(w.sticks[:i:i], w.sticks[i+1:]...)
	}
	if st.to.retired || st.to.dead() || st.to != w.centre && st.to.enrolled() == nil {
		return
	}
	cut := w.dice.IntN(4) == 0
	if cut {
		last := st.parts[len(st.parts)-1]
		st = &stick{from: st.from, to: st.to, parts: append(st.parts[:len(st.parts)-1:len(st.parts)-1], last[:w.dice.IntN(len(last))])}
	}
	before := w.standingOf(st.to)
	err := w.takeIn(st)
	if st.to.dead() {
		w.say("%s: the power goes out while it reads a stick", st.to.name)
		w.revive(st.to)
		return
	}
	switch {
	case cut && err == nil:
		w.fail("a bundle is whole or nothing", "%s took in half a stick of %s", st.to.name, st.from.name)
	case cut:
		w.count("stick half copied")
		if after := w.standingOf(st.to); after != before {
			w.fail("a bundle is whole or nothing", "half a stick of %s changed %s from %s to %s", st.from.name, st.to.name, before, after)
		}
	case errors.Is(err, bundle.ErrExpired), errors.Is(err, bundle.ErrAddress), errors.Is(err, bundle.ErrSender):
		w.count("stick refused: " + err.Error())
	case errors.Is(err, store.ErrFull):
		w.tolerate(st.to, "read a stick", err)
	case err != nil:
		w.fail("17 progress", "%s: stick of %s: %v", st.to.name, st.from.name, err)
	default:
		w.count("stick taken in at " + st.to.part())
	}
	w.say("%s: reads a stick of %s, cut %v, %s", st.to.name, st.from.name, cut, w.standingOf(st.to))
}

// standingOf says where a PC stands, in one line.
func (w *World) standingOf(s *site) string {
	if s.node != nil {
		return w.standing(s)
	}
	return w.heads()
}

// takeIn is what node/office and node/desk do with a stick.
func (w *World) takeIn(st *stick) error {
	ctx := context.Background()
	opt := bundle.ReadOptions{Now: st.to.clock.now(), Open: func(part int) (io.ReadCloser, error) {
		if part > len(st.parts) {
			return nil, fs.ErrNotExist
		}
		return io.NopCloser(bytes.NewReader(st.parts[part-1])), nil
	}}
	opt.Identity, _ = w.seal()
	if st.to != w.centre {
		return w.takeDown(ctx, st.to, opt)
	}
	c := w.centre
	known, err := c.st.Decisions(ctx)
	w.must(err)
	opt.Sender = func(h bundle.Header) (ed25519.PublicKey, error) {
		e, enrolled := known.Enrolment(h.From)
		if !enrolled {
			return nil, bundle.ErrSender
		}
		return e.Key, nil
	}
	b, err := bundle.Verify(ctx, opt)
	if err != nil {
		return err
	}
	_, revoked := known.Revoked(b.Header.From)
	err = b.Frames(ctx, func(f bundle.Frame) error { return w.frameUp(ctx, b.Header.From, revoked, f) })
	if err != nil {
		return err
	}
	if revoked && w.dice.IntN(2) == 0 {
		n, err := c.st.Release(ctx, b.Header.From)
		if err != nil {
			return err
		}
		w.say("the centre releases %d events of a PC that was found", n)
		w.count("found PC's records released")
	}
	w.settle(50)
	return nil
}

func (w *World) frameUp(ctx context.Context, node event.ID, revoked bool, f bundle.Frame) error {
	h := w.centre.centre.hub
	switch f.Kind {
	case bundle.Request:
		r, err := bundle.Get[wire.Request](f)
		if err != nil {
			return err
		}
		if revoked {
			_, err = h.Supervised(ctx, node, r)
		} else {
			_, err = h.File(ctx, node, r)
		}
		return err
	case bundle.PhotoPush:
		p, err := bundle.Get[wire.PhotoPush](f)
		if err != nil || revoked {
			return err
		}
		_, err = h.Photos(ctx, node, p)
		return err
	}
	return nil
}

func (w *World) takeDown(ctx context.Context, s *site, opt bundle.ReadOptions) error {
	opt.Me = s.enrolled().Node
	opt.Sender = func(h bundle.Header) (ed25519.PublicKey, error) {
		if !h.From.IsZero() {
			return nil, bundle.ErrSender
		}
		return w.public(), nil
	}
	b, err := bundle.Verify(ctx, opt)
	if err != nil {
		return err
	}
	var said []wire.StreamSays
	return b.Frames(ctx, func(f bundle.Frame) error {
		switch f.Kind {
		case bundle.Request:
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
			return agent.Import(ctx, s.st, said, a)
		}
		return nil
	})
}
