package store

import (
	"errors"
	"fmt"

	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// project applies one event to the state it changes. Live writes and rebuilds
// come through here and nowhere else.
func (tx *Tx) project(rec event.Record, at merge.Stamp) error {
	if rec.Body == nil {
		return nil // erased
	}
	switch rec.Type.Aggregate() {
	case event.PersonState:
		if rec.Type == event.PhotoErased && tx.s.log.state.centre {
			if err := tx.photoGone(rec); err != nil {
				return err
			}
		}
		return tx.applyPerson(rec, at)
	case event.VisitState:
		return tx.applyVisit(rec, at)
	case event.OfficerState:
		return tx.applyOfficer(rec, at)
	case event.NodeState:
		if tx.foreignRank(at) {
			return tx.applyPeer(rec, at)
		}
		return tx.applyNode(rec, at)
	case event.ClassState:
		return tx.applyClass(rec, at)
	}
	return nil
}

// touch has write run once at the end of the use case, however often the state
// of id changes before.
func (tx *Tx) touch(id event.ID, write func() error) {
	if tx.touched == nil {
		tx.touched = map[event.ID]bool{}
	}
	if !tx.touched[id] {
		tx.touched[id] = true
		tx.dirty = append(tx.dirty, write)
	}
}

func (tx *Tx) applyPerson(rec event.Record, at merge.Stamp) error {
	p, err := tx.Person(rec.Subject)
	if errors.Is(err, ErrNotFound) {
		p, err = &merge.Person{}, nil
		tx.keepPerson(rec.Subject, p)
	}
	if err != nil {
		return err
	}
	if err := p.Apply(rec, at); err != nil {
		return err
	}
	tx.touch(rec.Subject, func() error { return tx.savePerson(p) })
	return nil
}

func (tx *Tx) applyVisit(rec event.Record, at merge.Stamp) error {
	body, ok, err := rec.Decoded()
	if err != nil || !ok {
		return err
	}
	id := merge.VisitID(rec, body)
	v, err := tx.Visit(id)
	if errors.Is(err, ErrNotFound) {
		reduced, err := tx.reduced(id)
		if err != nil {
			return err
		}
		if reduced {
			return nil // what comes after its line has lost its names changes nothing, and loses its own in its time
		}
		v = &merge.Visit{}
		tx.keepVisit(id, v)
	} else if err != nil {
		return err
	}
	if err := v.Apply(rec, at); err != nil {
		return err
	}
	tx.touch(id, func() error { return tx.saveVisit(v) })
	return nil
}

func (tx *Tx) applyOfficer(rec event.Record, at merge.Stamp) error {
	o, err := tx.Officer(rec.Subject)
	if errors.Is(err, ErrNotFound) {
		o, err = &merge.Officer{}, nil
	}
	if err != nil {
		return err
	}
	if err := o.Apply(rec, at); err != nil {
		return err
	}
	return tx.saveOfficer(o)
}

func (tx *Tx) applyNode(rec event.Record, at merge.Stamp) error {
	n, err := tx.Node()
	if errors.Is(err, ErrNotFound) {
		n, err = &merge.Node{ID: rec.Subject}, nil
	}
	if err != nil {
		return err
	}
	if err := n.Apply(rec, at); err != nil {
		return err
	}
	if err := tx.saveNode(n); err != nil {
		return err
	}
	if rec.Type == event.NodeConfigured {
		return tx.takeGrant() // the code of the numbers may have changed
	}
	return nil
}

func (tx *Tx) saveNode(n *merge.Node) error {
	state, err := event.Encode(n)
	if err != nil {
		return err
	}
	tx.change(n)
	if err := tx.feedSettings(n); err != nil {
		return err
	}
	return tx.exec("INSERT INTO node (id, state) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state", n.ID[:], state)
}

func (tx *Tx) applyClass(rec event.Record, at merge.Stamp) error {
	c, err := tx.Class(rec.Subject)
	if errors.Is(err, ErrNotFound) {
		c, err = &merge.Class{}, nil
	}
	if err != nil {
		return err
	}
	if err := c.Apply(rec, at); err != nil {
		return err
	}
	return tx.saveClass(c)
}

func (tx *Tx) saveClass(c *merge.Class) error {
	state, err := tx.s.seal(c, "classes", c.ID)
	if err != nil {
		return err
	}
	node, err := tx.originOf(c.Made.At)
	if err != nil {
		return err
	}
	if node == nil {
		tx.change(c)
	}
	if err := tx.feedClass(c, nil); err != nil {
		return err
	}
	return tx.exec(`INSERT INTO classes (id, day, closed, state, node) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET day = excluded.day, closed = excluded.closed, state = excluded.state, node = excluded.node`,
		c.ID[:], c.Facts.Value.Day, flag(c.Closed.Value), state, node)
}

// Foreign is the change of a person who was registered at another node: somebody
// to find, nobody to serve.
type Foreign struct{ Person *merge.Person }

// change notes a state for the follower; the follower sees it as it is after
// the commit and may keep it, so states are copied when they are loaded again.
func (tx *Tx) change(v any) { tx.changes = append(tx.changes, v) }

func (s *Store) seal(v any, table string, id event.ID) ([]byte, error) {
	plain, err := event.Encode(v)
	if err != nil {
		return nil, fmt.Errorf("store: encode %s: %w", table, err)
	}
	return s.sealState(plain, table, id)
}

func (s *Store) sealState(plain []byte, table string, id event.ID) ([]byte, error) {
	return s.vault.Seal(plain, vault.Place{Table: table, Row: id[:], Column: "state"})
}

func (s *Store) unseal(sealed []byte, table string, id event.ID, v any) error {
	plain, err := s.vault.Unseal(sealed, vault.Place{Table: table, Row: id[:], Column: "state"})
	if err != nil {
		return fmt.Errorf("store: %s: %w", table, err)
	}
	return event.Decode(plain, v)
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}
