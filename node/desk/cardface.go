package desk

import (
	"context"
	"image/color"
	"strconv"
	"strings"

	"simpul/node/card"
	"simpul/node/library"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// Words gives the sentences of printed things, in the language they are printed
// in; the keys begin with "print.".
type Words func(key string, args ...any) string

// face is what a card of a person shows today. A renewed membership prints its
// new end, not the one that the card was issued with.
func (d *Desk) face(ctx context.Context, p *merge.Person, c *merge.Card, w Words) (card.Face, error) {
	s := d.Settings()
	until := c.Until
	if current := p.Card(); current != nil && current.ID == c.ID && p.Term.Value.Until > 0 {
		until = p.Term.Value.Until
	}
	qr, err := d.signed(ctx, p, c, until)
	if err != nil {
		return card.Face{}, err
	}
	number := library.MemberNumber(c.Number)
	f := card.Face{QR: qr,
		Heading: s.CardHeading, Subheading: s.CardSubheading, Name: p.Get(event.FieldName), NumberRaw: c.Number, NumberGrouped: number.Grouped(),
		KindLabel: c.Kind, Branch: s.Name, ValidUntil: library.DateFromDays(int(until)).String(), Rules: s.CardRules,
		Ink: colour(s.CardInk), Accent: colour(s.CardAccent), Emblem: s.CardEmblem, Labels: cardLabels(w),
	}
	if k, ok := library.FindMemberKind(s.MemberKinds, c.Kind); ok {
		f.KindLabel = k.Label
	}
	switch p.Photo.Value.State {
	case merge.PhotoAttached:
		photo, err := d.photoOf(p, false)
		if err != nil {
			return card.Face{}, err
		}
		f.Photo = photo
	case merge.PhotoDeferred:
		f.PhotoNote = w("print.card.photo_later")
	}
	return f, nil
}

func cardLabels(w Words) card.Labels {
	return card.Labels{Kind: w("print.card.kind"), Registered: w("print.card.registered"), ValidUntil: w("print.card.until"), Rules: w("print.card.rules")}
}

// colour reads "#0a3f47"; anything else is the zero colour: the card's own.
func colour(s string) color.RGBA {
	n, err := strconv.ParseUint(strings.TrimPrefix(s, "#"), 16, 32)
	if err != nil || len(s) != 7 {
		return color.RGBA{}
	}
	return color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 0xff}
}

// CardPicture draws the card in use as PNG (for the phone) or SVG (for the
// screen). KindConflict when none was issued.
func (d *Desk) CardPicture(ctx context.Context, who Actor, id library.ID, svg bool, w Words) ([]byte, error) {
	if err := who.may(library.ReadMember); err != nil {
		return nil, err
	}
	p, err := d.Store.Person(ctx, event.ID(id))
	if err != nil {
		return nil, told(err)
	}
	c := p.Card()
	if c == nil {
		return nil, library.E(library.KindConflict, "error.no_card")
	}
	f, err := d.face(ctx, p, c, w)
	if err != nil {
		return nil, told(err)
	}
	if svg {
		return card.SVG(f)
	}
	return card.PNG(f)
}
