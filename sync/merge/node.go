package merge

import (
	"fmt"

	"simpul/sync/event"
)

// Officer is one who signs in.
type Officer struct {
	ID     event.ID         `cbor:"1,keyasint"`
	Login  Register[string] `cbor:"2,keyasint,omitzero"`
	Name   Register[string] `cbor:"3,keyasint,omitzero"`
	Role   Register[string] `cbor:"4,keyasint,omitzero"`
	Active Register[bool]   `cbor:"5,keyasint,omitzero"`
}

// Apply folds one event into the officer.
func (o *Officer) Apply(rec event.Record, at Stamp) error {
	body, ok, err := rec.Decoded()
	if err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	o.ID = rec.Subject
	facts, is := body.(*event.OfficerFacts)
	if !ok || !is {
		return nil
	}
	for _, f := range []struct {
		reg *Register[string]
		val string
	}{{&o.Login, facts.Login}, {&o.Name, facts.Name}, {&o.Role, facts.Role}} {
		if f.val != "" {
			f.reg.Set(f.val, at)
		}
	}
	switch {
	case facts.Inactive:
		o.Active.Set(false, at)
	case facts.Active || rec.Type == event.OfficerAdded:
		o.Active.Set(true, at)
	}
	return nil
}

// Node is the node's own configuration and settings.
type Node struct {
	ID       event.ID                    `cbor:"1,keyasint"`
	Config   Register[event.NodeConfig]  `cbor:"2,keyasint,omitzero"`
	Settings map[string]Register[string] `cbor:"3,keyasint,omitempty"`
}

// Apply folds one event into the node.
func (n *Node) Apply(rec event.Record, at Stamp) error {
	body, ok, err := rec.Decoded()
	if err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	if !ok {
		return nil
	}
	switch b := body.(type) {
	case *event.NodeConfig:
		n.ID = rec.Subject
		n.Config.Set(*b, at)
	case *event.Setting:
		if n.Settings == nil {
			n.Settings = map[string]Register[string]{}
		}
		s := n.Settings[b.Key]
		s.Set(b.Value, at)
		n.Settings[b.Key] = s
	}
	return nil
}

// Class is one session of class mode.
type Class struct {
	ID     event.ID              `cbor:"1,keyasint"`
	Facts  Register[event.Class] `cbor:"2,keyasint,omitzero"`
	Made   Register[Recording]   `cbor:"3,keyasint,omitzero"`
	Closed Register[bool]        `cbor:"4,keyasint,omitzero"`
	Heads  Heads                 `cbor:"5,keyasint,omitempty"`
}

// Apply folds one event into the class.
func (c *Class) Apply(rec event.Record, at Stamp) error {
	body, ok, err := rec.Decoded()
	if err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	c.ID = rec.Subject
	if !ok {
		return nil
	}
	c.Heads = c.Heads.with(rec)
	switch b := body.(type) {
	case *event.Class:
		c.Facts.Set(*b, at)
		c.Made.Set(Recording{Wall: rec.Wall, Officer: rec.Officer}, at)
	case *event.Reason:
		c.Closed.Set(rec.Type == event.ClassClosed, at)
	}
	return nil
}
