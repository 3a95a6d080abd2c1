package desk

import (
	"context"
	"errors"
	"fmt"

	"simpul/node/photo"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/wire"
)

// PhotoLane is the way of photos through the exchange, for sync/agent and sync/hub.
func (d *Desk) PhotoLane() PhotoLane { return PhotoLane{d.Photos, d.Store} }

// PhotoLane keeps photos that come in pieces: pieces lie sealed in the store until
// the photo is whole, and then it is a file like any other.
type PhotoLane struct {
	files *photo.Files
	store *store.Store
}

// Has reports whether a photo is here.
func (p PhotoLane) Has(hash event.Hash) bool { return p.files.Has(hash) }

// Put takes a piece and says how far the photo has come.
func (p PhotoLane) Put(ctx context.Context, part wire.PhotoPart) (wire.PhotoHas, error) {
	has := wire.PhotoHas{Hash: part.Hash}
	whole, err := p.store.PutPhotoPart(ctx, part)
	if errors.Is(err, store.ErrPart) {
		whole, err = p.store.WholePhoto(ctx, part.Hash)
	}
	if err != nil {
		return has, err
	}
	if whole != nil {
		has.Offset, has.Whole = part.Total, true
		return has, p.keep(ctx, part.Hash, whole)
	}
	n, err := p.store.PhotoOffset(ctx, part.Hash)
	has.Offset = uint32(n)
	return has, err
}

// keep makes a whole photo a file, and only then forgets its pieces.
func (p PhotoLane) keep(ctx context.Context, hash event.Hash, whole []byte) error {
	if _, err := p.files.Put(whole); err != nil {
		if errors.Is(err, photo.ErrFull) {
			err = fmt.Errorf("%w: %w", store.ErrFull, err)
		}
		return err
	}
	return p.store.DropPhotoParts(ctx, hash)
}

// Get reads a photo; false when it is not here.
func (p PhotoLane) Get(_ context.Context, hash event.Hash) ([]byte, bool, error) {
	plain, err := p.files.Get(hash)
	if errors.Is(err, photo.ErrMissing) {
		return nil, false, nil
	}
	return plain, err == nil, err
}

// Named finds a photo by the start of its hash.
func (p PhotoLane) Named(name wire.Short) (event.Hash, bool) { return p.files.Named(name) }

// Offset is how many bytes of a photo have come in.
func (p PhotoLane) Offset(ctx context.Context, hash event.Hash) (uint32, error) {
	n, err := p.store.PhotoOffset(ctx, hash)
	if err != nil || n == 0 {
		return 0, err
	}
	whole, err := p.store.WholePhoto(ctx, hash)
	if err == nil && whole != nil {
		err = p.keep(ctx, hash, whole)
	}
	return uint32(n), err
}
