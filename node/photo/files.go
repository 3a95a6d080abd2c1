package photo

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"simpul/node/library"
)

// Sealer locks and opens what stands on disk. hash is that of the plain bytes; a sealer binds the seal
// to it, so that two files cannot be exchanged.
type Sealer interface {
	SealFile(hash [32]byte, plain []byte) ([]byte, error)
	OpenFile(hash [32]byte, sealed []byte) ([]byte, error)
}

// Errors of Files. Each is a library.Error underneath.
var (
	// ErrMissing: no file of that hash.
	ErrMissing error = library.E(library.KindNotFound, "error.photo.missing")
	// ErrDamaged: the file's content is not what its name says.
	ErrDamaged error = library.E(library.KindInternal, "error.photo.damaged")
	// ErrFull: the disk has no room. errors.Is finds the system's own error as well.
	ErrFull error = library.E(library.KindUnavailable, "error.disk_full")
)

// Files keeps sealed renditions in one folder: ab/cd/abcd…, named by the SHA-256 of the plain bytes.
// What Put has answered for survives a power cut. Safe for concurrent use.
type Files struct {
	dir    string
	sealer Sealer
}

const temporary = "unfinished"

// NewFiles opens the folder, makes it where it is missing, and removes what a power cut left unfinished.
func NewFiles(dir string, sealer Sealer) (*Files, error) {
	f := &Files{dir, sealer}
	if err := os.RemoveAll(filepath.Join(dir, temporary)); err != nil {
		return nil, fmt.Errorf("clear unfinished photos: %w", err)
	}
	if err := os.MkdirAll(filepath.Join(dir, temporary), 0o700); err != nil {
		return nil, named("make photo folder", err)
	}
	return f, syncFolder(filepath.Dir(filepath.Clean(dir)))
}

// Put keeps plain bytes and answers with their name. Keeping the same bytes again is no error and mends
// a damaged file.
func (f *Files) Put(plain []byte) ([32]byte, error) {
	hash := sha256.Sum256(plain)
	if _, err := f.Get(hash); err == nil {
		return hash, nil
	}
	return hash, f.write(hash, plain)
}

// write seals plain bytes and puts the file under its name, in place of one that is there.
func (f *Files) write(hash [32]byte, plain []byte) error {
	sealed, err := f.sealer.SealFile(hash, plain)
	if err != nil {
		return fmt.Errorf("seal photo: %w", err)
	}
	path := f.path(hash)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return named("make photo folder", err)
	}
	tmp, err := os.CreateTemp(filepath.Join(f.dir, temporary), "*")
	if err != nil {
		return named("write photo", err)
	}
	if err := fill(tmp, sealed); err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return errors.Join(named("name photo", err), os.Remove(tmp.Name()))
	}
	// All three levels each time: a folder that is there may not be on the disk yet.
	leaf := filepath.Dir(path)
	return errors.Join(syncFolder(leaf), syncFolder(filepath.Dir(leaf)), syncFolder(f.dir))
}

// headerBytes of a sealed file are shown to Reseal's caller.
const headerBytes = 16

// Reseal seals those files again whose first bytes are stale to the caller, and counts them. It stops at a damaged file:
// the key of what cannot be read must not be forgotten. A file that was removed meanwhile is no error.
func (f *Files) Reseal(stale func(header []byte) bool) (renewed int, err error) {
	err = f.Walk(func(hash [32]byte) error {
		header, err := f.header(hash)
		if err != nil || !stale(header) {
			return err
		}
		plain, err := f.Get(hash)
		if errors.Is(err, ErrMissing) {
			return nil
		}
		if err != nil {
			return err
		}
		renewed++
		return f.write(hash, plain)
	})
	return renewed, err
}

func (f *Files) header(hash [32]byte) ([]byte, error) {
	file, err := os.Open(f.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read photo: %w", err)
	}
	defer file.Close()
	header := make([]byte, headerBytes)
	n, err := io.ReadFull(file, header)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read photo: %w", err)
	}
	return header[:n], nil
}

// Get answers with the plain bytes, checked against their name.
func (f *Files) Get(hash [32]byte) ([]byte, error) {
	sealed, err := os.ReadFile(f.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrMissing
	}
	if err != nil {
		return nil, fmt.Errorf("read photo: %w", err)
	}
	plain, err := f.sealer.OpenFile(hash, sealed)
	if err != nil {
		return nil, fmt.Errorf("open photo: %w", err)
	}
	if sha256.Sum256(plain) != hash {
		return nil, ErrDamaged
	}
	return plain, nil
}

// Has says whether there is a file of that name; it does not look inside.
func (f *Files) Has(hash [32]byte) bool {
	_, err := os.Lstat(f.path(hash))
	return err == nil
}

// Named finds the file whose name begins with 8 bytes.
func (f *Files) Named(start [8]byte) (hash [32]byte, ok bool) {
	text := hex.EncodeToString(start[:])
	entries, err := os.ReadDir(filepath.Join(f.dir, text[:2], text[2:4]))
	if err != nil {
		return hash, false
	}
	for _, e := range entries {
		if raw, err := hex.DecodeString(e.Name()); err == nil && len(raw) == len(hash) && [8]byte(raw) == start {
			return [32]byte(raw), true
		}
	}
	return hash, false
}

// Remove unlinks a file; a missing one is no error. It does not overwrite: on today's disks that
// guarantees nothing, and what stood there was sealed.
func (f *Files) Remove(hash [32]byte) error {
	path := f.path(hash)
	err := os.Remove(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("remove photo: %w", err)
	}
	return syncFolder(filepath.Dir(path))
}

// Sweep removes the files that nothing needs and that were written before an instant,
// and counts them: a file stands here a moment before the record that names it.
func (f *Files) Sweep(before time.Time, needed func(hash [32]byte) bool) (removed int, err error) {
	err = f.Walk(func(hash [32]byte) error {
		if needed(hash) {
			return nil
		}
		info, err := os.Lstat(f.path(hash))
		if errors.Is(err, fs.ErrNotExist) || err == nil && !info.ModTime().Before(before) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("sweep photos: %w", err)
		}
		removed++
		return f.Remove(hash)
	})
	return removed, err
}

// Walk calls visit with every name in ascending order until one errs. Files with other names are not ours.
func (f *Files) Walk(visit func(hash [32]byte) error) error {
	return filepath.WalkDir(f.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		var hash [32]byte
		name := filepath.Base(path)
		if n, err := hex.Decode(hash[:], []byte(name[:min(len(name), 64)])); err != nil || n != 32 || f.path(hash) != path {
			return nil
		}
		return visit(hash)
	})
}

func (f *Files) path(hash [32]byte) string {
	name := hex.EncodeToString(hash[:])
	return filepath.Join(f.dir, name[:2], name[2:4], name)
}

// fill writes, syncs and closes.
func fill(file *os.File, data []byte) error {
	_, err := file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	return named("write photo", errors.Join(err, file.Close()))
}

// syncFolder makes a rename or removal last. Windows has no such call; NTFS journals names by itself.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync photo folder: %w", err)
	}
	return named("sync photo folder", errors.Join(d.Sync(), d.Close()))
}

// named says what was done, and that the disk is full where it is.
func named(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case isFull(err):
		return fmt.Errorf("%s: %w: %w", what, ErrFull, err)
	}
	return fmt.Errorf("%s: %w", what, err)
}

func isFull(err error) bool {
	if runtime.GOOS == "windows" {
		const handleDiskFull, diskFull = syscall.Errno(39), syscall.Errno(112) // winerror.h
		return errors.Is(err, handleDiskFull) || errors.Is(err, diskFull)
	}
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
