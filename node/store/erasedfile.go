package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"simpul/sync/event"
)

// erasedFile keeps every erasure outside the database, in a file beside the data
// directory: a database that is put back from an old copy holds the person
// again, and is cleared again before anybody sees it. The file only grows; it
// holds ids, codes for statistics and the names of photos, nothing to know a
// person by. A line is written and synced before the COMMIT of its erasure: one
// whose COMMIT fails is carried out at the next start.
type erasedFile struct {
	mu    sync.RWMutex
	f     *os.File // nil keeps the lines in memory only
	lines []erasedLine
	held  map[event.ID]bool
}

type erasedLine struct {
	Ruling event.Ruling `cbor:"1,keyasint"`
	Person event.ID     `cbor:"2,keyasint"`
	Photos []event.Hash `cbor:"3,keyasint,omitempty"`
}

// maxErasedLine bounds a line, in bytes.
const maxErasedLine = 1 << 16

// openErased reads the file. What a power cut left unfinished at its end was
// never answered for, and is cut off.
func openErased(path string) (*erasedFile, error) {
	e := &erasedFile{held: map[event.ID]bool{}}
	if path == "" {
		return e, nil
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("store: file of erasures: %w", err)
	}
	e.f = f
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("store: file of erasures: %w", err), f.Close())
	}
	lines, whole := parseErased(data)
	for _, l := range lines {
		e.note(l)
	}
	if whole < len(data) {
		if err := f.Truncate(int64(whole)); err != nil {
			return nil, errors.Join(fmt.Errorf("store: file of erasures: %w", err), f.Close())
		}
	}
	if _, err := f.Seek(int64(whole), io.SeekStart); err != nil {
		return nil, errors.Join(fmt.Errorf("store: file of erasures: %w", err), f.Close())
	}
	return e, nil
}

// parseErased reads whole lines and says how many bytes they take. A line is its
// length (4 bytes), CBOR, and the first 8 bytes of the SHA-256 of both.
func parseErased(data []byte) (lines []erasedLine, whole int) {
	for rest := data; len(rest) >= 12; rest = data[whole:] {
		n := int(binary.BigEndian.Uint32(rest))
		if n > maxErasedLine || len(rest) < 4+n+8 || digest(rest[:4+n]) != binary.BigEndian.Uint64(rest[4+n:]) {
			break
		}
		var l erasedLine
		if err := event.Decode(rest[4:4+n], &l); err != nil {
			break
		}
		lines, whole = append(lines, l), whole+4+n+8
	}
	return lines, whole
}

func (e *erasedFile) note(l erasedLine) {
	if !e.held[l.Person] {
		e.held[l.Person] = true
		e.lines = append(e.lines, l)
	}
}

// add appends lines that are not there and syncs once.
func (e *erasedFile) add(lines []erasedLine) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	var out []byte
	for _, l := range lines {
		if e.held[l.Person] {
			continue
		}
		body, err := event.Encode(l)
		if err != nil {
			return fmt.Errorf("store: file of erasures: %w", err)
		}
		from := len(out)
		out = binary.BigEndian.AppendUint32(out, uint32(len(body)))
		out = append(out, body...)
		out = binary.BigEndian.AppendUint64(out, digest(out[from:]))
	}
	if len(out) == 0 {
		return nil
	}
	if e.f != nil {
		if _, err := e.f.Write(out); err != nil {
			return fmt.Errorf("store: file of erasures: %w", err)
		}
		if err := e.f.Sync(); err != nil {
			return fmt.Errorf("store: file of erasures: %w", err)
		}
	}
	for _, l := range lines {
		e.note(l)
	}
	return nil
}

func (e *erasedFile) all() []erasedLine {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.lines[:len(e.lines):len(e.lines)]
}

// has reports whether a person was erased.
func (e *erasedFile) has(person event.ID) bool {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.held[person]
}

func (e *erasedFile) Close() error {
	if e.f == nil {
		return nil
	}
	return e.f.Close()
}
