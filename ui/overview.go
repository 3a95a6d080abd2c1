package ui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"simpul/node/library"
	"simpul/node/office"
	"simpul/ui/text"
	"simpul/ui/view"
)

// What makes a PC stand out in the list. A van is out of reach for days and nobody need worry.
const (
	quietAfter  = 2 * time.Hour
	silentAfter = 3 * 24 * time.Hour
	wrongClock  = 5 * time.Minute
	lagMatters  = 24 * time.Hour
	littleRoom  = 1 << 30
)

// overviewRoutes are the first page of the centre.
func (s *server) overviewRoutes() []route {
	return []route{
		get("/ikhtisar", officerWho(library.ReadReports), showOverview),
		poll("/ikhtisar/keadaan", officerWho(library.ReadReports), showOverviewNow),
	}
}

func showOverview(r *request) error {
	v, err := r.overviewView()
	if err != nil {
		return err
	}
	return r.page("overview", v)
}

// showOverviewNow answers the part that asks again: nothing while nothing changed.
func showOverviewNow(r *request) error {
	v, err := r.overviewView()
	if err != nil {
		return err
	}
	if strings.HasSuffix(v.Nodes.Poll, "?v="+r.Query("v")) {
		return r.unchanged()
	}
	return r.part("overview", "overview-now", v)
}

func (r *request) overviewView() (*view.Overview, error) {
	o, err := r.office()
	if err != nil {
		return nil, err
	}
	list, err := o.Nodes(r.ctx(), r.actor())
	if err != nil {
		return nil, err
	}
	v := &view.Overview{Nodes: r.nodeTable(list)}
	v.Title = r.t("overview.title")
	if v.Notes, err = r.kitNotKept(o); err != nil {
		return nil, err
	}
	if r.may(library.Register) && r.server.Desk.Settings().PublicURL != "" {
		v.FromHome = view.Link{Path: fromHomePath, Text: r.t("fromhome.title")}
	}
	now, odd, waiting := 0, 0, 0
	for _, pc := range list {
		if pc.Revoked() {
			continue
		}
		now, waiting = now+1, waiting+pc.Waiting
		if states := r.nodeStates(pc); states[0].State != view.OK {
			odd++
		}
	}
	if now == 0 {
		v.Sub = r.t("centre.none")
		v.Nodes.Poll = "/ikhtisar/keadaan?v=" + mark(v.Notes, r.lang)
		return v, nil
	}
	v.Sub = r.t("overview.sub", now, r.t("overview.all_well"))
	if odd > 0 {
		v.Sub = r.t("overview.sub", now, r.t("overview.some", odd))
	}
	all, err := o.Totals(r.ctx(), r.actor())
	if err != nil {
		return nil, err
	}
	v.Figures = []view.Figure{
		{Text: r.t("overview.members"), Value: r.number(all.Members), Note: r.t("overview.members.note"), Strong: true},
		{Text: r.t("overview.visits"), Value: r.number(all.Visits), Note: r.t("overview.visits.note", r.number(all.People))},
		{Text: r.t("overview.waiting"), Value: r.number(waiting), Note: r.t("overview.waiting.note")},
	}
	if r.may(library.Decide) {
		v.Figures = append(v.Figures, view.Figure{Text: r.t("overview.decide"), Value: r.number(r.toDecide()), Note: r.t("overview.decide.note")})
	}
	v.Notes = append(v.Notes, r.unsafeAtCentre()...)
	v.Nodes.Poll = "/ikhtisar/keadaan?v=" + mark(v.Nodes.Rows, v.Figures, v.Notes, r.lang)
	return v, nil
}

// unsafeAtCentre says why no record becomes safe any more, and what to do; nothing while copies are made as they should be.
func (r *request) unsafeAtCentre() []view.Note {
	why, todo, c := outside(r.server.Desk.Copies())
	if why == "behind" && r.now().Sub(c.At) < lagMatters {
		return nil
	}
	return []view.Note{{Title: r.t("overview.backup"), Link: view.Link{Path: "/data", Text: r.t("overview.backup.open")},
		Text: strings.Join([]string{r.t("data.why."+why, text.Number(r.lang, c.Missing)), r.t("overview.backup.means"), r.t("data.todo." + todo)}, " ")}}
}

// kitNotKept asks who may have it to take the recovery kit away from this PC.
func (r *request) kitNotKept(o *office.Office) ([]view.Note, error) {
	if !r.may(library.ManageNodes) {
		return nil, nil
	}
	kept, err := o.KitKept(r.ctx())
	if err != nil || kept {
		return nil, err
	}
	return []view.Note{{Title: r.t("overview.kit"), Text: r.t("overview.kit.text"), Link: view.Link{Path: "/cabang/paket", Text: r.t("overview.kit.open")}}}, nil
}

// toDecide is how much waits for a person; the bar on every page says the same.
func (r *request) toDecide() int {
	if r.server.Frame == nil {
		return 0
	}
	return r.server.Frame(r.ctx()).Waiting
}

// nodeTables are the PCs that send, and those that were revoked.
func (r *request) nodeTables(o *office.Office) (now view.NodeTable, gone view.Table, err error) {
	list, err := o.Nodes(r.ctx(), r.actor())
	if err != nil {
		return now, gone, err
	}
	gone = view.Table{Caption: r.t("branches.gone"), Columns: []view.Column{{Text: r.t("centre.node")}, {Text: r.t("branches.gone.when")}, {Text: r.t("branches.gone.why")}}}
	for _, pc := range list {
		if pc.Revoked() {
			gone.Rows = append(gone.Rows, view.Row{Link: branchPath(pc), Cells: []view.Cell{{Text: pc.Name + " · " + nnn(pc)}, {Text: text.Date(pc.RevokedAt)}, {Text: r.t("branch.reason." + pc.Reason)}}})
		}
	}
	return r.nodeTable(list), gone, nil
}

// nodeTable lists the PCs that are in, those that ask for a look first.
func (r *request) nodeTable(list []office.PC) view.NodeTable {
	t := view.NodeTable{Empty: view.Empty{Title: r.t("centre.none"), Text: r.t("centre.none.text")}}
	if r.may(library.ManageNodes) && r.Path() != "/cabang" {
		t.Empty.Link = view.Link{Path: "/cabang", Text: r.t("centre.none.do")}
	}
	for _, pc := range list {
		if pc.Revoked() {
			continue
		}
		row := view.NodeRow{Path: branchPath(pc), Name: pc.Name, Note: r.t("centre.note", r.t("node."+string(pc.Role)), nnn(pc)), Contact: r.ago(pc.Contact),
			Waiting: r.waitingThere(pc), Members: r.number(pc.Members), Visits: r.number(pc.Visits), Free: r.room(pc.Free), States: r.nodeStates(pc)}
		if pc.Program != "" {
			row.Version = r.t("centre.version", pc.Program)
		}
		if lag := pc.Lag(r.now()); lag > lagMatters {
			row.Lag = r.t("centre.lag", r.about(lag))
		}
		row.Clock = r.clockThere(pc)
		t.Rows = append(t.Rows, row)
	}
	return t
}

func branchPath(pc office.PC) string { return "/cabang/" + pc.ID.String() }

func nnn(pc office.PC) string { return fmt.Sprintf("%03d", pc.Code) }

// waitingThere is what a PC said it had not sent.
func (r *request) waitingThere(pc office.PC) string {
	switch {
	case pc.Said.IsZero():
		return r.t("centre.unknown")
	case pc.Waiting > 0 && pc.Photos > 0:
		return r.t("centre.records_photos", r.number(pc.Waiting), r.number(pc.Photos))
	case pc.Waiting > 0:
		return r.t("centre.records", r.number(pc.Waiting))
	case pc.Photos > 0:
		return r.t("centre.photos", r.number(pc.Photos))
	}
	return r.t("centre.nothing_waits")
}

// clockThere is how wrong a PC's clock is; nothing while that does not matter.
func (r *request) clockThere(pc office.PC) string {
	switch {
	case pc.Offset > wrongClock:
		return r.t("centre.clock.behind", r.about(pc.Offset))
	case pc.Offset < -wrongClock:
		return r.t("centre.clock.ahead", r.about(pc.Offset))
	}
	return ""
}

// forked reports whether a PC's data ran on two computers.
func forked(pc office.PC) bool {
	return slices.ContainsFunc(pc.Streams, func(s office.Stream) bool { return s.Fork || s.Reason == "forked" || s.Reason == "copied" })
}

// nodeStates are what is to be seen at a glance, the gravest first; one word when all is well.
func (r *request) nodeStates(pc office.PC) []view.Cell {
	var out []view.Cell
	say := func(when bool, state view.State, key string, args ...any) {
		if when {
			out = append(out, view.Cell{Text: r.t("centre."+key, args...), State: state})
		}
	}
	silent := r.now().Sub(pc.Contact)
	say(pc.Revoked(), view.Bad, "revoked")
	say(!pc.Copied.IsZero() && !pc.Revoked(), view.Bad, "foreign")
	say(forked(pc), view.Bad, "forked")
	say(pc.Aside > 0, view.Warn, "aside", pc.Aside)
	say(pc.Free > 0 && pc.Free < littleRoom, view.Warn, "disk")
	say(pc.Offset.Abs() > wrongClock, view.Warn, "clock_state")
	switch {
	case pc.Revoked():
	case pc.Contact.IsZero():
		say(true, view.Info, "new")
	case silent >= silentAfter:
		say(true, view.Warn, "silent", int(silent/(24*time.Hour)))
	case silent >= quietAfter:
		say(true, view.Info, "silent_since", r.when(pc.Contact))
	}
	if len(out) == 0 {
		say(true, view.OK, "ok")
	}
	return out
}
