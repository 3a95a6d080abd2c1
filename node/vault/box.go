package vault

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/crypto/nacl/box"
)

const boxKeySize = headerSize + keySize

// BoxKey returns the node's public box key of the newest epoch. It is no secret: store it in clear, and again with
// every Change, so that the kiosk can box visits before anyone has signed in.
func (v *Vault) BoxKey() ([]byte, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.ring == nil {
		return nil, ErrClosed
	}
	return v.ring.newest().boxKey(), nil
}

func (e *epochKeys) boxKey() []byte {
	key := make([]byte, 0, boxKeySize)
	key = append(key, boxedVersion, byte(e.number>>8), byte(e.number))
	return append(key, e.boxPublic[:]...)
}

// Box seals plaintext so that only the open vault can read it. It needs no secret and works while the vault is
// closed; for the same reason a box proves nothing about who wrote it. ErrDamaged when key is not a BoxKey.
func (v *Vault) Box(key, plaintext []byte) ([]byte, error) {
	if len(key) != boxKeySize || key[0] != boxedVersion || binary.BigEndian.Uint16(key[1:]) == 0 {
		return nil, ErrDamaged
	}
	public := [keySize]byte(key[headerSize:])
	out := make([]byte, headerSize, headerSize+box.AnonymousOverhead+len(plaintext))
	copy(out, key)
	out, err := box.SealAnonymous(out, plaintext, &public, v.rand)
	if err != nil {
		return nil, fmt.Errorf("vault: box: %w", err)
	}
	return out, nil
}

// Unbox opens what Box sealed: ErrClosed, ErrEpoch, or ErrSealed when it is damaged.
func (v *Vault) Unbox(boxed []byte) ([]byte, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	e, err := v.epochFor(boxed, boxedVersion)
	if err != nil {
		return nil, err
	}
	plain, ok := box.OpenAnonymous(nil, boxed[headerSize:], &e.boxPublic, &e.boxPrivate)
	if !ok {
		return nil, ErrSealed
	}
	return plain, nil
}
