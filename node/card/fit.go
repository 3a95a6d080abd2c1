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

// Sizes of the name in millimetres. It takes another line before it gets smaller than nameSizes has for so many lines; the
// last is the least that a person reads at arm's length.
const (
	nameLargest = 3.6
	nameLeast   = 1.9
	// nameLetters is more than the lines ever hold; the rest of a name is not looked at.
	nameLetters = 200
)

var nameSizes = [...]float64{2.9, 2.5, nameLeast}

// fitName is the name as large as it fits on at most three lines of the width, and its size. Lines break between words and
// are about equally long; a name that is one very long word breaks inside it, and one that does not fit at the least size
// ends in an ellipsis.
func (t *typeface) fitName(name string, width float64) (lines []string, size float64) {
	name = t.clean(name)
	if r := []rune(name); len(r) > nameLetters {
		name = string(r[:nameLetters])
	}
	if name == "" {
		return nil, nameLargest
	}
	for n, least := range nameSizes {
		for s := nameLargest; s >= least; s -= 0.05 {
			if lines := t.wholeWords(name, s, width, n+1); lines != nil {
				return t.even(lines, s, width), s
			}
		}
	}
	lines = t.wrap(name, nameLeast, width, true)
	if most := len(nameSizes); len(lines) > most {
		rest := strings.Join(lines[most-1:], " ")
		lines = append(lines[:most-1], t.cut(rest, nameLeast, width, true))
	}
	return lines, nameLeast
}

// wholeWords wraps words on at most so many lines; nil when they do not fit or one would break.
func (t *typeface) wholeWords(words string, size, width float64, most int) []string {
	lines := t.wrap(words, size, width, true)
	if len(lines) > most || strings.Join(lines, " ") != strings.Join(strings.Fields(words), " ") {
		return nil
	}
	return lines
}

// even makes lines about equally long: as narrow as so many of them can be.
func (t *typeface) even(lines []string, size, width float64) []string {
	words, most := strings.Join(lines, " "), len(lines)
	for ; width > 0; width -= 0.5 {
		narrower := t.wholeWords(words, size, width, most)
		if narrower == nil {
			break
		}
		lines = narrower
	}
	return lines
}
