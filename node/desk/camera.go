package desk

import (
	"context"
	"sync"
	"time"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
)

// An officer's phone as camera: paired once by a code, it shows whose turn it is
// and sends picture after picture (shoot.go), for one shift. The shift ends when
// the officer signs out, closes the vault or says "Putuskan", or after cameraLife.
// A locked screen does not end it: who walks about with the phone is not at the
// desk. Nor does a colleague who takes the desk over with "Ganti petugas".
const cameraLife = sessionLife

// Camera is an officer's phone as the officer's page shows it.
type Camera struct {
	Link
	Since  time.Time // when the phone was paired; zero: it waits for one
	Seen   time.Time // last sign of it in this run
	Device string    // kind of phone, as it names itself
	Door   string    // the address by which it came in; it knows no other
	Check  string    // four letters and digits that the phone shows too
	Class  library.ID
	Sent   int // pictures that have come
	Left   int // pictures that it says are still on it
}

// cameras remember what paired phones said last. Deleting it loses nothing.
type cameras struct {
	mu    sync.Mutex
	signs map[event.ID]cameraSign
}

type cameraSign struct {
	at   time.Time
	left int
}

// mostSigns bounds the memory; a node has a handful of cameras a day.
const mostSigns = 256

func (c *cameras) put(id event.ID, s cameraSign) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.signs == nil || len(c.signs) >= mostSigns {
		c.signs = map[event.ID]cameraSign{}
	}
	c.signs[id] = s
}

func (c *cameras) get(id event.ID) cameraSign {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.signs[id]
}

// deviceField and doorField are where a camera's link keeps what kind of phone it
// is, and where it came in.
const (
	deviceField = "device"
	doorField   = "door"
)

// NewCamera makes the code by which one phone becomes the officer's camera, for a
// class or, with no class, for the queue. The officer's camera before it ends. The
// code waits LinkLife for a phone.
func (d *Desk) NewCamera(ctx context.Context, who Actor, op, class library.ID) error {
	if err := who.may(library.Register); err != nil {
		return err
	}
	var l store.Link
	var token string
	done, err := d.write(ctx, op, func(tx *store.Tx) (err error) {
		if err := knownClass(tx, class); err != nil {
			return err
		}
		if err := tx.EndCamerasOf(event.ID(who.Officer), d.Now().UnixMilli()); err != nil {
			return err
		}
		if token, l, err = d.newLink(tx, who, store.LinkCamera, library.ID{}, LinkLife); err != nil {
			return err
		}
		l.Person = event.ID(class)
		return tx.PutLink(l)
	})
	if err == nil && !done.Repeated {
		d.codes.put(l.ID, codeToken{token, time.UnixMilli(l.Until)}, d.Now())
	}
	return err
}

func knownClass(tx *store.Tx, class library.ID) error {
	if class.IsZero() {
		return nil
	}
	_, err := tx.Class(event.ID(class))
	return err
}

// CameraOf is the officer's own camera or the code that waits for one; false when
// there is none, or it has ended.
func (d *Desk) CameraOf(ctx context.Context, who Actor) (Camera, bool, error) {
	if err := who.may(library.Register); err != nil {
		return Camera{}, false, err
	}
	l, there, err := d.Store.CameraOf(ctx, event.ID(who.Officer))
	if err != nil || !there || l.State == LinkUsed {
		return Camera{}, false, told(err)
	}
	c := Camera{Link: d.link(l), Class: library.ID(l.Person), Device: l.Draft[deviceField], Door: l.Draft[doorField], Check: Reference(library.ID(l.ID))}
	if !c.Begun {
		return c, true, nil
	}
	if c.Over(d.Now()) {
		return Camera{}, false, nil
	}
	sign := d.cameras.get(l.ID)
	c.Since, c.Seen, c.Left = time.UnixMilli(l.Begun), sign.at, sign.left
	c.Sent, err = d.Store.CountShots(ctx, l.ID)
	return c, true, told(err)
}

// AimCamera has the officer's camera photograph a class, or the queue.
func (d *Desk) AimCamera(ctx context.Context, who Actor, class library.ID) error {
	if err := who.may(library.Register); err != nil {
		return err
	}
	l, there, err := d.Store.CameraOf(ctx, event.ID(who.Officer))
	if err != nil || !there {
		return told(err)
	}
	return d.aim(ctx, l.ID, class)
}

func (d *Desk) aim(ctx context.Context, camera event.ID, class library.ID) error {
	_, err := d.write(ctx, library.ID{}, func(tx *store.Tx) error {
		if err := knownClass(tx, class); err != nil {
			return err
		}
		l, err := tx.Link(camera)
		if err != nil || l.State == LinkUsed {
			return err
		}
		l.Person = event.ID(class)
		return tx.PutLink(l)
	})
	return err
}

// EndCamera unpairs the officer's phone. What it has sent stays.
func (d *Desk) EndCamera(ctx context.Context, who Actor) error {
	if err := who.may(library.Register); err != nil {
		return err
	}
	_, err := d.write(ctx, library.ID{}, func(tx *store.Tx) error {
		return tx.EndCamerasOf(event.ID(who.Officer), d.Now().UnixMilli())
	})
	return err
}

// CameraWaits says to a phone whether the code of a camera can be taken.
// KindConflict when another phone has.
func (d *Desk) CameraWaits(ctx context.Context, token string) error {
	l, err := d.ofToken(ctx, token, store.LinkCamera)
	return taken(l, err)
}

// BeginCamera pairs the phone that asks first; key is what it shows from now on.
// device is how the phone names itself, door the address by which it came in.
func (d *Desk) BeginCamera(ctx context.Context, token, device, door string) (key string, err error) {
	return d.begin(ctx, token, store.LinkCamera, cameraLife, map[string]string{deviceField: device, doorField: door})
}

// camera is the camera of a phone's key, and whose it is. KindUnavailable while
// the vault is closed; KindForbidden once the shift is over, and when the officer
// has left or may no longer register.
func (d *Desk) camera(ctx context.Context, key string) (store.Link, Actor, error) {
	over := library.E(library.KindForbidden, "error.camera_over").Hinted("error.camera_over.hint")
	id, secret, err := d.phoneKey(key)
	if library.KindOf(err) == library.KindUnavailable {
		return store.Link{}, Actor{}, library.E(library.KindUnavailable, "error.camera_closed").Hinted("error.camera_closed.hint")
	}
	if err != nil {
		return store.Link{}, Actor{}, over
	}
	l, err := d.Store.Link(ctx, id)
	l, err = d.phones(l, err, store.LinkCamera, secret)
	switch kind := library.KindOf(err); {
	case err == nil && l.State != LinkUsed && d.Now().UnixMilli() <= l.Until:
	case err == nil, kind == library.KindNotFound, kind == library.KindForbidden:
		return l, Actor{}, over
	default:
		return l, Actor{}, err
	}
	o, err := d.Store.OfficerByID(ctx, l.Officer)
	if err != nil {
		return l, Actor{}, told(err)
	}
	who := Actor{Officer: library.ID(o.ID), Role: library.Role(o.Role.Value)}
	if !o.Active.Value || who.may(library.Register) != nil {
		return l, Actor{}, over
	}
	return l, who, nil
}
