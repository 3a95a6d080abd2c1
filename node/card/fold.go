package card

import (
	"image/color"
	"io"
	"iter"
)

// An A4 sheet of four to fold: front and back side by side, the fold between them.
const (
	PerFold = 4

	foldGap  = 4.0
	foldX    = (a4Width - 2*Width) / 2
	foldY    = 18.0
	foldLine = foldX + Width
)

// FoldOptions are a sheet to fold. How stands at its foot: "Potong di tanda, lipat di garis putus-putus, lalu laminasi".
type FoldOptions struct {
	SheetOptions
	How string
}

// Fold writes A4 pages of four cards in black on white, front and back side by side, for a cheap laser printer: cut along
// the marks, fold along the dashes, laminate. Both sides are always there. Start is 1 to PerFold.
func Fold(w io.Writer, faces iter.Seq2[Face, error], o FoldOptions) error {
	place, err := o.first(PerFold)
	if err != nil {
		return err
	}
	p, err := o.begin()
	if err != nil {
		return err
	}
	page := drawing{}
	finish := func() {
		if len(page.ops) > 0 {
			page.w, page.h = a4Width, a4Height
			page.add(foldMarks(p.face, o.How).moved(o.OffsetX, o.OffsetY)...)
			p.page(page)
		}
		page, place = drawing{}, 0
	}
	err = each(faces, func(f Face) error {
		y := onDots(foldTop(place) + o.OffsetY)
		for i, side := range []func(Face, *typeface, style) (drawing, error){front, back} {
			d, err := side(f, p.face, style{plain: true})
			if err != nil {
				return err
			}
			page.place(d, onDots(foldX+float64(i)*Width+o.OffsetX), y)
		}
		if place++; place == PerFold {
			finish()
		}
		return nil
	})
	if err != nil {
		return err
	}
	finish()
	return p.output(w)
}

func foldTop(place int) float64 { return foldY + float64(place)*(Height+foldGap) }

// foldMarks are the marks to cut at, the dashes to fold at and the words at the foot.
func foldMarks(t *typeface, how string) drawing {
	black := color.RGBA{A: 0xff}
	var rows []float64
	for i := range PerFold {
		rows = append(rows, foldTop(i), foldTop(i)+Height)
	}
	area := rect{foldX, foldY, 2 * Width, rows[len(rows)-1] - foldY}
	dashes := bars{fill: black}
	for y := area.y - 5.4; y < area.bottom()+5.4; y += 2.2 {
		dashes.rects = append(dashes.rects, rect{foldLine - 0.05, y, 0.1, 1.1})
	}
	var d drawing
	d.add(marks(area, []float64{area.x, area.right()}, rows), dashes, tint(t.fitLine(how, foldX, area.bottom()+15, 3.2, 2, 2*Width, false), black))
	return d
}

// moved is every operation of the drawing dx to the right and dy down.
func (d drawing) moved(dx, dy float64) []op {
	out := make([]op, len(d.ops))
	for i, o := range d.ops {
		out[i] = o.moved(dx, dy)
	}
	return out
}
