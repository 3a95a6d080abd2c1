package store

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"time"

	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/hub"
	"simpul/sync/wire"
)

// This file is what else the centre's side of the exchange asks of the store.

var _ hub.Store = (*Store)(nil)

// Admits returns a node's key and branch. wire.ErrUnknownNode for one that was
// never enrolled, wire.ErrRevokedNode for one that was let go. While the vault is
// closed nobody is let in, and everybody is asked to come again.
func (s *Store) Admits(ctx context.Context, node event.ID) (ed25519.PublicKey, event.ID, error) {
	known, err := s.Decisions(ctx)
	if errors.Is(err, vault.ErrClosed) {
		err = fmt.Errorf("%w: %w", err, &wire.Refusal{Status: 503, Reason: wire.RefusedBusy, Wait: time.Minute})
	}
	if err != nil {
		return nil, event.ID{}, err
	}
	e, enrolled := known.Enrolment(node)
	if !enrolled || len(e.Key) != ed25519.PublicKeySize {
		return nil, event.ID{}, wire.ErrUnknownNode
	}
	if _, revoked := known.Revoked(node); revoked {
		return nil, event.ID{}, wire.ErrRevokedNode
	}
	return e.Key, e.Branch, nil
}

// CentreName is what the centre is called.
func (s *Store) CentreName(ctx context.Context) (string, error) {
	n, err := s.Node(ctx)
	if err != nil {
		return "", err
	}
	return n.Config.Value.Name, nil
}

// Rulings says what a node lacks whose decisions have a checksum. The decisions
// that it holds are a beginning of the centre's own list, when it only lags
// behind; when no beginning has that sum, it is asked what it holds.
func (s *Store) Rulings(ctx context.Context, sum wire.Sum, most int) (lacks []event.Ruling, asked bool, err error) {
	known, err := s.Decisions(ctx)
	if err != nil || known.Sum() == sum {
		return nil, false, err
	}
	all := known.All()
	at := wire.Sum{}
	for i := -1; i < len(all); i++ {
		if i >= 0 {
			at = at.AddHash(all[i].Hash)
		}
		if at != sum {
			continue
		}
		for _, d := range all[i+1 : min(len(all), i+1+most)] {
			lacks = append(lacks, d.Ruling)
		}
		return lacks, false, nil
	}
	return nil, true, nil
}

// CompareRulings says what a node lacks that listed its decisions, and which of
// them the centre does not hold.
func (s *Store) CompareRulings(ctx context.Context, held []wire.Short, most int) (lacks []event.Ruling, unknown []wire.Short, err error) {
	known, err := s.Decisions(ctx)
	if err != nil {
		return nil, nil, err
	}
	lacks, unknown = known.Compare(held)
	return lacks[:min(len(lacks), most)], unknown[:min(len(unknown), most)], nil
}

// GrantStream decides which digit I of the member numbers a node's stream gets:
// the lowest that was never granted with the node's code and that its machine has
// not printed with. With all eight used it decides nothing; the stream goes on
// with random numbers.
func (s *Store) GrantStream(ctx context.Context, key ed25519.PrivateKey, node, stream event.ID, used uint8) error {
	known, err := s.Decisions(ctx)
	if err != nil {
		return err
	}
	if _, granted := known.Grant(stream); granted {
		return nil
	}
	_, err = s.Write(ctx, event.ID{}, func(tx *Tx) error {
		known, err := tx.Decisions()
		if err != nil {
			return err
		}
		e, enrolled := known.Enrolment(node)
		if _, granted := known.Grant(stream); granted || !enrolled {
			return nil
		}
		taken := known.Granted(e.Code) | used
		for i := range uint8(8) {
			if taken&(1<<i) == 0 {
				_, err := tx.Decide(key, event.ID{}, event.StreamGranted, &event.Grant{Stream: stream, Code: e.Code, Incarnation: i})
				return err
			}
		}
		return nil
	})
	return err
}

// StreamsOf lists the streams that came from a node, in the order in which this
// centre met them.
func (s *Store) StreamsOf(ctx context.Context, node event.ID) (out []wire.StreamHeld, _ error) {
	rows, err := s.query(ctx, "SELECT id, head FROM foreign_streams WHERE node = ? AND head > 0 ORDER BY rank", node[:])
	err = collect(rows, err, func(scan func(...any) error) error {
		var id []byte
		var head uint64
		err := scan(&id, &head)
		out = append(out, wire.StreamHeld{ID: toID(id), Received: head})
		return err
	})
	return out, err
}

// AsidesOf lists what is set aside of some streams, at most limit.
func (s *Store) AsidesOf(ctx context.Context, streams []event.ID, limit int) ([]wire.Aside, error) {
	var any int
	if err := s.queryRow(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM quarantine LIMIT 1) q").Scan(&any); err != nil || any == 0 {
		return nil, kind(err)
	}
	var out []wire.Aside
	for _, id := range streams {
		if len(out) >= limit {
			break
		}
		list, err := s.Asides(ctx, id, limit-len(out))
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// PhotoOfBranch reports whether a photo came from a node of a branch.
func (s *Store) PhotoOfBranch(ctx context.Context, hash event.Hash, branch event.ID) (bool, error) {
	var node []byte
	err := notFound(s.queryRow(ctx, "SELECT node FROM photo_wants WHERE hash = ? AND held <> ?", hash[:], photoGone).Scan(&node))
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	known, err := s.Decisions(ctx)
	if err != nil {
		return false, err
	}
	e, enrolled := known.Enrolment(toID(node))
	return enrolled && e.Branch == branch, nil
}
