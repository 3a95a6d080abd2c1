package desk

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"simpul/node/library"
	"simpul/node/photo"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
)

const (
	// turnsLimit is how many of the queue a camera gets at once; a class comes whole.
	turnsLimit = 60
	// cameraClasses is how many open classes a camera can choose from.
	cameraClasses = 20
	// ShotsShown is how many pictures the officer's page shows, and of how many the
	// original is kept for another cut. After linkKept none is.
	ShotsShown = 60
)

// Turn is somebody who waits for a photo.
type Turn struct {
	ID    library.ID
	Name  string
	Taken bool // a colleague has this one on the screen
}

// Turns is what a camera has to do.
type Turns struct {
	Check   string // four letters and digits that the officer's page shows too
	Officer string
	Class   library.ID // zero: the queue
	Classes []Class    // to choose from
	People  []Turn     // in order; who did not agree to a photo is not among them
}

// Next is whose turn it is: the person asked for, when that one waits; else the
// first after another whom no colleague has, and after the last again the first.
// nil when nobody waits.
func (t Turns) Next(wanted, after library.ID) *Turn {
	from := 0
	for i := range t.People {
		switch t.People[i].ID {
		case wanted:
			return &t.People[i]
		case after:
			from = i + 1
		}
	}
	for i := range t.People {
		if p := &t.People[(from+i)%len(t.People)]; !p.Taken && (p.ID != after || len(t.People) == 1) {
			return p
		}
	}
	return nil
}

// CameraTurns says to a camera who waits for a photo. showing is whom it has
// before the lens: a colleague is told so, as on the screens of a class. left is
// how many pictures it still has to send.
func (d *Desk) CameraTurns(ctx context.Context, key string, showing library.ID, left int) (Turns, error) {
	l, who, err := d.camera(ctx, key)
	if err != nil {
		return Turns{}, err
	}
	d.cameras.put(l.ID, cameraSign{d.Now(), min(max(left, 0), MaxClass)})
	if !showing.IsZero() {
		d.Take(who, showing)
	}
	t := Turns{Check: Reference(library.ID(l.ID)), Class: library.ID(l.Person)}
	names, err := d.OfficerNames(ctx)
	if err != nil {
		return Turns{}, err
	}
	t.Officer = names[who.Officer]
	if who.may(library.ClassMode) == nil {
		classes, err := d.Classes(ctx, who, cameraClasses)
		if err != nil {
			return Turns{}, err
		}
		for _, c := range classes {
			if !c.Closed || c.ID == t.Class {
				t.Classes = append(t.Classes, c)
			}
		}
	}
	var people []*merge.Person
	if t.Class.IsZero() {
		people, err = d.Store.NeedPhoto(ctx, turnsLimit)
	} else {
		people, err = d.Store.ClassMembers(ctx, event.ID(t.Class), MaxClass)
	}
	if err != nil {
		return Turns{}, told(err)
	}
	for _, p := range people {
		if p.Photo.Value.State != "" || mayHavePhoto(p) != nil {
			continue
		}
		by := d.taken.by(library.ID(p.ID), d.Mono())
		t.People = append(t.People, Turn{ID: library.ID(p.ID), Name: FormOf(p).Name, Taken: !by.IsZero() && by != who.Officer})
	}
	return t, nil
}

// ChooseCameraClass has a camera photograph a class, or the queue, by its own choice.
func (d *Desk) ChooseCameraClass(ctx context.Context, key string, class library.ID) error {
	l, who, err := d.camera(ctx, key)
	if err != nil {
		return err
	}
	if !class.IsZero() {
		if err := who.may(library.ClassMode); err != nil {
			return err
		}
	}
	return d.aim(ctx, l.ID, class)
}

// Shot is one piece of a picture that a camera has taken.
type Shot struct {
	Person library.ID // who stood before the lens when the picture was taken
	Redo   bool       // in place of the photo that the person has
	Piece
}

// shotID names one picture of one person: pieces of two never mix, and a piece
// that comes again, also after the phone was paired anew, continues the same.
func shotID(officer event.ID, s Shot) event.ID {
	return event.DeriveID("shot", sha256.Sum256([]byte(string(officer[:])+string(s.Person[:])+s.Upload)))
}

// SendShot takes one piece. The picture that is whole becomes the person's photo at
// once, cut to 3:4 in the middle: an officer with thirty children before the lens
// does not look at each twice. Whatever is wrong with it can be put right later: by
// another picture (Redo), or by another cut of the same one (AcceptShot). A person
// who has got a photo from elsewhere meanwhile keeps it; the picture then waits for
// the officer (LinkArrived). A bad picture is KindInvalid at the field "photo";
// KindConflict means that the person does not wait for a photo any more.
func (d *Desk) SendShot(ctx context.Context, key string, shot Shot) (Sending, error) {
	camera, who, err := d.camera(ctx, key)
	if err != nil {
		return Sending{}, err
	}
	if err := shot.check(); err != nil {
		return Sending{}, err
	}
	var l store.Link
	_, err = d.write(ctx, library.ID{}, func(tx *store.Tx) (err error) {
		l, err = tx.Link(shotID(camera.Officer, shot))
		if errors.Is(err, store.ErrNotFound) {
			l, err = d.firstPiece(tx, camera, shot)
		}
		if err != nil || l.State == LinkUsed {
			return err // an answer was lost
		}
		return d.takePiece(tx, &l, shot.Piece)
	})
	if err != nil || l.State != LinkOpen || l.Sent < l.Size {
		return sending(l), err
	}
	return d.keepShot(ctx, who, l, shot.Redo)
}

// firstPiece makes the link of a picture, for a person who may have one.
func (d *Desk) firstPiece(tx *store.Tx, camera store.Link, shot Shot) (store.Link, error) {
	now := d.Now().UnixMilli()
	l := store.Link{ID: shotID(camera.Officer, shot), Kind: store.LinkShot, Person: event.ID(shot.Person), Officer: camera.Officer, Camera: camera.ID,
		Until: now, State: LinkOpen, Begun: now}
	p, err := tx.Person(l.Person)
	if err == nil {
		err = mayHavePhoto(p)
	}
	if errors.Is(err, store.ErrNotFound) || library.KindOf(err) == library.KindConflict {
		return l, library.E(library.KindConflict, "error.camera_gone").Hinted("error.camera_gone.hint")
	}
	return l, err
}

var errHasPhoto = errors.New("desk: the person has a photo already")

// keepShot makes a whole picture the photo of its person.
func (d *Desk) keepShot(ctx context.Context, who Actor, l store.Link, redo bool) (Sending, error) {
	content, err := d.Store.Pieces(ctx, l.ID)
	if err != nil {
		return sending(l), told(err)
	}
	_, err = d.attach(ctx, who, shotOp(l.ID), library.ID(l.Person), content, nil, SourcePhoto, func(tx *store.Tx, p *merge.Person) error {
		if !redo && p.Photo.Value.State == merge.PhotoAttached {
			return errHasPhoto
		}
		return d.useShot(tx, &l)
	})
	wrong := library.KindOf(err)
	switch {
	case err == nil:
		d.Release(who, library.ID(l.Person))
	case errors.Is(err, errHasPhoto):
		l.State = LinkArrived
		_, err = d.write(ctx, library.ID{}, func(tx *store.Tx) error { return tx.PutLink(l) })
	case wrong == library.KindInvalid || wrong == library.KindConflict || wrong == library.KindNotFound:
		_, derr := d.write(ctx, library.ID{}, func(tx *store.Tx) error { return tx.DropLink(l.ID) })
		err = errors.Join(err, derr)
	}
	if err != nil {
		return Sending{}, err
	}
	return sending(l), nil
}

// shotOp is the operation by which a picture becomes a photo: once, however often
// its last piece comes.
func shotOp(id event.ID) library.ID { return childOp(library.ID{}, library.ID(id), "shot") }

// useShot notes that a picture is in use.
func (d *Desk) useShot(tx *store.Tx, l *store.Link) error {
	l.State = LinkUsed
	if err := tx.PutLink(*l); err != nil {
		return err
	}
	return tx.TrimShots(l.Officer, ShotsShown)
}

// TakenShot is a picture that came from the officer's phone, as the officer's page
// shows it.
type TakenShot struct {
	ID     library.ID
	Person library.ID
	Name   string
	At     time.Time
	State  string // LinkOpen: still coming; LinkArrived: waits for the officer; LinkUsed
	Sent   int64
	Size   int64
	Photo  string // changes with the person's photo, for addresses; "" without one
	Cut    bool   // the original is here and can be cut anew
}

// Shots lists the newest pictures of the officer's phone, the last first.
func (d *Desk) Shots(ctx context.Context, who Actor) ([]TakenShot, error) {
	if err := who.may(library.Register); err != nil {
		return nil, err
	}
	list, err := d.Store.Shots(ctx, event.ID(who.Officer), ShotsShown)
	if err != nil {
		return nil, told(err)
	}
	ids := make([]event.ID, len(list))
	for i, l := range list {
		ids[i] = l.Person
	}
	people, err := d.Store.Names(ctx, ids)
	if err != nil {
		return nil, told(err)
	}
	out := make([]TakenShot, 0, len(list))
	for _, l := range list {
		p, known := people[l.Person]
		if !known {
			continue
		}
		s := TakenShot{ID: library.ID(l.ID), Person: library.ID(l.Person), Name: p.Name, At: time.UnixMilli(l.Begun), State: l.State, Sent: l.Sent, Size: l.Size,
			Cut: l.State != LinkOpen && l.Sent > 0 && l.Sent == l.Size}
		if len(p.Photo) > 0 {
			s.Photo = event.DeriveID("photo", event.Hash(p.Photo)).String()[:12]
		}
		out = append(out, s)
	}
	return out, nil
}

// shot is a picture that is whole. KindNotFound when it is none, or is not kept any more.
func (d *Desk) shot(ctx context.Context, who Actor, id library.ID) (store.Link, error) {
	if err := who.may(library.Register); err != nil {
		return store.Link{}, err
	}
	l, err := d.Store.Link(ctx, event.ID(id))
	if err = told(err); err == nil && (l.Kind != store.LinkShot || l.State == LinkOpen || l.Sent == 0) {
		err = library.E(library.KindNotFound, "error.shot_gone")
	}
	if library.KindOf(err) == library.KindNotFound {
		err = library.E(library.KindNotFound, "error.shot_gone").Hinted("error.shot_gone.hint")
	}
	return l, err
}

// ShotOf is whose picture it is, and whether it waits for the officer.
func (d *Desk) ShotOf(ctx context.Context, who Actor, id library.ID) (Record, bool, error) {
	l, err := d.shot(ctx, who, id)
	if err != nil {
		return Record{}, false, err
	}
	rec, err := d.Registration(ctx, who, library.ID(l.Person))
	return rec, l.State == LinkArrived, err
}

// ShotPicture is a picture as it came.
func (d *Desk) ShotPicture(ctx context.Context, who Actor, id library.ID) ([]byte, error) {
	l, err := d.shot(ctx, who, id)
	if err != nil {
		return nil, err
	}
	content, err := d.Store.Pieces(ctx, l.ID)
	return content, told(err)
}

// AcceptShot makes a picture the photo of its person, cut as the officer chose, in
// place of the one the person has.
func (d *Desk) AcceptShot(ctx context.Context, who Actor, op, id library.ID, crop *photo.Crop, version string) (Done, error) {
	l, err := d.shot(ctx, who, id)
	if err != nil {
		return Done{}, err
	}
	content, err := d.Store.Pieces(ctx, l.ID)
	if err != nil {
		return Done{}, told(err)
	}
	return d.attach(ctx, who, op, library.ID(l.Person), content, crop, SourcePhoto, func(tx *store.Tx, p *merge.Person) error {
		if err := unchanged(p, version); err != nil {
			return err
		}
		return d.useShot(tx, &l)
	})
}

// DropShot forgets a picture that waits for the officer; the person keeps the
// photo that is there.
func (d *Desk) DropShot(ctx context.Context, who Actor, id library.ID) error {
	l, err := d.shot(ctx, who, id)
	if err != nil {
		return err
	}
	_, err = d.write(ctx, library.ID{}, func(tx *store.Tx) error { return tx.DropLink(l.ID) })
	return err
}
