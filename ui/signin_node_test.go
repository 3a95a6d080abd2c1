package ui_test

import (
	"net/http"
	"net/url"
	"testing"

	"simpul/node/nodetest"
)

func TestSignInLockAndOut(t *testing.T) {
	n := nodetest.Start(t)
	b := n.Browser(t)
	p := b.Get("/masuk")
	p = b.Submit(p, "/masuk", url.Values{"password": {"bukan ini"}})
	if p.Status != http.StatusUnprocessableEntity || !p.Has("belum cocok") {
		t.Fatalf("wrong password: %d %s", p.Status, p.Text())
	}
	b = n.SignedIn(t)
	p = b.Post("/kunci", url.Values{})
	if !p.Has("Layar terkunci") || !p.Has("Siti Rahayu") {
		t.Fatalf("lock: %s", p.Text())
	}
	if p := b.Get("/lencana"); p.Status != http.StatusUnauthorized {
		t.Fatalf("a locked screen answers: %d", p.Status)
	}
	b.Submit(p, "/masuk", url.Values{"password": {nodetest.Password}})
	if p := b.Get("/lencana"); p.Status != http.StatusOK {
		t.Fatalf("after unlocking: %d", p.Status)
	}
	b.Post("/keluar", url.Values{})
	if p := b.Get("/lencana"); p.Status != http.StatusUnauthorized {
		t.Fatalf("after signing out: %d", p.Status)
	}
}

// TestFormOutlivesSession: the session ends between opening a form and sending it.
func TestFormOutlivesSession(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	p := b.Get("/brankas")
	form := p.Form("/brankas")
	form.Set("remark", "masih ada")
	b.Post("/keluar", url.Values{})
	p = b.Post("/brankas", form)
	if p.Status != http.StatusUnauthorized || !p.Has("Isian Anda tidak hilang") {
		t.Fatalf("without session: %d %s", p.Status, p.Text())
	}
	p = b.Submit(p, "/masuk", url.Values{"password": {"salah sama sekali"}})
	p = b.Submit(p, "/masuk", url.Values{"password": {nodetest.Password}})
	again := p.Form("/brankas")
	if again.Get("remark") != "masih ada" || again.Get("_op") != form.Get("_op") || again.Get("_csrf") == form.Get("_csrf") {
		t.Fatalf("after sign-in the form is %v", again)
	}
	if p = b.Submit(p, "/brankas", nil); !p.Has("Data masih tertutup") {
		t.Fatalf("vault not closed: %d %s", p.Status, p.Text())
	}
}

func TestRecoverySheetGivesNewPassword(t *testing.T) {
	n := nodetest.Start(t)
	b := n.Browser(t)
	words := ""
	for _, w := range n.Words {
		words += w + " "
	}
	p := b.Submit(b.Get("/masuk/lupa"), "/masuk/lupa", url.Values{"words": {"satu dua"}, "password": {"sawah hijau di lereng"}})
	if p.Status != http.StatusUnprocessableEntity || !p.Has("15") {
		t.Fatalf("two words: %d %s", p.Status, p.Text())
	}
	b.Submit(p, "/masuk/lupa", url.Values{"words": {words}, "password": {"sawah hijau di lereng"}})
	if p := b.Get("/lencana"); p.Status != http.StatusOK {
		t.Fatalf("after recovery: %d", p.Status)
	}
	if p := n.Browser(t).Post("/masuk", url.Values{"login": {nodetest.Login}, "password": {nodetest.Password}}); p.Status != http.StatusUnprocessableEntity {
		t.Fatalf("the old password still opens: %d", p.Status)
	}
}
