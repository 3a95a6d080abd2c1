package ui

import (
	"strings"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

func officerSamples() []sample {
	speaker := func(t say) *request { return &request{server: newWordsOnly(), lang: languageOf(t)} }
	return []sample{
		{"officers", "officers", func(t say) view.Framed {
			v := &view.Officers{Add: true, Sheet: "/x", Table: view.Table{Caption: t("officers.title"), Columns: []view.Column{{Text: t("officers.name")},
				{Text: t("officers.login")}, {Text: t("officers.role")}, {Text: t("officers.state")}}, Rows: []view.Row{
				{Link: "/x", Cells: []view.Cell{{Text: "Siti Rahayu"}, {Text: "siti"}, {Text: t("role.coordinator")}, {Text: t("officers.active"), State: view.OK}}},
				{Link: "/x", Cells: []view.Cell{{Text: "Bagus Wicaksono"}, {Text: "bagus"}, {Text: t("role.officer")}, {Text: t("officers.left"), State: view.Quiet}}}}}}
			v.Title = t("officers.title")
			return v
		}},
		{"new-sheet", "new-sheet", func(t say) view.Framed {
			sheet := drawnSheet{Ask: 7}
			v := &view.NewSheet{State: "x", Print: "/x", Save: "/x", Words: strings.Fields("abad baju cabai dadu emas fajar gula hujan ikan jala kayu laut madu nasi obat"), Kit: t("newsheet.kit"),
				Word: sheet.wordField(speaker(t)), Password: view.Field{Name: "password", Label: t("newsheet.password"), Kind: "password", Error: t("problem.own_password")}}
			v.Title = t("newsheet.title")
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
