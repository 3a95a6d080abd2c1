package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"path/filepath"
	"testing"
	"time"
)

// TestACertificateChosenInTheBrowser: looked at, taken and taken away on the page of the network.
func TestACertificateChosenInTheBrowser(t *testing.T) {
	t.Setenv("SIMPUL_TLS_LISTEN", "127.0.0.2:0")
	p := Serve(t, filepath.Join(t.TempDir(), "data"))
	s := firstRun(t, p, 1280, 800)
	s.Go("/pengaturan/jaringan")
	s.Wait("Tanpa sertifikat")
	s.Press("Pilih sertifikat")
	s.Press("Periksa berkasnya")
	s.Wait("Pilih berkas sertifikatnya")
	s.Accessible("a certificate that was not chosen")
	Eval[bool](s, `(() => { const files = new DataTransfer(); files.items.add(new File([`+quote(madeUpCertificate(t))+`], "perpus.pem"));
		document.querySelector("[name=tls_certificate]").files = files.files; return true })()`)
	s.Press("Periksa berkasnya")
	s.Wait("Pakai sertifikat ini?")
	s.Wait("diterbitkan oleh dirinya sendiri")
	s.Accessible("a certificate that was looked at")
	s.Shot("sertifikat")
	s.Press("Pakai sertifikat ini")
	s.Wait("https://perpus.example:")
	s.Accessible("a certificate in use")
	s.Shot("sertifikat-dipakai")
	s.Size(360, 800)
	if wide := Eval[int](s, `document.documentElement.scrollWidth`); wide > 360 {
		t.Errorf("%d px wide", wide)
	}
	s.Colours("dark")
	s.Accessible("a certificate on a small dark screen")
	s.Shot("sertifikat-kecil")
	s.Press("Lepas sertifikat…")
	s.Wait("layar yang sedang dibuka lewat https terputus")
	Eval[bool](s, `(document.querySelector("form[action$='/lepas'] button").click(), true)`)
	s.Wait("Tanpa sertifikat")
}

// madeUpCertificate is one with its key, in one PEM text.
func madeUpCertificate(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	paper := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Perpustakaan Contoh"}, NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(0, 6, 0), DNSNames: []string{"perpus.example"}}
	der, err := x509.CreateCertificate(rand.Reader, paper, paper, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})) + string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}))
}
