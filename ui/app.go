// Package ui is the face of Simpul: the Fiber app, its route table, one file per screen, and the renderer.
//
// A handler parses what came in, calls one use case, and renders a view. The package must not open files or databases,
// decide rules of the library, or print an error's own words to a visitor. Fiber is imported here and nowhere else.
package ui

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"time"

	"github.com/gofiber/fiber/v2"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/office"
	"simpul/ui/text"
	"simpul/ui/view"
)

// Config is all that the face is given. Every field without a default must be set.
type Config struct {
	Files     fs.FS            // holds templates/ and static/
	Log       *slog.Logger     // in English; gets no names, numbers or query strings
	Now       func() time.Time // the node's clock
	Random    io.Reader        // cryptographic
	Zone      *time.Location   // of the library; library.WIB() when nil
	Sessions  Sessions
	Desk      *desk.Desk                           // the use cases; nil only in tests of the frame
	Office    *office.Office                       // those of the centre; nil as Desk
	Invited   func(token string) bool              // whether a link of the first run is good
	Trial     func(context.Context) (Trial, error) // starts a node with made-up people; nil where there is none
	Frame     func(context.Context) Frame          // facts that stand on every page; nil is none
	Setup     func() bool                          // true while the node has not been set up; nil is never
	LAN       LAN                                  // the door for phones; nil where there is none
	PublicURL func() string                        // where people at home reach the centre, "https://perpus.example.go.id"; "" is nowhere, nil too
	Secure    Secure                               // the library's own TLS certificate; nil where there can be none
	Named     func(host string) bool               // whether the certificate is for a host; nil is no
	Hosts     []string                             // host names besides this PC's own addresses, without port
	TLS       bool                                 // true behind TLS of our own: officers may come over the LAN
	Deadline  time.Duration                        // for one request; 30 s when zero
	Program   Program                              // for the stick of a new branch; nil where it cannot be copied
}

// Frame is what every page shows of the node itself.
type Frame struct {
	Place   string // "Perpustakaan Genteng"
	Centre  bool
	Demo    bool
	Waiting int // decisions that wait, at the centre
	Facts   Facts
	Badge   func(lang string) view.Badge // in place of what Facts make of it
}

// Sessions knows who has signed in. The desk keeps them; ui only carries the token in a cookie.
type Sessions interface {
	// Session returns the session of a token. An unknown, ended or expired token is library.KindUnauthenticated.
	// active says that a person did something: a page that asks again by itself does not keep the screen unlocked.
	Session(ctx context.Context, token string, active bool) (Session, error)
}

// Session is one browser of which we know who sits before it.
type Session struct {
	Officer library.ID // zero for a paired kiosk
	Name    string     // as shown in the bar
	Login   string
	Role    library.Role // empty for a paired kiosk
	Locked  bool         // the officer's screen is locked: only the kiosk and the password are answered
	Kiosk   bool         // paired as a kiosk by an officer
}

// server is the app with everything its handlers need.
type server struct {
	Config
	app    *fiber.App
	words  *text.Catalogue
	assets *assets
	render *renderer
	seal   cipher.AEAD // for forms that are carried over a sign-in
	phones bool        // the app for phones
	public bool        // the app for people at home
	wrong  *limiter    // of codes that do not exist, in both
	// Of people at home:
	begins   *limiter // of forms that are begun
	wrongAll *limiter // as wrong, from all together
	strange  *limiter // of links to cards that do not exist
}

const (
	readTimeout     = 30 * time.Second
	idleTimeout     = 60 * time.Second
	defaultDeadline = 30 * time.Second
	readBuffer      = 16 << 10 // request line and headers
	formLimit       = 1 << 20  // bytes of a form
	photoLimit      = 16 << 20 // bytes of a form with a photo
	discardLimit    = 64 << 20 // bytes of a body that is too large, read and dropped
)

// New builds the app. It fails when a template, a text or a static file does not hold together, so that a broken build
// does not start.
func New(cfg Config) (*fiber.App, error) {
	s, err := newServer(cfg)
	if err != nil {
		return nil, err
	}
	return s.app, nil
}

func newServer(cfg Config) (*server, error) {
	if cfg.Files == nil || cfg.Log == nil || cfg.Now == nil || cfg.Random == nil || cfg.Sessions == nil {
		return nil, errors.New("ui: Files, Log, Now, Random and Sessions must be set")
	}
	if cfg.Zone == nil {
		cfg.Zone = library.WIB()
	}
	if cfg.Deadline == 0 {
		cfg.Deadline = defaultDeadline
	}
	s := &server{Config: cfg}
	var err error
	if s.words, err = text.Load(); err != nil {
		return nil, fmt.Errorf("load texts: %w", err)
	}
	if s.assets, err = newAssets(cfg.Files); err != nil {
		return nil, err
	}
	if s.render, err = newRenderer(cfg.Files, s.words, s.assets, cfg.Zone, cfg.Random); err != nil {
		return nil, err
	}
	if s.seal, err = newSeal(cfg.Random); err != nil {
		return nil, err
	}
	s.app = s.fiberApp()
	for _, r := range s.routes() {
		s.app.Add(r.method, r.path, s.serve(r))
	}
	return s, nil
}

// fiberApp is the app without the routes of the table.
func (s *server) fiberApp() *fiber.App {
	app := fiber.New(fiber.Config{
		AppName:               "simpul",
		DisableStartupMessage: true,
		// Fiber re-uses the memory of a request; without this a value kept after the handler changes under our hands.
		Immutable: true,
		// Bodies are read only after the route has judged their length, and never into a temporary file: a photo must
		// not lie on the disk unsealed.
		StreamRequestBody:            true,
		DisablePreParseMultipartForm: true,
		BodyLimit:                    photoLimit,
		ReadBufferSize:               readBuffer,
		ReadTimeout:                  readTimeout,
		IdleTimeout:                  idleTimeout, // no write timeout: it would cut long downloads
		EnableTrustedProxyCheck:      true,        // and nobody is trusted
		Network:                      fiber.NetworkTCP,
		ErrorHandler:                 s.fail,
	})
	app.Use(s.guard)
	app.Get(assetRoot+"*", s.assets.serve)
	return app
}

// newSeal makes the key for carried forms. It lives as long as the process: a form interrupted by a restart is gone.
func newSeal(random io.Reader) (cipher.AEAD, error) {
	key := make([]byte, 32)
	if _, err := io.ReadFull(random, key); err != nil {
		return nil, fmt.Errorf("make key for carried forms: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("make key for carried forms: %w", err)
	}
	return cipher.NewGCM(block)
}

// port is the part of a host behind the last colon; cookies of two nodes on one PC are told apart by it.
func port(host string) string {
	if _, port, err := net.SplitHostPort(host); err == nil {
		return port
	}
	return "80"
}
