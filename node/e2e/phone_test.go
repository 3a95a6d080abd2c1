package e2e

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"simpul/node/nodetest"
)

// Phone is a browser of a visitor's phone: 360 px wide, touched, on the library's network.
func (p *Program) Phone(t testing.TB, host string) *Screen {
	t.Helper()
	s, err := p.openTo(t, host, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// allowPhones opens the door for phones on the screen of the settings, at the first address of this machine's network.
func (s *Screen) allowPhones() (host string) {
	s.t.Helper()
	s.Go("/pengaturan/jaringan")
	s.Wait("Tertutup")
	address := Eval[string](s, `document.querySelectorAll('[name="lan_address"]')[1]?.value ?? ""`)
	if address == "" {
		s.t.Fatal("this machine is on no network, so no phone can be tried")
	}
	s.Choose("lan", "1")
	s.Choose("lan_address", address)
	s.Type("lan_port", fmt.Sprint(freePort(s.t)))
	s.Type("wifi_name", "Perpus; Tamu")
	s.Type("wifi_password", "baca buku")
	s.Press("Simpan")
	s.Wait("Terbuka di http://" + address)
	return address
}

// scan reads a code off the screen, as a phone's camera does.
func (s *Screen) scan(selector string) string {
	s.t.Helper()
	img := fmt.Sprintf(`document.querySelector(%s)`, quote(selector))
	s.Until(img + `?.complete && ` + img + `.naturalWidth`)
	coded := Eval[string](s, `(() => { const c = Object.assign(document.createElement("canvas"), {width: 600, height: 600});
		c.getContext("2d").drawImage(`+img+`, 0, 0, 600, 600); return c.toDataURL("image/png").split(",")[1] })()`)
	raw, err := base64.StdEncoding.DecodeString(coded)
	if err != nil {
		s.t.Fatal(err)
	}
	var picture image.Image
	if picture, err = png.Decode(bytes.NewReader(raw)); err != nil {
		s.t.Fatal(err)
	}
	read, err := nodetest.ReadQR(picture)
	if err != nil {
		s.t.Fatalf("the code %s cannot be read: %v", selector, err)
	}
	return read
}

// choosePicture gives a file field of the phone's page a picture of noise, which no codec makes small; kind is its type.
func (s *Screen) choosePicture(field string, w, h int, kind string) {
	s.t.Helper()
	Eval[bool](s, fmt.Sprintf(`new Promise(done => {
		const c = Object.assign(document.createElement("canvas"), {width: %d, height: %d}), p = c.getContext("2d"), d = p.createImageData(c.width, c.height);
		for (let i = 0, x = 7; i < d.data.length; i++) { x = (x * 1103515245 + 12345) & 0x7fffffff; d.data[i] = i %% 4 === 3 ? 255 : x >> 16 & 255 }
		p.putImageData(d, 0, 0); p.fillStyle = "#0a3f47"; p.fillRect(0, 0, c.width, c.height / 8);
		c.toBlob(blob => {
			const files = new DataTransfer();
			files.items.add(new File([blob], "foto", {type: %s}));
			const field = document.querySelector("input[name=%s]");
			field.files = files.files;
			field.dispatchEvent(new Event("change", {bubbles: true}));
			done(true);
		}, "image/jpeg", 0.95);
	})`, w, h, quote(kind), field))
}

// TestAPhotoFromThePhone: the officer's screen and a phone of 360 px on the network. The code is read off the screen, the
// Wi-Fi goes in the middle, the officer asks for another, crops and accepts.
func TestAPhotoFromThePhone(t *testing.T) {
	p := Serve(t, filepath.Join(t.TempDir(), "data"))
	s := firstRun(t, p, 1280, 800)
	host := s.allowPhones()
	s.Accessible("network settings")
	s.Shot("telepon-pengaturan")
	const joins = `WIFI:T:WPA;S:Perpus\; Tamu;P:baca buku;;`
	if code := s.scan("img[src='/telepon/wifi.svg']"); code != joins {
		t.Errorf("the code of the Wi-Fi says %q", code)
	}
	phone := p.Phone(t, host)
	phone.Go(s.scan("#network-door img"))
	phone.Wait("Tersambung")
	phone.Accessible("try from a phone")
	phone.Shot("telepon-coba")
	s.Wait("Telepon membukanya pukul")

	at := s.Register(person(5, "Ayu Lestari Wulandari"), toPhotograph)
	s.Go(at + "/foto")
	s.Press("Dari telepon")
	s.Wait("Menunggu telepon")
	s.Accessible("code for a photo")
	s.Shot("telepon-kode")
	if code := s.scan(".scan-step:first-child img"); code != joins {
		t.Errorf("the first code on the officer's screen says %q", code)
	}
	address := s.scan(".scan-codes img[src$='/telepon/kode.svg']")
	if u, err := url.Parse(address); err != nil || u.Hostname() != host || !strings.HasPrefix(u.Path, "/f/") {
		t.Fatalf("the code leads to %q", address)
	}
	watch := phone.Watch()
	phone.Go(address)
	phone.Wait("Kirim foto Anda")
	phone.Accessible("send a photo")
	phone.Shot("telepon-foto")
	if Eval[bool](phone, `window.isSecureContext`) {
		t.Error("this is not the plain http of a library's network")
	}
	if wide := Eval[int](phone, `document.documentElement.scrollWidth`); wide > 360 {
		t.Errorf("%d px wide", wide)
	}

	// What is no photo is said at once, and nothing is lost.
	phone.choosePicture("photo", 60, 60, "video/mp4")
	phone.Wait("Ini video")
	phone.Accessible("not a photo")
	Eval[bool](phone, `(() => { const f = new DataTransfer(); f.items.add(new File([new Uint8Array([0,0,0,24,102,116,121,112,104,101,105,99,0,0,0,0,109,105,102,49,104,101,105,99]), new Uint8Array(4000)], "IMG_1.HEIC", {type: "image/heic"}));
		const i = document.querySelector("input[name=photo]"); i.files = f.files; i.dispatchEvent(new Event("change", {bubbles: true})); return true })()`)
	phone.Wait("Foto iPhone (HEIC) belum bisa dibaca")
	phone.Shot("telepon-heic")

	// The Wi-Fi goes in the middle: the door is shut, and opened again.
	Eval[bool](phone, `(() => { const real = window.fetch; window.sent = 0; window.fetch = async (...a) => { await new Promise(d => setTimeout(d, 250)); const r = await real(...a); window.sent++; return r }; return true })()`)
	phone.choosePicture("camera", 2400, 3200, "image/jpeg")
	s.Wait("Foto sedang masuk")
	phone.Shot("telepon-mengirim")
	second := s.Tab()
	second.Go("/pengaturan/jaringan")
	Eval[bool](second, `document.querySelector("[name=lan]").click(), true`)
	second.Press("Simpan")
	phone.Wait("Sambungan terputus")
	phone.Accessible("the Wi-Fi is gone")
	phone.Shot("telepon-terputus")
	before := Eval[int](phone, `window.sent`)
	second.Choose("lan", "1")
	second.Press("Simpan")
	phone.Wait("Foto sudah diterima")
	phone.Accessible("photo sent")
	phone.Shot("telepon-terkirim")
	if before == 0 {
		t.Error("nothing had come before the Wi-Fi went")
	}

	// The officer sees it at once, asks for another, crops and accepts.
	s.Until(`document.querySelector(".crop-frame")?.style.width`)
	s.Accessible("photo has come")
	s.Shot("telepon-potong")
	if wide, high := Eval[int](s, `document.querySelector(".crop img").naturalWidth`), Eval[int](s, `document.querySelector(".crop img").naturalHeight`); high != 2000 || wide != 1500 {
		t.Errorf("the phone sent %d × %d: it was not made smaller", wide, high)
	}
	s.Press("Minta foto lain")
	phone.Wait("Petugas meminta foto lain")
	phone.Accessible("asked again")
	phone.Shot("telepon-lagi")
	phone.choosePicture("camera", 900, 1200, "image/jpeg")
	phone.Wait("Foto sudah diterima")
	s.Until(`document.querySelector(".crop-frame")?.style.width`)
	s.Until(`document.activeElement?.innerText?.includes("Pakai foto")`)
	s.Keys("\r")
	s.Wait("Foto sudah ada")
	phone.Wait("Foto dipakai")
	phone.Accessible("photo used")
	phone.Shot("telepon-selesai")
	phone.Go(address)
	phone.Wait("Foto dipakai")
	for _, what := range watch.Take() {
		if !strings.HasPrefix(what, "request to another host: "+host) {
			t.Errorf("on the phone: %s", what)
		}
	}
}

// freePort is a port on which nobody listens now.
func freePort(t testing.TB) int {
	t.Helper()
	ln, err := net.Listen("tcp4", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().(*net.TCPAddr).Port
}

// TestAFormOnThePhone: a visitor fills in the form on a phone of 360 px while an officer works; it comes into the queue.
func TestAFormOnThePhone(t *testing.T) {
	p := Serve(t, filepath.Join(t.TempDir(), "data"))
	s := firstRun(t, p, 1280, 800)
	s.Go("/telepon/formulir")
	s.Wait("Telepon belum bisa tersambung")
	s.Accessible("no phone can come in")
	host := s.allowPhones()
	s.Go("/meja")
	s.Press("Formulir di telepon")
	s.Press("Tampilkan kode")
	s.Wait("Menunggu telepon")
	s.Accessible("code for a form")
	s.Shot("telepon-formulir-kode")
	desk := s.Tab()
	desk.Go("/meja")

	phone := p.Phone(t, host)
	phone.Go(s.scan(".scan-codes img[src$='kode.svg']"))
	phone.Wait("Isi sambil menunggu")
	phone.Accessible("form, begin")
	phone.Shot("telepon-formulir-mulai")
	phone.Press("Mulai mengisi")
	s.Wait("Sedang diisi di telepon")
	look := func(name string) {
		t.Helper()
		phone.Accessible("form on the phone, " + name)
		phone.Shot("telepon-formulir-" + name)
		if wide := Eval[int](phone, `document.documentElement.scrollWidth`); wide > 360 {
			t.Errorf("%s: %d px wide", name, wide)
		}
	}
	phone.fillPages("/formulir/", visitorPages(), look)
	phone.Wait("Periksa isian Anda")
	look("periksa")
	phone.Press("Kirim ke petugas")
	phone.Wait("Sebutkan kode ini")
	look("selesai")
	code := Eval[string](phone, `document.querySelector(".reference").innerText`)
	desk.Wait("diisi dari telepon · kode " + code)
	desk.Shot("telepon-antrean")
	s.Wait("Formulir sudah masuk")
	s.Wait(code)
	s.Accessible("form has come")
	s.Shot("telepon-formulir-masuk")
	s.Press("Buka pendaftarannya")
	s.Wait("Identitas yang ditunjukkan")
	if !Eval[bool](s, `document.querySelector("[name=identity][value=ktp]").checked`) {
		t.Error("the document that the visitor named is not chosen")
	}
}
