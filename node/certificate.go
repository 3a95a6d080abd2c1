package node

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"simpul/node/library"
	"simpul/ui/text"
)

// certificate is a TLS certificate of the library's own with its key, in two PEM
// files. They are read again when one of them changes, so that renewing it needs no
// restart; while the new pair is no good, the one before goes on. The key is
// nowhere else than in its file and in memory.
type certificate struct {
	certFile, keyFile string
	now               func() time.Time
	log               *slog.Logger

	mu    sync.Mutex
	pair  *tls.Certificate
	seen  [2]fileMark // of the files, as they were read or refused last
	asked time.Time
	wrong *library.Error // why the files as they are now cannot be used
}

// fileMark tells a file from the one that takes its place.
type fileMark struct {
	changed time.Time
	size    int64
}

const (
	// certificateLook is how often the files are looked at, at most.
	certificateLook = 10 * time.Second
	// certificateLimit bounds a file that is read: a chain has a few kilobytes.
	certificateLimit = 1 << 20
	// certificateEnding is how long before its end a certificate is warned about.
	certificateEnding = 30 * 24 * time.Hour
)

func newCertificate(certFile, keyFile string, now func() time.Time, log *slog.Logger) *certificate {
	return &certificate{certFile: certFile, keyFile: keyFile, now: now, log: log}
}

// current is the pair to serve with, read again when a file has changed. Both are
// set when the files are no good any more and the pair before goes on.
func (c *certificate) current() (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	if age := now.Sub(c.asked); c.asked.IsZero() || age < 0 || age >= certificateLook {
		c.asked = now
		c.look()
	}
	if c.wrong != nil {
		return c.pair, c.wrong
	}
	return c.pair, nil
}

func (c *certificate) look() {
	marks := [2]fileMark{markOf(c.certFile), markOf(c.keyFile)}
	if marks == c.seen && (c.pair != nil || c.wrong != nil) && marks[0] != (fileMark{}) && marks[1] != (fileMark{}) {
		return
	}
	c.seen = marks
	pair, err := readPair(c.certFile, c.keyFile)
	if errors.As(err, &c.wrong) {
		c.log.Warn("the TLS certificate cannot be used", "err", err)
		return
	}
	c.pair, c.wrong = pair, nil
	c.log.Info("TLS certificate read", "names", strings.Join(pair.Leaf.DNSNames, " "), "until", pair.Leaf.NotAfter)
}

func markOf(name string) fileMark {
	info, err := os.Stat(name)
	if err != nil {
		return fileMark{}
	}
	return fileMark{info.ModTime(), info.Size()}
}

// readPair reads a certificate and its key. Every error is a *library.Error with a
// sentence.
func readPair(certFile, keyFile string) (*tls.Certificate, error) {
	chain, err := readPEM(certFile)
	if err != nil {
		return nil, err
	}
	key, err := readPEM(keyFile)
	if err != nil {
		return nil, err
	}
	defer clear(key)
	// Windows gives every file the same bits; there the folder's rights decide.
	if info, err := os.Stat(keyFile); err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o027 != 0 {
		return nil, wrongPair("tls.key_open", keyFile)
	}
	block, _ := pem.Decode(chain)
	switch {
	case block == nil || block.Type != "CERTIFICATE":
		return nil, wrongPair("tls.no_certificate", certFile)
	case bytes.Contains(key, []byte("ENCRYPTED")):
		return nil, wrongPair("tls.key_locked", keyFile)
	case !bytes.Contains(key, []byte("PRIVATE KEY-----")):
		return nil, wrongPair("tls.no_key", keyFile)
	}
	if _, err := x509.ParseCertificate(block.Bytes); err != nil {
		return nil, wrongPair("tls.no_certificate", certFile)
	}
	pair, err := tls.X509KeyPair(chain, key)
	if err != nil { // its words may hold parts of the key: they are not passed on
		return nil, wrongPair("tls.mismatch")
	}
	return &pair, nil
}

func wrongPair(key string, args ...any) *library.Error {
	return library.E(library.KindInvalid, key).With(args...).Hinted(key + ".hint")
}

func readPEM(name string) ([]byte, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, wrongPair("tls.no_file", name)
	case err != nil || !info.Mode().IsRegular() || info.Size() > certificateLimit:
		return nil, wrongPair("tls.unreadable", name)
	}
	content, err := os.ReadFile(name)
	if err != nil {
		return nil, wrongPair("tls.unreadable", name)
	}
	return content, nil
}

// names reports whether the certificate is for a host, as browsers judge it.
func (c *certificate) names(host string) bool {
	pair, _ := c.current() // without one nobody comes in
	return pair != nil && pair.Leaf.VerifyHostname(host) == nil
}

// doubt says what browsers will not like about the pair, for a PC with these
// addresses: nil when nothing.
func (c *certificate) doubt(addresses []string) *library.Error {
	pair, err := c.current()
	var wrong *library.Error
	switch {
	case errors.As(err, &wrong):
		return wrong
	case c.now().After(pair.Leaf.NotAfter):
		return wrongPair("tls.expired", text.Date(pair.Leaf.NotAfter))
	case c.now().Before(pair.Leaf.NotBefore):
		return wrongPair("tls.early", text.Date(pair.Leaf.NotBefore))
	case len(pair.Leaf.DNSNames) == 0 && !slices.ContainsFunc(addresses, func(ip string) bool { return pair.Leaf.VerifyHostname(ip) == nil }):
		return wrongPair("tls.not_here", strings.Join(addresses, ", "))
	case c.now().After(pair.Leaf.NotAfter.Add(-certificateEnding)):
		return wrongPair("tls.ending", text.Date(pair.Leaf.NotAfter))
	}
	return nil
}

// host is the name under which browsers reach the PC: the first that the
// certificate gives and that is no pattern, else an address of the PC in it.
func (c *certificate) host(addresses []string) string {
	if name := c.name(); name != "" {
		return name
	}
	return c.address(addresses)
}

// name is the first name in the certificate that is no pattern.
func (c *certificate) name() string {
	pair, _ := c.current()
	if pair == nil {
		return ""
	}
	i := slices.IndexFunc(pair.Leaf.DNSNames, func(name string) bool { return !strings.HasPrefix(name, "*") })
	if i < 0 {
		return ""
	}
	return pair.Leaf.DNSNames[i]
}

// address is the first of these addresses that is in the certificate.
func (c *certificate) address(addresses []string) string {
	pair, _ := c.current()
	if pair == nil {
		return ""
	}
	i := slices.IndexFunc(addresses, func(ip string) bool { return pair.Leaf.VerifyHostname(ip) == nil })
	if i < 0 {
		return ""
	}
	return addresses[i]
}

// hostForPhones is where phones reach an address of the PC: that address when the certificate names it, for it needs no
// name server in the library's network; else the certificate's name.
func (c *certificate) hostForPhones(ip string) string {
	if c == nil {
		return ""
	}
	if c.address([]string{ip}) != "" {
		return ip
	}
	return c.name()
}
