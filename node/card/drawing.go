package card

import "image/color"

// A drawing is one page: its size and what is on it, in millimetres from the top left corner.
type drawing struct {
	w, h float64
	ops  []op
}

// op is one of bars, shape, text and picture. Later ones lie over earlier ones.
type op interface {
	// moved is the same operation dx to the right and dy down.
	moved(dx, dy float64) op
}

func (d *drawing) add(ops ...op) { d.ops = append(d.ops, ops...) }

// place puts all of another drawing onto this one.
func (d *drawing) place(other drawing, x, y float64) {
	for _, o := range other.ops {
		d.ops = append(d.ops, o.moved(x, y))
	}
}

// rect is an upright rectangle.
type rect struct{ x, y, w, h float64 }

func (r rect) right() float64  { return r.x + r.w }
func (r rect) bottom() float64 { return r.y + r.h }
func (r rect) moved(dx, dy float64) rect {
	return rect{r.x + dx, r.y + dy, r.w, r.h}
}

// overlaps says whether two rectangles share more than an edge.
func (r rect) overlaps(o rect) bool {
	return r.x < o.right() && o.x < r.right() && r.y < o.bottom() && o.y < r.bottom()
}

// bars are rectangles of one colour with sharp edges: lines, bands, modules of a code. They are
// filled as one path, so that neighbours leave no hairline between them.
type bars struct {
	rects []rect
	fill  color.RGBA
}

func (b bars) moved(dx, dy float64) op {
	out := make([]rect, len(b.rects))
	for i, r := range b.rects {
		out[i] = r.moved(dx, dy)
	}
	return bars{out, b.fill}
}

func bar(x, y, w, h float64, fill color.RGBA) bars { return bars{[]rect{{x, y, w, h}}, fill} }

// shape is a filled outline with curves.
type shape struct {
	path []step
	fill color.RGBA
}

func (s shape) moved(dx, dy float64) op {
	out := make([]step, len(s.path))
	for i, st := range s.path {
		for j := range st.p {
			st.p[j].x += dx
			st.p[j].y += dy
		}
		out[i] = st
	}
	return shape{out, s.fill}
}

type point struct{ x, y float64 }

// step is one move of the pen to p[2]: 'M' without drawing, 'L' along a line, 'Q' and 'C' along a curve
// with one control point (p[1]) or two (p[0], p[1]). 'Z' closes the outline and uses no point.
type step struct {
	kind byte
	p    [3]point
}

// used are the points that a step of this kind has.
func (s *step) used() []point {
	switch s.kind {
	case 'C':
		return s.p[:]
	case 'Q':
		return s.p[1:]
	case 'Z':
		return nil
	}
	return s.p[2:]
}

func moveTo(x, y float64) step { return step{'M', [3]point{{}, {}, {x, y}}} }
func lineTo(x, y float64) step { return step{'L', [3]point{{}, {}, {x, y}}} }
func curveTo(ax, ay, bx, by, x, y float64) step {
	return step{'C', [3]point{{ax, ay}, {bx, by}, {x, y}}}
}
func quadTo(ax, ay, x, y float64) step { return step{'Q', [3]point{{}, {ax, ay}, {x, y}}} }
func closePath() step                  { return step{kind: 'Z'} }

// quarter is how far a control point lies along the tangent of a quarter circle of radius 1.
const quarter = 0.5522847498

// roundRect has its own radius at the top and at the bottom.
func roundRect(r rect, top, bottom float64) []step {
	x, y, R, B := r.x, r.y, r.right(), r.bottom()
	t, b := top*(1-quarter), bottom*(1-quarter)
	return []step{
		moveTo(x+top, y), lineTo(R-top, y), curveTo(R-t, y, R, y+t, R, y+top),
		lineTo(R, B-bottom), curveTo(R, B-b, R-b, B, R-bottom, B),
		lineTo(x+bottom, B), curveTo(x+b, B, x, B-b, x, B-bottom),
		lineTo(x, y+top), curveTo(x, y+t, x+t, y, x+top, y), closePath(),
	}
}

// cornersOf is what a rounded rectangle lacks of the upright one: four small pieces that, painted in the
// colour of the ground, round off the picture beneath. They reach a little beyond its edges, so that no
// trace of the picture shines through there.
func cornersOf(r rect, radius float64) []step {
	const beyond = 0.2
	k := radius * (1 - quarter)
	var path []step
	for _, c := range []struct{ x, y, in, down float64 }{
		{r.x, r.y, 1, 1}, {r.right(), r.y, -1, 1}, {r.right(), r.bottom(), -1, -1}, {r.x, r.bottom(), 1, -1},
	} {
		at := func(dx, dy float64) (float64, float64) { return c.x + dx*c.in, c.y + dy*c.down }
		ax, ay := at(k, 0)
		bx, by := at(0, k)
		ex, ey := at(0, radius)
		path = append(path,
			moveTo(at(-beyond, -beyond)), lineTo(at(radius, -beyond)), lineTo(at(radius, 0)),
			curveTo(ax, ay, bx, by, ex, ey), lineTo(at(-beyond, radius)), closePath())
	}
	return path
}

func circle(x, y, r float64) []step {
	return roundRect(rect{x - r, y - r, 2 * r, 2 * r}, r, r)
}

// text is one line, x and y at the start of its baseline. size is the height of the em in millimetres.
// words holds only what the typeface has (see typeface.clean) and width is their measured advance.
type text struct {
	x, y, size float64
	bold       bool
	words      string
	width      float64
	fill       color.RGBA
}

func (t text) moved(dx, dy float64) op { t.x += dx; t.y += dy; return t }

// box is the space a line takes, from the tallest accent to the deepest tail.
func (t text) box() rect { return rect{t.x, t.y - t.size, t.width, t.size * 1.25} }

// picture is a JPEG or PNG stretched over its box.
type picture struct {
	box  rect
	data []byte
	kind string // "jpeg" or "png"
}

func (p picture) moved(dx, dy float64) op { p.box = p.box.moved(dx, dy); return p }
