package desk

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"simpul/node/card"
	"simpul/node/library"
)

// CardSides are both sides of a card as pictures (SVG).
type CardSides struct{ Front, Back []byte }

// PreviewCard draws the card of somebody made up, with a long name, by the settings as they would be with values, which
// need not be right nor saved: what cannot be drawn is left as it is.
func (d *Desk) PreviewCard(who Actor, values map[string]any, w Words) (CardSides, error) {
	if err := who.may(library.ManageSettings); err != nil {
		return CardSides{}, err
	}
	s := d.Settings()
	for key, value := range values {
		raw, err := json.Marshal(value)
		if err != nil {
			return CardSides{}, fmt.Errorf("desk: setting %s: %w", key, err)
		}
		d.applySetting(&s, key, string(raw))
	}
	f := card.Face{
		Heading: s.CardHeading, Subheading: s.CardSubheading, Rules: s.CardRules, Ink: colour(s.CardInk), Accent: colour(s.CardAccent), Emblem: s.CardEmblem,
		Name: "Raden Ajeng Kusumaningtyas Wijayanti Puspitasari Hadiningrat", NumberRaw: "000000000000", NumberGrouped: "000 00 0 00000 0",
		KindLabel: s.MemberKinds[0].Label, Branch: s.Name, ValidUntil: d.Today().AddDays(s.MemberKinds[0].Days).String(),
		Labels: cardLabels(w), PhotoNote: w("print.card.example"),
		// As much as the signed content of a real card, so that the code has its real size; it proves nothing.
		QR: []byte(strings.Repeat("CONTOH ", 38)),
	}
	front, err := card.SVG(f)
	if err != nil {
		return CardSides{}, told(err)
	}
	back, err := card.BackSVG(f)
	return CardSides{front, back}, told(err)
}

// PrepareEmblem makes what was uploaded fit for the settings; its problem is one of the field "emblem".
func PrepareEmblem(data []byte) ([]byte, error) {
	small, err := card.PrepareEmblem(data)
	if err != nil {
		return nil, emblemProblem(err)
	}
	return small, nil
}

// checkEmblem sees that an emblem is one that the card takes.
func checkEmblem(data []byte) error {
	if len(data) > card.MaxEmblem {
		return emblemProblem(library.E(library.KindInvalid, card.KeyEmblemUnreadable))
	}
	return emblemProblem(card.CheckEmblem(data))
}

func emblemProblem(err error) error {
	var e *library.Error
	if errors.As(err, &e) {
		return library.Invalid(library.Problem{Field: "emblem", Key: e.Key})
	}
	return err
}
