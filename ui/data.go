package ui

import (
	"context"
	"slices"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/text"
	"simpul/ui/view"
)

// patience is how long the button waits for a backup; one that takes longer goes on and the page tells.
const patience = 4 * time.Second

// dataRoutes: where the data stands, and a backup at once.
func (s *server) dataRoutes() []route {
	return []route{
		get("/data", anyOfficer(), showData),
		post("/data/cadangkan", officerWho(library.Backup), backUp),
		poll("/data/cadangan", anyOfficer(), showCopying),
	}
}

func showData(r *request) error {
	s, err := r.server.Desk.State(r.ctx(), r.actor())
	if err != nil {
		return err
	}
	v := r.dataView(s)
	if v.Exchange, err = r.exchangeView(); err != nil {
		return err
	}
	if v.Alone = v.Alone && v.Exchange == nil; v.Exchange != nil && v.Verdict.State != view.OK {
		if v.Verdict, err = r.verdictOfCentre(); err != nil {
			return err
		}
	}
	if v.Notices, err = r.notices("/data/kabar/"); err != nil {
		return err
	}
	if v.Retention, err = r.retention(); err != nil {
		return err
	}
	return r.page("data", v)
}

func backUp(r *request) error {
	ctx, cancel := context.WithTimeout(r.ctx(), patience)
	defer cancel()
	if err := r.server.Desk.BackUp(ctx, r.actor()); err != nil {
		return err
	}
	s, err := r.server.Desk.State(r.ctx(), r.actor())
	if err != nil {
		return err
	}
	switch {
	case s.Copying:
		return r.done("/data", "done.backup_going")
	case slices.ContainsFunc(s.Copies, complete):
		return r.done("/data", "done.backup")
	}
	return r.done("/data", "done.backup_here")
}

// complete reports whether a copy outside the data directory holds everything.
func complete(c desk.BackupCopy) bool {
	return !c.Inside && !c.Absent && !c.At.IsZero() && c.Missing == 0
}

// showCopying answers the progress that asks again while a backup is made.
func showCopying(r *request) error {
	s, err := r.server.Desk.State(r.ctx(), r.actor())
	if err != nil {
		return err
	}
	if !s.Copying {
		return r.redirect("/data")
	}
	return r.part("data", "progress", r.copying())
}

func (r *request) copying() *view.Progress {
	return &view.Progress{Text: r.t("data.copying"), Poll: "/data/cadangan"}
}

func (r *request) dataView(s desk.State) *view.Data {
	v := &view.Data{Verdict: r.verdict(s), CanCopy: r.may(library.Backup), CanSet: r.may(library.ManageSettings), Failed: s.Failed && !s.Copying}
	v.Title = r.t("data.title")
	v.Alone = r.server.Desk.Settings().Role != library.NodeCentre
	v.CanJoin = r.may(library.ManageSettings)
	if s.Copying {
		v.Copying = r.copying()
	}
	number := func(n int64) string { return text.Number(r.lang, n) }
	v.Kept = []view.Fact{{Name: r.t("data.records"), Value: number(s.Records)}, {Name: r.t("data.members"), Value: number(s.Members)},
		{Name: r.t("data.photos"), Value: number(s.Photos)}, {Name: r.t("data.last"), Value: r.momentOrNever(s.Last)}}
	if s.Sealed > 0 {
		v.Kept = append(v.Kept, view.Fact{Name: r.t("data.sealed"), Value: number(s.Sealed)})
	}
	for _, c := range s.Copies {
		v.Places = append(v.Places, r.place(c))
	}
	v.Machine = []view.Fact{r.freeRoom(s), {Name: r.t("data.clock"), Value: r.t("data.clock_ok"), State: view.OK}}
	if s.ClockWrong {
		v.Machine[1] = view.Fact{Name: r.t("data.clock"), Value: r.t("data.clock_wrong"), State: view.Warn}
	}
	for i, b := range s.Beginnings {
		key := "data.history.restored"
		if i == 0 {
			key = "data.history.first"
		}
		v.Histories = append(v.Histories, r.t(key, r.moment(b.At)))
	}
	if len(v.Histories) < 2 {
		v.Histories = nil // nothing happened that an officer need know
	}
	return v
}

// verdict answers whether this PC could be replaced now, and if not, the first thing to do about it.
func (r *request) verdict(s desk.State) view.Verdict {
	v := view.Verdict{State: view.Warn, Question: r.t("data.replace"), Answer: r.t("data.no")}
	say := func(why, todo string, args ...any) view.Verdict {
		v.Explanation, v.Todo = r.t("data.why."+why, args...), r.t("data.todo."+todo)
		return v
	}
	if s.Safe() {
		v.State, v.Answer = view.OK, r.t("data.yes")
		return say("yes", "yes")
	}
	if s.Sealed > 0 {
		return say("sealed", "signin", text.Number(r.lang, s.Sealed))
	}
	why, todo, c := outside(s.Copies)
	return say(why, todo, text.Number(r.lang, c.Missing))
}

// outside is what is to be said of the copy that lies somewhere else, and to be done about it.
func outside(list []desk.BackupCopy) (why, todo string, c desk.BackupCopy) {
	for _, c := range list {
		switch {
		case c.Inside:
			continue
		case c.Absent:
			return "absent", "plug", c
		case c.Near:
			return "near", "place", c
		case c.At.IsZero():
			return "none", "copy", c
		case c.Missing < 0:
			return "unreadable", "copy", c
		}
		return "behind", "copy", c
	}
	return "none", "place", c
}

// verdictOfCentre is the verdict on a PC that sends to a centre: then the receipts count, and a copy on a stick counts as well.
func (r *request) verdictOfCentre() (view.Verdict, error) {
	why, todo, n, ok, err := r.exchangeVerdict()
	v := view.Verdict{State: view.Warn, Question: r.t("data.replace"), Answer: r.t("data.no"), Explanation: r.t("data.why."+why, text.Number(r.lang, n)), Todo: r.t("data.todo." + todo)}
	if ok {
		v.State, v.Answer = view.OK, r.t("data.yes")
	}
	return v, err
}

func (r *request) place(c desk.BackupCopy) view.Place {
	p := view.Place{Title: r.t("data.elsewhere"), Folder: c.Folder, When: r.t("data.never"), Text: r.t("data.none"), State: view.Warn}
	switch {
	case c.Inside:
		p.Title = r.t("data.here")
	case c.Near:
		p.Title = r.t("data.near")
	}
	if !c.At.IsZero() {
		p.When = r.moment(c.At)
	}
	switch {
	case c.Absent:
		p.When, p.Text = r.t("data.unknown"), r.t("data.absent")
	case c.At.IsZero():
	case c.Missing < 0:
		p.Text, p.State = r.t("data.unreadable"), view.Bad
	case c.Missing > 0:
		p.Text = r.t("data.missing", text.Number(r.lang, c.Missing))
	default:
		p.Text, p.State = r.t("data.full"), view.OK
	}
	return p
}

func (r *request) freeRoom(s desk.State) view.Fact {
	f := view.Fact{Name: r.t("data.free"), Value: r.t("data.unmeasured")}
	switch {
	case s.Free >= 1<<30:
		f.Value = r.t("data.gigabytes", text.Number(r.lang, s.Free>>30))
	case s.Free > 0:
		f.Value = r.t("data.megabytes", text.Number(r.lang, s.Free>>20))
	}
	switch {
	case s.DiskFull:
		f.State = view.Bad
	case s.DiskLow:
		f.State = view.Warn
	}
	return f
}

// momentOrNever is when something happened last, in words when it never did.
func (r *request) momentOrNever(at time.Time) string {
	if at.IsZero() {
		return r.t("data.never")
	}
	return r.moment(at)
}
