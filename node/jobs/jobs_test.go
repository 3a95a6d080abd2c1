package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"simpul/node/jobs"
)

// memory is a Memory in a map, kept in milliseconds as the store does.
type memory struct {
	sync.Mutex
	runs   map[string]jobs.Run
	panics int   // this many calls of Runs panic first
	refuse error // answer of Started
}

func (m *memory) Runs(context.Context) (map[string]jobs.Run, error) {
	m.Lock()
	defer m.Unlock()
	if m.panics > 0 {
		m.panics--
		panic("memory")
	}
	return maps.Clone(m.runs), nil
}

func (m *memory) Started(_ context.Context, name string, at time.Time) error {
	return m.change(name, func(r *jobs.Run) { r.Started = at.Truncate(time.Millisecond) })
}

func (m *memory) Finished(_ context.Context, name string, at time.Time, err error) error {
	return m.change(name, func(r *jobs.Run) {
		r.Finished, r.Err = at.Truncate(time.Millisecond), ""
		if err != nil {
			r.Err = err.Error()
		} else {
			r.Succeeded = r.Finished
		}
	})
}

func (m *memory) change(name string, set func(*jobs.Run)) error {
	m.Lock()
	defer m.Unlock()
	if m.refuse != nil {
		return m.refuse
	}
	run := m.runs[name]
	set(&run)
	m.runs[name] = run
	return nil
}

// pc is a made-up computer whose clocks move by hand.
type pc struct {
	wall    time.Time
	elapsed time.Duration
	memory  *memory
	jumps   []jobs.Jump
	ran     []string
}

func at(t *testing.T, value string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Jakarta")
	if err != nil {
		t.Fatal(err)
	}
	when, err := time.ParseInLocation("2006-01-02 15:04", value, zone)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func newPC(t *testing.T, wall string) *pc {
	return &pc{wall: at(t, wall), memory: &memory{runs: map[string]jobs.Run{}}}
}

func (p *pc) job(name, schedule string) jobs.Job {
	return jobs.Job{Name: name, Schedule: schedule, Timeout: time.Minute, Run: func(context.Context) error {
		p.ran = append(p.ran, name)
		return nil
	}}
}

func (p *pc) on(t *testing.T, list ...jobs.Job) *jobs.Runner {
	t.Helper()
	r, err := jobs.New(jobs.Options{
		Jobs: list, Memory: p.memory,
		Now:         func() time.Time { return p.wall },
		Elapsed:     func() time.Duration { return p.elapsed },
		Jitter:      func(limit time.Duration) time.Duration { return limit / 5 },
		ClockJumped: func(j jobs.Jump) { p.jumps = append(p.jumps, j) },
		Log:         slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// pass lets minutes pass, with a tick after each.
func (p *pc) pass(r *jobs.Runner, minutes int) {
	for range minutes {
		p.wall, p.elapsed = p.wall.Add(time.Minute), p.elapsed+time.Minute
		r.Tick()
	}
}

func (p *pc) expect(t *testing.T, when, want string) {
	t.Helper()
	if got := strings.Join(p.ran, " "); got != want {
		t.Errorf("%s: ran %q, want %q", when, got, want)
	}
}

func TestMissedJobsRunSomeMinutesAfterTheStart(t *testing.T) {
	p := newPC(t, "2026-03-02 08:00")
	p.memory.runs["backup"] = jobs.Run{Started: at(t, "2026-03-01 02:00"), Finished: at(t, "2026-03-01 02:01")}
	p.memory.runs["weekly"] = jobs.Run{Started: at(t, "2026-03-01 03:00"), Finished: at(t, "2026-03-01 03:01")}
	r := p.on(t, p.job("backup", "0 2 * * *"), p.job("weekly", "0 3 * * 0"), p.job("new", "0 4 * * *"))
	p.pass(r, 5)
	p.expect(t, "after 5 minutes", "")
	p.pass(r, 1)
	p.expect(t, "after the delay and a fifth", "backup new")
	p.pass(r, 17*60+53)
	p.expect(t, "at 01:59", "backup new")
	p.pass(r, 1)
	p.expect(t, "at 02:00 in Jakarta", "backup new backup")
}

func TestDue(t *testing.T) {
	tests := map[string]struct {
		last func(t *testing.T) jobs.Run
		want string
	}{
		"ran today": {func(t *testing.T) jobs.Run {
			return jobs.Run{Started: at(t, "2026-03-02 02:00"), Finished: at(t, "2026-03-02 02:01")}
		}, ""},
		"switched off in mid-run": {func(t *testing.T) jobs.Run {
			return jobs.Run{Started: at(t, "2026-03-02 02:00"), Finished: at(t, "2026-03-01 02:01")}
		}, "backup"},
		"ran when the clock said 2099": {func(t *testing.T) jobs.Run {
			return jobs.Run{Started: at(t, "2099-01-01 02:00"), Finished: at(t, "2099-01-01 02:01")}
		}, "backup"},
		"failed, and its next time is tonight": {func(t *testing.T) jobs.Run {
			return jobs.Run{Started: at(t, "2026-03-02 02:00"), Finished: at(t, "2026-03-02 02:01"), Err: "no stick"}
		}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := newPC(t, "2026-03-02 08:00")
			p.memory.runs["backup"] = tt.last(t)
			p.pass(p.on(t, p.job("backup", "0 2 * * *")), 60)
			p.expect(t, "after an hour", tt.want)
		})
	}
}

func TestFailuresAndPanicsAreRememberedAndTheRestGoesOn(t *testing.T) {
	p := newPC(t, "2026-03-02 08:00")
	failing := p.job("failing", "@hourly")
	failing.Run = func(context.Context) error { return errors.New("disk full") }
	panicking := p.job("panicking", "@hourly")
	calls := 0
	panicking.Run = func(context.Context) error { calls++; panic("index out of range") }
	r := p.on(t, failing, panicking, p.job("checkpoint", "@hourly"))
	p.pass(r, 125)
	p.expect(t, "after two hours", "checkpoint checkpoint checkpoint")
	if calls != 3 {
		t.Errorf("the panicking job ran %d times", calls)
	}
	if got := p.memory.runs["failing"]; got.Err != "disk full" || !got.Succeeded.IsZero() {
		t.Errorf("failing: %+v", got)
	}
	if got := p.memory.runs["panicking"]; !strings.Contains(got.Err, "index out of range") || got.Finished.IsZero() {
		t.Errorf("panicking: %+v", got)
	}
	if got := p.memory.runs["checkpoint"]; got.Err != "" || got.Succeeded.IsZero() {
		t.Errorf("checkpoint: %+v", got)
	}
}

func TestNothingRunsThatCannotBeRemembered(t *testing.T) {
	p := newPC(t, "2026-03-02 08:00")
	p.memory.refuse = errors.New("disk full")
	r := p.on(t, p.job("backup", "@hourly"))
	p.pass(r, 90)
	p.expect(t, "without memory", "")
	if err := r.OneShot(t.Context(), "backup"); !errors.Is(err, p.memory.refuse) {
		t.Errorf("by button: %v", err)
	}
	p.memory.refuse = nil
	p.pass(r, 1)
	p.expect(t, "with memory again", "backup")
}

func TestClockJumps(t *testing.T) {
	tests := map[string]struct {
		wall, elapsed time.Duration
		want          time.Duration
	}{
		"a minute":                  {time.Minute, time.Minute, 0},
		"network time, 4 min ahead": {5 * time.Minute, time.Minute, 0},
		"a long job":                {time.Hour, time.Hour, 0},
		"set forward":               {24 * time.Hour, time.Minute, 24*time.Hour - time.Minute},
		"set back a little":         {-time.Second, time.Minute, -61 * time.Second},
		"set back to 2000":          {-26 * 365 * 24 * time.Hour, time.Minute, -26*365*24*time.Hour - time.Minute},
		"set back in a long job":    {10 * time.Minute, time.Hour, -50 * time.Minute},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := newPC(t, "2026-03-02 08:00")
			r := p.on(t)
			p.wall, p.elapsed = p.wall.Add(tt.wall), p.elapsed+tt.elapsed
			r.Tick()
			switch {
			case tt.want == 0 && len(p.jumps) == 0:
			case len(p.jumps) == 1 && p.jumps[0].By == tt.want && p.jumps[0].After.Equal(p.wall):
			default:
				t.Errorf("got %+v, want one by %v", p.jumps, tt.want)
			}
			r.Tick()
			if len(p.jumps) > 1 {
				t.Error("the same jump was told twice")
			}
		})
	}
}

func TestJobsAreQuietAfterSleep(t *testing.T) {
	p := newPC(t, "2026-03-01 20:00")
	p.memory.runs["backup"] = jobs.Run{Started: at(t, "2026-03-01 02:00"), Finished: at(t, "2026-03-01 02:01")}
	r := p.on(t, p.job("backup", "0 2 * * *"))
	p.pass(r, 30)
	p.wall = at(t, "2026-03-02 07:30") // the laptop was closed all night
	p.pass(r, 6)
	p.expect(t, "just woken", "")
	p.pass(r, 1)
	p.expect(t, "some minutes later", "backup")
}

func TestNewRefusesWhatCannotRun(t *testing.T) {
	run := func(context.Context) error { return nil }
	tests := map[string][]jobs.Job{
		"bad schedule": {{Name: "a", Schedule: "every night", Timeout: 1, Run: run}},
		"no name":      {{Schedule: "@daily", Timeout: 1, Run: run}},
		"no timeout":   {{Name: "a", Schedule: "@daily", Run: run}},
		"nothing":      {{Name: "a", Schedule: "@daily", Timeout: 1}},
		"twice":        {{Name: "a", Schedule: "@daily", Timeout: 1, Run: run}, {Name: "a", Schedule: "@daily", Timeout: 1, Run: run}},
	}
	for name, list := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := jobs.New(jobs.Options{Jobs: list, Now: func() time.Time { return time.Time{} },
				Elapsed: func() time.Duration { return 0 }, Jitter: func(time.Duration) time.Duration { return 0 }})
			if err == nil {
				t.Error("accepted")
			}
		})
	}
}

// live makes a runner on the clock of a synctest bubble.
func live(t *testing.T, m *memory, list ...jobs.Job) *jobs.Runner {
	t.Helper()
	start := time.Now()
	r, err := jobs.New(jobs.Options{
		Jobs: list, Memory: m, Now: time.Now, Delay: time.Second,
		Elapsed: func() time.Duration { return time.Since(start) },
		Jitter:  func(time.Duration) time.Duration { return 0 },
		Log:     slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTicksGoOnAfterAPanicOutsideAJob(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ran := 0
		m := &memory{runs: map[string]jobs.Run{}, panics: 2}
		r := live(t, m, jobs.Job{Name: "a", Schedule: "* * * * *", Timeout: time.Second,
			Run: func(context.Context) error { ran++; return nil }})
		r.Start()
		time.Sleep(5*time.Minute + time.Second)
		if err := r.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		if ran != 3 {
			t.Errorf("ran %d times in 5 minutes, 2 of them lost", ran)
		}
	})
}

func TestOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		running, most, ran := 0, 0, 0
		slow := func(ctx context.Context) error {
			running++
			most, ran = max(most, running), ran+1
			time.Sleep(90 * time.Second)
			running--
			return nil
		}
		r := live(t, &memory{runs: map[string]jobs.Run{}},
			jobs.Job{Name: "a", Schedule: "* * * * *", Timeout: time.Hour, Run: slow},
			jobs.Job{Name: "b", Schedule: "@yearly", Timeout: time.Hour, Run: slow})
		r.Start()
		time.Sleep(61 * time.Second)
		if err := r.OneShot(t.Context(), "b"); err != nil {
			t.Error(err)
		}
		if err := r.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		if most != 1 || ran < 3 {
			t.Errorf("%d at once, %d in all", most, ran)
		}
	})
}

func TestStopEndsJobsAndWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{runs: map[string]jobs.Run{}}
		r := live(t, m, jobs.Job{Name: "long", Schedule: "@daily", Timeout: time.Hour,
			Run: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }})
		r.Start()
		time.Sleep(61 * time.Second)
		if err := r.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := m.runs["long"]; got.Err != context.Canceled.Error() {
			t.Errorf("remembered %+v", got)
		}
		if err := r.OneShot(t.Context(), "long"); !errors.Is(err, jobs.ErrStopped) {
			t.Errorf("after the stop: %v", err)
		}
	})
}

func TestStopDoesNotWaitForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		deaf := jobs.Job{Name: "deaf", Schedule: "@daily", Timeout: time.Second,
			Run: func(context.Context) error { time.Sleep(time.Hour); return nil }}
		r := live(t, &memory{runs: map[string]jobs.Run{}}, deaf)
		r.Start()
		time.Sleep(61 * time.Second)
		limit, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if err := r.Stop(limit); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		time.Sleep(time.Hour)
	})
}

func TestTimeoutAndUnknownName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{runs: map[string]jobs.Run{}}
		r := live(t, m, jobs.Job{Name: "long", Schedule: "@daily", Timeout: time.Minute,
			Run: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }})
		if err := r.OneShot(t.Context(), "long"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the job's own limit: %v", err)
		}
		if err := r.OneShot(t.Context(), "nothing"); !errors.Is(err, jobs.ErrUnknown) {
			t.Errorf("unknown: %v", err)
		}
		if got := m.runs["long"]; got.Err == "" {
			t.Errorf("remembered %+v", got)
		}
	})
}
