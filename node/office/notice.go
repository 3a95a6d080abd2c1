package office

import (
	"context"
	"errors"
	"strings"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
)

// Told is a notice about a PC of the district.
type Told struct {
	desk.Notice
	PC     library.ID
	Name   string // of its branch
	Events int    // that were kept apart from the others, after a fork
	Who    string // who has seen it; empty while nobody has
}

// About says which PC a notice is about; false for one about this centre's own data.
func (o *Office) About(ctx context.Context, who desk.Actor, n desk.Notice) (Told, bool, error) {
	if err := o.may(who, library.ReadReports); err != nil {
		return Told{}, false, err
	}
	pc, rest, _ := strings.Cut(n.Detail, " ")
	node, err := event.ParseID(pc)
	if err != nil {
		return Told{}, false, nil
	}
	held, err := o.Store.Decisions(ctx)
	if err != nil {
		return Told{}, false, told(err)
	}
	e, known := held.Enrolment(node)
	if !known {
		return Told{}, false, nil
	}
	t := Told{Notice: n, PC: library.ID(node), Name: e.Name}
	if stream, err := event.ParseID(rest); err == nil {
		f, err := o.Store.ForeignStream(ctx, stream)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return t, true, told(err)
		}
		if err == nil {
			t.Events = int(f.Head)
		}
	}
	if n.Seen.IsZero() {
		return t, true, nil
	}
	names, err := o.Desk.OfficerNames(ctx)
	t.Who = names[n.By]
	return t, true, err
}

// Holder is one of two people whose cards bear one number.
type Holder struct {
	ID     library.ID
	Name   string // empty of somebody who was erased
	Number string
}

// Twice says whose cards bear one number; false for a notice about something else.
func (o *Office) Twice(ctx context.Context, who desk.Actor, n desk.Notice) (holders []Holder, is bool, _ error) {
	if n.Kind != store.NoticeTwice {
		return nil, false, nil
	}
	if err := o.may(who, library.ReadMember); err != nil {
		return nil, true, nil // told that it is so, and not of whom
	}
	for _, word := range strings.Fields(n.Detail) {
		id, err := event.ParseID(word)
		if err != nil {
			return nil, true, told(err)
		}
		p, err := o.Store.Person(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, true, told(err)
		}
		h := Holder{ID: library.ID(id), Name: p.Get(event.FieldName)}
		if c := p.Card(); c != nil {
			h.Number = c.Number
		}
		holders = append(holders, h)
	}
	return holders, true, nil
}

// noticesKept bounds the notices among which those of one PC are looked for.
const noticesKept = 500

// NoticesOf lists what happened to a PC's data, unseen first.
func (o *Office) NoticesOf(ctx context.Context, who desk.Actor, pc library.ID) (out []Told, _ error) {
	list, err := o.Desk.Notices(ctx, who, noticesKept)
	if err != nil {
		return nil, err
	}
	for _, n := range list {
		t, about, err := o.About(ctx, who, n)
		if err != nil {
			return nil, err
		}
		if about && t.PC == pc {
			out = append(out, t)
		}
	}
	return out, nil
}
