package ui

import "simpul/ui/view"

// centreSamples are the pages of the central office.
func centreSamples() []sample {
	return []sample{
		{"overview", "overview", overviewSample(nodeRows)},
		{"overview-empty", "overview", overviewSample(func(say) []view.NodeRow { return nil })},
		{"branches", "branches", branchesSample},
		{"branch-code", "branch-code", branchCodeSample},
		{"branch", "branch", branchSample(false)},
		{"branch-revoked", "branch", branchSample(true)},
		{"decisions", "decisions", decisionsSample},
		{"decisions-none", "decisions", noDecisionsSample},
		{"kit", "kit", kitSample},
		{"case", "case", caseSample(false)},
		{"case-merged", "case", caseSample(true)},
		{"case-later", "case", waitingCaseSample},
		{"member-erase", "member-erase", erasingSample},
		{"member-wish", "member-wish", wishSample},
	}
}

func atCentre(p *view.Page, t say, current int) {
	p.Centre = true
	for i, key := range []string{"nav.overview", "nav.branches", "nav.members", "nav.reports", "nav.decide"} {
		p.Nav = append(p.Nav, view.NavItem{Path: "/x", Text: t(key), Current: i == current})
	}
	p.Nav[4].Count = 3
	p.Officer = view.Officer{Name: "Dewi A.", Role: t("role.coordinator")}
	p.Place = "Dinas Perpustakaan dan Kearsipan"
}

func overviewSample(rows func(say) []view.NodeRow) func(say) view.Framed {
	return func(t say) view.Framed {
		v := &view.Overview{Sub: t("overview.sub", 5, t("overview.some", "3")), Figures: []view.Figure{
			{Text: t("overview.members"), Value: "18.426", Note: t("overview.members.note"), Strong: true},
			{Text: t("overview.visits"), Value: "6.910", Note: t("overview.visits.note", "9.204")},
			{Text: t("overview.waiting"), Value: "98", Note: t("overview.waiting.note")},
			{Text: t("overview.decide"), Value: "3", Note: t("overview.decide.note")}},
			Nodes: view.NodeTable{Rows: rows(t), Poll: "/x", Empty: view.Empty{Title: t("centre.none"), Text: t("centre.none.text"), Link: view.Link{Path: "/cabang", Text: t("centre.none.do")}}}}
		v.Notes = []view.Note{{Title: t("overview.kit"), Text: t("overview.kit.text"), Link: view.Link{Path: "/x", Text: t("overview.kit.open")}},
			{Title: t("overview.backup"), Text: t("data.why.absent") + " " + t("overview.backup.means") + " " + t("data.todo.plug"), Link: view.Link{Path: "/x", Text: t("overview.backup.open")}}}
		if len(v.Nodes.Rows) == 0 {
			v.Notes = v.Notes[:1]
			v.Sub, v.Figures = t("centre.none"), nil
		}
		v.Title = t("overview.title")
		atCentre(&v.Page, t, 0)
		return v
	}
}

func nodeRows(t say) []view.NodeRow {
	good := []view.Cell{{Text: t("centre.ok"), State: view.OK}}
	return []view.NodeRow{
		{Path: "/x", Name: "Perpustakaan Genteng", Note: t("centre.note", t("node.branch"), "014"), Contact: t("centre.minutes", "3"), Waiting: t("centre.records", "12"), Members: "4.120", Visits: "1.816", Free: "41 GB", Version: t("centre.version", "0.3.0"), States: good},
		{Path: "/x", Name: "Perpustakaan Rogojampi", Note: t("centre.note", t("node.branch"), "021"), Contact: t("centre.now"), Waiting: t("centre.nothing_waits"), Members: "3.087", Visits: "1.120", Free: "118 GB", Version: t("centre.version", "0.3.0"), States: good},
		{Path: "/x", Name: "Keliling 1", Note: t("centre.note", t("node.van"), "031"), Contact: t("centre.hours", "4"), Waiting: t("centre.nothing_waits"), Members: "902", Visits: "640", Free: "9 GB", Version: t("centre.version", "0.3.0"), States: []view.Cell{{Text: t("centre.silent_since", "09.40"), State: view.Info}}},
		{Path: "/x", Name: "Keliling 2", Note: t("centre.note", t("node.van"), "032"), Contact: t("centre.days", "3"), Lag: t("centre.lag", t("centre.days_long", "3")), Waiting: t("centre.records_photos", "86", "31"), Members: "711", Visits: "402", Free: "2 GB", Version: t("centre.version", "0.2.0"),
			Clock: t("centre.clock.behind", t("centre.days_long", "2")), States: []view.Cell{{Text: t("centre.silent", 3), State: view.Warn}, {Text: t("centre.clock_state"), State: view.Warn}}},
		{Path: "/x", Name: "Perpustakaan Muncar", Note: t("centre.note", t("node.branch"), "040"), Contact: t("centre.minutes", "6"), Waiting: t("centre.nothing_waits"), Members: "2.204", Visits: "980", Free: "77 GB", Version: t("centre.version", "0.3.0"),
			States: []view.Cell{{Text: t("centre.forked"), State: view.Bad}, {Text: t("centre.aside", "2"), State: view.Warn}}},
	}
}

func branchesSample(t say) view.Framed {
	v := &view.Branches{Poll: "/x", Kit: "/x", Bundle: "/x",
		Tags:    &view.TagKey{State: t("tags.since", "2", "21-11-2026"), Left: t("tags.left", "8.200"), Change: view.Confirm{Action: "/x", Text: t("tags.do"), Explain: t("tags.explain"), Button: t("tags.button"), Bare: true}},
		Rebuilt: &view.Rebuilt{Back: t("rebuilt.waits", "3"), Done: view.Confirm{Action: "/x", Text: t("rebuilt.do"), Explain: t("rebuilt.explain"), Button: t("rebuilt.button"), Bare: true}}, Nodes: view.NodeTable{Rows: nodeRows(t)[:2]},
		Asks: []view.JoinAsk{{Name: "Perpustakaan Kalibaru", Check: []string{"4K7M", "2Q9T"}, Approve: "/x",
			Facts:  []view.Fact{{Name: t("branches.ask.role"), Value: t("node.branch")}, {Name: t("branches.ask.code"), Value: "014"}, {Name: t("branches.ask.members"), Value: "312"}, {Name: t("branches.ask.when"), Value: "23-11-2026, 14.01"}},
			Refuse: view.Confirm{Action: "/x", Text: t("branches.refuse"), Explain: t("branches.refuse.explain"), Button: t("branches.refuse.do"), Danger: true},
			Note:   view.Note{Text: t("branches.ask.code_taken", "014", "015")}}},
		Awaited: []view.AwaitedPC{{Name: "Perpustakaan Muncar", Note: t("centre.note", t("node.branch"), "015"), Save: "/x"}, {Name: "Keliling 4", Note: t("centre.note", t("node.van"), "034"), Save: "/x"}},
		Codes:   []view.OpenCode{{Name: "Perpustakaan Pesanggaran", Until: t("branches.code.until", "24-11-2026, 09.12"), Show: "/x", Revoke: "/x"}},
		Make: &view.CodeForm{Action: "/x", Fields: []view.Field{{Name: "name", Label: t("branches.code.name"), Hint: t("branches.code.name.hint")}},
			Role: view.Choice{Name: "role", Label: t("branches.code.role"), Value: "branch", Options: []view.Option{{Value: "branch", Text: t("node.branch")}, {Value: "van", Text: t("node.van")}}}},
		Gone: view.Table{Caption: t("branches.gone"), Columns: []view.Column{{Text: t("centre.node")}, {Text: t("branches.gone.when")}, {Text: t("branches.gone.why")}},
			Rows: []view.Row{{Link: "/x", Cells: []view.Cell{{Text: "Keliling 3"}, {Text: "02-11-2026"}, {Text: t("branch.reason.lost")}}}}}}
	v.Title = t("branches.title")
	atCentre(&v.Page, t, 1)
	return v
}

func branchCodeSample(t say) view.Framed {
	v := &view.BranchCode{Name: "Perpustakaan Kalibaru", Until: t("code.until", "24-11-2026, 14.02"), QR: "/x", Print: "/x", File: "/x", Stick: "/x", Revoke: "/x",
		Groups: []string{"ABCDEF", "GHIJKL", "MNOPQR", "STUVWX", "YZ2345", "67ABCD", "EFGHIJ", "KLMNOP"}, Where: []string{"https://pusat.example"},
		Text: "https://pusat.example#abcdef-ghijkl-mnopqr-stuvwx-yz2345-67abcd-efghij-klmnop"}
	v.Title = t("code.title", v.Name)
	atCentre(&v.Page, t, 1)
	return v
}

func branchSample(revoked bool) func(say) view.Framed {
	return func(t say) view.Framed {
		v := &view.NodePage{Name: "Perpustakaan Muncar", Sub: t("centre.note", t("node.branch"), "040"), Replace: "/x", Reopen: "/x",
			People:  &view.HeldPeople{Print: "/x", Save: "/x", Facts: []view.Fact{{Name: t("branch.people.own"), Value: "2.204"}, {Name: t("branch.people.branch"), Value: "0"}, {Name: t("branch.people.others"), Value: "18.426"}}},
			States:  []view.Cell{{Text: t("centre.forked"), State: view.Bad}},
			Facts:   []view.Fact{{Name: t("branch.contact"), Value: t("centre.minutes", "6")}, {Name: t("branch.waiting"), Value: t("centre.nothing_waits")}, {Name: t("branch.clock"), Value: t("branch.clock.ok"), State: view.OK}, {Name: t("branch.free"), Value: "77 GB"}, {Name: t("branch.version"), Value: "0.3.0"}, {Name: t("branch.joined"), Value: "02-09-2026"}},
			Sent:    []view.Fact{{Name: t("branch.records"), Value: "14.220"}, {Name: t("branch.applied"), Value: "14.218"}, {Name: t("branch.durable"), Value: "14.106"}, {Name: t("branch.members"), Value: "2.204"}, {Name: t("branch.visits"), Value: "9.811"}},
			Notices: []view.Notice{{State: view.Bad, Title: t("notice.forked"), When: "22-11-2026, 08.15", Text: t("notice.forked.text"), Todo: t("notice.forked.todo"), Seen: "/x", Button: t("notice.seen")}},
			History: view.Table{Caption: t("branch.history"), Columns: []view.Column{{Text: t("branch.history.when")}, {Text: t("branch.history.what")}},
				Rows: []view.Row{{Cells: []view.Cell{{Text: "22-11-2026, 08.15"}, {Text: t("branch.event.forked")}}}, {Cells: []view.Cell{{Text: "02-09-2026, 10.02"}, {Text: t("branch.event.joined")}}}}}}
		v.Title = t("branches.title")
		v.Rename = view.Confirm{Action: "/x", Text: t("branch.rename"), Explain: t("branch.rename.explain"), Button: t("branch.rename.do"), Note: view.Field{Name: "name", Label: t("branch.rename.name"), Value: v.Name}}
		atCentre(&v.Page, t, 1)
		if revoked {
			v.Reopen = ""
			v.States, v.Notices = []view.Cell{{Text: t("centre.revoked"), State: view.Bad}}, nil
			v.Revoked = []view.Note{{Title: t("branch.was_revoked", "23-11-2026"), Text: t("branch.was_revoked.text", t("branch.reason.lost"))}}
			v.Found = &view.FoundLaptop{Path: "/x"}
			return v
		}
		v.Revoke = &view.Revoke{Action: "/x", Open: true, Means: []string{t("branch.revoke.mean.1"), t("branch.revoke.mean.2"), t("branch.revoke.mean.3"), t("branch.revoke.mean.4")},
			Reasons: view.Choice{Name: "reason", Label: t("common.reason"), Options: []view.Option{{Value: "lost", Text: t("branch.reason.lost")}, {Value: "replaced", Text: t("branch.reason.replaced")}, {Value: "closed", Text: t("branch.reason.closed")}, {Value: "copied", Text: t("branch.reason.copied")}}},
			Note:    view.Field{Name: "note", Label: t("common.note"), Optional: true}, Word: view.Field{Name: "word", Label: t("branch.revoke.word"), Hint: t("branch.revoke.word.hint"), Width: 10}}
		return v
	}
}

func decisionsSample(t say) view.Framed {
	v := &view.Decisions{More: 4, Asking: 1, Apart: []view.ApartRow{{Title: t("decide.apart.title", "Keliling 3", "112"), When: "23-11-2026, 09.20", Release: "/x", Discard: view.Confirm{Action: "/x", Text: t("decide.discard"), Explain: t("decide.discard.explain"), Button: t("decide.discard.do"), Danger: true}}}, Cases: []view.CaseRow{
		{Path: "/x", Names: "Ayu Lestari Wulandari · Ayu Lestari W.", Where: t("decide.case.where", "Perpustakaan Genteng", "Keliling 2"), Why: t("decide.case.nik"), State: view.Warn},
		{Path: "/x", Names: "Moch. Fathur Rozi · Mohamad Fathurrozi", Where: t("decide.case.where", "Perpustakaan Muncar", "Perpustakaan Rogojampi"), Why: t("decide.case.birth"), State: view.Info}},
		Wishes:  []view.CaseRow{{Path: "/x", Names: "Ratih Pelangi · 0142 6000 1234", Where: t("decide.wishes.where", "Perpustakaan Genteng", "21-11-2026"), Why: t("erase.reason.request"), State: view.Warn}},
		Later:   []view.CaseRow{{Path: "/x", Names: "Budi Santoso · Budi S.", Where: t("case.waits", "Dewi A.", "20-11-2026", "27-11-2026"), Why: t("decide.case.nik"), State: view.Quiet, TakeUp: "/x"}},
		Asides:  []view.AsideRow{{Title: t("decide.aside.title", "Perpustakaan Muncar", "1.204"), When: "22-11-2026, 08.16", Reason: t("decide.aside.unreadable"), Todo: t("decide.aside.unreadable.todo")}},
		Notices: []view.Notice{{State: view.Bad, Title: t("notice.pc-forked", "Perpustakaan Muncar"), When: "22-11-2026, 08.15", Text: t("notice.pc-forked.text", "Perpustakaan Muncar", "14"), Todo: t("notice.pc-forked.todo", "Perpustakaan Muncar"), Link: view.Link{Path: "/x", Text: t("notice.go")}, Seen: "/x", Button: t("notice.seen")}},
		Settled: view.Table{Caption: t("decide.settled"), Columns: []view.Column{{Text: t("decide.settled.who")}, {Text: t("decide.settled.what")}, {Text: t("decide.settled.since")}},
			Rows: []view.Row{{Link: "/x", Cells: []view.Cell{{Text: "Ni Ketut Sari · Ketut Sari"}, {Text: t("decide.settled.merged")}, {Text: "21-11-2026"}}}}}}
	v.Title = t("decide.title")
	atCentre(&v.Page, t, 4)
	return v
}

func noDecisionsSample(t say) view.Framed {
	v := &view.Decisions{Nothing: view.Empty{Title: t("decide.nothing"), Text: t("decide.nothing.text")}}
	v.Title = t("decide.title")
	atCentre(&v.Page, t, 4)
	return v
}

func caseSample(merged bool) func(say) view.Framed {
	return func(t say) view.Framed {
		v := &view.Case{Why: t("decide.case.nik"), Sub: t("case.sub"), Action: "/x",
			People: []view.CasePerson{{ID: "a", Title: t("case.first", "Perpustakaan Genteng"), Name: "Ayu Lestari Wulandari", Tags: []view.Cell{{Text: t("member.status.valid"), State: view.OK}}},
				{ID: "b", Title: t("case.first", "Keliling 2"), Name: "Ayu Lestari W.", Tags: []view.Cell{{Text: t("member.status.valid"), State: view.OK}}}},
			Lines: []view.CaseLine{{Label: t("field.nik"), Values: []string{"3510 12•• •••• 0003", "3510 12•• •••• 0003"}}, {Label: t("field.name"), Values: []string{"Ayu Lestari Wulandari", "Ayu Lestari W."}, Differs: true},
				{Label: t("field.birth"), Values: []string{"07-05-1998", "07-05-1998"}}, {Label: t("field.village"), Values: []string{"Kembiritan, Genteng", "Setail, Genteng"}, Differs: true},
				{Label: t("case.number"), Values: []string{"0142 6000 1234", "0322 6000 0171"}, Differs: true}, {Label: t("case.registered"), Values: []string{"12-08-2026", "19-11-2026"}, Differs: true}},
			Stands: view.Choice{Name: "stands", Label: t("case.stands"), Hint: t("case.stands.hint"), Value: "a", Options: []view.Option{{Value: "a", Text: "Ayu Lestari Wulandari", Hint: "Perpustakaan Genteng"}, {Value: "b", Text: "Ayu Lestari W.", Hint: "Keliling 2"}}},
			Note:   view.Field{Name: "note", Label: t("case.note"), Optional: true},
			Wait:   view.Choice{Name: "wait", Label: t("case.wait"), Hint: t("case.wait.hint"), Options: []view.Option{{Value: "day", Text: t("case.wait.day")}, {Value: "week", Text: t("case.wait.week")}, {Value: "change", Text: t("case.wait.change")}}}}
		v.Title = t("case.title")
		if merged {
			v.Decided = t("case.was.merged")
			v.Split = view.Confirm{Action: "/x", Text: t("case.split"), Explain: t("case.split.explain"), Button: t("case.split.do"), Note: view.Field{Name: "note", Label: t("common.reason")}}
		}
		atCentre(&v.Page, t, 4)
		return v
	}
}

// waitingCaseSample is an open case that was put off; and one may be.
func waitingCaseSample(t say) view.Framed {
	v := caseSample(false)(t).(*view.Case)
	v.Waits = t("case.waits.change", "Dewi A.", "20-11-2026")
	v.Rejoin = view.Confirm{Action: "/x", Text: t("case.rejoin"), Explain: t("case.rejoin.explain"), Button: t("case.rejoin.do"), Note: view.Field{Label: t("common.reason")}}
	return v
}

func wishSample(t say) view.Framed {
	v := &view.Wishing{Name: "Ratih Pelangi · 0142 6000 1234", Action: "/x", Back: "/x",
		Reason:   view.Choice{Name: "reason", Label: t("common.reason"), Options: []view.Option{{Value: "request", Text: t("erase.reason.request")}, {Value: "mistake", Text: t("erase.reason.mistake")}}},
		By:       view.Choice{Name: "by", Label: t("wish.by"), Value: "self", Options: []view.Option{{Value: "self", Text: t("wish.by.self")}, {Value: "family", Text: t("wish.by.family")}}},
		Identity: view.Choice{Name: "identity", Label: t("wish.identity"), Hint: t("wish.identity.hint"), Empty: t("common.choose"), Options: []view.Option{{Value: "ktp", Text: t("identity.ktp")}}},
		Checked:  view.Check{Name: "checked", Label: t("wish.checked"), Hint: t("wish.checked.hint"), Error: t("problem.wish_checked")},
		Note:     view.Field{Name: "note", Label: t("common.note"), Optional: true}}
	v.Title = t("wish.title")
	return v
}

func erasingSample(t say) view.Framed {
	v := &view.Erasing{ID: "a", Name: "Ayu Lestari Wulandari · 0142 6000 1234", Action: "/x", Back: "/x",
		Goes: []string{t("erase.goes.1"), t("erase.goes.2"), t("erase.goes.3")}, Stays: []string{t("erase.stays.1"), t("erase.stays.2"), t("erase.stays.3")},
		Reason:  view.Choice{Name: "reason", Label: t("common.reason"), Options: []view.Option{{Value: "request", Text: t("erase.reason.request")}, {Value: "retention", Text: t("erase.reason.retention")}, {Value: "unlawful", Text: t("erase.reason.unlawful")}, {Value: "mistake", Text: t("erase.reason.mistake")}}},
		Word:    view.Field{Name: "word", Label: t("erase.word"), Width: 10},
		Wish:    []view.Fact{{Name: t("wish.asked"), Value: "21-11-2026, 09.12"}, {Name: t("wish.by"), Value: t("wish.by.self")}, {Name: t("wish.shown"), Value: t("identity.ktp")}},
		Decline: view.Confirm{Action: "/x", Text: t("wish.decline"), Explain: t("wish.decline.explain"), Button: t("wish.decline.do"), Reasons: []view.Option{{Value: "law", Text: t("wish.decline.law")}}}}
	v.Title = t("erase.title")
	atCentre(&v.Page, t, 2)
	return v
}

func kitSample(t say) view.Framed {
	v := &view.Kit{New: true, Save: "/x", Print: "/x", Next: view.Link{Path: "/x", Text: t("kit.next")},
		KeyFile: &view.KeyFile{Path: view.Field{Name: "key_file", Label: t("settings.key_file.path"), Hint: t("settings.key_file.path.hint")}}}
	v.Title = t("kit.title")
	atCentre(&v.Page, t, 1)
	return v
}
