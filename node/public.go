package node

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"

	"simpul/ui"
)

// site is the centre's door for people at home: a listener of its own, with an app
// that has the public pages and no others. It speaks plain HTTP on loopback, for a
// reverse proxy on this PC that does the TLS.
type site struct {
	mu     sync.Mutex
	addr   net.Addr
	scheme string
}

// ListenToPublic listens until ctx ends, from now on or as soon as this node is a
// centre. address is host:port, without a certificate on loopback only, or "off".
func (n *Node) ListenToPublic(ctx context.Context, address string) error {
	if address == noListening {
		return nil
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return usageError{fmt.Errorf("--public-listen: %w", err)}
	}
	ip := net.ParseIP(host)
	plain := host == "localhost" || ip != nil && ip.IsLoopback()
	if !plain && n.secure.certificate() == nil {
		return usageError{errors.New("--public-listen: on loopback only, where a reverse proxy does the TLS, or with a certificate: --tls-cert and --tls-key, or in the settings")}
	}
	return n.onceCentre(ctx, "the public", func() error { return n.openSite(ctx, address, plain) })
}

func (n *Node) openSite(ctx context.Context, address string, plain bool) error {
	face := n.face()
	face.TLS = !plain
	app, err := ui.NewPublic(face)
	if err != nil {
		return fmt.Errorf("node: listen to the public: %w", err)
	}
	ln, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("node: listen to the public: %w", err)
	}
	n.site.mu.Lock()
	n.site.addr, n.site.scheme = ln.Addr(), "http"
	if !plain {
		n.site.scheme = "https"
	}
	n.site.mu.Unlock()
	n.Log.Info("listening to the public", "address", ln.Addr().String())
	if !plain {
		ln = tls.NewListener(ln, n.tlsConfig())
	}
	n.serveApp(ctx, app, ln, "the public")
	return nil
}

// SiteURL is where the public door listens, as this PC sees it; "" when it does not.
func (n *Node) SiteURL() string {
	n.site.mu.Lock()
	defer n.site.mu.Unlock()
	if n.site.addr == nil {
		return ""
	}
	return n.site.scheme + "://" + n.site.addr.String()
}
