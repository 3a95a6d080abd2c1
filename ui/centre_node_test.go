package ui_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
	"simpul/node/vault"
)

// TestFirstBranch: an empty centre says how to begin, makes a code in every form, and takes it back.
func TestFirstBranch(t *testing.T) {
	n := nodetest.Start(t, nodetest.As(library.NodeCentre))
	b := n.SignedIn(t)
	p := b.Get("/")
	if p.URL != "/ikhtisar" || !p.Has("Belum ada cabang") || !p.Has("Tambah cabang pertama") {
		t.Fatalf("%s: %s", p.URL, p.Text())
	}
	p = b.Get("/cabang")
	if p = b.Submit(p, "/cabang/kode", url.Values{"name": {""}, "role": {"branch"}}); p.Status != http.StatusUnprocessableEntity || !p.Has("Perlu diisi") {
		t.Fatalf("a code for nobody: %d %s", p.Status, p.Text())
	}
	p = b.Submit(p, "/cabang/kode", url.Values{"name": {"Perpustakaan Kalibaru"}, "role": {"branch"}})
	if p.Status != http.StatusOK || !p.Has("Kode untuk Perpustakaan Kalibaru") || !p.Has("sekali pakai") {
		t.Fatalf("the code: %d %s", p.Status, p.Text())
	}
	made, err := n.Office.Code(t.Context(), n.Officer, p.URL[strings.LastIndex(p.URL, "/")+1:])
	if err != nil || !p.Has(made.Text) || !p.Has(strings.ToUpper(made.Groups[3])) {
		t.Fatalf("%v: the page does not show the code: %s", err, p.Text())
	}
	at := p.URL
	for path, want := range map[string]string{"/kode.svg": "image/svg+xml", "/cetak": "application/pdf", "/berkas": "text/plain; charset=utf-8"} {
		if got := b.Get(at + path); got.Status != http.StatusOK || got.Header.Get("Content-Type") != want {
			t.Errorf("%s: %d %s", path, got.Status, got.Header.Get("Content-Type"))
		}
	}
	p = b.Get("/cabang")
	if !p.Has("berlaku sampai") {
		t.Fatalf("the open code is not listed: %s", p.Text())
	}
	if p = b.Submit(p, at+"/cabut", nil); !p.Has("Kode dibatalkan") || b.Get(at).Status != http.StatusNotFound {
		t.Fatalf("taken back: %s", p.Text())
	}
}

// TestKit: the recovery kit opens with the words of the sheet, on paper and as a file.
func TestKit(t *testing.T) {
	n := nodetest.Start(t, nodetest.As(library.NodeCentre))
	b := n.SignedIn(t)
	p := b.Get("/cabang/paket?baru=1")
	if !p.Has("Pusat sudah dipasang") || !p.Has("Menyala tanpa petugas") {
		t.Fatalf("%d %s", p.Status, p.Text())
	}
	file := b.Get("/cabang/paket/simpan")
	if _, err := office.OpenKit([]byte(file.Body), words(t, n)); err != nil {
		t.Fatalf("the kit: %v", err)
	}
	if pdf := b.Get("/cabang/paket/cetak"); pdf.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("on paper: %d", pdf.Status)
	}
	if p = b.Submit(p, "/cabang/paket/kunci", nil); !p.Has("sudah menyala tanpa petugas") {
		t.Errorf("key file: %d %s", p.Status, p.Text())
	}
}

// TestCentrePagesOnlyAtTheCentre: a branch has none of them.
func TestCentrePagesOnlyAtTheCentre(t *testing.T) {
	b := nodetest.Start(t).SignedIn(t)
	for _, path := range []string{"/ikhtisar", "/ikhtisar/keadaan", "/cabang", "/cabang/permintaan", "/cabang/paket", "/cabang/paket/simpan"} {
		if p := b.Get(path); p.Status != http.StatusNotFound {
			t.Errorf("%s at a branch: %d", path, p.Status)
		}
	}
}

func words(t *testing.T, n *nodetest.Node) vault.RecoveryCode {
	t.Helper()
	code, err := desk.RecoveryFrom(n.Words)
	if err != nil {
		t.Fatal(err)
	}
	return code
}
