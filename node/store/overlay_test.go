package store_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"simpul/node/store"
	"simpul/sync/agent"
	"simpul/sync/event"
	"simpul/sync/wire"
)

// member registers somebody at a PC and returns who.
func (d *district) member(p *pc) event.ID {
	d.t.Helper()
	before := map[event.ID]bool{}
	list := func() (fresh event.ID) {
		d.must(p.s.Listings(context.Background(), func(l store.Listing) error {
			if !before[l.ID] {
				fresh = l.ID
			}
			before[l.ID] = true
			return nil
		}))
		return fresh
	}
	list()
	d.register(p)
	return list()
}

func (d *district) decide(kind event.DecisionKind, body any) event.Ruling {
	d.t.Helper()
	r, err := d.centre.s.Decide(context.Background(), d.key, event.ID{}, kind, body)
	d.must(err)
	return r
}

func (d *district) correct(p *pc, id event.ID, field event.Field, value string) {
	d.t.Helper()
	d.append(p, func(*store.Tx) (store.Draft, error) {
		return store.Draft{Type: event.MemberCorrected, Subject: id, Body: &event.Correction{Reason: "salah", Fields: event.Fields{field: value}}}, nil
	})
}

func (p *pc) value(id event.ID, field event.Field) string {
	p.d.t.Helper()
	person, err := p.s.Person(context.Background(), id)
	p.d.must(err)
	return person.Get(field)
}

// What is written twice within one millisecond is one fact in two places of one
// stream, and counts as late as its second.
func TestAFactWrittenTwiceAtOnceIsTheSameAfterARebuild(t *testing.T) {
	d := newDistrict(t, 9, 'x')
	one := d.pcs[0]
	id := d.member(one)
	d.write(one, func(tx *store.Tx) error {
		for range 2 {
			if _, err := tx.Append(store.Draft{Type: event.ConsentGiven, Subject: id,
				Body: &event.Consent{Purpose: "membership", Version: "1", By: "self", How: "screen"}}); err != nil {
				return err
			}
		}
		return nil
	})
	for _, p := range []*pc{one, d.centre} {
		r, err := p.s.Check(t.Context(), nil)
		d.must(err)
		if len(r.Findings) > 0 {
			t.Errorf("%s: %v", p.name, r.Findings)
		}
		d.settle()
	}
}

// Two PCs of a branch work on one member; a third branch knows the member from
// the directory, and asks for the record.
func TestARecordIsSharedByItsBranchAndKnownToOthers(t *testing.T) {
	d := newDistrict(t, 3, 'x', 'x', 'y')
	one, two, other := d.pcs[0], d.pcs[1], d.pcs[2]
	id := d.member(one)
	d.settle()
	d.correct(two, id, event.FieldAddress, "Jalan Melati 1")
	d.settle()
	d.correct(one, id, event.FieldPhone, "0812")
	if got := one.value(id, event.FieldAddress) + one.value(id, event.FieldPhone); got != "Jalan Melati 10812" {
		t.Errorf("the row and the own event over it make %q", got)
	}
	d.settle()
	if got := two.value(id, event.FieldPhone); got != "0812" {
		t.Errorf("the other PC of the branch has %q", got)
	}

	ctx := t.Context()
	if _, err := other.s.Person(ctx, id); !errors.Is(err, store.ErrNotFound) {
		t.Fatalf("another branch has the record: %v", err)
	}
	e, err := other.s.Entry(ctx, id)
	if err != nil || len(e.Cards) != 1 {
		t.Fatalf("the directory has %+v, %v", e, err)
	}
	holders, err := other.s.HoldersOf(ctx, e.Cards[0].Number)
	if err != nil || len(holders) != 1 || holders[0].Person != id || !holders[0].Away {
		t.Errorf("the number leads to %+v, %v", holders, err)
	}
	d.write(other, func(tx *store.Tx) error { return tx.WantPerson(id) })
	d.settle()
	d.correct(other, id, event.FieldEmail, "a@contoh.id")
	d.settle()
	if got := one.value(id, event.FieldEmail); got != "a@contoh.id" {
		t.Errorf("what another branch wrote is %q at home", got)
	}
	m, err := other.s.CountMembers(ctx, 0, 40000)
	if err != nil || m.All != 0 {
		t.Errorf("the other branch counts %d members, %v", m.All, err)
	}
	if m, err = one.s.CountMembers(ctx, 0, 40000); err != nil || m.All != 1 {
		t.Errorf("the home branch counts %d members, %v", m.All, err)
	}
	d.prove()
	for _, p := range d.pcs {
		d.must(p.s.Rebuild(ctx, nil))
	}
	d.prove()
}

func TestAnErasureReachesEverybodyAndStripsWhatComesLater(t *testing.T) {
	d := newDistrict(t, 4, 'x', 'x', 'y')
	one, two, other := d.pcs[0], d.pcs[1], d.pcs[2]
	id, stays := d.member(one), d.member(one)
	d.settle()
	d.correct(two, id, event.FieldAddress, "Jalan Melati 1")
	d.settle()
	copied := two.copy()
	d.correct(two, id, event.FieldPhone, "0812") // not sent before the erasure
	d.decide(event.PersonErased, &event.Erasure{Person: id, Reason: "request", Member: true})
	d.settle()
	look := func() {
		t.Helper()
		for _, p := range append(d.pcs, d.centre) {
			if _, err := p.s.Person(t.Context(), id); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s has the erased person: %v", p.name, err)
			}
			if _, err := p.s.Entry(t.Context(), id); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s has the erased entry: %v", p.name, err)
			}
			h, err := p.s.History(t.Context(), id, 100)
			d.must(err)
			for _, rec := range h {
				if rec.Body != nil {
					t.Errorf("%s has event %d", p.name, rec.Seq)
				}
			}
		}
		if other.s.IsErased(stays) || one.value(stays, event.FieldName) == "" {
			t.Error("somebody else is gone too")
		}
		d.prove()
	}
	look()
	two.putBack(copied, 0) // an old copy with the person in it
	d.settle()
	look()
}

func TestRowsThatDifferAreRepaired(t *testing.T) {
	d := newDistrict(t, 5, 'x', 'x')
	for range 30 {
		d.register(d.pcs[0])
	}
	d.settle()
	p := d.pcs[1]
	d.write(p, func(tx *store.Tx) error { return tx.LoseRows(wire.Directory, 100) })
	d.register(d.pcs[0])
	d.settle()
	d.prove()
	list, err := p.s.Notices(t.Context(), 10)
	if err != nil || len(list) == 0 || list[0].Kind != "repaired" {
		t.Errorf("notices %+v, %v", list, err)
	}
	d.write(p, func(tx *store.Tx) error { return tx.SeeNotice(list[0].ID, event.ID{1}) })
	if status, err := p.s.ExchangeStatus(t.Context()); err != nil || status.Unseen != 0 || !status.Joined {
		t.Errorf("status %+v, %v", status, err)
	}
}

// What the centre set aside is shown here all the same.
func TestAnEventThatWasSetAsideStaysVisible(t *testing.T) {
	d := newDistrict(t, 6, 'x', 'x')
	one, two := d.pcs[0], d.pcs[1]
	id := d.member(one)
	d.settle()
	d.correct(two, id, event.FieldAddress, "Jalan Melati 1") // so that the centre sends the record to the first PC
	d.settle()
	d.correct(one, id, event.FieldPhone, "0812")
	d.settle()
	req, err := one.s.Standing(t.Context())
	d.must(err)
	open := req.Streams[0]
	ans := &wire.Answer{Protocol: 1, Epoch: req.Epoch, Ticket: req.Ticket, Streams: []wire.StreamKnown{{Received: open.Head, Chain: open.Chain, Applied: open.Head}},
		Asides: []wire.Aside{{Stream: open.ID, Seq: open.Head, Reason: "unreadable"}}}
	if _, err := one.s.Absorb(t.Context(), req, ans, 0); err != nil {
		t.Fatal(err)
	}
	clean(t, one.s)
	if got := one.value(id, event.FieldPhone); got != "0812" {
		t.Errorf("the overlay shows %q", got)
	}
	if where, err := one.s.WhereIs(t.Context(), id); err != nil || where != store.NeedsAttention {
		t.Errorf("the record is %q, %v", where, err)
	}
	if l, err := one.s.Leftovers(t.Context()); err != nil || l.Safe() || l.Aside != 1 {
		t.Errorf("left over: %+v, %v", l, err)
	}
	ans.Asides = nil
	if _, err := one.s.Absorb(t.Context(), req, ans, 0); err != nil {
		t.Fatal(err)
	}
	clean(t, one.s)
}

func TestADigitIsGrantedOnceAndRememberedBesideTheData(t *testing.T) {
	d := newDistrict(t, 7, 'x')
	p := d.pcs[0]
	digit := func() (i int, granted bool) {
		d.write(p, func(tx *store.Tx) error { i, granted = tx.Incarnation(); return nil })
		return i, granted
	}
	d.settle()
	first, granted := digit()
	if !granted {
		t.Fatalf("after an exchange the digit is %d and not granted", first)
	}
	d.register(p)
	old := p.copy()
	d.register(p)
	p.putBack(old, 0)
	if _, granted := digit(); granted {
		t.Error("after a restore the old stream's digit goes on")
	}
	d.register(p)
	d.settle()
	second, granted := digit()
	if !granted || second == first {
		t.Errorf("the next stream has %d (%v), the one before had %d", second, granted, first)
	}
	req, err := p.s.Standing(t.Context())
	d.must(err)
	if want := uint8(1<<first | 1<<second); req.Used&want != want {
		t.Errorf("used are %b, without %b", req.Used, want)
	}
	d.prove()
}

func TestARestoreByCommandKeepsTheDigits(t *testing.T) {
	base, v, c := t.TempDir(), openVault(t), newCentre(t)
	dir := filepath.Join(base, "data")
	s := openWith(t, dir, v)
	setUp(t, s)
	name, err := s.BackupTo(t.Context(), filepath.Join(base, "backups"), filepath.Join(base, "none"), 3)
	if err != nil {
		t.Fatal(err)
	}
	hold(t, s, c, c.rule(t, event.StreamGranted, &event.Grant{Stream: streams(t, s)[0].ID, Code: 14, Incarnation: 5}))
	write(t, s, func(tx *store.Tx) error {
		if i, granted := tx.Incarnation(); i != 5 || !granted {
			t.Errorf("the digit is %d, %v", i, granted)
		}
		return tx.SaveEnrolment(store.Enrolled{Node: event.ID{1}, Key: c.key, Centre: c.public(), Tags: wire.TagKey{Key: []byte{1}}, Epoch: event.ID{2}})
	})
	register(t, s, 1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Restore(t.Context(), dir, name, true, time.Now()); err != nil {
		t.Fatal(err)
	}
	s = openWith(t, dir, v)
	write(t, s, func(tx *store.Tx) error {
		if i, granted := tx.Incarnation(); granted {
			t.Errorf("the digit %d is granted after the restore", i)
		}
		return tx.SaveEnrolment(store.Enrolled{Node: event.ID{1}, Key: c.key, Centre: c.public(), Tags: wire.TagKey{Key: []byte{1}}, Epoch: event.ID{2}})
	})
	if req, err := s.Standing(t.Context()); err != nil || req.Used != 1<<5 {
		t.Errorf("used are %b, %v", req.Used, err)
	}
	register(t, s, 2)
	if n := len(streams(t, s)); n != 2 {
		t.Errorf("%d streams after the restore", n)
	}
}

// Files carry what the network does, in any order and however often.
func TestBundlesDoWhatTheNetworkDoes(t *testing.T) {
	d := newDistrict(t, 8, 'x', 'x')
	one, two := d.pcs[0], d.pcs[1]
	ctx := t.Context()
	type down struct {
		streams []wire.StreamSays
		ans     *wire.Answer
	}
	var all []down
	carry := func(p *pc) {
		d.must(agent.Export(ctx, p.s, nil, p.rand, func(req *wire.Request) error {
			ans, err := d.hub.File(ctx, p.node, req)
			d.must(err)
			d.apply()
			all = append(all, down{req.Streams, ans})
			return nil
		}, nil))
	}
	bring := func(p *pc, b down) { d.must(agent.Import(ctx, p.s, b.streams, b.ans)) }
	id := d.member(one)
	for range 5 {
		d.register(one)
	}
	carry(one)
	mine := len(all)
	for _, b := range all {
		bring(one, b)
		bring(one, b)
	}
	if w, err := one.s.Waiting(ctx); err != nil || w.Events != 0 {
		t.Errorf("%d events wait after the receipt came back, %v", w.Events, err)
	}
	carry(two)
	bring(two, all[len(all)-1])
	if _, err := two.s.Person(ctx, id); err != nil {
		t.Errorf("the record did not come with the file: %v", err)
	}
	d.correct(one, id, event.FieldPhone, "0812")
	carry(one)
	carry(two)
	for i := len(all) - 1; i >= 0; i-- { // the newest first, then all the old ones
		if i < mine || i == mine+1 {
			bring(one, all[i])
		} else {
			bring(two, all[i])
		}
	}
	if got := two.value(id, event.FieldPhone); got != "0812" {
		t.Errorf("old files took back what a new one had brought: %q", got)
	}
	clean(t, one.s)
	clean(t, two.s)
	d.settle()
	d.prove()
}

// A copy of a disk that joined again under another name has photos that were taken
// under the first: it is asked for those of the streams that it holds. And those
// that a PC has lost do not stand before the others for ever.
func TestPhotosAreAskedOfWhoeverMayHaveThem(t *testing.T) {
	d := newDistrict(t, 10, 'x', 'x')
	one, two := d.pcs[0], d.pcs[1]
	id := d.member(one)
	for n := range byte(20) {
		d.append(one, func(*store.Tx) (store.Draft, error) {
			return store.Draft{Type: event.PhotoAttached, Subject: id, Body: &event.Photo{Card: event.Hash{11 * n, 1}, Record: event.Hash{11 * n, 2}, Source: "webcam"}}, nil
		})
	}
	d.settle()
	wants := func(p *pc, streams []event.ID, turn byte) []event.Hash {
		list, err := d.centre.s.PhotoWants(t.Context(), p.node, streams, wire.Short{turn}, 8)
		d.must(err)
		return list
	}
	held := streams(t, one.s)[0].ID
	if n, m := len(wants(two, nil, 0)), len(wants(two, []event.ID{held}, 0)); n != 0 || m != 8 {
		t.Errorf("of a PC that sent none are asked %d, and %d when it holds the stream", n, m)
	}
	asked := map[event.Hash]bool{}
	for turn := range 256 {
		for _, h := range wants(one, nil, byte(turn)) {
			asked[h] = true
		}
	}
	if len(asked) != 40 {
		t.Errorf("%d of 40 photos are asked for in time", len(asked))
	}
}

// Two running copies wrote one event each in one place. The second to speak moves
// its own to a branch; the first gets that one event back, and is told too.
func TestBothCopiesAreToldOfAForkOfOneEvent(t *testing.T) {
	d := newDistrict(t, 11, 'x')
	one := d.pcs[0]
	id := d.member(one)
	d.settle()
	c := one.copy()
	two := &pc{d: d, name: "copy", dir: filepath.Join(t.TempDir(), "copy"), machine: one.machine, branch: one.branch, mem: c.mem, boot: 100, rand: rand.NewChaCha8([32]byte{11})}
	d.must(os.WriteFile(two.dir+".mark", c.mark, 0o600))
	two.open()
	d.correct(one, id, event.FieldPhone, "0811")
	d.correct(two, id, event.FieldPhone, "0812")
	begun := d.member(two) // only the copy has them
	facts := func() uint64 {
		p, err := two.s.Person(t.Context(), begun)
		d.must(err)
		return p.Events
	}
	before := facts()
	for range 4 {
		for _, p := range []*pc{one, two} {
			for range 8 {
				if !d.step(p) {
					break
				}
			}
		}
	}
	for _, p := range []*pc{one, two} {
		list, err := p.s.Notices(t.Context(), 100)
		d.must(err)
		told := ""
		for _, n := range list {
			told += n.Kind + " "
		}
		if !strings.Contains(told, "behind") && !strings.Contains(told, "forked") {
			t.Errorf("%s is told %q", p.name, told)
		}
		if !hashes(t, p.s)[d.latest(two, id)] {
			t.Errorf("%s lacks the event of the copy", p.name)
		}
	}
	if after := facts(); after != before || before == 0 {
		t.Errorf("a person of the copy held %d facts before its events were moved, %d after", before, after)
	}
}

// The centre proves a copy, and is put back to before that without losing anything:
// what is safe at the branch stays safe.
func TestWhatIsSafeStaysSafeWhenTheCentreLosesNothing(t *testing.T) {
	d := newDistrict(t, 12, 'x')
	p := d.pcs[0]
	id := d.member(p)
	d.settle()
	before := d.centre.copy()
	heads, err := d.centre.s.DurableHeads(t.Context())
	d.must(err)
	d.must(d.centre.s.SetDurable(t.Context(), heads, nil))
	where := func(want store.Whereabouts) {
		t.Helper()
		d.step(p)
		if got, err := p.s.WhereIs(t.Context(), id); err != nil || got != want {
			t.Fatalf("%q, %v; want %q", got, err, want)
		}
	}
	where(store.SafeInBackup)
	epoch, err := d.centre.s.Epoch(t.Context())
	d.must(err)
	d.centre.putBack(before, 0)
	where(store.SafeInBackup)
	if now, err := d.centre.s.Epoch(t.Context()); err != nil || now != epoch {
		t.Errorf("epoch %v, then %v, %v", epoch, now, err)
	}
}

// latest is the last event about somebody in a PC's log that it wrote itself.
func (d *district) latest(p *pc, id event.ID) (h event.Hash) {
	list, err := p.s.History(context.Background(), id, 100)
	d.must(err)
	for _, rec := range list {
		if rec.Boot == p.boot {
			h = rec.Hash
		}
	}
	return h
}
