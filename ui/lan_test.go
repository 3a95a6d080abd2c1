package ui

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"simpul/ui/view"
)

// fakeLAN is a door that a test holds.
type fakeLAN struct{ door Door }

func (f *fakeLAN) Door() Door           { return f.door }
func (f *fakeLAN) Knocked(at time.Time) { f.door.Seen = at }

func phones(t *testing.T, change ...func(*Config)) *server {
	t.Helper()
	cfg := testConfig()
	cfg.LAN = &fakeLAN{}
	for _, f := range change {
		f(&cfg)
	}
	s, err := newPhones(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestNoOfficerPageOnTheNetwork sends every officer's, kiosk's and set-up route to the app for phones, with a good session:
// none is there.
func TestNoOfficerPageOnTheNetwork(t *testing.T) {
	var seconds atomic.Int64 // a second a look, so that the limit never ends
	s := phones(t, func(c *Config) {
		at := c.Now()
		c.Now = func() time.Time { return at.Add(time.Duration(seconds.Add(1)) * time.Second) }
	})
	own := map[string]bool{}
	for _, r := range s.phoneRoutes() {
		own[r.method+" "+r.path] = true
	}
	client := listen(t, s)
	client.token = "coordinator"
	for _, r := range newTestServer(t).routes() {
		if own[r.method+" "+r.path] || r.path == "/" {
			continue
		}
		res, page := client.send(r.method, strings.NewReplacer(":", "x").Replace(r.path), "application/x-www-form-urlencoded", strings.NewReader("a=b"))
		if res.StatusCode != http.StatusNotFound {
			t.Errorf("%s %s: %d", r.method, r.path, res.StatusCode)
		}
		if strings.Contains(page, "Siti") {
			t.Errorf("%s %s knows the officer", r.method, r.path)
		}
	}
}

func TestHostsOfThePhones(t *testing.T) {
	client := listen(t, phones(t, func(c *Config) { c.Hosts = []string{"perpus.example"} }))
	for host, want := range map[string]int{"": 200, "perpus.example": 403, "evil.example": 403, "192.0.2.77": 403} {
		client.host = host
		if res, _ := client.get("/coba"); res.StatusCode != want {
			t.Errorf("%q: %d, want %d", host, res.StatusCode, want)
		}
	}
}

func TestAPhoneThatAsksTooOften(t *testing.T) {
	s := phones(t)
	client := listen(t, s)
	for i := range phoneBurst {
		if res, _ := client.get("/coba"); res.StatusCode != 200 {
			t.Fatalf("request %d: %d", i+1, res.StatusCode)
		}
	}
	res, page := client.get("/coba")
	if res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" || !strings.Contains(page, "Terlalu banyak") {
		t.Errorf("%d %q: %.300s", res.StatusCode, res.Header.Get("Retry-After"), page)
	}
}

// TestVisitorsAreNotToldAboutThePC: the clock and the disk are the officers' business.
func TestVisitorsAreNotToldAboutThePC(t *testing.T) {
	client := listen(t, phones(t, func(c *Config) {
		c.Frame = func(context.Context) Frame {
			return Frame{Place: "Perpustakaan Genteng", Facts: Facts{DiskFull: true, ClockWrong: true}}
		}
	}))
	_, page := client.get("/")
	if !strings.Contains(page, "Perpustakaan Genteng") || strings.Contains(page, "banner") {
		t.Errorf("%.2000s", page)
	}
}

// phoneSamples are the pages on a phone and those that lead there.
func phoneSamples() []sample {
	return []sample{
		{"phone-test", "phone-note", func(t say) view.Framed {
			v := &view.PhoneNote{State: view.OK, Text: t("phone.test.text"), More: []string{t("phone.plain")}}
			v.Title = t("phone.test")
			return v
		}},
		{"phone-home", "phone-note", func(t say) view.Framed {
			v := &view.PhoneNote{State: view.Info, Text: t("phone.home.text")}
			v.Title = t("phone.home")
			return v
		}},
		{"phone-photo", "phone-photo", func(t say) view.Framed {
			v := &view.SendPhoto{Action: "/x", Plain: t("phone.plain")}
			v.Title, v.Page.Officer.Name = t("phone.photo"), "-"
			return v
		}},
		{"phone-photo-bad", "phone-photo", func(t say) view.Framed {
			v := &view.SendPhoto{Action: "/x", Plain: t("phone.plain"), Error: t("error.photo.heic")}
			v.Title, v.Page.Officer.Name = t("phone.photo"), "-"
			return v
		}},
		{"photo-phone", "photo-phone", func(t say) view.Framed {
			v := &view.PhonePhoto{Make: "/x", Watch: view.Watch{Ask: "/x", State: view.Info, Text: t("phone.photo.waits")},
				Code: &view.ScanCode{Image: "/x", Alt: t("phone.photo.code"), Text: t("phone.photo.scan"), Until: t("phone.until", "14.12"),
					WiFi: &view.WiFiCode{Image: "/x", Alt: t("phone.wifi.join", "Perpus"), Name: "Perpus"}}}
			v.Registration, v.Back = registrationSample(t, 5), view.Link{Path: "/x", Text: t("phone.photo.other")}
			return v
		}},
		{"photo-phone-came", "photo-phone", func(t say) view.Framed {
			v := &view.PhonePhoto{Again: "/x", Watch: view.Watch{Ask: "/x", State: view.OK, Text: t("phone.photo.came")}}
			v.Registration, v.Back = registrationSample(t, 5), view.Link{Path: "/x", Text: t("phone.photo.other")}
			v.Picker = view.PhotoPicker{Source: "/x", Alt: t("phone.photo.came"), Frame: view.Choice{Name: "frame", Label: t("photo.frame"), Value: "centre", Options: []view.Option{{Value: "centre", Text: t("photo.frame.centre")}}}}
			return v
		}},
		{"form-code", "form-code", func(t say) view.Framed {
			v := &view.FormCode{Make: "/x", Watch: view.Watch{Ask: "/x", State: view.Info, Text: t("phone.photo.waits")},
				Code: &view.ScanCode{Image: "/x", Alt: t("phone.form.code"), Text: t("phone.form.scan"), Until: t("phone.until", "14.12")}}
			v.Title = t("phone.form.do")
			return v
		}},
		{"form-code-came", "form-code", func(t say) view.Framed {
			v := &view.FormCode{Make: "/x", Watch: view.Watch{Ask: "/x", State: view.OK, Text: t("phone.form.came")}, Reference: "K7Q4", Go: view.Link{Path: "/x", Text: t("phone.form.open")}}
			v.Title = t("phone.form.do")
			return v
		}},
		{"card-phone", "card-phone", func(t say) view.Framed {
			v := &view.CardToPhone{Registration: aroundSample(6, 1), Make: "/x", Watch: view.Watch{Ask: "/x", State: view.Info, Text: t("phone.photo.waits")},
				Code: &view.ScanCode{Image: "/x", Alt: t("phone.card.code"), Text: t("phone.card.scan"), Until: t("phone.until", "14.12"),
					WiFi: &view.WiFiCode{Image: "/x", Alt: t("phone.wifi.join", "Perpus"), Name: "Perpus"}}, Back: view.Link{Path: "/x", Text: t("phone.card.other")}}
			return v
		}},
		{"card-phone-open", "card-phone", func(t say) view.Framed {
			hand := handOverSample(nil)(t).(*view.HandOver)
			v := &view.CardToPhone{Registration: aroundSample(6, 1), Member: true, Make: "/x", Watch: view.Watch{Ask: "/x", State: view.OK, Text: t("phone.card.saved")},
				Hand: "/x", To: hand.To, Receiver: hand.Receiver, Back: view.Link{Path: "/x", Text: t("photo.to_member")}}
			return v
		}},
		{"phone-card", "phone-card", func(t say) view.Framed {
			v := &view.PhoneCard{Picture: "/x", Save: "/x", Number: "014 26 0 00123 7", Until: "23-11-2029", Ends: t("phone.card.ends", "14.22")}
			v.Title = t("phone.card.mine")
			return v
		}},
		{"phone-form-end", "registration-turned", func(t say) view.Framed {
			v := &view.Turned{Finished: true, Heading: t("turned.end"), Hint: t("phone.form.end"), Reference: "K7Q4"}
			v.Title, v.Page.Officer.Name = t("turned.title"), "-"
			return v
		}},
		{"camera-code", "camera", func(t say) view.Framed {
			v := cameraSample(t)
			v.Live.Watch = view.Watch{Ask: "/x", State: view.Info, Text: t("phone.photo.waits")}
			v.Code = &view.ScanCode{Image: "/x", Alt: t("camera.code"), Text: t("camera.scan"), Until: t("camera.until", "14.12")}
			return v
		}},
		{"camera", "camera", func(t say) view.Framed {
			v := cameraSample(t)
			v.Paired = true
			v.Live = view.CameraLive{Watch: view.Watch{Ask: "/x", State: view.OK, Text: t("camera.paired")},
				Facts: []view.Fact{{Name: t("camera.device"), Value: "Android"}, {Name: t("camera.check"), Value: "K7Q4"}, {Name: t("camera.since"), Value: "08.12"},
					{Name: t("camera.seen"), Value: "10.41"}, {Name: t("camera.sent"), Value: "12"}, {Name: t("camera.left"), Value: "2", State: view.Warn}},
				Shots: []view.CameraShot{{ID: "c", Name: "Ayu Lestari Wulandari", State: view.Info, Text: t("phone.photo.coming", 40)},
					{ID: "b", Name: "Bagus Wicaksono", State: view.Warn, Text: t("camera.twice"), Cut: view.Link{Path: "/x", Text: t("camera.choose")}}, {ID: "a", Name: "Murid Rekaan 01", State: view.OK, Text: "10.40", Cut: view.Link{Path: "/x", Text: t("camera.cut")}}}}
			return v
		}},
		{"camera-shot", "camera-shot", func(t say) view.Framed {
			v := &view.ShotCut{Name: "Ayu Lestari Wulandari", Action: "/x", Drop: "/y",
				Picker: view.PhotoPicker{Source: "/x", Alt: t("camera.original"), Frame: view.Choice{Name: "frame", Label: t("photo.frame"), Value: "centre", Options: []view.Option{{Value: "centre", Text: t("photo.frame.centre")}}}}}
			v.Title = t("camera.choose")
			return v
		}},
		{"phone-camera", "phone-camera", func(t say) view.Framed {
			v := &view.PhoneCamera{Action: "/x", Officer: "Siti Rahayu", Check: "K7Q4", ID: "a", Name: "Ayu Lestari Wulandari", Left: 12, Skip: "/x", Plain: t("camera.plain"),
				Class: view.Choice{Name: "class", Label: t("camera.class"), Empty: t("camera.queue"), Options: []view.Option{{Value: "a", Text: "SDN Contoh 2 · 4B · 23-11-2026"}}}}
			v.Title, v.Page.Officer.Name = t("camera.title"), "-"
			return v
		}},
		{"phone-camera-empty", "phone-camera", func(t say) view.Framed {
			v := &view.PhoneCamera{Action: "/x", Officer: "Siti Rahayu", Check: "K7Q4", Plain: t("camera.plain"), Class: view.Choice{Name: "class", Label: t("camera.class"), Empty: t("camera.queue")}}
			v.Title, v.Page.Officer.Name = t("camera.title"), "-"
			return v
		}},
		{"settings-network", "settings", func(t say) view.Framed {
			v := &view.Settings{Action: "/x", Save: t("common.save"), Text: t("settings.page.jaringan.text"), Network: &view.Network{Rule: "netsh …",
				Door:  view.Door{Ask: "/x", State: view.OK, Text: t("lan.open", "http://192.168.1.20:8712"), URL: "192.168.1.20:8712/coba", Code: "/x", Alt: t("lan.try.code"), Seen: t("lan.try.none")},
				Guide: []view.Guide{{Title: t("lan.guide.router"), Steps: strings.Split(t("lan.guide.router.steps"), "|")}}}}
			v.Title = t("settings.page.jaringan")
			return v
		}},
	}
}

func cameraSample(t say) *view.Camera {
	v := &view.Camera{Make: "/x", Class: view.Choice{Name: "class", Label: t("camera.class"), Empty: t("camera.queue"), Value: "a",
		Options: []view.Option{{Value: "a", Text: "SDN Contoh 2 · 4B · 23-11-2026"}}}}
	v.Title = t("camera.title")
	return v
}
