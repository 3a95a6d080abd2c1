package store

import (
	"time"

	"simpul/node/library"
	"simpul/sync/merge"
)

// Clock replays a registration's marks on the SOP's clocks, up to the last
// mark. Between marks of one boot the monotonic reading counts, so a PC whose
// clock is set while a visitor is being served measures rightly; across boots
// only the wall readings are left, and a step backwards counts as nothing.
//
// Step 1 runs from the visit, when there was one, to the opening.
func Clock(p *merge.Person) library.Clock {
	c, _ := replay(p)
	return c
}

// ClockAt is the clock at an instant of this boot, for a screen that shows it
// running: from the last mark on, mono counts if it is of the same boot.
func (s *Store) ClockAt(p *merge.Person) (clock library.Clock, now time.Time) {
	c, last := replay(p)
	if len(p.Marks) == 0 {
		return c, last
	}
	m := p.Marks[len(p.Marks)-1]
	return c, last.Add(s.since(m))
}

func (s *Store) since(m merge.Mark) time.Duration {
	if m.Boot == s.opt.Boot {
		return max(0, s.opt.Mono()-time.Duration(m.Mono)*time.Millisecond)
	}
	return max(0, s.opt.Now().Sub(time.UnixMilli(m.Wall)))
}

// replay returns the clock and the instant of the last mark on a line that
// starts at the opening.
func replay(p *merge.Person) (library.Clock, time.Time) {
	var c library.Clock
	if len(p.Marks) == 0 {
		return c, time.Time{}
	}
	at := time.UnixMilli(p.Marks[0].Wall)
	if arrived := p.Opened.Value.Arrived; arrived > 0 {
		start := time.UnixMilli(arrived)
		if start.After(at) || at.Sub(start) > 12*time.Hour {
			start = at
		}
		c = c.Enter(library.StepVisit, start)
	}
	for i, m := range p.Marks {
		if i > 0 {
			at = at.Add(between(p.Marks[i-1], m))
		}
		switch {
		case m.What == merge.MarkPaused:
			c = c.Pause(at)
		case m.What == merge.MarkResumed:
			c = c.Resume(at)
		case merge.Stage(m.What).Step() > 0:
			c = c.Enter(library.Step(merge.Stage(m.What).Step()), at)
		default:
			c = c.Leave(at)
		}
	}
	return c, at
}

func between(a, b merge.Mark) time.Duration {
	if a.Boot == b.Boot {
		return time.Duration(max(0, b.Mono-a.Mono)) * time.Millisecond
	}
	return time.Duration(max(0, b.Wall-a.Wall)) * time.Millisecond
}

// timed reports whether the SOP's clocks count for a registration: not for class
// mode, late entries or forms filled at home, and not when it lay overnight.
func (s *Store) timed(p *merge.Person) bool {
	if p.Opened.Value.Untimed || len(p.Marks) == 0 {
		return false
	}
	first := s.Day(p.Marks[0].Wall)
	for _, m := range p.Marks {
		if merge.Stage(m.What) == merge.StageDone {
			break // handing over later does not spoil the measured steps before it
		}
		if s.Day(m.Wall) != first {
			return false
		}
	}
	return true
}

// Day is the day, in days since 1970, on which an instant falls in the zone of
// the library.
func (s *Store) Day(ms int64) int64 { return DayIn(time.UnixMilli(ms), s.opt.Zone) }

// DayIn is the civil day of an instant in a zone, in days since 1970.
func DayIn(t time.Time, zone *time.Location) int64 {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400
}

// dayBounds are the first instant of a day and of the next, in ms.
func (s *Store) dayBounds(day int64) (from, to int64) {
	y, m, d := time.Unix(day*86400, 0).UTC().Date()
	start := time.Date(y, m, d, 0, 0, 0, 0, s.opt.Zone)
	return start.UnixMilli(), start.AddDate(0, 0, 1).UnixMilli()
}
