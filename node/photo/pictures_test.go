package photo

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
)

// portrait is a made-up face: blue above, a head at (0.5, 0.35), red in the lower left corner, so that
// every orientation looks different.
func portrait(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			u, v := float64(x)/float64(w), float64(y)/float64(h)
			c := color.RGBA{uint8(40 + 60*u), uint8(90 + 60*v), 200, 255}
			if math.Hypot(u-0.5, (v-0.35)*float64(h)/float64(w)) < 0.18 {
				c = color.RGBA{0xd0, 0x9a, 0x70, 255}
			}
			if u < 0.3 && v > 0.75 {
				c = color.RGBA{220, 20, 20, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func asJPEG(img image.Image) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 90}); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func asPNG(img image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

const place = "GPS 8 12 S 114 22 E"

// tiff is an EXIF block with an orientation, and a text that must not survive.
func tiff(order binary.AppendByteOrder, o int) []byte {
	b := []byte("II*\x00")
	if order.String() == "BigEndian" {
		b = []byte("MM\x00*")
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2)
	for _, e := range [][4]int{{0x010e, 2, len(place), 38}, {0x0112, 3, 1, o}} {
		b = order.AppendUint16(b, uint16(e[0]))
		b = order.AppendUint16(b, uint16(e[1]))
		b = order.AppendUint32(b, uint32(e[2]))
		if e[1] == 3 {
			b = order.AppendUint16(b, uint16(e[3]))
			b = order.AppendUint16(b, 0)
			continue
		}
		b = order.AppendUint32(b, uint32(e[3]))
	}
	b = order.AppendUint32(b, 0)
	return append(b, place...)
}

// withEXIF puts a block behind the first two bytes of a JPEG.
func withEXIF(jpg, block []byte) []byte {
	body := append([]byte("Exif\x00\x00"), block...)
	seg := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(body)+2))
	return bytes.Join([][]byte{jpg[:2], seg, body, jpg[2:]}, nil)
}

// stored is how a camera held in orientation o stores an upright picture: the inverse of turning it.
func stored(img *image.RGBA, o orientation) *image.RGBA {
	inverse := map[orientation]orientation{6: 8, 8: 6}[o]
	if inverse == 0 {
		inverse = o
	}
	return inverse.turn(img)
}

// bombPNG claims a size in its header and holds nothing.
func bombPNG(w, h uint32) []byte {
	b := []byte("\x89PNG\r\n\x1a\n")
	head := binary.BigEndian.AppendUint32([]byte("IHDR"), w)
	head = append(binary.BigEndian.AppendUint32(head, h), 8, 2, 0, 0, 0)
	b = append(binary.BigEndian.AppendUint32(b, 13), head...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(head))
}

// bombJPEG has the size in its frame header changed.
func bombJPEG(w, h uint16) []byte {
	b := asJPEG(portrait(64, 64))
	at := bytes.Index(b, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(b[at+5:], h)
	binary.BigEndian.PutUint16(b[at+7:], w)
	return b
}

// tinyWebP is a picture of 1 × 1 in lossless WebP, written by hand after RFC 9649: five codes of one symbol each.
func tinyWebP() []byte {
	return []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\x08\x08\x00")
}
