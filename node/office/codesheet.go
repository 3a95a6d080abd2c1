package office

import (
	"bytes"
	"context"
	"strings"

	"simpul/node/card"
	"simpul/node/desk"
)

// sizes of the codes on paper and on screens, in millimetres with the quiet zone.
const (
	codeSide = 62
	kitSide  = 120
)

// SheetWords are the sentences of a printed code or kit, in the language of the paper.
type SheetWords struct {
	Title, Subtitle   string
	Keep              string // what the holder of the paper can do with it
	Scan, Type, Where string
	Steps             []string
	Footer            string
}

// CodePicture is an open code as a QR for the screen. KindNotFound when it can no longer be used.
func (o *Office) CodePicture(ctx context.Context, who desk.Actor, name, title string) ([]byte, error) {
	made, err := o.Code(ctx, who, name)
	if err != nil {
		return nil, err
	}
	q, err := card.NewQR(made.Text, codeSide)
	if err != nil {
		return nil, err
	}
	return q.SVG(title)
}

// CodeSheet is an open code on paper, to be posted or carried to a branch.
func (o *Office) CodeSheet(ctx context.Context, who desk.Actor, name string, say SheetWords) ([]byte, error) {
	made, err := o.Code(ctx, who, name)
	if err != nil {
		return nil, err
	}
	q, err := card.NewQR(made.Text, codeSide)
	if err != nil {
		return nil, err
	}
	blocks := []card.Block{card.Paragraph{Text: say.Keep, Bold: true}, card.Paragraph{Text: say.Scan}, q, card.Paragraph{Text: say.Type}, card.Words(made.letters())}
	if len(made.Addresses) > 0 {
		blocks = append(blocks, card.Paragraph{Text: say.Where + ": " + strings.Join(made.Addresses, ", ")})
	}
	for _, step := range say.Steps {
		blocks = append(blocks, card.Paragraph{Text: step})
	}
	return o.paper(say, blocks)
}

// letters are the groups as they are read out: capitals.
func (i Invitation) letters() []string {
	return strings.Fields(strings.ToUpper(strings.Join(i.Groups, " ")))
}

// KitSheet is the recovery kit on paper.
func (o *Office) KitSheet(ctx context.Context, who desk.Actor, say SheetWords) ([]byte, error) {
	kit, err := o.Kit(ctx, who)
	if err != nil {
		return nil, err
	}
	q, err := card.NewQR(kit.QR, kitSide)
	if err != nil {
		return nil, err
	}
	blocks := []card.Block{card.Paragraph{Text: say.Keep, Large: true}, card.Paragraph{Text: say.Scan}, q}
	for _, line := range strings.Split(strings.TrimSpace(kit.QR), "\n") {
		blocks = append(blocks, card.Paragraph{Text: line})
	}
	return o.paper(say, blocks)
}

func (o *Office) paper(say SheetWords, blocks []card.Block) ([]byte, error) {
	var out bytes.Buffer
	err := card.Print(&out, o.Now(), say.Title, card.Paper{Library: o.Desk.Settings().Name, Title: say.Title, Subtitle: say.Subtitle, Blocks: blocks, Footer: say.Footer})
	return out.Bytes(), err
}
