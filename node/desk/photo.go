package desk

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"simpul/node/library"
	"simpul/node/photo"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// AttachPhoto decodes, crops and keeps a photo (SOP step 5). The original is not
// kept. Photos of a wrong kind or size are KindInvalid at the field "photo". A
// photo that is replaced is erased, and the card can be printed again.
func (d *Desk) AttachPhoto(ctx context.Context, who Actor, op, id library.ID, content []byte, crop *photo.Crop, source, version string) (Done, error) {
	if err := who.may(library.Register); err != nil {
		return Done{}, err
	}
	return d.attach(ctx, who, op, id, content, crop, source, func(_ *store.Tx, p *merge.Person) error { return unchanged(p, version) })
}

// attach is AttachPhoto; also is asked in the same transaction, before anything is written.
func (d *Desk) attach(ctx context.Context, who Actor, op, id library.ID, content []byte, crop *photo.Crop, source string, also func(*store.Tx, *merge.Person) error) (Done, error) {
	r, err := d.Studio.Render(ctx, bytes.NewReader(content), crop)
	var rejected *photo.Rejected
	if errors.As(err, &rejected) {
		return Done{}, badPhoto(string(rejected.Reason))
	}
	if err != nil {
		return Done{}, fmt.Errorf("desk: photo: %w", err)
	}
	// Files first, then the event: a file without an event is swept away, an
	// event without its file would be a lie.
	for _, data := range [][]byte{r.Card, r.Record} {
		if _, err := d.Photos.Put(data); err != nil {
			d.sayRoom(err)
			return Done{}, told(fmt.Errorf("desk: keep photo: %w", err))
		}
	}
	var old merge.Photo
	var shared bool
	done, err := d.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(id[:])
		p, err := person(tx, id, "")
		if err != nil {
			return err
		}
		if err := also(tx, p); err != nil {
			return err
		}
		if err := mayHavePhoto(p); err != nil {
			return err
		}
		old = p.Photo.Value
		if _, err := d.append(tx, who, event.PhotoAttached, id, &event.Photo{Card: r.CardHash, Record: r.RecordHash, Source: source}); err != nil {
			return err
		}
		if old.State == merge.PhotoAttached && old.Record != r.RecordHash {
			shared, err = d.erasePhoto(tx, who, id, old, "replaced")
		}
		return err
	})
	if err == nil && !done.Repeated && !shared && old.State == merge.PhotoAttached && old.Record != r.RecordHash {
		d.removePhotos([]event.Hash{old.Card, old.Record})
	}
	return done, err
}

// erasePhoto records that a photo is gone. shared says that somebody else has the
// very same picture, given to the wrong person first: then the file stays.
func (d *Desk) erasePhoto(tx *store.Tx, who Actor, id library.ID, old merge.Photo, reason string) (shared bool, err error) {
	if _, err := d.append(tx, who, event.PhotoErased, id, &event.Photo{Card: old.Card, Record: old.Record, Reason: reason}); err != nil {
		return false, err
	}
	return tx.PhotoShared(old.Card, event.ID(id))
}

func (d *Desk) removePhotos(hashes []event.Hash) {
	for _, h := range hashes {
		if err := d.Photos.Remove(h); err != nil {
			d.Log.Warn("a photo that is to go stays until the next sweep", "err", err)
		}
	}
}

// DeclinePhoto is "Tanpa foto": the member does not want one.
func (d *Desk) DeclinePhoto(ctx context.Context, who Actor, op, id library.ID, version string) (Done, error) {
	return d.noPhoto(ctx, who, op, id, event.PhotoDeclined, "declined", version)
}

// DeferPhoto is "Foto menyusul": it comes later, and stands on its list.
func (d *Desk) DeferPhoto(ctx context.Context, who Actor, op, id library.ID, version string) (Done, error) {
	return d.noPhoto(ctx, who, op, id, event.PhotoDeferred, "deferred", version)
}

func (d *Desk) noPhoto(ctx context.Context, who Actor, op, id library.ID, t event.Type, key, version string) (Done, error) {
	if err := who.may(library.Register); err != nil {
		return Done{}, err
	}
	var old merge.Photo
	var shared bool
	done, err := d.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(id[:])
		p, err := person(tx, id, version)
		if err != nil {
			return err
		}
		if err := stage(p, merge.StageOpened, merge.StageIdentified, merge.StageFilled, merge.StageVerified, merge.StageIssued, merge.StageDone); err != nil {
			return err
		}
		old = p.Photo.Value
		if _, err := d.append(tx, who, t, id, &event.Reason{Key: key}); err != nil {
			return err
		}
		if old.State == merge.PhotoAttached {
			shared, err = d.erasePhoto(tx, who, id, old, key)
		}
		return err
	})
	if err == nil && !done.Repeated && !shared && old.State == merge.PhotoAttached {
		d.removePhotos([]event.Hash{old.Card, old.Record})
	}
	return done, err
}

// Photo returns one rendition of a person's photo; record is the large one.
// KindNotFound when there is none.
func (d *Desk) Photo(ctx context.Context, who Actor, id library.ID, record bool) ([]byte, error) {
	if err := who.may(library.ReadMember); err != nil {
		return nil, err
	}
	p, err := d.Store.Person(ctx, event.ID(id))
	if err != nil {
		return nil, told(err)
	}
	return d.photoOf(p, record)
}

func (d *Desk) photoOf(p *merge.Person, record bool) ([]byte, error) {
	ph := p.Photo.Value
	if ph.State != merge.PhotoAttached {
		return nil, library.E(library.KindNotFound, "error.no_photo")
	}
	hash := ph.Card
	if record {
		hash = ph.Record
	}
	data, err := d.Photos.Get(hash)
	if err != nil {
		return nil, told(fmt.Errorf("desk: photo: %w", err))
	}
	return data, nil
}

// WaitingForPhoto lists who was promised a photo later.
func (d *Desk) WaitingForPhoto(ctx context.Context, who Actor, limit int) ([]Record, error) {
	if err := who.may(library.Register); err != nil {
		return nil, err
	}
	list, err := d.Store.WaitingForPhoto(ctx, limit)
	return d.records(list), told(err)
}

// Crop is the frame over a picture, in parts (0 to 1) of its width and height.
type Crop = photo.Crop
