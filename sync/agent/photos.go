package agent

import (
	"context"
	"fmt"
	"io"
	"slices"

	"simpul/sync/event"
	"simpul/sync/wire"
)

const (
	partsOnce = 64  // pieces in one request
	wantsOnce = 64  // photos asked for in one request
	keptAsked = 256 // names of photos that the centre asked for before
	partBytes = 128 // about what a piece has beside its bytes
)

// push sends the photos that the centre misses, in the order in which it named
// them, as long as something moves. A photo that is not here any more is passed
// over.
func (a *Agent) push(ctx context.Context) error {
	asked, err := a.opt.Log.PhotosAsked(ctx)
	if err != nil {
		return fmt.Errorf("agent: %w", err)
	}
	tries := map[event.Hash]int{}
	for len(asked) > 0 {
		if err := a.between(ctx); err != nil || a.now.Wait > 0 {
			return err
		}
		parts, err := a.pieces(ctx, asked, tries)
		if err != nil || len(parts) == 0 {
			return err
		}
		if asked, err = a.pushOnce(ctx, asked, parts, tries); err != nil {
			return err
		}
		a.now.Doing, a.now.PhotosLeft = SendingPhotos, int64(len(asked))
		a.tell()
	}
	return nil
}

// pieces takes what fits one request.
func (a *Agent) pieces(ctx context.Context, asked []wire.Short, tries map[event.Hash]int) ([]wire.PhotoPart, error) {
	var parts []wire.PhotoPart
	left, _ := a.sizes()
	for _, name := range asked {
		if left <= 0 || len(parts) == partsOnce {
			break
		}
		hash, here := a.opt.Photos.Named(name)
		if !here || tries[hash] >= patience {
			continue
		}
		data, here, err := a.opt.Photos.Get(ctx, hash)
		if err != nil {
			a.opt.Logger.Error("a photo cannot be read", "err", err)
			continue
		}
		if from := a.sent[hash]; here && int(from) < len(data) {
			end := min(len(data), int(from)+left)
			if a.lost { // how far has it come?
				end = int(from)
			}
			parts = append(parts, wire.PhotoPart{Hash: hash, Offset: from, Total: uint32(len(data)), Bytes: data[from:end]})
			left -= end - int(from) + partBytes
		}
	}
	return parts, nil
}

func bytesOf(parts []wire.PhotoPart) (n int) {
	for _, p := range parts {
		n += len(p.Bytes)
	}
	return n
}

// pushOnce sends pieces and returns what the centre asks for after them: what it
// names then, and what it named before and has not got whole.
func (a *Agent) pushOnce(ctx context.Context, asked []wire.Short, parts []wire.PhotoPart, tries map[event.Hash]int) ([]wire.Short, error) {
	p := &wire.PhotoPush{Parts: parts}
	if _, err := io.ReadFull(a.opt.Rand, p.Nonce[:]); err != nil {
		return nil, fmt.Errorf("agent: randomness: %w", err)
	}
	began := a.opt.Mono()
	taken, err := a.opt.Centre.Push(ctx, p)
	if err != nil {
		a.lost = a.lost || bytesOf(parts) > askFirst
		a.failed(err)
		return nil, fmt.Errorf("agent: photos: %w", err)
	}
	a.lost = false
	a.pace.Worked(a.opt.Mono()-began, bytesOf(parts), 0)
	for _, part := range parts {
		tries[part.Hash]++
	}
	for _, has := range taken.Has {
		if has.Offset != a.sent[has.Hash] || has.Whole {
			tries[has.Hash] = 0
		}
		a.sent[has.Hash] = has.Offset
		if has.Whole {
			a.now.Photos++
			delete(a.sent, has.Hash)
			asked = slices.DeleteFunc(asked, func(name wire.Short) bool { return name == wire.ShortOf(has.Hash) })
		}
	}
	asked = asked[:min(len(asked), keptAsked)]
	for _, name := range taken.Missing {
		if !slices.Contains(asked, name) {
			asked = append(asked, name)
		}
	}
	if err := a.opt.Log.SetPhotosAsked(ctx, asked); err != nil {
		return nil, fmt.Errorf("agent: %w", err)
	}
	return asked, nil
}

// between lets what was recorded meanwhile go before the next photos.
func (a *Agent) between(ctx context.Context) error {
	if err := a.afford(ctx); err != nil {
		return err
	}
	waiting, err := a.opt.Log.Outgoing(ctx, 1)
	if err != nil {
		return fmt.Errorf("agent: %w", err)
	}
	if len(waiting) == 0 {
		return nil
	}
	return a.exchange(ctx)
}

// pull fetches the photos of the branch's members that are not here.
func (a *Agent) pull(ctx context.Context) error {
	for a.pulling {
		if err := a.between(ctx); err != nil || a.now.Wait > 0 {
			return err
		}
		missing, err := a.opt.Log.PhotosMissing(ctx, func(h [32]byte) bool { return a.opt.Photos.Has(h) || a.absent[h] }, wantsOnce)
		if err != nil {
			return fmt.Errorf("agent: %w", err)
		}
		if len(missing) == 0 {
			a.pulling = false
			clear(a.absent) // perhaps the centre has them at the next change
			return nil
		}
		if err := a.pullOnce(ctx, missing); err != nil {
			return err
		}
		a.now.Doing, a.now.FetchLeft = TakingPhotos, int64(len(missing))
		a.tell()
	}
	return nil
}

func (a *Agent) pullOnce(ctx context.Context, missing []event.Hash) error {
	_, down := a.sizes()
	p := &wire.PhotoPull{Budget: uint32(down)}
	if _, err := io.ReadFull(a.opt.Rand, p.Nonce[:]); err != nil {
		return fmt.Errorf("agent: randomness: %w", err)
	}
	for _, hash := range missing {
		from, err := a.opt.Photos.Offset(ctx, hash)
		if err != nil {
			return fmt.Errorf("agent: %w", err)
		}
		p.Wants = append(p.Wants, wire.PhotoWant{Hash: hash, Offset: from})
	}
	began := a.opt.Mono()
	sent, err := a.opt.Centre.Pull(ctx, p)
	if err != nil {
		a.failed(err)
		return fmt.Errorf("agent: photos: %w", err)
	}
	a.pace.Worked(a.opt.Mono()-began, bytesOf(sent.Parts), 0)
	came := map[event.Hash]bool{}
	for _, part := range sent.Parts {
		has, err := a.opt.Photos.Put(ctx, part)
		if err != nil {
			return fmt.Errorf("agent: photos: %w", err)
		}
		came[part.Hash] = true
		if has.Whole {
			a.now.Fetched++
		}
	}
	for _, w := range p.Wants {
		// What a complete answer left out, the centre has not; a piece that did not
		// fit would not fit the next time either.
		if !came[w.Hash] && (!sent.More || len(came) == 0) {
			a.absent[w.Hash] = true
		}
	}
	return nil
}
