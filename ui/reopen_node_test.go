package ui_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"simpul/node/library"
	"simpul/node/nodetest"
)

// joinedClosed is a PC of the centre that was switched off and on: nobody is signed in.
func joinedClosed(t *testing.T, centre *nodetest.Node) (n *nodetest.Node, at string) {
	t.Helper()
	n = nodetest.Start(t)
	pc := letIn(t, centre, n, "Perpustakaan Muncar")
	n.Stop()
	return nodetest.Start(t, nodetest.WithDir(n.Dir)), "/cabang/" + pc.ID.String() + "/buka"
}

// TestABranchIsOpenedByItsCentre: through the pages of both, with every slip a person makes on the way.
func TestABranchIsOpenedByItsCentre(t *testing.T) {
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening())
	n, at := joinedClosed(t, centre)
	branch, office := n.Browser(t), centre.SignedIn(t)

	p := branch.Get("/masuk")
	if !p.Has("Semua sandi dan lembar pemulihan hilang?") {
		t.Fatalf("no way to it: %s", p.Text())
	}
	p = branch.Get("/masuk/pusat")
	if p = branch.Submit(p, "/masuk/pusat", nil); !p.Has("Kode periksa") {
		t.Fatalf("asked: %d %s", p.Status, p.Text())
	}
	now, err := n.Desk.Reopening(t.Context())
	if err != nil || !p.Has(strings.ReplaceAll(now.Check, "-", " ")) {
		t.Fatalf("%v: the page does not show %s: %s", err, now.Check, p.Text())
	}
	request := branch.Get("/masuk/pusat/permintaan")
	if request.Status != http.StatusOK || !strings.Contains(request.Header.Get("Content-Disposition"), ".simpul") || strings.Contains(request.Body, now.Check) {
		t.Fatalf("the file: %d %s", request.Status, request.Body)
	}

	p = office.Get(at)
	token := url.Values{"_csrf": {p.Form(at).Get("_csrf")}}
	if p = office.Upload(at, token, "file", "x", []byte("bukan")); p.Status != http.StatusUnprocessableEntity || !p.Has("bukan berkas permintaan") {
		t.Fatalf("another file: %d %s", p.Status, p.Text())
	}
	p = office.Upload(at, token, "file", "x", []byte(request.Body))
	if p.Status != http.StatusOK || !p.Has("Telepon cabang sebelum menjawab") || p.Has(now.Check) || p.Has(strings.ReplaceAll(now.Check, "-", " ")) {
		t.Fatalf("taken in: %d %s", p.Status, p.Text())
	}
	if p = office.Submit(p, at+"/setuju", url.Values{"check": {"KB7Y YY7E VQUN"}, "reason": {""}}); p.Status != http.StatusUnprocessableEntity || !p.Has("Bukan kode permintaan ini") || !p.Has("Perlu diisi") {
		t.Fatalf("another code: %d %s", p.Status, p.Text())
	}
	if p = office.Submit(p, at+"/setuju", url.Values{"check": {strings.ToLower(now.Check)}, "reason": {"koordinator pindah"}}); !p.Has("Jawaban sudah dibuat") || !p.Has("Simpan jawaban") {
		t.Fatalf("answered: %d %s", p.Status, p.Text())
	}
	if p.Has("data yang sama") || !p.Has("Komputer cabang dibuka kembali oleh pusat") {
		t.Errorf("the banner says something else: %s", p.Text())
	}
	answer := office.Get(at + "/jawaban")
	if p = office.Get(strings.TrimSuffix(at, "/buka")); !p.Has("Dibuka kembali oleh Siti Rahayu: koordinator pindah") || !p.Has("Perpustakaan Muncar dibuka kembali") {
		t.Fatalf("no trace: %s", p.Text())
	}

	if p = branch.Upload("/masuk/pusat/jawaban", nil, "file", "x", []byte(request.Body)); p.Status != http.StatusUnprocessableEntity || !p.Has("bukan berkas jawaban") || !p.Has("Kode periksa") {
		t.Fatalf("the request as answer: %d %s", p.Status, p.Text())
	}
	p = branch.Upload("/masuk/pusat/jawaban", nil, "file", "x", []byte(answer.Body))
	if p.Status != http.StatusOK || !p.Has("Pusat sudah menjawab") {
		t.Fatalf("the answer: %d %s", p.Status, p.Text())
	}
	if pdf := branch.Submit(p, "/masuk/pusat/lembar", nil); pdf.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("the sheet: %d", pdf.Status)
	}
	if q := branch.Submit(p, "/masuk/pusat/buka", url.Values{"login": {nodetest.Login}, "password": {"kucing"}, "word": {"xyz"}}); q.Status != http.StatusUnprocessableEntity || !q.Has("terlalu pendek") || !q.Has("belum cocok") || n.Desk.Open() {
		t.Fatalf("a short password: %d %s", q.Status, q.Text())
	}
	good := url.Values{"login": {nodetest.Login}, "password": {"sawah hijau di lereng"}, "word": {wordAsked(t, p)}}
	q := branch.Submit(p, "/masuk/pusat/buka", good)
	if q.Status != http.StatusOK || q.URL != "/meja" || !q.Has("Dibuka kembali oleh pusat") {
		t.Fatalf("opened: %s %d %s", q.URL, q.Status, q.Text())
	}
	if q = branch.Get("/data"); !q.Has("Telepon pusat sekarang juga") {
		t.Errorf("the officers are not told: %s", q.Text())
	}
	if q = branch.Submit(p, "/masuk/pusat/buka", good); q.URL != "/meja" {
		t.Errorf("the last button pressed twice: %s %d %s", q.URL, q.Status, q.Text())
	}
	// Somebody else with that page, who has not the password, learns that it was used.
	good.Set("password", "bukit kapur di utara")
	if q = n.Browser(t).Submit(p, "/masuk/pusat/buka", good); q.Status != http.StatusUnprocessableEntity || !q.Has("sudah dipakai") {
		t.Errorf("used twice: %d %s", q.Status, q.Text())
	}
}

// TestTheAnswerIsAskedForAgain: the page that held it was open too long, or the program was started anew.
func TestTheAnswerIsAskedForAgain(t *testing.T) {
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening())
	n, _ := joinedClosed(t, centre)
	b := n.Browser(t)
	if p := b.Post("/masuk/pusat/buka", url.Values{"state": {"AAAA"}}); p.Status != http.StatusUnprocessableEntity || !p.Has("sekali lagi") || !p.Has("Buat berkas permintaan") {
		t.Errorf("without a request: %d %s", p.Status, p.Text())
	}
	b.Submit(b.Get("/masuk/pusat"), "/masuk/pusat", nil)
	if p := b.Post("/masuk/pusat/lembar", url.Values{"state": {"AAAA"}}); p.Status != http.StatusUnprocessableEntity || !p.Has("sekali lagi") || !p.Has("Kode periksa") {
		t.Errorf("with one: %d %s", p.Status, p.Text())
	}
	for range 5 {
		b.Submit(b.Get("/masuk/pusat"), "/masuk/pusat", nil)
	}
	if p := b.Submit(b.Get("/masuk/pusat"), "/masuk/pusat", nil); p.Status != http.StatusServiceUnavailable || !p.Has("Tunggu") {
		t.Errorf("asked again and again: %d %s", p.Status, p.Text())
	}
}

// TestNobodyToAsk: a PC that has joined no centre offers no such page, and neither does a centre.
func TestNobodyToAsk(t *testing.T) {
	for _, role := range []library.NodeRole{library.NodeBranch, library.NodeCentre} {
		b := nodetest.Start(t, nodetest.As(role)).Browser(t)
		if b.Get("/masuk").Has("lembar pemulihan hilang?") || b.Get("/masuk/lupa").Has("lembar pemulihan hilang?") || b.Get("/masuk/pusat").Status != http.StatusNotFound {
			t.Errorf("a %s offers it", role)
		}
	}
}

// wordAsked is the word of the new sheet that the page asks for.
func wordAsked(t *testing.T, p *nodetest.Page) string {
	t.Helper()
	for i, word := range wordsShown(t, p) {
		if p.Has(fmt.Sprintf("Tulis kata nomor %d ", i+1)) {
			return word
		}
	}
	t.Fatalf("no word is asked for: %s", p.Text())
	return ""
}
