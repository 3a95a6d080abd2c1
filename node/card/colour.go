package card

import (
	"image/color"
	"math"
)

func opaque(c color.RGBA) color.RGBA { c.A = 0xff; return c }

// companion of a band colour: the same hue with about twice the light, or half of a light one.
func companion(c color.RGBA) color.RGBA {
	up := func(v uint8) uint8 { return uint8(min(255, float64(v)*1.9+8)) }
	if luminance(c) > 0.3 {
		up = func(v uint8) uint8 { return v / 2 }
	}
	return color.RGBA{up(c.R), up(c.G), up(c.B), 0xff}
}

// mix lays part (0 to 1) of b over a.
func mix(a, b color.RGBA, part float64) color.RGBA {
	m := func(x, y uint8) uint8 { return uint8(math.Round(float64(x)*(1-part) + float64(y)*part)) }
	return color.RGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), 0xff}
}

// contrast is the ratio of WCAG 2.2, 1 to 21.
func contrast(a, b color.RGBA) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c color.RGBA) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}
