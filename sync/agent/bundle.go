package agent

import (
	"context"
	"fmt"
	"io"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// BundleLog is what a bundle needs of the node's store.
type BundleLog interface {
	Standing(ctx context.Context) (*wire.Request, error)
	// EachUpward calls f with batches of all that is in no copy of the centre.
	EachUpward(ctx context.Context, maxBytes int, f func(wire.Batch) error) error
	// PhotosUpward are the photos that those events name, and those that the
	// centre said it misses.
	PhotosUpward(ctx context.Context, named func(wire.Short) (event.Hash, bool)) ([]event.Hash, error)
	// AbsorbBundle takes in an answer of the centre to what was said of streams.
	AbsorbBundle(ctx context.Context, streams []wire.StreamSays, ans *wire.Answer) error
}

// Pieces of a bundle, in bytes before compression.
const (
	bundleBatch = 256 << 10
	bundlePiece = 256 << 10
)

// Export gives what goes up in a bundle, piece by piece: requests that hold
// everything that is in no copy of the centre, at least one, and then photos.
// Nothing of it counts as sent: only a receipt of the centre does.
func Export(ctx context.Context, log BundleLog, photos Photos, rand io.Reader, request func(*wire.Request) error, push func(*wire.PhotoPush) error) error {
	said := 0
	say := func(batches ...wire.Batch) error {
		req, err := log.Standing(ctx)
		if err != nil {
			return fmt.Errorf("agent: %w", err)
		}
		if _, err := io.ReadFull(rand, req.Nonce[:]); err != nil {
			return fmt.Errorf("agent: randomness: %w", err)
		}
		req.Batches, req.Budget = batches, mostDown
		said++
		return request(req)
	}
	if err := log.EachUpward(ctx, bundleBatch, func(b wire.Batch) error { return say(b) }); err != nil {
		return err
	}
	if said == 0 {
		if err := say(); err != nil {
			return err
		}
	}
	if photos == nil {
		return nil
	}
	hashes, err := log.PhotosUpward(ctx, photos.Named)
	if err != nil {
		return fmt.Errorf("agent: %w", err)
	}
	for _, hash := range hashes {
		data, here, err := photos.Get(ctx, hash)
		if err != nil {
			return fmt.Errorf("agent: photo: %w", err)
		}
		for from := 0; here && from < len(data); from += bundlePiece {
			p := &wire.PhotoPush{Parts: []wire.PhotoPart{{Hash: hash, Offset: uint32(from), Total: uint32(len(data)),
				Bytes: data[from:min(len(data), from+bundlePiece)]}}}
			if _, err := io.ReadFull(rand, p.Nonce[:]); err != nil {
				return fmt.Errorf("agent: randomness: %w", err)
			}
			if err := push(p); err != nil {
				return err
			}
		}
	}
	return nil
}

// Import takes in an answer that came down in a bundle. It may be old, and come
// again.
func Import(ctx context.Context, log BundleLog, streams []wire.StreamSays, ans *wire.Answer) error {
	return log.AbsorbBundle(ctx, streams, ans)
}

// ImportPhotos keeps photos that came down in a bundle. A piece that does not
// continue what is here changes nothing.
func ImportPhotos(ctx context.Context, photos Photos, sent *wire.PhotoSent) error {
	for _, part := range sent.Parts {
		if photos.Has(part.Hash) {
			continue
		}
		if _, err := photos.Put(ctx, part); err != nil {
			return fmt.Errorf("agent: photo: %w", err)
		}
	}
	return nil
}
