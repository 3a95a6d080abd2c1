package card

import (
	"io"
	"time"
)

// Paper is an A4 document put together from blocks: a list of receipt, a blank form, a consent sheet, a
// slip, a recovery sheet, the visits of a day. All words come from the caller. Text wraps, tables go on
// over as many pages as they need with their heads repeated, and signatures are never torn apart.
type Paper struct {
	// Library stands at the top of each page.
	Library string
	// Title and Subtitle stand at the top of the first page.
	Title, Subtitle string
	Blocks          []Block
	// Footer stands at the bottom left of each page: what this is, when it was printed.
	Footer string
	// PageLabel words the page number ("Halaman 1 dari 3"); nil leaves it out.
	PageLabel func(page, pages int) string
	// Landscape turns the paper, for wide registers.
	Landscape bool
}

// Block is one of Heading, Paragraph, Table, Fields, Choices, Words, QR, Signatures, Space and PageBreak.
type Block interface {
	set(s *setter)
}

// Heading begins a part; it is never the last line of a page.
type Heading string

// Paragraph is running text. Large is for what must be read first.
type Paragraph struct {
	Text        string
	Bold, Large bool
}

// Column of a table. Share is its part of the width in relation to the other columns; at
// least a twentieth of the widest.
type Column struct {
	Head  string
	Share float64
	// Right sets numbers flush right.
	Right bool
}

// Table has one text a cell; missing cells are empty. RowHeight is the least height of a row in
// millimetres, for people who write or sign in it; Blank adds that many empty rows, numbered on from
// the filled ones when Numbered is set, which puts a narrow column in front.
type Table struct {
	Columns   []Column
	Rows      [][]string
	RowHeight float64
	Blank     int
	Numbered  bool
}

// Fields are labelled lines to write on, in one or two columns; those with a value have it printed.
type Fields struct {
	Fields  []Field
	Columns int
}

// Field is one of them. Cells above 0 draws that many boxes for single digits instead of a line.
type Field struct {
	Label, Value string
	Cells        int
}

// Choices are boxes to tick, side by side after a label, those in Ticked already crossed.
type Choices struct {
	Label   string
	Options []string
	Ticked  []bool
}

// Words are numbered words in large type, three columns: a recovery sheet.
type Words []string

// Signature is a place to sign: a line of place and date, the office, room to sign over a
// line with the name on it (empty for people who write it themselves), and what stands under it.
type Signature struct {
	Above, Role, Name, Below string
}

// Signatures stand side by side, at most three.
type Signatures []Signature

// Space leaves that many millimetres free.
type Space float64

// PageBreak goes on with the next page.
type PageBreak struct{}

// Print writes papers one after the other into one PDF. Each has its own page numbers. made is the
// creation date inside the file, title its name for readers, without personal data.
func Print(w io.Writer, made time.Time, title string, papers ...Paper) error {
	p, err := newPrinter(made, title)
	if err != nil {
		return err
	}
	if len(papers) == 0 {
		return bad(KeyNothing, nil)
	}
	for _, paper := range papers {
		for _, d := range layPaper(paper, p.face) {
			p.page(d)
		}
	}
	return p.output(w)
}
