package store

import (
	"context"
	"errors"
	"fmt"
	"io"

	"simpul/sync/event"
	"simpul/sync/merge"
)

// A store is a centre when its own configuration says so. Then every event has an
// effective time, its own as much as those of the nodes, and states are stamped
// with it: see merge.Stamp.

const roleCentre = "centre"

// ErrRole is returned when a node that has records already is to become a centre:
// what it recorded is stamped as a node's.
var ErrRole = errors.New("store: a node that has records cannot become the centre")

// ErrNotCentre is returned for what only a centre can do.
var ErrNotCentre = errors.New("store: this node is not the centre")

// stamp is where an event just written stands, and moves the effective time on.
func (st *logState) stamp(rec event.Record) merge.Stamp {
	if !st.centre {
		return merge.Own(st.generation, rec.Seq)
	}
	at := merge.AtCentre(st.generation, st.effective, rec)
	st.effective = at.Admitted
	return at
}

func (s *Store) isCentre(ctx context.Context) (bool, error) {
	var state []byte
	err := notFound(s.conn.QueryRowContext(ctx, "SELECT state FROM node LIMIT 1").Scan(&state))
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("store: who this node is: %w", err)
	}
	var n merge.Node
	if err := event.Decode(state, &n); err != nil {
		return false, fmt.Errorf("store: who this node is: %w", err)
	}
	return n.Config.Value.Role == roleCentre, nil
}

// turnCentre makes the store a centre when it is configured as one, which must be
// the first thing that is said of it: the opening of its stream is all that
// stands before.
func (tx *Tx) turnCentre(d Draft) error {
	if d.Type != event.NodeConfigured || tx.s.log.state.centre {
		return nil
	}
	var role string
	switch body := d.Body.(type) {
	case *event.NodeConfig:
		role = body.Role
	case event.NodeConfig:
		role = body.Role
	}
	st := &tx.s.log.state
	if role != roleCentre {
		return nil
	}
	if st.generation != 1 || st.head != 2 {
		return ErrRole
	}
	var wall int64
	if err := tx.row("SELECT wall FROM events WHERE stream = ? AND seq = 1", st.stream[:]).Scan(&wall); err != nil {
		return fmt.Errorf("store: %w", notFound(err))
	}
	st.centre = true
	opening := st.stamp(event.Record{Stream: st.stream, Seq: 1, Event: event.Event{Header: event.Header{Wall: wall}}})
	if err := tx.exec("UPDATE events SET at = ? WHERE stream = ? AND seq = 1", opening.Admitted, st.stream[:]); err != nil {
		return err
	}
	return tx.mintEpoch()
}

// epochKey is where the centre keeps the name of its data.
const epochKey = "centre_epoch"

// mintEpoch gives the centre's data a new name. It goes with every new stream of
// the centre's own log: both say that what came before may have been lost, and
// nodes then compare everything anew.
func (tx *Tx) mintEpoch() error {
	var id event.ID
	if _, err := io.ReadFull(tx.s.opt.Rand, id[:]); err != nil {
		return fmt.Errorf("store: randomness: %w", err)
	}
	return tx.PutLocal(epochKey, id[:])
}

// Epoch names the centre's data; zero before this is a centre.
func (s *Store) Epoch(ctx context.Context) (event.ID, error) {
	raw, err := s.Local(ctx, epochKey)
	return toID(raw), err
}

// EpochNow is the name of the centre's data; where a new one is due, that.
func (tx *Tx) EpochNow() (event.ID, error) {
	if err := tx.awake(); err != nil {
		return event.ID{}, err
	}
	return tx.epoch()
}

func (tx *Tx) epoch() (event.ID, error) {
	var raw []byte
	if err := tx.row("SELECT value FROM local WHERE key = ?", epochKey).Scan(&raw); err != nil {
		return event.ID{}, fmt.Errorf("store: epoch: %w", notFound(err))
	}
	return toID(raw), nil
}

// NewEpoch says that the centre's data is older than what it has told its nodes:
// somebody put a copy in its place without a word. It is what a restore by
// command does by itself.
func (s *Store) NewEpoch(ctx context.Context, reason string) error {
	_, err := s.Write(ctx, event.ID{}, func(tx *Tx) error { return tx.newEpoch(reason) })
	return err
}

func (tx *Tx) newEpoch(reason string) error {
	if !tx.s.log.state.centre {
		return ErrNotCentre
	}
	tx.s.log.state.renew = ""
	return tx.OpenStream(tx.nodeID(), reason)
}

// awake opens the new stream that is due, so that nothing is said to a node under
// the name of data that is no longer there.
func (tx *Tx) awake() error {
	if why := tx.s.log.state.renew; why != "" {
		return tx.newEpoch(why)
	}
	return nil
}

// counter reads a counter, 0 before it was ever set.
func (tx *Tx) counter(name string) (n int64, err error) {
	err = notFound(tx.row("SELECT value FROM counters WHERE name = ?", name).Scan(&n))
	if errors.Is(err, ErrNotFound) {
		err = nil
	}
	return n, err
}

func (tx *Tx) setCounter(name string, n int64) error {
	return tx.exec("INSERT INTO counters (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, n)
}

// atCentre does with a person who was just saved what only a centre does.
func (tx *Tx) atCentre(p *merge.Person, nik any, state []byte) error {
	if !tx.s.log.state.centre {
		return nil
	}
	if err := tx.feedPerson(p, state); err != nil || tx.unfed {
		return err
	}
	if err := errors.Join(tx.noteBlocks(p), tx.wake(p.ID)); err != nil {
		return err
	}
	if nik == nil || !p.Member() {
		return nil
	}
	return tx.noteSame(p)
}
