package ui_test

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
)

var settingsPaths = []string{"", "/kunjungan", "/anggota", "/persetujuan", "/kartu", "/cadangan", "/jaringan"}

// TestSettingsSavedUnchangedChangeNothing: a page sent as it stands makes no event.
func TestSettingsSavedUnchangedChangeNothing(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	before := n.Desk.Settings()
	for _, path := range settingsPaths {
		path = "/pengaturan" + path
		p := b.Submit(b.Get(path), path, nil)
		if p.Status != http.StatusOK || !p.Has("Perubahan tersimpan") {
			t.Fatalf("%s: %d %s", path, p.Status, p.Text())
		}
		if p := b.Get(path); p.Has("Perubahan tersimpan") {
			t.Fatalf("%s says it twice", path)
		}
	}
	if after := n.Desk.Settings(); after.Revision != before.Revision {
		t.Fatalf("%d settings were changed", after.Revision-before.Revision)
	}
}

func TestSettingsChange(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	save := func(path string, values url.Values) *nodetest.Page {
		t.Helper()
		return b.Submit(b.Get(path), path, values)
	}
	refused := func(p *nodetest.Page, kept, sentence string) {
		t.Helper()
		if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Body, kept) || !p.Has(sentence) {
			t.Fatalf("want %q refused: %d %s", kept, p.Status, p.Text())
		}
	}
	save("/pengaturan", url.Values{"name": {"Perpustakaan Rogojampi"}, "lock_minutes": {"25"}})
	refused(save("/pengaturan", url.Values{"lock_minutes": {"500"}}), `value="500"`, "angka dari 1 sampai 120")
	refused(save("/pengaturan", url.Values{"lock_minutes": {"lima"}}), `value="lima"`, "Tulis dengan angka")
	old := n.Desk.Settings().Purposes[0]
	save("/pengaturan/kunjungan", url.Values{"purpose_" + old.Key + "_on": nil, "purpose_new": {"Belajar membatik"}, "stops": {"Pasar Srono\r\n\r\nBalai Desa Kradenan"}})
	save("/pengaturan/anggota", url.Values{"identity_passport": {"1"}, "kind_new": {"Guru"}, "kind_new_days": {"730"}, "renew": {"today"}})
	save("/pengaturan/persetujuan", url.Values{"consent_photo": {"Foto boleh dipakai."}})
	save("/pengaturan/standar", url.Values{"standard_from": {"01-02-2027"}, "standard_source": {"12/OU/2027"}, "standard_3": {"4"}})
	refused(save("/pengaturan/standar", url.Values{"standard_from": {"entah"}, "standard_source": {"x"}}), `value="entah"`, "Standar baru")
	refused(save("/pengaturan/kartu", url.Values{"card_ink": {"#ffee88"}}), `value="#ffee88"`, "terlalu terang")
	save("/pengaturan/kartu", url.Values{"card_ink": {"#5a1030"}, "printer_a4": {"Laser kantor"}, "printer_a4_x": {"0,4"}, "printer_a4_y": {"-1,5"}, "printer_kartu_gone": {"1"},
		"printer_new": {"Pencetak Baru"}, "printer_new_kind": {desk.PrinterCard}})
	s := n.Desk.Settings()
	if s.Name != "Perpustakaan Rogojampi" || s.LockMinutes != 25 || s.Code != 14 {
		t.Errorf("general: %q %d %d", s.Name, s.LockMinutes, s.Code)
	}
	if _, offered := library.Find(s.Purposes, old.Key); offered || s.Purpose(old.Key) != old.Label || s.Purpose("belajar-membatik") != "Belajar membatik" || len(s.Stops) != 2 {
		t.Errorf("visits: %v %v %v", s.Purposes, s.OldPurposes, s.Stops)
	}
	if kind, ok := library.FindMemberKind(s.MemberKinds, "guru"); !ok || kind.Days != 730 || !s.IdentityKinds[library.Passport] || !s.IdentityKinds[library.KTP] || !s.RenewFromToday {
		t.Errorf("members: %v %v %t", s.MemberKinds, s.IdentityKinds, s.RenewFromToday)
	}
	if c := s.Consent(library.ConsentPhoto); c.Version != "foto-2" || c.Body != "Foto boleh dipakai." || s.Consent(library.ConsentMembership).Version != "keanggotaan-1" {
		t.Errorf("consent: %+v", c)
	}
	if at := s.Standards.At(library.DateOf(2027, 3, 1)); len(s.Standards) != 2 || at.Times.Of(library.StepForm).Minutes() != 4 {
		t.Errorf("standards: %v", s.Standards)
	}
	printers := []desk.Printer{{Key: "a4", Name: "Laser kantor", Kind: desk.PrinterSheet, X: 0.4, Y: -1.5}, {Key: "pencetak-baru", Name: "Pencetak Baru", Kind: desk.PrinterCard}}
	if s.CardInk != "#5a1030" || !slices.Equal(s.Printers, printers) {
		t.Errorf("card: %s %v", s.CardInk, s.Printers)
	}
}

func TestKeyFile(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	key := filepath.Join(t.TempDir(), "kunci")
	page := "/pengaturan/cadangan"
	b.Submit(b.Get(page), "/pengaturan/berkas-kunci", url.Values{"key_file": {key}})
	content, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(key); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Fatalf("others may read the key file: %v %v", info.Mode(), err)
	}
	if p := b.Submit(b.Get(page), "/pengaturan/cadangan", url.Values{"backup_folder": {"cadangan"}}); p.Status != http.StatusUnprocessableEntity {
		t.Fatalf("a folder that is none: %d", p.Status)
	}
	n.Stop()
	n = nodetest.Start(t, nodetest.WithDir(n.Dir))
	if err := n.Desk.OpenWithKeyFile(context.Background(), content); err != nil || !n.Desk.Open() {
		t.Fatalf("start with the key file: %v", err)
	}
	b = n.SignedIn(t)
	b.Submit(b.Get(page), "/pengaturan/berkas-kunci/cabut", nil)
	n.Stop()
	n = nodetest.Start(t, nodetest.WithDir(n.Dir))
	if err := n.Desk.OpenWithKeyFile(context.Background(), content); err == nil {
		t.Fatal("a revoked key file still opens the vault")
	}
}
