package node_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"simpul/node/nodetest"
)

// authority is a made-up issuer of certificates: a root, and what stands between it and a leaf.
type authority struct {
	t             testing.TB
	root, between *x509.Certificate
	key           crypto.Signer
}

func newAuthority(t testing.TB, now time.Time) *authority {
	t.Helper()
	a := &authority{t: t}
	rootKey, root := a.sign("Akar Contoh", nil, nil, now, true)
	a.root = root
	a.key, a.between = a.sign("Penerbit Contoh", root, rootKey, now, true)
	return a
}

// sign makes a key and its certificate; change may spoil it.
func (a *authority) sign(name string, issuer *x509.Certificate, with crypto.Signer, now time.Time, ca bool, change ...func(*x509.Certificate)) (crypto.Signer, *x509.Certificate) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	return key, a.certify(key, name, issuer, with, now, ca, change...)
}

func (a *authority) certify(key crypto.Signer, name string, issuer *x509.Certificate, with crypto.Signer, now time.Time, ca bool, change ...func(*x509.Certificate)) *x509.Certificate {
	a.t.Helper()
	number, err := rand.Int(rand.Reader, big.NewInt(1<<60))
	if err != nil {
		a.t.Fatal(err)
	}
	paper := &x509.Certificate{SerialNumber: number, Subject: pkix.Name{CommonName: name}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(90 * 24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, IsCA: ca, BasicConstraintsValid: true}
	if ca {
		paper.KeyUsage |= x509.KeyUsageCertSign
	} else {
		paper.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		paper.DNSNames, paper.IPAddresses = []string{ownName}, []net.IP{net.IPv4(127, 0, 0, 2)}
	}
	for _, c := range change {
		c(paper)
	}
	if issuer == nil {
		issuer, with = paper, key
	}
	der, err := x509.CreateCertificate(rand.Reader, paper, issuer, key.Public(), with)
	if err != nil {
		a.t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	return c
}

// leaf is a certificate for the library's PC.
func (a *authority) leaf(now time.Time, change ...func(*x509.Certificate)) (crypto.Signer, *x509.Certificate) {
	a.t.Helper()
	return a.sign("Perpustakaan Genteng", a.between, a.key, now, false, change...)
}

func asPEM(certificates ...*x509.Certificate) []byte {
	var out []byte
	for _, c := range certificates {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return out
}

func keyPEM(t testing.TB, key crypto.Signer) []byte {
	t.Helper()
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})
}

const (
	networkPage     = "/pengaturan/jaringan"
	certificatePage = networkPage + "/sertifikat"
)

// choose sends files by the form of the page of the network.
func choose(b *nodetest.Browser, certificate, key []byte, password string) *nodetest.Page {
	form := b.Get(networkPage).Form(certificatePage)
	form.Set("tls_password", password)
	files := []nodetest.File{{Field: "tls_certificate", Name: "perpus.pem", Content: certificate}}
	if key != nil {
		files = append(files, nodetest.File{Field: "tls_key", Name: "perpus.key", Content: key})
	}
	return b.UploadAll(certificatePage, form, files...)
}

// TestACertificateByPage is the whole way of a certificate that an officer chooses on the page: looked at, shown, used at
// once, used after a restart, phones by https, near its end, taken away again.
func TestACertificateByPage(t *testing.T) {
	now := time.Now()
	var mu sync.Mutex
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	later := func(d time.Duration) { mu.Lock(); defer mu.Unlock(); now = now.Add(d) }
	var log strings.Builder
	dir := filepath.Join(t.TempDir(), "data")
	lines := slog.New(slog.NewTextHandler(&log, nil))
	start := func() (*nodetest.Node, func()) {
		n := nodetest.Start(t, nodetest.WithDir(dir), nodetest.WithAddresses("127.0.0.2"), nodetest.WithClock(clock), nodetest.WithLog(lines))
		ctx, stop := context.WithCancel(t.Context())
		t.Cleanup(stop)
		if err := n.UseCertificate("", ""); err != nil {
			t.Fatal(err)
		}
		if err := n.ListenToTLS(ctx, "127.0.0.2:0"); err != nil {
			t.Fatal(err)
		}
		return n, func() { stop(); n.Stop() }
	}
	n, stop := start()
	b := n.SignedIn(t)
	if p := b.Get(networkPage); !p.Has("Tanpa sertifikat") || p.Has("Lepas sertifikat") || p.Has("Kode untuk telepon memakai https") {
		t.Errorf("without one: %s", p.Text())
	}

	ca := newAuthority(t, now)
	key, leaf := ca.leaf(now)
	secret := string(keyPEM(t, key))
	p := choose(b, asPEM(leaf, ca.between), keyPEM(t, key), "")
	for _, says := range []string{"Pakai sertifikat ini?", ownName, "127.0.0.2, termuat", "Penerbit Contoh"} {
		if p.Status != http.StatusOK || !p.Has(says) {
			t.Errorf("%q is not shown: %d %s", says, p.Status, p.Text())
		}
	}
	if p.Has("memperingatkan") {
		t.Errorf("a warning about nothing: %s", p.Text())
	}
	if n.SecureURL() != "" || exists(filepath.Join(dir, "certificate.pem")) {
		t.Error("it is used before anybody said so")
	}
	if p = b.Submit(p, certificatePage+"/pakai", nil); p.Status != http.StatusOK || !p.Has("Terbuka dengan sertifikat perpustakaan") || !p.Has("https://"+ownName) {
		t.Fatalf("taken: %d %s", p.Status, p.Text())
	}
	base := n.SecureURL()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	// Over the network under its name, with the chain: the browser trusts the root alone.
	away := overTLS(t, net.JoinHostPort("127.0.0.2", u.Port()), ca.root)
	if status, _ := fetch(t)(away.Get(base + "/masuk")); status != http.StatusOK {
		t.Errorf("over the network: %d", status)
	}
	if info, err := os.Stat(filepath.Join(dir, "certificate.pem")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key lies open: %v %v", info, err)
	}

	// Phones go on by http until somebody says otherwise; then their codes say https.
	n.AllowPhones(t, nodetest.FreePort(t))
	if door := n.DoorURL(t); !strings.HasPrefix(door, "http://127.0.0.2") {
		t.Error(door)
	}
	form := b.Get(networkPage).Form(networkPage)
	form.Set("lan_https", "1")
	if p := b.Post(networkPage, form); p.Status != http.StatusOK {
		t.Fatalf("%d %s", p.Status, p.Text())
	}
	door := waitDoor(t, n, "https://127.0.0.2")
	phone := overTLS(t, strings.TrimPrefix(door, "https://"), ca.root)
	if status, page := fetch(t)(phone.Get(door + "/coba")); status != http.StatusOK || !strings.Contains(page, "Tersambung") || strings.Contains(page, "tidak disandikan") {
		t.Errorf("the phone: %d %s", status, page)
	}
	if status, _ := fetch(t)(phone.Get(door + "/meja")); status != http.StatusNotFound {
		t.Errorf("an officer's page at the phones' door: %d", status)
	}

	// After a restart it is there. Near its end everybody who can change it is told.
	stop()
	n, stop = start()
	b = n.SignedIn(t)
	if n.SecureURL() == "" || b.Get("/meja").Has("habis") {
		t.Error("after the restart")
	}
	later(70 * 24 * time.Hour)
	b = n.SignedIn(t)
	if p := b.Get("/meja"); !p.Has("Sertifikat https perpustakaan habis") {
		t.Errorf("nobody is told: %s", p.Text())
	}
	// Renewed: the new one is served to whoever comes next.
	mu.Lock()
	key, leaf = ca.leaf(now)
	mu.Unlock()
	if p = b.Submit(choose(b, append(asPEM(leaf, ca.between), keyPEM(t, key)...), nil, ""), certificatePage+"/pakai", nil); !p.Has("Terbuka dengan sertifikat") || b.Get("/meja").Has("habis") {
		t.Errorf("renewed: %s", p.Text())
	}

	p = b.Submit(b.Get(networkPage), certificatePage+"/lepas", nil)
	if p.Status != http.StatusOK || !p.Has("Tanpa sertifikat") || n.SecureURL() != "" || exists(filepath.Join(dir, "certificate.pem")) {
		t.Errorf("taken away: %d %s", p.Status, p.Text())
	}
	waitDoor(t, n, "http://127.0.0.2")
	if p := b.Post(certificatePage+"/lepas", p.Form(networkPage)); p.Status != http.StatusOK {
		t.Errorf("taken away twice: %d", p.Status)
	}
	stop()
	for _, line := range strings.Split(secret, "\n")[1:3] {
		if strings.Contains(log.String(), line) {
			t.Error("the key is in the log")
		}
	}
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

func waitDoor(t testing.TB, n *nodetest.Node, begins string) string {
	t.Helper()
	for range 600 {
		if at := n.Door().URL; strings.HasPrefix(at, begins) {
			return at
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("phones come in at %+v", n.Door())
	return ""
}

// TestFilesOfCertificates: what people have in their hands is read in every order and form, or refused at its field with what to do.
func TestFilesOfCertificates(t *testing.T) {
	now := time.Now()
	n := nodetest.Start(t, nodetest.WithAddresses("127.0.0.2"))
	b := n.SignedIn(t)
	ca := newAuthority(t, now)
	key, leaf := ca.leaf(now)
	_, other := ca.leaf(now)
	whole := asPEM(leaf, ca.between)
	pfx := func(encoder *pkcs12.Encoder, password string) []byte {
		out, err := encoder.Encode(key, leaf, []*x509.Certificate{ca.between}, password)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	spoiled := func(change func(*x509.Certificate)) []byte {
		key, leaf := ca.leaf(now, change)
		return append(asPEM(leaf, ca.between), keyPEM(t, key)...)
	}
	with := func(key crypto.Signer) []byte {
		leaf := ca.certify(key, "Perpustakaan Genteng", ca.between, ca.key, now, false)
		return append(asPEM(leaf, ca.between), keyPEM(t, key)...)
	}
	weak, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, odd, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalECPrivateKey(key.(*ecdsa.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	locked := []byte("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n")
	for name, c := range map[string]struct {
		certificate, key []byte
		password, says   string // no sentence: it is taken
		warns            string
	}{
		"two files":          {certificate: whole, key: keyPEM(t, key)},
		"one file":           {certificate: append(keyPEM(t, key), whole...)},
		"swapped":            {certificate: keyPEM(t, key), key: whole},
		"chain first":        {certificate: asPEM(ca.root, ca.between, other, leaf), key: keyPEM(t, key)},
		"as Windows has it":  {certificate: pfx(pkcs12.LegacyDES, "kopi"), password: "kopi"},
		"as OpenSSL has it":  {certificate: pfx(pkcs12.Modern, "kopi"), password: "kopi"},
		"pfx, no password":   {certificate: pfx(pkcs12.Modern, "")},
		"binary":             {certificate: leaf.Raw, key: der, warns: "Rantainya tidak ada"},
		"no chain":           {certificate: asPEM(leaf), key: keyPEM(t, key), warns: "Rantainya tidak ada"},
		"near its end":       {certificate: spoiled(func(c *x509.Certificate) { c.NotAfter = now.Add(20 * 24 * time.Hour) }), warns: "Sertifikat habis"},
		"by name only":       {certificate: spoiled(func(c *x509.Certificate) { c.IPAddresses = nil }), warns: "hanya nama " + ownName},
		"of another address": {certificate: spoiled(func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = nil, []net.IP{net.IPv4(192, 0, 2, 9)} }), warns: "tidak menyebut nama atau alamat"},
		"nothing":            {says: "Pilih berkas sertifikatnya"},
		"a picture":          {certificate: []byte("\xff\xd8\xff\xe0JFIF"), says: "bukan berkas sertifikat"},
		"too large":          {certificate: make([]byte, 2<<20), says: "terlalu besar"},
		"no key":             {certificate: whole, says: "Kuncinya belum ada"},
		"a locked key":       {certificate: whole, key: locked, says: "masih bersandi"},
		"no certificate":     {certificate: keyPEM(t, key), says: "Tidak ada sertifikat"},
		"another's key":      {certificate: asPEM(other), key: keyPEM(t, key), says: "bukan pasangan"},
		"wrong password":     {certificate: pfx(pkcs12.Modern, "kopi"), password: "teh", says: "tidak membuka berkas .pfx"},
		"half a pfx":         {certificate: pfx(pkcs12.Modern, "kopi")[:400], password: "kopi", says: "openssl pkcs12"},
		"ended":              {certificate: spoiled(func(c *x509.Certificate) { c.NotBefore, c.NotAfter = now.AddDate(-2, 0, 0), now.AddDate(-1, 0, 0) }), says: "sudah habis"},
		"too early":          {certificate: spoiled(func(c *x509.Certificate) { c.NotBefore, c.NotAfter = now.AddDate(1, 0, 0), now.AddDate(2, 0, 0) }), says: "baru berlaku mulai"},
		"for mail":           {certificate: spoiled(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection} }), says: "bukan untuk situs web"},
		"for nobody":         {certificate: spoiled(func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = nil, nil }), says: "tidak memuat nama atau alamat (SAN)"},
		"weak":               {certificate: with(weak), says: "terlalu lemah"},
		"an odd key":         {certificate: with(odd), says: "tidak dikenal browser"},
	} {
		p := choose(b, c.certificate, c.key, c.password)
		switch {
		case c.says != "":
			if p.Status != http.StatusUnprocessableEntity || !p.Has(c.says) || !p.Has("Simpan") {
				t.Errorf("%s: no %q: %d %s", name, c.says, p.Status, p.Text())
			}
		case p.Status != http.StatusOK || !p.Has("Pakai sertifikat ini?"):
			t.Errorf("%s: %d %s", name, p.Status, p.Text())
		case !p.Has(c.warns) || c.warns == "" && p.Has("memperingatkan"):
			t.Errorf("%s: warned otherwise than %q: %s", name, c.warns, p.Text())
		}
	}
}

// TestACertificateWhileTheClockIsWrong: nobody can say then whether it is valid, so that is a warning.
func TestACertificateWhileTheClockIsWrong(t *testing.T) {
	now := time.Now()
	n := nodetest.Start(t, nodetest.WithAddresses("127.0.0.2"), nodetest.WithClock(func() time.Time { return now.AddDate(73, 0, 0) }))
	b := n.SignedIn(t)
	ca := newAuthority(t, now)
	key, leaf := ca.leaf(now)
	p := choose(b, asPEM(leaf, ca.between), keyPEM(t, key), "")
	if p.Status != http.StatusOK || !p.Has("Pakai sertifikat ini?") || !p.Has("sudah habis sejak") {
		t.Errorf("%d %s", p.Status, p.Text())
	}
}

// TestTheFlagsWin over what is chosen on the page, and the page says so.
func TestTheFlagsWin(t *testing.T) {
	now := time.Now()
	n := nodetest.Start(t, nodetest.WithAddresses("127.0.0.2"))
	certFile, keyFile, _ := tlsPair(t, t.TempDir(), now.Add(-time.Hour), now.Add(90*24*time.Hour), ownName)
	b := n.SignedIn(t)
	ca := newAuthority(t, now)
	key, leaf := ca.leaf(now)
	shown := choose(b, asPEM(leaf, ca.between), keyPEM(t, key), "")
	if err := n.UseCertificate(certFile, keyFile); err != nil {
		t.Fatal(err)
	}
	if p := b.Submit(shown, certificatePage+"/pakai", nil); p.Status != http.StatusConflict || !p.Has("--tls-cert") {
		t.Errorf("taken: %d %s", p.Status, p.Text())
	}
	p := b.Get(networkPage)
	if !p.Has("diatur saat Simpul dijalankan") || p.Has("Lepas sertifikat") || p.Has("Berkas sertifikat") {
		t.Errorf("%s", p.Text())
	}
	if p := b.Post(certificatePage+"/lepas", p.Form(networkPage)); p.Status != http.StatusConflict {
		t.Errorf("dropped: %d", p.Status)
	}
}

// TestWhoMayChooseACertificate: those who may change the other settings of the network.
func TestWhoMayChooseACertificate(t *testing.T) {
	n := nodetest.Start(t)
	stranger := n.Browser(t)
	for _, path := range []string{certificatePage, certificatePage + "/pakai", certificatePage + "/lepas"} {
		if p := stranger.Post(path, url.Values{}); p.Status != http.StatusUnauthorized && p.Status != http.StatusForbidden && !strings.HasPrefix(p.URL, "/masuk") {
			t.Errorf("%s: %d %s %s", path, p.Status, p.URL, p.Text())
		}
	}
}
