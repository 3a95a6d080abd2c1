package ui

import (
	"net/http"
	"strings"

	"simpul/node/library"
	"simpul/ui/text"
	"simpul/ui/view"
)

// setupPages are the pages of the first run, one thing each: their fields, how an answer is kept, and how they are drawn.
var setupPages = []setupPageOf{
	{"language", []string{"language"}, func(s *setup, r *request) {
		if lang := r.value("language"); lang != "" {
			s.Language, r.lang = text.Known(lang), text.Known(lang)
			r.setCookie(langCookie, r.lang, yearSeconds)
		}
	}, drawLanguage},
	{"role", []string{"role"}, func(s *setup, r *request) { s.Role = r.value("role") }, drawRole},
	{"rebuild", []string{"rebuild", "kit", "words"}, takeRebuild, drawRebuild},
	{"place", []string{"name", "code"}, func(s *setup, r *request) { s.Name, s.Code = r.value("name"), r.value("code") }, drawPlace},
	{"officer", []string{"login", "full_name", "password"}, func(s *setup, r *request) {
		s.Login, s.FullName = strings.ToLower(r.value("login")), r.value("full_name")
		if typed := r.form.Get("password"); typed != "" {
			s.Password = typed
		}
	}, drawOfficer},
	{"sheet", []string{"word"}, func(*setup, *request) {}, drawSheet},
	{"lan", []string{"lan"}, func(s *setup, r *request) { s.LAN = r.value("lan") }, drawLAN},
}

// applies reports whether a page is asked at all: only a centre can be built anew from a kit, and then the sheet exists.
func (s *setup) applies(page int) bool {
	switch setupPages[page].name {
	case "rebuild":
		return s.Role == string(library.NodeCentre)
	case "sheet":
		return !s.rebuilds()
	}
	return true
}

// beside is the nearest page before (-1) or after (1) this one; this one when there is none.
func (s *setup) beside(step int) int {
	for page := s.Page + step; page >= 0 && page < len(setupPages); page += step {
		if s.applies(page) {
			return page
		}
	}
	return s.Page
}

// step is which page of how many this is.
func (s *setup) step() (n, of int) {
	for page := range setupPages {
		if !s.applies(page) {
			continue
		}
		of++
		if page <= s.Page {
			n++
		}
	}
	return n, of
}

type setupPageOf struct {
	name   string
	fields []string
	take   func(*setup, *request)
	draw   func(*setup, *request, *view.Setup)
}

// take keeps what this page asked for, also on the way back: nothing typed is lost.
func (s *setup) take(r *request) { setupPages[s.Page].take(s, r) }

// setupPage shows the page that is due, with the answers so far sealed in it.
func (r *request) setupPage(state *setup, problems []library.Problem) error {
	if state.Page < 0 || state.Page >= len(setupPages) {
		return library.E(library.KindInvalid, "error.invalid")
	}
	page := setupPages[state.Page]
	state.Until = r.now().Add(setupLife).UnixMilli()
	sealed, err := r.server.sealed(setupSeal, state)
	if err != nil {
		return err
	}
	v := &view.Setup{State: sealed, Name: page.name, Back: state.Page > 0,
		Text: []string{r.t("setup." + page.name + ".text")}, Button: r.t("setup.next")}
	v.Step, v.Of = state.step()
	v.Title = r.t("setup." + page.name)
	page.draw(state, r, v)
	status := http.StatusOK
	if len(problems) > 0 {
		status = http.StatusUnprocessableEntity
		v.Problems = r.problems(library.Invalid(problems...))
		for i := range v.Fields {
			v.Fields[i] = v.Fields[i].With(v.Problems)
		}
		v.Choice = v.Choice.With(v.Problems)
	} else if len(v.Fields) > 0 && v.Choice.Name == "" { // which comes first
		v.Fields[0].Focus = true
	}
	return r.reply(status, "setup", v)
}

func drawLanguage(s *setup, r *request, v *view.Setup) {
	v.Choice = view.Choice{Name: "language", Label: r.t("look.language"), Value: s.Language,
		Options: []view.Option{{Value: "id", Text: "Indonesia"}, {Value: "en", Text: "English"}}}
}

func drawRole(s *setup, r *request, v *view.Setup) {
	v.Choice = view.Choice{Name: "role", Label: r.t("setup.role.label"), Value: s.Role}
	for _, role := range library.NodeRoles() {
		v.Choice.Options = append(v.Choice.Options, view.Option{Value: string(role), Text: r.t("node." + string(role)),
			Hint: r.t("node." + string(role) + ".hint")})
	}
}

func drawPlace(s *setup, r *request, v *view.Setup) {
	v.Fields = []view.Field{
		{Name: "name", Label: r.t("setup.name"), Hint: r.t("setup.name.hint"), Value: s.Name, Auto: "organization", NoSpell: true, Maximum: 100},
		{Name: "code", Label: r.t("setup.code"), Hint: r.t("setup.code.hint"), Value: s.Code, Mode: "numeric", Width: 4, Auto: "off", Maximum: 6},
	}
}

func drawOfficer(s *setup, r *request, v *view.Setup) {
	hint := r.t("password.hint")
	if s.Password != "" {
		hint += " " + r.t("setup.password.kept")
	}
	v.Fields = []view.Field{
		{Name: "full_name", Label: r.t("officers.name"), Value: s.FullName, Auto: "name", NoSpell: true, Maximum: 100},
		{Name: "login", Label: r.t("officers.login"), Hint: r.t("officers.login.hint"), Value: s.Login, Auto: "username", Width: 20, Maximum: 40},
		{Name: "password", Label: r.t("signin.password"), Hint: hint, Kind: "password", Auto: "new-password"},
	}
}

func drawSheet(s *setup, r *request, v *view.Setup) {
	v.Words, v.Fields = s.Words, []view.Field{s.wordField(r)}
}

func drawLAN(s *setup, r *request, v *view.Setup) {
	v.Choice = view.Choice{Name: "lan", Label: r.t("setup.lan.label"), Value: s.LAN, Options: []view.Option{
		{Value: "no", Text: r.t("setup.lan.no"), Hint: r.t("setup.lan.no.hint")},
		{Value: "yes", Text: r.t("setup.lan.yes"), Hint: r.t("setup.lan.yes.hint")},
	}}
	v.Button = r.t("setup.finish")
}
