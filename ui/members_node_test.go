package ui_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"simpul/node/demo"
	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
)

// withMembers is a node with made-up members, and one of them.
func withMembers(t *testing.T, count int) (*nodetest.Node, *nodetest.Browser, desk.Record) {
	t.Helper()
	n := nodetest.Start(t)
	if err := demo.Fill(t.Context(), n.Desk, n.Officer, demo.Filling{Members: count, Seed: 11, Workers: 2}); err != nil {
		t.Fatal(err)
	}
	found, _, err := n.Desk.Find(t.Context(), n.Officer, "", 1, desk.Members)
	if err != nil || len(found) != 1 {
		t.Fatalf("%v %v", found, err)
	}
	rec, err := n.Desk.Registration(t.Context(), n.Officer, found[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	return n, n.SignedIn(t), rec
}

func TestFindMembers(t *testing.T) {
	_, b, rec := withMembers(t, 45)
	search := func(words, who string) *nodetest.Page {
		return b.Submit(b.Get("/anggota"), "/anggota", url.Values{"cari": {words}, "siapa": {who}})
	}
	page := "/anggota/" + rec.ID.String()
	if p := b.Get("/anggota"); p.Status != http.StatusOK || strings.Count(p.Body, "<tr>") != 21 || !p.Has("Tampilkan lebih banyak") {
		t.Fatalf("the list: %d, %d rows", p.Status, strings.Count(p.Body, "<tr>"))
	}
	if p := b.Submit(b.Get("/anggota"), "/anggota", url.Values{"limit": {"40"}}); strings.Count(p.Body, "<tr>") != 41 {
		t.Fatalf("more rows: %d", strings.Count(p.Body, "<tr>"))
	}
	for _, words := range []string{rec.Form.Name, strings.ToUpper(rec.Form.Name[:4]), rec.Form.NIK, rec.Form.Birth.String()} {
		p := search(words, "semua")
		if !strings.Contains(p.Body, page) {
			t.Errorf("a search does not lead to the member: %s", p.Text())
		}
		if strings.Contains(p.URL, "cari") {
			t.Errorf("what was searched stands in the address %s", p.URL)
		}
	}
	if p := search(string(rec.Card.Number), "semua"); p.URL != page {
		t.Errorf("a whole number leads to %s", p.URL)
	}
	if p := search(rec.Form.Name, "proses"); strings.Contains(p.Body, page) || !p.Has("Tidak ada yang cocok") {
		t.Error("the filter lets a member through")
	}
}

func TestMemberPageShowsAndLogs(t *testing.T) {
	_, b, rec := withMembers(t, 6)
	page := "/anggota/" + rec.ID.String()
	p := b.Get(page)
	if p.Status != http.StatusOK || !p.Has(rec.Form.Name) || !p.Has(rec.Card.Number.Grouped()) || !p.Has("Data diperiksa dengan") || !p.Has("terbit, berlaku sampai") {
		t.Fatalf("%d %s", p.Status, p.Text())
	}
	nik := rec.Form.NIK[4:12]
	if strings.Contains(p.Body, nik) || strings.Contains(p.Body, rec.Form.Phone) {
		t.Error("NIK or phone stand on the page without a reason")
	}
	if p := b.Submit(p, page+"/lengkap", nil); p.Status != http.StatusUnprocessableEntity || strings.Contains(p.Body, rec.Form.Phone) {
		t.Errorf("shown without a reason: %d", p.Status)
	}
	p = b.Submit(b.Get(page), page+"/lengkap", url.Values{"note": {"mencocokkan berkas"}})
	if p.Status != http.StatusOK || !strings.Contains(p.Body, rec.Form.Phone) || !p.Has("mencocokkan berkas") || !p.Has("Data dilihat.") {
		t.Errorf("shown for a reason: %d %s", p.Status, p.Text())
	}
	if p := b.Get(page + "/salinan.json"); p.Status != http.StatusOK || !strings.Contains(p.Body, rec.Form.NIK) {
		t.Errorf("access: %d", p.Status)
	}
}

func TestCorrectMember(t *testing.T) {
	n, b, rec := withMembers(t, 4)
	page, form := "/anggota/"+rec.ID.String(), "/anggota/"+rec.ID.String()+"/betulkan"
	first, second := b.Get(form), b.Get(form)
	if p := b.Submit(first, form, url.Values{"address": {"Jl. Baru 1"}}); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Body, "Jl. Baru 1") {
		t.Fatalf("without a reason: %d", p.Status)
	}
	if p := b.Submit(first, form, url.Values{"why": {"iseng"}}); p.Status != http.StatusUnprocessableEntity || !p.Has("Belum ada yang diperbaiki") {
		t.Fatalf("without a change: %d %s", p.Status, p.Text())
	}
	p := b.Submit(first, form, url.Values{"address": {"Jl. Baru 1"}, "why": {"pindah rumah"}})
	if p.URL != page || !p.Has("Perbaikan tersimpan.") || !p.Has("Jl. Baru 1") || !p.Has("Data diperbaiki. Isian: alamat. “pindah rumah”") {
		t.Fatalf("%s %s", p.URL, p.Text())
	}
	p = b.Submit(second, form, url.Values{"address": {"Jl. Lain 2"}, "why": {"dua petugas"}})
	if p.Status != http.StatusConflict || !strings.Contains(p.Body, "Jl. Lain 2") || !p.Has("Jl. Baru 1") {
		t.Fatalf("an older form: %d %s", p.Status, p.Text())
	}
	if p = b.Submit(p, form, nil); p.URL != page || !p.Has("Jl. Lain 2") {
		t.Fatalf("sent once more: %d %s", p.Status, p.URL)
	}
	if report, err := n.Store.Check(t.Context(), nil); err != nil || len(report.Findings) > 0 {
		t.Fatalf("%+v %v", report.Findings, err)
	}
}

func TestBlockRenewReplaceAlias(t *testing.T) {
	n, b, rec := withMembers(t, 4)
	page := "/anggota/" + rec.ID.String()
	if p := b.Submit(b.Get(page), page+"/blokir", nil); p.Status != http.StatusUnprocessableEntity {
		t.Fatalf("blocked without a reason: %d", p.Status)
	}
	p := b.Submit(b.Get(page), page+"/blokir", url.Values{"reason": {"misuse"}})
	if !p.Has("Kartu diblokir.") || !p.Has("Diblokir: Dipakai orang lain") {
		t.Fatalf("block: %s", p.Text())
	}
	if p := b.Submit(b.Get(page), page+"/buka-blokir", nil); p.Status != http.StatusUnprocessableEntity {
		t.Fatalf("unblocked without a reason: %d", p.Status)
	}
	p = b.Submit(b.Get(page), page+"/buka-blokir", url.Values{"note": {"sudah dijelaskan"}})
	if !p.Has("Blokir dibuka.") || p.Has("Diblokir:") {
		t.Fatalf("unblock: %s", p.Text())
	}
	renew := page + "/perpanjang"
	from, until := n.Desk.Renewal(rec, "umum")
	if p = b.Get(renew); !p.Has(from.String() + " sampai " + until.String()) {
		t.Fatalf("the term is not shown: %s", p.Text())
	}
	p = b.Submit(p, renew, url.Values{"kind": {"umum"}})
	if !p.Has("Keanggotaan diperpanjang.") || !p.Has("Keanggotaan diperpanjang sampai "+until.String()) {
		t.Fatalf("renew: %s", p.Text())
	}
	old := rec.Card.Number
	p = b.Submit(b.Get(page), page+"/ganti-kartu", url.Values{"reason": {"lost"}})
	if !p.Has("Kartu pengganti terbit dengan nomor baru.") || !p.Has("Diganti") {
		t.Fatalf("replace: %s", p.Text())
	}
	nik := "3510105003990004"
	p = b.Submit(b.Get(page), page+"/nomor", url.Values{"system": {"INLISLite"}, "number": {nik}})
	if !p.Has("Nomor lama tersimpan.") || strings.Contains(p.Body, nik) {
		t.Fatalf("alias: %s", p.Text())
	}
	if p := b.Submit(b.Get(page), page+"/nomor", url.Values{"system": {"INLISLite"}, "number": {nik}}); p.Status != http.StatusUnprocessableEntity {
		t.Fatalf("the same alias again: %d", p.Status)
	}
	for _, code := range []string{string(old), nik} {
		if got, err := n.Desk.Scan(t.Context(), n.Officer, code); err != nil || got.ID != rec.ID {
			t.Errorf("an old number no longer leads to the member: %v", err)
		}
	}
	if report, err := n.Store.Check(t.Context(), nil); err != nil || len(report.Findings) > 0 {
		t.Fatalf("%+v %v", report.Findings, err)
	}
}

func TestVolunteersSeeNoMembers(t *testing.T) {
	n, b, rec := withMembers(t, 2)
	b.Submit(b.Get("/petugas/baru"), "/petugas", url.Values{"name": {"Rina"}, "login": {"rina"}, "role": {string(library.RoleVolunteer)}, "password": {"layang di atas sawah"}})
	rina, ok := come(t, n, "rina", "layang di atas sawah")
	if !ok {
		t.Fatal("the volunteer cannot sign in")
	}
	for _, path := range []string{"/anggota", "/anggota/" + rec.ID.String(), "/anggota/" + rec.ID.String() + "/betulkan"} {
		if p := rina.Get(path); p.Status != http.StatusForbidden {
			t.Errorf("%s: %d", path, p.Status)
		}
	}
}
