// Package merge folds events into state: the same pure functions serve a desk
// that has just saved, the centre that received from many nodes, and a rebuild
// years later. State depends only on the set of events and their stamps, never
// on the order in which streams arrive, and never on a clock.
//
// Every state is built from three shapes, each of which may be applied in any
// order across streams:
//
//   - a register keeps the value with the highest stamp;
//   - a set keeps everything ever added, ordered by stamp;
//   - a restriction (a blocked card) holds until an event names and lifts it.
//
// The package owns its state types and the normalisation of names. It imports
// sync/event only: no clock, no disk, no network.
package merge

import "cmp"

// Stamp places an event among all others. The centre's admission gives Admitted
// (the effective time in ms, corrected by the measured offset of the node's
// clock); an own event that has no admission yet stands above all admitted ones.
// Then Rank decides: the generation of the node's stream before admission, the
// centre's claim order after it, so no two streams share a rank at one site;
// then the sequence. No reading of a node's clock takes part.
type Stamp struct {
	_        struct{} `cbor:",toarray"`
	Admitted int64
	Rank     uint64
	Seq      uint64
}

// Own is the stamp of an event of this node's own streams before its admission.
func Own(generation, seq uint64) Stamp {
	return Stamp{Rank: generation, Seq: seq}
}

// Compare orders stamps; it is total.
func (s Stamp) Compare(t Stamp) int {
	if a, b := s.pending(), t.pending(); a != b {
		if a {
			return 1
		}
		return -1
	}
	if c := cmp.Compare(s.Admitted, t.Admitted); c != 0 {
		return c
	}
	if c := cmp.Compare(s.Rank, t.Rank); c != 0 {
		return c
	}
	return cmp.Compare(s.Seq, t.Seq)
}

func (s Stamp) pending() bool { return s.Admitted == 0 }

// IsZero reports whether the stamp belongs to no event.
func (s Stamp) IsZero() bool { return s.Seq == 0 }

// Register keeps the value with the highest stamp. It is a map in CBOR, not a
// list as the smaller structs are: the codec never leaves a list out.
type Register[T any] struct {
	Value T     `cbor:"1,keyasint"`
	At    Stamp `cbor:"2,keyasint"`
}

// Set offers a value; it is kept if its stamp is higher than the present one.
func (r *Register[T]) Set(v T, at Stamp) bool {
	if !r.At.IsZero() && at.Compare(r.At) <= 0 {
		return false
	}
	r.Value, r.At = v, at
	return true
}

// IsZero lets empty registers be left out of encoded states.
func (r Register[T]) IsZero() bool { return r.At.IsZero() }

// insert adds v to a list that is ordered by stamp, once.
func insert[T any](list []T, v T, at func(T) Stamp) []T {
	i := len(list)
	for i > 0 {
		c := at(list[i-1]).Compare(at(v))
		if c == 0 {
			return list
		}
		if c < 0 {
			break
		}
		i--
	}
	list = append(list, v)
	copy(list[i+1:], list[i:])
	list[i] = v
	return list
}
