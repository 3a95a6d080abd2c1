package desk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"simpul/node/library"
	"simpul/node/photo"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
)

const (
	// PieceBytes is the most that one piece of a photo from a phone may have.
	PieceBytes = 256 << 10
	// phonePhotoBytes is the most that a photo from a phone may have: what the studio takes.
	phonePhotoBytes = 15_000_000
	// otherPhone is how long a phone that has begun keeps others out.
	otherPhone = 20 * time.Second
	// SourcePhoto is the source of a photo that came from a phone.
	SourcePhoto = "phone" // also an officer's
)

// NewPhotoLink makes the link by which one phone may send the photo of a
// registration; the one before ends. It ends after LinkLife.
func (d *Desk) NewPhotoLink(ctx context.Context, who Actor, op, id library.ID) (Link, error) {
	return d.newLinkFor(ctx, who, op, id, store.LinkPhoto, mayHavePhoto)
}

// mayHavePhoto refuses a photo where it does not belong.
func mayHavePhoto(p *merge.Person) error {
	if !p.Member() {
		if err := stage(p, merge.StageOpened, merge.StageIdentified, merge.StageFilled, merge.StageVerified); err != nil {
			return err
		}
	}
	if c, given := p.Consent(string(library.ConsentPhoto)); given && c.Refused {
		return library.E(library.KindConflict, "error.photo_refused").Hinted("error.photo_refused.hint")
	}
	return nil
}

// PhotoLink is the link of a registration's photo; false when there is none.
func (d *Desk) PhotoLink(ctx context.Context, who Actor, id library.ID) (Link, bool, error) {
	return d.linkOf(ctx, who, id, store.LinkPhoto)
}

// PhonePhoto is the picture that a phone has sent and that nobody has accepted
// yet, as it came. KindNotFound when there is none.
func (d *Desk) PhonePhoto(ctx context.Context, who Actor, id library.ID) ([]byte, error) {
	if err := who.may(library.Register); err != nil {
		return nil, err
	}
	l, there, err := d.Store.LinkOf(ctx, event.ID(id), store.LinkPhoto)
	if err != nil {
		return nil, told(err)
	}
	if !there || l.State != LinkArrived {
		return nil, library.E(library.KindNotFound, "error.no_phone_photo").Hinted("error.no_phone_photo.hint")
	}
	content, err := d.Store.Pieces(ctx, l.ID)
	return content, told(err)
}

// AcceptPhonePhoto keeps the picture that came from the phone as the photo, cut
// as the officer chose, and ends the link.
func (d *Desk) AcceptPhonePhoto(ctx context.Context, who Actor, op, id library.ID, crop *photo.Crop, version string) (Done, error) {
	content, err := d.PhonePhoto(ctx, who, id)
	if err != nil {
		return Done{}, err
	}
	done, err := d.AttachPhoto(ctx, who, op, id, content, crop, SourcePhoto, version)
	if err != nil {
		return done, err
	}
	return done, d.endPhoto(ctx, id, func(tx *store.Tx, l store.Link) error {
		l.State, l.Upload, l.Size = LinkUsed, "", 0
		return tx.PutLink(l)
	})
}

// AskPhotoAgain sends the picture that came away and lets the same phone send
// another, for LinkLife.
func (d *Desk) AskPhotoAgain(ctx context.Context, who Actor, id library.ID) error {
	if err := who.may(library.Register); err != nil {
		return err
	}
	return d.endPhoto(ctx, id, func(tx *store.Tx, l store.Link) error {
		if l.State != LinkArrived {
			return nil // another phone has begun already
		}
		l.State, l.Upload, l.Size, l.Until = LinkOpen, "", 0, d.Now().Add(LinkLife).UnixMilli()
		return tx.PutLink(l)
	})
}

// endPhoto changes the link of a registration's photo and forgets what came by it.
func (d *Desk) endPhoto(ctx context.Context, id library.ID, change func(*store.Tx, store.Link) error) error {
	l, there, err := d.Store.LinkOf(ctx, event.ID(id), store.LinkPhoto)
	if err != nil || !there {
		return told(err)
	}
	_, err = d.write(ctx, library.ID{}, func(tx *store.Tx) error {
		now, err := tx.Link(l.ID)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := tx.DropPieces(l.ID); err != nil {
			return err
		}
		return change(tx, now)
	})
	return err
}

// Sending is how far a phone's photo has come.
type Sending struct {
	State  string // LinkOpen, LinkArrived or LinkUsed
	Upload string // which upload the bytes are of
	Sent   int64
	Size   int64
}

// PhotoSending says to a phone how far its photo has come. The errors are those
// of the link: unknown, late, used.
func (d *Desk) PhotoSending(ctx context.Context, token string) (Sending, error) {
	l, err := d.ofToken(ctx, token, store.LinkPhoto)
	return sending(l), err
}

func sending(l store.Link) Sending { return Sending{l.State, l.Upload, l.Sent, l.Size} }

// Piece is one piece of a photo on its way from a phone.
type Piece struct {
	Upload string // "phone.picture", drawn by the phone, so that pieces of two pictures never mix
	At     int64  // offset
	Size   int64  // of the whole picture
	Bytes  []byte // at most PieceBytes, or the whole picture at once
}

func (p Piece) check() error {
	switch {
	case p.Size > phonePhotoBytes:
		return badPhoto(string(photo.TooManyBytes))
	case p.Size == 0:
		return badPhoto("empty_file")
	case p.Size < 0 || p.At < 0 || p.At+int64(len(p.Bytes)) > p.Size || p.Upload == "" || len(p.Upload) > 64:
		return library.E(library.KindInvalid, "error.invalid")
	}
	return nil
}

// SendPhoto takes one piece. A piece that does not continue what is here is not
// kept; the answer says from where to go on. The piece that makes it whole is
// answered once the picture has been looked at: a bad one is KindInvalid at the
// field "photo", and the link stays open for another.
func (d *Desk) SendPhoto(ctx context.Context, token string, piece Piece) (Sending, error) {
	if err := piece.check(); err != nil {
		return Sending{}, err
	}
	if !d.Open() {
		return Sending{}, library.E(library.KindUnavailable, "error.phone_closed").Hinted("error.phone_closed.hint")
	}
	var l store.Link
	_, err := d.write(ctx, library.ID{}, func(tx *store.Tx) (err error) {
		l, err = tx.Link(store.LinkID(token))
		if l, err = d.held(l, err, store.LinkPhoto); err != nil {
			return err
		}
		return d.takePiece(tx, &l, piece)
	})
	if err != nil || l.State != LinkOpen || l.Sent < l.Size {
		return sending(l), err
	}
	return d.lookAtPhoto(ctx, l)
}

func badPhoto(reason string) error {
	return library.Invalid(library.Problem{Field: "photo", Key: "error.photo." + reason})
}

// phoneOf is the part of an upload's name that stays the same on one phone.
func phoneOf(upload string) string {
	phone, _, _ := strings.Cut(upload, ".")
	return phone
}

// takePiece adds a piece to what is here.
func (d *Desk) takePiece(tx *store.Tx, l *store.Link, piece Piece) error {
	now := d.Now()
	switch {
	case l.State == LinkArrived && l.Upload == piece.Upload:
		return nil // an answer was lost; all is here
	case l.State == LinkArrived:
		return library.E(library.KindConflict, "error.link_arrived").Hinted("error.link_arrived.hint")
	case l.Upload != piece.Upload || l.Size != piece.Size:
		if l.Sent > 0 && now.Sub(time.UnixMilli(l.Seen)) < otherPhone && phoneOf(l.Upload) != phoneOf(piece.Upload) {
			return library.E(library.KindConflict, "error.link_busy").Hinted("error.link_busy.hint")
		}
		if err := tx.DropPieces(l.ID); err != nil {
			return err
		}
		l.Upload, l.Size, l.Sent = piece.Upload, piece.Size, 0
	}
	if piece.At == l.Sent && len(piece.Bytes) > 0 {
		if err := tx.PutPiece(l.ID, piece.At, piece.Bytes); err != nil {
			return err
		}
		l.Sent += int64(len(piece.Bytes))
	}
	l.Seen = now.UnixMilli()
	l.Until = max(l.Until, now.Add(linkGrace).UnixMilli())
	return tx.PutLink(*l)
}

// lookAtPhoto decides whether what came is a photo. The officer crops it later.
func (d *Desk) lookAtPhoto(ctx context.Context, l store.Link) (Sending, error) {
	content, err := d.Store.Pieces(ctx, l.ID)
	if err != nil {
		return sending(l), told(err)
	}
	_, err = d.Studio.Render(ctx, bytes.NewReader(content), nil)
	var rejected *photo.Rejected
	if err != nil && !errors.As(err, &rejected) {
		return sending(l), fmt.Errorf("desk: look at a photo from a phone: %w", err)
	}
	upload := l.Upload
	_, err = d.write(ctx, library.ID{}, func(tx *store.Tx) (err error) {
		if l, err = tx.Link(l.ID); err != nil {
			return err
		}
		if l.Upload != upload || l.State != LinkOpen {
			return nil // meanwhile another was begun, or this one was looked at already
		}
		if rejected == nil {
			l.State = LinkArrived
			return tx.PutLink(l)
		}
		l.Upload, l.Size, l.Sent = "", 0, 0
		if err := tx.DropPieces(l.ID); err != nil {
			return err
		}
		return tx.PutLink(l)
	})
	if err == nil && rejected != nil {
		err = badPhoto(string(rejected.Reason))
	}
	return sending(l), err
}
