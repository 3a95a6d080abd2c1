package hub

import (
	"context"
	"fmt"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// answer says what the centre has and what the node may know, in the order of
// the lanes: receipts and decisions, what the node lost, then the feed with what
// is left of the budget.
func (h *Hub) answer(ctx context.Context, d Delivery, branch event.ID, got Receipt) (*wire.Answer, error) {
	req := d.Request
	a := &wire.Answer{Protocol: min(req.Protocol, wire.Protocol), Time: got.Time, Epoch: got.Epoch, Ticket: got.Ticket, Stale: got.Stale, Foreign: got.Foreign}
	left := budgetOf(req.Budget)
	var err error
	if a.Streams, err = h.opt.Store.Known(ctx, req.Streams, got.Forked); err != nil {
		return nil, fmt.Errorf("hub: receipts: %w", err)
	}
	if a.Asides, err = h.opt.Store.AsidesOf(ctx, streamsOf(req), wire.MaxAsides); err != nil {
		return nil, fmt.Errorf("hub: receipts: %w", err)
	}
	if err := h.load(ctx, a); err != nil {
		return nil, err
	}
	if req.Facts != nil {
		if a.Name, err = h.opt.Store.CentreName(ctx); err != nil {
			return nil, fmt.Errorf("hub: %w", err)
		}
	}
	if left, err = h.decisions(ctx, req, a, left); err != nil {
		return nil, err
	}
	if left, err = h.lost(ctx, req, a, left); err != nil {
		return nil, err
	}
	// A copy of the node gets nothing that is for the node; and to a node of
	// another epoch positions and sums say nothing yet.
	if got.Foreign {
		return a, nil
	}
	if err := h.others(ctx, d, a); err != nil {
		return nil, err
	}
	if a.Photos, err = h.wants(ctx, d.Node, streamsOf(req), req.Nonce, int(req.Budget)/wantsFor); err != nil {
		return nil, err
	}
	if err := h.tagKey(ctx, req, a); err != nil {
		return nil, err
	}
	if req.Rest || req.Epoch != got.Epoch {
		return a, nil
	}
	return a, h.feed(ctx, d.Node, branch, req, a, left)
}

// budgetOf is how many bytes of content an answer may have for a budget on the
// wire: rows come down to about half there.
func budgetOf(asked uint32) int {
	return min(max(2*int(min(asked, answerBudget)), leastBudget), answerBudget)
}

func streamsOf(req *wire.Request) []event.ID {
	out := make([]event.ID, len(req.Streams))
	for i, s := range req.Streams {
		out[i] = s.ID
	}
	return out
}

// others names all streams of a node that does not know the same of those that it
// no longer writes to: it was put back from a copy that is older than one of them,
// or a copy of its disk goes on writing one under its name.
func (h *Hub) others(ctx context.Context, d Delivery, a *wire.Answer) error {
	list, err := h.opt.Store.StreamsOf(ctx, d.Node)
	if err != nil {
		return fmt.Errorf("hub: streams: %w", err)
	}
	var sum wire.Sum
	for _, s := range list {
		if len(d.Request.Streams) == 0 || s.ID != d.Request.Streams[0].ID {
			sum = sum.AddStream(s.ID, s.Received)
		}
	}
	var mine wire.Sum
	if said := d.Request.Mine; said != nil {
		mine = *said
	}
	if sum != mine {
		a.Others = list[:min(len(list), othersOnce)]
	}
	return nil
}

// tagKey brings the key of the duplicate tags to a node that holds an older one.
// It comes no later than the first row with a tag made with it.
func (h *Hub) tagKey(ctx context.Context, req *wire.Request, a *wire.Answer) error {
	k, err := h.opt.Store.TagKey(ctx)
	if err != nil {
		return fmt.Errorf("hub: key of the tags: %w", err)
	}
	if k.Version > req.Tags {
		a.Tags = &k
	}
	return nil
}

// load says how much the node may send next, and when.
func (h *Hub) load(ctx context.Context, a *wire.Answer) error {
	a.Budget = fullBudget
	pending, err := h.opt.Store.Pending(ctx)
	if err != nil {
		return fmt.Errorf("hub: %w", err)
	}
	if pending > slowPending {
		var jitter [1]byte
		if _, err := h.opt.Rand.Read(jitter[:]); err != nil {
			return fmt.Errorf("hub: randomness: %w", err)
		}
		a.Budget, a.Wait = slowBudget, 5+uint32(jitter[0])%16
	}
	return nil
}

// decisions brings the two sets of decisions together.
func (h *Hub) decisions(ctx context.Context, req *wire.Request, a *wire.Answer, left int) (int, error) {
	most := min(max(left/2/rulingBytes, 1), rulingsOnce)
	var err error
	if len(req.Held) > 0 {
		a.Rulings, a.Lacking, err = h.opt.Store.CompareRulings(ctx, req.Held, most)
	} else {
		a.Rulings, a.SayHeld, err = h.opt.Store.Rulings(ctx, req.Rulings, most)
	}
	if err != nil {
		return left, fmt.Errorf("hub: decisions: %w", err)
	}
	return left - rulingBytes*len(a.Rulings), nil
}

// lost answers a node that lost events, or looks for where two copies part.
func (h *Hub) lost(ctx context.Context, req *wire.Request, a *wire.Answer, left int) (int, error) {
	for _, q := range req.Marks[:min(len(req.Marks), marksOnce)] {
		found, err := h.opt.Store.ForeignMarks(ctx, q)
		if err != nil {
			return left, fmt.Errorf("hub: marks: %w", err)
		}
		a.Marks = append(a.Marks, found)
		left -= 16 * len(found.Marks)
	}
	for _, q := range req.Tails[:min(len(req.Tails), tailsOnce)] {
		if left <= 0 {
			break
		}
		tail, any, err := h.opt.Store.Tail(ctx, q, left)
		if err != nil {
			return left, fmt.Errorf("hub: tail: %w", err)
		}
		if any {
			a.Tails = append(a.Tails, tail)
			for i := range tail.Items {
				left -= 60 + len(tail.Items[i].Body)
			}
		}
	}
	return left, nil
}

// wants names photos that the centre misses of the node, as many as go with what
// the link carries at once. Each request turns the list on: photos that the node
// has lost must not stand before the others for ever. One that is here after all
// is noted, and not asked for.
func (h *Hub) wants(ctx context.Context, node event.ID, streams []event.ID, turn wire.Short, most int) (names []wire.Short, _ error) {
	if h.opt.Photos == nil {
		return nil, nil
	}
	list, err := h.opt.Store.PhotoWants(ctx, node, streams, turn, min(max(most, leastPhotos), photosOnce))
	if err != nil {
		return nil, fmt.Errorf("hub: photos: %w", err)
	}
	var here []event.Hash
	for _, hash := range list {
		if h.opt.Photos.Has(hash) {
			here = append(here, hash)
			continue
		}
		names = append(names, wire.ShortOf(hash))
	}
	if err := h.opt.Store.PhotosArrived(ctx, here, true); err != nil {
		return nil, fmt.Errorf("hub: photos: %w", err)
	}
	return names, nil
}

// feed adds what the node is to know: what it asked for by name, sums and repairs
// of partitions that differ, and the next pages of the others.
func (h *Hub) feed(ctx context.Context, node, branch event.ID, req *wire.Request, a *wire.Answer, left int) error {
	feed, err := h.opt.Store.ReadFeed(ctx, node, branch)
	if err != nil {
		return fmt.Errorf("hub: feed: %w", err)
	}
	defer feed.Close()
	add := func(page *wire.Page, err error) error {
		if err != nil {
			return fmt.Errorf("hub: feed: %w", err)
		}
		if page != nil {
			a.Pages = append(a.Pages, *page)
			left -= pageBytes(page)
		}
		return nil
	}
	if len(req.People) > 0 {
		if err := add(feed.Asked(req.People[:min(len(req.People), peopleOnce)], left)); err != nil {
			return err
		}
	}
	repaired := map[wire.Partition]bool{}
	for _, part := range req.Sums {
		if repaired[part] || !fed(part) {
			continue
		}
		repaired[part] = true
		sums, err := feed.BucketSums(part)
		if err != nil {
			return fmt.Errorf("hub: feed: %w", err)
		}
		a.Sums = append(a.Sums, sums)
		left -= 12 * len(sums.Sums)
	}
	for _, asked := range req.Buckets {
		if !fed(asked.Partition) || len(asked.Buckets) == 0 || repaired[asked.Partition] && left <= 0 {
			continue
		}
		repaired[asked.Partition] = true
		if err := add(feed.Repair(asked, max(left, leastBudget))); err != nil {
			return err
		}
	}
	for _, at := range ordered(req.Feeds) {
		if left <= 0 {
			break
		}
		if repaired[at.Partition] {
			continue
		}
		if err := add(feed.Page(at, left)); err != nil {
			return err
		}
	}
	return nil
}

func fed(part wire.Partition) bool { return part >= wire.Settings && part <= wire.Directory }

// ordered are the cursors in the order in which partitions are sent, one each.
func ordered(cursors []wire.Cursor) []wire.Cursor {
	var out []wire.Cursor
	for part := wire.Settings; part <= wire.Directory; part++ {
		for _, c := range cursors {
			if c.Partition == part {
				out = append(out, c)
				break
			}
		}
	}
	return out
}

func pageBytes(p *wire.Page) int {
	n := 40
	for i := range p.Rows {
		n += 24 + len(p.Rows[i].Body)
	}
	return n
}
