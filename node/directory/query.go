package directory

import (
	"strings"

	"simpul/sync/merge"
)

// term is one thing that a person must match, in any of the ways that are set:
// by name (every word begins a word of the name), by number, by birth date. Words
// are always set.
type term struct {
	words  []string
	number string // bare
	birth  string // ISO date
}

// What is longer only costs time: maxTyped bytes of a query or name count, and
// maxTerms terms. Names are shorter.
const (
	maxTyped = 400
	maxTerms = 16
)

// parseQuery reads what an officer typed. Spaces part the terms; digits in
// groups are one number, as in 014 26 0 00123 7. ok is false when nothing of it
// can be searched.
func parseQuery(query string) (terms []term, ok bool) {
	fields := strings.Fields(query[:min(len(query), maxTyped)])
	for i := 0; i < len(fields) && len(terms) < maxTerms; {
		end := i + 1
		if isGroup(fields[i]) {
			for end < len(fields) && isGroup(fields[end]) {
				end++
			}
		}
		if t := newTerm(strings.Join(fields[i:end], " ")); len(t.words) > 0 {
			terms = append(terms, t)
		}
		i = end
	}
	return terms, len(terms) > 0 || len(fields) == 0
}

func newTerm(text string) term {
	t := term{words: merge.Words(text)}
	t.words = t.words[:min(len(t.words), maxTerms)]
	iso, dated := typedDate(text)
	switch {
	case dated:
		t.birth = iso
	case strings.ContainsAny(text, "0123456789"):
		t.number = bareNumber(text)
	}
	return t
}

// isGroup reports whether a field can be one of the groups of a number. A date
// is not: it may stand beside a number.
func isGroup(field string) bool {
	if _, dated := typedDate(field); dated {
		return false
	}
	return strings.ContainsAny(field, "0123456789") && strings.Trim(field, "0123456789-./") == ""
}
