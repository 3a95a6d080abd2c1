package ui

import (
	"bytes"
	"net/url"
	"strings"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/text"
	"simpul/ui/view"
)

// visitRows is how many lines of a day stand on one page.
const visitRows = 50

// visitRoutes: the visit register as officers see it.
func (s *server) visitRoutes() []route {
	visits, correct := officerWho(library.RecordVisit), officerWho(library.Correct)
	return []route{
		get("/kunjungan/hari", visits, showVisitDay),
		get("/kunjungan/cetak", visits, printVisitDay),
		get("/kunjungan/belum", visits, showOpenVisits),
		get("/kunjungan/catat", visits, showRecordVisit),
		post("/kunjungan/catat", visits, recordVisit),
		post("/kunjungan/titik", visits, setStop),
		get("/kunjungan/baris/:id", visits, showVisit),
		post("/kunjungan/baris/:id/betulkan", correct, correctVisit),
		post("/kunjungan/baris/:id/batal", correct, voidVisit),
		post("/kunjungan/baris/:id/cari", correct, findVisitor),
		post("/kunjungan/baris/:id/milik", correct, resolveVisit),
	}
}

// dayAsked is the day in the address, today without one. A day written into the three boxes comes first.
func (r *request) dayAsked() (library.Date, bool) {
	if y := r.Query("date_y"); y != "" || r.Query("date_d") != "" {
		day, err := library.ParseDate(r.Query("date_d") + " " + r.Query("date_m") + " " + y)
		return day, err == nil
	}
	if asked := r.Query("hari"); asked != "" {
		day, err := library.ParseDate(asked)
		return day, err == nil
	}
	return r.server.Desk.Today(), true
}

func showVisitDay(r *request) error {
	day, readable := r.dayAsked()
	v := &view.VisitDay{}
	v.Title = r.t("visits.title")
	v.Pick = view.DateField{Name: "date", Label: r.t("visits.other_day")}
	if !readable {
		day = r.server.Desk.Today()
		v.Pick.Day, v.Pick.Month, v.Pick.Year = r.Query("date_d"), r.Query("date_m"), r.Query("date_y")
		v.Problems = view.Problems{{Field: "date", Text: r.t(library.KeyDateUnreadable)}}
		v.Pick = v.Pick.With(v.Problems)
	}
	kind, stop := r.Query("jenis"), r.Query("titik")
	cursor, _ := library.ParseID(r.Query("setelah"))
	list, next, err := r.server.Desk.VisitsOn(r.ctx(), r.actor(), desk.VisitPage{Day: day, Kind: kind, Stop: stop, Cursor: cursor, Limit: visitRows})
	if err != nil {
		return err
	}
	sums, err := r.server.Desk.SumsOn(r.ctx(), r.actor(), day, stop)
	if err != nil {
		return err
	}
	open, err := r.server.Desk.OpenVisits(r.ctx(), r.actor(), 100)
	if err != nil {
		return err
	}
	v.Day, v.Lines, v.People, v.Open = r.dayTime(day), sums.Visits, sums.People, len(open)
	v.Table = r.visitTable(list)
	v.Table.Empty = view.Empty{Title: r.t("visits.empty"), Text: r.t("visits.empty.text")}
	if !next.IsZero() {
		v.Table.Next = visitDayPath(day, kind, stop) + "&setelah=" + next.String()
	}
	v.Print = "/kunjungan/cetak?hari=" + day.ISO() + "&titik=" + url.QueryEscape(stop)
	r.visitTabs(v, day, kind, stop, sums)
	r.visitCharts(v, sums)
	r.stopNow(v)
	return r.page("visits", v)
}

func visitDayPath(day library.Date, kind, stop string) string {
	return "/kunjungan/hari?" + url.Values{"hari": {day.ISO()}, "jenis": {kind}, "titik": {stop}}.Encode()
}

// visitTabs are the ways to other days, kinds and stops.
func (r *request) visitTabs(v *view.VisitDay, day library.Date, kind, stop string, sums desk.VisitSums) {
	today := r.server.Desk.Today()
	tab := func(path, words string, here bool) view.Tab {
		return view.Tab{Link: view.Link{Path: path, Text: words}, Current: here}
	}
	v.Days = []view.Tab{tab(visitDayPath(day.AddDays(-1), kind, stop), day.AddDays(-1).String(), false)}
	v.Days = append(v.Days, tab(visitDayPath(day, kind, stop), r.dayWord(day), true))
	if day.Compare(today) < 0 {
		v.Days = append(v.Days, tab(visitDayPath(day.AddDays(1), kind, stop), r.dayWord(day.AddDays(1)), false))
		if day.AddDays(1) != today {
			v.Days = append(v.Days, tab(visitDayPath(today, kind, stop), r.t("visits.today"), false))
		}
	}
	v.Kinds = []view.Tab{tab(visitDayPath(day, "", stop), r.t("visits.all"), kind == "")}
	for _, k := range []string{desk.VisitMember, desk.VisitGuest, desk.VisitGroup, desk.VisitUnknown, desk.VisitNameless} {
		v.Kinds = append(v.Kinds, tab(visitDayPath(day, k, stop), r.t("visits.kind."+k), kind == k))
	}
	if len(sums.Stops) > 0 {
		v.Stops = []view.Tab{tab(visitDayPath(day, kind, ""), r.t("visits.all_stops"), stop == "")}
		for _, s := range sums.Stops {
			v.Stops = append(v.Stops, tab(visitDayPath(day, kind, s.Key), s.Key, stop == s.Key))
		}
	}
}

// dayWord writes a day as people say it: today, or its date.
func (r *request) dayWord(day library.Date) string {
	if day == r.server.Desk.Today() {
		return r.t("visits.today")
	}
	return day.String()
}

// dayTime is noon of a day in the zone of the library, for the template functions that write days.
func (r *request) dayTime(day library.Date) time.Time {
	return time.Date(day.Year, time.Month(day.Month), day.Day, 12, 0, 0, 0, r.server.Zone)
}

func (r *request) visitCharts(v *view.VisitDay, sums desk.VisitSums) {
	labels := r.purposeLabels()
	kinds := bars(sums.Kinds, func(key string) string { return r.t("visits.kind." + key) })
	purposes := bars(sums.Purposes, func(key string) string {
		short, _, _ := strings.Cut(labels[key], " (") // the explanation is for visitors
		return short
	})
	v.Charts = []view.Bars{{ID: "by-kind", Title: r.t("visits.by_kind"), List: kinds}, {ID: "by-purpose", Title: r.t("visits.by_purpose"), List: purposes}}
	if len(sums.Stops) > 1 {
		v.Charts = append(v.Charts, view.Bars{ID: "by-stop", Title: r.t("visits.by_stop"), List: bars(sums.Stops, func(key string) string { return key })})
	}
}

func bars(sums []desk.VisitSum, name func(string) string) []view.Bar {
	longest := 1
	for _, s := range sums {
		longest = max(longest, s.People)
	}
	list := make([]view.Bar, len(sums))
	for i, s := range sums {
		list[i] = view.Bar{Text: name(s.Key), Visits: s.Visits, Value: s.People, Fill: s.People * 100 / longest}
	}
	return list
}

// stopNow asks a van's officers where it stands.
func (r *request) stopNow(v *view.VisitDay) {
	s := r.server.Desk.Settings()
	if !s.Role.HasStops() {
		return
	}
	v.Stop = &view.Choice{Name: "stop", Label: r.t("visits.stop_now"), Value: s.CurrentStop}
	v.StopField = view.Field{Name: "stop", Label: r.t("visits.stop_now"), Value: s.CurrentStop, Suggest: s.Stops, Auto: "off", Maximum: 100}
}

func setStop(r *request) error {
	op, err := r.operation()
	if err != nil {
		return err
	}
	if err := r.server.Desk.SetStop(r.ctx(), r.actor(), op, r.value("stop")); err != nil {
		return err
	}
	return r.redirect("/kunjungan/hari")
}

// visitTable lists lines of the register.
func (r *request) visitTable(list []desk.Visit) view.Table {
	labels := r.purposeLabels()
	t := view.Table{Caption: r.t("visits.title"), Columns: []view.Column{{Text: r.t("visits.time")}, {Text: r.t("visits.who")},
		{Text: r.t("visits.kind")}, {Text: r.t("visits.purpose")}, {Text: r.t("visits.people"), Number: true}, {Text: ""}}}
	for _, line := range list {
		at := text.Time(r.lang, line.At)
		if line.Late {
			at = r.t("visits.late_short")
		}
		var tag view.Cell
		switch {
		case line.Voided:
			tag = view.Cell{Text: r.t("visits.voided"), State: view.Bad}
		case line.Open():
			tag = view.Cell{Text: r.t("visits.open"), State: view.Warn}
		case line.Late:
			tag = view.Cell{Text: r.t("visits.late"), State: view.Info}
		case len(line.Changes) > 0 && !ownChangesOnly(line):
			tag = view.Cell{Text: r.t("visits.corrected"), State: view.Info}
		}
		t.Rows = append(t.Rows, view.Row{ID: "v-" + line.ID.String(), Link: "/kunjungan/baris/" + line.ID.String(), Cells: []view.Cell{
			{Text: at}, {Text: line.Who(r.t)}, {Text: r.t("visits.kind." + line.Kind)}, {Text: labels[line.Purpose]},
			{Text: text.Number(r.lang, int64(line.People))}, tag}})
	}
	return t
}

// ownChangesOnly: what the program or the visitor filled in is no correction.
func ownChangesOnly(v desk.Visit) bool {
	for _, c := range v.Changes {
		if c.Reason != desk.ReasonPurpose && c.Reason != desk.ReasonKnown && c.Reason != desk.ReasonResolved {
			return false
		}
	}
	return true
}

func showOpenVisits(r *request) error {
	list, err := r.server.Desk.OpenVisits(r.ctx(), r.actor(), 200)
	if err != nil {
		return err
	}
	v := &view.VisitList{Table: r.visitTable(list)}
	for i, line := range list {
		v.Table.Rows[i].Cells[0].Text = text.Date(line.At) + " " + v.Table.Rows[i].Cells[0].Text
	}
	v.Title = r.t("visits.open_title")
	v.Table.Empty = view.Empty{Title: r.t("visits.open_none"), Text: r.t("visits.open_none.text"), Link: view.Link{Path: "/kunjungan/hari", Text: r.t("visits.back")}}
	return r.page("visits-open", v)
}

// printVisitDay answers the register of a day as PDF.
func printVisitDay(r *request) error {
	day, readable := r.dayAsked()
	if !readable {
		return library.E(library.KindNotFound, "error.not_found")
	}
	var out bytes.Buffer
	now := r.now().In(r.server.Zone)
	err := r.server.Desk.PrintVisits(r.ctx(), r.actor(), &out, desk.VisitSheet{Day: day, DayText: text.Day(r.lang, r.dayTime(day)), Stop: r.Query("titik"),
		Say: r.t, Clock: func(at time.Time) string { return text.Time(r.lang, at) }, Officer: r.session.Name, Purposes: r.purposeLabels(),
		Printed: r.t("visits.printed", text.Date(now), text.Time(r.lang, now))})
	if err != nil {
		return err
	}
	return r.pdf("kunjungan-"+day.ISO()+".pdf", out.Bytes())
}

// pdf answers paper, to be looked at in the browser and printed from there.
func (r *request) pdf(name string, content []byte) error {
	r.Set("Content-Type", "application/pdf")
	r.Set("Content-Disposition", `inline; filename="`+name+`"`)
	return r.Send(content)
}
