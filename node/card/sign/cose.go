package sign

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"simpul/sync/event"
)

// tagSign1 is the one byte of CBOR tag 18, COSE_Sign1 (RFC 9052, 4.2). The codec of the log allows no tags, so it is
// written and read here.
const tagSign1 = 0xd2

// algEdDSA is the only algorithm there is (RFC 9053, 2.2): a card that names another is no card.
const algEdDSA = -8

var errEnvelope = errors.New("sign: not a COSE_Sign1 as written here")

// KeyID names an issuer's key: the first 8 bytes of SHA-256 over the public key.
type KeyID [8]byte

// KeyIDOf is the name of a public key.
func KeyIDOf(key ed25519.PublicKey) KeyID {
	sum := sha256.Sum256(key)
	return KeyID(sum[:8])
}

// String is the name in hexadecimal, for people who compare two.
func (k KeyID) String() string { return hex.EncodeToString(k[:]) }

type envelope struct {
	_           struct{} `cbor:",toarray"`
	Protected   []byte
	Unprotected map[int]int
	Payload     []byte
	Signature   []byte
}

type protected struct {
	Algorithm int    `cbor:"1,keyasint"`
	Key       []byte `cbor:"4,keyasint"`
}

// toBeSigned is the Sig_structure of RFC 9052, 4.4. External is empty: any COSE library
// verifies a card without being told anything.
type toBeSigned struct {
	_         struct{} `cbor:",toarray"`
	Context   string
	Protected []byte
	External  []byte
	Payload   []byte
}

// sign1 is a payload and who signed it, not yet verified.
type sign1 struct {
	key       KeyID
	payload   []byte
	signature []byte
}

func seal(key ed25519.PrivateKey, payload []byte) ([]byte, error) {
	if len(key) != ed25519.PrivateKeySize {
		return nil, errors.New("sign: not an Ed25519 key")
	}
	s := sign1{key: KeyIDOf(ed25519.PublicKey(key[ed25519.PrivateKeySize-ed25519.PublicKeySize:])), payload: payload}
	message, err := s.message()
	if err != nil {
		return nil, err
	}
	s.signature = ed25519.Sign(key, message)
	return s.encode()
}

func (s sign1) header() ([]byte, error) {
	return event.Encode(protected{Algorithm: algEdDSA, Key: s.key[:]})
}

func (s sign1) message() ([]byte, error) {
	header, err := s.header()
	if err != nil {
		return nil, err
	}
	return event.Encode(toBeSigned{Context: "Signature1", Protected: header, External: []byte{}, Payload: s.payload})
}

func (s sign1) encode() ([]byte, error) {
	header, err := s.header()
	if err != nil {
		return nil, err
	}
	raw, err := event.Encode(envelope{Protected: header, Unprotected: map[int]int{}, Payload: s.payload, Signature: s.signature})
	return append([]byte{tagSign1}, raw...), err
}

// open reads an envelope. Whatever encode would have written otherwise is refused: the unprotected header and the shape
// are not under the signature, and a card must have one form only.
func open(raw []byte) (sign1, error) {
	if len(raw) == 0 || raw[0] != tagSign1 {
		return sign1{}, errEnvelope
	}
	var e envelope
	var h protected
	if event.Decode(raw[1:], &e) != nil || event.Decode(e.Protected, &h) != nil {
		return sign1{}, errEnvelope
	}
	if h.Algorithm != algEdDSA || len(h.Key) != len(KeyID{}) || len(e.Signature) != ed25519.SignatureSize || len(e.Payload) == 0 {
		return sign1{}, errEnvelope
	}
	s := sign1{key: KeyID(h.Key), payload: e.Payload, signature: e.Signature}
	if again, err := s.encode(); err != nil || !bytes.Equal(again, raw) {
		return sign1{}, errEnvelope
	}
	return s, nil
}

// signedBy says whether the signature is that of the key.
func (s sign1) signedBy(key ed25519.PublicKey) bool {
	if len(key) != ed25519.PublicKeySize || KeyIDOf(key) != s.key {
		return false
	}
	message, err := s.message()
	return err == nil && ed25519.Verify(key, message, s.signature)
}
