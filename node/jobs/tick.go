package jobs

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"
)

// forward is how far ahead of now a remembered start may lie before it is taken
// for the work of a wrong clock.
const forward = 5 * time.Minute

// Tick looks at the clock and runs what is due, one job after the other. Cron calls
// it every minute, and not again while it is running.
func (r *Runner) Tick() {
	if jump, jumped := r.clock.look(r.Now(), r.Elapsed()); jumped {
		r.Log.Warn("clock jumped", "by", jump.By)
		r.settle()
		if r.ClockJumped != nil {
			r.ClockJumped(jump)
		}
	}
	if !r.take(r.ctx) {
		return
	}
	defer r.leave()
	runs, err := r.Memory.Runs(r.ctx)
	if err != nil {
		r.Log.Error("read job memory", "error", err)
		return
	}
	for _, job := range r.jobs {
		if r.ctx.Err() != nil {
			return
		}
		if r.due(job, runs[job.Name], r.wall()) {
			_ = r.run(r.ctx, job.Job) // remembered and logged there
		}
	}
}

// due says whether a job runs now. What should have run before this start, was cut
// short by the end of the last one, or never ran, waits for the quiet minutes after
// the start to pass.
func (r *Runner) due(job scheduled, last Run, now time.Time) bool {
	rested := r.Elapsed() >= r.quiet
	switch {
	case last.Started.IsZero(), last.Started.After(now.Add(forward)):
		return rested
	case last.Started.Before(r.began) && last.Finished.Before(last.Started):
		return rested
	}
	next := job.when.Next(last.Started.In(r.zone))
	switch {
	case next.IsZero() || next.After(now):
		return false
	case next.Before(r.began):
		return rested
	}
	return true
}

// settle starts the quiet minutes: after the start, and after the clock jumped,
// which is also what waking from sleep looks like.
func (r *Runner) settle() {
	r.began = r.wall()
	r.quiet = r.Elapsed() + r.Delay + r.Jitter(r.Delay)
}

// run runs one job and remembers it. A start that cannot be remembered is not made:
// the job would start again every minute.
func (r *Runner) run(ctx context.Context, job Job) error {
	if err := r.Memory.Started(ctx, job.Name, r.wall()); err != nil {
		r.Log.Error("remember job start", "job", job.Name, "error", err)
		return fmt.Errorf("remember start of job %q: %w", job.Name, err)
	}
	failed := r.call(ctx, job)
	if failed != nil {
		r.Log.Error("job failed", "job", job.Name, "error", failed)
	}
	// The end is remembered also when the job was stopped, or it would count as cut short.
	remember, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := r.Memory.Finished(remember, job.Name, r.wall(), failed); err != nil {
		r.Log.Error("remember job end", "job", job.Name, "error", err)
	}
	return failed
}

// call runs the job with its own context and turns a panic into an error.
func (r *Runner) call(ctx context.Context, job Job) (err error) {
	ctx, cancel := context.WithTimeout(ctx, job.Timeout)
	defer cancel()
	defer func() {
		if cause := recover(); cause != nil {
			r.Log.Error("job panicked", "job", job.Name, "stack", string(debug.Stack()))
			err = fmt.Errorf("job %q panicked: %v", job.Name, cause)
		}
	}()
	return job.Run(ctx)
}

// wall reads the clock without Go's hidden monotonic reading, which would make
// differences blind to a clock that was set.
func (r *Runner) wall() time.Time { return r.Now().Round(0) }
