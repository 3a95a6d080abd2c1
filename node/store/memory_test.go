package store_test

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"simpul/node/store"
	"simpul/node/vault"
	"simpul/sync/event"
)

// openMemory opens a store over a database in memory; dir holds its mark.
func openMemory(t testing.TB, dir string, m *store.Memory, v *vault.Vault) *store.Store {
	t.Helper()
	begin := time.Now()
	s, err := store.Open(context.Background(), store.Options{Dir: dir, Now: time.Now, Mono: func() time.Duration { return time.Since(begin) },
		Boot: 7, Rand: rand.Reader, Zone: time.UTC, Machine: "pc", Vault: v, Log: slog.New(slog.DiscardHandler), Memory: m})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestADatabaseInMemoryOutlivesItsStore(t *testing.T) {
	dir, v, m := filepath.Join(t.TempDir(), "a b#c"), openVault(t), store.NewMemory()
	s := openMemory(t, dir, m, v)
	setUp(t, s)
	first := register(t, s, 1)
	backup, err := m.Copy()
	if err != nil {
		t.Fatal(err)
	}
	second := register(t, s, 2)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openMemory(t, dir, m, v)
	for _, id := range []event.ID{first, second} {
		if _, err := s.Person(context.Background(), id); err != nil {
			t.Fatal(err)
		}
	}
	if list := streams(t, s); len(list) != 1 {
		t.Fatalf("a restart opened a stream: %+v", list)
	}
	clean(t, s)
	if _, err := store.Open(context.Background(), store.Options{Dir: dir + "2", Memory: m, Log: slog.New(slog.DiscardHandler)}); !errors.Is(err, store.ErrInUse) {
		t.Fatalf("the same memory twice: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	// The mark beside the directory is newer than the backup.
	s = openMemory(t, dir, backup, v)
	if _, err := s.Person(context.Background(), second); !errors.Is(err, store.ErrNotFound) {
		t.Fatalf("the backup holds what came later: %v", err)
	}
	register(t, s, 3)
	if list := streams(t, s); len(list) != 2 {
		t.Fatalf("streams: %+v", list)
	}
	clean(t, s)
}

func TestThePowerGoesOutAtAnyCommit(t *testing.T) {
	v := openVault(t)
	for _, kept := range []bool{false, true} {
		for n := 1; n <= 7; n++ {
			dir, m := filepath.Join(t.TempDir(), "data"), store.NewMemory()
			s := openMemory(t, dir, m, v)
			setUp(t, s)
			before := streams(t, s)[0].Head
			m.DieAt(n, kept)
			saved := uint64(0)
			for {
				_, err := s.Write(context.Background(), event.ID{}, func(tx *store.Tx) error {
					id, err := tx.NewSubject()
					if err != nil {
						return err
					}
					_, err = tx.Append(store.Draft{Type: event.RegistrationOpened, Subject: id, Body: &event.Opening{Source: "desk"}})
					return err
				})
				if err != nil {
					if !errors.Is(err, store.ErrDead) || !m.Dead() {
						t.Fatal(err)
					}
					break
				}
				saved++
			}
			if _, err := s.Streams(context.Background()); !errors.Is(err, store.ErrDead) {
				t.Fatalf("a dead PC answers: %v", err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			after, err := m.Copy()
			if err != nil {
				t.Fatal(err)
			}
			s = openMemory(t, dir, after, v)
			want := before + saved
			if kept {
				want++
			}
			if saved != uint64(n-1) || streams(t, s)[0].Head != want {
				t.Fatalf("died at %d, kept %v: %d were saved, the head is %d, not %d", n, kept, saved, streams(t, s)[0].Head, want)
			}
			register(t, s, n)
			clean(t, s)
		}
	}
}

func TestAFullMemoryIsAFullDisk(t *testing.T) {
	s := openMemory(t, filepath.Join(t.TempDir(), "data"), store.NewMemory(), openVault(t))
	setUp(t, s)
	if err := s.LimitPages(context.Background(), 2); err != nil {
		t.Fatal(err)
	}
	var err error
	for n := 0; err == nil && n < 200; n++ {
		_, err = s.Write(context.Background(), event.ID{}, func(tx *store.Tx) error {
			id, err := tx.NewSubject()
			if err != nil {
				return err
			}
			_, err = tx.Append(store.Draft{Type: event.RegistrationOpened, Subject: id, Body: &event.Opening{Source: "desk"}})
			return err
		})
	}
	if !errors.Is(err, store.ErrFull) {
		t.Fatalf("a full disk: %v", err)
	}
	if err := s.LimitPages(context.Background(), -1); err != nil {
		t.Fatal(err)
	}
	register(t, s, 1)
	clean(t, s)
}

func BenchmarkMemory(b *testing.B) {
	v, m := openVault(b), store.NewMemory()
	dir := filepath.Join(b.TempDir(), "data")
	s := openMemory(b, dir, m, v)
	setUp(b, s)
	for n := range 20 {
		register(b, s, n)
	}
	b.Run("copy", func(b *testing.B) {
		for b.Loop() {
			if _, err := m.Copy(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("seven events", func(b *testing.B) {
		for n := 0; b.Loop(); n++ {
			register(b, s, n)
		}
	})
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	b.Run("open and close", func(b *testing.B) {
		for b.Loop() {
			if err := openMemory(b, dir, m, v).Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
