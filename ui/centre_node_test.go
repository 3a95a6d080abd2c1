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
	if p = b.Get("/ikhtisar"); !p.Has("Paket pemulihan belum disimpan") {
		t.Errorf("nobody is asked to take the kit away: %s", p.Text())
	}
	file := b.Get("/cabang/paket/simpan")
	if p = b.Get("/ikhtisar"); p.Has("Paket pemulihan belum disimpan") {
		t.Errorf("asked again: %s", p.Text())
	}
	p = b.Get("/cabang/paket")
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

// TestTwoRecordsOfOnePerson: side by side, merged with both cards shown, split again, and kept apart.
func TestTwoRecordsOfOnePerson(t *testing.T) {
	n := nodetest.Start(t, nodetest.As(library.NodeCentre))
	b := n.SignedIn(t)
	if p := b.Get("/putusan"); !p.Has("Tidak ada yang menunggu") {
		t.Fatalf("at first: %s", p.Text())
	}
	one, _ := newMember(t, n, "Bunga Rekaan")
	other, _ := newMember(t, n, "Bungawati Rekaan")
	p := b.Get("/putusan")
	if !p.Has("Mungkin orang yang sama") || !p.Has("NIK sama") || !p.Has("Perlu diputuskan 1") {
		t.Fatalf("a case: %s", p.Text())
	}
	list, _, err := n.Office.Cases(t.Context(), n.Officer, office.CaseOpen)
	if err != nil || len(list) != 1 {
		t.Fatalf("%v %v", list, err)
	}
	at := "/putusan/mirip/" + list[0].One.String() + "/" + list[0].Other.String()
	p = b.Get(at)
	if !p.Has("Nama lengkap (berbeda)") || p.Has("3510104705980003") || p.Has("NIK (berbeda)") {
		t.Fatalf("side by side: %s", p.Text())
	}
	if p = b.Submit(p, at, url.Values{"do": {"merge"}, "stands": {""}}); p.Status != http.StatusUnprocessableEntity {
		t.Fatalf("merged into nobody: %d", p.Status)
	}
	if p = b.Submit(p, at, url.Values{"do": {"merge"}, "stands": {one.String()}}); !p.Has("Digabung") || !p.Has("satu orang") {
		t.Fatalf("merged: %s", p.Text())
	}
	if p = b.Get("/anggota/" + other.String()); !p.Has("Catatan ini sudah digabung") || !strings.Contains(p.Body, "/anggota/"+one.String()) {
		t.Fatalf("the absorbed one: %s", p.Text())
	}
	if p = b.Get("/anggota/" + one.String()); !p.Has("Satu orang dengan dua kartu") {
		t.Fatalf("the one that stands: %s", p.Text())
	}
	p = b.Get(at)
	if p.Form(at) != nil || !p.Has("Sudah digabung") {
		t.Fatalf("after the merging: %s", p.Text())
	}
	if p = b.Submit(p, at+"/pisah", url.Values{"note": {"kakak beradik"}}); !p.Has("Dipisah lagi") || b.Get("/anggota/"+other.String()).Has("sudah digabung") {
		t.Fatalf("split: %s", p.Text())
	}
	if p = b.Get(at); !p.Has("dua orang berbeda") {
		t.Fatalf("after the split: %s", p.Text())
	}
}

// TestErasingAMember: only with a reason and the word; then nothing finds the person.
func TestErasingAMember(t *testing.T) {
	n := nodetest.Start(t, nodetest.As(library.NodeCentre))
	b := n.SignedIn(t)
	id, _ := newMember(t, n, "Cici Rekaan")
	at := "/anggota/" + id.String() + "/hapus"
	if p := b.Get("/anggota/" + id.String()); !strings.Contains(p.Body, at) {
		t.Fatalf("no way to it: %s", p.Text())
	}
	p := b.Get(at)
	if !p.Has("Tidak dapat dibatalkan") || !p.Has("Yang tinggal") {
		t.Fatalf("%d %s", p.Status, p.Text())
	}
	for _, wrong := range []url.Values{{"reason": {"request"}, "word": {""}}, {"reason": {""}, "word": {"hapus"}}} {
		if p = b.Submit(p, at, wrong); p.Status != http.StatusUnprocessableEntity {
			t.Fatalf("%v: %d", wrong, p.Status)
		}
	}
	if p = b.Submit(p, at, url.Values{"reason": {"request"}, "word": {"hapus"}}); !p.Has("sudah dihapus") {
		t.Fatalf("%d %s", p.Status, p.Text())
	}
	if p = b.Get("/anggota/" + id.String()); p.Status != http.StatusNotFound {
		t.Errorf("still there: %d %s", p.Status, p.Text())
	}
	if p := nodetest.Start(t).SignedIn(t).Get(at); p.Status != http.StatusNotFound {
		t.Errorf("at a branch: %d", p.Status)
	}
}
