package vault

import (
	"fmt"
	"io"

	"golang.org/x/crypto/chacha20poly1305"
)

const (
	kitVersion = 1
	kitHeader  = 1 + saltSize
)

// SealWithWords seals a value under the words of a recovery sheet, for a file or a
// page that is kept away from this PC. The words are 140 random bits, so they need
// no stretching: whoever has the value but not the sheet has nothing. ErrWrongSecret
// for a code that was neither drawn nor parsed.
func SealWithWords(rand io.Reader, code RecoveryCode, purpose string, plaintext []byte) ([]byte, error) {
	secret := Recovery(code).secret
	if secret == nil {
		return nil, ErrWrongSecret
	}
	defer clear(secret)
	out := make([]byte, kitHeader+chacha20poly1305.NonceSizeX, kitHeader+chacha20poly1305.NonceSizeX+len(plaintext)+chacha20poly1305.Overhead)
	out[0] = kitVersion
	if _, err := io.ReadFull(rand, out[1:]); err != nil {
		return nil, fmt.Errorf("vault: randomness: %w", err)
	}
	aead, err := chacha20poly1305.NewX(derive(secret, out[1:kitHeader], "simpul words "+purpose))
	if err != nil {
		return nil, err
	}
	return aead.Seal(out, out[kitHeader:], plaintext, []byte(purpose)), nil
}

// UnsealWithWords opens what SealWithWords sealed for the same purpose: ErrSealed
// when it is something else or damaged, ErrWrongSecret when the words are others.
func UnsealWithWords(code RecoveryCode, purpose string, sealed []byte) ([]byte, error) {
	if len(sealed) < kitHeader+chacha20poly1305.NonceSizeX+chacha20poly1305.Overhead || sealed[0] != kitVersion {
		return nil, ErrSealed
	}
	secret := Recovery(code).secret
	if secret == nil {
		return nil, ErrWrongSecret
	}
	defer clear(secret)
	aead, err := chacha20poly1305.NewX(derive(secret, sealed[1:kitHeader], "simpul words "+purpose))
	if err != nil {
		return nil, err
	}
	nonce := sealed[kitHeader : kitHeader+aead.NonceSize()]
	plain, err := aead.Open(nil, nonce, sealed[kitHeader+aead.NonceSize():], []byte(purpose))
	if err != nil {
		return nil, ErrWrongSecret
	}
	return plain, nil
}
