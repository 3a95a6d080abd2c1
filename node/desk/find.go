package desk

import (
	"context"

	"simpul/node/directory"
	"simpul/node/library"
	"simpul/sync/event"
)

// Entry is a line of a search; Filter restricts one.
type (
	Entry  = directory.Entry
	Filter = directory.Filter
)

// The filters.
const (
	Everyone      = directory.Everyone
	Members       = directory.Members
	Registrations = directory.Registrations
)

// Find searches members and registrations by name, number, birth date or NIK.
// A NIK is looked up by its keyed tag, exactly.
func (d *Desk) Find(ctx context.Context, who Actor, query string, limit int, filter Filter) ([]Entry, bool, error) {
	if err := who.may(library.ReadMember); err != nil {
		if err := who.may(library.DraftRegistration); err != nil {
			return nil, false, err
		}
	}
	if nik, err := library.ParseNIK(query); err == nil {
		list, err := d.Store.SameNIK(ctx, nik.String(), limit)
		if err != nil {
			return nil, false, told(err)
		}
		out := make([]Entry, 0, len(list))
		for _, p := range list {
			out = append(out, d.entryOfPerson(p))
		}
		return out, false, nil
	}
	found, more, err := d.Directory.Find(ctx, query, limit, filter)
	return found, more, told(err)
}

// Scan finds who a scanned or typed code belongs to: the card's QR or member
// number, an old number, or a number of another system. KindNotFound when nobody
// here has it; a QR that is no genuine card is a problem of the field "number".
func (d *Desk) Scan(ctx context.Context, who Actor, code string) (Record, error) {
	if err := who.may(library.RecordVisit); err != nil {
		return Record{}, err
	}
	number, shown, err := d.unsigned(ctx, code)
	if err != nil {
		return Record{}, err
	}
	holders, err := d.Store.HoldersOf(ctx, number)
	if err != nil {
		return Record{}, told(err)
	}
	holders = pick(holders, shown)
	if len(holders) == 0 {
		return Record{}, library.E(library.KindNotFound, "error.number_unknown").Hinted("error.number_unknown.hint")
	}
	p, err := d.Store.Person(ctx, holders[0].Person)
	if err != nil {
		return Record{}, told(err)
	}
	return d.record(p), nil
}

// View loads a full record for an officer's eyes and logs the look: the same
// officer looking again within ten minutes is one look.
func (d *Desk) View(ctx context.Context, who Actor, id library.ID, reason string) (Record, error) {
	if err := who.may(library.ReadMember); err != nil {
		return Record{}, err
	}
	p, err := d.Store.Person(ctx, event.ID(id))
	if err != nil {
		return Record{}, told(err)
	}
	return d.record(p), d.logView(ctx, who, p.ID, reason)
}
