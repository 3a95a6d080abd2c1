package ui

import (
	"errors"
	"fmt"
	"strings"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/office"
	"simpul/ui/view"
)

// rebuilds reports whether a centre is made anew from its recovery kit and sheet.
func (s *setup) rebuilds() bool { return s.Role == string(library.NodeCentre) && s.Rebuild == "kit" }

// recovery are the words that open this node when nobody can sign in: of the sheet that is printed now, or of the one that
// goes with the kit.
func (s *setup) recovery() []string {
	if s.rebuilds() {
		return s.Old
	}
	return s.Words
}

func takeRebuild(s *setup, r *request) {
	s.Rebuild, s.Kit, s.Old = r.value("rebuild"), r.value("kit"), strings.Fields(strings.ToLower(r.value("words")))
}

func drawRebuild(s *setup, r *request, v *view.Setup) {
	v.Choice = view.Choice{Name: "rebuild", Label: r.t("setup.rebuild.label"), Value: s.Rebuild, Options: []view.Option{
		{Value: "new", Text: r.t("setup.rebuild.new"), Hint: r.t("setup.rebuild.new.hint")},
		{Value: "kit", Text: r.t("setup.rebuild.kit"), Hint: r.t("setup.rebuild.kit.hint")}}}
	v.Fields = []view.Field{
		{Name: "kit", Label: r.t("setup.kit"), Hint: r.t("setup.kit.hint"), Value: s.Kit, Lines: 5, Auto: "off", Optional: true},
		{Name: "words", Label: r.t("setup.kit_words"), Hint: r.t("setup.kit_words.hint"), Value: strings.Join(s.Old, " "), Auto: "off", Optional: true}}
}

// rebuildProblems opens the kit, so that wrong words are told where they were typed, and takes the centre's name from it.
func rebuildProblems(state *setup) []library.Problem {
	switch state.Rebuild {
	case "new":
		return nil
	case "kit":
	default:
		return []library.Problem{{Field: "rebuild", Key: library.KeyChoose}}
	}
	words, err := desk.RecoveryFrom(state.Old)
	if err != nil {
		return []library.Problem{{Field: "words", Key: "problem.kit_words"}}
	}
	keys, err := office.OpenKit([]byte(state.Kit), words)
	switch {
	case errors.Is(err, office.ErrNoKit):
		return []library.Problem{{Field: "kit", Key: "problem.kit"}}
	case err != nil:
		return []library.Problem{{Field: "words", Key: "problem.kit_words"}}
	}
	if state.Name == "" {
		state.Name, state.Code = keys.Name, fmt.Sprintf("%03d", keys.Code)
	}
	return nil
}
