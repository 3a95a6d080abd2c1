package ui_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
)

func TestTwoOfficersOnOneForm(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	p, path := identified(t, b, "ktp")
	other := n.SignedIn(t)
	q := other.Submit(other.Get(path+"/formulir"), path+"/formulir", with(ayu(), "phone", "0811 1111 2222"))
	if q.URL != path+"/periksa" {
		t.Fatalf("the first officer: %d %s", q.Status, q.Text())
	}
	p = b.Submit(p, path+"/formulir", ayu())
	if p.Status != http.StatusConflict || !p.Has("0811 1111 2222") || p.Form(path+"/formulir").Get("phone") != "0812 3456 7890" {
		t.Fatalf("the second officer: %d %s", p.Status, p.Text())
	}
	p = b.Submit(p, path+"/formulir", nil)
	if p.URL != path+"/periksa" || !p.Has("0812 3456 7890") {
		t.Fatalf("sent once more: %d %s", p.Status, p.Text())
	}
	b.Submit(p, path+"/periksa", ktpLines())
	if again := other.Submit(q, path+"/periksa", ktpLines()); again.Status != http.StatusConflict {
		t.Errorf("verified twice from two screens: %d %s", again.Status, again.URL)
	}
}

func TestRefusalAfterAColleagueChangedIt(t *testing.T) {
	n := nodetest.Start(t)
	b, other := n.SignedIn(t), n.SignedIn(t)
	p, path := filled(t, b, ayu())
	other.Submit(other.Get(path+"/periksa"), path+"/periksa", url.Values{"keep": {"phone"}, "phone": {"0811 1111 2222"}})
	p = b.Submit(p, path+"/tolak", url.Values{"reason": {"data-differs"}, "note": {"alamat lain"}})
	form := p.Form(path + "/tolak")
	if p.Status != http.StatusConflict || form.Get("reason") != "data-differs" || form.Get("note") != "alamat lain" {
		t.Fatalf("%d %v %s", p.Status, form, p.Text())
	}
	if p = b.Submit(p, path+"/tolak", nil); !p.Has("Data tidak sesuai dengan identitas") {
		t.Errorf("sent once more: %d %s", p.Status, p.Text())
	}
}

func TestVolunteerFillsAndAnOfficerCompares(t *testing.T) {
	n := nodetest.Start(t)
	if _, err := n.Desk.AddOfficer(t.Context(), n.Officer, nodetest.Op(t), desk.OfficerInput{Login: "bagus", Name: "Bagus Wicaksono",
		Role: library.RoleVolunteer, Password: "sepeda merah di garasi"}); err != nil {
		t.Fatal(err)
	}
	v := n.Browser(t)
	v.Submit(v.Get("/masuk"), "/masuk", url.Values{"login": {"bagus"}, "password": {"sepeda merah di garasi"}})
	p, path := identified(t, v, "ktp")
	p = v.Submit(p, path+"/formulir", ayu())
	if p.URL != path || !p.Has("Menunggu petugas") || p.Has("Tidak dikabulkan") {
		t.Fatalf("the volunteer: %d %s %s", p.Status, p.URL, p.Text())
	}
	if p = v.Get(path + "/periksa"); p.Status != http.StatusForbidden {
		t.Errorf("a volunteer compares: %d", p.Status)
	}
	b := n.SignedIn(t)
	if p = b.Get("/meja"); !p.Has("Bagus Wicaksono") {
		t.Errorf("the desk does not say who is on it: %s", p.Text())
	}
	if p = b.Get(path); p.URL != path+"/periksa" || !p.Has("Bagus Wicaksono membuka pendaftaran ini") {
		t.Errorf("the officer: %s %s", p.URL, p.Text())
	}
}

func TestFormOutlivesALockedScreen(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	p, path := identified(t, b, "ktp")
	b.Post("/kunci", url.Values{})
	p = b.Submit(p, path+"/formulir", ayu())
	if !p.Has("Layar terkunci") {
		t.Fatalf("locked: %d %s", p.Status, p.Text())
	}
	p = b.Submit(p, "/masuk", url.Values{"password": {nodetest.Password}})
	p = b.Submit(p, path+"/formulir", nil)
	if p.URL != path+"/periksa" || !p.Has("Ayu Lestari Wulandari") {
		t.Errorf("after the password: %d %s %s", p.Status, p.URL, p.Text())
	}
}

func TestDoubleSubmitDoesOnce(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	meja := b.Get("/meja")
	form := meja.Form("/daftar")
	if one, two := b.Post("/daftar", form), b.Post("/daftar", form); one.URL != two.URL {
		t.Errorf("pressed twice: %s and %s", one.URL, two.URL)
	}
}

func TestPossibleDuplicate(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	_, first := filled(t, b, ayu())
	p, path := identified(t, b, "ktp")
	p = b.Submit(p, path+"/formulir", with(with(ayu(), "nik", "3510094705980009"), "name", "Ayu Lestari Wulandary"))
	if p.URL != path+"/mirip" || !p.Has("Mungkin sudah terdaftar") || !p.Has("nama mirip") || !p.Has("Kembiritan, Genteng") {
		t.Fatalf("alike: %d %s %s", p.Status, p.URL, p.Text())
	}
	if look := b.Get(path + "/periksa"); look.Status != http.StatusOK || !look.Has("1 orang di sini sama atau mirip") {
		t.Errorf("it blocks: %d %s", look.Status, look.Text())
	}
	if p = b.Submit(p, path+"/mirip", url.Values{"same": {"0"}}); p.URL != path+"/periksa" {
		t.Fatalf("somebody else: %s %s", p.URL, p.Text())
	}
	if p = b.Get(first); p.URL != first+"/periksa" {
		t.Errorf("the pair is asked about twice: %s", p.URL)
	}
	p, path = identified(t, b, "ktp")
	p = b.Submit(p, path+"/formulir", ayu())
	if p.URL != path+"/mirip" || !p.Has("NIK sama") {
		t.Fatalf("same NIK: %d %s", p.Status, p.Text())
	}
	form := p.Form(path + "/mirip")
	form.Set("same", "1")
	form.Set("other", strings.TrimPrefix(first, "/daftar/"))
	if p = b.Post(path+"/mirip", form); p.URL != first+"/periksa" && p.URL != first+"/mirip" {
		t.Fatalf("the same person: %d %s %s", p.Status, p.URL, p.Text())
	}
	if p = b.Get(path); !p.Has("Orang yang sudah terdaftar") {
		t.Errorf("the second registration: %s", p.Text())
	}
}

func TestHostileNamesComeBackWhole(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	for i, name := range []string{"Nur'aini \"D'Souza\"", "Suparman", strings.Repeat("Panjang ", 12) + "Abcd", "=SUM(A1)", "Ayu 😀 Lestari", "<script>alert(1)</script> Ayu", "{{.Name}} Ayu"} {
		p, path := identified(t, b, "ktp")
		form := with(with(ayu(), "name", name), "nik", "351009470598000"+string('1'+rune(i)))
		p = b.Submit(p, path+"/formulir", form)
		if strings.HasSuffix(p.URL, "/mirip") {
			p = b.Get(path + "/periksa")
		}
		if got := p.Form(path + "/periksa").Get("name"); got != name {
			t.Errorf("typed %q, came back %q (%d)", name, got, p.Status)
		}
		if strings.Contains(p.Body, "<script>alert") {
			t.Errorf("%q stands unescaped on the page", name)
		}
	}
	p, path := identified(t, b, "ktp")
	p = b.Submit(p, path+"/formulir", with(ayu(), "name", "Ayu \u202eLestari\u200b\x00"))
	if got := b.Get(path + "/periksa").Form(path + "/periksa").Get("name"); got != "Ayu Lestari" {
		t.Errorf("bidi marks and zero-width letters: %q (%d)", got, p.Status)
	}
}

func TestDraftOutlivesARestart(t *testing.T) {
	dir := t.TempDir() + "/data"
	n := nodetest.Start(t, nodetest.WithDir(dir))
	b := n.SignedIn(t)
	p, path := identified(t, b, "ktp")
	p = b.Submit(p, path+"/formulir", url.Values{"name": {"Ayu Setengah"}, "nik": {"3510"}, "birth_d": {"7"}, "do": {"draft"}})
	if p.URL != "/meja" {
		t.Fatalf("kept: %d %s", p.Status, p.Text())
	}
	n.Stop()
	n = nodetest.Start(t, nodetest.WithDir(dir))
	b = n.SignedIn(t)
	p = b.Get(path + "/formulir")
	if got := p.Form(path + "/formulir"); got.Get("name") != "Ayu Setengah" || got.Get("nik") != "3510" || got.Get("birth_d") != "7" || !p.Has("yang belum selesai") {
		t.Fatalf("after the restart: %v %s", got, p.Text())
	}
	if p = b.Submit(p, path+"/formulir", ayu()); p.URL != path+"/periksa" {
		t.Fatalf("filled: %d %s", p.Status, p.Text())
	}
	if p = b.Get(path + "/formulir"); p.Has("yang belum selesai") || p.Form(path+"/formulir").Get("name") != "Ayu Lestari Wulandari" {
		t.Errorf("the draft is still there: %s", p.Text())
	}
}

func TestDeskAsksAgainAndGetsNothingNew(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	p := b.Get("/meja")
	i := strings.Index(p.Body, "/meja/antrean?v=")
	poll := p.Body[i : i+strings.IndexByte(p.Body[i:], '"')]
	if q := b.Get(poll); q.Status != http.StatusNoContent {
		t.Errorf("unchanged: %d", q.Status)
	}
	opened(t, b)
	if q := b.Get(poll); q.Status != http.StatusOK || !q.Has("Pendaftaran baru") {
		t.Errorf("changed: %d %s", q.Status, q.Text())
	}
	form := b.Get("/meja").Form("/pindai")
	form.Set("code", "014260001237\r")
	if q := b.Post("/pindai", form); !q.Has("Kode belum dikenal") || !q.Has("014260001237") {
		t.Errorf("an unknown code: %d %s", q.Status, q.Text())
	}
}

func TestScreenTurnedToTheVisitor(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	p, path := identified(t, b, "ktp")
	p = b.Submit(p, path+"/putar", nil)
	if p.URL != "/isi" || !p.Has("Siapa nama Anda?") {
		t.Fatalf("turned: %d %s %s", p.Status, p.URL, p.Text())
	}
	for _, elsewhere := range []string{"/meja", path + "/formulir", "/anggota", "/daftar/selesai"} {
		if q := b.Get(elsewhere); q.Status == http.StatusOK && !q.Has("Layar terkunci") {
			t.Errorf("the visitor reaches %s: %s", elsewhere, q.Text())
		}
	}
	if p = b.Submit(p, "/isi/nama", url.Values{"name": {""}}); p.Status != http.StatusUnprocessableEntity {
		t.Fatalf("no name: %d", p.Status)
	}
	all := ayu()
	for _, page := range []struct{ name, next string }{{"nama", "nomor"}, {"nomor", "lahir"}, {"lahir", "kabupaten"}, {"kabupaten", "kecamatan"},
		{"kecamatan", "desa"}, {"desa", "alamat"}, {"alamat", "kegiatan"}, {"kegiatan", "kontak"}, {"kontak", "periksa"}} {
		values := url.Values{}
		for field := range p.Form("/isi/" + page.name) {
			if list, there := all[field]; there {
				values[field] = list
			}
		}
		for _, radio := range []string{"sex", "regency", "district", "village", "occupation", "education"} {
			if strings.Contains(p.Body, `name="`+radio+`"`) {
				values[radio] = all[radio]
			}
		}
		if p = b.Submit(p, "/isi/"+page.name, values); p.URL != "/isi/"+page.next {
			t.Fatalf("after %s: %d %s %s", page.name, p.Status, p.URL, p.Text())
		}
	}
	if !p.Has("Ayu Lestari Wulandari") || !p.Has("Kembiritan") {
		t.Fatalf("check: %s", p.Text())
	}
	p = b.Submit(b.Get("/isi/kecamatan?ubah=1"), "/isi/kecamatan?ubah=1", url.Values{"district": {"351005"}})
	if p.URL != "/isi/periksa" || !p.Has("Muncar") || p.Has("Kembiritan") {
		t.Fatalf("one answer changed: %s %s", p.URL, p.Text())
	}
	if p = b.Submit(p, "/isi/periksa", nil); p.Status != http.StatusUnprocessableEntity || !p.Has("Desa atau kelurahan: Perlu diisi") {
		t.Fatalf("the village is missing: %d %s", p.Status, p.Text())
	}
	p = b.Submit(b.Get("/isi/desa?ubah=1"), "/isi/desa?ubah=1", url.Values{"village": {"3510052004"}})
	if p = b.Submit(p, "/isi/periksa", nil); !p.Has("Kembalikan layar ini ke petugas") {
		t.Fatalf("end: %d %s", p.Status, p.Text())
	}
	if p = b.Get(path); !p.Has("Layar terkunci") {
		t.Fatalf("the officer's page is open: %s", p.Text())
	}
	p = b.Submit(p, "/masuk", url.Values{"password": {nodetest.Password}})
	if p.URL != path+"/periksa" || !p.Has("Ayu Lestari Wulandari") {
		t.Errorf("back with the officer: %d %s %s", p.Status, p.URL, p.Text())
	}
	if p = b.Get("/isi"); p.Status != http.StatusNotFound {
		t.Errorf("the visitor's pages stay open: %d %s", p.Status, p.Text())
	}
}
