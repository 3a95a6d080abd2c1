package e2e

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// TestACardKeptOnAPhone: issued at a branch, its link goes out by WhatsApp at once and says so until the record has arrived. Then
// a phone keeps it: it opens while the centre is gone, learns that the card was blocked, and forgets it once the member was erased.
func TestACardKeptOnAPhone(t *testing.T) {
	at := fmt.Sprintf("http://localhost:%d", freePort(t))
	listen := []string{"--sync-listen", fmt.Sprintf("127.0.0.1:%d", freePort(t)), "--public-listen", strings.TrimPrefix(at, "http://")}
	d := startDuo(t, listen...)
	d.join(t)
	d.pusat.Go("/pengaturan/daring")
	d.pusat.Type("public_url", at)
	d.pusat.Press("Simpan")
	d.send()

	registered := d.cabang.Register(person(3, "Ratna Sekar Rekaan"), toHandOver)
	member := strings.Replace(registered, "/daftar/", "/anggota/", 1)
	d.cabang.Go(registered + "/serahkan")
	sent, err := url.Parse(Eval[string](d.cabang, `document.querySelector('a[href^="https://wa.me/"]').href`))
	if err != nil {
		t.Fatal(err)
	}
	_, link, _ := strings.Cut(sent.Query().Get("text"), "Kartu Anda: ")
	link, _, _ = strings.Cut(link, " ")
	if !strings.HasPrefix(link, at+"/k/") || len(link) != len(at+"/k/")+26 {
		t.Fatalf("the message says %q", sent.Query().Get("text"))
	}

	phone := d.centre.Phone(t, "localhost")
	watch := phone.Watch()
	look := func(name string) {
		t.Helper()
		phone.Accessible("kept card, " + name)
		phone.Shot("kartu-web-" + name)
		if wide := Eval[int](phone, `document.documentElement.scrollWidth`); wide > 360 {
			t.Errorf("%s: %d px wide", name, wide)
		}
	}
	phone.Go(at + "/k/" + strings.Repeat("a", 26)) // as any card whose record is still on its way
	phone.Wait("Kartu ini belum sampai di pusat")
	look("belum")
	d.send()
	phone.Go(link)
	phone.Wait("Berlaku")
	phone.Wait("Diperiksa terakhir")
	phone.Until(`navigator.serviceWorker.controller && navigator.serviceWorker.controller.state === "activated"`)
	phone.Until(`[...document.images].every(i => i.complete && i.naturalWidth)`)
	look("berlaku")
	phone.Colours("dark")
	look("gelap")
	phone.Colours("light")
	onCard := phone.scan(".web-qr img")
	if !strings.HasPrefix(onCard, "KTA1:") {
		t.Errorf("the code says %q", onCard)
	}
	phone.installable(t)

	// Flight mode: the centre cannot be reached at all.
	d.centre.Kill()
	phone.Go(link)
	phone.Wait("Tanpa sambungan. Terakhir diperiksa")
	phone.Wait("Berlaku sampai")
	phone.Until(`[...document.images].every(i => i.complete && i.naturalWidth)`)
	if again := phone.scan(".web-qr img"); again != onCard {
		t.Errorf("without a network the code says %q", again)
	}
	look("tanpa-sambungan")
	later := phone.Tab()
	later.clock(10 * 366)
	later.Go(link)
	later.Wait("Masa berlaku habis")
	later.Accessible("expired by the phone's own clock")

	// The centre is back without its key file, and nobody has opened its vault yet: what is held is shown.
	if err := os.Remove(d.centre.Dir + ".key"); err != nil {
		t.Fatal(err)
	}
	d.centre = Serve(t, d.centre.Dir, listen...)
	phone.Go(link)
	phone.Wait("Pusat sedang tidak menjawab")
	phone.Wait("Berlaku sampai")
	d.pusat = d.centre.Open(t, 1280, 900)
	d.pusat.SignIn("siti", officerPassword)
	phone.Go(link)
	phone.Wait("Diperiksa terakhir")

	d.cabang.Go(member)
	d.cabang.Post(member+"/blokir", values{"reason": "lost"})
	d.send()
	phone.Go(link)
	phone.Wait("Diblokir")
	if Eval[bool](phone, `!!document.querySelector(".web-qr")`) {
		t.Error("a blocked card can be scanned")
	}
	look("diblokir")
	d.centre.Kill()
	phone.Go(link)
	phone.Wait("Diblokir")
	phone.Wait("Tanpa sambungan")
	d.centre = Serve(t, d.centre.Dir, listen...)
	d.pusat = d.centre.Open(t, 1280, 900)
	d.pusat.SignIn("siti", officerPassword)

	d.pusat.Go(member + "/hapus")
	d.pusat.Post(member+"/hapus", values{"reason": "request", "word": "hapus"})
	d.pusat.Wait("sudah dihapus")
	phone.Go(link)
	phone.Wait("Tautan ini sudah berakhir")
	look("berakhir")
	if left := Eval[[]string](phone, `Promise.all([caches.keys(), navigator.serviceWorker.getRegistrations()]).then(([c, r]) => [...c, ...r.map(w => "worker of " + w.scope)])`); len(left) != 0 {
		t.Errorf("still on the phone: %q", left)
	}
	d.centre.Kill()
	if Eval[bool](phone, `fetch(`+quote(link)+`).then(() => true, () => false)`) {
		t.Error("the phone still shows the card without a network")
	}
	for _, what := range watch.Take() {
		if what != "request to another host: "+strings.TrimPrefix(at, "http://") {
			t.Errorf("on the phone: %s", what)
		}
	}
	for _, p := range []*Program{d.centre, d.branch} {
		for _, secret := range []string{"Ratna", link[len(at+"/k/"):], person(3, "")["nik"]} {
			if strings.Contains(p.Log(), secret) {
				t.Errorf("a log holds %q", secret)
			}
		}
	}
}

// installable fails when the browser finds anything that keeps the page from being installed.
func (s *Screen) installable(t *testing.T) {
	t.Helper()
	s.Do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		m, err := cdp.Call(ctx, target, page.GetAppManifest, page.GetAppManifestParams{})
		if err != nil {
			return err
		}
		for _, e := range m.Errors {
			t.Errorf("manifest: %s", e.Message)
		}
		if !strings.Contains(m.Data, "KTA Perpustakaan") {
			t.Errorf("manifest: %q", m.Data)
		}
		found, err := cdp.Call(ctx, target, page.GetInstallabilityErrors, cdp.Empty{})
		if err != nil {
			return err
		}
		for _, e := range found.InstallabilityErrors {
			if e.ErrorID != "in-incognito" { // as every window of a test is
				t.Errorf("not installable: %s", e.ErrorID)
			}
		}
		return nil
	}))
}

// clock puts the phone's clock so many days ahead, for the pages that are opened from now on.
func (s *Screen) clock(days int) {
	s.t.Helper()
	s.Do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
			Source: fmt.Sprintf(`{ const Real = Date; window.Date = class extends Real { constructor(...a) { super(...(a.length ? a : [Real.now() + %d * 864e5])) } } }`, days)})
		return err
	}))
}
