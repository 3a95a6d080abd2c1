package node

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"

	"simpul/ui"
)

const (
	// lanLook is how often the door looks whether the PC has got another address.
	lanLook = 10 * time.Second
	// lanPorts is how many ports after the wished one are tried.
	lanPorts = 5
)

// lan is the door for phones: a listener of its own on one address of the
// library's network, with an app that has the pages for phones and no others. It
// opens and closes with the setting, and moves when the PC gets another address.
type lan struct {
	mu   sync.Mutex
	wake chan struct{} // the settings have changed
	app  App           // nil while it is closed
	ln   net.Listener
	wish lanWish // what the door was opened, or could not be opened, for
	why  string  // message key: why it is not open although it should be
	seen time.Time
	home []ui.LANAddress // of this PC, as they were found last
}

// lanWish is what the settings ask for, and the address that this means now.
type lanWish struct {
	on   bool
	ip   string
	port int
	name string // in the library's certificate, by which phones come in with https; "" is http
}

// settingsChanged has the door look at its settings. It never waits.
func (l *lan) settingsChanged() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// keepLAN holds the door as the settings want it, until ctx ends.
func (n *Node) keepLAN(ctx context.Context) {
	tick := time.NewTicker(lanLook)
	defer tick.Stop()
	for {
		n.moveLAN()
		select {
		case <-ctx.Done():
			n.lan.close()
			return
		case <-n.lan.wake:
		case <-tick.C:
		}
	}
}

// moveLAN opens, closes or moves the door when it is not where it should be.
func (n *Node) moveLAN() {
	home := n.addresses()
	wish := n.wish(home)
	n.lan.mu.Lock()
	n.lan.home = home
	settled := wish == n.lan.wish && (n.lan.app != nil || !wish.on)
	n.lan.mu.Unlock()
	if settled {
		return
	}
	n.lan.close()
	app, ln, why := App(nil), net.Listener(nil), ""
	if wish.on {
		app, ln, why = n.openLAN(wish)
	}
	n.lan.mu.Lock()
	defer n.lan.mu.Unlock()
	n.lan.app, n.lan.ln, n.lan.why, n.lan.wish = app, ln, why, wish
}

// openLAN listens. why is the message key of what is in the way.
func (n *Node) openLAN(wish lanWish) (_ App, ln net.Listener, why string) {
	if wish.ip == "" {
		return nil, nil, "lan.problem.no_address"
	}
	ln, err := listenLAN(wish)
	if err != nil {
		n.Log.Warn("phones cannot come in", "err", err)
		return nil, nil, "lan.problem.listen"
	}
	face := n.face()
	face.TLS, face.Named = wish.name != "", n.named
	app, err := ui.NewPhones(face)
	if err != nil {
		n.Log.Error("phones cannot come in", "err", errors.Join(err, ln.Close()))
		return nil, nil, "lan.problem.listen"
	}
	n.Log.Info("listening to phones", "address", ln.Addr().String())
	n.running.Go(func() {
		door := net.Listener(newDoorkeeper(ln, lanFromOne))
		if wish.name != "" {
			door = tls.NewListener(door, n.tlsConfig())
		}
		if err := app.Listener(door); err != nil {
			n.Log.Error("listening to phones ended", "err", err)
		}
	})
	return app, ln, ""
}

// listenLAN takes the wished port of the address, or the next free one after it.
func listenLAN(wish lanWish) (ln net.Listener, err error) {
	for i := range lanPorts {
		if ln, err = net.Listen("tcp4", net.JoinHostPort(wish.ip, strconv.Itoa(wish.port+i))); err == nil {
			return ln, nil
		}
	}
	return nil, fmt.Errorf("node: listen on %s and the %d ports after %d: %w", wish.ip, lanPorts, wish.port, err)
}

// close ends what phones are doing within a moment.
func (l *lan) close() {
	l.mu.Lock()
	app, ln := l.app, l.ln
	l.app, l.ln, l.why = nil, nil, ""
	l.mu.Unlock()
	if app != nil {
		_ = app.ShutdownWithTimeout(3 * time.Second) // what hangs longer is cut off
		_ = ln.Close()                               // in case the app had not taken it yet
	}
}

// Door is what the pages say of the door.
func (l *lan) Door() ui.Door {
	l.mu.Lock()
	defer l.mu.Unlock()
	d := ui.Door{Problem: l.why, Addresses: slices.Clone(l.home), Seen: l.seen}
	if l.app != nil {
		d.URL = "http://" + l.ln.Addr().String()
		if l.wish.name != "" {
			d.URL = "https://" + net.JoinHostPort(l.wish.name, strconv.Itoa(l.ln.Addr().(*net.TCPAddr).Port))
		}
	}
	return d
}

// Door says where phones can come in now.
func (n *Node) Door() ui.Door { return n.lan.Door() }

// Knocked notes that a phone has opened the page for trying.
func (l *lan) Knocked(at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen = at
}

// wish is what the settings mean with the addresses and the certificate that the PC has now.
func (n *Node) wish(home []ui.LANAddress) lanWish {
	s := n.Desk.Settings()
	if !s.LAN {
		return lanWish{}
	}
	w := lanWish{on: true, ip: ui.OwnAddress(s, home), port: s.LANPort}
	if s.LANHTTPS {
		w.name = n.secure.certificate().hostForPhones(w.ip)
	}
	return w
}

// addresses are where phones could reach this PC. Main is the one that the
// default route leaves by, unless the whole internet could reach it: that one has
// to be chosen by hand.
func (n *Node) addresses() []ui.LANAddress {
	if n.Config.Addresses != nil {
		return n.Config.Addresses()
	}
	out := []ui.LANAddress{}
	all, err := net.Interfaces()
	if err != nil {
		return out
	}
	leaving := leavingAddress()
	for _, one := range all {
		list, err := one.Addrs()
		if err != nil || one.Flags&net.FlagUp == 0 {
			continue
		}
		for _, a := range list {
			if ip, ok := a.(*net.IPNet); ok && ip.IP.To4() != nil && ip.IP.IsGlobalUnicast() {
				out = append(out, ui.LANAddress{IP: ip.IP.String(), Interface: one.Name, Main: ip.IP.IsPrivate() && ip.IP.Equal(leaving)})
			}
		}
	}
	// A router without internet may give no default route.
	if !slices.ContainsFunc(out, func(a ui.LANAddress) bool { return a.Main }) {
		if i := slices.IndexFunc(out, func(a ui.LANAddress) bool { return net.ParseIP(a.IP).IsPrivate() }); i >= 0 {
			out[i].Main = true
		}
	}
	return out
}

// leavingAddress is this PC's own end of the default route; nil without one.
// Nothing is sent: the address asked for is of documentation (RFC 5737).
func leavingAddress() net.IP {
	conn, err := net.Dial("udp4", "203.0.113.1:9")
	if err != nil {
		return nil
	}
	defer conn.Close()
	return conn.LocalAddr().(*net.UDPAddr).IP
}
