package desk

import (
	"bytes"
	"context"
	"image/color"
	"iter"
	"strconv"
	"strings"

	"simpul/node/card"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// Words gives the sentences of printed things, in the language they are printed
// in; the keys begin with "print.".
type Words func(key string, args ...any) string

// MaxPrinted is the most cards that one press of a button prints.
const MaxPrinted = 200

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
		Ink: colour(s.CardInk), Accent: colour(s.CardAccent),
		Labels: card.Labels{Kind: w("print.card.kind"), Registered: w("print.card.registered"), ValidUntil: w("print.card.until"), Rules: w("print.card.rules")},
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

// Layout is how cards lie on paper.
type Layout struct {
	Sheet bool // A4 with ten cards; else one page of card size each
	Start int  // first free place of a begun sheet, 1 to 10
	Back  bool // the other sides too
}

// PrintCards makes the PDF of members' cards in use and records that they were
// printed, each once per operation. At most MaxPrinted.
func (d *Desk) PrintCards(ctx context.Context, who Actor, op library.ID, members []library.ID, lay Layout, w Words) ([]byte, error) {
	if err := who.may(library.Register); err != nil {
		return nil, err
	}
	if err := choice(members); err != nil {
		return nil, err
	}
	s := d.Settings()
	o := card.SheetOptions{Options: card.Options{Made: d.Now(), Title: w("print.cards"), Back: lay.Back}, Start: lay.Start, OffsetX: s.PrinterX, OffsetY: s.PrinterY}
	var out bytes.Buffer
	var printed []printedCard
	faces := d.faces(ctx, members, w, &printed)
	var err error
	if lay.Sheet {
		err = card.Sheet(&out, faces, o)
	} else {
		err = card.PDF(&out, faces, o.Options)
	}
	if err != nil {
		return nil, told(err)
	}
	_, err = d.write(ctx, op, func(tx *store.Tx) error {
		for _, c := range printed {
			if _, err := d.append(tx, who, event.CardPrinted, c.person, &event.CardMark{Card: c.card}); err != nil {
				return err
			}
		}
		return nil
	})
	return out.Bytes(), err
}

type printedCard struct {
	person library.ID
	card   event.ID
}

// faces loads one member after the other, so that a long list costs the memory of one photo.
func (d *Desk) faces(ctx context.Context, members []library.ID, w Words, printed *[]printedCard) iter.Seq2[card.Face, error] {
	return func(yield func(card.Face, error) bool) {
		for _, id := range members {
			p, err := d.Store.Person(ctx, event.ID(id))
			var f card.Face
			if err == nil {
				c := p.Card()
				if c == nil {
					continue
				}
				f, err = d.face(ctx, p, c, w)
				*printed = append(*printed, printedCard{id, c.ID})
			}
			if !yield(f, err) || err != nil {
				return
			}
		}
	}
}

// choice refuses an empty or too long choice of members.
func choice(members []library.ID) error {
	switch {
	case len(members) == 0:
		return library.Invalid(library.Problem{Field: "member", Key: "problem.choose_cards"})
	case len(members) > MaxPrinted:
		return library.Invalid(library.Problem{Field: "member", Key: "problem.too_many_cards", Args: []any{MaxPrinted}})
	}
	return nil
}
