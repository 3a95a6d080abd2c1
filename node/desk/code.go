package desk

import "simpul/node/card"

// codeSide is the width of a code on a screen in millimetres; the page scales it.
const codeSide = 60

// CodeToScan draws a QR that a phone reads off the screen, with a name for people who do not see it.
func CodeToScan(content, title string) ([]byte, error) {
	q, err := card.NewQR(content, codeSide)
	if err != nil {
		return nil, err
	}
	return q.SVG(title)
}
