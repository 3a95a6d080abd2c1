package ui

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"simpul/ui/view"
)

const publicAt = "https://perpus.example.go.id"

// publicDoor is the app for people at home under the address of the tests.
func publicDoor(t *testing.T, change ...func(*Config)) *server {
	t.Helper()
	cfg := testConfig()
	cfg.PublicURL = func() string { return publicAt }
	for _, f := range change {
		f(&cfg)
	}
	s, err := newPublic(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestNoOfficerPageInPublic sends every officer's, kiosk's and set-up route to the public door, with a good session: none is
// there.
func TestNoOfficerPageInPublic(t *testing.T) {
	var seconds atomic.Int64 // a minute a look, so that the limit never ends
	s := publicDoor(t, func(c *Config) {
		at := c.Now()
		c.Now = func() time.Time { return at.Add(time.Duration(seconds.Add(1)) * time.Minute) }
	})
	own := map[string]bool{}
	for _, r := range s.publicRoutes() {
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

func TestHostsOfThePublicDoor(t *testing.T) {
	client := listen(t, publicDoor(t, func(c *Config) { c.Hosts = []string{"other.example"} }))
	for host, want := range map[string]int{"": 200, "perpus.example.go.id": 200, "PERPUS.example.go.id:443": 200, "other.example": 403, "evil.example": 403, "192.0.2.77": 403} {
		client.host = host
		if res, _ := client.get("/"); res.StatusCode != want {
			t.Errorf("%q: %d, want %d", host, res.StatusCode, want)
		}
	}
	client = listen(t, publicDoor(t, func(c *Config) { c.PublicURL = nil }))
	for host, want := range map[string]int{"": 200, "perpus.example.go.id": 403} {
		client.host = host
		if res, _ := client.get("/"); res.StatusCode != want {
			t.Errorf("without an address %q: %d, want %d", host, res.StatusCode, want)
		}
	}
}

// TestBehindAProxy: the browser spoke TLS, a form comes from the public address whatever the proxy made of the host, and each
// visitor has a share of tries of their own.
func TestBehindAProxy(t *testing.T) {
	client := listen(t, publicDoor(t))
	res, _ := client.get("/")
	if res.Header.Get("Strict-Transport-Security") != "" {
		t.Error("TLS is claimed without a proxy")
	}
	client.header = map[string]string{"X-Forwarded-For": "198.51.100.7, 203.0.113.9", "Origin": publicAt, "Sec-Fetch-Site": ""}
	if res, _ = client.get("/"); res.Header.Get("Strict-Transport-Security") == "" {
		t.Error("TLS of the proxy is not told to the browser")
	}
	if res, _ = client.post("/tampilan", "theme=dark&back=/"); res.StatusCode != http.StatusSeeOther || !strings.Contains(strings.ToLower(res.Header.Get("Set-Cookie")), "secure") {
		t.Errorf("a form through the proxy: %d %q", res.StatusCode, res.Header.Get("Set-Cookie"))
	}
	client.header["Origin"] = "https://evil.example"
	if res, _ = client.post("/tampilan", "theme=dark&back=/"); res.StatusCode != http.StatusForbidden {
		t.Errorf("a form of another site: %d", res.StatusCode)
	}
	client.header["Origin"] = publicAt
	for range publicBurst {
		client.header["X-Forwarded-For"] = "203.0.113.1, 203.0.113.9" // what stands before the last is the visitor's own invention
		res, _ = client.get("/")
	}
	if res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("after %d requests: %d", publicBurst, res.StatusCode)
	}
	for from, want := range map[string]int{"203.0.113.9, 203.0.113.10": 200, "198.51.100.8, 203.0.113.9": 503} {
		client.header["X-Forwarded-For"] = from
		if res, _ = client.get("/"); res.StatusCode != want {
			t.Errorf("%s: %d, want %d", from, res.StatusCode, want)
		}
	}
}

func TestAHouseholdHasOneShare(t *testing.T) {
	client := listen(t, publicDoor(t))
	for i := range publicBurst {
		client.header = map[string]string{"X-Forwarded-For": []string{"2001:db8:1:2::1", "2001:db8:1:2:ffff::9"}[i%2]}
		client.get("/")
	}
	for from, want := range map[string]int{"2001:db8:1:2:3::4": 503, "2001:db8:1:3::1": 200} {
		client.header = map[string]string{"X-Forwarded-For": from}
		if res, _ := client.get("/"); res.StatusCode != want {
			t.Errorf("%s: %d, want %d", from, res.StatusCode, want)
		}
	}
}

// publicSamples are the pages for people at home.
func publicSamples() []sample {
	return []sample{
		{"public-home", "phone-note", func(t say) view.Framed {
			v := &view.PhoneNote{State: view.Info, Text: t("public.home.text")}
			v.Title = t("public.home")
			return v
		}},
	}
}
