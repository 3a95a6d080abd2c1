package store_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/hub"
	"simpul/sync/wire"
)

func (c *centreStore) hub() *hub.Hub {
	return hub.New(hub.Options{Store: c.Store, Key: c.key, Now: func() time.Time { return c.now }, Rand: rand.Reader, Log: slog.New(slog.DiscardHandler)})
}

// exchange makes the node's request and reads the answer as the node would.
func (n *sender) exchange(t testing.TB, c *centreStore, change func(*wire.Request)) *wire.Answer {
	t.Helper()
	req := n.taking(c.now.UnixMilli()).Request
	req.Protocol, req.Budget = wire.Protocol, 1<<20
	req.Streams = []wire.StreamSays{{ID: n.stream, Head: n.head(), Chain: wire.ShortOf(n.chains[n.head()])}}
	if change != nil {
		change(req)
	}
	a, err := c.hub().Exchange(context.Background(), n.node, req)
	if err != nil {
		t.Fatal(err)
	}
	n.ticket, n.epoch = a.Ticket, a.Epoch
	return a
}

func (n *sender) sending(first, last uint64) func(*wire.Request) {
	return func(r *wire.Request) { r.Batches = []wire.Batch{n.batch(first, last)} }
}

func TestOneExchangeStoresAppliesAndAnswers(t *testing.T) {
	a := newSender(1)
	a.register()
	c := openCentre(t, a)
	got := a.exchange(t, c, a.sending(1, a.head()))
	want := wire.StreamKnown{Received: a.head(), Chain: wire.ShortOf(a.chains[a.head()]), Applied: a.head()}
	if len(got.Streams) != 1 || got.Streams[0] != want || got.Stale || got.Foreign || got.Epoch.IsZero() || got.Ticket == (wire.Short{}) {
		t.Fatalf("answer: %+v", got)
	}
	if len(got.Rulings) != 1 || got.SayHeld {
		t.Fatalf("a node without decisions gets %d, %t", len(got.Rulings), got.SayHeld)
	}
	// A gap is not taken, and the answer says from where to go on.
	a.register()
	a.visit()
	before := got.Epoch
	got = a.exchange(t, c, a.sending(a.head()-1, a.head()))
	if got.Streams[0].Received != want.Received {
		t.Fatalf("after a gap: %+v", got.Streams)
	}
	if got.Epoch == before {
		t.Fatal("a node that knows more than the centre left its epoch as it was")
	}
}

func TestTicketsTellANodeFromAnOlderCopy(t *testing.T) {
	a := newSender(1)
	c := openCentre(t, a)
	a.exchange(t, c, a.sending(1, a.head()))
	second := a.exchange(t, c, nil).Ticket
	shown, epoch := a.ticket, a.epoch
	third := a.exchange(t, c, nil)
	if third.Ticket == second || third.Stale {
		t.Fatalf("third: %+v", third)
	}
	a.ticket, a.epoch = shown, epoch // its answer was lost
	if again := a.exchange(t, c, nil); again.Ticket != third.Ticket || again.Stale {
		t.Fatalf("again: %+v", again)
	}
	a.exchange(t, c, nil)
	last := a.exchange(t, c, nil)
	a.ticket = shown // a copy from before
	if copied := a.exchange(t, c, nil); !copied.Stale || copied.Ticket != last.Ticket {
		t.Fatalf("copy: %+v", copied)
	}
	alien := a.exchange(t, c, func(r *wire.Request) { r.Machine = wire.Short{9} })
	if !alien.Foreign || alien.Stale || len(alien.Pages) > 0 {
		t.Fatalf("another machine: %+v", alien)
	}
	n, err := c.NodeStanding(context.Background(), a.node)
	if err != nil || n.Copied == 0 || n.Stale == 0 {
		t.Fatalf("standing: %+v, %v", n, err)
	}
}

// putBack replaces the centre by a copy of what it was; declared says that its mark
// stays behind, as with a restore by command.
func (c *centreStore) putBack(t testing.TB, old *store.Memory, mark []byte, declared bool) {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c.memory, c.dir = old, filepath.Join(t.TempDir(), "data")
	if !declared {
		if err := os.WriteFile(c.dir+".mark", mark, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c.open(t)
}

func (c *centreStore) copied(t testing.TB) (*store.Memory, []byte) {
	t.Helper()
	old, err := c.memory.Copy()
	if err != nil {
		t.Fatal(err)
	}
	mark, err := os.ReadFile(c.dir + ".mark")
	if err != nil {
		t.Fatal(err)
	}
	return old, mark
}

func TestACentreThatWasPutBackFindsOutAndSaysSo(t *testing.T) {
	for name, test := range map[string]struct {
		declared, minted bool
		request          func(a *sender) func(*wire.Request)
	}{
		"declared":             {true, true, func(*sender) func(*wire.Request) { return nil }},
		"declared, with a gap": {true, true, func(a *sender) func(*wire.Request) { return a.sending(a.head(), a.head()) }},
		"no evidence":          {false, false, func(a *sender) func(*wire.Request) { return a.sending(1, a.head()) }},
		"a gap":                {false, true, func(a *sender) func(*wire.Request) { return a.sending(a.head(), a.head()) }},
		"a feed that is ahead": {false, true, func(*sender) func(*wire.Request) {
			return func(r *wire.Request) { r.Feeds = []wire.Cursor{{Partition: wire.Own, Pos: 1 << 40}} }
		}},
	} {
		t.Run(name, func(t *testing.T) {
			a := newSender(1)
			c := memoryCentre(t, time.UnixMilli(1_900_000_000_000), a)
			a.register()
			a.exchange(t, c, a.sending(1, 5))
			old, mark := c.copied(t)
			a.exchange(t, c, a.sending(6, a.head()))
			a.visit()
			epoch := a.epoch
			c.putBack(t, old, mark, test.declared)
			got := a.exchange(t, c, test.request(a))
			if (got.Epoch != epoch) != test.minted {
				t.Fatalf("the epoch went from %v to %v", epoch, got.Epoch)
			}
			if test.minted && got.Stale {
				t.Fatal("the node is taken for a copy, though it is the centre that is one")
			}
			if again := a.exchange(t, c, a.sending(1, a.head())); again.Epoch != got.Epoch || again.Stale || again.Streams[0].Received != a.head() {
				t.Fatalf("then: %+v", again)
			}
			spotless(t, c.Store)
		})
	}
}

func TestDecisionsThatANodeGivesBackAreHeldAndLogged(t *testing.T) {
	a := newSender(1)
	c := memoryCentre(t, time.UnixMilli(1_900_000_000_000), a)
	a.exchange(t, c, a.sending(1, a.head()))
	old, mark := c.copied(t)
	grant := a.exchange(t, c, func(r *wire.Request) { r.Grant, r.Used = true, 1 })
	if len(grant.Rulings) != 2 {
		t.Fatalf("decisions: %d", len(grant.Rulings))
	}
	_, body, err := grant.Rulings[1].Read()
	if g, is := body.(*event.Grant); err != nil || !is || g.Stream != a.stream || g.Code != 14 || g.Incarnation != 1 {
		t.Fatalf("grant: %+v, %v", body, err)
	}
	if again := a.exchange(t, c, func(r *wire.Request) { r.Grant, r.Used = true, 3 }); len(again.Rulings) != 2 {
		t.Fatalf("granted twice: %d", len(again.Rulings))
	}
	c.putBack(t, old, mark, false)
	held := []wire.Short{wire.ShortOf(grant.Rulings[0].Hash()), wire.ShortOf(grant.Rulings[1].Hash())}
	asked := a.exchange(t, c, func(r *wire.Request) { r.Rulings = wire.SumOfRulings(grant.Rulings) })
	if !asked.SayHeld {
		t.Fatalf("answer: %+v", asked)
	}
	lacking := a.exchange(t, c, func(r *wire.Request) { r.Rulings, r.Held = wire.SumOfRulings(grant.Rulings), held })
	if len(lacking.Lacking) != 1 || lacking.Lacking[0] != held[1] {
		t.Fatalf("lacking: %+v", lacking)
	}
	forged := grant.Rulings[1]
	forged.Signature = bytes.Repeat([]byte{1}, 64)
	a.exchange(t, c, func(r *wire.Request) { r.Back = []event.Ruling{forged} })
	if d, err := c.Decisions(context.Background()); err != nil || d.Sum().Count != 1 {
		t.Fatalf("a forged decision is held: %+v, %v", d.Sum(), err)
	}
	epoch := a.epoch
	back := a.exchange(t, c, func(r *wire.Request) { r.Rulings, r.Back = wire.SumOfRulings(grant.Rulings), grant.Rulings[1:] })
	if back.SayHeld || len(back.Rulings) != 0 || back.Epoch == epoch {
		t.Fatalf("answer: %+v", back)
	}
	spotless(t, c.Store)
}

func TestAnotherNodeOfTheBranchIsFedAndTheWriterIsNot(t *testing.T) {
	a, b, z := newSender(1), newSender(2), newSender(3)
	c := openCentre(t)
	c.enrol(t, a, event.ID{'b'}, 14)
	c.enrol(t, b, event.ID{'b'}, 15)
	c.enrol(t, z, event.ID{'c'}, 16)
	c.SetTagKeys(func(version uint64) []byte { return bytes.Repeat([]byte{7 + byte(version)}, 32) })
	a.register()
	a.visit()
	feeds := func(r *wire.Request) {
		r.Feeds = []wire.Cursor{{Partition: wire.Settings}, {Partition: wire.Own}, {Partition: wire.Directory}}
	}
	a.exchange(t, c, a.sending(1, a.head()))
	count := func(n *sender) (own, directory int) {
		n.exchange(t, c, nil) // learns the epoch
		for _, p := range n.exchange(t, c, feeds).Pages {
			if p.More || p.Sum != wire.SumOfRows(p.Rows) {
				t.Fatalf("page: %+v", p)
			}
			switch p.Partition {
			case wire.Own:
				own = len(p.Rows)
			case wire.Directory:
				directory = len(p.Rows)
			}
		}
		return own, directory
	}
	for _, want := range []struct {
		who            *sender
		own, directory int
	}{{a, 0, 0}, {b, 2, 1}, {z, 0, 1}} {
		if own, directory := count(want.who); own != want.own || directory != want.directory {
			t.Errorf("%v: %d own records and %d entries, not %d and %d", want.who.node, own, directory, want.own, want.directory)
		}
	}
	// What another node adds comes back to the first.
	b.people = a.people
	b.say(a.people[0].salt, event.MemberCorrected, &event.Correction{Reason: "pindah", Fields: event.Fields{event.FieldAddress: "Jalan Mawar 1"}})
	b.exchange(t, c, b.sending(1, b.head()))
	if own, directory := count(a); own != 1 || directory != 1 {
		t.Errorf("after a correction elsewhere: %d own records, %d entries", own, directory)
	}
	asked := z.exchange(t, c, func(r *wire.Request) { r.People = []event.ID{event.SubjectID(a.people[0].salt), {1}} })
	if len(asked.Pages) != 1 || asked.Pages[0].Partition != wire.Asked || len(asked.Pages[0].Rows) != 1 {
		t.Errorf("asked: %+v", asked.Pages)
	}
	sums := z.exchange(t, c, func(r *wire.Request) { r.Sums = []wire.Partition{wire.Directory}; feeds(r) })
	if len(sums.Sums) != 1 || len(sums.Sums[0].Sums) != 1 || len(sums.Pages) != 0 {
		t.Fatalf("sums: %+v, %d pages", sums.Sums, len(sums.Pages))
	}
	bucket := sums.Sums[0].Sums[0]
	repaired := z.exchange(t, c, func(r *wire.Request) {
		r.Buckets = []wire.BucketAsked{{Partition: wire.Directory, Buckets: []byte{bucket.Bucket, bucket.Bucket + 1}}}
	})
	if len(repaired.Pages) != 1 || len(repaired.Pages[0].Buckets) != 2 || wire.SumOfRows(repaired.Pages[0].Rows) != bucket.Sum {
		t.Fatalf("repair: %+v", repaired.Pages)
	}
	// The settings of the district go to everybody, those of the centre alone to nobody.
	write(t, c.Store, func(tx *store.Tx) error {
		node, err := tx.Node()
		if err != nil {
			return err
		}
		for key, value := range map[string]string{"adult_age": "18", "lock_minutes": "3"} {
			if _, err := tx.Append(store.Draft{Type: event.SettingChanged, Subject: node.ID, Body: &event.Setting{Key: key, Value: value}}); err != nil {
				return err
			}
		}
		return nil
	})
	pages := z.exchange(t, c, feeds).Pages
	if len(pages) == 0 || pages[0].Partition != wire.Settings || len(pages[0].Rows) != 1 || string(pages[0].Rows[0].Key) != "adult_age" {
		t.Fatalf("settings: %+v", pages)
	}
}

func TestARevokedNodeIsRefusedAndItsRecordsWaitForAPerson(t *testing.T) {
	a := newSender(1)
	a.register()
	c := openCentre(t, a)
	ctx := context.Background()
	a.exchange(t, c, a.sending(1, 4))
	if _, err := c.Decide(ctx, c.key, event.ID{}, event.NodeRevoked, &event.Revocation{Node: a.node, Reason: "lost"}); err != nil {
		t.Fatal(err)
	}
	d := a.taking(c.now.UnixMilli(), a.batch(5, a.head()))
	if _, err := c.hub().Exchange(ctx, a.node, d.Request); !errors.Is(err, wire.ErrRevokedNode) {
		t.Fatalf("a revoked node: %v", err)
	}
	unread := &unreadable{}
	req := httptest.NewRequest("POST", wire.ExchangePath, unread)
	req.Header.Set(wire.NodeHeader, a.node.String())
	answer := httptest.NewRecorder()
	c.hub().Handler().ServeHTTP(answer, req)
	if answer.Code != 403 || unread.read {
		t.Fatalf("status %d, body read: %t", answer.Code, unread.read)
	}
	for range 2 {
		if _, err := c.hub().Supervised(ctx, a.node, d.Request); err != nil {
			t.Fatal(err)
		}
	}
	if held, err := c.Held(ctx); err != nil || len(held) != 1 || held[0].Events != int64(a.head()-4) {
		t.Fatalf("held: %+v, %v", held, err)
	}
	if f, err := c.ForeignStream(ctx, a.stream); err != nil || f.Head != 4 {
		t.Fatalf("taken in before a person said so: %+v, %v", f, err)
	}
	if n, err := c.Release(ctx, a.node); err != nil || n != int(a.head()-4) {
		t.Fatalf("released %d, %v", n, err)
	}
	c.apply(t)
	if held, err := c.Held(ctx); err != nil || len(held) != 0 {
		t.Fatalf("still held: %+v, %v", held, err)
	}
	if totals, err := c.Totals(ctx); err != nil || totals[1].Members != 1 {
		t.Fatalf("totals: %+v, %v", totals, err)
	}
	clean(t, c.Store)
}

type unreadable struct{ read bool }

func (u *unreadable) Read([]byte) (int, error) { u.read = true; return 0, errors.New("read") }

// nik gives two registrations one NIK.
func (n *sender) twin(name, birth string) {
	n.register()
	p := n.people[len(n.people)-1]
	n.say(p.salt, event.MemberCorrected, &event.Correction{Reason: "ktp", Fields: event.Fields{
		event.FieldNIK: "3510101234567890", event.FieldName: name, event.FieldBirth: birth}})
}

func TestEqualPeopleMergeByRuleAndOthersAreACase(t *testing.T) {
	a, b, d := newSender(1), newSender(2), newSender(3)
	c := openCentre(t, a, b, d)
	c.now = time.UnixMilli(1_780_000_000_000) // before the memberships end
	ctx := context.Background()
	a.twin("H. Moch. Ali", "1990-01-01")
	b.twin("Muhammad Ali", "1990-01-01")
	d.twin("Siti Aminah", "1991-02-02")
	for _, n := range []*sender{a, b, d} {
		n.exchange(t, c, n.sending(1, n.head()))
	}
	first, second, third := event.SubjectID(a.people[0].salt), event.SubjectID(b.people[0].salt), event.SubjectID(d.people[0].salt)
	known, err := c.Decisions(ctx)
	if err != nil || known.Survivor(second) != known.Survivor(first) || known.Survivor(third) != third {
		t.Fatalf("merged: %v %v %v, %v", known.Survivor(first), known.Survivor(second), known.Survivor(third), err)
	}
	if known.Survivor(first) != first {
		t.Fatalf("the second claim stands")
	}
	open, err := c.Cases(ctx, store.CaseOpen, 10)
	if err != nil || len(open) == 0 {
		t.Fatalf("cases: %+v, %v", open, err)
	}
	merged, err := c.Cases(ctx, store.CaseMerged, 10)
	if err != nil || len(merged) != 1 {
		t.Fatalf("merged cases: %+v, %v", merged, err)
	}
	write(t, c.Store, func(tx *store.Tx) error { return tx.SplitCase(c.key, event.ID{1}, merged[0].Merging, "dua orang") })
	if known, err = c.Decisions(ctx); err != nil || known.Survivor(second) != second {
		t.Fatalf("after the split: %v, %v", known.Survivor(second), err)
	}
	a.say(a.people[0].salt, event.MemberCorrected, &event.Correction{Reason: "pindah", Fields: event.Fields{event.FieldAddress: "Jalan Lain"}})
	a.exchange(t, c, a.sending(a.head(), a.head()))
	if known, err = c.Decisions(ctx); err != nil || known.Survivor(second) != second {
		t.Fatalf("merged again after a split: %v, %v", known.Survivor(second), err)
	}
	write(t, c.Store, func(tx *store.Tx) error { return tx.KeepApart(c.key, event.ID{1}, open[0].One, open[0].Other, "") })
	clean(t, c.Store)
}

func TestABlockedCardIsBarredAndAReleasedOneCleared(t *testing.T) {
	a := newSender(1)
	a.register()
	c := openCentre(t, a)
	ctx := context.Background()
	card := a.people[0].card
	block := a.say(a.people[0].salt, event.CardBlocked, &event.CardMark{Card: card, Reason: "lost"})
	a.exchange(t, c, a.sending(1, a.head()))
	if known, err := c.Decisions(ctx); err != nil || !known.Barred(card) {
		t.Fatalf("not barred, %v", err)
	}
	a.say(a.people[0].salt, event.CardUnblocked, &event.CardRelease{Card: card, Blocks: []event.Hash{block}, Reason: "found"})
	a.exchange(t, c, a.sending(a.head(), a.head()))
	known, err := c.Decisions(ctx)
	if err != nil || known.Barred(card) || known.Sum().Count != 3 {
		t.Fatalf("still barred or decided twice: %+v, %v", known.Sum(), err)
	}
	a.exchange(t, c, nil)
	if known, err = c.Decisions(ctx); err != nil || known.Sum().Count != 3 {
		t.Fatalf("decided again: %+v, %v", known.Sum(), err)
	}
}

// files are photos in a map.
type files struct{ m map[event.Hash][]byte }

func (f files) Has(h event.Hash) bool { return f.m[h] != nil }
func (f files) Get(_ context.Context, h event.Hash) ([]byte, bool, error) {
	return f.m[h], f.m[h] != nil, nil
}
func (f files) Put(_ context.Context, p wire.PhotoPart) (wire.PhotoHas, error) {
	f.m[p.Hash] = p.Bytes
	return wire.PhotoHas{Hash: p.Hash, Offset: uint32(len(p.Bytes)), Whole: true}, nil
}

func TestPhotosAreAskedForOnceAndMakeDurableWait(t *testing.T) {
	a := newSender(1)
	a.register()
	c := openCentre(t, a)
	ctx := context.Background()
	photos := files{map[event.Hash][]byte{}}
	h := hub.New(hub.Options{Store: c.Store, Key: c.key, Photos: photos, Now: func() time.Time { return c.now }, Rand: rand.Reader, Log: slog.New(slog.DiscardHandler)})
	picture := []byte("a photo")
	name := event.Hash(sha256.Sum256(picture))
	a.say(a.people[0].salt, event.PhotoAttached, &event.Photo{Card: name})
	if _, err := h.Exchange(ctx, a.node, a.taking(c.now.UnixMilli(), a.batch(1, a.head())).Request); err != nil {
		t.Fatal(err)
	}
	heads, err := c.DurableHeads(ctx)
	if err != nil || heads[a.stream] != 7 { // StreamOpened, two, and four of the registration come before its photo
		t.Fatalf("durable: %v, %v", heads[a.stream], err)
	}
	for range 2 {
		taken, err := h.Photos(ctx, a.node, &wire.PhotoPush{Parts: []wire.PhotoPart{{Hash: name, Total: 7, Bytes: picture}, {Hash: event.Hash{1}, Total: 1, Bytes: []byte{1}}}})
		if err != nil || !taken.Has[0].Whole || taken.Has[1].Whole || len(taken.Missing) != 2 {
			t.Fatalf("taken: %+v, %v", taken, err)
		}
	}
	if photos.Has(event.Hash{1}) {
		t.Fatal("a photo that nothing names was kept")
	}
	got, err := h.Pull(ctx, a.node, &wire.PhotoPull{Wants: []wire.PhotoWant{{Hash: name, Offset: 2}, {Hash: event.Hash{1}}}, Budget: 1000})
	if err != nil || len(got.Parts) != 1 || string(got.Parts[0].Bytes) != "photo" {
		t.Fatalf("pulled: %+v, %v", got, err)
	}
}
