package ui

import (
	"bytes"
	"net/url"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/text"
	"simpul/ui/view"
)

// lateShown is how many of the lines just typed in stand under the form.
const lateShown = 30

// lateRoutes: days that were kept on paper, typed in afterwards and marked so.
func (s *server) lateRoutes() []route {
	late := officerWho(library.LateEntry)
	return []route{
		get("/susulan", late, showLate),
		post("/susulan", late, startLate),
		get("/susulan/kosong", officerWho(library.RecordVisit), printBlankRegister),
		post("/susulan/daftar", late, registerLate),
		get("/susulan/:hari", late, showLateDay),
		post("/susulan/:hari", late, recordLate),
	}
}

func (r *request) lateView() (*view.Late, error) {
	v := &view.Late{Date: view.DateField{Name: "date", Label: r.t("late.date"), Hint: r.t("late.date.hint"), Day: r.value("date_d"), Month: r.value("date_m"),
		Year: r.value("date_y"), Confirmed: r.ticked("date_ok"), Reason: r.value("date_why")}}
	v.Title = r.t("late.title")
	v.Reason = view.Choice{Name: "reason", Label: r.t("late.reason"), Value: r.value("reason"), Options: r.codeOptions(library.LateReasons())}
	days, err := r.server.Desk.LateDays(r.ctx(), r.actor(), 60)
	if err != nil {
		return nil, err
	}
	v.Table = view.Table{Caption: r.t("late.before"), Columns: []view.Column{{Text: r.t("late.day")}, {Text: r.t("visits.officer")},
		{Text: r.t("visits.lines"), Number: true}, {Text: r.t("visits.people"), Number: true}, {Text: r.t("late.entered")}},
		Empty: view.Empty{Title: r.t("late.none"), Text: r.t("late.none.text")}}
	for _, d := range days {
		entered := d.Entered.In(r.server.Zone)
		v.Table.Rows = append(v.Table.Rows, view.Row{Link: "/susulan/" + d.Day.ISO(), Cells: []view.Cell{{Text: d.Day.String()}, {Text: d.Officer},
			{Text: text.Number(r.lang, int64(d.Visits))}, {Text: text.Number(r.lang, int64(d.People))}, {Text: text.Date(entered) + " " + text.Time(r.lang, entered)}}})
	}
	return v, nil
}

func showLate(r *request) error {
	v, err := r.lateView()
	if err != nil {
		return err
	}
	return r.page("late", v)
}

// startLate checks the day and the reason; they then stand in the address of the day's page.
func startLate(r *request) error {
	written := r.value("date_d") + " " + r.value("date_m") + " " + r.value("date_y")
	day, err := r.server.Desk.LateDayOf(r.actor(), written, r.value("reason"), r.ticked("date_ok"))
	if err != nil {
		v, failed := r.lateView()
		if failed != nil {
			return failed
		}
		problems := r.problems(err)
		v.Date, v.Reason = v.Date.With(problems), v.Reason.With(problems)
		return r.invalid("late", v, err)
	}
	return r.redirect(latePath(day, r.value("reason"), desk.VisitMember))
}

func latePath(day library.Date, reason, kind string) string {
	return "/susulan/" + day.ISO() + "?" + url.Values{"alasan": {reason}, "jenis": {kind}}.Encode()
}

// lateReason is the reason that the page was opened with; a page opened from the list has none of its own.
func lateReason(asked string) string {
	if _, known := library.Find(library.LateReasons(), asked); known {
		return asked
	}
	return "other"
}

func (r *request) lateDayView(kind, reason string, problems view.Problems) (*view.LateDay, error) {
	day, err := library.ParseDate(r.param("hari"))
	if err != nil {
		return nil, library.E(library.KindNotFound, "error.not_found")
	}
	reason = lateReason(reason)
	v := &view.LateDay{Day: r.dayTime(day), ISO: day.ISO(), Reason: reason, Registers: r.may(library.DraftRegistration)}
	v.Title = r.t("late.title")
	why, _ := library.Find(library.LateReasons(), reason)
	v.Why = r.codeLabel(why)
	v.Entry = r.visitEntry(kind, "/susulan/"+day.ISO(), day, func(k string) string { return latePath(day, reason, k) }, problems)
	v.Entry.Hidden = []view.Hidden{{Name: "reason", Value: reason}}
	list, sums, err := r.server.Desk.LateVisits(r.ctx(), r.actor(), day, lateShown)
	if err != nil {
		return nil, err
	}
	v.Lines, v.People = sums.Visits, sums.People
	for _, s := range sums.Kinds {
		v.Kinds = append(v.Kinds, view.Fact{Name: r.t("visits.kind." + s.Key), Value: text.Number(r.lang, int64(s.People))})
	}
	v.Table = r.visitTable(list)
	v.Table.Columns[0].Text = r.t("late.entered")
	for i, line := range list {
		v.Table.Rows[i].Cells[0].Text = text.Time(r.lang, line.Entered)
	}
	v.Table.Empty = view.Empty{Title: r.t("late.day_none"), Text: r.t("late.day_none.text")}
	return v, nil
}

func showLateDay(r *request) error {
	v, err := r.lateDayView(entryKind(r.Query("jenis")), r.Query("alasan"), nil)
	if err != nil {
		return err
	}
	v.Flash, _ = r.recorded()
	return r.page("late-day", v)
}

func recordLate(r *request) error {
	day, err := library.ParseDate(r.param("hari"))
	if err != nil {
		return library.E(library.KindNotFound, "error.not_found")
	}
	kind, reason := entryKind(r.value("kind")), lateReason(r.value("reason"))
	g, found, err := r.takeVisit(kind, day, reason)
	if err != nil {
		v, failed := r.lateDayView(kind, reason, r.problems(err))
		if failed != nil {
			return failed
		}
		v.Entry.Found, v.Entry.Chosen = found, only(found)
		return r.invalid("late-day", v, err)
	}
	return r.redirect(latePath(day, reason, kind) + "&titik=" + url.QueryEscape(r.value("stop")) + recordedMark(g))
}

// registerLate opens a registration of a day kept on paper; its own steps then follow, without clocks.
func registerLate(r *request) error {
	op, err := r.operation()
	if err != nil {
		return err
	}
	day, err := library.ParseDate(r.value("day"))
	if err != nil {
		return library.E(library.KindNotFound, "error.not_found")
	}
	done, err := r.server.Desk.OpenLate(r.ctx(), r.actor(), op, day)
	if err != nil {
		return err
	}
	return r.redirect("/daftar/" + done.ID.String())
}

func printBlankRegister(r *request) error {
	var out bytes.Buffer
	if err := r.server.Desk.PrintBlankRegister(r.actor(), &out, r.t); err != nil {
		return err
	}
	return r.pdf("buku-kunjungan.pdf", out.Bytes())
}
