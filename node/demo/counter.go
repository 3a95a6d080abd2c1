package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"simpul/node/library"
)

// Counter is an officer at a browser without JavaScript: it sends the forms of the six steps over HTTP. It is for one
// goroutine; several share the session's cookie.
type Counter struct {
	base   string // http://127.0.0.1:8710
	cookie string
	csrf   string
	http   *http.Client
	random io.Reader // of operation ids
}

// Step is what has been acknowledged of one registration; the server's answers alone count.
type Step int

// The steps in their order.
const (
	Opened Step = iota + 1
	Identified
	Filled
	Verified
	PhotoAnswered
	Issued
	HandedOver
)

var formToken = regexp.MustCompile(`name="_csrf" value="([^"]+)"`)

// NewCounter opens the desk's page with the token of a session, as its cookie.
func NewCounter(ctx context.Context, base, session string, random io.Reader) (*Counter, error) {
	at, err := url.Parse(base)
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	c := &Counter{base: base, cookie: "simpul_" + at.Port() + "=" + session, random: random,
		http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	_, page, _, err := c.Get(ctx, "/meja")
	if err != nil {
		return nil, err
	}
	found := formToken.FindStringSubmatch(page)
	if found == nil {
		return nil, errors.New("demo: the desk's page has no form token: is the session good?")
	}
	c.csrf = found[1]
	return c, nil
}

// Close gives the connection back.
func (c *Counter) Close() { c.http.CloseIdleConnections() }

// Get asks for a page and returns its status, body and where it redirects to.
func (c *Counter) Get(ctx context.Context, path string) (status int, body, location string, err error) {
	return c.send(ctx, http.MethodGet, path, nil)
}

// Post sends a form with the session's token and a fresh operation id.
func (c *Counter) Post(ctx context.Context, path string, form url.Values) (status int, body, location string, err error) {
	op, err := library.NewID(c.random)
	if err != nil {
		return 0, "", "", err
	}
	form.Set("_csrf", c.csrf)
	form.Set("_op", op.String())
	return c.send(ctx, http.MethodPost, path, form)
}

func (c *Counter) send(ctx context.Context, method, path string, form url.Values) (int, string, string, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, "", "", fmt.Errorf("demo: %w", err)
	}
	req.Header.Set("Cookie", c.cookie)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", c.base)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return 0, "", "", fmt.Errorf("demo: %w", err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, "", "", fmt.Errorf("demo: %w", err)
	}
	return res.StatusCode, string(body), res.Header.Get("Location"), nil
}

// Register takes one person through the steps. acknowledged (which may be nil) is told each step that the server has
// answered for. It stops at the first answer that is not the redirect of a step that was saved.
func (c *Counter) Register(ctx context.Context, form library.Form, acknowledged func(id library.ID, step Step)) error {
	post := func(path string, values url.Values) (string, error) {
		status, body, location, err := c.Post(ctx, path, values)
		if err == nil && status != http.StatusSeeOther {
			err = fmt.Errorf("demo: %s answered %d: %.2000s", path, status, body)
		}
		return location, err
	}
	location, err := post("/daftar", url.Values{})
	if err != nil {
		return err
	}
	id, err := library.ParseID(strings.Trim(strings.TrimPrefix(location, "/daftar/"), "/"))
	if err != nil {
		return fmt.Errorf("demo: opened at %q: %w", location, err)
	}
	if acknowledged != nil {
		acknowledged(id, Opened)
	}
	path := "/daftar/" + id.String()
	for i, step := range c.steps(form) {
		if _, err := post(path+step.path, step.form); err != nil {
			return err
		}
		if acknowledged != nil {
			acknowledged(id, Opened+Step(i+1))
		}
	}
	return nil
}

type formStep struct {
	path string
	form url.Values
}

func (c *Counter) steps(form library.Form) []formStep {
	by, how := "self", "in-person"
	if form.Guardian.Name != "" {
		by, how = "guardian", "guardian"
	}
	filled := url.Values{"do": {"save"}, "by": {"officer"}}
	checked := url.Values{"result": {"verified"}}
	for _, field := range library.Fields() {
		filled.Set(field, form.Value(field))
		checked.Set("ok_"+field, "1")
	}
	filled.Set("birth_d", fmt.Sprint(form.Birth.Day))
	filled.Set("birth_m", fmt.Sprint(form.Birth.Month))
	filled.Set("birth_y", fmt.Sprint(form.Birth.Year))
	return []formStep{
		{"/identitas", url.Values{"identity": {string(form.Identity)}, "explained": {"1"}, "consent_membership": {"1"}, "consent_photo": {"1"}, "by": {by}, "how": {"screen"}}},
		{"/formulir", filled},
		{"/periksa", checked},
		{"/foto/menyusul", url.Values{}},
		{"/kartu", url.Values{}},
		{"/serahkan", url.Values{"to": {by}, "how": {how}}},
	}
}
