package hub

import (
	"context"
	"fmt"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// Bounds of one exchange.
const (
	applyAtOnce  = 5000      // events in one transaction
	applyAlong   = 5000      // waiting events that an exchange applies before it answers
	slowPending  = 100_000   // waiting events above which nodes are asked to send less
	fullBudget   = 256 << 10 // bytes that a request may have: some 10,000 events, one transaction
	slowBudget   = 32 << 10
	answerBudget = 1 << 20 // bytes that an answer has at most, before compression
	leastBudget  = 4 << 10 // an answer brings something on the slowest link
	rulingsOnce  = 1000
	rulingBytes  = 300
	photosOnce   = 128
	leastPhotos  = 8
	wantsFor     = 1 << 10 // bytes of a link for each name of a photo, which takes eight
	marksOnce    = 8       // questions in one request
	tailsOnce    = 8
	othersOnce   = 4096
	peopleOnce   = 16
)

// Exchange answers one request of a node that the gate let in: events are kept
// first, then applied when little waits, and then the answer says what the centre
// has. The same request again changes nothing but the ticket.
func (h *Hub) Exchange(ctx context.Context, node event.ID, req *wire.Request) (*wire.Answer, error) {
	return h.exchange(ctx, Delivery{Node: node, Request: req})
}

// File answers a request that came in a file; its answer goes back in one.
func (h *Hub) File(ctx context.Context, node event.ID, req *wire.Request) (*wire.Answer, error) {
	return h.exchange(ctx, Delivery{Node: node, Request: req, File: true})
}

// Supervised keeps what a revoked node recorded apart, until a person at the
// centre releases it. It says how many events there are.
func (h *Hub) Supervised(ctx context.Context, node event.ID, req *wire.Request) (int, error) {
	n, err := h.opt.Store.Hold(ctx, Delivery{Node: node, Request: req, File: true})
	if err != nil {
		return 0, fmt.Errorf("hub: keep apart: %w", err)
	}
	return n, nil
}

func (h *Hub) exchange(ctx context.Context, d Delivery) (*wire.Answer, error) {
	done, err := h.turns.take(ctx, d.Node)
	if err != nil {
		return nil, fmt.Errorf("hub: waiting for the node's turn: %w", err)
	}
	defer done()
	_, branch, err := h.opt.Store.Admits(ctx, d.Node)
	if err != nil {
		return nil, fmt.Errorf("hub: %w", err)
	}
	got, err := h.receive(ctx, d)
	if err != nil {
		return nil, err
	}
	if err := h.applyAlong(ctx); err != nil {
		return nil, err
	}
	return h.answer(ctx, d, branch, got)
}

// receive keeps what the request brings: events, decisions, a wish for a digit.
func (h *Hub) receive(ctx context.Context, d Delivery) (Receipt, error) {
	req := d.Request
	if len(req.Back) > 0 {
		fresh, err := h.opt.Store.Regain(ctx, req.Back, h.public)
		if err != nil {
			return Receipt{}, fmt.Errorf("hub: take decisions back: %w", err)
		}
		if fresh > 0 {
			d.Regained = true
			h.opt.Log.Warn("a node gave back decisions that were lost here", "node", d.Node, "decisions", fresh)
		}
	}
	got, err := h.opt.Store.Receive(ctx, d)
	if err != nil {
		return got, fmt.Errorf("hub: receive: %w", err)
	}
	if got.Minted {
		h.opt.Log.Warn("this data is older than what its nodes were told; it has a new epoch", "node", d.Node)
	}
	for stream := range got.Forked {
		h.opt.Log.Warn("a stream differs from what is stored", "node", d.Node, "stream", stream)
	}
	if req.Grant && len(req.Streams) > 0 && !d.File && !got.Foreign && !got.Stale && !got.Forked[req.Streams[0].ID] {
		if err := h.opt.Store.GrantStream(ctx, h.opt.Key, d.Node, req.Streams[0].ID, req.Used); err != nil {
			return got, fmt.Errorf("hub: grant: %w", err)
		}
	}
	return got, nil
}

// applyAlong applies what waits when it is little; else Apply does it.
func (h *Hub) applyAlong(ctx context.Context) error {
	pending, err := h.opt.Store.Pending(ctx)
	if err != nil {
		return fmt.Errorf("hub: %w", err)
	}
	if pending == 0 || pending > applyAlong {
		return nil
	}
	_, err = h.Apply(ctx)
	return err
}

// Apply applies some of what waits and makes the decisions that follow from it.
// It says whether there is more to do. Somebody calls it until there is not.
func (h *Hub) Apply(ctx context.Context) (more bool, err error) {
	_, more, err = h.opt.Store.ApplyPending(ctx, applyAtOnce)
	if err != nil {
		return more, fmt.Errorf("hub: apply: %w", err)
	}
	due, err := h.opt.Store.Settle(ctx, h.opt.Key)
	if err != nil {
		return more, fmt.Errorf("hub: decide by rule: %w", err)
	}
	return more || due, nil
}
