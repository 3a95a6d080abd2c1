package desk

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"simpul/node/card"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
)

// CardList selects cards in use; zero values do not restrict.
type CardList struct {
	Unprinted, Undelivered bool
	Day                    library.Date
	Class                  library.ID
	Stop                   string
	Members                []library.ID // only theirs
	After                  string       // cursor of the page before
	Limit                  int          // 1 to MaxPrinted
}

// CardLine is a card in such a list.
type CardLine struct {
	Member, Card library.ID
	Name         string
	Number       library.MemberNumber
	Issued       time.Time
	Printed      int
	Handed       bool
	Stop         string
	Class        library.ID
}

// Cards lists cards that are in use, oldest first, and the cursor of the next page.
func (d *Desk) Cards(ctx context.Context, who Actor, in CardList) (lines []CardLine, next string, err error) {
	if err := who.may(library.Register); err != nil {
		return nil, "", err
	}
	limit := min(max(in.Limit, 1), MaxPrinted)
	q := store.CardQuery{Unprinted: in.Unprinted, Unhanded: in.Undelivered, Class: event.ID(in.Class), Stop: in.Stop, Limit: limit + 1, After: cursor(in.After)}
	for _, id := range in.Members {
		q.Members = append(q.Members, event.ID(id))
	}
	if !in.Day.IsZero() {
		q.Day = int64(in.Day.Days())
	}
	rows, err := d.Store.Cards(ctx, q)
	if err != nil {
		return nil, "", told(err)
	}
	if len(rows) > limit {
		rows = rows[:limit]
		last := rows[limit-1]
		next = fmt.Sprintf("%d-%s", last.Issued, library.ID(last.Card))
	}
	for _, r := range rows {
		lines = append(lines, CardLine{Member: library.ID(r.Person), Card: library.ID(r.Card), Name: r.Name, Number: library.MemberNumber(r.Number),
			Issued: time.UnixMilli(r.Issued), Printed: r.Prints, Handed: r.Handed != 0, Stop: r.Stop, Class: library.ID(r.Class)})
	}
	return lines, next, nil
}

// cursor reads what Cards wrote; anything else begins at the beginning.
func cursor(s string) store.CardRow {
	ms, id, _ := strings.Cut(s, "-")
	issued, err := strconv.ParseInt(ms, 10, 64)
	card, bad := library.ParseID(id)
	if err != nil || bad != nil {
		return store.CardRow{}
	}
	return store.CardRow{Issued: issued, Card: event.ID(card)}
}

// WaitingStops counts the cards not yet handed over by stop; "" is no stop.
func (d *Desk) WaitingStops(ctx context.Context, who Actor) (map[string]int, error) {
	if err := who.may(library.Register); err != nil {
		return nil, err
	}
	stops, err := d.Store.WaitingStops(ctx, 100)
	return stops, told(err)
}

// HandOverAll records that all these members have their cards: the signed list
// of receipt is back. Those who had theirs before are left as they are. It
// returns how many were recorded.
func (d *Desk) HandOverAll(ctx context.Context, who Actor, op library.ID, members []library.ID, in HandOverInput) (int, error) {
	if err := who.may(library.Register); err != nil {
		return 0, err
	}
	if err := choice(members); err != nil {
		return 0, err
	}
	if _, ok := library.Find(library.HandoverWays(), in.How); !ok {
		return 0, library.Invalid(library.Problem{Field: "how", Key: library.KeyChoose})
	}
	n := 0
	_, err := d.write(ctx, op, func(tx *store.Tx) error {
		for _, id := range members {
			p, err := person(tx, id, "")
			if err != nil {
				return err
			}
			c := p.Card()
			if c == nil || !c.Handed.IsZero() {
				continue
			}
			if err := d.handOver(tx, who, p, in); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}

// ReceiptList is the list that members sign when they get their cards.
func (d *Desk) ReceiptList(ctx context.Context, who Actor, members []library.ID, title string, w Words) ([]byte, error) {
	if err := who.may(library.Register); err != nil {
		return nil, err
	}
	if err := choice(members); err != nil {
		return nil, err
	}
	var rows [][]string
	for _, id := range members {
		p, err := d.Store.Person(ctx, event.ID(id))
		if err != nil {
			return nil, told(err)
		}
		if c := p.Card(); c != nil {
			rows = append(rows, []string{library.MemberNumber(c.Number).Grouped(), p.Get(event.FieldName), ""})
		}
	}
	paper := d.paper(w("print.receipt"), title, w)
	paper.Blocks = []card.Block{
		card.Paragraph{Text: w("print.receipt.text")},
		card.Table{Columns: []card.Column{{Head: w("print.number"), Share: 3}, {Head: w("print.name"), Share: 5}, {Head: w("print.signature"), Share: 4}}, Rows: rows, RowHeight: 10, Numbered: true},
		card.Signatures{{Above: w("print.place_date"), Role: w("print.officer")}, {Above: w("print.known"), Role: w("print.teacher")}},
	}
	return d.print(w("print.receipt"), paper)
}

// paper is an empty sheet with the library's name and today's date on it.
func (d *Desk) paper(title, subtitle string, w Words) card.Paper {
	return card.Paper{Library: d.Settings().CardSubheading, Title: title, Subtitle: subtitle,
		Footer:    w("print.footer", d.Today().String(), d.Settings().Name),
		PageLabel: func(page, pages int) string { return w("print.page", page, pages) }}
}

// print makes the PDF; title is the file's, without personal data.
func (d *Desk) print(title string, papers ...card.Paper) ([]byte, error) {
	var out bytes.Buffer
	if err := card.Print(&out, d.Now(), title, papers...); err != nil {
		return nil, told(err)
	}
	return out.Bytes(), nil
}
