package vault

import (
	"bytes"
	"context"
	"crypto/subtle"
	"fmt"
	"io"

	"golang.org/x/crypto/curve25519"
	"golang.org/x/crypto/nacl/box"
)

// A hand-over opens a vault whose every password and whose sheet are lost. The node draws a key pair and sends the
// public half with its centre slot; the centre opens the slot and seals the ring to that key. What comes back is a
// slot like any other: no secret to whoever has not the private half.

// NewHandoverKey draws the key pair of one hand-over. The private half stays on the node, in clear, until it is used.
func NewHandoverKey(rand io.Reader) (public, private [32]byte, err error) {
	pub, priv, err := box.GenerateKey(rand)
	if err != nil {
		return public, private, fmt.Errorf("vault: hand-over key: %w", err)
	}
	return *pub, *priv, nil
}

// Handover is what the centre is given.
type Handover struct {
	Slot Slot     // the node's centre slot
	To   [32]byte // the public half that NewHandoverKey drew
	// Witness is a value that the node sealed, at Place. What it holds proves whose keys are in the slot.
	Witness []byte
	Place   Place
}

// HandOver opens a node's centre slot with the centre's recovery key and seals its ring to another key. It also
// returns the witness, opened: the caller compares it before the slot leaves. ErrNoSlot when it is no centre slot,
// ErrWrongSecret when it was made for another centre's key, ErrForeign when slot and ring do not belong together,
// ErrSealed or ErrEpoch when the witness is of other keys, ErrDamaged for anything else that no vault wrote.
func HandOver(rand io.Reader, centre [32]byte, h Handover) (handed Slot, witness []byte, err error) {
	if h.Slot.Kind != CentreSlot {
		return Slot{}, nil, ErrNoSlot
	}
	if weak(h.To) {
		return Slot{}, nil, ErrDamaged
	}
	v := &Vault{rand: rand}
	defer v.Close()
	if v.ring, err = v.openSlot(context.Background(), &h.Slot, CentreKey(centre)); err != nil {
		return Slot{}, nil, err
	}
	if !v.ring.made(&h.Slot) {
		return Slot{}, nil, ErrForeign
	}
	if witness, err = v.Unseal(h.Witness, h.Place); err != nil {
		return Slot{}, nil, err
	}
	handed, err = v.AddCentre(h.To)
	return handed, witness, err
}

// CheckHanded reports whether TakeHanded would open the vault, and leaves it as it is.
func (v *Vault) CheckHanded(own []Slot, handed Slot, private [32]byte) error {
	r, err := v.openHanded(own, handed, private)
	if err != nil {
		return err
	}
	r.wipe()
	return nil
}

// TakeHanded opens the vault with the slot that HandOver made, own being all slots of this vault. ErrWrongSecret when
// it was sealed to another key, ErrForeign when the keys in it are not those of this vault, ErrEpoch when they have
// changed since, so that it lacks the newest.
func (v *Vault) TakeHanded(own []Slot, handed Slot, private [32]byte) error {
	r, err := v.openHanded(own, handed, private)
	if err != nil {
		return err
	}
	return v.take(r)
}

// openHanded asks each slot of this vault whether the ring made it: nothing else tells a closed vault that somebody
// has not sent keys of his own for it to seal with.
func (v *Vault) openHanded(own []Slot, handed Slot, private [32]byte) (*ring, error) {
	if handed.Kind != CentreSlot || len(own) == 0 {
		return nil, ErrNoSlot
	}
	r, err := v.openSlot(context.Background(), &handed, CentreKey(private))
	if err != nil {
		return nil, err
	}
	for i := range own {
		switch {
		case !r.made(&own[i]):
			err = ErrForeign
		case own[i].Epoch > r.newest().number:
			err = ErrEpoch
		}
		if err != nil {
			r.wipe()
			return nil, err
		}
	}
	return r, nil
}

// made reports whether a slot was made by the vault of this ring.
func (r *ring) made(s *Slot) bool { return subtle.ConstantTimeCompare(s.Proof, r.proof(s)) == 1 }

// weak: one of the few points that would make what is sealed to it known to everyone (RFC 7748, section 6.1).
func weak(public [32]byte) bool {
	_, err := curve25519.X25519(bytes.Repeat([]byte{1}, curve25519.ScalarSize), public[:])
	return err != nil
}
