package demo

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"

	"simpul/node/library"
)

// portrait draws a face of nobody: a head, hair or a veil, and shoulders on a plain ground, as a JPEG of 480 × 640.
func portrait(seed uint64, sex library.Sex) ([]byte, error) {
	r := rand.New(rand.NewPCG(seed, 7))
	pick := func(list ...color.RGBA) color.RGBA { return list[r.IntN(len(list))] }
	ground := pick(color.RGBA{0xc9, 0xd6, 0xdf, 255}, color.RGBA{0xd8, 0x4b, 0x4b, 255}, color.RGBA{0x4a, 0x7b, 0xb5, 255})
	skin := pick(color.RGBA{0xc6, 0x8e, 0x65, 255}, color.RGBA{0xb0, 0x78, 0x50, 255}, color.RGBA{0xd9, 0xa6, 0x7c, 255})
	hair := pick(color.RGBA{0x1d, 0x17, 0x14, 255}, color.RGBA{0x2c, 0x22, 0x1c, 255})
	cloth := pick(color.RGBA{0xf0, 0xf0, 0xea, 255}, color.RGBA{0x2f, 0x5d, 0x50, 255}, color.RGBA{0x6b, 0x3f, 0x6e, 255}, color.RGBA{0x33, 0x45, 0x6b, 255})
	veil := sex == library.Female && r.IntN(3) > 0
	if veil {
		hair = pick(color.RGBA{0x7a, 0x8f, 0x6a, 255}, color.RGBA{0xb5, 0x8a, 0x9a, 255}, color.RGBA{0x4d, 0x55, 0x66, 255})
	}
	img := image.NewRGBA(image.Rect(0, 0, 480, 640))
	inside := func(x, y, cx, cy, rx, ry int) bool {
		dx, dy := (x-cx)*1000/rx, (y-cy)*1000/ry
		return dx*dx+dy*dy < 1_000_000
	}
	for y := range 640 {
		for x := range 480 {
			c := ground
			switch {
			case (x-195)*(x-195)+(y-285)*(y-285) < 100 || (x-285)*(x-285)+(y-285)*(y-285) < 100:
				c = color.RGBA{0x22, 0x1a, 0x16, 255}
			case inside(x, y, 240, 295, 98, 128) && (y > 215 || !veil):
				c = skin
				if y < 225 && !veil {
					c = hair
				}
			case inside(x, y, 240, 275, 125, 160) && (veil || y < 290):
				c = hair
			case veil && inside(x, y, 240, 440, 150, 120):
				c = hair
			case inside(x, y, 240, 660, 215, 210):
				c = cloth
			}
			img.SetRGBA(x, y, noisy(r, c))
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 80}); err != nil {
		return nil, fmt.Errorf("demo: portrait: %w", err)
	}
	return out.Bytes(), nil
}

// noisy is a colour as a camera in a dim room sees it: without noise a JPEG would be smaller than any photo is.
func noisy(r *rand.Rand, c color.RGBA) color.RGBA {
	n := int(r.Uint32()%13) - 6
	add := func(v uint8) uint8 { return uint8(min(max(int(v)+n, 0), 255)) }
	return color.RGBA{add(c.R), add(c.G), add(c.B), c.A}
}
