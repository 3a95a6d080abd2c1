package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"simpul/node/store"
)

// A photo that went here stays beside the copies that may name it, and goes with
// the last of them.
func TestAPhotoGoesWithTheLastCopyThatMayNameIt(t *testing.T) {
	dir, v := filepath.Join(t.TempDir(), "data"), openVault(t)
	now := time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)
	s := openAt(t, dir, v, func() time.Time { return now }, nil)
	t.Cleanup(func() { s.Close() })
	setUp(t, s)
	photos, folder := filepath.Join(dir, "photos"), filepath.Join(t.TempDir(), "stick")
	name := func(top, hash string) string { return filepath.Join(top, hash[:2], hash[2:4], hash) }
	stays, goes := "aaaa01", "bbbb02"
	for _, hash := range []string{stays, goes} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(name(photos, hash)), 0o700), os.WriteFile(name(photos, hash), []byte(hash), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	backUp := func() {
		t.Helper()
		now = now.AddDate(0, 0, 1)
		if _, err := s.BackupTo(t.Context(), folder, photos, 3); err != nil {
			t.Fatal(err)
		}
	}
	there := func(hash string) bool {
		_, err := os.Stat(name(filepath.Join(folder, "photos"), hash))
		return err == nil
	}
	backUp()
	if err := os.Remove(name(photos, goes)); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		backUp()
		if !there(goes) {
			t.Fatal("it went while a copy from its time is there")
		}
	}
	backUp()
	if there(goes) || !there(stays) {
		t.Errorf("the photo that went: %t, the other: %t", there(goes), there(stays))
	}
	if list, err := store.Copies(folder); err != nil || len(list) != 3 {
		t.Errorf("%d copies, %v", len(list), err)
	}
	backUp()
	if left, err := os.ReadFile(filepath.Join(folder, "photos-gone.txt")); err != nil || len(left) != 0 {
		t.Errorf("still remembered: %q, %v", left, err)
	}
}
