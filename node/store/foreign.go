package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"simpul/sync/event"
	"simpul/sync/merge"
)

// ForeignStream is a stream of a node as the centre has it.
type ForeignStream struct {
	ID         event.ID
	Node       event.ID // that first sent it
	Subject    event.ID // of its first event: the PC, unless it is a branch
	Rank       uint64
	Generation uint64
	Reason     string
	Branch     bool // made of the events of a fork
	Floor      int64
	Met        int64 // ms
	Head       uint64
	Chain      event.Hash
	Effective  int64 // ms, of the last event
	Applied    uint64
	Durable    uint64
}

const foreignColumns = "id, node, subject, rank, generation, reason, branch, floor, met, head, chain, effective, applied, durable"

func scanForeign(from scanner) (*ForeignStream, error) {
	var f ForeignStream
	var id, node, subject, chain []byte
	var branch int
	if err := from.Scan(&id, &node, &subject, &f.Rank, &f.Generation, &f.Reason, &branch, &f.Floor, &f.Met, &f.Head, &chain, &f.Effective, &f.Applied, &f.Durable); err != nil {
		return nil, notFound(err)
	}
	f.ID, f.Node, f.Subject, f.Branch = toID(id), toID(node), toID(subject), branch == 1
	copy(f.Chain[:], chain)
	return &f, nil
}

// ForeignStream loads a node's stream; ErrNotFound when the centre has none of it.
func (s *Store) ForeignStream(ctx context.Context, id event.ID) (*ForeignStream, error) {
	return scanForeign(s.queryRow(ctx, "SELECT "+foreignColumns+" FROM foreign_streams WHERE id = ?", id[:]))
}

// ForeignStreams lists the streams of one node, or of all with a zero id, in the
// order in which the centre met them.
func (s *Store) ForeignStreams(ctx context.Context, node event.ID) ([]*ForeignStream, error) {
	where, args := "", []any{}
	if !node.IsZero() {
		where, args = " WHERE node = ?", []any{node[:]}
	}
	rows, err := s.query(ctx, "SELECT "+foreignColumns+" FROM foreign_streams"+where+" ORDER BY rank", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []*ForeignStream
	for rows.Next() {
		f, err := scanForeign(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, kind(rows.Err())
}

// foreigners are the nodes' streams that a use case has met, by id and by rank.
type foreigners struct {
	byID   map[event.ID]*ForeignStream // nil: not a node's stream
	byRank map[uint64]*ForeignStream
}

// foreign is a node's stream, nil when there is none of that id. It is loaded once.
func (tx *Tx) foreign(id event.ID) (*ForeignStream, error) {
	if f, known := tx.peers.byID[id]; known {
		return f, nil
	}
	f, err := scanForeign(tx.row("SELECT "+foreignColumns+" FROM foreign_streams WHERE id = ?", id[:]))
	return tx.meet(id, f, err)
}

// ranked is the node's stream of a rank, nil for the ranks of the centre's own.
func (tx *Tx) ranked(rank uint64) (*ForeignStream, error) {
	if rank < merge.OwnRanks || !tx.s.log.state.centre {
		return nil, nil
	}
	if f, known := tx.peers.byRank[rank]; known {
		return f, nil
	}
	f, err := scanForeign(tx.row("SELECT "+foreignColumns+" FROM foreign_streams WHERE rank = ?", rank))
	if err != nil {
		return nil, fmt.Errorf("store: stream of rank %d: %w", rank, err)
	}
	if f, err = tx.foreign(f.ID); err == nil {
		tx.peers.byRank[rank] = f
	}
	return f, err
}

func (tx *Tx) meet(id event.ID, f *ForeignStream, err error) (*ForeignStream, error) {
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, fmt.Errorf("store: stream: %w", err)
	}
	if tx.peers.byID == nil {
		tx.peers = foreigners{byID: map[event.ID]*ForeignStream{}, byRank: map[uint64]*ForeignStream{}}
	}
	tx.peers.byID[id] = f
	if f != nil {
		tx.peers.byRank[f.Rank] = f
	}
	return f, nil
}

// saveForeign writes a stream once, at the end of the use case.
func (tx *Tx) saveForeign(f *ForeignStream) {
	tx.touch(f.ID, func() error {
		return tx.exec(`INSERT INTO foreign_streams (`+foreignColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET subject = excluded.subject, generation = excluded.generation, reason = excluded.reason, branch = excluded.branch,
				head = excluded.head, chain = excluded.chain, effective = excluded.effective, applied = excluded.applied, durable = excluded.durable`,
			f.ID[:], f.Node[:], f.Subject[:], f.Rank, f.Generation, f.Reason, flag(f.Branch), f.Floor, f.Met, f.Head, f.Chain[:], f.Effective, f.Applied, f.Durable)
	})
}

// originOf says which node a state came from, by the stamp of the event that
// began it: NULL for what was recorded here, and for what is not known yet.
func (tx *Tx) originOf(at merge.Stamp) (any, error) {
	f, err := tx.ranked(at.Rank)
	if err != nil || f == nil {
		return nil, err
	}
	return f.Node[:], nil
}

// foreignRank reports whether a stamp is that of a node's event at the centre.
func (tx *Tx) foreignRank(at merge.Stamp) bool {
	return tx.s.log.state.centre && at.Rank >= merge.OwnRanks
}

// Peer is a node as it describes itself: its configuration and its settings.
func (s *Store) Peer(ctx context.Context, subject event.ID) (*merge.Node, error) {
	var state []byte
	if err := s.queryRow(ctx, "SELECT state FROM peers WHERE id = ?", subject[:]).Scan(&state); err != nil {
		return nil, notFound(err)
	}
	n := new(merge.Node)
	return n, event.Decode(state, n)
}

// applyPeer is applyNode for a node of the centre: its configuration and its
// settings never become the centre's own.
func (tx *Tx) applyPeer(rec event.Record, at merge.Stamp) error {
	n := &merge.Node{ID: rec.Subject}
	var state []byte
	err := notFound(tx.row("SELECT state FROM peers WHERE id = ?", rec.Subject[:]).Scan(&state))
	if err == nil {
		err = event.Decode(state, n)
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("store: peer: %w", err)
	}
	if err := n.Apply(rec, at); err != nil {
		return err
	}
	if state, err = event.Encode(n); err != nil {
		return err
	}
	return tx.exec("INSERT INTO peers (id, state) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state", rec.Subject[:], state)
}

// Total is what one node has recorded; the zero node is the centre itself.
type Total struct {
	Node                    event.ID
	Members, Visits, People int64
}

// Totals counts members and visits by the node that recorded them.
func (s *Store) Totals(ctx context.Context) ([]Total, error) {
	byNode := map[event.ID]*Total{}
	of := func(raw []byte) *Total {
		id := toID(raw)
		if byNode[id] == nil {
			byNode[id] = &Total{Node: id}
		}
		return byNode[id]
	}
	own := of(nil)
	if err := s.queryRow(ctx, "SELECT COUNT(*) FROM people WHERE member = 1").Scan(&own.Members); err != nil {
		return nil, kind(err)
	}
	if err := s.queryRow(ctx, "SELECT COUNT(*), COALESCE(SUM(people), 0) FROM visits WHERE voided = 0").Scan(&own.Visits, &own.People); err != nil {
		return nil, kind(err)
	}
	rows, err := s.query(ctx, "SELECT node, COUNT(*) FROM people WHERE node IS NOT NULL AND member = 1 GROUP BY node")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var node []byte
		var n int64
		if err := rows.Scan(&node, &n); err != nil {
			return nil, kind(err)
		}
		of(node).Members = n
		own.Members -= n
	}
	if err := rows.Err(); err != nil {
		return nil, kind(err)
	}
	visits, err := s.query(ctx, "SELECT node, COUNT(*), SUM(people) FROM visits WHERE node IS NOT NULL AND voided = 0 GROUP BY node")
	if err != nil {
		return nil, err
	}
	defer visits.Close()
	for visits.Next() {
		var node []byte
		var n, people int64
		if err := visits.Scan(&node, &n, &people); err != nil {
			return nil, kind(err)
		}
		t := of(node)
		t.Visits, t.People = n, people
		own.Visits -= n
		own.People -= people
	}
	out := make([]Total, 0, len(byNode))
	for _, t := range byNode {
		out = append(out, *t)
	}
	slices.SortFunc(out, func(a, b Total) int { return bytes.Compare(a.Node[:], b.Node[:]) })
	return out, kind(visits.Err())
}
