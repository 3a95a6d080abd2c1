package ui_test

import (
	"net/http"
	"net/url"
	"testing"

	"simpul/node/desk"
	"simpul/node/nodetest"
)

// TestACodeOfSomethingElse at the door, at the desk and at the check of cards: each says what it is and what to do, and
// nothing is recorded.
func TestACodeOfSomethingElse(t *testing.T) {
	n := nodetest.Start(t)
	officer := n.SignedIn(t)
	id := withCard(t, n, "Ayu Lestari Wulandari")
	text := qrText(t, n, id)
	for name, c := range map[string]struct{ code, check, kiosk string }{
		"a link":             {"https://example.com/promo?x=1", "bukan kartu perpustakaan", "bukan kartu perpustakaan"},
		"another app's pass": {"HC1:6BFOXN*TS0BI$ZD4N9:9S6RCVN5+O30K3", "bukan kartu perpustakaan", "bukan kartu perpustakaan"},
		"half a code":        {text[:len(text)/2], "Pindai sekali lagi", "indai"},
		"a Wi-Fi":            {"WIFI:T:WPA;S:Perpus;P:rahasia1;;", "bukan kartu perpustakaan", "bukan kartu perpustakaan"},
	} {
		p := officer.Submit(officer.Get("/kartu/periksa"), "/kartu/periksa", url.Values{"code": {c.code}})
		if !p.Has(c.check) {
			t.Errorf("%s, checked: %d, no %q in %s", name, p.Status, c.check, p.Text())
		}
		p = officer.Submit(officer.Get("/meja"), "/pindai", url.Values{"code": {c.code}})
		if p.Status >= http.StatusInternalServerError {
			t.Errorf("%s, at the desk: %d %s", name, p.Status, p.Text())
		}
		door := n.Browser(t)
		p = door.Submit(door.Get("/kunjungan"), "/kunjungan", url.Values{"number": {c.code}})
		if p.Status != http.StatusUnprocessableEntity || !p.Has(c.kiosk) {
			t.Errorf("%s, at the door: %d, no %q in %s", name, p.Status, c.kiosk, p.Text())
		}
	}
	if counts, _ := n.Desk.Counts(); counts[desk.CountVisits] != 0 {
		t.Errorf("%d visits", counts[desk.CountVisits])
	}
}
