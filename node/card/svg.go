package card

import (
	"encoding/base64"
	"fmt"
	"html"
	"image/color"
	"math"
	"strconv"
	"strings"
)

// screenRadius is the corner of a real card in millimetres (ISO/IEC 7810: 3.18), drawn on screens only.
const screenRadius = 3.18

// SVG is the front of the card as one self-contained picture: letters are outlines and photos are
// inside, so it looks the same everywhere. It may stand alone or within an HTML page.
func SVG(f Face) ([]byte, error) { return svgOf(f, front, f.Name+", "+f.NumberGrouped) }

// BackSVG is the other side.
func BackSVG(f Face) ([]byte, error) { return svgOf(f, back, f.Labels.Rules) }

func svgOf(f Face, side func(Face, *typeface, style) (drawing, error), title string) ([]byte, error) {
	t, err := newTypeface()
	if err != nil {
		return nil, err
	}
	d, err := side(f, t, style{radius: screenRadius})
	if err != nil {
		return nil, err
	}
	return paintSVG(d, t, t.clean(f.Heading+", "+title)), nil
}

func paintSVG(d drawing, t *typeface, title string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="%smm" height="%smm" viewBox="0 0 %s %s"><title>%s</title>`+"\n",
		num(d.w), num(d.h), num(d.w), num(d.h), html.EscapeString(title))
	for _, o := range d.ops {
		switch o := o.(type) {
		case bars:
			fmt.Fprintf(&b, `<path fill="%s" shape-rendering="crispEdges" d="%s"/>`, css(o.fill), rectPath(o.rects))
		case shape:
			fmt.Fprintf(&b, `<path fill="%s" d="%s"/>`, css(o.fill), svgPath(o.path))
		case text:
			fmt.Fprintf(&b, `<path fill="%s" aria-label="%s" transform="translate(%s %s)scale(%s)" d="%s"/>`,
				css(o.fill), html.EscapeString(o.words), num(o.x), num(o.y), strconv.FormatFloat(o.size/unitsPerEm, 'f', 6, 64), glyphPath(t, o))
		case picture:
			fmt.Fprintf(&b, `<image x="%s" y="%s" width="%s" height="%s" preserveAspectRatio="none" href="data:image/%s;base64,%s"/>`,
				num(o.box.x), num(o.box.y), num(o.box.w), num(o.box.h), o.kind, base64.StdEncoding.EncodeToString(o.data))
		}
		b.WriteByte('\n')
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

func rectPath(rects []rect) string {
	var b strings.Builder
	for _, r := range rects {
		b.WriteString("M" + num(r.x) + " " + num(r.y) + "h" + num(r.w) + "v" + num(r.h) + "h-" + num(r.w) + "z")
	}
	return b.String()
}

func svgPath(path []step) string {
	var b strings.Builder
	for _, s := range path {
		b.WriteByte(s.kind)
		for i, p := range s.used() {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(num(p.x) + " " + num(p.y))
		}
	}
	return b.String()
}

// glyphPath is the outline of a text in units of its typeface, written with relative whole numbers: a
// third of the size of millimetres, and exact.
func glyphPath(t *typeface, o text) string {
	o.x, o.y, o.size = 0, 0, unitsPerEm
	var b strings.Builder
	var pen, start point
	for _, s := range t.outline(o) {
		if s.kind == 'Z' {
			b.WriteByte('z')
			pen = start
			continue
		}
		b.WriteByte(s.kind + 'a' - 'A')
		for i, p := range s.used() {
			dx, dy := strconv.Itoa(int(math.Round(p.x)-pen.x)), strconv.Itoa(int(math.Round(p.y)-pen.y))
			if i > 0 && dx[0] != '-' {
				b.WriteByte(' ')
			}
			b.WriteString(dx)
			if dy[0] != '-' {
				b.WriteByte(' ')
			}
			b.WriteString(dy)
		}
		pen = point{math.Round(s.p[2].x), math.Round(s.p[2].y)}
		if s.kind == 'M' {
			start = pen
		}
	}
	return b.String()
}

// num writes millimetres to a thousandth, without idle zeros.
func num(v float64) string {
	s := strings.TrimRight(strings.TrimRight(strconv.FormatFloat(v, 'f', 3, 64), "0"), ".")
	if s == "-0" || s == "" {
		return "0"
	}
	return s
}

func css(c color.RGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }
