package report

import (
	"io"
	"time"

	"simpul/node/card"
)

// Signer is who signs a printed report.
type Signer struct {
	Role string // "Kepala bidang"
	Name string // empty is a line to write on
}

// Print writes the report as PDF with a place to sign for each signer.
func (r *Report) Print(out io.Writer, w Words, now time.Time, footer string, signers []Signer) error {
	var blocks []card.Block
	for _, t := range r.Tables(w) {
		blocks = append(blocks, card.Heading(t.Title))
		if t.Note != "" {
			blocks = append(blocks, card.Paragraph{Text: t.Note})
		}
		blocks = append(blocks, paperTable(t, w))
	}
	abreast := 3
	if len(signers) == 4 {
		abreast = 2
	}
	for len(signers) > 0 {
		row := signers[:min(abreast, len(signers))]
		signers = signers[len(row):]
		var places card.Signatures
		for _, s := range row {
			places = append(places, card.Signature{Above: w.Say("report.sign_at"), Role: s.Role, Name: s.Name, Below: w.Say("report.sign_id")})
		}
		blocks = append(blocks, card.Space(4), places)
	}
	return card.Print(out, now, w.Say("report.title"), card.Paper{Library: r.Place, Title: w.Say("report.title"),
		Subtitle: r.Period.Name(w) + " · " + w.Say("report.source"), Blocks: blocks, Footer: footer,
		PageLabel: func(page, pages int) string { return w.Say("visits.page", page, pages) }})
}

func paperTable(t Table, w Words) card.Table {
	out := card.Table{}
	for i, head := range t.Columns {
		share := 1.6
		if i == 0 {
			share = 4
		}
		out.Columns = append(out.Columns, card.Column{Head: head, Share: share, Right: i > 0})
	}
	for _, line := range t.Lines {
		row := []string{line.Label}
		for _, c := range line.Cells {
			row = append(row, c.Show(w))
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}
