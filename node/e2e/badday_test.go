package e2e

import (
	"strings"
	"testing"

	"simpul/node/library"

	"github.com/chromedp/chromedp/kb"
)

// count is how often a person reads the words on this page.
func (s *Screen) count(words string) int { return strings.Count(s.Text(), words) }

// rows is how many lines of a list bear a name.
func (s *Screen) rows(selector, name string) int {
	s.t.Helper()
	return Eval[int](s, `[...document.querySelectorAll(`+quote(selector)+`)].filter(e => e.innerText.includes(`+quote(name)+`)).length`)
}

// TestPowerCut: the PC goes dark over a half-filled form. The door counts visitors before anybody signs in again, and
// the form is as it was.
func TestPowerCut(t *testing.T) {
	p := filled(t, 1)
	s := p.Open(t, 1280, 800)
	s.SignIn(demoLogin, demoPassword)
	at := s.Register(nil, toFill)
	s.Go(at + "/formulir")
	Eval[bool](s, `(document.getElementById("formulir").addEventListener("change", () => { window.changed = performance.now() }), true)`)
	s.put("name", "Dewi Padam Rekaan")
	s.put("birth_place", "Banyuwangi")
	s.Keys(kb.Tab)
	s.Wait("Isian sementara tersimpan")
	// Who types slowly has the first answer kept before the second; this is about both.
	s.Until(`performance.getEntriesByType("resource").some(e => e.name.endsWith("/naskah") && e.startTime >= window.changed && e.responseStatus === 200)`)
	p.Kill()

	p = Serve(t, p.Dir)
	s = p.Open(t, 1280, 800)
	s.Go("/kunjungan")
	s.hit("Bukan anggota")
	s.put("name", "Tamu Pagi Rekaan")
	s.tick("sex", "L")
	s.hit("Catat kehadiran")
	s.Wait("Terima kasih")
	s.SignIn(demoLogin, demoPassword)
	s.Go("/kunjungan/hari")
	s.Wait("Tamu Pagi Rekaan")
	s.Go(at)
	s.Until(byName("name"))
	for field, want := range (values{"name": "Dewi Padam Rekaan", "birth_place": "Banyuwangi"}) {
		if got := Eval[string](s, byName(field)+".value"); got != want {
			t.Errorf("after the power cut %s is %q", field, got)
		}
	}
}

// TestSignedOutOverAForm: the session ends in another tab; what was typed is sent after the password, once.
func TestSignedOutOverAForm(t *testing.T) {
	p := filled(t, 1)
	s := p.Open(t, 1280, 800)
	s.SignIn(demoLogin, demoPassword)
	at := s.Register(nil, toFill)
	s.fillForm(at, person(1, "Rina Keluar Rekaan"))
	s.put("name", "Rina Keluar Rekaan")
	// Nothing of the page asks by itself any more: the lock that this would bring is another test.
	Eval[bool](s, `(document.addEventListener("htmx:before:request", e => e.preventDefault(), true), true)`)
	s.Until(`!document.querySelector(".htmx-request")`)
	other := s.Tab()
	other.Go("/meja")
	other.Post("/keluar", nil)
	s.Keys(kb.Enter)
	s.Wait("Isian Anda tidak hilang")
	s.Choose("login", demoLogin)
	s.Type("password", demoPassword)
	s.Keys(kb.Enter)
	s.hit("Simpan isian tadi")
	s.Wait("Cocokkan")
	s.Wait("Rina Keluar Rekaan")
	s.Go("/meja")
	if n := s.rows(".queue-row", "Rina Keluar Rekaan"); n != 1 {
		t.Errorf("the desk shows it %d times", n)
	}
}

// TestTypedWhileSignedOut: the session ends in another tab while the form is being typed. What was typed last comes along
// through the password that is then asked for above it.
func TestTypedWhileSignedOut(t *testing.T) {
	p := filled(t, 1)
	s := p.Open(t, 1280, 800)
	s.SignIn(demoLogin, demoPassword)
	at := s.Register(nil, toFill)
	s.fillForm(at, person(2, "Wati Lanjut Rekaan"))
	Eval[bool](s, `(document.addEventListener("htmx:before:request", window.hold = e => e.preventDefault(), true), true)`)
	s.Until(`!document.querySelector(".htmx-request")`) // one on its way would bring the lock before the field is reached
	other := s.Tab()
	other.Go("/meja")
	other.Post("/keluar", nil)
	s.put("phone", "0812 9999 0001")
	// The next request brings the lock, whether the page asks first or the field that was left.
	Eval[bool](s, `(document.removeEventListener("htmx:before:request", window.hold, true), `+byName("phone")+`.dispatchEvent(new Event("change", { bubbles: true })))`)
	s.Until(`document.querySelector("#lock [name=carry]")`)
	s.Choose("login", demoLogin)
	s.Until(`document.activeElement.name === "password" || (document.querySelector("#lock [name=password]").focus(), false)`)
	s.Keys(demoPassword + kb.Enter)
	s.Until(`!document.querySelector("#lock [name=password]")`)
	s.Until(`document.readyState === "complete" && ` + byName("phone"))
	if got := Eval[string](s, byName("phone")+".value"); got != "0812 9999 0001" {
		t.Errorf("after the password the telephone is %q", got)
	}
	if got := Eval[string](s, byName("name")+".value"); got != "Wati Lanjut Rekaan" {
		t.Errorf("after the password the name is %q", got)
	}
}

// fillForm answers the form of a registration on the screen, without sending it.
func (s *Screen) fillForm(at string, v values) {
	s.t.Helper()
	s.Go(at + "/formulir")
	for name, value := range v {
		if name == "do" {
			continue
		}
		if name == "district" || name == "village" || name == "regency" {
			continue
		}
		if Eval[bool](s, `["SELECT", "RADIO"].some(k => { const f = `+byName(name)+`; return f && (f.tagName === k || f.type === k.toLowerCase()) })`) {
			s.Choose(name, value)
		} else {
			s.Type(name, value)
		}
	}
	s.Choose("district", v["district"])
	s.villagesOf(v["district"])
	s.Choose("village", v["village"])
}

// villagesOf waits until the villages of a district can be chosen; those of another one may come before.
func (s *Screen) villagesOf(district string) {
	s.t.Helper()
	s.Until(`[...` + byName("village") + `.options].some(o => o.value.startsWith(` + quote(district) + `))`)
}

// TestPressedTwice: Enter twice, and the back button and Enter again, do what was meant once.
func TestPressedTwice(t *testing.T) {
	p := filled(t, 1)
	s := p.Open(t, 1280, 800)
	s.SignIn(demoLogin, demoPassword)
	s.Go("/meja")
	s.tabTo(button("Daftar anggota baru"))
	s.Keys(kb.Enter + kb.Enter)
	s.Until(`location.pathname.endsWith("/identitas")`)
	s.Wait("Identitas")
	at := strings.TrimSuffix(s.Path(), "/identitas")
	s.Post(at+"/identitas", values{"identity": "ktp", "explained": "1", "consent_membership": "1", "consent_photo": "1"})
	s.fillForm(at, person(2, "Tono Ganda Rekaan"))
	s.put("name", "Tono Ganda Rekaan")
	s.Keys(kb.Enter + kb.Enter)
	s.Wait("Cocokkan")
	if page := s.back(); page != at+"/formulir" {
		t.Fatalf("back from %s/periksa leads to %s", at, page)
	}
	s.put("name", "Tono Ganda Rekaan")
	s.Keys(kb.Enter)
	s.Until(`location.pathname.endsWith("/periksa") || document.querySelector("#conflict")`)
	s.Go("/meja")
	if n := s.rows(".queue-row", "Tono Ganda Rekaan"); n != 1 || s.rows(".queue-row", "") != 1 {
		t.Fatalf("the desk shows it %d times in %d rows", n, s.rows(".queue-row", ""))
	}
	s.Go(at + "/periksa")
	s.Post(at+"/periksa", verified())
	s.Post(at+"/foto/menyusul", nil)
	s.tabTo(button("Terbitkan kartu"))
	s.Keys(kb.Enter + kb.Enter)
	if s.Path() == at+"/serahkan" { // the second one fell on the button that goes on from the card
		s.back()
	}
	s.Wait("Kartu terbit")
	// The browser shows the page as it kept it, with its button, or asks again and is sent on to the card.
	if s.back() == at+"/foto" {
		s.hit("Terbitkan kartu")
	}
	s.Until(`location.pathname === ` + quote(at+"/kartu"))
	s.Wait("Kartu terbit")
	s.Go("/kartu?daftar=semua")
	if n := s.rows("tbody tr", "Tono Ganda Rekaan"); n != 1 {
		t.Errorf("%d cards for one registration", n)
	}
}

// TestTwoOfficersOneForm: who comes second sees what the first has saved, and keeps what was typed.
func TestTwoOfficersOneForm(t *testing.T) {
	p := filled(t, 1)
	a, b := p.Open(t, 1280, 800), p.Open(t, 1280, 800)
	a.SignIn(demoLogin, demoPassword)
	a.AddOfficer(secondLogin, "Bagus Wicaksono", secondPassword)
	b.SignIn(secondLogin, secondPassword)
	at := a.Register(nil, toFill)
	first, second := person(3, "Lina Dua Rekaan"), person(3, "Lina Dua Rekaan")
	second["phone"] = "0811 2222 3333"
	a.fillForm(at, first)
	b.fillForm(at, second)
	a.put("name", "Lina Dua Rekaan")
	a.Keys(kb.Enter)
	a.Wait("Cocokkan")
	b.put("name", "Lina Dua Rekaan")
	b.Keys(kb.Enter)
	b.Wait("Ada perubahan dari petugas lain")
	b.Wait("0812 3456 7803")
	b.Accessible("conflict")
	b.Shot("bentrok")
	if got := Eval[string](b, byName("phone")+".value"); got != "0811 2222 3333" {
		t.Errorf("the second officer typed 0811 2222 3333, the form says %q", got)
	}
	b.put("phone", "0811 2222 3333")
	b.Keys(kb.Enter)
	b.Wait("Cocokkan")
	b.Wait("0811 2222 3333")
}

// TestSecondStart: a second start on the same data says where the first one is, and is no error.
func TestSecondStart(t *testing.T) {
	p := filled(t, 1)
	out := Run(t, "--data", p.Dir, "--listen", "127.0.0.1:0", "--no-browser")
	if !strings.Contains(out, p.URL) && !strings.Contains(out, strings.Replace(p.URL, "localhost", "127.0.0.1", 1)) {
		t.Errorf("it does not say %s:\n%s", p.URL, out)
	}
}

// TestLockedOverAForm: the screen locks over a half-filled form; the password brings it back as it was.
func TestLockedOverAForm(t *testing.T) {
	p := filled(t, 1)
	s := p.Open(t, 1280, 800)
	s.SignIn(demoLogin, demoPassword)
	at := s.Register(nil, toFill)
	s.fillForm(at, person(4, "Sari Terkunci Rekaan"))
	other := s.Tab()
	other.Go("/meja")
	other.Post("/kunci", nil)
	s.Until(`document.querySelector("#lock [name=password]")`)
	s.Shot("terkunci")
	if s.count("Sari Terkunci Rekaan") > 0 || Eval[bool](s, byName("name")+".checkVisibility({visibilityProperty: true})") {
		t.Error("the form can be read while the screen is locked")
	}
	s.Until(`document.activeElement.name === "password"`)
	s.Keys(demoPassword + kb.Enter)
	s.Until(`!document.querySelector("#lock [name=password]")`)
	if got := Eval[string](s, byName("name")+".value"); got != "Sari Terkunci Rekaan" {
		t.Errorf("after the password the name is %q", got)
	}
	s.put("name", "Sari Terkunci Rekaan")
	s.Keys(kb.Enter)
	s.Wait("Cocokkan")
}

// TestNamesThatAreNoNames: whatever stands in a name is shown as it was typed, runs nowhere, and fits.
func TestNamesThatAreNoNames(t *testing.T) {
	p := filled(t, 1)
	s := p.Open(t, 360, 740)
	watch := s.Watch()
	s.SignIn(demoLogin, demoPassword)
	w := &tour{Screen: s}
	for i, name := range []string{`Nur'aini "D'Souza"`, "Suparman", strings.Repeat("Panjang", 14) + "Ya", "=SUM(A1)", "Ayu 😀 Lestari", "Ayu \u202eirats\u202c Wati",
		"<script>alert(1)</script> Ayu", "<img src=x onerror=alert(2)> Ayu", "{{.Name}} Ayu"} {
		form := person(i+5, name)
		form["name_ok"], form["name_why"] = "1", "Begitu di dokumen"
		at := s.Register(form, toVerify)
		s.Go(at + "/periksa")
		shown := library.CleanLine(name)
		for _, page := range []string{at + "/periksa", "/meja"} {
			s.Go(page)
			s.Wait(strings.Join(strings.Fields(shown), " "))
			w.checkWidth(page)
		}
	}
	s.Shot("nama-aneh")
	for _, what := range watch.Take() {
		t.Error(what)
	}
}

// TestScannerOnTheDesk: a card under the scanner, with the focus nowhere, opens its member and offers the visit.
func TestScannerOnTheDesk(t *testing.T) {
	p := filled(t, 3)
	s := p.Open(t, 1280, 800)
	s.SignIn(demoLogin, demoPassword)
	s.Go("/anggota")
	s.Until(`document.querySelector("#found tbody th a")`)
	Eval[bool](s, `(document.querySelector("#found tbody th a").click(), true)`)
	s.Until(`location.pathname.startsWith("/anggota/") && document.readyState === "complete"`)
	name := Eval[string](s, `document.querySelector("h1").innerText`)
	number := strings.Fields(Eval[string](s, `document.querySelector(".head .sub").innerText.match(/[\d][\d .]+\d/)[0]`))
	s.Go("/meja")
	Eval[bool](s, `(document.activeElement.blur(), document.activeElement === document.body)`)
	s.Keys(strings.Join(number, "") + kb.Enter)
	s.Until(`location.pathname === "/pindai" && document.readyState === "complete"`)
	s.Wait(name)
	s.Accessible("scanned")
	s.hit("Catat kunjungan")
	s.Until(`location.pathname !== "/pindai" && document.readyState === "complete"`)
	s.Wait(name)
}
