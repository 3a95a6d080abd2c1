package vault

import (
	"crypto/cipher"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"sync"

	"golang.org/x/crypto/chacha20poly1305"
)

const (
	sealedVersion = 1
	boxedVersion  = 2
	headerSize    = 3 // version, epoch (big-endian)

	// Overhead is how much longer a sealed value is than the plain one, in bytes.
	Overhead = headerSize + chacha20poly1305.NonceSizeX + chacha20poly1305.Overhead

	// MaxFile is the longest content SealFile takes, in bytes: the largest photo that is accepted.
	MaxFile = 12 << 20
)

// Place says where a sealed value stands. A value opens only in the place it was sealed for, so swapped rows and
// columns are noticed.
type Place struct {
	Table  string
	Row    []byte // the row's key
	Column string
}

func (p Place) appendTo(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(p.Table)))
	b = append(b, p.Table...)
	b = binary.AppendUvarint(b, uint64(len(p.Row)))
	b = append(b, p.Row...)
	b = binary.AppendUvarint(b, uint64(len(p.Column)))
	return append(b, p.Column...)
}

// Seal returns plaintext sealed for its place: version, epoch, nonce, XChaCha20-Poly1305.
func (v *Vault) Seal(plaintext []byte, at Place) ([]byte, error) { return v.SealTo(nil, plaintext, at) }

// SealTo appends the sealed value to dst, which must not overlap plaintext. It returns ErrClosed, or the error of
// the source of randomness.
func (v *Vault) SealTo(dst, plaintext []byte, at Place) ([]byte, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.ring == nil {
		return nil, ErrClosed
	}
	e := v.ring.newest()
	return sealWith(e.field, e.number, v.rand, dst, plaintext, at)
}

// Unseal is UnsealTo into fresh memory.
func (v *Vault) Unseal(sealed []byte, at Place) ([]byte, error) { return v.UnsealTo(nil, sealed, at) }

// UnsealTo appends the plain value to dst, which must not overlap sealed. It returns ErrClosed, ErrEpoch when the
// key is not in the ring, ErrSealed when anything else does not fit; with an error it returns no byte of the value.
func (v *Vault) UnsealTo(dst, sealed []byte, at Place) ([]byte, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	e, err := v.epochFor(sealed, sealedVersion)
	if err != nil {
		return nil, err
	}
	return unsealWith(e.field, dst, sealed, at)
}

// SealFile seals a whole file of at most MaxFile bytes under a key of its own, bound to the hash it is named by.
func (v *Vault) SealFile(hash [32]byte, content []byte) ([]byte, error) {
	if len(content) > MaxFile {
		return nil, ErrTooLarge
	}
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.ring == nil {
		return nil, ErrClosed
	}
	e := v.ring.newest()
	return sealWith(e.file, e.number, v.rand, nil, content, filePlace(hash))
}

// UnsealFile opens what SealFile sealed under this hash. Errors as UnsealTo, and ErrTooLarge.
func (v *Vault) UnsealFile(hash [32]byte, sealed []byte) ([]byte, error) {
	if len(sealed) > MaxFile+Overhead {
		return nil, ErrTooLarge
	}
	v.mu.RLock()
	defer v.mu.RUnlock()
	e, err := v.epochFor(sealed, sealedVersion)
	if err != nil {
		return nil, err
	}
	return unsealWith(e.file, nil, sealed, filePlace(hash))
}

func filePlace(hash [32]byte) Place { return Place{Table: "file", Row: hash[:]} }

// EpochOf reads the epoch of a sealed or boxed value without opening it, so that a job can find what is to be
// sealed again after Rotate. Nothing proves the header right before the value is opened.
func EpochOf(sealed []byte) (Epoch, error) {
	if len(sealed) < headerSize || (sealed[0] != sealedVersion && sealed[0] != boxedVersion) {
		return 0, ErrSealed
	}
	return Epoch(binary.BigEndian.Uint16(sealed[1:])), nil
}

// epochFor finds the keys a value needs. The caller holds the lock.
func (v *Vault) epochFor(sealed []byte, version byte) (*epochKeys, error) {
	if v.ring == nil {
		return nil, ErrClosed
	}
	number, err := EpochOf(sealed)
	if err != nil || sealed[0] != version {
		return nil, ErrSealed
	}
	e := v.ring.find(number)
	if e == nil {
		return nil, ErrEpoch
	}
	return e, nil
}

// scratch saves one allocation a row: what goes through cipher.AEAD escapes to the heap.
var scratch = sync.Pool{New: func() any { b := make([]byte, 0, 128); return &b }}

func sealWith(aead cipher.AEAD, number Epoch, rand io.Reader, dst, plaintext []byte, at Place) ([]byte, error) {
	dst = slices.Grow(dst, Overhead+len(plaintext))
	dst = append(dst, sealedVersion, byte(number>>8), byte(number))
	header := dst[len(dst)-headerSize:]
	nonce := dst[len(dst) : len(dst)+chacha20poly1305.NonceSizeX]
	if _, err := io.ReadFull(rand, nonce); err != nil {
		return nil, fmt.Errorf("vault: randomness: %w", err)
	}
	buf := scratch.Get().(*[]byte)
	defer scratch.Put(buf)
	*buf = at.appendTo(append((*buf)[:0], header...))
	return aead.Seal(dst[:len(dst)+len(nonce)], nonce, plaintext, *buf), nil
}

func unsealWith(aead cipher.AEAD, dst, sealed []byte, at Place) ([]byte, error) {
	if len(sealed) < Overhead {
		return nil, ErrSealed
	}
	buf := scratch.Get().(*[]byte)
	defer scratch.Put(buf)
	*buf = at.appendTo(append((*buf)[:0], sealed[:headerSize]...))
	body := sealed[headerSize:]
	dst, err := aead.Open(dst, body[:aead.NonceSize()], body[aead.NonceSize():], *buf)
	if err != nil {
		return nil, ErrSealed
	}
	return dst, nil
}
