package desk

import (
	"context"
	"io"
	"strconv"

	"simpul/node/card"
	"simpul/node/library"
)

// DaySlipWords are the words of the printed slip of a day.
type DaySlipWords struct {
	Say     Say
	DayText string // the day in words
	Printed string // "Dicetak 23-11-2026, 16.40"
	Officer string // who signs
}

// PrintDaySlip writes the slip of a day as PDF: how much was recorded, where the
// log stands, and a place to sign on both sides.
func (d *Desk) PrintDaySlip(ctx context.Context, who Actor, w io.Writer, day library.Date, words DaySlipWords) error {
	slip, err := d.DaySlip(ctx, who, day)
	if err != nil {
		return err
	}
	s, say := d.Settings(), words.Say
	number := func(key string, n int) []string { return []string{say(key), strconv.Itoa(n)} }
	columns := []card.Column{{Head: say("dayslip.counts"), Share: 3}, {Share: 2, Right: true}}
	table := card.Table{Columns: columns, Rows: [][]string{number("dayslip.cards", slip.Registered), number("dayslip.visits", slip.Visits),
		number("dayslip.records", slip.Received+slip.Unsent), number("dayslip.waiting", slip.Unsent),
		{say("dayslip.log"), slip.Log + " · " + strconv.Itoa(slip.Head)}, {say("dayslip.chain"), grouped(slip.Mark)}}}
	return card.Print(w, d.Now(), say("dayslip.title"), card.Paper{Library: s.Name, Title: say("dayslip.title"), Subtitle: say("dayslip.subtitle", s.Name, words.DayText),
		Blocks: []card.Block{table, card.Paragraph{Text: say("dayslip.text")}, card.Signatures{{Above: words.DayText, Role: say("visits.officer"), Name: words.Officer}}},
		Footer: words.Printed})
}

// grouped parts a mark in fours, to be read out.
func grouped(mark string) string {
	var out []byte
	for i := range len(mark) {
		if i > 0 && i%4 == 0 {
			out = append(out, ' ')
		}
		out = append(out, mark[i])
	}
	return string(out)
}
