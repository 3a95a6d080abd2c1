package photo

import (
	"image"
	"image/color"
	"image/draw"
	"math"
)

// shrink draws the frame of src into w × h on white, each pixel the mean of those it covers. It reads
// one row at a time, so that it needs no second picture of the source's size. A frame smaller than
// w × h is enlarged without smoothing; callers don't ask for that.
func shrink(src image.Image, frame image.Rectangle, w, h int) *image.RGBA {
	row := image.NewRGBA(image.Rect(0, 0, frame.Dx(), 1))
	sums := make([]float32, w*h*3)
	weights := make([]float32, h)
	white := image.NewUniform(color.White)
	narrow := make([]float32, w*3)
	for y := range frame.Dy() {
		draw.Draw(row, row.Bounds(), white, image.Point{}, draw.Src)
		draw.Draw(row, row.Bounds(), src, image.Pt(frame.Min.X, frame.Min.Y+y), draw.Over)
		shrinkRow(narrow, row.Pix, frame.Dx(), w)
		top, bottom := float64(y)*float64(h)/float64(frame.Dy()), float64(y+1)*float64(h)/float64(frame.Dy())
		for t := int(top); t < min(h, int(math.Ceil(bottom))); t++ {
			part := float32(min(bottom, float64(t+1)) - max(top, float64(t)))
			weights[t] += part
			for i, v := range narrow {
				sums[t*w*3+i] += v * part
			}
		}
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for t := range h {
		for x := range w {
			at := out.PixOffset(x, t)
			for c := range 3 {
				out.Pix[at+c] = uint8(min(255, sums[(t*w+x)*3+c]/weights[t]+0.5))
			}
			out.Pix[at+3] = 255
		}
	}
	return out
}

// shrinkRow is the same for one row of n pixels, into w means of red, green, blue.
func shrinkRow(into []float32, pix []byte, n, w int) {
	clear(into)
	scale := float64(w) / float64(n)
	for x := range n {
		left, right := float64(x)*scale, float64(x+1)*scale
		for t := int(left); t < min(w, int(math.Ceil(right))); t++ {
			part := float32(min(right, float64(t+1)) - max(left, float64(t)))
			for c := range 3 {
				into[t*3+c] += float32(pix[x*4+c]) * part
			}
		}
	}
}
