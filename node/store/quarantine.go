package store

import (
	"context"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// Why an event is kept without being applied. It delays nothing else.
const (
	asideUnreadable = "unreadable" // its body is not what its type says
	asideUnknown    = "unknown"    // of a later program; taken up after an upgrade
	asideBroken     = "broken"     // applying it failed in the program; told as unreadable
)

func (tx *Tx) setAside(stream event.ID, seq uint64, why string) error {
	return tx.exec("INSERT INTO quarantine (stream, seq, reason, since) VALUES (?, ?, ?, ?) ON CONFLICT (stream, seq) DO UPDATE SET reason = excluded.reason", stream[:], seq, why, tx.Now().UnixMilli())
}

// asideIn lists what of a run is set aside already.
func (tx *Tx) asideIn(stream event.ID, from, to uint64) (map[uint64]bool, error) {
	st, err := tx.s.prepared(tx.ctx, "SELECT seq FROM quarantine WHERE stream = ? AND seq >= ? AND seq <= ?")
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(tx.ctx, stream[:], from, to)
	if err != nil {
		return nil, kind(err)
	}
	defer rows.Close()
	out := map[uint64]bool{}
	for rows.Next() {
		var seq uint64
		if err := rows.Scan(&seq); err != nil {
			return nil, kind(err)
		}
		out[seq] = true
	}
	return out, kind(rows.Err())
}

// Quarantined is an event that is set aside.
type Quarantined struct {
	wire.Aside
	Node  event.ID
	Type  event.Type
	Since int64 // ms
}

// Quarantine lists what is set aside, of one node or, with a zero id, of all;
// the newest first.
func (s *Store) Quarantine(ctx context.Context, node event.ID, limit int) ([]Quarantined, error) {
	rows, err := s.query(ctx, `SELECT q.stream, q.seq, q.reason, q.since, f.node, e.type FROM quarantine q
		JOIN foreign_streams f ON f.id = q.stream JOIN events e ON e.stream = q.stream AND e.seq = q.seq
		WHERE f.node = ? OR ? = 1 ORDER BY q.since DESC, q.stream, q.seq LIMIT ?`, node[:], flag(node.IsZero()), limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Quarantined
	for rows.Next() {
		var q Quarantined
		var stream, from []byte
		if err := rows.Scan(&stream, &q.Seq, &q.Reason, &q.Since, &from, &q.Type); err != nil {
			return nil, kind(err)
		}
		q.Stream, q.Node = toID(stream), toID(from)
		out = append(out, q)
	}
	return out, kind(rows.Err())
}

// Asides lists what is set aside of one stream, for the node that sent it.
func (s *Store) Asides(ctx context.Context, stream event.ID, limit int) ([]wire.Aside, error) {
	rows, err := s.query(ctx, "SELECT seq, reason FROM quarantine WHERE stream = ? ORDER BY seq LIMIT ?", stream[:], limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []wire.Aside
	for rows.Next() {
		a := wire.Aside{Stream: stream}
		if err := rows.Scan(&a.Seq, &a.Reason); err != nil {
			return nil, kind(err)
		}
		if a.Reason == asideBroken {
			a.Reason = asideUnreadable
		}
		out = append(out, a)
	}
	return out, kind(rows.Err())
}

// Retry applies what is set aside and can be applied now: after an upgrade,
// events of types and versions that were unknown. It says how many it applied.
func (s *Store) Retry(ctx context.Context) (n int, err error) {
	err = s.skipping(ctx, func(tx *Tx) error {
		n = 0
		list, err := tx.retriable()
		if err != nil {
			return err
		}
		for _, a := range list {
			if err := tx.exec("DELETE FROM quarantine WHERE stream = ? AND seq = ?", a.Stream[:], a.Seq); err != nil {
				return err
			}
			recs, err := tx.chunk(a.Stream, a.Seq, a.Seq)
			if err != nil {
				return err
			}
			if err := tx.applyRun(recs); err != nil {
				return err
			}
			if err := tx.ageAgain(a.Stream, a.Seq); err != nil {
				return err
			}
			still, err := tx.asideIn(a.Stream, a.Seq, a.Seq)
			if err != nil {
				return err
			}
			if !still[a.Seq] { // it may have turned out to be unreadable
				n++
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

const retriedAtOnce = 1000

func (tx *Tx) retriable() ([]wire.Aside, error) {
	rows, err := tx.query(`SELECT q.stream, q.seq, e.type, e.version FROM quarantine q JOIN events e ON e.stream = q.stream AND e.seq = q.seq
		WHERE q.reason = ? LIMIT ?`, asideUnknown, 100*retriedAtOnce)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []wire.Aside
	for rows.Next() && len(out) < retriedAtOnce {
		var stream []byte
		var a wire.Aside
		var typ event.Type
		var version uint8
		if err := rows.Scan(&stream, &a.Seq, &typ, &version); err != nil {
			return nil, kind(err)
		}
		if typ.Known() && version <= typ.Version() {
			a.Stream = toID(stream)
			out = append(out, a)
		}
	}
	return out, kind(rows.Err())
}
