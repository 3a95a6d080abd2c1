package wire

import (
	"crypto/ed25519"
	"crypto/sha256"
	"errors"

	"simpul/sync/event"
)

// What a signature is for stands before what is signed, so that nothing signed
// for one purpose serves another.
const (
	requestContext = "simpul/request\x00"
	answerContext  = "simpul/answer\x00"
)

// ErrSignature says that a request or an answer is not from whom it should be,
// or is not what was sent.
var ErrSignature = errors.New("wire: wrong signature")

// SealRequest puts the node's signature before a compressed message. It covers
// the centre it is for, the node, the path and the message: nobody else can use
// it for anything else. node is zero while the node has no name yet.
func SealRequest(key ed25519.PrivateKey, centre ed25519.PublicKey, node event.ID, path string, frame []byte) []byte {
	return append(ed25519.Sign(key, requestText(centre, node, path, frame)), frame...)
}

// OpenRequest verifies a request and returns the compressed message.
func OpenRequest(key, centre ed25519.PublicKey, node event.ID, path string, body []byte) (frame []byte, err error) {
	return open(key, body, func(frame []byte) []byte { return requestText(centre, node, path, frame) })
}

// SealAnswer puts the centre's signature before a compressed message. It covers
// the request that is answered, so an old answer cannot be given again.
func SealAnswer(key ed25519.PrivateKey, request, frame []byte) []byte {
	return append(ed25519.Sign(key, answerText(request, frame)), frame...)
}

// OpenAnswer verifies an answer to a request, given as it was sent.
func OpenAnswer(centre ed25519.PublicKey, request, body []byte) (frame []byte, err error) {
	return open(centre, body, func(frame []byte) []byte { return answerText(request, frame) })
}

func open(key ed25519.PublicKey, body []byte, text func(frame []byte) []byte) ([]byte, error) {
	if len(body) < ed25519.SignatureSize || len(key) != ed25519.PublicKeySize {
		return nil, ErrSignature
	}
	frame := body[ed25519.SignatureSize:]
	if !ed25519.Verify(key, text(frame), body[:ed25519.SignatureSize]) {
		return nil, ErrSignature
	}
	return frame, nil
}

func requestText(centre ed25519.PublicKey, node event.ID, path string, frame []byte) []byte {
	who, what := sha256.Sum256(centre), sha256.Sum256(frame)
	text := append([]byte(requestContext), who[:]...)
	text = append(append(append(text, node[:]...), path...), 0)
	return append(text, what[:]...)
}

func answerText(request, frame []byte) []byte {
	asked, what := sha256.Sum256(request), sha256.Sum256(frame)
	return append(append([]byte(answerContext), asked[:]...), what[:]...)
}
