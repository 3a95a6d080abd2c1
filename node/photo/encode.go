package photo

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"
	"image/jpeg"
)

// Qualities of JPEG between which the best that fits is searched; below the least a face breaks into
// blocks, and the picture is made smaller instead.
const (
	bestQuality  = 88
	leastQuality = 38
)

func encodeBoth(record *image.RGBA) (Renditions, error) {
	card := record
	if w := record.Bounds().Dx(); w > CardWidth {
		card = shrink(record, record.Bounds(), CardWidth, CardHeight)
	}
	var r Renditions
	var err error
	if r.Record, r.Width, r.Height, err = encode(record, RecordBytes); err != nil {
		return Renditions{}, err
	}
	if r.Card, _, _, err = encode(card, CardBytes); err != nil {
		return Renditions{}, err
	}
	r.CardHash, r.RecordHash = sha256.Sum256(r.Card), sha256.Sum256(r.Record)
	return r, nil
}

// encode writes the best JPEG of at most limit bytes, and says how large its picture is.
func encode(img *image.RGBA, limit int) (data []byte, w, h int, err error) {
	for {
		w, h = img.Bounds().Dx(), img.Bounds().Dy()
		lo, hi := leastQuality, bestQuality
		for lo <= hi {
			q := (lo + hi + 1) / 2
			var b bytes.Buffer
			if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: q}); err != nil {
				return nil, 0, 0, fmt.Errorf("encode photo: %w", err)
			}
			if b.Len() <= limit {
				data, lo = b.Bytes(), q+1
			} else {
				hi = q - 1
			}
		}
		if data != nil {
			return data, w, h, nil
		}
		// Noise of a dark room does not compress: fewer pixels show the face as well.
		img = shrink(img, img.Bounds(), max(1, w*4/5), max(1, h*4/5))
	}
}
