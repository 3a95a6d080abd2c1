package e2e

import (
	"path/filepath"
	"strings"
	"testing"
)

// firstRun carries a new node through the wizard, by keyboard, and leaves the
// browser signed in.
func firstRun(t *testing.T, p *Program, width, height int) *Screen {
	t.Helper()
	s := p.Open(t, width, height)
	s.Go(p.Link)
	page := func(name string) {
		t.Helper()
		s.Accessible("set-up " + name)
		s.Shot("pasang-" + name)
	}
	page("bahasa")
	s.Keys("\r")
	s.Press("Lanjutkan")
	s.Wait("Komputer ini untuk apa?")
	page("peran")
	s.Choose("role", "branch")
	s.Press("Lanjutkan")
	s.Wait("Nama dan nomor perpustakaan")
	s.Type("name", "Perpustakaan Genteng")
	s.Type("code", "14")
	page("nama")
	s.Keys("\r")
	s.Wait("Petugas pertama")
	s.Type("full_name", "Siti Rahayu")
	s.Type("login", "siti")
	s.Type("password", "kopi pahit di teras")
	page("petugas")
	s.Keys("\r")
	s.Wait("Lembar pemulihan")
	words := Eval[[]string](s, `[...document.querySelectorAll("ol li")].map(e => e.textContent.trim().toLowerCase())`)
	if len(words) != 15 {
		t.Fatalf("the sheet shows %d words: %v", len(words), words)
	}
	asked := Eval[int](s, `+document.body.innerText.match(/kata nomor (\d+)/i)[1]`)
	page("lembar")
	s.Type("word", words[asked-1])
	s.Keys("\r")
	s.Wait("Perangkat lain")
	page("lan")
	s.Choose("lan", "no")
	s.Press("Selesai")
	s.Wait("Simpul siap dipakai")
	page("siap")
	return s
}

func TestTheFirstRunByKeyboard(t *testing.T) {
	p := Serve(t, filepath.Join(t.TempDir(), "data"))
	s := firstRun(t, p, 1024, 768)
	s.Go("/meja")
	s.Wait("Selamat")
	if strings.Contains(p.Log(), "Siti") || strings.Contains(p.Log(), "Genteng") {
		t.Fatalf("the log names people:\n%s", p.Log())
	}
}
