package node

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/urfave/cli/v3"

	"simpul/node/demo"
	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/node/vault"
)

// Who signs in to made-up data. The password is printed: there is nothing to protect.
const (
	demoLogin    = "demo"
	demoPassword = "jalan pagi ke pasar"
	demoMembers  = 40
	demoVisits   = 120
)

func (e *env) demoCommand() *cli.Command {
	return &cli.Command{Name: "demo", Usage: "try the program with made-up people",
		Description: "Without flags it makes a district of its own and serves it: a centre, two branches and a van, joined, that\nare thrown away at the end. With --members it fills the fresh directory --data and ends. Nobody in it exists; a banner on every page says so.",
		Flags: append(serveFlags(),
			&cli.IntFlag{Name: "members", Usage: "fill --data with `N` members and end"},
			&cli.IntFlag{Name: "visits", Usage: "put `N` lines into the visit register", Value: -1},
			&cli.IntFlag{Name: "photos", Usage: "draw photos for the first `N` members", Value: demoMembers},
			&cli.Uint64Flag{Name: "seed", Usage: "the same `NUMBER` makes the same people", Value: 1},
		), Action: e.demo}
}

func (e *env) demo(ctx context.Context, cmd *cli.Command) error {
	filling := demo.Filling{Members: cmd.Int("members"), Visits: cmd.Int("visits"), Photos: cmd.Int("photos"), Seed: cmd.Uint64("seed")}
	cfg := e.config(cmd)
	if filling.Members > 0 {
		if filling.Visits < 0 {
			filling.Visits = filling.Members
		}
		if err := e.fillDemo(ctx, cfg, filling); err != nil {
			return err
		}
		fmt.Fprintf(e.out, "sign in as %q with the password %q\nstart it with: simpul serve --data %s\n", demoLogin, demoPassword, cfg.Dir)
		return nil
	}
	return e.runDistrict(ctx, cmd)
}

// fillDemo sets a fresh directory up and fills it.
func (e *env) fillDemo(ctx context.Context, cfg Config, filling demo.Filling) (err error) {
	if _, err := os.Stat(filepath.Join(cfg.Dir, store.FileName)); err == nil {
		return usageError{fmt.Errorf("%s holds data already; made-up people go into a fresh directory only", cfg.Dir)}
	}
	cfg = cfg.withDefaults()
	filling.Clock = demo.NewClock(time.Now(), cfg.Zone, filling.Work())
	cfg.Now, cfg.Mono = filling.Clock.Now, filling.Clock.Mono
	n, err := Open(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.Close()) }()
	who, err := n.setUpDemo(ctx)
	if err != nil {
		return err
	}
	start := time.Now()
	var one sync.Mutex
	show := e.progress("members")
	filling.Done = func(members, _ int) {
		one.Lock()
		defer one.Unlock()
		show(int64(members), int64(filling.Members))
	}
	if err := demo.Fill(ctx, n.Desk, who, filling); err != nil {
		return err
	}
	spent := time.Since(start).Seconds()
	fmt.Fprintf(e.out, "%d members and %d visits in %.1f s (%.0f members/s)\n", filling.Members, filling.Visits, spent, float64(filling.Members)/spent)
	return nil
}

func (n *Node) setUpDemo(ctx context.Context) (desk.Actor, error) {
	words, err := n.Desk.NewRecovery()
	if err != nil {
		return desk.Actor{}, fmt.Errorf("node: %w", err)
	}
	op, err := library.NewID(rand.Reader)
	if err != nil {
		return desk.Actor{}, err
	}
	done, err := n.Desk.SetUp(ctx, op, desk.SetupInput{Role: library.NodeBranch, Name: "Perpustakaan Contoh", Code: 990,
		Login: demoLogin, FullName: "Petugas Contoh", Password: demoPassword, Demo: true, Recovery: vault.RecoveryCode(words)})
	return desk.Actor{Officer: done.ID, Role: library.RoleCoordinator}, err
}
