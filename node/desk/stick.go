package desk

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"simpul/node/library"
)

// Stick holds the parts of a bundle while a browser brings or takes them: what is taken in is read twice, and what is handed out
// is whole before its first byte goes. The parts are sealed as they are on a stick, so that nothing lies open on the disk.
type Stick struct {
	dir   string
	parts map[int]string
}

// stickFolder begins the name of a stick's folder in the data directory.
const stickFolder = "stick-"

// NewStick makes an empty one and removes what a crash left of earlier ones. Close it.
func (d *Desk) NewStick(who Actor) (*Stick, error) {
	if err := who.may(library.Backup); err != nil {
		return nil, err
	}
	if left, err := filepath.Glob(filepath.Join(d.Dir, stickFolder+"*")); err == nil {
		for _, dir := range left {
			if st, err := os.Stat(dir); err == nil && d.Now().Sub(st.ModTime()) > BundleLife/90 {
				_ = os.RemoveAll(dir)
			}
		}
	}
	dir, err := os.MkdirTemp(d.Dir, stickFolder)
	if err != nil {
		return nil, fmt.Errorf("desk: stick: %w", err)
	}
	return &Stick{dir: dir, parts: map[int]string{}}, nil
}

// Take keeps one part. name is only looked at for the number behind its last point: FILE is the first part, FILE.2 the second.
func (s *Stick) Take(name string, content io.Reader) error {
	w, err := s.Create(partOf(name))
	if err != nil {
		return err
	}
	_, err = io.Copy(w, content)
	if cerr := w.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("desk: stick: %w", err)
	}
	return nil
}

func partOf(name string) int {
	if n, err := strconv.Atoi(name[strings.LastIndexByte(name, '.')+1:]); err == nil && n > 1 {
		return n
	}
	return 1
}

// Create makes the file of a part.
func (s *Stick) Create(part int) (io.WriteCloser, error) {
	path := filepath.Join(s.dir, strconv.Itoa(part))
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("desk: stick: %w", err)
	}
	s.parts[part] = path
	return f, nil
}

// Open opens a part; fs.ErrNotExist when there is none.
func (s *Stick) Open(part int) (io.ReadCloser, error) {
	path, there := s.parts[part]
	if !there {
		return nil, fs.ErrNotExist
	}
	return os.Open(path)
}

// Parts is how many there are.
func (s *Stick) Parts() int { return len(s.parts) }

// Size is how long a part is, in bytes.
func (s *Stick) Size(part int) (int64, error) {
	st, err := os.Stat(s.parts[part])
	if err != nil {
		return 0, fmt.Errorf("desk: stick: %w", err)
	}
	return st.Size(), nil
}

// Close removes all of it.
func (s *Stick) Close() error { return os.RemoveAll(s.dir) }
