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
// person by.
//
// A line is written and synced right after the COMMIT of its erasure, since one
// whose COMMIT fails must have no effect; until then it counts for whoever asks
// [erasedFile.has]. If the power goes out between the two, the table of erasures
// has it, and the next start brings both to the same set.
type erasedFile struct {
	mu    sync.RWMutex
	f     *os.File // nil keeps the lines in memory only
	lines []erasedLine
	held  map[event.ID]bool
	begun []erasedLine // not yet in lines: their COMMIT has not come
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
	var fresh []erasedLine
	for _, l := range lines {
		if !e.held[l.Person] {
			fresh = append(fresh, l)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	if err := e.put(fresh); err != nil {
		return err
	}
	for _, l := range fresh {
		e.note(l)
	}
	return nil
}

// put writes lines at the end of the file.
func (e *erasedFile) put(lines []erasedLine) error {
	var out []byte
	for _, l := range lines {
		body, err := event.Encode(l)
		if err != nil {
			return fmt.Errorf("store: file of erasures: %w", err)
		}
		from := len(out)
		out = binary.BigEndian.AppendUint32(out, uint32(len(body)))
		out = append(out, body...)
		out = binary.BigEndian.AppendUint64(out, digest(out[from:]))
	}
	if e.f == nil {
		return nil
	}
	end, err := e.f.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = e.f.Write(out)
	}
	if err == nil {
		err = e.f.Sync()
	}
	if err != nil {
		// Half a line would hide those that follow it.
		return fmt.Errorf("store: file of erasures: %w", errors.Join(err, e.f.Truncate(end)))
	}
	return nil
}

// begin lets erasures count whose COMMIT is still to come.
func (e *erasedFile) begin(lines []erasedLine) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, l := range lines {
		if !e.held[l.Person] {
			e.held[l.Person] = true
			e.begun = append(e.begun, l)
		}
	}
}

// undo takes back erasures that were begun: of some people, or of all.
func (e *erasedFile) undo(of func(event.ID) bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	kept := e.begun[:0]
	for _, l := range e.begun {
		if of(l.Person) {
			delete(e.held, l.Person)
		} else {
			kept = append(kept, l)
		}
	}
	e.begun = kept
}

// committed writes the erasures whose COMMIT has come.
func (e *erasedFile) committed() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.begun) == 0 {
		return nil
	}
	err := e.put(e.begun)
	e.lines = append(e.lines, e.begun...)
	e.begun = nil
	return err
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
