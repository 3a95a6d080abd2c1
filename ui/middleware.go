package ui

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"simpul/node/library"
)

// policy forbids everything that does not come from this node: no inline script or style, no frame, no request leaves
// the PC (research on secure headers: OWASP ASVS 5.0, 3.4).
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"

// requestIDKey is where the request id stands in the context of Fiber.
const requestIDKey = "request id"

// guard stands before every route: it names the request, bounds it in time, refuses foreign hosts and origins, sets the
// headers, catches panics, and writes one line into the log.
func (s *server) guard(c *fiber.Ctx) (err error) {
	started := s.Now()
	id, err := newToken(s.Random, 10)
	if err != nil {
		return fmt.Errorf("name request: %w", err)
	}
	c.Locals(requestIDKey, id)
	s.headers(c, id)
	ctx, cancel := context.WithTimeout(context.Background(), s.Deadline)
	defer cancel()
	c.SetUserContext(ctx)
	err = s.checked(c)
	if err != nil {
		// Rendered here, so that the log line below holds the status that was sent.
		err = s.fail(c, err)
	}
	s.Log.Info("request", "id", id, "method", c.Method(), "route", c.Route().Path, "status", c.Response().StatusCode(),
		"ms", s.Now().Sub(started).Milliseconds())
	return err
}

func (s *server) checked(c *fiber.Ctx) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			s.Log.Error("panic in a handler", "id", requestID(c), "route", c.Route().Path, "type", fmt.Sprintf("%T", cause),
				slog.String("stack", string(debug.Stack())))
			err = library.E(library.KindInternal, "error.internal")
		}
	}()
	if !s.ownHost(c) {
		return library.E(library.KindForbidden, "error.host").Hinted("error.host.hint")
	}
	if unsafeMethod(c.Method()) && !s.sameOrigin(c) {
		return library.E(library.KindForbidden, "error.origin").Hinted("error.origin.hint")
	}
	return c.Next()
}

func (s *server) headers(c *fiber.Ctx, id string) {
	c.Set("X-Request-Id", id)
	c.Set(fiber.HeaderContentSecurityPolicy, policy)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	// same-origin, not no-referrer: that one turns the Origin of plain forms into "null".
	c.Set(fiber.HeaderReferrerPolicy, "same-origin")
	if !s.phones { // plain http from another device: browsers ignore it there, and complain
		c.Set("Cross-Origin-Opener-Policy", "same-origin")
	}
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	c.Set("Permissions-Policy", "camera=(self), microphone=(), geolocation=(), payment=(), usb=()")
	c.Set(fiber.HeaderCacheControl, "no-store")
	if s.secure(c) && s.wholeHost(c) {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
}

// wholeHost says that this name is ours on every port: browsers keep HSTS for the name, and the same PC may answer http for
// something else (INLISLite) on another.
func (s *server) wholeHost(c *fiber.Ctx) bool {
	if s.public && forwarded(c) != "" { // the browser sees the proxy's port
		port := s.publicURL().Port()
		return port == "" || port == "443"
	}
	_, port, err := net.SplitHostPort(c.Hostname())
	return err != nil || port == "443"
}

// ownHost refuses names that are not ours, against DNS rebinding: a foreign page may make its own name point at this PC,
// but it cannot make the browser send ours. The address that the connection came in on is always ours.
func (s *server) ownHost(c *fiber.Ctx) bool {
	host := strings.ToLower(hostname(c.Hostname()))
	if host == "localhost" {
		return true
	}
	if ip := net.ParseIP(host); ip != nil {
		local, ok := c.Context().LocalAddr().(*net.TCPAddr)
		return ip.IsLoopback() || ok && local.IP.Equal(ip)
	}
	if s.public {
		return host != "" && host == s.publicHost()
	}
	return s.Named != nil && s.Named(host) || slices.ContainsFunc(s.Hosts, func(own string) bool { return strings.EqualFold(own, host) })
}

// sameOrigin says that an unsafe request comes from a page of ours. Browsers send Sec-Fetch-Site only to trustworthy
// addresses, so on the LAN the Origin decides; a request with neither is not from a page.
func (s *server) sameOrigin(c *fiber.Ctx) bool {
	if site := c.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin"
	}
	origin, err := url.Parse(c.Get(fiber.HeaderOrigin))
	if err != nil || origin.Host == "" {
		return false
	}
	// A proxy may have put another host into the request.
	return strings.EqualFold(origin.Host, c.Hostname()) || s.public && strings.EqualFold(origin.Hostname(), s.publicHost())
}

// fromThisPC says that the other end of the connection is this very PC and the browser knows it by a loopback name.
func fromThisPC(c *fiber.Ctx) bool {
	host := hostname(c.Hostname())
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return false
	}
	return c.Context().RemoteIP().IsLoopback()
}

func hostname(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	return strings.Trim(hostport, "[]")
}

func unsafeMethod(method string) bool {
	return method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions
}

func requestID(c *fiber.Ctx) string {
	id, _ := c.Locals(requestIDKey).(string)
	return id
}
