package ui

import (
	"slices"
	"strconv"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// chooseCards shows another page of the list of cards. What was ticked on one page stays chosen on the others.
func chooseCards(r *request) error {
	v, err := r.cardsView(r.value("daftar"))
	if err != nil {
		return err
	}
	return r.page("cards", v)
}

// cardTurn is where somebody stands in a list of several pages, and what was chosen on the way.
type cardTurn struct {
	trail []string // cursors of the pages from the second to this one
	seen  int      // how many pages beyond the first have ever been shown
	fresh bool     // this page is shown for the first time
	all   string   // "all", "none": chosen by one button
}

func (r *request) cardTurn() cardTurn {
	turn := cardTurn{trail: r.values("jejak"), fresh: !r.form.Has("daftar"), all: r.value("go")}
	turn.seen, _ = strconv.Atoi(r.value("dilihat"))
	switch turn.all {
	case "next":
		if cursor := r.value("berikut"); cursor != "" {
			turn.trail = append(turn.trail, cursor)
		}
	case "back":
		turn.trail = turn.trail[:max(len(turn.trail)-1, 0)]
	}
	if turn.fresh = turn.fresh || len(turn.trail) > turn.seen; turn.fresh {
		turn.seen = len(turn.trail)
	}
	return turn
}

// after is the cursor of this page; "" is the first.
func (t cardTurn) after() string {
	if len(t.trail) == 0 {
		return ""
	}
	return t.trail[len(t.trail)-1]
}

// cardTicks ticks what was chosen, and on a page that nobody has seen yet everything that waits. Who is chosen but stands
// on another page travels with the form.
func (r *request) cardTicks(v *view.Cards, turn cardTurn, q desk.CardList) error {
	chosen, err := r.chosenCards(turn, q)
	if err != nil {
		return err
	}
	here := map[string]bool{}
	for i := range v.Rows {
		id := v.Rows[i].ID
		here[id] = true
		for _, c := range chosen {
			v.Rows[i].Ticked = v.Rows[i].Ticked || c == id
		}
		if turn.fresh && v.List != "semua" {
			v.Rows[i].Ticked = true
		}
	}
	for _, id := range chosen {
		if !here[id] {
			v.Elsewhere = append(v.Elsewhere, id)
		}
	}
	v.Most, v.Many = desk.MaxPrinted, v.Next != "" || len(turn.trail) > 0
	return nil
}

// chosenCards are the members chosen so far: by ticks, or all of the list, or none. Who is no longer in the list, because
// the card was printed meanwhile, is no longer chosen.
func (r *request) chosenCards(turn cardTurn, q desk.CardList) (chosen []string, err error) {
	q.After, q.Limit = "", desk.MaxPrinted
	add := func(some []library.ID) error {
		q.Members = some
		lines, _, err := r.server.Desk.Cards(r.ctx(), r.actor(), q)
		for _, l := range lines {
			chosen = append(chosen, l.Member.String())
		}
		return err
	}
	switch turn.all {
	case "none":
	case "all":
		err = add(nil)
	default:
		for some := range slices.Chunk(r.members(), desk.MaxPrinted) {
			if err = add(some); err != nil {
				break
			}
		}
	}
	return chosen, err
}

// members are the members chosen in a list: on other pages, then on this one.
func (r *request) members() []library.ID {
	var ids []library.ID
	seen := map[library.ID]bool{}
	for _, name := range []string{"chosen", "member"} {
		for _, s := range r.values(name) {
			if id, err := library.ParseID(s); err == nil && !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// printForm offers the ways to print, the one chosen last first; member is the only one, or "".
func (r *request) printForm(member string) view.PrintForm {
	s := r.server.Desk.Settings()
	p := view.PrintForm{CSRF: r.csrf(), Action: "/kartu/cetak", Member: member, Text: r.t("card.print"),
		Ways:  view.Choice{Name: "way", Label: r.t("cards.way"), Value: r.value("way")},
		Start: view.Choice{Name: "start", Label: r.t("cards.start"), Hint: r.t("cards.start.hint"), Value: r.value("start")}}
	for _, way := range s.Ways() {
		p.Ways.Options = append(p.Ways.Options, view.Option{Value: way.Key(), Text: way.Printer.Name, Hint: r.t("cards.way." + way.Form)})
	}
	way, ok := s.Way(p.Ways.Value)
	if !ok {
		way = s.UsualWay(member != "")
	}
	p.Ways.Value, p.Now = way.Key(), r.t("cards.way.now", way.Printer.Name, r.t("cards.way."+way.Form))
	if p.Start.Value == "" {
		p.Start.Value = "1"
	}
	for i := range 10 {
		n := strconv.Itoa(i + 1)
		p.Start.Options = append(p.Start.Options, view.Option{Value: n, Text: n})
	}
	return p
}
