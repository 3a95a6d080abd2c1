package card

import (
	"bytes"
	"errors"
	"image"
	_ "image/jpeg" // the two formats a card takes
	"image/png"

	"golang.org/x/image/draw"
)

// Limits of pictures on a card. Photos come from package photo, far smaller; these only keep a wrong
// file from filling the memory.
const (
	photoSide  = 2000
	emblemSide = 512
	uploadSide = 6000
	uploadArea = 12_000_000
)

var errPictureSize = errors.New("picture is too large")

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

// PrepareEmblem turns an uploaded JPEG or PNG into the small plain PNG that [Face.Emblem] takes: at most
// 512 pixels a side, 8 bits, not interlaced, with its transparency and without metadata.
func PrepareEmblem(data []byte) ([]byte, error) {
	c, _, err := measure(data, uploadSide)
	if err == nil && c.Width*c.Height > uploadArea {
		err = errPictureSize
	}
	if err != nil {
		return nil, bad(KeyEmblemUnreadable, err)
	}
	src, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, bad(KeyEmblemUnreadable, err)
	}
	w, h := c.Width, c.Height
	if m := max(w, h); m > emblemSide {
		w, h = max(1, w*emblemSide/m), max(1, h*emblemSide/m)
	}
	dst := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(dst, dst.Bounds(), src, src.Bounds(), draw.Src, nil)
	var out bytes.Buffer
	if err := png.Encode(&out, dst); err != nil {
		return nil, bad(KeyEmblemUnreadable, err)
	}
	return out.Bytes(), nil
}
