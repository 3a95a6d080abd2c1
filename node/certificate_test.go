package node_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"simpul/node/library"
	"simpul/node/nodetest"
)

const ownName = "perpus.example"

// tlsPair writes a certificate and its key into a folder.
func tlsPair(t testing.TB, dir string, from, until time.Time, names ...string) (certFile, keyFile string, cert *x509.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	paper := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "Perpustakaan Genteng"}, NotBefore: from, NotAfter: until,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, IsCA: true, BasicConstraintsValid: true, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			paper.IPAddresses = append(paper.IPAddresses, ip)
		} else {
			paper.DNSNames = append(paper.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, paper, paper, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(dir, "perpus.pem"), filepath.Join(dir, "perpus.key")
	for name, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: raw}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cert, err = x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return certFile, keyFile, cert
}

// overTLS is a browser on another PC that trusts a certificate and finds the node by its name.
func overTLS(t testing.TB, address string, trusted ...*x509.Certificate) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	for _, c := range trusted {
		pool.AddCert(c)
	}
	return &http.Client{Jar: jar, Timeout: time.Minute, Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: pool},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, address)
		}}}
}

func read(t testing.TB, res *http.Response, err error) (status int, page string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func fetch(t testing.TB) func(*http.Response, error) (int, string) {
	return func(res *http.Response, err error) (int, string) { t.Helper(); return read(t, res, err) }
}

// TestOfficersOverTheNetwork with a certificate of the library's own: they sign in by https under its name, and under no
// other; a renewed pair is used without a restart, a broken one is not; without a certificate there is no such door.
func TestOfficersOverTheNetwork(t *testing.T) {
	now := time.Now()
	var mu sync.Mutex
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	n := nodetest.Start(t, nodetest.WithAddresses("127.0.0.2"), nodetest.WithClock(clock))
	if err := n.ListenToTLS(t.Context(), "127.0.0.2:0"); err != nil || n.SecureURL() != "" {
		t.Fatalf("without a certificate: %v %q", err, n.SecureURL())
	}
	dir := t.TempDir()
	certFile, keyFile, cert := tlsPair(t, dir, now.Add(-time.Hour), now.Add(90*24*time.Hour), ownName)
	if err := n.UseCertificate(certFile, ""); err == nil {
		t.Error("half a pair")
	}
	if err := n.UseCertificate(certFile, keyFile); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	if err := n.ListenToTLS(ctx, "127.0.0.2:0"); err != nil {
		t.Fatal(err)
	}
	base := n.SecureURL()
	u, err := url.Parse(base)
	if err != nil || u.Hostname() != ownName {
		t.Fatalf("%q", base)
	}
	address := net.JoinHostPort("127.0.0.2", u.Port())
	away := overTLS(t, address, cert)
	res, err := away.Get(base + "/masuk")
	if res != nil && res.Header.Get("Strict-Transport-Security") != "" {
		t.Error("HSTS at a port of our own would close the ports of others on this PC")
	}
	if status, page := read(t, res, err); status != http.StatusOK || !strings.Contains(page, "password") {
		t.Fatalf("sign-in page: %d %.300s", status, page)
	}
	form := url.Values{"login": {nodetest.Login}, "password": {nodetest.Password}, "next": {"/meja"}}
	post := func(from string) (int, string) {
		req, err := http.NewRequest(http.MethodPost, base+"/masuk", strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", from)
		res, err := away.Do(req)
		return read(t, res, err)
	}
	if status, _ := post("https://elsewhere.example"); status != http.StatusForbidden {
		t.Errorf("a form from elsewhere: %d", status)
	}
	if status, page := post(base); status != http.StatusOK || !strings.Contains(page, "Siti") {
		t.Fatalf("signed in: %d %.400s", status, page)
	}
	for _, c := range away.Jar.Cookies(u) {
		if c.Name != "__Host-simpul" && c.Name != "simpul_selesai" {
			t.Errorf("cookie %s", c.Name)
		}
	}
	status, page := fetch(t)(away.Get(base + "/pengaturan/jaringan"))
	if status != http.StatusOK || !strings.Contains(page, "Terbuka dengan sertifikat perpustakaan") || !strings.Contains(page, base) {
		t.Errorf("the settings: %d", status)
	}
	req, _ := http.NewRequest(http.MethodGet, base+"/masuk", nil)
	req.Host = "other.example"
	if status, _ := fetch(t)(away.Do(req)); status != http.StatusForbidden {
		t.Errorf("under another name: %d", status)
	}
	if _, err := http.Get("http://" + address + "/masuk"); err == nil {
		t.Error("it speaks plain http too")
	}
	if status, _ := fetch(t)(away.Get(base + "/metrics")); status == http.StatusOK {
		t.Error("what is for this PC only is shown to others")
	}

	// Renewed; then broken: the pair before goes on, and the settings say so.
	_, _, renewed := tlsPair(t, dir, now.Add(-time.Hour), now.Add(180*24*time.Hour), ownName, "127.0.0.2")
	mu.Lock()
	now = now.Add(time.Minute)
	mu.Unlock()
	if status, _ := fetch(t)(overTLS(t, address, renewed).Get(base + "/masuk")); status != http.StatusOK {
		t.Errorf("renewed: %d", status)
	}
	if err := os.WriteFile(keyFile, []byte("-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	now = now.Add(time.Minute)
	mu.Unlock()
	if status, _ := fetch(t)(overTLS(t, address, renewed).Get(base + "/masuk")); status != http.StatusOK {
		t.Errorf("with a broken file the pair before was to go on: %d", status)
	}
	if p := n.SignedIn(t).Get("/pengaturan/jaringan"); !p.Has("bukan pasangan") || p.Has("secret") {
		t.Errorf("%s", p.Text())
	}
}

// TestPairsThatAreNoGood are each said on the page of the network, with what to do; the node works on without https.
func TestPairsThatAreNoGood(t *testing.T) {
	now := time.Now()
	good, goodKey, _ := tlsPair(t, t.TempDir(), now.Add(-time.Hour), now.Add(90*24*time.Hour), ownName)
	ending, endingKey, _ := tlsPair(t, t.TempDir(), now.Add(-time.Hour), now.Add(20*24*time.Hour), ownName)
	_, otherKey, _ := tlsPair(t, t.TempDir(), now.Add(-time.Hour), now.Add(time.Hour), ownName)
	old, oldKey, _ := tlsPair(t, t.TempDir(), now.Add(-48*time.Hour), now.Add(-24*time.Hour), ownName)
	early, earlyKey, _ := tlsPair(t, t.TempDir(), now.Add(48*time.Hour), now.Add(72*time.Hour), ownName)
	nameless, namelessKey, _ := tlsPair(t, t.TempDir(), now.Add(-time.Hour), now.Add(time.Hour), "192.0.2.9")
	_, openKey, _ := tlsPair(t, t.TempDir(), now.Add(-time.Hour), now.Add(time.Hour), ownName)
	if err := os.Chmod(openKey, 0o644); err != nil {
		t.Fatal(err)
	}
	locked := filepath.Join(t.TempDir(), "locked.key")
	if err := os.WriteFile(locked, []byte("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	n := nodetest.Start(t, nodetest.WithAddresses("127.0.0.2"))
	b := n.SignedIn(t)
	for says, files := range map[string][2]string{
		"bukan pasangan":                   {good, otherKey},
		"sudah habis sejak":                {old, oldKey},
		"Minta yang baru sekarang":         {ending, endingKey},
		"baru berlaku mulai":               {early, earlyKey},
		"tidak menyebut nama atau alamat":  {nameless, namelessKey},
		"bisa dibaca orang lain":           {good, openKey},
		"masih bersandi":                   {good, locked},
		"tidak ada kunci":                  {good, good},
		"tidak ada sertifikat":             {goodKey, goodKey},
		"perpus.pem.gone tidak ada":        {good + ".gone", goodKey},
		"Terbuka dengan sertifikat perpus": {good, goodKey},
	} {
		if err := n.UseCertificate(files[0], files[1]); err != nil {
			t.Fatal(err)
		}
		if p := b.Get("/pengaturan/jaringan"); p.Status != http.StatusOK || !p.Has(says) {
			t.Errorf("no %q: %d %s", says, p.Status, p.Text())
		}
	}
}

// TestThePublicDoorWithACertificate speaks TLS on an address of the network.
func TestThePublicDoorWithACertificate(t *testing.T) {
	now := time.Now()
	n := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.WithAddresses("127.0.0.2"))
	certFile, keyFile, cert := tlsPair(t, t.TempDir(), now.Add(-time.Hour), now.Add(time.Hour), ownName, "127.0.0.2")
	if err := n.UseCertificate(certFile, keyFile); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	if err := n.ListenToPublic(ctx, "0.0.0.0:0"); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(n.SiteURL())
	if err != nil || u.Scheme != "https" {
		t.Fatal(n.SiteURL())
	}
	address := net.JoinHostPort("127.0.0.2", u.Port())
	if status, page := fetch(t)(overTLS(t, address, cert).Get("https://" + address + "/")); status != http.StatusOK || !strings.Contains(page, "perpustakaan") {
		t.Errorf("%d %.300s", status, page)
	}
}
