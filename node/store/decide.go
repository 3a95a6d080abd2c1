package store

import (
	"context"
	"crypto/ed25519"
	"fmt"

	"simpul/sync/event"
)

// Decide signs a decision, logs it and lets it take effect, in one transaction.
// key is the centre's signing key; officer is zero when the centre decides by
// rule. body is the decision's, as event.Rule takes it.
func (s *Store) Decide(ctx context.Context, key ed25519.PrivateKey, officer event.ID, kind event.DecisionKind, body any) (r event.Ruling, err error) {
	_, err = s.Write(ctx, event.ID{}, func(tx *Tx) error {
		r, err = tx.Decide(key, officer, kind, body)
		return err
	})
	return r, err
}

// Decide is that of the store, inside a use case.
func (tx *Tx) Decide(key ed25519.PrivateKey, officer event.ID, kind event.DecisionKind, body any) (event.Ruling, error) {
	if !tx.s.log.state.centre {
		return event.Ruling{}, ErrNotCentre
	}
	r, err := event.Rule(key, kind, tx.Now().UnixMilli(), officer, body)
	if err != nil {
		return event.Ruling{}, err
	}
	_, err = tx.Regain([]event.Ruling{r}, publicOf(key))
	return r, err
}

// Regain holds decisions that this centre signed, a restored one those that a
// node gave back, and logs those that are new to it. It says how many were; what
// the centre did not sign is left out.
func (tx *Tx) Regain(rulings []event.Ruling, centre ed25519.PublicKey) (fresh int, err error) {
	if !tx.s.log.state.centre {
		return 0, ErrNotCentre
	}
	list, _, err := tx.HoldRulings(rulings, centre)
	if err != nil {
		return 0, err
	}
	for _, d := range list {
		if _, err := tx.Append(Draft{Type: event.DecisionMade, Subject: tx.nodeID(), Officer: d.Officer, Body: &d.Ruling}); err != nil {
			return 0, fmt.Errorf("store: log a decision: %w", err)
		}
	}
	return len(list), nil
}

// Regain is that of a use case, in a transaction of its own.
func (s *Store) Regain(ctx context.Context, rulings []event.Ruling, centre ed25519.PublicKey) (fresh int, err error) {
	_, err = s.Write(ctx, event.ID{}, func(tx *Tx) error {
		fresh, err = tx.Regain(rulings, centre)
		return err
	})
	return fresh, err
}

func publicOf(key ed25519.PrivateKey) ed25519.PublicKey { return key.Public().(ed25519.PublicKey) }
