package ui

import (
	"net/http"
	"strings"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// cardCheckRoutes: is this card genuine, and is it in force?
func (s *server) cardCheckRoutes() []route {
	may := officerWho(library.RecordVisit)
	return []route{
		get("/kartu/periksa", may, showCardCheck),
		post("/kartu/periksa", may, checkCard),
		{method: http.MethodPost, path: "/kartu/periksa/gambar", access: may, limit: desk.FrameBytes, poll: true, handle: readFrame},
	}
}

func showCardCheck(r *request) error {
	v, err := r.cardCheckView()
	if err != nil {
		return err
	}
	return r.page("card-check", v)
}

// checkCard answers about one card; the field is empty again for the next.
func checkCard(r *request) error { return r.cardChecked(r.value("code")) }

// readFrame says what code stands in a picture of the webcam, 204 for none, for browsers that cannot read codes themselves.
func readFrame(r *request) error {
	code, qr, err := r.server.Desk.ReadFrame(r.ctx(), r.actor(), r.Body())
	if err != nil {
		return err
	}
	if code == "" {
		return r.unchanged()
	}
	return r.JSON(struct {
		Code string `json:"code"`
		QR   bool   `json:"qr"`
	}{code, qr})
}

func (r *request) cardChecked(code string) error {
	v, err := r.cardCheckView()
	if err != nil {
		return err
	}
	c, err := r.server.Desk.CheckCard(r.ctx(), r.actor(), code)
	if err != nil {
		v.Code = v.Code.With(r.problems(err))
		return r.invalid("card-check", v, err)
	}
	v.Answer = r.cardAnswer(c)
	return r.page("card-check", v)
}

// opensMember reports whether a code goes the way of a member number: a bare one, or a valid card of a member who is known
// here.
func (r *request) opensMember(code string) (bool, error) {
	if !desk.LooksSigned(code) {
		return true, nil
	}
	c, err := r.server.Desk.CheckCard(r.ctx(), r.actor(), code)
	return c.Outcome == desk.CardValid && c.Why == "" && !c.Person.IsZero(), err
}

func (r *request) cardCheckView() (*view.CardCheck, error) {
	v := &view.CardCheck{Code: view.Field{Name: "code", Label: r.t("check.code"), Hint: r.t("check.code.hint"), NoSpell: true, Auto: "off", Focus: true}}
	v.Title = r.t("check.title")
	age, known, stale, err := r.server.Desk.TrustAge(r.ctx())
	if err != nil {
		return nil, err
	}
	days := int(age / (24 * time.Hour))
	switch v.Old = stale; {
	case !known:
		v.List = r.t("check.list.none")
	case stale:
		v.List = r.t("check.list.stale", days)
	case days == 0:
		v.List = r.t("check.list.today")
	default:
		v.List = r.t("check.list.days", days)
	}
	return v, nil
}

// cardStates is the colour of each answer; what is not here is Warn.
var cardStates = map[desk.CardOutcome]view.State{
	desk.CardValid: view.OK, desk.CardBlocked: view.Bad, desk.CardForged: view.Bad, desk.CardExpired: view.Bad, desk.CardForeign: view.Bad,
}

func (r *request) cardAnswer(c desk.CheckedCard) *view.CardAnswer {
	a := &view.CardAnswer{State: cardStates[c.Outcome]}
	if a.State == "" {
		a.State = view.Warn
	}
	key := "check." + string(c.Outcome)
	a.Title, a.Text = r.sentence(key, string(c.Why), ""), r.sentence(key, string(c.Why), ".do")
	if c.Outcome == desk.CardExpired && !c.Signed {
		a.Title = r.t("check.expired.bare")
	}
	if c.Clock {
		a.Clock = r.t("check.clock")
	}
	if c.Signed && !c.Proven && c.Name != "" {
		a.FactsOf = r.t("check.said")
	}
	a.Facts = r.cardFacts(c)
	if c.Person.IsZero() {
		return a
	}
	person := c.Person.String()
	if c.Record != nil {
		a.Visit = "/kunjungan/catat?anggota=" + person
		a.Member, a.Person = memberPath(c.Person, ""), true
		a.Photo = r.photoOf(*c.Record)
	}
	away := c.Record == nil && c.Held != "" // a member of another branch, of whom only the district's list is here
	if away {
		a.Member = memberPath(c.Person, "") // its page records the visit, by the number
	}
	switch {
	case c.Outcome != desk.CardExpired:
	case away:
		a.Text = r.t("check.expired.away.do", r.sinceCentre(c))
	case r.may(library.Register):
		a.Renew = memberPath(c.Person, "perpanjang")
	}
	return a
}

// sinceCentre says how long ago the centre last told who its members are.
func (r *request) sinceCentre(c desk.CheckedCard) string {
	if days := int(c.ListAge / (24 * time.Hour)); days > 0 {
		return r.t("check.days_ago", days)
	}
	return r.t("check.days_ago.none")
}

// sentence is the one for an answer and its reason, or else for the answer.
func (r *request) sentence(key, why, part string) string {
	if one := key + "." + why + part; why != "" && r.server.words.Has(one) {
		return r.t(one)
	}
	return r.t(key + part)
}

func (r *request) cardFacts(c desk.CheckedCard) []view.Fact {
	var facts []view.Fact
	add := func(key, value string) {
		if value != "" {
			facts = append(facts, view.Fact{Name: r.t(key), Value: value})
		}
	}
	held := c.Held
	if c.Record != nil {
		held = c.Record.Form.Name
	}
	switch {
	case held == "" || strings.HasPrefix(held, c.Name) && c.Name != "":
		add("check.name", longer(held, c.Name))
	default:
		add("check.name", held)
		add("check.name.card", c.Name)
	}
	if !library.LooksLikeNIK(string(c.Number)) { // what may be a NIK is not shown back to the room
		add("check.number", c.Number.Grouped())
	}
	add("check.kind", c.Kind)
	if c.Home != "" {
		add("check.branch", c.Home)
	} else {
		add("check.branch", c.Branch)
	}
	add("check.issued", dateOf(c.Issued))
	add("check.until", dateOf(c.Until))
	if c.Printed != c.Until {
		add("check.printed", dateOf(c.Printed))
	}
	if c.Issuer != c.Branch && c.Issuer != c.Home {
		add("check.issuer", c.Issuer)
	}
	return facts
}

func longer(a, b string) string {
	if len(a) >= len(b) {
		return a
	}
	return b
}

// dateOf is empty for no date.
func dateOf(d library.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}
