package card

import (
	"image/color"
	"io"
	"iter"
	"math"
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
	// Start is the first free place, 1 to 10 row by row; 0 means 1.
	Start int
	// OffsetX and OffsetY move everything to the right and down, in millimetres, at most 15: what this
	// printer needs so that the marks meet the paper's places.
	OffsetX, OffsetY float64
}

// Sheet writes A4 pages of ten cards with cut marks. It keeps at most one sheet of backs in memory.
func Sheet(w io.Writer, faces iter.Seq2[Face, error], o SheetOptions) error {
	if o.Start == 0 {
		o.Start = 1
	}
	if o.Start < 1 || o.Start > PerSheet {
		return bad(KeyStart, nil)
	}
	if !(math.Abs(o.OffsetX) <= maxOffset && math.Abs(o.OffsetY) <= maxOffset) {
		return bad(KeyOffset, nil)
	}
	p, err := newPrinter(o.Made, o.Title)
	if err != nil {
		return err
	}
	s := sheet{printer: p, o: o}
	n, place := 0, o.Start-1
	for f, err := range faces {
		if err != nil {
			return err
		}
		if n++; n > MaxCards {
			return bad(KeyTooMany, nil)
		}
		if err := s.put(f, place); err != nil {
			return err
		}
		if place++; place == PerSheet {
			s.finish()
			place = 0
		}
	}
	if n == 0 {
		return bad(KeyNothing, nil)
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
	d, err := front(f, s.printer.face, 0)
	if err != nil {
		return err
	}
	column, row := place%sheetColumns, place/sheetColumns
	x, y := placeOf(column, row)
	s.front.place(d, onDots(x+s.o.OffsetX), onDots(y+s.o.OffsetY))
	if !s.o.Back {
		return nil
	}
	if d, err = back(f, s.printer.face, 0); err != nil {
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
	const long, away, thin = 4.0, 1.4, 0.15
	b := bars{fill: color.RGBA{A: 0xff}}
	for c := range sheetColumns {
		x, _ := placeOf(c, 0)
		for _, edge := range []float64{x, x + Width} {
			b.rects = append(b.rects,
				rect{edge - thin/2, sheetY - away - long, thin, long},
				rect{edge - thin/2, a4Height - sheetY + away, thin, long})
		}
	}
	for r := range sheetRows {
		_, y := placeOf(0, r)
		for _, edge := range []float64{y, y + Height} {
			b.rects = append(b.rects,
				rect{sheetX - away - long, edge - thin/2, long, thin},
				rect{a4Width - sheetX + away, edge - thin/2, long, thin})
		}
	}
	return b
}
