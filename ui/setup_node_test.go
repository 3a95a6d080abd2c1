package ui_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"simpul/node/nodetest"
)

var (
	askedWord = regexp.MustCompile(`Tulis kata nomor (\d+)`)
	listed    = regexp.MustCompile(`<li>([a-z]+)</li>`)
)

// TestFirstRun walks through the set-up as a person without JavaScript does: with mistakes, with the way back, and with a
// second press on the last button.
func TestFirstRun(t *testing.T) {
	n := nodetest.Start(t, nodetest.Bare())
	b := n.Browser(t)
	for _, path := range []string{"/", "/masuk", "/ganti"} {
		if p := b.Get(path); !p.Has("Simpul belum dipasang") {
			t.Fatalf("%s on the first run: %s", path, p.Text())
		}
	}
	if p := b.Get("/pasang/salah"); p.Status != http.StatusForbidden {
		t.Fatalf("a wrong link: %d", p.Status)
	}
	link := "/pasang/" + n.Invite()
	next := func(p *nodetest.Page, want string, values url.Values) *nodetest.Page {
		t.Helper()
		p = b.Submit(p, "/pasang", values)
		if !strings.Contains(p.Body, ">"+want+"</h1>") {
			t.Fatalf("want page %q, got %d %s", want, p.Status, p.Text())
		}
		return p
	}
	p := b.Get(link)
	p = next(p, "Komputer ini untuk apa?", url.Values{"language": {"id"}})
	p = next(p, "Nama dan nomor perpustakaan", url.Values{"role": {"village"}})
	p = next(p, "Nama dan nomor perpustakaan", url.Values{"name": {"Taman Baca Melati"}, "code": {"4000"}})
	if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Body, `value="Taman Baca Melati"`) {
		t.Fatalf("a wrong number: %d %s", p.Status, p.Text())
	}
	p = next(p, "Petugas pertama", url.Values{"code": {"31"}})
	p = next(p, "Nama dan nomor perpustakaan", url.Values{"full_name": {"Rina Wulandari"}, "login": {"rina"}, "back": {"1"}})
	p = next(p, "Petugas pertama", nil)
	if form := p.Form("/pasang"); form.Get("full_name") != "Rina Wulandari" {
		t.Fatal("the way back lost what was typed")
	}
	p = next(p, "Petugas pertama", url.Values{"password": {"rina"}})
	if p.Has("masih diingat") {
		t.Error("a refused password is said to be remembered")
	}
	p = next(p, "Lembar pemulihan", url.Values{"password": {"perahu di atas bukit"}})
	if strings.Contains(p.Body, "perahu di atas bukit") {
		t.Error("the password stands in the page")
	}
	sheet := b.Post("/pasang/lembar", p.Form("/pasang/lembar"))
	if sheet.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(sheet.Body, "%PDF") {
		t.Fatalf("sheet: %d %s", sheet.Status, sheet.Header)
	}
	words := listed.FindAllStringSubmatch(p.Body, -1)
	number, err := strconv.Atoi(askedWord.FindStringSubmatch(p.Text())[1])
	if err != nil || len(words) != 15 {
		t.Fatalf("words %v, asked %d", words, number)
	}
	p = next(p, "Lembar pemulihan", url.Values{"word": {"bukan"}})
	p = next(p, "Perangkat lain", url.Values{"word": {words[number-1][1]}})
	if n.Desk.Ready() {
		t.Fatal("something was written before the last page")
	}
	last := p.Form("/pasang")
	last.Set("lan", "no")
	b.Post("/pasang", last)
	if p := b.Get("/mulai"); p.Status != http.StatusOK || !p.Has("Simpul siap dipakai") {
		t.Fatalf("after set-up: %d %s", p.Status, p.Text())
	}
	if s := n.Desk.Settings(); s.Name != "Taman Baca Melati" || s.Code != 31 || s.Role != "village" {
		t.Fatalf("the node is %q %d %q", s.Name, s.Code, s.Role)
	}
	if p := b.Post("/pasang", last); p.Status == http.StatusUnprocessableEntity || p.Status >= 500 {
		t.Fatalf("second press: %d %s", p.Status, p.Text())
	}
	for _, path := range []string{"/pasang", link} {
		if p := n.Browser(t).Get(path); p.Status != http.StatusNotFound {
			t.Fatalf("%s after set-up: %d", path, p.Status)
		}
	}
	if p := n.Browser(t).Post("/pasang", url.Values{"state": {"x"}}); p.Status != http.StatusNotFound {
		t.Fatalf("a form of nobody after set-up: %d", p.Status)
	}
}
