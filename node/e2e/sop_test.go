package e2e

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// tabTo presses Tab until the focus is on what a script finds, as a person
// without a mouse does. It fails when the page's order never leads there.
func (s *Screen) tabTo(js string) {
	s.t.Helper()
	for range 90 {
		if Eval[bool](s, `(() => { const e = `+js+`; return !!e && (document.activeElement === e || e.contains(document.activeElement)) })()`) {
			return
		}
		s.Keys(kb.Tab)
	}
	s.fail(fmt.Errorf("Tab never reaches %s", js))
}

// byName is the script that finds a field.
func byName(name string) string { return fmt.Sprintf(`document.querySelector('[name="%s"]')`, name) }

// button is the script that finds a button or link by its words.
func button(words string) string {
	return fmt.Sprintf(`[...document.querySelectorAll("button, a, summary")].find(e => e.checkVisibility() && !e.classList.contains("unseen") && e.innerText.replace(/\s+/g, " ").includes(%s))`, quote(words))
}

// hit goes to a button by Tab and presses Enter on it.
func (s *Screen) hit(words string) {
	s.t.Helper()
	s.Until(button(words))
	s.tabTo(button(words))
	s.Keys(kb.Enter)
}

// put goes to a field by Tab and types into it.
func (s *Screen) put(name, value string) {
	s.t.Helper()
	s.Until(byName(name))
	s.tabTo(byName(name))
	Eval[bool](s, `(() => { const e = document.activeElement; e.select && e.select(); return true })()`)
	s.Keys(value)
}

// pick goes to a select by Tab and chooses by typing the beginning of the words.
func (s *Screen) pick(name, words string) {
	s.t.Helper()
	s.Until(byName(name))
	s.tabTo(byName(name))
	s.Keys(words)
	s.Until(fmt.Sprintf(`%s.selectedOptions[0].text.toLowerCase().startsWith(%s)`, byName(name), quote(strings.ToLower(words))))
}

// tick goes to a box or the first button of a radio group, and presses Space.
func (s *Screen) tick(name, value string) {
	s.t.Helper()
	find := fmt.Sprintf(`document.querySelector('[name="%s"][value="%s"]')`, name, value)
	s.Until(find)
	if Eval[bool](s, find+".checked") {
		return
	}
	s.tabTo(fmt.Sprintf(`[...document.getElementsByName("%s")].find(e => e === document.activeElement) || %s`, name, find))
	for range 12 { // arrows move within a radio group
		if Eval[bool](s, "document.activeElement === "+find) {
			break
		}
		s.Keys(kb.ArrowDown)
	}
	if !Eval[bool](s, find+".checked") {
		s.Keys(" ")
	}
	s.Until(find + ".checked")
}

func TestTheSixStepsByKeyboard(t *testing.T) {
	p := Serve(t, filepath.Join(t.TempDir(), "data"))
	s := firstRun(t, p, 1280, 800)
	s.Go("/meja")
	s.Accessible("desk, empty")
	s.Shot("meja-kosong")

	// Step 1: the visitor signs the register.
	s.Go("/kunjungan")
	s.Accessible("kiosk")
	s.Shot("langkah-1")
	s.hit("Bukan anggota")
	s.put("name", "Ayu Lestari Rekaan")
	s.Accessible("kiosk, guest")
	s.Shot("langkah-1-tamu")
	s.tick("sex", "P")
	s.hit("Catat kehadiran")
	s.Wait("Terima kasih")
	s.Accessible("greeting")
	s.Shot("langkah-1-sapaan")
	s.Until(`!document.body.innerText.includes("Terima kasih")`) // back to empty by itself

	// Step 2: from the visit, the document and the consents.
	s.Go("/kunjungan/hari")
	s.Accessible("visits")
	s.Shot("langkah-1-hari")
	s.Go("/meja")
	s.hit("Daftar anggota baru")
	s.Until(`location.pathname.startsWith("/daftar")`)
	if strings.HasSuffix(s.Path(), "/daftar") {
		s.hit("Mulai")
	}
	s.Wait("Identitas")
	s.Accessible("identity")
	s.Shot("identitas")
	s.tick("identity", "ktp")
	s.tick("explained", "1")
	s.tick("consent_membership", "1")
	s.tick("consent_photo", "1")
	s.hit("Lanjut ke formulir")

	// Step 3: the form.
	s.Wait("Nama lengkap")
	s.Accessible("form")
	s.Shot("formulir")
	s.put("nik", "3510094705980003")
	s.put("name", "Ayu Lestari Rekaan")
	s.hit("NIK") // "Pakai … dari NIK": birth date and sex
	s.Until(byName("birth_y") + `.value === "1998"`)
	s.put("birth_place", "Banyuwangi")
	s.put("address", "Jl. Gajah Mada 12")
	s.put("rt", "3")
	s.put("rw", "1")
	s.pick("district", "Genteng")
	s.villagesOf(Eval[string](s, byName("district")+".value"))
	s.pick("village", "Kembiritan")
	s.pick("occupation", "Karyawan swasta")
	s.pick("education", "SLTA")
	s.put("phone", "0812 3456 7890")
	s.Shot("formulir-isi")
	s.Keys(kb.Enter)

	// Step 4: compared with the document, one Enter a line.
	s.Wait("Cocokkan")
	s.Accessible("verification")
	s.Shot("langkah-4")
	boxes := Eval[int](s, `document.querySelectorAll('input[name^="ok_"]').length`)
	for range boxes {
		s.Keys(kb.Enter)
	}
	s.Until(`[...document.querySelectorAll('input[name^="ok_"]')].every(e => e.checked)`)
	s.hit("Cocok, lanjut ke foto")
	s.Until(`location.pathname.endsWith("/foto")`)

	// Step 5: the camera, the frame, the card.
	s.Wait("Ambil foto")
	s.Accessible("photo")
	s.hit("Buka kamera")
	s.hit("Ambil gambar")
	s.Until(`document.querySelector("[data-photo-crop] img").naturalWidth > 0`)
	s.Shot("foto")
	s.hit("Pakai foto ini")
	s.Wait("Foto sudah ada")
	s.hit("Terbitkan kartu")
	s.Wait("Kartu terbit")
	s.Until(`document.querySelector(".card-picture img").naturalWidth > 0`)
	s.Accessible("card")
	s.Shot("langkah-5-kartu")

	// Step 6: handed over.
	s.hit("Lanjut: serahkan")
	s.Wait("Kartu diterima siapa?")
	s.Accessible("hand-over")
	s.hit("Catat penyerahan")
	s.Wait("kartu sudah diserahkan")
	s.Wait("dalam standar SOP 19 menit")
	s.Accessible("handed over")
	s.Shot("selesai")

	// The card is known at the kiosk, and the desk counts it.
	s.hit("Kembali ke meja")
	s.Wait("Kartu terbit")
	if log := p.Log(); strings.Contains(log, "Rekaan") || strings.Contains(log, "3510094705980003") || strings.Contains(log, "081234567890") {
		t.Fatalf("the log names people:\n%s", log)
	}
}
