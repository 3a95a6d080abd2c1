package card

import (
	"slices"
	"strconv"
)

const (
	cellPad    = 1.6
	cellType   = 3.2
	cellStep   = cellType * 1.32
	leastRow   = cellStep + 2*cellPad
	numberWide = 10.0
)

// grid is a table with its measures in millimetres.
type grid struct {
	Table
	x, w []float64
}

func (t Table) set(s *setter) {
	if len(t.Columns) == 0 {
		return
	}
	g := t.measure(s.width())
	g.head(s)
	for n := range len(t.Rows) + max(0, t.Blank) {
		var cells []string
		if n < len(t.Rows) {
			cells = t.Rows[n]
		}
		if t.Numbered {
			cells = slices.Concat([]string{strconv.Itoa(n + 1)}, cells)
		}
		g.row(s, cells)
	}
	s.y += 4
}

// measure gives each column its share of the width.
func (t Table) measure(width float64) grid {
	g := grid{Table: t}
	x, sum, widest := paperMargin, 0.0, 0.01
	for _, c := range t.Columns {
		widest = max(widest, c.Share)
	}
	share := func(c Column) float64 { return max(c.Share, widest/20) } // a letter always fits
	for _, c := range t.Columns {
		sum += share(c)
	}
	if t.Numbered {
		g.Columns = slices.Concat([]Column{{Head: "No", Right: true}}, t.Columns)
		g.x, g.w = append(g.x, x), append(g.w, numberWide)
		x += numberWide
		width -= numberWide
	}
	for _, c := range t.Columns {
		w := width * share(c) / sum
		g.x, g.w = append(g.x, x), append(g.w, w)
		x += w
	}
	return g
}

func (g grid) head(s *setter) {
	heads := make([]string, len(g.Columns))
	for i, c := range g.Columns {
		heads[i] = c.Head
	}
	lines := g.wrap(s, heads, true)
	high := max(leastRow, float64(tallest(lines))*cellStep+2*cellPad)
	s.need(high + max(leastRow, g.RowHeight))
	s.add(bar(paperMargin, s.y, s.width(), high, mix(s.c.paper, s.c.mid, 0.12)))
	g.print(s, lines, 0, tallest(lines), true)
	s.y += high
	s.add(bar(paperMargin, s.y-0.3, s.width(), 0.3, s.c.ink))
}

// row prints one row; one that is taller than what a page holds goes on over the next.
func (g grid) row(s *setter, cells []string) {
	lines := g.wrap(s, cells, false)
	all := max(1, tallest(lines))
	for from := 0; from < all; {
		high := max(leastRow, g.RowHeight, float64(all-from)*cellStep+2*cellPad)
		if s.y+high > s.bottom() && s.y > paperTop+3*leastRow {
			s.newPage()
			g.head(s)
		}
		to := min(all, from+max(1, int((s.bottom()-s.y-2*cellPad)/cellStep)))
		g.print(s, lines, from, to, false)
		s.y += max(leastRow, g.RowHeight, float64(to-from)*cellStep+2*cellPad)
		s.add(bar(paperMargin, s.y, s.width(), 0.15, s.c.shadow))
		from = to
	}
}

func (g grid) wrap(s *setter, cells []string, bold bool) [][]string {
	lines := make([][]string, len(g.Columns))
	for i := range g.Columns {
		if i < len(cells) {
			lines[i] = s.t.wrap(cells[i], cellType, g.w[i]-2*cellPad, bold)
		}
	}
	return lines
}

// print sets the lines from up to to of every cell at the current height.
func (g grid) print(s *setter, cells [][]string, from, to int, bold bool) {
	for i, lines := range cells {
		for n := from; n < min(to, len(lines)); n++ {
			l := s.t.line(lines[n], g.x[i]+cellPad, s.y+cellPad+float64(n-from)*cellStep+cellType, cellType, bold)
			if g.Columns[i].Right {
				l.x = g.x[i] + g.w[i] - cellPad - l.width
			}
			s.add(tint(l, s.c.text))
		}
	}
}

func tallest(cells [][]string) int {
	n := 0
	for _, lines := range cells {
		n = max(n, len(lines))
	}
	return n
}
