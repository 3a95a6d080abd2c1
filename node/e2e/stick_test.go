package e2e

import (
	"encoding/base64"
	"strings"
	"testing"
)

// fetched answers what a link of the page leads to, in base64.
func fetched(s *Screen, link string) string {
	return Eval[string](s, `(async () => {
		const res = await fetch(document.querySelector(`+quote(link)+`).href);
		if (!res.ok) return "";
		const bytes = new Uint8Array(await res.arrayBuffer());
		let out = ""; for (const b of bytes) out += String.fromCharCode(b);
		return btoa(out);
	})()`)
}

// TestANewBranchBeginsFromAStick: no network between the new branch and the centre, ever. The stick goes twice, and then a
// member of another branch is found.
func TestANewBranchBeginsFromAStick(t *testing.T) {
	t.Parallel()
	d := startDuo(t)
	d.cabang.Register(person(0, "Ratna Sekar Rekaan"), toEnd)
	d.join(t)
	d.send()
	d.centre.Kill()
	pusat := Serve(t, d.centre.Dir, "--sync-listen", "off").Open(t, 1280, 900)
	pusat.SignIn("siti", officerPassword)
	muncar := Serve(t, set(t, "branch", "PC baru", "15")).Open(t, 1280, 900)
	muncar.SignIn("siti", officerPassword)

	pusat.Go("/cabang")
	pusat.Type("name", "Perpustakaan Muncar")
	pusat.Press("Buat kode")
	pusat.Wait("Isi stik cabang baru")
	pusat.Wait("data anggota belum ada di stik ini")
	pusat.Shot("stik-kode")
	code := fetched(pusat, `a[href$="/berkas"]`)

	muncar.Go("/data/gabung")
	bring(muncar, code, "Ambil berkas")
	muncar.Wait("Permintaan sudah siap")
	muncar.Accessible("the request")
	muncar.Shot("stik-permintaan")
	request := fetched(muncar, `a[href$="/permintaan"]`)
	check := Eval[string](muncar, `document.querySelector(".check-code").innerText`)

	pusat.Go("/cabang")
	bring(pusat, request, "Masukkan")
	pusat.Wait("minta bergabung")
	if shown := Eval[string](pusat, `document.querySelector(".check-code").innerText`); shown != check || len(check) < 8 {
		t.Fatalf("the branch shows %q, the centre %q", check, shown)
	}
	pusat.Press("Sama, setujui")
	pusat.Wait("Disetujui, belum pernah terhubung")
	pusat.Accessible("let in")
	pusat.Shot("stik-jawaban")
	answer := saved(pusat, Eval[string](pusat, `document.querySelector('form[action$="/jawaban"]').getAttribute("action")`))
	whole, err := base64.StdEncoding.DecodeString(answer)
	if err != nil || len(whole) == 0 || strings.Contains(string(whole), "Ratna") {
		t.Fatalf("the answer has %d bytes, %v", len(whole), err)
	}

	muncar.Press("Ada berkas jawaban")
	bring(muncar, base64.StdEncoding.EncodeToString(whole[:len(whole)-200]), "Ambil berkas")
	muncar.Wait("belum tersalin sampai habis")
	muncar.Wait("Permintaan sudah siap")
	muncar.Accessible("half a file")
	muncar.Shot("stik-terpotong")
	bring(muncar, answer, "Ambil berkas")
	muncar.Wait("Sudah bergabung")
	muncar.Wait("Anggota yang dikenal di sini")
	muncar.Accessible("joined with all data")
	muncar.Shot("stik-bergabung")
	muncar.Go("/anggota")
	muncar.Type("cari", "Ratna")
	muncar.Until(`document.querySelector("#found")?.innerText.includes("Ratna Sekar Rekaan")`)
	muncar.Go(Eval[string](muncar, `document.querySelector("#found tbody th a").pathname`)) // a click would race with the answer to the last letter
	muncar.Wait("Terdaftar di")
	muncar.Wait("Perpustakaan Genteng")
	muncar.Go("/data/stik")
	bring(muncar, answer, "Masukkan") // once more, at the other door
	muncar.Wait("sudah masuk")
}
