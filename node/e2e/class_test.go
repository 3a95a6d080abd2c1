package e2e

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// hands counts the keys that an officer presses.
type hands struct {
	*Screen
	keys int
}

func (h *hands) press(keys ...string) {
	h.t.Helper()
	for _, key := range keys {
		h.Keys(key)
		h.keys++
	}
}

// on waits until the keyboard is where a script says.
func (h *hands) on(js string) {
	h.t.Helper()
	h.Until(`document.activeElement === ` + js)
}

// tickRows walks down a list by keyboard and ticks the boxes whose place in the list is wanted.
func (h *hands) tickRows(boxes string, wanted func(i int) bool) (ticked int) {
	h.t.Helper()
	n := Eval[int](h.Screen, `(() => { const all = [...document.querySelectorAll('`+boxes+`')]; all[0]?.focus(); return all.length })()`)
	for i := range n {
		if wanted(i) {
			h.press(" ")
			ticked++
		}
		for range 6 {
			if i == n-1 || Eval[bool](h.Screen, fmt.Sprintf(`document.activeElement === document.querySelectorAll('%s')[%d]`, boxes, i+1)) {
				break
			}
			h.press(kb.Tab)
		}
	}
	return ticked
}

// AddOfficer makes a second officer through the page for it.
func (s *Screen) AddOfficer(login, name, password string) {
	s.t.Helper()
	s.Go("/petugas/baru")
	s.Type("login", login)
	s.Type("name", name)
	s.Type("password", password)
	s.Choose("role", "officer")
	s.Keys("\r")
	s.Wait(name)
	s.Until(`location.pathname !== "/petugas/baru"`)
}

const secondLogin, secondPassword = "bagus", "perahu hijau di pantai"

// classList is what a teacher's spreadsheet gives when a range of it is copied.
func classList(children int) string {
	var list strings.Builder
	list.WriteString("No\tNama Siswa\tL/P\tTanggal Lahir\tNama Ibu\n")
	for i := range children {
		fmt.Fprintf(&list, "%d\tMurid Rekaan %02d\t%s\t%d Mei 2016\tIbu Rekaan %02d\n", i+1, i, [...]string{"L", "P"}[i%2], i%28+1, i)
	}
	return list.String()
}

// TestClassOfSixty: two officers, each in a window of their own, bring a class of 60 from a spreadsheet to the cards.
func TestClassOfSixty(t *testing.T) {
	t.Parallel()
	const children, withoutSheet, pictures = 60, 3, 5
	p := filled(t, 1)
	a := &hands{Screen: p.Open(t, 1280, 800)}
	b := &hands{Screen: p.Open(t, 1280, 800)}
	a.SignIn(demoLogin, demoPassword)
	a.AddOfficer(secondLogin, "Bagus Wicaksono", secondPassword)
	b.SignIn(secondLogin, secondPassword)

	// The class, and its names out of a spreadsheet.
	a.Go("/kelas/baru")
	a.on(byName("school"))
	a.Keys("SDN Contoh 2 Genteng")
	a.put("class", "4B")
	a.Keys(kb.Enter)
	a.Wait("Belum ada nama")
	class := a.Path()
	a.on(byName("list"))
	a.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, input.InsertText, input.InsertTextParams{Text: classList(children)})
		return err
	}))
	a.hit("Periksa daftar")
	a.Wait("Simpan semua")
	a.Until(`document.querySelectorAll('input[name^="name_"]').length === 60`)
	Eval[bool](a.Screen, `(document.querySelector('[name="name_1"]').focus(), true)`)
	a.Keys(kb.Enter)
	a.Wait("60 anak ditambahkan")

	// The sheets and the documents, both at once, each on half of the class; then they change over.
	work := func(first bool) {
		var both sync.WaitGroup
		both.Go(func() {
			a.Go(class + "/izin")
			a.tickRows(`input[name^="sheet_"]`, func(i int) bool { return (i < children/2) == first && i < children-withoutSheet })
			a.press(kb.Enter)
			a.Until(`document.readyState === "complete" && document.querySelectorAll('input[name^="was_"]').length >= ` + map[bool]string{true: "30", false: "57"}[first])
		})
		both.Go(func() {
			b.Go(class + "/cocok")
			offset := children - Eval[int](b.Screen, `document.querySelectorAll('input[name="child"]').length`)
			b.tickRows(`input[name="child"]`, func(i int) bool { return (i+offset >= children/2) == first || !first })
			b.press(kb.Enter)
			b.Until(`document.readyState === "complete" && document.querySelectorAll('input[name="child"]').length === ` + map[bool]string{true: "30", false: "0"}[first])
		})
		both.Wait()
	}
	work(true)
	work(false)
	if t.Failed() {
		return
	}
	a.Go(class)
	a.Shot("kelas-60")

	// Photos: each takes the next child that nobody has before the camera.
	var taken sync.Map
	photograph := func(h *hands) {
		h.Go(class + "/foto")
		for range pictures {
			child := h.Path()
			if _, twice := taken.LoadOrStore(child, true); twice {
				t.Errorf("%s came before both cameras", child)
			}
			h.Alt("m")
			h.keys++
			h.on(`document.querySelector("[data-photo-shoot]")`)
			h.Until(`document.querySelector("[data-photo-lens] video").videoWidth > 0`)
			h.press(kb.Enter)
			h.on(`document.querySelector("[data-photo]").closest("form").querySelector(".button-main")`)
			h.press(kb.Enter)
			h.Until(`location.pathname !== ` + quote(child) + ` && document.readyState === "complete"`)
		}
	}
	before := a.keys
	var both sync.WaitGroup
	both.Go(func() { photograph(a) })
	both.Go(func() { photograph(b) })
	both.Wait()
	if t.Failed() {
		return
	}
	t.Logf("keys per child: a photo %.1f", float64(a.keys-before)/pictures)

	// All cards at once; the others get their photo later.
	b.Go(class + "/kartu")
	b.Wait("Menunggu izin wali")
	b.tick("later", "1")
	b.hit("Terbitkan semua yang siap")
	b.Wait("57 kartu terbit")
	b.Shot("kelas-kartu")
	if waiting := strings.Count(b.Text(), "Menunggu izin wali"); waiting != withoutSheet {
		t.Errorf("%d children wait for the guardian, want %d", waiting, withoutSheet)
	}
	t.Logf("keys per child in all, camera for %d of %d: %.1f", 2*pictures, children, float64(a.keys+b.keys)/children)

	// Two pages of cards, 50 and 7: what was printed from the first is not printed again from the second.
	a.Go(class + "/kartu")
	a.hit("Cetak kartu kelas ini")
	numbers := map[string]bool{}
	for _, sheets := range []int{5, 1} {
		a.Until(`document.querySelector('form[action="/kartu/cetak"]') && document.readyState === "complete"`)
		for _, n := range Eval[[]string](a.Screen, `[...document.querySelectorAll("tbody td:nth-of-type(1)")].map(e => e.textContent.trim())`) {
			if numbers[n] {
				t.Errorf("number %s twice", n)
			}
			numbers[n] = true
		}
		if got := a.pdfPages("/kartu/cetak"); got != sheets {
			t.Errorf("%d sheets of A4, want %d", got, sheets)
		}
		if sheets == 5 {
			a.hit("Berikutnya")
			a.Until(`document.querySelectorAll('[name="member"]').length === 7 && !document.querySelector('[name="chosen"]')`)
		}
	}
	if len(numbers) != children-withoutSheet {
		t.Errorf("%d numbers, want %d", len(numbers), children-withoutSheet)
	}
}

// pdfPages sends a form of this page that answers with a PDF, and counts its pages. A button of the form that leads
// elsewhere has its address and its "name=value" after that of the form.
func (s *Screen) pdfPages(action string, button ...string) int {
	s.t.Helper()
	to, name, value := action, "", ""
	if len(button) == 2 {
		to = button[0]
		name, value, _ = strings.Cut(button[1], "=")
	}
	text := Eval[string](s, `(async () => {
		const form = document.querySelector('form[action="`+action+`"]');
		const sent = new FormData(form);
		for (const [key, value] of [...sent]) if (value instanceof File) sent.delete(key);
		sent.append("`+name+`", "`+value+`");
		const answer = await fetch("`+to+`", {method: "POST", body: new URLSearchParams(sent)});
		const bytes = new Uint8Array(await answer.arrayBuffer());
		let text = "";
		for (const one of bytes) text += String.fromCharCode(one);
		return btoa(text);
	})()`)
	pdf, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		s.t.Fatal(err)
	}
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		s.t.Fatalf("%s answers with %.200q", action, pdf)
	}
	if Shots != "" {
		if err := os.WriteFile(filepath.Join(Shots, strings.ReplaceAll(action[1:], "/", "-")+".pdf"), pdf, 0o600); err != nil {
			s.t.Log(err)
		}
	}
	return len(regexp.MustCompile(`/Type\s*/Page\b`).FindAll(pdf, -1))
}
