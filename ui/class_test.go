package ui

import "simpul/ui/view"

// classSamples are the pages of class mode.
func classSamples() []sample {
	return []sample{
		{"classes", "classes", func(t say) view.Framed {
			v := &view.Classes{Rows: []view.ClassRow{{Path: "/x", School: "SDN Contoh 2", Name: "4B", Day: "23-11-2026", Stop: "Balai Desa Contoh"}, {Path: "/y", School: "SDN Contoh 1", Name: "5A", Day: "20-11-2026", Closed: true}}}
			v.Title = t("class.title")
			return v
		}},
		{"classes-none", "classes", func(t say) view.Framed {
			v := &view.Classes{Empty: view.Empty{Title: t("class.none"), Text: t("class.none.text")}}
			v.Title = t("class.title")
			return v
		}},
		{"class-new", "class-new", func(t say) view.Framed {
			v := &view.ClassNew{School: view.Field{Name: "school", Label: t("class.school")}, Name: view.Field{Name: "class", Label: t("class.class"), Hint: t("class.class.hint")},
				Stop: view.Field{Name: "stop", Label: t("class.stop"), Optional: true}, Day: view.Field{Name: "day", Label: t("class.day"), Value: "23-11-2026"},
				Document: view.Choice{Name: "identity", Label: t("class.document"), Hint: t("class.document.hint"), Value: "kia", Inline: true, Options: []view.Option{{Value: "kia", Text: "KIA"}, {Value: "kk", Text: "KK"}}},
				Kind:     view.Choice{Name: "member_kind", Label: t("class.kind"), Value: "pelajar", Options: []view.Option{{Value: "pelajar", Text: "Pelajar"}}},
				Address:  view.Field{Name: "address", Label: t("class.address"), Optional: true}, Village: view.Field{Name: "village", Label: t("class.village"), Optional: true},
				District: view.Choice{Name: "district", Label: t("class.district"), Optional: true}}
			v.Title = t("class.new")
			return v
		}},
		{"class", "class", func(t say) view.Framed {
			return &view.ClassNames{ClassHead: classHead(t), Rows: childRows(t), List: view.Field{Name: "list", Label: t("class.list"), Hint: t("class.list.hint"), Lines: 8}}
		}},
		{"class-check", "class-check", func(t say) view.Framed {
			return &view.ClassCheck{ClassHead: classHead(t), Rows: []view.LineRow{{N: 1, Name: "Dewi Anggraini", Sex: "P", Birth: "07-05-2016", NIK: "3510104705160001", Guardian: "Sri Wahyuni"},
				{N: 2, Name: "Bagas Prayoga", Sex: "L", Birth: "31-02-2016", BirthBad: true, Problems: []string{t("problem.date_impossible")}},
				{N: 3, Name: "Rozi", Sex: "L", Birth: "02-02-2016", NIK: "3510100302160001", Warning: true, Problems: []string{t("problem.nik_birth", "03-02-2016")}},
				{N: 4, Name: "Tanpa Tanggal", Rest: true}}}
		}},
		{"class-child", "class-child", func(t say) view.Framed {
			return &view.ClassChild{ClassHead: classHead(t), Child: "Dewi Anggraini", Action: "/x", Version: "1", Fields: []view.Field{{Name: "name", Label: t("class.name"), Value: "Dewi Anggraini"}, {Name: "birth", Label: t("class.birth")}},
				Sex: view.Choice{Name: "sex", Label: t("class.sex"), Inline: true, Options: []view.Option{{Value: "L", Text: "Laki-laki"}}}, Confirm: view.Check{Name: "sure", Label: t("class.sure")}}
		}},
		{"class-sheets", "class-sheets", func(t say) view.Framed {
			rows := childRows(t)
			rows[0].Done, rows[0].Guardian = true, "Sri Wahyuni"
			rows[1].Problem = t("problem.missing")
			return &view.ClassSheets{ClassHead: classHead(t), Rows: rows, Relations: []view.Option{{Value: "ibu", Text: "Ibu"}}}
		}},
		{"class-verify", "class-verify", func(t say) view.Framed {
			rows := childRows(t)
			rows[1].Alike = "/x"
			return &view.ClassVerify{ClassHead: classHead(t), Document: "KIA", Rows: rows}
		}},
		{"class-photo", "class-photo", func(t say) view.Framed {
			return &view.ClassPhoto{ClassHead: classHead(t), Child: "Dewi Anggraini", Version: "1", Action: "/x", Skip: "/y", Taken: t("class.taken", "Bagus R."),
				Picker: photoSample("", false)(t).(*view.PhotoStep).Picker}
		}},
		{"class-cards", "class-cards", func(t say) view.Framed {
			rows := childRows(t)
			rows[1].Problem = t("class.waits.sheet")
			return &view.ClassCards{ClassHead: classHead(t), Ready: 12, NoPhoto: 3, Waiting: rows[1:], Printing: "/x", Handing: "/y"}
		}},
	}
}

func classHead(t say) view.ClassHead {
	h := view.ClassHead{ID: "a", School: "SDN Contoh 2", Name: "4B", Day: "23-11-2026", Root: "/kelas/a",
		Tabs:  []view.NavItem{{Path: "/x", Text: t("class.tab.names"), Current: true}, {Path: "/y", Text: t("class.tab.sheets")}, {Path: "/z", Text: t("class.tab.photos")}},
		Tally: []view.Tally{{Text: t("class.count.names"), Count: 30}, {Text: t("class.count.sheets"), Count: 12}, {Text: t("class.count.photos"), Count: 4}}}
	h.Title = t("class.one")
	return h
}

func childRows(t say) []view.ChildRow {
	return []view.ChildRow{
		{ID: "a", Name: "Dewi Anggraini", Sex: "P", Birth: "07-05-2016", Path: "/x", Version: "1", Waiting: true, States: []view.Cell{{Text: t("class.state.sheet"), State: view.OK}, {Text: t("class.state.no_photo"), State: view.Warn}}},
		{ID: "b", Name: "Bagas Prayoga", Sex: "L", Birth: "01-02-2016", Path: "/x", Version: "1", Waiting: true, Taken: t("class.taken", "Bagus R."), States: []view.Cell{{Text: t("class.state.no_sheet"), State: view.Warn}}},
	}
}
