// Package jobs runs what is due: backup, checkpoint, expiry, integrity. A PC that
// is switched off at night has missed its hour and runs the job some minutes after
// it is switched on, which cron alone does not do.
//
// Once a minute it asks by the wall clock what is due, from the schedule and from
// the memory of what ran. It must not know what a job does, and it keeps no memory
// of its own: that is in the store.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
	_ "time/tzdata" // Windows has no zone files

	"github.com/robfig/cron/v3"
)

var (
	// ErrUnknown is returned for a name that no job has.
	ErrUnknown = errors.New("no such job")
	// ErrStopped is returned when a job is asked for after Stop.
	ErrStopped = errors.New("jobs have been stopped")
)

// Job is one thing done again and again. Jobs run one at a time, in the order given.
type Job struct {
	Name     string
	Schedule string        // cron expression of five fields, or @daily and the like
	Timeout  time.Duration // the context of Run ends after it; more than 0
	// Run must return soon after its context ends: until then no other job runs.
	Run func(context.Context) error
}

// Run is what is remembered of a job. Times never seen are zero.
type Run struct {
	Started   time.Time
	Finished  time.Time // before Started: running, or the PC was switched off in mid-run
	Succeeded time.Time // the last finish without an error
	Err       string    // of the last finish
}

// Memory outlives the program. Times may be kept in milliseconds.
type Memory interface {
	Runs(context.Context) (map[string]Run, error)
	Started(ctx context.Context, name string, at time.Time) error
	Finished(ctx context.Context, name string, at time.Time, err error) error
}

// Options is what a Runner needs. Zone, Delay and ClockJumped may be left out.
type Options struct {
	Jobs   []Job
	Memory Memory
	Now    func() time.Time // the wall clock
	// Elapsed never jumps: time since some fixed moment by the monotonic clock.
	Elapsed func() time.Duration
	// Jitter returns a random time from 0 to limit.
	Jitter func(limit time.Duration) time.Duration
	// Delay before missed jobs run, 5 minutes by default; up to as much again is
	// added, so that the PCs of a district switched on at eight do not start together.
	Delay time.Duration
	Zone  string // of the schedules, Asia/Jakarta by default
	// ClockJumped is told of a jump at the next minute.
	ClockJumped func(Jump)
	Log         *slog.Logger
}

// Runner asks what is due. Make it with New, then Start, then Stop.
type Runner struct {
	Options
	jobs []scheduled
	zone *time.Location
	cron *cron.Cron
	turn chan struct{} // holds one token: the right to run a job
	ctx  context.Context
	stop context.CancelFunc

	clock guard
	began time.Time     // wall reading at start, or after the clock jumped
	quiet time.Duration // reading of Elapsed before which nothing missed runs

	ending  sync.Mutex // guards the two below
	stopped bool
	oneShot sync.WaitGroup
}

type scheduled struct {
	Job
	when cron.Schedule
}

// New checks the jobs and their schedules.
func New(o Options) (*Runner, error) {
	if o.Delay == 0 {
		o.Delay = 5 * time.Minute
	}
	if o.Zone == "" {
		o.Zone = "Asia/Jakarta"
	}
	zone, err := time.LoadLocation(o.Zone)
	if err != nil {
		return nil, fmt.Errorf("zone of the jobs: %w", err)
	}
	r := &Runner{Options: o, zone: zone, turn: make(chan struct{}, 1)}
	seen := map[string]bool{}
	for _, job := range o.Jobs {
		when, err := cron.ParseStandard(job.Schedule)
		if err != nil {
			return nil, fmt.Errorf("schedule of job %q: %w", job.Name, err)
		}
		if job.Name == "" || seen[job.Name] || job.Timeout <= 0 || job.Run == nil {
			return nil, fmt.Errorf("job %q needs a name of its own, a timeout and something to run", job.Name)
		}
		seen[job.Name] = true
		r.jobs = append(r.jobs, scheduled{job, when})
	}
	r.ctx, r.stop = context.WithCancel(context.Background())
	r.clock.set(r.Now(), r.Elapsed())
	r.settle()

	// Skip stands outside Recover: the other way round, a tick that once panicked
	// is taken for running and never runs again. Delay instead of Skip would queue
	// ticks without bound.
	log := cronLog{o.Log}
	r.cron = cron.New(cron.WithLocation(zone), cron.WithLogger(log),
		cron.WithChain(cron.SkipIfStillRunning(log), cron.Recover(log)))
	if _, err := r.cron.AddFunc("* * * * *", r.Tick); err != nil {
		return nil, fmt.Errorf("tick of the jobs: %w", err)
	}
	return r, nil
}

// Start begins to tick at the next full minute.
func (r *Runner) Start() { r.cron.Start() }

// Stop ends the contexts of running jobs and waits for them until ctx ends; then it
// returns the context's error, and a job that does not listen goes on.
func (r *Runner) Stop(ctx context.Context) error {
	r.ending.Lock()
	r.stopped = true
	r.ending.Unlock()
	r.stop()
	ticks := r.cron.Stop()
	ended := make(chan struct{})
	go func() {
		r.oneShot.Wait()
		<-ticks.Done()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("jobs still running: %w", ctx.Err())
	}
}

// OneShot runs a job now, for a button, after the one that may be running. It
// returns the job's error, ErrUnknown or ErrStopped.
func (r *Runner) OneShot(ctx context.Context, name string) error {
	r.ending.Lock()
	if r.stopped {
		r.ending.Unlock()
		return ErrStopped
	}
	r.oneShot.Add(1)
	r.ending.Unlock()
	defer r.oneShot.Done()

	for _, job := range r.jobs {
		if job.Name != name {
			continue
		}
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(r.ctx, cancel)()
		if !r.take(ctx) {
			return ctx.Err()
		}
		defer r.leave()
		return r.run(ctx, job.Job)
	}
	return fmt.Errorf("%w: %q", ErrUnknown, name)
}

// take waits for the turn to run jobs; leave gives it back.
func (r *Runner) take(ctx context.Context) bool {
	select {
	case r.turn <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (r *Runner) leave() { <-r.turn }

// cronLog writes what cron has to say to our log, without its chatter.
type cronLog struct{ log *slog.Logger }

func (cronLog) Info(string, ...any) {}

func (l cronLog) Error(err error, message string, details ...any) {
	l.log.Error("tick of the jobs: "+message, append(details, "error", err)...)
}
