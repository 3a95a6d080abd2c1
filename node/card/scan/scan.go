// Package scan reads the code of a card in a picture from a webcam: the QR, or the
// bars beside it. Browsers on Windows cannot read codes themselves, so the pages
// send pictures here, over loopback; none is kept.
package scan

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/makiuchi-d/gozxing/qrcode"
)

const (
	// FrameBytes is the most that a picture may have; the page sends about 100 kB.
	FrameBytes = 1 << 20
	// sideMost is the most pixels of a side. It bounds the time of a picture, too.
	sideMost = 1920
)

// ErrFrame says that something is no picture of a webcam: not JPEG, too large, cut off.
var ErrFrame = errors.New("scan: no picture of a webcam")

// Code is what was read.
type Code struct {
	Text string
	QR   bool // else the bars, which only name a card
}

// Frame reads a JPEG picture. found is false when there is no code in it that can
// be read: most pictures show none, or one that moves. Only ErrFrame is returned.
func Frame(content []byte) (code Code, found bool, err error) {
	if len(content) > FrameBytes {
		return Code{}, false, ErrFrame
	}
	size, err := jpeg.DecodeConfig(bytes.NewReader(content))
	if err != nil || size.Width > sideMost || size.Height > sideMost {
		return Code{}, false, ErrFrame
	}
	picture, err := jpeg.Decode(bytes.NewReader(content))
	if err != nil {
		return Code{}, false, ErrFrame
	}
	code, found = read(picture)
	return code, found, nil
}

func read(picture image.Image) (Code, bool) {
	if text, ok := decode(qrcode.NewQRCodeReader(), picture, nil); ok {
		return Code{text, true}, true
	}
	// Harder is more lines of the picture, and upright bars too.
	text, ok := decode(oned.NewCode128Reader(), picture, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	return Code{Text: text}, ok
}

// decode treats a panic of the library as a picture that cannot be read: what a
// camera shows is nothing that we wrote.
func decode(r gozxing.Reader, picture image.Image, hints map[gozxing.DecodeHintType]any) (text string, ok bool) {
	defer func() {
		if cause := recover(); cause != nil {
			text, ok = "", false
		}
	}()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		return "", false
	}
	read, err := r.Decode(bitmap, hints)
	if err != nil {
		return "", false
	}
	return read.GetText(), true
}
