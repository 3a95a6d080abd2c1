package vault

import (
	"fmt"
	"io"

	"golang.org/x/crypto/curve25519"
	"golang.org/x/crypto/nacl/box"
)

// Credential is what a person or a file brings to open a slot. It never prints itself.
type Credential struct {
	kind   SlotKind
	secret []byte
}

// Password is an officer's password, byte for byte as typed. CheckPassword judges new ones.
func Password(password string) Credential {
	return Credential{OfficerSlot, []byte(password)}
}

// Recovery is the code of the recovery sheet. One that was neither drawn nor parsed opens and makes nothing.
func Recovery(code RecoveryCode) Credential {
	if code.indices[RecoveryWords-1] != code.checkWord() {
		return Credential{kind: RecoverySlot}
	}
	return Credential{RecoverySlot, code.secret()}
}

// CentreKey is the private half of the centre's recovery key, kept in the centre's recovery kit.
func CentreKey(private [32]byte) Credential {
	return Credential{CentreSlot, private[:]}
}

// NewCentreKey makes the centre's recovery key pair: nodes get the public half (AddCentre), the kit the private one.
func NewCentreKey(rand io.Reader) (public, private [32]byte, err error) {
	pub, priv, err := box.GenerateKey(rand)
	if err != nil {
		return public, private, fmt.Errorf("vault: centre key: %w", err)
	}
	return *pub, *priv, nil
}

// Format keeps the secret out of logs and messages, whatever the verb.
func (c Credential) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[credential]") }

// CentrePublic is the public half of a centre's recovery key. ErrDamaged when the private half is no key.
func CentrePublic(private [32]byte) ([]byte, error) {
	public, err := curve25519.X25519(private[:], curve25519.Basepoint)
	if err != nil {
		return nil, ErrDamaged
	}
	return public, nil
}
