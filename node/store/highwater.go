package store

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"

	"simpul/sync/event"
)

// highWater is a small file beside the data directory, not in it, that says how
// far this machine's log had come. A data directory that was copied back from a
// backup, or onto another machine, is found behind it or without it, and then a
// new stream is opened before the first write, so no sequence and no member
// number is issued twice.
//
// It also remembers which digits I of member numbers were granted to this PC, so
// that a centre that lost its memory grants none of them again; a restore keeps
// that part.
//
// It is written in place after every commit, alternating between two slots, and
// not synced: losing the last writes leaves it behind the database, which is
// harmless; it is never ahead, since it is written after COMMIT. While a new
// stream is due it stays as it was found: until that stream is opened nothing
// else knows of it.
type highWater struct {
	f    *os.File
	slot int64
	last *waterLine
	// granted is code and digits of the last line, for readers.
	granted atomic.Uint32
}

type waterLine struct {
	stream  event.ID
	seq     uint64
	chain   event.Hash
	machine [16]byte
	count   uint64
	code    uint16 // NNN that used is about
	used    uint8  // bit n: I = n was granted here
}

// A line of the first release had no code and no digits; the two lines of such a
// file stand before those of today's.
const (
	oldLineSize = 16 + 8 + 32 + 16 + 8 + 8
	lineSize    = oldLineSize + 2 + 1
	firstLine   = 256
	linePlace   = 128
)

func openHighWater(path string) (*highWater, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("store: high-water file: %w", err)
	}
	h := &highWater{f: f}
	buf := make([]byte, firstLine+2*linePlace)
	if _, err := f.ReadAt(buf, 0); err != nil && !errors.Is(err, io.EOF) {
		f.Close()
		return nil, fmt.Errorf("store: high-water file: %w", err)
	}
	for i := range int64(2) {
		h.take(buf[i*oldLineSize:(i+1)*oldLineSize], i)
	}
	for i := range int64(2) {
		at := firstLine + i*linePlace
		h.take(buf[at:at+lineSize], i)
	}
	return h, nil
}

// take keeps a line if it is whole and the newest.
func (h *highWater) take(b []byte, slot int64) {
	if l, ok := parseLine(b); ok && (h.last == nil || l.count > h.last.count) {
		h.keep(l, slot)
	}
}

func (h *highWater) keep(l waterLine, slot int64) {
	h.last, h.slot = &l, 1-slot
	h.granted.Store(uint32(l.code)<<8 | uint32(l.used))
}

func parseLine(b []byte) (waterLine, bool) {
	var l waterLine
	end := len(b) - 8
	if digest(b[:end]) != binary.BigEndian.Uint64(b[end:]) {
		return l, false
	}
	copy(l.stream[:], b)
	l.seq = binary.BigEndian.Uint64(b[16:])
	copy(l.chain[:], b[24:])
	copy(l.machine[:], b[56:])
	l.count = binary.BigEndian.Uint64(b[72:])
	if len(b) == lineSize {
		l.code, l.used = binary.BigEndian.Uint16(b[80:]), b[82]
	}
	return l, true
}

// keepUsed makes a mark say nothing but which digits were granted to this PC:
// the data beside it is being put back from a copy.
func keepUsed(path string) error {
	h, err := openHighWater(path)
	if err != nil {
		return err
	}
	if h.last == nil || h.last.used == 0 {
		return errors.Join(h.Close(), os.Remove(path))
	}
	l := waterLine{machine: h.last.machine, code: h.last.code, used: h.last.used, count: h.last.count + 1}
	return errors.Join(h.put(l), h.f.Sync(), h.Close())
}

// usedFor are the digits that were granted here for a code.
func (h *highWater) usedFor(code uint16) uint8 {
	if used := h.granted.Load(); used != 0 && uint16(used>>8) == code {
		return uint8(used)
	}
	return 0
}

func (h *highWater) write(st logState, machine string) error {
	l := waterLine{stream: st.stream, seq: st.head, chain: st.chain, machine: machineMark(machine), count: 1}
	if h.last != nil {
		l.count, l.code, l.used = h.last.count+1, h.last.code, h.last.used
	}
	if st.incarnation < 8 {
		if l.code != st.code {
			l.code, l.used = st.code, 0
		}
		l.used |= 1 << st.incarnation
	}
	return h.put(l)
}

func (h *highWater) put(l waterLine) error {
	b := make([]byte, 0, lineSize)
	b = append(b, l.stream[:]...)
	b = binary.BigEndian.AppendUint64(b, l.seq)
	b = append(b, l.chain[:]...)
	b = append(b, l.machine[:]...)
	b = binary.BigEndian.AppendUint64(b, l.count)
	b = append(binary.BigEndian.AppendUint16(b, l.code), l.used)
	b = binary.BigEndian.AppendUint64(b, digest(b))
	if _, err := h.f.WriteAt(b, firstLine+h.slot*linePlace); err != nil {
		return err
	}
	h.keep(l, h.slot)
	return nil
}

// compare says why the log may not simply be continued, "" when it may.
func (h *highWater) compare(st logState, machine string) string {
	switch {
	case st.head == 0:
		return ""
	case h.last == nil:
		return "unmarked" // copied here without its mark
	case machine != "" && h.last.machine != machineMark("") && h.last.machine != machineMark(machine):
		return "machine"
	case h.last.stream != st.stream:
		return "restored"
	case h.last.seq > st.head:
		return "behind"
	case h.last.seq == st.head && h.last.chain != st.chain:
		return "diverged"
	}
	return ""
}

func machineMark(id string) (m [16]byte) {
	sum := sha256.Sum256([]byte("simpul/machine\x00" + id))
	copy(m[:], sum[:])
	return m
}

func (h *highWater) Close() error { return h.f.Close() }
