package e2e

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/png"
	"path/filepath"
	"strings"
	"testing"

	"simpul/node/nodetest"
)

// TestACardByScannerKeyboardAndCamera: the QR of a card that was just issued, read off its picture, opens the member at the
// desk as a scanner types it, signs the register at the door, and is checked; a spoiled one is called so.
func TestACardByScannerKeyboardAndCamera(t *testing.T) {
	p := Serve(t, filepath.Join(t.TempDir(), "data"))
	s := firstRun(t, p, 1280, 800)
	at := s.Register(person(3, "Ayu Lestari Wulandari"), toPhotograph)
	s.Go(at + "/foto")
	s.Post(at+"/foto/menyusul", nil)
	s.Press("Terbitkan kartu")
	s.Wait("Kartu terbit")
	text := s.qr("/kartu/" + at[len("/daftar/"):] + "/kartu.png")
	if !strings.HasPrefix(text, "KTA1:") {
		t.Fatalf("the card says %q", text)
	}

	s.Go("/meja")
	s.Keys(text + "\r")
	s.Until(`location.pathname === "/pindai" && document.readyState === "complete"`)
	s.Wait("Buka anggota")

	s.Go("/kartu/periksa")
	s.Wait("Pakai kamera")
	s.Accessible("card check")
	s.Keys("]Q1" + text + "\r")
	s.Wait("Kartu asli dan berlaku")
	s.Accessible("card check, valid")
	s.Shot("periksa-kartu")
	s.Keys(text[:len(text)-4] + "0000\r")
	s.Wait("Pindai sekali lagi")
	s.Accessible("card check, refused")
	s.Keys("https://example.com\r")
	s.Wait("Ini bukan kartu perpustakaan")

	// The webcam of a browser that cannot read codes itself, as on Windows: the node reads them. What stands before it is the
	// picture of the card.
	s.Go("/kartu/periksa")
	Eval[bool](s, `(async () => {
		const card = new Image();
		card.src = `+quote("/kartu/"+at[len("/daftar/"):]+"/kartu.png")+`;
		await card.decode();
		const scene = Object.assign(document.createElement("canvas"), {width: 1280, height: 720});
		const draw = () => { const p = scene.getContext("2d"); p.fillStyle = "#998"; p.fillRect(0, 0, 1280, 720); p.drawImage(card, 100, 40, 1080, 1080 * card.naturalHeight / card.naturalWidth) };
		draw();
		setInterval(draw, 100);
		navigator.mediaDevices.getUserMedia = async () => scene.captureStream(10);
		return true
	})()`)
	s.Press("Pakai kamera")
	s.Wait("Kartu asli dan berlaku")

	// A browser that can read codes: its reader is made up, the camera is the browser's own test picture.
	s.Go("/kartu/periksa")
	Eval[bool](s, `(async () => {
		window.BarcodeDetector = class {
			static async getSupportedFormats() { return ["qr_code", "code_128"] }
			async detect() { return [{format: "qr_code", rawValue: `+quote(text)+`}] }
		};
		const page = document.querySelector("script[type=module]").src;
		(await import(new URL("js/camera.js", page))).startCamera();
		return true
	})()`)
	s.Press("Pakai kamera")
	s.Wait("Kartu asli dan berlaku")

	door := s.Tab()
	door.Go("/kunjungan")
	door.Keys(text + "\t") // a scanner that ends with Tab
	door.Wait("Selamat datang")
}

// qr reads the QR of a picture that the program serves.
func (s *Screen) qr(path string) string {
	s.t.Helper()
	coded := Eval[string](s, `fetch(`+quote(path)+`).then(r => r.arrayBuffer()).then(b => btoa([...new Uint8Array(b)].map(c => String.fromCharCode(c)).join("")))`)
	raw, err := base64.StdEncoding.DecodeString(coded)
	if err != nil {
		s.t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		s.t.Fatal(err)
	}
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	right := img.(interface {
		SubImage(image.Rectangle) image.Image
	}).SubImage(image.Rect(w*13/20, h/5, w, h*3/4))
	read, err := nodetest.ReadQR(right)
	if err != nil {
		s.t.Fatal(err)
	}
	return read
}
