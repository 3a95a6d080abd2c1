package store

import (
	"context"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// compareAnew has every stream and every row compared with the centre again, as
// at a new epoch. What is held stays: only what differs is sent.
func (tx *Tx) compareAnew() error {
	if err := tx.exec("UPDATE streams SET received = 0, applied = 0, durable = 0, lost = 0, agree = 0, differ = 0"); err != nil {
		return err
	}
	return tx.compareRows()
}

// compareRows is that for the rows alone.
func (tx *Tx) compareRows() error {
	if err := tx.exec("UPDATE bases SET pos = 0"); err != nil {
		return err
	}
	return tx.exec("UPDATE feeds SET pos = 0, repair_pos = 0, buckets = NULL, repair = CASE WHEN count = 0 THEN 0 ELSE 1 END")
}

// exchangeState is what the last answer left.
type exchangeState struct {
	epoch   event.ID
	ticket  wire.Short
	skew    int64
	sayHeld bool
	lacking []wire.Short
	photos  []wire.Short
	told    int64
	alien   bool
	tags    uint64 // version of the key of the duplicate tags
}

func readExchange(from interface{ Scan(...any) error }) (x exchangeState, err error) {
	var epoch, ticket, lacking, photos []byte
	var held, alien int
	if err := from.Scan(&epoch, &ticket, &x.skew, &held, &lacking, &photos, &x.told, &alien, &x.tags); err != nil {
		return x, notFound(err)
	}
	x.epoch, x.sayHeld, x.alien = toID(epoch), held == 1, alien == 1
	copy(x.ticket[:], ticket)
	x.lacking, x.photos = shorts(lacking), shorts(photos)
	return x, nil
}

const exchangeColumns = "epoch, ticket, clock_offset, say_held, lacking, photos, told, alien, tag_version"

// factsEvery is how often the centre is told facts, in ms.
const factsEvery = 60 * 60 * 1000

// maxWanted bounds how many records one request asks for.
const maxWanted = 32

// Standing is all that a request says about this node, without events; the
// readings of the clock are of now. It costs a few index look-ups when there is
// nothing to do. ErrNotFound before the node has joined a centre.
func (s *Store) Standing(ctx context.Context) (*wire.Request, error) {
	x, err := readExchange(s.queryRow(ctx, "SELECT "+exchangeColumns+" FROM exchange WHERE id = 1"))
	if err != nil {
		return nil, err
	}
	known, err := s.Decisions(ctx)
	if err != nil {
		return nil, err
	}
	now := s.opt.Now().UnixMilli()
	r := &wire.Request{Protocol: wire.Protocol, Ticket: x.ticket, Epoch: x.epoch, Machine: s.MachineMark(),
		Wall: now, Boot: s.opt.Boot, Mono: s.opt.Mono().Milliseconds(), Rulings: known.Sum(), Tags: x.tags}
	streams, err := s.sending(ctx)
	if err != nil {
		return nil, err
	}
	var waiting uint64
	for _, st := range streams {
		if !st.closed {
			r.Grant = st.incarnation >= 8
		}
		waiting += st.head - min(st.received, st.head)
		r.Streams = append(r.Streams, wire.StreamSays{ID: st.id, Head: st.head, Chain: wire.ShortOf(st.chain)})
		if st.differ > 0 {
			r.Marks = append(r.Marks, wire.MarksAsked{Stream: st.id, From: st.agree, To: st.differ})
		}
		if st.lost > st.head {
			r.Tails = append(r.Tails, wire.TailAsked{Stream: st.id, First: st.head + 1})
		}
	}
	if mine, err := s.mine(ctx); err != nil {
		return nil, err
	} else if mine.Count > 0 {
		r.Mine = &mine
	}
	code := s.code(ctx)
	r.Used = s.mark.usedFor(code) | known.Granted(code)
	if err := s.sayFeeds(ctx, r); err != nil {
		return nil, err
	}
	if x.sayHeld {
		r.Held = known.Names()
	}
	r.Back = known.Named(x.lacking)
	if now-x.told >= factsEvery || now < x.told {
		r.Facts = &wire.Facts{Waiting: waiting, PhotosWaiting: uint64(len(x.photos)), Offset: x.skew}
	}
	return r, nil
}

// mine sums the closed streams that the centre has from this node, as far as is known.
func (s *Store) mine(ctx context.Context) (sum wire.Sum, _ error) {
	rows, err := s.query(ctx, "SELECT id, received FROM streams WHERE mine = 1 AND received > 0 AND closed = 1")
	err = collect(rows, err, func(scan func(...any) error) error {
		var id []byte
		var received uint64
		err := scan(&id, &received)
		sum = sum.AddStream(toID(id), received)
		return err
	})
	return sum, err
}

// sayFeeds says how far each partition has come and what is wanted of it.
func (s *Store) sayFeeds(ctx context.Context, r *wire.Request) error {
	feeds, err := feedsOf(s.reader(ctx))
	if err != nil {
		return err
	}
	for _, f := range feeds {
		r.Feeds = append(r.Feeds, wire.Cursor{Partition: f.part, Pos: f.pos, Sum: f.sum})
		switch f.repair {
		case repairSums:
			r.Sums = append(r.Sums, f.part)
		case repairBuckets:
			r.Buckets = append(r.Buckets, wire.BucketAsked{Partition: f.part, Buckets: f.buckets})
		}
	}
	rows, err := s.query(ctx, "SELECT person FROM wanted ORDER BY at LIMIT ?", maxWanted)
	return collect(rows, err, func(scan func(...any) error) error {
		var id []byte
		err := scan(&id)
		r.People = append(r.People, toID(id))
		return err
	})
}

// code is the NNN under which this node prints.
func (s *Store) code(ctx context.Context) uint16 {
	n, err := s.Node(ctx)
	if err != nil {
		return 0
	}
	return n.Config.Value.Code
}

// WantPerson asks the centre for the full record of a member of another branch;
// it comes with the next exchange.
func (tx *Tx) WantPerson(id event.ID) error {
	return tx.exec("INSERT INTO wanted (person, at) VALUES (?, ?) ON CONFLICT DO NOTHING", id[:], tx.Now().UnixMilli())
}

// sendingStream is a stream and what the centre has of it.
type sendingStream struct {
	id                         event.ID
	generation                 uint64
	incarnation                uint8
	head                       uint64
	chain                      event.Hash
	closed                     bool
	received, applied, durable uint64
	lost, agree, differ        uint64
}

const sendingColumns = "id, generation, incarnation, head, chain, closed, received, applied, durable, lost, agree, differ"

func scanSending(scan func(...any) error) (st sendingStream, err error) {
	var id, chain []byte
	var closed int
	err = scan(&id, &st.generation, &st.incarnation, &st.head, &chain, &closed, &st.received, &st.applied, &st.durable, &st.lost, &st.agree, &st.differ)
	st.id, st.chain, st.closed = toID(id), toHash(chain), closed == 1
	return st, err
}

// sending lists the streams that an exchange is about: the open one first, then
// those that the centre has not safe yet or that have to be settled.
func (s *Store) sending(ctx context.Context) (out []sendingStream, _ error) {
	rows, err := s.query(ctx, "SELECT "+sendingColumns+` FROM streams WHERE closed = 0 OR durable < head OR lost > head OR differ > 0
		OR EXISTS (SELECT 1 FROM asides WHERE asides.stream = streams.id) ORDER BY closed, generation`)
	err = collect(rows, err, func(scan func(...any) error) error {
		st, err := scanSending(scan)
		out = append(out, st)
		return err
	})
	return out, err
}

func shorts(b []byte) (out []wire.Short) {
	for ; len(b) >= 8; b = b[8:] {
		out = append(out, wire.Short(b[:8]))
	}
	return out
}

func joinShorts(list []wire.Short) []byte {
	out := []byte{}
	for _, s := range list {
		out = append(out, s[:]...)
	}
	return out
}
