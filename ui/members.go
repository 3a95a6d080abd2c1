package ui

import (
	"slices"
	"strconv"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// membersPerPage is how many rows a search shows at first; each "more" adds as many, up to what the directory answers.
const (
	membersPerPage = 20
	membersAtMost  = 100
)

// memberRoutes: find a member, the member's page, and what can be done there. A search is a POST, so that no name or
// number comes into an address.
func (s *server) memberRoutes() []route {
	read, work, correct := officerWho(library.ReadMember), officerWho(library.Register), officerWho(library.Correct)
	return []route{
		get("/anggota", read, showMembers),
		post("/anggota", read, findMembers),
		post("/anggota/hasil", read, foundMembers),
		get("/anggota/:id", read, showMember),
		post("/anggota/:id/lengkap", officerWho(library.ReadFull), revealMember),
		get("/anggota/:id/betulkan", correct, showCorrection),
		post("/anggota/:id/betulkan", correct, correctMember),
		post("/anggota/:id/wilayah", correct, showMemberRegions),
		post("/anggota/:id/blokir", officerWho(library.Block), blockCard),
		post("/anggota/:id/buka-blokir", officerWho(library.Block), unblockCard),
		get("/anggota/:id/perpanjang", work, showRenewal),
		post("/anggota/:id/perpanjang", work, renewMember),
		post("/anggota/:id/foto-hilang", work, acceptPhotoLoss),
		post("/anggota/:id/ganti-kartu", work, replaceCard),
		post("/anggota/:id/nomor", correct, addAlias),
		get("/anggota/:id/salinan.json", officerWho(library.Erase), downloadAccess),
	}
}

func showMembers(r *request) error { return r.showFound("members") }

// findMembers answers a search that was sent with Enter. A whole number, as a scanner types it, opens its member.
func findMembers(r *request) error {
	query := r.value("cari")
	if desk.LooksLikeReference(query) {
		if id, err := r.server.Desk.FindReference(r.ctx(), r.actor(), query); err == nil {
			return r.redirect(registrationPath(id, ""))
		}
	}
	if len(query) >= 6 && r.value("limit") == "" {
		if open, err := r.opensMember(query); err != nil || !open {
			if err != nil {
				return err
			}
			return r.cardChecked(query)
		}
		rec, err := r.server.Desk.Scan(r.ctx(), r.actor(), query)
		if err == nil {
			return r.redirect(memberPath(rec.ID, ""))
		}
		if library.KindOf(err) != library.KindNotFound {
			return err
		}
		if id, away, err := r.server.Desk.Away(r.ctx(), r.actor(), query); err != nil {
			return err
		} else if away {
			return r.redirect(memberPath(id, ""))
		}
	}
	return r.showFound("members")
}

// foundMembers answers while the officer types.
func foundMembers(r *request) error {
	v, err := r.membersView()
	if err != nil {
		return err
	}
	return r.part("members", "found", v.Found)
}

func (r *request) showFound(page string) error {
	v, err := r.membersView()
	if err != nil {
		return err
	}
	return r.page(page, v)
}

func (r *request) membersView() (*view.Members, error) {
	v := &view.Members{}
	v.Title = r.t("members.title")
	v.Query = view.Field{Name: "cari", Label: r.t("members.query"), Hint: r.t("members.query.hint"), Value: r.value("cari"), Kind: "search", Auto: "off",
		NoSpell: true, Focus: true, Maximum: 200}
	v.Who = view.Choice{Name: "siapa", Label: r.t("members.who"), Inline: true, Value: "semua", Options: []view.Option{
		{Value: "semua", Text: r.t("members.who.all")}, {Value: "anggota", Text: r.t("members.who.members")}, {Value: "proses", Text: r.t("members.who.open")}}}
	filter := desk.Everyone
	switch r.value("siapa") {
	case "anggota":
		v.Who.Value, filter = "anggota", desk.Members
	case "proses":
		v.Who.Value, filter = "proses", desk.Registrations
	}
	limit := membersPerPage
	if n, err := strconv.Atoi(r.value("limit")); err == nil {
		limit = min(max(n, membersPerPage), membersAtMost)
	}
	entries, more, err := r.server.Desk.Find(r.ctx(), r.actor(), v.Query.Value, limit, filter)
	if err != nil {
		return nil, err
	}
	v.Found = r.found(entries, v.Query.Value != "")
	switch {
	case more && limit < membersAtMost:
		v.Found.More = limit + membersPerPage
	case more:
		v.Found.Many = true
	}
	v.Found.Ask = desk.LooksLikeReference(v.Query.Value) && r.server.Desk.Settings().Role != library.NodeCentre
	v.Found.Filling = !r.server.Desk.Directory.Ready()
	return v, nil
}

func (r *request) found(entries []desk.Entry, asked bool) view.SearchResult {
	t := view.Table{Caption: r.t("members.title"), Columns: []view.Column{{Text: r.t("members.name")}, {Text: r.t("members.number")},
		{Text: r.t("members.birth")}, {Text: r.t("members.village")}, {Text: r.t("members.status")}},
		Empty: view.Empty{Title: r.t("members.empty"), Text: r.t("members.empty.text"), Link: view.Link{Path: "/daftar", Text: r.t("desk.register")}}}
	if asked {
		t.Empty.Title, t.Empty.Text = r.t("members.none"), r.t("members.none.text")
	}
	for _, e := range entries {
		birth := ""
		if d, err := library.ParseDate(e.Birth); err == nil {
			birth = d.String()
		}
		link := memberPath(e.ID, "")
		if !e.Member {
			link = registrationPath(e.ID, "")
		}
		name := e.Name
		if name == "" {
			name = r.t("registration.new")
		}
		t.Rows = append(t.Rows, view.Row{Link: link, Cells: []view.Cell{{Text: name}, {Text: library.MemberNumber(e.Number).Grouped()},
			{Text: birth}, {Text: r.said(library.Form{Village: e.Village}, library.FieldVillage)}, r.entryStatus(e)}})
	}
	return view.SearchResult{Table: t}
}

// entryStatus is one word on how somebody stands with the library today.
func (r *request) entryStatus(e desk.Entry) view.Cell {
	today := int64(r.server.Desk.Today().Days())
	switch {
	case !e.Member && slices.Contains([]string{"refused", "withdrawn", "lapsed", "same"}, e.Stage):
		return view.Cell{Text: r.t("member.status." + e.Stage), State: view.Quiet}
	case !e.Member:
		return view.Cell{Text: r.t("member.status.open"), State: view.Info}
	case e.Blocked:
		return view.Cell{Text: r.t("member.status.blocked"), State: view.Bad}
	case e.Until < today:
		return view.Cell{Text: r.t("member.status.expired"), State: view.Warn}
	}
	return view.Cell{Text: r.t("member.status.valid"), State: view.OK}
}

// memberPath is the address of a member, or of one of the member's pages.
func memberPath(id library.ID, page string) string {
	if page == "" {
		return "/anggota/" + id.String()
	}
	return "/anggota/" + id.String() + "/" + page
}
