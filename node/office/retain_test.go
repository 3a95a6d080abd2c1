package office_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/report"
	"simpul/node/store"
	"simpul/sync/event"
)

// The centre's job decides by the schedule, and what it decides is signed.
func TestTheCentreDecidesWhatTheScheduleRemoves(t *testing.T) {
	start := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	clock := nodetest.NewClock(start)
	n := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.WithClock(clock.Now), nodetest.WithMono(clock.Mono))
	ctx := context.Background()
	member := register(t, n, "Dewi Rekaan", "3510014101900001", "1990-01-01")
	done, err := n.Desk.OpenRegistration(ctx, n.Officer, nodetest.Op(t), desk.OpenInput{Form: library.Form{Name: "Ditolak Rekaan"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Desk.Refuse(ctx, n.Officer, nodetest.Op(t), done.ID, library.Refusals()[0].Key, "", ""); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Desk.CheckIn(ctx, desk.Kiosk, nodetest.Op(t), desk.VisitInput{Kind: desk.VisitGuest, Name: "Tamu Rekaan", Sex: library.Female}); err != nil {
		t.Fatal(err)
	}
	figures := func() string {
		r, err := n.Desk.Report(ctx, n.Officer, report.Month(2026, 11))
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%+v", [...]any{r.Members, r.Cards, r.Traits, r.New, r.Visitors, r.Register, r.Outcomes})
	}
	before := figures()
	run := func(days int) {
		for range days {
			if err := n.Desk.RunJob(ctx, desk.RetainJob); err != nil {
				t.Fatal(err)
			}
		}
	}
	clock.Set(start.AddDate(1, 1, 0))
	run(20)
	if _, err := n.Store.Person(ctx, event.ID(done.ID)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the refused registration is there: %v", err)
	}
	if _, err := n.Store.Person(ctx, event.ID(member)); err != nil {
		t.Errorf("a member went: %v", err)
	}
	held, err := n.Store.Decisions(ctx)
	if err != nil {
		t.Fatal(err)
	}
	decided := map[event.DecisionKind]int{}
	for _, d := range held.All() {
		decided[d.Kind]++
		if e, is := d.Body.(*event.Erasure); is && (e.Reason != "retention" || e.Member || !d.Officer.IsZero()) {
			t.Errorf("the erasure says %+v by %s", e, d.Officer)
		}
	}
	if decided[event.PersonErased] != 1 || decided[event.RegisterAged] != 1 {
		t.Errorf("decided: %v", decided)
	}
	run(2)
	if again, err := n.Store.Decisions(ctx); err != nil || len(again.All()) != len(held.All()) {
		t.Errorf("it was decided again: %v", err)
	}
	if got := figures(); got != before {
		t.Errorf("the report says\n%s\nand said\n%s", got, before)
	}
	if r, err := n.Store.Check(ctx, nil); err != nil || len(r.Findings) > 0 {
		t.Errorf("check: %+v, %v", r.Findings, err)
	}
}
