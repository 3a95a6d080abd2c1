package ui

import (
	"errors"
	"net/http"
	"strings"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/text"
	"simpul/ui/view"
)

// visitView fills the page of one line.
func (r *request) visitView(line desk.Visit, problems view.Problems) (*view.VisitLine, error) {
	path := "/kunjungan/baris/" + line.ID.String()
	v := &view.VisitLine{Path: path, Version: line.Version, Voided: line.Voided, Open: line.Open(), Edit: r.may(library.Correct) && !line.Reduced}
	v.Title = r.t("visits.line")
	facts, err := r.visitFacts(line)
	if err != nil {
		return nil, err
	}
	v.Facts = facts
	v.Fields = r.visitFields(line.VisitInput, problems)
	if line.Kind == desk.VisitNameless || line.Kind == desk.VisitUnknown {
		v.Fields = r.visitFields(desk.VisitInput{Kind: desk.VisitMember, Purpose: line.Purpose, Stop: line.Stop}, problems)
	}
	v.Reason = view.Field{Name: "reason", Label: r.t("visits.why"), Value: r.value("reason"), Auto: "off", Maximum: 200}
	v.Reason = v.Reason.With(problems)
	v.Query = view.Field{Name: "query", Label: r.t("visits.find"), Hint: r.t("visits.find.hint"), Value: r.typed("query", line.Name), Auto: "off", Maximum: 100}
	v.Void = view.Confirm{Action: path + "/batal", CSRF: r.csrf(), Text: r.t("visits.void"), Explain: r.t("visits.void.text"), Button: r.t("visits.void.do"), Danger: true,
		Note: view.Field{Name: "reason", Label: r.t("visits.why")}}
	if line.Kind == desk.VisitGuest && !line.Voided && !line.Reduced && r.may(library.DraftRegistration) {
		v.Register = "/daftar?kunjungan=" + line.ID.String()
	}
	if !line.Person.IsZero() && r.may(library.ReadMember) {
		v.Member = "/anggota/" + line.Person.String()
	}
	for _, c := range line.Changes {
		v.Changes = append(v.Changes, r.reasonWords(c.Reason))
	}
	return v, nil
}

// reasonWords is the reason of a correction: the program's own in words, an officer's as it was typed.
func (r *request) reasonWords(reason string) string {
	switch reason {
	case desk.ReasonPurpose, desk.ReasonResolved, desk.ReasonKnown:
		return r.t("visits.reason." + reason)
	case "":
		return r.t("visits.reason.none")
	}
	return reason
}

func (r *request) visitFacts(line desk.Visit) ([]view.Fact, error) {
	names, err := r.server.Desk.OfficerNames(r.ctx())
	if err != nil {
		return nil, err
	}
	writer := names[line.Officer]
	if line.Kiosk {
		writer = r.t("visits.by_kiosk")
	}
	at := text.Day(r.lang, line.At) + ", " + text.Time(r.lang, line.At)
	if line.Late {
		at = text.Day(r.lang, line.At)
	}
	facts := []view.Fact{{Name: r.t("visits.time"), Value: at}, {Name: r.t("visits.who"), Value: line.Who(r.t)},
		{Name: r.t("visits.kind"), Value: r.t("visits.kind." + line.Kind)}, {Name: r.t("visits.purpose"), Value: r.purposeLabels()[line.Purpose]}}
	add := func(key, value string) {
		if value != "" {
			facts = append(facts, view.Fact{Name: r.t(key), Value: value})
		}
	}
	add("visits.number", line.ShownNumber())
	add("kiosk.born", line.Birthday)
	add("visits.stop", line.Stop)
	add("kiosk.origin", r.placeName(line.Origin))
	add("kiosk.phone", line.Phone)
	add("visits.people", text.Number(r.lang, int64(line.People)))
	if line.Kind == desk.VisitGroup {
		add("kiosk.men", number(line.Men))
		add("kiosk.women", number(line.Women))
	}
	if why, known := library.Find(library.LateReasons(), line.LateWhy); known {
		add("visits.late_why", r.codeLabel(why))
	}
	add("visits.entered", r.t("visits.entered_by", writer, text.Date(line.Entered), text.Time(r.lang, line.Entered)))
	if line.Voided {
		facts = append(facts, view.Fact{Name: r.t("visits.state"), Value: r.t("visits.voided"), State: view.Bad})
	}
	if line.Reduced {
		facts = append(facts, view.Fact{Name: r.t("visits.state"), Value: r.t("visits.reduced"), State: view.Info})
	}
	return facts, nil
}

// placeName is a district's name, or the words that were typed.
func (r *request) placeName(origin string) string {
	if r.server.Desk.Regions().Known(origin) {
		return r.server.Desk.Regions().Name(origin)
	}
	return origin
}

// visitLine loads the line in the address.
func (r *request) visitLine() (desk.Visit, error) {
	id, err := r.id("id")
	if err != nil {
		return desk.Visit{}, err
	}
	return r.server.Desk.Visit(r.ctx(), r.actor(), id)
}

func showVisit(r *request) error {
	line, err := r.visitLine()
	if err != nil {
		return err
	}
	v, err := r.visitView(line, nil)
	if err != nil {
		return err
	}
	return r.page("visits-line", v)
}

// afterVisit ends a change of a line: back to it, or the form again with what is wrong or what a colleague did meanwhile.
func (r *request) afterVisit(line desk.Visit, err error) error {
	if err == nil {
		return r.redirect("/kunjungan/baris/" + line.ID.String())
	}
	kind := library.KindOf(err)
	if kind != library.KindInvalid && kind != library.KindConflict {
		return err
	}
	v, failed := r.visitView(line, r.problems(err))
	if failed != nil {
		return failed
	}
	if kind == library.KindInvalid {
		v.Void.Open = strings.HasSuffix(r.Path(), "/batal")
		return r.invalid("visits-line", v, err)
	}
	failure := asFailure(err)
	v.Problems = view.Problems{{Text: r.t(failure.Key, failure.Args...)}}
	return r.reply(http.StatusConflict, "visits-line", v)
}

func correctVisit(r *request) error {
	line, op, err := r.lineAndOperation()
	if err != nil {
		return err
	}
	_, err = r.server.Desk.CorrectVisit(r.ctx(), r.actor(), op, line.ID, r.visitInput(line.Kind), r.value("reason"), r.value("version"))
	return r.afterVisit(line, err)
}

func voidVisit(r *request) error {
	line, op, err := r.lineAndOperation()
	if err != nil {
		return err
	}
	_, err = r.server.Desk.VoidVisit(r.ctx(), r.actor(), op, line.ID, r.value("reason"), "")
	return r.afterVisit(line, err)
}

func resolveVisit(r *request) error {
	line, op, err := r.lineAndOperation()
	if err != nil {
		return err
	}
	member, err := library.ParseID(r.value("person"))
	if err != nil {
		return r.afterVisit(line, library.Invalid(library.Problem{Field: "query", Key: library.KeyChoose}))
	}
	_, err = r.server.Desk.ResolveVisit(r.ctx(), r.actor(), op, line.ID, member, r.value("version"))
	return r.afterVisit(line, err)
}

func (r *request) lineAndOperation() (desk.Visit, library.ID, error) {
	line, err := r.visitLine()
	op, missing := r.operation()
	return line, op, errors.Join(err, missing)
}

// findVisitor looks for the member a line belongs to. The name travels in the body, never in the address.
func findVisitor(r *request) error {
	line, err := r.visitLine()
	if err != nil {
		return err
	}
	v, err := r.visitView(line, nil)
	if err != nil {
		return err
	}
	found, err := r.foundMembers(r.value("query"))
	if err != nil {
		return err
	}
	v.Found = found
	if len(found) == 0 {
		v.Problems = view.Problems{{Field: "query", Text: r.t("visits.find.none")}}
		v.Query = v.Query.With(v.Problems)
	}
	return r.page("visits-line", v)
}

// foundMembers are at most ten members for a name, a number or a birth date.
func (r *request) foundMembers(query string) ([]view.Found, error) {
	if query == "" {
		return nil, nil
	}
	found, _, err := r.server.Desk.Find(r.ctx(), r.actor(), query, 10, desk.Members)
	if err != nil {
		return nil, err
	}
	list := make([]view.Found, len(found))
	for i, e := range found {
		note := library.MemberNumber(e.Number).Grouped()
		if birth, err := library.ParseDate(e.Birth); err == nil {
			note += " · " + birth.String()
		}
		list[i] = view.Found{ID: library.ID(e.ID).String(), Name: e.Name, Note: note}
	}
	return list, nil
}
