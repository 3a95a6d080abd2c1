package nodetest

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// Browser is an HTTP client with cookies and without JavaScript: it follows
// links and fills forms as they stand on the page.
type Browser struct {
	t    testing.TB
	base string
	http *http.Client
}

// Page is an answer.
type Page struct {
	Status int
	URL    string
	Body   string
	Header http.Header
	root   *html.Node
}

// Browser makes a browser that has visited nothing.
func (n *Node) Browser(t testing.TB) *Browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Browser{t: t, base: n.URL, http: &http.Client{Jar: jar, Timeout: time.Minute}}
}

// Phone makes a browser of a visitor's phone on the library's network, and opens the door for it: the node must have been
// started with WithAddresses.
func (n *Node) Phone(t testing.TB) *Browser {
	t.Helper()
	if !n.Desk.Settings().LAN {
		n.AllowPhones(t, FreePort(t))
	}
	b := n.Browser(t)
	b.base = n.DoorURL(t)
	return b
}

// AtHome makes a browser of somebody at home: the node must have been started with Public.
func (n *Node) AtHome(t testing.TB) *Browser {
	t.Helper()
	b := n.Browser(t)
	b.base = n.SiteURL()
	return b
}

// AllowPhones lets phones come in, at a port.
func (n *Node) AllowPhones(t testing.TB, port int) {
	t.Helper()
	if err := n.Desk.SetSettings(context.Background(), n.Officer, Op(t), map[string]any{"lan": true, "lan_port": port}); err != nil {
		t.Fatal(err)
	}
}

// DoorURL waits until phones can come in, and says where.
func (n *Node) DoorURL(t testing.TB) string {
	t.Helper()
	for range 600 {
		if at := n.Door().URL; at != "" {
			return at
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("phones cannot come in: %+v", n.Door())
	return ""
}

// FreePort is a port of loopback on which nobody listens.
func FreePort(t testing.TB) int {
	t.Helper()
	ln, err := net.Listen("tcp4", "127.0.0.2:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().(*net.TCPAddr).Port
}

// SignedIn makes a browser in which the first officer has signed in.
func (n *Node) SignedIn(t testing.TB) *Browser {
	t.Helper()
	b := n.Browser(t)
	p := b.Get("/masuk")
	p = b.Submit(p, "/masuk", url.Values{"login": {Login}, "password": {Password}, "next": {"/lencana"}})
	if p.Status != http.StatusOK {
		t.Fatalf("sign-in: %d %s", p.Status, p.Text())
	}
	return b
}

// Cookie is the value of a cookie of this browser, "" when it has none of that name.
func (b *Browser) Cookie(name string) string {
	b.t.Helper()
	at, err := url.Parse(b.base)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range b.http.Jar.Cookies(at) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// SetCookie gives this browser a cookie.
func (b *Browser) SetCookie(name, value string) {
	b.t.Helper()
	at, err := url.Parse(b.base)
	if err != nil {
		b.t.Fatal(err)
	}
	b.http.Jar.SetCookies(at, []*http.Cookie{{Name: name, Value: value}})
}

// Get opens a page.
func (b *Browser) Get(path string) *Page {
	b.t.Helper()
	res, err := b.http.Get(b.base + path)
	return b.page(res, err)
}

// Submit sends the form of the page whose action is given, with its hidden
// fields and present values, changed by values. A nil value list removes a field.
func (b *Browser) Submit(p *Page, action string, values url.Values) *Page {
	b.t.Helper()
	form := p.Form(action)
	if form == nil {
		b.t.Fatalf("no form for %s on %s:\n%s", action, p.URL, p.Text())
	}
	for name, list := range values {
		if list == nil {
			form.Del(name)
			continue
		}
		form[name] = list
	}
	return b.Post(action, form)
}

// Post sends a form.
func (b *Browser) Post(path string, form url.Values) *Page {
	b.t.Helper()
	req, err := http.NewRequest(http.MethodPost, b.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", b.base)
	res, err := b.http.Do(req)
	return b.page(res, err)
}

func (b *Browser) page(res *http.Response, err error) *Page {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	if i := bytes.Index(body, []byte("⟦")); i >= 0 && strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		b.t.Errorf("%s: missing words: %.60s", res.Request.URL.Path, body[i:])
	}
	p := &Page{Status: res.StatusCode, URL: res.Request.URL.RequestURI(), Body: string(body), Header: res.Header}
	read := p.Body
	if res.Header.Get("Content-Type") == "application/octet-stream" {
		read = "" // a file, which may hold anything
	}
	if p.root, err = html.Parse(strings.NewReader(read)); err != nil {
		b.t.Fatal(err)
	}
	return p
}

// Form collects what the form with that action would send; nil when there is
// none. A button of the form that carries a name is not pressed.
func (p *Page) Form(action string) url.Values {
	var form *html.Node
	walk(p.root, func(n *html.Node) {
		if form == nil && n.Data == "form" && attr(n, "action") == action {
			form = n
		}
	})
	if form == nil {
		return nil
	}
	out := url.Values{}
	walk(form, func(n *html.Node) {
		name := attr(n, "name")
		if name == "" || has(n, "disabled") {
			return
		}
		switch n.Data {
		case "input":
			kind := attr(n, "type")
			if (kind == "checkbox" || kind == "radio") && !has(n, "checked") || kind == "submit" || kind == "file" {
				return
			}
			value := attr(n, "value")
			if kind == "checkbox" && value == "" {
				value = "on"
			}
			out.Add(name, value)
		case "textarea":
			out.Add(name, strings.ReplaceAll(written(n), "\n", "\r\n")) // as browsers send it
		case "select":
			walk(n, func(o *html.Node) {
				if o.Data == "option" && has(o, "selected") {
					out.Add(name, attr(o, "value"))
				}
			})
		}
	})
	return out
}

// Actions lists the actions of all forms on the page.
func (p *Page) Actions() []string {
	var out []string
	walk(p.root, func(n *html.Node) {
		if n.Data == "form" {
			out = append(out, attr(n, "action"))
		}
	})
	return out
}

// Text is what a person reads on the page, one space between words.
func (p *Page) Text() string { return text(p.root) }

// Has reports whether a person can read a sentence on the page.
func (p *Page) Has(sentence string) bool { return strings.Contains(p.Text(), sentence) }

func text(n *html.Node) string {
	var b strings.Builder
	var visit func(*html.Node)
	visit = func(n *html.Node) {
		if n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style" || n.Data == "template") {
			return
		}
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			visit(c)
		}
	}
	visit(n)
	return strings.Join(strings.Fields(b.String()), " ")
}

// written is the text inside an element with its line breaks.
func written(n *html.Node) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(c.Data)
	}
	return b.String()
}

func walk(n *html.Node, f func(*html.Node)) {
	if n.Type == html.ElementNode {
		f(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, f)
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// Upload sends a form with a file in it, as a browser sends multipart/form-data.
func (b *Browser) Upload(path string, form url.Values, field, name string, content []byte) *Page {
	b.t.Helper()
	return b.UploadAll(path, form, File{field, name, content})
}

// File is one file of a form.
type File struct {
	Field, Name string
	Content     []byte
}

// UploadAll is Upload with several files.
func (b *Browser) UploadAll(path string, form url.Values, files ...File) *Page {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for key, list := range form {
		for _, value := range list {
			if err := w.WriteField(key, value); err != nil {
				b.t.Fatal(err)
			}
		}
	}
	for _, file := range files {
		part, err := w.CreateFormFile(file.Field, file.Name)
		if err == nil {
			_, err = part.Write(file.Content)
		}
		if err != nil {
			b.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, b.base+path, &body)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Origin", b.base)
	res, err := b.http.Do(req)
	return b.page(res, err)
}
