package desk

import (
	"context"
	"errors"
	"fmt"

	"simpul/node/photo"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// PhotoReport is what a check of the photos looked at and found. It names files by hash, never people.
type PhotoReport struct {
	Photos   int64
	Findings []string
}

// CheckPhotos opens every photo that a record names and compares it with its hash. The vault must be open.
func (d *Desk) CheckPhotos(ctx context.Context) (PhotoReport, error) {
	var r PhotoReport
	err := d.Store.EachWithPhoto(ctx, func(p *merge.Person) error {
		for _, hash := range []event.Hash{p.Photo.Value.Card, p.Photo.Value.Record} {
			r.Photos++
			_, err := d.Photos.Get(hash)
			switch {
			case errors.Is(err, photo.ErrMissing):
				r.Findings = append(r.Findings, fmt.Sprintf("photo %x is missing", hash[:6]))
			case err != nil:
				r.Findings = append(r.Findings, fmt.Sprintf("photo %x cannot be read as it was kept", hash[:6]))
			}
		}
		return ctx.Err()
	})
	return r, told(err)
}
