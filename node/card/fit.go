package card

import (
	"math"
	"strings"
)

// fitLine makes words one line no wider than width: first smaller, down to least, then cut with an
// ellipsis. Sizes are in millimetres.
func (t *typeface) fitLine(words string, x, y, size, least, width float64, bold bool) text {
	words = t.clean(words)
	if em := t.width(words, 1, bold); em*size > width {
		size = max(least, math.Floor(width/em*100)/100)
	}
	return t.line(t.cut(words, size, width, bold), x, y, size, bold)
}

// cut shortens clean words until they and an ellipsis fit.
func (t *typeface) cut(words string, size, width float64, bold bool) string {
	if t.fits(words, size, width, bold) {
		return words
	}
	room := width - t.width("…", size, bold)
	if room < 0 {
		return ""
	}
	return strings.TrimRight(t.head(words, size, room, bold), " ,.-") + "…"
}

// fits stops measuring where it knows, so that very long words cost no more than a line.
func (t *typeface) fits(words string, size, width float64, bold bool) bool {
	sum := 0.0
	for _, r := range words {
		if sum += t.width(string(r), size, bold); sum > width+1e-9 {
			return false
		}
	}
	return true
}

// wrap breaks words at spaces into lines no wider than width; a word that is too wide by itself is
// broken between letters.
func (t *typeface) wrap(words string, size, width float64, bold bool) []string {
	var lines []string
	line := ""
	for _, w := range strings.Fields(t.clean(words)) {
		if line != "" && t.fits(line+" "+w, size, width, bold) {
			line += " " + w
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for w != "" && !t.fits(w, size, width, bold) {
			head := t.head(w, size, width, bold)
			lines = append(lines, head)
			w = w[len(head):]
		}
		line = w
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// head is the longest beginning of a word that fits, at least one letter.
func (t *typeface) head(word string, size, width float64, bold bool) string {
	sum := 0.0
	for i, r := range word {
		if sum += t.width(string(r), size, bold); i > 0 && sum > width {
			return word[:i]
		}
	}
	return word
}

// Sizes of the name in millimetres: on one line it wants to be large, on two it may shrink to the least
// that a person reads at arm's length.
const (
	nameLargest = 3.6
	nameOneLine = 3.1
	nameLeast   = 1.9
	// nameLetters is more than two lines ever hold; the rest of a name is not looked at.
	nameLetters = 200
)

// fitName is the name as large as it fits on at most two lines of the width, and its size. A break
// falls between words where the longer line is shortest; a name that is one very long word breaks
// inside it, and one that does not fit at the least size ends in an ellipsis.
func (t *typeface) fitName(name string, width float64) (lines []string, size float64) {
	name = t.clean(name)
	if r := []rune(name); len(r) > nameLetters {
		name = string(r[:nameLetters])
	}
	if name == "" {
		return nil, nameLargest
	}
	for s := nameLargest; s >= nameOneLine; s -= 0.05 {
		if t.width(name, s, true) <= width {
			return []string{name}, s
		}
	}
	for s := nameLargest; s >= nameLeast; s -= 0.05 {
		if two := t.balance(name, s); two != nil && t.width(two[0], s, true) <= width && t.width(two[1], s, true) <= width {
			return two, s
		}
		if s < nameOneLine && t.width(name, s, true) <= width {
			return []string{name}, s
		}
	}
	lines = t.wrap(name, nameLeast, width, true)
	if len(lines) > 2 {
		rest := strings.TrimSpace(name[len(lines[0]):])
		lines = []string{lines[0], t.cut(rest, nameLeast, width, true)}
	}
	return lines, nameLeast
}

// balance breaks a name in two where the longer line is shortest; nil when it is one word.
func (t *typeface) balance(name string, size float64) []string {
	words := strings.Fields(name)
	var best []string
	least := 0.0
	for i := 1; i < len(words); i++ {
		a, b := strings.Join(words[:i], " "), strings.Join(words[i:], " ")
		if w := max(t.width(a, size, true), t.width(b, size, true)); best == nil || w < least {
			best, least = []string{a, b}, w
		}
	}
	return best
}
