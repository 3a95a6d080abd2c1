package ui

import (
	"strings"

	"simpul/node/library"
	"simpul/ui/view"
)

// frame fills what stands around every page.
func (r *request) frame(p *view.Page) {
	p.Lang, p.Theme, p.CSRF, p.Path = r.lang, r.theme, r.csrf(), r.Path()
	var facts Frame
	if r.server.Frame != nil {
		facts = r.server.Frame(r.ctx())
	}
	p.Place, p.Centre, p.Demo = facts.Place, facts.Centre, facts.Demo
	p.Banners = append(r.banners(facts.Facts), p.Banners...)
	if !r.known || r.session.Kiosk {
		return
	}
	p.Officer = view.Officer{Name: r.session.Name, Settings: r.may(library.ManageSettings), Vault: r.may(library.RecordVisit)}
	if r.session.Role != "" {
		p.Officer.Role = r.t("role." + string(r.session.Role))
	}
	if p.Flash == "" && !r.fragment() {
		p.Flash = r.justDone()
	}
	if p.Badge = r.badge(facts.Facts); facts.Centre {
		p.Badge = r.badgeOfCentre(facts.Facts)
	}
	if facts.Badge != nil {
		p.Badge = facts.Badge(r.lang)
	}
	p.Nav = r.nav(facts)
}

// nav lists the places this officer may go to.
func (r *request) nav(facts Frame) []view.NavItem {
	type place struct {
		path, key string
		may       library.Permission
		count     int
	}
	places := []place{
		{"/meja", "nav.desk", library.DraftRegistration, 0},
		{"/anggota", "nav.members", library.ReadMember, 0},
		{"/kunjungan/hari", "nav.visits", library.RecordVisit, 0},
		{"/laporan", "nav.reports", library.ReadReports, 0},
		{"/data", "nav.data", 0, 0}, // every officer
	}
	if facts.Centre {
		places = []place{
			{"/ikhtisar", "nav.overview", library.ReadReports, 0},
			{"/cabang", "nav.branches", library.ReadReports, 0},
			{"/anggota", "nav.members", library.ReadMember, 0},
			{"/laporan", "nav.reports", library.ReadReports, 0},
			{"/putusan", "nav.decide", library.Decide, facts.Waiting},
		}
	}
	var items []view.NavItem
	for _, p := range places {
		if p.may != 0 && !r.may(p.may) {
			continue
		}
		here := r.Path() == p.path || strings.HasPrefix(r.Path(), p.path+"/") || p.path == "/meja" && strings.HasPrefix(r.Path(), "/daftar")
		items = append(items, view.NavItem{Path: p.path, Text: r.t(p.key), Current: here, Count: p.count})
	}
	return items
}
