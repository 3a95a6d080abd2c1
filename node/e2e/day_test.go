package e2e

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

// drawPhoto puts a drawn face of nobody into the file field of the photo page, as choosing a file does.
const drawPhoto = `new Promise(done => {
	const c = Object.assign(document.createElement("canvas"), {width: 480, height: 640}), p = c.getContext("2d");
	const oval = (colour, x, y, rx, ry) => { p.fillStyle = colour; p.beginPath(); p.ellipse(x, y, rx, ry, 0, 0, 7); p.fill() };
	p.fillStyle = "#c84b4b"; p.fillRect(0, 0, 480, 640);
	oval("#5c6f8a", 240, 640, 220, 190); oval("#5c6f8a", 240, 300, 150, 190); oval("#d9a67c", 240, 300, 96, 122);
	oval("#2a201a", 203, 285, 9, 9); oval("#2a201a", 277, 285, 9, 9);
	p.strokeStyle = "#8a4a3a"; p.lineWidth = 5; p.beginPath(); p.arc(240, 335, 34, 0.4, 2.74); p.stroke();
	c.toBlob(blob => {
		const files = new DataTransfer();
		files.items.add(new File([blob], "foto.jpg", {type: "image/jpeg"}));
		const field = document.querySelector("input[type=file]");
		field.files = files.files;
		field.dispatchEvent(new Event("change", {bubbles: true}));
		done(true);
	}, "image/jpeg");
})`

// clocksRun waits when pictures are taken, so that the clocks on them have run.
func clocksRun(d time.Duration) {
	if Shots != "" {
		time.Sleep(d)
	}
}

// TestADayAtTheBranch: visitors at the door, registrations at every step, a class; the desk shows where each one is and
// what the day has brought.
func TestADayAtTheBranch(t *testing.T) {
	p := Serve(t, filepath.Join(t.TempDir(), "data"))
	s := firstRun(t, p, 1280, 800)
	s.Go("/meja")

	// At the door.
	guest := func(name, sex string) {
		s.Go("/kunjungan?tab=guest")
		s.Post("/kunjungan", values{"name": name, "sex": sex})
	}
	for i, name := range []string{"Hendra Saputra", "Nurul Hidayah", "Made Wirawan", "Siska Amelia", "Yoga Pratama", "Retno Wulan", "Fajar Nugroho"} {
		guest(name, []string{"L", "P"}[i%2])
	}
	s.Go("/kunjungan?tab=group")
	s.Post("/kunjungan", values{"name": "Endah Kurniawati", "institution": "TK Melati Kembiritan", "men": "11", "women": "13"})
	s.Wait("24")

	// Three who become members; their cards come below.
	var members []string
	for i, name := range []string{"Agus Setiawan", "Dian Permatasari", "Ayu Lestari Wulandari"} {
		members = append(members, s.Register(person(i, name), toPhotograph))
	}
	clocksRun(time.Minute)
	for i, at := range members {
		s.Go(at + "/foto")
		if i < 2 {
			s.Post(at+"/foto/menyusul", nil)
		} else {
			Eval[bool](s, drawPhoto)
			s.Until(`document.querySelector("[data-photo-crop] img").naturalWidth > 0`)
			s.Press("Pakai foto ini")
			s.Wait("Foto sudah ada")
		}
		s.Press("Terbitkan kartu")
		s.Wait("Kartu terbit")
		s.Until(`document.querySelector(".card-picture img").naturalWidth > 0`)
		s.Shot("kartu")
		s.Go(at + "/serahkan")
		s.Post(at+"/serahkan", nil)
	}
	member := members[2][len("/daftar/"):]
	s.Go("/anggota/" + member)
	s.Wait("Ayu Lestari Wulandari")
	number := Eval[string](s, `document.querySelector(".head .sub").innerText.match(/\d[\d ]+\d/)[0].replaceAll(" ", "")`)

	// A class that is half done.
	s.Go("/kelas/baru")
	s.Post("/kelas/baru", values{"school": "SDN 2 Kembiritan", "class": "4B"})
	class := s.Path()
	s.Post(class+"/tambah", values{"list": classOf(28)})
	s.Post(class+"/simpan", nil)
	for page, done := range map[string]string{"/izin": "sheet_", "/cocok": "child"} {
		s.Go(class + page)
		n := Eval[int](s, fmt.Sprintf(`[...document.querySelectorAll('input[type=checkbox][name^="%s"]')].filter((e, i) => i < 22).map(e => e.checked = true).length`, done))
		if n != 22 {
			t.Fatalf("%s: %d children", page, n)
		}
		s.Post(class+page, nil)
	}
	s.Go(class)
	s.Wait("22 izin wali")
	s.Shot("kelas")

	// Four people at the desk, each at another step.
	desk := []struct {
		name string
		step int
	}{{"Bambang Hariyanto", toPhotograph}, {"Ratna Sekar Arum", toVerify}, {"Komang Adi Putra", toFill}, {"Wahyuningsih", toVerify}}
	verify := ""
	for i, d := range desk {
		at := s.Register(person(10+i, d.name), d.step)
		switch d.step {
		case toVerify:
			verify = at
		case toFill:
			s.Post(at+"/formulir", values{"name": d.name, "do": "draft"})
		}
		clocksRun(11 * time.Second)
	}
	s.Go("/kunjungan")
	s.Shot("kunjungan-kosong")
	s.Type("number", number)
	s.Keys("\r")
	s.Wait("Selamat datang, ")
	s.Shot("kunjungan")
	s.Go("/meja")
	for _, d := range desk {
		if s.rows(".queue-row", d.name) != 1 {
			t.Errorf("the desk does not show %s once:\n%s", d.name, s.Text())
		}
	}
	if n := s.rows(".queue-row", ""); n != len(desk) {
		t.Errorf("%d rows on the desk, want %d", n, len(desk))
	}
	if visits := Eval[string](s, `document.querySelector("#today .figure b").innerText`); visits != "32" {
		t.Errorf("the desk counts %s visits, want 7 guests, a group of 24 and a member:\n%s", visits, s.Text())
	}
	s.Shot("meja")
	s.Go(verify + "/periksa")
	Eval[bool](s, `[...document.querySelectorAll("input[name^=ok_]")].slice(0, 3).every(e => e.checked = true)`)
	s.Shot("periksa")
	s.Go("/anggota/" + member)
	s.Until(`[...document.images].every(i => i.complete)`)
	s.Shot("anggota")
	s.Go("/pengaturan")
	s.Shot("pengaturan")
	at := s.Register(nil, toFill)
	s.Size(360, 740)
	s.Go(at + "/formulir")
	s.Shot("telepon")
}

// classOf is a pasted list of made-up children whose names differ.
func classOf(children int) string {
	first := []string{"Adinda", "Bagas", "Citra", "Dimas", "Elok", "Farhan", "Gita"}
	last := []string{"Maharani", "Prasetyo", "Anggraini", "Ramadhan"}
	list := "Nama Siswa\tL/P\tTanggal Lahir\tNama Ibu\n"
	for i := range children {
		list += fmt.Sprintf("%s %s\t%s\t%d Mei 2016\tIbu %s\n", first[i%7], last[i%4], []string{"P", "L"}[i%2], i%28+1, first[(i+3)%7])
	}
	return list
}
