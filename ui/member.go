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

const (
	visitsShown  = 20
	historyShown = 200
)

// showMember is the page of one member. The look is written into the history.
func showMember(r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	rec, err := r.server.Desk.View(r.ctx(), r.actor(), id, "")
	if library.KindOf(err) == library.KindNotFound {
		return r.showKnown(id)
	}
	if err != nil {
		return err
	}
	v, err := r.memberView(rec, false)
	if err != nil {
		return err
	}
	return r.page("member", v)
}

// revealMember shows the same page with NIK and contact whole, once, for a reason.
func revealMember(r *request) error {
	rec, err := r.member()
	if err != nil {
		return err
	}
	_, err = r.server.Desk.Reveal(r.ctx(), r.actor(), rec.ID, r.value("note"))
	v, verr := r.memberView(rec, err == nil)
	if verr != nil {
		return verr
	}
	if err != nil {
		v.Reveal.Open, v.Reveal.Error = true, r.t("member.reveal.why")
		return r.invalid("member", v, err)
	}
	return r.page("member", v)
}

// member loads the member in the path for something that is done on the page; showing it has been logged.
func (r *request) member() (desk.Record, error) {
	id, err := r.id("id")
	if err != nil {
		return desk.Record{}, err
	}
	return r.server.Desk.Registration(r.ctx(), r.actor(), id)
}

func (r *request) memberView(rec desk.Record, full bool) (*view.Member, error) {
	v := &view.Member{ID: rec.ID.String(), Name: rec.Form.Name, Full: full}
	v.Title = r.t("member.title")
	if rec.Card != nil {
		v.Number = rec.Card.Number.Grouped()
		v.Card, v.CardPNG = "/kartu/"+v.ID+"/kartu.svg", "/kartu/"+v.ID+"/kartu.png?unduh=1"
	}
	if rec.PhotoKey != "" {
		v.Photo = "/foto/" + v.ID + "?" + rec.PhotoKey
	}
	v.Status = r.memberStatus(rec)
	v.Facts, v.Person, v.Contact, v.Guardian, v.Consents = r.termFacts(rec), r.personFacts(rec, full), r.contactFacts(rec, full), r.guardianFacts(rec, full), r.consentFacts(rec)
	v.Cards = r.cardTable(rec)
	visits, err := r.server.Desk.MemberVisits(r.ctx(), r.actor(), rec.ID, visitsShown)
	if err != nil {
		return nil, err
	}
	v.Visits = r.memberVisits(visits)
	history, err := r.server.Desk.History(r.ctx(), r.actor(), rec.ID, historyShown)
	if err != nil {
		return nil, err
	}
	v.History = r.historyTable(history)
	r.memberActions(v, rec)
	if err := errors.Join(r.addSame(v, rec), r.addWish(v, rec)); err != nil {
		return nil, err
	}
	if err := r.addWhere(v, rec); err != nil {
		return nil, err
	}
	return v, r.addPhotoState(v, rec)
}

// addSame says that a record was merged with others, and leads to the one that stands.
func (r *request) addSame(v *view.Member, rec desk.Record) error {
	same, err := r.server.Desk.Same(r.ctx(), r.actor(), rec.ID)
	if err != nil || len(same.Others) == 0 {
		return err
	}
	v.Same = &view.SameMember{Title: r.t("merged.title"), Text: r.t("merged.text")}
	if same.Stands != rec.ID {
		v.Same.Title, v.Same.Link = r.t("merged.into"), view.Link{Path: memberPath(same.Stands, ""), Text: r.t("merged.go")}
	}
	for _, o := range same.Others {
		v.Same.Others = append(v.Same.Others, view.Fact{Name: o.Number.Grouped(), Value: o.Name})
	}
	return nil
}

// addWhere says where the record is safe; a PC that never joined a centre has nothing to say.
func (r *request) addWhere(v *view.Member, rec desk.Record) error {
	receipt, err := r.server.Desk.ReceiptOf(r.ctx(), r.actor(), rec.ID)
	if err != nil {
		return err
	}
	var word string
	var state view.State
	switch receipt {
	case desk.ReceiptAttention:
		word, state = "attention", view.Warn
	case desk.ReceiptHere:
		word, state = "here", view.Info
	case desk.ReceiptCentre:
		word, state = "sent", view.OK
	case desk.ReceiptSafe:
		word, state = "durable", view.OK
	default:
		return nil
	}
	v.Where = &view.Kept{State: view.Cell{Text: r.t("where." + word), State: state}, Text: r.t("where." + word + ".text")}
	return nil
}

func (r *request) memberStatus(rec desk.Record) []view.Cell {
	if rec.Card == nil {
		return []view.Cell{{Text: r.t("member.status.open"), State: view.Info}}
	}
	cells := []view.Cell{{Text: r.t("member.status.valid"), State: view.OK}}
	if rec.Until.Compare(r.server.Desk.Today()) < 0 {
		cells[0] = view.Cell{Text: r.t("member.status.expired"), State: view.Warn}
	}
	if rec.Card.Blocked {
		cells = append(cells, view.Cell{Text: r.t("member.status.blocked") + ": " + r.reasonWord(rec.Card.Reason), State: view.Bad})
	}
	if rec.Photo == "deferred" {
		cells = append(cells, view.Cell{Text: r.t("member.status.photo_later"), State: view.Info})
	}
	return cells
}

func (r *request) termFacts(rec desk.Record) []view.Fact {
	facts := []view.Fact{{Name: r.t("field.member_kind"), Value: r.said(rec.Form, library.FieldMemberKind)},
		{Name: r.t("member.since"), Value: rec.Day.String()}}
	if rec.Member {
		facts = append(facts, view.Fact{Name: r.t("member.until"), Value: rec.Until.String()})
	}
	for _, a := range rec.Aliases {
		number := a.Number
		if library.LooksLikeNIK(number) {
			number = library.NIK(number).Masked()
		}
		facts = append(facts, view.Fact{Name: a.System, Value: number})
	}
	return facts
}

// facts are fields of the form in words; empty ones are left out.
func (r *request) facts(form library.Form, fields ...string) []view.Fact {
	var out []view.Fact
	for _, field := range fields {
		if said := r.said(form, field); said != "" {
			out = append(out, view.Fact{Name: r.t("field." + field), Value: said})
		}
	}
	return out
}

func (r *request) personFacts(rec desk.Record, full bool) []view.Fact {
	form := rec.Form
	if !full {
		form.NIK = library.NIK(form.NIK).Masked()
		form.IdentityNumber = masked(form.IdentityNumber)
	}
	return r.facts(form, library.FieldIdentity, library.FieldNIK, library.FieldIdentityNumber, library.FieldBirthPlace, library.FieldBirth,
		library.FieldSex, library.FieldEducation, library.FieldOccupation, library.FieldInstitution)
}

func (r *request) contactFacts(rec desk.Record, full bool) []view.Fact {
	form := rec.Form
	if !full {
		form.Phone, form.Email = masked(form.Phone), masked(form.Email)
	}
	return r.facts(form, library.FieldAddress, library.FieldRT, library.FieldRW, library.FieldVillage, library.FieldDistrict, library.FieldRegency,
		library.FieldPhone, library.FieldEmail, library.FieldStop)
}

func (r *request) guardianFacts(rec desk.Record, full bool) []view.Fact {
	form := rec.Form
	if !full {
		form.Guardian.Phone = masked(form.Guardian.Phone)
	}
	return r.facts(form, library.FieldGuardianName, library.FieldGuardianRelation, library.FieldGuardianDocument, library.FieldGuardianPhone)
}

// masked leaves the last three characters, enough to tell two numbers apart.
func masked(s string) string {
	runes := []rune(s)
	if len(runes) <= 3 {
		return s
	}
	return strings.Repeat("•", min(len(runes)-3, 9)) + string(runes[len(runes)-3:])
}

func (r *request) consentFacts(rec desk.Record) []view.Fact {
	var out []view.Fact
	for _, kind := range []library.ConsentKind{library.ConsentMembership, library.ConsentPhoto} {
		c, asked := rec.Consents[kind]
		if !asked {
			continue
		}
		word, state := "identify.given", view.OK
		if !c.Given {
			word, state = "identify.refused", view.Quiet
		}
		value := r.t(word, text.Date(c.At.In(r.server.Zone)))
		out = append(out, view.Fact{Name: r.t("identify.consent." + string(kind)), Value: value, State: state})
	}
	return out
}

func (r *request) cardTable(rec desk.Record) view.Table {
	t := view.Table{Caption: r.t("member.cards"), Columns: []view.Column{{Text: r.t("members.number")}, {Text: r.t("member.issued")},
		{Text: r.t("member.until")}, {Text: r.t("member.handed")}, {Text: r.t("members.status")}},
		Empty: view.Empty{Title: r.t("member.cards.none")}}
	for _, c := range rec.Cards {
		status := view.Cell{Text: r.t("member.card.in_use"), State: view.OK}
		switch {
		case c.Replaced:
			status = view.Cell{Text: r.t("member.card.replaced"), State: view.Quiet}
		case c.Blocked:
			status = view.Cell{Text: r.t("member.status.blocked"), State: view.Bad}
		}
		handed := r.t("member.card.not_handed")
		if !c.Handed.IsZero() {
			handed = text.Date(c.Handed.In(r.server.Zone))
		}
		t.Rows = append(t.Rows, view.Row{Cells: []view.Cell{{Text: c.Number.Grouped()}, {Text: text.Date(c.Issued.In(r.server.Zone))},
			{Text: c.Until.String()}, {Text: handed}, status}})
	}
	return t
}

func (r *request) memberVisits(list []desk.Visit) view.Table {
	t := view.Table{Caption: r.t("member.visits"), Columns: []view.Column{{Text: r.t("member.when")}, {Text: r.t("member.purpose")}},
		Empty: view.Empty{Title: r.t("member.visits.none"), Text: r.t("member.visits.none.text")}}
	s := r.server.Desk.Settings()
	for _, visit := range list {
		purpose := view.Cell{Text: s.Purpose(visit.Purpose)}
		if visit.Voided {
			purpose = view.Cell{Text: r.t("member.voided"), State: view.Quiet}
		}
		t.Rows = append(t.Rows, view.Row{Cells: []view.Cell{{Text: r.moment(visit.At)}, purpose}})
	}
	return t
}

// memberActions offers what this officer may do with this member now.
func (r *request) memberActions(v *view.Member, rec desk.Record) {
	csrf := r.csrf()
	if !v.Full && r.may(library.ReadFull) {
		v.Reveal = view.Confirm{Action: memberPath(rec.ID, "lengkap"), CSRF: csrf, Text: r.t("member.reveal"), Explain: r.t("member.reveal.explain"),
			Button: r.t("member.reveal.do"), Note: view.Field{Name: "note", Label: r.t("common.reason")}}
	}
	if r.may(library.Erase) {
		v.Access = memberPath(rec.ID, "salinan.json")
		if _, err := r.office(); err == nil {
			v.Erase = memberPath(rec.ID, "hapus")
		}
	}
	if rec.Card == nil {
		return
	}
	if r.may(library.Correct) {
		v.Correct = memberPath(rec.ID, "betulkan")
		v.Alias = &view.AliasForm{Action: memberPath(rec.ID, "nomor"), CSRF: csrf,
			System: view.Field{Name: "system", Label: r.t("member.alias.system"), Hint: r.t("member.alias.system.hint"), Maximum: 40, Auto: "off"},
			Number: view.Field{Name: "number", Label: r.t("member.alias.number"), Maximum: 64, Auto: "off", NoSpell: true}}
	}
	if r.may(library.Register) {
		v.Renew, v.NewPhoto, v.Sibling = memberPath(rec.ID, "perpanjang"), memberPath(rec.ID, "foto"), registrationPath(rec.ID, "saudara")
		if !rec.Card.Blocked {
			v.Phone = phoneCardPath(rec.ID)
		}
		v.Replace = &view.Choose{Action: memberPath(rec.ID, "ganti-kartu"), CSRF: csrf, Text: r.t("member.replace"), Explain: r.t("member.replace.explain"),
			Button: r.t("member.replace.do"), Choice: view.Choice{Name: "reason", Label: r.t("common.reason"), Options: r.reasons("lost", "damaged", "data")}}
	}
	switch {
	case !r.may(library.Block):
	case rec.Card.Blocked:
		v.Unblock = view.Confirm{Action: memberPath(rec.ID, "buka-blokir"), CSRF: csrf, Text: r.t("member.unblock"), Explain: r.t("member.unblock.explain"),
			Button: r.t("member.unblock.do"), Note: view.Field{Name: "note", Label: r.t("common.reason")}}
	default:
		v.Block = view.Confirm{Action: memberPath(rec.ID, "blokir"), CSRF: csrf, Text: r.t("member.block"), Explain: r.t("member.block.explain"),
			Button: r.t("member.block.do"), Danger: true, Reasons: r.reasons("lost", "misuse", "request", "other")}
	}
}

// reasons are the reasons for something done to a card.
func (r *request) reasons(keys ...string) []view.Option {
	out := make([]view.Option, len(keys))
	for i, key := range keys {
		out[i] = view.Option{Value: key, Text: r.t("member.reason." + key)}
	}
	return out
}

// reasonWord is a reason in words; what an officer wrote stands as it is.
func (r *request) reasonWord(key string) string {
	if key != "" && r.server.words.Has("member.reason."+key) {
		return r.t("member.reason." + key)
	}
	lists := [][]library.Code{library.PauseReasons(), library.HandoverWays()}
	for _, refusal := range library.Refusals() {
		lists = append(lists, []library.Code{refusal.Code})
	}
	for _, list := range lists {
		if c, ok := library.Find(list, key); ok {
			return r.code(c)
		}
	}
	return key
}

// memberAgain shows the page again with what was wrong with something done on it.
func (r *request) memberAgain(rec desk.Record, err error, change func(*view.Member, view.Problems)) error {
	if library.KindOf(err) != library.KindInvalid {
		return err
	}
	v, verr := r.memberView(rec, false)
	if verr != nil {
		return verr
	}
	change(v, r.problems(err))
	v.Base().Problems = r.problems(err)
	return r.reply(http.StatusUnprocessableEntity, "member", v)
}
