package desk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"io"
	"iter"

	"simpul/node/card"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
)

// MaxPrinted is the most cards that one press of a button prints.
const MaxPrinted = 200

// Layout is how cards lie on paper.
type Layout struct {
	Way   string // key of a way of the settings; "" is the usual one
	One   bool   // a single card, from its own page
	Start int    // first free place of a begun sheet, from 1
	Back  bool   // the other sides too
}

// PrintCards makes the PDF of members' cards in use and records that they were
// printed, each once per operation, and which way was chosen. At most MaxPrinted.
func (d *Desk) PrintCards(ctx context.Context, who Actor, op library.ID, members []library.ID, lay Layout, w Words) ([]byte, error) {
	if err := who.may(library.Register); err != nil {
		return nil, err
	}
	if err := choice(members); err != nil {
		return nil, err
	}
	s := d.Settings()
	way, ok := s.UsualWay(lay.One), true
	if lay.Way != "" {
		way, ok = s.Way(lay.Way)
	}
	if !ok {
		return nil, library.Invalid(library.Problem{Field: "way", Key: library.KeyChoose})
	}
	if way.Places() > 0 && lay.Start > way.Places() {
		return nil, library.Invalid(library.Problem{Field: "start", Key: "problem.print_start", Args: []any{way.Places()}})
	}
	var out bytes.Buffer
	var printed []printedCard
	if err := d.drawCards(&out, way, lay, d.faces(ctx, members, w, &printed), w); err != nil {
		return nil, told(err)
	}
	_, err := d.write(ctx, printOperation(op, way, printed), func(tx *store.Tx) error {
		for _, c := range printed {
			if _, err := d.append(tx, who, event.CardPrinted, c.person, &event.CardMark{Card: c.card, Printer: way.Printer.Name}); err != nil {
				return err
			}
		}
		return d.rememberWay(tx, who, way, lay.One)
	})
	return out.Bytes(), err
}

func (d *Desk) drawCards(out io.Writer, way Way, lay Layout, faces iter.Seq2[card.Face, error], w Words) error {
	o := card.Options{Made: d.Now(), Title: w("print.cards"), Back: lay.Back, OffsetX: way.Printer.X, OffsetY: way.Printer.Y}
	sheet := card.SheetOptions{Options: o, Start: lay.Start}
	switch way.Form {
	case FormSheet:
		return card.Sheet(out, faces, sheet)
	case FormFold:
		return card.Fold(out, faces, card.FoldOptions{SheetOptions: sheet, How: w("print.fold")})
	}
	return card.PDF(out, faces, o)
}

// rememberWay has the next printing at this PC begin with what was chosen now.
func (d *Desk) rememberWay(tx *store.Tx, who Actor, way Way, one bool) error {
	s := d.Settings()
	setting, now := "print_way", s.PrintWay
	if one {
		setting, now = "print_way_one", s.PrintWayOne
	}
	if now == way.Key() {
		return nil
	}
	value, err := json.Marshal(way.Key())
	if err != nil {
		return err
	}
	_, err = d.append(tx, who, event.SettingChanged, s.Node, &event.Setting{Key: setting, Value: string(value)})
	return err
}

// printOperation is the operation of printing these cards this way. The page of the list stays open beside the PDF, and
// the next choice is sent with the same form.
func printOperation(op library.ID, way Way, printed []printedCard) library.ID {
	sum := sha256.New()
	sum.Write(op[:])
	io.WriteString(sum, way.Key())
	for _, c := range printed {
		sum.Write(c.card[:])
	}
	return library.ID(sum.Sum(nil)[:len(library.ID{})])
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
