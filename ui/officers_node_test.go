package ui_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"simpul/node/nodetest"
)

// come signs an officer in and reports whether that worked.
func come(t *testing.T, n *nodetest.Node, login, password string) (*nodetest.Browser, bool) {
	t.Helper()
	b := n.Browser(t)
	b.Post("/masuk", url.Values{"login": {login}, "password": {password}, "next": {"/lencana"}})
	return b, b.Get("/lencana").Status == http.StatusOK
}

// TestHeadsBeginAtTheReports: who does not serve at the desk is not led to it.
func TestHeadsBeginAtTheReports(t *testing.T) {
	n := nodetest.Start(t)
	siti := n.SignedIn(t)
	siti.Submit(siti.Get("/petugas/baru"), "/petugas", url.Values{"name": {"Hadi Rekaan"}, "login": {"hadi"}, "role": {"service-head"}, "password": {"layang di atas sawah"}})
	hadi := n.Browser(t)
	p := hadi.Submit(hadi.Get("/masuk"), "/masuk", url.Values{"login": {"hadi"}, "password": {"layang di atas sawah"}})
	if p.Status != http.StatusOK || !strings.HasPrefix(p.URL, "/laporan") {
		t.Fatalf("a head begins at %s: %d %s", p.URL, p.Status, p.Text())
	}
	if p := hadi.Get("/"); !strings.HasPrefix(p.URL, "/laporan") {
		t.Fatalf("home of a head: %s", p.URL)
	}
}

func TestOfficersComeChangeAndLeave(t *testing.T) {
	n := nodetest.Start(t)
	siti := n.SignedIn(t)
	p := siti.Submit(siti.Get("/petugas/baru"), "/petugas", url.Values{"name": {"Bagus Wicaksono"}, "login": {nodetest.Login}, "role": {"officer"}, "password": {"bagus"}})
	if p.Status != http.StatusUnprocessableEntity || !p.Has("sudah dipakai") || !p.Has("terlalu pendek") || !strings.Contains(p.Body, "Bagus Wicaksono") {
		t.Fatalf("a taken login: %d %s", p.Status, p.Text())
	}
	p = siti.Submit(p, "/petugas", url.Values{"login": {"bagus"}, "password": {"layang di atas sawah"}})
	if !p.Has("Bagus Wicaksono") || !p.Has("sudah bisa masuk") {
		t.Fatalf("after adding: %d %s", p.Status, p.Text())
	}
	bagus, ok := come(t, n, "bagus", "layang di atas sawah")
	if !ok {
		t.Fatal("the new officer cannot sign in")
	}
	if p := bagus.Get("/petugas/baru"); p.Status != http.StatusForbidden {
		t.Fatalf("an officer may add officers: %d", p.Status)
	}
	bagus.Submit(bagus.Get("/sandi"), "/sandi", url.Values{"old_password": {"layang di atas sawah"}, "password": {"kelapa muda di pantai"}})
	if p := bagus.Get("/lencana"); p.Status != http.StatusOK {
		t.Fatalf("changing the password signed the officer out: %d", p.Status)
	}
	officers, err := n.Desk.Officers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range officers {
		page := "/petugas/" + o.ID.String()
		if o.Login == nodetest.Login {
			p = siti.Submit(siti.Get(page), page, url.Values{"role": {"officer"}})
			if p.Status != http.StatusUnprocessableEntity || !p.Has("satu koordinator") {
				t.Fatalf("the last coordinator: %d %s", p.Status, p.Text())
			}
			continue
		}
		siti.Submit(siti.Get(page+"/sandi"), page+"/sandi", url.Values{"password": {"perahu kecil di danau"}})
		if _, ok := come(t, n, "bagus", "perahu kecil di danau"); !ok {
			t.Fatal("the password that a colleague gave does not work")
		}
		siti.Submit(siti.Get(page), page, url.Values{"active": nil})
		if _, ok := come(t, n, "bagus", "perahu kecil di danau"); ok {
			t.Fatal("who has left still gets in")
		}
		form := siti.Get(page).Form(page)
		form.Set("password", "angin sejuk di gunung")
		if p := siti.Post(page+"/sandi", form); p.Status != http.StatusConflict {
			t.Fatalf("a password for somebody who has left: %d", p.Status)
		}
	}
}

var linked = regexp.MustCompile(`<a [^>]*href="(/[^"#]*)"`)

// TestNobodyIsLedToAClosedDoor: every link of the page a role begins at opens for that role, and so does the way back from
// a page that does not.
func TestNobodyIsLedToAClosedDoor(t *testing.T) {
	n := nodetest.Start(t)
	siti := n.SignedIn(t)
	for _, role := range []string{"volunteer", "officer", "coordinator", "section-head"} {
		login := strings.TrimSuffix(role, "-head")
		siti.Submit(siti.Get("/petugas/baru"), "/petugas", url.Values{"name": {"Rekaan " + login}, "login": {login}, "role": {role}, "password": {"layang di atas sawah"}})
		b, ok := come(t, n, login, "layang di atas sawah")
		if !ok {
			t.Fatalf("%s cannot sign in", role)
		}
		for _, page := range []string{"/", "/pengaturan"} {
			for _, link := range linked.FindAllStringSubmatch(b.Get(page).Body, -1) {
				if p := b.Get(link[1]); p.Status == http.StatusForbidden {
					t.Errorf("%s on %s is led to %s", role, page, link[1])
				}
			}
		}
	}
}
