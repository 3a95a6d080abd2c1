package desk

import (
	"context"
	"errors"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
)

// Known is a member of another branch, of whom this PC holds only what the whole district knows.
type Known struct {
	ID    library.ID
	Name  string
	Home  string // name of the branch that registered the member; "" when this PC does not know it yet
	Code  int    // NNN of the PC that did
	Kind  string
	Until library.Date
	Cards []KnownCard // newest first
}

// KnownCard is one card of such a member.
type KnownCard struct {
	Number   library.MemberNumber
	Blocked  bool
	Replaced bool
}

// Number is the member's present number, "" when there is none.
func (k Known) Number() library.MemberNumber {
	if len(k.Cards) == 0 {
		return ""
	}
	return k.Cards[0].Number
}

// Known loads a member of another branch. KindNotFound when the district's list has no such member.
func (d *Desk) Known(ctx context.Context, who Actor, id library.ID) (Known, error) {
	if err := who.may(library.ReadMember); err != nil {
		return Known{}, err
	}
	e, err := d.Store.Entry(ctx, event.ID(id))
	if err != nil {
		return Known{}, told(err)
	}
	held, err := d.Store.Decisions(ctx)
	if err != nil {
		return Known{}, told(err)
	}
	k := Known{ID: id, Name: e.Name, Code: int(e.Home), Kind: e.Kind, Until: library.DateFromDays(int(e.Until))}
	for _, pc := range held.Enrolments() {
		if pc.Code == e.Home {
			k.Home = pc.Name
		}
	}
	for _, c := range e.Cards {
		k.Cards = append(k.Cards, KnownCard{Number: library.MemberNumber(c.Number), Blocked: c.State == 1 || held.Barred(c.ID), Replaced: c.State == 2})
	}
	return k, nil
}

// Same is what was merged with a record: one person under several ids.
type Same struct {
	Stands library.ID // the id that answers for all of them
	Others []Other    // the others, whichever of them was asked for
}

// Other is another record of the same person. Its number is empty when this PC holds nothing of it.
type Other struct {
	ID     library.ID
	Name   string
	Number library.MemberNumber
}

// Same says what was merged with a record. One that was never merged stands alone.
func (d *Desk) Same(ctx context.Context, who Actor, id library.ID) (Same, error) {
	if err := who.may(library.ReadMember); err != nil {
		return Same{}, err
	}
	held, err := d.Store.Decisions(ctx)
	if err != nil {
		return Same{}, told(err)
	}
	stands := held.Survivor(event.ID(id))
	s := Same{Stands: library.ID(stands)}
	for _, one := range append([]event.ID{stands}, held.Absorbed(stands)...) {
		if one == event.ID(id) {
			continue
		}
		other := Other{ID: library.ID(one)}
		p, err := d.Store.Person(ctx, one)
		switch {
		case err == nil:
			if other.Name = p.Get(event.FieldName); p.Card() != nil {
				other.Number = library.MemberNumber(p.Card().Number)
			}
		case !errors.Is(err, store.ErrNotFound):
			return Same{}, told(err)
		default:
			if k, err := d.Known(ctx, who, other.ID); err == nil {
				other.Name, other.Number = k.Name, k.Number()
			}
		}
		s.Others = append(s.Others, other)
	}
	return s, nil
}

// Away reports whether a number belongs to a member of another branch, of whom only the district's list knows; ok is false for
// every other number.
func (d *Desk) Away(ctx context.Context, who Actor, number string) (id library.ID, ok bool, err error) {
	if err := who.may(library.ReadMember); err != nil {
		return id, false, err
	}
	holders, err := d.Store.HoldersOf(ctx, library.CleanScan(number))
	for _, h := range holders {
		if h.Away {
			return library.ID(h.Person), true, nil
		}
	}
	return id, false, told(err)
}
