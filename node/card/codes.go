package card

import (
	"image/color"
	"math"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/qr"
)

// dot is one dot of a 300 dpi printer in millimetres. Every module is a whole number of them, since a
// cheap printer rounds anything else to bars of unequal width.
const dot = 25.4 / 300

const (
	quiet128 = 10 // modules left free on either side of Code 128 (ISO/IEC 15417)
	quietQR  = 4  // modules left free around a QR (ISO/IEC 18004)

	// qrSide is the space of a QR with its quiet zone, 26.1 mm: a version 13 symbol (69 modules) at four
	// dots, or a version 1 symbol (21 modules) at ten.
	qrSide = 308 * dot
)

// onDots moves a place to the nearest dot, so that bars begin where the printer can begin them.
func onDots(v float64) float64 { return math.Round(v/dot) * dot }

// code is a placed barcode: its bars and the area, quiet zone included, that nothing else may touch.
type code struct {
	bars bars
	area rect
}

// code128Of draws number with its top left bar at x, y. It takes the widest module that leaves the
// quiet zone inside the card; a number too long for the column under the name moves to the left.
func code128Of(number string, x, y, height float64) (code, error) {
	if number == "" {
		return code{}, bad(KeyNumberMissing, nil)
	}
	for _, r := range number {
		if r <= ' ' || r > '~' {
			return code{}, bad(KeyNumberUnprintable, nil)
		}
	}
	if len(number) > 80 {
		return code{}, bad(KeyNumberTooLong, nil)
	}
	b, err := code128.Encode(number)
	if err != nil {
		return code{}, bad(KeyNumberUnprintable, err)
	}
	modules := b.Bounds().Dx()
	m := 0.0
	for d := 6; d >= 4 && m == 0; d-- {
		if w := float64(d) * dot; x+float64(modules+quiet128)*w <= Width-dot {
			m = w
		}
	}
	for d := 5; d >= 3 && m == 0; d-- {
		if w := float64(d) * dot; float64(modules+2*quiet128)*w <= Width-dot {
			m, x = w, (Width-float64(modules)*w)/2
		}
	}
	if m == 0 {
		return code{}, bad(KeyNumberTooLong, nil)
	}
	x, y = onDots(x), onDots(y)
	q := quiet128 * m
	return code{
		bars: bars{rects: runs(b, modules, 1, x, y, m, height), fill: color.RGBA{A: 0xff}},
		area: rect{x - q, y, float64(modules)*m + 2*q, height},
	}, nil
}

// qrOf draws content into the square of qrSide whose top left corner is x, y, in the middle of it, with as much correction
// as there is room for: a card that is carried for years gets scratched.
func qrOf(content []byte, x, y float64) (code, error) {
	for _, level := range []qr.ErrorCorrectionLevel{qr.H, qr.Q, qr.M} {
		b, err := encodeQR(string(content), level)
		if err != nil {
			continue
		}
		n := b.Bounds().Dx()
		d := math.Floor(qrSide / dot / float64(n+2*quietQR) * (1 + 1e-9))
		if d < 4 {
			continue
		}
		m := d * dot
		inset := (qrSide - float64(n)*m) / 2
		left, top := onDots(x+inset), onDots(y+inset)
		return code{
			bars: bars{rects: runs(b, n, n, left, top, m, m), fill: color.RGBA{A: 0xff}},
			area: rect{left - inset, top - inset, qrSide, qrSide},
		}, nil
	}
	return code{}, bad(KeyQRTooLong, nil)
}

// encodeQR takes the tightest of digits, capitals and bytes that holds the content.
func encodeQR(content string, level qr.ErrorCorrectionLevel) (barcode.Barcode, error) {
	for _, mode := range []qr.Encoding{qr.Numeric, qr.AlphaNumeric} {
		if b, err := qr.Encode(content, level, mode); err == nil {
			return b, nil
		}
	}
	return qr.Encode(content, level, qr.Unicode)
}

// runs are the dark modules of a symbol, neighbours in a row merged into one rectangle.
func runs(b barcode.Barcode, columns, rows int, x, y, w, h float64) []rect {
	var out []rect
	at := b.Bounds().Min
	dark := func(c, r int) bool {
		v, _, _, _ := b.At(at.X+c, at.Y+r).RGBA()
		return v < 0x8000
	}
	for r := range rows {
		for c := 0; c < columns; c++ {
			first := c
			for c < columns && dark(c, r) {
				c++
			}
			if c > first {
				out = append(out, rect{x + float64(first)*w, y + float64(r)*h, float64(c-first) * w, h})
			}
		}
	}
	return out
}
