package ui

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/text"
	"simpul/ui/view"
)

// request is one request with what handlers need of it. It lives as long as the handler.
type request struct {
	*fiber.Ctx
	server  *server
	lang    string
	theme   string
	token   string // of the session cookie
	session Session
	known   bool // the session was found
	form    url.Values
	sent    map[string][]*multipart.FileHeader // files
}

const (
	langCookie  = "simpul_bahasa"
	themeCookie = "simpul_tampilan"
	csrfField   = "_csrf"
	csrfHeader  = "X-Csrf-Token"
)

func (s *server) request(c *fiber.Ctx, active bool) *request {
	r := &request{Ctx: c, server: s, lang: text.Known(c.Cookies(langCookie)), theme: c.Cookies(themeCookie)}
	if r.theme != "light" && r.theme != "dark" {
		r.theme = "auto"
	}
	r.token = c.Cookies(s.sessionCookie(c))
	if r.token != "" {
		session, err := s.Sessions.Session(c.UserContext(), r.token, active)
		r.session, r.known = session, err == nil
	}
	return r
}

// ctx ends at the request's deadline. Pass it to use cases; never Fiber's own.
func (r *request) ctx() context.Context { return r.UserContext() }

// now is the node's clock.
func (r *request) now() time.Time { return r.server.Now() }

// t returns the sentence for key in the reader's language.
func (r *request) t(key string, args ...any) string { return r.server.words.T(r.lang, key, args...) }

// signedIn reports whether an officer sits there and the screen is not locked.
func (r *request) signedIn() bool { return r.known && !r.session.Kiosk && !r.session.Locked }

// actor is who carries out a use case; nobody (the kiosk) without a sign-in.
func (r *request) actor() desk.Actor {
	if !r.signedIn() {
		return desk.Kiosk
	}
	return desk.Actor{Officer: r.session.Officer, Role: r.session.Role}
}

// may reports whether the officer has a permission; screens hide what it forbids, use cases refuse it.
func (r *request) may(p library.Permission) bool { return r.signedIn() && r.session.Role.May(p) }

// admit decides whether the request may come in.
func (r *request) admit(a access) error {
	setup := r.server.notSetUp()
	local := fromThisPC(r.Ctx)
	far := library.E(library.KindForbidden, "error.loopback").Hinted("error.loopback.hint")
	switch {
	case a.who == whoAnyone:
		return nil
	case a.who == whoSetup && !setup:
		return library.E(library.KindNotFound, "error.not_found")
	case a.who == whoSetup || a.who == whoLoopback:
		if !local {
			return far
		}
		return nil
	case a.who == whoKiosk:
		if !local && !(r.known && r.session.Kiosk) {
			return far
		}
		return nil
	case a.who != whoOfficer && a.who != whoDoor:
		return library.E(library.KindForbidden, "error.forbidden")
	case !local && !r.server.TLS:
		return far
	case a.who == whoDoor:
		return nil
	case !r.signedIn():
		return library.E(library.KindUnauthenticated, "error.unauthenticated")
	case a.may != 0 && !r.may(a.may):
		return library.E(library.KindForbidden, "error.forbidden").Hinted("error.forbidden.hint")
	}
	return nil
}

// readBody takes the body into memory when its stated length is within the limit, and parses the form in it.
func (r *request) readBody(limit int) error {
	length := r.Request().Header.ContentLength()
	switch {
	case !unsafeMethod(r.Method()):
		return nil
	case length > limit:
		r.discard(length)
		return library.E(library.KindInvalid, "error.too_large").With(limit >> 20).Hinted("error.too_large.hint")
	case length < 0:
		// A browser states the length of a form; what does not is no form of ours.
		r.Context().SetConnectionClose()
		return fiber.ErrLengthRequired
	}
	body := r.Body()
	kind, parameters, _ := strings.Cut(r.Get(fiber.HeaderContentType), ";")
	switch strings.TrimSpace(strings.ToLower(kind)) {
	case fiber.MIMEApplicationForm:
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return library.E(library.KindInvalid, "error.invalid").Because(errors.New("form encoding"))
		}
		r.form = form
	case fiber.MIMEMultipartForm:
		_, boundary, _ := strings.Cut(parameters, "boundary=")
		reader := multipart.NewReader(bytes.NewReader(body), strings.Trim(boundary, `" `))
		// The memory allowed is the whole body, so nothing goes to a temporary file.
		parsed, err := reader.ReadForm(int64(len(body)) + formLimit)
		if err != nil {
			return library.E(library.KindInvalid, "error.invalid").Because(errors.New("multipart encoding"))
		}
		r.form, r.sent = parsed.Value, parsed.File
	}
	return nil
}

// discard takes a body that is too large off the line without keeping it: a browser that is still sending would otherwise
// see a broken connection instead of our sentence. What is larger still is cut off.
func (r *request) discard(length int) {
	r.Context().SetConnectionClose()
	if body := r.Context().RequestBodyStream(); body != nil && length <= discardLimit {
		_, _ = io.Copy(io.Discard, body)
	}
}

// value returns one field of the form as it was sent, without the spaces around it. It is ours to keep.
func (r *request) value(name string) string { return strings.TrimSpace(r.form.Get(name)) }

// values returns all values of one field.
func (r *request) values(name string) []string { return r.form[name] }

// ticked reports whether a box was ticked.
func (r *request) ticked(name string) bool { return r.form.Get(name) != "" }

// file returns an uploaded file, or nil when none was chosen. Its name is the visitor's: never use it as a path.
func (r *request) file(name string) ([]byte, error) {
	headers := r.sent[name]
	if len(headers) == 0 || headers[0].Size == 0 {
		return nil, nil
	}
	file, err := headers[0].Open()
	if err != nil {
		return nil, library.E(library.KindInvalid, "error.invalid").Because(err)
	}
	defer file.Close()
	return io.ReadAll(file)
}

// param returns a part of the path. It is decoded, and ours to keep.
func (r *request) param(name string) string { return r.Params(name) }

// id returns a part of the path as an id; what is none was not found.
func (r *request) id(name string) (library.ID, error) {
	id, err := library.ParseID(r.Params(name))
	if err != nil {
		return library.ID{}, library.E(library.KindNotFound, "error.not_found")
	}
	return id, nil
}

// operation returns the id that makes sending this form twice harmless.
func (r *request) operation() (library.ID, error) {
	id, err := library.ParseID(r.form.Get(operationField))
	if err != nil || id.IsZero() {
		return library.ID{}, library.E(library.KindInvalid, "error.operation")
	}
	return id, nil
}

// fragment reports whether htmx asks: then a block is enough.
func (r *request) fragment() bool { return r.Get("HX-Request") == "true" }

// csrf is the token of forms: derived from the session's, so nothing needs to be stored or expires on its own.
func (r *request) csrf() string {
	if r.token == "" || !r.known {
		return ""
	}
	mac := hmac.New(sha256.New, []byte(r.token))
	mac.Write([]byte("simpul form token 1"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func (r *request) tokenMatches() bool {
	sent := r.form.Get(csrfField)
	if sent == "" {
		sent = r.Get(csrfHeader)
	}
	return hmac.Equal([]byte(sent), []byte(r.csrf()))
}

// sessionCookie is the name of the cookie. The port is in it, because browsers give the cookies of one host to every
// port, and a PC may run several nodes. "__Host-" needs Secure, which plain http keeps only on some browsers.
func (s *server) sessionCookie(c *fiber.Ctx) string {
	if s.TLS {
		return "__Host-simpul"
	}
	return "simpul_" + port(c.Hostname())
}

// remember gives the browser the token of its new session.
func (r *request) remember(token string) { r.setCookie(r.server.sessionCookie(r.Ctx), token, 0) }

// forget ends the browser's side of the session and drops what it kept of our pages.
func (r *request) forget() {
	r.setCookie(r.server.sessionCookie(r.Ctx), "", -1)
	r.Set("Clear-Site-Data", `"cache", "storage"`)
}

func (r *request) setCookie(name, value string, age int) {
	cookie := &fiber.Cookie{Name: name, Value: value, Path: "/", HTTPOnly: true, Secure: r.server.secure(r.Ctx),
		SameSite: fiber.CookieSameSiteStrictMode, MaxAge: age}
	if age < 0 {
		cookie.Expires = time.Unix(0, 0)
	}
	if age == 0 {
		cookie.SessionOnly = true
	}
	r.Cookie(cookie)
}

// bareProblems are those whose sentence fits any field, so that the summary has to name it.
var bareProblems = map[string]bool{
	library.KeyMissing: true, library.KeyChoose: true, library.KeyTooLong: true, library.KeyDateUnreadable: true, library.KeyDateImpossible: true,
}

// problems puts the problems of an error into the reader's words. Other errors have none.
func (r *request) problems(err error) view.Problems {
	var found view.Problems
	for _, p := range library.ProblemsOf(err) {
		found = append(found, view.Problem{Field: p.Field, Text: r.t(p.Key, p.Args...), Warning: p.Warning, Bare: bareProblems[p.Key]})
	}
	return found
}

// page renders a view: whole, or only its content when htmx asks for it.
func (r *request) page(name string, v view.Framed) error { return r.reply(http.StatusOK, name, v) }

// invalid renders a form again with what was found wrong in it. The view holds what was typed. It returns err itself
// when that is no error of the form, so a handler may end with it.
func (r *request) invalid(name string, v view.Framed, err error) error {
	if library.KindOf(err) != library.KindInvalid || len(library.ProblemsOf(err)) == 0 {
		return err
	}
	v.Base().Problems = r.problems(err)
	return r.reply(http.StatusUnprocessableEntity, name, v)
}

func (r *request) reply(status int, name string, v view.Framed) error {
	r.frame(v.Base())
	v.Base().Problems = v.Base().Problems.Named(v)
	r.Status(status)
	r.Type("html", "utf-8")
	var out bytes.Buffer
	var err error
	if r.fragment() {
		err = r.server.render.block(&out, r.lang, name, "content", v)
	} else {
		err = r.server.render.page(&out, r.lang, name, v)
	}
	if err != nil {
		return err
	}
	return r.Send(out.Bytes())
}

// part renders one block of a page that htmx asked for. v is what that block takes.
func (r *request) part(page, block string, v any) error {
	r.Type("html", "utf-8")
	var out bytes.Buffer
	if err := r.server.render.block(&out, r.lang, page, block, v); err != nil {
		return err
	}
	return r.Send(out.Bytes())
}

// unchanged answers a fragment that asked again: nothing moves on the screen.
func (r *request) unchanged() error { return r.SendStatus(http.StatusNoContent) }

// redirect sends the browser to another page after something was done, so that reloading does not do it again.
func (r *request) redirect(path string) error {
	if r.fragment() {
		r.Set("HX-Redirect", path)
		return r.SendStatus(http.StatusOK)
	}
	return r.Redirect(path, http.StatusSeeOther)
}

// doneCookie carries one key from a redirect to the page it leads to: what has just been done.
const (
	doneCookie  = "simpul_selesai"
	doneSeconds = 20
)

// done is redirect with one sentence for the next page. key begins with "done." and takes no arguments, so that no name
// gets into a cookie.
func (r *request) done(path, key string) error {
	r.setCookie(doneCookie, strings.TrimPrefix(key, "done."), doneSeconds)
	return r.redirect(path)
}

// justDone is the sentence of the redirect that led here, once.
func (r *request) justDone() string {
	key := "done." + r.Cookies(doneCookie)
	if key == "done." {
		return ""
	}
	r.setCookie(doneCookie, "", -1)
	if !r.server.words.Has(key) {
		return ""
	}
	return r.t(key)
}
