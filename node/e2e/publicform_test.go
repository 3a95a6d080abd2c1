package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestFromHomeToACard: somebody fills in the centre's public form on a phone of 360 px, for a branch. After an exchange the officer
// there takes it from the queue to a card, and after the next one the status page says that it is ready.
func TestFromHomeToACard(t *testing.T) {
	at := fmt.Sprintf("http://localhost:%d", freePort(t))
	d := startDuo(t, "--sync-listen", "127.0.0.1:0", "--public-listen", strings.TrimPrefix(at, "http://"))
	d.join(t)
	d.pusat.Go("/pengaturan/daring")
	d.pusat.Accessible("settings of the public door")
	d.pusat.Type("public_url", at)
	d.pusat.Press("Simpan")
	d.pusat.Go("/cabang/daring")
	d.pusat.Wait("Belum ada yang menunggu")
	d.pusat.Accessible("from home, empty")

	phone := d.centre.Phone(t, "localhost")
	watch := phone.Watch()
	look := func(name string) {
		t.Helper()
		phone.Accessible("from home, " + name)
		phone.Shot("daring-" + name)
		if wide := Eval[int](phone, `document.documentElement.scrollWidth`); wide > 360 {
			t.Errorf("%s: %d px wide", name, wide)
		}
		if asked := Eval[string](phone, `location.search`); asked != "" {
			t.Errorf("%s: the address ends with %q", name, asked)
		}
	}
	phone.Go(at)
	phone.Wait("Daftar jadi anggota perpustakaan")
	look("mulai")
	phone.Press("Mulai mengisi")
	phone.fillPages("/pendaftaran/", slices.Concat([]formPage{{"cabang", nil, values{"branch": ""}}}, visitorPages(),
		[]formPage{{"setuju", nil, values{"consent_membership": "", "consent_photo": ""}}}), look)
	phone.Wait("Periksa isian Anda")
	phone.Wait("Perpustakaan Genteng")
	look("periksa")
	phone.Colours("dark")
	look("periksa-gelap")
	phone.Colours("light")
	for phone.Press("Kirim pendaftaran"); phone.Path() != "/pendaftaran/selesai"; phone.Press("Kirim pendaftaran") {
		phone.Wait("Itu cepat sekali") // a test is quicker than the least time of the form
	}
	phone.Wait("Pendaftaran terkirim")
	look("selesai")
	reference := Eval[string](phone, `document.querySelector(".reference").innerText`)
	if len(reference) != len("K7QM-3XW9") {
		t.Fatalf("the reference is %q", reference)
	}
	if lines := Eval[int](phone, `(() => { const r = document.createRange(); r.selectNodeContents(document.querySelector(".reference")); return r.getClientRects().length })()`); lines != 1 {
		t.Errorf("the reference stands on %d lines", lines)
	}
	d.pusat.Go("/cabang/daring")
	d.pusat.Wait(reference)
	d.pusat.Accessible("from home, one waits")
	d.pusat.Shot("daring-pusat")
	d.pusat.Press("Ayu Lestari Rekaan")
	d.pusat.Wait("Pindahkan ke")
	d.pusat.Accessible("one from home")

	d.send()
	d.cabang.cardFromHome(t, reference)
	d.send()

	// Another phone knows only what was noted down.
	phone.Go(at + "/pendaftaran/keadaan")
	look("keadaan")
	ask := func(reference, day string) {
		t.Helper()
		phone.Go(at + "/pendaftaran/keadaan")
		for name, value := range map[string]string{"reference": reference, "birth_d": day, "birth_m": "5", "birth_y": "1998"} {
			phone.Type(name, value)
		}
		phone.Press("Lihat keadaan")
	}
	var answers []string
	for _, wrong := range [][2]string{{reference, "8"}, {"AAAA-BBBB", "7"}} {
		ask(wrong[0], wrong[1])
		phone.Wait("tidak cocok dengan pendaftaran mana pun")
		answers = append(answers, phone.Text())
	}
	if answers[0] != answers[1] {
		t.Errorf("a wrong date says\n%s\na wrong reference\n%s", answers[0], answers[1])
	}
	look("tidak-cocok")
	ask(strings.ToLower(strings.ReplaceAll(reference, "-", "")), "7")
	phone.Wait("Kartu sudah jadi")
	if strings.Contains(phone.Text(), "Lestari") {
		t.Errorf("the status names the person:\n%s", phone.Text())
	}
	look("jadi")
	for _, what := range watch.Take() {
		if what != "request to another host: "+strings.TrimPrefix(at, "http://") {
			t.Errorf("on the phone: %s", what)
		}
	}
	for _, p := range []*Program{d.centre, d.branch} {
		for _, secret := range []string{"Ayu", "Rekaan", "3510094705980003", "Gajah", "081234567890", "1998", reference, strings.ReplaceAll(reference, "-", "")} {
			if strings.Contains(p.Log(), secret) {
				t.Errorf("a log holds %q", secret)
			}
		}
	}
}

// cardFromHome takes who registered from home out of the queue of a branch, and goes on to a card that is ready to be handed over.
func (s *Screen) cardFromHome(t *testing.T, reference string) {
	t.Helper()
	s.Go("/meja")
	s.Wait("dari formulir daring · kode " + reference)
	s.Accessible("queue, one from home")
	s.Shot("daring-antrean")
	s.Press("Lanjut")
	s.Wait("Identitas yang ditunjukkan")
	s.Accessible("identity of one from home")
	s.Shot("daring-identitas")
	if !Eval[bool](s, `["[name=identity][value=ktp]", "[name=consent_membership]", "[name=consent_photo]"].every(f => document.querySelector(f).checked)`) {
		t.Error("the document and the consents from home are not chosen")
	}
	s.Choose("explained", "1")
	s.Press("Lanjut ke formulir")
	s.Wait("Nama lengkap")
	if kept := Eval[string](s, byName("address")+".value"); kept != "Jl. Gajah Mada 12" {
		t.Errorf("the address in the form is %q", kept)
	}
	s.Accessible("form of one from home")
	s.Shot("daring-formulir")
	s.Press("Simpan, lanjut periksa")
	s.Wait("Cocokkan")
	at := strings.TrimSuffix(s.Path(), "/periksa")
	s.Post(at+"/periksa", verified())
	s.Post(at+"/foto/menyusul", nil)
	s.Go(at + "/kartu")
	s.Post(at+"/kartu", nil)
	s.Wait("Kartu terbit")
}
