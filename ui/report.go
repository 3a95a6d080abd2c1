package ui

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"simpul/node/library"
	"simpul/node/report"
	"simpul/ui/text"
	"simpul/ui/view"
)

// chartBars is how many bars a chart has; of what is left over it gives the sum. A bar of that would dwarf all others.
const chartBars = 10

// reportRoutes: the number of memberships, on the screen, for a spreadsheet, and on paper to sign.
func (s *server) reportRoutes() []route {
	may := officerWho(library.ReadReports)
	return []route{
		get("/laporan", may, showReport),
		get("/laporan/unduh", may, downloadReport),
		get("/laporan/cetak", may, printReport),
	}
}

// report counts the period that the address names, the present month without one.
func (r *request) report() (*report.Report, error) {
	today := library.DateIn(r.now(), r.server.Zone)
	period := report.Month(today.Year, today.Month)
	if asked := r.Query("p"); asked != "" {
		var known bool
		if period, known = report.ParsePeriod(asked); !known {
			return nil, library.E(library.KindNotFound, "error.not_found")
		}
	}
	return r.server.Desk.Report(r.ctx(), r.actor(), period)
}

// reportWords are the words of a report in the reader's language.
func (r *request) reportWords() report.Words {
	purposes, kinds := r.purposeLabels(), r.server.Desk.Settings().MemberKinds
	return report.Words{Say: r.t, Code: r.code,
		Number:   func(n int64) string { return text.Number(r.lang, n) },
		Duration: func(d time.Duration) string { return text.Duration(r.lang, d) },
		Date:     func(d library.Date) string { return d.String() },
		Month:    func(m int) string { return text.Month(r.lang, m) },
		Purpose: func(key string) string {
			if label := purposes[key]; label != "" {
				return label
			}
			return key
		},
		Kind: func(key string) string {
			if k, known := library.FindMemberKind(kinds, key); known {
				return r.code(library.Code{Key: k.Key, Label: k.Label, English: k.English})
			}
			return key
		},
		District: func(code string) string {
			if name := r.server.Desk.Regions().Name(code); name != "" {
				return name
			}
			return code
		}}
}

func showReport(r *request) error {
	found, err := r.report()
	if err != nil {
		return err
	}
	words := r.reportWords()
	v := &view.Report{Period: found.Period.Name(words), HasNone: found.Empty(), Download: "/laporan/unduh?p=" + found.Period.String(),
		PrintAction: "/laporan/cetak", PeriodHidden: view.Hidden{Name: "p", Value: found.Period.String()}, Figures: r.reportFigures(found, words)}
	v.Title = r.t("report.title")
	v.Empty = view.Empty{Title: r.t("report.none"), Text: r.t("report.none.text")}
	if r.may(library.DraftRegistration) {
		v.Empty.Link = view.Link{Path: "/meja", Text: r.t("nav.desk")}
	}
	r.periods(v, found.Period, words)
	for _, s := range r.signers() {
		v.Signers = append(v.Signers, view.Check{Name: "ttd-" + s.key, Label: s.Role, On: s.on})
	}
	for _, t := range found.Tables(words) {
		v.Tables = append(v.Tables, r.reportTable(t, words))
	}
	return r.page("report", v)
}

// periods fills in what period is shown and which may be chosen.
func (r *request) periods(v *view.Report, shown report.Period, words report.Words) {
	today := library.DateIn(r.now(), r.server.Zone)
	choices := report.Recent(today)
	if !slices.Contains(choices, shown) {
		choices = append(choices, shown)
	}
	v.Pick = view.Choice{Name: "p", Label: r.t("report.period"), Value: shown.String()}
	for _, p := range choices {
		v.Pick.Options = append(v.Pick.Options, view.Option{Value: p.String(), Text: p.Name(words)})
	}
	before, after := shown.Before(), shown.After()
	v.Before = view.Link{Path: "/laporan?p=" + before.String(), Text: r.t("report.before", before.Name(words))}
	if after.From.Compare(today) <= 0 {
		v.After = view.Link{Path: "/laporan?p=" + after.String(), Text: r.t("report.after", after.Name(words))}
	}
}

func (r *request) reportFigures(f *report.Report, w report.Words) []view.Figure {
	m := f.Members
	figures := []view.Figure{{Text: r.t("report.all"), Value: w.Number(m.All), Strong: true},
		{Text: r.t("report.active"), Value: w.Number(m.Active)}, {Text: r.t("report.new"), Value: w.Number(m.New)},
		{Text: r.t("report.ended"), Value: w.Number(m.Ended)}, {Text: r.t("report.visitors"), Value: w.Number(f.Register.People)},
		{Text: r.t("report.whole_median"), Value: "–", Note: r.t("report.standard_of", w.Duration(f.Times.Standard.Times.Sum()))}}
	if m.All > 0 {
		figures[1].Note = r.t("report.share", m.Active*100/m.All)
	}
	if whole := f.Times.Whole; whole.N > 0 {
		figures[5].Value = w.Duration(whole.Median)
	}
	return figures
}

// reportTable is one part on the screen, with the chart of its largest lines.
func (r *request) reportTable(t report.Table, w report.Words) view.ReportTable {
	v := view.ReportTable{ID: t.ID, Title: t.Title, Note: t.Note, Table: view.Table{Caption: t.Title}}
	for i, head := range t.Columns {
		v.Table.Columns = append(v.Table.Columns, view.Column{Text: head, Number: i > 0})
	}
	for _, line := range t.Lines {
		row := view.Row{Cells: []view.Cell{{Text: line.Label}}}
		for _, c := range line.Cells {
			row.Cells = append(row.Cells, view.Cell{Text: c.Show(w)})
		}
		v.Table.Rows = append(v.Table.Rows, row)
	}
	if t.Chart > 0 {
		v.Chart = r.reportChart(t, w)
	}
	return v
}

// reportChart draws the lines in the order of the table. A chart in the order of time shows all of them, any other the
// largest few and the sum of the rest.
func (r *request) reportChart(t report.Table, w report.Words) []view.ReportBar {
	value := func(l report.Line) int64 { return l.Cells[t.Chart-1].N }
	shown, rest := t.Lines, t.Lines[len(t.Lines):]
	if len(shown) > chartBars+1 && !t.InTime {
		shown, rest = shown[:chartBars], shown[chartBars:]
	}
	var longest, left int64 = 1, 0
	for _, l := range rest {
		left += value(l)
	}
	for _, l := range shown {
		longest = max(longest, value(l))
	}
	bars := make([]view.ReportBar, 0, len(shown)+1)
	for _, l := range shown {
		bars = append(bars, view.ReportBar{Text: l.Label, Value: w.Number(value(l)), Fill: int(value(l) * 100 / longest)})
	}
	if len(rest) > 0 {
		bars = append(bars, view.ReportBar{Text: r.t("report.others", len(rest)), Value: w.Number(left)})
	}
	return bars
}

func downloadReport(r *request) error {
	found, err := r.report()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := found.CSV(&out, r.reportWords()); err != nil {
		return err
	}
	r.Set("Content-Type", "text/csv; charset=utf-8")
	r.Set("Content-Disposition", `attachment; filename="keanggotaan-`+strings.ToLower(found.Period.String())+`.csv"`)
	return r.Send(out.Bytes())
}

func printReport(r *request) error {
	found, err := r.report()
	if err != nil {
		return err
	}
	var signing []report.Signer
	for _, s := range r.signers() {
		if r.Query("ttd-"+s.key) != "" {
			signing = append(signing, s.Signer)
		}
	}
	var out bytes.Buffer
	now := r.now().In(r.server.Zone)
	if err := found.Print(&out, r.reportWords(), now, r.t("report.printed", r.moment(now)), signing); err != nil {
		return err
	}
	return r.pdf("keanggotaan-"+strings.ToLower(found.Period.String())+".pdf", out.Bytes())
}

// signer is one place to sign, with the officer's name where the officer holds that post.
type signer struct {
	report.Signer
	key string
	on  bool
}

// signers are the posts that sign a report; who is signed in signs in their own place.
func (r *request) signers() []signer {
	list := []signer{{key: "petugas"}, {key: "sub"}, {key: "bidang"}, {key: "dinas"}}
	for i, key := range []string{"officer", "sub", "section", "service"} {
		list[i].Role = r.t("report.sign." + key)
	}
	own := 0
	switch r.session.Role {
	case library.RoleSectionHead:
		own = 2
	case library.RoleServiceHead:
		own = 3
	}
	list[own].Name = r.session.Name
	list[0].on, list[2].on = true, true
	list[own].on = true
	return list
}
