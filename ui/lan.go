package ui

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// LAN is the door for phones on the library's network.
type LAN interface {
	Door() Door
	// Knocked notes that a phone has opened the page for trying.
	Knocked(at time.Time)
}

// Door says where phones can come in.
type Door struct {
	URL       string       // "http://192.168.1.20:8712"; "" while it is closed
	Problem   string       // message key: why it is closed although it should be open
	Addresses []LANAddress // of this PC
	Seen      time.Time    // when a phone opened the page for trying; zero is not yet
}

// LANAddress is one address of this PC.
type LANAddress struct {
	IP        string
	Interface string // "Wi-Fi", "Ethernet 2", as the system calls it
	Main      bool   // the one that is taken when nobody chose
}

// OwnAddress is the address of this PC at which phones come in, by the settings and by the addresses that it has now; "" when
// there is none. A router may give the PC another address any day, so one that was chosen by hand stands for its network.
func OwnAddress(s desk.Settings, home []LANAddress) string {
	same := ""
	for _, a := range home {
		switch {
		case a.IP == s.LANAddress, s.LANAddress == "" && a.Main:
			return a.IP
		case s.LANAddress != "" && a.Interface == s.LANInterface && same == "":
			same = a.IP
		}
	}
	return same
}

// doorMark changes with the place where phones come in: a page that shows a code is drawn anew when that moves.
func (r *request) doorMark() string {
	mark := fnv.New32a()
	fmt.Fprint(mark, r.door().URL)
	return fmt.Sprintf(".%x", mark.Sum32())
}

// door is where phones can come in; closed where there is none.
func (r *request) door() Door {
	if r.server.LAN == nil {
		return Door{}
	}
	return r.server.LAN.Door()
}

const (
	phoneConnections = 256 // at once
	phoneRate        = 10  // requests a second from one address, on and on
	phoneBurst       = 120
	wrongRate        = 1.0 / 30 // tokens a second that do not exist
	wrongBurst       = 10
)

// NewPhones builds the app for phones on the library's network: the pages that a one-shot code leads to, over plain HTTP, or by https with Config.TLS.
// No page of an officer is in it, so none can be reached from the network, whatever a browser sends.
func NewPhones(cfg Config) (*fiber.App, error) {
	s, err := newPhones(cfg)
	if err != nil {
		return nil, err
	}
	return s.app, nil
}

func newPhones(cfg Config) (*server, error) {
	s, err := forVisitors(cfg)
	if err != nil {
		return nil, fmt.Errorf("phones: %w", err)
	}
	s.app.Server().Concurrency = phoneConnections
	s.phones, s.wrong = true, newLimiter(s.Now, wrongRate, wrongBurst)
	s.TLS, s.Named = cfg.TLS, cfg.Named
	many := newLimiter(s.Now, phoneRate, phoneBurst)
	for _, r := range s.phoneRoutes() {
		answer := s.serve(r)
		s.app.Add(r.method, r.path, func(c *fiber.Ctx) error {
			if !many.allow(c.IP()) {
				return tooMany(c)
			}
			return answer(c)
		})
	}
	return s, nil
}

// forVisitors is an app without routes, in which nobody is signed in and no page says anything about the PC.
func forVisitors(cfg Config) (*server, error) {
	if frame := cfg.Frame; frame != nil {
		// Visitors are not told about the PC's clock, its disk and what waits to be sent.
		cfg.Frame = func(ctx context.Context) Frame {
			f := frame(ctx)
			return Frame{Place: f.Place, Demo: f.Demo}
		}
	}
	cfg.TLS, cfg.Sessions, cfg.Hosts = false, nobody{}, nil
	s, err := newServer(cfg)
	if err != nil {
		return nil, err
	}
	s.app = s.fiberApp()
	return s, nil
}

// phoneRoutes is the whole table of the app for phones. Each is open to whoever reaches it; what it may do is in its code.
func (s *server) phoneRoutes() []route {
	return slices.Concat(
		[]route{
			get("/coba", anyone(), tryPhone),
			post("/tampilan", anyone(), changeLook),
		},
		s.sendPhotoRoutes(),
		s.fillFormRoutes(),
		s.openCardRoutes(),
		s.shootRoutes(),
		[]route{get("/*", anyone(), nothingHere)},
	)
}

// plainly says that nothing hides the connection from others on the network, where that is so.
func (r *request) plainly(key string) string {
	if r.server.secure(r.Ctx) {
		return ""
	}
	return r.t(key)
}

// nobody has signed in on a phone.
type nobody struct{}

func (nobody) Session(context.Context, string, bool) (Session, error) {
	return Session{}, library.E(library.KindUnauthenticated, "error.unauthenticated")
}

// tryPhone is what a phone shows that has found its way here.
func tryPhone(r *request) error {
	if r.server.LAN != nil {
		r.server.LAN.Knocked(r.now())
	}
	v := &view.PhoneNote{State: view.OK, Text: r.t("phone.test.text")}
	if plain := r.plainly("phone.plain"); plain != "" {
		v.More = []string{plain}
	}
	v.Title = r.t("phone.test")
	return r.page("phone-note", v)
}

// nothingHere is every other address: a visitor typed it, or a code was cut off.
func nothingHere(r *request) error {
	v := &view.PhoneNote{State: view.Info, Text: r.t("phone.home.text")}
	v.Title = r.t("phone.home")
	status := fiber.StatusOK
	if r.Path() != "/" {
		status = fiber.StatusNotFound
	}
	return r.reply(status, "phone-note", v)
}
