package desk_test

import (
	"context"
	"sync"
	"testing"

	"simpul/node/desk"
	"simpul/node/nodetest"
	"simpul/sync/merge"
)

// Opening and closing the vault while visitors sign the register loses no line
// and leaves nobody waiting.
func TestTheVaultOpensAndClosesWhileVisitorsCome(t *testing.T) {
	n := nodetest.Start(t)
	ctx := context.Background()
	stop := make(chan struct{})
	var wg sync.WaitGroup
	var mu sync.Mutex
	people := 0
	for range 3 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if _, err := n.Desk.CheckIn(ctx, desk.Kiosk, nodetest.Op(t), desk.VisitInput{Kind: merge.VisitGroup, Name: "Bu Guru Rekaan", Institution: "SDN Rekaan", Men: 1, Women: 1}); err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				people += 2
				mu.Unlock()
			}
		})
	}
	for range 12 {
		if err := n.Desk.CloseVault(ctx, n.Officer); err != nil {
			t.Error(err)
		}
		if _, err := n.Desk.SignIn(ctx, nodetest.Login, nodetest.Password); err != nil {
			t.Error(err)
		}
		n.Desk.Settle()
	}
	close(stop)
	wg.Wait()
	if err := n.Desk.CloseVault(ctx, n.Officer); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Desk.SignIn(ctx, nodetest.Login, nodetest.Password); err != nil {
		t.Fatal(err)
	}
	n.Desk.Settle()
	if counts, _ := n.Desk.Counts(); counts[desk.CountVisits] != int64(people) {
		t.Fatalf("%d people came, the register counts %d", people, counts[desk.CountVisits])
	}
	sound(t, n)
}
