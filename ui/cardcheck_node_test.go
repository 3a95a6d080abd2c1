package ui_test

import (
	"crypto/ed25519"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"simpul/node/card/sign"
	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/sync/event"
)

// qrText is what the QR of a member's card says, made as the card is drawn.
func qrText(t *testing.T, n *nodetest.Node, id library.ID) string {
	t.Helper()
	p, err := n.Store.Person(t.Context(), event.ID(id))
	if err != nil {
		t.Fatal(err)
	}
	seed, err := n.Store.Secret(t.Context(), "issuer")
	if err != nil {
		t.Fatal(err)
	}
	c := p.Card()
	text, err := sign.Sign(ed25519.NewKeyFromSeed(seed), sign.Claims{Number: c.Number, Name: p.Get(event.FieldName), Branch: n.Desk.Settings().Name,
		Kind: c.Kind, Issued: c.From, Expires: c.Until, Revocation: sign.RevocationOf(c.ID)})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// withCard is a member with a card, without a photo.
func withCard(t *testing.T, n *nodetest.Node, name string) library.ID {
	t.Helper()
	id := verified(t, n, name, true)
	if _, err := n.Desk.DeferPhoto(t.Context(), n.Officer, nodetest.Op(t), id, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Desk.Issue(t.Context(), n.Officer, nodetest.Op(t), id, ""); err != nil {
		t.Fatal(err)
	}
	return id
}

// spoiled is a text with another signature in it.
func spoiled(text string) string {
	last := text[len(text)-9]
	return text[:len(text)-9] + string('A'+(last-'A'+3)%20) + text[len(text)-8:]
}

// TestCheckACard: every answer in words, with what to do, by the page and by the scanner.
func TestCheckACard(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	id := withCard(t, n, "Ayu Lestari Wulandari")
	text := qrText(t, n, id)
	rec, err := n.Desk.Registration(t.Context(), n.Officer, id)
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := sign.Sign(ed25519.NewKeyFromSeed(make([]byte, 32)), sign.Claims{Number: "015260000076", Name: "Citra Rekaan", Branch: "Rogojampi", Kind: "umum", Issued: 20700, Expires: 40000})
	if err != nil {
		t.Fatal(err)
	}
	page := b.Get("/kartu/periksa")
	if page.Status != http.StatusOK || !page.Has("Belum ada.") {
		t.Fatalf("the page: %d %s", page.Status, page.Text())
	}
	for name, c := range map[string]struct {
		code string
		want []string
		not  string
	}{
		"valid":      {text, []string{"Kartu asli dan berlaku", "Cocokkan nama dan foto", "Ayu Lestari Wulandari", rec.Card.Number.Grouped(), "Buka"}, "belum dibuktikan"},
		"framed":     {"]Q1" + text + "\r\n", []string{"Kartu asli dan berlaku"}, ""},
		"number":     {string(rec.Card.Number), []string{"Nomor terdaftar; keaslian belum diperiksa", "Ayu Lestari Wulandari"}, "asli dan berlaku"},
		"forged":     {spoiled(text), []string{"palsu", "Pindai sekali lagi"}, "Ayu Lestari"},
		"half":       {text[:100], []string{"terbaca sebagian"}, "palsu"},
		"elsewhere":  {stranger, []string{"kirim data dulu", "bukan berarti palsu", "belum dibuktikan", "Citra Rekaan"}, "asli dan berlaku"},
		"nobody":     {"014990000018", []string{"Nomor tidak dikenal"}, ""},
		"link":       {"https://example.com/x?1", []string{"bukan kartu perpustakaan"}, ""},
		"newer":      {"KTA9:" + text[5:], []string{"lebih baru", "Perbarui Simpul"}, ""},
		"nik":        {"3510110705980001", []string{"Nomor tidak dikenal"}, "3510110705980001"},
		"unprinted":  {"\x00\u200b" + text, []string{"asli dan berlaku"}, ""},
		"lower case": {strings.ToLower(text), []string{"asli dan berlaku"}, ""},
	} {
		p := b.Submit(page, "/kartu/periksa", url.Values{"code": {c.code}})
		for _, words := range c.want {
			if p.Status != http.StatusOK || !p.Has(words) {
				t.Errorf("%s: %d, no %q in %s", name, p.Status, words, p.Text())
			}
		}
		if c.not != "" && p.Has(c.not) {
			t.Errorf("%s says %q: %s", name, c.not, p.Text())
		}
		if strings.Contains(p.URL, "KTA") || strings.Contains(strings.SplitN(p.Body, "</title>", 2)[0], "Ayu") {
			t.Errorf("%s: personal data in %s or the title", name, p.URL)
		}
	}
	if p := b.Submit(page, "/kartu/periksa", url.Values{"code": {" "}}); p.Status != http.StatusUnprocessableEntity || !p.Has("Pindai kartu, atau ketik nomornya") {
		t.Errorf("nothing: %d %s", p.Status, p.Text())
	}
	// By the scanner, anywhere on the desk: as the bars do, or the answer.
	scan := func(code string) *nodetest.Page {
		form := b.Get("/meja").Form("/pindai")
		form.Set("code", code)
		return b.Post("/pindai", form)
	}
	if p := scan(text); p.Status != http.StatusOK || !p.Has("Ayu Lestari Wulandari") || !strings.Contains(p.Body, "/anggota/"+id.String()) || p.Has("Periksa kartu") {
		t.Errorf("scanned: %s", p.Text())
	}
	if p := scan(spoiled(text)); !p.Has("palsu") {
		t.Errorf("a forged one scanned: %s", p.Text())
	}
	if p := b.Submit(b.Get("/anggota"), "/anggota", url.Values{"cari": {text}}); p.URL != "/anggota/"+id.String() {
		t.Errorf("in the search: %s", p.URL)
	}
}

// TestKioskTakesTheQR as it takes the bars; what is no genuine card is told to the visitor.
func TestKioskTakesTheQR(t *testing.T) {
	n := nodetest.Start(t)
	id := withCard(t, n, "Ayu Lestari Wulandari")
	text := qrText(t, n, id)
	b := n.Browser(t)
	visit := func(code string) *nodetest.Page {
		return b.Submit(b.Get("/kunjungan"), "/kunjungan", url.Values{"number": {code}})
	}
	if p := visit(text); p.Status != http.StatusOK || !p.Has("Selamat datang, A***") {
		t.Errorf("the QR: %d %s", p.Status, p.Text())
	}
	if p := visit(spoiled(text)); p.Status != http.StatusUnprocessableEntity || !p.Has("Tunjukkan kepada petugas") {
		t.Errorf("forged: %d %s", p.Status, p.Text())
	}
	if p := visit("https://example.com"); p.Status != http.StatusUnprocessableEntity || !p.Has("bukan kartu perpustakaan") {
		t.Errorf("a link: %d %s", p.Status, p.Text())
	}
	if counts, _ := n.Desk.Counts(); counts[desk.CountVisits] != 1 {
		t.Errorf("%d visits", counts[desk.CountVisits])
	}
}

// TestAnOldTrustListIsSaid after a fortnight without an exchange.
func TestAnOldTrustListIsSaid(t *testing.T) {
	today := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	clock := nodetest.NewClock(today)
	n := nodetest.Start(t, nodetest.WithClock(clock.Now))
	b := n.SignedIn(t)
	for _, c := range []struct {
		days int
		want string
		warn bool
	}{{0, "hari ini", false}, {13, "13 hari lalu", false}, {15, "15 hari lalu. Kirim data", true}} {
		clock.Set(today.AddDate(0, 0, -c.days))
		n.Told(t, ed25519.NewKeyFromSeed(make([]byte, 32)))
		clock.Set(today)
		if p := b.Get("/kartu/periksa"); !p.Has(c.want) || p.Has("Perlu diperbarui") != c.warn {
			t.Errorf("%d days: %s", c.days, p.Text())
		}
	}
}
