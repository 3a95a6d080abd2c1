package store_test

import (
	"context"
	"crypto/rand"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"simpul/node/store"
)

// A database of the first release is copied before it is changed, and what was
// in it is still there and sound afterwards.
func TestAnOlderDatabaseIsCopiedAndBroughtForward(t *testing.T) {
	dir, v := filepath.Join(t.TempDir(), "data"), openVault(t)
	opt := store.Options{Dir: dir, Now: time.Now, Mono: func() time.Duration { return 0 }, Boot: 1, Rand: rand.Reader,
		Zone: time.UTC, Machine: "pc", Vault: v, Log: slog.New(slog.DiscardHandler)}
	if err := store.MakeSchema(context.Background(), opt, 1); err != nil {
		t.Fatal(err)
	}
	if copies, _ := filepath.Glob(filepath.Join(dir, "backups", "*")); len(copies) != 0 {
		t.Fatalf("an empty database was copied: %v", copies)
	}
	s := openWith(t, dir, v)
	setUp(t, s)
	id := register(t, s, 1)
	clean(t, s)
	copies, err := filepath.Glob(filepath.Join(dir, "backups", "before-schema-*.db"))
	if err != nil || len(copies) != 1 {
		t.Fatalf("copies before the migration: %v %v", copies, err)
	}
	if err := store.VerifyFile(context.Background(), copies[0]); err != nil {
		t.Fatal(err)
	}
	s = restart(t, s, dir, v)
	if _, err := s.Person(context.Background(), id); err != nil {
		t.Fatal(err)
	}
	if again, _ := filepath.Glob(filepath.Join(dir, "backups", "before-schema-*.db")); len(again) != 1 {
		t.Fatalf("a database that is up to date was copied: %v", again)
	}
}
