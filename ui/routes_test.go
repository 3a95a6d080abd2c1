package ui

import (
	"bytes"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"simpul/node/library"
)

// visitorTo is a client of a running app on loopback: plain HTTP, as a browser without JavaScript sends it.
type visitorTo struct {
	t      *testing.T
	base   string
	host   string // sent as Host when set
	token  string
	header map[string]string
}

// listen starts the app on a free port.
func listen(t *testing.T, s *server) *visitorTo {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.app.Listener(listener) }()
	t.Cleanup(func() { _ = s.app.ShutdownWithTimeout(5 * time.Second) })
	return &visitorTo{t: t, base: "http://" + listener.Addr().String()}
}

func (v *visitorTo) send(method, path, kind string, body io.Reader) (*http.Response, string) {
	v.t.Helper()
	req, err := http.NewRequest(method, v.base+path, body)
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Origin", v.base)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if v.token != "" {
		req.AddCookie(&http.Cookie{Name: "simpul_" + req.URL.Port(), Value: v.token})
	}
	for name, value := range v.header {
		req.Header.Set(name, value)
	}
	if v.host != "" {
		req.Host = v.host
	}
	client := http.Client{Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		v.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return res, string(page)
}

func (v *visitorTo) get(path string) (*http.Response, string) { return v.send("GET", path, "", nil) }

func (v *visitorTo) post(path, form string) (*http.Response, string) {
	return v.send("POST", path, "application/x-www-form-urlencoded", strings.NewReader(form))
}

// withRoutes adds routes of the test to the table.
func withRoutes(t *testing.T, routes ...route) *server {
	t.Helper()
	s := newTestServer(t)
	mount(s, routes...)
	return s
}

// mount puts routes before the last line of the app, which says that there is no such page.
func mount(s *server, routes ...route) {
	fresh := s.fiberApp()
	for _, r := range append(routes, s.routes()...) {
		fresh.Add(r.method, r.path, s.serve(r))
	}
	s.app = fresh
}

func TestHostsAndOrigins(t *testing.T) {
	s := newTestServer(t, func(c *Config) { c.Hosts = []string{"perpus.example"} })
	client := listen(t, s)
	for _, c := range []struct {
		name, method, host string
		header             map[string]string
		want               int
	}{
		{"own address", "GET", "", nil, http.StatusSeeOther},
		{"a name from the settings", "GET", "perpus.example", nil, http.StatusSeeOther},
		{"a rebound name", "GET", "evil.example", nil, http.StatusForbidden},
		{"another PC's address", "GET", "192.0.2.7", nil, http.StatusForbidden},
		{"form from here", "POST", "", nil, http.StatusSeeOther},
		{"form from elsewhere", "POST", "", map[string]string{"Origin": "http://evil.example"}, http.StatusForbidden},
		{"form without origin", "POST", "", map[string]string{"Origin": ""}, http.StatusForbidden},
		{"origin null", "POST", "", map[string]string{"Origin": "null"}, http.StatusForbidden},
		{"cross-site by fetch metadata", "POST", "", map[string]string{"Sec-Fetch-Site": "cross-site"}, http.StatusForbidden},
		{"same-site is not same-origin", "POST", "", map[string]string{"Sec-Fetch-Site": "same-site"}, http.StatusForbidden},
		{"same origin by fetch metadata", "POST", "", map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": ""}, http.StatusSeeOther},
	} {
		client.host, client.header = c.host, c.header
		path, kind := "/", ""
		if c.method == "POST" {
			path, kind = "/tampilan", "application/x-www-form-urlencoded"
		}
		res, _ := client.send(c.method, path, kind, strings.NewReader(""))
		if res.StatusCode != c.want {
			t.Errorf("%s: %d, want %d", c.name, res.StatusCode, c.want)
		}
		for _, header := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Request-Id"} {
			if res.Header.Get(header) == "" {
				t.Errorf("%s: no %s", c.name, header)
			}
		}
		if res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: may be stored", c.name)
		}
	}
}

func TestLook(t *testing.T) {
	client := listen(t, newTestServer(t))
	for back, want := range map[string]string{"/anggota": "/anggota", "//evil.example": "/", "https://evil.example": "/", `/\evil.example`: "/", "": "/"} {
		res, _ := client.post("/tampilan", "lang=en&theme=dark&back="+back)
		if got := res.Header.Get("Location"); got != want {
			t.Errorf("back to %q went to %q, want %q", back, got, want)
		}
		if cookies := res.Cookies(); len(cookies) != 2 || cookies[0].Value != "en" || cookies[1].Value != "dark" {
			t.Errorf("back to %q: cookies %v", back, cookies)
		}
	}
}

func TestAssets(t *testing.T) {
	s := newTestServer(t)
	client := listen(t, s)
	address, err := s.assets.url("simpul.css")
	if err != nil {
		t.Fatal(err)
	}
	res, _ := client.get(address)
	if res.StatusCode != 200 || !strings.Contains(res.Header.Get("Cache-Control"), "immutable") || res.Header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("style sheet: %d %v", res.StatusCode, res.Header)
	}
	client.header = map[string]string{"If-None-Match": res.Header.Get("ETag")}
	if res, _ := client.get(address); res.StatusCode != http.StatusNotModified {
		t.Errorf("unchanged style sheet: %d", res.StatusCode)
	}
	client.header = nil
	if res, _ := client.get("/aset/old/simpul.css"); res.StatusCode != 200 || res.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("address of an older release: %d %q", res.StatusCode, res.Header.Get("Cache-Control"))
	}
	if res, _ := client.get("/aset/x/../../app.go"); res.StatusCode != http.StatusNotFound {
		t.Errorf("path outside: %d", res.StatusCode)
	}
	if _, err := s.assets.url("no-such.css"); err == nil {
		t.Error("a template may name a file that is not there")
	}
}

func TestFailures(t *testing.T) {
	fails := func(path string, err error) route {
		return post(path, anyone(), func(*request) error { return err })
	}
	s := withRoutes(t,
		fails("/full", library.E(library.KindUnavailable, "error.unavailable")),
		fails("/taken", library.E(library.KindConflict, "error.conflict")),
		fails("/broken", io.ErrUnexpectedEOF),
		post("/panics", anyone(), func(*request) error { panic("Ayu Lestari") }),
	)
	client := listen(t, s)
	for path, want := range map[string]int{"/full": 503, "/taken": 409, "/broken": 500, "/panics": 500, "/nowhere": 404} {
		res, page := client.post(path, "name=D%27Artagnan+%26+Co")
		if res.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, res.StatusCode, want)
		}
		if strings.Contains(page, "EOF") || strings.Contains(page, "Ayu") || strings.Contains(page, "⟦") {
			t.Errorf("%s says too much or too little: %s", path, page)
		}
		if kept := strings.Contains(page, "D&#39;Artagnan &amp; Co"); kept != (want >= 500) {
			t.Errorf("%s: form kept %t", path, kept)
		}
	}
}

func TestTooLarge(t *testing.T) {
	var got []byte
	s := withRoutes(t,
		upload("/foto", anyone(), func(r *request) (err error) {
			got, err = r.file("photo")
			return err
		}),
	)
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	client := listen(t, s)
	send := func(path string, size int) int {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		part, err := form.CreateFormFile("photo", "a.jpg")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write(bytes.Repeat([]byte("x"), size))
		_ = form.Close()
		res, _ := client.send("POST", path, form.FormDataContentType(), &body)
		return res.StatusCode
	}
	if status := send("/foto", 12<<20); status != 200 || len(got) != 12<<20 {
		t.Errorf("12 MB photo: %d, %d bytes", status, len(got))
	}
	if status := send("/tampilan", 2<<20); status != http.StatusUnprocessableEntity {
		t.Errorf("2 MB where a small form belongs: %d", status)
	}
	left, err := os.ReadDir(temporary)
	if err != nil || len(left) > 0 {
		t.Errorf("an upload left %d temporary files, unsealed: %v", len(left), err)
	}
}

// TestInterruptedForm: the session ended in the middle of a form; after signing in, the form is still there.
func TestInterruptedForm(t *testing.T) {
	var received string
	s := withRoutes(t,
		post("/daftar", officerWho(library.DraftRegistration), func(r *request) error {
			received = r.value("name")
			return r.redirect("/meja")
		}),
		post("/masuk", anyone(), func(r *request) error {
			shown, err := r.resume(r.value("carry"))
			if err != nil || shown {
				return err
			}
			return r.redirect("/meja")
		}),
	)
	client := listen(t, s)
	res, page := client.post("/daftar", "name=Ayu+Lestari&_csrf=old&_op=abc")
	if res.StatusCode != http.StatusUnauthorized || strings.Contains(page, "Ayu") {
		t.Fatalf("without session: %d; the form must travel sealed", res.StatusCode)
	}
	_, rest, _ := strings.Cut(page, `name="carry" value="`)
	sealed, _, _ := strings.Cut(rest, `"`)
	client.token = string(library.RoleOfficer)
	_, page = client.post("/masuk", "carry="+sealed)
	for _, want := range []string{`action="/daftar"`, `name="name" value="Ayu Lestari"`, `name="_op" value="abc"`} {
		if !strings.Contains(page, want) {
			t.Fatalf("after sign-in the page lacks %s", want)
		}
	}
	if strings.Contains(page, `value="old"`) {
		t.Error("the old token came along")
	}
	if res, _ := client.post("/daftar", "name=Ayu&_csrf=old"); res.StatusCode != http.StatusForbidden || received != "" {
		t.Errorf("old token: %d", res.StatusCode)
	}
	_, rest, _ = strings.Cut(page, `action="/daftar"`)
	_, rest, _ = strings.Cut(rest, `name="_csrf" value="`)
	token, _, _ := strings.Cut(rest, `"`)
	if res, _ := client.post("/daftar", "name=Ayu+Lestari&_csrf="+token); res.StatusCode != http.StatusSeeOther || received != "Ayu Lestari" {
		t.Errorf("resent form: %d, received %q", res.StatusCode, received)
	}
	if res, _ := client.post("/masuk", "carry=AAAA"+sealed); res.StatusCode != http.StatusSeeOther {
		t.Errorf("a changed seal was opened: %d", res.StatusCode)
	}
}

// TestPollsLeaveThePageAlone: a screen that asks by itself is never replaced; when it is locked, the lock is laid over it.
func TestPollsLeaveThePageAlone(t *testing.T) {
	fails := func(*request) error { return io.ErrUnexpectedEOF }
	s := withRoutes(t, get("/gagal", anyone(), fails), post("/gagal", anyone(), fails))
	client := listen(t, s)
	client.header = map[string]string{"HX-Request": "true"}
	client.token = string(library.RoleOfficer)
	if res, page := client.get("/lencana"); res.StatusCode != 200 || !strings.HasPrefix(page, "<a id=\"badge\"") {
		t.Errorf("badge: %d %.80s", res.StatusCode, page)
	}
	if res, _ := client.get("/gagal"); res.StatusCode != 500 || res.Header.Get("HX-Reswap") != "none" {
		t.Errorf("failed poll: %d, swap %q", res.StatusCode, res.Header.Get("HX-Reswap"))
	}
	client.token = "locked"
	res, page := client.get("/lencana")
	if res.StatusCode != 401 || res.Header.Get("HX-Retarget") != "#lock" || !strings.Contains(page, `name="inplace"`) || strings.Contains(page, "<html") {
		t.Errorf("locked poll: %d into %q: %.80s", res.StatusCode, res.Header.Get("HX-Retarget"), page)
	}
	client.header["HX-Current-URL"] = client.base + "/daftar/a/formulir"
	res, page = client.post("/daftar/a/naskah", "name=Ayu+Lestari&_csrf=x")
	if res.StatusCode != 401 || res.Header.Get("HX-Retarget") != "#lock" || !strings.Contains(page, `name="inplace"`) || !strings.Contains(page, `value="/daftar/a/formulir"`) || strings.Contains(page, `name="carry"`) {
		t.Errorf("a draft kept on a locked screen: %d into %q: %.300s", res.StatusCode, res.Header.Get("HX-Retarget"), page)
	}
	if res, _ := client.post("/gagal", "name=Ayu"); res.Header.Get("HX-Reswap") != "none" {
		t.Errorf("a draft that cannot be kept replaces the form: %d into %q", res.StatusCode, res.Header.Get("HX-Retarget"))
	}
	if res, _ := client.post("/tampilan", "lang=id"); res.StatusCode != 200 || res.Header.Get("HX-Redirect") != "/" {
		t.Errorf("htmx form: %d to %q", res.StatusCode, res.Header.Get("HX-Redirect"))
	}
}

// TestLogHoldsNoData: neither the query nor the form nor the path's parameters reach the log.
func TestLogHoldsNoData(t *testing.T) {
	var log bytes.Buffer
	s := newTestServer(t, func(c *Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	mount(s, post("/f/:token", anyone(), func(*request) error { panic("3510124705980003") }))
	client := listen(t, s)
	client.post("/f/secret-token?q=Ayu", "nik=3510124705980003")
	if err := s.app.ShutdownWithTimeout(5 * time.Second); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"secret-token", "Ayu", "3510124705980003"} {
		if strings.Contains(log.String(), word) {
			t.Errorf("the log holds %q:\n%s", word, log.String())
		}
	}
	if !strings.Contains(log.String(), "route=/f/:token") {
		t.Errorf("the log lacks the request:\n%s", log.String())
	}
}
