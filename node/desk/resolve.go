package desk

import (
	"context"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// resolveBatch bounds how many lines one transaction gives a name.
const resolveBatch = 500

// ResolveVisits gives the lines with a number to the member who has it now, and
// returns how many it were. Call it when a number became known: an alias was
// added, a member was imported.
func (d *Desk) ResolveVisits(ctx context.Context, number string) (int, error) {
	p, err := d.visitor(ctx, VisitInput{Kind: merge.VisitMember, Number: library.CleanScan(number)})
	if err != nil || p == nil {
		return 0, err
	}
	found, err := d.Store.UnknownVisits(ctx, library.CleanScan(number), resolveBatch)
	if err != nil || len(found) == 0 {
		return 0, told(err)
	}
	_, err = d.write(ctx, library.ID{}, func(tx *store.Tx) error { return d.resolve(tx, found, p.ID) })
	return len(found), err
}

// resolveNumber does the same where a number is assigned.
func (d *Desk) resolveNumber(tx *store.Tx, member event.ID, number string) error {
	found, err := tx.UnknownVisits(number, resolveBatch)
	if err != nil {
		return err
	}
	return d.resolve(tx, found, member)
}

// resolve reads each line again, because it may have been resolved meanwhile.
func (d *Desk) resolve(tx *store.Tx, found []*merge.Visit, member event.ID) error {
	for _, old := range found {
		v, err := tx.Visit(old.ID)
		if err != nil {
			return err
		}
		if !v.Person.Value.IsZero() || v.Voided.Value {
			continue
		}
		if err := d.correctVisit(tx, System, v, belongsTo(v, member, ReasonKnown)); err != nil {
			return err
		}
	}
	return nil
}

// ResolveOpen tries every line without a name once more: a job of each day.
// Only numbers; a name with a birthday that fitted nobody is for a person.
func (d *Desk) ResolveOpen(ctx context.Context) error {
	if !d.Open() {
		return nil
	}
	found, err := d.Store.OpenVisits(ctx, int64(d.Today().Days()-openDays), resolveBatch)
	if err != nil {
		return told(err)
	}
	tried := map[string]bool{}
	for _, v := range found {
		number := v.Line.Value.Number
		if number == "" || tried[number] {
			continue
		}
		tried[number] = true
		if _, err := d.ResolveVisits(ctx, number); err != nil {
			return err
		}
	}
	return nil
}
