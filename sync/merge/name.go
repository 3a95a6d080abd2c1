package merge

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// folded maps letters with marks to plain ones; Indonesian names rarely have
// them, but passports do.
var folded = strings.NewReplacer(
	"á", "a", "à", "a", "â", "a", "ä", "a", "ã", "a", "å", "a", "ā", "a",
	"é", "e", "è", "e", "ê", "e", "ë", "e", "ē", "e",
	"í", "i", "ì", "i", "î", "i", "ï", "i", "ī", "i",
	"ó", "o", "ò", "o", "ô", "o", "ö", "o", "õ", "o", "ø", "o", "ō", "o",
	"ú", "u", "ù", "u", "û", "u", "ü", "u", "ū", "u",
	"ç", "c", "ñ", "n", "ß", "ss", "ý", "y", "ÿ", "y",
)

// spellings of one name that documents use in turn.
var spellings = map[string]string{
	"moch": "muhammad", "moh": "muhammad", "muh": "muhammad", "mohammad": "muhammad", "mochammad": "muhammad",
	"mochamad": "muhammad", "mohamad": "muhammad", "muhamad": "muhammad", "mohd": "muhammad", "mhd": "muhammad", "m": "muhammad",
	"ach": "achmad", "ahmad": "achmad", "akhmad": "achmad", "ahmat": "achmad",
	"abd": "abdul", "st": "siti", "sitti": "siti",
}

// titles stand before a name on one document and are missing on the next.
var titles = map[string]bool{
	"h": true, "hj": true, "haji": true, "hajjah": true, "kh": true, "ust": true, "ustadz": true, "ustadzah": true,
	"dr": true, "drs": true, "dra": true, "ir": true, "prof": true,
}

// apostrophes are dropped within a word, whichever way they were typed.
const apostrophes = "'’‘ʼʻ`´"

// Words splits a name into plain lower-case words: marks folded, punctuation
// dropped, apostrophes joined. It keeps every letter of other scripts.
func Words(name string) []string {
	name = folded.Replace(strings.ToLower(name))
	var words []string
	var word strings.Builder
	flush := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
	}
	for _, r := range name {
		switch {
		case strings.ContainsRune(apostrophes, r):
		case r >= 0x300 && r <= 0x36f: // a mark as a letter of its own, as some phones write
		case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r):
			word.WriteRune(r)
		default:
			flush()
		}
	}
	flush()
	return words
}

// Normal is the form in which names are compared: words without the titles in
// front, with spellings that stand for one another made equal.
func Normal(name string) string {
	words := Words(name)
	for len(words) > 1 && titles[words[0]] {
		words = words[1:]
	}
	for i, w := range words {
		if s, ok := spellings[w]; ok {
			words[i] = s
		}
	}
	return strings.Join(words, " ")
}

// Close reports whether two names may be of one person: equal after [Normal],
// one the beginning of the other word by word, or no more than one letter in
// eight apart (one in shorter names). It is meant to be wrong on the side of asking.
func Close(a, b string) bool {
	x, y := Normal(a), Normal(b)
	if x == "" || y == "" {
		return false
	}
	if x == y || strings.HasPrefix(x, y+" ") || strings.HasPrefix(y, x+" ") {
		return true
	}
	limit := max(1, max(utf8.RuneCountInString(x), utf8.RuneCountInString(y))/8)
	return distance(x, y, limit) <= limit
}

// distance is the edit distance, given up beyond limit.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > limit || len(y)-len(x) > limit {
		return limit + 1
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(x); i++ {
		prev, least := row[0], i
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			next := min(row[j]+1, row[j-1]+1, prev+cost)
			prev, row[j] = row[j], next
			least = min(least, next)
		}
		if least > limit {
			return limit + 1
		}
	}
	return row[len(y)]
}
