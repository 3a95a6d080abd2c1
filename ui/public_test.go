package ui

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"simpul/node/library"
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
	for host, want := range map[string]int{"": 303, "perpus.example.go.id": 303, "PERPUS.example.go.id:443": 303, "other.example": 403, "evil.example": 403, "192.0.2.77": 403} {
		client.host = host
		if res, _ := client.get("/"); res.StatusCode != want {
			t.Errorf("%q: %d, want %d", host, res.StatusCode, want)
		}
	}
	client = listen(t, publicDoor(t, func(c *Config) { c.PublicURL = nil }))
	for host, want := range map[string]int{"": 303, "perpus.example.go.id": 403} {
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
	for from, want := range map[string]int{"203.0.113.9, 203.0.113.10": 303, "198.51.100.8, 203.0.113.9": 503} {
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
	for from, want := range map[string]int{"2001:db8:1:2:3::4": 503, "2001:db8:1:3::1": 303} {
		client.header = map[string]string{"X-Forwarded-For": from}
		if res, _ := client.get("/"); res.StatusCode != want {
			t.Errorf("%s: %d, want %d", from, res.StatusCode, want)
		}
	}
}

// publicSamples are the pages for people at home, and the centre's about them.
func publicSamples() []sample {
	facts := func(t say) []view.Fact {
		return []view.Fact{{Name: t("field.branch"), Value: "Perpustakaan Genteng"}, {Name: t("public.until"), Value: "30-12-2026"}}
	}
	bring := func(t say) []string {
		return []string{t("public.bring.document", "KTP"), t("public.bring.reference"), t("public.bring.photo")}
	}
	status := func(t say, says view.Note) *view.PublicStatus {
		v := &view.PublicStatus{Action: "/x", Says: says, Reference: view.Field{Name: "reference", Label: t("public.reference"), Hint: t("public.reference.hint")},
			Birth: view.DateField{Name: "birth", Label: t("field.birth")}}
		v.Title, v.Page.Officer.Name = t("public.status"), "-"
		return v
	}
	return []sample{
		{"public-begin", "public-begin", func(t say) view.Framed {
			v := &view.PublicBegin{Lead: t("public.begin.text"), Points: []string{t("public.begin.document"), t("public.begin.branch"), t("public.begin.visit"), t("public.begin.days", 30)},
				Action: "/x", Button: t("public.begin.go_on"), Again: true, Status: "/x"}
			v.Title, v.Page.Officer.Name = t("public.begin"), "-"
			return v
		}},
		{"public-begin-closed", "public-begin", func(t say) view.Framed {
			v := &view.PublicBegin{Lead: t("public.begin.text"), Closed: view.Note{Title: t("error.public_closed"), Text: t("error.public_closed.hint")}, Status: "/x"}
			v.Title, v.Page.Officer.Name = t("public.begin"), "-"
			return v
		}},
		{"public-branch", "registration-turned", func(t say) view.Framed {
			v := &view.Turned{Heading: t("turned.page.cabang"), Hint: t("turned.of", 1, 13), Action: "/x", Button: t("turned.next")}
			v.Entries = []view.Entry{{Span: 12, Radios: &view.Choice{Name: "branch", Label: t("field.branch"), Options: []view.Option{{Value: "a", Text: "Keliling Selatan", Hint: t("public.stops")}, {Value: "b", Text: "Perpustakaan Genteng"}}}}}
			v.Title, v.Page.Officer.Name = t("turned.title"), "-"
			return v
		}},
		{"public-consent", "registration-turned", func(t say) view.Framed {
			v := &view.Turned{Heading: t("turned.page.setuju"), Hint: t("turned.of", 12, 12), Back: "/x", Action: "/x", Button: t("turned.next")}
			for _, c := range library.DefaultConsents("Dinas Contoh", 5) {
				v.Consents = append(v.Consents, view.ConsentBox{Title: c.Title, Paragraphs: c.Paragraphs(), Version: c.Version,
					Check: view.Check{Name: "consent_" + string(c.Kind), Label: t("public.agree." + string(c.Kind) + ".self"), Value: c.Version}})
			}
			v.Title, v.Page.Officer.Name = t("turned.title"), "-"
			return v
		}},
		{"public-end", "public-end", func(t say) view.Framed {
			v := &view.PublicEnd{Reference: "K7QM-3XW9", Facts: facts(t), Bring: bring(t), Status: "/x"}
			v.Title, v.Page.Officer.Name = t("public.end"), "-"
			return v
		}},
		{"public-status", "public-status", func(t say) view.Framed { return status(t, view.Note{}) }},
		{"public-status-answer", "public-status", func(t say) view.Framed {
			v := status(t, view.Note{Title: t("public.state.arrived"), Text: t("public.state.arrived.text")})
			v.Facts, v.Bring = facts(t), bring(t)
			return v
		}},
		{"from-home", "from-home", func(t say) view.Framed {
			v := &view.FromHome{Sub: t("fromhome.sub", 2), Action: "/x", Door: "/x", Open: true, Address: publicAt,
				Branch: view.Choice{Name: "cabang", Label: t("field.branch"), Empty: t("fromhome.every"), Optional: true, Options: []view.Option{{Value: "a", Text: t("fromhome.count", "Perpustakaan Genteng", 2)}}}}
			v.Title = t("fromhome.title")
			v.Table = view.Table{Caption: v.Title, Columns: []view.Column{{Text: t("field.name")}, {Text: t("public.reference")}, {Text: t("field.branch")}, {Text: t("fromhome.since")}, {Text: t("members.status")}},
				Rows: []view.Row{{Link: "/x", Cells: []view.Cell{{Text: "Ayu Lestari"}, {Text: "K7QM-3XW9"}, {Text: "Perpustakaan Genteng"}, {Text: "23-11-2026"}, {Text: t("stage.opened")}}},
					{Link: "/x", Cells: []view.Cell{{Text: "Bagas Prayoga"}, {Text: "XRB2-KP7C"}, {Text: t("fromhome.closed_branch"), State: view.Warn}, {Text: "22-11-2026"}, {Text: t("stage.opened")}}}}}
			return v
		}},
		{"from-home-empty", "from-home", func(t say) view.Framed {
			v := &view.FromHome{Sub: t("fromhome.sub", 0), Action: "/x", Door: "/x", Branch: view.Choice{Name: "cabang", Label: t("field.branch"), Empty: t("fromhome.every"), Optional: true},
				Table: view.Table{Empty: view.Empty{Title: t("fromhome.empty"), Text: t("fromhome.empty.text")}}}
			v.Title = t("fromhome.title")
			return v
		}},
		{"from-home-one", "from-home-one", func(t say) view.Framed {
			v := &view.FromHomeOne{Back: "/x", Look: "/x", Action: "/x", Facts: []view.Fact{{Name: t("public.reference"), Value: "K7QM-3XW9"}, {Name: t("field.branch"), Value: "Perpustakaan Genteng"}},
				Branch: view.Choice{Name: "branch", Label: t("fromhome.send_on"), Optional: true, Empty: t("fromhome.choose"), Options: []view.Option{{Value: "b", Text: "Perpustakaan Srono"}}}}
			v.Title = "Ayu Lestari"
			return v
		}},
	}
}
