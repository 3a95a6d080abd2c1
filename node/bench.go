package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/urfave/cli/v3"

	"simpul/node/demo"
	"simpul/node/store"
)

func (e *env) benchCommand() *cli.Command {
	return &cli.Command{Name: "bench", Usage: "measure this program on this PC", Commands: []*cli.Command{
		{Name: "desk", Usage: "durable steps, search, pages, start and memory, beside bare baselines of the same run", Action: e.benchDesk, Flags: []cli.Flag{
			&cli.IntFlag{Name: "members", Usage: "measure pages and search with `N` members", Value: 10_000},
			&cli.IntFlag{Name: "seconds", Usage: "length of each round", Value: 2},
			&cli.IntFlag{Name: "rounds", Usage: "rounds of each kind; the median counts", Value: 3},
			&cli.StringFlag{Name: "keep", Usage: "keep the filled `DIR` and use it again"},
			&cli.StringFlag{Name: "only", Usage: "steps, members or process"},
			&cli.StringFlag{Name: "profile", Usage: "write a CPU profile of the rounds of steps to `FILE`"},
		}}, e.benchSyncCommand()}}
}

// measure is one line of the report. Ratio is against the baseline of the same run, 0 without one.
type measure struct {
	Name     string  `json:"name"`
	Value    float64 `json:"value"`
	Unit     string  `json:"unit"`
	Baseline float64 `json:"baseline,omitempty"`
	Ratio    float64 `json:"ratio,omitempty"`
	Aim      string  `json:"aim,omitempty"`
	Met      *bool   `json:"met,omitempty"`
}

// bench is one run.
type bench struct {
	env     *env
	work    string // thrown away at the end
	members int
	seconds time.Duration
	rounds  int
	keep    string
	profile string
	found   []measure
}

func (b *bench) add(m measure) { b.found = append(b.found, m) }

// atMost and atLeast add a measure with an aim.
func (b *bench) atMost(name string, value float64, unit string, aim float64) {
	met := value <= aim
	b.add(measure{Name: name, Value: value, Unit: unit, Aim: fmt.Sprintf("≤ %g %s", aim, unit), Met: &met})
}

func (b *bench) ratio(name string, value, baseline float64, unit string, aim float64) {
	r := value / max(baseline, 1e-9)
	met := r >= aim
	b.add(measure{Name: name, Value: value, Unit: unit, Baseline: baseline, Ratio: r, Aim: fmt.Sprintf("≥ %g of the bare program", aim), Met: &met})
}

func (e *env) benchDesk(ctx context.Context, cmd *cli.Command) (err error) {
	only := cmd.String("only")
	if !slices.Contains([]string{"", "steps", "members", "process"}, only) {
		return usageError{fmt.Errorf("--only: there is no part %q", only)}
	}
	work, err := os.MkdirTemp("", "simpul-bench-")
	if err != nil {
		return fmt.Errorf("node: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	b := &bench{env: e, work: work, members: cmd.Int("members"), seconds: time.Duration(cmd.Int("seconds")) * time.Second, rounds: max(cmd.Int("rounds"), 1),
		keep: cmd.String("keep"), profile: cmd.String("profile")}
	parts := []struct {
		name string
		run  func(context.Context) error
	}{{"steps", b.steps}, {"members", b.withMembers}, {"process", b.process}}
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

func (b *bench) write(w io.Writer) {
	fmt.Fprintf(w, "%-44s %12s %-9s %10s %6s  %s\n", "", "value", "", "baseline", "ratio", "aim")
	for _, m := range b.found {
		line := fmt.Sprintf("%-44s %12.2f %-9s", m.Name, m.Value, m.Unit)
		if m.Baseline > 0 {
			line += fmt.Sprintf(" %10.0f %6.2f", m.Baseline, m.Ratio)
		} else {
			line += fmt.Sprintf(" %10s %6s", "", "")
		}
		if m.Met != nil {
			line += "  " + m.Aim + map[bool]string{true: ": met", false: ": NOT met"}[*m.Met]
		}
		fmt.Fprintln(w, line)
	}
}

// config is that of a node under measurement: as it ships, without its log lines.
func (b *bench) config(dir string) Config {
	return Config{Dir: dir, Files: b.env.files, Log: slog.New(slog.DiscardHandler), Machine: machineID()}
}

// filled is the directory with the members, made if it is not there.
func (b *bench) filled(ctx context.Context) (string, error) {
	dir := filepath.Join(b.work, "members", "data")
	if b.keep != "" {
		dir = filepath.Join(b.keep, fmt.Sprintf("%d", b.members), "data")
	}
	if _, err := os.Stat(filepath.Join(dir, store.FileName)); err == nil {
		return dir, nil
	}
	quiet := *b.env
	quiet.out = quiet.errOut
	start := time.Now()
	err := quiet.fillDemo(ctx, b.config(dir), demo.Filling{Members: b.members, Visits: b.members / 10, Seed: 1, Workers: 32})
	b.add(measure{Name: "filled through the use cases", Value: float64(b.members) / time.Since(start).Seconds(), Unit: "members/s"})
	return dir, err
}
