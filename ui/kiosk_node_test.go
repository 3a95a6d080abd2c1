package ui_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
)

// newMember carries a made-up adult through the SOP and returns the card's number.
func newMember(t *testing.T, n *nodetest.Node, name string) (library.ID, string) {
	t.Helper()
	ctx, who := context.Background(), n.Officer
	must := func(d desk.Done, err error) library.ID {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return d.ID
	}
	form := library.Form{Identity: library.KTP, NIK: "3510104705980003", Name: name, BirthPlace: "Banyuwangi", Birth: library.DateOf(1998, 5, 7),
		Sex: library.Female, Address: "Jl. Gajah Mada 12", RT: "3", RW: "1", Village: n.Desk.Regions().Villages("351009")[0].Code, District: "351009",
		Regency: "3510", Phone: "0812 3456 7890", Education: "slta", Occupation: "lain", MemberKind: "umum"}
	id := must(n.Desk.OpenRegistration(ctx, who, nodetest.Op(t), desk.OpenInput{}))
	must(n.Desk.Identify(ctx, who, nodetest.Op(t), id, desk.IdentifyInput{Kind: library.KTP, Explained: true, Membership: true, Photo: true}))
	must(n.Desk.Fill(ctx, who, nodetest.Op(t), id, desk.FillInput{Form: form}))
	r, err := n.Desk.Registration(ctx, who, id)
	if err != nil {
		t.Fatal(err)
	}
	var ticked []string
	for _, f := range library.DocumentFields(library.KTP) {
		ticked = append(ticked, f.Field)
	}
	must(n.Desk.Verify(ctx, who, nodetest.Op(t), id, desk.VerifyInput{Form: r.Form, Checked: ticked, Version: r.Version}))
	must(n.Desk.DeferPhoto(ctx, who, nodetest.Op(t), id, ""))
	must(n.Desk.Issue(ctx, who, nodetest.Op(t), id, ""))
	if r, err = n.Desk.Registration(ctx, who, id); err != nil || r.Card == nil {
		t.Fatalf("no card: %v", err)
	}
	return id, string(r.Card.Number)
}

// peopleToday is what the register counts.
func peopleToday(t *testing.T, n *nodetest.Node) desk.VisitSums {
	t.Helper()
	sums, err := n.Desk.SumsOn(context.Background(), n.Officer, n.Desk.Today(), "")
	if err != nil {
		t.Fatal(err)
	}
	return sums
}

// TestHundredScans: scanners end with CR, LF or Tab, some begin with control characters; each code is one visit.
func TestHundredScans(t *testing.T) {
	n := nodetest.Start(t)
	b := n.Browser(t)
	ends := []string{"\r", "\n", "\t", "\r\n", "", " ", "\x1d"}
	for i := range 100 {
		p := b.Submit(b.Get("/kunjungan"), "/kunjungan", url.Values{"number": {fmt.Sprintf("]C0\x029%08d", i) + ends[i%len(ends)]}})
		if p.Status != http.StatusOK || !p.Has("Nomor belum dikenal di sini. Kunjungan tetap dicatat.") {
			t.Fatalf("scan %d: %d %s", i, p.Status, p.Text())
		}
	}
	if got := peopleToday(t, n); got.Visits != 100 || got.People != 100 {
		t.Fatalf("100 scans gave %d lines, %d people", got.Visits, got.People)
	}
}

// TestSameCodeWithinAMinute counts once, also when only its ending differs; a repeated sending of one form is one line.
func TestSameCodeWithinAMinute(t *testing.T) {
	clock := nodetest.NewClock(time.Date(2026, 11, 23, 9, 0, 0, 0, library.WIB()))
	n := nodetest.Start(t, nodetest.WithClock(clock.Now))
	b := n.Browser(t)
	scan := func(code string) *nodetest.Page {
		return b.Submit(b.Get("/kunjungan"), "/kunjungan", url.Values{"number": {code}})
	}
	scan("900000001\r")
	clock.Add(40 * time.Second)
	if p := scan("900000001\t"); !p.Has("Sudah tercatat") {
		t.Fatalf("within a minute: %s", p.Text())
	}
	clock.Add(61 * time.Second)
	form := b.Get("/kunjungan").Form("/kunjungan")
	form.Set("number", "900000001")
	b.Post("/kunjungan", form)
	b.Post("/kunjungan", form)
	if got := peopleToday(t, n); got.Visits != 2 {
		t.Fatalf("%d lines, want 2", got.Visits)
	}
	form.Set("number", "900000002") // a step back in the browser, and the next visitor scans
	b.Post("/kunjungan", form)
	if got := peopleToday(t, n); got.Visits != 3 {
		t.Fatalf("%d lines, want 3", got.Visits)
	}
}

// TestKioskGreetsAndShowsNoMore: the greeting masks the name, offers the purposes, and goes back by itself.
func TestKioskGreetsAndShowsNoMore(t *testing.T) {
	n := nodetest.Start(t)
	id, number := newMember(t, n, "Ayu Lestari Wulandari")
	b := n.Browser(t)
	p := b.Submit(b.Get("/kunjungan"), "/kunjungan", url.Values{"number": {number + "\r\n"}})
	if !p.Has("Selamat datang, A*** L*** W***") || !strings.Contains(p.Body, `content="5;url=/kunjungan"`) {
		t.Fatalf("greeting: %s", p.Text())
	}
	for _, private := range []string{"Ayu", "Lestari", "3510104705980003", "Gajah Mada", "3456 7890", number, id.String()} {
		if strings.Contains(p.Body, private) {
			t.Errorf("the kiosk shows %q", private)
		}
	}
	p = b.Submit(p, "/kunjungan/keperluan", url.Values{"purpose": {"pinjam"}})
	if !p.Has("Tercatat: Pinjam buku") {
		t.Fatalf("purpose: %d %s", p.Status, p.Text())
	}
	if got := peopleToday(t, n); got.Visits != 1 || got.Purposes[0].Key != "pinjam" {
		t.Fatalf("sums %+v", got)
	}
}

// TestMemberWithoutCard: the name, day and month find exactly one member, or the line waits for the desk.
func TestMemberWithoutCard(t *testing.T) {
	n := nodetest.Start(t)
	newMember(t, n, "Ayu Lestari Wulandari")
	b := n.Browser(t)
	p := b.Get("/kunjungan?tab=nocard")
	p = b.Submit(p, "/kunjungan", url.Values{"name": {"ayu lestari wulandari"}, "day": {"7"}, "month": {"5"}})
	if !p.Has("Selamat datang, A*** L*** W***") {
		t.Fatalf("found: %s", p.Text())
	}
	p = b.Submit(b.Get("/kunjungan?tab=nocard"), "/kunjungan", url.Values{"name": {"Bagas Prayoga"}, "day": {"31"}, "month": {"2"}})
	if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Body, `value="Bagas Prayoga"`) {
		t.Fatalf("impossible day: %d", p.Status)
	}
	p = b.Submit(p, "/kunjungan", url.Values{"day": {"3"}})
	if !p.Has("Petugas akan mencocokkan nama Anda") {
		t.Fatalf("not found: %s", p.Text())
	}
	open, err := n.Desk.OpenVisits(context.Background(), n.Officer, 10)
	if err != nil || len(open) != 1 || open[0].Birthday != "02-03" {
		t.Fatalf("open: %v %+v", err, open)
	}
}

// TestGuestAndGroup: problems keep what was typed; a group counts its people.
func TestGuestAndGroup(t *testing.T) {
	n := nodetest.Start(t)
	b := n.Browser(t)
	p := b.Submit(b.Get("/kunjungan?tab=guest"), "/kunjungan", url.Values{"name": {"Rudi Hartono"}})
	if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Body, `value="Rudi Hartono"`) {
		t.Fatalf("no sex: %d %s", p.Status, p.Text())
	}
	b.Submit(p, "/kunjungan", url.Values{"sex": {"L"}, "age": {"18-25"}, "education": {"slta"}, "district": {"351012"}, "purpose": {"direct"}})
	p = b.Submit(b.Get("/kunjungan?tab=group"), "/kunjungan", url.Values{"name": {"Bu Wati"}, "institution": {"SDN 2 Kembiritan"}, "men": {"empat"}, "women": {"22"}})
	if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Body, `value="empat"`) {
		t.Fatalf("no number: %d", p.Status)
	}
	p = b.Submit(p, "/kunjungan", url.Values{"men": {"24"}, "level_sd": {"44"}, "level_s1": {"2"}})
	if !p.Has("Rombongan 46 orang tercatat") {
		t.Fatalf("group: %d %s", p.Status, p.Text())
	}
	got := peopleToday(t, n)
	if got.Visits != 2 || got.People != 47 || got.Men != 25 || got.Women != 22 {
		t.Fatalf("sums %+v", got)
	}
}

// TestVaultClosed: lines are sealed and become events with their own instants at the next sign-in, also after a restart.
func TestVaultClosed(t *testing.T) {
	clock := nodetest.NewClock(time.Date(2026, 11, 23, 7, 0, 0, 0, library.WIB()))
	n := nodetest.Start(t, nodetest.WithClock(clock.Now))
	dir := n.Dir
	_, number := newMember(t, n, "Ayu Lestari Wulandari")
	n.Stop()
	n = nodetest.Start(t, nodetest.WithClock(clock.Now), nodetest.WithDir(dir))
	b := n.Browser(t)
	for i, code := range []string{number, "900000001", number} {
		clock.Add(10 * time.Minute)
		p := b.Submit(b.Get("/kunjungan"), "/kunjungan", url.Values{"number": {code}})
		if p.Status != http.StatusOK || !p.Has("Kunjungan Anda tercatat") || strings.Contains(p.Body, "/kunjungan/keperluan") {
			t.Fatalf("scan %d: %d %s", i, p.Status, p.Text())
		}
	}
	n.Stop()
	clock.Add(3 * time.Hour)
	n = nodetest.Start(t, nodetest.WithClock(clock.Now), nodetest.WithDir(dir))
	n.SignedIn(t)
	n.Desk.Settle()
	actor := desk.System
	list, _, err := n.Desk.VisitsOn(context.Background(), actor, desk.VisitPage{Day: n.Desk.Today(), Limit: 10})
	if err != nil || len(list) != 3 {
		t.Fatalf("%d lines, %v", len(list), err)
	}
	for i, want := range []string{"07:30", "07:20", "07:10"} {
		if got := list[i].At.Format("15:04"); got != want {
			t.Errorf("line %d at %s, want %s", i, got, want)
		}
	}
	if list[0].Kind != desk.VisitMember || list[1].Kind != desk.VisitUnknown || list[2].Name != "Ayu Lestari Wulandari" {
		t.Errorf("kinds: %s %s %q", list[0].Kind, list[1].Kind, list[2].Name)
	}
}

// TestSameCodeWhileTheVaultIsClosed: a code scanned twice within a minute counts once, also when nobody could look.
func TestSameCodeWhileTheVaultIsClosed(t *testing.T) {
	clock := nodetest.NewClock(time.Date(2026, 11, 23, 7, 0, 0, 0, library.WIB()))
	n := nodetest.Start(t, nodetest.WithClock(clock.Now))
	dir := n.Dir
	_, number := newMember(t, n, "Ayu Lestari Wulandari")
	n.Stop()
	n = nodetest.Start(t, nodetest.WithClock(clock.Now), nodetest.WithDir(dir))
	b := n.Browser(t)
	for _, code := range []string{number, "900000001", number, "900000001"} {
		clock.Add(10 * time.Second)
		b.Submit(b.Get("/kunjungan"), "/kunjungan", url.Values{"number": {code}})
	}
	n.SignedIn(t)
	n.Desk.Settle()
	n.Officer = desk.System
	if got := peopleToday(t, n); got.Visits != 2 {
		t.Errorf("%d visits of two visitors", got.Visits)
	}
}

// TestClockFarOff: a PC whose clock says 2099 records; when it is right again, nothing of 2099 swallows a visit.
func TestClockFarOff(t *testing.T) {
	clock := nodetest.NewClock(time.Date(2099, 1, 1, 9, 0, 0, 0, library.WIB()))
	n := nodetest.Start(t, nodetest.WithClock(clock.Now))
	b := n.Browser(t)
	scan := func() *nodetest.Page {
		return b.Submit(b.Get("/kunjungan"), "/kunjungan", url.Values{"number": {"900000001"}})
	}
	scan()
	if got := peopleToday(t, n); got.Visits != 1 {
		t.Fatalf("in 2099: %d", got.Visits)
	}
	clock.Set(time.Date(2026, 11, 23, 9, 0, 0, 0, library.WIB()))
	if p := scan(); p.Has("Sudah tercatat") {
		t.Fatal("a visit of 2099 swallowed one of 2026")
	}
	if got := peopleToday(t, n); got.Visits != 1 {
		t.Fatalf("in 2026: %d", got.Visits)
	}
}

// TestNoWayOutOfTheKiosk: a browser at the door comes back to the register until an officer signs in.
func TestNoWayOutOfTheKiosk(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	p := b.Submit(b.Get("/kunjungan/layar"), "/kunjungan/layar", nil)
	if !strings.HasPrefix(p.URL, "/kunjungan") || !p.Has("Pindai kartu Anda") {
		t.Fatalf("open: %s", p.URL)
	}
	for _, path := range []string{"/kunjungan/hari", "/kunjungan/catat", "/susulan", "/kunjungan/layar"} {
		if p := b.Get(path); p.URL != "/kunjungan" || !p.Has("Pindai kartu Anda") {
			t.Errorf("%s leads to %s", path, p.URL)
		}
	}
	p = b.Submit(b.Get("/kunjungan"), "/kunjungan", url.Values{"number": {"900000001"}})
	if !p.Has("Kunjungan tetap dicatat") {
		t.Fatalf("while locked: %s", p.Text())
	}
	b.Submit(b.Get("/masuk"), "/masuk", url.Values{"password": {nodetest.Password}})
	if p := b.Get("/kunjungan/hari"); p.URL != "/kunjungan/hari" || p.Status != http.StatusOK {
		t.Fatalf("after the password: %s %d", p.URL, p.Status)
	}
	stranger := n.Browser(t)
	stranger.Get("/kunjungan")
	if p := stranger.Get("/kunjungan/hari"); p.URL != "/kunjungan" {
		t.Errorf("signed out: %s", p.URL)
	}
	fresh := n.Browser(t)
	if p := fresh.Get("/kunjungan/hari"); p.Status != http.StatusUnauthorized {
		t.Errorf("a browser that never was at the door: %d", p.Status)
	}
}

// TestVanAsksForItsStop until somebody has said where it stands.
func TestVanAsksForItsStop(t *testing.T) {
	n := nodetest.Start(t, nodetest.As(library.NodeVan))
	ctx := context.Background()
	if err := n.Desk.SetSetting(ctx, n.Officer, nodetest.Op(t), "stops", []string{"Balai desa Kembiritan", "SDN 2 Genteng"}); err != nil {
		t.Fatal(err)
	}
	b := n.Browser(t)
	p := b.Submit(b.Get("/kunjungan"), "/kunjungan", url.Values{"number": {"900000001"}, "stop": {"SDN 2 Genteng"}})
	b.Submit(p, "/kunjungan", url.Values{"number": {"900000002"}})
	if got := peopleToday(t, n); len(got.Stops) != 1 || got.Stops[0].Key != "SDN 2 Genteng" || got.Stops[0].People != 2 {
		t.Fatalf("stops %+v", got.Stops)
	}
	o := n.SignedIn(t)
	o.Submit(o.Get("/kunjungan/hari"), "/kunjungan/titik", url.Values{"stop": {"Balai desa Kembiritan"}})
	if p := b.Get("/kunjungan"); strings.Contains(p.Body, `<select id="stop"`) {
		t.Error("asks although an officer has said it")
	}
}
