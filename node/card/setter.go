package card

import "image/color"

// Margins and type of papers, in millimetres.
const (
	paperMargin  = 18.0
	paperTop     = 24.0 // where the text begins, under the library's name
	paperBottom  = 20.0 // where it ends, above the footer
	paperType    = 3.7  // 10.5 points
	paperSmall   = 2.9
	paperLarge   = 5.0
	paperLeading = 1.42
)

// setter places blocks one under the other and begins pages as they fill.
type setter struct {
	t     *typeface
	c     colours
	paper Paper
	pages []drawing
	w, h  float64
	y     float64 // the next free line of the current page
}

// layPaper is a paper as finished pages.
func layPaper(p Paper, t *typeface) []drawing {
	s := &setter{t: t, c: coloursOf(Face{}), paper: p, w: a4Width, h: a4Height}
	if p.Landscape {
		s.w, s.h = a4Height, a4Width
	}
	s.newPage()
	s.title()
	for _, b := range p.Blocks {
		b.set(s)
	}
	for i := range s.pages {
		s.foot(i)
	}
	return s.pages
}

func (s *setter) width() float64  { return s.w - 2*paperMargin }
func (s *setter) bottom() float64 { return s.h - paperBottom }

func (s *setter) add(ops ...op) { s.pages[len(s.pages)-1].add(ops...) }

func (s *setter) newPage() {
	s.pages = append(s.pages, drawing{w: s.w, h: s.h})
	s.y = paperTop
	s.add(
		tint(s.t.fitLine(s.paper.Library, paperMargin, 14, paperSmall, 2.2, s.width(), true), s.c.text),
		bar(paperMargin, 17, 18, 0.7, s.c.ink),
		bar(paperMargin+18, 17.25, s.width()-18, 0.2, s.c.shadow),
	)
}

// need begins a new page when less than high is left of this one. What is taller than a page starts on
// the current one if that is still empty.
func (s *setter) need(high float64) {
	if s.y+high > s.bottom() && s.y > paperTop {
		s.newPage()
	}
}

func (s *setter) title() {
	if s.paper.Title != "" {
		s.lines(s.paper.Title, 6.2, true, s.c.text)
	}
	if s.paper.Subtitle != "" {
		s.lines(s.paper.Subtitle, paperType, false, s.c.quiet)
	}
	s.y += 4
}

func (s *setter) foot(i int) {
	y, page := s.h-11.0, &s.pages[i]
	right := 0.0
	if s.paper.PageLabel != nil {
		label := s.t.line(s.paper.PageLabel(i+1, len(s.pages)), 0, y, paperSmall, false)
		label.x = s.w - paperMargin - label.width
		right = label.width + 4
		page.add(tint(label, s.c.quiet))
	}
	page.add(tint(s.t.fitLine(s.paper.Footer, paperMargin, y, paperSmall, 2, s.width()-right, false), s.c.quiet))
}

// lines sets running text over the whole width, from page to page.
func (s *setter) lines(words string, size float64, bold bool, ink color.RGBA) {
	step := size * paperLeading
	for _, l := range s.t.wrap(words, size, s.width(), bold) {
		s.need(step)
		s.add(tint(s.t.line(l, paperMargin, s.y+size, size, bold), ink))
		s.y += step
	}
}

func (h Heading) set(s *setter) {
	s.need(36) // with a line of text and the first row of a table
	s.y += 2.5
	s.lines(string(h), 4.4, true, s.c.text)
	s.y += 1
}

func (p Paragraph) set(s *setter) {
	size := paperType
	if p.Large {
		size = paperLarge
	}
	s.lines(p.Text, size, p.Bold, s.c.text)
	s.y += 2.4
}

func (n Space) set(s *setter) {
	s.need(float64(n))
	s.y += float64(n)
}

func (PageBreak) set(s *setter) {
	if s.y > paperTop {
		s.newPage()
	}
}

// frame is the outline of a box, as four bars.
func frame(r rect, thin float64, ink color.RGBA) bars {
	return bars{[]rect{
		{r.x, r.y, r.w, thin}, {r.x, r.bottom() - thin, r.w, thin},
		{r.x, r.y, thin, r.h}, {r.right() - thin, r.y, thin, r.h},
	}, ink}
}

// dots are a line to write on.
func dots(x, y, w float64, ink color.RGBA) bars {
	b := bars{fill: ink}
	for at := 0.0; at < w; at += 1.2 {
		b.rects = append(b.rects, rect{x + at, y, min(0.5, w-at), 0.25})
	}
	return b
}
