package simtest

import (
	"fmt"
	"slices"
	"strings"

	"simpul/sync/merge"
)

// shown is what a screen shows of a person: all that does not depend on where an
// event stands.
func shown(p *merge.Person) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s photo %s %x term %v", p.Stage.Value, p.Photo.Value.State, p.Photo.Value.Card[:3], p.Term.Value)
	all := p.Writes.All()
	for _, f := range slices.Sorted(keys(all)) {
		fmt.Fprintf(&b, " %d=%s", f, all[f])
	}
	cards := slices.Clone(p.Cards)
	slices.SortFunc(cards, func(a, b merge.Card) int { return strings.Compare(a.ID.String(), b.ID.String()) })
	for _, c := range cards {
		fmt.Fprintf(&b, " card %s %s blocked %v handed %v", short(c.ID), c.Number, c.Blocked(), c.Handed.Value)
	}
	if c := p.Card(); c != nil {
		fmt.Fprintf(&b, " in use %s", short(c.ID))
	}
	fmt.Fprintf(&b, " aliases %d orphans %d events %d", len(p.Aliases), len(p.Orphans), p.Events)
	return b.String()
}
