package card

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"

	"golang.org/x/image/draw"
	"golang.org/x/image/vector"
)

// pixelsWide is the width of a card's PNG: sharp on a phone held upright.
const pixelsWide = 1080

// PNG is the front of the card for a phone, 1080 pixels wide, with transparent corners.
func PNG(f Face) ([]byte, error) {
	t, err := newTypeface()
	if err != nil {
		return nil, err
	}
	d, err := front(f, t, style{radius: screenRadius})
	if err != nil {
		return nil, err
	}
	img, err := paintImage(d, t, pixelsWide)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, img)
	return b.Bytes(), err
}

// paintImage draws on a transparent ground. Edges of bars fall on whole pixels, curves are smoothed.
func paintImage(d drawing, t *typeface, wide int) (*image.RGBA, error) {
	k := float64(wide) / d.w
	img := image.NewRGBA(image.Rect(0, 0, wide, int(math.Round(d.h*k))))
	for _, o := range d.ops {
		switch o := o.(type) {
		case bars:
			for _, r := range o.rects {
				draw.Draw(img, pixels(r, k), image.NewUniform(o.fill), image.Point{}, draw.Over)
			}
		case shape:
			fillPath(img, o.path, o.fill, k)
		case text:
			fillPath(img, t.outline(o), o.fill, k)
		case picture:
			src, _, err := image.Decode(bytes.NewReader(o.data))
			if err != nil {
				return nil, bad(KeyPhotoUnreadable, err)
			}
			draw.CatmullRom.Scale(img, pixels(o.box, k), src, src.Bounds(), draw.Over, nil)
		}
	}
	return img, nil
}

func pixels(r rect, k float64) image.Rectangle {
	at := func(v float64) int { return int(math.Round(v * k)) }
	return image.Rect(at(r.x), at(r.y), at(r.right()), at(r.bottom()))
}

func fillPath(img *image.RGBA, path []step, fill color.RGBA, k float64) {
	if len(path) == 0 {
		return
	}
	lo, hi := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, s := range path {
		for _, p := range s.used() {
			lo = point{min(lo.x, p.x), min(lo.y, p.y)}
			hi = point{max(hi.x, p.x), max(hi.y, p.y)}
		}
	}
	box := image.Rect(int(math.Floor(lo.x*k)), int(math.Floor(lo.y*k)), int(math.Ceil(hi.x*k))+1, int(math.Ceil(hi.y*k))+1)
	z := vector.NewRasterizer(box.Dx(), box.Dy())
	at := func(p point) (float32, float32) {
		return float32(p.x*k - float64(box.Min.X)), float32(p.y*k - float64(box.Min.Y))
	}
	for _, s := range path {
		x, y := at(s.p[2])
		switch s.kind {
		case 'M':
			z.MoveTo(x, y)
		case 'L':
			z.LineTo(x, y)
		case 'Q':
			ax, ay := at(s.p[1])
			z.QuadTo(ax, ay, x, y)
		case 'C':
			ax, ay := at(s.p[0])
			bx, by := at(s.p[1])
			z.CubeTo(ax, ay, bx, by, x, y)
		case 'Z':
			z.ClosePath()
		}
	}
	mask := image.NewAlpha(image.Rect(0, 0, box.Dx(), box.Dy()))
	z.Draw(mask, mask.Bounds(), image.Opaque, image.Point{})
	draw.DrawMask(img, box, image.NewUniform(fill), image.Point{}, mask, image.Point{}, draw.Over)
}
