package node_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image/png"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
)

// answer is what the public door says to a phone.
type answer struct {
	*http.Response
	body string
}

func ask(t *testing.T, address string) answer {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res, string(body)}
}

// said is what the worker of a kept card reads.
type said struct {
	State, Version string
	Keep           []string
}

func (a answer) said(t *testing.T) (s said) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), &s); err != nil {
		t.Fatalf("%d %q: %v", a.StatusCode, a.body, err)
	}
	return s
}

type lockedLog struct {
	mu  sync.Mutex
	out bytes.Buffer
}

func (l *lockedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.Write(p)
}

func (l *lockedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.String()
}

// publicDistrict is a centre with a public address, and a branch that knows of it.
func publicDistrict(t *testing.T, opts ...nodetest.Option) (centre, branch *nodetest.Node) {
	t.Helper()
	centre = nodetest.Start(t, append([]nodetest.Option{nodetest.As(library.NodeCentre), nodetest.Listening(), nodetest.Public()}, opts...)...)
	branch = nodetest.Start(t)
	if err := centre.Desk.SetSettings(t.Context(), centre.Officer, nodetest.Op(t), map[string]any{"public_url": centre.SiteURL()}); err != nil {
		t.Fatal(err)
	}
	letIn(t, centre, branch, office.CodeInput{Name: "Perpustakaan Genteng", Role: library.NodeBranch})
	send(t, branch)
	return centre, branch
}

func webCard(t *testing.T, n *nodetest.Node, id library.ID) string {
	t.Helper()
	at, err := n.Desk.WebCardURL(t.Context(), n.Officer, id)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestTheLifeOfAWebCard: known at the branch at once, at the centre after the exchange; blocked, released, replaced, erased;
// and nothing of the member in an address or a log.
func TestTheLifeOfAWebCard(t *testing.T) {
	log := &lockedLog{}
	centre, branch := publicDistrict(t, nodetest.WithLog(slog.New(slog.NewTextHandler(log, nil))))
	ctx := context.Background()
	const name, nik = "Ratna Sekarwangi Kusumo", "3510015708920002"
	id := member(t, branch, name, nik)
	at := webCard(t, branch, id)
	path := strings.TrimPrefix(at, centre.SiteURL())
	if !strings.HasPrefix(path, "/k/") || len(path) != len("/k/")+26 {
		t.Fatalf("the address is %q", at)
	}
	rec, err := branch.Desk.Registration(ctx, branch.Officer, id)
	if err != nil {
		t.Fatal(err)
	}

	// Before the record has arrived, it is as any token that nobody has.
	early, strange := ask(t, at), ask(t, centre.SiteURL()+"/k/"+strings.Repeat("a", 26))
	for name, a := range map[string]answer{"early": early, "strange": strange} {
		if a.StatusCode != http.StatusNotFound || !strings.Contains(a.body, "Kartu ini belum sampai di pusat") || a.Header.Get("X-Robots-Tag") == "" {
			t.Errorf("%s: %d %v %.600s", name, a.StatusCode, a.Header, a.body)
		}
	}
	if s := ask(t, at+"/keadaan").said(t); s.State != "unknown" {
		t.Errorf("%+v", s)
	}

	send(t, branch)
	page := ask(t, at)
	number := rec.Card.Number.Grouped()
	for _, want := range []string{"Berlaku", number, rec.Until.String(), path + "/qr.svg", "Diperiksa terakhir", path + "/kartu.webmanifest", `content="noindex`} {
		if page.StatusCode != http.StatusOK || !strings.Contains(page.body, want) {
			t.Fatalf("%d, without %q: %s", page.StatusCode, want, page.body)
		}
	}
	if strings.Contains(page.body, "Ratna") {
		t.Error("the name stands in the page beside the picture")
	}
	h := page.Header
	if h.Get("Cache-Control") != "no-store" || h.Get("Referrer-Policy") != "no-referrer" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") ||
		!strings.Contains(h.Get("Content-Security-Policy"), "manifest-src 'self'") || !strings.Contains(h.Get("X-Robots-Tag"), "noindex") {
		t.Errorf("%v", h)
	}
	valid := ask(t, at+"/keadaan").said(t)
	if valid.State != "valid" || !slices.Contains(valid.Keep, path) || !strings.Contains(page.body, `data-version="`+valid.Version+`"`) {
		t.Errorf("%+v", valid)
	}
	for _, keep := range valid.Keep {
		if a := ask(t, centre.SiteURL()+keep); a.StatusCode != http.StatusOK || len(a.body) == 0 {
			t.Errorf("%s: %d", keep, a.StatusCode)
		}
		if strings.Contains(keep, string(rec.Card.Number)) || strings.Contains(keep, nik) {
			t.Errorf("an address tells: %s", keep)
		}
	}
	picture := ask(t, at+"/kartu-anggota.png")
	img, err := png.Decode(strings.NewReader(picture.body))
	if err != nil || picture.Header.Get("Content-Disposition") != `attachment; filename="kartu-anggota.png"` {
		t.Fatalf("%v %v", err, picture.Header)
	}
	code, err := nodetest.ReadQR(img)
	if err != nil {
		t.Fatal(err)
	}
	send(t, branch)
	if c := look(t, branch, code); c.Outcome != desk.CardValid || !c.Proven || c.Why != "" {
		t.Errorf("the branch says of the centre's picture: %+v", c)
	}
	var m struct {
		Name     string
		StartURL string `json:"start_url"`
		Scope    string
	}
	if a := ask(t, at+"/kartu.webmanifest"); a.Header.Get("Content-Type") != "application/manifest+json" || json.Unmarshal([]byte(a.body), &m) != nil || m.Scope != path {
		t.Errorf("manifest: %v %s", a.Header, a.body)
	}
	if a := ask(t, centre.SiteURL()+"/k/pekerja.js"); a.StatusCode != http.StatusOK || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/javascript") {
		t.Errorf("worker: %d %v", a.StatusCode, a.Header)
	}

	// The same after the tables were made again.
	if err := centre.Store.Rebuild(ctx, nil); err != nil {
		t.Fatal(err)
	}
	if again := ask(t, at+"/keadaan").said(t); again.State != "valid" || again.Version != valid.Version {
		t.Errorf("after a rebuild: %+v", again)
	}

	if _, err := branch.Desk.Block(ctx, branch.Officer, nodetest.Op(t), id, "lost", ""); err != nil {
		t.Fatal(err)
	}
	send(t, branch)
	blocked := ask(t, at+"/keadaan").said(t)
	if page := ask(t, at); blocked.State != "blocked" || blocked.Version == valid.Version || !strings.Contains(page.body, "Diblokir") || strings.Contains(page.body, "/qr.svg") {
		t.Errorf("blocked: %+v %s", blocked, page.body)
	}
	if a := ask(t, at+"/qr.svg"); a.StatusCode != http.StatusNotFound {
		t.Errorf("the code of a blocked card: %d", a.StatusCode)
	}

	if _, err := branch.Desk.Replace(ctx, branch.Officer, nodetest.Op(t), id, "lost"); err != nil {
		t.Fatal(err)
	}
	send(t, branch)
	next := webCard(t, branch, id)
	if next == at {
		t.Fatal("the new card has the old link")
	}
	if a := ask(t, at); a.StatusCode != http.StatusGone || !strings.Contains(a.body, "Kartu ini sudah diganti") || strings.Contains(a.body, number) {
		t.Errorf("the old link: %d %.600s", a.StatusCode, a.body)
	}
	if a := ask(t, at+"/keadaan"); a.StatusCode != http.StatusGone || a.said(t).State != "replaced" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := ask(t, next); a.StatusCode != http.StatusOK || !strings.Contains(a.body, "Berlaku") {
		t.Errorf("the new link: %d", a.StatusCode)
	}

	if _, err := centre.Office.Erase(ctx, centre.Officer, nodetest.Op(t), id, office.EraseInput{Reason: "request"}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if a := ask(t, next); a.StatusCode != http.StatusGone || !strings.Contains(a.body, "Tautan ini sudah berakhir") {
			t.Errorf("erased: %d %.600s", a.StatusCode, a.body)
		}
		if err := centre.Store.Rebuild(ctx, nil); err != nil {
			t.Fatal(err)
		}
	}
	send(t, branch)
	if _, err := branch.Desk.WebCardURL(ctx, branch.Officer, id); library.KindOf(err) != library.KindNotFound {
		t.Errorf("the branch still knows a link: %v", err)
	}

	for _, secret := range []string{"Ratna", "Kusumo", nik, string(rec.Card.Number), number, path[3:], strings.TrimPrefix(next, centre.SiteURL())[3:]} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if !strings.Contains(log.String(), "/k/:token") {
		t.Error("the log does not even name the route")
	}
}

// TestAWebCardWithTime: it expires by itself, is renewed, and says 503 while the vault is closed.
func TestAWebCardWithTime(t *testing.T) {
	clock := nodetest.NewClock(time.Date(2026, 11, 23, 9, 0, 0, 0, library.WIB()))
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Public(), nodetest.WithClock(clock.Now), nodetest.WithMono(clock.Mono))
	id := member(t, centre, "Dewi Rekaan", "3510015708920003")
	if none := webCard(t, centre, id); none != "" {
		t.Fatalf("without a public address: %q", none)
	}
	if err := centre.Desk.SetSettings(t.Context(), centre.Officer, nodetest.Op(t), map[string]any{"public_url": centre.SiteURL()}); err != nil {
		t.Fatal(err)
	}
	address := webCard(t, centre, id)
	before := ask(t, address+"/keadaan").said(t)
	clock.Add(10 * 366 * 24 * time.Hour)
	after := ask(t, address+"/keadaan").said(t)
	if before.State != "valid" || after.State != "expired" || before.Version == after.Version || !strings.Contains(ask(t, address).body, "Masa berlaku habis") {
		t.Errorf("%+v, then %+v", before, after)
	}
	if _, err := centre.Desk.Renew(t.Context(), centre.Officer, nodetest.Op(t), id, ""); err != nil {
		t.Fatal(err)
	}
	if s := ask(t, address+"/keadaan").said(t); s.State != "valid" {
		t.Errorf("renewed: %+v", s)
	}
	if err := centre.Desk.CloseVault(t.Context(), centre.Officer); err != nil {
		t.Fatal(err)
	}
	if a := ask(t, address); a.StatusCode != http.StatusServiceUnavailable || !strings.Contains(a.body, "tetap bisa dibuka") {
		t.Errorf("closed: %d %.600s", a.StatusCode, a.body)
	}
	if a := ask(t, address+"/keadaan"); a.StatusCode != http.StatusServiceUnavailable || a.said(t).State != "closed" {
		t.Errorf("closed: %d %s", a.StatusCode, a.body)
	}
}

// TestGuessingWebCards: who tries tokens is soon told to wait; who has a good one is not.
func TestGuessingWebCards(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, library.WIB())
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Public(), nodetest.WithClock(func() time.Time { return at }), nodetest.WithMono(func() time.Duration { return 22 * 24 * time.Hour }))
	id := member(t, centre, "Dewi Rekaan", "3510015708920003")
	if err := centre.Desk.SetSettings(t.Context(), centre.Officer, nodetest.Op(t), map[string]any{"public_url": centre.SiteURL()}); err != nil {
		t.Fatal(err)
	}
	address := webCard(t, centre, id)
	for i := range 70 {
		a := ask(t, fmt.Sprintf("%s/k/%026d/keadaan", centre.SiteURL(), i))
		if i < 50 && a.StatusCode != http.StatusNotFound || i > 65 && a.StatusCode != http.StatusServiceUnavailable {
			t.Fatalf("guess %d: %d", i, a.StatusCode)
		}
	}
	if a := ask(t, address); a.StatusCode != http.StatusOK {
		t.Errorf("the good one: %d", a.StatusCode)
	}
	for _, bad := range []string{"/k/", "/k/" + url.PathEscape(strings.Repeat("../", 40)), address[len(centre.SiteURL()):] + "/x", "/k/" + strings.Repeat("z", 4000)} {
		if a := ask(t, centre.SiteURL()+bad); a.StatusCode != http.StatusNotFound && a.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("%.60s: %d", bad, a.StatusCode)
		}
	}
}
