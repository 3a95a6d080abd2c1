package card

import "strings"

// back lays out the other side: the rules of the library in type that shrinks until they fit.
func back(f Face, t *typeface, radius float64) (drawing, error) {
	c := coloursOf(f)
	d := drawing{w: Width, h: Height}
	d.add(
		shape{roundRect(rect{0, 0, Width, Height}, radius, radius), c.paper},
		shape{roundRect(rect{0, Height - 8.6, Width, 8.6}, 0, radius), c.ink},
		bar(0, Height-9.4, stripeShort, stripe, c.accent),
		bar(stripeShort, Height-9.4, Width-stripeShort, stripe, c.mid),
	)
	if err := emblem(&d, f, c, rect{5, Height - 6.5, 4.4, 4.4}); err != nil {
		return drawing{}, err
	}
	foot := strings.TrimSpace(f.Subheading)
	if foot == "" {
		foot = f.Heading
	}
	d.add(tint(t.fitLine(foot, 11.2, Height-3.7, 1.9, 1.4, Width-16, true), c.onInk))

	const x, w, top, bottom = 5.0, Width - 10, 9.0, Height - 11.4
	d.add(tint(t.fitLine(f.Labels.Rules, x, 6.6, 2.6, 1.8, w, true), c.text))
	size := 2.2
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
