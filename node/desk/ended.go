package desk

import (
	"context"
	"io"
	"math"
	"time"

	"simpul/node/card"
	"simpul/node/library"
)

// Ended lists the registrations that ended without a card, newest first: those
// opened before an instant, or all when it is zero.
func (d *Desk) Ended(ctx context.Context, who Actor, before time.Time, limit int) ([]Record, error) {
	if err := who.may(library.DraftRegistration); err != nil {
		return nil, err
	}
	cursor := int64(math.MaxInt64)
	if !before.IsZero() {
		cursor = before.UnixMilli()
	}
	list, err := d.Store.Ended(ctx, cursor, limit)
	if err != nil {
		return nil, told(err)
	}
	return d.records(list), nil
}

// SlipWords are the sentences of a refusal slip, in the reader's language.
type SlipWords struct {
	Title, Subtitle string
	Lines           []SlipLine
	Closing         string
	Footer          string
}

// SlipLine is one line of the slip: what it is about, and what it says.
type SlipLine struct{ Label, Text string }

// RefusalSlip prints what a visitor takes home after "Tidak dikabulkan": which
// requirement was not met, and what to bring. It bears no NIK.
func (d *Desk) RefusalSlip(ctx context.Context, who Actor, id library.ID, words func(Record) SlipWords, w io.Writer) error {
	r, err := d.Registration(ctx, who, id)
	if err != nil {
		return err
	}
	if r.Stage != StageRefused {
		return library.E(library.KindNotFound, "error.not_found")
	}
	said := words(r)
	paper := card.Paper{Library: d.Settings().Name, Title: said.Title, Subtitle: said.Subtitle, Footer: said.Footer}
	for _, line := range said.Lines {
		paper.Blocks = append(paper.Blocks, card.Heading(line.Label), card.Paragraph{Text: line.Text, Large: true})
	}
	paper.Blocks = append(paper.Blocks, card.Space(6), card.Paragraph{Text: said.Closing})
	return card.Print(w, d.Now(), said.Title, paper)
}
