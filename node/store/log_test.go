package store_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"simpul/node/store"
	"simpul/node/vault"
	"simpul/sync/event"
)

// restart closes a store and opens the directory again with the same vault.
func restart(t *testing.T, s *store.Store, dir string, v *vault.Vault) *store.Store {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return openWith(t, dir, v)
}

func streams(t *testing.T, s *store.Store) []store.Stream {
	t.Helper()
	list, err := s.Streams(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func clean(t *testing.T, s *store.Store) {
	t.Helper()
	r, err := s.Check(context.Background(), nil)
	if err != nil || len(r.Findings) > 0 {
		t.Fatalf("check: %+v, %v", r, err)
	}
}

func copyTree(t *testing.T, from, to string) {
	t.Helper()
	if err := os.RemoveAll(to); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

func TestAnOrdinaryRestartGoesOnInTheSameStream(t *testing.T) {
	dir, v := filepath.Join(t.TempDir(), "data"), openVault(t)
	s := openWith(t, dir, v)
	setUp(t, s)
	for n := range 3 {
		register(t, s, n)
		s = restart(t, s, dir, v)
	}
	if list := streams(t, s); len(list) != 1 || list[0].Head != 2+3*7 {
		t.Fatalf("streams after restarts: %+v", list)
	}
	clean(t, s)
}

func TestCloseLetsGoOfTheFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	s := open(t, dir)
	setUp(t, s)
	register(t, s, 1)
	clean(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	// SQLite removes its log when the last connection has closed.
	if left, err := filepath.Glob(filepath.Join(dir, store.FileName+"-*")); err != nil || len(left) > 0 {
		t.Fatalf("still open: %v, %v", left, err)
	}
}

// A data directory that was copied back from a backup must not issue a sequence
// twice: the mark beside it knows better.
func TestARestoredDirectoryOpensANewStream(t *testing.T) {
	dir, v := filepath.Join(t.TempDir(), "data"), openVault(t)
	s := openWith(t, dir, v)
	setUp(t, s)
	register(t, s, 1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	old := filepath.Join(t.TempDir(), "old")
	copyTree(t, dir, old)

	s = openWith(t, dir, v)
	register(t, s, 2)
	lost := streams(t, s)[0]
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	copyTree(t, old, dir)

	s = openWith(t, dir, v)
	// Something that is no event is written first, and the program ends before the next one.
	write(t, s, func(tx *store.Tx) error { return tx.Exec("INSERT INTO counters (name, value) VALUES ('test', 1)") })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openWith(t, dir, v)
	register(t, s, 3)
	list := streams(t, s)
	if len(list) != 2 || !list[0].Closed || list[0].Head >= lost.Head || list[1].Closed || list[1].ID == lost.ID {
		t.Fatalf("after the restore: %+v, lost head %d", list, lost.Head)
	}
	var opening event.StreamOpening
	err := s.EachEvent(context.Background(), list[1].ID, 1, func(rec event.Record) error {
		if rec.Seq == 1 {
			return rec.Open(&opening)
		}
		return nil
	})
	if err != nil || opening.Reason != "behind" || opening.Previous != list[0].ID || opening.PreviousSeq != list[0].Head {
		t.Fatalf("the new stream begins with %+v, %v", opening, err)
	}
	clean(t, s)
}

func TestADirectoryWithoutItsMarkOpensANewStream(t *testing.T) {
	base, v := t.TempDir(), openVault(t)
	dir := filepath.Join(base, "data")
	s := openWith(t, dir, v)
	setUp(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(base, "elsewhere")
	copyTree(t, dir, other) // as onto another machine: the mark stays behind
	s = openWith(t, other, v)
	register(t, s, 1)
	if list := streams(t, s); len(list) != 2 {
		t.Fatalf("streams: %+v", list)
	}
	clean(t, s)
}

func TestNumbersOfSuccessiveStreamsDiffer(t *testing.T) {
	base, v := t.TempDir(), openVault(t)
	s := openWith(t, filepath.Join(base, "a"), v)
	setUp(t, s)
	seen := map[int]bool{}
	for n := range 2 {
		write(t, s, func(tx *store.Tx) error {
			digit, granted := tx.Incarnation()
			if granted || seen[digit] {
				t.Errorf("stream %d has incarnation %d, granted %v", n, digit, granted)
			}
			seen[digit] = true
			return nil
		})
		if err := s.NewStream(context.Background(), "restored"); err != nil {
			t.Fatal(err)
		}
		register(t, s, n)
	}
}

// The new stream happens to come to the same sequence as the old one within its
// first commit.
func TestTheHeadOfANewStreamIsKept(t *testing.T) {
	dir, v := filepath.Join(t.TempDir(), "data"), openVault(t)
	s := openWith(t, dir, v)
	setUp(t, s)
	if err := s.NewStream(context.Background(), "restored"); err != nil {
		t.Fatal(err)
	}
	visit := func(s *store.Store) {
		write(t, s, func(tx *store.Tx) error {
			id, err := tx.NewSubject()
			if err != nil {
				return err
			}
			_, err = tx.Append(store.Draft{Type: event.VisitRecorded, Subject: id, Body: &event.Visit{Kind: "guest"}})
			return err
		})
	}
	visit(s)
	clean(t, s)
	s = restart(t, s, dir, v)
	visit(s)
	clean(t, s)
}

// The number of a card is chosen before its event opens the new stream.
func TestTheFirstNumberAfterARestoreIsOfTheNewStream(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "data"))
	setUp(t, s)
	register(t, s, 1)
	if err := s.NewStream(context.Background(), "restored"); err != nil {
		t.Fatal(err)
	}
	write(t, s, func(tx *store.Tx) error {
		before, _ := tx.Incarnation()
		id, err := tx.NewSubject()
		if err != nil {
			return err
		}
		if _, err := tx.Append(store.Draft{Type: event.RegistrationOpened, Subject: id, Body: &event.Opening{Source: "desk"}}); err != nil {
			return err
		}
		if after, _ := tx.Incarnation(); after != before {
			t.Errorf("the number was chosen for incarnation %d, the card stands in one of %d", before, after)
		}
		return nil
	})
}

func TestAFullDiskLosesNothingAndIsGotOver(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "data"))
	setUp(t, s)
	if err := s.LimitPages(context.Background(), 30); err != nil {
		t.Fatal(err)
	}
	var saved, full atomic.Int64
	var wg sync.WaitGroup
	for client := range 16 { // many share one transaction when it fails
		wg.Go(func() {
			for n := range 100 {
				_, err := s.Write(context.Background(), event.ID{2, byte(n), byte(client)}, func(tx *store.Tx) error {
					id, err := tx.NewSubject()
					if err != nil {
						return err
					}
					_, err = tx.Append(store.Draft{Type: event.RegistrationOpened, Subject: id, Body: &event.Opening{Source: "desk",
						Fields: event.Fields{event.FieldAddress: "Jalan yang panjang sekali supaya halaman cepat penuh"}}})
					return err
				})
				switch {
				case err == nil:
					saved.Add(1)
				case errors.Is(err, store.ErrFull):
					full.Add(1)
				default:
					t.Errorf("client %d: %v", client, err)
				}
			}
		})
	}
	wg.Wait()
	if saved.Load() == 0 || full.Load() == 0 {
		t.Fatalf("%d saved, %d refused", saved.Load(), full.Load())
	}
	if err := s.LimitPages(context.Background(), -1); err != nil {
		t.Fatal(err)
	}
	register(t, s, 1) // goes on without a restart
	list, err := s.Unfinished(context.Background(), 10_000)
	if err != nil || int64(len(list)) != saved.Load() {
		t.Fatalf("%d registrations of %d saved, %v", len(list), saved.Load(), err)
	}
	clean(t, s)
}

func TestANewerSchemaIsRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	s := open(t, dir)
	write(t, s, func(tx *store.Tx) error {
		return tx.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)")
	})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(context.Background(), store.Options{Dir: dir, Now: time.Now, Mono: func() time.Duration { return 0 },
		Rand: rand.Reader, Zone: time.UTC, Log: slog.New(slog.DiscardHandler)})
	if !errors.Is(err, store.ErrNewer) {
		t.Fatalf("open: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "lock")); err != nil {
		t.Fatal(err)
	}
}

func TestABackupIsWholeAndOpens(t *testing.T) {
	base, v := t.TempDir(), openVault(t)
	s := openWith(t, filepath.Join(base, "data"), v)
	setUp(t, s)
	id := register(t, s, 1)
	secret, plain := []byte("a key that lies in clear for a week"), []byte("where the second copy goes")
	write(t, s, func(tx *store.Tx) error {
		return errors.Join(tx.PutLocal(store.ThisPC+"key", secret), tx.PutLocal("kept", plain))
	})
	name, err := s.BackupTo(context.Background(), filepath.Join(base, "backups"), filepath.Join(base, "no photos"), 3)
	if err != nil {
		t.Fatal(err)
	}
	copied, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(copied, secret) || !bytes.Contains(copied, plain) {
		t.Error("the copy holds what stays on this PC, or lacks what does not")
	}
	if here, err := s.Local(context.Background(), store.ThisPC+"key"); err != nil || !bytes.Equal(here, secret) {
		t.Errorf("it is gone here too: %q, %v", here, err)
	}
	register(t, s, 2)
	restored := filepath.Join(base, "restored")
	if err := os.MkdirAll(restored, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(name, filepath.Join(restored, "simpul.db")); err != nil {
		t.Fatal(err)
	}
	b := openWith(t, restored, v)
	if _, err := b.Person(context.Background(), id); err != nil {
		t.Fatal(err)
	}
	clean(t, b)
}

// What stands on the disk must not be changed unseen: every single altered byte
// of a sealed body, a salt or a state is found.
func TestCheckFindsWhatWasChanged(t *testing.T) {
	changes := map[string]string{
		"body":   "UPDATE events SET body = X'00' WHERE seq = 5",
		"moved":  "UPDATE events SET body = (SELECT body FROM events WHERE seq = 6) WHERE seq = 5",
		"gone":   "DELETE FROM events WHERE seq = 6",
		"hash":   "UPDATE events SET hash = X'0000000000000000000000000000000000000000000000000000000000000000' WHERE seq = 4",
		"chain":  "UPDATE streams SET head = head - 1",
		"state":  "UPDATE people SET state = (SELECT state FROM people ORDER BY id LIMIT 1)",
		"column": "UPDATE people SET district = '000000'",
		"lost":   "DELETE FROM people WHERE id = (SELECT id FROM people LIMIT 1)",
		"salt":   "UPDATE subjects SET salt = (SELECT salt FROM subjects ORDER BY id LIMIT 1)",
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			s := open(t, filepath.Join(t.TempDir(), "data"))
			setUp(t, s)
			register(t, s, 1)
			register(t, s, 2)
			write(t, s, func(tx *store.Tx) error { return tx.Exec(change) })
			r, err := s.Check(context.Background(), nil)
			if err == nil && len(r.Findings) == 0 {
				t.Fatal("nothing was found")
			}
		})
	}
}
