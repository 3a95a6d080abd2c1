package desk

import (
	"context"

	"simpul/node/library"
	"simpul/node/report"
)

// Report counts a period, from what this PC holds.
func (d *Desk) Report(ctx context.Context, who Actor, period report.Period) (*report.Report, error) {
	if err := who.may(library.ReadReports); err != nil {
		return nil, err
	}
	s := d.Settings()
	r, err := report.Make(ctx, d.Store, report.Input{Period: period, Today: d.Today(), Place: s.Name, Stops: s.Role.HasStops(),
		Ages: library.DefaultAgeGroups(), Standards: s.Standards})
	return r, told(err)
}
