package card

import (
	"image/color"
	"io"
	"strconv"
)

// Calibration is a page that shows where a printer prints: rulers, crosses at the corners of every card, and what to do.
type Calibration struct {
	Options
	// Card is for a printer of cards, whose page is one card; else the page is A4 with the places of ten.
	Card bool
	// Heading and Steps are the instructions; what is too long for the page is made smaller.
	Heading string
	Steps   []string
}

// Lengths of the rulers. A card has no room for 100 mm.
const (
	ruler       = 100.0
	rulerCard   = 60.0
	rulerCardUp = 30.0

	// cardCross is how far the crosses stand from the edges of a card, where a ruler reads them.
	cardCross = 5.0
)

// EdgesOnSheet are where the first place of a sheet lies: from the left and from the upper edge, in millimetres. The
// instructions name them.
func EdgesOnSheet() (left, top float64) { return sheetX, sheetY }

// Print writes the page.
func (c Calibration) Print(w io.Writer) error {
	p, err := c.begin()
	if err != nil {
		return err
	}
	lay, width, height := c.sheet, a4Width, a4Height
	if c.Card {
		lay, width, height = c.card, Width, Height
	}
	page := drawing{w: width, h: height}
	page.place(lay(p.face), c.OffsetX, c.OffsetY)
	p.page(page)
	return p.output(w)
}

func (c Calibration) sheet(t *typeface) drawing {
	var d drawing
	for place := range PerSheet {
		x, y := placeOf(place%sheetColumns, place/sheetColumns)
		d.add(crosses(rect{x, y, Width, Height}, 3))
		label := t.line(strconv.Itoa(place+1), x+Width-8, y+8, 5, true)
		d.add(tint(label, coloursOf(Face{}).quiet))
	}
	// The ruler stands in the right column, the words in the left one, and the other ruler lies beneath both.
	right, _ := placeOf(1, 0)
	_, low := placeOf(0, sheetRows-1)
	d.add(rulerOf(t, right+Width/2, sheetY+70, ruler, false)...)
	d.add(rulerOf(t, (a4Width-ruler)/2, low+Height/2, ruler, true)...)
	c.words(&d, t, rect{sheetX + 6, sheetY + 8, Width - 20, 3*Height + 2*sheetGap}, 5, 3.6)
	return d
}

func (c Calibration) card(t *typeface) drawing {
	var d drawing
	d.add(crosses(rect{cardCross, cardCross, Width - 2*cardCross, Height - 2*cardCross}, 2.5))
	d.add(rulerOf(t, 2*cardCross, Height-11, rulerCard, true)...)
	d.add(rulerOf(t, Width-3*cardCross, cardCross, rulerCardUp, false)...)
	c.words(&d, t, rect{9, 8, Width - 36, Height - 21}, 2.8, 2.2)
	return d
}

// words sets the heading and the numbered steps into a box, smaller until they fit.
func (c Calibration) words(d *drawing, t *typeface, box rect, head, size float64) {
	ink := coloursOf(Face{}).text
	d.add(tint(t.fitLine(c.Heading, box.x, box.y+head*0.8, head, 1.6, box.w, true), ink))
	top := box.y + head*1.7
	high := func(size float64) float64 { return ruleHeight(c.Steps, t, size, box.w) }
	for ; size > 1.4 && top+high(size) > box.bottom(); size -= 0.1 {
	}
	y := top
	for i, step := range c.Steps {
		for n, line := range t.wrap(step, size, box.w-size*1.6, false) {
			y += size * 1.3
			if n == 0 {
				d.add(tint(t.line(strconv.Itoa(i+1), box.x, y, size, true), ink))
			}
			d.add(tint(t.line(line, box.x+size*1.6, y, size, false), ink))
		}
		y += size * 0.5
	}
}

// crosses stand at the corners of a rectangle, arm millimetres to each side.
func crosses(r rect, arm float64) bars {
	const thin = 0.1
	b := bars{fill: color.RGBA{A: 0xff}}
	for _, x := range []float64{r.x, r.right()} {
		for _, y := range []float64{r.y, r.bottom()} {
			b.rects = append(b.rects, rect{x - arm, y - thin/2, 2 * arm, thin}, rect{x - thin/2, y - arm, thin, 2 * arm})
		}
	}
	return b
}

// rulerOf is a ruler of whole millimetres from x, y to the right or down; every tenth mark has its number.
func rulerOf(t *typeface, x, y, length float64, lying bool) []op {
	const thin = 0.1
	ink := color.RGBA{A: 0xff}
	b := bars{fill: ink}
	var out []op
	add := func(r rect) {
		if !lying {
			r = rect{r.y, r.x, r.h, r.w}
		}
		b.rects = append(b.rects, r.moved(x, y))
	}
	add(rect{0, -thin / 2, length, thin})
	for mm := range int(length) + 1 {
		long := 2.0
		switch {
		case mm%10 == 0:
			long = 4
		case mm%5 == 0:
			long = 3
		}
		at := float64(mm)
		add(rect{at - thin/2, 0, thin, long})
		if mm%10 != 0 {
			continue
		}
		label := t.line(strconv.Itoa(mm), 0, 0, 2.2, false)
		dx, dy := at-label.width/2, 6.4
		if !lying {
			dx, dy = 4.8, at+0.8
		}
		out = append(out, tint(label, ink).moved(x+dx, y+dy))
	}
	return append(out, b)
}
