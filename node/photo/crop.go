package photo

import (
	"image"
	"math"
)

// Crop is the frame an officer put over the upright picture, as parts (0 to 1) of its width and height.
// What does not make sense is brought back into the picture, and the frame is always made 3:4.
type Crop struct{ X, Y, W, H float64 }

const (
	ratio = 3.0 / 4.0
	// least is the smallest frame in pixels: below it a face on the card is a smear.
	leastW, leastH = 90, 120
)

// defaultFrame is the largest 3:4 frame, in the middle, a bit high: heads stand in the upper half.
func defaultFrame(w, h int) image.Rectangle {
	fw, fh := float64(w), float64(w)/ratio
	if fh > float64(h) {
		fw, fh = float64(h)*ratio, float64(h)
	}
	return pixelFrame((float64(w)-fw)/2, (float64(h)-fh)*0.35, fw, fh, w, h)
}

// frame is the crop in pixels of an upright picture of w × h.
func (c Crop) frame(w, h int) image.Rectangle {
	for _, v := range []float64{c.X, c.Y, c.W, c.H} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return defaultFrame(w, h)
		}
	}
	if c.W <= 0 || c.H <= 0 {
		return defaultFrame(w, h)
	}
	W, H := float64(w), float64(h)
	fw, fh := min(c.W, 1)*W, min(c.H, 1)*H
	// The centre stays where it was put; the side that is too long for 3:4 gives way.
	cx, cy := clamp(c.X, 0, 1)*W+fw/2, clamp(c.Y, 0, 1)*H+fh/2
	if fw > fh*ratio {
		fw = fh * ratio
	} else {
		fh = fw / ratio
	}
	return pixelFrame(clamp(cx-fw/2, 0, W-fw), clamp(cy-fh/2, 0, H-fh), fw, fh, w, h)
}

func pixelFrame(x, y, fw, fh float64, w, h int) image.Rectangle {
	pw, ph := max(1, int(math.Round(fw))), max(1, int(math.Round(fh)))
	px, py := int(math.Round(x)), int(math.Round(y))
	px, py = min(px, w-pw), min(py, h-ph)
	return image.Rect(px, py, px+pw, py+ph).Intersect(image.Rect(0, 0, w, h))
}

func clamp(v, lo, hi float64) float64 { return max(lo, min(v, hi)) }

// stored turns a frame of the upright picture into one of the picture as stored, which is w × h.
func (o orientation) stored(r image.Rectangle, w, h int) image.Rectangle {
	corner := func(p image.Point) image.Point { return o.from(p, w, h) }
	return image.Rectangle{corner(r.Min), corner(r.Max)}.Canon()
}

// from is where a corner point of the upright picture lies in the stored one of w × h.
func (o orientation) from(p image.Point, w, h int) image.Point {
	switch o {
	case 2:
		return image.Pt(w-p.X, p.Y)
	case 3:
		return image.Pt(w-p.X, h-p.Y)
	case 4:
		return image.Pt(p.X, h-p.Y)
	case 5:
		return image.Pt(p.Y, p.X)
	case 6:
		return image.Pt(p.Y, h-p.X)
	case 7:
		return image.Pt(w-p.Y, h-p.X)
	case 8:
		return image.Pt(w-p.Y, p.X)
	}
	return p
}

// turn makes a stored picture upright. It is called on small pictures only.
func (o orientation) turn(src *image.RGBA) *image.RGBA {
	if o <= upright || o > 8 {
		return src
	}
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if o.swaps() {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range out.Bounds().Dy() {
		for x := range out.Bounds().Dx() {
			cell := o.stored(image.Rect(x, y, x+1, y+1), w, h)
			out.SetRGBA(x, y, src.RGBAAt(cell.Min.X, cell.Min.Y))
		}
	}
	return out
}
