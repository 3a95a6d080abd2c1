package simtest

import (
	"context"
	"errors"

	"simpul/node/store"
	"simpul/sync/agent"
	"simpul/sync/event"
	"simpul/sync/hub"
	"simpul/sync/wire"
)

// Mutant names a design that loses data silently (research/sync.md 5), put in
// place of ours. The invariants must find each.
type Mutant string

// The designs.
const (
	// SenderCursor: the node remembers how far it has sent, and the centre drops
	// the sequences that it has.
	SenderCursor Mutant = "V1"
	// HighestWins: the centre's highest sequence of a stream decides (a version
	// vector); what stands at or below it is skipped.
	HighestWins Mutant = "V2"
	// FlagPerRow: each event is marked as sent, and the centre knows events again
	// by their id.
	FlagPerRow Mutant = "V3"
	// PrunesEarly is our design, but a node drops its events once the centre has
	// received them, not when they are in its backup.
	PrunesEarly Mutant = "V5"
)

// log is the node's store as the mutant's agent sees it.
func (m Mutant) log(s *site) agent.Log {
	if m == PrunesEarly {
		return &pruning{Store: s.st, s: s}
	}
	return s.st
}

// spoken is the centre as the mutant's agent hears it.
func (m Mutant) spoken(s *site, c agent.Centre) agent.Centre {
	switch m {
	case SenderCursor, HighestWins, FlagPerRow:
		return &trusting{Centre: c, s: s, own: m != HighestWins}
	}
	return c
}

// store is the centre's store as the mutant's hub sees it.
func (m Mutant) store(s *site) hub.Store {
	switch m {
	case SenderCursor, HighestWins, FlagPerRow:
		return &dropping{Store: s.st, s: s, byHash: m == FlagPerRow, gapless: m == HighestWins}
	}
	return s.st
}

// trusting is a node that compares no chains: what the centre says is turned into
// what such a design would have understood.
type trusting struct {
	agent.Centre
	s   *site
	own bool // the node's own cursor counts, whatever the centre says
}

func (t *trusting) Exchange(ctx context.Context, r *wire.Request) (*wire.Answer, error) {
	a, err := t.Centre.Exchange(ctx, r)
	if err != nil {
		return nil, err
	}
	a.Stale, a.Foreign, a.Others, a.Marks, a.Tails = false, false, nil, nil, nil
	sent := map[event.ID]uint64{}
	for _, b := range r.Batches {
		sent[b.Stream] = b.Last()
	}
	for i, said := range r.Streams {
		k := &a.Streams[i]
		k.Forked, k.Received = false, min(k.Received, said.Head)
		if t.own {
			k.Received = said.Head
			if last, any := sent[said.ID]; any {
				k.Received = last
			}
			k.Applied, k.Durable = k.Received, k.Received
		}
		k.Chain = t.s.chainAt(said.ID, k.Received)
	}
	return a, nil
}

// chainAt is this PC's own chain value.
func (s *site) chainAt(stream event.ID, seq uint64) wire.Short {
	found := event.Genesis(stream)
	done := errors.New("found")
	err := s.st.EachEvent(context.Background(), stream, max(seq, 1), func(rec event.Record) error {
		if rec.Seq == seq {
			found = rec.Chain
		}
		return done
	})
	if !errors.Is(err, done) {
		s.world.must(err)
	}
	return wire.ShortOf(found)
}

// dropping is a centre that takes what does not stand there yet, whatever came
// before it in the sender's stream.
type dropping struct {
	*store.Store
	s      *site
	byHash bool // what it knows by its hash is dropped, not what it knows by its sequence
	// gapless is a centre that waits for what is missing before a batch.
	gapless bool
}

func (d *dropping) Receive(ctx context.Context, in hub.Delivery) (hub.Receipt, error) {
	req := *in.Request
	req.Batches, req.Mine = nil, nil
	type end struct {
		head  uint64
		chain event.Hash
	}
	ends := map[event.ID]end{}
	for _, b := range in.Request.Batches {
		at, known := ends[b.Stream]
		if !known {
			at = end{0, event.Genesis(b.Stream)}
			if f, err := d.ForeignStream(ctx, b.Stream); err == nil {
				at = end{f.Head, f.Chain}
			} else if !errors.Is(err, store.ErrNotFound) {
				return hub.Receipt{}, err
			}
		}
		if d.gapless && b.First > at.head+1 {
			continue
		}
		out := wire.Batch{Stream: b.Stream, First: at.head + 1}
		for i, it := range b.Items {
			hash, err := hashOf(it)
			if err != nil {
				return hub.Receipt{}, err
			}
			fresh := b.First+uint64(i) > at.head
			if d.byHash {
				fresh = !d.s.knows(b.Stream, hash)
			}
			if fresh {
				out.Items = append(out.Items, it)
				at.chain = at.chain.Next(hash)
			}
		}
		at.head, out.Head = at.head+uint64(len(out.Items)), at.chain
		if ends[b.Stream] = at; len(out.Items) > 0 {
			req.Batches = append(req.Batches, out)
		}
	}
	in.Request = &req
	return d.Store.Receive(ctx, in)
}

func hashOf(it wire.Item) (event.Hash, error) {
	if it.Erased() {
		return it.Hash, nil
	}
	ev := it.Event
	ev.Subject = event.SubjectID(it.Salt)
	return ev.ContentHash(it.Salt)
}

// knows reports whether an event stands in a stream here.
func (s *site) knows(stream event.ID, hash event.Hash) (found bool) {
	s.world.must(s.st.EveryEvent(context.Background(), func(rec event.Record) error {
		found = found || rec.Stream == stream && rec.Hash == hash
		return nil
	}))
	return found
}

// pruning is a node that cannot send again what the centre once said it had.
type pruning struct {
	*store.Store
	s *site
}

func (p *pruning) Outgoing(ctx context.Context, most int) ([]wire.Batch, error) {
	list, err := p.Store.Outgoing(ctx, most)
	var out []wire.Batch
	for _, b := range list {
		if b.First > p.s.pruned[b.Stream] {
			out = append(out, b)
		}
	}
	return out, err
}

func (p *pruning) Absorb(ctx context.Context, req *wire.Request, ans *wire.Answer, skew int64) (bool, error) {
	more, err := p.Store.Absorb(ctx, req, ans, skew)
	if err != nil {
		return more, err
	}
	for i, said := range req.Streams {
		if k := ans.Streams[i]; !k.Forked {
			p.s.pruned[said.ID] = max(p.s.pruned[said.ID], min(k.Received, said.Head))
		}
	}
	return more, nil
}
