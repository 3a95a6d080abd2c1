package demo_test

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"simpul/node/demo"
	"simpul/node/directory"
	"simpul/node/library"
	"simpul/node/nodetest"
)

func TestPeopleAreAcceptedAndReproducible(t *testing.T) {
	regions, today := library.BuiltinRegions(), library.DateOf(2026, 11, 23)
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		// People are served on some day of the year before today.
		served := today.AddDays(-rapid.IntRange(0, 360).Draw(t, "days"))
		rules := library.Rules{Today: served, Regions: regions, MemberKinds: library.DefaultMemberKinds()}
		one, two := demo.NewPeople(seed, regions, today), demo.NewPeople(seed, regions, today)
		seen := map[string]bool{}
		for range 60 {
			form := one.Next()
			if form != two.Next() {
				t.Fatalf("seed %d: the same seed gives other people", seed)
			}
			if problems := form.Clean().Check(rules); len(problems) > 0 {
				t.Fatalf("seed %d: %+v: %+v", seed, problems, form)
			}
			if form.Clean() != form {
				t.Fatalf("seed %d: not clean: %+v", seed, form)
			}
			if seen[form.NIK] {
				t.Fatalf("seed %d: the NIK %s was given twice", seed, form.NIK)
			}
			seen[form.NIK] = true
		}
	})
}

func TestFill(t *testing.T) {
	filling := demo.Filling{Members: 24, Visits: 30, Photos: 2, Seed: 4, Workers: 3}
	end := time.Date(2026, 11, 23, 15, 0, 0, 0, library.WIB())
	filling.Clock = demo.NewClock(end, library.WIB(), filling.Work())
	n := nodetest.Start(t, nodetest.WithClock(filling.Clock.Now), nodetest.WithMono(filling.Clock.Mono))
	ctx := context.Background()
	if err := demo.Fill(ctx, n.Desk, n.Officer, filling); err != nil {
		t.Fatal(err)
	}
	found, more, err := n.Desk.Find(ctx, n.Officer, "", 100, 1)
	if err != nil || len(found) != 24 || more {
		t.Fatalf("%d members found (more: %t): %v", len(found), more, err)
	}
	report, err := n.Store.Check(ctx, nil)
	if err != nil || len(report.Findings) > 0 {
		t.Fatalf("check: %+v, %v", report.Findings, err)
	}
	if now := filling.Clock.Now(); now.After(end) || now.Sub(filling.Clock.Now().Add(-filling.Clock.Mono())) < 30*time.Minute {
		t.Errorf("the clock stands at %v", now)
	}
	r, err := n.Desk.Registration(ctx, n.Officer, library.ID(found[0].ID))
	if err != nil {
		t.Fatal(err)
	}
	if sum := r.Clock.Spent.Sum(); sum < 3*time.Minute || sum > 60*time.Minute {
		t.Errorf("a registration took %v", sum)
	}
}

func TestFillLeavesTheCounterInTheMiddle(t *testing.T) {
	one := demo.NewPeople(9, library.BuiltinRegions(), library.DateOf(2026, 11, 23)).Next()
	filling := demo.Filling{Members: 2, Visits: 2, Waiting: 4, Also: []library.Form{one}, Seed: 5, Workers: 1}
	end := time.Date(2026, 11, 23, 15, 0, 0, 0, library.WIB())
	filling.Clock = demo.NewClock(end, library.WIB(), filling.Work())
	n := nodetest.Start(t, nodetest.WithClock(filling.Clock.Now), nodetest.WithMono(filling.Clock.Mono))
	ctx := context.Background()
	if err := demo.Fill(ctx, n.Desk, n.Officer, filling); err != nil {
		t.Fatal(err)
	}
	members, _, err := n.Desk.Find(ctx, n.Officer, "", 100, 1)
	if err != nil || len(members) != 3 { // two, and one whose card waits to be handed over
		t.Fatalf("%d members: %v", len(members), err)
	}
	if !slices.ContainsFunc(members, func(m directory.Entry) bool { return m.Name == one.Name }) {
		t.Errorf("%s was not registered", one.Name)
	}
	steps := map[library.Step]int{}
	waiting, _, _ := n.Board.Today(int64(n.Desk.Today().Days()), 10)
	for _, waits := range waiting {
		steps[library.Step(waits.Step)]++
	}
	want := map[library.Step]int{library.StepIdentity: 1, library.StepVerification: 1, library.StepPhoto: 1, library.StepHandover: 1}
	if !maps.Equal(steps, want) {
		t.Errorf("they wait at %v, not %v", steps, want)
	}
}
