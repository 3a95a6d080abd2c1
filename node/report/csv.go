package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

// CSV writes the report for a spreadsheet: one line a figure, with its part in front, so that one sheet holds all parts. Cells are
// parted by semicolons and the file begins with a byte order mark: so Excel in Indonesian opens it rightly by a double click.
// Numbers stand without points, for reckoning on.
func (r *Report) CSV(out io.Writer, w Words) error {
	if _, err := io.WriteString(out, "\ufeff"); err != nil {
		return err
	}
	sheet := csv.NewWriter(out)
	sheet.Comma = ';'
	sheet.UseCRLF = true
	rows := [][]string{{w.Say("report.title"), r.Place}, {w.Say("report.period"), r.Period.Name(w)}, {w.Say("report.source")}}
	for _, t := range r.Tables(w) {
		rows = append(rows, nil, append([]string{t.Title}, t.Columns...))
		for _, line := range t.Lines {
			row := []string{t.Title, line.Label}
			for _, c := range line.Cells {
				if c.Text != "" {
					row = append(row, c.Text)
				} else {
					row = append(row, strconv.FormatInt(c.N, 10))
				}
			}
			rows = append(rows, row)
		}
	}
	for _, row := range rows {
		for i := range row {
			row[i] = harmless(row[i])
		}
		if err := sheet.Write(row); err != nil {
			return err
		}
	}
	sheet.Flush()
	return sheet.Error()
}

// harmless keeps a spreadsheet from taking a cell for a formula: stops and kinds are words that somebody typed.
func harmless(cell string) string {
	if strings.HasPrefix(cell, "-") {
		if _, err := strconv.ParseInt(cell, 10, 64); err == nil {
			return cell
		}
	}
	if cell != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(cell)[0]) {
		return "'" + cell
	}
	return cell
}
