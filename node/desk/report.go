package desk

import (
	"context"
	"sync"

	"simpul/node/library"
	"simpul/node/report"
)

// Report counts a period, from what this PC holds. The caller must not change what it gets: others read it too.
func (d *Desk) Report(ctx context.Context, who Actor, period report.Period) (*report.Report, error) {
	if err := who.may(library.ReadReports); err != nil {
		return nil, err
	}
	s := d.Settings()
	r, err := d.counted.get(d.Board.Position(), counting{period, d.Today()}, func() (*report.Report, error) {
		return report.Make(ctx, d.Store, report.Input{Period: period, Today: d.Today(), Place: s.Name, Stops: s.Role.HasStops(),
			Ages: library.DefaultAgeGroups(), Standards: s.Standards})
	})
	return r, told(err)
}

// countedMost is how many reports are kept.
const countedMost = 8

// counted keeps the reports since the last commit, because the same one goes to the screen, into a spreadsheet and onto
// paper, and counting a hundred thousand members takes about a second.
type counted struct {
	mu      sync.Mutex
	at      uint64 // the commit after which they were counted, or an earlier one
	reports map[counting]*report.Report
}

type counting struct {
	period report.Period
	today  library.Date
}

// get returns the report as of a position of the board, counting it once. The position must have been read before.
func (c *counted) get(position uint64, what counting, count func() (*report.Report, error)) (*report.Report, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r := c.reports[what]; r != nil && c.at == position {
		return r, nil
	}
	r, err := count()
	if err != nil {
		return nil, err
	}
	if c.at != position || len(c.reports) >= countedMost || c.reports == nil {
		c.at, c.reports = position, map[counting]*report.Report{}
	}
	c.reports[what] = r
	return r, nil
}
