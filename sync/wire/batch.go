package wire

import (
	"errors"
	"fmt"

	"simpul/sync/event"
)

// ErrChain says that a batch does not end in the chain value that it names: it
// goes on from another past than the one given, or it is not what was written.
var ErrChain = errors.New("wire: the batch does not fit the chain")

// ErrBatch says that a batch is not one: an event with no salt and a body, or a
// sequence that begins at 0.
var ErrBatch = errors.New("wire: malformed batch")

// Last is the sequence of the last event, First-1 of an empty batch.
func (b *Batch) Last() uint64 { return b.First + uint64(len(b.Items)) - 1 }

// Records gives each event its place, its subject, its content hash and its
// chain value. before is the chain at First-1, [event.Genesis] for the first
// event of a stream. Nothing of a batch may be kept when it returns an error.
//
// The subject comes from the salt and from nowhere else, so nobody can write
// about a subject whose salt he does not have. An erased event is taken at the
// hash it carries: the chain vouches for it.
func (b *Batch) Records(before event.Hash) ([]event.Record, error) {
	if b.First == 0 || b.First+uint64(len(b.Items)) < b.First {
		return nil, fmt.Errorf("%w: begins at %d", ErrBatch, b.First)
	}
	out, chain := make([]event.Record, len(b.Items)), before
	names := map[event.Salt]event.ID{}
	for i := range b.Items {
		it := b.Items[i]
		if err := it.derive(names); err != nil {
			return nil, fmt.Errorf("%w, event %d", err, b.First+uint64(i))
		}
		chain = chain.Next(it.Hash)
		out[i] = event.Record{Stream: b.Stream, Seq: b.First + uint64(i), Event: it.Event, Hash: it.Hash, Chain: chain}
	}
	if chain != b.Head {
		return nil, ErrChain
	}
	return out, nil
}

// Erased reports whether the event's body and salt are gone.
func (it *Item) Erased() bool { return it.Salt == event.Salt{} }

// derive sets the subject and the content hash of an event from its salt. names
// remembers the subjects of a batch.
func (it *Item) derive(names map[event.Salt]event.ID) (err error) {
	if it.Erased() {
		if len(it.Body) != 0 {
			return fmt.Errorf("%w: a body without a salt", ErrBatch)
		}
		return nil
	}
	subject, known := names[it.Salt]
	if !known {
		subject = event.SubjectID(it.Salt)
		names[it.Salt] = subject
	}
	it.Subject = subject
	it.Hash, err = it.ContentHash(it.Salt)
	return err
}
