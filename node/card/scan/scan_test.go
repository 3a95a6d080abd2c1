package scan

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math/rand/v2"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/makiuchi-d/gozxing/qrcode"
)

const cardText = "KTA1:6BFOXN*TS0BI$ZD4N9:9S6RCVN5+O30K3/XIV0W23NTDE6VK G2EP4J0BGJLFX3R3VHXK.PJ:2DPF6R:5SVBHABVCNN95SWMPHQUHQN%A400H%UBT16Y51Y9AT1:+P6YBKD0:XB7NGJQOIS7I$HSVU6AXUZ"

// drawn is a code, so many pixels wide, on a desk before a webcam of 1280 × 720.
func drawn(t testing.TB, w gozxing.Writer, format gozxing.BarcodeFormat, text string, wide, high int) *image.Gray {
	t.Helper()
	code, err := w.Encode(text, format, wide, high, nil)
	if err != nil {
		t.Fatal(err)
	}
	frame := image.NewGray(image.Rect(0, 0, 1280, 720))
	for i := range frame.Pix {
		frame.Pix[i] = 110
	}
	at := image.Rect(400, 200, 400+code.GetWidth(), 200+code.GetHeight())
	draw.Draw(frame, at.Inset(-40), image.NewUniform(color.Gray{225}), image.Point{}, draw.Src)
	draw.Draw(frame, at, code, image.Point{}, draw.Src)
	random := rand.New(rand.NewPCG(1, 2))
	for i, v := range frame.Pix { // the noise of a cheap camera
		frame.Pix[i] = uint8(max(0, min(255, int(v)*8/10+20+random.IntN(21)-10)))
	}
	return frame
}

func asFrame(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 80}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestFrames before a webcam: a card's QR near and a little further away, its bars, and nothing.
func TestFrames(t *testing.T) {
	for _, side := range []int{180, 250, 420} {
		got, found, ferr := Frame(asFrame(t, drawn(t, qrcode.NewQRCodeWriter(), gozxing.BarcodeFormat_QR_CODE, cardText, side, side)))
		if ferr != nil || !found || !got.QR || got.Text != cardText {
			t.Errorf("QR of %d pixels: %v %v %q", side, ferr, found, got.Text)
		}
	}
	got, found, ferr := Frame(asFrame(t, drawn(t, oned.NewCode128Writer(), gozxing.BarcodeFormat_CODE_128, "014260000012", 480, 90)))
	if ferr != nil || !found || got.QR || got.Text != "014260000012" {
		t.Errorf("bars: %v %v %+v", ferr, found, got)
	}
	if got, found, err := Frame(asFrame(t, image.NewGray(image.Rect(0, 0, 1280, 720)))); err != nil || found {
		t.Errorf("nothing: %v %+v", err, got)
	}
	for name, content := range map[string][]byte{"nothing": nil, "words": []byte("halo"), "too large": make([]byte, FrameBytes+1),
		"too wide": asFrame(t, image.NewGray(image.Rect(0, 0, 3000, 10))), "cut": asFrame(t, image.NewGray(image.Rect(0, 0, 1280, 720)))[:400]} {
		if _, _, err := Frame(content); err != ErrFrame {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzFrame(f *testing.F) {
	f.Add(asFrame(f, drawn(f, qrcode.NewQRCodeWriter(), gozxing.BarcodeFormat_QR_CODE, "KTA1:ABC", 200, 200)))
	f.Add([]byte("\xff\xd8\xff\xe0"))
	f.Fuzz(func(t *testing.T, content []byte) {
		if _, _, err := Frame(content); err != nil && err != ErrFrame {
			t.Fatal(err)
		}
	})
}

// BenchmarkFrame is one picture of a webcam with a card in it, and one without.
func BenchmarkFrame(b *testing.B) {
	for name, content := range map[string][]byte{"card": asFrame(b, drawn(b, qrcode.NewQRCodeWriter(), gozxing.BarcodeFormat_QR_CODE, cardText, 300, 300)), "none": asFrame(b, image.NewGray(image.Rect(0, 0, 1280, 720)))} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, _, err := Frame(content); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
