package desk

import (
	"io"
	"strings"

	"simpul/node/card"
	"simpul/node/vault"
)

// RecoveryFrom reads the words of a recovery sheet that the set-up page carried along.
func RecoveryFrom(words []string) (vault.RecoveryCode, error) {
	return vault.ParseRecoveryCode(strings.Join(words, " "))
}

// SheetWords are the sentences of a printed recovery sheet.
type SheetWords struct {
	Library, Title, Subtitle, Keep, Use, Footer string
}

// RecoverySheet writes the sheet as a PDF for A4. The words are kept nowhere: the paper is all there is.
func (d *Desk) RecoverySheet(w io.Writer, code vault.RecoveryCode, say SheetWords) error {
	return card.Print(w, d.Now(), say.Title, card.Paper{Library: say.Library, Title: say.Title, Subtitle: say.Subtitle,
		Blocks: []card.Block{
			card.Paragraph{Text: say.Keep, Large: true}, card.Space(4),
			card.Words(code.Words()), card.Space(4),
			card.Paragraph{Text: say.Use},
		}, Footer: say.Footer})
}
