package desk

import (
	"context"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
)

// maxAliases bounds how many other numbers lead to one member.
const maxAliases = 8

// AddAlias notes a member's number of another system, so that scanning the old card finds the member. Such a number may
// be a NIK: it is sealed wherever it is kept and found by a keyed tag. Numbers that visitors left before are theirs now.
func (d *Desk) AddAlias(ctx context.Context, who Actor, op, id library.ID, system, number string) (Done, error) {
	if err := who.may(library.Correct); err != nil {
		return Done{}, err
	}
	system, number = library.CleanLine(system), library.CleanScan(number)
	var problems []library.Problem
	if system == "" || len([]rune(system)) > 40 {
		problems = append(problems, library.Problem{Field: "system", Key: library.KeyMissing})
	}
	switch {
	case number == "":
		problems = append(problems, library.Problem{Field: "number", Key: library.KeyMissing})
	case len(number) > 64:
		problems = append(problems, library.Problem{Field: "number", Key: library.KeyTooLong, Args: []any{64}})
	}
	if len(problems) > 0 {
		return Done{}, library.Invalid(problems...)
	}
	return d.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(id[:])
		p, err := person(tx, id, "")
		if err != nil {
			return err
		}
		for _, a := range p.Aliases {
			if a.Number == number {
				return library.Invalid(library.Problem{Field: "number", Key: "problem.alias_known"})
			}
		}
		if len(p.Aliases) >= maxAliases {
			return library.Invalid(library.Problem{Field: "number", Key: "problem.alias_many", Args: []any{maxAliases}})
		}
		if _, err := d.append(tx, who, event.MemberAliased, id, &event.Alias{System: system, Number: number}); err != nil {
			return err
		}
		return d.resolveNumber(tx, event.ID(id), number)
	})
}
