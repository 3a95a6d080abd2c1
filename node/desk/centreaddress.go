package desk

import (
	"context"
	"slices"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/join"
)

// CentreAddresses are those under which the centre may answer: the PC's own, at most join.MaxAddresses, the best first, then
// as many that the centre tells of itself. A wrong one does no harm: only an answer that is signed with the centre's key counts.
func (d *Desk) CentreAddresses(own []string) []string {
	out := slices.Clone(own)
	for _, a := range d.Settings().Addresses {
		if !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	return out
}

// MoveCentre says where the centre is now: it got another line, another address, or was rebuilt on another PC. The old
// addresses are tried after the new ones. answered is false when nobody answers there, which is no error: the centre may not
// be up yet. It returns a problem with "address" when it is no address, or when somebody else answers there.
func (d *Desk) MoveCentre(ctx context.Context, who Actor, addresses string) (answered bool, err error) {
	if err := d.mayJoin(who); err != nil {
		return false, err
	}
	e, err := d.Store.Enrolled(ctx)
	if err != nil {
		return false, told(err)
	}
	list, err := join.ParseAddresses(addresses)
	switch {
	case err != nil:
		return false, library.Invalid(library.Problem{Field: "address", Key: "problem.addresses"})
	case len(list) == 0:
		return false, library.Invalid(library.Problem{Field: "address", Key: library.KeyMissing})
	}
	best := ""
	for _, a := range list {
		err := d.Gate.IsCentre(ctx, a, e.Centre)
		if library.KindOf(err) == library.KindForbidden {
			return false, library.Invalid(library.Problem{Field: "address", Key: "problem.other_centre"})
		}
		if err == nil && best == "" {
			best = a
		}
	}
	return best != "", d.rememberCentre(ctx, append(preferred(list, best), e.URLs...))
}

// FoundCentre puts the address first at which the centre has answered.
func (d *Desk) FoundCentre(ctx context.Context, own []string, at string) error {
	return d.rememberCentre(ctx, append([]string{at}, own...))
}

func (d *Desk) rememberCentre(ctx context.Context, addresses []string) error {
	var list []string
	for _, a := range addresses {
		if !slices.Contains(list, a) && len(list) < join.MaxAddresses {
			list = append(list, a)
		}
	}
	_, err := d.write(ctx, library.ID{}, func(tx *store.Tx) error { return tx.SetURLs(list) })
	return err
}
