package directory

import (
	"context"
	"slices"

	"simpul/sync/merge"
)

// Filter restricts a search.
type Filter int

// The filters. A member has or had a card; a registration has none yet, or
// ended without one.
const (
	Everyone Filter = iota
	Members
	Registrations
)

// Bounds of the answers, whatever is asked for.
const (
	MaxFound     = 100 // by Find
	MaxBirthday  = 5   // by FindByBirthDay: more candidates than that tell nobody apart
	MaxLookAlike = 20  // by SimilarBorn
)

// Find returns the people who match every term of the query, newest first, at
// most limit (1 to MaxFound), and whether there are more. Terms are parted by
// spaces, and what a name or number could not hold (more than 400 bytes or 16
// terms) is not read:
//   - a word begins a word of the name, without regard to case, marks and
//     apostrophes; Moch. finds Muhammad and the other way round;
//   - digits, in groups or not, begin or end the number;
//   - a date such as 23-11-1998 is the birth date.
//
// An empty query finds everyone; one of nothing but signs finds nobody. Any text
// is a query: the only error is that of ctx.
func (d *Directory) Find(ctx context.Context, query string, limit int, filter Filter) (found []Entry, more bool, err error) {
	if err := ctx.Err(); err != nil {
		return nil, false, err
	}
	terms, ok := parseQuery(query)
	if !ok {
		return nil, false, nil
	}
	limit = min(max(limit, 1), MaxFound)
	d.mu.RLock()
	defer d.mu.RUnlock()
	x := &d.index
	hits := x.filtered(filter)
	for _, t := range terms {
		hits.keep(x.matching(t))
	}
	for at := range hits.downward {
		if len(found) == limit {
			return found, true, nil
		}
		found = append(found, x.rows[at].entry())
	}
	return found, false, nil
}

// filtered returns a set of its own of the rows that a filter lets through.
func (x *index) filtered(f Filter) rowSet {
	switch f {
	case Members:
		return slices.Clone(x.members)
	case Registrations:
		rest := slices.Clone(x.all)
		for i := range rest {
			rest[i] &^= x.members[i]
		}
		return rest
	default:
		return slices.Clone(x.all)
	}
}

// matching returns the rows that match a term in one of its ways.
func (x *index) matching(t term) rowSet {
	hits := x.named(t.words[0])
	for _, word := range t.words[1:] {
		hits.keep(x.named(word))
	}
	if t.number != "" {
		x.numbered(t.number, hits)
	}
	if day, ok := birthday(t.birth); ok {
		for _, at := range x.born[day] {
			if x.rows[at].birth() == t.birth {
				hits.set(at)
			}
		}
	}
	return hits
}

// named returns the rows with a word in the name that begins with the typed
// word, or with its common spelling.
func (x *index) named(typed string) rowSet {
	hits := newRowSet(len(x.rows))
	mark := func(prefix string) {
		for _, w := range x.words.beginning(prefix) {
			for _, at := range w.rows {
				hits.set(at)
			}
		}
	}
	mark(typed)
	if spelling := merge.Normal(typed); spelling != typed {
		mark(spelling)
	}
	return hits
}

// FindByBirthDay is the kiosk's way to find a member without the card: those
// born on a day (1 to 31) of a month (1 to 12) whose name is close to the one
// given ([merge.Close]), newest first, at most MaxBirthday.
func (d *Directory) FindByBirthDay(ctx context.Context, name string, month, day int, filter Filter) ([]Entry, error) {
	place, ok := dayOfYear(month, day)
	if !ok {
		return nil, ctx.Err()
	}
	return d.closeNames(ctx, name, place, filter, MaxBirthday, func(string) bool { return true })
}

// SimilarBorn returns those who may be the same person: born on the same ISO
// date, with a close name, newest first, at most MaxLookAlike.
func (d *Directory) SimilarBorn(ctx context.Context, birthISO, name string) ([]Entry, error) {
	place, ok := birthday(birthISO)
	if !ok {
		return nil, ctx.Err()
	}
	return d.closeNames(ctx, name, place, Everyone, MaxLookAlike, func(birth string) bool { return birth == birthISO })
}

func (d *Directory) closeNames(ctx context.Context, name string, place int, filter Filter, limit int, born func(iso string) bool) ([]Entry, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	name = name[:min(len(name), maxTyped)]
	x := &d.index
	allowed := x.filtered(filter)
	newest := slices.Clone(x.born[place])
	slices.SortFunc(newest, func(a, b uint32) int { return int(b) - int(a) })
	var found []Entry
	for _, at := range newest {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r := &x.rows[at]
		if !allowed.has(at) || !born(r.birth()) || !merge.Close(r.name(), name) {
			continue
		}
		if found = append(found, r.entry()); len(found) == limit {
			break
		}
	}
	return found, nil
}
