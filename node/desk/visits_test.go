package desk_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/store"
	"simpul/sync/event"
)

func register(t testing.TB, n *nodetest.Node) []desk.Visit {
	t.Helper()
	list, _, err := n.Desk.VisitsOn(context.Background(), desk.System, desk.VisitPage{Day: n.Desk.Today(), Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func scan(t testing.TB, n *nodetest.Node, number string) desk.Greeting {
	t.Helper()
	g, err := n.Desk.CheckIn(context.Background(), desk.Kiosk, nodetest.Op(t), desk.VisitInput{Kind: desk.VisitMember, Number: number})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// TestOldNumberBecomesKnown: a number of another system was scanned before the member who has it was brought over.
func TestOldNumberBecomesKnown(t *testing.T) {
	n := nodetest.Start(t)
	ctx := context.Background()
	scan(t, n, "INL-0042")
	scan(t, n, "INL-0043")
	id := enrol(t, n, village(t, n, person(1)))
	_, err := n.Store.Write(ctx, event.ID(nodetest.Op(t)), func(tx *store.Tx) error {
		_, err := tx.Append(store.Draft{Type: event.MemberAliased, Subject: event.ID(id), Officer: event.ID(n.Officer.Officer),
			Body: &event.Alias{System: "INLISLite", Number: "INL-0042"}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Desk.ResolveOpen(ctx); err != nil {
		t.Fatal(err)
	}
	if again, err := n.Desk.ResolveVisits(ctx, "INL-0042"); err != nil || again != 0 {
		t.Fatalf("resolved again: %d %v", again, err)
	}
	for _, v := range register(t, n) {
		switch v.Kind {
		case desk.VisitMember:
			if v.Person != id || v.Name != "Bagus Rekaan AB" || v.Changes[0].Reason != desk.ReasonKnown {
				t.Errorf("resolved to %+v", v)
			}
		case desk.VisitUnknown:
			if v.Number != "INL-0043" {
				t.Errorf("left open: %s", v.Number)
			}
		}
	}
	sound(t, n)
}

// TestAPurposeThatWasHiddenStays: the page at the door was open when the purpose was hidden. One that never was is the first.
func TestAPurposeThatWasHiddenStays(t *testing.T) {
	n := nodetest.Start(t)
	ctx := context.Background()
	s := n.Desk.Settings()
	gone, first := s.Purposes[1].Key, s.Purposes[0].Key
	if err := n.Desk.SetSettings(ctx, n.Officer, nodetest.Op(t), map[string]any{"purposes": s.Purposes[:1], "old_purposes": s.Purposes[1:]}); err != nil {
		t.Fatal(err)
	}
	for number, purpose := range map[string]string{"INL-0042": gone, "INL-0043": "entah"} {
		in := desk.VisitInput{Kind: desk.VisitMember, Number: number, Purpose: purpose}
		if _, err := n.Desk.CheckIn(ctx, desk.Kiosk, nodetest.Op(t), in); err != nil {
			t.Fatal(err)
		}
	}
	got := map[string]int{}
	for _, v := range register(t, n) {
		got[v.Purpose]++
	}
	if len(got) != 2 || got[gone] != 1 || got[first] != 1 {
		t.Errorf("recorded: %v", got)
	}
}

// TestSealedVisitsSurviveAKill: the node ends between opening the vault and making events of what was sealed, again and again.
func TestSealedVisitsSurviveAKill(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, library.WIB())
	clock := nodetest.WithClock(func() time.Time { return now })
	n := nodetest.Start(t, clock)
	dir := n.Dir
	n.Stop()
	n = nodetest.Start(t, clock, nodetest.WithDir(dir))
	const lines = 450 // more than one batch
	for i := range lines {
		if g := scan(t, n, fmt.Sprintf("9%06d", i)); !g.Sealed {
			t.Fatal("not sealed")
		}
	}
	for range 4 {
		if _, err := n.Desk.SignIn(context.Background(), nodetest.Login, nodetest.Password); err != nil {
			t.Fatal(err)
		}
		n.Stop()
		n = nodetest.Start(t, clock, nodetest.WithDir(dir))
	}
	if _, err := n.Desk.SignIn(context.Background(), nodetest.Login, nodetest.Password); err != nil {
		t.Fatal(err)
	}
	n.Desk.Settle()
	if got := len(register(t, n)); got != lines {
		t.Fatalf("%d lines, want %d", got, lines)
	}
	sound(t, n)
}

// TestExpiredMemberIsCounted, and told to see an officer.
func TestExpiredMemberIsCounted(t *testing.T) {
	clock := nodetest.NewClock(time.Date(2026, 11, 23, 8, 0, 0, 0, library.WIB()))
	n := nodetest.Start(t, nodetest.WithClock(clock.Now))
	id := enrol(t, n, village(t, n, person(1)))
	number := string(get(t, n, id).Card.Number)
	if g := scan(t, n, number); !g.Known || g.Expired {
		t.Fatalf("valid: %+v", g)
	}
	clock.Set(clock.Now().AddDate(3, 0, 1))
	g := scan(t, n, number)
	if !g.Known || !g.Expired || g.Until != get(t, n, id).Until {
		t.Fatalf("expired: %+v", g)
	}
	if got := register(t, n); len(got) != 1 || got[0].Person != id {
		t.Fatalf("not counted: %+v", got)
	}
}

// TestPurposeOnlyJustNow: the greeting may say what a visit is for, for two minutes, and only of a line from the door.
func TestPurposeOnlyJustNow(t *testing.T) {
	clock := nodetest.NewClock(time.Date(2026, 11, 23, 8, 0, 0, 0, library.WIB()))
	n := nodetest.Start(t, nodetest.WithClock(clock.Now))
	ctx := context.Background()
	line := scan(t, n, "900000001").ID
	byOfficer, err := n.Desk.CheckIn(ctx, n.Officer, nodetest.Op(t), desk.VisitInput{Kind: desk.VisitGuest, Name: "Rudi Rekaan", Sex: library.Male})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Desk.ChoosePurpose(ctx, nodetest.Op(t), line, "pinjam"); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Desk.ChoosePurpose(ctx, nodetest.Op(t), line, "nothing"); library.KindOf(err) != library.KindInvalid {
		t.Errorf("an unknown purpose: %v", err)
	}
	if _, err := n.Desk.ChoosePurpose(ctx, nodetest.Op(t), byOfficer.ID, "pinjam"); library.KindOf(err) != library.KindForbidden {
		t.Errorf("an officer's line: %v", err)
	}
	clock.Add(3 * time.Minute)
	if _, err := n.Desk.ChoosePurpose(ctx, nodetest.Op(t), line, "baca"); library.KindOf(err) != library.KindForbidden {
		t.Errorf("too late: %v", err)
	}
}
