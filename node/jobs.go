package node

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"simpul/node/desk"
	"simpul/node/jobs"
)

// built is a time before which no PC's clock can be right.
var built = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// newJobs is the list of what is due, with memory of what ran.
func (n *Node) newJobs() (*jobs.Runner, error) {
	r, err := jobs.New(jobs.Options{
		Memory: n.Store, Now: n.Now, Elapsed: n.mono, Log: n.Log, Delay: 3 * time.Minute,
		Jitter:      func(limit time.Duration) time.Duration { return rand.N(max(limit, 1)) },
		ClockJumped: func(j jobs.Jump) { n.clockJumped(j.By) },
		Jobs: []jobs.Job{
			{Name: desk.BackupJob, Schedule: "15 12 * * *", Timeout: 30 * time.Minute, Run: n.Desk.CopyData},
			{Name: "checkpoint", Schedule: "40 * * * *", Timeout: 5 * time.Minute, Run: n.Store.Checkpoint},
			{Name: "expiry", Schedule: "30 9 * * *", Timeout: 5 * time.Minute, Run: n.expire},
			{Name: desk.RetainJob, Schedule: retainSchedule(), Timeout: 30 * time.Minute, Run: n.retain},
			{Name: "visits", Schedule: "10 11 * * *", Timeout: 5 * time.Minute, Run: n.Desk.ResolveOpen},
			{Name: "integrity", Schedule: "45 13 * * 5", Timeout: 30 * time.Minute, Run: n.Store.Integrity},
			{Name: "reseal", Schedule: "25 * * * *", Timeout: time.Hour, Run: n.Desk.Reseal},
			{Name: "clock", Schedule: "* * * * *", Timeout: time.Minute, Run: func(context.Context) error { return n.Desk.CheckClock(built, 0) }},
			{Name: desk.SyncJob, Schedule: "* * * * *", Timeout: time.Minute, Run: n.kickSync},
			{Name: "copies", Schedule: "*/10 * * * *", Timeout: time.Minute, Run: n.Desk.LookAtCopies},
			{Name: "disk", Schedule: "*/5 * * * *", Timeout: time.Minute, Run: n.checkDisk},
		},
	})
	if err != nil {
		return nil, fmt.Errorf("node: %w", err)
	}
	return r, nil
}

func (n *Node) clockJumped(by time.Duration) {
	if err := n.Desk.CheckClock(built, by); err != nil {
		n.Log.Error("check the clock", "err", err)
	}
}

// retainSchedule is desk.RetainAt for cron.
func retainSchedule() string {
	return fmt.Sprintf("%d %d * * *", int(desk.RetainAt.Minutes())%60, int(desk.RetainAt.Hours()))
}

// retain carries out the retention of records: a centre's for its district.
func (n *Node) retain(ctx context.Context) error {
	if n.Office.Centre() {
		return n.Office.Retain(ctx)
	}
	return n.Desk.Retain(ctx)
}

// expire carries out the retention of what is no record: it waits while the
// clock is not to be believed, because it deletes.
func (n *Node) expire(ctx context.Context) error {
	if clock, _ := n.Board.Clock(); clock.Suspect || !n.Desk.Ready() {
		return nil
	}
	if err := n.Desk.Expire(ctx); err != nil {
		return err
	}
	if !n.Desk.Open() {
		return nil
	}
	_, err := n.Desk.Lapse(ctx)
	return err
}
