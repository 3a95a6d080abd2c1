package node

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/urfave/cli/v3"

	"simpul/node/library"
	"simpul/ui"
)

// defaultTLSListen is where the screens answer by https once there is a certificate.
const defaultTLSListen = ":8714"

// tlsFlags are the certificate of one's own.
func tlsFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "tls-cert", Usage: "PEM `FILE` of a TLS certificate with its chain, in place of the one chosen in the settings; officers may then come in over the network by https", Sources: cli.EnvVars("SIMPUL_TLS_CERT")},
		&cli.StringFlag{Name: "tls-key", Usage: "PEM `FILE` of its key, readable for nobody else", Sources: cli.EnvVars("SIMPUL_TLS_KEY")},
		&cli.StringFlag{Name: "tls-listen", Usage: "`ADDRESS` for https; \"off\" when only the public door and phones use the certificate", Value: defaultTLSListen, Sources: cli.EnvVars("SIMPUL_TLS_LISTEN")},
	}
}

// secure is the certificate of the library's own, and the officers' door by https
// that stands open while there is one. It is chosen by flags, which win, or on the
// page of the network; that one is kept in the data folder.
type secure struct {
	mu      sync.Mutex
	pair    *certificate // nil without one
	given   bool         // by flags
	off     bool         // by a flag: no door, whatever the certificate
	listen  func() (ln net.Addr, stop func(), err error)
	addr    net.Addr // where the door is; nil while it is closed
	stop    func()
	blocked bool // somebody else is at its port
	offered offered
}

// ownCertificate is the file in the data folder with certificate, chain and key.
// It is in no copy of the data: those hold the database and the photos.
func (n *Node) ownCertificate() string { return filepath.Join(n.Dir, ownCertificateFile) }

const ownCertificateFile = "certificate.pem"

// UseCertificate has the node use a certificate of the library's own: both files of
// the flags, or with none the one that was chosen on the page. What is in them may be
// no good now and better later.
func (n *Node) UseCertificate(certFile, keyFile string) error {
	if (certFile == "") != (keyFile == "") {
		return usageError{library.E(library.KindInvalid, "tls.half").Hinted("tls.half.hint")}
	}
	n.secure.mu.Lock()
	defer n.secure.mu.Unlock()
	n.secure.given = certFile != ""
	if !n.secure.given {
		certFile, keyFile = n.ownCertificate(), n.ownCertificate()
		if _, err := os.Stat(certFile); err != nil {
			return nil // nobody chose one
		}
	}
	n.secure.pair = newCertificate(certFile, keyFile, n.Now, n.Log)
	return nil
}

// certificate is the pair now; nil without one.
func (s *secure) certificate() *certificate {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pair
}

// tlsConfig serves with the pair that there is when a browser comes.
func (n *Node) tlsConfig() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}, Time: n.Now,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			c := n.secure.certificate()
			if c == nil {
				return nil, errors.New("node: no TLS certificate")
			}
			pair, err := c.current()
			if pair != nil {
				return pair, nil
			}
			return nil, err
		}}
}

// ListenToTLS answers officers over the network by https until ctx ends, while there
// is a certificate, from now on or as soon as one is chosen; without one everything
// but the phones' pages stays on loopback. A pair that is no good yet keeps the door
// shut to browsers, and is looked at again when they come.
func (n *Node) ListenToTLS(ctx context.Context, address string) error {
	if address == noListening {
		n.secure.mu.Lock()
		n.secure.off = true
		n.secure.mu.Unlock()
		return nil
	}
	if _, _, err := net.SplitHostPort(address); err != nil {
		return usageError{fmt.Errorf("--tls-listen: %w", err)}
	}
	n.secure.mu.Lock()
	n.secure.listen = func() (net.Addr, func(), error) { return n.openSecure(ctx, address) }
	n.secure.mu.Unlock()
	err := n.moveSecure()
	if err != nil && !n.secure.given { // who chose it on the page may repair it there
		n.Log.Error("officers cannot come in over the network", "err", err)
		return nil
	}
	return err
}

// moveSecure opens or closes the door, as there is a certificate or none.
func (n *Node) moveSecure() error {
	n.secure.mu.Lock()
	defer n.secure.mu.Unlock()
	switch {
	case n.secure.pair == nil:
		if n.secure.stop != nil {
			n.secure.stop()
		}
		n.secure.stop, n.secure.addr, n.secure.blocked = nil, nil, false
	case n.secure.stop == nil && n.secure.listen != nil:
		addr, stop, err := n.secure.listen()
		n.secure.addr, n.secure.stop, n.secure.blocked = addr, stop, err != nil
		return err
	}
	return nil
}

func (n *Node) openSecure(ctx context.Context, address string) (net.Addr, func(), error) {
	face := n.face()
	face.TLS, face.Named = true, n.named
	app, err := ui.New(face)
	if err != nil {
		return nil, nil, fmt.Errorf("node: listen by https: %w", err)
	}
	ln, err := net.Listen("tcp", address)
	if err != nil {
		return nil, nil, fmt.Errorf("node: listen by https: %w", err)
	}
	n.Log.Info("listening by https", "address", ln.Addr().String())
	ctx, stop := context.WithCancel(ctx)
	n.serveApp(ctx, app, tls.NewListener(newDoorkeeper(ln, lanFromOne), n.tlsConfig()), "https")
	return ln.Addr(), stop, nil
}

// named reports whether the certificate is for a host.
func (n *Node) named(host string) bool {
	c := n.secure.certificate()
	return c != nil && c.names(host)
}

// serveApp runs an app on a listener of its own until ctx ends.
func (n *Node) serveApp(ctx context.Context, app App, ln net.Listener, what string) {
	n.running.Go(func() {
		if err := app.Listener(ln); err != nil && ctx.Err() == nil {
			n.Log.Error("listening ended", "to", what, "err", err)
		}
	})
	n.running.Go(func() {
		<-ctx.Done()
		_ = app.ShutdownWithTimeout(5 * time.Second) // what hangs longer is cut off
		_ = ln.Close()                               // in case the app had not taken it yet
	})
}

// secureDoor is what the screens say of the certificate and of where officers come in with it.
func (n *Node) secureDoor() ui.SecureDoor {
	n.secure.mu.Lock()
	pair, addr := n.secure.pair, n.secure.addr
	d := ui.SecureDoor{There: pair != nil, Given: n.secure.given, Off: n.secure.off}
	if n.secure.blocked {
		d.Problem = wrongPair("tls.blocked")
	}
	n.secure.mu.Unlock()
	if pair == nil {
		return d
	}
	addresses := n.ips()
	if held, _ := pair.current(); held != nil {
		d.Certificate = facts(held.Leaf)
		if host := pair.host(addresses); host != "" && addr != nil {
			d.URL = "https://" + net.JoinHostPort(host, strconv.Itoa(addr.(*net.TCPAddr).Port))
		}
		d.ForPhones = pair.hostForPhones(ui.OwnAddress(n.Desk.Settings(), n.addresses()))
	}
	if doubt := pair.doubt(addresses); doubt != nil {
		d.Problem = doubt
	}
	return d
}

// ips are the PC's own addresses.
func (n *Node) ips() []string {
	var out []string
	for _, a := range n.addresses() {
		out = append(out, a.IP)
	}
	return out
}

// SecureURL is where the screens answer by https; "" when they do not.
func (n *Node) SecureURL() string { return n.secureDoor().URL }

// sayTLS tells the person who started the node where https is, and what is wrong
// with its certificate.
func (e *env) sayTLS(n *Node) {
	d := n.secureDoor()
	if d.URL != "" {
		fmt.Fprintf(e.out, "https: %s\n", d.URL)
	}
	if d.Problem != nil {
		fmt.Fprintln(e.out, sentence(d.Problem))
	}
}
