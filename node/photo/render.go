package photo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// Limits of what is taken. Zero fields mean the defaults.
type Limits struct {
	// Bytes of the file; 15 MB.
	Bytes int64
	// Pixels in all, 40 million, and Side of the longer one, 12,000.
	Pixels, Side int
	// Memory that decoding may need by estimate, in bytes; 160 MiB. Progressive JPEG and PNG need several
	// times what a plain JPEG of the same size does.
	Memory int64
}

func (l Limits) orDefaults() Limits {
	if l.Bytes == 0 {
		l.Bytes = 15_000_000
	}
	if l.Pixels == 0 {
		l.Pixels = 40_000_000
	}
	if l.Side == 0 {
		l.Side = 12_000
	}
	if l.Memory == 0 {
		l.Memory = 160 << 20
	}
	return l
}

// Sizes of the two renditions: pixels at most, bytes at most.
const (
	CardWidth, CardHeight     = 240, 320
	RecordWidth, RecordHeight = 480, 640

	CardBytes   = 12_000
	RecordBytes = 60_000
)

// Renditions of one picture: JPEG, upright, 3:4, without metadata.
type Renditions struct {
	Card, Record         []byte
	CardHash, RecordHash [32]byte // SHA-256
	// Width and Height of Record in pixels; a small original is not enlarged.
	Width, Height int
}

// Studio makes renditions, one at a time: a decoded picture needs more memory than all the rest of a node.
type Studio struct {
	limits Limits
	turn   chan struct{}
}

// NewStudio makes a studio with these limits.
func NewStudio(l Limits) *Studio {
	return &Studio{limits: l.orDefaults(), turn: make(chan struct{}, 1)}
}

// Render reads a picture from src and makes its renditions. A nil crop takes the largest 3:4 frame. It
// waits for its turn as long as ctx allows. Errors: *Rejected for a picture that cannot be used, the
// context's error, or that of src.
func (s *Studio) Render(ctx context.Context, src io.Reader, crop *Crop) (Renditions, error) {
	data, err := s.read(src)
	if err != nil {
		return Renditions{}, err
	}
	kind, err := sniff(data)
	if err != nil {
		return Renditions{}, err
	}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return Renditions{}, ctx.Err()
	}
	if err := ctx.Err(); err != nil {
		return Renditions{}, err
	}
	record, err := s.develop(data, kind, crop)
	if err != nil {
		return Renditions{}, err
	}
	return encodeBoth(record)
}

func (s *Studio) read(src io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(src, s.limits.Bytes+1))
	if err != nil {
		return nil, fmt.Errorf("read photo: %w", err)
	}
	if int64(len(data)) > s.limits.Bytes {
		return nil, reject(TooManyBytes, nil)
	}
	return data, nil
}

// develop decodes, crops, shrinks and turns: the record's picture.
func (s *Studio) develop(data []byte, kind format, crop *Crop) (*image.RGBA, error) {
	orient, err := s.measure(data, kind)
	if err != nil {
		return nil, err
	}
	img, err := decode(data, kind)
	if err != nil {
		return nil, reject(Broken, err)
	}
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	uw, uh := w, h
	if orient.swaps() {
		uw, uh = h, w
	}
	frame := defaultFrame(uw, uh)
	if crop != nil {
		frame = crop.frame(uw, uh)
	}
	if frame.Dx() < leastW || frame.Dy() < leastH {
		return nil, reject(TooSmall, nil)
	}
	tw, th := RecordWidth, RecordHeight
	if frame.Dx() < tw {
		tw, th = frame.Dx(), frame.Dx()*4/3
	}
	if orient.swaps() {
		tw, th = th, tw
	}
	stored := orient.stored(frame, w, h).Add(img.Bounds().Min)
	return orient.turn(shrink(img, stored, tw, th)), nil
}

// measure holds the header against the limits before a pixel is decoded, and finds the orientation.
func (s *Studio) measure(data []byte, kind format) (orientation, error) {
	var c image.Config
	var err error
	orient, perPixel := upright, 4.0
	switch kind {
	case formatJPEG:
		c, err = jpeg.DecodeConfig(bytes.NewReader(data))
		head := readJPEGHead(data)
		orient, perPixel = head.orient, head.samples
		if head.progressive { // keeps a 32-bit coefficient for every sample
			perPixel *= 5
		}
	case formatPNG:
		c, err = png.DecodeConfig(bytes.NewReader(data))
		if c.ColorModel == color.NRGBA64Model || c.ColorModel == color.RGBA64Model {
			perPixel = 8
		}
		orient = readOrientation(exifOf(data, kind))
	case formatWebP:
		c, err = webp.DecodeConfig(bytes.NewReader(data))
		orient = readOrientation(exifOf(data, kind))
	}
	if err != nil {
		return upright, reject(Broken, err)
	}
	l := s.limits
	if c.Width > l.Side || c.Height > l.Side || c.Width*c.Height > l.Pixels || float64(c.Width)*float64(c.Height)*perPixel > float64(l.Memory) {
		return upright, reject(TooManyPixels, nil)
	}
	if c.Width < 1 || c.Height < 1 {
		return upright, reject(Broken, nil)
	}
	return orient, nil
}

// decode turns a decoder's panic into an error: the bytes are a stranger's, and one bad file must not
// end the node.
func decode(data []byte, kind format) (img image.Image, err error) {
	defer func() {
		if p := recover(); p != nil {
			img, err = nil, fmt.Errorf("decoder gave up: %v", p)
		}
	}()
	r := bytes.NewReader(data)
	switch kind {
	case formatJPEG:
		return jpeg.Decode(r)
	case formatPNG:
		return png.Decode(r)
	case formatWebP:
		return webp.Decode(r)
	}
	return nil, errors.New("unknown format")
}
