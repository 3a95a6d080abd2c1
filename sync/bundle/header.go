package bundle

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// What can be wrong with a bundle; a screen has a sentence for each.
var (
	ErrNotBundle = errors.New("bundle: not a bundle")
	ErrVersion   = errors.New("bundle: of a later version")
	ErrCut       = errors.New("bundle: a part ends too early, copying was not finished")
	ErrMissing   = errors.New("bundle: a part is missing")
	ErrMixed     = errors.New("bundle: a part belongs to another bundle")
	ErrAddress   = errors.New("bundle: for somebody else")
	ErrSender    = errors.New("bundle: not from whom it says")
	ErrExpired   = errors.New("bundle: too old")
	ErrDamaged   = errors.New("bundle: damaged")
)

const version = 1

// Header says what a bundle is. It stands in the clear at the beginning of every
// part, and once more inside, where it is signed.
type Header struct {
	Version uint8    `cbor:"1,keyasint"`
	ID      event.ID `cbor:"2,keyasint"` // random; joins the parts
	From    event.ID `cbor:"3,keyasint"` // a node, or zero for the centre
	To      event.ID `cbor:"4,keyasint"`
	Made    int64    `cbor:"5,keyasint"` // ms, by the sender's clock
	Expires int64    `cbor:"6,keyasint"` // ms; backups of those who kept a copy must be gone by then
}

// Expired reports whether the bundle is past its date.
func (h Header) Expired(now time.Time) bool { return now.UnixMilli() >= h.Expires }

const (
	magic         = "SIMPUL-BUNDLE\n"
	bundleContext = "simpul/bundle\x00"
	maxHeader     = 512
)

// signed is what the sender's signature covers: everything inside before it,
// which begins with the header.
func signed(sum [sha256.Size]byte) []byte { return append([]byte(bundleContext), sum[:]...) }

// Kind says which message a frame holds. Numbers are for ever.
type Kind uint8

// The kinds of frame. A reader passes over kinds it does not know.
const (
	end Kind = iota // the signature follows
	Request
	Answer
	PhotoPush
	PhotoTaken
	PhotoPull
	PhotoSent
	JoinAsk
	JoinAnswer
)

// Frame is one message as [wire.Encode] wrote it.
type Frame struct {
	Kind  Kind
	Bytes []byte
}

// Put writes a message.
func Put[M wire.Message](w *Writer, m *M) error {
	raw, err := wire.Encode(m)
	if err != nil {
		return err
	}
	return w.Put(Frame{Kind: kindOf(m), Bytes: raw})
}

// Get reads a message from a frame of its kind.
func Get[M wire.Message](f Frame) (*M, error) {
	if want := kindOf(new(M)); f.Kind != want {
		return nil, fmt.Errorf("%w: frame of kind %d, not %d", ErrDamaged, f.Kind, want)
	}
	return wire.Decode[M](f.Bytes)
}

func kindOf(m any) Kind {
	switch m.(type) {
	case *wire.Request:
		return Request
	case *wire.Answer:
		return Answer
	case *wire.PhotoPush:
		return PhotoPush
	case *wire.PhotoTaken:
		return PhotoTaken
	case *wire.PhotoPull:
		return PhotoPull
	case *wire.PhotoSent:
		return PhotoSent
	case *wire.JoinAsk:
		return JoinAsk
	case *wire.JoinAnswer:
		return JoinAnswer
	}
	return end
}
