package office

import (
	"context"

	"simpul/node/card"
	"simpul/node/desk"
	"simpul/node/library"
)

// PeopleWords are the sentences of the printed list of people whose data a PC held.
type PeopleWords struct {
	Title, Subtitle     string
	Number, Name, Where string
	Own, Branch         string // where somebody was registered
	More                string // said when the list goes on in the file
	Footer              string
}

// PrintPeople is the list of HeldBy on paper, at most limit people.
func (o *Office) PrintPeople(ctx context.Context, who desk.Actor, node library.ID, limit int, say PeopleWords) ([]byte, error) {
	page, err := o.HeldBy(ctx, who, node, limit)
	if err != nil {
		return nil, err
	}
	table := card.Table{Numbered: true, Columns: []card.Column{{Head: say.Number, Share: 2}, {Head: say.Name, Share: 4}, {Head: say.Where, Share: 2}}}
	for _, h := range page.People {
		where := say.Branch
		if h.Own {
			where = say.Own
		}
		table.Rows = append(table.Rows, []string{library.MemberNumber(h.Number).Grouped(), h.Name, where})
	}
	blocks := []card.Block{table}
	if len(page.People) < page.Own+page.Branch {
		blocks = append(blocks, card.Paragraph{Text: say.More, Bold: true})
	}
	return o.paper(SheetWords{Title: say.Title, Subtitle: say.Subtitle, Footer: say.Footer}, blocks)
}
