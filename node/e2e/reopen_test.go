package e2e

import (
	"encoding/base64"
	"strings"
	"testing"
)

// TestABranchThatNobodyCanOpen: nobody knows a password, the sheet is burned, and the PC is killed between any two steps. The centre
// opens it again; what was never sent is there.
func TestABranchThatNobodyCanOpen(t *testing.T) {
	t.Parallel()
	d := startDuo(t)
	d.join(t)
	d.cabang.Register(person(0, "Ratna Sekar Rekaan"), toEnd)
	cabang := d.cabang
	restart := func() {
		d.branch.Kill()
		d.branch = Serve(t, d.branch.Dir)
		cabang.url = d.branch.URL
	}
	restart()
	cabang.Go("/masuk")
	cabang.Shot("buka-masuk")
	cabang.Press("Semua sandi dan lembar pemulihan hilang?")
	cabang.Wait("masih bisa membuka data")
	cabang.Accessible("how to ask")
	cabang.Shot("buka-cara")
	cabang.Press("Buat berkas permintaan")
	cabang.Wait("Bacakan hanya lewat telepon")
	cabang.Accessible("the request")
	cabang.Shot("buka-permintaan")
	request := fetched(cabang, `a[href$="/permintaan"]`)
	code := `[...document.querySelectorAll(".check-code span")].map(s => s.innerText).join(" ")`
	check := Eval[string](cabang, code)
	restart()
	cabang.Go("/masuk/pusat")
	if again := Eval[string](cabang, code); again != check || len(check) < 12 {
		t.Fatalf("after a restart the check code is %q, not %q", again, check)
	}

	d.pusat.Go("/cabang")
	d.pusat.Go(Eval[string](d.pusat, `document.querySelector(".nodes tbody th a").getAttribute("href")`))
	d.pusat.Press("Buka kembali…")
	d.pusat.Wait("Berkas permintaan dari cabang")
	d.pusat.Accessible("no request")
	bring(d.pusat, request, "Periksa permintaan")
	d.pusat.Wait("Telepon cabang sebelum menjawab")
	if strings.Contains(d.pusat.Text(), check) || strings.Contains(d.pusat.Text(), strings.ReplaceAll(check, " ", "-")) {
		t.Error("the centre shows the check code that it asks for")
	}
	d.pusat.Accessible("compare")
	d.pusat.Type("check", "AAAA BBBB CCCC")
	d.pusat.Type("reason", "koordinator pindah, lembar terbakar")
	d.pusat.Press("Sama, buat jawaban")
	d.pusat.Wait("Bukan kode permintaan ini")
	d.pusat.Accessible("another code")
	d.pusat.Shot("buka-telepon")
	d.pusat.Type("check", strings.ToLower(check))
	d.pusat.Press("Sama, buat jawaban")
	d.pusat.Wait("Jawaban sudah dibuat")
	d.pusat.Accessible("the answer")
	d.pusat.Shot("buka-jawaban")
	answer := fetched(d.pusat, `a[href$="/jawaban"]`)
	d.pusat.Press("Kembali")
	d.pusat.Wait("koordinator pindah, lembar terbakar")
	d.pusat.Shot("buka-jejak")
	if whole, err := base64.StdEncoding.DecodeString(answer); err != nil || len(whole) == 0 || strings.Contains(string(whole), "koordinator") {
		t.Fatalf("the answer has %d bytes, %v", len(whole), err)
	}

	bring(cabang, request, "Masukkan jawaban")
	cabang.Wait("Ini bukan berkas jawaban dari pusat")
	cabang.Accessible("another file")
	bring(cabang, answer, "Masukkan jawaban")
	cabang.Wait("Pusat sudah menjawab")
	restart() // and the answer is taken again
	cabang.Size(360, 740)
	cabang.Colours("dark")
	cabang.Go("/masuk/pusat")
	cabang.Accessible("the request on a phone")
	cabang.Shot("buka-permintaan-360")
	bring(cabang, answer, "Masukkan jawaban")
	cabang.Wait("Pusat sudah menjawab")
	cabang.Accessible("new password")
	cabang.Shot("buka-sandi-360")
	if wide := Eval[int](cabang, `document.documentElement.scrollWidth`); wide > 360 {
		t.Errorf("the page is %d wide on a phone", wide)
	}
	words := Eval[string](cabang, `[...document.querySelectorAll("ol.words li")].map(li => li.textContent).join(" ")`)
	cabang.Type("word", Eval[string](cabang, `document.querySelectorAll("ol.words li")[document.querySelector('label[for="word"]').innerText.match(/nomor (\d+)/)[1] - 1].textContent`))
	cabang.Choose("login", "siti")
	cabang.Type("password", "pendek")
	cabang.Press("Buka dan masuk")
	cabang.Wait("Kata sandi terlalu pendek")
	cabang.Accessible("a short password")
	cabang.Type("password", "sawah hijau di lereng")
	cabang.Press("Buka dan masuk")
	cabang.Wait("Dibuka kembali oleh pusat")
	cabang.Shot("buka-selesai-360")
	cabang.Size(1280, 900)
	cabang.Colours("light")
	cabang.Go("/data")
	cabang.Wait("Telepon pusat sekarang juga")
	cabang.Accessible("told")
	cabang.Shot("buka-kabar")
	d.send()
	d.pusat.Go("/anggota")
	d.pusat.Type("cari", "Ratna")
	d.pusat.Until(`document.querySelector("#found")?.innerText.includes("Ratna Sekar Rekaan")`)

	restart() // the new sheet opens
	cabang.Go("/masuk/lupa")
	cabang.Choose("login", "siti")
	cabang.Type("words", words)
	cabang.Type("password", "laut biru di timur")
	cabang.Press("Ganti kata sandi dan masuk")
	cabang.Until(`!location.pathname.startsWith("/masuk")`)
}
