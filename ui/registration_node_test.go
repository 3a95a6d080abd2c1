package ui_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"simpul/node/nodetest"
)

// ayu is a made-up visitor of 28 years with a KTP of Banyuwangi.
func ayu() url.Values {
	return url.Values{
		"nik": {"3510 0947 0598 0003"}, "name": {"Ayu Lestari Wulandari"}, "birth_place": {"Banyuwangi"},
		"birth_d": {"7"}, "birth_m": {"Mei"}, "birth_y": {"1998"}, "sex": {"P"}, "address": {"Jl. Gajah Mada 12"}, "rt": {"3"}, "rw": {"1"},
		"regency": {"3510"}, "district": {"351009"}, "village": {"3510092001"}, "phone": {"0812 3456 7890"}, "email": nil,
		"education": {"slta"}, "occupation": {"swasta"}, "member_kind": {"umum"},
	}
}

// with is a form with some answers changed.
func with(form url.Values, name, value string) url.Values {
	form.Set(name, value)
	return form
}

// ktpLines are the boxes of step 4 for a KTP.
func ktpLines() url.Values {
	v := url.Values{"result": {"verified"}}
	for _, line := range []string{"regency", "nik", "name", "birth_place", "sex", "address", "village", "occupation"} {
		v.Set("ok_"+line, "1")
	}
	return v
}

// opened begins a registration from the desk and returns step 2 and its address.
func opened(t *testing.T, b *nodetest.Browser) (page *nodetest.Page, path string) {
	t.Helper()
	p := b.Submit(b.Get("/meja"), "/daftar", nil)
	if p.Status != http.StatusOK || !strings.HasSuffix(p.URL, "/identitas") {
		t.Fatalf("open: %d %s %s", p.Status, p.URL, p.Text())
	}
	return p, strings.TrimSuffix(p.URL, "/identitas")
}

// identified goes on to step 3 with a document.
func identified(t *testing.T, b *nodetest.Browser, kind string) (page *nodetest.Page, path string) {
	t.Helper()
	p, path := opened(t, b)
	p = b.Submit(p, path+"/identitas", url.Values{"identity": {kind}, "explained": {"1"}, "consent_membership": {"1"}, "consent_photo": {"1"}})
	if p.URL != path+"/formulir" {
		t.Fatalf("identify: %d %s %s", p.Status, p.URL, p.Text())
	}
	return p, path
}

// filled goes on to step 4.
func filled(t *testing.T, b *nodetest.Browser, form url.Values) (page *nodetest.Page, path string) {
	t.Helper()
	p, path := identified(t, b, "ktp")
	p = b.Submit(p, path+"/formulir", form)
	if p.URL != path+"/periksa" {
		t.Fatalf("fill: %d %s %s", p.Status, p.URL, p.Text())
	}
	return p, path
}

func TestFirstFourStepsWithoutJavaScript(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	if p := b.Get("/meja"); !p.Has("Belum ada yang dilayani hari ini") {
		t.Fatalf("an empty desk does not teach: %s", p.Text())
	}
	p, path := filled(t, b, ayu())
	for _, sentence := range []string{"Ayu Lestari Wulandari", "3510 0947 0598 0003", "Banyuwangi, 07-05-1998", "cocok", "Periksa tempat lahir",
		"Jl. Gajah Mada 12, 003/001", "tidak ada di KTP", "Belum terdaftar di sini", "belum terhubung"} {
		if !p.Has(sentence) {
			t.Errorf("step 4 does not say %q:\n%s", sentence, p.Text())
		}
	}
	if q := b.Get("/meja"); !q.Has("Ayu Lestari Wulandari") || !q.Has("Verifikasi") {
		t.Errorf("the queue does not show it: %s", q.Text())
	}
	again := b.Submit(p, path+"/periksa", with(ktpLines(), "ok_name", ""))
	if again.Status != http.StatusUnprocessableEntity || !again.Has("Nama lengkap: Cocokkan dengan dokumen") {
		t.Fatalf("a line that was not ticked passes: %d %s", again.Status, again.Text())
	}
	if got := again.Form(path + "/periksa"); got.Get("ok_nik") != "1" || got.Get("ok_name") != "" {
		t.Errorf("the ticks are lost: %v", got)
	}
	done := b.Submit(again, path+"/periksa", ktpLines())
	if done.URL != path+"/foto" {
		t.Fatalf("verified: %d %s %s", done.Status, done.URL, done.Text())
	}
	if back := b.Submit(p, path+"/periksa", ktpLines()); back.Status == http.StatusInternalServerError {
		t.Errorf("the back button: %d %s", back.Status, back.Text())
	}
}
