package card

import (
	"image/color"
	"strings"
)

// Places on the front, in millimetres.
const (
	bandHeight  = 11.2
	stripe      = 0.8
	stripeShort = 29.1 // the accent's share of the stripe
	hairline    = 0.2  // the line that stands for the band of the plain style

	photoX, photoY = 3.6, 15.0
	photoW, photoH = 18.6, 24.8 // 3:4
	photoRound     = 1.4

	columnX = 25.2 // name, facts, number and bars begin here
	qrX     = 57.4 // the QR's quiet zone begins here
	qrY     = 13.6 // so that the symbol begins beside the photo
	columnW = qrX - columnX - 0.6

	barsY, barsH = 40.9, 6.2
	numberY      = 50.9
)

// front lays out the front of a card.
func front(f Face, t *typeface, s style) (drawing, error) {
	c := s.colours(f)
	d := drawing{w: Width, h: Height}
	if err := band(&d, f, t, c, s); err != nil {
		return drawing{}, err
	}
	if err := portrait(&d, f, t, c, s); err != nil {
		return drawing{}, err
	}
	facts(&d, f, t, c)

	bars, err := code128Of(f.NumberRaw, columnX, barsY, barsH)
	if err != nil {
		return drawing{}, err
	}
	content := f.QR
	if len(content) == 0 {
		content = []byte(f.NumberRaw)
	}
	square, err := qrOf(content, qrX, qrY)
	if err != nil {
		return drawing{}, err
	}
	number := f.NumberGrouped
	if number == "" {
		number = f.NumberRaw
	}
	x := min(columnX, bars.bars.rects[0].x)
	d.add(bars.bars, square.bars)
	groups(&d, t, number, x, c.text)
	return d, nil
}

// groups prints the number for people, with room between its groups; one that is far too long is cut.
func groups(d *drawing, t *typeface, number string, x float64, ink color.RGBA) {
	const wide = 0.5 // more than a space, as a share of the size
	parts := strings.Fields(t.clean(number))
	room, size := Width-x-photoX, 3.1
	for ; size > 1.4 && t.width(strings.Join(parts, ""), size, true)+float64(len(parts)-1)*wide*size > room; size -= 0.05 {
	}
	if size <= 1.4 {
		parts = []string{strings.Join(parts, " ")}
	}
	for _, p := range parts {
		line := t.fitLine(p, x, numberY, size, size, room, true)
		d.add(tint(line, ink))
		x += line.width + wide*size
	}
}

// band is the coloured head of the card with the emblem and two lines of words.
func band(d *drawing, f Face, t *typeface, c colours, s style) error {
	d.add(shape{roundRect(rect{0, 0, Width, Height}, s.radius, s.radius), c.paper})
	if s.plain {
		d.add(bar(photoX, bandHeight, Width-2*photoX, hairline, c.text))
	} else {
		b := s.bleed
		d.add(
			shape{roundRect(rect{-b, -b, Width + 2*b, bandHeight + b}, s.radius, 0), c.ink},
			bar(-b, bandHeight, stripeShort+b, stripe, c.accent),
			bar(stripeShort, bandHeight, Width-stripeShort+b, stripe, c.mid),
		)
	}
	if err := emblem(d, f, c, rect{3.8, 2.6, 6, 6}, s); err != nil {
		return err
	}
	const x = 12.0
	d.add(
		tint(t.fitLine(f.Heading, x, 5.2, 2.5, 1.6, Width-x-3.6, true), c.onInk),
		tint(t.fitLine(f.Subheading, x, 8.2, 1.9, 1.4, Width-x-3.6, false), c.onInkQuiet),
	)
	return nil
}

// emblem draws the library's emblem inside box, or Simpul's mark: an arch over a small sun.
func emblem(d *drawing, f Face, c colours, box rect, s style) error {
	if len(f.Emblem) > 0 {
		p, err := emblemPicture(f.Emblem, box)
		if err == nil && s.plain {
			p, err = p.grey()
		}
		if err != nil {
			return err
		}
		d.add(p)
		return nil
	}
	x, y, r := box.x+box.w/2, box.y+box.h/2, box.w/2
	u := r / 3
	arch := []step{
		moveTo(x-2.05*u, y+0.75*u),
		curveTo(x-1.3*u, y-1.75*u, x+1.3*u, y-1.75*u, x+2.05*u, y+0.75*u),
		curveTo(x+2.15*u, y+1.15*u, x+1.65*u, y+1.2*u, x+1.5*u, y+0.85*u),
		curveTo(x+0.95*u, y-0.95*u, x-0.95*u, y-0.95*u, x-1.5*u, y+0.85*u),
		curveTo(x-1.65*u, y+1.2*u, x-2.15*u, y+1.15*u, x-2.05*u, y+0.75*u),
		closePath(),
	}
	sun := shape{circle(x, y+0.9*u, 0.65*u), c.accent}
	if s.plain {
		d.add(shape{arch, c.text}, sun)
		return nil
	}
	d.add(shape{circle(x, y, r), c.mid}, shape{arch, c.paper}, sun)
	return nil
}

// portrait is the photo with rounded corners, or a silhouette with a note; the plain style has a frame to glue one into.
func portrait(d *drawing, f Face, t *typeface, c colours, s style) error {
	box := rect{photoX, photoY, photoW, photoH}
	if len(f.Photo) > 0 {
		p, err := photoPicture(f.Photo, box)
		if err == nil && s.plain {
			p, err = p.grey()
		}
		if err != nil {
			return err
		}
		d.add(p, shape{cornersOf(box, photoRound), c.paper})
		return nil
	}
	if s.plain {
		d.add(frame(box, hairline, c.text))
		photoNote(d, f, t, c, box)
		return nil
	}
	ground, figure := mix(c.paper, c.shadow, 0.38), c.shadow
	x, foot := box.x+box.w/2, box.bottom()
	d.add(
		shape{roundRect(box, photoRound, photoRound), ground},
		shape{circle(x, box.y+9.6, 4.4), figure},
		shape{[]step{
			moveTo(x-8.3, foot), curveTo(x-7.6, foot-6.4, x-4.2, foot-9.6, x, foot-9.6),
			curveTo(x+4.2, foot-9.6, x+7.6, foot-6.4, x+8.3, foot), closePath(),
		}, figure},
		shape{cornersOf(box, photoRound), c.paper},
	)
	photoNote(d, f, t, c, box)
	return nil
}

func photoNote(d *drawing, f Face, t *typeface, c colours, box rect) {
	if f.PhotoNote == "" {
		return
	}
	foot := box.bottom()
	note := t.fitLine(f.PhotoNote, 0, foot-2, 1.8, 1.2, box.w-2.4, true)
	note.x = box.x + (box.w-note.width)/2
	d.add(shape{roundRect(rect{note.x - 1, foot - 3.9, note.width + 2, 2.7}, 1.3, 1.3), c.paper}, tint(note, c.text))
}

// facts are the name and up to three labelled lines beneath it.
func facts(d *drawing, f Face, t *typeface, c colours) {
	lines, size := t.fitName(f.Name, columnW)
	y := photoY + 0.4 + size*0.8
	for i, l := range lines {
		if i > 0 {
			y += size * 1.16
		}
		d.add(tint(t.line(l, columnX, y, size, true), c.text))
	}
	const small, pitch = 2.0, 3.5
	rows := [][2]string{{f.Labels.Kind, f.KindLabel}, {f.Labels.Registered, f.Branch}, {f.Labels.ValidUntil, f.ValidUntil}}
	label := 0.0
	for _, r := range rows {
		if r[1] != "" {
			label = max(label, t.width(t.clean(r[0]), small, false))
		}
	}
	label = min(label, columnW*0.45)
	y = max(y+1.6, photoY+5.6) - 0.6
	for _, r := range rows {
		if r[1] == "" {
			continue
		}
		y += pitch
		value := columnX
		if label > 0 {
			value += label + 1.5
		}
		d.add(tint(t.fitLine(r[0], columnX, y, small, 1.4, label, false), c.quiet))
		y = fact(d, t, r[1], value, y, small, columnX+columnW-value, c.text)
	}
}

// fact prints a value on one line, or a long one smaller on two, and says where the last one ends.
func fact(d *drawing, t *typeface, words string, x, y, size, width float64, ink color.RGBA) float64 {
	const least = 1.6
	lines := t.wrap(words, least, width, true)
	if len(lines) < 2 {
		d.add(tint(t.fitLine(words, x, y, size, least, width, true), ink))
		return y
	}
	rest := strings.Join(lines[1:], " ")
	d.add(
		tint(t.line(lines[0], x, y, least, true), ink),
		tint(t.fitLine(rest, x, y+least*1.2, least, least, width, true), ink),
	)
	return y + least*1.2
}

func tint(t text, fill color.RGBA) text { t.fill = fill; return t }
