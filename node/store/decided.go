package store

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"sync"

	"simpul/sync/event"
	"simpul/sync/merge"
	"simpul/sync/wire"
)

// Decisions is what a set of decisions means. It depends on the set only, never
// on the order in which its members came. It does not change and may be shared.
type Decisions struct {
	list   []Decided
	byHash map[event.Hash]int
	sum    wire.Sum

	mergings map[event.Hash]event.Merging
	split    map[event.Hash]bool // mergings that were taken back
	partings map[event.Hash]event.Parting
	lifted   map[event.Hash]bool // partings that were taken back
	same     func() *merge.Same

	enrolled map[event.ID]event.Enrolment
	branches map[uint16]event.ID       // by code
	namings  map[event.ID]event.Naming // by branch
	revoked  map[event.ID]event.Revocation
	grants   map[event.ID]event.Grant
	erased   map[event.ID]bool
	bars     map[event.ID][]event.Hash // by card
	cleared  map[event.Hash]bool
	keys     event.TLSKeys
	tags     uint64 // version of the key of the duplicate tags
	twice    bool   // two decisions name it
	aged     []Decided
}

func newDecisions(list []Decided) *Decisions {
	d := &Decisions{list: list, byHash: make(map[event.Hash]int, len(list)),
		mergings: map[event.Hash]event.Merging{}, split: map[event.Hash]bool{}, partings: map[event.Hash]event.Parting{}, lifted: map[event.Hash]bool{},
		enrolled: map[event.ID]event.Enrolment{}, branches: map[uint16]event.ID{}, namings: map[event.ID]event.Naming{}, revoked: map[event.ID]event.Revocation{},
		grants: map[event.ID]event.Grant{}, erased: map[event.ID]bool{}, bars: map[event.ID][]event.Hash{}, cleared: map[event.Hash]bool{}}
	d.same = sync.OnceValue(func() *merge.Same { return merge.NewSame(d.mergings, d.split) })
	names := map[event.ID]event.Hash{}
	for i, x := range list {
		d.byHash[x.Hash] = i
		d.sum = d.sum.AddHash(x.Hash)
		switch b := x.Body.(type) {
		case *event.Enrolment:
			d.enrolled[b.Node] = *b
			d.branches[b.Code] = b.Branch
		case *event.Naming:
			if was, named := names[b.Branch]; !named || cmp.Or(cmp.Compare(b.Version, d.namings[b.Branch].Version), bytes.Compare(x.Hash[:], was[:])) > 0 {
				names[b.Branch], d.namings[b.Branch] = x.Hash, *b
			}
		case *event.Revocation:
			d.revoked[b.Node] = *b
		case *event.Grant:
			d.grants[b.Stream] = *b
		case *event.Merging:
			d.mergings[x.Hash] = *b
		case *event.Splitting:
			d.split[b.Merging] = true
		case *event.Parting:
			d.partings[x.Hash] = *b
		case *event.Lifting:
			d.lifted[b.Parting] = true
		case *event.Erasure:
			d.erased[b.Person] = true
		case *event.Bar:
			d.bars[b.Card] = append(d.bars[b.Card], x.Hash)
		case *event.Clearing:
			for _, h := range b.Bars {
				d.cleared[h] = true
			}
		case *event.Keying:
			d.twice = b.Version == d.tags || d.twice && b.Version < d.tags
			d.tags = max(d.tags, b.Version)
		case *event.Ageing:
			d.aged = append(d.aged, x)
		case *event.TLSKeys:
			if b.Version > d.keys.Version {
				d.keys = *b
			}
		}
	}
	for node, e := range d.enrolled {
		if n, named := d.namings[e.Branch]; named {
			e.Name = n.Name
			d.enrolled[node] = e
		}
	}
	d.applyPartings()
	return d
}

// Sum is the checksum of the set.
func (d *Decisions) Sum() wire.Sum { return d.sum }

// All lists the decisions by the centre's time, oldest first.
func (d *Decisions) All() []Decided {
	out := slices.Clone(d.list)
	slices.SortFunc(out, func(a, b Decided) int {
		return cmp.Or(cmp.Compare(a.At, b.At), bytes.Compare(a.Hash[:], b.Hash[:]))
	})
	return out
}

// ByHash finds a decision of the set.
func (d *Decisions) ByHash(h event.Hash) (Decided, bool) {
	i, ok := d.byHash[h]
	if !ok {
		return Decided{}, false
	}
	return d.list[i], true
}

// Names are the short names of all, as an exchange says them.
func (d *Decisions) Names() []wire.Short {
	out := make([]wire.Short, len(d.list))
	for i, x := range d.list {
		out[i] = wire.ShortOf(x.Hash)
	}
	return out
}

// Compare says what the other side, which holds the named decisions, lacks, in
// the order of All, and which of the named are not in this set.
func (d *Decisions) Compare(held []wire.Short) (lacks []event.Ruling, unknown []wire.Short) {
	theirs := make(map[wire.Short]bool, len(held))
	for _, s := range held {
		theirs[s] = true
	}
	for _, x := range d.All() {
		name := wire.ShortOf(x.Hash)
		if !theirs[name] {
			lacks = append(lacks, x.Ruling)
		}
		delete(theirs, name)
	}
	for _, s := range held {
		if theirs[s] {
			unknown = append(unknown, s)
		}
	}
	return lacks, unknown
}

// Named returns the rulings with these short names; those not held are left out.
func (d *Decisions) Named(names []wire.Short) []event.Ruling {
	want := make(map[wire.Short]bool, len(names))
	for _, s := range names {
		want[s] = true
	}
	var out []event.Ruling
	for _, x := range d.All() {
		if want[wire.ShortOf(x.Hash)] {
			out = append(out, x.Ruling)
		}
	}
	return out
}

// Survivor is the id that a person answers to: the same when never merged.
func (d *Decisions) Survivor(person event.ID) event.ID { return d.same().Survivor(person) }

// Absorbed lists the other ids of a survivor; not to be changed.
func (d *Decisions) Absorbed(person event.ID) []event.ID { return d.same().Absorbed(person) }

// Enrolment is that of a node, with the name that its branch has now.
func (d *Decisions) Enrolment(node event.ID) (event.Enrolment, bool) {
	e, ok := d.enrolled[node]
	return e, ok
}

// Enrolments lists all nodes that were ever enrolled, by code.
func (d *Decisions) Enrolments() []event.Enrolment {
	out := slices.Collect(maps.Values(d.enrolled))
	slices.SortFunc(out, func(a, b event.Enrolment) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), compareIDs(a.Node, b.Node))
	})
	return out
}

// Naming is the name that a branch was given after its PCs were enrolled.
func (d *Decisions) Naming(branch event.ID) (event.Naming, bool) {
	n, ok := d.namings[branch]
	return n, ok
}

// BranchOf is the branch of the PC with a code NNN; false when no PC has it.
func (d *Decisions) BranchOf(code uint16) (event.ID, bool) {
	id, ok := d.branches[code]
	return id, ok
}

// Revoked says whether and why a node was revoked.
func (d *Decisions) Revoked(node event.ID) (event.Revocation, bool) {
	r, ok := d.revoked[node]
	return r, ok
}

// Grant is the digit that a stream was granted.
func (d *Decisions) Grant(stream event.ID) (event.Grant, bool) {
	g, ok := d.grants[stream]
	return g, ok
}

// Granted has bit n set when the digit I = n was granted for a code.
func (d *Decisions) Granted(code uint16) (mask uint8) {
	for _, g := range d.grants {
		if g.Code == code && g.Incarnation < 8 {
			mask |= 1 << g.Incarnation
		}
	}
	return mask
}

// Erased reports whether a person was erased by a decision.
func (d *Decisions) Erased(person event.ID) bool { return d.erased[person] }

// Barred reports whether a card is blocked everywhere: by a bar that no clearing
// named.
func (d *Decisions) Barred(card event.ID) bool { return len(d.Bars(card)) > 0 }

// Bars lists the bars in force on a card; a clearing has to name them.
func (d *Decisions) Bars(card event.ID) []event.Hash {
	var out []event.Hash
	for _, h := range d.bars[card] {
		if !d.cleared[h] {
			out = append(out, h)
		}
	}
	return out
}

// Keys is the newest list of the TLS keys under which the centre may be reached.
func (d *Decisions) Keys() (event.TLSKeys, bool) { return d.keys, d.keys.Version > 0 }

func (d *Decisions) merging(h event.Hash) (event.Merging, bool) {
	m, ok := d.mergings[h]
	return m, ok
}

func (d *Decisions) bar(h event.Hash) (event.Bar, bool) {
	if x, ok := d.ByHash(h); ok {
		if b, is := x.Body.(*event.Bar); is {
			return *b, true
		}
	}
	return event.Bar{}, false
}

// circle is everybody who was or is one person with somebody of the set, in
// order: merging two may change who stands for a third.
func (d *Decisions) circle(before *Decisions, set map[event.ID]bool) []event.ID {
	all := map[event.ID]bool{}
	for id := range set {
		all[id] = true
		for _, x := range []*Decisions{before, d} {
			to := x.Survivor(id)
			all[to] = true
			for _, other := range x.Absorbed(to) {
				all[other] = true
			}
		}
	}
	return slices.SortedFunc(maps.Keys(all), compareIDs)
}
