package merge

import (
	"bytes"
	"slices"

	"simpul/sync/event"
)

// Head is how far a state has taken in one stream.
type Head struct {
	_      struct{} `cbor:",toarray"`
	Stream event.ID
	Seq    uint64
}

// Heads says which events a state holds: of each stream that contributed, all
// events about this subject up to a sequence. A node lays its own later events
// over a state that the centre sent. Ordered by stream; a list is never changed
// in place.
type Heads []Head

// Has reports whether an event at this place is already in the state.
func (h Heads) Has(stream event.ID, seq uint64) bool {
	i, found := h.find(stream)
	return found && seq <= h[i].Seq
}

func (h Heads) find(stream event.ID) (int, bool) {
	return slices.BinarySearchFunc(h, stream, func(x Head, id event.ID) int { return bytes.Compare(x.Stream[:], id[:]) })
}

// with is the list after an event was taken in.
func (h Heads) with(rec event.Record) Heads {
	i, found := h.find(rec.Stream)
	if found && h[i].Seq >= rec.Seq {
		return h
	}
	next := make(Heads, 0, len(h)+1)
	next = append(append(next, h[:i]...), Head{Stream: rec.Stream, Seq: rec.Seq})
	if found {
		i++
	}
	return append(next, h[i:]...)
}

// Hold notes an event as held without applying it: the same fact was taken in
// from another stream, as happens with the events of a fork.
func (p *Person) Hold(rec event.Record) { p.Heads = p.Heads.with(rec) }

// Hold is that of a person.
func (v *Visit) Hold(rec event.Record) { v.Heads = v.Heads.with(rec) }

// Hold is that of a person.
func (c *Class) Hold(rec event.Record) { c.Heads = c.Heads.with(rec) }
