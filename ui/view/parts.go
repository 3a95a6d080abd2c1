package view

import "time"

// Clock is the time one step has taken against its standard. It runs on in the browser from the moment the page was made,
// so no screen needs the PC's clock to be right. Template parts "clock" (large) and "clock-row" (in a list).
type Clock struct {
	Elapsed  time.Duration
	Standard time.Duration // 0: measured, but without a standard
	Running  bool          // false while paused, and for what was filled at home
	Paused   string        // the reason, in words
}

// State is calm up to the standard and bad beyond it; amber from 80 %.
func (c Clock) State() State {
	switch {
	case c.Standard <= 0:
		return Quiet
	case c.Elapsed > c.Standard:
		return Bad
	case c.Elapsed > c.Standard*8/10:
		return Warn
	}
	return OK
}

// Seconds is the elapsed time in whole seconds.
func (c Clock) Seconds() int { return int(c.Elapsed / time.Second) }

// StandardSeconds is the standard in whole seconds.
func (c Clock) StandardSeconds() int { return int(c.Standard / time.Second) }

// StandardMinutes is the standard in whole minutes, as the procedure writes it.
func (c Clock) StandardMinutes() int { return int(c.Standard / time.Minute) }

// Fill is how much of the standard is used, 0 to 100 per cent.
func (c Clock) Fill() int {
	if c.Standard <= 0 {
		return 100
	}
	return int(min(100, max(0, c.Elapsed*100/c.Standard)))
}

// StepCount is the number of steps of the procedure.
const StepCount = 6

// Steps is the six-step bar of one registration: the same object on the desk, in the registration and in the reports.
// Template parts "steps" (with names) and "steps-row" (compact).
type Steps struct {
	Current int // 1 to 6; 7 when all are done
	Clock   Clock
	Links   [StepCount]string // optional: where to look at each step again
}

// Step is one segment of the bar.
type Step struct {
	N     int
	State State // OK done, Now current, Bad current and over its standard, Quiet to come
	Fill  int   // per cent
	Link  string
}

// List returns the six segments.
func (s Steps) List() []Step {
	list := make([]Step, StepCount)
	for i := range list {
		step := Step{N: i + 1, State: Quiet, Link: s.Links[i]}
		switch {
		case step.N < s.Current:
			step.State, step.Fill = OK, 100
		case step.N == s.Current:
			step.State, step.Fill = Now, s.Clock.Fill()
			if s.Clock.State() == Bad {
				step.State = Bad
			}
		}
		list[i] = step
	}
	return list
}

// Table is a list with headings, its rows, and a cursor to the next ones; never a list without a limit.
// Template part "table".
type Table struct {
	Caption string // what the table shows, for people who do not see it
	Columns []Column
	Rows    []Row
	Next    string // path with the cursor of the following rows; empty at the end
	Empty   Empty  // shown instead when there are no rows
}

// Column is one heading.
type Column struct {
	Text   string
	Number bool // aligned right with tabular figures
}

// Row is one line of a table.
type Row struct {
	ID    string // optional: id of the row, to find it again after a change
	Link  string // optional: where the first cell leads
	Cells []Cell
}

// Cell is one piece of a row.
type Cell struct {
	Text  string
	State State // when set, the text is drawn as a tag of that colour
}

// Empty is what stands where a list would be: it teaches the next step. Template part "empty".
type Empty struct {
	Title, Text string
	Link        Link
}

// Progress is long work: what it does, how far it is, and that it may be left. Template part "progress".
type Progress struct {
	Text  string
	Done  int
	Total int // 0 when not known
	Poll  string
}

// Photo is a portrait, 3:4. Template part "photo".
type Photo struct {
	Path string // empty: a silhouette is drawn
	Alt  string
}

// Fact is one name with its value, in a list of them. Template part "facts" takes []Fact.
type Fact struct {
	Name, Value string
	State       State
}
