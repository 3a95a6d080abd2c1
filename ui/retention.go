package ui

import (
	"cmp"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/text"
	"simpul/ui/view"
)

// retention says what is deleted by the schedule, how far that has come on this PC, and what copies still hold.
func (r *request) retention() (*view.Retention, error) {
	done, next, err := r.server.Desk.Retained(r.ctx())
	if err != nil {
		return nil, err
	}
	s := r.server.Desk.Settings()
	keep := s.Retention()
	v := &view.Retention{Text: r.t("retention.text"), CanSet: r.may(library.ManageSettings), Backups: r.t("retention.backups", s.BackupKeep)}
	v.Rules = []view.Fact{
		{Name: r.t("retention.drafts"), Value: r.t("retention.days", keep.DraftDays)},
		{Name: r.t("retention.registrations"), Value: r.t("retention.days", keep.EndedDays)},
		{Name: r.t("retention.lines"), Value: r.t("retention.months", keep.VisitMonths)},
		{Name: r.t("retention.members"), Value: r.t("retention.years", keep.MemberYears)},
		{Name: r.t("retention.photos"), Value: r.t("retention.at_once")},
	}
	last := r.t("data.never")
	if !done.Ran.IsZero() {
		last = r.moment(done.Ran)
	}
	v.Done = []view.Fact{{Name: r.t("retention.last"), Value: last}, {Name: r.t("retention.next"), Value: r.nextRun(next)}}
	e, err := r.server.Desk.Exchange(r.ctx(), r.actor())
	if err != nil {
		return nil, err
	}
	if e.State != desk.ExchangeAlone {
		v.Text = r.t("retention.text.joined", cmp.Or(e.Centre, r.t("exchange.centre")))
	}
	for _, sum := range []struct {
		key string
		n   int
	}{{"registrations", done.All.Registrations}, {"lines", done.All.Lines}, {"members", done.All.Members}} {
		if sum.n > 0 {
			v.Done = append(v.Done, view.Fact{Name: r.t("retention.done." + sum.key), Value: text.Number(r.lang, int64(sum.n))})
		}
	}
	return v, nil
}

// nextRun is the day and hour of the next run; a PC that is off then runs it soon after it is switched on.
func (r *request) nextRun(at time.Time) string {
	if library.DateIn(at, r.server.Zone) == r.server.Desk.Today() {
		return r.t("retention.today", text.Time(r.lang, at))
	}
	return r.t("retention.tomorrow", text.Time(r.lang, at))
}
