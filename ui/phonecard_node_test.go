package ui_test

import (
	"bytes"
	"context"
	"image/png"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"simpul/node/library"
	"simpul/node/nodetest"
)

// issuedTo is a member whose card is issued and not handed over.
func issuedTo(t testing.TB, n *nodetest.Node, name string) library.ID {
	t.Helper()
	ctx := context.Background()
	id := verified(t, n, name, true)
	version := func() string {
		rec, err := n.Desk.Registration(ctx, n.Officer, id)
		if err != nil {
			t.Fatal(err)
		}
		return rec.Version
	}
	if _, err := n.Desk.DeferPhoto(ctx, n.Officer, nodetest.Op(t), id, version()); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Desk.Issue(ctx, n.Officer, nodetest.Op(t), id, version()); err != nil {
		t.Fatal(err)
	}
	return id
}

// cardCode makes a code at the officer's screen, from the page at from, and returns its address on the phone.
func cardCode(t testing.TB, n *nodetest.Node, officer *nodetest.Browser, id library.ID, from string) string {
	t.Helper()
	step := "/kartu/" + id.String() + "/telepon"
	p := officer.Submit(officer.Get(from), step, nil)
	if p.Status != http.StatusOK || !p.Has("Pindai dengan kamera telepon, lalu buka kartunya") || !p.Has("Menunggu telepon") {
		t.Fatalf("no code: %d %s", p.Status, p.Text())
	}
	link, there, err := n.Desk.CardLink(context.Background(), n.Officer, id)
	if err != nil || !there || len(link.Token) != 26 {
		t.Fatalf("%+v %v", link, err)
	}
	if strings.Contains(p.Body, link.Token) {
		t.Error("the token stands in the officer's page")
	}
	if svg := officer.Get(step + "/kode.svg"); svg.Status != http.StatusOK || strings.Contains(svg.Body, link.Token) {
		t.Errorf("the code: %d", svg.Status)
	}
	return "/c/" + link.Token
}

// watched asks as the officer's page does every second.
func watched(t testing.TB, officer *nodetest.Browser, page string) *nodetest.Page {
	t.Helper()
	_, rest, found := strings.Cut(officer.Get(page).Body, `hx-get="`+page+`/keadaan`)
	if !found {
		t.Fatal("the page does not ask again")
	}
	query, _, _ := strings.Cut(rest, `"`)
	return officer.Get(page + "/keadaan" + strings.ReplaceAll(query, "&amp;", "&"))
}

// TestACardOnThePhone: step 6 by the visitor's phone, without JavaScript: opened, saved, recorded; nobody else can open it.
func TestACardOnThePhone(t *testing.T) {
	var out bytes.Buffer
	var mu sync.Mutex
	log := slog.New(slog.NewTextHandler(locked{&mu, &out}, nil))
	n, officer, phone := phoneNode(t, nodetest.WithLog(log))
	const name = "Ratna Sekarwangi Kusumo"
	id := issuedTo(t, n, name)
	rec, err := n.Desk.Registration(context.Background(), n.Officer, id)
	if err != nil {
		t.Fatal(err)
	}
	path := cardCode(t, n, officer, id, "/daftar/"+id.String()+"/serahkan")
	step := "/kartu/" + id.String() + "/telepon"
	if p := watched(t, officer, step); p.Status != http.StatusNoContent {
		t.Errorf("nothing changed: %d", p.Status)
	}
	if p := officer.Get(step); p.Form(step+"/serahkan") != nil {
		t.Error("the handing over is offered before a phone has come")
	}

	// Looking at the address does not take it: cameras of phones do that by themselves.
	p := phone.Get(path)
	if p.Status != http.StatusOK || !p.Has("Kartu anggota sudah siap") || strings.Contains(p.Body, "Ratna") {
		t.Fatalf("before it is opened: %d %s", p.Status, p.Text())
	}
	if p := n.Browser(t).Get("/kartu-saya"); p.Status == http.StatusOK {
		t.Error("the app of the officers has the page")
	}
	p = phone.Submit(p, path, nil)
	if p.Status != http.StatusOK || p.URL != "/kartu-saya" || !p.Has("Simpan gambar") || !p.Has("iPhone: tekan lama") || !p.Has(rec.Card.Number.Grouped()) {
		t.Fatalf("opened: %d %s %s", p.Status, p.URL, p.Text())
	}
	picture := phone.Get("/kartu-saya/kartu-anggota.png")
	img, err := png.Decode(strings.NewReader(picture.Body))
	if err != nil || img.Bounds().Dx() < 1000 || picture.Header.Get("Content-Disposition") != "" || picture.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the picture: %v %v", err, picture.Header)
	}
	if code, err := nodetest.ReadQR(img); err != nil || !strings.HasPrefix(code, "KTA1:") {
		t.Errorf("its QR: %q %v", code, err)
	}
	if p := officer.Get(step); !p.Has("Kartu sudah dibuka di telepon") || p.Form(step+"/serahkan") == nil || strings.Contains(p.Body, "/kode.svg") {
		t.Errorf("the officer is told: %s", p.Text())
	}
	if p := officer.Get(step + "/kode.svg"); p.Status != http.StatusNotFound {
		t.Errorf("the code is still drawn: %d", p.Status)
	}
	before := officer.Get(step)
	saved := phone.Get("/kartu-saya/kartu-anggota.png?simpan=1")
	if saved.Header.Get("Content-Disposition") != `attachment; filename="kartu-anggota.png"` || saved.Body != picture.Body {
		t.Errorf("saved: %v", saved.Header)
	}
	_, rest, _ := strings.Cut(before.Body, `hx-get="`+step+`/keadaan`)
	query, _, _ := strings.Cut(rest, `"`)
	if p := officer.Get(step + "/keadaan" + strings.ReplaceAll(query, "&amp;", "&")); p.Status != http.StatusOK || !p.Has("Kartu sudah disimpan di telepon") || p.Header.Get("HX-Redirect") != "" {
		t.Errorf("saving is not told in place: %d %s", p.Status, p.Text())
	}

	// Another phone is refused; the same one gets back to its card.
	if p := n.Phone(t).Get(path); p.Status != http.StatusConflict || !p.Has("sudah dibuka di telepon lain") || !p.Has("Minta petugas") {
		t.Errorf("a second phone: %d %s", p.Status, p.Text())
	}
	if p := n.Phone(t).Get("/kartu-saya"); p.Status != http.StatusNotFound {
		t.Errorf("a phone without the card: %d", p.Status)
	}
	if p := phone.Get(path); p.URL != "/kartu-saya" {
		t.Errorf("scanned again: %s", p.URL)
	}

	// To whom is asked, how is known.
	p = officer.Submit(officer.Get(step), step+"/serahkan", url.Values{"to": {"other"}, "receiver": {""}})
	if p.Status != http.StatusUnprocessableEntity {
		t.Errorf("nobody named: %d", p.Status)
	}
	p = officer.Submit(officer.Get(step), step+"/serahkan", url.Values{"to": {"self"}})
	if p.Status != http.StatusOK || p.URL != "/daftar/"+id.String()+"/serahkan" || !p.Has("Selesai, kartu sudah diserahkan") || !p.Has("Gambar ke ponsel anggota") {
		t.Errorf("recorded: %d %s %s", p.Status, p.URL, p.Text())
	}

	mu.Lock()
	defer mu.Unlock()
	for _, secret := range []string{"Ratna", "Kusumo", string(rec.Card.Number), rec.Form.NIK, path[3:]} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if !strings.Contains(out.String(), "/c/:token") {
		t.Error("the log does not even name the route")
	}
}

// locked is a writer for several requests at once.
type locked struct {
	mu *sync.Mutex
	w  *bytes.Buffer
}

func (l locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

// TestACardForANewPhone: a member who has had the card for long gets it on another phone, from the member's page.
func TestACardForANewPhone(t *testing.T) {
	n, officer, phone := phoneNode(t)
	id := issuedTo(t, n, "Bagus Wirawan Rekaan")
	step := "/kartu/" + id.String() + "/telepon"
	officer.Submit(officer.Get("/daftar/"+id.String()+"/serahkan"), "/daftar/"+id.String()+"/serahkan", url.Values{"to": {"self"}, "how": {"in-person"}})
	member := "/anggota/" + id.String()
	path := cardCode(t, n, officer, id, member)
	if p := officer.Get(step); !p.Has("Kembali ke anggota") {
		t.Error(p.Text())
	}
	phone.Submit(phone.Get(path), path, nil)
	p := officer.Submit(officer.Get(step), step+"/serahkan", url.Values{"to": {"self"}})
	if p.URL != member || !p.Has("Penyerahan tercatat") {
		t.Errorf("%s %s", p.URL, p.Text())
	}

	// Blocked meanwhile: neither a new code nor the card on the phone.
	if _, err := n.Desk.Block(context.Background(), n.Officer, nodetest.Op(t), id, "lost", ""); err != nil {
		t.Fatal(err)
	}
	if p := phone.Get("/kartu-saya"); p.Status != http.StatusNotFound || strings.Contains(p.Body, "kartu-anggota.png") {
		t.Errorf("a blocked card on the phone: %d", p.Status)
	}
	if p := officer.Get(member); p.Form(step) != nil {
		t.Error("a blocked card is offered")
	}
	if p := officer.Submit(officer.Get(step), step, nil); p.Status != http.StatusConflict || !p.Has("sedang diblokir") {
		t.Errorf("a code for a blocked card: %d %s", p.Status, p.Text())
	}
}

// TestCodesOfCardsEnd: late before it was opened, late after, replaced by a new one, guessed, no card yet, nobody signed in.
func TestCodesOfCardsEnd(t *testing.T) {
	clock := nodetest.NewClock(time.Date(2026, 11, 23, 9, 0, 0, 0, library.WIB()))
	n, officer, phone := phoneNode(t, nodetest.WithClock(clock.Now), nodetest.WithMono(clock.Mono))
	id := issuedTo(t, n, "Ayu Lestari Rekaan")
	member, step := "/anggota/"+id.String(), "/kartu/"+id.String()+"/telepon"
	first := cardCode(t, n, officer, id, member)
	second := cardCode(t, n, officer, id, step)
	if p := phone.Get(first); p.Status != http.StatusNotFound || !p.Has("tidak berlaku lagi") {
		t.Errorf("in place of another: %d %s", p.Status, p.Text())
	}
	opening := phone.Get(second)
	clock.Add(11 * time.Minute)
	for name, p := range map[string]*nodetest.Page{"looked at late": phone.Get(second), "opened late": phone.Submit(opening, second, nil)} {
		if p.Status != http.StatusForbidden || !p.Has("sudah habis") || !p.Has("Minta petugas") {
			t.Errorf("%s: %d %s", name, p.Status, p.Text())
		}
	}
	officer = n.SignedIn(t)
	if p := officer.Get(step); !p.Has("Waktu kodenya habis") || p.Has("Pindai dengan kamera") {
		t.Errorf("a code that has ended is shown: %s", p.Text())
	}
	third := cardCode(t, n, officer, id, step)
	phone.Submit(phone.Get(third), third, nil)
	clock.Add(9 * time.Minute)
	phone.Get("/kartu-saya/kartu-anggota.png?simpan=1")
	clock.Add(2 * time.Minute)
	for _, path := range []string{"/kartu-saya", "/kartu-saya/kartu-anggota.png"} {
		if p := phone.Get(path); p.Status != http.StatusForbidden {
			t.Errorf("%s eleven minutes later: %d", path, p.Status)
		}
	}
	officer = n.SignedIn(t)
	if p := officer.Get(step); !p.Has("Kartu sudah disimpan di telepon") || p.Form(step+"/serahkan") == nil {
		t.Errorf("the officer can no longer record it: %s", p.Text())
	}
	for i := range 12 {
		p := phone.Get("/c/" + strings.Repeat("a", 24) + string(rune('a'+i)) + "a")
		if i < 8 && p.Status != http.StatusNotFound {
			t.Errorf("guess %d: %d", i, p.Status)
		}
		if i == 11 && (p.Status != http.StatusServiceUnavailable || !p.Has("Terlalu banyak")) {
			t.Errorf("guess %d: %d", i, p.Status)
		}
	}
	if _, err := n.Desk.NewCardLink(context.Background(), n.Officer, nodetest.Op(t), verified(t, n, "Belum Berkartu Rekaan", true)); library.KindOf(err) != library.KindConflict {
		t.Errorf("without a card: %v", err)
	}
}
