package bundle

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"filippo.io/age"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// WriteOptions is what a bundle is made from.
type WriteOptions struct {
	From, To  event.ID
	Key       ed25519.PrivateKey // of the sender
	Recipient string             // age recipient of the receiver: age1…
	Made      time.Time
	Expires   time.Time
	Rand      io.Reader // of the bundle's id; the encryption draws its own
	PartSize  int64     // bytes; 0 for DefaultPart
	// Create makes the file of a part, numbered from 1. Its Close should bring it
	// to the disk: a stick is pulled out soon after.
	Create func(part int) (io.WriteCloser, error)
	Moved  func(bytes int64) // so many bytes of frames so far; may be nil
}

// Writer writes a bundle. Nothing of it is one before Close has returned nil.
type Writer struct {
	Header Header
	opt    WriteOptions
	parts  *partWriter
	inside io.WriteCloser // encrypts
	sum    hash.Hash
	moved  int64
	failed error
}

// NewIdentity makes the key pair with which bundles to one place are encrypted.
// The identity is a secret; the recipient is what senders need. age draws its
// own randomness.
func NewIdentity() (identity, recipient string, err error) {
	made, err := age.GenerateX25519Identity()
	if err != nil {
		return "", "", fmt.Errorf("bundle: identity: %w", err)
	}
	return made.String(), made.Recipient().String(), nil
}

// NewWriter begins a bundle.
func NewWriter(opt WriteOptions) (*Writer, error) {
	if opt.PartSize == 0 {
		opt.PartSize = DefaultPart
	}
	if opt.PartSize < SmallestPart {
		return nil, fmt.Errorf("bundle: parts of %d bytes are too small", opt.PartSize)
	}
	to, err := age.ParseX25519Recipient(opt.Recipient)
	if err != nil {
		return nil, fmt.Errorf("bundle: recipient: %w", err)
	}
	w := &Writer{opt: opt, sum: sha256.New(), Header: Header{Version: version, From: opt.From, To: opt.To, Made: opt.Made.UnixMilli(), Expires: opt.Expires.UnixMilli()}}
	if _, err := io.ReadFull(opt.Rand, w.Header.ID[:]); err != nil {
		return nil, fmt.Errorf("bundle: randomness: %w", err)
	}
	header, err := event.Encode(w.Header)
	if err != nil {
		return nil, fmt.Errorf("bundle: header: %w", err)
	}
	w.parts = &partWriter{header: header, size: opt.PartSize, create: opt.Create}
	if w.inside, err = age.Encrypt(w.parts, to); err != nil {
		w.parts.abandon()
		return nil, fmt.Errorf("bundle: encrypt: %w", err)
	}
	return w, w.write(binary.BigEndian.AppendUint16(nil, uint16(len(header))), header)
}

// Put writes a frame.
func (w *Writer) Put(f Frame) error {
	if f.Kind == end || len(f.Bytes) > wire.MaxBody {
		return fmt.Errorf("bundle: frame of kind %d with %d bytes", f.Kind, len(f.Bytes))
	}
	if err := w.write(binary.BigEndian.AppendUint32([]byte{byte(f.Kind)}, uint32(len(f.Bytes))), f.Bytes); err != nil {
		return err
	}
	w.moved += int64(len(f.Bytes))
	if w.opt.Moved != nil {
		w.opt.Moved(w.moved)
	}
	return nil
}

// write writes into the encryption; after an error nothing goes on.
func (w *Writer) write(pieces ...[]byte) error {
	for _, b := range pieces {
		if w.failed != nil {
			return w.failed
		}
		w.sum.Write(b)
		if _, err := w.inside.Write(b); err != nil {
			w.failed = fmt.Errorf("bundle: %w", err)
			w.parts.abandon()
		}
	}
	return w.failed
}

// Close signs the bundle and finishes its last part.
func (w *Writer) Close() error {
	if err := w.write([]byte{byte(end)}); err != nil {
		return err
	}
	var sum [sha256.Size]byte
	w.sum.Sum(sum[:0])
	if err := w.write(ed25519.Sign(w.opt.Key, signed(sum))); err != nil {
		return err
	}
	w.failed = errors.New("bundle: closed")
	if err := w.inside.Close(); err != nil {
		w.parts.abandon()
		return fmt.Errorf("bundle: %w", err)
	}
	if err := w.parts.close(); err != nil {
		w.parts.abandon()
		return err
	}
	return nil
}

// Abandon closes the file being written; the parts there are no bundle.
func (w *Writer) Abandon() {
	w.failed = errors.New("bundle: abandoned")
	w.parts.abandon()
}

// Parts is how many parts there are.
func (w *Writer) Parts() int { return w.parts.number }
