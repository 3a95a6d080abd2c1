package store_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/wire"
)

func tagKeyOf(version uint64) []byte { return bytes.Repeat([]byte{7 + byte(version)}, wire.TagKeySize) }

// rekey goes over to the next key, as the office does when a PC was lost.
func (c *centreStore) rekey(t testing.TB) {
	t.Helper()
	write(t, c.Store, func(tx *store.Tx) error { return tx.Rekey(c.key, event.ID{}, event.ID{'n', 9}) })
}

func (c *centreStore) settle(t testing.TB) {
	t.Helper()
	for more := true; more; {
		var err error
		if more, err = c.Settle(context.Background(), c.key); err != nil {
			t.Fatal(err)
		}
	}
}

// entriesOf is the directory as a node that holds nothing is sent it.
func entriesOf(t testing.TB, a *wire.Answer) map[event.ID]wire.Entry {
	t.Helper()
	out := map[event.ID]wire.Entry{}
	for _, p := range a.Pages {
		for _, row := range p.Rows {
			var e wire.Entry
			if err := event.Decode(row.Body, &e); err != nil {
				t.Fatal(err)
			}
			out[event.ID(row.Key)] = e
		}
	}
	return out
}

// After a loss the tags of the whole directory are made with a key that the lost
// PC does not know, and whoever is still enrolled is given it with the first row.
func TestTagsAreMadeAnewWithAnotherKey(t *testing.T) {
	a, z := newSender(1), newSender(2)
	c := openCentre(t, a, z)
	c.SetTagKeys(tagKeyOf)
	for range 7 {
		a.register()
	}
	a.exchange(t, c, a.sending(1, a.head()))
	c.settle(t)
	directory := func(r *wire.Request) { r.Feeds = []wire.Cursor{{Partition: wire.Directory}} }
	z.exchange(t, c, nil)
	before := z.exchange(t, c, directory)
	if was := entriesOf(t, before); before.Tags != nil || len(was) != 7 {
		t.Fatalf("at first: key %v, %d entries", before.Tags, len(was))
	}
	c.rekey(t)
	if left, err := c.TagsLeft(context.Background()); err != nil || left != 7 {
		t.Errorf("%d tags are left to be made, %v", left, err)
	}
	c.settle(t)
	if left, err := c.TagsLeft(context.Background()); err != nil || left != 0 {
		t.Errorf("%d tags are left when all are made, %v", left, err)
	}
	after := z.exchange(t, c, func(r *wire.Request) {
		r.Feeds = []wire.Cursor{{Partition: wire.Directory, Pos: before.Pages[0].To, Sum: before.Pages[0].Sum}}
	})
	if after.Tags == nil || after.Tags.Version != 1 || !bytes.Equal(after.Tags.Key, tagKeyOf(1)) {
		t.Fatalf("the key that comes is %+v", after.Tags)
	}
	was, is := entriesOf(t, before), entriesOf(t, after)
	if len(is) != len(was) {
		t.Fatalf("%d of %d entries come again", len(is), len(was))
	}
	for id, e := range is {
		if e.Tag>>12 != 1 || was[id].Tag>>12 != 0 || e.Name != was[id].Name {
			t.Errorf("an entry went from %+v to %+v", was[id], e)
		}
	}
	if again := z.exchange(t, c, func(r *wire.Request) { r.Tags = 1 }); again.Tags != nil {
		t.Error("the key comes to whoever has it")
	}
	if alien := z.exchange(t, c, func(r *wire.Request) { r.Machine = wire.Short{9} }); alien.Tags != nil {
		t.Error("the key comes to another machine")
	}
	spotless(t, c.Store)
}

// A centre that was put back from a copy of before a loss learns from its nodes
// which key counts; and when it has used that key for another loss meanwhile, it
// goes over to one that nobody lost.
func TestAnOlderKeyOfTheTagsDoesNotComeBack(t *testing.T) {
	for name, meanwhile := range map[string]bool{"put back": false, "put back, and another loss": true} {
		t.Run(name, func(t *testing.T) {
			a := newSender(1)
			c := memoryCentre(t, time.UnixMilli(1_900_000_000_000), a)
			c.SetTagKeys(tagKeyOf)
			a.register()
			a.exchange(t, c, a.sending(1, a.head()))
			old, mark := c.copied(t)
			c.now = c.now.Add(time.Second)
			c.rekey(t)
			c.settle(t)
			given := a.exchange(t, c, func(r *wire.Request) { r.Held = wire.Shorts{{}} })
			c.putBack(t, old, mark, true)
			c.SetTagKeys(tagKeyOf)
			want := uint64(1)
			if meanwhile {
				c.now, want = c.now.Add(5*time.Second), 2
				c.rekey(t)
			}
			a.exchange(t, c, func(r *wire.Request) { r.Back = given.Rulings })
			c.settle(t)
			if k, err := c.TagKey(context.Background()); err != nil || k.Version != want || !bytes.Equal(k.Key, tagKeyOf(want)) {
				t.Errorf("the key is of version %d, not %d (%v)", k.Version, want, err)
			}
			spotless(t, c.Store)
		})
	}
}

// Nobody has kept the decision, but a node compares with the key: the centre goes
// over to it again. What no centre can have said changes nothing.
func TestAKeyThatOnlyANodeKnowsOfCountsAgain(t *testing.T) {
	a := newSender(1)
	c := memoryCentre(t, time.UnixMilli(1_900_000_000_000), a)
	c.SetTagKeys(tagKeyOf)
	a.register()
	a.exchange(t, c, a.sending(1, a.head()))
	for _, step := range []struct{ said, want uint64 }{{0, 0}, {2, 2}, {1, 2}, {1 << 40, 2}} {
		a.exchange(t, c, func(r *wire.Request) { r.Tags = step.said })
		c.settle(t)
		if k, err := c.TagKey(context.Background()); err != nil || k.Version != step.want {
			t.Errorf("a node says %d: the key is of version %d, not %d (%v)", step.said, k.Version, step.want, err)
		}
	}
	if left, err := c.TagsLeft(context.Background()); err != nil || left != 0 {
		t.Errorf("%d tags are still of another key, %v", left, err)
	}
	spotless(t, c.Store)
}
