package node

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/urfave/cli/v3"

	"simpul/node/demo"
	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/office"
	"simpul/node/vault"
)

// A district of made-up people: a centre, two branches and a van, joined, each on
// a port of this PC. Nothing of it is left behind.

// place is one node of the district.
type place struct {
	folder  string
	role    library.NodeRole
	name    string
	code    int
	members int
	waiting int    // people at the counter when it opens
	twin    string // how the officer there wrote a name that another branch knows too
}

func district() []place {
	return []place{
		{"pusat", library.NodeCentre, "Perpustakaan Kabupaten (pusat)", 990, 0, 0, ""},
		{"genteng", library.NodeBranch, "Perpustakaan Genteng", 991, 14, 4, "Siti Nur Aini"},
		{"rogojampi", library.NodeBranch, "Perpustakaan Rogojampi", 992, 10, 2, "Siti Nuraini"},
		{"keliling", library.NodeVan, "Mobil Keliling 1", 993, 6, 1, ""},
	}
}

// placed is a node of the district that is open.
type placed struct {
	place
	*Node
	who  desk.Actor
	page string
}

// runDistrict makes the district, serves it until ctx ends, and removes it.
func (e *env) runDistrict(ctx context.Context, cmd *cli.Command) (err error) {
	top, err := os.MkdirTemp("", "simpul-demo-")
	if err != nil {
		return fmt.Errorf("node: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(top)) }()
	start := time.Now()
	fmt.Fprintln(e.errOut, "Making up a district: a centre, two branches and a van …")
	places, err := e.makeDistrict(ctx, cmd, top)
	defer func() {
		for _, p := range places {
			if p.Node != nil {
				err = errors.Join(err, p.Close())
			}
		}
	}()
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var serving sync.WaitGroup
	defer serving.Wait()
	defer stop()
	failed := make(chan error, len(places))
	for i := range places {
		p := places[i]
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return fmt.Errorf("node: demo: %w", err)
		}
		places[i].page = "http://" + browserAddress(ln.Addr())
		serving.Go(func() { failed <- p.Serve(ctx, ln) })
	}
	fmt.Fprintf(e.out, "A district of made-up people, ready in %.1f s:\n\n", time.Since(start).Seconds())
	for _, p := range places {
		fmt.Fprintf(e.out, "  %-32s %s/masuk\n", p.name, p.page)
	}
	fmt.Fprintf(e.out, "\nSign in everywhere as %q with the password %q. Everything is thrown away at the end.\n", demoLogin, demoPassword)
	if !cmd.Bool("no-browser") {
		openBrowser(places[1].page)
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-failed:
		return err
	}
}

// makeDistrict fills the places side by side and joins them.
func (e *env) makeDistrict(ctx context.Context, cmd *cli.Command, top string) ([]placed, error) {
	places := make([]placed, len(district()))
	var making sync.WaitGroup
	errs := make([]error, len(places))
	for i, p := range district() {
		making.Go(func() { places[i], errs[i] = e.makePlace(ctx, cmd, top, p, uint64(i)) })
	}
	making.Wait()
	if err := errors.Join(errs...); err != nil {
		return places, err
	}
	centre := places[0]
	if err := centre.ListenToNodes(ctx, "127.0.0.1:0"); err != nil {
		return places, err
	}
	for _, p := range places[1:] {
		if err := centre.letIn(ctx, p); err != nil {
			return places, fmt.Errorf("node: demo: join %s: %w", p.name, err)
		}
	}
	for _, p := range places[1:] {
		making.Go(func() { // the first exchange brings the centre up to date; what fails now is tried again while it serves
			if err := p.syncNow(ctx); err != nil {
				p.Log.Warn("demo: first exchange", "err", err)
			}
		})
	}
	making.Wait()
	return places, nil
}

// makePlace sets a node up and fills it at the pace of the made-up clock.
func (e *env) makePlace(ctx context.Context, cmd *cli.Command, top string, p place, seed uint64) (placed, error) {
	cfg := e.config(cmd)
	cfg.Dir = filepath.Join(top, p.folder, "data")
	cfg.Vault = vault.Params{Memory: 8 << 10, Time: 1, Threads: 1} // four nodes, one password, nobody to protect
	if p.members > 0 {
		filling := demo.Filling{Members: p.members, Visits: 4 * p.members, Photos: p.members / 2, Waiting: p.waiting, Seed: seed + 1, Workers: 2}
		made := cfg.withDefaults()
		filling.Clock = demo.NewClock(time.Now(), made.Zone, filling.Work())
		made.Now, made.Mono = filling.Clock.Now, filling.Clock.Mono
		n, err := Open(ctx, made)
		if err != nil {
			return placed{}, err
		}
		who, err := n.setUpPlace(ctx, p)
		if err == nil {
			if p.twin != "" {
				filling.Also = []library.Form{twin(n.Desk, p.twin)}
			}
			err = demo.Fill(ctx, n.Desk, who, filling)
		}
		if err := errors.Join(err, n.Close()); err != nil {
			return placed{}, err
		}
	}
	n, err := Open(ctx, cfg)
	if err != nil {
		return placed{}, err
	}
	out := placed{place: p, Node: n}
	if p.members == 0 {
		out.who, err = n.setUpPlace(ctx, p)
	} else {
		out.who, err = n.Desk.Enter(ctx, demoLogin, demoPassword)
	}
	n.Desk.Settle()
	return out, err
}

// twin is a woman who registers at two branches. The names differ, so the centre asks a person.
func twin(d *desk.Desk, name string) library.Form {
	people := demo.NewPeople(0, d.Regions(), d.Today())
	form := people.Next()
	for form.Sex != library.Female || form.Guardian.Name != "" {
		form = people.Next()
	}
	form.Name = name
	return form
}

func (n *Node) setUpPlace(ctx context.Context, p place) (desk.Actor, error) {
	words, err := n.Desk.NewRecovery()
	if err != nil {
		return desk.Actor{}, err
	}
	op, err := library.NewID(rand.Reader)
	if err != nil {
		return desk.Actor{}, err
	}
	done, err := n.Desk.SetUp(ctx, op, desk.SetupInput{Role: p.role, Name: p.name, Code: p.code,
		Login: demoLogin, FullName: "Petugas Contoh", Password: demoPassword, Demo: true, Recovery: words})
	return desk.Actor{Officer: done.ID, Role: library.RoleCoordinator}, err
}

// letIn is what two people do: make a code, ask, compare, approve, ask again.
func (centre placed) letIn(ctx context.Context, p placed) error {
	op := func() (id library.ID) { id, _ = library.NewID(rand.Reader); return id } // crypto/rand does not fail
	code, err := centre.Office.NewCode(ctx, centre.who, op(), office.CodeInput{Name: p.name, Role: p.role})
	if err != nil {
		return err
	}
	asked, err := p.Desk.StartJoin(ctx, p.who, code.Text, "")
	if err != nil {
		return err
	}
	waiting, err := centre.Office.Pending(ctx, centre.who)
	if err != nil {
		return err
	}
	for _, a := range waiting {
		if a.Check == asked.Check {
			if _, err := centre.Office.Approve(ctx, centre.who, op(), a.ID); err != nil {
				return err
			}
		}
	}
	_, err = p.Desk.AskJoin(ctx, p.who)
	return err
}
