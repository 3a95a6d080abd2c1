package node_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"log/slog"
	mathrand "math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"simpul/node"
	"simpul/node/demo"
	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/store"
	"simpul/node/vault"
	"simpul/sync/event"
)

// TestKilledAtAnyMoment kills a node of its own process with SIGKILL while officers register people, again and again,
// and asks it after each start for everything that it had acknowledged. SIMPUL_KILLS sets how often; 200 takes about a
// minute:
//
//	SIMPUL_KILLS=200 go test ./node -run Killed -v
func TestKilledAtAnyMoment(t *testing.T) {
	kills := 12
	if n, err := strconv.Atoi(os.Getenv("SIMPUL_KILLS")); err == nil {
		kills = n
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d, %d kills", seed, kills)
	random := mathrand.New(mathrand.NewPCG(seed, 0))
	v := newVictim(t)
	people := demo.NewPeople(seed, library.BuiltinRegions(), library.DateIn(time.Now(), library.WIB()))
	for life := range kills {
		p := v.start(t)
		v.verify(t, p)
		ctx, cancel := context.WithCancel(context.Background())
		var officers sync.WaitGroup
		for range 3 {
			officers.Go(func() { v.work(ctx, p.base, people) })
		}
		// A moment in the middle of the work; the test does not depend on which.
		time.Sleep(time.Duration(5+random.IntN(90)) * time.Millisecond)
		for stop := time.Now().Add(patience); life == kills-1 && v.cards() == 0 && time.Now().Before(stop); {
			time.Sleep(time.Millisecond) // on a slow PC no life was long enough for a whole registration
		}
		p.kill(t)
		cancel()
		officers.Wait()
	}
	p := v.start(t)
	v.verify(t, p)
	p.kill(t)
	v.prove(t)
}

// patience is how long a node may take to start or to answer on a slow PC.
const patience = time.Minute

// victim is a data directory whose node is killed, and what it has acknowledged.
type victim struct {
	dir, key, binary, session string

	mu    sync.Mutex
	saved map[library.ID]demo.Step
	fresh map[library.ID]bool // since the last start
}

func newVictim(t *testing.T) *victim {
	t.Helper()
	v := &victim{dir: filepath.Join(t.TempDir(), "data"), saved: map[library.ID]demo.Step{}, fresh: map[library.ID]bool{}}
	v.key, v.binary = filepath.Join(t.TempDir(), "key"), filepath.Join(t.TempDir(), "simpul")
	buildProgram(t, v.binary)
	n := nodetest.Start(t, nodetest.WithDir(v.dir))
	defer n.Stop()
	content, err := vault.NewKeyFile(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	credential, err := vault.ParseKeyFile(content)
	if err != nil {
		t.Fatal(err)
	}
	slot, err := n.Desk.Vault.AddSlot(t.Context(), credential)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Store.Write(t.Context(), event.ID{}, func(tx *store.Tx) error {
		return tx.PutSlot(store.Slot{Owner: event.ID{'k', 'e', 'y'}, Slot: slot})
	}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(v.key, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if v.session, err = n.Desk.SignInAs(t.Context(), n.Officer.Officer); err != nil {
		t.Fatal(err)
	}
	return v
}

// buildProgram builds the program as it ships.
func buildProgram(t *testing.T, file string) {
	t.Helper()
	build := exec.Command("go", "build", "-o", file, ".")
	build.Dir, build.Env = nodetest.Root(), append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
}

// process is one life of the node.
type process struct {
	cmd  *exec.Cmd
	base string
	said *lockedBuffer
}

func (v *victim) start(t *testing.T) *process {
	t.Helper()
	return startProgram(t, v.binary, "serve", "--data", v.dir, "--listen", "127.0.0.1:0", "--key-file", v.key, "--no-browser", "--log-level", "error")
}

// startProgram starts a node and waits until it says where it answers.
func startProgram(t *testing.T, binary string, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(binary, args...), said: &lockedBuffer{}}
	p.cmd.Stderr = p.said
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() }) // already dead unless the test failed
	late := time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() })
	line, err := bufio.NewReader(out).ReadString('\n')
	late.Stop()
	_, page, found := strings.Cut(strings.TrimSpace(line), "Simpul: http://localhost:")
	if err != nil || !found {
		t.Fatalf("the node does not start: %q, %v\n%s", line, err, p.said.String())
	}
	p.base = "http://127.0.0.1:" + page
	return p
}

func (p *process) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait() // says that it was killed
	if s := p.said.String(); strings.Contains(s, "panic") {
		t.Fatalf("the node panicked:\n%s", s)
	}
}

// work registers one person after another until the node is gone, and writes down what it acknowledged.
func (v *victim) work(ctx context.Context, base string, people *demo.People) {
	counter, err := demo.NewCounter(ctx, base, v.session, rand.Reader)
	if err != nil {
		return // killed before the first page
	}
	defer counter.Close()
	for err == nil {
		err = counter.Register(ctx, people.Next(), func(id library.ID, step demo.Step) {
			v.mu.Lock()
			defer v.mu.Unlock()
			v.saved[id], v.fresh[id] = step, true
		})
	}
}

// cards is how many cards the node has acknowledged.
func (v *victim) cards() (n int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, step := range v.saved {
		if step >= demo.Issued {
			n++
		}
	}
	return n
}

// verify asks the running node for what was acknowledged in the life before.
func (v *victim) verify(t *testing.T, p *process) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	counter, err := demo.NewCounter(ctx, p.base, v.session, rand.Reader)
	if err != nil {
		t.Fatalf("%v\n%s", err, p.said.String())
	}
	defer counter.Close()
	for id := range v.fresh {
		status, body, _, err := counter.Get(ctx, "/daftar/"+id.String())
		if err != nil || status != http.StatusSeeOther && status != http.StatusOK {
			t.Fatalf("acknowledged step %d of a registration and lost it: %d %v %.300s", v.saved[id], status, err, body)
		}
	}
	clear(v.fresh)
}

// prove opens what is left and compares every registration with what was acknowledged.
func (v *victim) prove(t *testing.T) {
	t.Helper()
	n, err := node.Open(t.Context(), node.Config{Dir: v.dir, Files: os.DirFS(filepath.Join(nodetest.Root(), "ui")), Machine: "test", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	who, err := n.Desk.Enter(t.Context(), nodetest.Login, nodetest.Password)
	if err != nil {
		t.Fatal(err)
	}
	numbers := map[library.MemberNumber]library.ID{}
	cards := 0
	for id, step := range v.saved {
		rec, err := n.Desk.Registration(t.Context(), who, id)
		if err != nil {
			t.Fatalf("acknowledged step %d and lost it: %v", step, err)
		}
		if have := reached(rec); have < step {
			t.Errorf("acknowledged step %d, kept step %d", step, have)
		}
		if rec.Card == nil {
			continue
		}
		cards++
		if other, given := numbers[rec.Card.Number]; given {
			t.Errorf("%s and %s have the same number", id, other)
		}
		numbers[rec.Card.Number] = id
	}
	report, err := n.Store.Check(t.Context(), nil)
	if err != nil || len(report.Findings) > 0 {
		t.Fatalf("check: %v %+v", err, report.Findings)
	}
	t.Logf("%d registrations acknowledged, %d cards, %d events", len(v.saved), cards, report.Events)
	if cards == 0 {
		t.Error("no card was ever issued: the kills came too early to prove anything")
	}
}

func reached(r desk.Record) demo.Step {
	step := map[desk.Stage]demo.Step{desk.StageOpened: demo.Opened, desk.StageIdentified: demo.Identified, desk.StageFilled: demo.Filled,
		desk.StageVerified: demo.Verified, desk.StageIssued: demo.Issued, desk.StageDone: demo.HandedOver}[r.Stage]
	if step == demo.Verified && r.Photo != "" {
		return demo.PhotoAnswered
	}
	return step
}
