package library

import "time"

// Clock adds up how long each step of one registration took, from marks with instants that the caller gives. It is a value:
// each mark returns the next clock. A stretch that crosses midnight in Banyuwangi, or in which the PC's clock went back,
// counts nothing and makes the clock Untimed, so that reports can show such a registration apart.
type Clock struct {
	Spent   StepTimes
	Step    Step      // the step being worked on; 0 = none
	Since   time.Time // when the present stretch began; meaningless while paused or in no step
	Paused  bool
	Untimed bool
}

// Enter ends the step before, if any, and starts or takes up a step. Entering the same step again changes nothing.
func (c Clock) Enter(step Step, at time.Time) Clock {
	if step == c.Step && step.Valid() {
		return c
	}
	c = c.Leave(at)
	if step.Valid() {
		c.Step, c.Since = step, at
	}
	return c
}

// Leave ends the step, and a pause with it.
func (c Clock) Leave(at time.Time) Clock {
	c = c.settle(at)
	c.Step, c.Since, c.Paused = 0, time.Time{}, false
	return c
}

// Pause stops the clock within a step. Pausing twice changes nothing.
func (c Clock) Pause(at time.Time) Clock {
	if !c.running() {
		return c
	}
	c = c.settle(at)
	c.Paused = true
	return c
}

// Resume goes on after a pause; without one it changes nothing.
func (c Clock) Resume(at time.Time) Clock {
	if c.Step.Valid() && c.Paused {
		c.Paused, c.Since = false, at
	}
	return c
}

// Elapsed returns the time spent in a step up to now.
func (c Clock) Elapsed(step Step, now time.Time) time.Duration { return c.settle(now).Spent.Of(step) }

// Total returns the time spent in all steps up to now.
func (c Clock) Total(now time.Time) time.Duration { return c.settle(now).Spent.Sum() }

func (c Clock) running() bool { return c.Step.Valid() && !c.Paused }

// settle books the running stretch and begins a new one at that instant.
func (c Clock) settle(at time.Time) Clock {
	if !c.running() {
		return c
	}
	if at.Before(c.Since) || DateIn(at, WIB()) != DateIn(c.Since, WIB()) {
		c.Untimed = true
	} else {
		c.Spent[c.Step-1] += at.Sub(c.Since)
	}
	c.Since = at
	return c
}
