package card

import (
	"image/color"
	"io"
	"iter"
)

// An A4 sheet of ten: two columns of five, 2 mm apart, in the middle of the paper.
const (
	a4Width, a4Height = 210.0, 297.0

	sheetColumns, sheetRows = 2, 5
	PerSheet                = sheetColumns * sheetRows

	sheetGap = 2.0
	sheetX   = (a4Width - sheetColumns*Width - (sheetColumns-1)*sheetGap) / 2
	sheetY   = (a4Height - sheetRows*Height - (sheetRows-1)*sheetGap) / 2

	maxOffset = 15.0
)

// SheetOptions place cards on sheets that may have been begun before.
type SheetOptions struct {
	Options
	// Start is the first free place, 1 to PerSheet row by row, or 1 to PerFold; 0 means 1.
	Start int
}

// first is the place to begin at, counted from 0, on paper that has as many as per.
func (o SheetOptions) first(per int) (int, error) {
	if o.Start < 0 || o.Start > per {
		return 0, bad(KeyStart, nil)
	}
	return max(o.Start, 1) - 1, nil
}

// Sheet writes A4 pages of ten cards with cut marks. It keeps at most one sheet of backs in memory.
func Sheet(w io.Writer, faces iter.Seq2[Face, error], o SheetOptions) error {
	place, err := o.first(PerSheet)
	if err != nil {
		return err
	}
	p, err := o.begin()
	if err != nil {
		return err
	}
	s := sheet{printer: p, o: o}
	err = each(faces, func(f Face) error {
		if err := s.put(f, place); err != nil {
			return err
		}
		if place++; place == PerSheet {
			s.finish()
			place = 0
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.finish()
	return p.output(w)
}

// sheet collects the cards of one page and of its other side.
type sheet struct {
	printer     *printer
	o           SheetOptions
	front, back drawing
}

func (s *sheet) put(f Face, place int) error {
	d, err := front(f, s.printer.face, style{})
	if err != nil {
		return err
	}
	column, row := place%sheetColumns, place/sheetColumns
	x, y := placeOf(column, row)
	s.front.place(d, onDots(x+s.o.OffsetX), onDots(y+s.o.OffsetY))
	if !s.o.Back {
		return nil
	}
	if d, err = back(f, s.printer.face, style{}); err != nil {
		return err
	}
	x, y = placeOf(sheetColumns-1-column, row)
	s.back.place(d, onDots(x-s.o.OffsetX), onDots(y+s.o.OffsetY))
	return nil
}

// finish prints what was collected and begins a new sheet.
func (s *sheet) finish() {
	if len(s.front.ops) > 0 {
		s.front.w, s.front.h = a4Width, a4Height
		s.front.add(cutMarks().moved(s.o.OffsetX, s.o.OffsetY))
		s.printer.page(s.front)
	}
	if len(s.back.ops) > 0 {
		s.back.w, s.back.h = a4Width, a4Height
		s.printer.page(s.back)
	}
	s.front, s.back = drawing{}, drawing{}
}

// placeOf is where a card lies on the paper.
func placeOf(column, row int) (x, y float64) {
	return sheetX + float64(column)*(Width+sheetGap), sheetY + float64(row)*(Height+sheetGap)
}

// cutMarks stand in the margins, in line with every edge, so that a guillotine cuts through.
func cutMarks() bars {
	var columns, rows []float64
	for c := range sheetColumns {
		x, _ := placeOf(c, 0)
		columns = append(columns, x, x+Width)
	}
	for r := range sheetRows {
		_, y := placeOf(0, r)
		rows = append(rows, y, y+Height)
	}
	return marks(rect{sheetX, sheetY, a4Width - 2*sheetX, a4Height - 2*sheetY}, columns, rows)
}

// marks stand around an area, in line with the given edges.
func marks(area rect, columns, rows []float64) bars {
	const long, away, thin = 4.0, 1.4, 0.15
	b := bars{fill: color.RGBA{A: 0xff}}
	for _, x := range columns {
		b.rects = append(b.rects, rect{x - thin/2, area.y - away - long, thin, long}, rect{x - thin/2, area.bottom() + away, thin, long})
	}
	for _, y := range rows {
		b.rects = append(b.rects, rect{area.x - away - long, y - thin/2, long, thin}, rect{area.right() + away, y - thin/2, long, thin})
	}
	return b
}
