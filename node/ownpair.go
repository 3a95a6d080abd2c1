package node

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"simpul/node/library"
	"simpul/ui"
)

// offerTime is how long a certificate that was chosen on the page waits for the word to use it.
const offerTime = 15 * time.Minute

// offered is a certificate that was chosen on the page and is not used yet. It is in memory only, and one at a time.
type offered struct {
	content []byte // PEM, with the key
	facts   ui.Certificate
	until   time.Time
}

// pairs is the door of the certificate as the page of the network uses it.
type pairs struct{ *Node }

func (p pairs) Door() ui.SecureDoor { return p.secureDoor() }

// certificateEnding is when the certificate in use ends, once that is near or over; zero otherwise.
func (n *Node) certificateEnding() time.Time {
	c := n.secure.certificate()
	if c == nil {
		return time.Time{}
	}
	held, _ := c.current()
	if held == nil || n.Now().Before(held.Leaf.NotAfter.Add(-certificateEnding)) {
		return time.Time{}
	}
	return held.Leaf.NotAfter
}

// Offer looks at what was chosen, and keeps it until it is taken. Nothing is used yet.
func (p pairs) Offer(files ui.CertificateFiles) error {
	content, err := readUpload(files)
	if err != nil {
		return err
	}
	chain, err := chainOf(content)
	if err != nil {
		return err
	}
	clock, _ := p.Board.Clock()
	now := p.Now().In(p.Zone)
	warnings, err := judge(chain, now, clock.Suspect, p.ips())
	if err != nil {
		return err
	}
	o := offered{content: content, facts: facts(chain[0]), until: now.Add(offerTime)}
	sum := sha256.Sum256(content)
	o.facts.Mark, o.facts.Warnings = hex.EncodeToString(sum[:8]), warnings
	ips := p.ips()
	if i := slices.IndexFunc(ips, func(ip string) bool { return chain[0].VerifyHostname(ip) == nil }); i >= 0 {
		o.facts.Here = ips[i]
	}
	p.secure.mu.Lock()
	defer p.secure.mu.Unlock()
	clear(p.secure.offered.content)
	p.secure.offered = o
	return nil
}

// Offered is what waits to be taken.
func (p pairs) Offered() (ui.Certificate, bool) {
	p.secure.mu.Lock()
	defer p.secure.mu.Unlock()
	p.forgetOld()
	return p.secure.offered.facts, p.secure.offered.content != nil
}

// forgetOld is called with the lock held.
func (p pairs) forgetOld() {
	if o := &p.secure.offered; o.content != nil && !p.Now().Before(o.until) {
		clear(o.content)
		*o = offered{}
	}
}

// Take uses the certificate that was offered under that mark, at once. Taking it twice is harmless.
func (p pairs) Take(mark string) error {
	if err := p.take(mark); err != nil {
		return err
	}
	p.moved()
	return nil
}

func (p pairs) take(mark string) error {
	p.secure.mu.Lock()
	defer p.secure.mu.Unlock()
	p.forgetOld()
	switch o := p.secure.offered; {
	case p.secure.given:
		return library.E(library.KindConflict, "error.tls.given").Hinted("error.tls.given.hint")
	case o.content == nil || o.facts.Mark != mark:
		return library.E(library.KindConflict, "error.tls.gone").Hinted("error.tls.gone.hint")
	}
	if err := writePrivate(p.ownCertificate(), p.secure.offered.content); err != nil {
		return library.E(library.KindUnavailable, "error.tls.write").Hinted("error.tls.write.hint").Because(err)
	}
	clear(p.secure.offered.content)
	p.secure.offered = offered{}
	p.secure.pair = newCertificate(p.ownCertificate(), p.ownCertificate(), p.Now, p.Log)
	return nil
}

// Drop takes the certificate away and closes the door, after the pages that are being sent. Once more is harmless.
func (p pairs) Drop() error {
	p.secure.mu.Lock()
	given := p.secure.given
	var err error
	if !given {
		err = os.Remove(p.ownCertificate())
	}
	if gone := errors.Is(err, fs.ErrNotExist); !given && (err == nil || gone) {
		p.secure.pair, err = nil, nil
	}
	p.secure.mu.Unlock()
	switch {
	case given:
		return library.E(library.KindConflict, "error.tls.given").Hinted("error.tls.given.hint")
	case err != nil:
		return library.E(library.KindUnavailable, "error.tls.write").Hinted("error.tls.write.hint").Because(err)
	}
	p.Log.Info("TLS certificate taken away")
	p.moved()
	return nil
}

// moved has the doors follow. That somebody else is at the port of one stands on the page.
func (p pairs) moved() {
	if err := p.moveSecure(); err != nil {
		p.Log.Error("officers cannot come in over the network", "err", err)
	}
	p.lan.settingsChanged()
}

// facts is what people are told of a certificate.
func facts(leaf *x509.Certificate) ui.Certificate {
	c := ui.Certificate{Names: slices.Clone(leaf.DNSNames), From: leaf.NotBefore, Until: leaf.NotAfter, Issuer: leaf.Issuer.CommonName}
	for _, ip := range leaf.IPAddresses {
		c.Names = append(c.Names, ip.String())
	}
	if len(leaf.Issuer.Organization) > 0 && leaf.Issuer.Organization[0] != c.Issuer {
		c.Issuer = leaf.Issuer.Organization[0] + ", " + c.Issuer
	}
	return c
}

// chainOf reads back what readUpload made: the proof that it can be served with.
func chainOf(content []byte) ([]*x509.Certificate, error) {
	pair, err := tls.X509KeyPair(content, content)
	if err != nil { // its words may hold parts of the key
		return nil, wrongFile(ui.FieldCertificate, "problem.tls.other")
	}
	var chain []*x509.Certificate
	for _, der := range pair.Certificate {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, wrongFile(ui.FieldCertificate, "problem.tls.other")
		}
		chain = append(chain, c)
	}
	return chain, nil
}

// writePrivate puts a file in the place of another, whole or not at all; only its owner can read it, from its first byte on.
func writePrivate(name string, content []byte) error {
	part := name + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("node: %w", err)
	}
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("node: %w", err)
	}
	err = onlyOwner(part)
	if err == nil {
		_, err = f.Write(content)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(part, name)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("node: write %s: %w", filepath.Base(name), err), os.Remove(part))
	}
	return nil
}
