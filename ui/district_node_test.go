package ui_test

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
	"simpul/sync/event"
	"simpul/sync/wire"
)

// TestAForkIsToldAtBothEnds: a PC and a copy of its disk both went on. The copy says so on every page until it was read, the
// centre on the page of what is to be decided, and on the PC's page for good, with who has read it.
func TestAForkIsToldAtBothEnds(t *testing.T) {
	centre, branch := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening()), nodetest.Start(t)
	pc := letIn(t, centre, branch, "Perpustakaan Genteng")
	goOn := func(n *nodetest.Node, name string) {
		t.Helper()
		newMember(t, n, name)
		if err := n.Desk.SendNow(t.Context(), n.Officer); err != nil {
			t.Fatal(err)
		}
	}
	goOn(branch, "Ratna Rekaan")
	branch.Stop()
	copied := nodetest.Copy(t, branch.Dir)
	branch = nodetest.Again(t, branch.Dir)
	goOn(branch, "Bambang Rekaan")
	branch.Stop()
	c := centre.SignedIn(t)
	if p := c.Get("/putusan"); p.Has("Dua komputer") {
		t.Fatalf("before the copy spoke: %s", p.Text())
	}
	twin := nodetest.Again(t, copied)
	goOn(twin, "Ningsih Rekaan")

	b := twin.SignedIn(t)
	if p := b.Get("/meja"); !p.Has("Dua komputer, data sama") || !p.Has("Lihat apa yang terjadi") {
		t.Fatalf("the desk says nothing: %s", p.Text())
	}
	for p := b.Get("/data"); ; {
		at := seenForm(p, "/data/kabar/")
		if at == "" {
			break
		}
		p = b.Submit(p, at, nil)
	}
	if p := b.Get("/meja"); p.Has("Dua komputer, data sama") {
		t.Errorf("still said after it was read: %s", p.Text())
	}

	if p := c.Get("/ikhtisar"); !p.Has("Lihat apa yang terjadi") || !p.Has("Perlu diputuskan 5") { // three people of one NIK, this, and one number
		t.Errorf("the centre's first page says nothing: %s", p.Text())
	}
	p := c.Get("/putusan")
	if !p.Has("Dua komputer, data sama: Perpustakaan Genteng") || !p.Has("Tidak ada yang hilang") || !p.Has("Hubungi Perpustakaan Genteng") {
		t.Fatalf("the centre says nothing: %s", p.Text())
	}
	if !p.Has("Satu nomor di dua kartu") || !p.Has("Bambang Rekaan, nomor") || !p.Has("Ningsih Rekaan, nomor") { // the copy printed what the branch had printed
		t.Errorf("nothing is said of the number on two cards: %s", p.Text())
	}
	if page := c.Get("/cabang/" + pc.ID.String()); !page.Has("Dua komputer, data sama") || page.Has("dibaca") {
		t.Errorf("the PC's page: %s", page.Text())
	}
	for range 2 {
		p = c.Submit(p, seenForm(p, "/putusan/kabar/"), nil)
	}
	if p.Has("Dua komputer") || p.Has("Satu nomor") || !p.Has("Perlu diputuskan 3") {
		t.Errorf("still to be read: %s", p.Text())
	}
	if page := c.Get("/cabang/" + pc.ID.String()); !page.Has("Dua komputer, data sama") || !page.Has("oleh Siti Rahayu") {
		t.Errorf("the PC's page after it was read: %s", page.Text())
	}
	centre.Desk.Settle()
	for _, name := range []string{"Ratna", "Bambang", "Ningsih"} {
		if found, _, err := centre.Desk.Find(t.Context(), centre.Officer, name, 5, desk.Members); err != nil || len(found) != 1 {
			t.Errorf("the centre finds %d of %s, %v", len(found), name, err)
		}
	}
}

// seenForm is the first form of the page below an address, "" when there is none.
func seenForm(p *nodetest.Page, below string) string {
	for _, at := range p.Actions() {
		if strings.HasPrefix(at, below) {
			return at
		}
	}
	return ""
}

// TestACentreMadeAnewWaitsForItsPCs: it takes in no new PC, and says why, until somebody says that all are back.
func TestACentreMadeAnewWaitsForItsPCs(t *testing.T) {
	first := nodetest.Start(t, nodetest.As(library.NodeCentre))
	if p := first.SignedIn(t).Get("/cabang"); p.Form("/cabang/semua-kembali") != nil {
		t.Errorf("a centre that was never lost asks: %s", p.Text())
	}
	kit, err := first.Office.Kit(t.Context(), first.Officer)
	if err != nil {
		t.Fatal(err)
	}
	n := nodetest.Start(t, nodetest.Bare())
	done, err := n.Desk.SetUp(t.Context(), nodetest.Op(t), desk.SetupInput{Role: library.NodeCentre, Name: "Pusat Rekaan", Code: 1, Login: nodetest.Login, FullName: "Siti Rahayu",
		Password: nodetest.Password, Recovery: words(t, first), Kit: []byte(kit.Text)})
	if err != nil {
		t.Fatal(err)
	}
	n.Officer = desk.Actor{Officer: done.ID, Role: library.RoleCoordinator}
	young := nodetest.Start(t)
	made, err := n.Office.NewCode(t.Context(), n.Officer, nodetest.Op(t), office.CodeInput{Name: "Perpustakaan Baru", Role: library.NodeBranch})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := young.Desk.StartJoin(t.Context(), young.Officer, made.Text, ""); err != nil {
		t.Fatal(err)
	}
	request, err := young.Desk.JoinFile(t.Context(), young.Officer)
	if err == nil {
		_, err = n.Office.TakeRequest(t.Context(), n.Officer, request)
	}
	if err != nil {
		t.Fatal(err)
	}
	b := n.SignedIn(t)
	p := b.Get("/cabang")
	approve := seenForm(p, "/cabang/permintaan/")
	if !p.Has("Pusat ini dipasang ulang") || !p.Has("Sudah kembali: 0 komputer") || !strings.HasSuffix(approve, "/setujui") {
		t.Fatalf("made anew: %s", p.Text())
	}
	if refused := b.Submit(p, approve, nil); refused.Status != http.StatusConflict || !refused.Has("Semua sudah kembali…") {
		t.Errorf("a new PC: %d %s", refused.Status, refused.Text())
	}
	if p = b.Submit(p, "/cabang/semua-kembali", nil); p.URL != "/cabang" || p.Has("Pusat ini dipasang ulang") || p.Form("/cabang/semua-kembali") != nil {
		t.Fatalf("all are back: %s %s", p.URL, p.Text())
	}
	if p = b.Submit(p, approve, nil); !p.Has("Disetujui") {
		t.Errorf("then a new PC: %d %s", p.Status, p.Text())
	}
}

// TestAFoundLaptopAtTheDoor: what it brings waits, is released by a button, and the page asks for the stick again when photos are
// missing; or it is thrown away.
func TestAFoundLaptopAtTheDoor(t *testing.T) {
	centre, lost := nodetest.Start(t, nodetest.As(library.NodeCentre)), nodetest.Start(t)
	pc := letIn(t, centre, lost, "Keliling 3")
	if _, err := centre.Office.Revoke(t.Context(), centre.Officer, nodetest.Op(t), pc.ID, office.RevokeInput{Reason: office.ReasonLost}); err != nil {
		t.Fatal(err)
	}
	id, _ := newMember(t, lost, "Bunga Rekaan")
	if _, err := lost.Desk.AttachPhoto(t.Context(), lost.Officer, nodetest.Op(t), id, asJPEG(t, picture(480, 640, 1)), nil, "file", ""); err != nil {
		t.Fatal(err)
	}
	b, c := lost.SignedIn(t), centre.SignedIn(t)
	stick := []byte(b.Submit(b.Get("/data/stik"), "/data/stik/simpan", nil).Body)
	take := func() *nodetest.Page {
		t.Helper()
		return c.Upload("/cabang/stik/masukkan", c.Get("/cabang/stik").Form("/cabang/stik/masukkan"), "file", "simpul-ke-pusat.simpul", stick)
	}
	known := func() bool {
		centre.Desk.Settle()
		return c.Submit(c.Get("/anggota"), "/anggota", url.Values{"cari": {"Bunga"}}).Has("Bunga Rekaan")
	}
	if p := take(); !p.Has("ditahan untuk diputuskan") || known() {
		t.Fatalf("taken in: %s", p.Text())
	}
	at := "/putusan/tertahan/" + pc.ID.String()
	p := c.Get("/putusan")
	if !p.Has("Dari komputer yang sudah dicabut") || !p.Has("Keliling 3") {
		t.Fatalf("to be decided: %s", p.Text())
	}
	if p = c.Submit(p, at+"/buang", nil); p.Has("Keliling 3") || known() {
		t.Fatalf("thrown away: %s", p.Text())
	}
	take()
	if p = c.Submit(c.Get("/putusan"), at+"/lepas", nil); !p.Has("masukkan stik yang sama sekali lagi") || p.Has("Keliling 3") || !known() {
		t.Fatalf("released: %s", p.Text())
	}
	if p = take(); p.Has("ditahan") || !p.Has("sudah masuk") || !p.Has("Foto 2") {
		t.Errorf("the same stick again: %s", p.Text())
	}
	if _, err := centre.Desk.Photo(t.Context(), centre.Officer, id, true); err != nil {
		t.Errorf("the photo: %v", err)
	}
}

// TestTheDiskOfTheCentresCopiesIsPulledOut: the first page says so and why, and that nothing becomes safe; plugged in again, it does.
func TestTheDiskOfTheCentresCopiesIsPulledOut(t *testing.T) {
	centre, branch := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening(), nodetest.WithOtherDisks()), nodetest.Start(t)
	letIn(t, centre, branch, "Perpustakaan Genteng")
	c := centre.SignedIn(t)
	says := func(sentence string) {
		t.Helper()
		if p := c.Get("/ikhtisar"); !p.Has("Cadangan pusat tidak bertambah") || !p.Has(sentence) {
			t.Errorf("the first page does not say %q: %s", sentence, p.Text())
		}
	}
	unsafe := func() int64 {
		t.Helper()
		if err := branch.Desk.SendNow(t.Context(), branch.Officer); err != nil {
			t.Fatal(err)
		}
		if err := centre.Desk.BackUp(t.Context(), centre.Officer); err != nil {
			t.Fatal(err)
		}
		if err := branch.Desk.SendNow(t.Context(), branch.Officer); err != nil {
			t.Fatal(err)
		}
		left, err := branch.Desk.Leftovers(t.Context(), branch.Officer)
		if err != nil || left.NotReceived > 0 {
			t.Fatalf("%+v, %v", left, err)
		}
		return left.NotDurable
	}
	says("Belum ada cadangan di luar komputer ini")
	disk := t.TempDir()
	if err := centre.Desk.SetSetting(t.Context(), centre.Officer, nodetest.Op(t), "backup_folder", disk); err != nil {
		t.Fatal(err)
	}
	newMember(t, branch, "Ratna Rekaan")
	if n := unsafe(); n != 0 {
		t.Fatalf("%d records are not safe", n)
	}
	if p := c.Get("/ikhtisar"); p.Has("tidak bertambah") {
		t.Errorf("all is well: %s", p.Text())
	}
	if err := os.Rename(disk, disk+"-out"); err != nil {
		t.Fatal(err)
	}
	newMember(t, branch, "Bambang Rekaan")
	if n := unsafe(); n == 0 {
		t.Error("without the disk new records are called safe")
	}
	says("tidak tercolok")
	if p := c.Get("/data"); !p.Has("tidak diketahui tidak tercolok") || !p.Has("Colokkan stik USB cadangan") {
		t.Errorf("the page of the data: %s", p.Text())
	}
	if err := os.Rename(disk+"-out", disk); err != nil {
		t.Fatal(err)
	}
	if n := unsafe(); n != 0 {
		t.Errorf("plugged in again, %d records are not safe", n)
	}
	if p := c.Get("/ikhtisar"); p.Has("tidak bertambah") {
		t.Errorf("plugged in again: %s", p.Text())
	}
}

// TestARecordOfALaterProgramIsSetAside: the centre keeps what it cannot read, says why and what to do, and tries again at the press
// of a button.
func TestARecordOfALaterProgramIsSetAside(t *testing.T) {
	centre, branch := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening()), nodetest.Start(t)
	pc := letIn(t, centre, branch, "Perpustakaan Genteng")
	salt, stream := event.Salt{9}, event.ID{9, 9}
	later := event.Event{Header: event.Header{Type: 999, Version: 1, Subject: event.SubjectID(salt), Wall: centre.Desk.Now().UnixMilli()}, Body: []byte{0xa0}}
	hash, err := later.ContentHash(salt)
	if err != nil {
		t.Fatal(err)
	}
	head := event.Genesis(stream).Next(hash)
	h, err := centre.Office.Hub(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.File(t.Context(), event.ID(pc.ID), &wire.Request{Protocol: wire.Protocol, Streams: []wire.StreamSays{{ID: stream, Head: 1, Chain: wire.ShortOf(head)}},
		Batches: []wire.Batch{{Stream: stream, First: 1, Items: []wire.Item{{Event: later, Salt: salt}}, Head: head}}}); err != nil {
		t.Fatal(err)
	}
	c := centre.SignedIn(t)
	p := c.Get("/putusan")
	if !p.Has("Catatan ke-1 dari Perpustakaan Genteng") || !p.Has("jenisnya belum dikenal program ini") || !p.Has("sesudah program di pusat diperbarui") {
		t.Fatalf("to be decided: %s", p.Text())
	}
	if p = c.Submit(p, "/putusan/coba", nil); !p.Has("Masih belum bisa diterapkan") || !p.Has("Catatan ke-1 dari Perpustakaan Genteng") {
		t.Errorf("tried again: %s", p.Text())
	}
	if p = c.Get("/ikhtisar"); !p.Has("1 catatan tertahan") {
		t.Errorf("the first page: %s", p.Text())
	}
}
