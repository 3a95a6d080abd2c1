package simtest

import (
	"crypto/ed25519"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"

	"simpul/node/store"
	"simpul/node/vault"
)

// Options say what is run. The zero value of most is "as the seed says".
type Options struct {
	Seed   uint64
	Steps  int           // 0: as the seed says, 12 to 300
	Faults Faults        // which may happen; 0: as the seed says
	Skip   map[int]bool  // steps left out, for shrinking
	Mutant Mutant        // a part that misbehaves on purpose
	Vault  *vault.Vault  // open; shared, because making one takes longer than a run
	Empty  *store.Memory // a database with the schema and nothing else; nil makes one, which takes as long as ten steps
	Dir    string        // for the marks
	Print  func(string)  // every line of the trace; nil is nobody
}

// Result is how a run went.
type Result struct {
	Seed      uint64
	Steps     int
	Faults    Faults
	Trace     string // a hash of all lines
	Lines     int
	Invariant string // what was broken, "" when all held
	Text      string
	Tail      []string // the last lines
	Counts    map[string]int
}

// Failed reports whether an invariant was broken.
func (r Result) Failed() bool { return r.Invariant != "" }

// World is one run.
type World struct {
	opt     Options
	now     int64 // the true time in ms
	trace   *trace
	plan    plan
	oracle  *oracle
	sites   []*site // PCs of nodes, in the order in which they came
	centre  *site
	dice    *rand.Rand // of the step under way
	faults  Faults
	weather weather
	calm    bool
	ending  bool // the faults are over
	letters []letter
	meter   struct{ up, down int }
	counts  map[string]int
	step    int
	key     ed25519.PrivateKey
	wind    *rand.Rand // of the links
	rogue   *rogue
	made    int // PCs
	proved  int // copies of the centre
	sticks  []*stick
	// receipts is what the centre said of a stream: received, applied, durable.
	receipts map[receipt][3]uint64
	sealed   [2]string // an age identity and its recipient, of all sticks
}

// failure ends a run.
type failure struct{ invariant, text string }

func (w *World) fail(invariant, format string, args ...any) {
	panic(failure{invariant, fmt.Sprintf(format, args...)})
}

// must ends the run when the simulator itself could not go on.
func (w *World) must(err error) {
	if err != nil {
		panic(failure{"the simulator runs", err.Error()})
	}
}

func (w *World) say(format string, args ...any) {
	w.trace.add(fmt.Sprintf("%3d %s  ", w.step, clockText(w.now)) + fmt.Sprintf(format, args...))
}

func clockText(ms int64) string {
	t := ms - start
	return fmt.Sprintf("%d+%02d:%02d:%02d", t/day, t/hour%24, t/minute%60, t/1000%60)
}

func (w *World) count(what string) { w.counts[what]++ }

// Run carries out one seed.
func Run(opt Options) (res Result) {
	w := &World{opt: opt, now: start, trace: newTrace(80, opt.Print), oracle: newOracle(), counts: map[string]int{}, receipts: map[receipt][3]uint64{}, faults: opt.Faults}
	dice := rand.New(rand.NewPCG(opt.Seed, 1<<40))
	w.plan = drawPlan(dice)
	steps := w.plan.steps
	if opt.Steps > 0 {
		steps = opt.Steps
	}
	if w.faults == 0 {
		w.faults = w.plan.faults
	}
	w.weather = w.plan.weather
	if w.faults&NetFaults == 0 {
		w.weather = calm
	}
	defer func() {
		if p := recover(); p != nil {
			f, ok := p.(failure)
			if !ok {
				panic(p)
			}
			res.Invariant, res.Text = f.invariant, f.text
		}
		w.shut()
		res.Seed, res.Steps, res.Faults, res.Counts = opt.Seed, steps, w.faults, w.counts
		res.Trace, res.Lines, res.Tail = w.trace.hash(), w.trace.lines, slices.Clone(w.trace.last())
	}()
	w.dice = rand.New(rand.NewPCG(opt.Seed, 1<<41))
	w.build(dice)
	for k := range steps {
		// Every step has dice of its own, so that leaving one out changes the
		// others as little as possible.
		w.step, w.dice = k+1, rand.New(rand.NewPCG(opt.Seed, uint64(k)))
		if opt.Skip[k+1] {
			continue
		}
		w.takeStep()
	}
	w.count("size " + string(w.plan.size))
	w.step, w.dice = steps+1, rand.New(rand.NewPCG(opt.Seed, 1<<42))
	w.quiesce()
	w.check()
	return res
}

// shut closes what is open and removes the marks.
func (w *World) shut() {
	for _, s := range append([]*site{w.centre}, w.sites...) {
		if s != nil {
			s.discard()
		}
	}
	_ = os.RemoveAll(w.opt.Dir)
}

// living are the PCs that are in use.
func (w *World) living() []*site {
	var out []*site
	for _, s := range w.sites {
		if !s.retired {
			out = append(out, s)
		}
	}
	return out
}

// anySite is one of those in use, by chance.
func (w *World) anySite() *site {
	all := w.living()
	return all[w.dice.IntN(len(all))]
}

// Report is what a person reads about a failed run.
func (r Result) Report() string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d broke %q: %s\n", r.Seed, r.Invariant, r.Text)
	fmt.Fprintf(&b, "%d steps, faults %s, trace %s\n", r.Steps, r.Faults, r.Trace)
	for _, line := range r.Tail {
		b.WriteString("  " + line + "\n")
	}
	fmt.Fprintf(&b, "replay: go test ./sync/simtest -run TestSeeds -seed %d -seeds 1 -v\n", r.Seed)
	return b.String()
}
