package ui_test

import (
	"bytes"
	"context"
	"fmt"
	"hash/fnv"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
)

// picture is a made-up portrait; shade tells two apart.
func picture(w, h int, shade uint8) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, color.RGBA{shade, uint8(x * 255 / w), uint8(y * 255 / h), 255})
		}
	}
	return img
}

func asJPEG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asPNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// turned puts the EXIF orientation 6 ("held upright") into a JPEG.
func turned(jpg []byte) []byte {
	exif := []byte("\xff\xe1\x00\x22Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00")
	return bytes.Join([][]byte{jpg[:2], exif, jpg[2:]}, nil)
}

// verified is a registration that has come to step 5.
func verified(t testing.TB, n *nodetest.Node, name string, photoConsent bool) library.ID {
	t.Helper()
	ctx, d, who := context.Background(), n.Desk, n.Officer
	// Each name has a birth date and NIK of its own, so that nobody is asked whether two of them are one.
	hash := fnv.New32a()
	hash.Write([]byte(name))
	sum := int(hash.Sum32())
	born := library.DateOf(1960+sum%40, 1+sum/40%12, 1+sum/480%28)
	nik := fmt.Sprintf("351012%02d%02d%02d%04d", born.Day+40, born.Month, born.Year%100, 1+sum%9000)
	form := library.Form{Identity: library.KTP, NIK: nik, Name: name, BirthPlace: "Banyuwangi", Birth: born, Sex: library.Female,
		Address: "Jl. Gajah Mada 12", RT: "003", RW: "001", Village: "Kembiritan", District: "351010", Regency: "3510", Education: "slta", Occupation: "wiraswasta",
		MemberKind: "umum", Phone: "081234567890"}
	done, err := d.OpenRegistration(ctx, who, nodetest.Op(t), desk.OpenInput{Form: form})
	if err != nil {
		t.Fatal(err)
	}
	version := func() string {
		rec, err := d.Registration(ctx, who, done.ID)
		if err != nil {
			t.Fatal(err)
		}
		return rec.Version
	}
	if _, err = d.Identify(ctx, who, nodetest.Op(t), done.ID, desk.IdentifyInput{Kind: library.KTP, Explained: true, Membership: true, Photo: photoConsent, Version: version()}); err != nil {
		t.Fatal(err)
	}
	confirmed := map[string]string{}
	for _, p := range d.CheckForm(form) {
		if !p.Warning {
			t.Fatalf("the made-up form has a problem: %+v", p)
		}
		confirmed[p.Key] = "contoh"
	}
	if _, err = d.Fill(ctx, who, nodetest.Op(t), done.ID, desk.FillInput{Form: form, Confirmed: confirmed, Version: version()}); err != nil {
		t.Fatal(err)
	}
	var checked []string
	for _, f := range library.DocumentFields(library.KTP) {
		checked = append(checked, f.Field)
	}
	if _, err = d.Verify(ctx, who, nodetest.Op(t), done.ID, desk.VerifyInput{Form: form, Checked: checked, Confirmed: confirmed, Version: version()}); err != nil {
		t.Fatal(err)
	}
	return done.ID
}

func files(t testing.TB, n *nodetest.Node) int {
	t.Helper()
	count := 0
	if err := n.Desk.Photos.Walk(func([32]byte) error { count++; return nil }); err != nil {
		t.Fatal(err)
	}
	return count
}

// TestPhotoToHandOver: steps 5 and 6 in a browser without JavaScript.
func TestPhotoToHandOver(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	id := verified(t, n, "D'Artagnan Lestari", true)
	step := "/daftar/" + id.String() + "/foto"
	p := b.Get(step)
	if p.Status != 200 || len(p.Actions()) < 3 {
		t.Fatalf("photo page: %d %s", p.Status, p.Text())
	}
	if p := b.Post("/daftar/"+id.String()+"/kartu", p.Form(step)); p.Status != 422 && p.Status != 409 {
		t.Errorf("a card without an answer about the photo: %d", p.Status)
	}
	p = b.Get(step)
	p = b.Upload(step, p.Form(step), "photo", "../../foto saya.jpg", turned(asJPEG(t, picture(1600, 1200, 90))))
	if p.Status != 200 || !p.Has("Foto sudah ada") {
		t.Fatalf("after the upload: %d %s", p.Status, p.Text())
	}
	photo := b.Get("/foto/" + id.String() + "?besar=1")
	img, err := jpeg.Decode(strings.NewReader(photo.Body))
	if err != nil || img.Bounds().Dx() >= img.Bounds().Dy() || photo.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("photo: %v %v %q", err, img.Bounds(), photo.Header.Get("Cache-Control"))
	}
	p = b.Submit(p, "/daftar/"+id.String()+"/kartu", nil)
	rec, err := n.Desk.Registration(context.Background(), n.Officer, id)
	if err != nil || rec.Card == nil || p.Status != 200 || !p.Has(rec.Card.Number.Grouped()) {
		t.Fatalf("card page: %d %v %s", p.Status, err, p.Text())
	}
	for path, kind := range map[string]string{"/kartu/" + id.String() + "/kartu.svg": "image/svg+xml", "/kartu/" + id.String() + "/kartu.png": "image/png"} {
		if res := b.Get(path); res.Status != 200 || res.Header.Get("Content-Type") != kind {
			t.Errorf("%s: %d %s", path, res.Status, res.Header.Get("Content-Type"))
		}
		if res := n.Browser(t).Get(path); strings.Contains(res.Header.Get("Content-Type"), "image") {
			t.Errorf("%s is shown to strangers", path)
		}
	}
	form := p.Form("/kartu/cetak")
	for range 2 { // the same press twice prints once
		pdf := b.Post("/kartu/cetak", form)
		if pdf.Status != 200 || pdf.Header.Get("Content-Type") != "application/pdf" {
			t.Fatalf("print: %d %s", pdf.Status, pdf.Text())
		}
		scan(t, pdf.Body, 1, map[string]int{"CODE-128:" + string(rec.Card.Number): 1, "QR-Code:" + qrText(t, n, id): 1})
	}
	if rec, _ := n.Desk.Registration(context.Background(), n.Officer, id); rec.Card.Prints != 1 {
		t.Errorf("printed %d times", rec.Card.Prints)
	}
	hand := "/daftar/" + id.String() + "/serahkan"
	p = b.Get(hand)
	if !strings.Contains(p.Body, "https://wa.me/6281234567890?text=") {
		t.Error("no WhatsApp link")
	}
	if p := b.Submit(p, hand, url.Values{"to": {"other"}, "receiver": {""}}); p.Status != 422 || !strings.Contains(p.Body, `value="other" checked`) {
		t.Errorf("somebody without a name: %d", p.Status)
	}
	p = b.Submit(b.Get(hand), hand, url.Values{"to": {"self"}, "how": {"in-person"}})
	if p.Status != 200 || !p.Has("Selesai, kartu sudah diserahkan") || !p.Has("19 menit") {
		t.Fatalf("summary: %d %s", p.Status, p.Text())
	}
}

// scan reads the codes of a PDF back as a scanner would.
func scan(t *testing.T, pdf string, pages int, want map[string]int) {
	t.Helper()
	dir := t.TempDir()
	name := filepath.Join(dir, "card.pdf")
	if err := os.WriteFile(name, []byte(pdf), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("pdftoppm", "-r", "300", "-png", name, filepath.Join(dir, "page")).CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm: %v %s", err, out)
	}
	images, _ := filepath.Glob(filepath.Join(dir, "page*.png"))
	if len(images) != pages {
		t.Fatalf("%d pages, want %d", len(images), pages)
	}
	out, err := exec.Command("zbarimg", append([]string{"--quiet", "--nodbus"}, images...)...).Output()
	if err != nil && len(out) == 0 { // it also complains of pages without a code: the backs
		t.Fatalf("zbarimg: %v", err)
	}
	got := map[string]int{}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		got[line]++
	}
	for code, n := range want {
		if got[code] != n {
			t.Errorf("%s read %d times, want %d; got %v", code, got[code], n, got)
		}
	}
}

// TestBadPhotos: what is no photo is told apart in words, and nothing is kept.
func TestBadPhotos(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	id := verified(t, n, "Ayu Lestari", true)
	step := "/daftar/" + id.String() + "/foto"
	good := asJPEG(t, picture(600, 800, 10))
	bomb := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x4e\x20\x00\x00\x4e\x20\x08\x02\x00\x00\x00\x5a\xbd\x93\xfd")
	for name, c := range map[string]struct {
		file  []byte
		words string
	}{
		"a PDF named .jpg": {[]byte("%PDF-1.7\n%âãÏÓ\n1 0 obj"), "Ini PDF"},
		"a bomb":           {bomb, "terpotong|terlalu besar"},
		"cut off":          {good[:len(good)/2], "rusak atau terpotong"},
		"no bytes":         {nil, "kosong (0 byte)"},
		"HEIC":             {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), "HEIC"},
		"too small":        {asPNG(t, picture(40, 40, 1)), "terlalu kecil"},
		"words":            {[]byte("=SUM(A1)"), "bukan foto"},
	} {
		p := b.Upload(step, b.Get(step).Form(step), "photo", "foto.jpg", c.file)
		found := false
		for _, words := range strings.Split(c.words, "|") {
			found = found || p.Has(words)
		}
		if p.Status != 422 || !found {
			t.Errorf("%s: %d, no %q in %s", name, p.Status, c.words, p.Text())
		}
	}
	if got := files(t, n); got != 0 {
		t.Errorf("%d files kept", got)
	}
	large := append(append([]byte{}, good...), make([]byte, 12<<20)...)
	if p := b.Upload(step, b.Get(step).Form(step), "photo", "foto.jpg", large); p.Status != 200 || !p.Has("Foto sudah ada") {
		t.Errorf("12 MB: %d %s", p.Status, p.Text())
	}
	stale := b.Get(step).Form(step)
	stale.Set("version", "0.0.1")
	if p := b.Upload(step, stale, "photo", "foto.png", asPNG(t, picture(600, 800, 1))); p.Status != 409 {
		t.Errorf("over another officer's change: %d", p.Status)
	}
}

// TestWrongPhotoIsErased: after the card was issued the photo is replaced, the old file goes, a reprint is offered; a
// file that somebody else has too stays.
func TestWrongPhotoIsErased(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	wrong := asJPEG(t, picture(600, 800, 200))
	var ids []library.ID
	for i := range 2 {
		id := verified(t, n, fmt.Sprintf("Anggota %c", 'A'+i), true)
		step := "/daftar/" + id.String() + "/foto"
		p := b.Upload(step, b.Get(step).Form(step), "photo", "a.jpg", wrong)
		b.Submit(p, "/daftar/"+id.String()+"/kartu", nil)
		ids = append(ids, id)
	}
	if got := files(t, n); got != 2 {
		t.Fatalf("one picture of two people takes %d files, want 2", got)
	}
	page := "/anggota/" + ids[0].String() + "/foto"
	p := b.Upload(page, b.Get(page).Form(page), "photo", "b.jpg", asJPEG(t, picture(600, 800, 20)))
	if p.Status != 200 || !p.Has("Foto diganti") || !p.Has("Cetak ulang kartu") {
		t.Fatalf("after replacing: %d %s", p.Status, p.Text())
	}
	if res := b.Get("/foto/" + ids[1].String()); res.Status != 200 {
		t.Errorf("the other one lost the photo: %d", res.Status)
	}
	page = "/anggota/" + ids[1].String() + "/foto"
	b.Upload(page, b.Get(page).Form(page), "photo", "c.png", asPNG(t, picture(600, 800, 70)))
	if got := files(t, n); got != 4 {
		t.Errorf("%d files, want the 4 of the two new photos", got)
	}
}

// TestWithoutPhoto: who did not consent is not asked for a photo again, and gets a card all the same.
func TestWithoutPhoto(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	id := verified(t, n, "Ayu Lestari", false)
	step := "/daftar/" + id.String() + "/foto"
	p := b.Get(step)
	if strings.Contains(p.Body, `type="file"`) {
		t.Error("a photo is asked for without consent")
	}
	p = b.Submit(p, step+"/tanpa", nil)
	if p = b.Submit(p, "/daftar/"+id.String()+"/kartu", nil); p.Status != 200 || !p.Has("Kartu terbit") {
		t.Errorf("card: %d %s", p.Status, p.Text())
	}
}

// TestCardBatches: promised photos, a sheet of ten begun at the third place, the list of receipt, the hand-over of all.
func TestCardBatches(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	want := map[string]int{}
	for i := range 9 {
		id := verified(t, n, fmt.Sprintf("Anggota Ke-%d", i+1), true)
		step := "/daftar/" + id.String() + "/foto"
		p := b.Submit(b.Get(step), step+"/menyusul", nil)
		b.Submit(p, "/daftar/"+id.String()+"/kartu", nil)
		rec, err := n.Desk.Registration(context.Background(), n.Officer, id)
		if err != nil || rec.Card == nil {
			t.Fatalf("card %d: %v", i, err)
		}
		want["CODE-128:"+string(rec.Card.Number)] = 1
	}
	p := b.Get("/kartu")
	if got := strings.Count(p.Body, `name="member"`); got != 9 {
		t.Fatalf("%d cards to print, want 9", got)
	}
	form := p.Form("/kartu/cetak")
	form.Set("start", "3")
	form.Set("back", "1")
	pdf := b.Post("/kartu/cetak", form)
	scan(t, pdf.Body, 4, want)
	if p := b.Get("/kartu"); !p.Has("Semua kartu sudah dicetak") {
		t.Errorf("after printing: %s", p.Text())
	}
	if p := b.Post("/kartu/cetak", url.Values{"_csrf": form["_csrf"], "_op": {nodetest.Op(t).String()}}); p.Status != 422 || !p.Has("Pilih paling sedikit satu kartu") {
		t.Errorf("nothing chosen: %d %s", p.Status, p.Text())
	}
	p = b.Get("/kartu?daftar=serah")
	form = p.Form("/kartu/cetak")
	if pdf := b.Post("/kartu/tanda-terima", form); pdf.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("list of receipt: %d", pdf.Status)
	}
	if p := b.Post("/kartu/serahkan", form); !p.Has("9 kartu dicatat sudah diserahkan") {
		t.Errorf("hand-over: %d %s", p.Status, p.Text())
	}
	p = b.Get("/kartu?daftar=foto")
	var action string
	for _, a := range p.Actions() {
		if strings.HasPrefix(a, "/kartu/foto/") {
			action = a
		}
	}
	if strings.Count(p.Body, `action="/kartu/foto/`) != 9 {
		t.Fatalf("photos to come: %s", p.Text())
	}
	p = b.Upload(action, p.Form(action), "photo", "a.jpg", asJPEG(t, picture(600, 800, 5)))
	if strings.Count(p.Body, `action="/kartu/foto/`) != 8 {
		t.Errorf("after one came: %d %s", p.Status, p.Text())
	}
}
