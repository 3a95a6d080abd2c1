package node

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"strconv"
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
		&cli.StringFlag{Name: "tls-cert", Usage: "PEM `FILE` of a TLS certificate with its chain; officers may then come in over the network by https", Sources: cli.EnvVars("SIMPUL_TLS_CERT")},
		&cli.StringFlag{Name: "tls-key", Usage: "PEM `FILE` of its key, readable for nobody else", Sources: cli.EnvVars("SIMPUL_TLS_KEY")},
		&cli.StringFlag{Name: "tls-listen", Usage: "`ADDRESS` for https; \"off\" when only the public door uses the certificate", Value: defaultTLSListen, Sources: cli.EnvVars("SIMPUL_TLS_LISTEN")},
	}
}

// UseCertificate has the node use a certificate of the library's own. Both files or
// none; what is in them may be no good now and better later.
func (n *Node) UseCertificate(certFile, keyFile string) error {
	if certFile == "" && keyFile == "" {
		return nil
	}
	if certFile == "" || keyFile == "" {
		return usageError{library.E(library.KindInvalid, "tls.half").Hinted("tls.half.hint")}
	}
	n.tlsPair = newCertificate(certFile, keyFile, n.Now, n.Log)
	return nil
}

// ListenToTLS answers officers over the network by https until ctx ends, when there
// is a certificate; without one everything but the phones' pages stays on loopback.
// A pair that is no good yet keeps the door shut to browsers, and is looked at
// again when they come.
func (n *Node) ListenToTLS(ctx context.Context, address string) error {
	if n.tlsPair == nil || address == noListening {
		return nil
	}
	face := n.face()
	face.TLS, face.Named = true, n.tlsPair.names
	app, err := ui.New(face)
	if err != nil {
		return fmt.Errorf("node: listen by https: %w", err)
	}
	if _, _, err := net.SplitHostPort(address); err != nil {
		return usageError{fmt.Errorf("--tls-listen: %w", err)}
	}
	ln, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("node: listen by https: %w", err)
	}
	n.secure = ln.Addr()
	n.Log.Info("listening by https", "address", ln.Addr().String())
	n.serveApp(ctx, app, tls.NewListener(newDoorkeeper(ln, lanFromOne), n.tlsPair.config()), "https")
	return nil
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

// secureDoor is what the screens say of the certificate.
func (n *Node) secureDoor() ui.SecureDoor {
	if n.tlsPair == nil {
		return ui.SecureDoor{}
	}
	var addresses []string
	for _, a := range n.addresses() {
		addresses = append(addresses, a.IP)
	}
	d := ui.SecureDoor{There: true}
	if pair, _ := n.tlsPair.current(); pair != nil {
		d.Names, d.Until = pair.Leaf.DNSNames, pair.Leaf.NotAfter
		for _, ip := range pair.Leaf.IPAddresses {
			d.Names = append(d.Names, ip.String())
		}
		if host := n.tlsPair.host(addresses); host != "" && n.secure != nil {
			d.URL = "https://" + net.JoinHostPort(host, strconv.Itoa(n.secure.(*net.TCPAddr).Port))
		}
	}
	d.Problem = n.tlsPair.doubt(addresses)
	return d
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
