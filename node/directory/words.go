package directory

import (
	"slices"
	"sort"
	"strings"

	"simpul/sync/merge"
)

// word leads to the rows whose names bear it, in no order.
type word struct {
	text string
	rows []uint32
}

// vocabulary is every word of every name, sorted by text.
type vocabulary []word

// posting says that a row bears a word.
type posting struct {
	text string
	row  uint32
}

// nameKeys are the words under which a name is found: as written and, where
// documents spell one name in several ways, in the common spelling too.
func nameKeys(name string) []string {
	keys := append(merge.Words(name), strings.Fields(merge.Normal(name))...)
	slices.Sort(keys)
	return slices.Compact(keys)
}

func (v vocabulary) find(text string) (at int, found bool) {
	return slices.BinarySearchFunc(v, text, func(w word, t string) int { return strings.Compare(w.text, t) })
}

// beginning returns the words that begin with a prefix.
func (v vocabulary) beginning(prefix string) vocabulary {
	from, _ := v.find(prefix)
	v = v[from:]
	return v[:sort.Search(len(v), func(i int) bool { return !strings.HasPrefix(v[i].text, prefix) })]
}

// link takes in postings of rows that are new under their words. It sorts them.
func (v *vocabulary) link(postings []posting) {
	slices.SortFunc(postings, func(a, b posting) int { return strings.Compare(a.text, b.text) })
	var fresh vocabulary
	from := 0
	for _, p := range postings {
		if n := len(fresh); n > 0 && fresh[n-1].text == p.text {
			fresh[n-1].rows = append(fresh[n-1].rows, p.row)
			continue
		}
		at, found := (*v)[from:].find(p.text)
		from += at
		if found {
			(*v)[from].rows = append((*v)[from].rows, p.row)
		} else {
			fresh = append(fresh, word{strings.Clone(p.text), []uint32{p.row}})
		}
	}
	v.merge(fresh)
}

// merge takes in sorted words that are new, from the end, in place.
func (v *vocabulary) merge(fresh vocabulary) {
	old, to := len(*v)-1, len(*v)+len(fresh)-1
	all := append(*v, fresh...)
	for next := len(fresh) - 1; next >= 0; to-- {
		if old >= 0 && all[old].text > fresh[next].text {
			all[to] = all[old]
			old--
		} else {
			all[to] = fresh[next]
			next--
		}
	}
	*v = all
}

// unlink takes a row off a word, and the word away with its last row: of an
// erased person not even a rare name stays.
func (v *vocabulary) unlink(text string, row uint32) {
	at, found := v.find(text)
	if !found {
		return
	}
	w := &(*v)[at]
	w.rows = without(w.rows, row)
	if len(w.rows) == 0 {
		*v = slices.Delete(*v, at, at+1)
	}
}

// without takes one row out of a list whose order does not matter.
func without(rows []uint32, row uint32) []uint32 {
	at := slices.Index(rows, row)
	if at < 0 {
		return rows
	}
	last := len(rows) - 1
	rows[at] = rows[last]
	return rows[:last]
}
