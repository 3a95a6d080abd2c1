package vault

import (
	"context"
	"errors"
	"io"
	"sync"
)

// Vault keeps the ring while it is open. All methods may be called from many goroutines.
type Vault struct {
	rand    io.Reader
	params  Params
	hashing chan struct{} // at most one argon2id at a time: each takes tens of megabytes

	mu      sync.RWMutex
	ring    *ring // nil while closed
	pending *Change
}

// New returns a closed vault. rand must be safe for concurrent use (crypto/rand.Reader is); params is the cost of
// slots made from now on, ErrParams when out of range.
func New(rand io.Reader, params Params) (*Vault, error) {
	if !params.valid() {
		return nil, ErrParams
	}
	return &Vault{rand: rand, params: params, hashing: make(chan struct{}, 1)}, nil
}

// Create makes the ring of a new node, leaves the vault open, and returns the recovery slot. Every node has one:
// store it before anything is sealed. ErrExists when the vault is open.
func (v *Vault) Create(ctx context.Context, code RecoveryCode) (Slot, error) {
	if v.IsOpen() {
		return Slot{}, ErrExists
	}
	fresh, err := newRing(v.rand)
	if err != nil {
		return Slot{}, err
	}
	slot, err := v.makeSlot(ctx, fresh, SlotID{}, Recovery(code))
	if err != nil {
		return Slot{}, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ring != nil {
		return Slot{}, ErrExists
	}
	v.ring = fresh
	return slot, nil
}

// Open tries the slots of the credential's kind and says which one opened. On a vault that is open already it
// checks the credential just the same (signing in, unlocking the screen) and takes over newer epochs.
//
// ErrWrongSecret when none opens; an officer without a slot takes as long as a wrong password, and gets the same answer.
// ErrNoSlot for the other kinds. ErrDamaged or ErrForeign when the secret was right and the ring was not. A
// cancelled ctx ends the waiting for a turn, not a calculation that has begun.
func (v *Vault) Open(ctx context.Context, slots []Slot, credential Credential) (SlotID, error) {
	result := ErrNoSlot
	for i := range slots {
		if slots[i].Kind != credential.kind {
			continue
		}
		opened, err := v.openSlot(ctx, &slots[i], credential)
		if err == nil {
			err = v.take(opened)
		}
		if err == nil {
			return slots[i].ID, nil
		}
		if ctx.Err() != nil {
			return SlotID{}, ctx.Err()
		}
		if result == ErrNoSlot || !errors.Is(err, ErrWrongSecret) {
			result = err
		}
	}
	if result == ErrNoSlot && credential.kind == OfficerSlot {
		if _, err := v.wrappingKey(ctx, &Slot{Kind: OfficerSlot, Params: v.params, Salt: make([]byte, saltSize)}, credential); err != nil {
			return SlotID{}, err
		}
		result = ErrWrongSecret
	}
	return SlotID{}, result
}

// take makes an opened ring the vault's own, or takes over from it the epochs that are newer.
func (v *Vault) take(opened *ring) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ring == nil {
		v.ring = opened
		return nil
	}
	defer opened.wipe()
	if !sameRoot(v.ring, opened) {
		return ErrForeign
	}
	if opened.newest().number <= v.ring.newest().number {
		return nil
	}
	next, err := v.ring.copyWithout(0)
	if err != nil {
		return err
	}
	for _, e := range opened.epochs {
		if e.number <= v.ring.newest().number {
			continue
		}
		if err := next.add(e.number, e.key); err != nil {
			return err
		}
	}
	v.replace(next)
	return nil
}

// replace swaps the ring. The caller holds the lock, so nobody reads the one that is wiped.
func (v *Vault) replace(next *ring) {
	old := v.ring
	v.ring = next
	if old != nil {
		old.wipe()
	}
}

// Close wipes the keys. What is being sealed or opened at this moment finishes first. Closing twice is harmless.
func (v *Vault) Close() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.pending != nil {
		v.pending.next.wipe()
		v.pending = nil
	}
	v.replace(nil)
}

// IsOpen reports whether values can be sealed and read now.
func (v *Vault) IsOpen() bool {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.ring != nil
}

// Epochs lists the epochs in the ring, oldest first.
func (v *Vault) Epochs() ([]Epoch, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.ring == nil {
		return nil, ErrClosed
	}
	out := make([]Epoch, len(v.ring.epochs))
	for i, e := range v.ring.epochs {
		out[i] = e.number
	}
	return out, nil
}
