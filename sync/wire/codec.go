package wire

import (
	"errors"
	"fmt"

	"simpul/sync/event"
	"simpul/sync/wire/dense"
)

// MaxList is how many elements a list of a message may have, but for events,
// rows and [Shorts]. A sender splits what is longer.
const MaxList = 4096

// MaxBatches bounds the batches of a request, and the tails and pages of an answer.
const MaxBatches = 256

// What reading a message may make of it at most, in bytes. An answer can be a page
// of the whole directory; of requests a centre reads several at once.
const (
	maxMemory  = 192 << 20
	maxRequest = 48 << 20
)

var (
	// ErrMessage says that bytes are no message of this protocol.
	ErrMessage = errors.New("wire: malformed message")
	// ErrTooLarge says that a message is larger than a receiver would take.
	ErrTooLarge = errors.New("wire: message too large")
)

// Message is everything that is sent by itself.
type Message interface {
	Request | Answer | PhotoPush | PhotoTaken | PhotoPull | PhotoSent | JoinAsk | JoinAnswer
}

// Encode writes a message and compresses it: the number of bytes of its CBOR,
// the CBOR without batches and pages, and these by column.
func Encode[M Message](m *M) ([]byte, error) {
	w, err := write(m)
	if err != nil {
		return nil, err
	}
	return compress(w)
}

// write writes a message without compressing it.
func write[M Message](m *M) (*dense.Writer, error) {
	var w dense.Writer
	var err error
	switch m := any(m).(type) {
	case *Request:
		talk := *m
		talk.Batches = nil
		if err = writeTalk(&w, &talk); err == nil {
			err = writeMany(&w, m.Batches, writeBatch)
		}
	case *Answer:
		talk := *m
		talk.Tails, talk.Pages = nil, nil
		if err = writeTalk(&w, &talk); err == nil {
			err = errors.Join(writeMany(&w, m.Tails, writeBatch), writeMany(&w, m.Pages, writePage))
		}
	default:
		err = writeTalk(&w, m)
	}
	return &w, err
}

// Decode reads a message. Keys of a later version are ignored.
func Decode[M Message](frame []byte) (*M, error) { return decodeAtMost[M](frame, MaxPayload) }

// decodeAtMost reads a message that has at most so many bytes after decompression.
func decodeAtMost[M Message](frame []byte, limit int) (*M, error) {
	raw, err := decompress(frame, limit)
	if err != nil {
		return nil, err
	}
	m, most := new(M), maxMemory
	if _, is := any(m).(*Request); is {
		most = maxRequest
	}
	r := dense.NewReader(raw, most)
	if err := event.Decode(r.Blob(), m); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMessage, err)
	}
	switch m := any(m).(type) {
	case *Request:
		m.Batches, err = readMany(r, readBatch)
	case *Answer:
		if m.Tails, err = readMany(r, readBatch); err == nil {
			m.Pages, err = readMany(r, readPage)
		}
	}
	if err == nil {
		err = r.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMessage, err)
	}
	if r.Left() > 0 {
		return nil, fmt.Errorf("%w: %d bytes after it", ErrMessage, r.Left())
	}
	return m, nil
}

func writeTalk(w *dense.Writer, m any) error {
	raw, err := event.Encode(m)
	if err != nil {
		return fmt.Errorf("wire: encode: %w", err)
	}
	w.Blob(raw)
	return nil
}

func writeMany[T any](w *dense.Writer, list []T, write func(*dense.Writer, *T) error) error {
	if len(list) > MaxBatches {
		return fmt.Errorf("%w: %d batches or pages", ErrTooLarge, len(list))
	}
	w.Uint(uint64(len(list)))
	for i := range list {
		if err := write(w, &list[i]); err != nil {
			return err
		}
	}
	return nil
}

func readMany[T any](r *dense.Reader, read func(*dense.Reader) (T, error)) ([]T, error) {
	n := r.Count()
	if n > MaxBatches {
		return nil, ErrMessage
	}
	var out []T
	for range n {
		one, err := read(r)
		if err == nil {
			err = r.Err()
		}
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// EncodeRequest writes a request.
func EncodeRequest(r *Request) ([]byte, error) { return Encode(r) }

// DecodeRequest reads a request.
func DecodeRequest(frame []byte) (*Request, error) { return Decode[Request](frame) }

// EncodeAnswer writes an answer.
func EncodeAnswer(a *Answer) ([]byte, error) { return Encode(a) }

// DecodeAnswer reads an answer.
func DecodeAnswer(frame []byte) (*Answer, error) { return Decode[Answer](frame) }
