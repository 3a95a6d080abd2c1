package node

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"simpul/ui"
)

// site is the centre's door for people at home: a listener of its own, with an app
// that has the public pages and no others. It speaks plain HTTP on loopback, for a
// reverse proxy on this PC that does the TLS.
type site struct {
	mu   sync.Mutex
	addr net.Addr
}

// ListenToPublic listens until ctx ends, from now on or as soon as this node is a
// centre. address is host:port on loopback, or "off".
func (n *Node) ListenToPublic(ctx context.Context, address string) error {
	if address == noListening {
		return nil
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return usageError{fmt.Errorf("--public-listen: %w", err)}
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return usageError{errors.New("--public-listen: on loopback only; a reverse proxy there does the TLS")}
	}
	return n.onceCentre(ctx, "the public", func() error { return n.openSite(ctx, address) })
}

func (n *Node) openSite(ctx context.Context, address string) error {
	app, err := ui.NewPublic(n.face())
	if err != nil {
		return fmt.Errorf("node: listen to the public: %w", err)
	}
	ln, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("node: listen to the public: %w", err)
	}
	n.site.mu.Lock()
	n.site.addr = ln.Addr()
	n.site.mu.Unlock()
	n.Log.Info("listening to the public", "address", ln.Addr().String())
	n.running.Go(func() {
		if err := app.Listener(ln); err != nil && ctx.Err() == nil {
			n.Log.Error("listening to the public ended", "err", err)
		}
	})
	n.running.Go(func() {
		<-ctx.Done()
		_ = app.ShutdownWithTimeout(5 * time.Second) // what hangs longer is cut off
		_ = ln.Close()                               // in case the app had not taken it yet
	})
	return nil
}

// SiteURL is where the public door listens, as this PC sees it; "" when it does not.
func (n *Node) SiteURL() string {
	n.site.mu.Lock()
	defer n.site.mu.Unlock()
	if n.site.addr == nil {
		return ""
	}
	return "http://" + n.site.addr.String()
}
