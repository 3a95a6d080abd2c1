package nodetest

import (
	"errors"
	"image"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// ReadQR reads the one QR in a picture. The reader misses the corners of some
// pictures at a given size, and each signed card is another picture: it is shown
// this one in several sizes, also as a code that stands straight and alone.
func ReadQR(picture image.Image) (string, error) {
	err := errors.New("nodetest: no picture")
	for _, percent := range []int{100, 200, 150, 75, 60, 300} {
		bitmap, berr := gozxing.NewBinaryBitmapFromImage(sized(picture, percent))
		if berr != nil {
			return "", berr
		}
		for _, hints := range []map[gozxing.DecodeHintType]any{nil, {gozxing.DecodeHintType_TRY_HARDER: true}, {gozxing.DecodeHintType_PURE_BARCODE: true}} {
			read, rerr := qrcode.NewQRCodeReader().Decode(bitmap, hints)
			if rerr == nil {
				return read.GetText(), nil
			}
			err = rerr
		}
	}
	return "", err
}

func sized(picture image.Image, percent int) image.Image {
	from := picture.Bounds()
	out := image.NewGray(image.Rect(0, 0, from.Dx()*percent/100, from.Dy()*percent/100))
	for y := range out.Bounds().Dy() {
		for x := range out.Bounds().Dx() {
			out.Set(x, y, picture.At(from.Min.X+x*100/percent, from.Min.Y+y*100/percent))
		}
	}
	return out
}
