package ui

import "simpul/ui/view"

// exchangeSamples are the pages of a PC that sends to the centre.
func exchangeSamples() []sample {
	return []sample{
		{"data-waiting", "data", joinedSample("waiting")},
		{"data-running", "data", joinedSample("running")},
		{"data-stick", "data", joinedSample("stick")},
		{"data-forked", "data", joinedSample("forked")},
		{"join", "join", joinSample("")},
		{"join-waiting", "join", joinSample("waiting")},
		{"join-unheard", "join", joinSample("unheard")},
		{"join-approved", "join", joinSample("approved")},
		{"bundle", "bundle", bundleSample},
		{"member-known", "member-known", knownSample},
	}
}

func joinedSample(state string) func(say) view.Framed {
	return func(t say) view.Framed {
		v := dataSample(false)(t).(*view.Data)
		v.Alone = false
		e := &view.Exchange{Centre: "Dinas Perpustakaan dan Kearsipan", State: view.Cell{Text: t("exchange.state.waiting", "12"), State: view.Warn}, Text: t("exchange.text.waiting"), Send: true, Slip: "/x", Bundle: "/x", Poll: "/x",
			Facts: []view.Fact{{Name: t("exchange.waiting"), Value: t("exchange.waiting.value", "12", "3")}, {Name: t("exchange.oldest"), Value: "11.20"}, {Name: t("exchange.last"), Value: "14.02"}, {Name: t("exchange.next"), Value: "14.20"}},
			Receipts: []view.Receipt{{Name: t("exchange.received"), Value: t("exchange.of", "18.414", "18.426"), Text: t("exchange.received.text")}, {Name: t("exchange.applied"), Value: t("exchange.of", "18.414", "18.426"), Text: t("exchange.applied.text")},
				{Name: t("exchange.durable"), Value: t("exchange.of", "18.206", "18.426"), Text: t("exchange.durable.text")}},
			Budget: t("exchange.budget", "3", "50")}
		v.Exchange = e
		v.Verdict = view.Verdict{State: view.Warn, Question: t("data.replace"), Answer: t("data.no"), Explanation: t("data.why.unsent", "12"), Todo: t("data.todo.send")}
		switch state {
		case "running":
			e.State, e.Send = view.Cell{Text: t("exchange.state.running"), State: view.Info}, false
			e.Now = &view.Progress{Text: t("exchange.running.events") + " · " + t("exchange.running.moved", "84") + " · " + t("exchange.running.left", "40 dtk"), Done: 340, Total: 1200}
		case "stick":
			e.State, e.Text, e.Todo, e.Send = view.Cell{Text: t("exchange.state.stick", "12"), State: view.Warn}, t("exchange.text.stick"), t("exchange.todo.stick"), false
			e.Moved = view.Link{Path: "/x", Text: t("exchange.moved.stick")}
			v.Verdict.Todo = t("data.todo.stick")
		case "forked":
			v.Notices = []view.Notice{{State: view.Bad, Title: t("notice.forked"), When: "22-11-2026, 08.15", Text: t("notice.forked.text"), Todo: t("notice.forked.todo"), Seen: "/x", Button: t("notice.seen")}}
			v.Banners = []view.Banner{{State: view.Bad, Text: t("banner.notice", t("notice.forked")), Link: view.Link{Path: "/data", Text: t("banner.notice.link")}}}
			e.Asides = []string{t("exchange.aside", "2")}
		}
		return v
	}
}

func joinSample(state string) func(say) view.Framed {
	return func(t say) view.Framed {
		v := &view.Join{State: state, Text: []string{t("join.text")}, Code: view.Field{Name: "code", Label: t("join.field"), Hint: t("join.field.hint")}, Address: view.Field{Name: "address", Label: t("join.address"), Hint: t("join.address.hint"), Optional: true}}
		v.Title = t("join.title")
		known := []view.Fact{{Name: t("join.centre"), Value: "pusat.example"}, {Name: t("join.here"), Value: "Perpustakaan Genteng"}}
		switch state {
		case "waiting":
			v.Check, v.Text, v.Known = []string{"4K7M", "2Q9T"}, []string{t("join.waiting")}, known
			v.Poll, v.Again, v.Give, v.AskFile = "/x", "/x", "/x", "/x"
		case "approved":
			v.Text, v.Known, v.Next, v.Stick = []string{t("join.approved.text", "Dinas Perpustakaan dan Kearsipan")}, known, view.Link{Path: "/data", Text: t("join.next")}, "/x"
			v.Known = append(known, view.Fact{Name: t("join.members"), Value: "18.426"}, view.Fact{Name: t("join.as_of"), Value: "22-11-2026, 16.00"})
			v.Move, v.MoveTitle = "/x", t("exchange.moved")
			v.Address.Hint, v.Address.Optional = t("join.move.hint"), false
			v.Carrying = view.Carrying{Text: t("carry.taking", "1.840", "3.702"), Hint: t("carry.leave"), Done: 1840, Total: 3702}
		case "unheard":
			v.State, v.Unheard, v.Check, v.Text, v.Known = "waiting", true, []string{"4K7M", "2Q9T"}, []string{t("join.by_file")}, known[1:]
			v.Give, v.AskFile, v.FileProblem = "/x", "/x", t("problem.bundle_cut")
		}
		return v
	}
}

func bundleSample(t say) view.Framed {
	v := &view.Bundle{Out: t("bundle.out"), OutText: t("bundle.out.text"), Export: "/x", Import: "/x", Back: "/data", Until: t("bundle.until", "22-02-2027"),
		Holds: []view.Fact{{Name: t("bundle.holds.records"), Value: "86"}, {Name: t("bundle.holds.photos"), Value: "31"}, {Name: t("bundle.holds.since"), Value: "20-11-2026, 15.40"}},
		Done: &view.Taken{State: view.OK, Title: t("bundle.taken"), Text: t("bundle.taken.new"),
			Facts: []view.Fact{{Name: t("bundle.taken.made"), Value: "22-11-2026, 16.00"}, {Name: t("bundle.taken.members"), Value: "1.204"}}}}
	v.Title = t("bundle.title")
	return v
}

func knownSample(t say) view.Framed {
	v := &view.KnownMember{Name: "Wayan Sudarma", Number: "0212 6000 0456", Visit: "/x", Fetch: "/x", Text: t("known.text"),
		Status: []view.Cell{{Text: t("member.status.valid"), State: view.OK}},
		Facts:  []view.Fact{{Name: t("known.home"), Value: "Perpustakaan Rogojampi"}, {Name: t("known.kind"), Value: "Umum"}, {Name: t("known.until"), Value: "12-08-2027"}},
		Cards: view.Table{Caption: t("member.cards"), Columns: []view.Column{{Text: t("members.number")}, {Text: t("members.status")}},
			Rows: []view.Row{{Cells: []view.Cell{{Text: "0212 6000 0456"}, {Text: t("member.card.in_use"), State: view.OK}}}}}}
	v.Title = t("member.title")
	return v
}
