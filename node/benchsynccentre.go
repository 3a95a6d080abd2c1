package node

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"simpul/node/demo"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/agent"
	"simpul/sync/event"
	"simpul/sync/wire"
)

// benchCentre is a centre in a process of its own, so that its memory is its own.
type benchCentre struct {
	cmd  *exec.Cmd
	dir  string
	url  string // of the listener for nodes
	key  ed25519.PublicKey
	tls  event.Ruling
	node *placed // a real node that has joined; nil for none

	resident float64 // MB, after the start
}

// startCentre makes a centre that knows the scribes, and a real node of it where
// one is wanted, and starts it.
func (b *syncBench) startCentre(ctx context.Context, folder string, scribes []*scribe, real bool) (_ *benchCentre, err error) {
	c := &benchCentre{}
	centre := placed{}
	if real {
		j, err := b.join(ctx, folder, nil)
		if err != nil {
			return nil, err
		}
		j.stop()
		if err := j.line.close(); err != nil {
			return nil, err
		}
		centre, c.node = j.centre, &j.node
	} else if centre, err = b.open(ctx, place{folder: folder + "-centre", role: library.NodeCentre, name: "Pusat", code: 990}, nil); err != nil {
		return nil, err
	}
	c.dir = centre.Dir
	if err := c.prepare(ctx, centre, scribes); err != nil {
		return nil, errors.Join(err, centre.Close())
	}
	if err := centre.Close(); err != nil {
		return nil, err
	}
	return c, c.start(ctx)
}

func (c *benchCentre) prepare(ctx context.Context, centre placed, scribes []*scribe) error {
	keys, err := centre.Office.Keys(ctx)
	if err != nil {
		return err
	}
	c.key = keys.Public()
	for _, s := range scribes {
		if _, err := centre.Store.Decide(ctx, keys.Signing(), event.ID(centre.who.Officer), event.NodeEnrolled, s.enrolment()); err != nil {
			return err
		}
	}
	told, err := centre.centreKeys(ctx)
	c.tls = told.Ruling
	return errors.Join(err, centre.makeKeyFile(ctx, centre.who.Officer, keyFileBeside(c.dir)))
}

func (c *benchCentre) start(ctx context.Context) error {
	exe, err := os.Executable()
	if err != nil {
		return fmt.Errorf("node: %w", err)
	}
	c.cmd = exec.CommandContext(ctx, exe, "serve", "--data", c.dir, "--listen", "127.0.0.1:0", "--sync-listen", "127.0.0.1:0", "--no-browser", "--log-level", "error")
	c.cmd.Stderr = os.Stderr
	out, err := c.cmd.StdoutPipe()
	if err == nil {
		err = c.cmd.Start()
	}
	if err != nil {
		return fmt.Errorf("node: %w", err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		return errors.Join(fmt.Errorf("node: the centre said %q: %w", line, err), c.stop())
	}
	c.url, c.resident = readRunning(c.dir).Sync, resident(c.cmd.Process.Pid)
	return nil
}

func (c *benchCentre) stop() (err error) {
	if c.node != nil {
		err = c.node.Close()
	}
	err = errors.Join(err, c.cmd.Process.Signal(os.Interrupt))
	_ = c.cmd.Wait() // ends by the signal
	return err
}

// reach is a scribe's own connection.
func (c *benchCentre) reach(s *scribe) (*wire.Client, error) {
	keys := wire.NewKeys(c.key, nil)
	if err := keys.Take(c.tls); err != nil {
		return nil, err
	}
	return &wire.Client{Base: c.url, Transport: wire.NewTransport(keys, nil), Key: s.key, Centre: c.key, Node: s.node}, nil
}

// send exchanges as a node does, until the centre has applied everything.
func (c *benchCentre) send(ctx context.Context, s *scribe) error {
	far, err := c.reach(s)
	if err != nil {
		return err
	}
	defer closeIdle(far.Transport)
	began := time.Now()
	a := agent.New(agent.Options{Log: s, Centre: far, Now: time.Now, Mono: func() time.Duration { return time.Since(began) }, Rand: rand.Reader})
	for {
		_, err := a.Run(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var no *wire.Refusal
		if err != nil && !errors.As(err, &no) {
			return err
		}
		if err == nil && s.clear() {
			return nil
		}
		wait := 50 * time.Millisecond // it is received, and not applied yet
		if err != nil {
			wait = time.Until(s.next)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

// memory adds the most that the centre ever had, beside what it had after its start.
func (b *syncBench) memory(c *benchCentre, after string) {
	if peak := statusKB(c.cmd.Process.Pid, "VmHWM:") * 1024 / 1e6; peak > 0 {
		b.against("most memory of the centre, "+after, peak, c.resident, "MB", 256)
	}
}

func (b *syncBench) scribes(n, from int) []*scribe {
	out := make([]*scribe, n)
	for i := range out {
		out[i] = newScribe(from+i, time.Now().Add(-8*time.Hour))
	}
	return out
}

func (b *syncBench) people(seed uint64) *demo.People {
	return demo.NewPeople(seed, library.BuiltinRegions(), library.DateIn(time.Now(), library.WIB()))
}

// intake lets one node after another bring a backlog, and a bare program as many rows.
func (b *syncBench) intake(ctx context.Context) (err error) {
	scribes, people := b.scribes(b.rounds, 1), b.people(3)
	for _, s := range scribes {
		for s.head() < uint64(b.events) {
			s.day(people, 25)
		}
	}
	c, err := b.startCentre(ctx, "intake", scribes, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.stop()) }()
	var ours, theirs []float64
	for i, s := range scribes {
		rate, err := b.bareInserts(filepath.Join(b.work, fmt.Sprintf("bare-%d", i)), int(s.head()))
		if err != nil {
			return err
		}
		theirs = append(theirs, rate)
		start := time.Now()
		if err := c.send(ctx, s); err != nil {
			return err
		}
		ours = append(ours, float64(s.head())/seconds(start))
	}
	value, met := median(ours), median(ours) >= 10_000
	b.add(measure{Name: "events stored and applied", Value: value, Unit: "1/s", Baseline: median(theirs), Ratio: value / median(theirs), Aim: "≥ 10000 1/s", Met: &met})
	b.memory(c, fmt.Sprintf("%d events", len(scribes)*b.events))
	return nil
}

// rowsAtOnce is how many rows the bare program keeps in one transaction.
const rowsAtOnce = 5000

// bareInserts is how many rows a second the bare program keeps, many in one transaction.
func (b *syncBench) bareInserts(dir string, rows int) (float64, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return 0, fmt.Errorf("node: %w", err)
	}
	bare, err := store.OpenBare(dir)
	if err != nil {
		return 0, err
	}
	values, start := record(), time.Now()
	for left := rows; left > 0; left -= rowsAtOnce {
		if err := bare.InsertMany(values, min(left, rowsAtOnce)); err != nil {
			return 0, errors.Join(err, bare.Close())
		}
	}
	rate := float64(rows) / seconds(start)
	return rate, bare.Close()
}

// registeredADay is what a branch brings in a rush, with three visits for each.
const registeredADay = 20

// rush lets all nodes arrive at one moment at a centre that has nothing yet.
func (b *syncBench) rush(ctx context.Context) (err error) {
	scribes := b.scribes(b.nodes, 1)
	c, err := b.startCentre(ctx, "rush", scribes, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.stop()) }()
	if err := b.arrive(ctx, c, scribes, fmt.Sprintf("%d nodes at once", b.nodes)); err != nil {
		return err
	}
	b.memory(c, fmt.Sprintf("%d nodes", b.nodes))
	return nil
}

// arrive lets all nodes come at one moment, each with its day, real signatures and
// a connection of its own. A node that is asked to come again does so.
func (b *syncBench) arrive(ctx context.Context, c *benchCentre, scribes []*scribe, name string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	people, total := b.people(5), 0
	for _, s := range scribes {
		before := s.head()
		s.day(people, registeredADay)
		total += int(s.head() - before)
	}
	rate, err := b.bareInserts(filepath.Join(b.work, "bare-"+name), total)
	if err != nil {
		return err
	}
	failed := make([]error, len(scribes))
	var arriving sync.WaitGroup
	start := time.Now()
	for i, s := range scribes {
		arriving.Go(func() { failed[i] = c.send(ctx, s) })
	}
	arriving.Wait()
	spent := seconds(start)
	failures, busy := 0, 0
	for i, s := range scribes {
		if failed[i] != nil {
			failures++
			fmt.Fprintf(b.env.errOut, "node %d failed: %v\n", s.code, failed[i])
		}
		busy += s.failed[wire.RefusedBusy]
	}
	b.against(fmt.Sprintf("%s, %d events", name, total), spent, float64(total)/rate, "s", 60)
	b.atMost("  nodes that failed", float64(failures), "nodes", 0)
	b.add(measure{Name: "  asked to come again", Value: float64(busy), Unit: "times"})
	return nil
}

// homes is from how many nodes the members of the directory come.
const homes = 30

// directory bootstraps a new node with everybody's entries.
func (b *syncBench) directory(ctx context.Context) (err error) {
	scribes, people := b.scribes(homes, 100), b.people(9)
	for _, s := range scribes {
		for range (b.entries + homes - 1) / homes {
			s.register(people.Next(), true)
		}
	}
	arriving := b.scribes(b.nodes+1, 200)
	c, err := b.startCentre(ctx, "directory", append(slices.Clone(scribes), arriving...), true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.stop()) }()
	start, sending := time.Now(), sync.WaitGroup{}
	failed := make([]error, len(scribes))
	for i, s := range scribes {
		sending.Go(func() { failed[i] = c.send(ctx, s) })
	}
	sending.Wait()
	if err := errors.Join(failed...); err != nil {
		return err
	}
	b.add(measure{Name: fmt.Sprintf("centre filled with %d members", b.entries), Value: seconds(start), Unit: "s"})
	if err := b.bootstrap(ctx, c); err != nil {
		return err
	}
	return b.rushWithMembers(ctx, c, arriving)
}

// rushWithMembers lets nodes arrive that know everybody; the first of them only
// fetches that for the others.
func (b *syncBench) rushWithMembers(ctx context.Context, c *benchCentre, scribes []*scribe) error {
	if err := c.send(ctx, scribes[0]); err != nil {
		return err
	}
	for _, s := range scribes[1:] {
		for part, feed := range s.feeds {
			feed.follow(scribes[0].feeds[part])
		}
	}
	name := fmt.Sprintf("%d nodes at once, %d members", b.nodes, b.entries)
	if err := b.arrive(ctx, c, scribes[1:], name); err != nil {
		return err
	}
	b.memory(c, name)
	return nil
}

func (b *syncBench) bootstrap(ctx context.Context, c *benchCentre) error {
	line, err := newBenchLine(c.url[len("https://"):])
	if err != nil {
		return err
	}
	defer line.close()
	if _, err := c.node.Store.Write(ctx, event.ID{}, func(tx *store.Tx) error { return tx.SetURLs([]string{"https://" + line.address()}) }); err != nil {
		return err
	}
	start := time.Now()
	if err := c.node.syncNow(ctx); err != nil {
		return err
	}
	spent, p := seconds(start), line.take()
	rows, bare := 0, bytes.Buffer{}
	z := gzip.NewWriter(&bare)
	lines := json.NewEncoder(z)
	if err := c.node.Store.EachRow(ctx, wire.Directory, func(r wire.Row) error {
		var e wire.Entry
		rows++
		return errors.Join(event.Decode(r.Body, &e), lines.Encode(map[string]any{"key": r.Key, "entry": e}))
	}); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("node: %w", err)
	}
	if rows < b.entries {
		return fmt.Errorf("node: the new node holds %d entries of %d", rows, b.entries)
	}
	rate, err := b.bareInserts(filepath.Join(b.work, "bare-directory"), rows)
	if err != nil {
		return err
	}
	b.against(fmt.Sprintf("bootstrap of %d entries", rows), p.bytes()/1e6, float64(bare.Len())/1e6, "MB", 4)
	b.against("  in", spent, float64(rows)/rate, "s", 0)
	b.against("  in", float64(p.Trips), 0, "trips", 0)
	b.memory(c, fmt.Sprintf("%d members", rows))
	return nil
}
