package wire

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"sync/atomic"
	"testing"

	"simpul/sync/event"
)

// accept makes the centre sign a list of TLS keys.
func (c *centre) accept(t *testing.T, version uint64, certs ...tls.Certificate) event.Ruling {
	t.Helper()
	list := &event.TLSKeys{Version: version, Keys: []event.Hash{}}
	for _, cert := range certs {
		leaf, err := x509.ParseCertificate(cert.Certificate[0])
		if err != nil {
			t.Fatal(err)
		}
		list.Keys = append(list.Keys, SPKI(leaf))
	}
	r, err := event.Rule(c.signing, event.KeysAccepted, 1, event.ID{}, list)
	if err != nil {
		t.Fatal(err)
	}
	c.ruling.Store(&r)
	return r
}

func certificate(t *testing.T) tls.Certificate {
	t.Helper()
	cert, secret, err := SelfSigned(rand.Reader, []string{"127.0.0.1", "pusat.contoh.invalid"})
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tls.X509KeyPair(cert, secret)
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

func TestTheCentreIsKnownByItsKeys(t *testing.T) {
	c := newCentre(t, GateOptions{})
	first, second := certificate(t), certificate(t)
	var current atomic.Pointer[tls.Certificate]
	current.Store(&first)
	c.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	// Without tickets: a resumed session would go on with the key it began with, which is as good.
	c.server.TLS = &tls.Config{MinVersion: tls.VersionTLS12, SessionTicketsDisabled: true, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return current.Load(), nil }}
	c.server.StartTLS()
	c.server.TLS.Certificates = nil // httptest brings one of its own
	c.accept(t, 1, first)

	learned := 0
	keys := NewKeys(c.signing.Public().(ed25519.PublicKey), func(event.Ruling) { learned++ })
	transport := NewTransport(keys, nil)
	exchange := func() error {
		_, err := c.client(c.server.URL, transport).Exchange(t.Context(), &Request{Batches: []Batch{*stream(t, 40)}})
		return err
	}
	if err := exchange(); err != nil || learned != 1 {
		t.Fatalf("first contact: %v, learned %d", err, learned)
	}
	if err := exchange(); err != nil || learned != 1 {
		t.Errorf("again: %v, learned %d", err, learned)
	}
	// The certificate is renewed; the centre has signed the new key.
	current.Store(&second)
	c.accept(t, 2, first, second)
	transport.CloseIdleConnections()
	if err := exchange(); err != nil || learned != 2 {
		t.Errorf("renewed: %v, learned %d", err, learned)
	}
	// Somebody in between has a certificate too, and shows the list as it was.
	third := certificate(t)
	current.Store(&third)
	transport.CloseIdleConnections()
	if err := exchange(); !errors.Is(err, ErrKeys) {
		t.Errorf("a foreign certificate: %v", err)
	}
	// An older list takes nothing back, and one of another signer is refused.
	if err := keys.Take(c.accept(t, 1, third)); err != nil || keys.accept(mustSPKI(t, third)) {
		t.Errorf("an older list was taken: %v", err)
	}
	other := &centre{signing: key(t, 9)}
	if err := keys.Take(other.accept(t, 9, third)); !errors.Is(err, event.ErrNotSigned) {
		t.Errorf("a list by another: %v", err)
	}
	if _, err := FetchKeys(t.Context(), c.server.URL, func(ed25519.PublicKey) bool { return false }); !errors.Is(err, ErrKeys) {
		t.Errorf("a centre nobody named: %v", err)
	}
}

func mustSPKI(t *testing.T, cert tls.Certificate) event.Hash {
	t.Helper()
	leaf, err := x509.ParseCertificate(cert.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	return SPKI(leaf)
}

func TestACertificateHasNoEnd(t *testing.T) {
	leaf, err := x509.ParseCertificate(certificate(t).Certificate[0])
	if err != nil || leaf.NotAfter.Year() != 9999 || leaf.NotBefore.Year() != 2000 || leaf.VerifyHostname("127.0.0.1") != nil {
		t.Errorf("%v %v %v", leaf.NotBefore, leaf.NotAfter, err)
	}
}
