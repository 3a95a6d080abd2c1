package card

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// pageSizes are the pages in millimetres, as another library reads them.
func pageSizes(t *testing.T, pdf []byte) []point {
	t.Helper()
	api.DisableConfigDir()
	dims, err := api.PageDims(bytes.NewReader(pdf), model.NewDefaultConfiguration())
	if err != nil {
		t.Fatal(err)
	}
	var pages []point
	for _, d := range dims {
		pages = append(pages, point{d.Width / points, d.Height / points})
	}
	if len(pages) == 0 {
		t.Fatal("no pages")
	}
	return pages
}

// painted is one filled area of a page, as another library reads it: its box in millimetres from the top left corner, its
// colour as the file has it, and whether it is an upright rectangle.
type painted struct {
	rect
	fill  string
	plain bool
}

// areas are the filled areas of a page, in the order in which they are painted.
func areas(t *testing.T, pdf []byte, page int) []painted {
	t.Helper()
	api.DisableConfigDir()
	ctx, err := api.ReadValidateAndOptimize(bytes.NewReader(pdf), model.NewDefaultConfiguration())
	if err != nil {
		t.Fatal(err)
	}
	r, err := pdfcpu.ExtractPageContent(ctx, page)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	high := pageSizes(t, pdf)[page-1].y
	var out, open []painted
	var fill string
	lo, hi := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	reset := func() { lo, hi = point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}; open = nil }
	box := func() rect { return rect{lo.x, high - hi.y, hi.x - lo.x, hi.y - lo.y} }
	inText := false
	for line := range strings.Lines(string(content)) {
		words := strings.Fields(line)
		var args []float64
		for _, w := range words {
			switch n, err := strconv.ParseFloat(w, 64); {
			case w == "BT":
				inText = true
			case w == "ET":
				inText = false
			case inText:
			case err == nil:
				args = append(args, n/points)
				continue
			case w == "m", w == "l", w == "c":
				for i := 0; i+1 < len(args); i += 2 {
					lo = point{min(lo.x, args[i]), min(lo.y, args[i+1])}
					hi = point{max(hi.x, args[i]), max(hi.y, args[i+1])}
				}
			case w == "re":
				x, y, wide, tall := args[0], args[1], args[2], args[3]
				open = append(open, painted{rect{x, high - max(y, y+tall), wide, math.Abs(tall)}, fill, true})
			case w == "rg", w == "g":
				fill = strings.TrimSpace(line)
			case w == "f":
				if len(open) > 0 {
					out = append(out, open...)
				} else if hi.x > lo.x {
					out = append(out, painted{box(), fill, false})
				}
				reset()
			}
			args = nil
		}
	}
	if len(out) == 0 {
		t.Fatal("nothing is painted")
	}
	return out
}

// outlines are the grounds of cards among the areas.
func outlines(all []painted) []rect {
	var out []rect
	for _, a := range all {
		if math.Abs(a.w-Width) < 0.1 && math.Abs(a.h-Height) < 0.1 {
			out = append(out, a.rect)
		}
	}
	return out
}

// near says whether two lengths agree to a tenth of a millimetre.
func near(a, b float64) bool { return math.Abs(a-b) <= 0.1 }

func TestPagesHaveTheirSize(t *testing.T) {
	var sheet, fold, paper, uji, ujiCard bytes.Buffer
	o := Options{Made: made()}
	for _, err := range []error{
		Sheet(&sheet, Faces(sample()), SheetOptions{Options: o}),
		Fold(&fold, Faces(sample()), FoldOptions{SheetOptions: SheetOptions{Options: o}}),
		Print(&paper, made(), "Buku", papers()["register"]),
		Calibration{Options: o}.Print(&uji),
		Calibration{Options: o, Card: true}.Print(&ujiCard),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		pdf  []byte
		w, h float64
	}{
		"card":             {pdfOf(t, sample(), sample()), 85.60, 53.98},
		"sheet":            {sheet.Bytes(), 210, 297},
		"fold":             {fold.Bytes(), 210, 297},
		"register":         {paper.Bytes(), 297, 210},
		"calibration":      {uji.Bytes(), 210, 297},
		"calibration card": {ujiCard.Bytes(), 85.60, 53.98},
	} {
		for _, p := range pageSizes(t, c.pdf) {
			if !near(p.x, c.w) || !near(p.y, c.h) {
				t.Errorf("%s: %.3f × %.3f mm", name, p.x, p.y)
			}
		}
	}
}

// TestCardsLieWhereTheyShould reads the outlines of the cards and the marks back from the files.
func TestCardsLieWhereTheyShould(t *testing.T) {
	const dx, dy = 1.25, -0.75
	var sheet, fold bytes.Buffer
	o := SheetOptions{Options: Options{Made: made(), OffsetX: dx, OffsetY: dy, Back: true}, Start: 4}
	if err := Sheet(&sheet, Faces(sample(), sample(), sample(), sample(), sample(), sample(), sample()), o); err != nil {
		t.Fatal(err)
	}
	o.Start = 2
	if err := Fold(&fold, Faces(sample(), sample(), sample()), FoldOptions{SheetOptions: o}); err != nil {
		t.Fatal(err)
	}
	check := func(name string, all []painted, want []rect) {
		t.Helper()
		got := outlines(all)
		if len(got) != len(want) {
			t.Fatalf("%s: %d cards, want %d", name, len(got), len(want))
		}
		for i, r := range got {
			if !near(r.x, want[i].x) || !near(r.y, want[i].y) || !near(r.right(), want[i].right()) || !near(r.bottom(), want[i].bottom()) {
				t.Errorf("%s: card %d at %+v, want %+v", name, i+1, r, want[i])
			}
		}
	}
	var front, back, folded []rect
	for place := 3; place < PerSheet; place++ { // 18.4 mm and 9.55 mm from the edges, 2 mm apart
		column, row := float64(place%2), float64(place/2)
		y := 9.55 + row*55.98 + dy
		front = append(front, rect{18.4 + column*87.6 + dx, y, Width, Height})
		back = append(back, rect{18.4 + (1-column)*87.6 - dx, y, Width, Height})
	}
	for row := 1.0; row < 4; row++ {
		y := 18 + row*57.98 + dy
		folded = append(folded, rect{19.4 + dx, y, Width, Height}, rect{105 + dx, y, Width, Height})
	}
	all := areas(t, sheet.Bytes(), 1)
	check("sheet", all, front)
	check("its other side", areas(t, sheet.Bytes(), 2), back)
	marks := all[len(all)-28:]
	for _, edge := range []float64{18.4, 104, 106, 191.6} {
		if n := count(marks, func(m painted) bool { return m.h > m.w && near(m.x+m.w/2, edge+dx) }); n != 2 {
			t.Errorf("%d marks at the edge %.1f mm, want 2", n, edge)
		}
	}
	folds := areas(t, fold.Bytes(), 1)
	check("to fold", folds, folded)
	if n := count(folds, func(m painted) bool { return m.h > m.w && m.h < 1.2 && near(m.x+m.w/2, 105+dx) }); n < 100 {
		t.Errorf("%d dashes at the fold", n)
	}
}

func count(all []painted, is func(painted) bool) (n int) {
	for _, a := range all {
		if is(a) {
			n++
		}
	}
	return n
}

// TestFoldSparesToner: only black and white are painted, and black are letters, codes and hairlines.
func TestFoldSparesToner(t *testing.T) {
	f := sample()
	f.Photo, f.QR = drawnPhoto(), signedLooking()
	var b bytes.Buffer
	if err := Fold(&b, Faces(f), FoldOptions{SheetOptions: SheetOptions{Options: Options{Made: made()}}}); err != nil {
		t.Fatal(err)
	}
	codes := 0.0
	for _, a := range areas(t, b.Bytes(), 1) {
		switch a.fill {
		case "1.000 g", "1 g", "1.000 1.000 1.000 rg":
			continue
		case "0.000 g", "0 g", "0.000 0.000 0.000 rg":
		default:
			t.Fatalf("painted in %q", a.fill)
		}
		if min(a.w, a.h) > 0.25 && a.plain {
			codes += a.w * a.h
		} else if !a.plain && a.w*a.h > 16 { // the box of a letter or of the mark
			t.Errorf("a black area of %+v", a.rect)
		}
	}
	if codes > 0.1*Width*Height*2 { // half of what the two codes take
		t.Errorf("%.0f mm² of black bars", codes)
	}
}

func TestCalibrationMeasures(t *testing.T) {
	const dx, dy = -1.5, 2
	for _, c := range []struct {
		card         bool
		lying, tall  float64
		crosses      int
		left, top    float64
		right, lower float64
	}{
		{false, 100, 100, 40, 18.4, 9.55, 191.6, 287.45},
		{true, 60, 30, 4, 5, 5, 80.6, 48.98},
	} {
		var b bytes.Buffer
		page := Calibration{Options: Options{Made: made(), OffsetX: dx, OffsetY: dy}, Card: c.card, Heading: "Uji", Steps: []string{"Ukur.", strings.Repeat("Ukur lagi. ", 60)}}
		if err := page.Print(&b); err != nil {
			t.Fatal(err)
		}
		all := areas(t, b.Bytes(), 1)
		for what, is := range map[string]func(painted) bool{
			"ruler across": func(a painted) bool { return near(a.w, c.lying) && a.h < 0.2 },
			"ruler down":   func(a painted) bool { return near(a.h, c.tall) && a.w < 0.2 },
		} {
			if n := count(all, is); n != 1 {
				t.Errorf("%s on card %v: %d", what, c.card, n)
			}
		}
		for what, is := range map[string]func(painted) bool{
			"upper left": func(a painted) bool {
				return near(a.x+a.w/2, c.left+dx) && near(a.y+a.h/2, c.top+dy)
			},
			"lower right": func(a painted) bool {
				return near(a.x+a.w/2, c.right+dx) && near(a.y+a.h/2, c.lower+dy)
			},
		} {
			if n := count(all, is); n != 2 {
				t.Errorf("%s on card %v: %d arms of a cross, want 2", what, c.card, n)
			}
		}
	}
	if err := (Calibration{Options: Options{OffsetX: 20}}).Print(io.Discard); err == nil {
		t.Error("an offset of 20 mm was taken")
	}
}

// TestShiftedCardHasNoWhiteEdge: the band goes on beyond the card, since a shifted print would otherwise show the paper.
func TestShiftedCardHasNoWhiteEdge(t *testing.T) {
	var b bytes.Buffer
	if err := PDF(&b, Faces(sample()), Options{Made: made(), OffsetX: 2, OffsetY: 1.5}); err != nil {
		t.Fatal(err)
	}
	found := false
	for _, a := range areas(t, b.Bytes(), 1) {
		if a.x <= 0 && a.y <= 0 && a.right() >= Width && near(a.bottom(), bandHeight+1.5) {
			found = true
		}
	}
	if !found {
		t.Error("the band does not reach the edges")
	}
}

func TestFoldTakesFourAPage(t *testing.T) {
	for _, c := range []struct{ cards, start, pages int }{{1, 0, 1}, {4, 1, 1}, {5, 1, 2}, {2, 4, 2}} {
		var b bytes.Buffer
		faces := make([]Face, c.cards)
		for i := range faces {
			faces[i] = sample()
			faces[i].Name = fmt.Sprint("Anggota ", i)
		}
		if err := Fold(&b, Faces(faces...), FoldOptions{SheetOptions: SheetOptions{Options: Options{Made: made()}, Start: c.start}}); err != nil {
			t.Fatal(err)
		}
		if n := len(pageSizes(t, b.Bytes())); n != c.pages {
			t.Errorf("%d cards from place %d: %d pages, want %d", c.cards, c.start, n, c.pages)
		}
	}
	for _, start := range []int{-1, 5} {
		if err := Fold(io.Discard, Faces(sample()), FoldOptions{SheetOptions: SheetOptions{Start: start}}); err == nil {
			t.Errorf("began at place %d", start)
		}
	}
}
