package desk

import (
	"context"

	"simpul/node/card"
	"simpul/node/library"
)

// ConsentPaper makes consent sheets to sign: one for each child of a class, or one
// blank sheet when class is zero.
func (d *Desk) ConsentPaper(ctx context.Context, who Actor, class library.ID, w Words) ([]byte, error) {
	if err := who.may(library.ClassMode); err != nil {
		return nil, err
	}
	if class.IsZero() {
		return d.print(w("print.consent"), d.consentPaper("", library.Form{}, w))
	}
	c, err := d.Class(ctx, who, class)
	if err != nil {
		return nil, err
	}
	children, _, err := d.Children(ctx, who, class)
	if err != nil {
		return nil, err
	}
	papers := make([]card.Paper, 0, len(children)+1)
	for _, child := range children {
		papers = append(papers, d.consentPaper(c.Label(), child.Form, w))
	}
	if len(papers) == 0 {
		papers = append(papers, d.consentPaper(c.Label(), library.Form{}, w))
	}
	return d.print(w("print.consent"), papers...)
}

func (d *Desk) consentPaper(subtitle string, f library.Form, w Words) card.Paper {
	paper := d.paper(w("print.consent"), subtitle, w)
	paper.PageLabel = nil
	paper.Blocks = []card.Block{
		card.Fields{Columns: 2, Fields: []card.Field{{Label: w("print.child"), Value: f.Name}, {Label: w("print.birth"), Value: f.Birth.String()},
			{Label: w("print.guardian"), Value: f.Guardian.Name}, {Label: w("print.phone"), Value: ""}}},
	}
	var relations []string
	for _, r := range library.GuardianRelations() {
		relations = append(relations, r.Label)
	}
	paper.Blocks = append(paper.Blocks, card.Choices{Label: w("print.relation"), Options: relations})
	for _, kind := range []library.ConsentKind{library.ConsentMembership, library.ConsentPhoto} {
		text := d.Settings().Consent(kind)
		paper.Blocks = append(paper.Blocks, card.Heading(text.Title))
		for _, p := range text.Paragraphs() {
			paper.Blocks = append(paper.Blocks, card.Paragraph{Text: p})
		}
		paper.Blocks = append(paper.Blocks, card.Choices{Options: []string{w("print.agree"), w("print.disagree")}})
	}
	paper.Blocks = append(paper.Blocks, card.Signatures{{Above: w("print.place_date"), Role: w("print.guardian_sign"), Below: w("print.full_name")}})
	return paper
}

// ClassPaper is the list of a class on paper: the names that are there, empty
// lines for more, and room for guardians to sign. Without children it is the
// blank list that a school fills in.
func (d *Desk) ClassPaper(ctx context.Context, who Actor, class library.ID, w Words) ([]byte, error) {
	if err := who.may(library.ClassMode); err != nil {
		return nil, err
	}
	c, err := d.Class(ctx, who, class)
	if err != nil {
		return nil, err
	}
	children, _, err := d.Children(ctx, who, class)
	if err != nil {
		return nil, err
	}
	var rows [][]string
	for _, child := range children {
		rows = append(rows, []string{child.Form.Name, string(child.Form.Sex), child.Form.Birth.String(), child.Form.NIK, child.Form.Guardian.Name, ""})
	}
	blank := max(3, 40-len(rows))
	paper := d.paper(w("print.class"), c.Label(), w)
	paper.Landscape = true
	paper.Blocks = []card.Block{
		card.Paragraph{Text: w("print.class.text")},
		card.Table{Columns: []card.Column{{Head: w("print.name"), Share: 5}, {Head: w("print.sex"), Share: 1}, {Head: w("print.birth"), Share: 2},
			{Head: w("print.nik"), Share: 3}, {Head: w("print.guardian"), Share: 4}, {Head: w("print.signature"), Share: 3}}, Rows: rows, RowHeight: 9, Blank: blank, Numbered: true},
		card.Signatures{{Above: w("print.place_date"), Role: w("print.teacher")}},
	}
	return d.print(w("print.class"), paper)
}
