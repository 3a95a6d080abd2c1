package ui_test

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
)

// colleague is a second officer in a browser of their own.
func colleague(t testing.TB, n *nodetest.Node) *nodetest.Browser {
	t.Helper()
	const login, password = "bagus", "perahu hijau di pantai"
	if _, err := n.Desk.AddOfficer(context.Background(), n.Officer, nodetest.Op(t), desk.OfficerInput{Login: login, Name: "Bagus Wicaksono", Role: library.RoleOfficer, Password: password}); err != nil {
		t.Fatal(err)
	}
	b := n.Browser(t)
	if p := b.Submit(b.Get("/masuk"), "/masuk", url.Values{"login": {login}, "password": {password}}); p.Status != 200 {
		t.Fatalf("second officer: %d %s", p.Status, p.Text())
	}
	return b
}

// class opens a class and returns its path.
func class(t testing.TB, b *nodetest.Browser) string {
	t.Helper()
	p := b.Submit(b.Get("/kelas/baru"), "/kelas/baru", url.Values{"school": {"SDN Contoh 2 Genteng"}, "class": {"4B"}, "address": {"Jl. Sekolah 1"}, "district": {"351010"}})
	if p.Status != 200 || !strings.HasPrefix(p.URL, "/kelas/") || p.URL == "/kelas/baru" {
		t.Fatalf("open class: %d %s %s", p.Status, p.URL, p.Text())
	}
	return p.URL
}

// addNames pastes lines and saves the preview as it stands.
func addNames(t testing.TB, b *nodetest.Browser, path, list string) *nodetest.Page {
	t.Helper()
	p := b.Submit(b.Get(path), path+"/tambah", url.Values{"list": {list}})
	if p.Status != 200 {
		t.Fatalf("preview: %d %s", p.Status, p.Text())
	}
	return b.Submit(p, path+"/simpan", nil)
}

func progress(t testing.TB, n *nodetest.Node, path string) ([]desk.Child, desk.Progress) {
	t.Helper()
	id, err := library.ParseID(strings.TrimPrefix(path, "/kelas/"))
	if err != nil {
		t.Fatal(err)
	}
	children, sums, err := n.Desk.Children(context.Background(), n.Officer, id)
	if err != nil {
		t.Fatal(err)
	}
	return children, sums
}

// TestClassOfSixty: two officers, 60 children, from the list of names to the cards, without JavaScript.
func TestClassOfSixty(t *testing.T) {
	n := nodetest.Start(t)
	first := n.SignedIn(t)
	second := colleague(t, n)
	path := class(t, first)
	var list strings.Builder
	list.WriteString("No\tNama Siswa\tL/P\tTanggal Lahir\tNama Ibu\n")
	for i := range 60 {
		fmt.Fprintf(&list, "%d\tMurid Contoh %02d\t%s\t%d Mei 2016\tIbu Contoh %02d\n", i+1, i, [...]string{"L", "P"}[i%2], i%28+1, i)
	}
	if p := addNames(t, first, path, list.String()); p.Status != 200 || !p.Has("60 anak ditambahkan") {
		t.Fatalf("names: %d %s", p.Status, p.Text())
	}
	children, _ := progress(t, n, path)
	for i, c := range children {
		if c.Form.Name != fmt.Sprintf("Murid Contoh %02d", i) || !c.Complete || c.Form.Institution != "SDN Contoh 2 Genteng" || c.Form.Guardian.Name == "" {
			t.Fatalf("child %d: %+v", i, c.Form)
		}
	}
	// One officer ticks the sheets of all but three while the other compares with the documents.
	sheets, compare := first.Get(path+"/izin").Form(path+"/izin"), second.Get(path+"/cocok").Form(path+"/cocok")
	for i, c := range children {
		id := c.ID.String()
		if i >= 3 {
			sheets.Set("sheet_"+id, "1")
			sheets.Set("relation_"+id, "ibu")
		}
		compare.Add("child", id)
	}
	var both sync.WaitGroup
	both.Go(func() { first.Post(path+"/izin", sheets) })
	both.Go(func() { second.Post(path+"/cocok", compare) })
	both.Wait()
	// A row that the colleague changed meanwhile is refused, not overwritten, and stands there to be ticked again.
	for range 3 {
		children, _ = progress(t, n, path)
		sheets, compare = first.Get(path+"/izin").Form(path+"/izin"), second.Get(path+"/cocok").Form(path+"/cocok")
		for i, c := range children {
			if i >= 3 {
				sheets.Set("sheet_"+c.ID.String(), "1")
			}
			if !c.Verified {
				compare.Add("child", c.ID.String())
			}
		}
		second.Post(path+"/cocok", compare)
		sheets = first.Get(path + "/izin").Form(path + "/izin")
		for i, c := range children {
			if i >= 3 {
				sheets.Set("sheet_"+c.ID.String(), "1")
			}
		}
		first.Post(path+"/izin", sheets)
	}
	if _, sums := progress(t, n, path); sums.Consent != 57 || sums.Verified != 60 {
		t.Fatalf("after both: %+v", sums)
	}
	// Photos one after another, both at once, until none is left.
	seen := map[string]int{}
	var mu sync.Mutex
	photograph := func(b *nodetest.Browser, shade uint8) {
		p := b.Get(path + "/foto")
		for strings.HasPrefix(p.URL, path+"/foto/") {
			action := p.URL
			mu.Lock()
			seen[action]++
			mu.Unlock()
			p = b.Upload(action, p.Form(action), "photo", "a.jpg", asJPEG(t, picture(120, 160, shade)))
		}
	}
	both.Go(func() { photograph(first, 10) })
	both.Go(func() { photograph(second, 200) })
	both.Wait()
	if _, sums := progress(t, n, path); sums.Pictured != 60 || sums.Ready != 57 {
		t.Fatalf("photos: %+v", sums)
	}
	if len(seen) != 60 {
		t.Errorf("%d children came before a camera", len(seen))
	}
	for child, times := range seen {
		if times != 1 {
			t.Errorf("%s came before a camera %d times", child, times)
		}
	}
	// All cards in one go; the same press again and a press of the colleague issue nobody twice.
	page := first.Get(path + "/kartu")
	if !page.Has("57 anak siap") || !page.Has("Menunggu izin wali") {
		t.Errorf("cards page: %s", page.Text())
	}
	form, other := page.Form(path+"/kartu"), second.Get(path+"/kartu").Form(path+"/kartu")
	both.Go(func() { first.Post(path+"/kartu", form) })
	both.Go(func() { second.Post(path+"/kartu", other) })
	both.Wait()
	first.Post(path+"/kartu", form)
	children, sums := progress(t, n, path)
	numbers := map[library.MemberNumber]bool{}
	for i, c := range children {
		if (c.Card != nil) != (i >= 3) || len(c.Cards) > 1 {
			t.Errorf("child %d has %d cards", i, len(c.Cards))
		}
		if c.Card != nil {
			numbers[c.Card.Number] = true
		}
	}
	if sums.Issued != 57 || len(numbers) != 57 {
		t.Errorf("%d cards with %d numbers", sums.Issued, len(numbers))
	}
	id := strings.TrimPrefix(path, "/kelas/")
	chooseAcrossPages(t, first, id)
	if p := first.Get("/meja"); p.Status == 200 && p.Has("Murid Contoh") {
		t.Error("the children of a class crowd the desk's queue")
	}
}

// chooseAcrossPages: what is ticked on one page of a list stays chosen on the next ones, and all of it is printed.
func chooseAcrossPages(t *testing.T, b *nodetest.Browser, class string) {
	t.Helper()
	p := b.Get("/kartu?kelas=" + class)
	form := p.Form("/kartu/cetak")
	if len(form["member"]) != 50 || !p.Has("Berikutnya") {
		t.Fatalf("the first page has %d cards, all of them chosen", len(form["member"]))
	}
	dropped := form["member"][3]
	form["member"] = append(form["member"][:3:3], form["member"][4:]...)
	turn := func(form url.Values, where string) (*nodetest.Page, url.Values) {
		t.Helper()
		form.Set("go", where)
		p := b.Post("/kartu", form)
		if p.Status != 200 {
			t.Fatalf("%s: %d %s", where, p.Status, p.Text())
		}
		return p, p.Form("/kartu/cetak")
	}
	p, form = turn(form, "next")
	if len(form["member"]) != 7 || len(form["chosen"]) != 49 || !p.Has("terpilih 49 kartu") || p.Has("Berikutnya") {
		t.Fatalf("second page: %d here, %d elsewhere", len(form["member"]), len(form["chosen"]))
	}
	form["member"] = form["member"][:5]
	_, form = turn(form, "back")
	if len(form["member"]) != 49 || len(form["chosen"]) != 5 || slices.Contains(form["member"], dropped) {
		t.Fatalf("back on the first page: %d here, %d elsewhere", len(form["member"]), len(form["chosen"]))
	}
	_, form = turn(form, "next")
	if len(form["member"]) != 5 {
		t.Errorf("the second page again: %d chosen, two were not", len(form["member"]))
	}
	pdf := b.Post("/kartu/cetak", form)
	if n := len(regexp.MustCompile(`/Type\s*/Page\b`).FindAllString(pdf.Body, -1)); n != 6 {
		t.Errorf("54 cards on %d sheets, want 6", n)
	}
	if p := b.Get("/kartu?kelas=" + class); strings.Count(p.Body, `name="member"`) != 3 {
		t.Errorf("%d cards are left to print, want 3", strings.Count(p.Body, `name="member"`))
	}
	form = b.Get("/kartu?daftar=semua&kelas=" + class).Form("/kartu/cetak")
	if len(form["member"]) != 0 {
		t.Errorf("%d of all cards are chosen by themselves", len(form["member"]))
	}
	_, form = turn(form, "all")
	if len(form["member"])+len(form["chosen"]) != 57 {
		t.Errorf("all: %d and %d", len(form["member"]), len(form["chosen"]))
	}
	if _, form = turn(form, "none"); len(form["member"])+len(form["chosen"]) != 0 {
		t.Errorf("none: %d and %d", len(form["member"]), len(form["chosen"]))
	}
}

// TestClassLinesAreCorrectedInPlace: a wrong line stops nothing but itself, and nothing typed is lost.
func TestClassLinesAreCorrectedInPlace(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	path := class(t, b)
	list := "Dewi Anggraini\tP\t7-5-2016\nBagas O'Neill\tL\t31-02-2016\n=SUM(A1)\nAyu\tP\t1-2-2016\t3510xx0102160001"
	p := addNames(t, b, path, list)
	if p.Status != 422 || !p.Has("Tanggal ini tidak ada di kalender") || !strings.Contains(p.Body, `value="31-02-2016"`) || !strings.Contains(p.Body, "O&#39;Neill") {
		t.Fatalf("wrong lines: %d %s", p.Status, p.Text())
	}
	if _, sums := progress(t, n, path); sums.Names != 0 {
		t.Errorf("%d children saved beside the problems", sums.Names)
	}
	p = b.Submit(p, path+"/simpan", url.Values{"birth_2": {"28-02-2016"}, "nik_4": {""}, "name_3": {"Cahya"}})
	if !p.Has("4 anak ditambahkan") {
		t.Fatalf("corrected: %d %s", p.Status, p.Text())
	}
	children, sums := progress(t, n, path)
	if sums.Names != 4 || sums.Complete != 3 {
		t.Errorf("saved: %+v", sums)
	}
	// Completed later; two officers on one child do not overwrite each other.
	child := path + "/anak/" + children[2].ID.String()
	mine, theirs := b.Get(child), b.Get(child)
	if p := b.Submit(mine, child, url.Values{"sex": {"L"}, "birth": {"3-3-2016"}}); p.Status != 200 {
		t.Fatalf("complete: %d %s", p.Status, p.Text())
	}
	p = b.Submit(theirs, child, url.Values{"sex": {"P"}, "birth": {"4-3-2016"}})
	if p.Status != 409 || !strings.Contains(p.Body, `value="4-3-2016"`) || !p.Has("Petugas lain baru saja mengubahnya") {
		t.Errorf("second officer: %d %s", p.Status, p.Text())
	}
	if p := b.Submit(p, child, nil); p.Status != 200 {
		t.Errorf("saved again: %d", p.Status)
	}
	for _, name := range []string{"/lembar-izin.pdf", "/daftar.pdf"} {
		if p := b.Get(path + name); p.Status != 200 || p.Header.Get("Content-Type") != "application/pdf" {
			t.Errorf("%s: %d", name, p.Status)
		}
	}
	if p := b.Get("/kelas/lembar-izin.pdf"); p.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("blank sheet: %d", p.Status)
	}
}

// TestChildWithoutSheet: a sheet ticked by mistake is taken back, and a sheet needs a name.
func TestChildWithoutSheet(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	path := class(t, b)
	addNames(t, b, path, "Dewi Anggraini\tP\t7-5-2016")
	children, _ := progress(t, n, path)
	id := children[0].ID.String()
	p := b.Submit(b.Get(path+"/izin"), path+"/izin", url.Values{"sheet_" + id: {"1"}, "relation_" + id: {"ibu"}})
	if p.Status != 422 || !p.Has("Perlu diisi") {
		t.Errorf("a sheet without a name: %d %s", p.Status, p.Text())
	}
	p = b.Submit(p, path+"/izin", url.Values{"guardian_" + id: {"Sri Wahyuni"}})
	if _, sums := progress(t, n, path); p.Status != 200 || sums.Consent != 1 {
		t.Fatalf("sheet: %d %+v", p.Status, sums)
	}
	b.Submit(b.Get(path+"/izin"), path+"/izin", url.Values{"sheet_" + id: nil})
	if _, sums := progress(t, n, path); sums.Consent != 0 {
		t.Error("the sheet was not taken back")
	}
	b.Submit(b.Get(path+"/cocok"), path+"/cocok", url.Values{"child": {id}})
	p = b.Submit(b.Get(path+"/kartu"), path+"/kartu", url.Values{"later": {"1"}})
	if _, sums := progress(t, n, path); sums.Issued != 0 || sums.Verified != 1 {
		t.Errorf("a card without the guardian's consent: %+v %s", sums, p.Text())
	}
}

// TestTwoWhoAskAtOnceGetTwoChildren: the next child is the officer's before the page with the camera is there.
func TestTwoWhoAskAtOnceGetTwoChildren(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	path := class(t, b)
	addNames(t, b, path, "Murid Contoh A\tL\t1 Mei 2016\nMurid Contoh B\tP\t2 Mei 2016\n")
	id, err := library.ParseID(strings.TrimPrefix(path, "/kelas/"))
	if err != nil {
		t.Fatal(err)
	}
	added, err := n.Desk.AddOfficer(context.Background(), n.Officer, nodetest.Op(t), desk.OfficerInput{Login: "dewi", Name: "Dewi Rekaan", Role: library.RoleOfficer, Password: "sepeda biru di teras"})
	if err != nil {
		t.Fatal(err)
	}
	var children [2]library.ID
	for i, who := range []desk.Actor{n.Officer, {Officer: added.ID, Role: library.RoleOfficer}} {
		if children[i], err = n.Desk.NextChild(context.Background(), who, id, library.ID{}); err != nil || children[i].IsZero() {
			t.Fatalf("officer %d: %v %v", i, children[i], err)
		}
	}
	if children[0] == children[1] {
		t.Errorf("both got %s", children[0])
	}
}

// One officer ticks the consent sheets while another compares the same children:
// neither refuses the other's work. A child whose name changed is refused.
func TestSheetsAndComparisonDoNotCollide(t *testing.T) {
	n := nodetest.Start(t)
	one, two := n.SignedIn(t), colleague(t, n)
	path := class(t, one)
	addNames(t, one, path, "nama\tL/P\ttanggal lahir\nAdi Rekaan\tL\t01-05-2016\nBela Rekaan\tP\t02-05-2016\n")
	children, _ := progress(t, n, path)
	sheets, lines := one.Get(path+"/izin"), two.Get(path+"/cocok")
	ticked := url.Values{}
	for _, c := range children {
		ticked["sheet_"+c.ID.String()], ticked["guardian_"+c.ID.String()] = []string{"1"}, []string{"Ibu Rekaan"}
		ticked["relation_"+c.ID.String()] = []string{library.GuardianRelations()[0].Key}
	}
	if p := one.Submit(sheets, path+"/izin", ticked); p.Status != 200 {
		t.Fatalf("sheets: %d %s", p.Status, p.Text())
	}
	both := url.Values{"child": {children[0].ID.String(), children[1].ID.String()}}
	if p := two.Submit(lines, path+"/cocok", both); p.Status != 200 {
		t.Fatalf("comparison after the sheets: %d %s", p.Status, p.Text())
	}
	if _, done := progress(t, n, path); done.Consent != 2 || done.Verified != 2 {
		t.Fatalf("after both: %+v", done)
	}
}
