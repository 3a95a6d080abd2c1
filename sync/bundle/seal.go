package bundle

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
)

// Seal encrypts something small to a recipient, as an age file. age draws its own
// randomness. An error says that it is no X25519 recipient.
func Seal(recipient string, plain []byte) ([]byte, error) {
	to, err := age.ParseX25519Recipient(recipient)
	if err != nil {
		return nil, fmt.Errorf("bundle: recipient: %w", err)
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to)
	if err == nil {
		_, err = w.Write(plain)
		err = errors.Join(err, w.Close())
	}
	if err != nil {
		return nil, fmt.Errorf("bundle: encrypt: %w", err)
	}
	return out.Bytes(), nil
}

// Unseal opens what Seal made, of at most that many bytes. ErrAddress when it was
// sealed to somebody else, ErrDamaged when it is not whole.
func Unseal(identity string, sealed []byte, most int) ([]byte, error) {
	inside, err := decrypted(bytes.NewReader(sealed), identity)
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(io.LimitReader(inside, int64(most)+1))
	if err != nil || len(plain) > most {
		return nil, ErrDamaged
	}
	return plain, nil
}

// opened reads an age file.
func decrypted(source io.Reader, identity string) (io.Reader, error) {
	me, err := age.ParseX25519Identity(identity)
	if err != nil {
		return nil, fmt.Errorf("bundle: identity: %w", err)
	}
	inside, err := age.Decrypt(source, me)
	var nobody *age.NoIdentityMatchError
	switch {
	case errors.As(err, &nobody):
		return nil, ErrAddress
	case err != nil:
		return nil, ErrDamaged
	}
	return inside, nil
}
