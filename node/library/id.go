package library

import (
	"encoding/base32"
	"errors"
	"fmt"
	"io"
)

// ID names a person, a registration, a visit or a card: 128 bits that say nothing about what they name.
// Ids are compared, never sorted by time.
type ID [16]byte

const idAlphabet = "abcdefghijklmnopqrstuvwxyz234567"

func idEncoding() *base32.Encoding {
	return base32.NewEncoding(idAlphabet).WithPadding(base32.NoPadding)
}

// NewID draws an id from random, which must be a cryptographic source outside tests.
func NewID(random io.Reader) (ID, error) {
	var id ID
	if _, err := io.ReadFull(random, id[:]); err != nil {
		return ID{}, fmt.Errorf("read random bytes for an id: %w", err)
	}
	return id, nil
}

// ParseID reads the 26 characters that String writes, and nothing else: one id has one spelling.
func ParseID(s string) (ID, error) {
	var id ID
	if len(s) != 26 {
		return ID{}, errors.New("id: want 26 characters")
	}
	if n, err := idEncoding().Decode(id[:], []byte(s)); err != nil || n != len(id) || id.String() != s {
		return ID{}, errors.New("id: not in lower-case base32")
	}
	return id, nil
}

// String returns 26 characters of lower-case base32 (RFC 4648 section 6) without padding: safe in URLs and file names.
func (id ID) String() string { return idEncoding().EncodeToString(id[:]) }

// IsZero says that the id names nothing.
func (id ID) IsZero() bool { return id == ID{} }

// MarshalText writes the 26 characters of String, or nothing for the zero id.
func (id ID) MarshalText() ([]byte, error) {
	if id.IsZero() {
		return nil, nil
	}
	return []byte(id.String()), nil
}

// UnmarshalText reads what MarshalText wrote.
func (id *ID) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*id = ID{}
		return nil
	}
	parsed, err := ParseID(string(text))
	if err != nil {
		return err
	}
	*id = parsed
	return nil
}
