package desk

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"simpul/node/library"
	"simpul/node/store"
)

// BackupJob is the name under which the copying of the data is remembered.
const BackupJob = "backup"

// BackupCopy is the newest copy of the data at one place. It was checked before it got its name.
type BackupCopy struct {
	Folder  string
	At      time.Time // zero: there is none
	Missing int64     // records written since; -1 when the copy could not be read
	Inside  bool      // it lies in the data directory and goes where that goes
	Near    bool      // it lies on the disk of the data and fails when that fails
	Absent  bool      // the folder is not there: the stick is not plugged in
}

// copies is what was last seen of the copies, so that a page need not look at a stick.
type copies struct{ list []BackupCopy }

// backupFolder is where copies of this node go inside a place that other nodes may share.
func (s Settings) backupFolder() string {
	if s.BackupFolder == "" {
		return ""
	}
	return filepath.Join(s.BackupFolder, fmt.Sprintf("simpul-%03d-%s", s.Code, s.Node.String()[:6]))
}

// CopyData writes the day's copy into the data directory and, when a second place is set and there, into that.
// It is the job that BackUp and the schedule run. It needs no open vault: what was sealed stays sealed.
func (d *Desk) CopyData(ctx context.Context) error {
	if !d.Ready() {
		return nil
	}
	s, photos := d.Settings(), filepath.Join(d.Dir, "photos")
	_, err := d.Store.BackupTo(ctx, filepath.Join(d.Dir, "backups"), photos, s.BackupKeep)
	if second := s.backupFolder(); second != "" {
		// A folder that is not there must not be made: it would be a place on this disk where the stick used to be.
		if _, gone := os.Stat(s.BackupFolder); gone != nil {
			d.Log.Warn("the second place for backups is not there")
		} else if name, failed := d.Store.BackupTo(ctx, second, photos, s.BackupKeep); failed != nil {
			err = errors.Join(err, failed)
		} else {
			err = errors.Join(err, d.proveCopy(ctx, name))
		}
	}
	return errors.Join(err, d.lookAtCopies(ctx))
}

// proveCopy opens a copy of the centre on another disk and compares it: only then are its nodes told that what they
// sent is safe. While the vault is closed it waits for the next copy.
func (d *Desk) proveCopy(ctx context.Context, name string) error {
	near := d.SameDisk != nil && d.SameDisk(d.Dir, d.Settings().BackupFolder)
	if d.Settings().Role != library.NodeCentre || near || !d.Vault.IsOpen() {
		return nil
	}
	return d.Store.ProveCopy(ctx, name, filepath.Join(filepath.Dir(name), "photos"))
}

// BackUp copies the data now. It returns when that is done or when ctx ends; then it goes on and State tells.
func (d *Desk) BackUp(ctx context.Context, who Actor) error {
	if err := who.may(library.Backup); err != nil {
		return err
	}
	if !d.copying.CompareAndSwap(false, true) {
		return nil
	}
	done := make(chan error, 1)
	going := context.WithoutCancel(ctx)
	d.filling.Go(func() {
		defer d.copying.Store(false)
		done <- d.RunJob(going, BackupJob)
	})
	select {
	case err := <-done:
		if err != nil {
			return library.E(library.KindUnavailable, "error.backup").Hinted("error.backup.hint").Because(err)
		}
	case <-ctx.Done():
	}
	return nil
}

// LastBackup is when the newest copy was made that is still there, zero when there is none.
func (d *Desk) LastBackup() time.Time {
	var last time.Time
	if seen := d.copies.Load(); seen != nil {
		for _, c := range seen.list {
			if c.At.After(last) {
				last = c.At
			}
		}
	}
	return last
}

// Copies is what was last seen of the copies, the data directory's own first. It looks at no disk.
func (d *Desk) Copies() []BackupCopy {
	if seen := d.copies.Load(); seen != nil {
		return seen.list
	}
	return nil
}

// LookAtCopies sees by itself, now and then, that the disk of the copies was pulled out or is back.
func (d *Desk) LookAtCopies(ctx context.Context) error {
	if d.copying.Load() || !d.Ready() {
		return nil
	}
	return d.lookAtCopies(ctx)
}

// lookAtCopies sees which copies there are. What is told of a backup comes from the files, never from memory alone:
// a copy that somebody deleted is none.
func (d *Desk) lookAtCopies(ctx context.Context) error {
	list := []BackupCopy{{Folder: filepath.Join(d.Dir, "backups"), Inside: true, Near: true}}
	if second := d.Settings().backupFolder(); second != "" {
		c := BackupCopy{Folder: second, Near: d.SameDisk != nil && d.SameDisk(d.Dir, d.Settings().BackupFolder)}
		if _, err := os.Stat(d.Settings().BackupFolder); err != nil {
			c.Absent = true
		}
		list = append(list, c)
	}
	for i := range list {
		if err := d.lookAt(ctx, &list[i]); err != nil {
			return err
		}
	}
	d.copies.Store(&copies{list})
	return nil
}

func (d *Desk) lookAt(ctx context.Context, c *BackupCopy) error {
	names, err := store.Copies(c.Folder)
	if err != nil || len(names) == 0 {
		return err
	}
	newest := names[len(names)-1]
	at, ok := d.Store.CopyTime(newest)
	if !ok {
		return nil
	}
	c.At = at
	if c.Missing, err = d.Store.MissingFrom(ctx, newest); err != nil {
		d.Log.Warn("a backup cannot be read", "err", err)
		c.Missing = -1
	}
	return nil
}
