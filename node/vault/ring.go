package vault

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"io"
	"sync"

	"golang.org/x/crypto/chacha20poly1305"
	"golang.org/x/crypto/curve25519"
)

const (
	keySize     = 32
	ringVersion = 1
	ringHeader  = 1 + keySize + 2
	ringEntry   = 2 + keySize
	maxTagKinds = 64
)

// Epoch numbers the data keys of a node, from 1. The newest seals; all of them open.
type Epoch uint16

// ring is the open form of all data keys. It is immutable once built: a change builds another. Only the cache of
// tag keys grows.
type ring struct {
	root   [keySize]byte
	epochs []*epochKeys // oldest first, never empty

	tagMu   sync.Mutex
	tagKeys map[tagKey][keySize]byte
}

type epochKeys struct {
	number     Epoch
	key        [keySize]byte
	field      cipher.AEAD
	file       cipher.AEAD
	boxPrivate [keySize]byte
	boxPublic  [keySize]byte
}

func newRing(rand io.Reader) (*ring, error) {
	r := &ring{}
	if _, err := io.ReadFull(rand, r.root[:]); err != nil {
		return nil, fmt.Errorf("vault: randomness: %w", err)
	}
	return r, r.grow(rand, 1)
}

// grow adds one epoch with a fresh key. Only for rings that nobody else sees yet.
func (r *ring) grow(rand io.Reader, number Epoch) error {
	var key [keySize]byte
	if _, err := io.ReadFull(rand, key[:]); err != nil {
		return fmt.Errorf("vault: randomness: %w", err)
	}
	return r.add(number, key)
}

func (r *ring) add(number Epoch, key [keySize]byte) error {
	e := &epochKeys{number: number, key: key}
	var err error
	if e.field, err = chacha20poly1305.NewX(derive(key[:], nil, "simpul field")); err != nil {
		return err
	}
	if e.file, err = chacha20poly1305.NewX(derive(key[:], nil, "simpul file")); err != nil {
		return err
	}
	copy(e.boxPrivate[:], derive(key[:], nil, "simpul box"))
	public, err := curve25519.X25519(e.boxPrivate[:], curve25519.Basepoint)
	if err != nil {
		return err
	}
	copy(e.boxPublic[:], public)
	r.epochs = append(r.epochs, e)
	return nil
}

// copyWithout returns a ring of its own memory, without the epoch named (0 leaves none out).
func (r *ring) copyWithout(drop Epoch) (*ring, error) {
	next := &ring{root: r.root}
	for _, e := range r.epochs {
		if e.number == drop {
			continue
		}
		if err := next.add(e.number, e.key); err != nil {
			return nil, err
		}
	}
	return next, nil
}

func (r *ring) newest() *epochKeys { return r.epochs[len(r.epochs)-1] }

func (r *ring) find(number Epoch) *epochKeys {
	for i := len(r.epochs) - 1; i >= 0; i-- {
		if r.epochs[i].number == number {
			return r.epochs[i]
		}
	}
	return nil
}

// anchor is what a slot's wrapped half remembers of its ring, so that nobody who can write to the disk but knows no
// secret can put a ring of his own in its place.
func (r *ring) anchor() []byte { return derive(r.root[:], nil, "simpul ring anchor") }

// proof marks a slot as made by this vault, so that Rotate never seals the ring to a key that was slipped in.
func (r *ring) proof(s *Slot) []byte {
	mac := hmac.New(sha256.New, derive(r.root[:], nil, "simpul slot proof"))
	mac.Write(s.bound())
	return mac.Sum(nil)
}

func (r *ring) wipe() {
	clear(r.root[:])
	for _, e := range r.epochs {
		clear(e.key[:])
		clear(e.boxPrivate[:])
		e.field, e.file = nil, nil
	}
	r.tagMu.Lock()
	clear(r.tagKeys)
	r.tagMu.Unlock()
}

// encode writes version, root, count and the epochs, oldest first.
func (r *ring) encode() []byte {
	out := make([]byte, 0, ringHeader+ringEntry*len(r.epochs))
	out = append(out, ringVersion)
	out = append(out, r.root[:]...)
	out = binary.BigEndian.AppendUint16(out, uint16(len(r.epochs)))
	for _, e := range r.epochs {
		out = binary.BigEndian.AppendUint16(out, uint16(e.number))
		out = append(out, e.key[:]...)
	}
	return out
}

// parseRing reads what encode wrote and nothing else: epochs ascend from 1 up, and no byte is left over.
func parseRing(b []byte) (*ring, error) {
	if len(b) < ringHeader+ringEntry || b[0] != ringVersion {
		return nil, ErrDamaged
	}
	r := &ring{}
	copy(r.root[:], b[1:])
	count := int(binary.BigEndian.Uint16(b[1+keySize:]))
	b = b[ringHeader:]
	if count == 0 || len(b) != count*ringEntry {
		return nil, ErrDamaged
	}
	last := Epoch(0)
	for ; len(b) > 0; b = b[ringEntry:] {
		number := Epoch(binary.BigEndian.Uint16(b))
		if number <= last {
			return nil, ErrDamaged
		}
		if err := r.add(number, [keySize]byte(b[2:ringEntry])); err != nil {
			return nil, err
		}
		last = number
	}
	return r, nil
}

func sameRoot(a, b *ring) bool { return subtle.ConstantTimeCompare(a.root[:], b.root[:]) == 1 }

// derive is HKDF-SHA256 (RFC 5869) to one key. Its only error is a length out of range, which keySize is not.
func derive(secret, salt []byte, purpose string) []byte {
	key, err := hkdf.Key(sha256.New, secret, salt, purpose, keySize)
	if err != nil {
		panic("vault: hkdf: " + err.Error())
	}
	return key
}
