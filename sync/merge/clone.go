package merge

import (
	"maps"
	"slices"
)

// Clone returns a copy that shares nothing that Apply changes, so that a state
// which others are reading can be taken further. Bodies, and lists that are only
// ever replaced whole, are shared.
func (p *Person) Clone() *Person {
	q := *p
	q.Writes = slices.Clone(p.Writes)
	for i, w := range q.Writes {
		q.Writes[i].Fields = maps.Clone(w.Fields)
	}
	q.Cards = slices.Clone(p.Cards)
	for i := range q.Cards {
		c := &q.Cards[i]
		c.Blocks, c.Lifted, c.Prints = slices.Clone(c.Blocks), slices.Clone(c.Lifted), slices.Clone(c.Prints)
	}
	q.Erased, q.Marks = slices.Clone(p.Erased), slices.Clone(p.Marks)
	q.Aliases, q.Orphans = slices.Clone(p.Aliases), slices.Clone(p.Orphans)
	q.Wishes, q.Replies = slices.Clone(p.Wishes), slices.Clone(p.Replies)
	q.Consents, q.Compared = maps.Clone(p.Consents), maps.Clone(p.Compared)
	return &q
}
