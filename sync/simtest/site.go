package simtest

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"simpul/node/store"
	"simpul/sync/event"
)

// site is one PC: a node's or the centre's.
type site struct {
	world   *World
	name    string
	dir     string // the mark lies beside it
	machine string
	clock   clock
	mem     *store.Memory
	st      *store.Store
	rand    io.Reader
	clerk   event.ID
	visits  []event.ID
	copies  []backup // of this PC, oldest first

	node     *node        // of a branch or van
	centre   *centre      // of the centre
	handler  http.Handler // of the centre
	retired  bool         // scrapped, or stolen
	full     bool         // the disk
	twin     bool         // a copy of a running PC that looks like the same machine
	copied   bool         // it has, or is, a copy
	heard    bool         // an answer has come
	crowded  bool         // the centre answered that it had no room
	pressing bool         // something was recorded while the last request was on its way
	spoke    bool         // and was taken in
	rejoined bool
	ruled    map[event.Hash]bool // decisions that it has seen
	mine     map[event.ID]bool   // its streams, at the last exchange

	pictures map[event.Hash][]byte // photos by the hash of their bytes
	pieces   map[event.Hash][]byte // of those that are coming in
	pruned   map[event.ID]uint64   // by a mutant: how far its streams are gone here
}

// backup is a copy of a database, with the mark that lay beside it.
type backup struct {
	mem  *store.Memory
	mark []byte
	at   int64
	// proved is how many copies of the centre had been proved when this was made.
	proved int
}

func (s *site) markFile() string { return s.dir + ".mark" }

// open starts the program on this PC.
func (s *site) open() error {
	st, err := store.Open(context.Background(), store.Options{
		Dir: s.dir, Now: s.clock.now, Mono: s.clock.mono, Boot: s.clock.boot, Rand: s.rand, Zone: time.UTC,
		Machine: s.machine, Vault: s.world.opt.Vault, Log: slog.New(logs{s.world, s.name}), Memory: s.mem})
	if err != nil {
		return err
	}
	s.st = st
	if s.full {
		s.full = false // room was made
	}
	return s.begin()
}

// begin makes the part that speaks over the link.
func (s *site) begin() error {
	if s.centre != nil {
		return s.centre.begin(s)
	}
	if s.node != nil {
		return s.node.begin(s)
	}
	return nil
}

// discard ends the program on a PC that nobody will start again.
func (s *site) discard() {
	s.mem.Discard()
	_ = s.close() // it may be dead
}

func (s *site) close() error {
	if s.st == nil {
		return nil
	}
	err := s.st.Close()
	s.st = nil
	return err
}

// part is what a PC is in the district.
func (s *site) part() string {
	if s.centre != nil {
		return "the centre"
	}
	return "a node"
}

// dead reports whether this PC has lost its power.
func (s *site) dead() bool { return s.mem.Dead() }

// revive starts a PC that lost its power: it finds what the last commit left,
// and a mark that may be some commits behind.
func (w *World) revive(s *site) {
	if err := s.close(); err != nil && !errors.Is(err, store.ErrDead) {
		w.fail("nothing stops the desk", "%s: closing without power: %v", s.name, err)
	}
	mem, err := s.mem.Copy()
	w.must(err)
	s.mem = mem
	s.clock.reboot(w.dice)
	w.say("%s: starts again", s.name)
	w.count("power out at " + s.part())
	w.must(s.open())
	w.afterPowerCut(s)
}

// restart is an ordinary end and start of the program.
func (w *World) restart(s *site) {
	w.must(s.close())
	if w.dice.IntN(2) == 0 {
		s.clock.reboot(w.dice)
	}
	w.say("%s: restarts", s.name)
	w.must(s.open())
}

// backUp keeps a copy as a person would who copies the folder.
func (s *site) backUp() backup {
	mem, err := s.mem.Copy()
	s.world.must(err)
	mark, err := os.ReadFile(s.markFile())
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		s.world.must(err)
	}
	b := backup{mem: mem, mark: mark, at: s.world.now, proved: s.world.proved}
	if s.copies = append(s.copies, b); len(s.copies) > 4 {
		s.copies = s.copies[1:]
	}
	return b
}

// holds lists the content hashes of all events in the database.
func (s *site) holds() map[event.Hash]bool {
	held := map[event.Hash]bool{}
	s.world.must(s.st.EveryEvent(context.Background(), func(rec event.Record) error {
		held[rec.Hash] = true
		return nil
	}))
	return held
}

// putBack replaces the database. What becomes of the mark is what tells the ways
// of restoring apart.
func (s *site) putBack(b backup, mark markFate) {
	w := s.world
	w.must(s.close())
	mem, err := b.mem.Copy()
	w.must(err)
	s.mem, s.pruned = mem, map[event.ID]uint64{}
	s.forget()
	switch mark {
	case markStays:
	case markGoes:
		w.must(removeIfThere(s.markFile()))
	case markBack:
		w.must(removeIfThere(s.markFile()))
		if b.mark != nil {
			w.must(os.WriteFile(s.markFile(), b.mark, 0o600))
		}
	}
	s.clock.reboot(w.dice)
	w.must(s.open())
}

// markFate is what becomes of the mark beside the directory in a restore.
type markFate int

const (
	markStays markFate = iota // only the folder is copied back
	markGoes                  // restored by command, or onto a new disk
	markBack                  // the whole disk is put back
)

func (m markFate) String() string {
	return []string{"folder only", "declared", "whole disk"}[m]
}

func removeIfThere(name string) error {
	if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// picture makes up a photo and keeps its renditions on this PC.
func (s *site) picture(r *rand.Rand) *event.Photo {
	rendition := func(size int) event.Hash {
		b := make([]byte, size)
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		h := event.Hash(sha256.Sum256(b))
		s.pictures[h] = b
		s.world.oracle.photos[h] = true
		return h
	}
	return &event.Photo{Card: rendition(80 + r.IntN(200)), Record: rendition(200 + r.IntN(600)), Source: "webcam"}
}

func (w *World) dirOf(name string) string { return filepath.Join(w.opt.Dir, name) }
