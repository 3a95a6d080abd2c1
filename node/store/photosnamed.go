package store

import (
	"context"

	"simpul/sync/event"
	"simpul/sync/merge"
	"simpul/sync/wire"
)

// PhotosNamed are the photos that are needed here: those of the records as they
// stand, those that the centre has not safe yet, and at a centre those that its
// nodes' records name. named finds a photo by the start of its hash. The vault must
// be open.
func (s *Store) PhotosNamed(ctx context.Context, named func(wire.Short) (event.Hash, bool)) (map[event.Hash]bool, error) {
	out := map[event.Hash]bool{}
	centre := s.atCentre(ctx)
	if err := s.eachWithPhoto(ctx, centre, func(p *merge.Person) error {
		out[p.Photo.Value.Card], out[p.Photo.Value.Record] = true, true
		return ctx.Err()
	}); err != nil {
		return nil, err
	}
	var list []event.Hash
	var err error
	if centre {
		list, err = s.hashes(ctx, "SELECT hash FROM photo_wants WHERE held <> ?", photoGone)
	} else if joined, failed := s.joined(ctx); failed != nil {
		return nil, failed
	} else if joined {
		list, err = s.PhotosUpward(ctx, named)
	}
	for _, h := range list {
		out[h] = true
	}
	return out, err
}

func (s *Store) joined(ctx context.Context) (bool, error) {
	var n int
	err := s.queryRow(ctx, "SELECT COUNT(*) FROM exchange").Scan(&n)
	return n > 0, kind(err)
}
