package ui_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
)

var wholeReference = regexp.MustCompile(`\b[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}\b`)

// said is a log that a test reads.
type said struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// TestFromHome: somebody at home fills in the form without JavaScript, makes mistakes, goes back and comes again; the officer of
// the branch finds it in the queue by its reference, and the status page says where it stands. No address and no line of the log
// holds anything of the person.
func TestFromHome(t *testing.T) {
	ctx := context.Background()
	var ahead atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	log := &said{}
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening(), nodetest.Public(), nodetest.WithClock(now), nodetest.WithLog(slog.New(slog.NewTextHandler(log, nil))))
	branch := nodetest.Start(t, nodetest.WithClock(now))
	code, err := centre.Office.NewCode(ctx, centre.Officer, nodetest.Op(t), office.CodeInput{Name: "Perpustakaan Genteng", Role: library.NodeBranch})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := branch.Desk.StartJoin(ctx, branch.Officer, code.Text, ""); err != nil {
		t.Fatal(err)
	}
	asking, err := centre.Office.Pending(ctx, centre.Officer)
	if err != nil || len(asking) != 1 {
		t.Fatalf("%+v, %v", asking, err)
	}
	if _, err := centre.Office.Approve(ctx, centre.Officer, nodetest.Op(t), asking[0].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := branch.Desk.AskJoin(ctx, branch.Officer); err != nil {
		t.Fatal(err)
	}
	points, err := centre.Desk.CollectionPoints(ctx)
	if err != nil || len(points) != 1 {
		t.Fatalf("%+v, %v", points, err)
	}

	home := centre.AtHome(t)
	p := home.Get("/pendaftaran/nama") // no form yet: it begins at the beginning
	if p.URL != "/pendaftaran" || !p.Has("Mulai mengisi") {
		t.Fatalf("%d %s %s", p.Status, p.URL, p.Text())
	}
	p = home.Submit(p, "/pendaftaran", nil)
	step := func(page string, v url.Values) {
		t.Helper()
		if p.Status != http.StatusOK || p.URL != "/pendaftaran/"+page {
			t.Fatalf("%s: %d %s %s", page, p.Status, p.URL, p.Text())
		}
		p = home.Submit(p, "/pendaftaran/"+page, v)
	}
	wrong := home.Submit(p, "/pendaftaran/cabang", url.Values{"branch": {"aaaaaaaaaaaaaaaaaaaaaaaaaa"}})
	if wrong.Status != http.StatusUnprocessableEntity {
		t.Errorf("no branch: %d %s", wrong.Status, wrong.Text())
	}
	step("cabang", url.Values{"branch": {points[0].ID.String()}})
	for _, a := range visitorAnswers(centre) {
		step(a.page, a.v)
	}
	p = home.Get("/pendaftaran") // the browser was closed
	if !p.Has("Lanjutkan isian") {
		t.Errorf("it does not go on: %s", p.Text())
	}
	p = home.Get("/pendaftaran/setuju")
	if wrong = home.Submit(p, "/pendaftaran/setuju", url.Values{"consent_photo": {"foto-1"}}); wrong.Status != http.StatusUnprocessableEntity || !wrong.Has("Tanpa persetujuan ini") {
		t.Errorf("without the consent: %d %s", wrong.Status, wrong.Text())
	}
	step("setuju", url.Values{"consent_membership": {"keanggotaan-1"}, "consent_photo": {"foto-1"}})
	if p.URL != "/pendaftaran/periksa" || !p.Has("Ayu Lestari Rekaan") || !p.Has("Perpustakaan Genteng") {
		t.Fatalf("to check: %d %s %s", p.Status, p.URL, p.Text())
	}
	send := p.Form("/pendaftaran/periksa")
	if wrong = home.Submit(p, "/pendaftaran/periksa", url.Values{"website": {"https://spam.example"}}); wrong.Status != http.StatusUnprocessableEntity || !wrong.Has("harus tetap kosong") {
		t.Errorf("the trap: %d %s", wrong.Status, wrong.Text())
	}
	if quick := home.Post("/pendaftaran/periksa", send); quick.Status != http.StatusServiceUnavailable || !quick.Has("Itu cepat sekali") || !quick.Has("Ayu Lestari Rekaan") {
		t.Errorf("within a moment: %d %s", quick.Status, quick.Text())
	}
	ahead.Add(int64(time.Minute))
	p = home.Post("/pendaftaran/periksa", send)
	reference := wholeReference.FindString(p.Text())
	if p.Status != http.StatusOK || p.URL != "/pendaftaran/selesai" || reference == "" || !p.Has("Perpustakaan Genteng") || !p.Has("KTP asli") || p.Has("Ayu") {
		t.Fatalf("sent: %d %s %s", p.Status, p.URL, p.Text())
	}
	if again := home.Post("/pendaftaran/periksa", send); wholeReference.FindString(again.Text()) != reference {
		t.Errorf("pressed twice: %s", again.Text())
	}
	if list, err := centre.Office.FromHome(ctx, centre.Officer, office.FromHomeFilter{}, 10); err != nil || len(list) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}

	// The status, from another browser; a wrong pair says the same whichever half is wrong.
	other := centre.AtHome(t)
	ask := func(reference, day string) *nodetest.Page {
		t.Helper()
		return other.Submit(other.Get("/pendaftaran/keadaan"), "/pendaftaran/keadaan", url.Values{"reference": {reference}, "birth_d": {day}, "birth_m": {"5"}, "birth_y": {"1998"}})
	}
	if p = ask(strings.ToLower(reference), "7"); p.Status != http.StatusOK || !p.Has("Sudah diterima") || p.Has("Ayu") {
		t.Errorf("%d %s", p.Status, p.Text())
	}
	one, two := ask(reference, "8"), ask("AAAA-BBBB", "7")
	if one.Status != http.StatusUnprocessableEntity || one.Status != two.Status || !one.Has("tidak cocok dengan pendaftaran mana pun") || !two.Has("tidak cocok dengan pendaftaran mana pun") {
		t.Errorf("%d %s\n%d %s", one.Status, one.Text(), two.Status, two.Text())
	}
	if p = ask(reference, "99"); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("no date: %d", p.Status)
	}

	// At the branch.
	for range 2 {
		if err := branch.Desk.SendNow(ctx, branch.Officer); err != nil {
			t.Fatal(err)
		}
	}
	officer := branch.SignedIn(t)
	if queue := officer.Get("/meja"); !queue.Has("Ayu Lestari Rekaan") || !queue.Has("dari formulir daring · kode "+reference) {
		t.Fatalf("the queue: %s", queue.Text())
	}
	p = officer.Submit(officer.Get("/anggota"), "/anggota", url.Values{"cari": {reference}})
	if !strings.HasPrefix(p.URL, "/daftar/") || !strings.HasSuffix(p.URL, "/identitas") || !p.Has("Formulir daring") {
		t.Fatalf("searched by reference: %s %s", p.URL, p.Text())
	}
	p = officer.Submit(p, p.URL, url.Values{"explained": {"1"}})
	if !strings.HasSuffix(p.URL, "/formulir") || !strings.Contains(p.Body, "Jl. Gajah Mada 12") {
		t.Fatalf("after the document: %d %s %s", p.Status, p.URL, p.Text())
	}
	if err := branch.Desk.SendNow(ctx, branch.Officer); err != nil {
		t.Fatal(err)
	}
	if p = ask(reference, "7"); !p.Has("Sedang dikerjakan petugas") {
		t.Errorf("%s", p.Text())
	}
	p = officer.Submit(officer.Get("/anggota"), "/anggota", url.Values{"cari": {"AAAABBBB"}})
	if !p.Has("Tanyakan ke pusat") {
		t.Errorf("the centre is not asked: %s", p.Text())
	}
	nobodys := p.Form("/anggota")
	nobodys.Set("cari", "AAAABBBB")
	if p = officer.Post("/anggota/kode", nobodys); p.Status != http.StatusNotFound || !p.Has("Kode pendaftaran ini tidak dikenal") {
		t.Errorf("nobody's reference: %d %s", p.Status, p.Text())
	}

	// The centre's own page, and its button.
	pusat := centre.SignedIn(t)
	p = pusat.Get("/cabang/daring")
	if !p.Has("Ayu Lestari Rekaan") || !p.Has(reference) || !p.Has("1 menunggu") {
		t.Errorf("%s", p.Text())
	}
	p = pusat.Submit(p, "/cabang/daring/pintu", url.Values{"close": {"1"}})
	if !p.Has("Formulir daring tertutup") {
		t.Errorf("closed: %d %s", p.Status, p.Text())
	}
	if p = other.Get("/pendaftaran"); !p.Has("sedang ditutup") || p.Has("Mulai mengisi") {
		t.Errorf("%s", p.Text())
	}

	for _, secret := range []string{"Ayu", "Lestari", "3510094705980003", "0947 0598", "Gajah", "081234567890", "1998", reference, strings.ReplaceAll(reference, "-", "")} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

// TestWrongPairsAreCounted: who guesses is refused, and so is everybody behind the same address; the right pair too, then.
func TestWrongPairsAreCounted(t *testing.T) {
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Public())
	home := centre.AtHome(t)
	for i := range 11 {
		p := home.Submit(home.Get("/pendaftaran/keadaan"), "/pendaftaran/keadaan", url.Values{"reference": {fmt.Sprintf("AAAA-AAA%c", 'A'+i)}, "birth_d": {"7"}, "birth_m": {"5"}, "birth_y": {"1998"}})
		if want := map[bool]int{true: http.StatusUnprocessableEntity, false: http.StatusServiceUnavailable}[i < 10]; p.Status != want {
			t.Fatalf("try %d: %d, want %d", i+1, p.Status, want)
		}
	}
}

// TestNowhereToCollect: a centre whose branches have not joined yet says so, instead of a form that ends at its first question.
func TestNowhereToCollect(t *testing.T) {
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Public())
	if p := centre.AtHome(t).Get("/pendaftaran"); p.Status != http.StatusOK || !p.Has("Belum ada perpustakaan tempat mengambil kartu") || p.Has("Mulai mengisi") || !p.Has("Lihat keadaannya") {
		t.Errorf("%d %s", p.Status, p.Text())
	}
	officer := centre.SignedIn(t)
	if p := officer.Submit(officer.Get("/pengaturan/daring"), "/pengaturan/daring", url.Values{"public_here": {"1"}}); p.Status != http.StatusOK || p.Form("/pengaturan/daring").Get("public_here") == "" {
		t.Fatalf("the settings: %d %s", p.Status, p.Text())
	}
	if p := centre.AtHome(t).Get("/pendaftaran"); !p.Has("Mulai mengisi") {
		t.Errorf("a centre that serves visitors: %d %s", p.Status, p.Text())
	}
}

// TestReferencesAsTheyAreTyped: read aloud, copied from a chat, with the dash that a phone makes of a hyphen.
func TestReferencesAsTheyAreTyped(t *testing.T) {
	for _, s := range []string{"K7QM3XW9", "k7qm-3xw9", "K7QM – 3XW9", "K7QM—3XW9", "k7qm 3xw9\n"} {
		if !desk.LooksLikeReference(s) {
			t.Errorf("%q is not taken for a reference", s)
		}
	}
	for _, s := range []string{"", "K7QM-3XW", "Siti Aminah", "K0QM-3XW9"} {
		if desk.LooksLikeReference(s) {
			t.Errorf("%q is taken for a reference", s)
		}
	}
}

// TestARefusedFormIsKeptAnotherDay: whoever sends at the end of the day and is asked to come again later finds the form the
// day after, in the browser and at the centre.
func TestARefusedFormIsKeptAnotherDay(t *testing.T) {
	var ahead atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Public(), nodetest.WithClock(now))
	set := func(key string, value bool) {
		t.Helper()
		if err := centre.Desk.SetSetting(t.Context(), centre.Officer, nodetest.Op(t), key, value); err != nil {
			t.Fatal(err)
		}
	}
	set("public_here", true)
	points, err := centre.Desk.CollectionPoints(t.Context())
	if err != nil || len(points) != 1 {
		t.Fatalf("%+v, %v", points, err)
	}
	home := centre.AtHome(t)
	p := home.Submit(home.Get("/pendaftaran"), "/pendaftaran", nil)
	p = home.Submit(p, "/pendaftaran/cabang", url.Values{"branch": {points[0].ID.String()}})
	for _, a := range visitorAnswers(centre) {
		p = home.Submit(p, "/pendaftaran/"+a.page, a.v)
	}
	p = home.Submit(p, "/pendaftaran/setuju", url.Values{"consent_membership": {"keanggotaan-1"}, "consent_photo": {"foto-1"}})

	ahead.Add(int64(23 * time.Hour))
	set("public_closed", true)
	p = home.Submit(p, "/pendaftaran/periksa", nil)
	if p.Status != http.StatusServiceUnavailable || !p.Has("Ayu Lestari Rekaan") {
		t.Fatalf("closed: %d %s", p.Status, p.Text())
	}
	age := 0
	for _, c := range (&http.Response{Header: p.Header}).Cookies() {
		if c.Name == "simpul_pendaftaran" && c.Value != "" {
			age = c.MaxAge
		}
	}
	if age != 24*60*60 {
		t.Errorf("the cookie holds for another %d s", age)
	}
	ahead.Add(int64(23 * time.Hour))
	set("public_closed", false)
	if p = home.Get("/pendaftaran/periksa"); !p.Has("Ayu Lestari Rekaan") {
		t.Fatalf("the day after: %s %s", p.URL, p.Text())
	}
	if p = home.Submit(p, "/pendaftaran/periksa", nil); p.URL != "/pendaftaran/selesai" || wholeReference.FindString(p.Text()) == "" {
		t.Errorf("sent the day after: %d %s %s", p.Status, p.URL, p.Text())
	}
}
