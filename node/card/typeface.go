package card

import (
	"embed"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

//go:embed fonts/PlusJakartaSans_400Regular.ttf fonts/PlusJakartaSans_700Bold.ttf fonts/OFL.txt
var fontFiles embed.FS

const (
	regularFile = "fonts/PlusJakartaSans_400Regular.ttf"
	boldFile    = "fonts/PlusJakartaSans_700Bold.ttf"
)

// typeface measures and outlines the two weights. Widths are plain sums of advances, without kerning,
// because that is what a PDF viewer draws. It is not safe for concurrent use; each drawing makes its own.
type typeface struct {
	regular, bold *sfnt.Font
	buf           sfnt.Buffer
}

// unitsPerEm of both files; one unit is a thousandth of the size, the same grid as in PDF.
const unitsPerEm = 1000

func newTypeface() (*typeface, error) {
	var t typeface
	for file, into := range map[string]**sfnt.Font{regularFile: &t.regular, boldFile: &t.bold} {
		data, err := fontFiles.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if *into, err = sfnt.Parse(data); err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
	}
	return &t, nil
}

func (t *typeface) weight(bold bool) *sfnt.Font {
	if bold {
		return t.bold
	}
	return t.regular
}

func (t *typeface) glyph(r rune, bold bool) sfnt.GlyphIndex {
	g, err := t.weight(bold).GlyphIndex(&t.buf, r)
	if err != nil {
		return 0
	}
	return g
}

// missing stands for a letter that the typeface does not have.
const missing = '□'

// clean makes words printable: white space becomes one space, control characters and invisible marks
// go, and each letter without a glyph becomes a box. PDF strings here hold 16 bits a letter, and every
// rune that has a glyph is below that.
func (t *typeface) clean(words string) string {
	var b strings.Builder
	space := false
	for _, r := range words {
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
			continue
		case t.glyph(r, false) == 0 || t.glyph(r, true) == 0 || r > 0xffff:
			r = missing
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// width of clean words in millimetres.
func (t *typeface) width(words string, size float64, bold bool) float64 {
	f, units := t.weight(bold), 0
	for _, r := range words {
		a, err := f.GlyphAdvance(&t.buf, t.glyph(r, bold), fixed.I(unitsPerEm), font.HintingNone)
		if err != nil {
			continue
		}
		units += a.Round()
	}
	return float64(units) * size / unitsPerEm
}

// line cleans words and makes them a text operation.
func (t *typeface) line(words string, x, y, size float64, bold bool) text {
	words = t.clean(words)
	return text{x: x, y: y, size: size, bold: bold, words: words, width: t.width(words, size, bold)}
}

// outline is the path of a text, for renderers that have no fonts.
func (t *typeface) outline(s text) []step {
	f, x, k := t.weight(s.bold), s.x, s.size/unitsPerEm/64
	var path []step
	for _, r := range s.words {
		segs, err := f.LoadGlyph(&t.buf, t.glyph(r, s.bold), fixed.I(unitsPerEm), nil)
		if err != nil {
			continue
		}
		at := func(p fixed.Point26_6) (float64, float64) { return x + float64(p.X)*k, s.y + float64(p.Y)*k }
		for i, seg := range segs {
			ax, ay := at(seg.Args[0])
			switch seg.Op {
			case sfnt.SegmentOpMoveTo:
				if i > 0 {
					path = append(path, closePath())
				}
				path = append(path, moveTo(ax, ay))
			case sfnt.SegmentOpLineTo:
				path = append(path, lineTo(ax, ay))
			case sfnt.SegmentOpQuadTo:
				bx, by := at(seg.Args[1])
				path = append(path, quadTo(ax, ay, bx, by))
			case sfnt.SegmentOpCubeTo:
				bx, by := at(seg.Args[1])
				cx, cy := at(seg.Args[2])
				path = append(path, curveTo(ax, ay, bx, by, cx, cy))
			}
		}
		if len(segs) > 0 {
			path = append(path, closePath())
		}
		x += t.width(string(r), s.size, s.bold)
	}
	return path
}
