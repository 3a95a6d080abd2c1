package desk_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
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

// Setting the PC's clock neither ends a session nor keeps one for ever.
func TestSessionsDoNotFollowThePCsClock(t *testing.T) {
	var mu sync.Mutex
	at, mono := time.Date(2026, 11, 23, 8, 0, 0, 0, library.WIB()), time.Duration(0)
	n := nodetest.Start(t, nodetest.WithClock(func() time.Time { mu.Lock(); defer mu.Unlock(); return at }),
		nodetest.WithMono(func() time.Duration { mu.Lock(); defer mu.Unlock(); return mono }))
	token, err := n.Desk.SignIn(context.Background(), nodetest.Login, nodetest.Password)
	if err != nil {
		t.Fatal(err)
	}
	for _, years := range []int{20, -40, 20} {
		mu.Lock()
		at = at.AddDate(years, 0, 0)
		mu.Unlock()
		if s, err := n.Desk.Session(token, true); err != nil || s.Locked {
			t.Fatalf("the clock went %d years: %+v %v", years, s, err)
		}
	}
	mu.Lock()
	mono = 11 * time.Minute
	mu.Unlock()
	if s, err := n.Desk.Session(token, true); err != nil || !s.Locked {
		t.Fatalf("eleven idle minutes: %+v %v", s, err)
	}
	mu.Lock()
	mono = 13 * time.Hour
	mu.Unlock()
	if _, err := n.Desk.Session(token, true); library.KindOf(err) != library.KindUnauthenticated {
		t.Fatalf("thirteen hours: %v", err)
	}
}
