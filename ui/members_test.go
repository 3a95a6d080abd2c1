package ui

import (
	"simpul/ui/view"
)

// memberSamples are the pages of members.
func memberSamples() []sample {
	return []sample{
		{"members", "members", membersSample(3)},
		{"members-empty", "members", membersSample(0)},
		{"member", "member", memberSample},
		{"member-correct", "member-correct", correctionSample},
		{"member-renew", "member-renew", func(t say) view.Framed {
			v := &view.Renewal{Name: "Ayu Lestari Wulandari", Action: "/x", Back: "/x", Facts: []view.Fact{{Name: t("member.until"), Value: "22-11-2026"}},
				Kind: view.Choice{Name: "kind", Label: t("field.member_kind"), Value: "umum", Options: []view.Option{
					{Value: "umum", Text: "Umum", Hint: t("member.renew.term", "23-11-2026", "22-11-2029")}}}}
			v.Title = t("member.renew")
			return v
		}},
	}
}

func membersSample(rows int) func(say) view.Framed {
	return func(t say) view.Framed {
		v := &view.Members{Query: view.Field{Name: "cari", Label: t("members.query"), Hint: t("members.query.hint"), Kind: "search", Focus: true},
			Who: view.Choice{Name: "siapa", Label: t("members.who"), Inline: true, Value: "semua", Options: []view.Option{
				{Value: "semua", Text: t("members.who.all")}, {Value: "anggota", Text: t("members.who.members")}, {Value: "proses", Text: t("members.who.open")}}}}
		v.Title = t("members.title")
		v.Found = view.SearchResult{More: rows, Filling: rows == 0, Table: view.Table{Caption: v.Title, Columns: []view.Column{{Text: t("members.name")},
			{Text: t("members.number")}, {Text: t("members.birth")}, {Text: t("members.village")}, {Text: t("members.status")}},
			Empty: view.Empty{Title: t("members.none"), Text: t("members.none.text"), Link: view.Link{Path: "/daftar", Text: t("desk.register")}}}}
		names := []string{"Ayu Lestari Wulandari", "Bagas Prayoga", "Moch. Fathur Rozi"}
		states := []view.Cell{{Text: t("member.status.valid"), State: view.OK}, {Text: t("member.status.expired"), State: view.Warn}, {Text: t("member.status.open"), State: view.Info}}
		for i := range rows {
			v.Found.Table.Rows = append(v.Found.Table.Rows, view.Row{Link: "/x", Cells: []view.Cell{{Text: names[i%3]}, {Text: "014 26 8 00123 7"},
				{Text: "07-05-1998"}, {Text: "Kembiritan"}, states[i%3]}})
		}
		return v
	}
}

func memberSample(t say) view.Framed {
	cell := func(words ...string) view.Row {
		var row view.Row
		for _, w := range words {
			row.Cells = append(row.Cells, view.Cell{Text: w})
		}
		return row
	}
	columns := func(keys ...string) []view.Column {
		var out []view.Column
		for _, key := range keys {
			out = append(out, view.Column{Text: t(key)})
		}
		return out
	}
	v := &view.Member{ID: "x", Name: "Ayu Lestari Wulandari", Number: "014 26 8 00123 7", Status: []view.Cell{{Text: t("member.status.valid"), State: view.OK}},
		Facts:    []view.Fact{{Name: t("field.member_kind"), Value: "Umum"}, {Name: t("member.since"), Value: "23-11-2026"}, {Name: t("member.until"), Value: "22-11-2029"}},
		Person:   []view.Fact{{Name: t("field.nik"), Value: "3510••••••••0003"}, {Name: t("field.birth"), Value: "07-05-1998"}, {Name: t("field.sex"), Value: t("sex.P")}},
		Contact:  []view.Fact{{Name: t("field.address"), Value: "Jl. Gajah Mada 12"}, {Name: t("field.phone"), Value: "•••••••••890"}},
		Consents: []view.Fact{{Name: t("identify.consent.photo"), Value: t("identify.given", "23-11-2026"), State: view.OK}},
		Cards:    view.Table{Caption: t("member.cards"), Columns: columns("members.number", "member.issued"), Rows: []view.Row{cell("014 26 8 00123 7", "23-11-2026")}},
		Visits:   view.Table{Caption: t("member.visits"), Columns: columns("member.when", "member.purpose"), Empty: view.Empty{Title: t("member.visits.none"), Text: t("member.visits.none.text")}},
		History: view.Table{Caption: t("member.history"), Columns: columns("member.when", "member.officer", "member.what"),
			Rows: []view.Row{cell("23-11-2026 14.02", "Siti Rahayu", t("history.registration.verified", "KTP"))}},
		Reveal: view.Confirm{Action: "/x", Text: t("member.reveal"), Explain: t("member.reveal.explain"), Button: t("member.reveal.do")},
		Wish: &view.WishState{State: view.Cell{Text: t("wish.waits"), State: view.Warn}, Text: t("wish.waits.text"), Withdraw: "/x",
			Facts: []view.Fact{{Name: t("wish.asked"), Value: "21-11-2026, 09.12"}, {Name: t("wish.by"), Value: t("wish.by.self")}}},
		Correct: "/x", Renew: "/x", NewPhoto: "/x", Phone: "/x", Sibling: "/x", Access: "/x",
		Replace: &view.Choose{Action: "/x", Text: t("member.replace"), Explain: t("member.replace.explain"), Button: t("member.replace.do"),
			Choice: view.Choice{Name: "reason", Label: t("common.reason"), Options: []view.Option{{Value: "lost", Text: t("member.reason.lost")}}}},
		Block: view.Confirm{Action: "/x", Text: t("member.block"), Explain: t("member.block.explain"), Button: t("member.block.do"), Danger: true},
		Alias: &view.AliasForm{Action: "/x", System: view.Field{Name: "system", Label: t("member.alias.system"), Hint: t("member.alias.system.hint")},
			Number: view.Field{Name: "number", Label: t("member.alias.number")}},
	}
	v.Title = t("member.title")
	v.Lost = &view.LostPhoto{NewPhoto: "/x", Accept: view.Confirm{Action: "/x", Text: t("lostphoto.accept"), Explain: t("lostphoto.explain"), Button: t("lostphoto.do"),
		Note: view.Field{Name: "note", Label: t("lostphoto.why"), Auto: "off"}}}
	return v
}

func correctionSample(t say) view.Framed {
	v := &view.Correction{Name: "Ayu Lestari Wulandari", Action: "/x", Back: "/x", Version: "1",
		Why: view.Field{Name: "why", Label: t("common.reason"), Hint: t("member.correct.why")}}
	v.Title = t("member.correct")
	v.Sections = []view.Section{{ID: "orang", Title: t("form.person"), Entries: []view.Entry{{Span: 8, Text: &view.Field{Name: "name", Label: t("field.name"), Value: "Ayu Lestari"}}}}}
	return v
}
