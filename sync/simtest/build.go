package simtest

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"

	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// newSite is a PC without a database yet. Its randomness is its own: a cloned PC
// does not go on with the numbers of the first.
func (w *World) newSite(name string, offset int64) *site {
	n := w.made
	w.made++
	s := &site{world: w, name: name, dir: w.dirOf(fmt.Sprintf("%d-%s", n, name)), machine: fmt.Sprintf("pc-%d", n),
		mem: w.empty(), rand: newBytes(w.opt.Seed, uint64(n)+100), pictures: map[event.Hash][]byte{}, pieces: map[event.Hash][]byte{}, pruned: map[event.ID]uint64{}}
	s.clock = clock{world: w, offset: offset, base: w.now}
	s.clock.reboot(w.dice)
	w.sites = append(w.sites, s)
	return s
}

// build sets up a centre and its nodes; two of them are PCs of one branch.
func (w *World) build(r *rand.Rand) {
	w.must(os.MkdirAll(w.opt.Dir, 0o700))
	c := w.newSite("centre", 0)
	w.sites, w.centre = nil, c
	c.centre = &centre{}
	w.setKey(r)
	w.must(c.open())
	w.setUp(c, "centre", 1)
	for i := range w.plan.nodes {
		offset := int64(0)
		if w.faults&ClockFaults != 0 {
			offset = r.Int64N(4*hour) - 2*hour
		}
		s := w.newSite([]string{"branch", "desk2", "van", "village", "school", "prison"}[i], offset)
		// Codes that nobody gave out may be equal.
		s.node = &node{code: uint16(10 + r.IntN(3)), role: "branch", branch: event.ID{0xb, byte(max(i, 1))}}
		w.must(s.open())
		w.setUp(s, s.node.role, s.node.code)
	}
	w.settleDown()
}

// settleDown is the time before: most PCs have members and have joined, so that
// what happens next happens to somebody.
func (w *World) settleDown() {
	weather := w.weather
	w.weather = calm
	defer func() { w.weather = weather }()
	for _, s := range w.sites {
		for range w.dice.IntN(3) {
			s.do("register", w.dice, (*desk).register)
		}
	}
	for range w.dice.IntN(3) {
		for _, s := range w.sites {
			w.exchange(s)
		}
		w.settle(2)
	}
}

// empty is a fresh database.
func (w *World) empty() *store.Memory {
	if w.opt.Empty == nil {
		return store.NewMemory()
	}
	mem, err := w.opt.Empty.Copy()
	w.must(err)
	return mem
}

// setUp is what the wizard writes first.
func (w *World) setUp(s *site, role string, code uint16) {
	s.do("set-up", w.dice, func(d *desk) error {
		id, err := d.tx.NewSubject()
		if err != nil {
			return err
		}
		if err := d.tx.OpenStream(id, "setup"); err != nil {
			return err
		}
		_, err = d.append(event.NodeConfigured, id, &event.NodeConfig{Role: role, Name: s.name, Code: code})
		return err
	})
}

// code is the NNN that this PC prints.
func (s *site) code(tx *store.Tx) (int, error) {
	n, err := tx.Node()
	if err != nil {
		return 0, err
	}
	return int(n.Config.Value.Code), nil
}

// mayWrite reports whether a PC can write about somebody.
func (s *site) mayWrite(_ *store.Tx, p *merge.Person) bool { return !s.st.IsErased(p.ID) }

// setKey makes the centre's signing key; it is in the recovery kit and survives everything.
func (w *World) setKey(r *rand.Rand) {
	seed := make([]byte, ed25519.SeedSize)
	for i := range seed {
		seed[i] = byte(r.Uint32())
	}
	w.key = ed25519.NewKeyFromSeed(seed)
	w.wind = rand.New(rand.NewPCG(w.opt.Seed, 1<<43))
}

func copyPhotos(from map[event.Hash][]byte) map[event.Hash][]byte { return maps.Clone(from) }

func writeMark(name string, mark []byte) error { return os.WriteFile(name, mark, 0o600) }

// limit makes the disk full at some pages more than there are, below 0 not at all.
func (s *site) limit(pages int) error {
	err := s.st.LimitPages(context.Background(), pages)
	if errors.Is(err, store.ErrDead) {
		return nil
	}
	return err
}

// bytes is a PC's randomness.
type bytes8 struct{ r *rand.ChaCha8 }

func newBytes(seed, n uint64) bytes8 {
	var key [32]byte
	for i := range 8 {
		key[i], key[8+i] = byte(seed>>(8*i)), byte(n>>(8*i))
	}
	return bytes8{rand.NewChaCha8(key)}
}

func (b bytes8) Read(p []byte) (int, error) { return b.r.Read(p) }
