package bundle

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"

	"simpul/sync/event"
)

// A part is
//
//	magic ‖ length of the header (2 bytes) ‖ header ‖ number of the part (4 bytes, from 1)
//	chunks: length (4 bytes, not 0) ‖ bytes
//	0 (4 bytes) ‖ 1 if it is the last part, else 0 ‖ SHA-256 of everything before
//
// so that half a copy is known as one before anything else is asked of it.

const (
	// DefaultPart is the size of a part: FAT32 has no file of 4 GiB.
	DefaultPart = 4_000_000_000
	// SmallestPart is the smallest size of parts.
	SmallestPart = 4 << 10

	chunk   = 64 << 10
	trailer = 4 + 1 + sha256.Size
)

// partWriter cuts a stream into parts.
type partWriter struct {
	header []byte
	size   int64
	create func(part int) (io.WriteCloser, error)

	number int
	file   io.WriteCloser
	sum    hash.Hash
	left   int64 // of the present part, its end not counted
	buf    []byte
}

// Write implements io.Writer; chunks are full, but for the last of each part.
func (p *partWriter) Write(b []byte) (int, error) {
	n := len(b)
	for len(b) > 0 {
		take := min(chunk-len(p.buf), len(b))
		p.buf = append(p.buf, b[:take]...)
		b = b[take:]
		if len(p.buf) == chunk {
			if err := p.flush(); err != nil {
				return n - len(b), err
			}
		}
	}
	return n, nil
}

// flush writes what is buffered, beginning new parts where one is full.
func (p *partWriter) flush() error {
	for len(p.buf) > 0 {
		if p.file != nil && p.left <= 4 {
			if err := p.finish(false); err != nil {
				return err
			}
		}
		if p.file == nil {
			if err := p.begin(); err != nil {
				return err
			}
		}
		n := int(min(int64(len(p.buf)), p.left-4))
		if err := p.put(binary.BigEndian.AppendUint32(nil, uint32(n)), p.buf[:n]); err != nil {
			return err
		}
		p.buf = append(p.buf[:0], p.buf[n:]...)
	}
	return nil
}

func (p *partWriter) begin() (err error) {
	p.number++
	if p.file, err = p.create(p.number); err != nil {
		return fmt.Errorf("bundle: part %d: %w", p.number, err)
	}
	p.sum, p.left = sha256.New(), p.size-trailer
	return p.put([]byte(magic), binary.BigEndian.AppendUint16(nil, uint16(len(p.header))), p.header, binary.BigEndian.AppendUint32(nil, uint32(p.number)))
}

func (p *partWriter) put(pieces ...[]byte) error {
	for _, b := range pieces {
		p.sum.Write(b)
		p.left -= int64(len(b))
		if _, err := p.file.Write(b); err != nil {
			return fmt.Errorf("bundle: part %d: %w", p.number, err)
		}
	}
	return nil
}

// finish ends a part.
func (p *partWriter) finish(last bool) error {
	mark := make([]byte, 5)
	if last {
		mark[4] = 1
	}
	if err := p.put(mark); err != nil {
		return err
	}
	if _, err := p.file.Write(p.sum.Sum(nil)); err != nil {
		return fmt.Errorf("bundle: part %d: %w", p.number, err)
	}
	file := p.file
	p.file = nil
	if err := file.Close(); err != nil {
		return fmt.Errorf("bundle: part %d: %w", p.number, err)
	}
	return nil
}

// close ends the last part; abandon leaves it as it is.
func (p *partWriter) close() error {
	if err := p.flush(); err != nil {
		return err
	}
	return p.finish(true)
}

func (p *partWriter) abandon() {
	if p.file != nil {
		_ = p.file.Close() // it is not a bundle anyway
		p.file = nil
	}
}

// partReader joins the parts again.
type partReader struct {
	open  func(part int) (io.ReadCloser, error)
	moved func(n int)

	header Header
	raw    []byte // of the header
	number int
	last   bool
	file   io.ReadCloser
	sum    hash.Hash
	left   uint32 // of the present chunk
}

// readFull reads from the present part what it must have.
func (p *partReader) readFull(b []byte) error {
	n, err := io.ReadFull(p.file, b)
	p.sum.Write(b[:n])
	p.moved(n)
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%w: part %d", ErrCut, p.number)
	case err != nil:
		return fmt.Errorf("bundle: part %d: %w", p.number, err)
	}
	return nil
}

// next opens the next part and reads its beginning.
func (p *partReader) next() error {
	p.number++
	file, err := p.open(p.number)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: part %d", ErrMissing, p.number)
	}
	if err != nil {
		return fmt.Errorf("bundle: part %d: %w", p.number, err)
	}
	p.file, p.sum = file, sha256.New()
	start := make([]byte, len(magic)+2)
	if err := p.readFull(start); err != nil {
		return err
	}
	size := int(binary.BigEndian.Uint16(start[len(magic):]))
	if string(start[:len(magic)]) != magic || size > maxHeader {
		return ErrNotBundle
	}
	raw := make([]byte, size+4)
	if err := p.readFull(raw); err != nil {
		return err
	}
	return p.begun(raw[:size], int(binary.BigEndian.Uint32(raw[size:])))
}

// begun checks that a part is the one that was expected.
func (p *partReader) begun(raw []byte, number int) error {
	if p.number == 1 {
		if err := event.Decode(raw, &p.header); err != nil {
			return fmt.Errorf("%w: header", ErrDamaged)
		}
		if p.header.Version > version {
			return ErrVersion
		}
		p.raw = raw
	}
	if string(raw) != string(p.raw) || number != p.number {
		return fmt.Errorf("%w: in place of part %d", ErrMixed, p.number)
	}
	return nil
}

// ended reads the end of a part: nothing may follow it.
func (p *partReader) ended() error {
	var mark [1]byte
	if err := p.readFull(mark[:]); err != nil {
		return err
	}
	want := p.sum.Sum(nil)
	got := make([]byte, sha256.Size)
	if err := p.readFull(got); err != nil {
		return err
	}
	n, err := p.file.Read(make([]byte, 1))
	if string(got) != string(want) || mark[0] > 1 || n > 0 || !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: part %d", ErrDamaged, p.number)
	}
	p.last = mark[0] == 1
	p.close()
	return nil
}

func (p *partReader) close() {
	if p.file != nil {
		_ = p.file.Close() // it was only read
		p.file = nil
	}
}

// Read implements io.Reader.
func (p *partReader) Read(b []byte) (int, error) {
	for p.left == 0 {
		if p.file == nil {
			if p.last {
				return 0, io.EOF
			}
			if err := p.next(); err != nil {
				return 0, err
			}
		}
		var size [4]byte
		if err := p.readFull(size[:]); err != nil {
			return 0, err
		}
		p.left = binary.BigEndian.Uint32(size[:])
		if p.left == 0 {
			if err := p.ended(); err != nil {
				return 0, err
			}
		}
	}
	n := int(min(int64(len(b)), int64(p.left)))
	if err := p.readFull(b[:n]); err != nil {
		return 0, err
	}
	p.left -= uint32(n)
	return n, nil
}
