package ui

import (
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/text"
	"simpul/ui/view"
)

// webCardRoutes: the permanent private page of a card, at the centre's public door. A phone may keep it: the browser then
// has a worker (static/js/webcardworker.js) that shows the card without a network, and asks here again when there is one.
// Whoever has the address sees the card, so no answer may be indexed, kept by what stands between, or told to others.
func (s *server) webCardRoutes() []route {
	return []route{
		get(webCardWorker, anyone(), serveWebCardWorker),
		get(desk.WebCardPath+":token", anyone(), showWebCard),
		poll(desk.WebCardPath+":token/keadaan", anyone(), tellWebCard),
		get(desk.WebCardPath+":token/"+webCardManifest, anyone(), serveWebCardManifest),
		get(desk.WebCardPath+":token/kartu.svg", anyone(), serveWebCard),
		get(desk.WebCardPath+":token/"+cardFile, anyone(), serveWebCard),
		get(desk.WebCardPath+":token/qr.svg", anyone(), serveWebCardQR),
	}
}

const (
	// webCardWorker stands beside the cards, because a worker may only serve what lies below it.
	webCardWorker   = desk.WebCardPath + "pekerja.js"
	webCardManifest = "kartu.webmanifest"
	// webCardPolicy lets the browser read the manifest.
	webCardPolicy = policy + "; manifest-src 'self'"

	strangeRate  = 1.0 / 5 // tokens a second that no card has, from one address; a card may be asked for before it has arrived
	strangeBurst = 60
)

// webCardFiles are the static files of the page, which a phone keeps with it.
var webCardFiles = []string{"tokens.css", "dark.css", "simpul.css", "webcard.css", "js/webcard.js", "mark.svg", "icon-192.png",
	"vendor/plus-jakarta-sans/plus-jakarta-sans-latin-wght-normal.woff2"}

// webCard finds the card of the token in the path. What is unknown counts against who asks; the look-up is the same.
func (r *request) webCard() (desk.WebCard, error) {
	r.Set(fiber.HeaderContentSecurityPolicy, webCardPolicy)
	r.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	r.Set("X-Robots-Tag", "noindex, nofollow")
	c, err := r.server.Desk.WebCard(r.ctx(), r.param("token"), r.printed())
	if library.KindOf(err) == library.KindNotFound && !r.server.strange.allow(network(r.server.client(r.Ctx))) {
		return c, tooMany(r.Ctx)
	}
	return c, err
}

func webCardPath(r *request) string { return desk.WebCardPath + r.param("token") }

func showWebCard(r *request) error {
	c, err := r.webCard()
	if err != nil {
		return err
	}
	if c.State.Over() {
		v := &view.PhoneNote{State: view.Info, Text: r.t("webcard." + string(c.State) + ".text")}
		v.Title = r.t("webcard." + string(c.State))
		return r.reply(http.StatusGone, "phone-note", v)
	}
	at, path := r.now().In(r.server.Zone), webCardPath(r)
	v := &view.WebCard{Path: path, Manifest: path + "/" + webCardManifest, Version: r.webCardVersion(c), State: view.OK, Word: r.t("webcard." + string(c.State)),
		QR: path + "/qr.svg", Picture: path + "/kartu.svg?v=" + c.Version, Save: path + "/" + cardFile, Number: c.Number.Grouped(), Until: c.Until.String(), Last: c.Until.ISO(),
		Checked: text.Date(at) + " " + text.Time(r.lang, at)}
	v.Title = r.t("webcard.title")
	if c.State != desk.WebCardValid {
		v.State, v.Text, v.Last = view.Warn, r.t("webcard."+string(c.State)+".text"), ""
	}
	if c.State == desk.WebCardBlocked {
		v.State, v.QR, v.Save = view.Bad, "", ""
	}
	return r.page("webcard", v)
}

// webCardVersion changes with the card and with the program that shows it.
func (r *request) webCardVersion(c desk.WebCard) string {
	return c.Version + "." + r.server.assets.version
}

// webCardSaid is what the worker on a phone reads.
type webCardSaid struct {
	State   string   `json:"state"` // of desk.WebCardState, or "unknown" or "closed"
	Version string   `json:"version,omitempty"`
	Keep    []string `json:"keep,omitempty"` // addresses of all that the page needs
}

func tellWebCard(r *request) error {
	c, err := r.webCard()
	switch kind := library.KindOf(err); {
	case kind == library.KindNotFound:
		return r.Status(http.StatusNotFound).JSON(webCardSaid{State: "unknown"})
	case kind == library.KindUnavailable:
		return r.Status(http.StatusServiceUnavailable).JSON(webCardSaid{State: "closed"})
	case err != nil:
		return err
	case c.State.Over():
		return r.Status(http.StatusGone).JSON(webCardSaid{State: string(c.State)})
	}
	path := webCardPath(r)
	said := webCardSaid{State: string(c.State), Version: r.webCardVersion(c), Keep: []string{path, path + "/kartu.svg?v=" + c.Version, path + "/" + webCardManifest}}
	if c.State != desk.WebCardBlocked {
		said.Keep = append(said.Keep, path+"/qr.svg")
	}
	for _, name := range webCardFiles {
		file, err := r.server.assets.url(name)
		if err != nil {
			return err
		}
		said.Keep = append(said.Keep, file)
	}
	return r.JSON(said)
}

// serveWebCard draws the card: for the page, or as a picture to keep.
func serveWebCard(r *request) error {
	svg := strings.HasSuffix(r.Path(), ".svg")
	c, err := r.webCardInForce()
	if err != nil {
		return err
	}
	picture, err := c.Picture(svg)
	if err != nil {
		return err
	}
	if svg {
		return r.content("image/svg+xml", "", picture)
	}
	return r.content("image/png", cardFile, picture)
}

func serveWebCardQR(r *request) error {
	c, err := r.webCardInForce()
	if err != nil {
		return err
	}
	if c.State == desk.WebCardBlocked {
		return library.E(library.KindNotFound, "error.not_found")
	}
	code, err := c.QR(r.t("webcard.qr"))
	if err != nil {
		return err
	}
	return r.content("image/svg+xml", "", code)
}

// webCardInForce is the card of a link that has not ended.
func (r *request) webCardInForce() (desk.WebCard, error) {
	c, err := r.webCard()
	if err == nil && c.State.Over() {
		err = library.E(library.KindNotFound, "error.not_found")
	}
	return c, err
}

// manifestIcon and manifest have the names of W3C Web Application Manifest.
type manifestIcon struct {
	Src     string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

type manifest struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	ShortName  string         `json:"short_name"`
	Lang       string         `json:"lang"`
	StartURL   string         `json:"start_url"`
	Scope      string         `json:"scope"`
	Display    string         `json:"display"`
	Background string         `json:"background_color"`
	Theme      string         `json:"theme_color"`
	Icons      []manifestIcon `json:"icons"`
}

func serveWebCardManifest(r *request) error {
	if _, err := r.webCardInForce(); err != nil {
		return err
	}
	path := webCardPath(r)
	m := manifest{ID: path, Name: r.t("webcard.app"), ShortName: r.t("webcard.app.short"), Lang: r.lang, StartURL: path, Scope: path, Display: "standalone",
		Background: "#f6f7f4", Theme: "#0a3f47"}
	for _, size := range []string{"192", "512"} {
		file, err := r.server.assets.url("icon-" + size + ".png")
		if err != nil {
			return err
		}
		m.Icons = append(m.Icons, manifestIcon{Src: file, Sizes: size + "x" + size, Type: "image/png", Purpose: "any maskable"})
	}
	if err := r.JSON(m); err != nil {
		return err
	}
	r.Set(fiber.HeaderContentType, "application/manifest+json")
	return nil
}

// serveWebCardWorker is the same for every card: it knows its own by the scope under which it was registered.
func serveWebCardWorker(r *request) error {
	r.Set(fiber.HeaderCacheControl, "no-cache")
	return r.content("text/javascript; charset=utf-8", "", r.server.assets.files["js/webcardworker.js"].body)
}
