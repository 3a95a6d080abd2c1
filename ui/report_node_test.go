package ui_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"simpul/node/demo"
	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
)

func TestReportOnTheScreenForSpreadsheetsAndOnPaper(t *testing.T) {
	filling := demo.Filling{Members: 12, Visits: 20, Seed: 3, Workers: 1}
	filling.Clock = demo.NewClock(time.Date(2026, 11, 23, 15, 0, 0, 0, library.WIB()), library.WIB(), filling.Work())
	n := nodetest.Start(t, nodetest.WithClock(filling.Clock.Now), nodetest.WithMono(filling.Clock.Mono))
	if err := demo.Fill(context.Background(), n.Desk, n.Officer, filling); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Desk.AddOfficer(t.Context(), n.Officer, nodetest.Op(t), desk.OfficerInput{Login: "kabid", Name: "Ratna Rekaan", Role: library.RoleSectionHead, Password: "hujan sore di Ijen"}); err != nil {
		t.Fatal(err)
	}
	b := n.Browser(t)
	b.Submit(b.Get("/masuk"), "/masuk", url.Values{"login": {"kabid"}, "password": {"hujan sore di Ijen"}, "next": {"/lencana"}})
	p := b.Get("/laporan")
	for _, sentence := range []string{"November 2026", "menurut data di komputer ini", "Anggota seluruhnya 12", "Anggota baru dalam masa ini 12", "Anggota menurut kecamatan", "standar SOP 19 menit", "1 Kunjungan 2 menit"} {
		if !p.Has(sentence) {
			t.Errorf("%q is not on the page: %s", sentence, p.Text())
		}
	}
	if _, err := n.Desk.CheckIn(t.Context(), desk.Kiosk, nodetest.Op(t), desk.VisitInput{Kind: desk.VisitMember, Number: "INL-0042"}); err != nil {
		t.Fatal(err)
	}
	if before, after := p.Text(), b.Get("/laporan").Text(); before == after || after != b.Get("/laporan").Text() {
		t.Errorf("a visit more is not counted: %s", after)
	}
	if p = b.Get("/laporan?p=2026"); !p.Has("Tahun 2026") || !p.Has("Januari 2026") {
		t.Errorf("year: %s", p.Text())
	}
	if p = b.Get("/laporan?p=2025-T4"); !p.Has("Triwulan 4 2025") || !p.Has("Belum ada yang dicatat") {
		t.Errorf("empty: %s", p.Text())
	}
	if p = b.Get("/laporan?p=kemarin"); p.Status != http.StatusNotFound {
		t.Errorf("a period that is none: %d", p.Status)
	}
	p = b.Get("/laporan/unduh?p=2026-11")
	if !strings.HasPrefix(p.Header.Get("Content-Type"), "text/csv") || !strings.Contains(p.Body, "Anggota seluruhnya;12\r\n") || !strings.Contains(p.Header.Get("Content-Disposition"), "keanggotaan-2026-11.csv") {
		t.Errorf("CSV: %v %s", p.Header, p.Body)
	}
	p = b.Get("/laporan/cetak?p=2026-11&ttd-petugas=1&ttd-bidang=1")
	if !strings.HasPrefix(p.Body, "%PDF-") || p.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("paper: %v %.20s", p.Header, p.Body)
	}
}
