package ui_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
)

// photoCode makes a code for a registration at the officer's screen, and returns its address on the phone.
func photoCode(t testing.TB, n *nodetest.Node, officer *nodetest.Browser, id library.ID) string {
	t.Helper()
	step := "/daftar/" + id.String() + "/foto"
	p := officer.Submit(officer.Get(step), step+"/telepon", nil)
	if p.Status != http.StatusOK || !p.Has("Pindai dengan kamera telepon") || !p.Has("Menunggu telepon") {
		t.Fatalf("no code: %d %s", p.Status, p.Text())
	}
	link, there, err := n.Desk.PhotoLink(context.Background(), n.Officer, id)
	if err != nil || !there || len(link.Token) != 26 {
		t.Fatalf("%+v %v", link, err)
	}
	if strings.Contains(p.Body, link.Token) {
		t.Error("the token stands in the officer's page")
	}
	if svg := officer.Get(step + "/telepon/kode.svg"); svg.Status != http.StatusOK || strings.Contains(svg.Body, link.Token) {
		t.Errorf("the code: %d", svg.Status)
	}
	return "/f/" + link.Token
}

// piece sends one piece as the script on the phone does.
func piece(t testing.TB, n *nodetest.Node, path, upload string, at, size int, content []byte) (status int, state string, now int, said string) {
	t.Helper()
	base := n.DoorURL(t)
	req, err := http.NewRequest(http.MethodPost, fmt.Sprintf("%s%s/potongan?unggah=%s&mulai=%d&semua=%d", base, path, upload, at, size), bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Origin", base)
	req.Header.Set("Content-Type", "application/octet-stream")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var a struct {
		State, Text string
		At          int
	}
	if err := json.NewDecoder(res.Body).Decode(&a); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, a.State, a.At, a.Text
}

func phoneNode(t testing.TB, opts ...nodetest.Option) (*nodetest.Node, *nodetest.Browser, *nodetest.Browser) {
	t.Helper()
	n := nodetest.Start(t, append([]nodetest.Option{nodetest.WithAddresses("127.0.0.2")}, opts...)...)
	return n, n.SignedIn(t), n.Phone(t)
}

// TestPhotoFromThePhone: both sides without JavaScript, a wrong picture first, asked again, accepted.
func TestPhotoFromThePhone(t *testing.T) {
	n, officer, phone := phoneNode(t)
	id := verified(t, n, "Ayu Lestari Rekaan", true)
	path := photoCode(t, n, officer, id)
	step := "/daftar/" + id.String() + "/foto"
	watch := func() *nodetest.Page {
		t.Helper()
		_, rest, _ := strings.Cut(officer.Get(step+"/telepon").Body, `hx-get="`+step+`/telepon/keadaan`)
		query, _, _ := strings.Cut(rest, `"`)
		return officer.Get(step + "/telepon/keadaan" + strings.ReplaceAll(query, "&amp;", "&"))
	}
	if p := watch(); p.Status != http.StatusNoContent {
		t.Errorf("nothing changed: %d", p.Status)
	}
	p := phone.Get(path)
	if p.Status != http.StatusOK || !p.Has("Kirim foto Anda") || !p.Has("tidak disandikan") || strings.Contains(p.Body, "Ayu") {
		t.Fatalf("on the phone: %d %s", p.Status, p.Text())
	}
	p = phone.Upload(path, p.Form(path), "camera", "../x.jpg", turned(asJPEG(t, picture(1600, 1200, 90))))
	if p.Status != http.StatusOK || !p.Has("Foto sudah diterima") {
		t.Fatalf("sent: %d %s", p.Status, p.Text())
	}
	p = officer.Get(step + "/telepon")
	if !p.Has("Foto dari telepon sudah masuk") {
		t.Fatal(p.Text())
	}
	if img := officer.Get(step + "/telepon/gambar"); img.Header.Get("Content-Type") != "image/jpeg" || img.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the picture: %v", img.Header)
	}
	officer.Submit(p, step+"/telepon/lagi", nil)
	if p := phone.Get(path); p.Status != http.StatusOK || p.Has("Foto sudah diterima. Petugas") && !strings.Contains(p.Body, `<form class="form" method="post" action="`+path+`" enctype="multipart/form-data" novalidate data-phone="choose again">`) {
		t.Errorf("asked again, the phone shows %s", p.Text())
	}
	if img := officer.Get(step + "/telepon/gambar"); img.Status != http.StatusNotFound {
		t.Errorf("a picture that was sent away is still there: %d", img.Status)
	}
	p = phone.Get(path)
	phone.Upload(path, p.Form(path), "photo", "x.png", asPNG(t, picture(900, 1200, 30)))
	p = officer.Get(step + "/telepon")
	p = officer.Submit(p, step+"/telepon/pakai", nil)
	if p.Status != http.StatusOK || p.URL != step || !p.Has("Foto sudah ada") {
		t.Fatalf("accepted: %d %s %s", p.Status, p.URL, p.Text())
	}
	if p := phone.Get(path); !p.Has("Foto dipakai") {
		t.Errorf("the phone is not told: %s", p.Text())
	}
	if p := phone.Upload(path, url.Values{}, "photo", "x.jpg", asJPEG(t, picture(900, 1200, 1))); p.Status != http.StatusConflict || !p.Has("Kode ini sudah dipakai") {
		t.Errorf("used twice: %d %s", p.Status, p.Text())
	}
	if files(t, n) != 2 {
		t.Errorf("%d files of one photo", files(t, n))
	}
}

// TestAPhotoComesInPieces: answers get lost, pieces come twice and out of order, the node starts anew; nothing is sent twice
// that is here.
func TestAPhotoComesInPieces(t *testing.T) {
	dir := t.TempDir() + "/data"
	n, officer, _ := phoneNode(t, nodetest.WithDir(dir))
	id := verified(t, n, "Ayu Lestari Rekaan", true)
	path := photoCode(t, n, officer, id)
	photo := asJPEG(t, picture(1200, 1600, 50))
	cut := len(photo) / 3
	send := func(from, to, wantAt int, wantState string) {
		t.Helper()
		status, state, at, said := piece(t, n, path, "aa.1", from, len(photo), photo[from:to])
		if status != http.StatusOK || state != wantState || at != wantAt {
			t.Fatalf("piece %d-%d: %d %q at %d %s, want %q at %d", from, to, status, state, at, said, wantState, wantAt)
		}
	}
	send(0, cut, cut, desk.LinkOpen)
	send(0, cut, cut, desk.LinkOpen) // the answer was lost
	send(2*cut, len(photo), cut, desk.LinkOpen)
	if p := officer.Get("/daftar/" + id.String() + "/foto/telepon"); !p.Has("Foto sedang masuk: 33 %") {
		t.Errorf("the officer does not see it coming: %s", p.Text())
	}
	n.Stop()
	n = nodetest.Start(t, nodetest.WithDir(dir), nodetest.WithAddresses("127.0.0.2"))
	if status, _, _, said := piece(t, n, path, "aa.1", cut, len(photo), photo[cut:2*cut]); status != http.StatusServiceUnavailable || !strings.Contains(said, "Petugas belum masuk") {
		t.Fatalf("while nobody has signed in: %d %s", status, said)
	}
	officer = n.SignedIn(t)
	n.Desk.Settle()
	send(cut, 2*cut, 2*cut, desk.LinkOpen)
	send(2*cut, len(photo), len(photo), desk.LinkArrived)
	send(2*cut, len(photo), len(photo), desk.LinkArrived) // the answer was lost
	if p := officer.Get("/daftar/" + id.String() + "/foto/telepon"); !p.Has("Foto dari telepon sudah masuk") {
		t.Error(p.Text())
	}
	if got := officer.Get("/daftar/" + id.String() + "/foto/telepon/gambar"); got.Body != string(photo) {
		t.Error("what arrived is not what was sent")
	}
}

// TestBadPhotosFromThePhone: each has its sentence, and the code stays good.
func TestBadPhotosFromThePhone(t *testing.T) {
	n, officer, phone := phoneNode(t)
	id := verified(t, n, "Ayu Lestari Rekaan", true)
	path := photoCode(t, n, officer, id)
	good := asJPEG(t, picture(900, 1200, 1))
	for name, c := range map[string]struct {
		content []byte
		says    string
	}{
		"HEIC":      {append([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), bytes.Repeat([]byte{7}, 5000)...), "Foto iPhone (HEIC) belum bisa dibaca"},
		"video":     {append([]byte("\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"), bytes.Repeat([]byte{7}, 5000)...), "Ini video"},
		"half":      {good[:len(good)/2], "rusak atau terpotong"},
		"text":      {[]byte("halo"), "bukan foto"},
		"postage":   {asPNG(t, picture(40, 50, 9)), "terlalu kecil"},
		"too large": {bytes.Repeat([]byte{0xff}, 15_500_000), "lebih dari 15 MB"},
		"60 MB":     {bytes.Repeat([]byte{0}, 60<<20), "lebih dari 15 MB"},
		"no bytes":  {nil, "kosong (0 byte)"},
	} {
		p := phone.Upload(path, url.Values{}, "photo", "x", c.content)
		if p.Status != http.StatusUnprocessableEntity || !p.Has(c.says) || !strings.Contains(p.Body, `type="file"`) {
			t.Errorf("%s: %d %.600s", name, p.Status, p.Text())
		}
	}
	if status, _, _, said := piece(t, n, path, "aa.1", 0, 60<<20, []byte("x")); status != http.StatusUnprocessableEntity || !strings.Contains(said, "lebih dari 15 MB") {
		t.Errorf("60 MB in pieces: %d %s", status, said)
	}
	if status, _, _, said := piece(t, n, path, "aa.1", 0, 1<<20, make([]byte, 300<<10)); status != http.StatusUnprocessableEntity {
		t.Errorf("a piece that is too large: %d %s", status, said)
	}
	if p := phone.Upload(path, url.Values{}, "photo", "x", good); !p.Has("Foto sudah diterima") {
		t.Errorf("after all that: %d %s", p.Status, p.Text())
	}
}

// TestCodesEnd: late, unknown, replaced, guessed.
func TestCodesEnd(t *testing.T) {
	clock := nodetest.NewClock(time.Date(2026, 11, 23, 9, 0, 0, 0, library.WIB()))
	n, officer, phone := phoneNode(t, nodetest.WithClock(clock.Now), nodetest.WithMono(clock.Mono))
	id := verified(t, n, "Ayu Lestari Rekaan", true)
	first := photoCode(t, n, officer, id)
	second := photoCode(t, n, officer, id)
	if p := phone.Get(first); p.Status != http.StatusNotFound || !p.Has("tidak berlaku lagi") || !p.Has("Minta petugas") {
		t.Errorf("replaced: %d %s", p.Status, p.Text())
	}
	clock.Add(9 * time.Minute)
	photo := asJPEG(t, picture(900, 1200, 1))
	if status, _, _, said := piece(t, n, second, "aa.1", 0, len(photo), photo[:100]); status != http.StatusOK {
		t.Fatalf("after nine minutes: %d %s", status, said)
	}
	clock.Add(90 * time.Second) // who has begun may finish
	if status, _, _, said := piece(t, n, second, "aa.1", 100, len(photo), photo[100:200]); status != http.StatusOK {
		t.Fatalf("begun in time: %d %s", status, said)
	}
	clock.Add(3 * time.Minute)
	if p := phone.Get(second); p.Status != http.StatusForbidden || !p.Has("sudah habis") {
		t.Errorf("late: %d %s", p.Status, p.Text())
	}
	officer = n.SignedIn(t)
	if p := officer.Get("/daftar/" + id.String() + "/foto/telepon"); !p.Has("Waktu kodenya habis") || p.Has("Pindai dengan kamera") {
		t.Errorf("the officer is shown a code that has ended: %s", p.Text())
	}
	for i := range 12 {
		p := phone.Get(fmt.Sprintf("/f/%026d", i))
		if i < 8 && p.Status != http.StatusNotFound {
			t.Errorf("guess %d: %d", i, p.Status)
		}
		if i == 11 && (p.Status != http.StatusServiceUnavailable || !p.Has("Terlalu banyak")) {
			t.Errorf("guess %d: %d", i, p.Status)
		}
	}
	clock.Add(25 * time.Hour)
	if err := n.Desk.Expire(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, there, err := n.Desk.PhotoLink(context.Background(), n.Officer, id); there || err != nil {
		t.Errorf("a link of yesterday is still there: %v", err)
	}
}

// TestFivePhonesAtOnce: five registrations, each its photo; and five phones at one code, of which one wins.
func TestFivePhonesAtOnce(t *testing.T) {
	n, officer, _ := phoneNode(t)
	type one struct {
		id    library.ID
		path  string
		photo []byte
	}
	var all []one
	for i := range 5 {
		id := verified(t, n, fmt.Sprintf("Orang Rekaan %c", 'A'+i), true)
		all = append(all, one{id, photoCode(t, n, officer, id), asJPEG(t, picture(900, 1200, uint8(20+40*i)))})
	}
	var group sync.WaitGroup
	for _, o := range all {
		group.Go(func() {
			for at := 0; at < len(o.photo); {
				status, _, now, said := piece(t, n, o.path, "aa.1", at, len(o.photo), o.photo[at:min(at+4096, len(o.photo))])
				if status == http.StatusServiceUnavailable { // all five have one address here
					time.Sleep(200 * time.Millisecond)
					continue
				}
				if status != http.StatusOK {
					t.Errorf("%d %s", status, said)
					return
				}
				at = now
			}
		})
	}
	group.Wait()
	for i, o := range all {
		if got := officer.Get("/daftar/" + o.id.String() + "/foto/telepon/gambar"); got.Body != string(o.photo) {
			t.Errorf("registration %d has not its own picture: %d", i, got.Status)
		}
	}

	id := verified(t, n, "Satu Orang Rekaan", true)
	path := photoCode(t, n, officer, id)
	photo := all[0].photo
	if status, _, _, said := piece(t, n, path, "aa.1", 0, len(photo), photo[:1000]); status != http.StatusOK {
		t.Fatal(said)
	}
	if status, _, _, said := piece(t, n, path, "bb.1", 0, len(photo), photo[:1000]); status != http.StatusConflict || !strings.Contains(said, "Telepon lain sedang mengirim") {
		t.Errorf("a second phone at the same code: %d %s", status, said)
	}
	if status, _, at, said := piece(t, n, path, "aa.2", 0, len(photo), photo); status != http.StatusOK || at != len(photo) {
		t.Errorf("another picture of the same phone: %d %s", status, said)
	}
	if status, _, _, said := piece(t, n, path, "bb.1", 0, len(photo), photo[:1000]); status != http.StatusConflict || !strings.Contains(said, "sudah diterima") {
		t.Errorf("a phone that comes second: %d %s", status, said)
	}
}

// TestNoDoorNoCode: while phones cannot come in, the officer is told and no code is made.
func TestNoDoorNoCode(t *testing.T) {
	n := nodetest.Start(t)
	officer := n.SignedIn(t)
	id := verified(t, n, "Ayu Lestari Rekaan", true)
	step := "/daftar/" + id.String() + "/foto"
	p := officer.Submit(officer.Get(step), step+"/telepon", nil)
	if p.Status != http.StatusOK || !p.Has("Telepon belum bisa tersambung") || !strings.Contains(p.Body, "/pengaturan/jaringan") {
		t.Errorf("%d %s", p.Status, p.Text())
	}
	if _, there, _ := n.Desk.PhotoLink(context.Background(), n.Officer, id); there {
		t.Error("a code that no phone can use")
	}
}

// TestNoPhotoByPhoneAgainstTheVisitor: who did not agree to a photo is not asked for one by a code.
func TestNoPhotoByPhoneAgainstTheVisitor(t *testing.T) {
	n, officer, _ := phoneNode(t)
	id := verified(t, n, "Ayu Lestari Rekaan", false)
	step := "/daftar/" + id.String() + "/foto"
	p := officer.Get(step)
	if p.Form(step+"/telepon") != nil {
		t.Error("it is offered")
	}
	p = officer.Post(step+"/telepon", url.Values{"_csrf": p.Form(step + "/tanpa")["_csrf"], "_op": {nodetest.Op(t).String()}})
	if p.Status != http.StatusConflict {
		t.Errorf("%d %s", p.Status, p.Text())
	}
}
