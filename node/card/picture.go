package card

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
)

// Limits of pictures on a card. Photos come from package photo, far smaller; these only keep a wrong
// file from filling the memory.
const (
	photoSide  = 2000
	uploadSide = 6000
	uploadArea = 12_000_000
)

// The emblem takes 6 mm, which is 142 dots at 600 to the inch. MaxEmblem is the most bytes it may have: it is a setting,
// and travels in one event to every node of the district.
const (
	emblemSide  = 142
	emblemLeast = 24
	MaxEmblem   = 10 << 10
)

var (
	errPictureSize  = errors.New("picture is too large")
	errPictureSmall = errors.New("picture is too small")
)

func photoPicture(data []byte, box rect) (picture, error) {
	_, kind, err := measure(data, photoSide)
	if err != nil {
		return picture{}, bad(KeyPhotoUnreadable, err)
	}
	return picture{box, data, kind}, nil
}

// emblemPicture keeps the emblem's own proportions in the middle of box.
func emblemPicture(data []byte, box rect) (picture, error) {
	c, kind, err := measure(data, emblemSide)
	if err != nil {
		return picture{}, bad(KeyEmblemUnreadable, err)
	}
	k := min(box.w/float64(c.Width), box.h/float64(c.Height))
	w, h := float64(c.Width)*k, float64(c.Height)*k
	return picture{rect{box.x + (box.w-w)/2, box.y + (box.h-h)/2, w, h}, data, kind}, nil
}

// grey is the picture in shades of grey on white.
func (p picture) grey() (picture, error) {
	src, _, err := image.Decode(bytes.NewReader(p.data))
	if err != nil {
		return picture{}, bad(KeyPhotoUnreadable, err)
	}
	dst := image.NewGray(image.Rectangle{Max: src.Bounds().Size()})
	draw.Draw(dst, dst.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(dst, dst.Bounds(), src, src.Bounds().Min, draw.Over)
	var out bytes.Buffer
	if p.kind == "png" {
		err = png.Encode(&out, dst)
	} else {
		err = jpeg.Encode(&out, dst, &jpeg.Options{Quality: 88})
	}
	return picture{p.box, out.Bytes(), p.kind}, err
}

func measure(data []byte, side int) (image.Config, string, error) {
	c, kind, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case err != nil:
		return c, kind, err
	case kind != "jpeg" && kind != "png":
		return c, kind, image.ErrFormat
	case c.Width < 1 || c.Height < 1 || c.Width > side || c.Height > side:
		return c, kind, errPictureSize
	}
	return c, kind, nil
}

// PrepareEmblem turns an uploaded JPEG or PNG into the small picture that [Face.Emblem] takes: at most 142 pixels a side
// and MaxEmblem bytes, 8 bits, not interlaced, with its transparency and without metadata. One that was prepared before
// comes out no worse. KeyEmblemUnreadable, KeyEmblemTooLarge or KeyEmblemTooSmall say why it cannot.
func PrepareEmblem(data []byte) ([]byte, error) {
	c, _, err := measure(data, uploadSide)
	switch {
	case errors.Is(err, errPictureSize) || err == nil && c.Width*c.Height > uploadArea:
		return nil, bad(KeyEmblemTooLarge, errPictureSize)
	case err != nil:
		return nil, bad(KeyEmblemUnreadable, err)
	case max(c.Width, c.Height) < emblemLeast:
		return nil, bad(KeyEmblemTooSmall, errPictureSmall)
	}
	src, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, bad(KeyEmblemUnreadable, err)
	}
	// A finely shaded one loses first the last bits of its colours, then some of its size.
	for side := emblemSide; side >= 60; side = side * 4 / 5 {
		small := scaled(src, side)
		for _, bits := range []int{8, 5, 4} {
			out, err := encodeEmblem(coarse(small, bits))
			if err != nil {
				return nil, bad(KeyEmblemUnreadable, err)
			}
			if len(out) <= MaxEmblem {
				return out, nil
			}
		}
	}
	return nil, bad(KeyEmblemUnreadable, errPictureSize)
}

// encodeEmblem writes what is opaque as JPEG when that is smaller.
func encodeEmblem(img *image.NRGBA) ([]byte, error) {
	var best, other bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&best, img); err != nil {
		return nil, err
	}
	if best.Len() <= MaxEmblem || !img.Opaque() {
		return best.Bytes(), nil
	}
	err := jpeg.Encode(&other, img, &jpeg.Options{Quality: 88})
	return other.Bytes(), err
}

// scaled makes a picture no larger than side, and never larger than it is.
func scaled(src image.Image, side int) *image.NRGBA {
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	if m := max(w, h); m > side {
		w, h = max(1, w*side/m), max(1, h*side/m)
	}
	dst := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(dst, dst.Bounds(), src, src.Bounds(), draw.Src, nil)
	return dst
}

// coarse keeps that many bits of each colour and of the transparency; full and none stay what they are.
func coarse(src *image.NRGBA, bits int) *image.NRGBA {
	if bits >= 8 {
		return src
	}
	dst := image.NewNRGBA(src.Rect)
	top := 1<<bits - 1
	for i, v := range src.Pix {
		dst.Pix[i] = uint8((int(v)*top + 127) / 255 * 255 / top)
	}
	for i := 0; i < len(dst.Pix); i += 4 {
		if dst.Pix[i+3] == 0 { // what nobody sees need not be kept
			dst.Pix[i], dst.Pix[i+1], dst.Pix[i+2] = 0, 0, 0
		}
	}
	return dst
}

// CheckEmblem says what is wrong with something that is to be an emblem: nil when PrepareEmblem made it.
func CheckEmblem(data []byte) error {
	if _, err := emblemPicture(data, rect{0, 0, 6, 6}); err != nil {
		return err
	}
	if _, _, err := image.Decode(bytes.NewReader(data)); err != nil {
		return bad(KeyEmblemUnreadable, err)
	}
	return nil
}
