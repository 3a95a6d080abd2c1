package simtest

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"math/rand/v2"

	"simpul/sync/event"
	"simpul/sync/merge"
	"simpul/sync/wire"
)

// rogue is a node of another program, or of a later version of this one: it
// speaks the protocol by hand and, among good events, writes some that nobody
// can apply. One bad event must not delay another.
type rogue struct {
	id     event.ID
	key    ed25519.PrivateKey
	stream event.ID
	self   event.Salt
	items  []wire.Item
	chains []event.Hash // chains[n] is the chain after n events
	bad    map[uint64]bool
	good   []event.Hash
	ticket wire.Short
	epoch  event.ID
	got    uint64 // what the centre says it has
	asides map[uint64]string
	boot   uint32
	ruling event.Ruling // its enrolment
}

func (w *World) newRogue(r *rand.Rand) *rogue {
	g := &rogue{bad: map[uint64]bool{}, asides: map[uint64]string{}, boot: r.Uint32() | 1}
	src := newBytes(w.opt.Seed, 1<<20)
	seed := make([]byte, ed25519.SeedSize)
	_, _ = src.Read(seed)
	_, _ = src.Read(g.id[:])
	_, _ = src.Read(g.stream[:])
	_, _ = src.Read(g.self[:])
	g.key = ed25519.NewKeyFromSeed(seed)
	g.chains = []event.Hash{event.Genesis(g.stream)}
	w.must(g.write(w, g.self, event.StreamOpened, &event.StreamOpening{Generation: 1, Reason: "setup", Incarnation: 8}))
	return g
}

func (g *rogue) header(w *World, t event.Type, salt event.Salt) event.Header {
	return event.Header{Type: t, Version: t.Version(), Subject: event.SubjectID(salt), Wall: w.now, Boot: g.boot, Mono: w.now - start}
}

func (g *rogue) write(w *World, salt event.Salt, t event.Type, body any) error {
	ev, err := event.New(g.header(w, t, salt), body)
	if err != nil {
		return err
	}
	return g.add(ev, salt, false)
}

func (g *rogue) add(ev event.Event, salt event.Salt, bad bool) error {
	hash, err := ev.ContentHash(salt)
	if err != nil {
		return err
	}
	g.items = append(g.items, wire.Item{Event: ev, Salt: salt, Hash: hash})
	g.chains = append(g.chains, g.chains[len(g.chains)-1].Next(hash))
	if bad {
		g.bad[uint64(len(g.items))] = true
	} else {
		g.good = append(g.good, hash)
	}
	return nil
}

// misbehave writes a few events, some of them bad.
func (g *rogue) misbehave(w *World, r *rand.Rand) {
	src := newBytes(r.Uint64(), 2)
	for range 1 + r.IntN(6) {
		var salt event.Salt
		_, _ = src.Read(salt[:])
		switch r.IntN(5) {
		case 0: // a body that is none
			w.count("poison: a body that is none")
			junk := make([]byte, 1+r.IntN(40))
			_, _ = src.Read(junk)
			junk[0] = 0xff
			w.must(g.add(event.Event{Header: g.header(w, event.VisitRecorded, salt), Body: junk}, salt, true))
		case 1: // a type of a later version
			w.count("skew: an event of a later program")
			h := g.header(w, event.Type(900), salt)
			h.Version = 1
			w.must(g.add(event.Event{Header: h, Body: []byte{0xa0}}, salt, true))
		case 2: // a later version of a body
			w.count("skew: a later version of a body")
			h := g.header(w, event.VisitRecorded, salt)
			h.Version = 9
			w.must(g.add(event.Event{Header: h, Body: []byte{0xa1, 1, 1}}, salt, true))
		default:
			w.must(g.write(w, salt, event.VisitRecorded, &event.Visit{Kind: merge.VisitGuest, Name: "Tamu Asing", Purpose: "read"}))
		}
	}
}

// exchange is one round of the protocol, by hand.
func (g *rogue) exchange(w *World, c *wire.Client, r *rand.Rand) error {
	head := uint64(len(g.items))
	req := &wire.Request{Protocol: wire.Protocol, Ticket: g.ticket, Epoch: g.epoch, Machine: wire.Short{1}, Wall: w.now, Boot: g.boot, Mono: w.now - start,
		Streams: []wire.StreamSays{{ID: g.stream, Head: head, Chain: wire.ShortOf(g.chains[head])}}, Budget: 1 << 16, Rest: true}
	for i := range req.Nonce {
		req.Nonce[i] = byte(r.Uint32())
	}
	if g.got < head {
		to := g.got + 1 + uint64(r.IntN(int(head-g.got)))
		req.Batches = []wire.Batch{{Stream: g.stream, First: g.got + 1, Items: g.items[g.got:to], Head: g.chains[to]}}
	}
	a, err := c.Exchange(context.Background(), req)
	if err != nil {
		return err
	}
	if len(a.Streams) != 1 {
		return fmt.Errorf("%d streams in the answer", len(a.Streams))
	}
	g.ticket, g.epoch, g.got = a.Ticket, a.Epoch, min(a.Streams[0].Received, head)
	for _, x := range a.Asides {
		if x.Stream == g.stream {
			g.asides[x.Seq] = x.Reason
		}
	}
	return nil
}

func (g *rogue) public() ed25519.PublicKey { return g.key.Public().(ed25519.PublicKey) }

// rogueSpeaks lets the other program exchange until the centre has everything.
func (w *World) rogueSpeaks() error {
	g := w.rogue
	s := &site{world: w, name: "another program"}
	c := &wire.Client{Base: "http://127.0.0.1", Transport: &link{site: s, r: w.wind}, Key: g.key, Centre: w.public(), Node: g.id}
	for range 10 {
		err := g.exchange(w, c, w.dice)
		var no *wire.Refusal
		if errors.As(err, &no) && no.Reason == wire.RefusedUnknown && w.regain(g.ruling) {
			continue
		}
		if err != nil {
			return err
		}
		if g.got == uint64(len(g.items)) {
			break
		}
	}
	return nil
}
