package card

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestSheetsOfTen(t *testing.T) {
	for _, c := range []struct{ cards, start, pages int }{{30, 1, 3}, {1, 10, 1}, {2, 10, 2}, {10, 0, 1}, {11, 1, 2}, {7, 4, 1}, {8, 4, 2}} {
		var b bytes.Buffer
		faces := slices.Repeat([]Face{sample()}, c.cards)
		if err := Sheet(&b, Faces(faces...), SheetOptions{Options: Options{Made: made()}, Start: c.start}); err != nil {
			t.Fatal(err)
		}
		if n := pageCount(t, b.Bytes()); n != c.pages {
			t.Errorf("%d cards from place %d: %d pages, want %d", c.cards, c.start, n, c.pages)
		}
		b.Reset()
		if err := Sheet(&b, Faces(faces...), SheetOptions{Options: Options{Made: made(), Back: true}, Start: c.start}); err != nil {
			t.Fatal(err)
		}
		if n := pageCount(t, b.Bytes()); n != 2*c.pages {
			t.Errorf("%d cards with backs: %d pages", c.cards, n)
		}
	}
	for _, o := range []SheetOptions{{Start: 11}, {Start: -1}, {Options: Options{OffsetX: 16}}, {Options: Options{OffsetY: math.NaN()}}} {
		if err := Sheet(&bytes.Buffer{}, Faces(sample()), o); err == nil {
			t.Errorf("%+v was taken", o)
		}
	}
	if err := Sheet(&bytes.Buffer{}, Faces(), SheetOptions{}); err == nil {
		t.Error("a sheet of nothing")
	}
}

func pageCount(t *testing.T, pdf []byte) int { t.Helper(); return len(pageSizes(t, pdf)) }

func TestBacksLieBehindTheirFronts(t *testing.T) {
	for place := range PerSheet {
		fx, fy := placeOf(place%2, place/2)
		bx, by := placeOf(1-place%2, place/2)
		if math.Abs(a4Width-fx-Width-bx) > 1e-9 || fy != by {
			t.Errorf("place %d: front at %.2f, back at %.2f", place, fx, bx)
		}
	}
}

func TestFiveHundredAreTheMost(t *testing.T) {
	many := func(n int) error {
		return PDF(&bytes.Buffer{}, func(yield func(Face, error) bool) {
			for i := range n {
				f := sample()
				f.NumberRaw = fmt.Sprintf("014260%06d", i)
				if !yield(f, nil) {
					return
				}
			}
		}, Options{Made: made()})
	}
	if err := many(MaxCards); err != nil {
		t.Error(err)
	}
	if err := many(MaxCards + 1); err == nil {
		t.Error("more than the most were printed")
	}
}

func TestSameFacesSameBytes(t *testing.T) {
	f := sample()
	f.Photo = drawnPhoto()
	if !bytes.Equal(pdfOf(t, f, sample()), pdfOf(t, f, sample())) {
		t.Error("two PDFs of the same cards differ")
	}
}

// TestPrintedCodesAreReadByAScanner needs pdftoppm (poppler-utils) and zbarimg (zbar-tools).
func TestPrintedCodesAreReadByAScanner(t *testing.T) {
	dir := t.TempDir()
	var faces []Face
	want := map[string]bool{}
	for _, f := range hardFaces() {
		faces = append(faces, f)
	}
	for i := range 5 {
		f := sample()
		f.Name = strings.Repeat("Wulandari ", i+1)
		f.NumberRaw = fmt.Sprintf("%012d", 900719925474-int64(i)*77777777)
		faces = append(faces, f)
	}
	for _, f := range faces {
		qr := string(f.QR)
		if qr == "" {
			qr = f.NumberRaw
		}
		want["QR-Code:"+qr], want["CODE-128:"+f.NumberRaw] = true, true
	}
	var cards, sheets bytes.Buffer
	if err := PDF(&cards, Faces(faces...), Options{Made: made()}); err != nil {
		t.Fatal(err)
	}
	if err := Sheet(&sheets, Faces(faces...), SheetOptions{Options: Options{Made: made(), OffsetX: 0.37, OffsetY: -0.61}}); err != nil {
		t.Fatal(err)
	}
	read := scan(t, dir, "card", cards.Bytes())
	for place := range PerSheet { // a person holds one card under the scanner, not ten
		x, y := placeOf(place%sheetColumns, place/sheetColumns)
		px := func(mm float64) string { return strconv.Itoa(int(mm / dot)) }
		read = append(read, scan(t, dir, fmt.Sprint("sheet", place), sheets.Bytes(), "-x", px(x), "-y", px(y), "-W", px(Width), "-H", px(Height))...)
	}
	for w := range want {
		if !slices.Contains(read, w) {
			t.Errorf("%s was not read", w)
		}
	}
	if len(read) != 4*len(faces) {
		t.Errorf("%d codes read of %d", len(read), 4*len(faces))
	}
}

// scan prints a PDF at 300 dpi and reads what is on it.
func scan(t *testing.T, dir, name string, pdf []byte, window ...string) []string {
	t.Helper()
	file := filepath.Join(dir, name+".pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	print := exec.Command("pdftoppm", append(window, "-r", "300", "-gray", file, filepath.Join(dir, name))...)
	if out, err := print.CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm: %v %s", err, out)
	}
	pages, err := filepath.Glob(filepath.Join(dir, name+"-*.pgm"))
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	out, err := exec.Command("zbarimg", append([]string{"--quiet", "--nodbus"}, pages...)...).Output()
	if err != nil && len(out) == 0 {
		t.Fatalf("zbarimg: %v", err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// TestPDFAndPNGAgree looks for every dark pixel of the one within one pixel (0.08 mm) of a dark one of the other.
func TestPDFAndPNGAgree(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "card.pdf")
	if err := os.WriteFile(file, pdfOf(t, sample()), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftoppm", "-png", "-singlefile", "-scale-to-x", "1080", "-scale-to-y", "681", file, filepath.Join(dir, "card")).CombinedOutput()
	if err != nil {
		t.Fatalf("pdftoppm: %v %s", err, out)
	}
	printed, err := os.ReadFile(filepath.Join(dir, "card.png"))
	if err != nil {
		t.Fatal(err)
	}
	shown, err := PNG(sample())
	if err != nil {
		t.Fatal(err)
	}
	a, b := darkness(t, printed), darkness(t, shown)
	strayA, strayB := strays(a, b), strays(b, a)
	if strayA+strayB > 20 { // a few pixels of letters differ by how they are smoothed
		t.Errorf("%d dark pixels only in the PDF, %d only in the PNG", strayA, strayB)
	}
}

func darkness(t *testing.T, data []byte) *image.Gray {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	g := image.NewGray(img.Bounds())
	draw.Draw(g, g.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(g, g.Bounds(), img, image.Point{}, draw.Over)
	return g
}

// strays counts dark pixels without one at least half as dark close by, the round corners apart.
func strays(a, b *image.Gray) int {
	n, size, corner := 0, a.Bounds().Size(), 42
	for y := 1; y < size.Y-1; y++ {
		for x := 1; x < size.X-1; x++ {
			if a.GrayAt(x, y).Y > 80 || (x < corner || x > size.X-corner) && (y < corner || y > size.Y-corner) {
				continue
			}
			near := uint8(255)
			for dy := -1; dy <= 1; dy++ {
				for dx := -1; dx <= 1; dx++ {
					near = min(near, b.GrayAt(x+dx, y+dy).Y)
				}
			}
			if near > 160 {
				n++
			}
		}
	}
	return n
}

func TestPapers(t *testing.T) {
	for name, pages := range map[string]int{"receipt": 4, "form": 1, "recovery": 1, "register": 3} {
		var b bytes.Buffer
		if err := Print(&b, made(), name, papers()[name]); err != nil {
			t.Fatal(err)
		}
		if n := pageCount(t, b.Bytes()); n != pages {
			t.Errorf("%s: %d pages, want %d", name, n, pages)
		}
	}
	if err := Print(&bytes.Buffer{}, made(), "nothing"); err == nil {
		t.Error("no paper was printed")
	}
}

func TestPapersKeepWithinTheirMargins(t *testing.T) {
	face, err := newTypeface()
	if err != nil {
		t.Fatal(err)
	}
	all := papers()
	long := strings.Repeat("kata yang panjang sekali ", 1500)
	all["long"] = Paper{Library: long, Title: long[:200], Footer: long, PageLabel: func(p, n int) string { return fmt.Sprint(p, "/", n) }, Blocks: []Block{
		Paragraph{Text: long}, Heading(long[:300]), PageBreak{}, PageBreak{},
		Table{Columns: []Column{{"a", 1, true}, {long[:90], 1, false}, {"", 0, false}}, Rows: [][]string{{"1", long, "x"}, {strings.Repeat("W", 400)}, {"", "", "", "more"}, nil}},
		Table{}, Words{long[:90], "b"}, Signatures{{long, long, long, long}, {}, {}, {}}, Signatures{},
		Fields{Columns: 9, Fields: []Field{{long, long, 0}, {"a", "123456", 60}, {"b", "1", -1}}},
		Choices{Label: long[:80], Options: []string{long, "b", long[:60], long[:70]}, Ticked: []bool{true}}, Space(40),
	}}
	for name, p := range all {
		for i, page := range layPaper(p, face) {
			for _, o := range page.ops {
				line, ok := o.(text)
				if !ok || line.words == "" {
					continue
				}
				if b := line.box(); b.x < paperMargin-0.01 || b.right() > page.w-paperMargin+0.01 || line.y < 10 || line.y > page.h-8 {
					t.Errorf("%s page %d: %.40q at %v", name, i+1, line.words, b)
				}
			}
		}
	}
}
