package ui_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
	"simpul/node/vault"
)

// wordsShown are those of the sheet on a page.
func wordsShown(t *testing.T, p *nodetest.Page) []string {
	t.Helper()
	_, list, _ := strings.Cut(p.Body, `<ol class="words">`)
	list, _, _ = strings.Cut(list, "</ol>")
	words := strings.Fields(strings.NewReplacer("<li>", " ", "</li>", " ").Replace(list))
	if len(words) != vault.RecoveryWords {
		t.Fatalf("the page shows %d words", len(words))
	}
	return words
}

// TestAnotherRecoverySheet: the old one was lost. It counts until the new one is on paper and an officer's password is right.
func TestAnotherRecoverySheet(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	if p := b.Get("/petugas"); !p.Has("Buat lembar baru") {
		t.Fatal(p.Text())
	}
	p := b.Get("/petugas/lembar")
	fresh, word := wordsShown(t, p), wordAsked(t, p)
	if pdf := b.Submit(p, "/petugas/lembar/cetak", nil); pdf.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("on paper: %d", pdf.Status)
	}
	q := b.Submit(p, "/petugas/lembar", url.Values{"word": {"xyz"}, "password": {nodetest.Password}})
	if q.Status != http.StatusUnprocessableEntity || !q.Has("belum cocok") || wordsShown(t, q)[3] != fresh[3] {
		t.Fatalf("another word: %d %s", q.Status, q.Text())
	}
	if q = b.Submit(p, "/petugas/lembar", url.Values{"word": {word}, "password": {"sawah hijau di lereng"}}); q.Status != http.StatusUnprocessableEntity || !q.Has("Kata sandi Anda belum cocok") {
		t.Fatalf("another password: %d %s", q.Status, q.Text())
	}
	before, err := n.Desk.Vault.Epochs()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second press changes nothing
		if q = b.Submit(p, "/petugas/lembar", url.Values{"word": {word}, "password": {nodetest.Password}}); q.URL != "/petugas" || !q.Has("yang baru sudah berlaku") {
			t.Fatalf("renewed: %s %d %s", q.URL, q.Status, q.Text())
		}
	}
	if now, err := n.Desk.Vault.Epochs(); err != nil || slices.Equal(now, before) {
		t.Errorf("the data key is the one that the sheet of before opens: %v, %v", now, err)
	}
	if q = b.Submit(p, "/petugas/lembar", url.Values{"state": {"AAAA"}, "word": {word}, "password": {nodetest.Password}}); q.Status != http.StatusUnprocessableEntity || !q.Has("terlalu lama terbuka") || wordsShown(t, q)[0]+wordsShown(t, q)[1] == fresh[0]+fresh[1] {
		t.Errorf("an old page: %d %s", q.Status, q.Text())
	}
	forgotten := func(words []string) *nodetest.Page {
		door := n.Browser(t)
		return door.Submit(door.Get("/masuk/lupa"), "/masuk/lupa", url.Values{"words": {strings.Join(words, " ")}, "password": {"bukit kapur di utara"}})
	}
	if q = forgotten(n.Words); q.Status != http.StatusUnprocessableEntity {
		t.Errorf("the sheet of before: %d %s", q.Status, q.Text())
	}
	if q = forgotten(fresh); q.Status != http.StatusOK || q.URL == "/masuk/lupa" {
		t.Errorf("the new sheet: %s %d %s", q.URL, q.Status, q.Text())
	}
}

// TestAnotherSheetOfACentre: its kit goes with the sheet, and is asked for again.
func TestAnotherSheetOfACentre(t *testing.T) {
	n := nodetest.Start(t, nodetest.As(library.NodeCentre))
	b := n.SignedIn(t)
	before := b.Get("/cabang/paket/simpan")
	p := b.Get("/petugas/lembar")
	if !p.Has("simpan paket yang baru") {
		t.Fatalf("nothing of the kit: %s", p.Text())
	}
	fresh, err := desk.RecoveryFrom(wordsShown(t, p))
	if err != nil {
		t.Fatal(err)
	}
	if p = b.Submit(p, "/petugas/lembar", url.Values{"word": {wordAsked(t, p)}, "password": {nodetest.Password}}); p.URL != "/cabang/paket" || !p.Has("simpan paket pemulihan yang baru") {
		t.Fatalf("renewed: %s %s", p.URL, p.Text())
	}
	if p = b.Get("/ikhtisar"); !p.Has("Paket pemulihan belum disimpan") {
		t.Errorf("the new kit is not asked for: %s", p.Text())
	}
	after := b.Get("/cabang/paket/simpan")
	if _, err := office.OpenKit([]byte(after.Body), fresh); err != nil {
		t.Errorf("the new kit with the new words: %v", err)
	}
	if _, err := office.OpenKit([]byte(after.Body), words(t, n)); err == nil {
		t.Error("the new kit with the old words")
	}
	if _, err := office.OpenKit([]byte(before.Body), words(t, n)); err != nil {
		t.Errorf("the old kit with the old words: %v", err)
	}
}
