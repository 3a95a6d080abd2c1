package card

import "strings"

// back lays out the other side: the rules of the library in type that shrinks until they fit.
func back(f Face, t *typeface, s style) (drawing, error) {
	c := s.colours(f)
	d := drawing{w: Width, h: Height}
	d.add(shape{roundRect(rect{0, 0, Width, Height}, s.radius, s.radius), c.paper})
	if s.plain {
		d.add(bar(5, Height-9, Width-10, hairline, c.text))
	} else {
		b := s.bleed
		d.add(
			shape{roundRect(rect{-b, Height - 8.6, Width + 2*b, 8.6 + b}, 0, s.radius), c.ink},
			bar(-b, Height-9.4, stripeShort+b, stripe, c.accent),
			bar(stripeShort, Height-9.4, Width-stripeShort+b, stripe, c.mid),
		)
	}
	if err := emblem(&d, f, c, rect{5, Height - 6.5, 4.4, 4.4}, s); err != nil {
		return drawing{}, err
	}
	foot := strings.TrimSpace(f.Subheading)
	if foot == "" {
		foot = f.Heading
	}
	d.add(tint(t.fitLine(foot, 11.2, Height-3.7, 1.9, 1.4, Width-16, true), c.onInk))

	const x, w, top, bottom = 5.0, Width - 10, 9.0, Height - 11.4
	d.add(tint(t.fitLine(f.Labels.Rules, x, 6.6, 2.6, 1.8, w, true), c.text))
	size := 2.5
	for ; size > 1.4 && ruleHeight(f.Rules, t, size, w) > bottom-top; size -= 0.05 {
	}
	y := top
	for _, rule := range f.Rules {
		for i, l := range t.wrap(rule, size, w-3, false) {
			if y += size * 1.3; y > bottom {
				return d, nil
			}
			if i == 0 {
				d.add(shape{circle(x+0.7, y-size*0.33, 0.4), c.mid})
			}
			d.add(tint(t.line(l, x+3, y, size, false), c.text))
		}
		y += size * 0.5
	}
	return d, nil
}

func ruleHeight(rules []string, t *typeface, size, width float64) float64 {
	h := 0.0
	for _, r := range rules {
		h += float64(len(t.wrap(r, size, width-3, false)))*size*1.3 + size*0.5
	}
	return h
}
