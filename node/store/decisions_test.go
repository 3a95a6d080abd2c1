package store_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/wire"
)

// centre signs decisions as the centre does.
type centre struct{ key ed25519.PrivateKey }

func newCentre(t testing.TB) centre {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return centre{key}
}

func (c centre) public() ed25519.PublicKey { return c.key.Public().(ed25519.PublicKey) }

func (c centre) rule(t testing.TB, kind event.DecisionKind, body any) event.Ruling {
	t.Helper()
	r, err := event.Rule(c.key, kind, 1_700_000_000_000, event.ID{}, body)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func hold(t testing.TB, s *store.Store, c centre, rulings ...event.Ruling) (fresh, refused int) {
	t.Helper()
	write(t, s, func(tx *store.Tx) error {
		list, n, err := tx.HoldRulings(rulings, c.public())
		fresh, refused = len(list), n
		return err
	})
	return fresh, refused
}

func decisions(t testing.TB, s *store.Store) *store.Decisions {
	t.Helper()
	d, err := s.Decisions(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDecisionsAreASetThatOnlyTheCentreAddsTo(t *testing.T) {
	dir, v, c := filepath.Join(t.TempDir(), "data"), openVault(t), newCentre(t)
	s := openWith(t, dir, v)
	setUp(t, s)
	a, b := register(t, s, 1), register(t, s, 2)
	merging := c.rule(t, event.PeopleMerged, &event.Merging{Survivor: a, Absorbed: b, Rule: "person", Note: "anak dari Ibu Buatan"})
	forged := newCentre(t).rule(t, event.PeopleMerged, &event.Merging{Survivor: b, Absorbed: a, Rule: "person"})
	keys := c.rule(t, event.KeysAccepted, &event.TLSKeys{Version: 2, Keys: []event.Hash{{1}}})
	older := c.rule(t, event.KeysAccepted, &event.TLSKeys{Version: 1, Keys: []event.Hash{{2}}})
	all := []event.Ruling{merging, keys, older}
	if fresh, refused := hold(t, s, c, merging, forged, keys, merging, older); fresh != 3 || refused != 1 {
		t.Fatalf("%d fresh, %d refused", fresh, refused)
	}
	if fresh, _ := hold(t, s, c, all...); fresh != 0 {
		t.Fatalf("%d are fresh again", fresh)
	}
	look := func() {
		t.Helper()
		d := decisions(t, s)
		if d.Sum() != wire.SumOfRulings(all) || s.Survivor(b) != a || s.Survivor(a) != a {
			t.Errorf("sum %v, %s answers to %s", d.Sum(), b, s.Survivor(b))
		}
		if k, ok := d.Keys(); !ok || k.Version != 2 {
			t.Errorf("keys %+v", k)
		}
		lacks, unknown := d.Compare([]wire.Short{wire.ShortOf(keys.Hash()), {9}})
		if len(lacks) != 2 || len(unknown) != 1 || unknown[0] != (wire.Short{9}) {
			t.Errorf("the other lacks %d, %v is unknown", len(lacks), unknown)
		}
		listed := map[event.ID]bool{}
		if err := s.Listings(context.Background(), func(l store.Listing) error { listed[l.ID] = true; return nil }); err != nil {
			t.Fatal(err)
		}
		if !listed[a] || listed[b] {
			t.Errorf("listed: survivor %v, absorbed %v", listed[a], listed[b])
		}
		holders, err := s.HoldersOf(context.Background(), "014260000002")
		if err != nil || len(holders) != 1 || holders[0].Person != a {
			t.Errorf("the absorbed card leads to %+v, %v", holders, err)
		}
	}
	look()
	if err := s.Rebuild(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	look()
	s = restart(t, s, dir, v)
	look()
	clean(t, s)
	hold(t, s, c, c.rule(t, event.PeopleSplit, &event.Splitting{Merging: merging.Hash()}))
	if s.Survivor(b) != b {
		t.Error("the splitting did not undo the merging")
	}
}

// TestTheNewestNameOfABranchCounts: also where a restored centre gave the same version twice, and whatever came first.
func TestTheNewestNameOfABranchCounts(t *testing.T) {
	c := newCentre(t)
	branch, node := event.ID{0xb}, event.ID{0xd}
	name := func(name string, version uint64) event.Ruling {
		return c.rule(t, event.BranchNamed, &event.Naming{Branch: branch, Name: name, Version: version})
	}
	enrolled := c.rule(t, event.NodeEnrolled, &event.Enrolment{Node: node, Branch: branch, Name: "Gentng", Role: "branch", Code: 31})
	one, twin := name("Genteng Kulon", 2), name("Genteng Wetan", 2)
	a, b := one.Hash(), twin.Hash()
	want := map[bool]string{true: "Genteng Kulon", false: "Genteng Wetan"}[bytes.Compare(a[:], b[:]) > 0]
	for _, order := range [][]event.Ruling{{enrolled, name("Genteng", 1), one, twin}, {twin, one, name("Genteng", 1), enrolled}, {one, enrolled, twin, name("Genteng", 1)}} {
		s := openWith(t, filepath.Join(t.TempDir(), "data"), openVault(t))
		setUp(t, s)
		for _, r := range order {
			hold(t, s, c, r)
		}
		if e, ok := decisions(t, s).Enrolment(node); !ok || e.Name != want {
			t.Errorf("the branch is %q, want %q", e.Name, want)
		}
		if trusted := decisions(t, s).Enrolments(); len(trusted) != 1 || trusted[0].Name != want {
			t.Errorf("%+v", trusted)
		}
	}
}

func TestABarHoldsUntilAClearingNamesIt(t *testing.T) {
	s, c := open(t, filepath.Join(t.TempDir(), "data")), newCentre(t)
	setUp(t, s)
	id := register(t, s, 1)
	p, err := s.Person(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	card := p.Card().ID
	one := c.rule(t, event.CardBarred, &event.Bar{Card: card, Person: id, Block: event.Hash{1}})
	two := c.rule(t, event.CardBarred, &event.Bar{Card: card, Person: id, Block: event.Hash{2}})
	lift := func(bars ...event.Ruling) event.Ruling {
		var body event.Clearing
		for _, b := range bars {
			body.Bars = append(body.Bars, b.Hash())
		}
		return c.rule(t, event.CardCleared, &body)
	}
	hold(t, s, c, lift(one)) // before what it lifts
	if hold(t, s, c, one); s.Barred(card) {
		t.Error("a lifted bar holds")
	}
	if hold(t, s, c, two); !s.Barred(card) || !s.ListingOf(p).Blocked {
		t.Error("a bar does not hold")
	}
	if hold(t, s, c, lift(two)); s.Barred(card) || s.ListingOf(p).Blocked {
		t.Error("a bar was not lifted")
	}
	clean(t, s)
}

func TestAnErasureThatFailsHasNoEffect(t *testing.T) {
	dir, v, c := filepath.Join(t.TempDir(), "data"), openVault(t), newCentre(t)
	s := openWith(t, dir, v)
	setUp(t, s)
	id := register(t, s, 1)
	erasure := c.rule(t, event.PersonErased, &event.Erasure{Person: id, Reason: "asked"})
	changed := errors.New("changed its mind")
	for range 2 {
		_, err := s.Write(t.Context(), event.ID{}, func(tx *store.Tx) error {
			if _, _, err := tx.HoldRulings([]event.Ruling{erasure}, c.public()); err != nil {
				return err
			}
			return changed
		})
		if !errors.Is(err, changed) || s.IsErased(id) || len(s.Erasures()) > 0 {
			t.Fatalf("%v, erased %v", err, s.IsErased(id))
		}
		if _, err := s.Person(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		s = restart(t, s, dir, v)
	}
	hold(t, s, c, erasure)
	s = restart(t, s, dir, v)
	if !s.IsErased(id) || len(s.Erasures()) != 1 {
		t.Fatal("it is not erased")
	}
	clean(t, s)
}

func TestAnErasureSurvivesOldCopies(t *testing.T) {
	dir, v, c := filepath.Join(t.TempDir(), "data"), openVault(t), newCentre(t)
	s := openWith(t, dir, v)
	setUp(t, s)
	stays, goes := register(t, s, 1), register(t, s, 2)
	write(t, s, func(tx *store.Tx) error {
		_, err := tx.Append(store.Draft{Type: event.VisitRecorded, Subject: goes, Body: &event.Visit{Kind: "member", Purpose: "baca"}})
		return err
	})
	counts := func() (store.MemberSums, []store.RegisterSum, store.CardSums) {
		m, err := s.CountMembers(t.Context(), 0, 40000)
		if err != nil {
			t.Fatal(err)
		}
		r, err := s.CountRegister(t.Context(), 0, 40000)
		if err != nil {
			t.Fatal(err)
		}
		k, err := s.CountCards(t.Context(), 0, 40000)
		if err != nil {
			t.Fatal(err)
		}
		return m, r, k
	}
	members, visits, cards := counts()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	old := filepath.Join(t.TempDir(), "old")
	copyTree(t, dir, old)
	s = openWith(t, dir, v)

	look := func() {
		t.Helper()
		if _, err := s.Person(t.Context(), goes); !errors.Is(err, store.ErrErased) {
			t.Errorf("the erased person: %v", err)
		}
		if _, err := s.Person(t.Context(), stays); err != nil {
			t.Errorf("another person: %v", err)
		}
		h, err := s.History(t.Context(), goes, 100)
		if err != nil || len(h) != 8 {
			t.Fatalf("%d headers stay, %v", len(h), err)
		}
		for _, rec := range h {
			if rec.Body != nil {
				t.Errorf("event %d has its body", rec.Seq)
			}
		}
		m, r, k := counts()
		if m != members || k != cards || len(r) != len(visits) || len(r) > 0 && r[0] != visits[0] {
			t.Errorf("counts were %+v %+v %+v and are %+v %+v %+v", members, visits, cards, m, r, k)
		}
		if found, err := s.HoldersOf(t.Context(), "014260000002"); err != nil || len(found) != 0 {
			t.Errorf("the erased card leads to %v, %v", found, err)
		}
		write(t, s, func(tx *store.Tx) error {
			if taken, err := tx.NumberTaken("014260000002"); err != nil || !taken {
				t.Errorf("the number is free again: %v", err)
			}
			return nil
		})
		clean(t, s)
	}
	ruling := c.rule(t, event.PersonErased, &event.Erasure{Person: goes, Reason: "request", Member: true, Sex: "L", BirthYear: 1990, Issued: 20000, Until: 21000})
	if fresh, _ := hold(t, s, c, ruling); fresh != 1 {
		t.Fatal("the erasure was not taken")
	}
	look()
	if err := s.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	look()

	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	copyTree(t, old, dir) // a backup is put back by hand, and the vault is still closed
	closed := openVault(t)
	closed.Close()
	s = openWith(t, dir, closed)
	if len(s.Replayed()) != 1 || !s.IsErased(goes) {
		t.Fatalf("replayed %v", s.Replayed())
	}
	s = restart(t, s, dir, v)
	if len(s.Replayed()) != 0 {
		t.Error("it is replayed at every start")
	}
	look()
	if fresh, _ := hold(t, s, c, ruling); fresh != 1 || len(s.Erasures()) != 1 {
		t.Error("the centre's decision cannot be held again")
	}
	look()
}

func FuzzFileOfErasures(f *testing.F) {
	dir := f.TempDir()
	name := filepath.Join(dir, "x.erased")
	s := openWith(f, filepath.Join(dir, "x"), openVault(f))
	setUp(f, s)
	c := newCentre(f)
	hold(f, s, c, c.rule(f, event.PersonErased, &event.Erasure{Person: event.ID{1}, Reason: "request"}))
	whole, err := os.ReadFile(name)
	if err != nil || len(whole) == 0 {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)-3])
	f.Add(append(whole, 0, 0, 0, 9, 1))
	f.Fuzz(func(t *testing.T, data []byte) {
		if n := store.ParseErased(data); n > len(data) || n < 0 {
			t.Fatalf("%d of %d bytes are whole", n, len(data))
		}
	})
}
