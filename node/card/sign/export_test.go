package sign

import "testing"

// RawOf is the COSE message in a card's text.
func RawOf(t testing.TB, text string) []byte {
	t.Helper()
	raw, err := fromBase45(text[len(Prefix):])
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TextOf is the text of a COSE message.
func TextOf(raw []byte) string { return Prefix + base45(raw) }
