package store

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// gonePhotos is a file beside the copies: which of the photos there are no longer
// here, and since which copy that is known.
const gonePhotos = "photos-gone.txt"

// prunePhotos removes from a folder of copies the photos that went here before the
// oldest copy was made: a replaced photo, or that of somebody who was erased, goes
// with the last copy that may name it.
func (s *Store) prunePhotos(folder, live string) error {
	copies, err := Copies(folder)
	if err != nil || len(copies) == 0 {
		return err
	}
	oldest, _ := s.CopyTime(copies[0])
	newest := filepath.Base(copies[len(copies)-1])
	known, err := readGone(filepath.Join(folder, gonePhotos))
	if err != nil {
		return err
	}
	there := filepath.Join(folder, "photos")
	still := map[string]string{}
	err = filepath.WalkDir(there, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".part") {
			return err
		}
		rel, err := filepath.Rel(there, path)
		if err != nil {
			return err
		}
		if _, err := os.Lstat(filepath.Join(live, rel)); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		since, met := known[filepath.Base(path)]
		if !met {
			since = newest
		}
		if at, dated := s.CopyTime(since); dated && at.Before(oldest) {
			return os.Remove(path)
		}
		still[filepath.Base(path)] = since
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil // no photo was ever copied
	}
	if err == nil {
		err = writeGone(filepath.Join(folder, gonePhotos), known, still)
	}
	if err != nil {
		return fmt.Errorf("store: photos of the backup: %w", err)
	}
	return nil
}

func readGone(name string) (map[string]string, error) {
	out := map[string]string{}
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if err != nil {
		return nil, fmt.Errorf("store: photos of the backup: %w", err)
	}
	for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
		if hash, since, ok := strings.Cut(lines.Text(), " "); ok {
			out[hash] = since
		}
	}
	return out, nil
}

func writeGone(name string, was, now map[string]string) error {
	var lines []string
	changed := len(was) != len(now)
	for hash, since := range now {
		lines = append(lines, hash+" "+since+"\n")
		changed = changed || was[hash] != since
	}
	if !changed {
		return nil
	}
	slices.Sort(lines)
	if err := os.WriteFile(name+".part", []byte(strings.Join(lines, "")), 0o600); err != nil {
		return err
	}
	return os.Rename(name+".part", name)
}

// DropLeftovers removes whole databases that lie about from before an instant: those
// that a restore put aside, and those that were copied before the schema changed.
func (s *Store) DropLeftovers(before time.Time) error {
	var old []string
	for _, pattern := range []string{FileName + ".*.replaced*", filepath.Join("backups", "before-schema-*.db")} {
		found, err := filepath.Glob(filepath.Join(s.opt.Dir, pattern))
		if err != nil {
			return fmt.Errorf("store: %w", err)
		}
		old = append(old, found...)
	}
	for _, name := range old {
		info, err := os.Lstat(name)
		if err == nil && leftAt(info).Before(before) {
			err = os.Remove(name)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("store: %w", err)
		}
	}
	return nil
}

// leftAt is since when a file lies about: a database that was put aside says it in
// its name.
func leftAt(info fs.FileInfo) time.Time {
	if _, rest, ok := strings.Cut(info.Name(), FileName+"."); ok {
		if at, err := time.ParseInLocation("2006-01-02T150405", rest[:min(len(rest), 17)], time.Local); err == nil {
			return at
		}
	}
	return info.ModTime()
}
