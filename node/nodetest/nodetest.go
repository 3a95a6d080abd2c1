// Package nodetest starts a whole node in a temporary directory for tests: real
// SQLite, real HTTP on a loopback port, a real vault with a cheap password cost.
package nodetest

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"simpul/node"
	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/vault"
	"simpul/ui"
)

// The first officer of every test node.
const (
	Login    = "siti"
	Password = "kopi pahit di teras"
)

// Node is a running node with its address.
type Node struct {
	*node.Node
	URL     string // http://127.0.0.1:port
	Dir     string
	Officer desk.Actor
	Words   []string // of the recovery sheet
	stop    context.CancelFunc
	done    sync.WaitGroup
}

// Option changes how a node is started.
type Option func(*options)

type options struct {
	cfg  node.Config
	role library.NodeRole
	bare bool

	listen bool
	public bool
}

// WithClock replaces the PC's clock.
func WithClock(now func() time.Time) Option { return func(o *options) { o.cfg.Now = now } }

// WithLog takes the node's log lines, which are thrown away otherwise.
func WithLog(log *slog.Logger) Option { return func(o *options) { o.cfg.Log = log } }

// WithMono replaces the time since the start, to go with a replaced clock.
func WithMono(mono func() time.Duration) Option { return func(o *options) { o.cfg.Mono = mono } }

// WithDir uses a directory of the caller's, as after a restart.
func WithDir(dir string) Option { return func(o *options) { o.cfg.Dir = dir } }

// WithAddresses makes up the addresses of the PC, on which phones come in; the first is that of the default route.
func WithAddresses(ips ...string) Option {
	return WithMovingAddresses(func() []string { return ips })
}

// WithMovingAddresses is WithAddresses for a PC that its router gives others.
func WithMovingAddresses(now func() []string) Option {
	return func(o *options) {
		o.cfg.Addresses = func() []ui.LANAddress {
			ips := now()
			out := make([]ui.LANAddress, len(ips))
			for i, ip := range ips {
				out[i] = ui.LANAddress{IP: ip, Interface: fmt.Sprint("Wi-Fi ", i+1), Main: i == 0}
			}
			return out
		}
	}
}

// WithOtherDisks has every folder outside the data directory count as another disk, which a test cannot plug in.
func WithOtherDisks() Option {
	return func(o *options) { o.cfg.SameDisk = func(string, string) bool { return false } }
}

// As sets the role of the node; it is a branch otherwise.
func As(role library.NodeRole) Option { return func(o *options) { o.role = role } }

// Listening has a centre listen to its nodes on a port of loopback.
func Listening() Option { return func(o *options) { o.listen = true } }

// Public has a centre listen to people at home on a port of loopback.
func Public() Option { return func(o *options) { o.public = true } }

// Bare leaves the node as it is on its first start.
func Bare() Option { return func(o *options) { o.bare = true } }

// Start starts a node, set up and with its vault open unless Bare; the test ends it.
func Start(t testing.TB, opts ...Option) *Node {
	t.Helper()
	o := options{role: library.NodeBranch}
	o.cfg = node.Config{Dir: filepath.Join(t.TempDir(), "data"), Files: os.DirFS(filepath.Join(Root(), "ui")), Machine: "test",
		Log: slog.New(slog.DiscardHandler), Vault: vault.Params{Memory: 64, Time: 1, Threads: 1}}
	for _, opt := range opts {
		opt(&o)
	}
	inner, err := node.Open(context.Background(), o.cfg)
	if err != nil {
		t.Fatal(err)
	}
	n := &Node{Node: inner, Dir: o.cfg.Dir}
	t.Cleanup(n.Stop)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n.URL = "http://" + ln.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	n.stop = stop
	n.done.Go(func() {
		if err := inner.Serve(ctx, ln); err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	if !o.bare && !inner.Desk.Ready() {
		n.setUp(t, o.role)
	}
	if o.listen {
		if err := inner.ListenToNodes(ctx, "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
	}
	if o.public {
		if err := inner.ListenToPublic(ctx, "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

func (n *Node) setUp(t testing.TB, role library.NodeRole) {
	t.Helper()
	code, err := vault.NewRecoveryCode(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	n.Words = code.Words()
	done, err := n.Desk.SetUp(context.Background(), library.ID{1}, desk.SetupInput{Role: role, Name: "Perpustakaan Genteng", Code: 14,
		Login: Login, FullName: "Siti Rahayu", Password: Password, Recovery: code})
	if err != nil {
		t.Fatal(err)
	}
	n.Officer = desk.Actor{Officer: done.ID, Role: library.RoleCoordinator}
	n.Desk.Settle()
}

// Stop ends the node; it may be called before the test ends.
func (n *Node) Stop() {
	if n.stop != nil {
		n.stop()
		n.done.Wait()
	}
	if err := n.Close(); err != nil {
		panic(err)
	}
}

// Op draws an operation id.
func Op(t testing.TB) library.ID {
	t.Helper()
	id, err := library.NewID(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// Root is the top of the checkout.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..")
}

// OnStick opens a file of one part, as it would be read from a stick.
func OnStick(content []byte) func(part int) (io.ReadCloser, error) {
	return func(part int) (io.ReadCloser, error) {
		if part != 1 {
			return nil, fs.ErrNotExist
		}
		return io.NopCloser(bytes.NewReader(content)), nil
	}
}

// Written is what was written onto a stick by an export, in one part.
func Written(t testing.TB, export func(create func(part int) (io.WriteCloser, error)) error) []byte {
	t.Helper()
	var out bytes.Buffer
	err := export(func(part int) (io.WriteCloser, error) {
		if part != 1 {
			t.Fatalf("a part %d", part)
		}
		return struct {
			io.Writer
			io.Closer
		}{&out, io.NopCloser(nil)}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
