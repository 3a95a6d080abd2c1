package vault

import "math"

// Change is a ring with an epoch more or less, not yet in use. Store Slots (in place of all slots there are) and
// BoxKey in one transaction, then Adopt; Discard when the transaction failed. Until Adopt the vault goes on
// sealing with the old ring, so a failure in between loses nothing.
type Change struct {
	Slots  []Slot
	BoxKey []byte

	vault *Vault
	next  *ring
}

// Rotate begins a new epoch, known only to the slots that remain: after an officer has left, or a recovery sheet
// was lost. It needs nobody's password. One of the slots must be a recovery slot (ErrNoRecovery), all must be of
// this vault (ErrForeign), and no other Change may be under way (ErrChanging).
func (v *Vault) Rotate(remaining []Slot) (*Change, error) {
	return v.change(remaining, func(next *ring) error {
		last := next.newest().number
		if last == math.MaxUint16 {
			return ErrEpoch
		}
		return next.grow(v.rand, last+1)
	}, 0)
}

// DropEpoch forgets an old epoch once nothing stored is sealed or tagged with it any more (EpochOf). What still
// is can never be read again. ErrEpoch when the ring has no such epoch, or it is the newest.
func (v *Vault) DropEpoch(number Epoch, slots []Slot) (*Change, error) {
	if number == 0 {
		return nil, ErrEpoch
	}
	return v.change(slots, func(*ring) error { return nil }, number)
}

func (v *Vault) change(slots []Slot, edit func(*ring) error, drop Epoch) (*Change, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.steady(); err != nil {
		return nil, err
	}
	if drop != 0 && (v.ring.find(drop) == nil || drop == v.ring.newest().number) {
		return nil, ErrEpoch
	}
	if !hasRecovery(slots) {
		return nil, ErrNoRecovery
	}
	next, err := v.ring.copyWithout(drop)
	if err != nil {
		return nil, err
	}
	if err := edit(next); err != nil {
		next.wipe()
		return nil, err
	}
	sealed, err := v.sealAll(next, slots)
	if err != nil {
		next.wipe()
		return nil, err
	}
	v.pending = &Change{Slots: sealed, BoxKey: next.newest().boxKey(), vault: v, next: next}
	return v.pending, nil
}

// Adopt puts the stored change to use. After Discard or Close it does nothing: the stored slots hold the new ring,
// and the next Open brings it.
func (c *Change) Adopt() {
	c.vault.mu.Lock()
	defer c.vault.mu.Unlock()
	if c.vault.pending != c {
		return
	}
	c.vault.pending = nil
	c.vault.replace(c.next)
}

// Discard forgets a change that was not stored. After Adopt it does nothing, so it may be deferred.
func (c *Change) Discard() {
	c.vault.mu.Lock()
	defer c.vault.mu.Unlock()
	if c.vault.pending != c {
		return
	}
	c.vault.pending = nil
	c.next.wipe()
}

func hasRecovery(slots []Slot) bool {
	for _, s := range slots {
		if s.Kind == RecoverySlot {
			return true
		}
	}
	return false
}
