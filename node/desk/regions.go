package desk

import (
	"context"
	"fmt"
	"io"
	"strings"

	"simpul/node/library"
	"simpul/node/store"
)

// Regions returns the administrative areas known here: the built-in ones, or
// those of an imported file.
func (d *Desk) Regions() *library.Regions { return d.regions.Load() }

func (d *Desk) loadRegions(ctx context.Context) error {
	raw, err := d.Store.Local(ctx, "regions")
	if err != nil {
		return told(err)
	}
	if raw == nil {
		d.regions.Store(library.BuiltinRegions())
		return nil
	}
	r, err := library.ParseRegions(strings.NewReader(string(raw)))
	if err != nil {
		return fmt.Errorf("desk: imported regions: %w", err)
	}
	d.regions.Store(r)
	return nil
}

// ImportRegions replaces the areas by those of a file "code,name" (Kemendagri
// codes); errors name the line.
func (d *Desk) ImportRegions(ctx context.Context, who Actor, file io.Reader) (int, error) {
	if err := who.may(library.ManageSettings); err != nil {
		return 0, err
	}
	raw, err := io.ReadAll(io.LimitReader(file, 9<<20))
	if err != nil {
		return 0, fmt.Errorf("desk: read regions: %w", err)
	}
	r, err := library.ParseRegions(strings.NewReader(string(raw)))
	if err != nil {
		return 0, err
	}
	if _, err := d.write(ctx, library.ID{}, func(tx *store.Tx) error { return tx.PutLocal("regions", raw) }); err != nil {
		return 0, err
	}
	d.regions.Store(r)
	return r.Len(), nil
}
