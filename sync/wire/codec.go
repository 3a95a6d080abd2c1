package wire

import (
	"errors"
	"fmt"

	"simpul/sync/event"
)

// MaxList is how many elements a list of a message may have, events and rows
// aside: they travel in columns. A sender splits what is longer.
const MaxList = 4096

// ErrMessage says that bytes are no message of this protocol.
var ErrMessage = errors.New("wire: malformed message")

// Message is everything that is sent by itself.
type Message interface {
	Request | Answer | PhotoPush | PhotoTaken | PhotoPull | PhotoSent | JoinAsk | JoinAnswer
}

// Encode writes a message as deterministic CBOR.
func Encode[M Message](m *M) ([]byte, error) {
	raw, err := event.Encode(m)
	if err != nil {
		return nil, fmt.Errorf("wire: encode: %w", err)
	}
	return raw, nil
}

// Decode reads a message. Keys of a later version are ignored.
func Decode[M Message](raw []byte) (*M, error) {
	m := new(M)
	if err := event.Decode(raw, m); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMessage, err)
	}
	return m, nil
}

// EncodeRequest writes a request.
func EncodeRequest(r *Request) ([]byte, error) { return Encode(r) }

// DecodeRequest reads a request.
func DecodeRequest(raw []byte) (*Request, error) { return Decode[Request](raw) }

// EncodeAnswer writes an answer.
func EncodeAnswer(a *Answer) ([]byte, error) { return Encode(a) }

// DecodeAnswer reads an answer.
func DecodeAnswer(raw []byte) (*Answer, error) { return Decode[Answer](raw) }
