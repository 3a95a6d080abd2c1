package ui

import (
	"time"

	"simpul/node/library"
	"simpul/ui/view"
)

// visitSamples are the pages of the visit register.
func visitSamples() []sample {
	samples := []sample{
		{"kiosk-greeting", "kiosk", kioskSample("card", &view.Greeting{Title: "Selamat datang, S*** A***", Text: "Kunjungan Anda tercatat.", Known: true,
			Visit: "x", Chosen: "baca", Purposes: purposeSample()})},
		{"visits", "visits", visitDaySample}, {"visits-empty", "visits", visitDayEmpty},
		{"visits-open", "visits-open", func(t say) view.Framed {
			v := &view.VisitList{Table: visitTableSample(t)}
			v.Title = t("visits.open_title")
			return v
		}},
		{"visits-line", "visits-line", visitLineSample},
		{"visits-record", "visits-record", func(t say) view.Framed {
			v := &view.VisitDesk{Entry: entrySample(t)}
			v.Title = t("visits.record_title")
			return v
		}},
		{"visits-kiosk", "visits-kiosk", func(t say) view.Framed {
			v := &view.KioskGuide{Address: "http://127.0.0.1:8080/kunjungan", Commands: []view.Fact{{Name: "Microsoft Edge", Value: "msedge --kiosk http://127.0.0.1:8080/kunjungan --edge-kiosk-type=fullscreen"}}}
			v.Title = t("kiosk.guide")
			return v
		}},
		{"late", "late", func(t say) view.Framed {
			v := &view.Late{Date: view.DateField{Name: "date", Label: t("late.date"), Hint: t("late.date.hint")},
				Reason: view.Choice{Name: "reason", Label: t("late.reason"), Options: []view.Option{{Value: "a", Text: "Listrik padam"}, {Value: "b", Text: "Terlalu ramai"}}},
				Table:  view.Table{Empty: view.Empty{Title: t("late.none"), Text: t("late.none.text")}}}
			v.Title = t("late.title")
			return v
		}},
		{"late-day", "late-day", func(t say) view.Framed {
			v := &view.LateDay{Day: time.Date(2026, 11, 20, 12, 0, 0, 0, library.WIB()), Why: "Listrik padam", Entry: entrySample(t), Table: visitTableSample(t),
				Lines: 3, People: 8, Kinds: []view.Fact{{Name: t("visits.kind.member"), Value: "2"}, {Name: t("visits.kind.group"), Value: "6"}}, Registers: true, ISO: "2026-11-20"}
			v.Title = t("late.title")
			return v
		}},
	}
	for _, tab := range []string{"card", "nocard", "guest", "group"} {
		samples = append(samples, sample{"kiosk-" + tab, "kiosk", kioskSample(tab, nil)})
	}
	return samples
}

func purposeSample() []view.Option {
	var list []view.Option
	for _, p := range library.DefaultPurposes() {
		list = append(list, view.Option{Value: p.Key, Text: p.Label})
	}
	return list
}

func kioskSample(tab string, greeting *view.Greeting) func(say) view.Framed {
	return func(t say) view.Framed {
		v := &view.Kiosk{Tab: tab, Greeting: greeting}
		v.Title = t("kiosk.title")
		v.Fields = view.VisitFields{Kind: "member", Person: view.Field{Name: "name", Label: t("kiosk.name"), NoSpell: true, Focus: true},
			Purpose: view.Choice{Name: "purpose", Label: t("visits.purpose"), Value: "baca", Options: purposeSample(), Inline: true}}
		switch tab {
		case "nocard":
			v.Fields.Kind = "nameless"
			v.Fields.Day = view.Field{Name: "day", Label: t("date.day"), Width: 3, Mode: "numeric"}
			v.Fields.Month = view.Choice{Name: "month", Label: t("date.month"), Options: []view.Option{{Value: "1", Text: "Januari"}}}
		case "guest":
			v.Fields.Kind = "guest"
			v.Fields.Sex = view.Choice{Name: "sex", Label: t("kiosk.sex"), Inline: true, Options: []view.Option{{Value: "L", Text: t("kiosk.male")}, {Value: "P", Text: t("kiosk.female")}}}
			v.Fields.Choices = []view.Choice{{Name: "age", Label: t("kiosk.age"), Optional: true}, {Name: "education", Label: t("kiosk.education"), Optional: true},
				{Name: "occupation", Label: t("kiosk.occupation"), Optional: true}, {Name: "district", Label: t("kiosk.district"), Optional: true}}
			v.Fields.Texts = []view.Field{{Name: "origin", Label: t("kiosk.origin_other"), Optional: true}}
			v.Problems = view.Problems{{Field: "name", Text: "Perlu diisi."}}
			v.Fields.Person = v.Fields.Person.With(v.Problems)
		case "group":
			v.Fields.Kind, v.Fields.Person.Label = "group", t("kiosk.leader")
			v.Fields.Counts = []view.Field{{Name: "men", Label: t("kiosk.men"), Width: 4}, {Name: "women", Label: t("kiosk.women"), Width: 4}}
			v.Fields.Texts = []view.Field{{Name: "institution", Label: t("kiosk.institution")}, {Name: "phone", Label: t("kiosk.phone"), Optional: true}}
			v.Fields.Levels = []view.Field{{Name: "level_sd", Label: "SD", Width: 4}}
		}
		return v
	}
}

func visitTableSample(t say) view.Table {
	return view.Table{Caption: t("visits.title"), Columns: []view.Column{{Text: t("visits.time")}, {Text: t("visits.who")}, {Text: t("visits.kind")},
		{Text: t("visits.purpose")}, {Text: t("visits.people"), Number: true}, {}},
		Rows: []view.Row{
			{ID: "v-a", Link: "/x", Cells: []view.Cell{{Text: "14.02"}, {Text: "Ayu Lestari"}, {Text: t("visits.kind.member")}, {Text: "Baca di tempat"}, {Text: "1"}, {}}},
			{ID: "v-b", Link: "/x", Cells: []view.Cell{{Text: "13.40"}, {Text: t("visits.who_number", "014260001238")}, {Text: t("visits.kind.unknown")}, {Text: "Pinjam buku"}, {Text: "1"}, {Text: t("visits.open"), State: view.Warn}}},
			{ID: "v-c", Link: "/x", Cells: []view.Cell{{Text: "10.15"}, {Text: "SDN 2 Kembiritan"}, {Text: t("visits.kind.group")}, {Text: "Baca di tempat"}, {Text: "46"}, {Text: t("visits.corrected"), State: view.Info}}},
		}, Next: "/x"}
}

func visitDaySample(t say) view.Framed {
	v := &view.VisitDay{Day: time.Date(2026, 11, 23, 12, 0, 0, 0, library.WIB()), Table: visitTableSample(t), Lines: 31, People: 76, Open: 2, Print: "/x",
		Days:  []view.Tab{{Link: view.Link{Path: "/x", Text: "22-11-2026"}}, {Link: view.Link{Path: "/x", Text: t("visits.today")}, Current: true}},
		Kinds: []view.Tab{{Link: view.Link{Path: "/x", Text: t("visits.all")}, Current: true}, {Link: view.Link{Path: "/x", Text: t("visits.kind.member")}}},
		Pick:  view.DateField{Name: "date", Label: t("visits.other_day")},
		Charts: []view.Bars{{ID: "by-kind", Title: t("visits.by_kind"), List: []view.Bar{{Text: t("visits.kind.group"), Value: 46, Fill: 100}, {Text: t("visits.kind.member"), Value: 21, Fill: 45}, {Text: t("visits.kind.guest"), Value: 9, Fill: 19}}},
			{ID: "by-purpose", Title: t("visits.by_purpose"), List: []view.Bar{{Text: "Baca di tempat", Value: 60, Fill: 100}, {Text: "DIRECT (Digital Reading Counter)", Value: 16, Fill: 26}}}}}
	v.Title = t("visits.title")
	return v
}

func visitDayEmpty(t say) view.Framed {
	v := &view.VisitDay{Day: time.Date(2026, 11, 23, 12, 0, 0, 0, library.WIB()), Stop: &view.Choice{}, StopField: view.Field{Name: "stop", Label: t("visits.stop_now"), Suggest: []string{"Balai desa"}},
		Table: view.Table{Empty: view.Empty{Title: t("visits.empty"), Text: t("visits.empty.text")}}, Pick: view.DateField{Name: "date", Label: t("visits.other_day")}}
	v.Title = t("visits.title")
	return v
}

func visitLineSample(t say) view.Framed {
	v := &view.VisitLine{Path: "/x", Edit: true, Open: true, Version: "0",
		Facts:  []view.Fact{{Name: t("visits.time"), Value: "Senin, 23 November 2026, 13.40"}, {Name: t("visits.who"), Value: t("visits.who_number", "014260001238")}},
		Fields: view.VisitFields{Kind: "member", Purpose: view.Choice{Name: "purpose", Label: t("visits.purpose"), Value: "baca", Options: purposeSample()}},
		Reason: view.Field{Name: "reason", Label: t("visits.why")}, Query: view.Field{Name: "query", Label: t("visits.find"), Hint: t("visits.find.hint")},
		Found:   []view.Found{{ID: "a", Name: "Ayu Lestari", Note: "0142 6000 1238 · 07-05-1998"}},
		Void:    view.Confirm{Action: "/x", Text: t("visits.void"), Explain: t("visits.void.text"), Button: t("visits.void.do"), Danger: true, Note: view.Field{Name: "why", Label: t("visits.why")}},
		Changes: []string{t("visits.reason.purpose-at-kiosk")}}
	v.Title = t("visits.line")
	return v
}

func entrySample(t say) view.VisitEntry {
	return view.VisitEntry{Action: "/x", Tabs: []view.Tab{{Link: view.Link{Path: "/x", Text: t("visits.kind.member")}, Current: true}, {Link: view.Link{Path: "/x", Text: t("visits.kind.guest")}}},
		Number: view.Field{Name: "number", Label: t("visits.number_or_name"), Hint: t("visits.number_or_name.hint"), Focus: true},
		Fields: view.VisitFields{Kind: "member", Purpose: view.Choice{Name: "purpose", Label: t("visits.purpose"), Value: "baca", Options: purposeSample()}},
		Found:  []view.Found{{ID: "a", Name: "Ayu Lestari", Note: "0142 6000 1238"}}}
}
