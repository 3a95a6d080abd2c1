package hub

import (
	"context"
	"fmt"

	"simpul/sync/event"
	"simpul/sync/wire"
)

const (
	partsOnce    = 256
	photosBudget = 1 << 20
)

// Photos takes pieces of photos. Only those that some event names are kept.
func (h *Hub) Photos(ctx context.Context, node event.ID, push *wire.PhotoPush) (*wire.PhotoTaken, error) {
	if _, _, err := h.opt.Store.Admits(ctx, node); err != nil {
		return nil, fmt.Errorf("hub: %w", err)
	}
	if h.opt.Photos == nil {
		return &wire.PhotoTaken{}, nil
	}
	has, brought, err := h.keep(ctx, push)
	if err != nil {
		return nil, err
	}
	missing, err := h.wants(ctx, node, nil, push.Nonce, brought/wantsFor)
	return &wire.PhotoTaken{Has: has, Missing: missing}, err
}

// FilePhotos keeps the pieces that a file brings of photos that are missing here, and
// says how many these are. A revoked node's come in so too: a person has released the
// events that name them.
func (h *Hub) FilePhotos(ctx context.Context, push *wire.PhotoPush) (int, error) {
	if h.opt.Photos == nil {
		return 0, nil
	}
	wanted := wire.PhotoPush{}
	for _, part := range push.Parts {
		expected, err := h.opt.Store.PhotoExpected(ctx, part.Hash)
		if err != nil {
			return 0, fmt.Errorf("hub: photo: %w", err)
		}
		if expected {
			wanted.Parts = append(wanted.Parts, part)
		}
	}
	_, _, err := h.keep(ctx, &wanted)
	return len(wanted.Parts), err
}

// keep says how far each photo has come, and how many bytes were brought.
func (h *Hub) keep(ctx context.Context, push *wire.PhotoPush) (out []wire.PhotoHas, brought int, _ error) {
	var whole []event.Hash
	for _, part := range push.Parts[:min(len(push.Parts), partsOnce)] {
		brought += len(part.Bytes)
		has, err := h.photo(ctx, part)
		if err != nil {
			return nil, 0, fmt.Errorf("hub: photo: %w", err)
		}
		if has.Whole {
			whole = append(whole, has.Hash)
		}
		out = append(out, has)
	}
	if err := h.opt.Store.PhotosArrived(ctx, whole, true); err != nil {
		return nil, 0, fmt.Errorf("hub: photos: %w", err)
	}
	return out, brought, nil
}

func (h *Hub) photo(ctx context.Context, part wire.PhotoPart) (wire.PhotoHas, error) {
	has := wire.PhotoHas{Hash: part.Hash}
	if h.opt.Photos.Has(part.Hash) {
		has.Offset, has.Whole = part.Total, true
		return has, nil
	}
	expected, err := h.opt.Store.PhotoExpected(ctx, part.Hash)
	if err != nil || !expected {
		return has, err
	}
	return h.opt.Photos.Put(ctx, part)
}

// Pull gives a node photos of its branch, from the offsets that it names.
func (h *Hub) Pull(ctx context.Context, node event.ID, pull *wire.PhotoPull) (*wire.PhotoSent, error) {
	_, branch, err := h.opt.Store.Admits(ctx, node)
	if err != nil {
		return nil, fmt.Errorf("hub: %w", err)
	}
	out := &wire.PhotoSent{}
	if h.opt.Photos == nil {
		return out, nil
	}
	left := min(max(int(min(pull.Budget, photosBudget)), leastBudget), photosBudget)
	for _, want := range pull.Wants[:min(len(pull.Wants), partsOnce)] {
		may, err := h.opt.Store.PhotoOfBranch(ctx, want.Hash, branch)
		if err != nil {
			return nil, fmt.Errorf("hub: photo: %w", err)
		}
		if !may {
			continue
		}
		if out.More = left <= 0; out.More {
			break
		}
		photo, here, err := h.opt.Photos.Get(ctx, want.Hash)
		if err != nil {
			return nil, fmt.Errorf("hub: photo: %w", err)
		}
		if !here { // it was, and got lost
			if err := h.opt.Store.PhotosArrived(ctx, []event.Hash{want.Hash}, false); err != nil {
				return nil, fmt.Errorf("hub: photo: %w", err)
			}
			continue
		}
		if int64(want.Offset) >= int64(len(photo)) {
			continue
		}
		rest := photo[want.Offset:]
		rest = rest[:min(len(rest), left)]
		left -= len(rest)
		out.Parts = append(out.Parts, wire.PhotoPart{Hash: want.Hash, Offset: want.Offset, Total: uint32(len(photo)), Bytes: rest})
	}
	return out, nil
}
