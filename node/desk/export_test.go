package desk

import (
	"context"

	"simpul/sync/merge"
)

// SignedFor is the signature of a person's card in use.
func (d *Desk) SignedFor(ctx context.Context, p *merge.Person) ([]byte, error) {
	return d.signed(ctx, p, p.Card(), p.Card().Until)
}
