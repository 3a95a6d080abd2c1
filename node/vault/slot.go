package vault

import (
	"context"
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"io"

	"golang.org/x/crypto/chacha20poly1305"
	"golang.org/x/crypto/nacl/box"
)

const (
	saltSize    = 16
	wrappedSize = chacha20poly1305.NonceSizeX + 2*keySize + chacha20poly1305.Overhead
	proofSize   = 32
)

// SlotKind says what opens a slot. The numbers are stored; never renumber them.
type SlotKind uint8

// The kinds of slot.
const (
	OfficerSlot  SlotKind = 1 // an officer's password
	RecoverySlot SlotKind = 2 // the recovery sheet
	KeyFileSlot  SlotKind = 3 // a key file, for start without a person
	CentreSlot   SlotKind = 4 // the centre's recovery key
)

// SlotID names a slot: 128 random bits.
type SlotID [16]byte

// Slot is one way into the vault, safe to store in clear. Callers keep it as it is, field by field or through
// MarshalBinary, and hand it back.
type Slot struct {
	ID             SlotID
	Kind           SlotKind
	Params         Params // zero for key-file and centre slots
	Salt           []byte
	Public         []byte // X25519
	WrappedPrivate []byte // empty for centre slots
	SealedRing     []byte
	Epoch          Epoch  // newest epoch in SealedRing, for Refresh
	Proof          []byte // made by this vault
}

// AddSlot makes another way in, with the vault's present cost. The vault must be open (ErrClosed), with no Change
// under way (ErrChanging). An empty secret is ErrWrongSecret; CheckPassword comes before.
func (v *Vault) AddSlot(ctx context.Context, credential Credential) (Slot, error) {
	if credential.kind == CentreSlot {
		return Slot{}, ErrNoSlot
	}
	return v.addSlot(ctx, SlotID{}, credential)
}

// AddCentre makes the slot that the centre's recovery key opens, knowing only its public half. ErrDamaged when public is
// one of the few points that would make the sealing key known to everyone (RFC 7748, section 6.1).
func (v *Vault) AddCentre(public [32]byte) (Slot, error) {
	if weak(public) {
		return Slot{}, ErrDamaged
	}
	v.mu.RLock()
	defer v.mu.RUnlock()
	if err := v.steady(); err != nil {
		return Slot{}, err
	}
	s := Slot{Kind: CentreSlot, Public: public[:]}
	if _, err := io.ReadFull(v.rand, s.ID[:]); err != nil {
		return Slot{}, fmt.Errorf("vault: randomness: %w", err)
	}
	s.Proof = v.ring.proof(&s)
	return s, v.sealRing(v.ring, &s)
}

// Rewrap replaces the secret of a slot: a new password, or the same one when Outdated. The slot keeps its id and
// gets a new key pair, so that an old copy of it with the old password opens nothing sealed later. ErrWrongSecret
// when old does not open it. The vault must be open.
func (v *Vault) Rewrap(ctx context.Context, slot Slot, old, fresh Credential) (Slot, error) {
	if slot.Kind != old.kind || slot.Kind != fresh.kind || slot.Kind == CentreSlot {
		return Slot{}, ErrNoSlot
	}
	if _, err := v.Open(ctx, []Slot{slot}, old); err != nil {
		return Slot{}, err
	}
	return v.addSlot(ctx, slot.ID, fresh)
}

// Outdated reports whether a slot was made with another cost than this vault uses now.
func (v *Vault) Outdated(slot Slot) bool {
	return (slot.Kind == OfficerSlot || slot.Kind == RecoverySlot) && slot.Params != v.params
}

// Refresh returns, sealed anew, those slots whose ring is older than the vault's (a slot that was added while the keys
// were rotated). Store them. ErrForeign when a slot was not made by this vault.
func (v *Vault) Refresh(slots []Slot) ([]Slot, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if err := v.steady(); err != nil {
		return nil, err
	}
	var behind []Slot
	for _, s := range slots {
		if s.Epoch < v.ring.newest().number {
			behind = append(behind, s)
		}
	}
	return v.sealAll(v.ring, behind)
}

func (v *Vault) addSlot(ctx context.Context, id SlotID, credential Credential) (Slot, error) {
	v.mu.RLock()
	err := v.steady()
	var current *ring
	if err == nil {
		current, err = v.ring.copyWithout(0)
	}
	v.mu.RUnlock()
	if err != nil {
		return Slot{}, err
	}
	defer current.wipe()
	return v.makeSlot(ctx, current, id, credential)
}

// steady: open, and no Change under way. The caller holds the lock.
func (v *Vault) steady() error {
	if v.ring == nil {
		return ErrClosed
	}
	if v.pending != nil {
		return ErrChanging
	}
	return nil
}

// makeSlot builds a slot around a fresh key pair. A zero id asks for a new one.
func (v *Vault) makeSlot(ctx context.Context, r *ring, id SlotID, credential Credential) (Slot, error) {
	if len(credential.secret) == 0 {
		return Slot{}, ErrWrongSecret
	}
	s := Slot{ID: id, Kind: credential.kind, Salt: make([]byte, saltSize)}
	if s.Kind != KeyFileSlot {
		s.Params = v.params
	}
	if id == (SlotID{}) {
		if _, err := io.ReadFull(v.rand, s.ID[:]); err != nil {
			return Slot{}, fmt.Errorf("vault: randomness: %w", err)
		}
	}
	if _, err := io.ReadFull(v.rand, s.Salt); err != nil {
		return Slot{}, fmt.Errorf("vault: randomness: %w", err)
	}
	public, private, err := box.GenerateKey(v.rand)
	if err != nil {
		return Slot{}, fmt.Errorf("vault: slot key: %w", err)
	}
	defer clear(private[:])
	s.Public = public[:]
	s.Proof = r.proof(&s)

	wrap, err := v.wrappingKey(ctx, &s, credential)
	if err != nil {
		return Slot{}, err
	}
	inside := append(private[:len(private):len(private)], r.anchor()...)
	defer clear(inside)
	nonce := make([]byte, wrap.NonceSize(), wrappedSize)
	if _, err := io.ReadFull(v.rand, nonce); err != nil {
		return Slot{}, fmt.Errorf("vault: randomness: %w", err)
	}
	s.WrappedPrivate = wrap.Seal(nonce, nonce, inside, s.bound())
	return s, v.sealRing(r, &s)
}

// openSlot returns the ring behind a slot, in memory of its own.
func (v *Vault) openSlot(ctx context.Context, s *Slot, credential Credential) (*ring, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	var private, anchor []byte
	if s.Kind == CentreSlot {
		private = credential.secret
	} else {
		wrap, err := v.wrappingKey(ctx, s, credential)
		if err != nil {
			return nil, err
		}
		inside, err := wrap.Open(nil, s.WrappedPrivate[:wrap.NonceSize()], s.WrappedPrivate[wrap.NonceSize():], s.bound())
		if err != nil {
			return nil, ErrWrongSecret
		}
		defer clear(inside)
		private, anchor = inside[:keySize], inside[keySize:]
	}
	encoded, ok := box.OpenAnonymous(nil, s.SealedRing, (*[keySize]byte)(s.Public), (*[keySize]byte)(private))
	if !ok && s.Kind == CentreSlot {
		return nil, ErrWrongSecret
	}
	if !ok {
		return nil, ErrDamaged
	}
	defer clear(encoded)
	r, err := parseRing(encoded)
	if err != nil {
		return nil, err
	}
	if anchor != nil && subtle.ConstantTimeCompare(anchor, r.anchor()) != 1 {
		r.wipe()
		return nil, ErrForeign
	}
	return r, nil
}

// wrappingKey turns the secret into the cipher around the slot's private key. It waits for its turn at argon2id.
func (v *Vault) wrappingKey(ctx context.Context, s *Slot, credential Credential) (cipher.AEAD, error) {
	secret := credential.secret
	if s.Kind != KeyFileSlot {
		select {
		case v.hashing <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		secret = s.Params.stretch(secret, s.Salt)
		<-v.hashing
		defer clear(secret)
	}
	key := derive(secret, s.Salt, fmt.Sprintf("simpul slot %d", s.Kind))
	defer clear(key)
	return chacha20poly1305.NewX(key)
}

// sealAll returns copies of the slots with this ring inside, each checked to be of this vault.
func (v *Vault) sealAll(r *ring, slots []Slot) ([]Slot, error) {
	out := make([]Slot, 0, len(slots))
	for _, s := range slots {
		if err := s.check(); err != nil {
			return nil, err
		}
		if !r.made(&s) {
			return nil, ErrForeign
		}
		if err := v.sealRing(r, &s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

func (v *Vault) sealRing(r *ring, s *Slot) error {
	encoded := r.encode()
	defer clear(encoded)
	sealed, err := box.SealAnonymous(nil, encoded, (*[keySize]byte)(s.Public), v.rand)
	if err != nil {
		return fmt.Errorf("vault: seal ring: %w", err)
	}
	s.SealedRing, s.Epoch = sealed, r.newest().number
	return nil
}

// bound is what a slot's secret half and its proof are tied to: all that does not change when the ring is sealed again.
func (s *Slot) bound() []byte {
	b := append([]byte("simpul slot"), s.ID[:]...)
	b = append(b, byte(s.Kind), s.Params.Threads)
	b = binary.BigEndian.AppendUint32(b, s.Params.Memory)
	b = binary.BigEndian.AppendUint32(b, s.Params.Time)
	b = append(b, byte(len(s.Salt)))
	b = append(b, s.Salt...)
	return append(b, s.Public...)
}

// check refuses a slot that cannot have come from this package, before anything is calculated from it.
func (s *Slot) check() error {
	salt, wrapped := saltSize, wrappedSize
	costs := s.Params == Params{}
	switch s.Kind {
	case OfficerSlot, RecoverySlot:
		costs = s.Params.valid()
	case KeyFileSlot:
	case CentreSlot:
		salt, wrapped = 0, 0
	default:
		return ErrDamaged
	}
	if !costs || len(s.Salt) != salt || len(s.Public) != keySize || len(s.WrappedPrivate) != wrapped ||
		len(s.Proof) != proofSize || len(s.SealedRing) < box.AnonymousOverhead+ringHeader+ringEntry {
		return ErrDamaged
	}
	return nil
}
