package library_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"
	"simpul/node/library"
)

func TestStandardsHoldFromTheirDay(t *testing.T) {
	builtin := library.DefaultStandards().At(today).Times
	if builtin.Sum() != 19*time.Minute || builtin.Of(library.StepForm) != 5*time.Minute || builtin.Of(0) != 0 || builtin.Of(7) != 0 {
		t.Errorf("built-in standard %v", builtin)
	}
	later := library.Standard{From: library.DateOf(2027, 1, 1), Times: library.StepTimes{time.Minute}, Source: "baru"}
	list := append(library.StandardList{later}, library.DefaultStandards()...)
	for day, want := range map[library.Date]string{
		library.DateOf(2000, 1, 1): "188/OU/429.118/2025", library.DateOf(2025, 1, 13): "188/OU/429.118/2025",
		library.DateOf(2026, 12, 31): "188/OU/429.118/2025", library.DateOf(2027, 1, 1): "baru", library.DateOf(2099, 1, 1): "baru",
	} {
		if got := list.At(day); got.Source != want {
			t.Errorf("on %v holds %s, want %s", day, got.Source, want)
		}
	}
	if got := (library.StandardList{}).At(today); got.Times != builtin {
		t.Errorf("an empty list gives %v", got)
	}
}

func TestStepsHaveKeys(t *testing.T) {
	seen := map[string]bool{}
	for _, step := range library.Steps() {
		if seen[step.Key()] || step.Key() == "" || !step.Valid() {
			t.Errorf("step %d has key %q", step, step.Key())
		}
		seen[step.Key()] = true
	}
	if len(seen) != 6 || library.Step(0).Key() != "" || library.Step(7).Valid() {
		t.Error("there are not six steps")
	}
}

type mark struct {
	minute int
	do     string
	step   library.Step
}

func run(start time.Time, marks []mark) library.Clock {
	var c library.Clock
	for _, m := range marks {
		at := start.Add(time.Duration(m.minute) * time.Minute)
		switch m.do {
		case "enter":
			c = c.Enter(m.step, at)
		case "leave":
			c = c.Leave(at)
		case "pause":
			c = c.Pause(at)
		case "resume":
			c = c.Resume(at)
		}
	}
	return c
}

func TestClock(t *testing.T) {
	morning := time.Date(2026, 11, 23, 9, 0, 0, 0, library.WIB())
	for name, c := range map[string]struct {
		start   time.Time
		marks   []mark
		now     int
		want    [6]int // minutes
		untimed bool
	}{
		"never started": {morning, nil, 60, [6]int{}, false},
		"one step runs": {morning, []mark{{0, "enter", 1}}, 2, [6]int{2}, false},
		"six steps": {morning, []mark{{0, "enter", 1}, {2, "enter", 2}, {5, "enter", 3}, {10, "enter", 4}, {13, "enter", 5}, {18, "enter", 6},
			{19, "leave", 0}}, 500, [6]int{2, 3, 5, 3, 5, 1}, false},
		"back to a step":    {morning, []mark{{0, "enter", 3}, {4, "enter", 4}, {5, "enter", 3}, {7, "leave", 0}}, 9, [6]int{0, 0, 6, 1}, false},
		"enter twice":       {morning, []mark{{0, "enter", 2}, {1, "enter", 2}}, 3, [6]int{0, 3}, false},
		"pause":             {morning, []mark{{0, "enter", 3}, {1, "pause", 0}, {20, "resume", 0}, {22, "leave", 0}}, 30, [6]int{0, 0, 3}, false},
		"pause twice":       {morning, []mark{{0, "enter", 3}, {1, "pause", 0}, {2, "pause", 0}}, 30, [6]int{0, 0, 1}, false},
		"resume unpaused":   {morning, []mark{{0, "enter", 3}, {1, "resume", 0}}, 2, [6]int{0, 0, 2}, false},
		"resume in no step": {morning, []mark{{0, "resume", 0}, {1, "pause", 0}}, 5, [6]int{}, false},
		"enter ends pause":  {morning, []mark{{0, "enter", 3}, {1, "pause", 0}, {9, "enter", 4}}, 11, [6]int{0, 0, 1, 2}, false},
		"reenter in pause":  {morning, []mark{{0, "enter", 3}, {1, "pause", 0}, {9, "enter", 3}}, 11, [6]int{0, 0, 1}, false},
		"leave twice":       {morning, []mark{{0, "enter", 1}, {1, "leave", 0}, {5, "leave", 0}}, 9, [6]int{1}, false},
		"no such step":      {morning, []mark{{0, "enter", 1}, {1, "enter", 9}}, 9, [6]int{1}, false},
		"overnight":         {morning, []mark{{0, "enter", 3}, {3, "enter", 4}, {1440, "enter", 5}, {1442, "leave", 0}}, 1500, [6]int{0, 0, 3, 0, 2}, true},
		"clock went back":   {morning, []mark{{10, "enter", 3}, {4, "enter", 4}, {6, "leave", 0}}, 20, [6]int{0, 0, 0, 2}, true},
		"night before, paused overnight": {morning, []mark{{0, "enter", 3}, {3, "pause", 0}, {1440, "resume", 0}, {1441, "leave", 0}}, 1500,
			[6]int{0, 0, 4}, false},
	} {
		clock, now := run(c.start, c.marks), c.start.Add(time.Duration(c.now)*time.Minute)
		sum := time.Duration(0)
		for i, minutes := range c.want {
			want := time.Duration(minutes) * time.Minute
			sum += want
			if got := clock.Elapsed(library.Step(i+1), now); got != want {
				t.Errorf("%s: step %d took %v, want %v", name, i+1, got, want)
			}
		}
		if clock.Total(now) != sum || clock.Untimed != c.untimed {
			t.Errorf("%s: total %v, untimed %v; want %v, %v", name, clock.Total(now), clock.Untimed, sum, c.untimed)
		}
	}
}

func TestLookingAtTheClockDoesNotChangeIt(t *testing.T) {
	start := time.Date(2026, 11, 23, 8, 0, 0, 0, library.WIB())
	rapid.Check(t, func(t *rapid.T) {
		minutes := rapid.SliceOfN(rapid.IntRange(0, 10), 1, 30).Draw(t, "minutes")
		var looked, plain library.Clock
		now, worked := start, time.Duration(0)
		for i, m := range minutes {
			step := library.Step(i%6 + 1)
			looked, plain = looked.Enter(step, now), plain.Enter(step, now)
			for range m {
				now = now.Add(time.Minute)
				looked.Elapsed(step, now)
				looked.Total(now)
			}
			worked += time.Duration(m) * time.Minute
		}
		if looked != plain || looked.Total(now) != worked {
			t.Fatalf("%+v and %+v, worked %v", looked, plain, worked)
		}
	})
}
