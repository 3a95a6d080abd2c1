package card

import (
	"bytes"
	"errors"
	"flag"
	"image"
	"image/color"
	"image/png"
	"iter"
	"math"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/makiuchi-d/gozxing/qrcode"
	"pgregory.net/rapid"

	"simpul/node/library"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestSVGIsTheGoldenOne(t *testing.T) {
	for name, draw := range map[string]func(Face) ([]byte, error){"front.svg": SVG, "back.svg": BackSVG} {
		got, err := draw(sample())
		if err != nil {
			t.Fatal(err)
		}
		path := "testdata/" + name
		if *update {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, bytes.ReplaceAll(want, []byte("\r\n"), []byte("\n"))) {
			t.Errorf("%s changed; look at it, then go test ./node/card -update", path)
		}
	}
}

func TestNothingLeavesTheCardOrTouchesACode(t *testing.T) {
	face, err := newTypeface()
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range hardFaces() {
		t.Run(name, func(t *testing.T) { checkFront(t, f, face) })
	}
}

func TestNothingTouchesACodeWhateverTheName(t *testing.T) {
	face, err := newTypeface()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		f := sample()
		f.Name = rapid.OneOf(rapid.String(), rapid.StringMatching(`[A-Z][a-z']{0,14}( [A-Z][a-z]{1,14}){0,8}`)).Draw(t, "name")
		f.Branch = rapid.String().Draw(t, "branch")
		f.KindLabel = rapid.StringMatching(`[A-Za-z ]{0,60}`).Draw(t, "kind")
		f.Labels.Kind = rapid.StringMatching(`[A-Za-z ]{0,60}`).Draw(t, "label")
		f.Heading = rapid.StringMatching(`[A-Za-z ]{0,120}`).Draw(t, "heading")
		f.NumberRaw = rapid.StringMatching(`[0-9]{1,20}`).Draw(t, "number")
		f.NumberGrouped = rapid.SampledFrom([]string{"", "014 26 0 00123 7", strings.Repeat("9 ", 60), strings.Repeat("8", 90)}).Draw(t, "grouped")
		checkFront(t, f, face)
	})
}

type reporter interface {
	Fatal(...any)
	Errorf(string, ...any)
}

// checkFront finds words, pictures and shapes over a code or its quiet zone, over each other, or off the card.
func checkFront(t reporter, f Face, face *typeface) {
	d, err := front(f, face, style{})
	if err != nil {
		t.Fatal(err)
	}
	strip, err := code128Of(f.NumberRaw, columnX, barsY, barsH)
	if err != nil {
		t.Fatal(err)
	}
	page := rect{0, 0, Width, Height}
	content := f.QR
	if len(content) == 0 {
		content = []byte(f.NumberRaw)
	}
	qr, err := qrOf(content, qrX, qrY)
	if err != nil {
		t.Fatal(err)
	}
	square := qr.area
	if !within(strip.area, page) || !within(square, page) || strip.area.overlaps(square) {
		t.Errorf("codes at %v and %v", strip.area, square)
	}
	var words []rect
	for _, o := range d.ops {
		var box rect
		switch o := o.(type) {
		case text:
			if o.words == "" {
				continue
			}
			box = o.box()
			for _, other := range words {
				// Lines of one block stand close; only overlapping letters count.
				if (rect{box.x, o.y - o.size*0.7, box.w, o.size * 0.7}).overlaps(other) {
					t.Errorf("%q at %v lies on other words at %v", o.words, box, other)
				}
			}
			words = append(words, rect{box.x, o.y - o.size*0.7, box.w, o.size * 0.7})
		case picture:
			box = o.box
		default:
			continue
		}
		if box.overlaps(square) || box.overlaps(strip.area) || !within(box, page) {
			t.Errorf("%v %+v touches a code or leaves the card", box, o)
		}
	}
}

func within(r, page rect) bool {
	const hair = 1e-9
	return r.x >= -hair && r.y >= -hair && r.right() <= page.w+hair && r.bottom() <= page.h+hair
}

func TestNameTakesALineBeforeItShrinks(t *testing.T) {
	face, err := newTypeface()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		lines []string
		least float64
	}{
		{"Ayu Lestari Wulandari", []string{"Ayu Lestari Wulandari"}, 2.9},
		{"Raden Ajeng Kusumaningtyas Wijayanti Puspitasari Hadiningrat", []string{"Raden Ajeng", "Kusumaningtyas Wijayanti", "Puspitasari Hadiningrat"}, 2.2},
		{"Muhammad Abdurrahman Hidayatullah", []string{"Muhammad Abdurrahman", "Hidayatullah"}, 2.5},
		{"U", []string{"U"}, nameLargest},
		{"", nil, nameLargest},
	} {
		lines, size := face.fitName(c.name, columnW)
		if strings.Join(lines, "|") != strings.Join(c.lines, "|") || size < c.least {
			t.Errorf("%q: %q at %.2f mm", c.name, lines, size)
		}
	}
	lines, _ := face.fitName(strings.Repeat("Wimbawati Mangunkusumo ", 5), columnW)
	if len(lines) != 3 || !strings.HasSuffix(lines[2], "…") {
		t.Errorf("too long a name: %q", lines)
	}
}

func TestModulesAreWholeDotsWithTheirQuietZone(t *testing.T) {
	for _, number := range []string{"7", "014260001237", "2026112300012345", "JKT-2026-000123"} {
		c, err := code128Of(number, columnX, barsY, barsH)
		if err != nil {
			t.Fatal(err)
		}
		m := c.bars.rects[0].w / 2 // the start sign begins with a bar of two modules
		wholeDots(t, number, m, 3)
		last := c.bars.rects[len(c.bars.rects)-1]
		if left, right := c.bars.rects[0].x-c.area.x, c.area.right()-last.right(); math.Min(left, right) < 10*m-1e-9 {
			t.Errorf("%s: quiet zone %.3f and %.3f mm with modules of %.3f", number, left, right, m)
		}
	}
	for _, content := range [][]byte{[]byte("014260001237"), signedLooking(), bytes.Repeat([]byte("a"), 331)} {
		c, err := qrOf(content, qrX, qrY)
		if err != nil {
			t.Fatal(err)
		}
		first := c.bars.rects[0] // the finder's upper edge: seven modules
		wholeDots(t, string(content[:5]), first.w/7, 4)
		if first.x-c.area.x < 4*first.w/7-1e-9 || first.y-c.area.y < 4*first.w/7-1e-9 {
			t.Errorf("QR quiet zone of %d bytes", len(content))
		}
	}
}

// TestAQRHasTheCorrectionThereIsRoomFor: the dirt that a card may carry hangs on it, and few tries do not show it.
func TestAQRHasTheCorrectionThereIsRoomFor(t *testing.T) {
	for content, modules := range map[string]int{
		"014260001237":           21, // version 1 at level H
		strings.Repeat("A", 311): 69, // a signed card at its longest: version 13 at level Q
		strings.Repeat("a", 331): 69, // version 13 at level M, and no more
	} {
		c, err := qrOf([]byte(content), qrX, qrY)
		if err != nil {
			t.Fatal(err)
		}
		first := c.bars.rects[0]
		if n := int(math.Round((c.area.w - 2*(first.x-c.area.x)) / (first.w / 7))); n != modules {
			t.Errorf("%d characters on %d modules, want %d", len(content), n, modules)
		}
	}
}

func wholeDots(t *testing.T, what string, module float64, least int) {
	t.Helper()
	n := module / dot
	if math.Abs(n-math.Round(n)) > 1e-6 || n < float64(least)-1e-6 {
		t.Errorf("%s: a module of %.4f dots", what, n)
	}
}

func TestErrorsReachTheCaller(t *testing.T) {
	with := func(change func(*Face)) Face { f := sample(); change(&f); return f }
	for want, f := range map[string]Face{
		KeyNumberMissing:     with(func(f *Face) { f.NumberRaw = "" }),
		KeyNumberUnprintable: with(func(f *Face) { f.NumberRaw = "0142\n60" }),
		KeyNumberTooLong:     with(func(f *Face) { f.NumberRaw = strings.Repeat("A", 60) }),
		KeyQRTooLong:         with(func(f *Face) { f.QR = bytes.Repeat([]byte("a"), 332) }),
		KeyPhotoUnreadable:   with(func(f *Face) { f.Photo = []byte("%PDF-1.7") }),
		KeyEmblemUnreadable:  with(func(f *Face) { f.Emblem = []byte("GIF89a") }),
	} {
		_, errSVG := SVG(f)
		_, errPNG := PNG(f)
		var b bytes.Buffer
		for _, err := range []error{errSVG, errPNG, PDF(&b, Faces(f), Options{Made: made()}), Sheet(&b, Faces(f), SheetOptions{})} {
			var e *library.Error
			if !errors.As(err, &e) || e.Key != want || library.KindOf(err) != library.KindInvalid {
				t.Errorf("%s: %v", want, err)
			}
		}
		if b.Len() > 0 {
			t.Errorf("%s: %d bytes written", want, b.Len())
		}
	}
	lost := errors.New("photo is gone")
	var broken iter.Seq2[Face, error] = func(yield func(Face, error) bool) { yield(Face{}, lost) }
	if err := PDF(&bytes.Buffer{}, broken, Options{}); !errors.Is(err, lost) {
		t.Errorf("error of the sequence: %v", err)
	}
	if err := Sheet(&bytes.Buffer{}, broken, SheetOptions{}); !errors.Is(err, lost) {
		t.Errorf("error of the sequence: %v", err)
	}
}

func TestPNGIsReadByAnotherDecoder(t *testing.T) {
	for name, f := range hardFaces() {
		data, err := PNG(f)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if got := img.Bounds().Size(); got != image.Pt(1080, 681) {
			t.Errorf("%s: %v pixels", name, got)
		}
		want := string(f.QR)
		if want == "" {
			want = f.NumberRaw
		}
		decode(t, name, qrcode.NewQRCodeReader(), img, want)
		decode(t, name, oned.NewCode128Reader(), img, f.NumberRaw)
	}
}

func decode(t *testing.T, name string, r gozxing.Reader, img image.Image, want string) {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(onWhite(img))
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.Decode(bitmap, map[gozxing.DecodeHintType]interface{}{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		t.Errorf("%s: %v", name, err)
	} else if got.GetText() != want {
		t.Errorf("%s: read %q, printed %q", name, got.GetText(), want)
	}
}

func onWhite(img image.Image) image.Image {
	out := image.NewRGBA(img.Bounds())
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if _, _, _, a := img.At(x, y).RGBA(); a == 0 {
				out.Set(x, y, color.White)
			} else {
				out.Set(x, y, img.At(x, y))
			}
		}
	}
	return out
}

func TestWordsInTheBandKeepTheirContrast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SliceOfN(rapid.Byte(), 3, 3).Draw(t, "ink")
		f := Face{Ink: color.RGBA{b[0], b[1], b[2], 255}}
		c := coloursOf(f)
		if contrast(c.ink, c.onInk) < 3 {
			t.Fatalf("contrast %.2f on %v", contrast(c.ink, c.onInk), f.Ink)
		}
	})
}

func TestEmblemIsPrepared(t *testing.T) {
	src := image.NewNRGBA64(image.Rect(0, 0, 900, 300))
	for i := range src.Pix {
		src.Pix[i] = byte(i * 7)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, src); err != nil {
		t.Fatal(err)
	}
	f := sample()
	f.Emblem = b.Bytes()
	if _, err := SVG(f); err == nil {
		t.Error("an unprepared emblem of 900 pixels was taken")
	}
	small, err := PrepareEmblem(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	c, kind, err := image.DecodeConfig(bytes.NewReader(small))
	if err != nil || c.Width > emblemSide || c.Width < 60 || c.Width/c.Height != 3 || len(small) > MaxEmblem {
		t.Errorf("%s %v %v, %d bytes", kind, c, err, len(small))
	}
	if err := CheckEmblem(small); err != nil {
		t.Error(err)
	}
	if again, err := PrepareEmblem(small); err != nil || !bytes.Equal(again, small) {
		t.Errorf("prepared twice: %d bytes, were %d (%v)", len(again), len(small), err)
	}
	f.Emblem = small
	pdfOf(t, f, f)
	if _, err := PNG(f); err != nil {
		t.Error(err)
	}
}

func TestEmblemThatCannotBeUsed(t *testing.T) {
	encoded := func(w, h int) []byte {
		var b bytes.Buffer
		if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	half := encoded(300, 300)
	for name, c := range map[string]struct {
		data []byte
		key  string
	}{
		"nothing":    {nil, KeyEmblemUnreadable},
		"a letter":   {[]byte("%PDF-1.7"), KeyEmblemUnreadable},
		"half of it": {half[:len(half)/2], KeyEmblemUnreadable},
		"a dot":      {encoded(8, 20), KeyEmblemTooSmall},
		"a poster":   {encoded(7000, 10), KeyEmblemTooLarge},
		"a wall":     {encoded(5000, 5000), KeyEmblemTooLarge},
	} {
		_, err := PrepareEmblem(c.data)
		var e *library.Error
		if !errors.As(err, &e) || e.Key != c.key {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
}

// TestShadedEmblemKeepsItsLook: a drawing with fine shades and a transparent ground fits, and stays close to what it was.
func TestShadedEmblemKeepsItsLook(t *testing.T) {
	src := image.NewNRGBA(image.Rect(0, 0, 600, 600))
	for y := range 600 {
		for x := range 600 {
			if d := math.Hypot(float64(x-300), float64(y-300)); d < 290 {
				src.SetNRGBA(x, y, color.NRGBA{uint8(40 + x/4), uint8(200 - y/5), uint8(d / 2), 255})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, src); err != nil {
		t.Fatal(err)
	}
	small, err := PrepareEmblem(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	img, kind, err := image.Decode(bytes.NewReader(small))
	if err != nil || kind != "png" || len(small) > MaxEmblem {
		t.Fatalf("%s, %d bytes, %v", kind, len(small), err)
	}
	side := img.Bounds().Dx()
	if _, _, _, a := img.At(0, 0).RGBA(); a != 0 {
		t.Error("the ground is no longer transparent")
	}
	for _, at := range []float64{0.2, 0.5, 0.8} {
		p := int(at * float64(side))
		r, g, _, a := img.At(p, p).RGBA()
		want := src.NRGBAAt(int(at*600), int(at*600))
		if a != 0xffff || math.Abs(float64(r>>8)-float64(want.R)) > 20 || math.Abs(float64(g>>8)-float64(want.G)) > 20 {
			t.Errorf("at %.1f: %v, was %v", at, img.At(p, p), want)
		}
	}
}

func TestManyAtOnceDoNotDisturbEachOther(t *testing.T) {
	want := pdfOf(t, sample())
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			var b bytes.Buffer
			if err := PDF(&b, Faces(sample()), Options{Made: made(), Title: "Kartu"}); err != nil || !bytes.Equal(b.Bytes(), want) {
				t.Errorf("another PDF: %v", err)
			}
		})
	}
	all.Wait()
}

func FuzzFront(f *testing.F) {
	for _, face := range hardFaces() {
		f.Add(face.Name, face.NumberRaw, face.Branch, face.QR, face.Photo)
	}
	f.Fuzz(func(t *testing.T, name, number, branch string, qr, photo []byte) {
		face := sample()
		face.Name, face.NumberRaw, face.Branch, face.QR, face.Photo = name, number, branch, qr, photo
		if svg, err := SVG(face); err == nil && !bytes.HasSuffix(svg, []byte("</svg>\n")) {
			t.Error("half a picture")
		}
		// A picture may have a good head and a broken rest: an error, never a panic.
		_ = PDF(&bytes.Buffer{}, Faces(face), Options{Made: made()})
	})
}
