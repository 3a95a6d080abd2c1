package simtest

import (
	"context"
	"crypto/sha256"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// photos are a PC's photo folder: files survive what happens to the database.
type photos struct{ s *site }

func (p photos) Named(name wire.Short) (event.Hash, bool) {
	for h := range p.s.pictures {
		if wire.ShortOf(h) == name {
			return h, true
		}
	}
	return event.Hash{}, false
}

func (p photos) Has(hash event.Hash) bool { return p.s.pictures[hash] != nil }

func (p photos) Get(_ context.Context, hash event.Hash) ([]byte, bool, error) {
	b, ok := p.s.pictures[hash]
	return b, ok, nil
}

func (p photos) Offset(_ context.Context, hash event.Hash) (uint32, error) {
	return uint32(len(p.s.pieces[hash])), nil
}

func (p photos) Put(_ context.Context, part wire.PhotoPart) (wire.PhotoHas, error) {
	s, have := p.s, p.s.pieces[part.Hash]
	if int(part.Offset) == len(have) && len(have)+len(part.Bytes) <= int(part.Total) {
		have = append(have, part.Bytes...)
		s.pieces[part.Hash] = have
	}
	out := wire.PhotoHas{Hash: part.Hash, Offset: uint32(len(have))}
	if len(have) < int(part.Total) {
		return out, nil
	}
	delete(s.pieces, part.Hash)
	if event.Hash(sha256.Sum256(have)) != part.Hash {
		out.Offset = 0
		return out, nil
	}
	s.pictures[part.Hash], out.Whole = have, true
	return out, nil
}
