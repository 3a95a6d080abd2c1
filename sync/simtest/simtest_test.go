package simtest

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"simpul/node/store"
	"simpul/node/vault"
)

var (
	seeds   = flag.Int("seeds", 0, "how many seeds to run; 0 is the short form")
	first   = flag.Uint64("seed", 1, "the first seed")
	workers = flag.Int("workers", 0, "how many at a time; 0 is one for each processor")
	most    = flag.Int("most", 5, "how many failures to wait for")
	show    = flag.Bool("lines", false, "print every line of the trace")
)

const shortSeeds = 500

func openVault(t testing.TB) *vault.Vault {
	t.Helper()
	v, err := vault.New(newLocked(1), vault.Params{Memory: 64, Time: 1, Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	code, err := vault.NewRecoveryCode(newBytes(1, 2))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Create(context.Background(), code); err != nil {
		t.Fatal(err)
	}
	return v
}

// locked is randomness that several runs share.
type locked struct {
	mu sync.Mutex
	r  bytes8
}

func newLocked(seed uint64) *locked { return &locked{r: newBytes(seed, 1)} }

func (l *locked) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.r.Read(p)
}

// emptyMemory is a database with the schema.
func emptyMemory(t testing.TB, v *vault.Vault) *store.Memory {
	t.Helper()
	m := store.NewMemory()
	s, err := store.Open(t.Context(), store.Options{Dir: filepath.Join(t.TempDir(), "empty"), Now: time.Now, Mono: func() time.Duration { return 0 }, Boot: 1,
		Rand: newBytes(1, 3), Zone: time.UTC, Vault: v, Log: slog.New(slog.DiscardHandler), Memory: m})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestSeeds runs whole districts. go test ./sync/simtest -seeds 100000
func TestSeeds(t *testing.T) {
	count := *seeds
	if count == 0 {
		count = shortSeeds
	}
	atOnce := *workers
	if atOnce == 0 {
		atOnce = runtime.GOMAXPROCS(0)
	}
	defer debug.SetGCPercent(debug.SetGCPercent(1000))
	v, dir := openVault(t), t.TempDir()
	empty := emptyMemory(t, v)
	var next, failed atomic.Int64
	totals, mu, began := map[string]int{}, sync.Mutex{}, time.Now()
	var wg sync.WaitGroup
	for worker := range atOnce {
		wg.Go(func() {
			for {
				n := next.Add(1) - 1
				if n >= int64(count) || failed.Load() >= int64(*most) {
					return
				}
				opt := Options{Seed: *first + uint64(n), Vault: v, Empty: empty, Dir: filepath.Join(dir, fmt.Sprint(worker))}
				if *show {
					opt.Print = func(line string) { fmt.Println(line) }
				}
				r := Run(opt)
				mu.Lock()
				for what, times := range r.Counts {
					totals[what] += times
				}
				if (n+1)%1000 == 0 {
					fmt.Printf("%d seeds, %s\n", n+1, time.Since(began).Round(time.Second))
				}
				mu.Unlock()
				if r.Failed() {
					failed.Add(1)
					t.Error(r.Report())
				}
			}
		})
	}
	wg.Wait()
	t.Logf("%d seeds in %s", count, time.Since(began).Round(time.Millisecond))
	for _, what := range slices.Sorted(maps.Keys(totals)) {
		t.Logf("%8d  %s", totals[what], what)
	}
}

func TestASeedReplaysExactly(t *testing.T) {
	v := openVault(t)
	empty := emptyMemory(t, v)
	for seed := uint64(1); seed <= 20; seed++ {
		a := Run(Options{Seed: seed, Vault: v, Empty: empty, Dir: filepath.Join(t.TempDir(), "a")})
		b := Run(Options{Seed: seed, Vault: v, Empty: empty, Dir: filepath.Join(t.TempDir(), "b")})
		if a.Trace != b.Trace || a.Lines != b.Lines {
			for i := range min(len(a.Tail), len(b.Tail)) {
				if a.Tail[i] != b.Tail[i] {
					t.Errorf("first difference:\n%s\n%s", a.Tail[i], b.Tail[i])
					break
				}
			}
			t.Fatalf("seed %d: %s with %d lines, then %s with %d", seed, a.Trace, a.Lines, b.Trace, b.Lines)
		}
	}
}
