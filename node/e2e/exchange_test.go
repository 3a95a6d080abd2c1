package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simpul/node/nodetest"
)

const officerPassword = "kopi pahit di teras"

// set makes a node by command, as an installer does.
func set(t *testing.T, role, name, code string) (dir string) {
	t.Helper()
	top := t.TempDir()
	dir = filepath.Join(top, "data")
	password := filepath.Join(top, "password")
	if err := os.WriteFile(password, []byte(officerPassword+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	Run(t, "setup", "--data", dir, "--role", role, "--name", name, "--code", code, "--officer", "siti", "--officer-name", "Siti Rahayu", "--password-file", password)
	return dir
}

// duo is a centre and a branch, each with an officer signed in before it.
type duo struct {
	centre, branch *Program
	pusat, cabang  *Screen
	name           string // of the branch
}

// startDuo starts a centre that listens to nodes, where listen says if it says anything, and a branch that knows nothing of it.
func startDuo(t *testing.T, listen ...string) *duo {
	t.Helper()
	if len(listen) == 0 {
		listen = []string{"--sync-listen", "127.0.0.1:0"}
	}
	d := &duo{centre: Serve(t, set(t, "centre", "Pusat Rekaan", "1"), listen...)}
	d.pusat = d.centre.Open(t, 1280, 900)
	d.pusat.SignIn("siti", officerPassword)
	return d.another(t, "Perpustakaan Genteng", "14")
}

// another starts one more branch beside the same centre.
func (d *duo) another(t *testing.T, name, code string) *duo {
	t.Helper()
	other := &duo{centre: d.centre, pusat: d.pusat, name: name, branch: Serve(t, set(t, "branch", name, code))}
	other.cabang = other.branch.Open(t, 1280, 900)
	other.cabang.SignIn("siti", officerPassword)
	return other
}

// join carries the code from one screen to the other, compares the check code, and approves.
func (d *duo) join(t *testing.T) {
	t.Helper()
	d.pusat.Go("/cabang")
	d.pusat.Type("name", d.name)
	d.pusat.Press("Buat kode")
	d.pusat.Wait("sekali pakai")
	d.pusat.Accessible("code")
	d.pusat.Shot("kode")
	code := Eval[string](d.pusat, `document.querySelector(".whole-code code").textContent`)
	d.pusat.Go("/cabang")
	d.cabang.Go("/data/gabung")
	d.cabang.Accessible("join")
	d.cabang.Type("code", code)
	d.cabang.Keys("\r")
	d.cabang.Wait("Bacakan kode ini ke pusat")
	d.cabang.Accessible("check code")
	d.cabang.Shot("kode-periksa")
	check := Eval[string](d.cabang, `document.querySelector(".check-code").innerText`)
	d.pusat.Wait("minta bergabung") // without a press: the page asks by itself
	if shown := Eval[string](d.pusat, `document.querySelector(".check-code").innerText`); shown != check || len(check) < 8 {
		t.Fatalf("the branch shows %q, the centre %q", check, shown)
	}
	d.pusat.Accessible("request")
	d.pusat.Shot("permintaan")
	d.pusat.Press("Sama, setujui")
	d.pusat.Wait("Disetujui")
	d.cabang.Wait("Sudah bergabung") // by itself
	d.cabang.Accessible("joined")
}

// send presses the button and waits until the centre has everything.
func (d *duo) send() {
	d.cabang.t.Helper()
	d.cabang.Go("/data")
	d.cabang.Press("Kirim sekarang")
	d.cabang.Until(`document.querySelector("#exchange")?.innerText.includes("Semua catatan sudah diterima pusat")`)
}

// TestABranchJoinsAndSends: the code, the check code on both screens, the first exchange, the centre gone and back.
func TestABranchJoinsAndSends(t *testing.T) {
	d := startDuo(t)
	for i, name := range []string{"Ratna Sekar Rekaan", "Bambang Rekaan"} {
		d.cabang.Register(person(i, name), toEnd)
	}
	d.join(t)
	d.send()
	d.cabang.Accessible("everything is at the centre")
	d.cabang.Shot("pertukaran")
	if badge := Eval[string](d.cabang, `document.querySelector("#badge").innerText`); !strings.Contains(badge, "Semua sudah di pusat") {
		t.Errorf("the badge says %q", badge)
	}
	d.pusat.Go("/ikhtisar")
	d.pusat.Until(`[...document.querySelectorAll(".nodes tbody tr")].some(r => r.innerText.includes("Perpustakaan Genteng") && /\b2\b/.test(r.querySelector("td.num").innerText))`)
	d.pusat.Accessible("overview")
	d.pusat.Shot("ikhtisar")
	d.pusat.Go("/anggota")
	d.pusat.Type("cari", "Ratna")
	d.pusat.Wait("Ratna Sekar Rekaan")

	// The cable is pulled: everything goes on, and the screen says so.
	d.centre.Kill()
	at := d.cabang.Register(person(2, "Ningsih Rekaan"), toEnd)
	d.cabang.Go("/data")
	d.cabang.Press("Kirim sekarang")
	d.cabang.Until(`document.querySelector("#exchange").innerText.includes("pusat tidak terjangkau")`)
	d.cabang.Accessible("out of reach")
	d.cabang.Shot("tidak-terjangkau")
	d.cabang.Go("/anggota/" + strings.TrimPrefix(at, "/daftar/"))
	d.cabang.Wait("hanya di sini")

	// It is put back in, at the same address.
	d.centre = Serve(t, d.centre.Dir, "--sync-listen", strings.TrimPrefix(d.listened(t), "https://"))
	d.send()
	d.cabang.Go("/anggota/" + strings.TrimPrefix(at, "/daftar/"))
	d.cabang.Wait("sudah di pusat")
}

// listened is the address that the branch was told of.
func (d *duo) listened(t *testing.T) string {
	t.Helper()
	d.cabang.Go("/data/gabung")
	d.cabang.Wait("Sudah bergabung")
	return Eval[string](d.cabang, `document.querySelector("#join").innerText.match(/https:\/\/[\d.:]+/)[0]`)
}

// TestTwoRecordsAreComparedAndSplit: the same person at the branch and at the centre; side by side, merged, split.
func TestTwoRecordsAreComparedAndSplit(t *testing.T) {
	d := startDuo(t)
	d.cabang.Register(person(0, "Ratna Sekar Rekaan"), toEnd)
	d.pusat.Register(person(0, "Ratna S. Rekaan"), toEnd)
	d.join(t)
	d.send()
	d.pusat.Go("/putusan")
	d.pusat.Wait("Mungkin orang yang sama")
	d.pusat.Accessible("decisions")
	d.pusat.Shot("putusan")
	d.pusat.Press("Bandingkan")
	d.pusat.Wait("Orang yang sama?")
	d.pusat.Accessible("case")
	d.pusat.Shot("bandingkan")
	d.pusat.Press("Satu orang, gabungkan")
	d.pusat.Wait("Digabung")
	d.pusat.Press("Ratna")
	d.pusat.Wait("Sudah digabung")
	d.pusat.Press("Pisahkan lagi")
	d.pusat.Type("note", "kakak beradik")
	d.pusat.Keys("\r")
	d.pusat.Wait("Dipisah lagi")
}

// TestACopiedDiskIsTold: a copy of a branch's disk goes on by itself while the branch does too; both screens say what happened, and nothing is lost.
func TestACopiedDiskIsTold(t *testing.T) {
	t.Parallel()
	d := startDuo(t)
	d.cabang.Register(person(0, "Ratna Sekar Rekaan"), toEnd)
	d.join(t)
	d.send()
	d.branch.Kill()
	old := nodetest.Copy(t, d.branch.Dir)
	d.branch = Serve(t, d.branch.Dir)
	d.cabang = d.branch.Open(t, 1280, 900)
	d.cabang.SignIn("siti", officerPassword)
	d.cabang.Register(person(1, "Bambang Rekaan"), toEnd)
	d.send()
	d.branch.Kill()

	copied := Serve(t, old)
	d.branch, d.cabang = copied, copied.Open(t, 1280, 900)
	d.cabang.SignIn("siti", officerPassword)
	d.cabang.Register(person(2, "Ningsih Rekaan"), toEnd)
	d.cabang.Go("/data")
	d.cabang.Press("Kirim sekarang")
	d.cabang.Until(`document.querySelector(".notice")`)
	d.cabang.Wait("Dua komputer, data sama")
	d.cabang.Go("/meja")
	d.cabang.Until(`document.querySelector(".banners .banner")?.innerText.includes("Dua komputer, data sama")`)
	d.cabang.Press("Lihat apa yang terjadi")
	d.cabang.Accessible("notice")
	d.cabang.Shot("dua-komputer")
	d.cabang.everyWay("/data")
	d.pusat.everyWay("/putusan", "/ikhtisar")
	d.cabang.Go("/data")
	for Eval[bool](d.cabang, `!!document.querySelector(".notice button")`) {
		d.cabang.Press("Sudah dibaca")
	}
	d.cabang.Go("/meja")
	if Eval[bool](d.cabang, `!!document.querySelector(".banners .banner-bad")`) {
		t.Error("the banner stays after everything was read")
	}
	for _, name := range []string{"Ratna", "Bambang", "Ningsih"} {
		d.pusat.Go("/anggota")
		d.pusat.Type("cari", name)
		d.pusat.Wait(name)
		d.pusat.Until(`document.querySelector("#found")?.innerText.includes(` + quote(name) + `)`)
	}
	d.pusat.Go("/ikhtisar")
	d.pusat.Press("Perpustakaan Genteng")
	d.pusat.Wait("Riwayat")
	d.pusat.Accessible("one branch")
	d.pusat.Shot("cabang")
}

// saved presses a form by script and answers the file that it downloads, in base64.
func saved(s *Screen, action string) string {
	return Eval[string](s, `(async () => {
		const res = await fetch(`+quote(action)+`, {method: "POST", body: new URLSearchParams(new FormData(document.querySelector('form[action="`+action+`"]')))});
		if (!res.ok || !(res.headers.get("content-disposition") || "").includes("attachment")) return "";
		const bytes = new Uint8Array(await res.arrayBuffer());
		let out = ""; for (const b of bytes) out += String.fromCharCode(b);
		return btoa(out);
	})()`)
}

// bring puts a file into the page's file box, as choosing it does, and sends the form by its button.
func bring(s *Screen, content, button string) {
	Eval[bool](s, `(() => {
		const bytes = Uint8Array.from(atob(`+quote(content)+`), c => c.charCodeAt(0));
		const files = new DataTransfer(); files.items.add(new File([bytes], "stik.simpul"));
		document.querySelector("input[type=file]").files = files.files; return true })()`)
	s.Press(button)
}

// TestTheStickGoesBothWays: no network at all; what was recorded reaches the centre on a stick, and its receipts come back.
func TestTheStickGoesBothWays(t *testing.T) {
	d := startDuo(t)
	d.join(t)
	d.cabang.Register(person(0, "Ratna Sekar Rekaan"), toEnd)
	d.cabang.Go("/data/stik")
	d.cabang.Wait("Bawa ke pusat")
	d.cabang.Accessible("stick")
	up := saved(d.cabang, "/data/stik/simpan")
	if up == "" {
		t.Fatal("nothing was saved")
	}
	d.pusat.Go("/cabang/stik")
	d.pusat.Accessible("stick at the centre")
	bring(d.pusat, up, "Masukkan")
	d.pusat.Wait("sudah masuk")
	d.pusat.Accessible("taken in")
	d.pusat.Shot("stik")
	d.pusat.Go("/anggota")
	d.pusat.Type("cari", "Ratna")
	d.pusat.Wait("Ratna Sekar Rekaan")
	d.pusat.Go("/cabang/stik")
	Eval[bool](d.pusat, `(() => { const f = document.querySelector("select[name=to]"); f.selectedIndex = 1; return true })()`)
	down := saved(d.pusat, "/cabang/stik/simpan")
	d.cabang.Go("/data/stik")
	bring(d.cabang, down, "Masukkan")
	d.cabang.Wait("sudah masuk")
}

// putOff has a case of two records wait for a week, and returns its address.
func (s *Screen) putOff(name string) string {
	s.t.Helper()
	s.Go("/putusan")
	s.Wait("Mungkin orang yang sama")
	path := Eval[string](s, `[...document.querySelectorAll(".rows li")].find(e => e.innerText.includes(`+quote(name)+`)).querySelector("a").pathname`)
	s.Go(path)
	s.Choose("wait", "week")
	s.Press("Nanti saja")
	s.Wait("Ditunda")
	return path
}

// TestEveryPageOfTheCentre: what TestEveryPage holds a branch to, for the centre, and for the pages of a branch that has joined.
func TestEveryPageOfTheCentre(t *testing.T) {
	t.Parallel()
	d := startDuo(t)
	d.cabang.Register(person(0, "Ratna Sekar Rekaan"), toEnd)
	other := d.pusat.Register(person(0, "Ratna S. Rekaan"), toEnd)
	d.cabang.Register(person(1, "Bambang Rekaan"), toEnd)
	d.pusat.Register(person(1, "Bambang Rekaan Putra"), toEnd)
	wished := strings.TrimPrefix(d.cabang.Register(person(2, "Ningsih Rekaan"), toEnd), "/daftar/")
	d.join(t)
	d.cabang.wish(wished)
	d.cabang.allowPhones()
	d.cabang.Go("/telepon/kamera")
	d.cabang.Press("Tampilkan kode")
	d.cabang.Wait("Menunggu telepon")
	d.send()
	later := d.pusat.putOff("Bambang")
	d.pusat.Go("/cabang")
	d.pusat.Type("name", "Perpustakaan Rogojampi")
	d.pusat.Press("Buat kode")
	d.pusat.Wait("sekali pakai")
	code := d.pusat.Path()
	for _, at := range []struct {
		s     *Screen
		begin []string
		least int
	}{
		{d.pusat, []string{"/ikhtisar", "/cabang", code, "/cabang/paket", "/cabang/stik", "/putusan", "/pengaturan/pertukaran", "/pengaturan/daring", "/cabang/daring", later,
			"/anggota/" + strings.TrimPrefix(other, "/daftar/") + "/hapus", "/anggota/" + wished, "/anggota/" + wished + "/hapus"}, 20},
		{d.cabang, []string{"/data", "/data/gabung", "/data/stik", "/pengaturan/pertukaran", "/pengaturan/jaringan", "/telepon/kamera", "/kartu/" + wished + "/telepon",
			"/anggota/" + wished, "/anggota/" + strings.TrimPrefix(other, "/daftar/")}, 15},
	} {
		at.s.Colours("light")
		w := &tour{Screen: at.s, watch: at.s.Watch(), seen: map[string]bool{}}
		for _, path := range at.begin { // each of them, also where two are of one shape
			w.seen[pattern(path)] = true
			w.todo = append(w.todo, path)
		}
		for len(w.todo) > 0 {
			path := w.todo[0]
			w.todo = w.todo[1:]
			if w.html(path) {
				w.visit(path, w.lookLight)
				w.pages = append(w.pages, path)
			}
		}
		t.Logf("%d pages: %s", len(w.pages), strings.Join(w.pages, " "))
		if len(w.pages) < at.least {
			t.Errorf("only %d pages were found: %v", len(w.pages), w.pages)
		}
		at.s.Size(360, 740)
		at.s.Colours("dark")
		own := w.pages[:min(len(w.pages), len(at.begin)+2)] // the others are walked in TestEveryPage
		for _, path := range own {
			w.visit(path, w.lookPhone)
		}
		keys := messageKeys(t)
		w.Go("/data")
		w.Post("/tampilan", values{"lang": "en"})
		for _, path := range own {
			w.visit(path, func(path string) {
				f := w.checkWidth(path)
				if found := keys(f.Words); f.Lang != "en" || len(found) > 0 {
					t.Errorf("%s in English: lang %q, keys %v", path, f.Lang, found)
				}
			})
		}
	}
}
