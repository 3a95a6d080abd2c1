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
	line := func(key, value string) []string { return []string{say(key), value} }
	table := card.Table{Columns: []card.Column{{Head: say("dayslip.what"), Share: 3}, {Head: say("dayslip.value"), Share: 2}}, Rows: [][]string{
		line("dayslip.registered", strconv.Itoa(slip.Registered)), line("dayslip.visits", strconv.Itoa(slip.Visits)),
		line("dayslip.received", strconv.Itoa(slip.Received)), line("dayslip.unsent", strconv.Itoa(slip.Unsent)),
		line("dayslip.log", slip.Log), line("dayslip.head", strconv.Itoa(slip.Head)), line("dayslip.mark", grouped(slip.Mark))}}
	return card.Print(w, d.Now(), say("dayslip.title"), card.Paper{Library: s.Name, Title: say("dayslip.title"), Subtitle: words.DayText,
		Blocks: []card.Block{table, card.Paragraph{Text: say("dayslip.use")}, card.Signatures{{Above: words.DayText, Role: say("dayslip.officer"), Name: words.Officer},
			{Role: say("dayslip.centre")}}},
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
