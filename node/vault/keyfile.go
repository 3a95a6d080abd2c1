package vault

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
)

const (
	keyFileMagic = "simpul key file 1\n"
	keyFileSum   = 8
	keyFileSize  = len(keyFileMagic) + keySize + keyFileSum
)

// NewKeyFile returns the content of a new key file, for a node that starts without a person. Whoever holds the file
// and the disk reads everything: write it with mode 0600, away from backups.
func NewKeyFile(rand io.Reader) ([]byte, error) {
	content := make([]byte, keyFileSize)
	at := copy(content, keyFileMagic)
	if _, err := io.ReadFull(rand, content[at:at+keySize]); err != nil {
		return nil, fmt.Errorf("vault: randomness: %w", err)
	}
	sum := sha256.Sum256(content[:at+keySize])
	copy(content[at+keySize:], sum[:])
	return content, nil
}

// ParseKeyFile reads what NewKeyFile wrote. ErrDamaged when it is another file, cut short, or altered.
func ParseKeyFile(content []byte) (Credential, error) {
	if len(content) != keyFileSize || !bytes.HasPrefix(content, []byte(keyFileMagic)) {
		return Credential{}, ErrDamaged
	}
	body := content[:keyFileSize-keyFileSum]
	sum := sha256.Sum256(body)
	if !bytes.Equal(sum[:keyFileSum], content[keyFileSize-keyFileSum:]) {
		return Credential{}, ErrDamaged
	}
	return Credential{KeyFileSlot, bytes.Clone(body[len(keyFileMagic):])}, nil
}
