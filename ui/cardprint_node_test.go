package ui_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/csv"
	"html"
	"image"
	"image/color"
	"image/png"
	"net/url"
	"slices"
	"strings"
	"testing"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
)

// issued makes a member with a card, without a photo for now.
func issued(t *testing.T, n *nodetest.Node, b *nodetest.Browser, name string) library.ID {
	t.Helper()
	id := verified(t, n, name, true)
	step := "/daftar/" + id.String() + "/foto"
	p := b.Submit(b.Get(step), step+"/menyusul", nil)
	b.Submit(p, "/daftar/"+id.String()+"/kartu", nil)
	return id
}

func prints(t *testing.T, n *nodetest.Node, id library.ID) int {
	t.Helper()
	rec, err := n.Desk.Registration(context.Background(), n.Officer, id)
	if err != nil || rec.Card == nil {
		t.Fatalf("no card: %v", err)
	}
	return rec.Card.Prints
}

// TestPrintLog: each printing is noted with its printer, also when one open list is printed twice with another choice.
func TestPrintLog(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	if p := b.Get("/kartu/catatan"); !p.Has("Belum ada kartu yang dicetak") {
		t.Errorf("an empty log: %s", p.Text())
	}
	one, two := issued(t, n, b, "Anggota Kesatu"), issued(t, n, b, "Anggota Kedua")
	form := b.Get("/kartu").Form("/kartu/cetak")
	if form.Get("way") != "a4:sheet" {
		t.Fatalf("a list begins with %q", form.Get("way"))
	}
	form["member"] = []string{one.String()}
	b.Post("/kartu/cetak", form)
	b.Post("/kartu/cetak", form) // a double click
	form["member"] = []string{two.String()}
	form.Set("way", "a4:fold")
	form.Set("start", "4")
	if pdf := b.Post("/kartu/cetak", form); pdf.Header.Get("Content-Type") != "application/pdf" {
		t.Fatalf("to fold: %d %s", pdf.Status, pdf.Text())
	}
	if prints(t, n, one) != 1 || prints(t, n, two) != 1 {
		t.Errorf("printed %d and %d times, want once each", prints(t, n, one), prints(t, n, two))
	}
	form.Set("daftar", "semua")
	form.Set("start", "5")
	if p := b.Post("/kartu/cetak", form); p.Status != 422 || !p.Has("hanya punya tempat 1 sampai 4") || !strings.Contains(p.Body, `value="`+two.String()+`" checked`) || strings.Contains(p.Body, `value="`+one.String()+`" checked`) {
		t.Errorf("the fifth of four places: %d %s", p.Status, p.Text())
	}
	if way := b.Get("/kartu?daftar=semua").Form("/kartu/cetak").Get("way"); way != "a4:fold" {
		t.Errorf("the next list begins with %q, not with what was chosen", way)
	}
	alone := b.Get("/daftar/" + one.String() + "/kartu").Form("/kartu/cetak")
	if alone.Get("way") != "kartu:card" {
		t.Errorf("one card begins with %q", alone.Get("way"))
	}
	b.Post("/kartu/cetak", alone)
	if s := n.Desk.Settings(); s.PrintWay != "a4:fold" || s.PrintWayOne != "kartu:card" {
		t.Errorf("remembered: %q and %q", s.PrintWay, s.PrintWayOne)
	}

	var got []string
	after := ""
	for range 4 {
		lines, next, err := n.Desk.PrintLog(context.Background(), n.Officer, after, 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			got = append(got, strings.Join([]string{l.Name, l.Printer, l.Who}, "|"))
		}
		if after = next; next == "" {
			break
		}
	}
	want := []string{"Anggota Kesatu|Printer kartu|Siti Rahayu", "Anggota Kedua|Printer A4|Siti Rahayu", "Anggota Kesatu|Printer A4|Siti Rahayu"}
	if !slices.Equal(got, want) {
		t.Errorf("the log, a line a page: %q", got)
	}
	if p := b.Get("/kartu/catatan"); !p.Has("Anggota Kedua") || !p.Has("Printer kartu") || !p.Has("Siti Rahayu") {
		t.Errorf("the page: %s", p.Text())
	}
	if p := b.Get("/anggota/" + one.String()); !p.Has("Kartu dicetak dengan Printer kartu") || !p.Has("Kartu dicetak dengan Printer A4") {
		t.Errorf("the history: %s", p.Text())
	}
	file := b.Get("/kartu/catatan.csv")
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.Body, "\uFEFF")))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil || len(rows) != 4 || strings.Contains(file.Body, "Anggota K") || rows[1][5] != "2" {
		t.Errorf("the file: %v %v", err, rows)
	}
}

// TestPrinters: what one printer had before there were several stays, and the test page shows what is typed.
func TestPrinters(t *testing.T) {
	n := nodetest.Start(t)
	if err := n.Desk.SetSettings(context.Background(), n.Officer, nodetest.Op(t), map[string]any{"printer_x": 0.7, "printer_y": -1.2}); err != nil {
		t.Fatal(err)
	}
	n.Desk.Settle()
	if p := n.Desk.Settings().Printers[0]; p.X != 0.7 || p.Y != -1.2 || p.Kind != desk.PrinterSheet {
		t.Fatalf("the first printer: %+v", p)
	}
	b := n.SignedIn(t)
	page := b.Get("/pengaturan/kartu")
	for key, typed := range map[string]string{"a4": "1,5", "kartu": "-2"} {
		form := page.Form("/pengaturan/kartu")
		form.Set("printer_"+key+"_x", typed)
		form.Set("uji", key)
		if pdf := b.Post("/pengaturan/kartu/uji", form); pdf.Header.Get("Content-Type") != "application/pdf" {
			t.Errorf("test page of %s: %d %s", key, pdf.Status, pdf.Text())
		}
		form.Set("printer_"+key+"_x", "satu")
		if p := b.Post("/pengaturan/kartu/uji", form); p.Status != 422 || !strings.Contains(p.Body, `value="satu"`) || !p.Has("Tulis dengan angka") {
			t.Errorf("an offset that is no number: %d %s", p.Status, p.Text())
		}
	}
	save := func(values url.Values) *nodetest.Page { return b.Submit(page, "/pengaturan/kartu", values) }
	for _, bad := range []url.Values{
		{"printer_a4_x": {"15,5"}}, {"printer_a4": {""}}, {"printer_a4_gone": {"1"}, "printer_kartu_gone": {"1"}}, {"printer_new": {"printer KARTU"}, "printer_new_kind": {"card"}},
		{"printer_new": {"Tanpa jenis"}}, {"printer_new": {strings.Repeat("p", 41)}, "printer_new_kind": {"sheet"}},
	} {
		if p := save(bad); p.Status != 422 {
			t.Errorf("%v was saved: %d", bad, p.Status)
		}
	}
	if p := n.Desk.Settings().Printers[0]; p.X != 0.7 || len(n.Desk.Settings().Printers) != 2 {
		t.Errorf("after what was refused: %+v", n.Desk.Settings().Printers)
	}
}

// crest is a made-up emblem with a transparent ground.
func crest(side int) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			if dx, dy := x-side/2, y-side/2; dx*dx+dy*dy < side*side/5 {
				img.SetNRGBA(x, y, color.NRGBA{200, uint8(y * 255 / side), uint8(x * 255 / side), 255})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err) // a picture in memory always encodes
	}
	return b.Bytes()
}

// TestEmblem: looked at before it is saved, on the card, there again after a rebuild of the node, and taken away.
func TestEmblem(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	id := issued(t, n, b, "Anggota Berlambang")
	const path = "/pengaturan/kartu"
	card := func() string { return b.Get("/kartu/" + id.String() + "/kartu.svg").Body }
	if strings.Contains(card(), "<image") {
		t.Fatal("there is a picture on the card before there is one")
	}
	for words, file := range map[string][]byte{"tidak bisa dibaca": []byte("%PDF-1.7"), "terlalu kecil": crest(10)} {
		form := b.Get(path).Form(path)
		form.Set("card_heading", "Kartu Baru")
		if p := b.Upload(path, form, "emblem", "lambang.png", file); p.Status != 422 || !p.Has(words) || !strings.Contains(p.Body, "Kartu Baru") {
			t.Errorf("an emblem that is none: %d %s", p.Status, p.Text())
		}
	}
	look := b.Upload(path+"/contoh", b.Get(path).Form(path), "emblem", "lambang.png", crest(900))
	if look.Status != 200 || strings.Count(look.Body, "data:image/svg") != 2 || !look.Has("Hapus lambang") {
		t.Fatalf("a look: %d %s", look.Status, look.Text())
	}
	if len(n.Desk.Settings().CardEmblem) > 0 {
		t.Fatal("a look saved something")
	}
	// Without JavaScript the look is the page again; the emblem travels in it.
	form := b.Get(path).Form(path)
	form.Set("do", "look")
	p := b.Upload(path, form, "emblem", "lambang.png", crest(900))
	form = p.Form(path)
	if carried, err := base64.StdEncoding.DecodeString(form.Get("card_emblem")); err != nil || len(carried) == 0 {
		t.Fatalf("the page does not carry the emblem: %v", err)
	}
	if p := b.Post(path, form); !p.Has("Perubahan tersimpan") {
		t.Fatalf("saved: %d %s", p.Status, p.Text())
	}
	emblem := n.Desk.Settings().CardEmblem
	if len(emblem) == 0 || len(emblem) > 10<<10 || !strings.Contains(card(), base64.StdEncoding.EncodeToString(emblem)) {
		t.Fatalf("an emblem of %d bytes is not on the card", len(emblem))
	}
	if png := b.Get("/kartu/" + id.String() + "/kartu.png"); png.Header.Get("Content-Type") != "image/png" {
		t.Errorf("as PNG: %d", png.Status)
	}
	for _, way := range []string{"a4:sheet", "a4:fold", "kartu:card"} {
		form := b.Get("/kartu?daftar=semua").Form("/kartu/cetak")
		form["member"], form["way"], form["back"] = []string{id.String()}, []string{way}, []string{"1"}
		if pdf := b.Post("/kartu/cetak", form); pdf.Header.Get("Content-Type") != "application/pdf" {
			t.Errorf("%s with an emblem: %d %s", way, pdf.Status, pdf.Text())
		}
	}
	if err := n.Store.Rebuild(context.Background(), func(int64, int64) {}); err != nil {
		t.Fatal(err)
	}
	n.Stop()
	n = nodetest.Start(t, nodetest.WithDir(n.Dir))
	b = n.SignedIn(t)
	if !bytes.Equal(n.Desk.Settings().CardEmblem, emblem) {
		t.Fatal("a rebuild lost the emblem")
	}
	b.Submit(b.Get(path), path, url.Values{"emblem_gone": {"1"}})
	if len(n.Desk.Settings().CardEmblem) > 0 || strings.Contains(card(), "<image") {
		t.Error("the emblem is still there")
	}
}

// TestLookTellsContrastAtOnce: before anything is saved.
func TestLookTellsContrastAtOnce(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	form := b.Get("/pengaturan/kartu").Form("/pengaturan/kartu")
	form.Set("card_heading", "Kartu Coba-coba")
	form.Set("card_ink", "#ffee88")
	look := b.Post("/pengaturan/kartu/contoh", form)
	_, data, _ := strings.Cut(html.UnescapeString(look.Body), "data:image/svg+xml;base64,")
	data, _, _ = strings.Cut(data, `"`)
	svg, err := base64.StdEncoding.DecodeString(data)
	if err != nil || !strings.Contains(string(svg), "Kartu Coba-coba") || !strings.Contains(string(svg), "#ffee88") || !strings.Contains(string(svg), "Hadiningrat") {
		t.Errorf("the front by what was typed: %v %.300s", err, svg)
	}
	if !look.Has("terlalu terang") {
		t.Errorf("nothing is said of the colour: %s", look.Text())
	}
	if s := n.Desk.Settings(); s.CardInk == "#ffee88" {
		t.Error("a look saved a colour")
	}
}
