package ui

import "simpul/ui/view"

// reportSamples are the number of memberships, with figures and without.
func reportSamples() []sample {
	return []sample{{"report", "report", reportSample}, {"report-empty", "report", emptyReportSample}}
}

func emptyReportSample(t say) view.Framed {
	v := &view.Report{Period: "November 2026", HasNone: true, Before: view.Link{Path: "/x", Text: t("report.before", "Oktober 2026")},
		Pick:  view.Choice{Name: "p", Label: t("report.period"), Value: "2026-11", Options: []view.Option{{Value: "2026-11", Text: "November 2026"}}},
		Empty: view.Empty{Title: t("report.none"), Text: t("report.none.text"), Link: view.Link{Path: "/x", Text: t("nav.desk")}}}
	v.Title = t("report.title")
	return v
}

func reportSample(t say) view.Framed {
	v := emptyReportSample(t).(*view.Report)
	v.HasNone, v.Download, v.PrintAction = false, "/x", "/x"
	v.PeriodHidden = view.Hidden{Name: "p", Value: "2026-11"}
	v.Figures = []view.Figure{{Text: t("report.all"), Value: "18.426", Strong: true}, {Text: t("report.active"), Value: "12.907", Note: t("report.share", 70)},
		{Text: t("report.new"), Value: "1.174"}, {Text: t("report.ended"), Value: "97"}, {Text: t("report.visitors"), Value: "11.463"}, {Text: t("report.whole_median"), Value: "13 mnt 20 dtk", Note: t("report.standard_of", "19 menit")}}
	for _, key := range []string{"officer", "sub", "section", "service"} {
		v.Signers = append(v.Signers, view.Check{Name: "ttd-" + key, Label: t("report.sign." + key), On: key != "sub"})
	}
	district := view.ReportTable{ID: "by-district", Title: t("report.by.district"), Table: view.Table{Caption: t("report.by.district"),
		Columns: []view.Column{{Text: t("report.trait.district")}, {Text: t("report.all.short"), Number: true}, {Text: t("report.new.short"), Number: true}}}}
	for i, name := range []string{"Banyuwangi", "Genteng", "Rogojampi", "Muncar", "Kalibaru", "Pesanggaran"} {
		district.Chart = append(district.Chart, view.ReportBar{Text: name, Value: "286", Fill: 100 - 15*i})
		district.Table.Rows = append(district.Table.Rows, view.Row{Cells: []view.Cell{{Text: name}, {Text: "2.286"}, {Text: "286"}}})
	}
	district.Chart = append(district.Chart, view.ReportBar{Text: t("report.others", 19), Value: "254"})
	age := district
	age.ID, age.Title, age.Note = "by-age", t("report.by.birth_year"), t("report.age_note")
	times := view.ReportTable{ID: "times", Title: t("report.times"), Note: t("report.times_note", "1.020", "154", "188/OU/429.118/2025"), Table: view.Table{Caption: t("report.times"),
		Columns: []view.Column{{Text: t("report.step")}, {Text: t("report.standard"), Number: true}, {Text: t("report.median"), Number: true}, {Text: t("report.p90"), Number: true}}}}
	for _, step := range []string{"step.1", "step.2", "step.3", "step.4", "step.5", "step.6"} {
		times.Table.Rows = append(times.Table.Rows, view.Row{Cells: []view.Cell{{Text: t(step)}, {Text: "3 menit"}, {Text: "1 mnt 52 dtk"}, {Text: "3 mnt 10 dtk"}}})
	}
	v.Tables = []view.ReportTable{district, age, times}
	return v
}
