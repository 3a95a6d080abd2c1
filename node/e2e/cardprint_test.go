package e2e

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/png"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// chooseCrest chooses a made-up emblem, a disk on a transparent ground, as from a folder.
func (s *Screen) chooseCrest(field string) {
	s.t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 600, 600))
	for y := range 600 {
		for x := range 600 {
			if dx, dy := x-300, y-300; dx*dx+dy*dy < 290*290 {
				img.SetNRGBA(x, y, color.NRGBA{230, uint8(y * 255 / 600), uint8(x * 255 / 600), 255})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		s.t.Fatal(err)
	}
	Eval[bool](s, `(() => {
		const bytes = Uint8Array.from(atob("`+base64.StdEncoding.EncodeToString(b.Bytes())+`"), c => c.charCodeAt(0));
		const chosen = new DataTransfer();
		chosen.items.add(new File([bytes], "lambang.png", {type: "image/png"}));
		const field = document.getElementById("`+field+`");
		field.files = chosen.files;
		return field.dispatchEvent(new Event("change", {bubbles: true}));
	})()`)
}

// TestCardIsDesignedAndPrinted: an emblem and colours looked at while typing, a printer measured, cards printed by class
// from the fourth place, and in black to fold.
func TestCardIsDesignedAndPrinted(t *testing.T) {
	p := filled(t, 14)
	s := p.Open(t, 1280, 1000)
	s.SignIn(demoLogin, demoPassword)

	s.Go("/pengaturan/kartu")
	s.Accessible("settings of the card")
	sides := `[...document.querySelectorAll("#contoh .card-look-sides img")].map(e => atob(e.src.split(",")[1])).join("")`
	s.Until(sides + `.includes("Hadiningrat")`)
	s.Type("card_heading", "Kartu Pembaca Blambangan")
	s.Until(sides + `.includes("Kartu Pembaca Blambangan")`)
	if Eval[bool](s, sides+`.includes("<image")`) {
		t.Error("there is an emblem before one was chosen")
	}
	s.chooseCrest("emblem")
	s.Until(sides + `.split("<image").length === 3`) // one on each side
	Eval[bool](s, `(() => { const f = document.getElementById("card_ink"); f.value = "#ffee88"; f.dispatchEvent(new Event("input", {bubbles: true})); f.dispatchEvent(new Event("change", {bubbles: true})); return true })()`)
	s.Wait("terlalu terang")
	s.Accessible("settings of the card with a problem")
	Eval[bool](s, `(() => { const f = document.getElementById("card_ink"); f.value = "#5a1030"; f.dispatchEvent(new Event("change", {bubbles: true})); return true })()`)
	s.Until(sides + `.includes("#5a1030") && !document.querySelector("#contoh .problem")`)
	s.Shot("kartu-pengaturan")

	// The test page, by an offset that has not been saved.
	s.Type("printer_a4_x", "1,5")
	if pages := s.pdfPages("/pengaturan/kartu", "/pengaturan/kartu/uji", "uji=a4"); pages != 1 {
		t.Errorf("the test page has %d pages", pages)
	}
	s.Keys(kb.Enter) // saves, and presses no other button
	s.Wait("Perubahan tersimpan")
	s.Shot("kartu-tersimpan")

	// The emblem is on a member's card, of the browser's own drawing.
	s.Go("/kartu?daftar=semua")
	member := Eval[string](s, `document.querySelector('[name="member"]').value`)
	if !Eval[bool](s, `fetch("/kartu/`+member+`/kartu.svg").then(a => a.text()).then(svg => svg.includes("<image") && svg.includes("Kartu Pembaca Blambangan"))`) {
		t.Error("the saved emblem is not on the card")
	}
	s.Accessible("all cards")

	// A class of one list, from the fourth place.
	class := s.printableClass()
	s.Go("/kartu?kelas=" + class)
	s.Accessible("cards of a class")
	cards := Eval[int](s, `document.querySelectorAll('[name="member"]:checked').length`)
	s.Choose("way", "a4:sheet")
	s.Choose("start", "4")
	if want := (cards + 3 + 9) / 10; s.pdfPages("/kartu/cetak") != want {
		t.Errorf("%d cards from the fourth place do not take %d sheets", cards, want)
	}
	s.Shot("kartu-kelas")
	s.Go("/kartu?daftar=semua&kelas=" + class)
	Eval[bool](s, `document.querySelectorAll('[name="member"]').forEach(e => { e.checked = true }) ?? true`)
	s.Choose("way", "a4:fold")
	if want := (cards + 3) / 4; s.pdfPages("/kartu/cetak") != want {
		t.Errorf("%d cards to fold do not take %d sheets", cards, want)
	}
	s.Go("/kartu/catatan")
	s.Wait("Printer A4")
	s.Accessible("print log")
	s.Shot("kartu-catatan")
	s.Go("/anggota/" + member)
	s.Go("/daftar/" + member + "/kartu")
	s.Press("Printer kartu: satu kartu")
	s.Wait("Mulai dari tempat")
	s.Accessible("ways to print one card")
	s.Shot("kartu-cetak-satu")
}

// printableClass is a class of three whose cards are out.
func (s *Screen) printableClass() string {
	s.t.Helper()
	s.Go("/kelas/baru")
	s.Type("school", "SDN Contoh 3 Genteng")
	s.Type("class", "5A")
	s.Keys("\r")
	s.Wait("Belum ada nama")
	path := s.Path()
	list := base64.StdEncoding.EncodeToString([]byte(classList(3)))
	Eval[bool](s, `(document.querySelector('[name="list"]').value = atob("`+list+`"), true)`)
	s.hit("Periksa daftar")
	s.hit("Simpan semua")
	s.Wait("3 anak ditambahkan")
	s.Go(path + "/izin")
	s.sendAll(`input[name^="sheet_"]`)
	s.Go(path + "/cocok")
	s.sendAll(`input[name="child"]`)
	s.Go(path + "/kartu")
	s.tick("later", "1")
	s.hit("Terbitkan semua yang siap")
	s.Wait("3 kartu terbit")
	return filepath.Base(path)
}

// sendAll ticks all boxes of a list and sends it by Enter.
func (s *Screen) sendAll(boxes string) {
	s.t.Helper()
	Eval[bool](s, `document.querySelectorAll('`+boxes+`').forEach(e => { e.checked = true; e.focus() }) ?? true`)
	s.Keys(kb.Enter)
}
