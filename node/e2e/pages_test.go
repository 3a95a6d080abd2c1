package e2e

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"simpul/node/library"
	"simpul/node/nodetest"
)

// tour is a walk through every page that can be reached.
type tour struct {
	*Screen
	watch *Watch
	seen  map[string]bool // by pattern
	todo  []string
	pages []string
}

// visit looks at one page and notes the links on it.
func (w *tour) visit(path string, look func(path string)) {
	w.t.Helper()
	w.watch.Take()
	w.Go(path)
	look(path)
	for _, what := range w.watch.Take() {
		w.t.Errorf("%s: %s", path, what)
	}
	w.note(Eval[[]string](w.Screen, `[...document.querySelectorAll("a[href]")].filter(a => a.origin === location.origin && !a.hasAttribute("download")).map(a => a.pathname + a.search)`)...)
}

// note remembers addresses whose pattern is new.
func (w *tour) note(paths ...string) {
	for _, path := range paths {
		if p := pattern(path); !w.seen[p] {
			w.seen[p] = true
			w.todo = append(w.todo, path)
		}
	}
}

// pattern is the shape of an address: ids and days are all alike, and what a query asks for does not matter except
// where it chooses another screen.
func pattern(path string) string {
	u, err := url.Parse(path)
	if err != nil {
		return path
	}
	parts := strings.Split(u.Path, "/")
	for i, part := range parts {
		if _, err := library.ParseID(part); err == nil {
			parts[i] = ":id"
		} else if _, err := library.ParseDate(part); err == nil {
			parts[i] = ":day"
		}
	}
	shape := strings.Join(parts, "/")
	for _, screen := range []string{"tab", "daftar"} {
		if v := u.Query().Get(screen); v != "" {
			shape += "?" + screen + "=" + v
		}
	}
	return shape
}

// html says whether an address answers with a page; the others are files and prints.
func (w *tour) html(path string) bool {
	return Eval[bool](w.Screen, `fetch(`+quote(path)+`).then(r => { r.body?.cancel(); return (r.headers.get("content-type") || "").startsWith("text/html") && r.ok })`)
}

// facts are what a script can tell of a page.
type facts struct {
	H1     int
	Lang   string
	Scroll int
	Width  int
	Wide   []string // what sticks out at the right
	Words  string   // all that is read, also aloud
	Twice  []string // keys that stand on two buttons; Alt with one of them presses only the first
}

const readFacts = `(() => {
	const wide = [...document.querySelectorAll("body *")].filter(e => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".table, .unseen, .bar-nav")).slice(0, 4)
		.map(e => e.tagName.toLowerCase() + "." + e.className + " to " + Math.round(e.getBoundingClientRect().right));
	const words = [document.title, document.body.innerText];
	for (const name of ["aria-label", "title", "placeholder", "alt"]) for (const e of document.querySelectorAll("[" + name + "]")) words.push(e.getAttribute(name));
	const keys = [...document.querySelectorAll("[accesskey]")].map(e => e.accessKey);
	return {Twice: keys.filter((k, i) => keys.indexOf(k) !== i), H1: document.querySelectorAll("h1").length, Lang: document.documentElement.lang, Scroll: document.documentElement.scrollWidth, Width: innerWidth, Wide: wide, Words: words.join("\n")};
})()`

func (w *tour) checkWidth(path string) facts {
	w.t.Helper()
	f := Eval[facts](w.Screen, readFacts)
	if f.Scroll > f.Width {
		w.t.Errorf("%s scrolls sideways at %d px: %d px wide; %s", path, f.Width, f.Scroll, strings.Join(f.Wide, "; "))
	}
	return f
}

// messageKeys returns a test for words that look like a key of the catalogue which no sentence was found for.
func messageKeys(t testing.TB) func(words string) []string {
	t.Helper()
	areas := map[string]bool{}
	files, err := filepath.Glob(filepath.Join(nodetest.Root(), "ui", "text", "id", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no catalogue: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if key, _, ok := strings.Cut(line, " = "); ok {
				area, _, _ := strings.Cut(key, ".")
				areas[area] = true
			}
		}
	}
	shape := regexp.MustCompile(`\b[a-z]+\.[a-z_.]*[a-z]\b`)
	return func(words string) (keys []string) {
		for _, word := range shape.FindAllString(words, -1) {
			area, rest, _ := strings.Cut(word, ".")
			if areas[area] && !slices.Contains([]string{"txt", "pdf", "json", "csv", "xlsx", "jpg", "png", "db", "key"}, rest) {
				keys = append(keys, word)
			}
		}
		return keys
	}
}

// TestEveryPage walks through all pages: readable by everybody in light and dark, on a desk screen and on a phone, in
// both languages, with nothing fetched from elsewhere and nothing in the console.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	p := filled(t, 60)
	s := p.Open(t, 1280, 800)
	s.Colours("light")
	w := &tour{Screen: s, watch: s.Watch(), seen: map[string]bool{}}

	// What can be seen without signing in, and on a locked screen.
	for _, path := range []string{"/masuk", "/masuk/lupa", "/kunjungan", "/kunjungan?tab=nocard", "/kunjungan?tab=guest", "/kunjungan?tab=group"} {
		w.seen[pattern(path)] = true
		w.pages = append(w.pages, path)
	}
	outside := slices.Clone(w.pages)
	for _, path := range outside {
		w.visit(path, w.lookLight)
	}
	s.SignIn(demoLogin, demoPassword)
	w.note(w.prepare()...)
	w.note("/meja", "/daftar", "/daftar/selesai", "/anggota", "/kunjungan/hari", "/kunjungan/belum", "/kunjungan/catat", "/kunjungan/layar", "/susulan",
		"/kartu", "/kartu/catatan", "/kartu/periksa", "/telepon/kamera", "/telepon/formulir", "/kelas", "/kelas/baru", "/petugas", "/petugas/baru", "/pengaturan", "/laporan", "/data", "/sandi", "/ganti", "/brankas", "/mulai", "/tidak-ada")
	for len(w.todo) > 0 {
		path := w.todo[0]
		w.todo = w.todo[1:]
		if path != "/tidak-ada" && !w.html(path) {
			continue
		}
		w.visit(path, w.lookLight)
		w.pages = append(w.pages, path)
	}
	if len(w.pages) < 45 {
		t.Errorf("only %d pages were found: %v", len(w.pages), w.pages)
	}
	t.Logf("%d pages: %s", len(w.pages), strings.Join(w.pages, " "))
	s.Size(360, 740)
	s.Colours("dark")
	for _, path := range w.pages[len(outside):] {
		w.visit(path, w.lookPhone)
	}
	// The screen turned to the visitor, one question a page.
	at := s.Register(nil, toFill)
	s.Go(at + "/formulir")
	w.Post(at+"/putar", nil)
	turned := 0
	for _, page := range []string{"nama", "nomor", "lahir", "kabupaten", "kecamatan", "desa", "alamat", "kegiatan", "kontak", "periksa"} {
		w.visit("/isi/"+page, func(path string) {
			w.lookPhone(path)
			if w.Path() == path {
				turned++
			}
		})
	}
	if turned == 0 {
		t.Error("no page for the visitor was shown")
	}
	s.SignIn("", demoPassword)
	// Once more in English.
	s.Size(1024, 768)
	s.Colours("light")
	w.Go("/meja")
	w.Post("/tampilan", values{"lang": "en"})
	keys, english := messageKeys(t), w.lookEnglish()
	for _, path := range w.pages[len(outside):] {
		w.visit(path, english)
	}
	// The locked screen, and what stands outside, on the phone.
	w.Go("/meja")
	w.Post("/kunci", nil)
	w.visit("/masuk", english)
	s.Size(360, 740)
	s.Colours("dark")
	for _, path := range outside {
		w.visit(path, func(path string) {
			w.lookPhone(path)
			if found := keys(Eval[facts](s, readFacts).Words); len(found) > 0 {
				t.Errorf("%s shows keys in place of sentences: %v", path, found)
			}
		})
	}
}

// everyWay looks at pages that only this moment has: in the light at a desk, in the dark on a phone, and in English.
func (s *Screen) everyWay(paths ...string) {
	s.t.Helper()
	w := &tour{Screen: s, watch: s.Watch(), seen: map[string]bool{}}
	for _, way := range []struct {
		width, height int64
		colours       string
		look          func(string)
	}{{1280, 800, "light", w.lookLight}, {360, 740, "dark", w.lookPhone}} {
		s.Size(way.width, way.height)
		s.Colours(way.colours)
		for _, path := range paths {
			w.visit(path, way.look)
		}
	}
	w.Post("/tampilan", values{"lang": "en"})
	english := w.lookEnglish()
	for _, path := range paths {
		w.visit(path, english)
	}
	w.Post("/tampilan", values{"lang": "id"})
	s.Size(1280, 900)
	s.Colours("light")
}

// lookEnglish checks that a page speaks English and fits.
func (w *tour) lookEnglish() func(path string) {
	w.t.Helper()
	keys := messageKeys(w.t)
	return func(path string) {
		f := w.checkWidth(path)
		if f.Lang != "en" {
			w.t.Errorf("%s: lang is %q in English", path, f.Lang)
		}
		if found := keys(f.Words); len(found) > 0 {
			w.t.Errorf("%s shows keys in place of sentences: %v", path, found)
		}
	}
}

// lookLight checks a page on a desk screen in daylight.
func (w *tour) lookLight(path string) {
	w.t.Helper()
	w.picture(path, "meja")
	f := Eval[facts](w.Screen, readFacts)
	if f.H1 != 1 || f.Lang != "id" {
		w.t.Errorf("%s: %d h1, lang %q", path, f.H1, f.Lang)
	}
	if len(f.Twice) > 0 {
		w.t.Errorf("%s: two buttons have the key Alt+%s", path, strings.Join(f.Twice, ", Alt+"))
	}
	w.Accessible("light, 1280 px")
}

// lookPhone checks a page on a phone in the dark.
func (w *tour) lookPhone(path string) {
	w.t.Helper()
	w.picture(path, "telepon")
	w.checkWidth(path)
	w.Accessible("dark, 360 px")
}

// picture takes the whole page, however long it is.
func (w *tour) picture(path, where string) {
	w.t.Helper()
	if Shots == "" {
		return
	}
	size := Eval[[3]int64](w.Screen, `[innerWidth, innerHeight, Math.min(document.documentElement.scrollHeight, 3000)]`)
	w.Size(size[0], max(size[1], size[2]))
	name := regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(strings.Trim(pattern(path), "/"), "-")
	w.Shot("halaman-" + where + "-" + name)
	w.Size(size[0], size[1])
}

// prepare makes what pages show: a registration at each step, two that look alike, ended ones, a class.
func (w *tour) prepare() (paths []string) {
	s := w.Screen
	for i, name := range []string{"", "", "Ratna Sekar Rekaan", "Bambang Rekaan", "Wayan Sudarma Rekaan", "Ningsih Rekaan"} {
		step := toIdentify + i
		at := s.Register(person(i, name), step)
		pages := []string{"/identitas", "/formulir", "/periksa", "/foto", "/serahkan"}
		if i < len(pages) {
			paths = append(paths, at+pages[i])
		}
		if step == toHandOver {
			paths = append(paths, at+"/kartu")
		}
		if step == toEnd {
			id := strings.TrimPrefix(at, "/daftar/")
			paths = append(paths, "/anggota/"+id, "/anggota/"+id+"/minta-hapus", "/kartu/"+id+"/telepon")
		}
	}
	twin := person(5, "Ningsih Rekaan")
	twin["nik"] = "3510094605980099"
	paths = append(paths, s.Register(twin, toVerify)+"/mirip")
	ended := s.Register(person(21, "Tidak Jadi Rekaan"), toFill)
	s.Post(ended+"/batal", nil)
	paths = append(paths, ended)
	s.Go("/kelas/baru")
	s.Post("/kelas/baru", values{"school": "SDN Contoh 2 Genteng", "class": "4B"})
	class := s.Path()
	s.Post(class+"/tambah", values{"list": "Nama\tL/P\tTanggal lahir\nMurid Rekaan A\tL\t3 Mei 2016\nMurid Rekaan B\tP\t4 Mei 2016\n"})
	s.Post(class+"/simpan", nil)
	s.Go("/kunjungan?tab=guest")
	s.Post("/kunjungan", values{"name": "Tamu Rekaan", "sex": "P"})
	day := time.Now().AddDate(0, 0, -1)
	s.Go("/susulan")
	s.Post("/susulan", values{"date_d": day.Format("2"), "date_m": day.Format("1"), "date_y": day.Format("2006"), "reason": "power-cut"})
	paths = append(paths, class, class+"/foto", s.Path())
	// A card on paper for the log, and the settings of the card with everything in them.
	s.Go("/kartu?daftar=semua")
	Eval[bool](s, `document.querySelector('[name="member"]').checked = true`)
	s.pdfPages("/kartu/cetak")
	s.Go("/pengaturan/kartu")
	s.chooseCrest("emblem")
	s.Until(`document.querySelector("#contoh .emblem img")`)
	s.Choose("printer_new_kind", "card")
	s.Type("printer_new", "Epson di meja depan")
	s.Keys("\r")
	s.Wait("Perubahan tersimpan")
	return paths
}
