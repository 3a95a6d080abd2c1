package node

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"simpul/node/demo"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/ui"
)

// steps holds the real steps over HTTP against the bare program, in rounds that take turns.
func (b *bench) steps(ctx context.Context) error {
	bare, err := store.OpenBare(b.work)
	if err != nil {
		return err
	}
	defer bare.Close()
	commits, err := b.commits(ctx, bare)
	if err != nil {
		return err
	}
	b.add(measure{Name: "bare SQLite commits, one row each", Value: commits, Unit: "1/s"})
	app := ui.Bare(bare.Insert)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("node: %w", err)
	}
	go app.Listener(ln)
	defer app.Shutdown()
	n, url, stop, err := b.serving(ctx, filepath.Join(b.work, "steps", "data"))
	if err != nil {
		return err
	}
	defer stop()
	who, err := n.setUpDemo(ctx)
	if err != nil {
		return err
	}
	session, err := n.Desk.SignInAs(ctx, who.Officer)
	if err != nil {
		return err
	}
	people := demo.NewPeople(7, n.Desk.Regions(), n.Desk.Today())
	end, err := b.profiling()
	if err != nil {
		return err
	}
	defer end()
	for _, clients := range []int{1, 8, 32} {
		officers, err := counters(ctx, url, session, clients)
		if err != nil {
			return err
		}
		var ours, theirs []float64
		for range b.rounds {
			rate, err := b.round(ctx, clients, func(ctx context.Context, done func()) error {
				return postRecords(ctx, "http://"+ln.Addr().String(), done)
			})
			if err != nil {
				return err
			}
			theirs = append(theirs, rate)
			if rate, err = b.round(ctx, clients, func(ctx context.Context, done func()) error { return walkSteps(ctx, officers, people, done) }); err != nil {
				return err
			}
			ours = append(ours, rate)
		}
		b.ratio(fmt.Sprintf("durable steps over HTTP, %d clients", clients), median(ours), median(theirs), "1/s", 0.7)
	}
	return nil
}

func (b *bench) profiling() (end func(), err error) {
	if b.profile == "" {
		return func() {}, nil
	}
	f, err := os.Create(b.profile)
	if err != nil {
		return nil, fmt.Errorf("node: %w", err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { pprof.StopCPUProfile(); f.Close() }, nil
}

// serving opens a node and serves it on a free port; stop ends both.
func (b *bench) serving(ctx context.Context, dir string) (n *Node, url string, stop func(), err error) {
	if n, err = Open(ctx, b.config(dir)); err != nil {
		return nil, "", nil, err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", nil, errors.Join(err, n.Close())
	}
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() { _ = n.Serve(ctx, ln) }) // ends with ctx; a failure shows in what is measured
	return n, "http://" + ln.Addr().String(), func() {
		cancel()
		running.Wait()
		_ = n.Close()
	}, nil
}

// commits is how many transactions of one row a single writer brings to the disk.
func (b *bench) commits(ctx context.Context, bare *store.Bare) (float64, error) {
	values := record()
	return b.round(ctx, 1, func(ctx context.Context, done func()) error {
		for ctx.Err() == nil {
			if err := bare.Insert(values); err != nil {
				return err
			}
			done()
		}
		return nil
	})
}

// round lets clients work for one round and returns how often they were done in a second.
func (b *bench) round(ctx context.Context, clients int, work func(ctx context.Context, done func()) error) (float64, error) {
	ctx, cancel := context.WithTimeout(ctx, b.seconds)
	defer cancel()
	var count atomic.Int64
	var running sync.WaitGroup
	failed := make(chan error, clients)
	start := time.Now()
	for range clients {
		running.Go(func() {
			if err := work(ctx, func() { count.Add(1) }); err != nil && ctx.Err() == nil {
				failed <- err
				cancel()
			}
		})
	}
	running.Wait()
	select {
	case err := <-failed:
		return 0, err
	default:
		return float64(count.Load()) / time.Since(start).Seconds(), nil
	}
}

// record is one of the bare program's, about as long as a registration.
func record() []string {
	values := make([]string, store.BareColumns)
	var random [8]byte
	if _, err := rand.Read(random[:]); err != nil {
		panic(err) // crypto/rand does not fail
	}
	for i := range values {
		values[i] = fmt.Sprintf("%x %02d isian contoh", random, i)
	}
	return values
}

func postRecords(ctx context.Context, url string, done func()) error {
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	for ctx.Err() == nil {
		body, err := json.Marshal(record())
		if err != nil {
			return fmt.Errorf("node: %w", err)
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(string(body)))
		if err != nil {
			return fmt.Errorf("node: %w", err)
		}
		res, err := client.Do(req)
		if err != nil {
			return fmt.Errorf("node: %w", err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusCreated {
			return fmt.Errorf("node: the bare program answered %d", res.StatusCode)
		}
		done()
	}
	return nil
}

// counters are as many officers at a browser as there are clients; each round takes them from the channel and puts them back.
func counters(ctx context.Context, url, session string, clients int) (chan *demo.Counter, error) {
	officers := make(chan *demo.Counter, clients)
	for range clients {
		counter, err := demo.NewCounter(ctx, url, session, rand.Reader)
		if err != nil {
			return nil, err
		}
		officers <- counter
	}
	return officers, nil
}

func walkSteps(ctx context.Context, officers chan *demo.Counter, people *demo.People, done func()) error {
	counter := <-officers
	defer func() { officers <- counter }()
	for ctx.Err() == nil {
		if err := counter.Register(ctx, people.Next(), func(library.ID, demo.Step) { done() }); err != nil {
			return err
		}
	}
	return nil
}

func median(list []float64) float64 { return quantile(list, 0.5) }

func quantile(list []float64, q float64) float64 {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}
