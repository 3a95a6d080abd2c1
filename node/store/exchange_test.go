package store_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"simpul/node/store"
	"simpul/node/vault"
	"simpul/sync/agent"
	"simpul/sync/event"
	"simpul/sync/hub"
	"simpul/sync/merge"
	"simpul/sync/wire"
)

// district is a centre and some PCs with real stores, an agent each and the real
// hub; what goes between them is encoded and decoded, and may get lost.
type district struct {
	t      testing.TB
	vault  *vault.Vault
	dice   *rand.Rand
	seed   uint64
	now    time.Time
	key    ed25519.PrivateKey
	centre *pc
	hub    *hub.Hub
	pcs    []*pc
	saved  map[event.Hash]string // everything that a desk called saved, and where
	number int
	made   int
}

type pc struct {
	d       *district
	name    string
	dir     string
	machine string
	branch  event.ID
	mem     *store.Memory
	s       *store.Store
	boot    uint32
	rand    io.Reader
	agent   *agent.Agent
	node    event.ID
	lose    int // of the next messages: 1 the request, 2 the answer
	scrap   bool
}

var errLost = errors.New("the link broke")

func newDistrict(t testing.TB, seed uint64, branches ...byte) *district {
	d := &district{t: t, vault: openVault(t), dice: rand.New(rand.NewPCG(seed, 7)), seed: seed, now: time.UnixMilli(1_800_000_000_000), saved: map[event.Hash]string{}}
	d.key = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	d.centre = d.newPC("centre", event.ID{})
	d.setUp(d.centre, "centre", 1)
	for i, b := range branches {
		p := d.newPC(fmt.Sprintf("pc%d", i), event.ID{'b', b})
		d.setUp(p, "branch", uint16(14+i))
		d.pcs = append(d.pcs, p)
		d.join(p)
	}
	return d
}

func (d *district) newPC(name string, branch event.ID) *pc {
	d.made++
	p := &pc{d: d, name: name, dir: filepath.Join(d.t.TempDir(), name), machine: fmt.Sprintf("machine-%d", d.made), branch: branch, mem: store.NewMemory(),
		rand: rand.NewChaCha8([32]byte{byte(d.seed), byte(d.seed >> 8), byte(d.made)})}
	p.open()
	return p
}

func (d *district) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatalf("seed %d: %v", d.seed, err)
	}
}

func (p *pc) open() {
	p.boot++
	s, err := store.Open(context.Background(), store.Options{Dir: p.dir, Now: func() time.Time { return p.d.now }, Mono: func() time.Duration { return p.d.now.Sub(time.UnixMilli(1_800_000_000_000)) },
		Boot: p.boot, Rand: p.rand, Zone: time.UTC, Machine: p.machine, Vault: p.d.vault, Log: slog.New(slog.DiscardHandler), Memory: p.mem})
	p.d.must(err)
	p.s = s
	p.begin()
}

func (p *pc) begin() {
	if p.d.centre == p || p.d.centre == nil {
		p.d.hub = hub.New(hub.Options{Store: p.s, Key: p.d.key, Now: func() time.Time { return p.d.now }, Rand: p.rand, Log: slog.New(slog.DiscardHandler)})
		return
	}
	e, err := p.s.Enrolled(context.Background())
	if errors.Is(err, store.ErrNotFound) {
		return
	}
	p.d.must(err)
	p.node = e.Node
	p.agent = agent.New(agent.Options{Log: p.s, Centre: link{p}, Now: func() time.Time { return p.d.now }, Mono: func() time.Duration { return p.d.now.Sub(time.UnixMilli(0)) }, Rand: p.rand})
}

func (p *pc) close() {
	if err := p.s.Close(); err != nil && !errors.Is(err, store.ErrDead) {
		p.d.must(err)
	}
}

// revive starts a PC that lost its power.
func (p *pc) revive() {
	p.close()
	mem, err := p.mem.Copy()
	p.d.must(err)
	p.mem = mem
	p.open()
}

func (p *pc) restart() { p.close(); p.open() }

func (d *district) write(p *pc, fn func(*store.Tx) error) bool {
	d.t.Helper()
	_, err := p.s.Write(context.Background(), event.ID{}, fn)
	if errors.Is(err, store.ErrDead) {
		p.revive()
		return false
	}
	d.must(err)
	return true
}

func (d *district) setUp(p *pc, role string, code uint16) {
	d.write(p, func(tx *store.Tx) error {
		id, err := tx.NewSubject()
		if err != nil {
			return err
		}
		if err := tx.OpenStream(id, "setup"); err != nil {
			return err
		}
		_, err = tx.Append(store.Draft{Type: event.NodeConfigured, Subject: id, Body: &event.NodeConfig{Role: role, Name: p.name, Code: code}})
		return err
	})
}

// join enrols a PC, or enrols it again under another name.
func (d *district) join(p *pc) {
	d.number++
	var seed [ed25519.SeedSize]byte
	_, _ = p.rand.Read(seed[:])
	key, node, code := ed25519.NewKeyFromSeed(seed[:]), event.ID{'n', byte(d.number)}, uint16(100+d.number)
	ctx := context.Background()
	_, err := d.centre.s.Decide(ctx, d.key, event.ID{}, event.NodeEnrolled, &event.Enrolment{Node: node, Branch: p.branch, Name: p.name, Role: "branch", Code: code,
		Key: key.Public().(ed25519.PublicKey)})
	if errors.Is(err, store.ErrDead) {
		d.centre.revive()
		return // tried again
	}
	d.must(err)
	epoch, err := d.centre.s.Epoch(ctx)
	d.must(err)
	d.write(p, func(tx *store.Tx) error {
		n, err := tx.Node()
		if err != nil {
			return err
		}
		if err := tx.SaveEnrolment(store.Enrolled{Node: node, Key: key, Centre: d.key.Public().(ed25519.PublicKey), CentreName: "Pusat", Tags: wire.TagKey{Key: make([]byte, 32)}, Epoch: epoch}); err != nil {
			return err
		}
		_, err = tx.Append(store.Draft{Type: event.NodeConfigured, Subject: n.ID, Body: &event.NodeConfig{Role: "branch", Name: p.name, Code: code}})
		return err
	})
	p.begin()
}

// link carries messages as bytes, and loses what it is told to.
type link struct{ p *pc }

func (l link) Exchange(ctx context.Context, r *wire.Request) (*wire.Answer, error) {
	d := l.p.d
	lose := l.p.lose
	l.p.lose = 0
	frame, err := wire.Encode(r)
	d.must(err)
	req, err := wire.Decode[wire.Request](frame)
	d.must(err)
	d.now = d.now.Add(70 * time.Millisecond)
	if lose == 1 {
		return nil, errLost
	}
	ans, err := d.hub.Exchange(ctx, l.p.node, req)
	if errors.Is(err, store.ErrDead) {
		d.centre.revive()
		return nil, errLost
	}
	if err != nil {
		return nil, err
	}
	d.now = d.now.Add(70 * time.Millisecond)
	if lose == 2 {
		return nil, errLost
	}
	frame, err = wire.Encode(ans)
	d.must(err)
	return wire.Decode[wire.Answer](frame)
}

func (l link) Push(context.Context, *wire.PhotoPush) (*wire.PhotoTaken, error) {
	return &wire.PhotoTaken{}, nil
}
func (l link) Pull(context.Context, *wire.PhotoPull) (*wire.PhotoSent, error) {
	return &wire.PhotoSent{}, nil
}

// step is one exchange; it reports whether there is more.
func (d *district) step(p *pc) bool {
	d.t.Helper()
	got, err := p.agent.Step(context.Background())
	if errors.Is(err, store.ErrDead) {
		p.revive()
		return true
	}
	if errors.Is(err, errLost) {
		return true
	}
	if errors.Is(err, wire.ErrUnknownNode) {
		d.comeBack(p)
		return true
	}
	if err != nil {
		d.t.Fatalf("seed %d: %s: %v", d.seed, p.name, err)
	}
	if got.Foreign {
		d.join(p) // as the screen asks
		return true
	}
	return got.More
}

// comeBack shows a centre that was put back the enrolment that it has forgotten.
func (d *district) comeBack(p *pc) {
	known, err := p.s.Decisions(context.Background())
	d.must(err)
	for _, x := range known.All() {
		if e, is := x.Body.(*event.Enrolment); is && e.Node == p.node {
			_, err := d.centre.s.Regain(context.Background(), []event.Ruling{x.Ruling}, d.key.Public().(ed25519.PublicKey))
			if errors.Is(err, store.ErrDead) {
				d.centre.revive()
				return
			}
			d.must(err)
			return
		}
	}
	d.join(p)
}

// settle lets everybody exchange until nothing moves.
func (d *district) settle() {
	d.t.Helper()
	for range 3 {
		for _, p := range d.pcs {
			if p.scrap {
				continue
			}
			for n := 0; d.step(p); n++ {
				d.apply()
				if n > 200 {
					req, _ := p.s.Standing(context.Background())
					streams, _ := p.s.Streams(context.Background())
					d.t.Fatalf("seed %d: %s never comes to rest: %+v\n%+v", d.seed, p.name, req, streams)
				}
			}
			d.apply()
		}
	}
}

func (d *district) apply() {
	for {
		more, err := d.hub.Apply(context.Background())
		if errors.Is(err, store.ErrDead) {
			d.centre.revive()
			continue
		}
		d.must(err)
		if !more {
			return
		}
	}
}

// append writes an event and remembers that the desk called it saved.
func (d *district) append(p *pc, draft func(tx *store.Tx) (store.Draft, error)) (rec event.Record, ok bool) {
	d.t.Helper()
	d.now = d.now.Add(time.Second)
	ok = d.write(p, func(tx *store.Tx) error {
		what, err := draft(tx)
		if err == nil {
			rec, err = tx.Append(what)
		}
		return err
	})
	if ok {
		d.saved[rec.Hash] = p.name
	}
	return rec, ok
}

func (d *district) register(p *pc) {
	d.made++
	n := d.made
	opened, ok := d.append(p, func(tx *store.Tx) (store.Draft, error) {
		id, err := tx.NewSubject()
		return store.Draft{Type: event.RegistrationOpened, Subject: id, Body: &event.Opening{Source: "desk"}}, err
	})
	if !ok {
		return
	}
	for _, body := range []any{
		&event.Filling{By: "officer", Fields: event.Fields{event.FieldName: fmt.Sprintf("Orang Buatan %d", n), event.FieldNIK: fmt.Sprintf("35101001%08d", n), event.FieldBirth: "1990-01-01", event.FieldSex: "L"}},
		&event.Card{Number: fmt.Sprintf("01426%07d", n), Kind: "umum", From: 20000, Until: 21000},
	} {
		typ := event.RegistrationFilled
		if _, is := body.(*event.Card); is {
			typ = event.CardIssued
		}
		if _, ok := d.append(p, func(*store.Tx) (store.Draft, error) {
			return store.Draft{Type: typ, Subject: opened.Subject, Body: body}, nil
		}); !ok {
			return
		}
	}
}

// amend changes somebody whose record is here.
func (d *district) amend(p *pc) {
	var ids []event.ID
	d.must(p.s.Listings(context.Background(), func(l store.Listing) error {
		if !l.Away {
			ids = append(ids, l.ID)
		}
		return nil
	}))
	if len(ids) == 0 {
		d.register(p)
		return
	}
	slicesSort(ids)
	id := ids[d.dice.IntN(len(ids))]
	person, err := p.s.Person(context.Background(), id)
	d.must(err)
	var typ event.Type
	var body any
	switch c := person.Card(); {
	case d.dice.IntN(3) == 0:
		typ, body = event.VisitRecorded, &event.Visit{Kind: "member", Purpose: "baca"}
	case d.dice.IntN(2) == 0 || c == nil:
		typ, body = event.MemberCorrected, &event.Correction{Reason: "pindah", Fields: event.Fields{event.FieldAddress: fmt.Sprintf("Jalan %d", d.dice.IntN(1000))}}
	default:
		typ, body = event.CardBlocked, &event.CardMark{Card: c.ID, Reason: "lost"}
	}
	d.append(p, func(*store.Tx) (store.Draft, error) { return store.Draft{Type: typ, Subject: id, Body: body}, nil })
}

func slicesSort(ids []event.ID) {
	for i := range ids {
		for j := i; j > 0 && bytes.Compare(ids[j][:], ids[j-1][:]) < 0; j-- {
			ids[j], ids[j-1] = ids[j-1], ids[j]
		}
	}
}

// copyOf is a PC's database and mark, as on a stick.
type copyOf struct {
	mem  *store.Memory
	mark []byte
	boot uint32
}

func (p *pc) copy() copyOf {
	mem, err := p.mem.Copy()
	p.d.must(err)
	mark, err := os.ReadFile(p.dir + ".mark")
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		p.d.must(err)
	}
	return copyOf{mem, mark, p.boot}
}

// putBack restores: the mark stays, goes, or is put back too.
func (p *pc) putBack(c copyOf, fate int) {
	p.close()
	mem, err := c.mem.Copy()
	p.d.must(err)
	p.mem = mem
	switch fate {
	case 1:
		p.d.must(os.Remove(p.dir + ".mark"))
	case 2:
		p.d.must(os.WriteFile(p.dir+".mark", c.mark, 0o600))
	}
	p.open()
}

// clone is another PC with the same data, as after a disk was copied.
func (d *district) clone(p *pc) {
	d.made++
	c := p.copy()
	q := &pc{d: d, name: p.name + "+", dir: filepath.Join(d.t.TempDir(), "clone"), machine: fmt.Sprintf("machine-%d", d.made), branch: p.branch, mem: c.mem, boot: 100 * p.boot,
		rand: rand.NewChaCha8([32]byte{byte(d.seed), byte(d.seed >> 8), byte(d.made)})}
	if d.dice.IntN(2) == 0 { // the whole disk, marks and all
		d.must(os.WriteFile(q.dir+".mark", c.mark, 0o600))
	}
	q.open()
	d.pcs = append(d.pcs, q)
}

// hashes lists the content hashes in a database.
func hashes(t testing.TB, s *store.Store) map[event.Hash]bool {
	t.Helper()
	out := map[event.Hash]bool{}
	if err := s.EveryEvent(context.Background(), func(rec event.Record) error { out[rec.Hash] = true; return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

// prove checks what must hold once everything is quiet.
func (d *district) prove() {
	d.t.Helper()
	ctx := context.Background()
	all := append([]*pc{d.centre}, d.pcs...)
	at := hashes(d.t, d.centre.s)
	for _, p := range all {
		r, err := p.s.Check(ctx, nil)
		if err != nil || len(r.Findings) > 0 {
			d.t.Fatalf("seed %d: %s: check: %+v, %v", d.seed, p.name, r, err)
		}
		if p.scrap || p == d.centre {
			continue
		}
		for h := range hashes(d.t, p.s) {
			if !at[h] {
				d.t.Fatalf("seed %d: an event of %s is not at the centre", d.seed, p.name)
			}
		}
		w, err := p.s.Waiting(ctx)
		if err != nil || w.Events != 0 {
			d.t.Fatalf("seed %d: %s says that %d events wait, %v", d.seed, p.name, w.Events, err)
		}
		d.compare(p)
	}
}

// compare holds a node's people against the centre's, and its directory against
// the district's members.
func (d *district) compare(p *pc) {
	d.t.Helper()
	ctx := context.Background()
	listed := map[event.ID]bool{}
	d.must(p.s.Listings(ctx, func(l store.Listing) error { listed[l.ID] = true; return nil }))
	d.must(d.centre.s.Listings(ctx, func(l store.Listing) error {
		if l.Member && !listed[l.ID] {
			d.t.Fatalf("seed %d: %s does not know %s", d.seed, p.name, l.Name)
		}
		theirs, err := d.centre.s.Person(ctx, l.ID)
		d.must(err)
		ours, err := p.s.Person(ctx, l.ID)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		d.must(err)
		if a, b := facts(theirs), facts(ours); a != b {
			d.t.Fatalf("seed %d: %s has %s, the centre %s", d.seed, p.name, b, a)
		}
		return nil
	}))
}

func facts(p *merge.Person) string {
	out := fmt.Sprint(p.Stage.Value, p.Writes.All(), p.Term.Value.Until, p.Events)
	for _, c := range p.Cards {
		out += fmt.Sprint(c.Number, len(c.Blocks), c.Blocked())
	}
	return out
}

func TestBranchesExchangeEverything(t *testing.T) {
	d := newDistrict(t, 1, 'x', 'x', 'y')
	for range 10 {
		for _, p := range d.pcs {
			d.register(p)
			d.amend(p)
		}
		d.settle()
	}
	d.prove()
	for _, p := range d.pcs {
		if err := p.s.Rebuild(context.Background(), nil); err != nil {
			t.Fatal(err)
		}
		p.restart()
	}
	d.prove()
	// A quiet node says little and gets little.
	req, err := d.pcs[0].s.Standing(t.Context())
	if err != nil || len(req.Streams) != 1 || len(req.Marks)+len(req.Tails)+len(req.Sums)+len(req.Held) > 0 {
		t.Errorf("a quiet node says %+v, %v", req, err)
	}
	if where, err := d.pcs[0].s.WhereIs(t.Context(), oneOf(t, d.pcs[0])); err != nil || where != store.AtTheCentre {
		t.Errorf("a record that the centre received is %q, %v", where, err)
	}
}

func oneOf(t testing.TB, p *pc) (id event.ID) {
	t.Helper()
	if err := p.s.Listings(context.Background(), func(l store.Listing) error {
		if !l.Away {
			id = l.ID
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return id
}

// Restores and clones: whatever is put back how, nothing is lost and everybody
// agrees in the end.
func TestPutBackAndCopiedPCsLoseNothing(t *testing.T) {
	seeds := uint64(12)
	if n := os.Getenv("SEEDS"); n != "" {
		_, _ = fmt.Sscan(n, &seeds)
	}
	if n := os.Getenv("SEEDS"); n != "" {
		_, _ = fmt.Sscan(n, &seeds)
	}
	for seed := range seeds {
		d := newDistrict(t, seed, 'x', 'x', 'y')
		var copies, centres []copyOf
		var of []int
		for range 40 {
			i := d.dice.IntN(len(d.pcs))
			p := d.pcs[i]
			what := d.dice.IntN(17)
			switch what {
			case 0, 1, 2:
				d.register(p)
			case 3, 4, 5:
				d.amend(p)
			case 6, 7, 8:
				p.lose = d.dice.IntN(6)
				d.step(p)
				d.apply()
			case 9:
				copies, of = append(copies, p.copy()), append(of, i)
			case 10:
				if len(copies) > 0 {
					n := d.dice.IntN(len(copies))
					d.pcs[of[n]].putBack(copies[n], d.dice.IntN(3))
				}
			case 11:
				p.mem.DieAt(1+d.dice.IntN(4), d.dice.IntN(2) == 0)
			case 12:
				d.centre.mem.DieAt(1+d.dice.IntN(6), d.dice.IntN(2) == 0)
			case 13:
				p.restart()
			case 14:
				if len(d.pcs) < 5 {
					d.clone(p)
				}
			case 15:
				centres = append(centres, d.centre.copy())
			case 16:
				if len(centres) > 0 { // said or unsaid
					d.centre.putBack(centres[d.dice.IntN(len(centres))], d.dice.IntN(3))
				}
			}
			d.now = d.now.Add(time.Minute)
		}
		for _, p := range append(d.pcs, d.centre) {
			p.mem.DieAt(0, false)
		}
		d.settle()
		d.prove()
	}
}
