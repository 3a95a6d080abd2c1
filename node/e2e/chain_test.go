package e2e

import (
	"strings"
	"testing"
)

// TestFromThePhoneToAnotherBranch is the whole chain of one visitor. On a phone of 360 px and the library's Wi-Fi: the form, the
// photo, the card. Then the centre is gone, and another branch proves what a reader finds in the picture of that card.
func TestFromThePhoneToAnotherBranch(t *testing.T) {
	t.Parallel()
	near := startDuo(t)
	far := near.another(t, "Perpustakaan Rogojampi", "15")
	near.join(t)
	far.join(t)
	s := near.cabang
	host := s.allowPhones()
	phone := near.branch.Phone(t, host)
	watch := phone.Watch()
	look := func(name string) {
		t.Helper()
		phone.Accessible("chain, " + name)
		phone.Shot("rantai-" + name)
		if wide := Eval[int](phone, `document.documentElement.scrollWidth`); wide > 360 {
			t.Errorf("%s: %d px wide", name, wide)
		}
	}

	// The form.
	s.Go("/telepon/formulir")
	s.Press("Tampilkan kode")
	s.Wait("Menunggu telepon")
	form := s.scan(".scan-codes img[src$='kode.svg']")
	phone.Go(form[:len(form)-6])
	phone.Wait("tidak berlaku lagi")
	look("kode-terpotong")
	phone.Go(form)
	phone.Press("Mulai mengisi")
	phone.fillPages("/formulir/", visitorPages(), func(string) {})
	phone.Press("Kirim ke petugas")
	phone.Wait("Sebutkan kode ini")
	phone.Go(form) // scanned once more
	phone.Wait("Sebutkan kode ini")

	// The officer verifies it.
	s.Press("Buka pendaftarannya")
	s.Wait("Identitas yang ditunjukkan")
	at := strings.TrimSuffix(s.Path(), "/identitas")
	s.Choose("explained", "1")
	s.Choose("consent_membership", "1")
	s.Choose("consent_photo", "1")
	s.Press("Lanjut ke formulir")
	s.Wait("Nama lengkap")
	s.Press("Simpan, lanjut periksa")
	s.Wait("Cocokkan")
	s.Post(at+"/periksa", verified())

	// The photo.
	s.Go(at + "/foto")
	s.Press("Dari telepon")
	s.Wait("Menunggu telepon")
	phone.Go(s.scan(".scan-codes img[src$='/telepon/kode.svg']"))
	phone.choosePicture("camera", 900, 1200, "image/jpeg")
	phone.Wait("Foto sudah diterima")
	s.Until(`document.querySelector(".crop-frame")?.style.width`)
	s.Press("Pakai foto")
	s.Wait("Foto sudah ada")
	phone.Wait("Foto dipakai")
	s.Press("Terbitkan kartu")
	s.Wait("Kartu terbit")

	// The card.
	s.Press("Ke telepon")
	s.Wait("Menunggu telepon")
	card := s.scan(".scan-codes img[src$='/telepon/kode.svg']")
	phone.Go(card)
	phone.Press("Buka kartu")
	phone.Wait("Simpan gambar")
	look("kartu")
	text := phone.qr(Eval[string](phone, `document.querySelector("a[download]").getAttribute("href")`))
	if !strings.HasPrefix(text, "KTA1:") {
		t.Fatalf("the picture on the phone says %q", text)
	}
	s.Wait("Kartu sudah disimpan di telepon")
	s.Press("Catat penyerahan")
	s.Wait("Selesai, kartu sudah diserahkan")
	phone.Go(card)
	phone.Wait("Simpan gambar")
	phone.Go(card[:strings.Index(card, "/c/")])
	phone.Wait("Pindai kode di meja petugas")
	look("depan")

	// The centre carries it to the other branch, and is gone.
	near.send()
	far.send()
	near.centre.Kill()
	far.cabang.Go("/kartu/periksa")
	far.cabang.Keys(text + "\r")
	far.cabang.Wait("Kartu asli dan berlaku")
	for _, want := range []string{"Ayu Lestari Rekaan", "Perpustakaan Genteng", "Diperbarui pusat hari ini"} {
		if !strings.Contains(far.cabang.Text(), want) {
			t.Errorf("the other branch does not say %q:\n%s", want, far.cabang.Text())
		}
	}
	far.cabang.Accessible("a card of another branch")
	far.cabang.Shot("rantai-cabang-lain")
	forged := []byte(text)
	forged[len(forged)-20] = 'A' + (forged[len(forged)-20]-'A'+1)%20
	far.cabang.Keys(string(forged) + "\r")
	far.cabang.Wait("Kartu palsu atau rusak")
	far.cabang.Accessible("a forged card")
	far.cabang.Shot("rantai-palsu")
	for _, what := range watch.Take() {
		if !strings.HasPrefix(what, "request to another host: "+host) {
			t.Errorf("on the phone: %s", what)
		}
	}
}
