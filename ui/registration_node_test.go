package ui_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

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

func TestAWrongFormComesBackAsItWasTyped(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	p, path := identified(t, b, "ktp")
	form := with(with(with(ayu(), "nik", "3510 0947 0598"), "birth_d", "31"), "birth_m", "2")
	p = b.Submit(p, path+"/formulir", form)
	if p.Status != http.StatusUnprocessableEntity || !p.Has("Ada masalah") || !p.Has("NIK berisi 16 angka") || !p.Has("tidak ada di kalender") {
		t.Fatalf("%d %s", p.Status, p.Text())
	}
	got := p.Form(path + "/formulir")
	for name := range form {
		if name != "email" && got.Get(name) != form.Get(name) {
			t.Errorf("%s: typed %q, came back %q", name, form.Get(name), got.Get(name))
		}
	}
}

// The summary tells one field from the next, and what was typed is still there for who leaves the page now.
func TestAWrongFormNamesItsFieldsAndIsKept(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	p, path := identified(t, b, "ktp")
	p = b.Submit(p, path+"/formulir", with(with(ayu(), "birth_place", ""), "occupation", ""))
	for _, line := range []string{"Tempat lahir: Perlu diisi.", "Pekerjaan: Pilih salah satu."} {
		if !p.Has(line) {
			t.Errorf("the summary does not say %q: %s", line, p.Text())
		}
	}
	b.Get("/meja")
	if got := b.Get(path + "/formulir").Form(path + "/formulir").Get("address"); got != ayu().Get("address") {
		t.Errorf("after leaving, the address is %q", got)
	}
}

func TestAVillageBringsItsDistrict(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	p, path := identified(t, b, "ktp")
	if !p.Has("Tembokrejo, Muncar") {
		t.Errorf("villages without their district: %s", p.Text())
	}
	p = b.Submit(p, path+"/formulir", url.Values{"village": {ayu().Get("village")}, "do": {"region"}})
	if got := p.Form(path + "/formulir"); got.Get("district") != ayu().Get("district") || got.Get("village") != ayu().Get("village") {
		t.Errorf("picked a village, got %v", got)
	}
}

func TestWarningsAreConfirmedWithAReason(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	p, path := identified(t, b, "ktp")
	odd := with(with(ayu(), "birth_y", "1997"), "sex", "L")
	p = b.Submit(p, path+"/formulir", odd)
	if p.Status != http.StatusUnprocessableEntity || !p.Has("Perlu diperiksa") || !p.Has("07-05-1998") {
		t.Fatalf("%d %s", p.Status, p.Text())
	}
	p = b.Submit(p, path+"/formulir", url.Values{"birth_ok": {"1"}, "birth_why": {"Tercetak begitu di KTP"}})
	if p.Status != http.StatusUnprocessableEntity || p.Form(path+"/formulir").Get("birth_why") == "" {
		t.Fatalf("a confirmed warning is lost while another is open: %d %s", p.Status, p.Text())
	}
	p = b.Submit(p, path+"/formulir", url.Values{"sex_ok": {"1"}, "sex_why": {"Tercetak begitu di KTP"}})
	if p.URL != path+"/periksa" || !p.Has("berbeda") {
		t.Fatalf("%d %s %s", p.Status, p.URL, p.Text())
	}
	if p = b.Submit(p, path+"/periksa", ktpLines()); p.URL != path+"/foto" {
		t.Fatalf("ticked beside the document: %d %s", p.Status, p.Text())
	}
}

func TestBirthDateOutOfTheNIKAndVillagesOfAnotherDistrict(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	p, path := identified(t, b, "ktp")
	p = b.Submit(p, path+"/formulir", url.Values{"nik": {"3510094705980003"}, "do": {"nik"}})
	form := p.Form(path + "/formulir")
	if form.Get("birth_d") != "07" || form.Get("birth_m") != "05" || form.Get("birth_y") != "1998" || form.Get("sex") != "P" {
		t.Fatalf("from the NIK: %v", form)
	}
	if !p.Has("Pakai 7 Mei 1998, perempuan dari NIK") {
		t.Errorf("the button does not say what it does: %s", p.Text())
	}
	p = b.Submit(p, path+"/formulir", url.Values{"district": {"351005"}, "do": {"region"}})
	if !p.Has("Tembokrejo") || p.Has("Kembiritan") {
		t.Errorf("villages of Muncar: %s", p.Text())
	}
	if p = b.Submit(p, path+"/formulir", url.Values{"regency": {"3171"}, "do": {"region"}}); p.Form(path+"/formulir").Get("district") != "" {
		t.Errorf("a district of another regency stays")
	}
}

func TestAChildWithGuardianAndASibling(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	p, path := identified(t, b, "kia")
	if strings.Contains(p.Body, "<details><summary><h2 id=\"wali-title\"") {
		t.Error("a KIA is a child's, and the guardian is folded away")
	}
	child := with(with(ayu(), "nik", "3510091203160001"), "name", "Bagas Prayoga")
	for name, value := range map[string]string{"birth_d": "12", "birth_m": "3", "birth_y": "2016", "sex": "L", "occupation": "pelajar", "education": "belum-tamat-sd"} {
		child.Set(name, value)
	}
	p = b.Submit(p, path+"/formulir", child)
	if p.Status != http.StatusUnprocessableEntity {
		t.Fatalf("a child without guardian: %d %s", p.Status, p.Text())
	}
	p = b.Submit(p, path+"/formulir", url.Values{"guardian_name": {"Sri Wahyuni"}, "guardian_relation": {"ibu"}, "guardian_document": {"ktp"}})
	if p.URL != path+"/periksa" || !p.Has("Sri Wahyuni") {
		t.Fatalf("%d %s %s", p.Status, p.URL, p.Text())
	}
	p = b.Post(path+"/saudara", p.Form(path+"/periksa"))
	sibling := strings.TrimSuffix(p.URL, "/identitas")
	p = b.Submit(p, sibling+"/identitas", url.Values{"identity": {"kia"}, "consent_membership": {"1"}, "by": {"guardian"}})
	form := p.Form(sibling + "/formulir")
	if form.Get("address") != "Jl. Gajah Mada 12" || form.Get("guardian_name") != "Sri Wahyuni" || form.Get("name") != "" {
		t.Errorf("a sibling begins with %v", form)
	}
}

func TestRefusedAtEachStepAndTakenUpAgain(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	one, path1 := opened(t, b)
	two, path2 := identified(t, b, "ktp")
	three, path3 := filled(t, b, ayu())
	for path, p := range map[string]*nodetest.Page{path1: one, path2: two, path3: three} {
		if p := b.Submit(p, path+"/tolak", nil); p.Status != http.StatusUnprocessableEntity || !p.Has("Pilih salah satu") {
			t.Fatalf("no reason: %d %s", p.Status, p.Text())
		}
		p = b.Submit(p, path+"/tolak", url.Values{"reason": {"no-identity"}, "note": {"KTP tertinggal"}})
		if p.URL != path || !p.Has("Identitas tidak ditunjukkan") || !p.Has("KTP tertinggal") {
			t.Fatalf("refused: %d %s %s", p.Status, p.URL, p.Text())
		}
		slip := b.Get(path + "/surat")
		if slip.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(slip.Body, "%PDF") || slip.Header.Get("Cache-Control") == "" {
			t.Errorf("slip: %d %v", slip.Status, slip.Header)
		}
		if list := b.Get("/daftar/selesai"); !list.Has("Tidak dikabulkan") {
			t.Errorf("list: %s", list.Text())
		}
		if p = b.Submit(p, path+"/buka", nil); p.URL != path+"/identitas" {
			t.Fatalf("reopened: %d %s %s", p.Status, p.URL, p.Text())
		}
	}
	p := b.Submit(b.Get(path3+"/identitas"), path3+"/identitas", url.Values{})
	if got := p.Form(path3 + "/formulir"); got.Get("name") != "Ayu Lestari Wulandari" {
		t.Errorf("what was typed is gone: %v", got)
	}
	p = b.Submit(p, path3+"/batal", url.Values{"note": {"tidak jadi"}})
	if !p.Has("Dibatalkan pengunjung") || !p.Has("tidak jadi") {
		t.Errorf("withdrawn: %s", p.Text())
	}
}

func TestSentBackAndCorrectedBesideTheDocument(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	p, path := filled(t, b, ayu())
	p = b.Submit(p, path+"/periksa", url.Values{"keep": {"name"}, "name": {"Ayu Lestari Wulandhari"}, "ok_nik": {"1"}})
	if p.Status != http.StatusOK || p.Form(path+"/periksa").Get("ok_nik") != "1" || !p.Has("Wulandhari") {
		t.Fatalf("a correction: %d %s", p.Status, p.Text())
	}
	p = b.Submit(p, path+"/kembalikan", url.Values{"note": {"Alamat kurang lengkap"}})
	if p.URL != path+"/formulir" || !p.Has("Alamat kurang lengkap") || p.Form(path+"/formulir").Get("name") != "Ayu Lestari Wulandhari" {
		t.Fatalf("sent back: %d %s %s", p.Status, p.URL, p.Text())
	}
}

func TestPausedClockAndResume(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	p, path := opened(t, b)
	p = b.Submit(p, path+"/jeda", url.Values{"reason": {"fetching-document"}})
	if !p.Has("dijeda: Pemustaka mengambil dokumen") {
		t.Fatalf("paused: %s", p.Text())
	}
	if q := b.Get("/meja?tertunda=1"); !q.Has("Pendaftaran baru") {
		t.Errorf("a paused one is put aside: %s", q.Text())
	}
	if p = b.Submit(p, path+"/lanjut", nil); p.Has("dijeda:") {
		t.Errorf("resumed: %s", p.Text())
	}
}

// A line that was not ticked says so beside its tick and in the summary, and its editor stays shut.
func TestForgottenTicksSaySoOnce(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	p, path := filled(t, b, ayu())
	lines := ktpLines()
	lines.Del("ok_nik")
	p = b.Submit(p, path+"/periksa", lines)
	if got := strings.Count(p.Body, "Cocokkan dengan dokumen, lalu centang."); p.Status != http.StatusUnprocessableEntity || got != 2 {
		t.Errorf("%d, said %d times: %s", p.Status, got, p.Text())
	}
}

// TestAgesOfAWrongClock: in the year 2000 nobody is taken for a child, and the banner says why dates are odd.
func TestAgesOfAWrongClock(t *testing.T) {
	n := nodetest.Start(t, nodetest.WithClock(func() time.Time { return time.Date(2000, 1, 3, 9, 0, 0, 0, time.UTC) }))
	b := n.SignedIn(t)
	p, path := filled(t, b, ayu())
	b.Submit(p, path+"/periksa", ktpLines())
	p = b.Submit(b.Get(path+"/foto"), path+"/foto/menyusul", nil)
	if !p.Has("Jam komputer ini tampaknya salah") || p.Has("Anak:") {
		t.Errorf("%d %s", p.Status, p.Text())
	}
}
