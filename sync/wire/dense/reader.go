package dense

import "encoding/binary"

// Reader reads what a Writer wrote. The first thing that does not fit makes it
// fail for good; then it gives zeros.
type Reader struct {
	rest []byte
	room int
	bad  bool
}

// NewReader reads from raw, which it keeps. Few bytes can say much, so what is
// made of them is bounded too: about room bytes of memory.
func NewReader(raw []byte, room int) *Reader { return &Reader{rest: raw, room: room} }

// Spend takes n pieces of so many bytes from the room, or fails.
func (r *Reader) Spend(n, size int) bool {
	if n < 0 || (size > 0 && n > r.room/size) {
		r.Fail()
		return false
	}
	r.room -= n * size
	return true
}

// Err is ErrMalformed when something did not fit.
func (r *Reader) Err() error {
	if r.bad {
		return ErrMalformed
	}
	return nil
}

// Left is how many bytes have not been read.
func (r *Reader) Left() int { return len(r.rest) }

// Fail makes the reader fail: its user found something that cannot be.
func (r *Reader) Fail() {
	r.bad, r.rest = true, nil
}

// Uint reads one number.
func (r *Reader) Uint() uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		r.Fail()
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

// Count reads a number of things of which each takes at least one byte.
func (r *Reader) Count() int {
	n := r.Uint()
	if n > uint64(len(r.rest)) {
		r.Fail()
		return 0
	}
	return int(n)
}

// Raw reads n bytes without copying them; nil if there are not so many.
func (r *Reader) Raw(n int) []byte {
	if n < 0 || n > len(r.rest) {
		r.Fail()
		return nil
	}
	out := r.rest[:n:n]
	r.rest = r.rest[n:]
	return out
}

// Blob reads what Writer.Blob wrote.
func (r *Reader) Blob() []byte { return r.Raw(r.Count()) }

// byte reads the number of the way in which something was written.
func (r *Reader) way() byte {
	if b := r.Raw(1); b != nil {
		return b[0]
	}
	return 0
}

// Numbers reads n numbers.
func (r *Reader) Numbers(n int) []uint64 {
	lengths := r.Raw(n)
	if lengths == nil || !r.Spend(n, 8) {
		return nil
	}
	out := make([]uint64, n)
	for plane := range 8 {
		more := false
		for i, size := range lengths {
			if int(size) <= plane {
				continue
			}
			b := r.Raw(1)
			if b == nil || size > 8 {
				r.Fail()
				return nil
			}
			out[i] |= uint64(b[0]) << (8 * plane)
			more = more || int(size) > plane+1
		}
		if !more {
			break
		}
	}
	return out
}
