package nodetest

import (
	"crypto/ed25519"
	"errors"
	"testing"

	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/wire"
)

// kindOf is the kind of a decision about PCs and cards.
func kindOf(t testing.TB, body any) event.DecisionKind {
	t.Helper()
	switch body.(type) {
	case *event.Enrolment:
		return event.NodeEnrolled
	case *event.Revocation:
		return event.NodeRevoked
	case *event.Issuing:
		return event.CentreIssues
	case *event.Bar:
		return event.CardBarred
	}
	t.Fatalf("no decision has a body of %T", body)
	return 0
}

// Told makes the node one of the centre with this key, unless it is one already, and tells it these decisions as an exchange
// just now would.
func (n *Node) Told(t testing.TB, centre ed25519.PrivateKey, bodies ...any) {
	t.Helper()
	var rulings []event.Ruling
	for _, body := range bodies {
		r, err := event.Rule(centre, kindOf(t, body), n.Desk.Now().UnixMilli(), event.ID{}, body)
		if err != nil {
			t.Fatal(err)
		}
		rulings = append(rulings, r)
	}
	epoch := event.ID{2}
	_, err := n.Store.Enrolled(t.Context())
	if errors.Is(err, store.ErrNotFound) {
		_, err = n.Store.Write(t.Context(), event.ID{}, func(tx *store.Tx) error {
			return tx.SaveEnrolment(store.Enrolled{Node: event.ID{1}, Key: centre, Centre: centre.Public().(ed25519.PublicKey), Tags: wire.TagKey{Key: make([]byte, 32)}, Epoch: epoch})
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Store.Absorb(t.Context(), &wire.Request{Epoch: epoch}, &wire.Answer{Epoch: epoch, Rulings: rulings}, 0); err != nil {
		t.Fatal(err)
	}
}
