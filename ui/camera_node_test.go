package ui_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image/jpeg"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
)

// camera is an officer's phone with its cookie.
type camera struct {
	t    testing.TB
	n    *nodetest.Node
	key  string
	page *nodetest.Page
}

// paired makes a code on the officer's screen and pairs a phone with it.
func paired(t testing.TB, n *nodetest.Node, officer *nodetest.Browser, class string) *camera {
	t.Helper()
	who := n.Officer
	p := officer.Submit(officer.Get("/telepon/kamera"+class), "/telepon/kamera", nil)
	if p.Status != http.StatusOK || !p.Has("Pindai dengan telepon Anda sendiri") {
		t.Fatalf("no code: %d %s", p.Status, p.Text())
	}
	link, there, err := n.Desk.CameraOf(context.Background(), who)
	if err != nil || !there || len(link.Token) != 26 {
		t.Fatalf("%+v %v", link, err)
	}
	if strings.Contains(p.Body, link.Token) {
		t.Error("the token stands in the officer's page")
	}
	phone := n.Phone(t)
	path := "/k/" + link.Token
	p = phone.Submit(phone.Get(path), path, nil)
	if p.Status != http.StatusOK || p.URL != "/kamera" {
		t.Fatalf("pair: %d %s", p.Status, p.Text())
	}
	if other := n.Phone(t); other.Get(path).Status != http.StatusConflict || other.Get("/kamera").Status != http.StatusForbidden {
		t.Error("a second phone comes in by the same code")
	}
	return &camera{t, n, phone.Cookie("simpul_kamera"), p}
}

// ask sends what the script on the phone sends.
func (c *camera) ask(method, path string, body []byte) (status int, out map[string]any) {
	c.t.Helper()
	base := c.n.DoorURL(c.t)
	for range 100 {
		req, err := http.NewRequest(method, base+path, bytes.NewReader(body))
		if err != nil {
			c.t.Fatal(err)
		}
		req.Header.Set("Origin", base)
		req.AddCookie(&http.Cookie{Name: "simpul_kamera", Value: c.key})
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			c.t.Fatal(err)
		}
		out = map[string]any{}
		err = json.NewDecoder(res.Body).Decode(&out)
		res.Body.Close()
		if err != nil {
			c.t.Fatal(err)
		}
		if res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" { // all phones have one address here
			return res.StatusCode, out
		}
		time.Sleep(200 * time.Millisecond)
	}
	c.t.Fatal("asked too often, for ever")
	return 0, nil
}

func (c *camera) names() (out []string) {
	c.t.Helper()
	status, said := c.ask("GET", "/kamera/keadaan", nil)
	if status != http.StatusOK {
		c.t.Fatalf("%d %v", status, said)
	}
	for _, one := range said["people"].([]any) {
		out = append(out, one.(map[string]any)["name"].(string))
	}
	return out
}

func (c *camera) shoot(person library.ID, upload string, content []byte, redo bool) (status int, out map[string]any) {
	c.t.Helper()
	for at := 0; ; {
		path := fmt.Sprintf("/kamera/potongan?orang=%s&unggah=%s&mulai=%d&semua=%d", person, upload, at, len(content))
		if redo {
			path += "&ulang=1"
		}
		status, out = c.ask("POST", path, content[at:min(at+100_000, len(content))])
		now, ok := out["at"].(float64)
		if status != http.StatusOK || !ok || out["state"] != desk.LinkOpen {
			return status, out
		}
		at = int(now)
	}
}

func photoOf(t testing.TB, n *nodetest.Node, id library.ID) string {
	t.Helper()
	rec, err := n.Desk.Registration(context.Background(), n.Officer, id)
	if err != nil {
		t.Fatal(err)
	}
	if rec.Photo != "attached" {
		return rec.Photo
	}
	return rec.PhotoKey
}

// threeChildren opens a class of three.
func threeChildren(t testing.TB, n *nodetest.Node, officer *nodetest.Browser) (query string, ids []library.ID) {
	t.Helper()
	path := class(t, officer)
	addNames(t, officer, path, "Nama\tL/P\tTanggal Lahir\nAyu Rekaan\tP\t1 Mei 2016\nBagus Rekaan\tL\t2 Mei 2016\nCitra Rekaan\tP\t3 Mei 2016\n")
	children, _ := progress(t, n, path)
	for _, c := range children {
		ids = append(ids, c.ID)
	}
	return "?kelas=" + strings.TrimPrefix(path, "/kelas/"), ids
}

// TestAPhoneAsCamera: the queue, then a class; each picture becomes the photo of whom it was taken of, whatever the order in
// which they arrive; retaken, cut anew, sent twice; and a person who got a photo elsewhere keeps it.
func TestAPhoneAsCamera(t *testing.T) {
	n, officer, _ := phoneNode(t)
	first, second := verified(t, n, "Dewi Rekaan", true), verified(t, n, "Eko Rekaan", true)
	verified(t, n, "Tanpa Izin Foto", false)
	c := paired(t, n, officer, "")
	if !c.page.Has("Dewi Rekaan") || !c.page.Has("2 orang menunggu foto") || c.page.Has("Tanpa Izin") {
		t.Fatalf("on the phone: %s", c.page.Text())
	}
	if got := strings.Join(c.names(), ","); got != "Dewi Rekaan,Eko Rekaan" {
		t.Fatalf("the queue: %s", got)
	}
	one, two := asJPEG(t, picture(900, 1200, 20)), turned(asJPEG(t, picture(1600, 1200, 200)))
	cut := len(one) / 2
	piece := func(id library.ID, at int, content []byte, whole int) map[string]any {
		t.Helper()
		status, out := c.ask("POST", fmt.Sprintf("/kamera/potongan?orang=%s&unggah=aa.1&mulai=%d&semua=%d", id, at, whole), content)
		if status != http.StatusOK {
			t.Fatalf("%d %v", status, out)
		}
		return out
	}
	piece(first, 0, one[:cut], len(one))
	piece(second, 0, two, len(two)) // the very name of an upload, for somebody else
	piece(first, cut, one[cut:], len(one))
	if out := piece(first, cut, one[cut:], len(one)); out["state"] != desk.LinkUsed {
		t.Errorf("an answer that was lost: %v", out)
	}
	if photoOf(t, n, first) == "" || photoOf(t, n, second) == "" || photoOf(t, n, first) == photoOf(t, n, second) {
		t.Errorf("%q %q", photoOf(t, n, first), photoOf(t, n, second))
	}
	if img := officer.Get("/foto/" + second.String() + "?besar=1"); img.Status != 200 {
		t.Errorf("%d", img.Status)
	}
	if got := c.names(); len(got) != 0 {
		t.Errorf("still waiting: %v", got)
	}
	p := officer.Get("/telepon/kamera")
	if !p.Has("Telepon terpasang") || !p.Has("Foto diterima 2") || !p.Has("Dewi Rekaan") || !p.Has("Potong lagi") {
		t.Fatalf("on the officer's page: %s", p.Text())
	}

	// A class, chosen at the desk.
	query, ids := threeChildren(t, n, officer)
	officer.Submit(officer.Get("/telepon/kamera"+query), "/telepon/kamera/pilih", nil)
	if got := strings.Join(c.names(), ","); got != "Ayu Rekaan,Bagus Rekaan,Citra Rekaan" {
		t.Fatalf("the class: %s", got)
	}
	if status, out := c.shoot(ids[0], "aa.2", one, false); status != 200 || out["state"] != desk.LinkUsed {
		t.Fatalf("%d %v", status, out)
	}
	before := photoOf(t, n, ids[0])
	if status, out := c.shoot(ids[0], "aa.3", two, true); status != 200 || out["state"] != desk.LinkUsed || photoOf(t, n, ids[0]) == before {
		t.Errorf("retaken: %d %v", status, out)
	}
	// A colleague photographs the second child at the desk while the phone's picture is on its way.
	if _, err := n.Desk.AttachPhoto(context.Background(), n.Officer, nodetest.Op(t), ids[1], one, nil, "webcam", ""); err != nil {
		t.Fatal(err)
	}
	kept := photoOf(t, n, ids[1])
	if status, out := c.shoot(ids[1], "aa.4", two, false); status != 200 || out["state"] != desk.LinkArrived {
		t.Fatalf("%d %v", status, out)
	}
	if photoOf(t, n, ids[1]) != kept {
		t.Error("the phone replaced a photo that it did not know of")
	}
	p = officer.Get("/telepon/kamera")
	shot := waitingShot(t, p)
	if !p.Has("Pilih fotonya") {
		t.Error(p.Text())
	}
	if img := officer.Get(shot + "/gambar"); img.Body != string(two) {
		t.Errorf("the original: %d, %d bytes", img.Status, len(img.Body))
	}
	p = officer.Submit(officer.Get(shot), shot, url.Values{"crop_x": {"0.1"}, "crop_y": {"0.1"}, "crop_w": {"0.5"}, "crop_h": {"0.5"}})
	if p.Status != 200 || p.URL != "/telepon/kamera" || photoOf(t, n, ids[1]) == kept {
		t.Errorf("chosen: %d %s %s", p.Status, p.URL, p.Text())
	}
	if status, out := c.shoot(ids[1], "aa.5", one, false); status != 200 || out["state"] != desk.LinkArrived {
		t.Fatalf("%d %v", status, out)
	}
	shot = waitingShot(t, officer.Get("/telepon/kamera"))
	kept = photoOf(t, n, ids[1])
	officer.Submit(officer.Get(shot), shot+"/buang", nil)
	if photoOf(t, n, ids[1]) != kept || officer.Get(shot).Status != http.StatusNotFound {
		t.Error("the present photo was to stay")
	}
	// Without JavaScript: the whole picture at once, for whose name stands there.
	phone := n.Phone(t)
	phone.SetCookie("simpul_kamera", c.key)
	p = phone.Get("/kamera")
	if !p.Has("Citra Rekaan") {
		t.Fatal(p.Text())
	}
	action := "/kamera?orang=" + ids[2].String()
	if p := phone.Upload(action, p.Form(action), "camera", "x.jpg", nil); p.Status != http.StatusUnprocessableEntity || !p.Has("kosong (0 byte)") || !p.Has("Citra Rekaan") {
		t.Errorf("no bytes: %d %s", p.Status, p.Text())
	}
	p = phone.Upload(action, p.Form(action), "camera", "x.jpg", one)
	if p.Status != 200 || !p.Has("Tidak ada yang menunggu") || photoOf(t, n, ids[2]) == "" {
		t.Errorf("%d %s", p.Status, p.Text())
	}
	p = phone.Submit(p, "/kamera/pilih", url.Values{"class": {""}})
	if p.Status != 200 {
		t.Errorf("the queue, chosen on the phone: %d %s", p.Status, p.Text())
	}
}

// waitingShot is the path of the newest picture on the officer's page.
func waitingShot(t testing.TB, p *nodetest.Page) string {
	t.Helper()
	_, rest, found := strings.Cut(p.Body, `href="/telepon/kamera/foto/`)
	id, _, _ := strings.Cut(rest, `"`)
	if !found {
		t.Fatalf("no picture on the page: %s", p.Text())
	}
	return "/telepon/kamera/foto/" + id
}

// TestBadPicturesOfTheCamera: each has its sentence, and the person waits on.
func TestBadPicturesOfTheCamera(t *testing.T) {
	n, officer, _ := phoneNode(t)
	query, ids := threeChildren(t, n, officer)
	c := paired(t, n, officer, query)
	good := asJPEG(t, picture(900, 1200, 1))
	for name, b := range map[string]struct {
		content []byte
		says    string
	}{
		"HEIC":    {append([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), bytes.Repeat([]byte{7}, 5000)...), "Foto iPhone (HEIC) belum bisa dibaca"},
		"video":   {append([]byte("\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"), bytes.Repeat([]byte{7}, 5000)...), "Ini video"},
		"half":    {good[:len(good)/2], "rusak atau terpotong"},
		"postage": {asPNG(t, picture(40, 50, 9)), "terlalu kecil"},
	} {
		if status, out := c.shoot(ids[0], "bad."+name, b.content, false); status != http.StatusUnprocessableEntity || !strings.Contains(fmt.Sprint(out["text"]), b.says) {
			t.Errorf("%s: %d %v", name, status, out)
		}
	}
	for says, query := range map[string]string{
		"lebih dari 15 MB":    fmt.Sprintf("orang=%s&unggah=v.1&mulai=0&semua=%d", ids[0], 60<<20),
		"kosong (0 byte)":     fmt.Sprintf("orang=%s&unggah=v.2&mulai=0&semua=0", ids[0]),
		"perlu dibetulkan":    fmt.Sprintf("orang=%s&unggah=v.3&mulai=9&semua=5", ids[0]),
		"tidak menunggu foto": fmt.Sprintf("orang=%s&unggah=v.4&mulai=0&semua=5", library.ID{9}),
		"Ada isian":           fmt.Sprintf("orang=%s&unggah=v.5&mulai=x&semua=5", ids[0]),
		"Kembali ke formulir": "orang=x&unggah=v.6&mulai=0&semua=5",
	} {
		if status, out := c.ask("POST", "/kamera/potongan?"+query, []byte("x")); status < 400 || status >= 500 || !strings.Contains(fmt.Sprint(out["text"]), says) {
			t.Errorf("%s: %d %v, want %q", query, status, out, says)
		}
	}
	if got := c.names(); len(got) != 3 {
		t.Errorf("who waits after bad pictures: %v", got)
	}
	if status, out := c.shoot(ids[0], "png.jpg", asPNG(t, picture(900, 1200, 3)), false); status != 200 || out["state"] != desk.LinkUsed {
		t.Errorf("a PNG by the name of .jpg: %d %v", status, out)
	}
}

// TestTheShiftEnds when the officer signs out, closes the vault, says so, is no officer any more, or after twelve hours; a
// colleague at the desk, a locked screen and a restart end nothing. What the phone has not sent goes on after pairing again.
func TestTheShiftEnds(t *testing.T) {
	dir := t.TempDir() + "/data"
	n, officer, _ := phoneNode(t, nodetest.WithDir(dir))
	query, ids := threeChildren(t, n, officer)
	c := paired(t, n, officer, query)
	photo := asJPEG(t, picture(900, 1200, 50))
	half := func(c *camera, at int) (int, map[string]any) {
		return c.ask("POST", fmt.Sprintf("/kamera/potongan?orang=%s&unggah=aa.1&mulai=%d&semua=%d", ids[0], at, len(photo)), photo[at:min(at+len(photo)/2+1, len(photo))])
	}
	over := func(why string, c *camera) {
		t.Helper()
		status, out := c.ask("GET", "/kamera/keadaan", nil)
		if status != http.StatusForbidden || !strings.Contains(fmt.Sprint(out["text"]), "tidak dipasangkan") || !strings.Contains(fmt.Sprint(out["text"]), "tetap di halaman ini") {
			t.Errorf("%s: %d %v", why, status, out)
		}
		if status, _ := half(c, 0); status != http.StatusForbidden {
			t.Errorf("%s, and it can send: %d", why, status)
		}
	}
	if status, _ := half(c, 0); status != 200 {
		t.Fatal(status)
	}
	officer.Submit(officer.Get("/meja"), "/kunci", nil)
	if got := c.names(); len(got) != 3 {
		t.Errorf("the screen is locked: %v", got)
	}
	colleague(t, n)
	n.Stop()
	n = nodetest.Start(t, nodetest.WithDir(dir), nodetest.WithAddresses("127.0.0.2"))
	n.Officer = c.n.Officer
	c.n = n
	if status, out := c.ask("GET", "/kamera/keadaan", nil); status != http.StatusServiceUnavailable || !strings.Contains(fmt.Sprint(out["text"]), "Belum ada petugas yang masuk") {
		t.Errorf("the vault is closed: %d %v", status, out)
	}
	officer = n.SignedIn(t)
	n.Desk.Settle()
	if got := c.names(); len(got) != 3 {
		t.Errorf("after a restart: %v", got)
	}
	officer.Submit(officer.Get("/telepon/kamera"), "/telepon/kamera/putus", nil)
	over("unpaired", c)
	c = paired(t, n, officer, query)
	if status, out := half(c, len(photo)/2+1); status != 200 || out["state"] != desk.LinkUsed {
		t.Errorf("paired again, it goes on where it was: %d %v", status, out)
	}
	officer.Submit(officer.Get("/ganti"), "/masuk", url.Values{"login": {"bagus"}, "password": {"perahu hijau di pantai"}})
	if got := c.names(); len(got) != 2 {
		t.Errorf("a colleague has taken the desk over: %v", got)
	}
	officer = n.SignedIn(t)
	officer.Submit(officer.Get("/meja"), "/keluar", nil)
	over("signed out", c)
	officer = n.SignedIn(t)
	c = paired(t, n, officer, query)
	officer.Submit(officer.Get("/brankas"), "/brankas", nil)
	n.SignedIn(t)
	over("vault closed", c)
}

// TestACameraLastsTwelveHours, as a session does.
func TestACameraLastsTwelveHours(t *testing.T) {
	clock := nodetest.NewClock(time.Date(2026, 11, 23, 7, 0, 0, 0, library.WIB()))
	n, officer, _ := phoneNode(t, nodetest.WithClock(clock.Now), nodetest.WithMono(clock.Mono))
	query, ids := threeChildren(t, n, officer)
	c := paired(t, n, officer, query)
	photo := asJPEG(t, picture(900, 1200, 50))
	if status, _ := c.shoot(ids[0], "aa.1", photo, false); status != 200 {
		t.Fatal(status)
	}
	clock.Add(11 * time.Hour)
	if got := c.names(); len(got) != 2 {
		t.Errorf("after eleven hours: %v", got)
	}
	clock.Add(2 * time.Hour)
	if status, _ := c.ask("GET", "/kamera/keadaan", nil); status != http.StatusForbidden {
		t.Errorf("after thirteen hours: %d", status)
	}
	shots, err := n.Desk.Shots(context.Background(), n.Officer)
	if err != nil || len(shots) != 1 || !shots[0].Cut {
		t.Fatalf("%+v %v", shots, err)
	}
	clock.Add(24 * time.Hour)
	if err := n.Desk.Expire(context.Background()); err != nil {
		t.Fatal(err)
	}
	if shots, err := n.Desk.Shots(context.Background(), n.Officer); err != nil || len(shots) != 0 {
		t.Errorf("originals of yesterday: %+v %v", shots, err)
	}
	if photoOf(t, n, ids[0]) == "" {
		t.Error("the photo itself is gone")
	}
}

// TestFiveCamerasAtOnce: five officers' phones photograph one class; no picture gets to another child.
func TestFiveCamerasAtOnce(t *testing.T) {
	n, officer, _ := phoneNode(t)
	path := class(t, officer)
	var list strings.Builder
	list.WriteString("Nama\tL/P\tTanggal Lahir\n")
	for i := range 15 {
		fmt.Fprintf(&list, "Murid Rekaan %02d\tP\t%d Mei 2016\n", i, i+1)
	}
	addNames(t, officer, path, list.String())
	children, _ := progress(t, n, path)
	query := "?kelas=" + strings.TrimPrefix(path, "/kelas/")
	var all []*camera
	for i := range 5 {
		login, password := fmt.Sprintf("petugas%d", i), fmt.Sprintf("perahu nomor %d di pantai", i)
		done, err := n.Desk.AddOfficer(context.Background(), n.Officer, nodetest.Op(t), desk.OfficerInput{Login: login, Name: fmt.Sprintf("Petugas Rekaan %d", i), Role: library.RoleOfficer, Password: password})
		if err != nil {
			t.Fatal(err)
		}
		b := n.Browser(t)
		b.Submit(b.Get("/masuk"), "/masuk", url.Values{"login": {login}, "password": {password}})
		boss := n.Officer
		n.Officer = desk.Actor{Officer: done.ID, Role: library.RoleOfficer}
		all = append(all, paired(t, n, b, query))
		n.Officer = boss
	}
	var group sync.WaitGroup
	for i, c := range all {
		group.Go(func() {
			for k := range 3 {
				child := 5*k + i
				if status, out := c.shoot(children[child].ID, fmt.Sprintf("%d.%d", i, k), asJPEG(t, picture(300, 400, uint8(child*16))), false); status != 200 || out["state"] != desk.LinkUsed {
					t.Errorf("child %d: %d %v", child, status, out)
				}
			}
		})
	}
	group.Wait()
	for i, c := range children {
		got, err := jpeg.Decode(strings.NewReader(officer.Get("/foto/" + c.ID.String()).Body))
		if err != nil {
			t.Fatal(err)
		}
		if red, _, _, _ := got.At(100, 100).RGBA(); int(red>>8) < i*16-6 || int(red>>8) > i*16+6 {
			t.Errorf("child %d has a picture of shade %d, not its own of %d", i, red>>8, i*16)
		}
	}
}

// TestACameraAfterThePCMoved: the phone knows the old address only, so the officer's screen says so and offers a new code.
func TestACameraAfterThePCMoved(t *testing.T) {
	var at atomic.Value
	at.Store("127.0.0.7")
	n := nodetest.Start(t, nodetest.WithMovingAddresses(func() []string { return []string{at.Load().(string)} }))
	officer := n.SignedIn(t)
	n.Phone(t)
	paired(t, n, officer, "")
	if p := officer.Get("/telepon/kamera"); p.Has("Alamat komputer ini berubah") {
		t.Fatal("it has not moved")
	}
	at.Store("127.0.0.8")
	n.AllowPhones(t, n.Desk.Settings().LANPort+1) // so that it looks at once
	eventually(t, "the door moves", func() bool { return strings.HasPrefix(n.Door().URL, "http://127.0.0.8:") })
	p := officer.Get("/telepon/kamera")
	if !p.Has("Alamat komputer ini berubah") || !p.Has("Kode baru") {
		t.Fatalf("the officer is not told: %s", p.Text())
	}
	p = officer.Post("/telepon/kamera", p.Form("/telepon/kamera"))
	if p.Has("Alamat komputer ini berubah") || !p.Has("Pindai dengan telepon Anda sendiri") {
		t.Errorf("no new code: %s", p.Text())
	}
}
