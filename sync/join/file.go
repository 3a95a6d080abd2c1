package join

import (
	"bufio"
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/pem"
	"errors"
	"fmt"
	"io"

	"simpul/sync/bundle"
	"simpul/sync/event"
	"simpul/sync/wire"
)

// Without a network the same two messages go as files on a stick: text, so that
// they also survive a message or a mail. The request is signed by the node; the
// answer is signed by the centre, bound to that request, and sealed twice, because a
// key is in it: with the token of the code, so that it belongs to that code, and
// then to the recipient in the request, so that a stick with code and answer that
// was lost opens nowhere but on that PC.
//
// Behind the answer, in the same file, may stand the first part of a bundle to that
// PC: all that it may know, so that it begins without a network. It is sealed to the
// same recipient, and can be written no sooner: before the request nobody knows a key
// that only that PC has.

const (
	requestBlock = "SIMPUL JOIN REQUEST"
	answerBlock  = "SIMPUL JOIN ANSWER 2"
	firstAnswer  = "SIMPUL JOIN ANSWER" // sealed with the token alone
	maxFile      = 64 << 10
)

// ErrFile is returned for content that is no such file, is damaged, or belongs to
// another code or another PC.
var ErrFile = errors.New("join: not a file of this enrolment")

// ErrFirst is returned for an answer in the first form, which whoever has the code
// can open too: the key in it is to be thrown away, not used.
var ErrFirst = errors.New("join: an answer of a centre that has to be upgraded")

// ErrRecipient is returned for a request from which no answer can come back.
var ErrRecipient = errors.New("join: the request names no recipient")

type signed struct {
	Key       []byte `cbor:"1,keyasint"`
	Message   []byte `cbor:"2,keyasint"`
	Signature []byte `cbor:"3,keyasint"`
}

// Request writes the file that a node brings to the centre.
func Request(key ed25519.PrivateKey, ask *wire.JoinAsk) ([]byte, error) {
	message, err := event.Encode(ask)
	if err != nil {
		return nil, fmt.Errorf("join: %w", err)
	}
	return write(requestBlock, key, nil, message)
}

// ReadRequest reads it at the centre and checks that who asks holds the key.
func ReadRequest(content []byte) (*wire.JoinAsk, error) {
	key, message, err := read(requestBlock, content, nil)
	if err != nil {
		return nil, err
	}
	ask := new(wire.JoinAsk)
	if err := event.Decode(message, ask); err != nil || !bytes.Equal(ask.Key, key) {
		return nil, ErrFile
	}
	return ask, nil
}

// Answer writes the file that goes back to the node that asked with the token.
func Answer(random io.Reader, centre ed25519.PrivateKey, token Token, ask *wire.JoinAsk, answer *wire.JoinAnswer) ([]byte, error) {
	plain, err := event.Encode(answer)
	if err != nil {
		return nil, fmt.Errorf("join: %w", err)
	}
	aead, err := token.cipher()
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := io.ReadFull(random, nonce); err != nil {
		return nil, fmt.Errorf("join: randomness: %w", err)
	}
	sealed, err := bundle.Seal(ask.Seal, aead.Seal(nonce, nonce, plain, ask.Key))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRecipient, err)
	}
	return write(answerBlock, centre, ask.Key, sealed)
}

// ReadAnswer reads it at the node that asked, with the identity of the recipient in
// its request, and returns the centre's signing key, which has the fingerprint of
// the code.
func ReadAnswer(content []byte, code Code, node ed25519.PublicKey, identity string) (*wire.JoinAnswer, ed25519.PublicKey, error) {
	key, message, err := read(answerBlock, content, node)
	if err != nil {
		if _, _, first := read(firstAnswer, content, node); first == nil {
			err = ErrFirst
		}
		return nil, nil, err
	}
	aead, err := code.Token.cipher()
	if err != nil {
		return nil, nil, err
	}
	if !code.Fingerprint.Is(key) {
		return nil, nil, ErrFile
	}
	message, err = bundle.Unseal(identity, message, maxFile)
	if err != nil || len(message) < aead.NonceSize() {
		return nil, nil, ErrFile
	}
	plain, err := aead.Open(nil, message[:aead.NonceSize()], message[aead.NonceSize():], node)
	if err != nil {
		return nil, nil, ErrFile
	}
	answer := new(wire.JoinAnswer)
	if err := event.Decode(plain, answer); err != nil {
		return nil, nil, ErrFile
	}
	return answer, key, nil
}

// Split reads the answer at the beginning of a file, and leaves in r what stands
// behind it. In a file that begins with anything else there is none, and all of it
// is left. Blanks on either side, as a mail puts them, are passed over.
// bundle.ErrCut when the file ends inside the answer.
func Split(r *bufio.Reader) (answer []byte, err error) {
	const begin = "-----BEGIN " + firstAnswer
	skipBlanks(r)
	if start, _ := r.Peek(len(begin)); string(start) != begin {
		return nil, nil
	}
	for {
		line, err := r.ReadSlice('\n')
		answer = append(answer, line...)
		switch {
		case bytes.HasPrefix(line, []byte("-----END ")) && (err == nil || errors.Is(err, io.EOF)):
			skipBlanks(r)
			return answer, nil
		case errors.Is(err, io.EOF):
			return nil, bundle.ErrCut
		case err != nil || len(answer) > maxFile:
			return nil, ErrFile
		}
	}
}

func skipBlanks(r *bufio.Reader) {
	for {
		b, err := r.Peek(1)
		if err != nil || !bytes.Contains([]byte(" \t\r\n"), b) {
			return
		}
		_, _ = r.Discard(1)
	}
}

func (t Token) cipher() (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, t[:], nil, "simpul/join answer", 32)
	if err != nil {
		return nil, fmt.Errorf("join: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("join: %w", err)
	}
	return cipher.NewGCM(block)
}

func write(kind string, key ed25519.PrivateKey, bound, message []byte) ([]byte, error) {
	raw, err := event.Encode(signed{Key: key.Public().(ed25519.PublicKey), Message: message, Signature: ed25519.Sign(key, over(kind, bound, message))})
	if err != nil {
		return nil, fmt.Errorf("join: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw}), nil
}

func read(kind string, content, bound []byte) (ed25519.PublicKey, []byte, error) {
	raw, err := unblock(kind, content)
	if err != nil {
		return nil, nil, err
	}
	var s signed
	if err := event.Decode(raw, &s); err != nil || len(s.Key) != ed25519.PublicKeySize ||
		!ed25519.Verify(s.Key, over(kind, bound, s.Message), s.Signature) {
		return nil, nil, ErrFile
	}
	return s.Key, s.Message, nil
}

// unblock returns what stands in a file of a kind.
func unblock(kind string, content []byte) ([]byte, error) {
	if len(content) > maxFile {
		return nil, ErrFile
	}
	block, _ := pem.Decode(bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n")))
	if block == nil || block.Type != kind {
		return nil, ErrFile
	}
	return block.Bytes, nil
}

func over(kind string, bound, message []byte) []byte {
	sum := sha256.Sum256(bound)
	return append(append([]byte("simpul/"+kind+"\x00"), sum[:]...), message...)
}
