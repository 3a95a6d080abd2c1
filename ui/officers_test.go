package ui

import (
	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

func officerSamples() []sample {
	speaker := func(t say) *request { return &request{server: newWordsOnly(), lang: languageOf(t)} }
	return []sample{
		{"officers", "officers", func(t say) view.Framed {
			v := &view.Officers{Add: true, Table: view.Table{Caption: t("officers.title"), Columns: []view.Column{{Text: t("officers.name")},
				{Text: t("officers.login")}, {Text: t("officers.role")}, {Text: t("officers.state")}}, Rows: []view.Row{
				{Link: "/x", Cells: []view.Cell{{Text: "Siti Rahayu"}, {Text: "siti"}, {Text: t("role.coordinator")}, {Text: t("officers.active"), State: view.OK}}},
				{Link: "/x", Cells: []view.Cell{{Text: "Bagus Wicaksono"}, {Text: "bagus"}, {Text: t("role.officer")}, {Text: t("officers.left"), State: view.Quiet}}}}}}
			v.Title = t("officers.title")
			return v
		}},
		{"officer-new", "officer-new", func(t say) view.Framed { return speaker(t).newOfficerView() }},
		{"officer", "officer", func(t say) view.Framed {
			return speaker(t).officerView(deskOfficer())
		}},
		{"password-own", "password", func(t say) view.Framed { return speaker(t).ownPasswordView() }},
		{"password-reset", "password", func(t say) view.Framed { return speaker(t).resetView(deskOfficer()) }},
	}
}

func deskOfficer() desk.Officer {
	return desk.Officer{Name: "Bagus Wicaksono", Login: "bagus", Role: library.RoleOfficer, Active: true}
}
