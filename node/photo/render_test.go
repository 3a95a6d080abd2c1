package photo

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"simpul/node/library"
)

func render(t *testing.T, data []byte, crop *Crop) Renditions {
	t.Helper()
	r, err := NewStudio(Limits{}).Render(context.Background(), bytes.NewReader(data), crop)
	if err != nil {
		t.Fatal(err)
	}
	checkRenditions(t, r)
	return r
}

type reporter interface{ Errorf(string, ...any) }

func checkRenditions(t reporter, r Renditions) {
	for name, c := range map[string]struct {
		data             []byte
		w, h, limitBytes int
	}{"card": {r.Card, CardWidth, CardHeight, CardBytes}, "record": {r.Record, RecordWidth, RecordHeight, RecordBytes}} {
		cfg, err := jpeg.DecodeConfig(bytes.NewReader(c.data))
		if err != nil || cfg.Width > c.w || cfg.Height > c.h || len(c.data) > c.limitBytes {
			t.Errorf("%s: %d × %d in %d bytes: %v", name, cfg.Width, cfg.Height, len(c.data), err)
		}
		if math.Abs(float64(cfg.Width)/float64(cfg.Height)-ratio) > 0.02 {
			t.Errorf("%s: %d × %d is not 3:4", name, cfg.Width, cfg.Height)
		}
		if bytes.Contains(c.data, []byte("Exif")) || bytes.Contains(c.data, []byte("GPS")) {
			t.Errorf("%s keeps metadata", name)
		}
	}
}

func TestEveryOrientationStandsUpright(t *testing.T) {
	want := portrait(600, 800)
	for o := upright; o <= 8; o++ {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			data := withEXIF(asJPEG(stored(want, o)), tiff(order, int(o)))
			if !bytes.Contains(data, []byte(place)) {
				t.Fatal("the test has no metadata to remove")
			}
			r := render(t, data, nil)
			if r.Width != 480 || r.Height != 640 {
				t.Errorf("orientation %d: %d × %d", o, r.Width, r.Height)
			}
			near(t, r.Record, want, 0.5, 0.35) // head
			near(t, r.Record, want, 0.1, 0.95) // lower left
			near(t, r.Record, want, 0.9, 0.95)
			near(t, r.Card, want, 0.1, 0.05)
		}
	}
}

// near compares the colour at a place of a JPEG with that of the upright original.
func near(t *testing.T, data []byte, want image.Image, u, v float64) {
	t.Helper()
	got, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	at := func(img image.Image) color.RGBA {
		s := img.Bounds().Size()
		return color.RGBAModel.Convert(img.At(int(u*float64(s.X)), int(v*float64(s.Y)))).(color.RGBA)
	}
	a, b := at(got), at(want)
	for _, d := range []int{int(a.R) - int(b.R), int(a.G) - int(b.G), int(a.B) - int(b.B)} {
		if d < -24 || d > 24 {
			t.Errorf("at %.2f, %.2f: %v, want %v", u, v, a, b)
			return
		}
	}
}

func TestKindsThatAreTaken(t *testing.T) {
	clear := image.NewNRGBA(image.Rect(0, 0, 300, 400)) // transparent: becomes white, not black
	deep := image.NewNRGBA64(image.Rect(0, 0, 300, 400))
	grey := image.NewGray(image.Rect(0, 0, 300, 400))
	for name, data := range map[string][]byte{"png": asPNG(portrait(300, 400)), "transparent": asPNG(clear), "16 bit": asPNG(deep), "grey jpeg": asJPEG(grey), "wide": asJPEG(portrait(1600, 500))} {
		r := render(t, data, nil)
		if name == "transparent" {
			near(t, r.Record, image.NewUniform(color.White), 0, 0)
		}
	}
	if r := render(t, asPNG(portrait(300, 400)), nil); r.Width != 300 {
		t.Errorf("a small picture became %d wide", r.Width)
	}
	// A good WebP of one pixel is taken apart as far as its size.
	expect(t, tinyWebP(), TooSmall)
}

func TestWhatIsRefused(t *testing.T) {
	good := asJPEG(portrait(600, 800))
	box := func(brand string) []byte { return []byte("\x00\x00\x00\x1cftyp" + brand + "\x00\x00\x00\x00mif1") }
	for name, c := range map[string]struct {
		data []byte
		want Reason
	}{
		"nothing":            {nil, Empty},
		"pdf named jpg":      {[]byte("%PDF-1.7\n%..."), PDF},
		"pdf with a preface": {[]byte("\n\n%PDF-1.4"), PDF},
		"heic":               {box("heic"), HEIC},
		"heif":               {box("mif1"), HEIC},
		"avif":               {box("avif"), AVIF},
		"mp4":                {[]byte("\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"), Video},
		"webm":               {[]byte("\x1a\x45\xdf\xa3\x01\x00\x00"), Video},
		"gif":                {[]byte("GIF89a\x01\x00\x01\x00"), GIF},
		"tiff":               {[]byte("MM\x00*\x00\x00\x00\x08"), TIFF},
		"svg":                {[]byte("<?xml version='1.0'?>\n<SVG xmlns='x'>"), SVG},
		"text":               {[]byte("hello"), Unknown},
		"cut jpeg":           {good[:len(good)/2], Broken},
		"head of a jpeg":     {good[:20], Broken},
		"cut png":            {asPNG(portrait(200, 300))[:900], Broken},
		"empty webp":         {[]byte("RIFF\x04\x00\x00\x00WEBP"), Broken},
		"png bomb":           {bombPNG(20_000, 20_000), TooManyPixels},
		"long png bomb":      {bombPNG(1<<31-1, 1), TooManyPixels},
		"jpeg bomb":          {bombJPEG(20_000, 20_000), TooManyPixels},
		"jpeg 41 MP":         {bombJPEG(8_200, 5_000), TooManyPixels},
		"stamp":              {asJPEG(portrait(40, 60)), TooSmall},
		"16 MB":              {append(bytes.Clone(good), make([]byte, 15_000_000)...), TooManyBytes},
	} {
		t.Run(name, func(t *testing.T) { expect(t, c.data, c.want) })
	}
}

func expect(t *testing.T, data []byte, want Reason) {
	t.Helper()
	_, err := NewStudio(Limits{}).Render(context.Background(), bytes.NewReader(data), nil)
	var r *Rejected
	if !errors.As(err, &r) || r.Reason != want {
		t.Fatalf("%v, want %s", err, want)
	}
	var e *library.Error
	if !errors.As(err, &e) || e.Key != "error.photo."+string(want) || library.KindOf(err) != library.KindInvalid {
		t.Errorf("not an error for people: %v", err)
	}
}

func TestLimitsAreTheCallers(t *testing.T) {
	data := asJPEG(portrait(600, 800))
	for _, l := range []Limits{{Bytes: 100}, {Pixels: 1000}, {Side: 700}, {Memory: 1000}} {
		var r *Rejected
		if _, err := NewStudio(l).Render(context.Background(), bytes.NewReader(data), nil); !errors.As(err, &r) {
			t.Errorf("%+v: %v", l, err)
		}
	}
}

func TestNoiseFitsAsWell(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	img := image.NewRGBA(image.Rect(0, 0, 480, 640))
	for i := range img.Pix {
		img.Pix[i] = uint8(rng.Uint32())
	}
	render(t, asPNG(img), nil)
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	s := NewStudio(Limits{})
	s.turn <- struct{}{} // somebody else is at it
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Render(ctx, bytes.NewReader(asJPEG(portrait(120, 160))), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	<-s.turn
	if _, err := s.Render(context.Background(), bytes.NewReader(asJPEG(portrait(120, 160))), nil); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	lost := errors.New("cable pulled")
	if _, err := s.Render(context.Background(), iotest.ErrReader(lost), nil); !errors.Is(err, lost) {
		t.Errorf("%v", err)
	}
}

func TestCropTakesWhatTheFrameHolds(t *testing.T) {
	data := asJPEG(portrait(1200, 1600))
	r := render(t, data, &Crop{X: 0, Y: 0.75, W: 0.25, H: 0.25}) // all red
	for _, p := range []float64{0.05, 0.5, 0.95} {
		near(t, r.Record, image.NewUniform(color.RGBA{220, 20, 20, 255}), p, p)
	}
	// The frame means the picture as the officer sees it, whatever the camera stored.
	turned := withEXIF(asJPEG(stored(portrait(1200, 1600), 6)), tiff(binary.BigEndian, 6))
	near(t, render(t, turned, &Crop{X: 0, Y: 0.75, W: 0.25, H: 0.25}).Record, image.NewUniform(color.RGBA{220, 20, 20, 255}), 0.5, 0.5)
	expectSmall := Crop{X: 0.5, Y: 0.5, W: 0.01, H: 0.01}
	var rej *Rejected
	if _, err := NewStudio(Limits{}).Render(context.Background(), bytes.NewReader(data), &expectSmall); !errors.As(err, &rej) || rej.Reason != TooSmall {
		t.Errorf("%v", err)
	}
}

func TestFrameStaysInsideAndIsThreeToFour(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 9000).Draw(t, "w"), rapid.IntRange(1, 9000).Draw(t, "h")
		part := rapid.OneOf(rapid.Float64Range(-0.5, 1.5), rapid.Float64(), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), 0}))
		c := Crop{part.Draw(t, "x"), part.Draw(t, "y"), part.Draw(t, "cw"), part.Draw(t, "ch")}
		for _, f := range []image.Rectangle{c.frame(w, h), defaultFrame(w, h)} {
			if f.Empty() || !f.In(image.Rect(0, 0, w, h)) {
				t.Fatalf("frame %v of %d × %d", f, w, h)
			}
			if d := math.Abs(float64(f.Dx()) - float64(f.Dy())*ratio); d > 1.01 {
				t.Fatalf("frame %v is not 3:4", f)
			}
		}
		for o := upright; o <= 8; o++ {
			uw, uh := w, h
			if o.swaps() {
				uw, uh = h, w
			}
			f := c.frame(uw, uh)
			if s := o.stored(f, w, h); s.Dx()*s.Dy() != f.Dx()*f.Dy() || !s.In(image.Rect(0, 0, w, h)) {
				t.Fatalf("orientation %d: %v became %v", o, f, s)
			}
		}
	})
}

func TestOrientationOfPNGAndWebP(t *testing.T) {
	block := tiff(binary.BigEndian, 8)
	chunk := append(binary.BigEndian.AppendUint32(nil, uint32(len(block))), "eXIf"...)
	p := asPNG(portrait(10, 10))
	p = bytes.Join([][]byte{p[:33], chunk, block, {0, 0, 0, 0}, p[33:]}, nil)
	if o := readOrientation(exifOf(p, formatPNG)); o != 8 {
		t.Errorf("png: %d", o)
	}
	w := append([]byte("RIFF\x00\x00\x00\x00WEBPEXIF"), binary.LittleEndian.AppendUint32(nil, uint32(len(block)))...)
	if o := readOrientation(exifOf(append(w, block...), formatWebP)); o != 8 {
		t.Errorf("webp: %d", o)
	}
}

func FuzzEXIF(f *testing.F) {
	f.Add(tiff(binary.LittleEndian, 6))
	f.Add(tiff(binary.BigEndian, 9))
	f.Add(withEXIF(asJPEG(portrait(8, 8)), tiff(binary.LittleEndian, 3)))
	f.Add(asPNG(portrait(8, 8)))
	f.Add(tinyWebP())
	f.Add([]byte("II*\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, o := range []orientation{readOrientation(b), readJPEGHead(b).orient, readOrientation(exifOf(b, formatPNG)), readOrientation(exifOf(b, formatWebP))} {
			if o < 1 || o > 8 {
				t.Errorf("orientation %d", o)
			}
		}
		if s := readJPEGHead(b).samples; !(s >= 1 && s <= 255) {
			t.Errorf("%v samples a pixel", s)
		}
	})
}

func FuzzRender(f *testing.F) {
	f.Add(withEXIF(asJPEG(portrait(120, 160)), tiff(binary.LittleEndian, 6)), 0.0, 0.0, 0.5, 0.5)
	f.Add(asPNG(portrait(120, 160)), -1.0, 2.0, 1.0, 0.1)
	f.Add(tinyWebP(), 0.0, 0.0, 0.0, 0.0)
	f.Add(bombPNG(20_000, 20_000), 0.0, 0.0, 1.0, 1.0)
	f.Add([]byte("GIF89a"), 0.0, 0.0, 1.0, 1.0)
	s := NewStudio(Limits{Pixels: 1_000_000, Memory: 8 << 20})
	f.Fuzz(func(t *testing.T, b []byte, x, y, w, h float64) {
		r, err := s.Render(context.Background(), bytes.NewReader(b), &Crop{x, y, w, h})
		var rej *Rejected
		if err == nil {
			checkRenditions(t, r)
		} else if !errors.As(err, &rej) || strings.Contains(err.Error(), "gave up") {
			t.Errorf("%v", err)
		}
	})
}

func TestPNGHeadIsWhatTheBombSays(t *testing.T) {
	c, err := png.DecodeConfig(bytes.NewReader(bombPNG(20_000, 20_000)))
	if err != nil || c.Width != 20_000 {
		t.Fatalf("the bomb is a dud: %v %v", c, err)
	}
}
