package ui

import (
	"strings"

	"simpul/ui/view"
)

// reopenSamples are the pages with which a centre opens a PC again, at either end.
func reopenSamples() []sample {
	return []sample{
		{"reopen", "reopen", reopenSample(func(v *view.Reopen, t say) { v.Title = t("reopen.title") })},
		{"reopen-asked", "reopen", reopenSample(func(v *view.Reopen, t say) {
			v.Title, v.Check, v.Save, v.Take = t("reopen.asked"), strings.Split("KB7Y-YY7E-VQUN", "-"), "/x", "/x"
			v.Facts = []view.Fact{{Name: t("reopen.centre"), Value: v.Centre}, {Name: t("reopen.made"), Value: "23-11-2026, 14.02"}, {Name: t("reopen.until"), Value: "30-11-2026, 14.02"}}
			v.FileProblem = t("problem.reopen_other_request")
		})},
		{"reopen-open", "reopen", reopenSample(func(v *view.Reopen, t say) {
			v.Title, v.State, v.Sheet, v.Open, v.Words = t("reopen.answered"), "x", "/x", "/x", strings.Fields("abad baju cabai dadu emas fajar gula hujan ikan jala kayu laut madu nasi obat")
			v.Login = view.Choice{Name: "login", Label: t("reopen.officer"), Hint: t("reopen.officer.hint"), Options: []view.Option{{Value: "siti", Text: "siti"}, {Value: "dewi", Text: "dewi"}}}
			v.Password = view.Field{Name: "password", Label: t("password.new"), Hint: t("password.hint"), Kind: "password"}
			v.Word = view.Field{Name: "word", Label: t("setup.word", 7), Hint: t("setup.word.hint"), Width: 14}
		})},
		{"reopen-pc", "reopen-pc", reopenPCSample(func(v *view.ReopenPC, t say) {})},
		{"reopen-pc-call", "reopen-pc", reopenPCSample(func(v *view.ReopenPC, t say) {
			v.Request, v.Action = "x", "/x"
			v.Facts = []view.Fact{{Name: t("reopenpc.pc"), Value: "Perpustakaan Genteng · 031"}, {Name: t("reopenpc.calls"), Value: "Perpustakaan Genteng"}, {Name: t("reopenpc.made"), Value: "23-11-2026, 14.02"}, {Name: t("branch.contact"), Value: "3 hari lalu"}}
			v.Check = view.Field{Name: "check", Label: t("reopenpc.check"), Hint: t("reopenpc.check.hint"), Width: 18, Value: "KB7Y YY7E", Error: t("problem.reopen_check")}
			v.Reason = view.Field{Name: "reason", Label: t("common.reason"), Hint: t("reopenpc.reason.hint")}
		})},
		{"reopen-pc-answer", "reopen-pc", reopenPCSample(func(v *view.ReopenPC, t say) {
			v.Answer = &view.ReopenAnswer{Save: "/x", When: t("reopenpc.answer.when", "23-11-2026, 14.20", "Dewi Anggraini")}
		})},
	}
}

func reopenSample(fill func(*view.Reopen, say)) func(say) view.Framed {
	return func(t say) view.Framed {
		v := &view.Reopen{Ask: "/x", Centre: "Dinas Perpustakaan dan Kearsipan"}
		fill(v, t)
		v.Page.Officer.Name = "-"
		return v
	}
}

func reopenPCSample(fill func(*view.ReopenPC, say)) func(say) view.Framed {
	return func(t say) view.Framed {
		v := &view.ReopenPC{Name: "Perpustakaan Genteng", Sub: t("centre.note", t("node.branch"), "031"), Back: "/x", Take: "/x"}
		v.Title = t("reopenpc.title")
		fill(v, t)
		atCentre(&v.Page, t, 1)
		return v
	}
}
