package wire

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"simpul/sync/event"
)

// ErrKeys says that the centre's TLS key is not one that the centre has signed.
var ErrKeys = errors.New("wire: the centre's TLS key is not accepted")

// CentreKeys is what the centre tells everybody: its signing key, which a node
// compares with what it has pinned, and its newest decision of the kind
// KeysAccepted, which that key signs.
type CentreKeys struct {
	Key    []byte       `cbor:"1,keyasint"`
	Ruling event.Ruling `cbor:"2,keyasint"`
}

// Keys are the TLS keys under which the centre may be reached. They come from
// the centre's signature and not from an authority: no clock takes part, and a
// self-signed certificate is as good as any.
type Keys struct {
	mu      sync.Mutex
	centre  ed25519.PublicKey
	version uint64
	keys    []event.Hash
	learned func(event.Ruling)
}

// NewKeys pins the centre's signing key. learned, which may be nil, is told of
// each list of TLS keys that was fetched, for the node to keep with its other
// decisions.
func NewKeys(centre ed25519.PublicKey, learned func(event.Ruling)) *Keys {
	return &Keys{centre: centre, learned: learned}
}

// Take takes in a decision of the kind KeysAccepted, if it is newer than what is
// there; others are passed over. It returns event.ErrNotSigned for one that the
// centre did not sign.
func (k *Keys) Take(r event.Ruling) error {
	_, body, err := r.Open(k.centre)
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if list, is := body.(*event.TLSKeys); is && (k.keys == nil || list.Version > k.version) {
		k.version, k.keys = list.Version, slices.Clone(list.Keys)
	}
	return nil
}

func (k *Keys) accept(key event.Hash) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Contains(k.keys, key)
}

// verify is for tls.Config.VerifyConnection; it also runs when a session is resumed.
func (k *Keys) verify(s tls.ConnectionState) error {
	if len(s.PeerCertificates) == 0 || !k.accept(SPKI(s.PeerCertificates[0])) {
		return ErrKeys
	}
	return nil
}

// SPKI names a certificate's public key.
func SPKI(c *x509.Certificate) event.Hash { return sha256.Sum256(c.RawSubjectPublicKeyInfo) }

const maxKeys = 16 << 10

// FetchKeys asks for the centre's keys over a connection that proves nothing:
// known says whether the signing key is the one that the joining code or the
// node's own memory names, and the list must be signed with it. Nothing of the
// node is sent.
func FetchKeys(ctx context.Context, base string, known func(ed25519.PublicKey) bool) (*CentreKeys, error) {
	if err := allowed(base); err != nil {
		return nil, err
	}
	open := newInner(dialTCP, &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12})
	defer open.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(ctx, 2*stall)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+KeysPath, nil)
	if err != nil {
		return nil, fmt.Errorf("wire: %w", err)
	}
	res, err := open.RoundTrip(req)
	if err != nil {
		return nil, fmt.Errorf("wire: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, refusal(res)
	}
	raw, err := io.ReadAll(io.LimitReader(res.Body, maxKeys))
	if err != nil {
		return nil, fmt.Errorf("wire: %w", err)
	}
	var told CentreKeys
	if err := event.Decode(raw, &told); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMessage, err)
	}
	if len(told.Key) != ed25519.PublicKeySize || !known(told.Key) {
		return nil, ErrKeys
	}
	if _, _, err := told.Ruling.Open(told.Key); err != nil && len(told.Ruling.Bytes) > 0 {
		return nil, err
	}
	return &told, nil
}

// ServeKeys answers at KeysPath, to everybody.
func ServeKeys(keys func(context.Context) (CentreKeys, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		told, err := keys(r.Context())
		var raw []byte
		if err == nil {
			raw, err = event.Encode(told)
		}
		if err != nil {
			asRefusal(err).Write(w)
			return
		}
		bare(w)
		_, _ = w.Write(raw) // whoever asked is gone
	})
}

// SelfSigned makes a certificate for the centre, for ever: nodes go by its key
// alone. Both results are PEM.
func SelfSigned(random io.Reader, names []string) (certificate, key []byte, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), random)
	if err != nil {
		return nil, nil, fmt.Errorf("wire: key: %w", err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Simpul"},
		NotBefore: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:  time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), // RFC 5280, 4.1.2.5: no end
		KeyUsage:  x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(random, template, template, private.Public(), private)
	if err != nil {
		return nil, nil, fmt.Errorf("wire: certificate: %w", err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, nil, fmt.Errorf("wire: key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), nil
}
