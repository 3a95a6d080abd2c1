package desk

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
)

// PrintLine is one printing of one card. Of a card whose member was erased, or is no longer at this PC, only when and by
// whom it was printed is known.
type PrintLine struct {
	At      time.Time
	Who     string
	Printer string // its name then; "" of prints from before printers had names
	Member  library.ID
	Name    string
	Number  library.MemberNumber
	Times   int // how often this card has been printed up to now
}

// PrintLog lists what was printed, newest first, at most limit (1 to MaxPrinted), and the cursor of the next page.
func (d *Desk) PrintLog(ctx context.Context, who Actor, after string, limit int) (lines []PrintLine, next string, err error) {
	if err := who.may(library.Register); err != nil {
		return nil, "", err
	}
	limit = min(max(limit, 1), MaxPrinted)
	records, err := d.Store.Prints(ctx, printPlace(after), limit+1)
	if err != nil {
		return nil, "", told(err)
	}
	if len(records) > limit {
		records = records[:limit]
		last := records[limit-1]
		next = fmt.Sprintf("%d-%s-%d", last.Wall, library.ID(last.Stream), last.Seq)
	}
	marks := make([]event.CardMark, len(records))
	var ids []event.ID
	for i, rec := range records {
		if body, ok, err := rec.Decoded(); rec.Body != nil && ok && err == nil {
			marks[i] = *body.(*event.CardMark)
			ids = append(ids, marks[i].Card)
		}
	}
	cards, err := d.Store.CardsByID(ctx, ids)
	if err != nil {
		return nil, "", told(err)
	}
	names, err := d.OfficerNames(ctx)
	if err != nil {
		return nil, "", err
	}
	for i, rec := range records {
		c := cards[marks[i].Card]
		lines = append(lines, PrintLine{At: time.UnixMilli(rec.Wall).In(d.Zone), Who: names[library.ID(rec.Officer)], Printer: marks[i].Printer,
			Member: library.ID(c.Person), Name: c.Name, Number: library.MemberNumber(c.Number), Times: c.Prints})
	}
	return lines, next, nil
}

// printPlace reads what PrintLog wrote; anything else begins at the newest.
func printPlace(cursor string) store.PrintPlace {
	parts := strings.Split(cursor, "-")
	if len(parts) != 3 {
		return store.PrintPlace{}
	}
	wall, errWall := strconv.ParseInt(parts[0], 10, 64)
	stream, errStream := library.ParseID(parts[1])
	seq, errSeq := strconv.ParseUint(parts[2], 10, 63)
	if errWall != nil || errStream != nil || errSeq != nil {
		return store.PrintPlace{}
	}
	return store.PrintPlace{Wall: wall, Stream: event.ID(stream), Seq: seq}
}
