package store

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"simpul/sync/event"
)

// highWater is a small file beside the data directory, not in it, that says how
// far this machine's log had come. A data directory that was copied back from a
// backup, or onto another machine, is found behind it or without it, and then a
// new stream is opened before the first write, so no sequence and no member
// number is issued twice.
//
// It is written in place after every commit, alternating between two slots, and
// not synced: losing the last writes leaves it behind the database, which is
// harmless; it is never ahead, since it is written after COMMIT.
type highWater struct {
	f    *os.File
	slot int64
	last *waterLine
}

type waterLine struct {
	stream  event.ID
	seq     uint64
	chain   event.Hash
	machine [16]byte
	count   uint64
}

const lineSize = 16 + 8 + 32 + 16 + 8 + 8

func openHighWater(path string) (*highWater, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("store: high-water file: %w", err)
	}
	h := &highWater{f: f}
	buf := make([]byte, 2*lineSize)
	if _, err := f.ReadAt(buf, 0); err != nil && !errors.Is(err, io.EOF) {
		f.Close()
		return nil, fmt.Errorf("store: high-water file: %w", err)
	}
	for i := range int64(2) {
		if l, ok := parseLine(buf[i*lineSize : (i+1)*lineSize]); ok && (h.last == nil || l.count > h.last.count) {
			h.last, h.slot = &l, 1-i
		}
	}
	return h, nil
}

func parseLine(b []byte) (waterLine, bool) {
	var l waterLine
	if digest(b[:lineSize-8]) != binary.BigEndian.Uint64(b[lineSize-8:]) {
		return l, false
	}
	copy(l.stream[:], b)
	l.seq = binary.BigEndian.Uint64(b[16:])
	copy(l.chain[:], b[24:])
	copy(l.machine[:], b[56:])
	l.count = binary.BigEndian.Uint64(b[72:])
	return l, true
}

func (h *highWater) write(st logState, machine string) error {
	l := waterLine{stream: st.stream, seq: st.head, chain: st.chain, machine: machineMark(machine), count: 1}
	if h.last != nil {
		l.count = h.last.count + 1
	}
	b := make([]byte, 0, lineSize)
	b = append(b, l.stream[:]...)
	b = binary.BigEndian.AppendUint64(b, l.seq)
	b = append(b, l.chain[:]...)
	b = append(b, l.machine[:]...)
	b = binary.BigEndian.AppendUint64(b, l.count)
	b = binary.BigEndian.AppendUint64(b, digest(b))
	if _, err := h.f.WriteAt(b, h.slot*lineSize); err != nil {
		return err
	}
	h.last, h.slot = &l, 1-h.slot
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
