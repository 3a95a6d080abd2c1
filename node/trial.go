package node

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"simpul/node/demo"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/ui"
)

// trial is a second node with made-up people, in a folder and on a port of its
// own, that an officer starts from the screen to try things. It never touches
// the real data, and it ends with the node that started it.
type trial struct {
	mu   sync.Mutex
	made ui.Trial
	stop func() error
}

// Trial starts the node with made-up people, or says where it already runs.
func (n *Node) Trial(ctx context.Context) (_ ui.Trial, err error) {
	if n.Desk.Settings().Demo {
		return ui.Trial{}, library.E(library.KindNotFound, "error.not_found") // it is one itself
	}
	n.trial.mu.Lock()
	defer n.trial.mu.Unlock()
	if n.trial.stop != nil {
		return n.trial.made, nil
	}
	cfg := n.Config
	cfg.Dir = filepath.Join(n.Dir+"-contoh", "data")
	if _, err := os.Stat(filepath.Join(cfg.Dir, store.FileName)); errors.Is(err, os.ErrNotExist) {
		if err := fillTrial(ctx, cfg); err != nil {
			return ui.Trial{}, err
		}
	}
	second, err := Open(ctx, cfg)
	if err != nil {
		return ui.Trial{}, err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return ui.Trial{}, errors.Join(fmt.Errorf("node: trial: %w", err), second.Close())
	}
	running, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() {
		if err := second.Serve(running, ln); err != nil {
			n.Log.Error("trial", "err", err)
		}
	})
	n.trial.stop = func() error {
		cancel()
		done.Wait()
		return second.Close()
	}
	n.trial.made = ui.Trial{URL: "http://" + browserAddress(ln.Addr()), Login: demoLogin, Password: demoPassword}
	return n.trial.made, nil
}

// fillTrial makes the folder anew: one that a power cut left half filled has no
// marker and is thrown away, since nobody in it exists.
func fillTrial(ctx context.Context, cfg Config) (err error) {
	filling := demo.Filling{Members: demoMembers, Visits: demoVisits, Photos: demoMembers, Seed: 1, Workers: 2}
	filling.Clock = demo.NewClock(time.Now(), cfg.Zone, filling.Work())
	final := cfg.Dir
	cfg.Dir = final + ".baru"
	if err := os.RemoveAll(cfg.Dir); err != nil {
		return fmt.Errorf("node: trial: %w", err)
	}
	cfg.Now, cfg.Mono = filling.Clock.Now, filling.Clock.Mono
	n, err := Open(ctx, cfg)
	if err != nil {
		return err
	}
	who, err := n.setUpDemo(ctx)
	if err == nil {
		err = demo.Fill(ctx, n.Desk, who, filling)
	}
	if err := errors.Join(err, n.Close()); err != nil {
		return err
	}
	for _, end := range []string{"", ".mark", ".erased"} {
		if err := os.Rename(cfg.Dir+end, final+end); err != nil {
			return fmt.Errorf("node: trial: %w", err)
		}
	}
	return nil
}

// end stops the trial, if it runs.
func (t *trial) end() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stop == nil {
		return nil
	}
	stop := t.stop
	t.stop = nil
	return stop()
}
