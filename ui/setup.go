package ui

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// setupRoutes are the first run. The link that opens it is printed where the program was started and works once, on this
// PC. Nothing is written before the last page: what was answered travels sealed in the form.
func (s *server) setupRoutes() []route {
	return []route{
		get("/pasang", duringSetup(), showSetupLink),
		get("/pasang/:token", duringSetup(), beginSetup),
		// These two see for themselves that the form comes from an invited browser: a second press on the last button
		// arrives when the first has ended the set-up.
		post("/pasang", thisPC(), nextSetupPage),
		post("/pasang/lembar", thisPC(), printRecoverySheet),
		get("/mulai", anyOfficer(), showReady),
	}
}

// setupLife is how long one page of the wizard may stay open.
const setupLife = 30 * time.Minute

const setupSeal = "set-up"

// setup is what has been answered so far.
type setup struct {
	drawnSheet
	Op       string
	Page     int
	Language string
	Role     string
	Name     string
	Code     string
	Login    string
	FullName string
	Password string
	LAN      string // "yes" or "no"
	Rebuild  string // "new", or "kit" for a centre that is made anew
	Kit      string
	Old      []string // words that go with the kit
}

func showSetupLink(r *request) error {
	v := &view.Setup{Text: []string{r.t("setup.link.text"), r.t("setup.link.again")}}
	v.Title = r.t("setup.link")
	return r.page("setup", v)
}

// beginSetup turns the link into a sealed form, so that the address never stands anywhere again.
func beginSetup(r *request) error {
	if r.server.Invited == nil || !r.server.Invited(r.param("token")) {
		v := &view.Setup{Text: []string{r.t("setup.link.old"), r.t("setup.link.again")}}
		v.Title = r.t("setup.link")
		return r.reply(http.StatusForbidden, "setup", v)
	}
	op, err := newOperation(r.server.Random)
	if err != nil {
		return err
	}
	sheet, err := r.server.newSheet()
	if err != nil {
		return err
	}
	return r.setupPage(&setup{drawnSheet: sheet, Op: op, Language: r.lang, Role: string(library.NodeBranch)}, nil)
}

// nextSetupPage takes in one page and shows the next, or the same with what was wrong.
func nextSetupPage(r *request) error {
	state, err := r.setupState()
	if err != nil {
		return err
	}
	if !r.server.notSetUp() {
		return r.redirect("/meja") // the second press on the last button
	}
	state.take(r)
	if r.ticked("back") {
		state.Page = state.beside(-1)
		return r.setupPage(state, nil)
	}
	if problems := r.setupProblems(state); len(problems) > 0 {
		for _, p := range problems {
			if p.Field == "password" {
				state.Password = "" // not "still remembered": a refused one has to be typed anew
			}
		}
		return r.setupPage(state, problems)
	}
	if next := state.beside(1); next != state.Page {
		state.Page = next
		return r.setupPage(state, nil)
	}
	return r.finishSetup(state)
}

// setupState opens the form's seal. Without one nobody was invited.
func (r *request) setupState() (*setup, error) {
	var state setup
	if !r.server.unsealed(setupSeal, r.value("state"), &state) || r.now().UnixMilli() > state.Until {
		if r.server.notSetUp() {
			return nil, library.E(library.KindForbidden, "setup.expired").Hinted("setup.link.again")
		}
		return nil, library.E(library.KindNotFound, "error.not_found")
	}
	return &state, nil
}

// finishSetup writes everything at once, and the first officer is signed in.
func (r *request) finishSetup(state *setup) error {
	op, err := library.ParseID(state.Op)
	if err != nil {
		return library.E(library.KindInvalid, "error.operation")
	}
	in, err := state.input()
	if err != nil {
		return err
	}
	if _, err := r.server.Desk.SetUp(r.ctx(), op, in); err != nil {
		var known *library.Error
		if errors.As(err, &known) && known.Key == "error.already_set_up" {
			return r.redirect("/masuk")
		}
		return err
	}
	if err := r.enter(state.Login, state.Password); err != nil {
		return err
	}
	if state.Role == string(library.NodeCentre) {
		return r.redirect("/cabang/paket?baru=1")
	}
	return r.redirect("/mulai")
}

// input is what the use case takes.
func (s *setup) input() (desk.SetupInput, error) {
	recovery, err := desk.RecoveryFrom(s.recovery())
	if err != nil {
		return desk.SetupInput{}, err
	}
	code, err := strconv.Atoi(s.Code)
	if err != nil {
		code = 0 // the check says what is wanted
	}
	in := desk.SetupInput{Language: s.Language, Role: library.NodeRole(s.Role), Name: s.Name, Code: code, Login: s.Login,
		FullName: s.FullName, Password: s.Password, LAN: s.LAN == "yes", Recovery: recovery}
	if s.rebuilds() {
		in.Kit = []byte(s.Kit)
	}
	return in, nil
}

// setupProblems checks the fields of this page only.
func (r *request) setupProblems(state *setup) []library.Problem {
	page := setupPages[state.Page]
	if page.name == "rebuild" {
		return rebuildProblems(state)
	}
	in, err := state.input()
	if err != nil {
		return []library.Problem{{Field: "word", Key: "problem.recovery_wrong"}}
	}
	found := r.server.Desk.CheckSetup(in)
	if page.name == "sheet" {
		found = append(found, state.hear(r.value("word"))...)
	}
	if page.name == "lan" && state.LAN == "" {
		found = append(found, library.Problem{Field: "lan", Key: library.KeyChoose})
	}
	var here []library.Problem
	for _, p := range found {
		for _, field := range page.fields {
			if p.Field == field {
				here = append(here, p)
			}
		}
	}
	return here
}

func printRecoverySheet(r *request) error {
	state, err := r.setupState()
	if err != nil {
		return err
	}
	return r.recoverySheet(state.Words, state.Name, state.Code)
}

// showReady follows the set-up: what to do first.
func showReady(r *request) error {
	v := &view.Ready{Manager: r.may(library.ManageOfficers), LAN: r.server.Desk.Settings().LAN, Join: r.may(library.ManageSettings) && r.server.Desk.Settings().Role != library.NodeCentre}
	v.Title = r.t("ready.title")
	return r.page("ready", v)
}
