package ui

import (
	"context"
	"fmt"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// knownRoutes: members of other branches, of whom this PC holds name, number and validity.
func (s *server) knownRoutes() []route {
	return []route{
		post("/anggota/:id/kunjungan", officerWho(library.RecordVisit), visitOfKnown),
		post("/anggota/:id/ambil", officerWho(library.ReadFull), fetchKnown),
	}
}

// showKnown is the page of a member of another branch.
func (r *request) showKnown(id library.ID) error {
	k, err := r.server.Desk.Known(r.ctx(), r.actor(), id)
	if err != nil {
		return err
	}
	v := &view.KnownMember{ID: id.String(), Name: k.Name, Number: k.Number().Grouped(), Text: r.t("known.text")}
	v.Title = r.t("member.title")
	v.Facts = []view.Fact{{Name: r.t("known.home"), Value: r.homeOf(k)}, {Name: r.t("known.kind"), Value: r.said(library.Form{MemberKind: k.Kind}, library.FieldMemberKind)},
		{Name: r.t("known.until"), Value: k.Until.String()}}
	v.Status = []view.Cell{{Text: r.t("member.status.valid"), State: view.OK}}
	if k.Until.Compare(r.server.Desk.Today()) < 0 {
		v.Status[0] = view.Cell{Text: r.t("member.status.expired"), State: view.Warn}
	}
	v.Cards = view.Table{Caption: r.t("member.cards"), Columns: []view.Column{{Text: r.t("members.number")}, {Text: r.t("members.status")}}, Empty: view.Empty{Title: r.t("member.cards.none")}}
	for i, c := range k.Cards {
		state := view.Cell{Text: r.t("member.card.in_use"), State: view.OK}
		switch {
		case c.Blocked:
			state = view.Cell{Text: r.t("member.status.blocked"), State: view.Bad}
		case c.Replaced:
			state = view.Cell{Text: r.t("member.card.replaced"), State: view.Quiet}
		}
		if i == 0 && c.Blocked {
			v.Status = append(v.Status, state)
		}
		v.Cards.Rows = append(v.Cards.Rows, view.Row{Cells: []view.Cell{{Text: c.Number.Grouped()}, state}})
	}
	if r.may(library.RecordVisit) && k.Number() != "" {
		v.Visit = memberPath(id, "kunjungan")
	}
	e, err := r.server.Desk.Exchange(r.ctx(), r.actor())
	if err != nil {
		return err
	}
	switch {
	case e.State == desk.ExchangeWaiting && !e.Tried.IsZero():
		v.Text = r.t("known.offline")
	case e.State != desk.ExchangeFine && e.State != desk.ExchangeWaiting:
		v.Text = r.t("known.alone")
		return r.page("member-known", v)
	}
	if r.may(library.ReadFull) {
		v.Fetch = memberPath(id, "ambil")
	}
	return r.page("member-known", v)
}

// homeOf names the branch that registered somebody.
func (r *request) homeOf(k desk.Known) string {
	if k.Home != "" {
		return k.Home
	}
	return r.t("known.unknown_home", fmt.Sprintf("%03d", k.Code))
}

// visitOfKnown writes a visit into the register by the card's number: the centre knows whose it is.
func visitOfKnown(r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	k, err := r.server.Desk.Known(r.ctx(), r.actor(), id)
	if err != nil {
		return err
	}
	if _, err := r.server.Desk.CheckIn(r.ctx(), r.actor(), op, desk.VisitInput{Kind: desk.VisitMember, Number: k.Number().String(), Stop: r.rememberedStop()}); err != nil {
		return err
	}
	return r.done(memberPath(id, ""), "done.visit_known")
}

// fetchKnown asks the centre for the full record. What takes longer comes with a later exchange.
func fetchKnown(r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.ctx(), patience)
	defer cancel()
	err = r.server.Desk.Fetch(ctx, r.actor(), id)
	switch {
	case library.KindOf(err) == library.KindUnavailable:
		return r.done(memberPath(id, ""), "done.fetch_asked")
	case err != nil:
		return err
	}
	return r.done(memberPath(id, ""), "done.fetched")
}
