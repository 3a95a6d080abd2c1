package store

import (
	"context"
	"errors"
	"fmt"
	"io"

	"simpul/sync/event"
	"simpul/sync/hub"
	"simpul/sync/wire"
)

// NodeStanding is how a node is, by what its exchanges said.
type NodeStanding struct {
	Node    event.ID
	Met     int64 // ms of the centre's clock
	Contact int64 // ms, the last exchange
	Skew    int64 // ms: the centre's clock less the node's
	Copied  int64 // ms, when another machine last spoke for it; 0 = never
	Stale   int64 // ms, when an old ticket was last shown; 0 = never
	Facts   wire.Facts
	Said    int64 // ms, when it told the facts

	ticket  tickets
	machine wire.Short
	boot    uint32
	own     int64 // how far it has the records of its branch
}

const nodeColumns = "id, ticket, ticket_before, ticket_epoch, machine, copied, stale, met, contact, skew, boot, program, free, waiting, photos_waiting, said, own_pos"

func scanNode(from scanner) (*NodeStanding, error) {
	var n NodeStanding
	var id, current, before, epoch, machine []byte
	if err := from.Scan(&id, &current, &before, &epoch, &machine, &n.Copied, &n.Stale, &n.Met, &n.Contact, &n.Skew, &n.boot,
		&n.Facts.Program, &n.Facts.Free, &n.Facts.Waiting, &n.Facts.PhotosWaiting, &n.Said, &n.own); err != nil {
		return nil, notFound(err)
	}
	n.Node, n.ticket.epoch, n.Facts.Offset = toID(id), toID(epoch), n.Skew
	copy(n.ticket.current[:], current)
	copy(n.ticket.before[:], before)
	copy(n.machine[:], machine)
	return &n, nil
}

// NodeStanding says how a node is; ErrNotFound before its first exchange.
func (s *Store) NodeStanding(ctx context.Context, node event.ID) (*NodeStanding, error) {
	return scanNode(s.queryRow(ctx, "SELECT "+nodeColumns+" FROM nodes WHERE id = ?", node[:]))
}

// NodeStandings lists all nodes that ever exchanged, the one silent for longest first.
func (s *Store) NodeStandings(ctx context.Context) ([]*NodeStanding, error) {
	rows, err := s.query(ctx, "SELECT "+nodeColumns+" FROM nodes ORDER BY contact, id LIMIT 1000")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []*NodeStanding
	for rows.Next() {
		n, err := scanNode(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, kind(rows.Err())
}

func (tx *Tx) skewOf(node event.ID) (skew int64, err error) {
	err = notFound(tx.row("SELECT skew FROM nodes WHERE id = ?", node[:]).Scan(&skew))
	if errors.Is(err, ErrNotFound) {
		err = nil
	}
	return skew, err
}

// tickets tell a node from an older copy of it: each exchange gives a new one.
type tickets struct {
	current, before wire.Short
	epoch           event.ID // of the centre, when current was given
}

// show is the verdict on the ticket that a node shows: the one to answer with,
// and whether what was shown is neither of the last two. fresh is the next one.
//
// The ticket before is good too: its answer may have been lost; then the same one
// is given again. In a new epoch nobody's ticket is old, once: the centre has
// forgotten those that it gave.
func (t *tickets) show(shown wire.Short, epoch event.ID, fresh wire.Short) (answer wire.Short, stale bool) {
	switch {
	case t.epoch != epoch:
		*t = tickets{current: fresh, before: shown, epoch: epoch}
	case shown == t.current:
		t.before, t.current = t.current, fresh
	case shown == t.before:
	default:
		return t.current, true
	}
	return t.current, false
}

// meetNode notes that a node spoke. gap says that the node knows of events that
// the centre does not have. Within one epoch that cannot be, as little as a feed
// that is ahead of the centre's, or a decision that only the node holds: somebody
// put an old copy in the place of the centre's data, and it gets a new name.
func (tx *Tx) meetNode(d hub.Delivery, gap bool, out *hub.Receipt) error {
	node, req := d.Node, d.Request
	if !tx.s.log.state.centre {
		return ErrNotCentre
	}
	if err := tx.awake(); err != nil {
		return err
	}
	epoch, err := tx.epoch()
	if err != nil {
		return err
	}
	if req.Epoch == epoch {
		ahead, err := tx.aheadOfFeed(req.Feeds)
		if err != nil {
			return err
		}
		if out.Minted = ahead || d.Regained || gap && !d.File; out.Minted {
			if err := tx.newEpoch("behind"); err != nil {
				return err
			}
			if epoch, err = tx.epoch(); err != nil {
				return err
			}
		}
	}
	if err := tx.noteTags(req.Tags); err != nil {
		return err
	}
	now := tx.Now().UnixMilli()
	if out.Epoch, out.Time, out.Ticket = epoch, now, req.Ticket; d.File {
		return nil
	}
	n, err := scanNode(tx.row("SELECT "+nodeColumns+" FROM nodes WHERE id = ?", node[:]))
	if errors.Is(err, ErrNotFound) {
		n, err = &NodeStanding{Node: node, Met: now, machine: req.Machine}, nil
	}
	if err != nil {
		return err
	}
	if n.machine == (wire.Short{}) {
		n.machine = req.Machine
	}
	if req.Machine != (wire.Short{}) && req.Machine != n.machine {
		// Its events are kept; the tickets stay those of the machine that has the name.
		out.Foreign, n.Copied = true, now
		if err := tx.noticeOnce(noticePCCopied, fmt.Sprintf("%s %x", node, req.Machine)); err != nil {
			return err
		}
		return tx.saveStanding(n)
	}
	var fresh wire.Short
	if _, err := io.ReadFull(tx.s.opt.Rand, fresh[:]); err != nil {
		return fmt.Errorf("store: randomness: %w", err)
	}
	if out.Ticket, out.Stale = n.ticket.show(req.Ticket, epoch, fresh); out.Stale {
		n.Stale = now
	}
	n.Contact, n.Skew, n.boot = now, now-req.Wall, req.Boot
	n.own = 0 // in an epoch that is new to the node its positions mean nothing
	for _, c := range req.Feeds {
		if c.Partition == wire.Own && req.Epoch == epoch {
			n.own = int64(c.Pos)
		}
	}
	if req.Facts != nil {
		n.Facts, n.Said = *req.Facts, now
	}
	return tx.saveStanding(n)
}

// aheadOfFeed reports whether a node has more of the feed than there is: within
// one epoch that cannot be.
func (tx *Tx) aheadOfFeed(cursors []wire.Cursor) (bool, error) {
	pos, err := tx.counter(countFeed)
	for _, c := range cursors {
		if c.Pos > uint64(pos) {
			return true, err
		}
	}
	return false, err
}

func (tx *Tx) saveStanding(n *NodeStanding) error {
	return tx.exec("INSERT INTO nodes ("+nodeColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET ticket = excluded.ticket, ticket_before = excluded.ticket_before, ticket_epoch = excluded.ticket_epoch,
			machine = excluded.machine, copied = excluded.copied, stale = excluded.stale, contact = excluded.contact, skew = excluded.skew,
			boot = excluded.boot, program = excluded.program, free = excluded.free, waiting = excluded.waiting,
			photos_waiting = excluded.photos_waiting, said = excluded.said, own_pos = excluded.own_pos`,
		n.Node[:], n.ticket.current[:], n.ticket.before[:], n.ticket.epoch[:], n.machine[:], n.Copied, n.Stale, n.Met, n.Contact, n.Skew, n.boot,
		n.Facts.Program, int64(min(n.Facts.Free, 1<<62)), int64(min(n.Facts.Waiting, 1<<62)), int64(min(n.Facts.PhotosWaiting, 1<<62)), n.Said, n.own)
}

// noteWaiting keeps how many events a node holds that have not arrived here, as
// they stand after its request: what the node says of itself comes once an hour and
// before it sends.
func (tx *Tx) noteWaiting(d hub.Delivery) error {
	if d.File {
		return nil
	}
	waiting := int64(0)
	for _, say := range d.Request.Streams {
		f, err := tx.foreign(say.ID)
		if err != nil {
			return err
		}
		received := uint64(0)
		if f != nil {
			received = f.Head
		}
		if say.Head > received {
			waiting += int64(min(say.Head-received, 1<<40))
		}
	}
	return tx.exec("UPDATE nodes SET waiting = ?, said = ? WHERE id = ? AND machine = ?", waiting, tx.Now().UnixMilli(), d.Node[:], d.Request.Machine[:])
}

// PhotosWanted counts, by node, the photos that its events name and that have not
// arrived here.
func (s *Store) PhotosWanted(ctx context.Context) (map[event.ID]int, error) {
	out := map[event.ID]int{}
	rows, err := s.query(ctx, "SELECT node, COUNT(*) FROM photo_wants WHERE held = 0 GROUP BY node")
	return out, collect(rows, err, func(scan func(...any) error) error {
		var id []byte
		var n int
		err := scan(&id, &n)
		out[toID(id)] = n
		return err
	})
}

// Known answers for each stream that a node names what the centre has of it.
// forked are those whose batches were refused in this request.
func (s *Store) Known(ctx context.Context, says []wire.StreamSays, forked map[event.ID]bool) ([]wire.StreamKnown, error) {
	out := make([]wire.StreamKnown, len(says))
	for i, say := range says {
		f, err := s.ForeignStream(ctx, say.ID)
		if errors.Is(err, ErrNotFound) {
			out[i].Chain = wire.ShortOf(event.Genesis(say.ID))
			out[i].Forked = forked[say.ID]
			continue
		}
		if err != nil {
			return nil, err
		}
		common, err := s.chainAt(ctx, say.ID, min(f.Head, say.Head), f)
		if err != nil {
			return nil, err
		}
		known := wire.StreamKnown{Received: f.Head, Chain: wire.ShortOf(common), Applied: f.Applied, Durable: f.Durable}
		if forked[say.ID] || say.Head <= f.Head && known.Chain != say.Chain {
			known.Forked, known.Chain = true, wire.ShortOf(f.Chain)
		}
		out[i] = known
	}
	return out, nil
}

// ForeignMarks gives chain values of a stream, evenly spread, at most wire.MaxMarks,
// the last of them at the end of what was asked or of what there is.
func (s *Store) ForeignMarks(ctx context.Context, q wire.MarksAsked) (wire.MarksFound, error) {
	out := wire.MarksFound{Stream: q.Stream}
	f, err := s.ForeignStream(ctx, q.Stream)
	if errors.Is(err, ErrNotFound) {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	to := min(q.To, f.Head)
	if q.From >= to {
		return out, nil
	}
	span := to - q.From
	count := min(span, wire.MaxMarks)
	for i := uint64(1); i <= count; i++ {
		// span/count twice, so that it does not overflow whatever is asked
		seq := q.From + span/count*i + span%count*i/count
		h, err := s.chainAt(ctx, q.Stream, seq, f)
		if err != nil {
			return out, err
		}
		out.Marks = append(out.Marks, wire.Mark{Seq: seq, Chain: wire.ShortOf(h)})
	}
	return out, nil
}

// maxSeq is beyond what any stream has, and small enough for every database.
const maxSeq = 1 << 62

// Tail returns events of a stream from a sequence on, at most that many bytes of
// bodies and at least one event; false when there is nothing there.
func (s *Store) Tail(ctx context.Context, q wire.TailAsked, budget int) (wire.Batch, bool, error) {
	out := wire.Batch{Stream: q.Stream, First: q.First}
	if q.First == 0 || q.First > maxSeq {
		return out, false, nil
	}
	salts := map[event.ID]event.Salt{}
	rows, err := s.query(ctx, "SELECT "+eventColumns+" FROM events WHERE stream = ? AND seq >= ? ORDER BY seq LIMIT 1000", q.Stream[:], q.First)
	if err != nil {
		return out, false, err
	}
	defer rows.Close()
	var recs []event.Record
	for rows.Next() && (budget > 0 || len(recs) == 0) {
		rec, _, err := s.scanEvent(rows.Scan)
		if err != nil {
			return out, false, err
		}
		recs = append(recs, rec)
		budget -= 60 + len(rec.Body)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || len(recs) == 0 || recs[0].Seq != q.First {
		return out, false, kind(err)
	}
	for _, rec := range recs {
		it := wire.Item{Event: rec.Event, Hash: rec.Hash}
		if rec.Body != nil {
			salt, known := salts[rec.Subject]
			if !known {
				if salt, err = s.saltOf(ctx, rec.Subject); err != nil {
					return out, false, err
				}
				salts[rec.Subject] = salt
			}
			it.Salt = salt
		}
		out.Items, out.Head = append(out.Items, it), rec.Chain
	}
	return out, true, nil
}

// saltOf reads a subject's salt outside the writer.
func (s *Store) saltOf(ctx context.Context, subject event.ID) (event.Salt, error) {
	if salt, ok := s.salts.get(subject); ok {
		return salt, nil
	}
	var sealed []byte
	if err := s.queryRow(ctx, "SELECT salt FROM subjects WHERE id = ?", subject[:]).Scan(&sealed); err != nil {
		return event.Salt{}, fmt.Errorf("store: salt: %w", notFound(err))
	}
	return s.openSalt(subject, sealed)
}
