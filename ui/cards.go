package ui

import (
	"slices"
	"strconv"
	"strings"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/text"
	"simpul/ui/view"
)

// cardsRoutes: cards in batches: to print, to hand over, and the photos that were promised for later.
func (s *server) cardsRoutes() []route {
	may := officerWho(library.Register)
	return []route{
		get("/kartu", may, listCards),
		post("/kartu", may, chooseCards),
		post("/kartu/cetak", may, printCards),
		get("/kartu/catatan", may, showPrints),
		get("/kartu/catatan.csv", may, savePrints),
		post("/kartu/tanda-terima", may, printReceipt),
		post("/kartu/serahkan", may, handOverCards),
		upload("/kartu/foto/:id", may, attachLatePhoto),
	}
}

// cardsPage is how many cards one page lists: five sheets of ten.
const cardsPage = 50

func listCards(r *request) error {
	v, err := r.cardsView(r.Query("daftar"))
	if err != nil {
		return err
	}
	if n, err := strconv.Atoi(r.Query("serah")); err == nil {
		v.Flash = r.t("cards.handed", n)
	}
	return r.page("cards", v)
}

func (r *request) cardsView(list string) (*view.Cards, error) {
	v := &view.Cards{List: list, Tabs: r.cardTabs(list)}
	v.Title = r.t("cards.title")
	if list == "foto" {
		v.Photos = true
		return v, r.latePhotos(v)
	}
	return v, r.cardRows(v)
}

// cardTabs are the lists of cards and of what was printed.
func (r *request) cardTabs(current string) []view.NavItem {
	var tabs []view.NavItem
	for _, tab := range []struct{ key, word, path string }{{"", "cetak", "/kartu"}, {"serah", "serah", "/kartu?daftar=serah"}, {"foto", "foto", "/kartu?daftar=foto"},
		{"semua", "semua", "/kartu?daftar=semua"}, {"catatan", "catatan", "/kartu/catatan"}} {
		tabs = append(tabs, view.NavItem{Path: tab.path, Text: r.t("cards.tab." + tab.word), Current: tab.key == current})
	}
	return tabs
}

// asked is what restricts the list: in the address, or in a form that shows the list again.
func (r *request) asked(name string) string {
	if r.form.Has(name) {
		return r.value(name)
	}
	return r.Query(name)
}

// cardRows fills the list by what was asked for.
func (r *request) cardRows(v *view.Cards) error {
	turn := r.cardTurn()
	q := desk.CardList{Unprinted: v.List == "", Undelivered: v.List == "serah", After: turn.after(), Stop: r.asked("titik"), Limit: cardsPage}
	v.Day = view.Field{Name: "hari", Label: r.t("cards.day"), Value: r.asked("hari"), Width: 12, Mode: "numeric"}
	if day, err := library.ParseDate(v.Day.Value); err == nil {
		q.Day = day
	} else if v.Day.Value != "" {
		v.Problems = view.Problems{{Field: "hari", Text: r.t(library.KeyDateUnreadable)}}
		v.Day = v.Day.With(v.Problems)
	}
	v.Class = view.Choice{Name: "kelas", Label: r.t("cards.class"), Value: r.asked("kelas"), Empty: r.t("cards.all")}
	if id, err := library.ParseID(v.Class.Value); err == nil {
		q.Class = id
	}
	if err := r.cardFilters(v); err != nil {
		return err
	}
	lines, next, err := r.server.Desk.Cards(r.ctx(), r.actor(), q)
	if err != nil {
		return err
	}
	for _, l := range lines {
		v.Rows = append(v.Rows, view.CardRow{ID: l.Member.String(), Name: l.Name, Number: l.Number.Grouped(), Issued: l.Issued, Printed: l.Printed > 0,
			Handed: l.Handed, Stop: l.Stop})
	}
	v.Next, v.Trail, v.Seen = next, turn.trail, turn.seen
	if err := r.cardTicks(v, turn, q); err != nil {
		return err
	}
	word := v.List
	if word == "" {
		word = "cetak"
	}
	v.Empty = view.Empty{Title: r.t("cards.empty." + word), Text: r.t("cards.empty.text")}
	v.Print = r.printForm("")
	v.How = view.Choice{Name: "how", Label: r.t("handover.how"), Value: "in-person", Options: r.options(library.HandoverWays())}
	return nil
}

// cardFilters offers the classes and the stops that there are.
func (r *request) cardFilters(v *view.Cards) error {
	classes, err := r.server.Desk.Classes(r.ctx(), r.actor(), 50)
	if err != nil {
		return err
	}
	for _, c := range classes {
		v.Class.Options = append(v.Class.Options, view.Option{Value: c.ID.String(), Text: c.Label()})
		if c.ID.String() == v.Class.Value {
			v.Heading, v.How.Value = c.Label(), "class"
		}
	}
	stops, err := r.server.Desk.WaitingStops(r.ctx(), r.actor())
	if err != nil {
		return err
	}
	v.Stop = view.Choice{Name: "titik", Label: r.t("cards.stop"), Value: r.asked("titik"), Empty: r.t("cards.all")}
	for stop, n := range stops {
		if stop == "" {
			continue
		}
		v.Stop.Options = append(v.Stop.Options, view.Option{Value: stop, Text: r.t("cards.stop.count", stop, n)})
	}
	sortOptions(v.Stop.Options)
	return nil
}

// printCards answers with the PDF and records the printing; it opens beside the page.
func printCards(r *request) error {
	op, err := r.operation()
	if err != nil {
		return err
	}
	start, _ := strconv.Atoi(r.value("start"))
	lay := desk.Layout{Way: r.value("way"), One: r.ticked("one"), Start: start, Back: r.ticked("back")}
	data, err := r.server.Desk.PrintCards(r.ctx(), r.actor(), op, r.members(), lay, r.printed())
	if err != nil {
		return r.cardsAgain(err)
	}
	return r.content("application/pdf", "", data)
}

// cardsAgain shows the list once more with what was wrong with the choice.
func (r *request) cardsAgain(err error) error {
	v, listErr := r.cardsView(r.value("daftar"))
	if listErr != nil {
		return listErr
	}
	problems := r.problems(err)
	v.Print.Ways, v.Print.Start = v.Print.Ways.With(problems), v.Print.Start.With(problems)
	return r.invalid("cards", v, err)
}

func printReceipt(r *request) error {
	data, err := r.server.Desk.ReceiptList(r.ctx(), r.actor(), r.members(), r.value("heading"), r.printed())
	if err != nil {
		return r.cardsAgain(err)
	}
	return r.content("application/pdf", "", data)
}

// handOverCards records the whole list of receipt after it came back signed.
func handOverCards(r *request) error {
	op, err := r.operation()
	if err != nil {
		return err
	}
	in := desk.HandOverInput{To: "self", How: r.value("how")}
	if in.How == "guardian" {
		in.To = "guardian"
	}
	n, err := r.server.Desk.HandOverAll(r.ctx(), r.actor(), op, r.members(), in)
	if err != nil {
		return r.cardsAgain(err)
	}
	return r.redirect("/kartu?daftar=serah&serah=" + strconv.Itoa(n))
}

// latePhotos fills the list of photos that were promised for later.
func (r *request) latePhotos(v *view.Cards) error {
	waiting, err := r.server.Desk.WaitingForPhoto(r.ctx(), r.actor(), cardsPage)
	if err != nil {
		return err
	}
	v.Empty = view.Empty{Title: r.t("cards.empty.foto"), Text: r.t("cards.empty.foto.text")}
	for _, rec := range waiting {
		row := view.PhotoRow{ID: rec.ID.String(), Name: rec.Form.Name, Version: rec.Version, Note: text.Date(rec.Opened.In(r.server.Zone))}
		if rec.Card != nil {
			row.Note = rec.Card.Number.Grouped()
		}
		v.Missing = append(v.Missing, row)
	}
	return nil
}

func attachLatePhoto(r *request) error {
	rec, err := r.registration()
	if err != nil {
		return err
	}
	if err := r.takePhoto(rec.ID, r.value("version")); err != nil {
		v, listErr := r.cardsView("foto")
		if listErr != nil {
			return listErr
		}
		for i := range v.Missing {
			if v.Missing[i].ID == rec.ID.String() {
				v.Missing[i].Error = r.photoProblem(err)
			}
		}
		return r.invalid("cards", v, err)
	}
	return r.redirect("/kartu?daftar=foto")
}

func sortOptions(options []view.Option) {
	slices.SortFunc(options, func(a, b view.Option) int { return strings.Compare(a.Value, b.Value) })
}
