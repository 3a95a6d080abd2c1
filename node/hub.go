package node

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/hub"
	"simpul/sync/wire"
)

// pausedWait is when a node shall come again while the centre's vault is closed.
const pausedWait = time.Minute

// noListening is what --sync-listen and --public-listen say for nowhere.
const noListening = "off"

// post is the centre's ear: a listener of its own, since nodes speak another
// protocol than browsers, over TLS with a key that the centre's signature vouches
// for. It opens once this node is a centre; while the vault is closed, nodes are
// told so and asked to come again.
type post struct {
	mu      sync.Mutex
	addr    net.Addr
	scheme  string
	handler http.Handler
	hub     *hub.Hub
	closed  *tls.Certificate // of nobody, see certificate
}

// ListenToNodes listens until ctx ends, from now on or as soon as this node is a
// centre. address is host:port, "off", or http:// with a loopback address.
func (n *Node) ListenToNodes(ctx context.Context, address string) error {
	if address == noListening {
		return nil
	}
	scheme, host, err := syncAddress(address)
	if err != nil {
		return err
	}
	return n.onceCentre(ctx, "nodes", func() error { return n.openPost(ctx, scheme, host) })
}

// onceCentre opens a door now or, on a first start, as soon as this node is a
// centre. who cannot reach it when that fails then.
func (n *Node) onceCentre(ctx context.Context, who string, open func() error) error {
	if n.Office.Centre() {
		return open()
	}
	n.running.Go(func() {
		for !n.Office.Centre() {
			_, changed := n.Board.Vault()
			select {
			case <-changed:
			case <-ctx.Done():
				return
			}
		}
		if err := open(); err != nil {
			n.Log.Error("this centre cannot be reached", "by", who, "err", err)
		}
	})
	return nil
}

// syncAddress reads --sync-listen: host:port with TLS, or http://host:port on
// loopback for a reverse proxy on this PC that does the TLS.
func syncAddress(s string) (scheme, host string, err error) {
	scheme, host = "https", s
	if plain, ok := strings.CutPrefix(s, "http://"); ok {
		scheme, host = "http", plain
	}
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		return "", "", usageError{fmt.Errorf("--sync-listen: %w", err)}
	}
	if ip := net.ParseIP(name); scheme == "http" && name != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return "", "", usageError{errors.New("--sync-listen: without TLS on loopback only")}
	}
	return scheme, host, nil
}

func (n *Node) openPost(ctx context.Context, scheme, host string) error {
	ln, err := net.Listen("tcp", host)
	if err != nil {
		return fmt.Errorf("node: listen to nodes: %w", err)
	}
	n.post.mu.Lock()
	n.post.addr, n.post.scheme = ln.Addr(), scheme
	n.post.mu.Unlock()
	server := &http.Server{Handler: http.HandlerFunc(n.hearNode), ReadHeaderTimeout: 30 * time.Second, IdleTimeout: 10 * time.Minute, MaxHeaderBytes: 8 << 10,
		ErrorLog: slog.NewLogLogger(n.Log.Handler(), slog.LevelDebug)} // scans and clients that go away
	if scheme == "https" {
		ln = tls.NewListener(ln, &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: n.certificate, DynamicRecordSizingDisabled: true})
	}
	n.Log.Info("listening to nodes", "address", ln.Addr().String())
	context.AfterFunc(ctx, func() { server.Close() })
	n.running.Go(func() {
		if err := server.Serve(ln); err != nil && !errors.Is(err, http.ErrServerClosed) {
			n.Log.Error("listening to nodes ended", "err", err)
		}
	})
	n.running.Go(func() { n.applyArrived(ctx) })
	return nil
}

// certificate is that of the centre. While its key is sealed it is one that proves nothing: nodes send nothing over it,
// but ask for the keys, and hear that nobody has signed in here.
func (n *Node) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	keys, err := n.Office.Keys(hello.Context())
	if errors.Is(err, vault.ErrClosed) {
		return n.post.nobody()
	}
	if err != nil {
		return nil, err
	}
	c, err := keys.Certificate()
	return &c, err
}

// hearNode answers a node, or asks it to come again while the keys are sealed.
func (n *Node) hearNode(w http.ResponseWriter, r *http.Request) {
	handler, err := n.post.ready(func() (http.Handler, error) { return n.nodeHandler(r.Context()) })
	if err != nil || !n.Desk.Open() {
		(&wire.Refusal{Status: http.StatusServiceUnavailable, Reason: wire.RefusedClosed, Wait: pausedWait}).Write(w)
		return
	}
	handler.ServeHTTP(w, r)
}

func (p *post) nobody() (*tls.Certificate, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed == nil {
		certificate, key, err := wire.SelfSigned(rand.Reader, nil)
		if err != nil {
			return nil, err
		}
		pair, err := tls.X509KeyPair(certificate, key)
		if err != nil {
			return nil, fmt.Errorf("node: certificate: %w", err)
		}
		p.closed = &pair
	}
	return p.closed, nil
}

func (p *post) ready(make func() (http.Handler, error)) (http.Handler, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.handler == nil {
		h, err := make()
		if err != nil {
			return nil, err
		}
		p.handler = h
	}
	return p.handler, nil
}

// url is where the listener is, as this PC sees it; "" when it does not listen.
func (p *post) url() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.addr == nil {
		return ""
	}
	return p.scheme + "://" + p.addr.String()
}

// syncAddresses is where nodes may reach this centre: the address that it listens
// on, or, when that is every one, those of the LAN.
func (n *Node) syncAddresses() []string {
	n.post.mu.Lock()
	defer n.post.mu.Unlock()
	tcp, ok := n.post.addr.(*net.TCPAddr)
	if !ok {
		return nil
	}
	if !tcp.IP.IsUnspecified() {
		return []string{n.post.scheme + "://" + tcp.String()}
	}
	var out []string
	for _, ip := range append(lanAddresses(), "127.0.0.1") {
		if len(out) < 4 {
			out = append(out, n.post.scheme+"://"+net.JoinHostPort(ip, strconv.Itoa(tcp.Port)))
		}
	}
	return out
}

// nodeHandler is the protocol's paths.
func (n *Node) nodeHandler(ctx context.Context) (http.Handler, error) {
	keys, err := n.Office.Keys(ctx)
	if err != nil {
		return nil, err
	}
	if err := n.Office.AffirmTLS(ctx); err != nil {
		return nil, err
	}
	n.post.hub = hub.New(hub.Options{Store: n.Store, Key: keys.Signing(), Photos: n.Desk.PhotoLane(), Join: joiner{n},
		Keys: n.centreKeys, Now: n.Now, Rand: rand.Reader, Log: n.Log})
	return n.post.hub.Handler(), nil
}

// centreKeys is what everybody may know of the centre.
func (n *Node) centreKeys(ctx context.Context) (wire.CentreKeys, error) {
	keys, err := n.Office.Keys(ctx)
	if err != nil {
		return wire.CentreKeys{}, err
	}
	held, err := n.Store.Decisions(ctx)
	if err != nil {
		return wire.CentreKeys{}, err
	}
	out, newest := wire.CentreKeys{Key: keys.Public()}, uint64(0)
	for _, d := range held.All() {
		if list, ok := d.Body.(*event.TLSKeys); ok && list.Version > newest {
			out.Ruling, newest = d.Ruling, list.Version
		}
	}
	return out, nil
}

// applyPause is how long the applying rests when nothing waits. An exchange applies
// what is little before it answers; this is for what was left.
const applyPause = 2 * time.Second

// applyArrived takes up what an older program set aside, applies what nodes have
// sent and settles what follows by rule, until ctx ends.
func (n *Node) applyArrived(ctx context.Context) {
	tookUp := false
	for {
		more, err := false, error(nil)
		if n.Desk.Open() {
			if !tookUp {
				tookUp = n.takeUp(ctx)
			}
			if more, err = n.applySome(ctx); err != nil && ctx.Err() == nil {
				n.Log.Error("apply what nodes sent", "err", err)
			}
		}
		if more && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(applyPause):
		}
	}
}

// takeUp applies some of what an older program set aside and this one knows, and
// reports whether it is done with it. What fails waits for the button or the next
// start, and delays nothing.
func (n *Node) takeUp(ctx context.Context) (done bool) {
	took, err := n.Store.Retry(ctx)
	if err != nil {
		n.Log.Error("take up what an older program had set aside", "err", err)
	}
	if took > 0 {
		n.Log.Info("took up what an older program had set aside", "events", took)
	}
	return took == 0
}

func (n *Node) applySome(ctx context.Context) (more bool, err error) {
	h, err := n.hub(ctx)
	if err != nil {
		return false, err
	}
	return h.Apply(ctx)
}

// hub is the centre's side of the exchange, whether it comes over the listener or on a stick.
func (n *Node) hub(ctx context.Context) (*hub.Hub, error) {
	if _, err := n.post.ready(func() (http.Handler, error) { return n.nodeHandler(ctx) }); err != nil {
		return nil, err
	}
	return n.post.hub, nil
}

// SyncURL is where this centre listens to its nodes; "" when it does not.
func (n *Node) SyncURL() string { return n.post.url() }
