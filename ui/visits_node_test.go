package ui_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
)

// visitsToday lists the register.
func visitsToday(t *testing.T, n *nodetest.Node) []desk.Visit {
	t.Helper()
	list, _, err := n.Desk.VisitsOn(context.Background(), n.Officer, desk.VisitPage{Day: n.Desk.Today(), Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// checkIn writes a line as the kiosk would.
func checkIn(t *testing.T, n *nodetest.Node, in desk.VisitInput) library.ID {
	t.Helper()
	g, err := n.Desk.CheckIn(context.Background(), desk.Kiosk, nodetest.Op(t), in)
	if err != nil {
		t.Fatal(err)
	}
	return g.ID
}

func TestDeskRecordsVisits(t *testing.T) {
	n := nodetest.Start(t)
	id, _ := newMember(t, n, "Ayu Lestari Wulandari")
	b := n.SignedIn(t)
	p := b.Submit(b.Get("/kunjungan/catat"), "/kunjungan/catat", url.Values{"number": {"Ayu"}})
	if p.Status != http.StatusUnprocessableEntity || !p.Has("Anggota yang mana?") || !p.Has("Ayu Lestari Wulandari") {
		t.Fatalf("by name: %d %s", p.Status, p.Text())
	}
	if other := b.Submit(p, "/kunjungan/catat", url.Values{"number": {"900000001"}}); !other.Has("Tercatat: Nomor 900000001") {
		t.Fatalf("another number typed: %s", other.Text())
	}
	p = b.Submit(p, "/kunjungan/catat", url.Values{"_op": {nodetest.Op(t).String()}, "purpose": {"pinjam"}}) // the only one is ticked
	if p.Status != http.StatusOK || !p.Has("Tercatat: Ayu Lestari Wulandari") || strings.Contains(p.URL, "Ayu") {
		t.Fatalf("chosen: %d %s %s", p.Status, p.URL, p.Text())
	}
	p = b.Submit(b.Get("/kunjungan/catat?anggota="+id.String()), "/kunjungan/catat", nil)
	if !p.Has("Sudah tercatat barusan: Ayu Lestari Wulandari") {
		t.Fatalf("from the member's page: %d %s", p.Status, p.Text())
	}
	if p = b.Submit(b.Get("/kunjungan/catat"), "/kunjungan/catat", url.Values{"number": {"Tidak Ada"}}); !p.Has("Tidak ada anggota yang cocok") {
		t.Fatalf("nobody: %s", p.Text())
	}
	p = b.Submit(b.Get("/kunjungan/catat?jenis=guest"), "/kunjungan/catat", url.Values{"name": {"Rudi Hartono"}, "sex": {"L"}})
	if !strings.Contains(p.Body, "/daftar?kunjungan=") {
		t.Fatalf("a guest cannot be registered: %s", p.Text())
	}
	b.Submit(b.Get("/kunjungan/catat?jenis=group"), "/kunjungan/catat", url.Values{"name": {"Bu Wati"}, "institution": {"SDN 2 Kembiritan"}, "men": {"24"}, "women": {"22"}})
	p = b.Get("/kunjungan/hari")
	for _, want := range []string{"49 dari 4 baris", "Ayu Lestari Wulandari", "SDN 2 Kembiritan (pemimpin Bu Wati)", "Pinjam buku"} {
		if !p.Has(want) {
			t.Errorf("the day does not show %q", want)
		}
	}
	if strings.Contains(p.Body, "<title>Ayu") {
		t.Error("a name in the title")
	}
}

// TestUnknownNumberIsResolved by an officer, and by itself when the number becomes known.
func TestUnknownNumberIsResolved(t *testing.T) {
	n := nodetest.Start(t)
	id, _ := newMember(t, n, "Ayu Lestari Wulandari")
	line := checkIn(t, n, desk.VisitInput{Kind: desk.VisitMember, Number: "INL-900000001"})
	b := n.SignedIn(t)
	if p := b.Get("/kunjungan/belum"); !p.Has("Nomor INL-900000001") {
		t.Fatalf("not listed: %s", p.Text())
	}
	path := "/kunjungan/baris/" + line.String()
	p := b.Submit(b.Get(path), path+"/cari", url.Values{"query": {"lestari"}})
	if strings.Contains(p.URL, "lestari") {
		t.Fatal("the name is in the address")
	}
	p = b.Submit(p, path+"/milik", nil)
	if p.URL != path || !p.Has("Ayu Lestari Wulandari") || !p.Has("Anggotanya dikenali petugas.") {
		t.Fatalf("resolved: %d %s", p.Status, p.Text())
	}
	if got := peopleToday(t, n); len(got.Kinds) != 1 || got.Kinds[0].Key != desk.VisitMember {
		t.Fatalf("kinds %+v", got.Kinds)
	}
	if list := visitsToday(t, n); list[0].Person != id {
		t.Fatalf("belongs to %v", list[0].Person)
	}
	if p := b.Get("/kunjungan/belum"); !p.Has("Semua sudah dikenal") {
		t.Error("still listed")
	}
}

// TestNumberKnownLater: a card that was scanned before this PC knew its number.
func TestNumberKnownLater(t *testing.T) {
	n := nodetest.Start(t)
	_, number := newMember(t, n, "Ayu Lestari Wulandari")
	m := nodetest.Start(t)
	checkIn(t, m, desk.VisitInput{Kind: desk.VisitMember, Number: number})
	if got, err := m.Desk.ResolveVisits(context.Background(), number); err != nil || got != 0 {
		t.Fatalf("resolved %d without a member, %v", got, err)
	}
	if err := m.Desk.ResolveOpen(context.Background()); err != nil {
		t.Fatal(err)
	}
	if list := visitsToday(t, m); !list[0].Open() {
		t.Fatal("resolved to nobody")
	}
}

// TestCorrectionsKeepHistory: nothing is deleted, a reason is needed, and two officers do not overwrite each other.
func TestCorrectionsKeepHistory(t *testing.T) {
	n := nodetest.Start(t)
	line := checkIn(t, n, desk.VisitInput{Kind: desk.VisitGroup, Name: "Bu Wati", Institution: "SDN 2 Kembiritan", Men: 24, Women: 22})
	b := n.SignedIn(t)
	path := "/kunjungan/baris/" + line.String()
	first, second := b.Get(path), b.Get(path)
	p := b.Submit(first, path+"/betulkan", url.Values{"men": {"20"}})
	if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Body, `value="20"`) {
		t.Fatalf("without a reason: %d", p.Status)
	}
	p = b.Submit(p, path+"/betulkan", url.Values{"reason": {"Guru ikut terhitung"}})
	if p.URL != path || !p.Has("Guru ikut terhitung") {
		t.Fatalf("corrected: %s", p.Text())
	}
	p = b.Submit(second, path+"/betulkan", url.Values{"men": {"30"}, "reason": {"Salah hitung"}})
	if p.Status != http.StatusConflict || !strings.Contains(p.Body, `value="30"`) {
		t.Fatalf("over a colleague's: %d %s", p.Status, p.Text())
	}
	if got := peopleToday(t, n); got.People != 42 {
		t.Fatalf("%d people, want 42", got.People)
	}
	b.Submit(b.Get(path), path+"/batal", url.Values{"reason": {"Tercatat dua kali"}})
	if got := peopleToday(t, n); got.People != 0 || got.Visits != 0 {
		t.Fatalf("voided, but counted: %+v", got)
	}
	p = b.Get(path)
	if !p.Has("Salah catat") || !p.Has("Guru ikut terhitung") || !p.Has("Tercatat dua kali") {
		t.Fatalf("history: %s", p.Text())
	}
	b.Submit(p, path+"/betulkan", url.Values{"reason": {"Ternyata benar"}})
	if got := peopleToday(t, n); got.People != 42 {
		t.Fatalf("brought back: %d", got.People)
	}
	records, err := n.Store.Check(context.Background(), nil)
	if err != nil || len(records.Findings) > 0 {
		t.Fatalf("check: %v %+v", err, records.Findings)
	}
}

// TestDayPagesThroughLateEntries, which all share one instant.
func TestDayPagesThroughLateEntries(t *testing.T) {
	n := nodetest.Start(t)
	ctx, day := context.Background(), n.Desk.Today().AddDays(-3)
	for range 7 {
		if _, err := n.Desk.CheckIn(ctx, n.Officer, nodetest.Op(t), desk.VisitInput{Kind: desk.VisitMember, Number: "900000001", At: day, Reason: "power-cut"}); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[library.ID]bool{}
	page := desk.VisitPage{Day: day, Limit: 3}
	for range 5 {
		list, next, err := n.Desk.VisitsOn(ctx, n.Officer, page)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range list {
			seen[v.ID] = true
		}
		if next.IsZero() {
			break
		}
		page.Cursor = next
	}
	if len(seen) != 7 {
		t.Fatalf("%d of 7 lines", len(seen))
	}
}

func TestLateEntry(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, library.WIB())
	n := nodetest.Start(t, nodetest.WithClock(func() time.Time { return now }))
	b := n.SignedIn(t)
	date := func(d, m, y string) url.Values {
		return url.Values{"date_d": {d}, "date_m": {m}, "date_y": {y}, "reason": {"power-cut"}}
	}
	for name, c := range map[string]struct {
		sent url.Values
		want string
	}{
		"to come":   {date("24", "11", "2026"), "Tanggal ini belum terjadi."},
		"no day":    {date("31", "2", "2026"), "kalender"},
		"long ago":  {date("20", "11", "2024"), "lebih dari setahun"},
		"no reason": {url.Values{"date_d": {"20"}, "date_m": {"11"}, "date_y": {"2026"}}, "Pilih salah satu."},
	} {
		if p := b.Submit(b.Get("/susulan"), "/susulan", c.sent); p.Status != http.StatusUnprocessableEntity || !p.Has(c.want) {
			t.Errorf("%s: %d %s", name, p.Status, p.Text())
		}
	}
	p := b.Submit(b.Get("/susulan"), "/susulan", date("20", "November", "2026"))
	if p.URL != "/susulan/2026-11-20?alasan=power-cut&jenis=member" || !p.Has("Listrik padam") {
		t.Fatalf("started: %d %s", p.Status, p.URL)
	}
	for range 2 { // the same line of the paper, twice
		p = b.Submit(p, "/susulan/2026-11-20", url.Values{"number": {"900000001"}})
	}
	p = b.Submit(b.Get("/susulan/2026-11-20?alasan=power-cut&jenis=group"), "/susulan/2026-11-20",
		url.Values{"name": {"Bu Wati"}, "institution": {"SDN 2 Kembiritan"}, "men": {"4"}, "women": {"2"}})
	if !p.Has("8 dari 3 baris") {
		t.Fatalf("sums: %s", p.Text())
	}
	if got := peopleToday(t, n); got.Visits != 0 {
		t.Fatalf("counted today: %+v", got)
	}
	if p = b.Get("/susulan"); !p.Has("20-11-2026 Siti Rahayu 3 8") {
		t.Fatalf("overview: %s", p.Text())
	}
	if p = b.Get("/kunjungan/hari?hari=2026-11-20"); !p.Has("susulan") || !p.Has("8 dari 3 baris") {
		t.Fatalf("the day: %s", p.Text())
	}
	if p = b.Submit(b.Get("/susulan/2026-11-20"), "/susulan/daftar", nil); !strings.HasPrefix(p.URL, "/daftar/") {
		t.Fatalf("registration: %d %s", p.Status, p.URL)
	}
}

// TestNIKInPlaceOfANumber: a visitor may type one; nobody reads it in full afterwards.
func TestNIKInPlaceOfANumber(t *testing.T) {
	n := nodetest.Start(t)
	line := checkIn(t, n, desk.VisitInput{Kind: desk.VisitMember, Number: "3510104705980009"})
	b := n.SignedIn(t)
	for _, path := range []string{"/kunjungan/hari", "/kunjungan/belum", "/kunjungan/baris/" + line.String()} {
		if p := b.Get(path); p.Status != http.StatusOK || strings.Contains(p.Body, "3510104705980009") {
			t.Errorf("%s shows the NIK", path)
		}
	}
}

// TestPartOfANumber offers the members it may mean; sent again without a choice it is written as it is.
func TestPartOfANumber(t *testing.T) {
	n := nodetest.Start(t)
	_, number := newMember(t, n, "Ayu Lestari Wulandari")
	b := n.SignedIn(t)
	p := b.Submit(b.Get("/kunjungan/catat"), "/kunjungan/catat", url.Values{"number": {number[:8]}})
	if p.Status != http.StatusUnprocessableEntity || !p.Has("Ayu Lestari Wulandari") {
		t.Fatalf("part of a number: %d %s", p.Status, p.Text())
	}
	p = b.Submit(p, "/kunjungan/catat", url.Values{"person": nil})
	if !p.Has("Tercatat: Nomor " + number[:8]) {
		t.Fatalf("as it is: %d %s", p.Status, p.Text())
	}
}

// TestLateStopIsNotTodays: a van's late entry asks where it stood on that day.
func TestLateStopIsNotTodays(t *testing.T) {
	n := nodetest.Start(t, nodetest.As(library.NodeVan))
	ctx := context.Background()
	settings := map[string]any{"stops": []string{"Balai desa Kembiritan", "SDN 2 Genteng"}, "current_stop": "SDN 2 Genteng"}
	if err := n.Desk.SetSettings(ctx, n.Officer, nodetest.Op(t), settings); err != nil {
		t.Fatal(err)
	}
	b, day := n.SignedIn(t), n.Desk.Today().AddDays(-2)
	p := b.Get("/susulan/" + day.ISO() + "?alasan=away")
	p = b.Submit(p, "/susulan/"+day.ISO(), url.Values{"number": {"900000001"}, "stop": {"Balai desa Kembiritan"}})
	if p.Form("/susulan/"+day.ISO()).Get("stop") != "Balai desa Kembiritan" {
		t.Errorf("the stop is asked for again: %s", p.URL)
	}
	b.Submit(p, "/susulan/"+day.ISO(), url.Values{"number": {"900000002"}, "stop": {""}})
	sums, err := n.Desk.SumsOn(ctx, n.Officer, day, "")
	if err != nil || len(sums.Stops) != 1 || sums.Stops[0].Key != "Balai desa Kembiritan" || sums.Visits != 2 {
		t.Fatalf("stops %+v, %v", sums.Stops, err)
	}
}

func TestRegisterOnPaper(t *testing.T) {
	n := nodetest.Start(t)
	checkIn(t, n, desk.VisitInput{Kind: desk.VisitGuest, Name: "Rudi Hartono", Sex: library.Male})
	b := n.SignedIn(t)
	for _, path := range []string{"/kunjungan/cetak", "/susulan/kosong"} {
		p := b.Get(path)
		if p.Status != http.StatusOK || !strings.HasPrefix(p.Body, "%PDF") || p.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %s", path, p.Status, p.Header.Get("Cache-Control"))
		}
	}
}

// TestVisitsNeedAnOfficer: signed out only the kiosk answers, and it finds nobody for a stranger.
func TestVisitsNeedAnOfficer(t *testing.T) {
	n := nodetest.Start(t)
	line := checkIn(t, n, desk.VisitInput{Kind: desk.VisitGuest, Name: "Rudi Hartono", Sex: library.Male})
	b := n.Browser(t)
	for _, path := range []string{"/kunjungan/hari", "/kunjungan/cetak", "/kunjungan/belum", "/kunjungan/catat", "/kunjungan/baris/" + line.String(), "/susulan", "/susulan/2026-11-20", "/susulan/kosong"} {
		if p := b.Get(path); p.Status != http.StatusUnauthorized || strings.Contains(p.Body, "Rudi") {
			t.Errorf("%s: %d", path, p.Status)
		}
	}
	late := time.Date(2026, 11, 20, 0, 0, 0, 0, library.WIB())
	in := desk.VisitInput{Kind: desk.VisitMember, Number: "1", At: library.DateIn(late, library.WIB())}
	if _, err := n.Desk.CheckIn(context.Background(), desk.Kiosk, nodetest.Op(t), in); library.KindOf(err) != library.KindForbidden {
		t.Errorf("a visitor enters late: %v", err)
	}
	in = desk.VisitInput{Kind: desk.VisitMember, Person: line}
	if _, err := n.Desk.CheckIn(context.Background(), desk.Kiosk, nodetest.Op(t), in); library.KindOf(err) != library.KindForbidden {
		t.Errorf("a visitor names a member by id: %v", err)
	}
	volunteer := desk.Actor{Officer: library.ID{7}, Role: library.RoleVolunteer}
	if _, err := n.Desk.VoidVisit(context.Background(), volunteer, nodetest.Op(t), line, "x", ""); library.KindOf(err) != library.KindForbidden {
		t.Errorf("a volunteer corrects: %v", err)
	}
}
