package ui

import (
	"encoding/base32"
	"fmt"
	"io"
	"strings"

	"simpul/node/library"
)

// operationField is the hidden field with the operation id of a form. The id is made when the form is drawn and stored
// with what the form does; sending the same form twice therefore does it once.
const operationField = "_op"

// newOperation makes the id of one form that is about to be drawn.
func newOperation(random io.Reader) (string, error) {
	var id library.ID
	if _, err := io.ReadFull(random, id[:]); err != nil {
		return "", fmt.Errorf("make operation id: %w", err)
	}
	return id.String(), nil
}

// newToken makes a short random word for a request id.
func newToken(random io.Reader, bytes int) (string, error) {
	raw := make([]byte, bytes)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", fmt.Errorf("make token: %w", err)
	}
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)), nil
}
