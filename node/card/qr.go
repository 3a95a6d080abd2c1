package card

import (
	"image/color"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
)

// QR is a code on a paper or a screen: what is to be scanned there and is no card. Make one with NewQR.
type QR struct {
	symbol barcode.Barcode
	side   float64 // mm, with the quiet zone
}

// NewQR encodes content, side millimetres wide with its quiet zone. KeyQRTooLong when it holds more than a code can.
func NewQR(content string, side float64) (QR, error) {
	b, err := encodeQR(content, qr.M)
	if err != nil {
		return QR{}, bad(KeyQRTooLong, err)
	}
	return QR{b, side}, nil
}

// SVG is the code alone, as a picture with a name for people who do not see it.
func (q QR) SVG(title string) ([]byte, error) {
	t, err := newTypeface()
	if err != nil {
		return nil, err
	}
	d := drawing{w: q.side, h: q.side}
	d.add(bar(0, 0, q.side, q.side, color.RGBA{0xff, 0xff, 0xff, 0xff}), q.at(0, 0))
	return paintSVG(d, t, title), nil
}

// at draws the code into the square whose top left corner is x, y.
func (q QR) at(x, y float64) bars {
	n := q.symbol.Bounds().Dx()
	m := q.side / float64(n+2*quietQR)
	return bars{rects: runs(q.symbol, n, n, x+quietQR*m, y+quietQR*m, m, m), fill: color.RGBA{A: 0xff}}
}

// set places the code at the left edge, where the text begins.
func (q QR) set(s *setter) {
	s.need(q.side)
	s.add(q.at(paperMargin, s.y))
	s.y += q.side + 2
}
