package store_test

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/join"
	"simpul/sync/wire"
)

// TestACodeIsUsedOnce: of all who come with one code at once, one is let in.
func TestACodeIsUsedOnce(t *testing.T) {
	s, ctx := open(t, filepath.Join(t.TempDir(), "data")), context.Background()
	const codes, askers = 100, 100 // 10,000 races
	var taken atomic.Int64
	for n := range codes {
		token := join.Token{byte(n), 1}
		c := store.JoinCode{Name: token.Name(), Label: "Genteng", Role: "branch", Until: 1000}
		write(t, s, func(tx *store.Tx) error { return tx.PutJoinCode(c, token) })
		var all sync.WaitGroup
		for range askers {
			all.Go(func() {
				mine := false
				_, err := s.Write(ctx, event.ID{}, func(tx *store.Tx) (err error) {
					mine, err = tx.UseJoinCode(c.Name, 10)
					return err
				})
				if err != nil {
					t.Error(err)
				}
				if mine {
					taken.Add(1)
				}
			})
		}
		all.Wait()
	}
	if taken.Load() != codes {
		t.Errorf("%d codes were used %d times", codes, taken.Load())
	}
}

func TestACodeEnds(t *testing.T) {
	s, ctx := open(t, filepath.Join(t.TempDir(), "data")), context.Background()
	use := func(name wire.Short, at int64) (used bool) {
		write(t, s, func(tx *store.Tx) (err error) { used, err = tx.UseJoinCode(name, at); return err })
		return used
	}
	put := func(n byte) wire.Short {
		token := join.Token{n}
		write(t, s, func(tx *store.Tx) error {
			return tx.PutJoinCode(store.JoinCode{Name: token.Name(), Made: int64(n), Until: 1000}, token)
		})
		return token.Name()
	}
	late, revoked, fine := put(1), put(2), put(3)
	write(t, s, func(tx *store.Tx) error { return tx.RevokeJoinCode(revoked, 5) })
	if use(late, 1000) || use(revoked, 10) || !use(fine, 999) {
		t.Error("a code that is over was taken, or one that holds was not")
	}
	write(t, s, func(tx *store.Tx) error { return tx.RevokeJoinCode(fine, 1000) })
	list, err := s.JoinCodes(ctx, 10)
	if err != nil || len(list) != 3 || list[0].Name != fine || list[0].Revoked != 0 || list[1].Revoked != 5 {
		t.Errorf("codes %+v, %v", list, err)
	}
	_, err = s.Write(ctx, event.ID{}, func(tx *store.Tx) error { _, err := tx.UseJoinCode(wire.Short{9}, 1); return err })
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an unknown code: %v", err)
	}
}

func TestAJoinIsKept(t *testing.T) {
	s, ctx := open(t, filepath.Join(t.TempDir(), "data")), context.Background()
	key := bytes.Repeat([]byte{7}, 32)
	want := store.Join{Ask: wire.JoinAsk{Key: key, Name: "Genteng", Role: "branch", Code: 14, Members: 3}, Code: wire.Short{1},
		Branch: event.ID{2}, Asked: 5, Check: "ABCD-EFGH", State: wire.JoinWaiting}
	write(t, s, func(tx *store.Tx) error { return tx.PutJoin(want) })
	want.State, want.Node, want.NNN, want.Decided = wire.JoinApproved, event.ID{3}, 14, 6
	write(t, s, func(tx *store.Tx) error { return tx.PutJoin(want) })
	got, err := s.Join(ctx, key)
	if err != nil || got.Ask.Name != "Genteng" || got.Node != want.Node || got.State != wire.JoinApproved || got.Code != want.Code {
		t.Errorf("%+v, %v", got, err)
	}
	if n, err := s.CountJoins(ctx, wire.JoinApproved); err != nil || n != 1 {
		t.Errorf("%d, %v", n, err)
	}
	if waiting, err := s.Joins(ctx, wire.JoinWaiting, 10); err != nil || len(waiting) != 0 {
		t.Errorf("%v, %v", waiting, err)
	}
}
