package e2e

import (
	"net/url"
	"path/filepath"
	"strings"
	"testing"
)

// TestACardOnThePhone: the officer's screen and a phone of 360 px on the network, without internet. Issued, the code read
// off the screen, opened and saved on the phone, recorded; then once more for a new phone, from the member's page.
func TestACardOnThePhone(t *testing.T) {
	p := Serve(t, filepath.Join(t.TempDir(), "data"))
	s := firstRun(t, p, 1280, 800)
	host := s.allowPhones()
	at := s.Register(person(5, "Ayu Lestari Wulandari"), toHandOver)
	s.Go(at + "/kartu")
	s.Accessible("card, with a way to the phone")
	s.Press("Ke telepon")
	s.Wait("Menunggu telepon")
	s.Accessible("code for a card")
	s.Shot("kartu-telepon-kode")
	if wifi := s.scan(".scan-step:first-child img"); !strings.HasPrefix(wifi, "WIFI:T:WPA;") {
		t.Errorf("the first code says %q", wifi)
	}
	address := s.scan(".scan-codes img[src$='/telepon/kode.svg']")
	if u, err := url.Parse(address); err != nil || u.Hostname() != host || !strings.HasPrefix(u.Path, "/c/") {
		t.Fatalf("the code leads to %q", address)
	}

	phone := p.Phone(t, host)
	watch := phone.Watch()
	look := func(name string) {
		t.Helper()
		phone.Accessible("card on the phone, " + name)
		phone.Shot("kartu-telepon-" + name)
		if wide := Eval[int](phone, `document.documentElement.scrollWidth`); wide > 360 {
			t.Errorf("%s: %d px wide", name, wide)
		}
	}
	phone.Go(address)
	phone.Wait("Kartu anggota sudah siap")
	look("siap")
	phone.Press("Buka kartu")
	phone.Wait("Simpan gambar")
	phone.Until(`document.querySelector(".card-picture img")?.naturalWidth >= 1000`)
	look("kartu")
	if shown := Eval[float64](phone, `document.querySelector(".card-picture img").getBoundingClientRect().width`); shown < 300 {
		t.Errorf("the card is %.0f px wide on the phone", shown)
	}
	s.Wait("Kartu sudah dibuka di telepon")
	s.Accessible("the phone has opened the card")
	s.Shot("kartu-telepon-dibuka")
	s.Choose("to", "other")
	s.Type("receiver", "Sri Rekaan")
	Eval[bool](phone, `fetch(document.querySelector("a[download]").href).then(r => r.headers.get("Content-Disposition").includes("kartu-anggota.png"))`)
	s.Wait("Kartu sudah disimpan di telepon")
	if typed := Eval[string](s, `document.querySelector("[name=receiver]").value`); typed != "Sri Rekaan" {
		t.Errorf("the page was drawn anew under the officer's hands: %q", typed)
	}
	other := p.Phone(t, host)
	other.Go(address)
	other.Wait("sudah dibuka di telepon lain")
	other.Accessible("a second phone")
	s.Press("Catat penyerahan")
	s.Wait("Selesai, kartu sudah diserahkan")
	s.Wait("Sri Rekaan")
	s.Wait("Gambar ke ponsel anggota")

	s.Go(strings.Replace(at, "/daftar/", "/anggota/", 1))
	s.Press("Ke telepon")
	s.Wait("Menunggu telepon")
	again := s.scan(".scan-codes img[src$='/telepon/kode.svg']")
	other.Go(again)
	other.Press("Buka kartu")
	other.Wait("Simpan gambar")
	s.Wait("Kartu sudah dibuka di telepon")
	s.Press("Catat penyerahan")
	s.Wait("Penyerahan tercatat")
	for _, what := range watch.Take() {
		if !strings.HasPrefix(what, "request to another host: "+host) {
			t.Errorf("on the phone: %s", what)
		}
	}
}
