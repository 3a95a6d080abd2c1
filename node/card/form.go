package card

import "strconv"

const (
	fieldStep  = 9.5 // from the top of a label to the line to write on
	fieldGap   = 8.0 // between two columns of fields
	fieldLabel = 2.9
	digitBox   = 5.2
	tickBox    = 4.0
)

func (f Fields) set(s *setter) {
	columns := min(max(f.Columns, 1), 3)
	w := (s.width() - float64(columns-1)*fieldGap) / float64(columns)
	for i := 0; i < len(f.Fields); i += columns {
		s.need(fieldStep + 3)
		for c := 0; c < columns && i+c < len(f.Fields); c++ {
			f.Fields[i+c].draw(s, paperMargin+float64(c)*(w+fieldGap), w)
		}
		s.y += fieldStep + 3
	}
	s.y += 1.5
}

// draw sets the label above its line, its boxes or its value.
func (f Field) draw(s *setter, x, w float64) {
	s.add(tint(s.t.fitLine(f.Label, x, s.y+fieldLabel, fieldLabel, 2, w, false), s.c.quiet))
	base := s.y + fieldStep
	if f.Cells <= 0 {
		s.add(dots(x, base, w, s.c.quiet), tint(s.t.fitLine(f.Value, x, base-1.2, paperType, 2.2, w, true), s.c.text))
		return
	}
	side := min(digitBox, w/float64(f.Cells))
	value := []rune(s.t.clean(f.Value))
	for i := range f.Cells {
		box := rect{x + float64(i)*side, base - side + 0.6, side, side}
		s.add(frame(box, 0.2, s.c.quiet))
		if i < len(value) {
			digit := s.t.line(string(value[i]), 0, box.bottom()-side*0.27, side*0.65, true)
			digit.x = box.x + (side-digit.width)/2
			s.add(tint(digit, s.c.text))
		}
	}
}

func (c Choices) set(s *setter) {
	s.need(fieldStep)
	if c.Label != "" {
		s.lines(c.Label, fieldLabel, false, s.c.quiet)
		s.y += 0.8
	}
	x := paperMargin
	for i, o := range c.Options {
		l := tint(s.t.fitLine(o, 0, 0, 3.4, 2.2, s.width()-tickBox-2, false), s.c.text)
		if w := tickBox + 2 + l.width; x > paperMargin && x+w > paperMargin+s.width() {
			x = paperMargin
			s.y += 6.4
		}
		if x == paperMargin {
			s.need(6.4)
		}
		box := rect{x, s.y, tickBox, tickBox}
		s.add(frame(box, 0.25, s.c.text), l.moved(x+tickBox+1.6, s.y+tickBox-0.7))
		if i < len(c.Ticked) && c.Ticked[i] {
			s.add(cross(box, s.c))
		}
		x += tickBox + 1.6 + l.width + 6
	}
	s.y += 8
}

func cross(r rect, c colours) shape {
	const a, w = 0.7, 0.45
	x, y, R, B := r.x+a, r.y+a, r.right()-a, r.bottom()-a
	return shape{[]step{
		moveTo(x, y+w), lineTo(x+w, y), lineTo(R, B-w), lineTo(R-w, B), closePath(),
		moveTo(R-w, y), lineTo(R, y+w), lineTo(x+w, B), lineTo(x, B-w), closePath(),
	}, c.text}
}

func (words Words) set(s *setter) {
	const columns, high, size = 3, 13.0, 5.0
	w := s.width() / columns
	for i, word := range words {
		if i%columns == 0 {
			s.need(high)
		}
		x := paperMargin + float64(i%columns)*w
		s.add(
			frame(rect{x, s.y, w - 3, high - 3}, 0.2, s.c.shadow),
			tint(s.t.line(strconv.Itoa(i+1), x+2.4, s.y+6.5, paperSmall, false), s.c.quiet),
			tint(s.t.fitLine(word, x+9, s.y+6.9, size, 2.5, w-14, true), s.c.text),
		)
		if i%columns == columns-1 || i == len(words)-1 {
			s.y += high
		}
	}
	s.y += 3
}

func (all Signatures) set(s *setter) {
	all = all[:min(len(all), 3)]
	if len(all) == 0 {
		return
	}
	const high, gap = 40.0, 10.0
	s.need(high)
	columns := max(len(all), 2)
	w := (s.width() - float64(columns-1)*gap) / float64(columns)
	for i, one := range all {
		x := paperMargin + float64(columns-len(all)+i)*(w+gap)
		for n, words := range []string{one.Above, one.Role} {
			s.add(tint(s.t.fitLine(words, x, s.y+3.4+float64(n)*5, 3.4, 2.2, w, false), s.c.text))
		}
		base := s.y + high - 9
		s.add(
			tint(s.t.fitLine(one.Name, x, base-1, 3.4, 2.2, w, true), s.c.text),
			bar(x, base, w, 0.2, s.c.text),
			tint(s.t.fitLine(one.Below, x, base+4.2, paperSmall, 2, w, false), s.c.quiet),
		)
	}
	s.y += high
}
