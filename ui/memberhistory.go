package ui

import (
	"strings"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// historyTable is everything that happened to a member, in words.
func (r *request) historyTable(lines []desk.HistoryLine) view.Table {
	t := view.Table{Caption: r.t("member.history"), Columns: []view.Column{{Text: r.t("member.when")}, {Text: r.t("member.officer")}, {Text: r.t("member.what")}},
		Empty: view.Empty{Title: r.t("member.history.none")}}
	for _, line := range lines {
		who := line.Who
		if who == "" {
			who = r.t("history.nobody")
		}
		t.Rows = append(t.Rows, view.Row{Cells: []view.Cell{{Text: r.moment(line.At)}, {Text: who}, {Text: r.happened(line)}}})
	}
	return t
}

// happened is one line of the history: a sentence, the fields it is about, and why.
func (r *request) happened(line desk.HistoryLine) string {
	args := make([]any, len(line.Args))
	for i, a := range line.Args {
		args[i] = r.historyWord(line.Key, a)
	}
	parts := []string{r.t(line.Key, args...)}
	if len(line.Fields) > 0 {
		names := make([]string, len(line.Fields))
		for i, field := range line.Fields {
			if names[i] = r.t("field." + field); names[i] != strings.ToUpper(names[i]) { // NIK stays NIK
				names[i] = strings.ToLower(names[i])
			}
		}
		parts = append(parts, r.t("history.fields", strings.Join(names, ", ")))
	}
	switch why := r.reasonWord(line.Reason); {
	case why == "":
	case line.Key == "history.card.handed-over":
		parts = append(parts, why+".") // not why, but how
	default:
		parts = append(parts, r.t("history.why", why))
	}
	if line.Note != "" {
		parts = append(parts, "“"+line.Note+"”")
	}
	return strings.Join(parts, " ")
}

// historyWord puts the codes of some events into words.
func (r *request) historyWord(key string, arg any) any {
	code, ok := arg.(string)
	if !ok {
		return arg
	}
	switch {
	case strings.HasPrefix(key, "history.registration.opened"):
		return strings.ToLower(r.t("source." + code))
	case strings.HasPrefix(key, "history.registration."):
		return r.document(library.IdentityKind(code))
	case strings.HasPrefix(key, "history.consent.") && r.server.words.Has("identify.consent."+code):
		return r.t("identify.consent." + code)
	}
	return arg
}
