package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/wire"
)

// twins are two members whom the rule would merge.
func twins(t *testing.T) (c *centreStore, one, other *sender, first, second event.ID) {
	t.Helper()
	one, other = newSender(1), newSender(2)
	c = memoryCentre(t, time.UnixMilli(1_780_000_000_000), one, other)
	one.twin("H. Moch. Ali", "1990-01-01")
	other.twin("Muhammad Ali", "1990-01-02")
	for _, n := range []*sender{one, other} {
		n.exchange(t, c, n.sending(1, n.head()))
	}
	return c, one, other, event.SubjectID(one.people[0].salt), event.SubjectID(other.people[0].salt)
}

func (c *centreStore) oneCase(t testing.TB, state store.CaseState) store.Case {
	t.Helper()
	list, err := c.Cases(context.Background(), state, 10)
	n, cerr := c.CountCases(context.Background(), state)
	if err != nil || cerr != nil || len(list) != 1 || n != 1 {
		t.Fatalf("%s: %d of %+v, %v %v", state, n, list, err, cerr)
	}
	return list[0]
}

func (c *centreStore) same(t testing.TB, a, b event.ID) bool {
	t.Helper()
	known, err := c.Decisions(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return known.Survivor(a) == known.Survivor(b)
}

// equalise makes the other's birth date that of the one: nothing speaks against the rule any more.
func equalise(t testing.TB, c *centreStore, other *sender) {
	t.Helper()
	other.say(other.people[0].salt, event.MemberCorrected, &event.Correction{Reason: "salah ketik", Fields: event.Fields{event.FieldBirth: "1990-01-01"}})
	other.exchange(t, c, other.sending(other.head(), other.head()))
	c.settle(t)
}

// Somebody said that two are two: a centre that was put back from a copy of before
// is told by its nodes, and its rule gives way, also when it has merged them.
func TestTwoPeopleStayTwoAfterTheCentreWasPutBack(t *testing.T) {
	for name, merged := range map[string]bool{"before the rule": false, "after the rule": true} {
		t.Run(name, func(t *testing.T) {
			c, one, other, first, second := twins(t)
			old, mark := c.copied(t)
			write(t, c.Store, func(tx *store.Tx) error { return tx.KeepApart(c.key, event.ID{1}, first, second, "kembar") })
			if c.oneCase(t, store.CaseApart); c.same(t, first, second) {
				t.Fatal("they are one")
			}
			given := one.exchange(t, c, func(r *wire.Request) { r.Held = wire.Shorts{{}} })
			c.putBack(t, old, mark, true)
			c.oneCase(t, store.CaseOpen)
			if merged {
				equalise(t, c, other)
				if !c.same(t, first, second) {
					t.Fatal("the rule has not merged them")
				}
			}
			one.exchange(t, c, func(r *wire.Request) { r.Back = given.Rulings })
			if !merged {
				equalise(t, c, other)
			}
			c.settle(t)
			if c.oneCase(t, store.CaseApart); c.same(t, first, second) {
				t.Error("the rule has merged two people whom somebody keeps apart")
			}
			spotless(t, c.Store)
		})
	}
}

func TestKeepingApartIsTakenBack(t *testing.T) {
	c, _, other, first, second := twins(t)
	apart := func(tx *store.Tx) error { return tx.KeepApart(c.key, event.ID{1}, first, second, "") }
	write(t, c.Store, apart)
	write(t, c.Store, apart) // pressed twice
	known, err := c.Decisions(context.Background())
	if err != nil || len(known.Partings(second, first)) != 1 {
		t.Fatalf("%d decisions keep them apart, %v", len(known.Partings(second, first)), err)
	}
	write(t, c.Store, func(tx *store.Tx) error { return tx.Rejoin(c.key, event.ID{1}, second, first, "keliru") })
	c.oneCase(t, store.CaseOpen)
	write(t, c.Store, apart)
	// A person who merges them means it.
	write(t, c.Store, func(tx *store.Tx) error {
		_, err := tx.MergeCase(c.key, event.ID{1}, first, second, "")
		return err
	})
	if c.oneCase(t, store.CaseMerged); !c.same(t, first, second) {
		t.Error("merged by a person, they are two")
	}
	if _, err := c.Write(context.Background(), event.ID{}, func(tx *store.Tx) error { return tx.KeepApart(c.key, event.ID{1}, first, second, "") }); !errors.Is(err, store.ErrCase) {
		t.Errorf("a merging is not taken back by keeping apart: %v", err)
	}
	equalise(t, c, other)
	spotless(t, c.Store)
}

func TestACaseThatWasPutOffComesBack(t *testing.T) {
	c, one, _, first, second := twins(t)
	officer := event.ID{7}
	off := func(until int64) {
		t.Helper()
		write(t, c.Store, func(tx *store.Tx) error { return tx.PutOff(second, first, officer, until) })
	}
	off(c.now.Add(time.Hour).UnixMilli())
	if got := c.oneCase(t, store.CaseLater); got.LaterBy != officer || got.LaterAt != c.now.UnixMilli() {
		t.Errorf("put off: %+v", got)
	}
	if n, err := c.CountCases(context.Background(), store.CaseOpen); err != nil || n != 0 {
		t.Errorf("%d cases wait, %v", n, err)
	}
	c.now = c.now.Add(59 * time.Minute)
	c.settle(t)
	c.oneCase(t, store.CaseLater)
	c.now = c.now.Add(2 * time.Minute)
	c.settle(t)
	c.oneCase(t, store.CaseOpen)

	off(store.UntilItChanges)
	c.now = c.now.Add(10 * 365 * 24 * time.Hour)
	c.settle(t)
	c.oneCase(t, store.CaseLater)
	one.visit()
	one.say(one.people[0].salt, event.MemberCorrected, &event.Correction{Reason: "pindah", Fields: event.Fields{event.FieldAddress: "Jalan Mawar 9"}})
	one.exchange(t, c, one.sending(one.head()-1, one.head()))
	c.oneCase(t, store.CaseOpen)

	off(store.UntilItChanges)
	off(0) // somebody takes it up
	c.oneCase(t, store.CaseOpen)
	off(store.UntilItChanges)
	write(t, c.Store, func(tx *store.Tx) error { return tx.KeepApart(c.key, event.ID{1}, first, second, "") })
	if n, err := c.CountCases(context.Background(), store.CaseLater); err != nil || n != 0 {
		t.Errorf("%d decided cases are put off, %v", n, err)
	}
	if _, err := c.Write(context.Background(), event.ID{}, func(tx *store.Tx) error { return tx.PutOff(first, second, officer, 5) }); !errors.Is(err, store.ErrCase) {
		t.Errorf("a decided case was put off: %v", err)
	}
}
