package ui_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"simpul/node/library"
	"simpul/node/nodetest"
)

// takeIn takes a file from a stick in at a branch ("/data/stik") or at a centre ("/cabang/stik").
func takeIn(b *nodetest.Browser, at, content string) *nodetest.Page {
	return b.Upload(at+"/masukkan", b.Get(at).Form(at+"/masukkan"), "file", "kiriman.simpul", []byte(content))
}

// TestSticksThatDoNotFit: of another centre, of another branch, not copied to the end, older than one that was taken in. Each has
// its sentence, and none changes what is known.
func TestSticksThatDoNotFit(t *testing.T) {
	centre, other := nodetest.Start(t, nodetest.As(library.NodeCentre)), nodetest.Start(t, nodetest.As(library.NodeCentre))
	branch, far := nodetest.Start(t), nodetest.Start(t)
	pc := letIn(t, centre, branch, "Perpustakaan Genteng")
	farPC := letIn(t, other, far, "Perpustakaan Jauh")
	b, c, o, f := branch.SignedIn(t), centre.SignedIn(t), other.SignedIn(t), far.SignedIn(t)
	up := func(b *nodetest.Browser) string { return b.Submit(b.Get("/data/stik"), "/data/stik/simpan", nil).Body }
	down := func(c *nodetest.Browser, to library.ID) string {
		return c.Submit(c.Get("/cabang/stik"), "/cabang/stik/simpan", url.Values{"to": {to.String()}}).Body
	}
	newMember(t, branch, "Bunga Rekaan")
	oldUp := up(b)
	takeIn(c, "/cabang/stik", oldUp)
	oldDown := down(c, pc.ID)
	newMember(t, branch, "Melati Rekaan")
	newUp := up(b)
	newMember(t, far, "Jauh Rekaan")

	for _, wrong := range []struct {
		name, at, content, sentence string
		b                           *nodetest.Browser
	}{
		{"for another centre", "/cabang/stik", up(f), "bukan dari tempat yang dikenal", c},
		{"for another centre's branch", "/data/stik", down(o, farPC.ID), "untuk tempat lain", b},
		{"the branch's own", "/data/stik", newUp, "untuk tempat lain", b},
		{"not copied to the end", "/cabang/stik", newUp[:len(newUp)-200], "belum tersalin sampai habis", c},
		{"half of one for the branch", "/data/stik", oldDown[:len(oldDown)/2], "belum tersalin sampai habis", b},
		{"no stick of ours", "/data/stik", strings.Repeat("bukan kiriman ", 99), "bukan kiriman Simpul", b},
	} {
		if p := takeIn(wrong.b, wrong.at, wrong.content); p.Status != http.StatusUnprocessableEntity || !p.Has(wrong.sentence) {
			t.Errorf("%s: %d %s", wrong.name, p.Status, p.Text())
		}
	}
	received := func() int64 {
		t.Helper()
		got, err := centre.Office.Node(t.Context(), centre.Officer, pc.ID)
		if err != nil {
			t.Fatal(err)
		}
		return got.Received
	}
	before := received()
	if p := takeIn(c, "/cabang/stik", newUp); !p.Has("sudah masuk") {
		t.Fatalf("the newer stick: %s", p.Text())
	}
	after := received()
	newDown := down(c, pc.ID)
	if p := takeIn(b, "/data/stik", newDown); !p.Has("sudah masuk") {
		t.Fatalf("its receipts: %s", p.Text())
	}
	takeIn(c, "/cabang/stik", oldUp)
	takeIn(b, "/data/stik", oldDown)
	left, err := branch.Desk.Leftovers(t.Context(), branch.Officer)
	if err != nil || left.NotReceived != 0 || before >= after || received() != after {
		t.Errorf("after the older sticks: received %d, %d, %d; left %+v, %v", before, after, received(), left, err)
	}
}

// TestTheTrustListComesByStick: a van without a network hears from its centre by stick alone, and is told how old that news is, by
// the day on which the stick was made.
func TestTheTrustListComesByStick(t *testing.T) {
	var later atomic.Int64
	start := time.Now()
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre))
	van := nodetest.Start(t, nodetest.As(library.NodeVan), nodetest.WithClock(func() time.Time { return time.Now().Add(time.Duration(later.Load())) }),
		nodetest.WithMono(func() time.Duration { return time.Since(start) + time.Duration(later.Load()) }))
	pc := letIn(t, centre, van, "Keliling Rekaan")
	c := centre.SignedIn(t)
	takeIn(c, "/cabang/stik", func() string {
		b := van.SignedIn(t)
		return b.Submit(b.Get("/data/stik"), "/data/stik/simpan", nil).Body
	}())
	down := c.Submit(c.Get("/cabang/stik"), "/cabang/stik/simpan", url.Values{"to": {pc.ID.String()}}).Body
	later.Store(int64(3*24*time.Hour + time.Hour))
	b := van.SignedIn(t)
	if p := takeIn(b, "/data/stik", down); !p.Has("sudah masuk") {
		t.Fatalf("the stick: %s", p.Text())
	}
	if p := b.Get("/kartu/periksa"); !p.Has("Diperbarui pusat 3 hari lalu") {
		t.Errorf("after the stick: %s", p.Text())
	}
	later.Store(int64(20 * 24 * time.Hour))
	if p := van.SignedIn(t).Get("/kartu/periksa"); !p.Has("Diperbarui pusat 20 hari lalu") && !p.Has("Diperbarui pusat 19 hari lalu") || !p.Has("Perlu diperbarui") {
		t.Errorf("weeks later: %s", p.Text())
	}
}
