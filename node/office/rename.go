package office

import (
	"context"
	"slices"
	"strings"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
)

// MaxBranchName bounds the name of a branch, in letters.
const MaxBranchName = 80

// RenameBranch gives a branch another name, at the centre and, after their next
// exchange, at every node. What the branch calls itself, on its cards too, is its
// own setting. KindInvalid at "name" when it is empty, too long, or another
// branch's.
func (o *Office) RenameBranch(ctx context.Context, who desk.Actor, op, branch library.ID, name string) (desk.Done, error) {
	if err := o.may(who, library.ManageNodes); err != nil {
		return desk.Done{}, err
	}
	now, err := o.branch(ctx, branch)
	if err != nil {
		return desk.Done{}, err
	}
	name = library.CleanLine(name)
	if p := branchNameProblem(name); p != nil {
		return desk.Done{}, library.Invalid(*p)
	}
	all, err := o.branches(ctx)
	if err != nil {
		return desk.Done{}, err
	}
	if slices.ContainsFunc(all, func(b Branch) bool { return b.ID != branch && strings.EqualFold(b.Name, name) }) {
		return desk.Done{}, library.Invalid(library.Problem{Field: "name", Key: "problem.branch_name_taken"})
	}
	if name == now.Name {
		return desk.Done{ID: branch}, nil
	}
	keys, err := o.Keys(ctx)
	if err != nil {
		return desk.Done{}, err
	}
	return o.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(branch[:])
		held, err := tx.Decisions()
		if err != nil {
			return err
		}
		was, _ := held.Naming(event.ID(branch))
		_, err = tx.Decide(keys.Signing(), event.ID(who.Officer), event.BranchNamed, &event.Naming{Branch: event.ID(branch), Name: name, Version: was.Version + 1})
		return err
	})
}

func branchNameProblem(name string) *library.Problem {
	switch {
	case name == "":
		return &library.Problem{Field: "name", Key: library.KeyMissing}
	case len([]rune(name)) > MaxBranchName:
		return &library.Problem{Field: "name", Key: library.KeyTooLong, Args: []any{MaxBranchName}}
	}
	return nil
}
