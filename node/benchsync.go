package node

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/urfave/cli/v3"

	"simpul/node/demo"
	"simpul/node/library"
	"simpul/node/vault"
)

func (e *env) benchSyncCommand() *cli.Command {
	return &cli.Command{Name: "sync", Usage: "bytes and speed of the exchange, beside bare baselines of the same run", Action: e.benchSync,
		Description: "Bytes are those of the TCP connections, with headers, TLS and what comes back.", Flags: []cli.Flag{
			&cli.IntFlag{Name: "batch", Usage: "the largest batch of registrations and of visits", Value: 1000},
			&cli.IntFlag{Name: "entries", Usage: "bootstrap a new node with `N` directory entries", Value: 100_000},
			&cli.IntFlag{Name: "nodes", Usage: "let `N` nodes arrive at once", Value: 100},
			&cli.IntFlag{Name: "events", Usage: "take in and apply `N` events a round", Value: 30_000},
			&cli.IntFlag{Name: "rounds", Usage: "rounds of each kind; the median counts", Value: 3},
			&cli.StringFlag{Name: "only", Usage: "wire, intake, rush or directory"},
		}}
}

// syncBench is one run of `bench sync`.
type syncBench struct {
	*bench
	batch, entries, nodes, events int
}

func (e *env) benchSync(ctx context.Context, cmd *cli.Command) (err error) {
	only := cmd.String("only")
	if !slices.Contains([]string{"", "wire", "intake", "rush", "directory"}, only) {
		return usageError{fmt.Errorf("--only: there is no part %q", only)}
	}
	work, err := os.MkdirTemp("", "simpul-bench-")
	if err != nil {
		return fmt.Errorf("node: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	b := &syncBench{bench: &bench{env: e, work: work, rounds: max(cmd.Int("rounds"), 1)},
		batch: max(cmd.Int("batch"), 1), entries: cmd.Int("entries"), nodes: cmd.Int("nodes"), events: cmd.Int("events")}
	parts := []struct {
		name string
		run  func(context.Context) error
	}{{"wire", b.onTheWire}, {"intake", b.intake}, {"rush", b.rush}, {"directory", b.directory}}
	for _, part := range parts {
		if only != "" && only != part.name {
			continue
		}
		if err := part.run(ctx); err != nil {
			return fmt.Errorf("bench %s: %w", part.name, err)
		}
	}
	return e.tell(cmd, b.found, b.write)
}

// against adds a measure of which less is better, beside a baseline, with an aim or 0 for none.
func (b *syncBench) against(name string, value, baseline float64, unit string, aim float64) {
	m := measure{Name: name, Value: value, Unit: unit, Baseline: baseline}
	if baseline > 0 {
		m.Ratio = value / baseline
	}
	if aim > 0 {
		met := value <= aim
		m.Aim, m.Met = fmt.Sprintf("≤ %g %s", aim, unit), &met
	}
	b.add(m)
}

// open makes a fresh node at the pace of a made-up clock, which may be nil.
func (b *syncBench) open(ctx context.Context, p place, clock *demo.Clock) (placed, error) {
	cfg := b.config(filepath.Join(b.work, p.folder, "data"))
	cfg.Vault = vault.Params{Memory: 8 << 10, Time: 1, Threads: 1} // opening vaults is not what is measured
	if clock != nil {
		cfg.Now, cfg.Mono = clock.Now, clock.Mono
	}
	n, err := Open(ctx, cfg)
	if err != nil {
		return placed{}, err
	}
	who, err := n.setUpPlace(ctx, p)
	if err != nil {
		return placed{}, errors.Join(err, n.Close())
	}
	n.Desk.Settle()
	return placed{place: p, Node: n, who: who}, nil
}

// joined is a node that reaches a centre over a line that counts.
type joined struct {
	centre, node placed
	line         *benchLine
	stop         context.CancelFunc
}

func (j *joined) close() error {
	j.stop()
	return errors.Join(j.line.close(), j.node.Close(), j.centre.Close())
}

// join makes a centre and a node of it.
func (b *syncBench) join(ctx context.Context, folder string, clock *demo.Clock) (_ *joined, err error) {
	j := &joined{}
	if j.centre, err = b.open(ctx, place{folder: folder + "-centre", role: library.NodeCentre, name: "Pusat", code: 990}, nil); err != nil {
		return nil, err
	}
	listening, stop := context.WithCancel(ctx)
	j.stop = stop
	if err := j.centre.ListenToNodes(listening, "127.0.0.1:0"); err != nil {
		return nil, err
	}
	if j.line, err = newBenchLine(j.centre.post.addr.String()); err != nil {
		return nil, err
	}
	op, err := library.NewID(j.centre.Desk.Rand)
	if err != nil {
		return nil, err
	}
	if err := j.centre.Desk.SetSetting(ctx, j.centre.who, op, "addresses", []string{"https://" + j.line.address()}); err != nil {
		return nil, err
	}
	if j.node, err = b.open(ctx, place{folder: folder + "-node", role: library.NodeVan, name: "Mobil Keliling 1", code: 991}, clock); err != nil {
		return nil, err
	}
	return j, j.centre.letIn(ctx, j.node)
}

func seconds(from time.Time) float64 { return time.Since(from).Seconds() }
