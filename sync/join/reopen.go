package join

import (
	"bytes"
	"crypto/ed25519"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/pem"
	"fmt"
	"strings"

	"simpul/sync/event"
)

// A node whose every password and whose recovery sheet are lost asks its centre to
// open it again. Two files go, like those of a joining: text, so that they also
// survive a message or a mail. Neither holds a secret. The request cannot be signed,
// because the node's signing key lies in what is closed: two people compare a check
// code on the telephone instead. The answer is signed by the centre, names the
// request, and holds the keys of the node sealed to the key in it.

const (
	reopenBlock   = "SIMPUL REOPEN REQUEST"
	reopenedBlock = "SIMPUL REOPEN ANSWER"

	reopenKeySize = 32
	maxReopenName = 400 // bytes

	reopenGroups = 3 // of groupSize letters, 5 bits each
	groupSize    = 4
	// The check code is stretched: whoever exchanges the file on its way would have to
	// find another one with the same 60 bits, and each try costs him so many hashes.
	reopenRounds = 1 << 16
)

// ReopenAsk is what a closed node asks of its centre.
type ReopenAsk struct {
	Node   event.ID    `cbor:"1,keyasint"` // as the centre named it
	Name   string      `cbor:"2,keyasint"` // as it calls itself
	Centre Fingerprint `cbor:"3,keyasint"` // of the centre that it has joined
	Slot   []byte      `cbor:"4,keyasint"` // its keys, sealed to that centre: vault.Slot
	Key    []byte      `cbor:"5,keyasint"` // X25519: to this they are to be sealed
	Made   int64       `cbor:"6,keyasint"` // ms, by the clock of the PC
	Proof  []byte      `cbor:"7,keyasint"` // its signing key, sealed with those keys: proves whose they are
}

// ReopenAnswer is what goes back.
type ReopenAnswer struct {
	Node    event.ID   `cbor:"1,keyasint"`
	Request event.Hash `cbor:"2,keyasint"` // Hash of the ask
	Slot    []byte     `cbor:"3,keyasint"` // vault.Slot
	At      int64      `cbor:"4,keyasint"` // ms, by the clock of the centre
}

// ReopenRequest writes the file that goes to the centre. ErrFile for what
// ReadReopenRequest would not read.
func ReopenRequest(ask *ReopenAsk) ([]byte, error) {
	raw, err := event.Encode(ask)
	if err != nil {
		return nil, fmt.Errorf("join: %w", err)
	}
	file := pem.EncodeToMemory(&pem.Block{Type: reopenBlock, Bytes: raw})
	_, err = ReadReopenRequest(file)
	return file, err
}

// ReadReopenRequest reads it at the centre. Who wrote it nobody knows: that is for
// the check code. ErrFile when it is something else, damaged, too long, or written in
// another way than ReopenRequest writes.
func ReadReopenRequest(content []byte) (*ReopenAsk, error) {
	raw, err := unblock(reopenBlock, content)
	if err != nil {
		return nil, err
	}
	ask := new(ReopenAsk)
	if err := decodeExactly(raw, ask); err != nil || len(ask.Key) != reopenKeySize || ask.Node.IsZero() || len(ask.Name) > maxReopenName {
		return nil, ErrFile
	}
	return ask, nil
}

// Hash names a request.
func (a *ReopenAsk) Hash() event.Hash {
	raw, err := event.Encode(a)
	if err != nil {
		panic("join: " + err.Error()) // only for a type that has no encoding
	}
	return sha256.Sum256(append([]byte("simpul/reopen\x00"), raw...))
}

// Check is what the PC shows and the centre asks for: 12 letters over all that is in
// the request. It takes some 50 ms.
func (a *ReopenAsk) Check() string {
	hash := a.Hash()
	sum, err := pbkdf2.Key(sha256.New, string(hash[:]), []byte("simpul/reopen check"), reopenRounds, 8)
	if err != nil {
		panic("join: " + err.Error()) // only for a length out of range
	}
	text := strings.ToUpper(letters.EncodeToString(sum))
	groups := make([]string, reopenGroups)
	for i := range groups {
		groups[i] = text[groupSize*i : groupSize*(i+1)]
	}
	return strings.Join(groups, "-")
}

// IsCheck reports whether somebody typed the check code, with whatever blanks, dashes
// and capitals.
func (a *ReopenAsk) IsCheck(typed string) bool {
	return len(typed) <= 100 && strings.Map(keepLetters, typed) == strings.Map(keepLetters, a.Check())
}

// AnswerReopen writes the file that goes back to the node.
func AnswerReopen(centre ed25519.PrivateKey, answer *ReopenAnswer) ([]byte, error) {
	message, err := event.Encode(answer)
	if err != nil {
		return nil, fmt.Errorf("join: %w", err)
	}
	return write(reopenedBlock, centre, nil, message)
}

// ReadReopenAnswer reads it at the node, and returns the key that has signed it: the
// caller compares it with that of its centre. ErrFile as for ReadReopenRequest.
func ReadReopenAnswer(content []byte) (*ReopenAnswer, ed25519.PublicKey, error) {
	key, message, err := read(reopenedBlock, content, nil)
	if err != nil {
		return nil, nil, err
	}
	answer := new(ReopenAnswer)
	if err := decodeExactly(message, answer); err != nil {
		return nil, nil, ErrFile
	}
	return answer, key, nil
}

// decodeExactly refuses what event.Encode would have written otherwise, so that one
// request has one hash, and nothing stands in it that nobody looks at.
func decodeExactly(raw []byte, v any) error {
	if err := event.Decode(raw, v); err != nil {
		return ErrFile
	}
	again, err := event.Encode(v)
	if err != nil || !bytes.Equal(again, raw) {
		return ErrFile
	}
	return nil
}
