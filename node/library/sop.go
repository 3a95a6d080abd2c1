package library

import (
	"slices"
	"time"
)

// Step is one of the six steps of SOP 188/OU/429.118/2025.
type Step uint8

// The six steps. Step 0 is none.
const (
	StepVisit        Step = iota + 1 // the visitor signs the register
	StepIdentity                     // identity shown, form explained
	StepForm                         // the form is filled in
	StepVerification                 // the data is compared with the document
	StepPhoto                        // photo, and the card is made
	StepHandover                     // the card is given to the member
)

// Steps lists the six steps in order.
func Steps() []Step {
	return []Step{StepVisit, StepIdentity, StepForm, StepVerification, StepPhoto, StepHandover}
}

// Valid says that s is 1 to 6.
func (s Step) Valid() bool { return s >= StepVisit && s <= StepHandover }

// Key returns the message key of the step's name, such as "step.form"; "" for no step.
func (s Step) Key() string {
	if !s.Valid() {
		return ""
	}
	return [...]string{"step.visit", "step.identity", "step.form", "step.verification", "step.photo", "step.handover"}[s-1]
}

// StepTimes is a duration for each step; step s stands at index s-1.
type StepTimes [6]time.Duration

// Of returns the duration of a step, 0 for no step.
func (t StepTimes) Of(s Step) time.Duration {
	if !s.Valid() {
		return 0
	}
	return t[s-1]
}

// Sum returns the whole time.
func (t StepTimes) Sum() time.Duration {
	var sum time.Duration
	for _, d := range t {
		sum += d
	}
	return sum
}

// Standard is the standard times of the SOP that hold from a day on.
type Standard struct {
	From   Date
	Times  StepTimes
	Source string // number of the SOP, printed under reports
}

// StandardList is all standards, in any order; settings add to it and never take away, so that old reports stay right.
type StandardList []Standard

// DefaultStandards returns the standard of the SOP in force since 13 January 2025: 2, 3, 5, 3, 5, 1 minutes.
func DefaultStandards() StandardList {
	const m = time.Minute
	return StandardList{{
		From: DateOf(2025, 1, 13), Times: StepTimes{2 * m, 3 * m, 5 * m, 3 * m, 5 * m, 1 * m}, Source: "188/OU/429.118/2025",
	}}
}

// At returns the standard that holds on a day. Before the first one (a PC whose clock stands in the past) the first holds.
func (l StandardList) At(day Date) Standard {
	if len(l) == 0 {
		l = DefaultStandards()
	}
	sorted := slices.SortedStableFunc(slices.Values(l), func(a, b Standard) int { return a.From.Compare(b.From) })
	holds := sorted[0]
	for _, s := range sorted {
		if s.From.Compare(day) <= 0 {
			holds = s
		}
	}
	return holds
}
