package ui_test

import (
	"fmt"
	"html"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"simpul/node/nodetest"
)

// eventually waits for what happens by itself within moments.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for range 600 {
		if done() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("waited in vain: %s", what)
}

// TestTheDoorForPhones opens, moves and closes with the setting, while the node runs.
func TestTheDoorForPhones(t *testing.T) {
	n := nodetest.Start(t, nodetest.WithAddresses("127.0.0.2", "127.0.0.3"))
	officer := n.SignedIn(t)
	page := officer.Get("/pengaturan/jaringan")
	if !page.Has("Tertutup") || n.Door().URL != "" {
		t.Fatalf("open before anybody allowed it: %s", page.Text())
	}
	port := nodetest.FreePort(t)
	page = officer.Submit(page, "/pengaturan/jaringan", url.Values{"lan": {"1"}, "lan_port": {fmt.Sprint(port)}})
	if page.Status != http.StatusOK {
		t.Fatal(page.Text())
	}
	at := n.DoorURL(t)
	if want := fmt.Sprintf("http://127.0.0.2:%d", port); at != want {
		t.Fatalf("open at %s, want the address of the default route, %s", at, want)
	}
	phone := n.Phone(t)
	if p := phone.Get("/coba"); p.Status != http.StatusOK || !p.Has("Tersambung") || !p.Has("tidak disandikan") {
		t.Fatalf("%d %s", p.Status, p.Text())
	}
	if p := officer.Get("/pengaturan/jaringan"); !p.Has("Telepon membukanya pukul") || !p.Has("Terbuka di "+at) {
		t.Fatalf("the officer does not see the phone: %s", p.Text())
	}
	if p := officer.Get("/pengaturan/jaringan/coba.svg"); !strings.HasPrefix(p.Header.Get("Content-Type"), "image/svg+xml") || !strings.Contains(p.Body, "<svg") {
		t.Fatalf("no code: %s", p.Header)
	}

	// Another address of the PC.
	officer.Submit(officer.Get("/pengaturan/jaringan"), "/pengaturan/jaringan", url.Values{"lan_address": {"127.0.0.3"}})
	eventually(t, "the door moves", func() bool { return strings.HasPrefix(n.Door().URL, "http://127.0.0.3:") })
	if _, err := net.DialTimeout("tcp4", strings.TrimPrefix(at, "http://"), time.Second); err == nil {
		t.Error("the old address still answers")
	}
	if p := officer.Get("/pengaturan/jaringan"); p.Status != http.StatusOK {
		t.Error("the officer's own page went with it")
	}

	// Shut.
	at = n.Door().URL
	officer.Submit(officer.Get("/pengaturan/jaringan"), "/pengaturan/jaringan", url.Values{"lan": nil})
	eventually(t, "the door shuts", func() bool { return n.Door().URL == "" })
	if _, err := net.DialTimeout("tcp4", strings.TrimPrefix(at, "http://"), time.Second); err == nil {
		t.Error("it is shut and answers")
	}
}

// TestADoorThatCannotOpenSaysWhy: an address that is not there, and ports that are all taken.
func TestADoorThatCannotOpenSaysWhy(t *testing.T) {
	n := nodetest.Start(t, nodetest.WithAddresses("127.0.0.4"))
	officer := n.SignedIn(t)
	port := nodetest.FreePort(t)
	for i := range 5 {
		ln, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.4:%d", port+i))
		if err == nil {
			defer ln.Close()
		}
	}
	n.AllowPhones(t, port)
	eventually(t, "the taken ports are noticed", func() bool { return n.Door().Problem != "" })
	if p := officer.Get("/pengaturan/jaringan"); !p.Has("dipakai program lain") {
		t.Error(p.Text())
	}
	officer.Submit(officer.Get("/pengaturan/jaringan"), "/pengaturan/jaringan", url.Values{"lan_address": {"10.9.8.7"}})
	eventually(t, "an address that is not there is noticed", func() bool { return n.Door().Problem == "lan.problem.no_address" })
	if p := officer.Get("/pengaturan/jaringan"); !p.Has("sekarang tidak ada") || !p.Has("sedang tidak ada") {
		t.Error(p.Text())
	}
}

func TestBadNetworkSettings(t *testing.T) {
	n := nodetest.Start(t, nodetest.WithAddresses("127.0.0.2"))
	officer := n.SignedIn(t)
	for name, bad := range map[string]url.Values{"a port below": {"lan_port": {"80"}}, "no number": {"lan_port": {"http"}}, "a name": {"lan_address": {"evil.example"}}, "all addresses": {"lan_address": {"0.0.0.0"}}} {
		page := officer.Get("/pengaturan/jaringan")
		if p := officer.Submit(page, "/pengaturan/jaringan", bad); p.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", name, p.Status, p.Text())
		}
	}
}

// TestTheWiFiCode: written in the settings, it stands before the code of the page; a bad one comes back as it was typed.
func TestTheWiFiCode(t *testing.T) {
	n := nodetest.Start(t, nodetest.WithAddresses("127.0.0.2"))
	officer := n.SignedIn(t)
	n.AllowPhones(t, nodetest.FreePort(t))
	n.DoorURL(t)
	p := officer.Submit(officer.Get("/pengaturan/jaringan"), "/pengaturan/jaringan", url.Values{"wifi_name": {"Perpus"}, "wifi_password": {"pendek"}})
	if p.Status != http.StatusUnprocessableEntity || !p.Has("8 sampai 63") || !strings.Contains(p.Body, `value="pendek"`) {
		t.Errorf("%d %s", p.Status, p.Text())
	}
	id := verified(t, n, "Ayu Lestari Rekaan", true)
	path := "/daftar/" + id.String() + "/foto"
	p = officer.Submit(officer.Get(path), path+"/telepon", nil)
	if strings.Contains(p.Body, "wifi.svg") || !p.Has("Telepon harus memakai Wi-Fi perpustakaan dulu") {
		t.Errorf("without a Wi-Fi: %s", p.Text())
	}
	officer.Submit(officer.Get("/pengaturan/jaringan"), "/pengaturan/jaringan", url.Values{"wifi_name": {"Perpus"}, "wifi_password": {"baca buku"}})
	p = officer.Get(path + "/telepon")
	if !p.Has("1. Pindai untuk masuk ke Wi-Fi Perpus") || strings.Contains(p.Body, "baca buku") {
		t.Errorf("with a Wi-Fi: %s", p.Text())
	}
	if svg := officer.Get("/telepon/wifi.svg"); svg.Status != http.StatusOK || strings.Contains(svg.Body, "baca buku") {
		t.Errorf("%d", svg.Status)
	}
}

// TestThePCGetsAnotherAddress while codes stand on the officer's screen: the door moves by itself, also from an address that was
// chosen by hand, and every page that shows a code is drawn anew, because the code says the old address.
func TestThePCGetsAnotherAddress(t *testing.T) {
	var at atomic.Value
	at.Store("127.0.0.7")
	n := nodetest.Start(t, nodetest.WithMovingAddresses(func() []string { return []string{"127.0.0.2", at.Load().(string)} }))
	officer := n.SignedIn(t)
	n.AllowPhones(t, nodetest.FreePort(t))
	officer.Submit(officer.Get("/pengaturan/jaringan"), "/pengaturan/jaringan", url.Values{"lan_address": {"127.0.0.7"}})
	eventually(t, "the door opens", func() bool { return strings.HasPrefix(n.Door().URL, "http://127.0.0.7:") })

	photo := "/daftar/" + verified(t, n, "Ayu Lestari Rekaan", true).String() + "/foto/telepon"
	officer.Submit(officer.Get(photo), photo, nil)
	form, _ := formCode(t, n, officer)
	officer.Submit(officer.Get("/telepon/kamera"), "/telepon/kamera", nil)
	asks := map[string]string{}
	for _, path := range []string{photo, form, "/telepon/kamera"} {
		p := officer.Get(path)
		ask := regexp.MustCompile(`hx-get="(/[^"]*keadaan\?[^"]*)"`).FindStringSubmatch(p.Body)
		if ask == nil || !strings.Contains(p.Body, "kode.svg") {
			t.Fatalf("%s shows no code: %s", path, p.Text())
		}
		asks[path] = html.UnescapeString(ask[1])
		if p := officer.Get(asks[path]); p.Status != http.StatusNoContent {
			t.Errorf("%s: nothing has changed, and it answers %d", path, p.Status)
		}
	}

	at.Store("127.0.0.8")
	n.AllowPhones(t, n.Desk.Settings().LANPort+1) // so that it looks at once
	eventually(t, "the door moves", func() bool { return strings.HasPrefix(n.Door().URL, "http://127.0.0.8:") })
	for path, ask := range asks {
		if p := officer.Get(ask); p.Status == http.StatusNoContent {
			t.Errorf("%s goes on to show a code that leads nowhere", path)
		}
	}
	if p := officer.Get("/pengaturan/jaringan"); p.Form("/pengaturan/jaringan").Get("lan_address") != "127.0.0.8" || p.Has("sekarang tidak ada") {
		t.Errorf("the settings: %s", p.Text())
	}
}
