package node_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"simpul/node"
	"simpul/node/demo"
	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
	"simpul/sync/event"
	"simpul/sync/wire"
)

// TestEverythingArrives lets a centre and three nodes, each a process of its own,
// exchange over lines that are slow, lose packets and drop every 64 kB, while
// officers register people and any of the four is killed with SIGKILL at random
// moments. In the end every event, every member and every photo must be at the
// centre, every node must know every member, and little may have been sent twice.
//
// SIMPUL_CARRY sets how long people are registered and processes killed:
//
//	SIMPUL_CARRY=10m go test ./node -run Arrives -v -timeout 1h
func TestEverythingArrives(t *testing.T) {
	busy, withPhotos, most := 10*time.Second, 2, 2.0
	if d, err := time.ParseDuration(os.Getenv("SIMPUL_CARRY")); err == nil {
		busy, withPhotos, most = d, 4+int(d.Minutes()*4), 1.2
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	d := newCarried(t, seed, withPhotos)
	for _, p := range d.all {
		p.start(t)
	}
	ctx, cancel := context.WithTimeout(t.Context(), busy)
	defer cancel()
	var working sync.WaitGroup
	for i, p := range d.nodes {
		people := demo.NewPeople(seed+uint64(i)*17+9, library.BuiltinRegions(), library.DateIn(time.Now(), library.WIB()))
		working.Go(func() { p.register(ctx, people) })
		working.Go(func() {
			for ctx.Err() == nil {
				if s, said := p.ask("status"); said && s.Waiting+s.Photos > 0 {
					p.send() // the badge says that something is here
				}
				time.Sleep(3 * time.Second)
			}
		})
	}
	random := mathrand.New(mathrand.NewPCG(seed, 1))
	kills := 0
	for ctx.Err() == nil {
		time.Sleep(100*time.Millisecond + time.Duration(random.Int64N(int64(min(busy/4, time.Minute))))) // a moment in the middle of something
		d.all[random.IntN(len(d.all))].restart(t)
		kills++
	}
	working.Wait()
	for _, p := range d.nodes {
		working.Go(func() { p.finish(t) })
	}
	working.Wait()
	for _, p := range d.nodes { // the last to come brought what the first did not see
		p.line.Good.Store(true)
		p.finish(t)
	}
	for _, p := range d.all {
		p.kill(t)
	}
	d.prove(t, kills, most)
}

// carried is a district that is killed, and what it has acknowledged.
type carried struct {
	centre *killed
	nodes  []*killed
	all    []*killed // the centre last
}

// killed is one PC: its directory and, while it lives, its process.
type killed struct {
	dir, binary, password, session string
	centre                         bool
	line                           *badLine   // to the centre; nil for the centre
	lines                          []*badLine // that lead to it

	asking  sync.RWMutex // a command that finds no node opens the directory itself, and keeps others out
	mu      sync.Mutex
	alive   *process
	numbers map[library.ID]bool // members whose card was acknowledged
	known   int                 // people in the directory in the end
}

func newCarried(t *testing.T, seed uint64, withPhotos int) *carried {
	t.Helper()
	top := t.TempDir()
	d := &carried{}
	binary, password := filepath.Join(top, "simpul"), filepath.Join(top, "password")
	buildProgram(t, binary)
	if err := os.WriteFile(password, []byte(nodetest.Password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	pc := func(name string) *killed {
		p := &killed{dir: filepath.Join(top, name, "data"), binary: binary, password: password, numbers: map[library.ID]bool{}}
		d.all = append(d.all, p)
		return p
	}
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening(), nodetest.WithDir(filepath.Join(top, "centre", "data")))
	for i := range 3 {
		p := pc(fmt.Sprintf("node-%d", i))
		p.line = newBadLine(t, seed+uint64(i))
		p.line.leadTo(strings.TrimPrefix(centre.SyncURL(), "https://"))
		n := nodetest.Start(t, nodetest.WithDir(p.dir))
		if err := demo.Fill(t.Context(), n.Desk, n.Officer, demo.Filling{Members: withPhotos, Photos: withPhotos, Visits: 2 * withPhotos, Seed: seed + uint64(i)*31 + 1}); err != nil {
			t.Fatal(err)
		}
		if err := centre.Desk.SetSetting(t.Context(), centre.Officer, nodetest.Op(t), "addresses", []string{p.line.url()}); err != nil {
			t.Fatal(err)
		}
		letIn(t, centre, n, office.CodeInput{Name: fmt.Sprintf("Cabang %d", i+1), Role: library.NodeBranch})
		p.keep(t, n)
		d.nodes = append(d.nodes, p)
	}
	d.centre = pc("centre")
	d.centre.centre = true
	d.centre.keep(t, centre)
	for _, p := range d.nodes {
		d.centre.lines = append(d.centre.lines, p.line)
		p.line.SentUp.Store(0)
		p.line.SentDown.Store(0)
		p.line.Connected.Store(0)
		p.line.Good.Store(false)
	}
	d.all = append(d.all[:0:0], append([]*killed{d.centre}, d.nodes...)...)
	return d
}

// keep makes what a process needs to go on alone, and ends the node.
func (p *killed) keep(t *testing.T, n *nodetest.Node) {
	t.Helper()
	if err := n.Desk.MakeKeyFile(t.Context(), n.Officer, p.dir+".key"); err != nil {
		t.Fatal(err)
	}
	var err error
	if p.session, err = n.Desk.SignInAs(t.Context(), n.Officer.Officer); err != nil {
		t.Fatal(err)
	}
	n.Stop()
}

func (p *killed) start(t *testing.T) {
	t.Helper()
	listen := "off"
	if p.centre {
		listen = "127.0.0.1:0"
	}
	alive := startProgram(t, p.binary, "serve", "--data", p.dir, "--listen", "127.0.0.1:0", "--sync-listen", listen, "--no-browser", "--log-level", "error")
	if p.centre {
		for _, l := range p.lines {
			l.leadTo(p.listening(t))
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.alive = alive
}

// listening is where the centre's process hears its nodes.
func (p *killed) listening(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(p.dir, "running.json"))
	if err != nil {
		t.Fatal(err)
	}
	var said struct{ Sync string }
	if err := json.Unmarshal(raw, &said); err != nil || said.Sync == "" {
		t.Fatalf("the centre does not say where it listens: %s, %v", raw, err)
	}
	return strings.TrimPrefix(said.Sync, "https://")
}

func (p *killed) base() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.alive.base
}

func (p *killed) kill(t *testing.T) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.alive.kill(t)
	if p.line != nil {
		p.line.Cut() // its ends are gone
	}
}

func (p *killed) restart(t *testing.T) {
	t.Helper()
	p.kill(t)
	p.asking.Lock()
	defer p.asking.Unlock()
	p.start(t)
}

// register registers people until ctx ends, and writes down whose card was acknowledged.
func (p *killed) register(ctx context.Context, people *demo.People) {
	for ctx.Err() == nil {
		counter, err := demo.NewCounter(ctx, p.base(), p.session, rand.Reader)
		if err != nil {
			time.Sleep(50 * time.Millisecond) // it is being started
			continue
		}
		for err == nil {
			err = counter.Register(ctx, people.Next(), func(id library.ID, step demo.Step) {
				if step >= demo.Issued {
					p.mu.Lock()
					defer p.mu.Unlock()
					p.numbers[id] = true
				}
			})
			time.Sleep(2 * time.Second) // the next one comes in
		}
		counter.Close()
	}
}

// sent is what `simpul sync now` says.
type sent struct {
	Failure string
	Waiting int
	Photos  int `json:"photos_waiting"`
}

// send exchanges once, as somebody does who presses the button; ok when it came through.
func (p *killed) send() (s sent, ok bool) {
	s, said := p.ask("now")
	if !said || s.Failure != "" {
		time.Sleep(100 * time.Millisecond) // the line dropped, or one of the two was killed
	}
	return s, said && s.Failure == ""
}

// ask runs `simpul sync`; said is false when the node was killed meanwhile.
func (p *killed) ask(what string) (s sent, said bool) {
	p.asking.RLock()
	defer p.asking.RUnlock()
	out, _ := exec.Command(p.binary, "sync", what, "--data", p.dir, "--password-file", p.password, "--json").Output() // the exit code tells what s.Failure does
	return s, json.Unmarshal(out, &s) == nil
}

// finish sends until nothing is left.
func (p *killed) finish(t *testing.T) {
	for t.Context().Err() == nil {
		if s, ok := p.send(); ok && s.Waiting == 0 && s.Photos == 0 {
			return
		}
	}
}

// prove opens what is left, and holds it against what was acknowledged and against each other.
func (d *carried) prove(t *testing.T, kills int, most float64) {
	t.Helper()
	for _, p := range d.all {
		if out, err := exec.Command(p.binary, "check", "--data", p.dir, "--password-file", p.password).CombinedOutput(); err != nil {
			t.Errorf("check of %s: %v\n%s", p.dir, err, out)
		}
	}
	centre, boss := openLeft(t, d.centre.dir)
	var up, atOnce, down, wentUp, wentDown, cuts, connected int64
	members, events := 0, 0
	for _, p := range d.nodes {
		n, _ := openLeft(t, p.dir)
		n.Desk.Settle()
		p.known = n.Desk.Directory.Len()
		load := payloadOf(t, n)
		events, up, atOnce, down = events+load.events, up+load.up, atOnce+load.atOnce, down+load.down
		wentUp, wentDown = wentUp+p.line.SentUp.Load(), wentDown+p.line.SentDown.Load()
		cuts += p.line.Cuts.Load()
		connected += p.line.Connected.Load()
		for id := range p.numbers {
			here, err := n.Store.Person(t.Context(), event.ID(id))
			if err != nil {
				t.Fatalf("an acknowledged member is gone from the node: %v", err)
			}
			there, err := centre.Store.Person(t.Context(), event.ID(id))
			if err != nil || len(there.Cards) != len(here.Cards) || there.Card().Number != here.Card().Number {
				t.Errorf("an acknowledged member did not arrive as it was: %v", err)
			}
		}
		members += len(p.numbers)
	}
	pcs, err := centre.Office.Nodes(t.Context(), boss)
	if err != nil {
		t.Fatal(err)
	}
	received, arrived := 0, 0
	for _, pc := range pcs {
		received, arrived = received+int(pc.Received), arrived+pc.Members
		if pc.Unapplied > 0 || pc.Aside > 0 {
			t.Errorf("%s: %d events not applied, %d set aside", pc.Name, pc.Unapplied, pc.Aside)
		}
	}
	if received != events {
		t.Errorf("%d events were written, %d arrived", events, received)
	}
	for _, p := range d.nodes {
		if got := p.known; got < arrived {
			t.Errorf("%s knows %d people of %d members", p.dir, got, arrived)
		}
	}
	ratio := float64(wentUp+wentDown) / float64(up+down)
	t.Logf("%d kills, %d cuts, %d connections; %d events, %d members, %d of them while processes were killed; bytes on the wire %d up for %d, %d down for %d: %.3f (%.3f had all been sent at once)",
		kills, cuts, connected, events, arrived, members, wentUp, up, wentDown, down, ratio, float64(wentUp+wentDown)/float64(atOnce+down))
	if members == 0 {
		t.Error("nobody was registered: the kills came too early to prove anything")
	}
	if ratio > most {
		t.Errorf("%.2f bytes on the wire for each byte of payload", ratio)
	}
}

// openLeft opens a directory that a killed process left.
func openLeft(t *testing.T, dir string) (*node.Node, desk.Actor) {
	t.Helper()
	n, err := node.Open(t.Context(), node.Config{Dir: dir, Files: os.DirFS(filepath.Join(nodetest.Root(), "ui")), Machine: "test", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.Close() })
	who, err := n.Desk.Enter(t.Context(), nodetest.Login, nodetest.Password)
	if err != nil {
		t.Fatal(err)
	}
	return n, who
}

// payload is what had to pass a node's line once, in bytes: photos as they are,
// events and rows compressed, without envelopes, headers and TLS.
type payload struct {
	events int
	// up are photos, and events compressed with those that were saved within the
	// same three seconds: a node sends what is saved at once, and what was not saved
	// yet could not have gone with it.
	up     int64
	atOnce int64 // the same with all events compressed as one, as after weeks without a line
	down   int64 // the rows of others, compressed as one
}

// together is for how long a node waits for more after something was saved.
const together = 3000 // ms

func payloadOf(t *testing.T, n *node.Node) (p payload) {
	t.Helper()
	size := func(raw []byte, err error) int64 {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return int64(len(raw))
	}
	rows := &wire.Answer{}
	for part := wire.Settings; part <= wire.Directory; part++ {
		page := wire.Page{Partition: part}
		if err := n.Store.EachRow(t.Context(), part, func(r wire.Row) error { page.Rows = append(page.Rows, r); return nil }); err != nil {
			t.Fatal(err)
		}
		rows.Pages = append(rows.Pages, page)
	}
	p.down = size(wire.EncodeAnswer(rows))
	items := map[event.ID]*wire.Batch{}
	if err := n.Store.EachUpward(t.Context(), 1<<20, func(b wire.Batch) error {
		have := items[b.Stream]
		if have == nil {
			have = &wire.Batch{Stream: b.Stream, First: b.First}
			items[b.Stream] = have
		}
		have.Items, have.Head = append(have.Items, b.Items...), b.Head
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	log := &wire.Request{}
	var photos, grouped int64
	for _, b := range items {
		p.events += len(b.Items)
		log.Batches = append(log.Batches, *b)
		photos += photosOf(t, n, b)
		for from := 0; from < len(b.Items); {
			to := from + 1
			for to < len(b.Items) && b.Items[to].Wall-b.Items[from].Wall < together {
				to++
			}
			group := wire.Batch{Stream: b.Stream, First: b.First + uint64(from), Items: b.Items[from:to]}
			grouped += size(wire.EncodeRequest(&wire.Request{Batches: []wire.Batch{group}}))
			from = to
		}
	}
	p.up, p.atOnce = photos+grouped, photos+size(wire.EncodeRequest(log))
	return p
}

// photosOf is how many bytes the photos have that events name.
func photosOf(t *testing.T, n *node.Node, b *wire.Batch) (bytes int64) {
	t.Helper()
	for _, it := range b.Items {
		body, _, err := it.Decoded()
		photo, is := body.(*event.Photo)
		if err != nil || !is {
			continue
		}
		for _, hash := range []event.Hash{photo.Card, photo.Record} {
			plain, err := n.Desk.Photos.Get(hash)
			if err != nil {
				t.Fatal(err)
			}
			bytes += int64(len(plain))
		}
	}
	return bytes
}
