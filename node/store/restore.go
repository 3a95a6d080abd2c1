package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// ErrOccupied is returned when a restore would replace data that is there.
var ErrOccupied = errors.New("store: there is data in this directory already")

// Restore puts a backup copy in the place of a data directory's database, with the photos that lie beside the copy. Data
// that is there is replaced only when force is set, and then kept beside it under a name with the time now; kept returns
// that name. The mark of the machine goes, so that the next event opens a new stream and no number is given twice.
//
// ErrInUse when a node runs on the directory, ErrOccupied without force.
func Restore(ctx context.Context, dir, copyFile string, force bool, now time.Time) (kept string, err error) {
	if err := VerifyFile(ctx, copyFile); err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("store: restore: %w", err)
	}
	lock := flock.New(filepath.Join(dir, "lock"))
	held, err := lock.TryLock()
	if err != nil {
		return "", fmt.Errorf("store: lock: %w", err)
	}
	if !held {
		return "", ErrInUse
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	live := filepath.Join(dir, FileName)
	part := live + ".part"
	if _, err := os.Stat(live); err == nil {
		if !force {
			return "", ErrOccupied
		}
		kept = FileName + "." + now.Format("2006-01-02T150405") + ".replaced"
	}
	if err := copyOver(copyFile, part); err != nil {
		return "", fmt.Errorf("store: restore: %w", err)
	}
	if kept != "" {
		if err := setAside(live, filepath.Join(dir, kept)); err != nil {
			return kept, fmt.Errorf("store: restore: %w", err)
		}
	}
	if err := keepUsed(dir + ".mark"); err != nil {
		return kept, fmt.Errorf("store: restore: %w", err)
	}
	if err := os.Rename(part, live); err != nil {
		return kept, fmt.Errorf("store: restore: %w", err)
	}
	if err := copyNew(filepath.Join(filepath.Dir(copyFile), "photos"), filepath.Join(dir, "photos")); err != nil {
		return kept, fmt.Errorf("store: restore the photos: %w", err)
	}
	return kept, syncDir(dir)
}

// setAside renames a database with its write-ahead log: both belong together.
func setAside(live, aside string) error {
	for _, tail := range []string{"-wal", "-shm", ""} {
		if err := os.Rename(live+tail, aside+tail); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

func copyOver(from, to string) error {
	data, err := os.Open(from)
	if err != nil {
		return err
	}
	defer data.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := out.ReadFrom(data); err != nil {
		return errors.Join(err, out.Close())
	}
	return errors.Join(out.Sync(), out.Close())
}

// Copies lists the backups in a folder, oldest first.
func Copies(folder string) ([]string, error) {
	list, err := filepath.Glob(filepath.Join(folder, "????-??-??T??????.db"))
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return list, nil
}
