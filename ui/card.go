package ui

import (
	"net/url"
	"strings"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/text"
	"simpul/ui/view"
)

// cardRoutes: the end of step 5 and step 6: the card is issued, shown, printed, and given to its member.
func (s *server) cardRoutes() []route {
	may := officerWho(library.Register)
	return []route{
		get("/daftar/:id/kartu", may, showCard),
		post("/daftar/:id/kartu", may, issueCard),
		get("/daftar/:id/serahkan", may, showHandOver),
		post("/daftar/:id/serahkan", may, handOver),
		get("/kartu/:id/kartu.svg", officerWho(library.ReadMember), serveCard),
		get("/kartu/:id/kartu.png", officerWho(library.ReadMember), serveCard),
	}
}

// printed gives the words of printed things: always Indonesian, the language of the library.
func (r *request) printed() desk.Words {
	return func(key string, args ...any) string { return r.server.words.T(text.Indonesian, key, args...) }
}

func issueCard(r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	if asked, err := r.askAlike(id); err != nil || asked {
		return err
	}
	if _, err := r.server.Desk.Issue(r.ctx(), r.actor(), op, id, r.value("version")); err != nil {
		return err
	}
	return r.redirect("/daftar/" + id.String() + "/kartu")
}

func showCard(r *request) error {
	rec, err := r.registration()
	if err != nil {
		return err
	}
	base := "/daftar/" + rec.ID.String()
	if rec.Card == nil {
		return r.redirect(base + "/foto")
	}
	v := &view.CardShown{Registration: r.around(rec, library.StepHandover), Number: rec.Card.Number.Grouped(), Onward: base + "/serahkan",
		Picture: r.cardPath(rec, "svg"), Image: r.cardPath(rec, "png"), Print: r.printForm(rec.ID.String()),
		Phone: phoneCardPath(rec.ID)}
	v.Print.Key = "C"
	v.Facts = []view.Fact{
		{Name: r.t("card.number"), Value: v.Number},
		{Name: r.t("card.until"), Value: rec.Until.String()},
		{Name: r.t("card.prints"), Value: r.t("card.prints.count", rec.Card.Prints)},
	}
	return r.page("card", v)
}

// cardPath is the address of the card's picture; the word behind it changes with what is on the card.
func (r *request) cardPath(rec desk.Record, ext string) string {
	return "/kartu/" + rec.ID.String() + "/kartu." + ext + "?v=" + url.QueryEscape(rec.Version)
}

func serveCard(r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	svg := strings.HasSuffix(r.Path(), ".svg")
	data, err := r.server.Desk.CardPicture(r.ctx(), r.actor(), id, svg, r.printed())
	if err != nil {
		return err
	}
	if svg {
		return r.content("image/svg+xml", "", data)
	}
	name := ""
	if r.Query("unduh") == "1" {
		name = cardFile
	}
	return r.content("image/png", name, data)
}

func showHandOver(r *request) error {
	rec, err := r.registration()
	if err != nil {
		return err
	}
	if rec.Card == nil {
		return r.redirect("/daftar/" + rec.ID.String() + "/foto")
	}
	return r.page("handover", r.handOverPage(rec))
}

func (r *request) handOverPage(rec desk.Record) *view.HandOver {
	v := &view.HandOver{Registration: r.around(rec, library.StepHandover),
		Picture: r.cardPath(rec, "svg"), Image: r.cardPath(rec, "png") + "&unduh=1", Print: r.printForm(rec.ID.String()),
		WhatsApp: r.whatsApp(rec), Phone: phoneCardPath(rec.ID),
		How: view.Choice{Name: "how", Label: r.t("handover.how"), Value: "in-person"},
	}
	v.To, v.Receiver = r.receivers(rec)
	if v.To.Value == "guardian" {
		v.How.Value = "guardian"
	}
	v.How.Options = r.options(library.HandoverWays())
	if rec.Stage == desk.StageDone && !rec.Card.Handed.IsZero() {
		v.Done = r.handedOver(rec)
		v.Pause, v.Withdraw, v.Refuse = view.Confirm{}, view.Confirm{}, view.Confirm{}
	}
	return v
}

// receivers asks who takes the card; of a child the guardian is expected.
func (r *request) receivers(rec desk.Record) (view.Choice, view.Field) {
	to := view.Choice{Name: "to", Label: r.t("handover.to"), Value: "self"}
	name := view.Field{Name: "receiver", Label: r.t("handover.receiver"), Hint: r.t("handover.receiver.hint"), Optional: true, NoSpell: true, Auto: "off"}
	if rec.Form.Guardian.Name != "" {
		to.Value, name.Value = "guardian", rec.Form.Guardian.Name
	}
	for _, key := range []string{"self", "guardian", "other"} {
		to.Options = append(to.Options, view.Option{Value: key, Text: r.t("handover.to." + key)})
	}
	return to, name
}

// handedOver sums up the six steps.
func (r *request) handedOver(rec desk.Record) *view.HandedOver {
	done := &view.HandedOver{Sibling: registrationPath(rec.ID, "saudara"), Standard: r.server.Desk.StepStandards().Sum()}
	if rec.Timed {
		done.Total = rec.Clock.Total(rec.ClockNow)
	}
	way, _ := library.Find(library.HandoverWays(), rec.Card.How)
	to := r.t("handover.to." + rec.Card.To)
	if rec.Card.ToName != "" && rec.Card.To != "self" {
		to += ": " + rec.Card.ToName
	}
	done.Facts = []view.Fact{
		{Name: r.t("card.number"), Value: rec.Card.Number.Grouped()},
		{Name: r.t("handover.to"), Value: to},
		{Name: r.t("handover.how"), Value: r.code(way)},
		{Name: r.t("handover.when"), Value: text.Date(rec.Card.Handed.In(r.server.Zone)) + ", " + text.Time(r.lang, rec.Card.Handed.In(r.server.Zone))},
	}
	return done
}

// whatsApp is a link that opens a chat with the text; pictures cannot be sent by link.
func (r *request) whatsApp(rec desk.Record) string {
	phone := rec.Form.Phone
	if phone == "" {
		phone = rec.Form.Guardian.Phone
	}
	number := desk.WhatsApp(phone)
	if number == "" || rec.Card == nil {
		return ""
	}
	key := "print.whatsapp"
	web, err := r.server.Desk.WebCardURL(r.ctx(), r.actor(), rec.ID)
	if err != nil {
		r.server.Log.Warn("a message goes without the link of the card", "err", err)
	}
	if web != "" {
		key = "print.whatsapp.web"
	}
	words := r.printed()(key, rec.Form.Name, rec.Card.Number.Grouped(), rec.Until.String(), r.server.Desk.Settings().Name, web)
	return "https://wa.me/" + number + "?text=" + strings.ReplaceAll(url.QueryEscape(words), "+", "%20")
}

func handOver(r *request) error {
	rec, err := r.registration()
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	in := desk.HandOverInput{To: r.value("to"), How: r.value("how"), Name: r.value("receiver")}
	if _, err := r.server.Desk.HandOver(r.ctx(), r.actor(), op, rec.ID, in); err != nil {
		if rec.Card == nil {
			return err
		}
		v := r.handOverPage(rec)
		v.To.Value, v.How.Value, v.Receiver.Value = in.To, in.How, in.Name
		problems := r.problems(err)
		v.To, v.How, v.Receiver = v.To.With(problems), v.How.With(problems), v.Receiver.With(problems)
		return r.invalid("handover", v, err)
	}
	return r.redirect("/daftar/" + rec.ID.String() + "/serahkan")
}
