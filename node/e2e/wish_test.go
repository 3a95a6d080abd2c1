package e2e

import (
	"strings"
	"testing"
)

// wish asks the centre, on the member's page, to erase a member.
func (s *Screen) wish(member string) {
	s.t.Helper()
	s.Go("/anggota/" + member)
	s.Press("Minta data dihapus")
	s.Wait("dikirim ke pusat")
	s.Choose("reason", "request")
	s.Choose("by", "self")
	s.Choose("identity", "ktp")
	s.Choose("checked", "1")
	s.Press("Kirim permintaan ke pusat")
	s.Wait("menunggu pusat")
}

// TestABranchAsksForAnErasure: an officer asks; the centre declines and says why; asked again, it erases, and the member is
// gone at the branch too.
func TestABranchAsksForAnErasure(t *testing.T) {
	d := startDuo(t)
	member := strings.TrimPrefix(d.cabang.Register(person(0, "Ratna Sekar Rekaan"), toEnd), "/daftar/")
	d.join(t)

	// Nothing is asked before somebody has looked at the document.
	d.cabang.Go("/anggota/" + member + "/minta-hapus")
	d.cabang.Choose("reason", "request")
	d.cabang.Press("Kirim permintaan ke pusat")
	d.cabang.Until(`document.querySelectorAll("[aria-invalid=true], .field-bad").length >= 3`)
	if !Eval[bool](d.cabang, `document.querySelector('[name="reason"][value="request"]').checked`) {
		t.Error("the reason is lost")
	}
	d.cabang.Accessible("asked without a document")
	d.cabang.Shot("minta-hapus-kurang")

	d.cabang.wish(member)
	d.cabang.Accessible("asked")
	d.cabang.Shot("minta-hapus-menunggu")
	d.send()
	d.pusat.Go("/putusan")
	d.pusat.Wait("Permintaan hapus data")
	d.pusat.Wait("dari Perpustakaan Genteng")
	d.pusat.Shot("putusan-permintaan")
	d.pusat.Press("Lihat dan putuskan")
	d.pusat.Wait("Orangnya sendiri")
	d.pusat.Shot("putusan-hapus")
	d.pusat.Press("Tolak permintaan")
	d.pusat.Press("Masih ada pinjaman")
	d.pusat.Type("note", "dua buku")
	d.pusat.Accessible("about to decline")
	d.pusat.Shot("putusan-tolak")
	d.pusat.Keys("\r")
	d.pusat.Until(`location.pathname === "/putusan"`)
	d.pusat.Wait("Tidak ada yang menunggu")

	d.send()
	d.cabang.Go("/anggota/" + member)
	d.cabang.Wait("ditolak pusat")
	d.cabang.Wait("Masih ada pinjaman")
	d.cabang.Wait("dua buku")
	d.cabang.Shot("minta-hapus-ditolak")
	d.cabang.everyWay("/anggota/" + member)

	d.cabang.wish(member)
	d.send()
	d.pusat.Go("/putusan")
	d.pusat.Press("Lihat dan putuskan")
	d.pusat.Type("word", "HAPUS")
	d.pusat.Press("Hapus selamanya")
	d.pusat.Until(`location.pathname === "/anggota"`)

	d.send()
	d.cabang.Go("/anggota/" + member)
	d.cabang.Wait("Data orang ini sudah dihapus")
	d.cabang.Go("/data")
	d.cabang.Wait("Permintaan hapus data sudah dikerjakan")
	d.cabang.everyWay("/data")
	d.cabang.Shot("terhapus")
	for _, s := range []*Screen{d.pusat, d.cabang} {
		s.Go("/anggota")
		s.Type("cari", "Ratna")
		s.Until(`document.querySelector("#found") && !document.querySelector("#found").innerText.includes("Ratna")`)
	}
}
