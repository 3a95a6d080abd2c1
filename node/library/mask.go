package library

import (
	"strings"
	"unicode/utf8"
)

// MaskName returns a name that its owner recognises and a bystander does not: "Siti Aminah" becomes "S*** A***". The number
// of letters is hidden too.
func MaskName(name string) string {
	words := strings.Fields(CleanLine(name))
	for i, word := range words {
		_, size := utf8.DecodeRuneInString(word)
		words[i] = word[:size] + "***"
	}
	return strings.Join(words, " ")
}
