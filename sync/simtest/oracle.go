package simtest

import (
	"simpul/sync/event"
)

// oracle remembers what the screens said was saved, and what became of it.
type oracle struct {
	facts  map[event.Hash]*fact
	order  []event.Hash // as they were written, so that what is drawn from it is the same in every run
	people []event.ID
	cards  map[event.ID]*printed

	rulings  map[event.Hash]*ruled
	decided  []event.Hash // in order
	erased   map[event.ID]bool
	durable  map[event.Hash]bool // what the centre's verified copies hold
	photos   map[event.Hash]bool // taken, by anybody
	enrolled map[event.ID]string // node ids and whose they are
	codes    map[uint16]bool     // NNN that were given
	twice    map[uint16]bool     // and given again by a centre that had forgotten the first
}

// ruled is a decision of the centre.
type ruled struct {
	kind event.DecisionKind
	body any
	lost string
}

type place struct {
	stream event.ID
	seq    uint64
}

// fact is one event that a desk was told is saved.
type fact struct {
	hash    event.Hash
	kind    event.Type
	subject event.ID
	at      string // the PC
	// lost says why nobody can have it any more: the only disk that held it was
	// put back to an earlier state or is gone.
	lost string
}

// printed is a card that came out of a printer.
type printed struct {
	id      event.ID
	number  string
	granted bool
	at      string
	hash    event.Hash
}

func newOracle() *oracle {
	return &oracle{facts: map[event.Hash]*fact{}, cards: map[event.ID]*printed{}, rulings: map[event.Hash]*ruled{}, erased: map[event.ID]bool{},
		durable: map[event.Hash]bool{}, photos: map[event.Hash]bool{}, enrolled: map[event.ID]string{},
		codes: map[uint16]bool{}, twice: map[uint16]bool{}}
}

// saved notes what a write left, when its caller was told that it is saved.
func (o *oracle) saved(at string, recs []event.Record) {
	for _, rec := range recs {
		if o.facts[rec.Hash] == nil {
			o.facts[rec.Hash] = &fact{hash: rec.Hash, kind: rec.Type, subject: rec.Subject, at: at}
			o.order = append(o.order, rec.Hash)
		}
		if rec.Type == event.RegistrationOpened {
			o.people = append(o.people, rec.Subject)
		}
	}
}

// gone marks what no disk holds any more. held is what all disks hold together.
func (o *oracle) gone(held map[event.Hash]bool, why string) (n int) {
	for _, h := range o.order {
		if f := o.facts[h]; f.lost == "" && !held[h] {
			f.lost = why
			n++
		}
	}
	return n
}

// rule remembers a decision.
func (o *oracle) rule(h event.Hash, kind event.DecisionKind, body any) {
	o.rulings[h] = &ruled{kind: kind, body: body}
	o.decided = append(o.decided, h)
	if e, is := body.(*event.Erasure); is {
		o.erased[e.Person] = true
	}
}

// unruled marks decisions that nobody holds any more.
func (o *oracle) unruled(held map[event.Hash]bool, why string) (n int) {
	for _, h := range o.decided {
		if r := o.rulings[h]; r.lost == "" && !held[h] {
			r.lost = why
			n++
		}
	}
	return n
}
