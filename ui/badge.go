package ui

import (
	"time"

	"simpul/ui/text"
	"simpul/ui/view"
)

// Facts are what the node measures of itself; badge and banners say them in the
// reader's language.
type Facts struct {
	Joined     bool      // enrolled at a centre
	Unsent     int       // records that the centre has not received
	LastSent   time.Time // zero: never
	Backup     time.Time // last verified backup; zero: never
	ClockWrong bool
	DiskLow    bool
	DiskFull   bool
}

// badge says where the data stands: only what is so.
func (r *request) badge(f Facts) view.Badge {
	switch {
	case f.DiskFull:
		return view.Badge{Text: r.t("badge.disk_full"), State: view.Bad}
	case !f.Joined && f.Backup.IsZero():
		return view.Badge{Text: r.t("badge.here"), State: view.Quiet}
	case !f.Joined:
		return view.Badge{Text: r.t("badge.here_backup", r.when(f.Backup)), State: view.OK}
	case f.Unsent > 0 && f.LastSent.IsZero():
		return view.Badge{Text: r.t("badge.waiting", f.Unsent), State: view.Warn}
	case f.Unsent > 0:
		return view.Badge{Text: r.t("badge.waiting_since", f.Unsent, r.when(f.LastSent)), State: view.Warn}
	}
	return view.Badge{Text: r.t("badge.sent", r.when(f.LastSent)), State: view.OK}
}

// banners stay until their cause is gone.
func (r *request) banners(f Facts) []view.Banner {
	var out []view.Banner
	if f.ClockWrong {
		out = append(out, view.Banner{State: view.Warn, Text: r.t("banner.clock", text.Date(r.now().In(r.server.Zone))+" "+text.Time(r.lang, r.now().In(r.server.Zone)))})
	}
	switch {
	case f.DiskFull:
		out = append(out, view.Banner{State: view.Bad, Text: r.t("banner.disk_full")})
	case f.DiskLow:
		out = append(out, view.Banner{State: view.Warn, Text: r.t("banner.disk_low")})
	}
	return out
}

// when is a time of today, or the date of another day.
func (r *request) when(at time.Time) string {
	at, now := at.In(r.server.Zone), r.now().In(r.server.Zone)
	if at.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return text.Time(r.lang, at)
	}
	return text.Date(at)
}
