package ui

import "simpul/ui/view"

// dataSamples are the page on where the data stands.
func dataSamples() []sample {
	return []sample{{"data", "data", dataSample(false)}, {"data-copying", "data", dataSample(true)}}
}

func dataSample(copying bool) func(say) view.Framed {
	return func(t say) view.Framed {
		v := &view.Data{CanCopy: true, CanSet: true,
			Verdict: view.Verdict{State: view.Warn, Question: t("data.replace"), Answer: t("data.no"), Explanation: t("data.why.behind", "12"), Todo: t("data.todo.copy")},
			Kept:    []view.Fact{{Name: t("data.records"), Value: "18.426"}, {Name: t("data.members"), Value: "1.174"}, {Name: t("data.photos"), Value: "912"}, {Name: t("data.last"), Value: "23-11-2026, 14.02"}},
			Places: []view.Place{{Title: t("data.here"), Folder: "C:\\ProgramData\\Simpul\\data\\backups", When: "23-11-2026, 12.15", Text: t("data.full"), State: view.OK},
				{Title: t("data.elsewhere"), Folder: "E:\\Cadangan\\simpul-014-3fa91c", When: "20-11-2026, 12.16", Text: t("data.missing", "12"), State: view.Warn}},
			Machine:   []view.Fact{{Name: t("data.free"), Value: t("data.gigabytes", "41")}, {Name: t("data.clock"), Value: t("data.clock_ok"), State: view.OK}},
			Histories: []string{t("data.history.first", "04-08-2026, 08.10"), t("data.history.restored", "02-10-2026, 09.41")}}
		v.Retention = &view.Retention{Text: t("retention.text.joined", "Perpustakaan Kabupaten (pusat)"), CanSet: true, Backups: t("retention.backups", "14"),
			Rules: []view.Fact{{Name: t("retention.drafts"), Value: t("retention.days", "7")}, {Name: t("retention.registrations"), Value: t("retention.days", "90")},
				{Name: t("retention.lines"), Value: t("retention.months", "12")}, {Name: t("retention.members"), Value: t("retention.years", "5")},
				{Name: t("retention.photos"), Value: t("retention.at_once")}},
			Done: []view.Fact{{Name: t("retention.last"), Value: "23-11-2026, 10.20"}, {Name: t("retention.next"), Value: t("retention.tomorrow", "10.20")},
				{Name: t("retention.done.lines"), Value: "1.204"}}}
		v.Title = t("data.title")
		if copying {
			v.Copying = &view.Progress{Text: t("data.copying"), Poll: "/x"}
		}
		return v
	}
}
