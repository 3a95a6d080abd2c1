package ui

import (
	"bytes"
	"encoding/csv"
	"net/url"
	"strconv"

	"simpul/node/desk"
	"simpul/ui/text"
	"simpul/ui/view"
)

const (
	printsPage  = 50
	printsSaved = 10_000 // lines of the file at most
)

// showPrints lists which card was printed when, by whom and on what.
func showPrints(r *request) error {
	lines, next, err := r.server.Desk.PrintLog(r.ctx(), r.actor(), r.Query("sesudah"), printsPage)
	if err != nil {
		return err
	}
	v := &view.Prints{Tabs: r.cardTabs("catatan"), Table: r.printTable(lines), Save: "/kartu/catatan.csv"}
	v.Title = r.t("prints.title")
	if next != "" {
		v.Table.Next = "/kartu/catatan?" + url.Values{"sesudah": {next}}.Encode()
	}
	return r.page("prints", v)
}

func (r *request) printTable(lines []desk.PrintLine) view.Table {
	t := view.Table{Caption: r.t("prints.title"), Columns: []view.Column{{Text: r.t("prints.card")}, {Text: r.t("members.number")}, {Text: r.t("member.when")},
		{Text: r.t("member.officer")}, {Text: r.t("prints.printer")}, {Text: r.t("prints.times"), Number: true}},
		Empty: view.Empty{Title: r.t("prints.empty"), Text: r.t("prints.empty.text")}}
	for _, l := range lines {
		row := view.Row{Link: memberPath(l.Member, "")}
		name, times := l.Name, strconv.Itoa(l.Times)
		if l.Member.IsZero() {
			name, times, row.Link = r.t("prints.gone"), "", ""
		}
		row.Cells = []view.Cell{{Text: name}, {Text: l.Number.Grouped()}, {Text: r.moment(l.At)}, {Text: r.printedBy(l)}, {Text: l.Printer}, {Text: times}}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (r *request) printedBy(l desk.PrintLine) string {
	if l.Who == "" {
		return r.t("history.nobody")
	}
	return l.Who
}

// savePrints is the list as a table for a spreadsheet: numbers, no names. It begins with the newest.
func savePrints(r *request) error {
	out := bytes.NewBufferString("\uFEFF") // or a spreadsheet takes UTF-8 for something else
	w := csv.NewWriter(out)
	w.Comma, w.UseCRLF = ';', true
	w.Write([]string{r.t("prints.day"), r.t("prints.time"), r.t("members.number"), r.t("member.officer"), r.t("prints.printer"), r.t("prints.times")})
	after := ""
	for n := 0; n < printsSaved; {
		lines, next, err := r.server.Desk.PrintLog(r.ctx(), r.actor(), after, desk.MaxPrinted)
		if err != nil {
			return err
		}
		for _, l := range lines {
			w.Write([]string{text.Date(l.At), text.Time(r.lang, l.At), l.Number.Grouped(), harmless(r.printedBy(l)), harmless(l.Printer), strconv.Itoa(l.Times)})
		}
		if n += len(lines); next == "" {
			break
		}
		after = next
	}
	if w.Flush(); w.Error() != nil {
		return w.Error()
	}
	return r.content("text/csv; charset=utf-8", "catatan-cetak.csv", out.Bytes())
}

// harmless keeps a spreadsheet from taking words that somebody typed for a formula.
func harmless(s string) string {
	if s != "" && (s[0] == '=' || s[0] == '+' || s[0] == '-' || s[0] == '@') {
		return "'" + s
	}
	return s
}
