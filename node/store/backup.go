package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Backup writes a complete copy of the database to a file that must not exist,
// checks the copy and only then gives it its name. Everything that was sealed
// stays sealed in it; the key slots are inside, so a password or the recovery
// sheet opens it.
func (s *Store) Backup(ctx context.Context, name string) error {
	db, err := sql.Open("sqlite", dsn(filepath.Join(s.opt.Dir, FileName), "ro", "busy_timeout(10000)"))
	if err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	defer db.Close()
	return s.snapshot(ctx, db, name)
}

func (s *Store) snapshot(ctx context.Context, db *sql.DB, name string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	part := name + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("store: backup: %w", err)
	}
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", part); err != nil {
		return fmt.Errorf("store: backup: %w", kind(err))
	}
	if err := dropThisPC(ctx, db, part); err != nil {
		return fmt.Errorf("store: backup: %w", kind(err))
	}
	if err := VerifyFile(ctx, part); err != nil {
		return err
	}
	if err := syncFile(part); err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	if err := os.Rename(part, name); err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	return syncDir(filepath.Dir(name))
}

// ThisPC begins the key of a local value that no copy of the database holds,
// because it lies in clear and opens something.
const ThisPC = "here/"

// dropThisPC takes those values, which are rare, out of a copy that has no name
// yet, and overwrites where they were.
func dropThisPC(ctx context.Context, db *sql.DB, part string) error {
	const those = " FROM local WHERE substr(key, 1, 5) = '" + ThisPC + "'"
	var n int
	if err := db.QueryRowContext(ctx, "SELECT COUNT(*)"+those).Scan(&n); err != nil || n == 0 {
		return err
	}
	file, err := sql.Open("sqlite", dsn(part, "rw", "journal_mode(DELETE)", "secure_delete(1)", "synchronous(FULL)"))
	if err != nil {
		return err
	}
	_, err = file.ExecContext(ctx, "DELETE"+those)
	return errors.Join(err, file.Close())
}

// VerifyFile checks the integrity of a database file that nobody has open.
func VerifyFile(ctx context.Context, name string) error {
	if _, err := os.Stat(name); err != nil {
		return fmt.Errorf("store: verify: %w", err)
	}
	db, err := sql.Open("sqlite", dsn(name, "ro", "query_only(1)"))
	if err != nil {
		return fmt.Errorf("store: verify: %w", err)
	}
	defer db.Close()
	return integrity(ctx, db)
}

// integrity runs SQLite's own checks; the sealed columns are checked elsewhere.
func integrity(ctx context.Context, db *sql.DB) error {
	for _, check := range []string{"PRAGMA integrity_check(20)", "PRAGMA foreign_key_check"} {
		rows, err := db.QueryContext(ctx, check)
		if err != nil {
			return fmt.Errorf("store: %s: %w", check, kind(err))
		}
		var first string
		n := 0
		for rows.Next() {
			n++
			if n == 1 {
				if err := rows.Scan(&first); err != nil {
					first = "unreadable"
				}
			}
		}
		err = errors.Join(rows.Err(), rows.Close())
		if err != nil {
			return fmt.Errorf("store: %s: %w", check, kind(err))
		}
		if n > 0 && first != "ok" {
			return fmt.Errorf("store: %s: %s", check, first)
		}
	}
	return nil
}

func syncFile(name string) error {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// syncDir makes a rename durable. Windows has no such call and needs none.
func syncDir(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil && os.PathSeparator == '/' {
		return fmt.Errorf("store: sync %s: %w", filepath.Base(name), err)
	}
	return nil
}

// Checkpoint moves the write-ahead log into the database and empties it. It runs
// between two groups of the writer.
func (s *Store) Checkpoint(ctx context.Context) error {
	j := &job{ctx: ctx, alone: func(conn *sql.Conn) error {
		var busy, pages, moved int
		if err := conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved); err != nil {
			return fmt.Errorf("store: checkpoint: %w", kind(err))
		}
		_, err := conn.ExecContext(ctx, "PRAGMA optimize")
		return kind(err)
	}, reply: make(chan error, 1)}
	if err := s.enqueue(ctx, j); err != nil {
		return err
	}
	return <-j.reply
}

// Integrity runs SQLite's own checks on the live database.
func (s *Store) Integrity(ctx context.Context) error { return integrity(ctx, s.read) }

// BackupTo writes a dated copy into a folder, with the photos that are not there
// yet, and removes all but the newest keep copies, and the photos that none of them
// needs any more. It returns the copy's name.
func (s *Store) BackupTo(ctx context.Context, folder, photos string, keep int) (string, error) {
	name := filepath.Join(folder, s.opt.Now().In(s.opt.Zone).Format(copyName))
	if err := s.Backup(ctx, name); err != nil {
		return "", err
	}
	if err := copyNew(photos, filepath.Join(folder, "photos")); err != nil {
		return "", fmt.Errorf("store: backup of the photos: %w", err)
	}
	if err := prune(folder, keep); err != nil {
		return name, err
	}
	return name, s.prunePhotos(folder, photos)
}

// copyNew copies the files that the other folder does not have. Photos are named
// by their content, so one that is there is the same.
func copyNew(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		if d.IsDir() {
			return os.MkdirAll(target, 0o700)
		}
		if _, err := os.Stat(target); err == nil {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := os.WriteFile(target+".part", data, 0o600); err != nil {
			return err
		}
		if err := syncFile(target + ".part"); err != nil {
			return err
		}
		return os.Rename(target+".part", target)
	})
}

// copyName is how a copy is called: the time of the PC's clock, so that names sort by date.
const copyName = "2006-01-02T150405.db"

// CopyTime reads the time off a copy's name, false when it is none.
func (s *Store) CopyTime(name string) (time.Time, bool) {
	at, err := time.ParseInLocation(copyName, filepath.Base(name), s.opt.Zone)
	return at, err == nil
}

// prune keeps the newest copies.
func prune(folder string, keep int) error {
	copies, err := Copies(folder)
	if err != nil {
		return err
	}
	for len(copies) > max(keep, 1) {
		if err := os.Remove(copies[0]); err != nil {
			return fmt.Errorf("store: %w", err)
		}
		copies = copies[1:]
	}
	return nil
}
