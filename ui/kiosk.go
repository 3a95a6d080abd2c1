package ui

import (
	"net/http"
	"net/url"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// kioskCookie marks a browser that stands at the door: its other pages lead back to the register until an officer signs in.
// stopCookie keeps where a van stands, as chosen at the door. Neither holds anything about a person.
const (
	kioskCookie = "simpul_pintu"
	stopCookie  = "simpul_titik"
	halfDay     = 12 * 60 * 60
)

// kioskRoutes: the register that visitors sign at the door. It answers without a sign-in, while the screen is locked, and while the
// vault is closed.
func (s *server) kioskRoutes() []route {
	return []route{
		get("/kunjungan", kioskOnly(), showKiosk),
		post("/kunjungan", kioskOnly(), signRegister),
		post("/kunjungan/keperluan", kioskOnly(), choosePurpose),
		get("/kunjungan/layar", officerWho(library.RecordVisit), showKioskGuide),
		post("/kunjungan/layar", officerWho(library.RecordVisit), openKiosk),
	}
}

// kioskKinds are the kinds of visitor behind the tabs.
func kioskKind(tab string) string {
	switch tab {
	case "nocard":
		return desk.VisitNameless
	case "guest":
		return desk.VisitGuest
	case "group":
		return desk.VisitGroup
	}
	return desk.VisitMember
}

func (r *request) kioskView(tab string, problems view.Problems) *view.Kiosk {
	if kioskKind(tab) == desk.VisitMember {
		tab = "card"
	}
	v := &view.Kiosk{Tab: tab, Number: view.Field{Name: "number", Value: r.value("number")}}
	v.Title = r.t("kiosk.title")
	v.Fields = r.visitFields(desk.VisitInput{Kind: kioskKind(tab)}, problems)
	v.Fields.Person.Focus = len(problems) == 0
	v.Number = v.Number.With(problems)
	return v
}

func showKiosk(r *request) error {
	if r.server.notSetUp() {
		return r.redirect("/pasang")
	}
	if !r.known {
		r.setCookie(kioskCookie, "1", halfDay*2)
	}
	return r.page("kiosk", r.kioskView(r.Query("tab"), nil))
}

// signRegister writes one line. Whoever sits there, the line is the visitor's own.
func signRegister(r *request) error {
	op, err := r.operation()
	if err != nil {
		return err
	}
	tab := r.value("tab")
	in := r.visitInput(kioskKind(tab))
	if stop := r.value("stop"); stop != "" {
		r.setCookie(stopCookie, url.QueryEscape(stop), halfDay)
	} else {
		in.Stop = r.rememberedStop()
	}
	g, err := r.server.Desk.CheckIn(r.ctx(), desk.Kiosk, op, in)
	if err != nil {
		return r.kioskProblem(tab, err)
	}
	r.form = nil // the next visitor begins with an empty field
	v := r.kioskView("card", nil)
	v.Greeting = r.greeting(in, g)
	return r.page("kiosk", v)
}

// kioskProblem shows the form again, as it was filled. Also when the computer is at fault: the next visitor must find the
// field, not a page that scans get lost in.
func (r *request) kioskProblem(tab string, err error) error {
	failure := asFailure(err)
	if failure.Kind != library.KindUnavailable && failure.Kind != library.KindInternal {
		return r.invalid("kiosk", r.kioskView(tab, r.problems(err)), err)
	}
	r.server.logFailure(r.Ctx, failure.Kind, err)
	said := r.t("kiosk.failed", r.t(failure.Key, failure.Args...))
	v := r.kioskView(tab, nil)
	v.Number.Error, v.Problems = said, view.Problems{{Text: said}}
	return r.reply(statusOf(failure.Kind), "kiosk", v)
}

// greeting says what happened, with no more of the member than the masked name.
func (r *request) greeting(in desk.VisitInput, g desk.Greeting) *view.Greeting {
	out := &view.Greeting{Title: r.t("kiosk.thanks"), Text: r.t("kiosk.recorded"), Known: g.Known}
	switch {
	case g.Known:
		out.Title = r.t("kiosk.hello", library.MaskName(g.Name))
	case in.Kind == desk.VisitNameless && !g.Sealed:
		out.Text = r.t("kiosk.nameless")
	case in.Kind == desk.VisitMember && !g.Sealed:
		out.Text = r.t("kiosk.unknown")
	case in.Kind == desk.VisitGroup:
		out.Text = r.t("kiosk.group_recorded", in.Men+in.Women)
	}
	switch {
	case g.Again:
		out.Text = r.t("kiosk.twice")
	case g.Expired:
		out.Text = r.t("kiosk.expired", g.Until.String())
	case g.Blocked:
		out.Text = r.t("kiosk.see_officer")
	}
	if in.Kind == desk.VisitMember && !g.Sealed {
		out.Visit = g.ID.String()
		out.Purposes = r.codeOptions(r.server.Desk.Settings().Purposes)
		if len(out.Purposes) > 0 {
			out.Chosen = out.Purposes[0].Value
		}
	}
	return out
}

// choosePurpose is a press on the greeting.
func choosePurpose(r *request) error {
	op, err := r.operation()
	if err != nil {
		return err
	}
	visit, err := library.ParseID(r.value("visit"))
	if err != nil {
		return library.E(library.KindNotFound, "error.not_found")
	}
	if _, err := r.server.Desk.ChoosePurpose(r.ctx(), op, visit, r.value("purpose")); err != nil {
		return r.kioskProblem("card", err)
	}
	purpose := r.purposeLabels()[r.value("purpose")]
	r.form = nil
	v := r.kioskView("card", nil)
	v.Greeting = &view.Greeting{Title: r.t("kiosk.thanks"), Text: r.t("kiosk.purpose_recorded", purpose), Seconds: 3}
	return r.page("kiosk", v)
}

func (r *request) rememberedStop() string {
	stop, err := url.QueryUnescape(r.Cookies(stopCookie))
	if err != nil || len(stop) > 400 {
		return ""
	}
	return library.CleanLine(stop)
}

func showKioskGuide(r *request) error {
	address := "http://" + r.Hostname() + "/kunjungan"
	if r.server.TLS {
		address = "https://" + r.Hostname() + "/kunjungan"
	}
	v := &view.KioskGuide{Address: address, Commands: []view.Fact{
		{Name: "Microsoft Edge", Value: `msedge --kiosk ` + address + ` --edge-kiosk-type=fullscreen --user-data-dir="%LOCALAPPDATA%\Simpul\pintu" --no-first-run`},
		{Name: "Google Chrome", Value: `chrome --kiosk ` + address + ` --user-data-dir="%LOCALAPPDATA%\Simpul\pintu" --no-first-run`},
		{Name: "Chromium (Linux)", Value: `chromium --kiosk ` + address + ` --user-data-dir="$HOME/.simpul-pintu" --no-first-run`},
	}}
	v.Title = r.t("kiosk.guide")
	return r.page("visits-kiosk", v)
}

// openKiosk makes this browser the one at the door: the officer's screen is locked, and only a password leads away from the register.
func openKiosk(r *request) error {
	if err := r.server.Desk.Lock(r.ctx(), r.token); err != nil {
		return err
	}
	r.setCookie(kioskCookie, "1", halfDay*2)
	return r.redirect("/kunjungan")
}

// atTheDoor sends a browser at the door back to the register; an officer who signed in there ends that. It reports whether
// the request was answered.
func (r *request) atTheDoor(a access) (answered bool, err error) {
	if r.Cookies(kioskCookie) == "" || a.who != whoOfficer {
		return false, nil
	}
	if r.signedIn() {
		r.setCookie(kioskCookie, "", -1)
		return false, nil
	}
	if r.Method() != http.MethodGet || r.fragment() {
		return false, nil
	}
	return true, r.redirect("/kunjungan")
}
