package desk

import (
	"context"
	"slices"
	"unicode/utf8"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
	"simpul/sync/wire"
)

// A photo may be in no place any more: its file went with a disk before it reached
// the centre. The centre goes on asking for it and calls nothing safe that came
// after it, until somebody says that it is lost (AcceptPhotoLoss).

// PhotoState is where the file of a member's photo is.
type PhotoState string

// The states of a photo that a record names.
const (
	PhotoHere    PhotoState = ""       // or there is none
	PhotoSending PhotoState = "asked"  // here, and not yet at the centre
	PhotoComing  PhotoState = "coming" // not here; whoever has it will send it
	PhotoLost    PhotoState = "lost"   // nowhere, as far as can be known here
)

// PhotoStateOf says where the photo of a record is.
func (d *Desk) PhotoStateOf(ctx context.Context, who Actor, id library.ID) (PhotoState, error) {
	if err := who.may(library.ReadMember); err != nil {
		return PhotoHere, err
	}
	p, err := d.Store.Person(ctx, event.ID(id))
	if err != nil {
		return PhotoHere, told(err)
	}
	return d.photoState(ctx, p)
}

func (d *Desk) photoState(ctx context.Context, p *merge.Person) (PhotoState, error) {
	ph := p.Photo.Value
	if ph.State != merge.PhotoAttached {
		return PhotoHere, nil
	}
	here := d.Photos.Has(ph.Card) && d.Photos.Has(ph.Record)
	if d.Settings().Role == library.NodeCentre {
		if here {
			return PhotoHere, nil
		}
		return d.photoAtCentre(ctx, p.ID)
	}
	status, err := d.Store.ExchangeStatus(ctx)
	if err != nil {
		return PhotoHere, told(err)
	}
	asked, err := d.Store.PhotosAsked(ctx)
	if err != nil {
		return PhotoHere, told(err)
	}
	misses := slices.Contains(asked, wire.ShortOf(ph.Card)) || slices.Contains(asked, wire.ShortOf(ph.Record))
	switch {
	case here && misses:
		return PhotoSending, nil
	case here:
		return PhotoHere, nil
	case misses || !status.Joined:
		return PhotoLost, nil
	}
	return PhotoComing, nil
}

// photoAtCentre is the state of a photo that the centre misses: whoever took it will
// send it, unless that PC was revoked, or is the centre itself.
func (d *Desk) photoAtCentre(ctx context.Context, person event.ID) (PhotoState, error) {
	node, err := d.Store.NodeOf(ctx, person)
	if err != nil {
		return PhotoHere, told(err)
	}
	known, err := d.Store.Decisions(ctx)
	if err != nil {
		return PhotoHere, told(err)
	}
	if _, revoked := known.Revoked(node); node.IsZero() || revoked {
		return PhotoLost, nil
	}
	return PhotoComing, nil
}

// AcceptPhotoLoss records that a photo is lost, and why, as far as anybody knows. The
// member stands among those whose photo follows later, and the centre asks for the
// lost one no more. KindConflict when it is not lost.
func (d *Desk) AcceptPhotoLoss(ctx context.Context, who Actor, op, id library.ID, note string) (Done, error) {
	if err := who.may(library.Register); err != nil {
		return Done{}, err
	}
	switch note = library.CleanLine(note); {
	case note == "":
		return Done{}, library.Invalid(library.Problem{Field: "note", Key: library.KeyMissing})
	case utf8.RuneCountInString(note) > 200:
		return Done{}, library.Invalid(library.Problem{Field: "note", Key: library.KeyTooLong, Args: []any{200}})
	}
	return d.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(id[:])
		p, err := person(tx, id, "")
		if err != nil {
			return err
		}
		state, err := d.photoState(ctx, p)
		if err != nil {
			return err
		}
		if state != PhotoLost {
			return library.E(library.KindConflict, "error.changed_meanwhile").Hinted("error.changed_meanwhile.hint")
		}
		old := p.Photo.Value
		if _, err := d.append(tx, who, event.PhotoDeferred, id, &event.Reason{Key: "lost", Note: note}); err != nil {
			return err
		}
		_, err = d.erasePhoto(tx, who, id, old, "lost")
		return err
	})
}
