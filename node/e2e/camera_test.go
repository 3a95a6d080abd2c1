package e2e

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// TestTheOfficersPhonePhotographsAClass: paired once, it takes three children one after the other, with the Wi-Fi gone in
// the middle; one is retaken on the phone and one is cut anew at the desk.
func TestTheOfficersPhonePhotographsAClass(t *testing.T) {
	p := Serve(t, filepath.Join(t.TempDir(), "data"))
	s := firstRun(t, p, 1280, 800)
	s.Go("/telepon/kamera")
	s.Wait("Telepon belum bisa tersambung")
	s.Accessible("no phone can come in")
	host := s.allowPhones()
	class := s.classOf("SDN Contoh 2 Genteng", "Nama\tL/P\tTanggal Lahir\nAyu Rekaan\tP\t1 Mei 2016\nBagus Rekaan\tL\t2 Mei 2016\nCitra Rekaan\tP\t3 Mei 2016\n")
	s.Go(class + "/foto")
	s.Press("Pakai telepon sebagai kamera")
	s.Wait("Belum ada telepon yang dipasangkan")
	s.Press("Tampilkan kode")
	s.Wait("Menunggu telepon")
	s.Accessible("code for a camera")
	s.Shot("kamera-kode")

	phone := p.Phone(t, host)
	watch := phone.Watch()
	phone.Go(s.scan(".scan-codes img[src$='/telepon/kamera/kode.svg']"))
	phone.Wait("Pasangkan telepon ini")
	phone.Accessible("pair a camera")
	phone.Shot("kamera-pasang")
	phone.Press("Pasangkan")
	phone.Wait("3 orang menunggu foto")
	s.Wait("Telepon terpasang")
	if name := phone.before(); name != "Ayu Rekaan" {
		t.Errorf("first is %q", name)
	}
	phone.Accessible("camera")
	phone.Shot("kamera-telepon")
	if wide := Eval[int](phone, `document.documentElement.scrollWidth`); wide > 360 {
		t.Errorf("%d px wide", wide)
	}

	phone.shoot("Bagus Rekaan")
	phone.Wait("Tersimpan")
	s.Until(`document.querySelectorAll(".shots li").length === 1`)

	// The Wi-Fi goes; the officer goes on.
	phone.wifi(false)
	phone.shoot("Citra Rekaan")
	phone.shoot("Tidak ada yang menunggu")
	phone.Wait("2 foto belum terkirim")
	phone.Wait("Wi-Fi terputus")
	phone.Accessible("camera without Wi-Fi")
	phone.Shot("kamera-terputus")
	if n := Eval[int](s, `document.querySelectorAll(".shots li").length`); n != 1 {
		t.Errorf("%d pictures came without Wi-Fi", n)
	}
	phone.wifi(true)
	phone.Wait("Semua terkirim")
	s.Until(`[...document.querySelectorAll(".shots img")].length === 3`)
	if got := Eval[string](s, `[...document.querySelectorAll(".shots b")].map(e => e.innerText).join()`); got != "Citra Rekaan,Bagus Rekaan,Ayu Rekaan" {
		t.Errorf("at the desk: %s", got)
	}
	s.Accessible("what the camera sent")
	s.Shot("kamera-foto")

	// Retaken on the phone; what is no photo is said beside the name.
	phone.Press("Ulangi")
	phone.Wait("Foto ulang")
	if name := phone.before(); name != "Citra Rekaan" {
		t.Errorf("to be retaken: %q", name)
	}
	phone.Accessible("retake")
	phone.choosePicture("camera", 60, 60, "video/mp4")
	phone.Wait("Ini video")
	phone.shoot("Tidak ada yang menunggu")
	phone.Wait("Semua terkirim")
	s.Until(`document.querySelectorAll(".shots li").length === 4`)
	phone.Shot("kamera-selesai")

	// Another cut at the desk.
	s.Press("Potong lagi")
	s.Until(`document.querySelector(".crop-frame")?.style.width`)
	s.Accessible("cut a picture anew")
	s.Shot("kamera-potong")
	s.Press("Pakai foto")
	s.Wait("Foto sudah diganti")
	s.Go(class)
	if n := strings.Count(s.Text(), "Belum difoto"); n != 0 {
		t.Errorf("%d children without a photo", n)
	}

	// The shift ends.
	s.Go("/telepon/kamera")
	s.Press("Putuskan")
	s.Wait("Telepon sudah diputuskan")
	phone.Wait("Telepon ini tidak dipasangkan")
	phone.Accessible("not paired any more")
	phone.Shot("kamera-putus")
	for _, what := range watch.Take() {
		if !strings.HasPrefix(what, "request to another host: "+host) && !strings.Contains(what, "ERR_INTERNET_DISCONNECTED") && !strings.Contains(what, "403") {
			t.Errorf("on the phone: %s", what)
		}
	}
}

// classOf opens a class with a list of names and returns its path.
func (s *Screen) classOf(school, list string) string {
	s.t.Helper()
	s.Go("/kelas/baru")
	s.Type("school", school)
	s.Type("class", "4B")
	s.Keys("\r")
	s.Wait("Belum ada nama")
	path := s.Path()
	Eval[bool](s, `(document.querySelector("[name=list]").focus(), true)`)
	s.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, input.InsertText, input.InsertTextParams{Text: list})
		return err
	}))
	s.Press("Periksa daftar")
	s.Wait("Simpan semua")
	s.Press("Simpan semua")
	s.Wait("anak ditambahkan")
	return path
}

// before is whose name stands on the phone.
func (s *Screen) before() string {
	s.t.Helper()
	return Eval[string](s, `document.querySelector("[data-camera-name]").innerText`)
}

// shoot takes a picture of whose name stands on the phone, as the camera of a phone gives it, and waits for the next name.
func (s *Screen) shoot(next string) {
	s.t.Helper()
	s.Until(`!document.querySelector("[data-camera-take]").hidden`)
	s.choosePicture("camera", 900, 1200, "image/jpeg")
	s.Until(`document.querySelector("[data-camera-name]").innerText === ` + quote(next))
}

// wifi takes the network from a phone, and gives it back.
func (s *Screen) wifi(on bool) {
	s.t.Helper()
	rules := []*network.Conditions{}
	if !on {
		rules = append(rules, &network.Conditions{Offline: true, DownloadThroughput: -1, UploadThroughput: -1})
	}
	s.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: rules})
		return err
	}))
}

// TestTheCameraWhoseComputerMoves: the door is elsewhere for a while, as when the router gives the PC another address and then
// the old one back. What was taken meanwhile stays on the phone, can be saved from it, and is sent to whom it shows afterwards.
func TestTheCameraWhoseComputerMoves(t *testing.T) {
	p := Serve(t, filepath.Join(t.TempDir(), "data"))
	s := firstRun(t, p, 1280, 800)
	host := s.allowPhones()
	was := Eval[string](s, `document.querySelector("[name=lan_port]").value`)
	class := s.classOf("SDN Contoh 3 Genteng", "Nama\tL/P\tTanggal Lahir\nAyu Rekaan\tP\t1 Mei 2016\nBagus Rekaan\tL\t2 Mei 2016\n")
	s.Go(class + "/foto")
	s.Press("Pakai telepon sebagai kamera")
	s.Press("Tampilkan kode")
	s.Wait("Menunggu telepon")
	phone := p.Phone(t, host)
	phone.Go(s.scan(".scan-codes img[src$='/telepon/kamera/kode.svg']"))
	phone.Press("Pasangkan")
	phone.Wait("2 orang menunggu foto")

	move := func(port string) {
		s.Go("/pengaturan/jaringan")
		s.Type("lan_port", port)
		s.Press("Simpan")
		s.Wait("Terbuka di http://" + host + ":" + port)
	}
	move(fmt.Sprint(freePort(t)))
	phone.shoot("Bagus Rekaan")
	phone.shoot("Tidak ada yang menunggu")
	phone.Wait("2 foto belum terkirim")
	phone.Wait("Wi-Fi terputus")
	s.Go("/telepon/kamera")
	s.Wait("hanya tahu alamat lama")
	s.Go(class)
	if n := strings.Count(s.Text(), "Belum difoto"); n != 2 {
		t.Errorf("%d children without a photo", n)
	}

	move(was)
	phone.Wait("Semua terkirim")
	s.Go(class)
	if n := strings.Count(s.Text(), "Belum difoto"); n != 0 {
		t.Errorf("afterwards %d children are without a photo", n)
	}
}
