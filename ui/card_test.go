package ui

import (
	"time"

	"simpul/node/library"
	"simpul/ui/view"
)

// cardSamples are the pages of photo, card, handing over and batches.
func cardSamples() []sample {
	return []sample{
		{"photo", "photo", photoSample("", false)},
		{"photo-there", "photo", photoSample("attached", false)},
		{"photo-refused", "photo", photoSample("declined", true)},
		{"photo-member", "photo", func(t say) view.Framed {
			v := photoSample("attached", false)(t).(*view.PhotoStep)
			v.Member, v.Issue, v.Later, v.Without, v.Flash = true, "", "", "", t("photo.replaced")
			again := printSample(t)
			again.Main = true
			v.Reprint, v.Back = &again, view.Link{Path: "/x", Text: t("photo.to_member")}
			return v
		}},
		{"card", "card", func(t say) view.Framed {
			v := &view.CardShown{Registration: aroundSample(6, 1), Number: "014 26 0 00123 7", Picture: "/x.svg", Image: "/x.png?v=1", Onward: "/x", Phone: "/x",
				Print: printSample(t),
				Facts: []view.Fact{{Name: t("card.number"), Value: "014 26 0 00123 7"}, {Name: t("card.until"), Value: "23-11-2029"}, {Name: t("card.prints"), Value: t("card.prints.count", 0)}}}
			return v
		}},
		{"handover", "handover", handOverSample(nil)},
		{"handover-done", "handover", func(t say) view.Framed {
			return handOverSample(&view.HandedOver{Total: minutes(13, 20), Standard: minutes(19, 0), Sibling: "/x",
				Facts: []view.Fact{{Name: t("card.number"), Value: "014 26 0 00123 7"}, {Name: t("handover.to"), Value: t("handover.to.self")}}})(t)
		}},
		{"cards", "cards", cardsSample("")},
		{"cards-handover", "cards", cardsSample("serah")},
		{"cards-photos", "cards", cardsSample("foto")},
		{"cards-empty", "cards", cardsSample("kosong")},
		{"prints", "prints", func(t say) view.Framed {
			v := &view.Prints{Save: "/x", Table: view.Table{Caption: t("prints.title"), Columns: []view.Column{{Text: t("prints.card")}, {Text: t("prints.printer")}, {Text: t("prints.times"), Number: true}},
				Rows: []view.Row{{Link: "/x", Cells: []view.Cell{{Text: "Dewi Anggraini"}, {Text: "Printer A4"}, {Text: "2"}}}}, Next: "/x"}}
			v.Title = t("prints.title")
			return v
		}},
	}
}

// printSample has a printer of each kind.
func printSample(t say) view.PrintForm {
	return view.PrintForm{Action: "/x", Member: "a", Text: t("card.print"), Now: t("cards.way.now", "Printer A4", t("cards.way.sheet")),
		Ways: view.Choice{Name: "way", Label: t("cards.way"), Value: "a4:sheet", Options: []view.Option{{Value: "a4:sheet", Text: "Printer A4", Hint: t("cards.way.sheet")},
			{Value: "a4:fold", Text: "Printer A4", Hint: t("cards.way.fold")}, {Value: "kartu:card", Text: "Printer kartu", Hint: t("cards.way.card")}}},
		Start: view.Choice{Name: "start", Label: t("cards.start"), Hint: t("cards.start.hint"), Value: "1", Options: []view.Option{{Value: "1", Text: "1"}, {Value: "2", Text: "2"}}}}
}

// aroundSample is what stands around steps 5 and 6.
func aroundSample(step, standard int) view.Registration {
	r := view.Registration{ID: "a", Name: "Ayu Lestari Wulandari", Version: "1", Action: "/x",
		Steps: view.Steps{Current: step, Clock: view.Clock{Elapsed: minutes(0, 42), Standard: minutes(standard, 0), Running: true}},
		Pause: view.Confirm{Action: "/x", Text: "Jeda…", Button: "Jeda"}, Refuse: view.Confirm{Action: "/x", Text: "Tidak dikabulkan…", Button: "Tidak dikabulkan", Danger: true}}
	r.Title = "Langkah"
	return r
}

func photoSample(state string, refused bool) func(say) view.Framed {
	return func(t say) view.Framed {
		v := &view.PhotoStep{Registration: aroundSample(5, 5), State: state, Refused: refused, Later: "/y", Without: "/z",
			Picker: view.PhotoPicker{Frame: view.Choice{Name: "frame", Label: t("photo.frame"), Value: "centre", Inline: true, Options: []view.Option{{Value: "centre", Text: t("photo.frame.centre")}, {Value: "left", Text: t("photo.frame.left")}}}}}
		if state != "" {
			v.Issue = "/k"
		}
		if state == "" {
			v.Picker.Error = t("error.photo.heic")
			v.Problems = view.Problems{{Field: "photo", Text: v.Picker.Error}}
		}
		return v
	}
}

func handOverSample(done *view.HandedOver) func(say) view.Framed {
	return func(t say) view.Framed {
		v := &view.HandOver{Registration: aroundSample(6, 1), Print: printSample(t), Picture: "/x.svg", Image: "/x.png", WhatsApp: "https://wa.me/62812", Phone: "/x", Done: done,
			To:       view.Choice{Name: "to", Label: t("handover.to"), Value: "guardian", Options: []view.Option{{Value: "self", Text: t("handover.to.self")}, {Value: "guardian", Text: t("handover.to.guardian")}}},
			Receiver: view.Field{Name: "receiver", Label: t("handover.receiver"), Hint: t("handover.receiver.hint"), Value: "Sri Wahyuni", Optional: true},
			How:      view.Choice{Name: "how", Label: t("handover.how"), Value: "guardian", Options: []view.Option{{Value: "in-person", Text: "Diterima sendiri"}, {Value: "guardian", Text: "Diterima orang tua atau wali"}}}}
		if done != nil {
			v.Steps = view.Steps{Current: 7}
		}
		return v
	}
}

func cardsSample(list string) func(say) view.Framed {
	return func(t say) view.Framed {
		v := &view.Cards{List: list, Photos: list == "foto", Day: view.Field{Name: "hari", Label: t("cards.day"), Optional: true},
			Class: view.Choice{Name: "kelas", Label: t("cards.class"), Optional: true}, Stop: view.Choice{Name: "titik", Label: t("cards.stop"), Optional: true},
			Print: printSample(t), Most: 200,
			How:   view.Choice{Name: "how", Label: t("handover.how"), Value: "class", Options: []view.Option{{Value: "class", Text: "Lewat sekolah atau kelas"}}},
			Tabs:  []view.NavItem{{Path: "/kartu", Text: t("cards.tab.cetak"), Current: true}, {Path: "/kartu?daftar=foto", Text: t("cards.tab.foto")}},
			Empty: view.Empty{Title: t("cards.empty.cetak"), Text: t("cards.empty.text")}}
		v.Title = t("cards.title")
		if list == "foto" {
			v.Missing = []view.PhotoRow{{ID: "a", Name: "Dewi Anggraini", Note: "014 26 0 00124 1"}, {ID: "b", Name: "Bagas Prayoga", Note: "23-11-2026", Error: t("error.photo.pdf")}}
		}
		if list == "" || list == "serah" {
			at := time.Date(2026, 11, 23, 14, 2, 0, 0, library.WIB())
			v.Rows = []view.CardRow{{ID: "a", Name: "Dewi Anggraini", Number: "014 26 0 00124 1", Issued: at, Ticked: true},
				{ID: "b", Name: "Bagas Prayoga", Number: "014 26 0 00125 5", Issued: at, Printed: true, Ticked: true, Stop: "SDN Contoh 2"},
				{ID: "c", Name: "Moch. Fathur Rozi", Number: "014 26 0 00126 2", Issued: at, Printed: true, Handed: true}}
			v.Next, v.Trail, v.Many, v.Elsewhere = "x", []string{"w"}, true, []string{"d", "e"}
		}
		return v
	}
}
