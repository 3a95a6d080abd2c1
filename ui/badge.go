package ui

import (
	"slices"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/text"
	"simpul/ui/view"
)

// Facts are what the node measures of itself; badge and banners say them in the
// reader's language.
type Facts struct {
	Exchange   desk.Exchange // with the centre
	Notices    []string      // kinds of what happened to the data and nobody has read
	Nodes      int           // at the centre: PCs that send
	Complete   int           // of them, that had sent everything when they were last heard, not long ago
	Backup     time.Time     // last verified backup; zero: never
	ClockWrong bool
	DiskLow    bool
	DiskFull   bool

	CertificateEnds time.Time // the library's own TLS certificate, once that is near or over; zero otherwise
}

// badge says where the data stands: only what is so.
func (r *request) badge(f Facts) view.Badge {
	e := f.Exchange
	say := func(state view.State, key string, args ...any) view.Badge {
		return view.Badge{Text: r.t("badge."+key, args...), State: state}
	}
	waits := e.Waiting > 0
	switch {
	case f.DiskFull:
		return say(view.Bad, "disk_full")
	case e.State == desk.ExchangeAlone && f.Backup.IsZero():
		return say(view.Quiet, "here")
	case e.State == desk.ExchangeAlone:
		return say(view.OK, "here_backup", r.when(f.Backup))
	case e.State == desk.ExchangeRevoked:
		return say(view.Bad, "revoked")
	case e.State == desk.ExchangeCopied, e.State == desk.ExchangeUnknown:
		return say(view.Bad, "attention")
	case e.State == desk.ExchangePaused && waits:
		return say(view.Warn, "paused", r.number(e.Waiting))
	case e.State == desk.ExchangePaused:
		return say(view.Warn, "paused_none")
	case e.State == desk.ExchangeByStick && waits:
		return say(view.Warn, "stick", r.number(e.Waiting))
	case e.State == desk.ExchangeByStick:
		return say(view.OK, "stick_none")
	case e.Sending && waits:
		return say(view.Info, "sending", r.number(e.Waiting))
	case failing(e) == "budget" && waits:
		return say(view.Warn, "budget", r.number(e.Waiting))
	case failing(e) == "budget":
		return say(view.Warn, "budget_none")
	case failing(e) == "disk": // of this PC; the measure may not have seen it
		return say(view.Bad, "disk_full")
	case failing(e) == "stalled" && waits:
		return say(view.Warn, "stalled", r.number(e.Waiting))
	case failing(e) == "stalled":
		return say(view.Warn, "stalled_none")
	case failing(e) == "stranger" && waits:
		return say(view.Warn, "stranger", r.number(e.Waiting))
	case failing(e) == "stranger":
		return say(view.Warn, "stranger_none")
	case refused(e) && waits:
		return say(view.Warn, "refused", r.number(e.Waiting))
	case refused(e):
		return say(view.Warn, "refused_none")
	case e.State == desk.ExchangeWaiting && waits && !e.Succeeded.IsZero() && !e.Tried.IsZero():
		return say(view.Warn, "offline", r.when(e.Succeeded), r.number(e.Waiting))
	case e.State == desk.ExchangeWaiting && !e.Succeeded.IsZero():
		return say(view.Warn, "offline_none", r.when(e.Succeeded))
	case waits && e.Succeeded.IsZero():
		return say(view.Warn, "waiting", r.number(e.Waiting))
	case waits:
		return say(view.Warn, "waiting_since", r.number(e.Waiting), r.when(e.Succeeded))
	case e.Succeeded.IsZero():
		return say(view.Info, "joined")
	case e.Photos > 0:
		return say(view.Info, "photos", r.number(e.Photos))
	}
	return say(view.OK, "sent", r.when(e.Succeeded))
}

// badgeOfCentre says how many PCs have sent everything, as far as the centre can know.
func (r *request) badgeOfCentre(f Facts) view.Badge {
	b := view.Badge{Text: r.t("badge.centre", r.number(f.Complete), r.number(f.Nodes)), State: view.OK, Path: "/ikhtisar"}
	switch {
	case f.DiskFull:
		return r.badge(f)
	case f.Nodes == 0:
		b.Text, b.State = r.t("badge.centre_none"), view.Quiet
	case f.Complete < f.Nodes:
		b.State = view.Warn
	}
	return b
}

// banners stay until their cause is gone.
func (r *request) banners(f Facts) []view.Banner {
	var out []view.Banner
	if f.ClockWrong {
		out = append(out, view.Banner{State: view.Warn, Text: r.t("banner.clock", text.Date(r.now().In(r.server.Zone))+" "+text.Time(r.lang, r.now().In(r.server.Zone)))})
	}
	if len(f.Notices) > 0 && r.signedIn() {
		gravest := slices.MinFunc(f.Notices, func(a, b string) int { return gravity(noticeState(a)) - gravity(noticeState(b)) })
		title := r.t(r.noticeKey(gravest))
		if own := "banner." + gravest; r.server.words.Has(own) { // about a PC: the page that it leads to says which
			title = r.t(own)
		}
		out = append(out, view.Banner{State: noticeState(gravest), Text: r.t("banner.notice", title), Link: view.Link{Path: r.noticePath(), Text: r.t("banner.notice.link")}})
	}
	if ends := f.CertificateEnds; !ends.IsZero() && r.may(library.ManageSettings) {
		b := view.Banner{State: view.Warn, Text: r.t("banner.certificate", text.Date(ends.In(r.server.Zone))), Link: view.Link{Path: "/pengaturan/jaringan#tls-title", Text: r.t("banner.certificate.link")}}
		if r.now().After(ends) {
			b.State, b.Text = view.Bad, r.t("banner.certificate_over", text.Date(ends.In(r.server.Zone)))
		}
		out = append(out, b)
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

// noticePath is where what happened can be read.
func (r *request) noticePath() string {
	if _, err := r.office(); err == nil && r.may(library.Decide) {
		return "/putusan"
	}
	return "/data"
}
