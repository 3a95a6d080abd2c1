package store_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"simpul/node/store"
	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// open starts a store with an open vault in a fresh directory.
func open(t testing.TB, dir string) *store.Store {
	t.Helper()
	v := openVault(t)
	return openWith(t, dir, v)
}

func openVault(t testing.TB) *vault.Vault {
	t.Helper()
	v, err := vault.New(rand.Reader, vault.Params{Memory: 64, Time: 1, Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	code, err := vault.NewRecoveryCode(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Create(context.Background(), code); err != nil {
		t.Fatal(err)
	}
	return v
}

func openWith(t testing.TB, dir string, v *vault.Vault) *store.Store {
	t.Helper()
	return openAt(t, dir, v, time.Now, nil)
}

func openAt(t testing.TB, dir string, v *vault.Vault, now func() time.Time, memory *store.Memory) *store.Store {
	t.Helper()
	begin := time.Now()
	s, err := store.Open(context.Background(), store.Options{Dir: dir, Now: now, Memory: memory, Mono: func() time.Duration { return time.Since(begin) },
		Boot: 7, Rand: rand.Reader, Zone: time.UTC, Machine: "pc", Vault: v, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func write(t testing.TB, s *store.Store, fn func(*store.Tx) error) {
	t.Helper()
	if _, err := s.Write(context.Background(), event.ID{}, fn); err != nil {
		t.Fatal(err)
	}
}

func setUp(t testing.TB, s *store.Store) {
	t.Helper()
	write(t, s, func(tx *store.Tx) error {
		node, err := tx.NewSubject()
		if err != nil {
			return err
		}
		if err := tx.OpenStream(node, "setup"); err != nil {
			return err
		}
		_, err = tx.Append(store.Draft{Type: event.NodeConfigured, Subject: node, Body: &event.NodeConfig{Role: "branch", Name: "Genteng", Code: 14}})
		return err
	})
}

// register writes a whole registration through several transactions.
func register(t testing.TB, s *store.Store, n int) event.ID {
	t.Helper()
	var id event.ID
	step := func(typ event.Type, body any) event.Record {
		var rec event.Record
		write(t, s, func(tx *store.Tx) error {
			var err error
			if typ.Origin() {
				if id, err = tx.NewSubject(); err != nil {
					return err
				}
			}
			rec, err = tx.Append(store.Draft{Type: typ, Subject: id, Body: body})
			return err
		})
		return rec
	}
	step(event.RegistrationOpened, &event.Opening{Source: "desk"})
	step(event.RegistrationIdentified, &event.Identification{Kind: "ktp", Explained: true})
	step(event.RegistrationFilled, &event.Filling{By: "officer", Fields: event.Fields{event.FieldName: fmt.Sprintf("Orang Buatan %d", n),
		event.FieldNIK: fmt.Sprintf("351010010190%04d", n%10000), event.FieldBirth: "1990-01-01", event.FieldSex: "L"}})
	step(event.RegistrationVerified, &event.Verification{Document: "ktp"})
	step(event.PhotoDeclined, &event.Reason{})
	card := step(event.CardIssued, &event.Card{Number: fmt.Sprintf("01426%07d", n), Kind: "umum", From: 20000, Until: 21000})
	step(event.CardHandedOver, &event.HandOver{Card: event.DeriveID("card", card.Hash), To: "self", How: "print"})
	return id
}

func TestWhatIsWrittenIsReadRebuiltAndChecked(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "data"))
	setUp(t, s)
	var ids []event.ID
	for n := range 20 {
		ids = append(ids, register(t, s, n))
	}
	ctx := context.Background()
	p, err := s.Person(ctx, ids[3])
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Get(event.FieldName); got != "Orang Buatan 3" || p.Stage.Value != merge.StageDone {
		t.Fatalf("person 3 is %q at stage %s", got, p.Stage.Value)
	}
	if same, err := s.SameNIK(ctx, "3510100101900003", 5); err != nil || len(same) != 1 || same[0].ID != ids[3] {
		t.Fatalf("NIK look-up: %v, %v", same, err)
	}
	for range 2 {
		r, err := s.Check(ctx, nil)
		if err != nil || len(r.Findings) > 0 {
			t.Fatalf("check: %+v %v", r, err)
		}
		if err := s.Rebuild(ctx, nil); err != nil {
			t.Fatal(err)
		}
	}
	h, err := s.History(ctx, ids[3], 100)
	if err != nil || len(h) != 7 {
		t.Fatalf("history has %d events: %v", len(h), err)
	}
}

func TestAnOperationIsCarriedOutOnce(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "data"))
	setUp(t, s)
	op := event.ID{9}
	var first store.Receipt
	for i := range 3 {
		r, err := s.Write(context.Background(), op, func(tx *store.Tx) error {
			id, err := tx.NewSubject()
			if err != nil {
				return err
			}
			tx.Result(id[:])
			_, err = tx.Append(store.Draft{Type: event.RegistrationOpened, Subject: id, Body: &event.Opening{Source: "desk"}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = r
		} else if !r.Repeated || string(r.Result) != string(first.Result) {
			t.Fatalf("repetition %d answered %+v", i, r)
		}
	}
	if list, err := s.Unfinished(context.Background(), 10); err != nil || len(list) != 1 {
		t.Fatalf("%d registrations, %v", len(list), err)
	}
	register(t, s, 1)
	clean(t, s) // a repetition leaves no gap in the log
}

func TestAFailureLeavesNothingAndHurtsNobody(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "data"))
	setUp(t, s)
	wrong := errors.New("wrong")
	var wg sync.WaitGroup
	for n := range 60 {
		wg.Go(func() {
			_, err := s.Write(context.Background(), event.ID{1, byte(n)}, func(tx *store.Tx) error {
				id, err := tx.NewSubject()
				if err != nil {
					return err
				}
				if _, err := tx.Append(store.Draft{Type: event.RegistrationOpened, Subject: id, Body: &event.Opening{Source: "desk"}}); err != nil {
					return err
				}
				switch n % 3 {
				case 1:
					return wrong
				case 2:
					panic("broken use case")
				}
				return nil
			})
			if (err == nil) != (n%3 == 0) {
				t.Errorf("write %d: %v", n, err)
			}
		})
	}
	wg.Wait()
	list, err := s.Unfinished(context.Background(), 100)
	if err != nil || len(list) != 20 {
		t.Fatalf("%d registrations, %v", len(list), err)
	}
	if r, err := s.Check(context.Background(), nil); err != nil || len(r.Findings) > 0 {
		t.Fatalf("check: %+v %v", r, err)
	}
}

func TestTheDirectoryIsHeldByOneProcess(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	open(t, dir)
	_, err := store.Open(context.Background(), store.Options{Dir: dir, Log: slog.New(slog.DiscardHandler)})
	if !errors.Is(err, store.ErrInUse) {
		t.Fatalf("second open: %v", err)
	}
}

func BenchmarkRegistrationStep(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "data"))
	setUp(b, s)
	for n := 0; b.Loop(); n++ {
		register(b, s, n)
	}
}

func BenchmarkOpeningByMany(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "data"))
	setUp(b, s)
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			write(b, s, func(tx *store.Tx) error {
				id, err := tx.NewSubject()
				if err != nil {
					return err
				}
				_, err = tx.Append(store.Draft{Type: event.RegistrationOpened, Subject: id, Body: &event.Opening{Source: "desk", Fields: event.Fields{event.FieldName: "Orang Buatan", event.FieldNIK: "3510100101900003", event.FieldBirth: "1990-01-01"}}})
				return err
			})
		}
	})
}

// Use cases that share a COMMIT see what those before them in it have changed.
func TestManyChangeOnePersonAtOnce(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "data"))
	setUp(t, s)
	id := register(t, s, 1)
	var wg sync.WaitGroup
	const clients, each = 24, 20
	for c := range clients {
		wg.Go(func() {
			for n := range each {
				_, err := s.Write(context.Background(), event.ID{3, byte(c), byte(n)}, func(tx *store.Tx) error {
					p, err := tx.Person(id)
					if err != nil {
						return err
					}
					if n%5 == 4 {
						return errors.New("changed its mind")
					}
					_, err = tx.Append(store.Draft{Type: event.MemberAliased, Subject: id, Body: &event.Alias{System: "lain", Number: fmt.Sprintf("%d-%d-%d", c, n, len(p.Aliases))}})
					return err
				})
				if (err != nil) != (n%5 == 4) {
					t.Errorf("client %d, write %d: %v", c, n, err)
				}
			}
		})
	}
	wg.Wait()
	p, err := s.Person(context.Background(), id)
	if err != nil || len(p.Aliases) != clients*each*4/5 {
		t.Fatalf("%d numbers: %v", len(p.Aliases), err)
	}
	clean(t, s)
}
