package bundle

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// ReadOptions is what a bundle is read with.
type ReadOptions struct {
	Me       event.ID  // whom bundles for this place are addressed to
	Identity string    // AGE-SECRET-KEY-1…
	Now      time.Time // zero: bundles do not expire
	// Sender returns the key of whom the bundle says it is from. Its error is
	// returned as it is, so a revoked sender can be told from an unknown one.
	Sender func(Header) (ed25519.PublicKey, error)
	// Open opens a part, numbered from 1; fs.ErrNotExist when there is none.
	Open  func(part int) (io.ReadCloser, error)
	Moved func(bytes int64) // so many bytes of files so far, from 0 in each of the two passes; may be nil
}

// Bundle is a bundle that has been verified.
type Bundle struct {
	Header Header
	Parts  int
	Bytes  int64 // of all parts
	opt    ReadOptions
	sums   []event.Hash // of each frame, in order
}

// Peek reads only the header of the first part, which nobody has verified: to say
// on a screen what a stick holds.
func Peek(open func(part int) (io.ReadCloser, error)) (Header, error) {
	p := &partReader{open: open, moved: func(int) {}}
	defer p.close()
	err := p.next()
	return p.header, err
}

// Verify reads a bundle to its end and checks all of it: the parts are there and
// whole, it is for this place, it is the sender's, nothing was changed. Nothing
// is handed on.
func Verify(ctx context.Context, opt ReadOptions) (*Bundle, error) {
	b := &Bundle{opt: opt}
	parts, bytes, err := b.pass(ctx, func(f Frame) error {
		b.sums = append(b.sums, sumOf(f))
		return nil
	})
	if err != nil {
		return nil, err
	}
	b.Parts, b.Bytes = parts, bytes
	return b, nil
}

// Frames reads the bundle again and hands its frames on in order. Each is the one
// that was verified, even if somebody changes the stick meanwhile; if the stick
// is pulled out, what was handed on are whole frames, and the bundle can be read
// once more. It stops at the first error of take and returns it.
func (b *Bundle) Frames(ctx context.Context, take func(Frame) error) error {
	next := 0
	_, _, err := b.pass(ctx, func(f Frame) error {
		if next >= len(b.sums) || sumOf(f) != b.sums[next] {
			return fmt.Errorf("%w: changed since it was verified", ErrDamaged)
		}
		next++
		return take(f)
	})
	if err == nil && next != len(b.sums) {
		return fmt.Errorf("%w: changed since it was verified", ErrDamaged)
	}
	return err
}

// Len is the number of frames.
func (b *Bundle) Len() int { return len(b.sums) }

func sumOf(f Frame) event.Hash {
	sum := sha256.New()
	sum.Write([]byte{byte(f.Kind)})
	sum.Write(f.Bytes)
	var out event.Hash
	sum.Sum(out[:0])
	return out
}

// pass reads a bundle once from its beginning to its signature.
func (b *Bundle) pass(ctx context.Context, each func(Frame) error) (parts int, moved int64, err error) {
	p := &partReader{open: b.opt.Open, moved: func(n int) {
		moved += int64(n)
		if b.opt.Moved != nil && n > 0 {
			b.opt.Moved(moved)
		}
	}}
	defer p.close()
	if err := p.next(); err != nil {
		return 0, moved, err
	}
	key, err := b.admit(p.header)
	if err != nil {
		return 0, moved, err
	}
	// What the parts say is wrong comes before what the decryption makes of it.
	source := &firstError{Reader: p}
	inside, err := decrypted(source, b.opt.Identity)
	if err == nil {
		in := &insideReader{Reader: bufio.NewReaderSize(inside, chunk), sum: sha256.New()}
		err = in.frames(ctx, p.raw, key, each)
	}
	if err == nil { // the end of the last part is read and checked too
		if n, cerr := io.Copy(io.Discard, source); n > 0 || cerr != nil {
			err = ErrDamaged
		}
	}
	switch {
	case source.err != nil:
		return 0, moved, source.err
	case err != nil:
		return 0, moved, err
	}
	b.Header = p.header
	return p.number, moved, nil
}

// admit checks what the header says.
func (b *Bundle) admit(h Header) (ed25519.PublicKey, error) {
	if h.To != b.opt.Me {
		return nil, ErrAddress
	}
	if !b.opt.Now.IsZero() && h.Expired(b.opt.Now) {
		return nil, ErrExpired
	}
	return b.opt.Sender(h)
}

// firstError remembers what the source said first.
type firstError struct {
	io.Reader
	err error
}

func (f *firstError) Read(b []byte) (int, error) {
	n, err := f.Reader.Read(b)
	if err != nil && !errors.Is(err, io.EOF) && f.err == nil {
		f.err = err
	}
	return n, err
}

// insideReader reads what is encrypted.
type insideReader struct {
	io.Reader
	sum hash.Hash
}

func (in *insideReader) full(n int) ([]byte, error) {
	var to bytes.Buffer // grows with what comes, whatever the length says
	if got, err := io.CopyN(&to, in.Reader, int64(n)); err != nil || got != int64(n) {
		return nil, ErrDamaged
	}
	in.sum.Write(to.Bytes())
	return to.Bytes(), nil
}

// frames reads the header, the frames and the signature.
func (in *insideReader) frames(ctx context.Context, header []byte, key ed25519.PublicKey, each func(Frame) error) error {
	size, err := in.full(2)
	if err != nil {
		return err
	}
	again, err := in.full(int(binary.BigEndian.Uint16(size)))
	if err != nil || !bytes.Equal(again, header) {
		return ErrDamaged
	}
	for {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("bundle: %w", err)
		}
		kind, err := in.full(1)
		if err != nil {
			return err
		}
		if Kind(kind[0]) == end {
			return in.signature(key)
		}
		length, err := in.full(4)
		if err != nil {
			return err
		}
		n := binary.BigEndian.Uint32(length)
		if n > wire.MaxBody {
			return ErrDamaged
		}
		raw, err := in.full(int(n))
		if err != nil {
			return err
		}
		if err := each(Frame{Kind: Kind(kind[0]), Bytes: raw}); err != nil {
			return err
		}
	}
}

// signature checks the end; nothing may follow it.
func (in *insideReader) signature(key ed25519.PublicKey) error {
	var sum [sha256.Size]byte
	in.sum.Sum(sum[:0])
	signature, err := in.full(ed25519.SignatureSize)
	if err != nil {
		return err
	}
	if len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, signed(sum), signature) {
		return ErrSender
	}
	if n, err := in.Read(make([]byte, 1)); n > 0 || !errors.Is(err, io.EOF) {
		return ErrDamaged
	}
	return nil
}
