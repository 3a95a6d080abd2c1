package ui

import (
	"strings"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// entryKind is the kind of visitor that a tab of the quick form asks for.
func entryKind(kind string) string {
	if kind == desk.VisitGuest || kind == desk.VisitGroup {
		return kind
	}
	return desk.VisitMember
}

// visitEntry is the quick form. path leads to the same page with another tab.
func (r *request) visitEntry(kind, action string, at library.Date, path func(kind string) string, problems view.Problems) view.VisitEntry {
	e := view.VisitEntry{CSRF: r.csrf(), Action: action}
	for _, k := range []string{desk.VisitMember, desk.VisitGuest, desk.VisitGroup} {
		e.Tabs = append(e.Tabs, view.Tab{Link: view.Link{Path: path(k), Text: r.t("visits.kind." + k)}, Current: k == kind})
	}
	e.Number = view.Field{Name: "number", Label: r.t("visits.number_or_name"), Hint: r.t("visits.number_or_name.hint"), Value: r.value("number"),
		Auto: "off", Maximum: 200, NoSpell: true, Focus: len(problems) == 0}
	e.Number = e.Number.With(problems)
	e.Fields = r.visitFields(desk.VisitInput{Kind: kind, At: at, Stop: r.Query("titik")}, problems)
	e.Fields.Person.Focus = kind != desk.VisitMember && len(problems) == 0
	return e
}

// takeVisit records the line of the quick form. A name in place of a number gives the members it may be, to choose from.
func (r *request) takeVisit(kind string, at library.Date, reason string) (g desk.Greeting, found []view.Found, err error) {
	op, err := r.operation()
	if err != nil {
		return g, nil, err
	}
	in := r.visitInput(kind)
	in.At, in.Reason = at, reason
	if kind == desk.VisitMember {
		// Whoever types another number after a search means that one, not the person still ticked; whoever sends the same
		// again without choosing means the number as it is.
		same := r.value("number") == r.value("query")
		person, unchosen := library.ParseID(r.value("person"))
		switch {
		case unchosen == nil && same:
			in.Person, in.Number = person, ""
		case in.Number != "" && (!same || named(in.Number)):
			if found, err = r.searched(in.Number); err != nil {
				return g, found, err
			}
		}
	}
	g, err = r.server.Desk.CheckIn(r.ctx(), r.actor(), op, in)
	return g, nil, err
}

// searched looks for the people a name, a part of a number or a birth date may mean, unless it is somebody's number.
func (r *request) searched(typed string) ([]view.Found, error) {
	if !named(typed) {
		_, err := r.server.Desk.Scan(r.ctx(), r.actor(), typed)
		if library.KindOf(err) != library.KindNotFound {
			return nil, err
		}
	}
	found, err := r.foundMembers(typed)
	switch {
	case err != nil:
		return nil, err
	case len(found) > 0:
		return found, library.Invalid(library.Problem{Field: "number", Key: "visits.choose_one"})
	case named(typed):
		return nil, library.Invalid(library.Problem{Field: "number", Key: "visits.find.none"})
	}
	return nil, nil
}

// named: a number of any library holds a digit, a name does not.
func named(typed string) bool { return typed != "" && !strings.ContainsAny(typed, "0123456789") }

// recorded says what has just been written, from the id in the address; "" when there is none.
func (r *request) recorded() (words string, line desk.Visit) {
	id, err := library.ParseID(r.Query("tercatat"))
	if err != nil {
		return "", line
	}
	line, err = r.server.Desk.Visit(r.ctx(), r.actor(), id)
	if err != nil {
		return "", line
	}
	key := "visits.recorded"
	if r.Query("lagi") != "" {
		key = "visits.recorded_before"
	}
	return r.t(key, line.Who(r.t)), line
}

func recordPath(kind string) string { return "/kunjungan/catat?jenis=" + kind }

func showRecordVisit(r *request) error {
	v := &view.VisitDesk{Entry: r.visitEntry(entryKind(r.Query("jenis")), "/kunjungan/catat", library.Date{}, recordPath, nil)}
	v.Title = r.t("visits.record_title")
	if member, err := library.ParseID(r.Query("anggota")); err == nil {
		if err := r.preselect(&v.Entry, member); err != nil {
			return err
		}
	}
	words, line := r.recorded()
	v.Flash = words
	if line.Kind == desk.VisitGuest && !line.Voided {
		v.Register = "/daftar?kunjungan=" + line.ID.String()
	}
	return r.page("visits-record", v)
}

// preselect puts one member into the quick form: the one whose page or card led here.
func (r *request) preselect(e *view.VisitEntry, member library.ID) error {
	record, err := r.server.Desk.Registration(r.ctx(), r.actor(), member)
	if err != nil || record.Card == nil {
		return err
	}
	e.Found = []view.Found{{ID: member.String(), Name: record.Form.Name, Note: record.Card.Number.Grouped()}}
	e.Chosen = e.Found[0].ID
	return nil
}

func recordVisit(r *request) error {
	kind := entryKind(r.value("kind"))
	g, found, err := r.takeVisit(kind, library.Date{}, "")
	if err != nil {
		v := &view.VisitDesk{Entry: r.visitEntry(kind, "/kunjungan/catat", library.Date{}, recordPath, r.problems(err))}
		v.Title, v.Entry.Found, v.Entry.Chosen = r.t("visits.record_title"), found, only(found)
		return r.invalid("visits-record", v, err)
	}
	return r.redirect(recordPath(kind) + recordedMark(g))
}

// recordedMark goes into the address of the page after a line was written: its id, and whether it was there before.
func recordedMark(g desk.Greeting) string {
	mark := "&tercatat=" + g.ID.String()
	if g.Again {
		mark += "&lagi=1"
	}
	return mark
}

// only is the one person that a search found; nobody when there are several.
func only(found []view.Found) string {
	if len(found) != 1 {
		return ""
	}
	return found[0].ID
}
