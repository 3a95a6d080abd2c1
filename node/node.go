// Package node is the one place that knows everything: it reads the command
// line, opens the data directory, wires the packages together, and stops them in
// order. The machine's clock, randomness and identity come from here.
package node

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"simpul/node/board"
	"simpul/node/desk"
	"simpul/node/directory"
	"simpul/node/jobs"
	"simpul/node/library"
	"simpul/node/office"
	"simpul/node/photo"
	"simpul/node/store"
	"simpul/node/vault"
	"simpul/ui"
)

// Config is what a node is started with. Zero fields have sensible values.
type Config struct {
	Dir     string               // data directory
	Files   fs.FS                // the folder ui: templates/ and static/
	Log     *slog.Logger         // to standard error when nil
	Now     func() time.Time     // the PC's clock
	Mono    func() time.Duration // since the start, never backwards; set together with Now, for made-up time
	Zone    *time.Location       // of the library
	Machine string               // mark of this PC
	Vault   vault.Params         // cost of opening the vault
	Hosts   []string             // further host names under which the node may be asked

	Addresses func() []ui.LANAddress // of this PC, where phones could reach it; those of the system when nil

	SameDisk func(a, b string) bool // whether two folders would fail together
}

// Node is one running Simpul on one PC.
type Node struct {
	Config
	Desk   *desk.Desk
	Office *office.Office
	Store  *store.Store
	Board  *board.Board
	App    App

	started  time.Time
	vault    *vault.Vault
	follower *board.Follower
	jobs     *jobs.Runner
	trial    trial
	post     post
	site     site
	exchange exchange
	lan      lan
	secure   secure
	atCentre atCommit[atCentre]
	invite   invitation
	running  sync.WaitGroup
	stopping sync.Once
}

// App is what the node needs of the screens.
type App interface {
	Listener(net.Listener) error
	ShutdownWithTimeout(time.Duration) error
}

// Open opens the data directory and builds everything on it, without listening.
// store.ErrInUse when another process holds the directory, store.ErrNewer when
// its data is of a later program. The caller must call Close.
func Open(ctx context.Context, cfg Config) (_ *Node, err error) {
	n := &Node{Config: cfg.withDefaults(), started: time.Now(), lan: lan{wake: make(chan struct{}, 1)}, exchange: exchange{wake: make(chan struct{}, 1), commit: make(chan struct{}, 1)}}
	if n.vault, err = vault.New(rand.Reader, n.Config.Vault); err != nil {
		return nil, fmt.Errorf("node: %w", err)
	}
	if n.Board, err = board.New(); err != nil {
		return nil, fmt.Errorf("node: %w", err)
	}
	if n.Store, err = store.Open(ctx, store.Options{Dir: n.Dir, Now: n.Now, Mono: n.mono, Boot: bootID(), Rand: rand.Reader, Zone: n.Zone,
		Machine: n.Machine, Vault: n.vault, Log: n.Log, Committed: n.committed}); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.Close())
		}
	}()
	photos, err := photo.NewFiles(filepath.Join(n.Dir, "photos"), sealer{n.vault})
	if err != nil {
		return nil, fmt.Errorf("node: %w", err)
	}
	n.Desk = desk.New(desk.Options{Store: n.Store, Vault: n.vault, Board: n.Board, Directory: directory.New(), Photos: photos,
		Studio: photo.NewStudio(photo.Limits{}), Now: n.Now, Mono: n.mono, Rand: rand.Reader, Zone: n.Zone, Log: n.Log, Phone: desk.PhoneOK,
		Dir: n.Dir, Version: Version, Gate: centreGate{}, SameDisk: n.Config.SameDisk, DiskFull: n.diskFull, RunJob: func(ctx context.Context, name string) error { return n.jobs.OneShot(ctx, name) }, Sync: n.syncNow,
		Changed: n.lan.settingsChanged})
	n.Office = office.New(office.Options{Store: n.Store, Vault: n.vault, Board: n.Board, Desk: n.Desk, Now: n.Now, Zone: n.Zone,
		Rand: rand.Reader, Log: n.Log, Addresses: n.syncAddresses, Hub: n.hub})
	n.Desk.Found, n.Desk.Resheeted = n.Office.Found, n.Office.Resheeted
	n.follower = board.NewFollower(256, n.Desk.Repair, n.Desk.Follow)
	n.running.Go(func() {
		if err := n.follower.Run(); err != nil {
			n.Log.Error("following stopped", "err", err)
		}
	})
	if err := n.Desk.Load(ctx); err != nil {
		return nil, err
	}
	// Both are measured again by jobs; the first page must not wait for them.
	if err := errors.Join(n.Desk.CheckClock(built, 0), n.checkDisk(ctx)); err != nil {
		return nil, err
	}
	if n.jobs, err = n.newJobs(); err != nil {
		return nil, err
	}
	if n.App, err = ui.New(n.face()); err != nil {
		return nil, fmt.Errorf("node: %w", err)
	}
	return n, nil
}

func (c Config) withDefaults() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Zone == nil {
		c.Zone = library.WIB()
	}
	if c.Log == nil {
		c.Log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	if c.SameDisk == nil {
		c.SameDisk = sameDisk
	}
	if c.Vault == (vault.Params{}) {
		c.Vault = vault.DefaultParams()
	}
	return c
}

func (n *Node) mono() time.Duration {
	if n.Config.Mono != nil {
		return n.Config.Mono()
	}
	return time.Since(n.started)
}

// committed passes a commit on, in order, to what screens watch.
func (n *Node) committed(c store.Commit) {
	if n.follower == nil {
		return
	}
	if err := n.follower.Send(context.Background(), board.Commit{Position: c.Position, Changes: c.Changes}); err != nil {
		n.Log.Error("a commit is saved but not followed", "err", err)
	}
	signal(n.exchange.commit)
}

// face is what the screens are given.
func (n *Node) face() ui.Config {
	return ui.Config{Files: n.Files, Log: n.Log, Now: n.Now, Random: rand.Reader, Zone: n.Zone, Hosts: n.Hosts,
		Sessions: sessions{n.Desk}, Desk: n.Desk, Office: n.Office, Setup: func() bool { return !n.Desk.Ready() }, Invited: n.invite.accepts, Trial: n.Trial,
		Frame: n.frame, Program: program, LAN: &n.lan, Secure: pairs{n}, PublicURL: func() string { return n.Desk.Settings().PublicURL }}
}

// Serve answers on a listener until ctx ends, with the jobs running, and then
// stops taking requests. It does not close the node.
func (n *Node) Serve(ctx context.Context, ln net.Listener) error {
	n.jobs.Start()
	n.running.Go(func() { n.exchangeLoop(ctx) })
	signal(n.exchange.wake)
	n.running.Go(func() { n.keepLAN(ctx) })
	failed := make(chan error, 1)
	n.running.Go(func() { failed <- n.App.Listener(ln) })
	select {
	case err := <-failed:
		return fmt.Errorf("node: serve: %w", err)
	case <-ctx.Done():
	}
	err := n.App.ShutdownWithTimeout(5 * time.Second)
	// A shutdown that comes before the server took the listener does not close it.
	if cerr := ln.Close(); cerr != nil && !errors.Is(cerr, net.ErrClosed) {
		err = errors.Join(err, cerr)
	}
	return err
}

// Close stops jobs, waits for what is under way, and releases the directory.
func (n *Node) Close() (err error) {
	n.stopping.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		err = n.trial.end()
		if n.jobs != nil {
			err = errors.Join(err, n.jobs.Stop(ctx))
		}
		if n.Desk != nil {
			n.Desk.Settle()
		}
		if n.Store != nil {
			err = errors.Join(err, n.Store.Close())
		}
		if n.follower != nil {
			n.follower.Close()
		}
		n.running.Wait()
		n.vault.Close()
	})
	return err
}

// bootID tells the readings of one run of the process from those of another.
func bootID() uint32 {
	var b [4]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // crypto/rand does not fail
	}
	return binary.BigEndian.Uint32(b[:])
}

// sealer seals photos with the vault.
type sealer struct{ *vault.Vault }

func (s sealer) OpenFile(hash [32]byte, sealed []byte) ([]byte, error) {
	return s.UnsealFile(hash, sealed)
}
