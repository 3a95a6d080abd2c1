package ui

import (
	"net/http"
	"slices"

	"github.com/gofiber/fiber/v2"

	"simpul/node/library"
	"simpul/ui/view"
)

// route is one line of the route table: who may send what where, and who answers.
type route struct {
	method string
	path   string
	access access
	limit  int  // bytes of the body; formLimit when zero
	poll   bool // a page asks for it by itself: no sign that somebody is there
	stream bool // the handler reads the body and checks the token: see files
	handle func(*request) error
}

// access says who a route answers. The zero value answers nobody, so a forgotten one is refused.
type access struct {
	who who
	may library.Permission // with whoOfficer; zero is any officer
}

type who int

const (
	whoNobody   who = iota
	whoSetup        // this PC, while the node has not been set up
	whoAnyone       // anyone who can reach the node
	whoKiosk        // this PC, or a browser that an officer paired as a kiosk; also while the screen is locked
	whoLoopback     // this PC, without sign-in
	whoDoor         // whoever could sign in: this PC or over our own TLS, signed in or not, locked or not
	whoOfficer      // a signed-in officer with the permission, on this PC or over our own TLS
)

func (w who) String() string {
	return [...]string{"nobody", "setup", "anyone", "kiosk", "loopback", "door", "officer"}[w]
}

func duringSetup() access { return access{who: whoSetup} }
func anyone() access      { return access{who: whoAnyone} }
func kioskOnly() access   { return access{who: whoKiosk} }
func thisPC() access      { return access{who: whoLoopback} }
func atDoor() access      { return access{who: whoDoor} }
func anyOfficer() access  { return access{who: whoOfficer} }
func officerWho(may library.Permission) access {
	return access{who: whoOfficer, may: may}
}

// routes is the whole table. One function per area, in that area's file, so that a screen and its routes stand together.
func (s *server) routes() []route {
	return slices.Concat(
		s.homeRoutes(),
		s.deskRoutes(),
		s.registrationRoutes(),
		s.turnedRoutes(),
		s.healthRoutes(),
		s.trialRoutes(),
		s.lookRoutes(),
		s.setupRoutes(),
		s.photoRoutes(),
		s.phonePhotoRoutes(),
		s.phoneFormRoutes(),
		s.phoneCardRoutes(),
		s.cameraRoutes(),
		s.cardRoutes(),
		s.cardsRoutes(),
		s.cardCheckRoutes(),
		s.classRoutes(),
		s.signinRoutes(),
		s.reopenRoutes(),
		s.sheetRoutes(), // before the page of an officer, whose id stands there
		s.officerRoutes(),
		s.settingsRoutes(),
		s.certificateRoutes(),
		s.kioskRoutes(),
		s.visitRoutes(),
		s.lateRoutes(),
		s.dataRoutes(),
		s.memberRoutes(),
		s.reportRoutes(),
		s.metricsRoutes(),
		s.fromHomeRoutes(),
		s.branchRoutes(),
		s.kitRoutes(),
		s.bundleRoutes(),
		s.nodeRoutes(),
		s.reopenPCRoutes(),
		s.overviewRoutes(),
		s.joinRoutes(),
		s.exchangeRoutes(),
		s.decideRoutes(),
		s.eraseRoutes(),
		s.wishRoutes(),
		s.districtRoutes(),
		s.knownRoutes(),
	)
}

// get and post make lines of the table.
func get(path string, who access, handle func(*request) error) route {
	return route{method: http.MethodGet, path: path, access: who, handle: handle}
}

func post(path string, who access, handle func(*request) error) route {
	return route{method: http.MethodPost, path: path, access: who, handle: handle}
}

// poll is a get that a page makes by itself, again and again.
func poll(path string, who access, handle func(*request) error) route {
	return route{method: http.MethodGet, path: path, access: who, poll: true, handle: handle}
}

// upload is a post with a photo or a file in it.
func upload(path string, who access, handle func(*request) error) route {
	return route{method: http.MethodPost, path: path, access: who, limit: photoLimit, handle: handle}
}

// serve wraps one route: the length of the body, who may come in, the token of the form, then the handler.
func (s *server) serve(r route) fiber.Handler {
	if r.limit == 0 {
		r.limit = formLimit
	}
	return func(c *fiber.Ctx) error {
		q := s.request(c, !r.poll)
		if !r.stream {
			if err := q.readBody(r.limit); err != nil {
				return err
			}
		}
		if answered, err := q.atTheDoor(r.access); answered || err != nil {
			return err
		}
		if err := q.admit(r.access); err != nil {
			return err
		}
		// Only officers' forms carry authority to misuse. The kiosk's page may be older than the sign-in of the officer at
		// the same PC; the origin, checked before, is enough for it.
		if unsafeMethod(r.method) && r.access.who == whoOfficer && !r.stream && !q.tokenMatches() {
			return oldForm()
		}
		return r.handle(q)
	}
}

// showBadge answers the badge that asks again every 20 seconds.
func showBadge(r *request) error {
	var frame view.Page
	r.frame(&frame)
	return r.part("error", "badge", frame)
}

// homeRoutes are those of no screen in particular.
func (s *server) homeRoutes() []route {
	return []route{
		poll("/lencana", anyOfficer(), showBadge),
		get("/", anyone(), goHome),
	}
}

func goHome(r *request) error {
	if r.server.notSetUp() {
		return r.redirect("/pasang")
	}
	return r.redirect(r.home())
}
