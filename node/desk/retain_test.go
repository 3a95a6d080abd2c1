package desk_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/report"
	"simpul/node/store"
	"simpul/sync/event"
)

// figures of the month in which everything of these tests happened.
func figures(t testing.TB, n *nodetest.Node) string {
	t.Helper()
	r, err := n.Desk.Report(context.Background(), n.Officer, report.Month(2026, 11))
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%+v", [...]any{r.Members, r.Cards, r.Traits, r.New, r.Visitors, r.Register, r.Outcomes, r.Times})
}

// retain carries the schedule out on so many days, one after the other, as the job does.
func retain(t testing.TB, n *nodetest.Node, days int) {
	t.Helper()
	for range days {
		if err := n.Desk.RunJob(context.Background(), desk.RetainJob); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheScheduleRemovesPeopleAndKeepsTheReports(t *testing.T) {
	start := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	clock := nodetest.NewClock(start)
	n := nodetest.Start(t, nodetest.WithClock(clock.Now), nodetest.WithMono(clock.Mono))
	ctx := context.Background()
	member := enrol(t, n, village(t, n, person(1)))
	done, err := n.Desk.OpenRegistration(ctx, n.Officer, nodetest.Op(t), desk.OpenInput{Form: library.Form{Name: "Ditolak Rekaan"}})
	refused := must(t, done, err)
	done, err = n.Desk.Refuse(ctx, n.Officer, nodetest.Op(t), refused, library.Refusals()[0].Key, "lupa membawa", "")
	must(t, done, err)
	done, err = n.Desk.OpenRegistration(ctx, n.Officer, nodetest.Op(t), desk.OpenInput{Form: library.Form{Name: "Mundur Rekaan"}})
	withdrawn := must(t, done, err)
	done, err = n.Desk.Withdraw(ctx, n.Officer, nodetest.Op(t), withdrawn, "", "")
	must(t, done, err)
	if _, err := n.Desk.CheckIn(ctx, desk.Kiosk, nodetest.Op(t), desk.VisitInput{Kind: desk.VisitGuest, Name: "Tamu Rekaan", Sex: library.Female, Purpose: "read"}); err != nil {
		t.Fatal(err)
	}
	before := figures(t, n)
	if before == fmt.Sprintf("%+v", [...]any{store.MemberSums{}}) {
		t.Fatal("the report is empty")
	}
	there := func(id library.ID) bool {
		_, err := n.Store.Person(ctx, event.ID(id))
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			t.Fatal(err)
		}
		return err == nil
	}

	clock.Set(start.AddDate(0, 0, 89))
	retain(t, n, 5)
	if !there(refused) || !there(withdrawn) {
		t.Fatal("something went before its time")
	}
	clock.Set(start.AddDate(0, 0, 92))
	retain(t, n, 2)
	if there(refused) || there(withdrawn) || !there(member) {
		t.Errorf("refused %t, withdrawn %t, member %t", there(refused), there(withdrawn), there(member))
	}
	if name := register(t, n); len(name) != 0 {
		t.Errorf("today's register has %+v", name)
	}
	line := lines(t, n, library.DateIn(start, n.Zone))[0]
	if line.Name != "Tamu Rekaan" || line.Reduced {
		t.Errorf("the line is %+v", line)
	}
	purpose := line.Purpose

	clock.Set(start.AddDate(1, 1, 0))
	retain(t, n, 20)
	line = lines(t, n, library.DateIn(start, n.Zone))[0]
	if line.Name != "" || !line.Reduced || line.Kind != desk.VisitGuest || line.Purpose != purpose || line.Sex != library.Female {
		t.Errorf("the line is %+v", line)
	}
	if _, err := n.Desk.VoidVisit(ctx, n.Officer, nodetest.Op(t), line.ID, "salah", ""); library.KindOf(err) != library.KindNotFound {
		t.Errorf("a line without names is changed: %v", err)
	}

	clock.Set(start.AddDate(9, 0, 0)) // five years after the card's three or so
	retain(t, n, 120)
	if there(member) {
		t.Error("a member is there five years after the membership")
	}
	if after := figures(t, n); after != before {
		t.Errorf("the report says\n%s\nand said\n%s", after, before)
	}
	r, next, err := n.Desk.Retained(ctx)
	if err != nil || !r.Ran.Equal(clock.Now()) || r.All != (desk.Removed{Registrations: 2, Members: 1, Lines: 1}) || r.Last != (desk.Removed{}) || !next.After(clock.Now()) {
		t.Errorf("%+v, next %s, %v", r, next, err)
	}
	sound(t, n)
	if err := n.Store.Rebuild(ctx, nil); err != nil {
		t.Fatal(err)
	}
	if after := figures(t, n); after != before {
		t.Errorf("after a rebuild the report says\n%s\nand said\n%s", after, before)
	}
	sound(t, n)
}

func lines(t testing.TB, n *nodetest.Node, day library.Date) []desk.Visit {
	t.Helper()
	list, _, err := n.Desk.VisitsOn(context.Background(), n.Officer, desk.VisitPage{Day: day, Limit: 50})
	if err != nil || len(list) == 0 {
		t.Fatalf("no lines on %s: %v", day, err)
	}
	return list
}

// What a PC's clock says may be wrong by years. A run believes one month of it.
func TestAClockThatRanAheadCostsAMonthAtMost(t *testing.T) {
	start := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	clock := nodetest.NewClock(start)
	n := nodetest.Start(t, nodetest.WithClock(clock.Now), nodetest.WithMono(clock.Mono))
	if _, err := n.Desk.CheckIn(context.Background(), desk.Kiosk, nodetest.Op(t), desk.VisitInput{Kind: desk.VisitGuest, Name: "Tamu Rekaan", Sex: library.Female, Purpose: "read"}); err != nil {
		t.Fatal(err)
	}
	clock.Set(start.AddDate(5, 0, 0))
	retain(t, n, 3)
	if line := lines(t, n, library.DateIn(start, n.Zone))[0]; line.Reduced {
		t.Error("names went because the clock ran ahead for a day")
	}
}

// Photos that no record names go, a day after they were written; whole databases
// that a restore put aside, a month after.
func TestTheScheduleSweepsWhatLiesAbout(t *testing.T) {
	now := time.Now()
	clock := nodetest.NewClock(now)
	n := nodetest.Start(t, nodetest.WithClock(clock.Now))
	hash, err := n.Desk.Photos.Put([]byte("a photo whose record was never saved"))
	if err != nil {
		t.Fatal(err)
	}
	old := filepath.Join(n.Dir, store.FileName+".2026-01-02T030405.replaced")
	young := filepath.Join(n.Dir, store.FileName+"."+now.Format("2006-01-02T150405")+".replaced")
	for _, name := range []string{old, young} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	retain(t, n, 1)
	if !n.Desk.Photos.Has(hash) {
		t.Error("a photo went whose record may be on its way")
	}
	clock.Set(now.AddDate(0, 0, 2))
	retain(t, n, 1)
	if n.Desk.Photos.Has(hash) {
		t.Error("a photo that nothing names is there")
	}
	if _, err := os.Stat(old); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an old database is there: %v", err)
	}
	if _, err := os.Stat(young); err != nil {
		t.Errorf("a database that was put aside just now: %v", err)
	}
}
