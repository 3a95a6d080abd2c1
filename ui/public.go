package ui

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"simpul/ui/view"
)

// The public door is for people at home, at a centre. It is the only one that the internet may reach, as a rule through a
// reverse proxy on the same PC that does the TLS. Behind such a proxy every connection comes from loopback, so who asks is
// what the proxy says in X-Forwarded-For; from anywhere else nobody believes that header.

const (
	publicConnections = 1024 // at once
	// Mobile networks put thousands behind one address, so one address may do what a small school does.
	publicRate     = 10 // requests a second from one address, on and on
	publicBurst    = 240
	publicAllRate  = 100 // from all together
	publicAllBurst = 1000
	// Wrong pairs of reference and birth date, from all together.
	wrongAllRate  = 0.5
	wrongAllBurst = 300
)

// NewPublic builds the app for people at home: nobody is signed in, and no page of an officer is in it. It answers under the
// host of Config.PublicURL, and on this PC itself.
func NewPublic(cfg Config) (*fiber.App, error) {
	s, err := newPublic(cfg)
	if err != nil {
		return nil, err
	}
	return s.app, nil
}

func newPublic(cfg Config) (*server, error) {
	s, err := forVisitors(cfg)
	if err != nil {
		return nil, fmt.Errorf("public door: %w", err)
	}
	s.public, s.TLS = true, cfg.TLS
	s.strange = newLimiter(s.Now, strangeRate, strangeBurst)
	s.app.Server().Concurrency = publicConnections
	s.begins, s.wrong, s.wrongAll = newLimiter(s.Now, beginRate, beginBurst), newLimiter(s.Now, wrongRate, wrongBurst), newLimiter(s.Now, wrongAllRate, wrongAllBurst)
	each, all := newLimiter(s.Now, publicRate, publicBurst), newLimiter(s.Now, publicAllRate, publicAllBurst)
	for _, r := range s.publicRoutes() {
		answer := s.serve(r)
		s.app.Add(r.method, r.path, func(c *fiber.Ctx) error {
			if !each.allow(network(s.client(c))) || !all.allow("") {
				return tooMany(c)
			}
			return answer(c)
		})
	}
	return s, nil
}

// publicRoutes is the whole table of the public door. Each is open to everybody.
func (s *server) publicRoutes() []route {
	return slices.Concat(
		[]route{
			get("/", anyone(), publicHome),
			post("/tampilan", anyone(), changeLook),
		},
		s.publicFormRoutes(),
		s.webCardRoutes(),
		[]route{get("/*", anyone(), nothingPublic)},
	)
}

// publicHome is where somebody lands who typed the address of the library.
func publicHome(r *request) error {
	return r.redirect("/pendaftaran")
}

// nothingPublic is every other address.
func nothingPublic(r *request) error {
	v := &view.PhoneNote{State: view.Info, Text: r.t("public.nothing.text"), Link: view.Link{Path: "/", Text: r.t("public.nothing.home")}}
	v.Title = r.t("public.nothing")
	return r.reply(fiber.StatusNotFound, "phone-note", v)
}

// publicURL is where people at home reach the centre.
func (s *server) publicURL() *url.URL {
	if s.PublicURL != nil {
		if u, err := url.Parse(s.PublicURL()); err == nil {
			return u
		}
	}
	return &url.URL{}
}

// publicHost is the host of that address, without port; "" while there is none.
func (s *server) publicHost() string { return strings.ToLower(s.publicURL().Hostname()) }

// forwarded is what a proxy on this PC says of who asks; "" when there is none.
func forwarded(c *fiber.Ctx) string {
	lines := c.Request().Header.PeekAll(fiber.HeaderXForwardedFor)
	if len(lines) == 0 || !c.Context().RemoteIP().IsLoopback() {
		return ""
	}
	last := string(lines[len(lines)-1]) // some proxies add a line, others to the line
	return strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])
}

// client is who asks. Of the list in X-Forwarded-For only the last entry is the proxy's own; those before it say what the
// client likes.
func (s *server) client(c *fiber.Ctx) netip.Addr {
	if ip, err := netip.ParseAddr(forwarded(c)); s.public && err == nil {
		return ip.Unmap().WithZone("")
	}
	ip, _ := netip.AddrFromSlice(c.Context().RemoteIP())
	return ip.Unmap()
}

// network is what limits count: an address of IPv4, and of IPv6 the /64 that one household has.
func network(ip netip.Addr) string {
	if !ip.Is6() {
		return ip.String()
	}
	return netip.PrefixFrom(ip, 64).Masked().String()
}

// secure reports whether the browser speaks TLS: to us, or to the proxy before us.
func (s *server) secure(c *fiber.Ctx) bool {
	return s.TLS || s.public && forwarded(c) != "" && s.publicURL().Scheme == "https"
}
