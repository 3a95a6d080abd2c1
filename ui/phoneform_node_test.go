package ui_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
)

// formCode makes a code for a form at the officer's screen; it returns the page and the address on the phone.
func formCode(t testing.TB, n *nodetest.Node, officer *nodetest.Browser) (page, path string) {
	t.Helper()
	p := officer.Submit(officer.Get("/telepon/formulir"), "/telepon/formulir", nil)
	if p.Status != http.StatusOK || !p.Has("Menunggu telepon") {
		t.Fatalf("no code: %d %s", p.Status, p.Text())
	}
	id, err := library.ParseID(strings.TrimPrefix(p.URL, "/telepon/formulir/"))
	if err != nil {
		t.Fatalf("%s: %v", p.URL, err)
	}
	link, err := n.Desk.FormLink(context.Background(), n.Officer, id)
	if err != nil || strings.Contains(p.Body, link.Token) || strings.Contains(p.URL, link.Token) {
		t.Fatalf("%v; or the token stands in the officer's page", err)
	}
	return p.URL, "/i/" + link.Token
}

// visitorAnswers are what somebody made up types, page by page.
func visitorAnswers(n *nodetest.Node) []struct {
	page string
	v    url.Values
} {
	village := n.Desk.Regions().Villages("351009")
	code := "Kembiritan"
	if len(village) > 0 {
		code = village[0].Code
	}
	type answer = struct {
		page string
		v    url.Values
	}
	return []answer{
		{"dokumen", url.Values{"identity": {"ktp"}}},
		{"nama", url.Values{"name": {"Ayu Lestari Rekaan"}, "sex": {"P"}}},
		{"nomor", url.Values{"nik": {"3510 0947 0598 0003"}}},
		{"lahir", url.Values{"birth_place": {"Banyuwangi"}, "birth_d": {"7"}, "birth_m": {"mei"}, "birth_y": {"1998"}}},
		{"kabupaten", url.Values{"regency": {"3510"}}},
		{"kecamatan", url.Values{"district": {"351009"}}},
		{"desa", url.Values{"village": {code}}},
		{"alamat", url.Values{"address": {"Jl. Gajah Mada 12"}, "rt": {"3"}, "rw": {"1"}}},
		{"kegiatan", url.Values{"occupation": {"swasta"}, "education": {"slta"}}},
		{"kontak", url.Values{"phone": {"0812 3456 7890"}}},
	}
}

func begun(t testing.TB, phone *nodetest.Browser, path string) *nodetest.Page {
	t.Helper()
	p := phone.Get(path)
	if p.Status != http.StatusOK || !p.Has("Isi sambil menunggu") || !p.Has("tidak disandikan") {
		t.Fatalf("the code opens %d %s", p.Status, p.Text())
	}
	p = phone.Submit(p, path, nil)
	if p.Status != http.StatusOK || p.URL != "/formulir" {
		t.Fatalf("begun: %d %s %s", p.Status, p.URL, p.Text())
	}
	return p
}

var fourLetters = regexp.MustCompile(`\b[A-HJ-NP-Z2-9]{4}\b`)

// TestFormOnThePhone: a visitor fills it in without JavaScript, makes mistakes, loses the network and comes back; at the desk it
// stands in the queue with the code that the phone shows.
func TestFormOnThePhone(t *testing.T) {
	n, officer, phone := phoneNode(t)
	page, path := formCode(t, n, officer)
	p := begun(t, phone, path)
	if p := officer.Get(page); !p.Has("Sedang diisi di telepon") || strings.Contains(p.Body, "kode.svg") {
		t.Errorf("the officer still shows the code: %s", p.Text())
	}
	for _, a := range visitorAnswers(n) {
		if a.page == "nomor" {
			wrong := phone.Submit(p, "/formulir/nomor", url.Values{"nik": {"12"}})
			if wrong.Status != http.StatusUnprocessableEntity || !strings.Contains(wrong.Body, `value="12"`) {
				t.Errorf("a wrong NIK: %d", wrong.Status)
			}
			phone.Get("/formulir") // another day's page, or the browser was closed
			p = phone.Get("/formulir/nomor")
		}
		p = phone.Submit(p, "/formulir/"+a.page, a.v)
		if p.Status != http.StatusOK {
			t.Fatalf("%s: %d %s", a.page, p.Status, p.Text())
		}
	}
	if p.URL != "/formulir/periksa" || !p.Has("Ayu Lestari Rekaan") || !p.Has("Kirim ke petugas") || strings.Contains(p.URL, "Ayu") {
		t.Fatalf("to check: %s %s", p.URL, p.Text())
	}
	changed := phone.Get("/formulir/nama?ubah=1")
	p = phone.Submit(changed, "/formulir/nama?ubah=1", url.Values{"name": {"Ayu Lestari Rekaan Putri"}})
	if p.URL != "/formulir/periksa" || !p.Has("Ayu Lestari Rekaan Putri") {
		t.Fatalf("changed: %s %s", p.URL, p.Text())
	}
	send := p.Form("/formulir/periksa")
	p = phone.Post("/formulir/periksa", send)
	code := fourLetters.FindString(p.Text())
	if p.Status != http.StatusOK || !p.Has("Sebutkan kode ini") || code == "" {
		t.Fatalf("sent: %d %s", p.Status, p.Text())
	}
	if again := phone.Post("/formulir/periksa", send); fourLetters.FindString(again.Text()) != code {
		t.Errorf("sent twice: %s", again.Text())
	}
	queue := officer.Get("/meja")
	if !queue.Has("Ayu Lestari Rekaan Putri") || !queue.Has("diisi dari telepon · kode "+code) || strings.Count(queue.Body, "queue-row\"") != 1 {
		t.Fatalf("the queue: %s", queue.Text())
	}
	p = officer.Get(page)
	if !p.Has("sudah masuk ke antrean") || !p.Has(code) {
		t.Errorf("the page of the code: %s", p.Text())
	}

	// At the desk it goes on at the document, and the form is as the visitor filled it in.
	_, rest, _ := strings.Cut(p.Body, `href="/daftar/`)
	id, _, _ := strings.Cut(rest, `"`)
	id = strings.TrimSuffix(id, "/")
	step := "/daftar/" + id + "/identitas"
	p = officer.Get(step)
	p = officer.Submit(p, step, url.Values{"explained": {"1"}, "consent_membership": {"1"}, "consent_photo": {"1"}})
	form := p.Form("/daftar/" + id + "/formulir")
	if form.Get("name") != "Ayu Lestari Rekaan Putri" || form.Get("nik") == "" || form.Get("by") != "visitor" {
		t.Fatalf("the form at the desk: %v", form)
	}
}

// TestAFormIsOnePhones: who scans the same code later, or has another phone's cookie, reads nothing.
func TestAFormIsOnePhones(t *testing.T) {
	n, officer, phone := phoneNode(t)
	_, path := formCode(t, n, officer)
	p := begun(t, phone, path)
	p = phone.Submit(p, "/formulir/dokumen", url.Values{"identity": {"ktp"}})
	phone.Submit(p, "/formulir/nama", url.Values{"name": {"Ayu Lestari Rekaan"}, "sex": {"P"}})
	other := n.Phone(t)
	for _, at := range []string{path, "/formulir", "/formulir/nama", "/formulir/periksa"} {
		if p := other.Get(at); p.Status < 400 || strings.Contains(p.Body, "Ayu") {
			t.Errorf("another phone at %s: %d %s", at, p.Status, p.Text())
		}
	}
	if p := other.Get(path); !p.Has("sudah dibuka di telepon lain") {
		t.Error(p.Text())
	}
	if p := phone.Get(path); p.Status != http.StatusOK || p.URL != "/formulir" {
		t.Errorf("the same phone scans again: %d %s", p.Status, p.URL)
	}
	if p := phone.Get("/formulir/nama"); !strings.Contains(p.Body, "Ayu Lestari Rekaan") {
		t.Error("what was typed is gone")
	}
	if p := phone.Get("/f" + strings.TrimPrefix(path, "/i")); p.Status != http.StatusNotFound {
		t.Errorf("a form's code opens a photo page: %d", p.Status)
	}
	incomplete := phone.Submit(phone.Get("/formulir/periksa"), "/formulir/periksa", nil)
	if incomplete.Status != http.StatusUnprocessableEntity || !incomplete.Has("Alamat") {
		t.Errorf("half a form is sent: %d %s", incomplete.Status, incomplete.Text())
	}
}

// TestAFormThatWasNeverSentDies after a day, with what was typed.
func TestAFormThatWasNeverSentDies(t *testing.T) {
	clock := nodetest.NewClock(time.Date(2026, 11, 23, 9, 0, 0, 0, library.WIB()))
	n, officer, phone := phoneNode(t, nodetest.WithClock(clock.Now), nodetest.WithMono(clock.Mono))
	_, path := formCode(t, n, officer)
	p := begun(t, phone, path)
	phone.Submit(p, "/formulir/dokumen", url.Values{"identity": {"ktp"}})
	clock.Add(20 * time.Hour)
	if p := phone.Get("/formulir/nama"); p.Status != http.StatusOK {
		t.Errorf("the same day: %d", p.Status)
	}
	clock.Add(5 * time.Hour)
	if p := phone.Get("/formulir/nama"); p.Status != http.StatusForbidden || !p.Has("sudah habis") {
		t.Errorf("the day after: %d %s", p.Status, p.Text())
	}
	if err := n.Desk.Expire(context.Background()); err != nil {
		t.Fatal(err)
	}
	clock.Add(-5 * time.Hour)
	if p := phone.Get("/formulir/dokumen"); strings.Contains(p.Body, "checked") {
		t.Error("what was typed is still there")
	}
}

// TestReferencesAreReadable: no letter that is mistaken for another.
func TestReferencesAreReadable(t *testing.T) {
	seen := map[string]bool{}
	for range 300 {
		id := nodetest.Op(t)
		ref := desk.Reference(id)
		if !fourLetters.MatchString(ref) || len(ref) != 4 || ref != desk.Reference(id) {
			t.Fatalf("%q", ref)
		}
		seen[ref] = true
	}
	if len(seen) < 295 {
		t.Errorf("only %d of 300 differ", len(seen))
	}
}

// TestTheBrowserWasClosedInTheMiddle: the officer's screen shows that code no more, so the visitor scans the next one, and finds
// what was typed; who has the phone now may also begin anew, and then nothing of it is left.
func TestTheBrowserWasClosedInTheMiddle(t *testing.T) {
	n, officer, phone := phoneNode(t)
	_, path := formCode(t, n, officer)
	p := begun(t, phone, path)
	p = phone.Submit(p, "/formulir/dokumen", url.Values{"identity": {"ktp"}})
	phone.Submit(p, "/formulir/nama", url.Values{"name": {"Ayu Lestari Rekaan"}, "sex": {"P"}})

	page, path := formCode(t, n, officer)
	p = phone.Get(path)
	if !p.Has("Lanjutkan isian") || p.Has("Ayu") {
		t.Fatalf("the second code: %s", p.Text())
	}
	if p = phone.Submit(p, path, nil); p.URL != "/formulir" {
		t.Fatalf("gone on: %d %s", p.Status, p.URL)
	}
	if p := phone.Get("/formulir/nama"); !strings.Contains(p.Body, "Ayu Lestari Rekaan") {
		t.Error("what was typed is gone")
	}
	if p := officer.Get(page); !p.Has("Sedang diisi di telepon") {
		t.Errorf("the officer's screen: %s", p.Text())
	}

	_, path = formCode(t, n, officer)
	if p = phone.Submit(phone.Get(path), path, url.Values{"new": {"1"}}); p.URL != "/formulir" {
		t.Fatalf("begun anew: %d %s", p.Status, p.URL)
	}
	if p := phone.Get("/formulir/nama"); strings.Contains(p.Body, "Ayu") {
		t.Error("the form of before is still there")
	}
}
