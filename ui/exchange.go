package ui

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/office"
	"simpul/ui/text"
	"simpul/ui/view"
)

// noticesShown bounds what the page tells at once.
const noticesShown = 10

// exchangeRoutes: how this PC stands with the centre, sending at once, and what happened to the data.
func (s *server) exchangeRoutes() []route {
	return []route{
		post("/data/kirim", officerWho(library.RecordVisit), sendNow),
		poll("/data/pertukaran", anyOfficer(), showExchange),
		post("/data/kabar/:id", officerWho(library.RecordVisit), func(r *request) error { return r.seeNotice("/data") }),
		get("/data/setoran", officerWho(library.RecordVisit), printDaySlip),
	}
}

// exchangeView draws how this PC stands with the centre; nil on one that never joined.
func (r *request) exchangeView() (*view.Exchange, error) {
	e, err := r.server.Desk.Exchange(r.ctx(), r.actor())
	if err != nil || e.State == desk.ExchangeAlone {
		return nil, err
	}
	v := &view.Exchange{CSRF: r.csrf(), Centre: e.Centre, Slip: "/data/setoran", Send: r.may(library.RecordVisit) && !e.Sending && e.State != desk.ExchangeByStick}
	if v.Centre == "" {
		v.Centre = r.t("exchange.centre")
	}
	if r.may(library.Backup) {
		v.Bundle = "/data/stik"
	}
	if r.may(library.ManageSettings) && (e.State == desk.ExchangeByStick || !e.Sending && unreached(e)) {
		v.Moved = view.Link{Path: "/data/gabung", Text: r.t("exchange.moved")}
		if e.State == desk.ExchangeByStick {
			v.Moved.Text = r.t("exchange.moved.stick")
		}
	}
	if r.may(library.ManageSettings) && (e.State == desk.ExchangeRevoked || e.State == desk.ExchangeCopied) {
		v.Moved = view.Link{Path: "/data/gabung", Text: r.t("exchange.rejoin")}
	}
	r.exchangeWords(v, e)
	waiting := r.t("exchange.waiting.none")
	if e.Waiting > 0 || e.Photos > 0 {
		waiting = r.t("exchange.waiting.value", r.number(e.Waiting), r.number(e.Photos))
	}
	v.Facts = []view.Fact{{Name: r.t("exchange.waiting"), Value: waiting}}
	if !e.Oldest.IsZero() && e.Waiting > 0 {
		v.Facts = append(v.Facts, view.Fact{Name: r.t("exchange.oldest"), Value: r.when(e.Oldest)})
	}
	v.Facts = append(v.Facts, view.Fact{Name: r.t("exchange.last"), Value: r.whenOrNever(e.Succeeded)})
	if e.Tried.After(e.Succeeded) && e.State == desk.ExchangeWaiting {
		v.Facts = append(v.Facts, view.Fact{Name: r.t("exchange.tried"), Value: r.when(e.Tried)})
	}
	switch {
	case e.Sending || !e.Next.After(r.now()):
	case failing(e) == "budget": // it looks again and again, and sends tomorrow
		v.Facts = append(v.Facts, view.Fact{Name: r.t("exchange.next"), Value: r.t("exchange.next.tomorrow")})
	default:
		v.Facts = append(v.Facts, view.Fact{Name: r.t("exchange.next"), Value: r.when(e.Next)})
	}
	if e.Sending {
		v.Now = r.sending(e)
	}
	if e.Budget > 0 {
		v.Budget = r.t("exchange.budget", text.Number(r.lang, (e.Spent+999_999)/1_000_000), text.Number(r.lang, e.Budget/1_000_000))
	}
	if err := r.addReceipts(v); err != nil {
		return nil, err
	}
	v.Poll = "/data/pertukaran?v=" + mark(e, v.Receipts, v.Asides, r.lang)
	return v, nil
}

// exchangeWords says the state, what it means and what to do, in one sentence each.
func (r *request) exchangeWords(v *view.Exchange, e desk.Exchange) {
	word, state := "sent", view.OK
	switch {
	case e.Sending:
		word, state = "running", view.Info
	case e.State == desk.ExchangePaused:
		word, state = "paused", view.Warn
	case e.State == desk.ExchangeRevoked:
		word, state = "revoked", view.Bad
	case e.State == desk.ExchangeCopied:
		word, state = "foreign", view.Bad
	case e.State == desk.ExchangeUnknown:
		word, state = "unknown", view.Warn
	case e.State == desk.ExchangeByStick && e.Waiting > 0:
		word, state = "stick", view.Warn
	case failing(e) != "":
		word, state = failing(e), view.Warn
	case e.Waiting > 0:
		word, state = "waiting", view.Warn
	}
	v.State = view.Cell{Text: r.t("exchange.state."+word, r.number(e.Waiting)), State: state}
	if word != "running" {
		v.Text = r.t("exchange.text." + word)
	}
	if key := "exchange.todo." + word; r.server.words.Has(key) {
		v.Todo = r.t(key)
	}
}

// failing is why the last try did not come through, as far as it makes a difference to who reads it; "" when none has failed.
func failing(e desk.Exchange) string {
	if e.State != desk.ExchangeWaiting || e.Tried.IsZero() {
		return ""
	}
	switch e.Failure {
	case "budget", "closed", "full", "disk", "stalled":
		return e.Failure
	case "busy", "twice":
		return "busy"
	case "other-centre", "keys":
		return "stranger"
	case "failed", "stuck", "signature", "malformed", "message", "large":
		return "trouble"
	}
	return "offline"
}

// unreached reports that nobody answered who is the centre: it may have moved.
func unreached(e desk.Exchange) bool {
	return slices.Contains([]string{"offline", "stranger"}, failing(e))
}

// refused reports that the centre answered and took nothing.
func refused(e desk.Exchange) bool {
	return slices.Contains([]string{"closed", "busy", "full", "trouble"}, failing(e))
}

// sending is the bar while an exchange runs: what it does, how far it is, and that the page may be left.
func (r *request) sending(e desk.Exchange) *view.Progress {
	what := r.t("exchange.running.begin")
	if key := "exchange.running." + e.Doing; e.Doing != "" && r.server.words.Has(key) {
		what = r.t(key)
	}
	if e.Moved > 0 {
		what += " · " + r.t("exchange.running.moved", text.Number(r.lang, (e.Moved+1023)>>10))
	}
	if left := e.Left(); left > 0 {
		what += " · " + r.t("exchange.running.left", text.Duration(r.lang, left.Round(time.Second)))
	}
	return &view.Progress{Text: what, Done: int(e.Done), Total: int(e.Total)}
}

// addReceipts says how much the centre has received, shows, and has safe; nothing else is ever called sent.
func (r *request) addReceipts(v *view.Exchange) error {
	slip, err := r.server.Desk.DaySlip(r.ctx(), desk.System, r.server.Desk.Today())
	if err != nil {
		return err
	}
	left, err := r.server.Desk.Leftovers(r.ctx(), r.actor())
	if err != nil {
		return err
	}
	all := int64(slip.Received + slip.Unsent)
	of := func(n int64) string {
		return r.t("exchange.of", text.Number(r.lang, n), text.Number(r.lang, all))
	}
	v.Receipts = []view.Receipt{
		{Name: r.t("exchange.received"), Value: of(int64(slip.Received)), Text: r.t("exchange.received.text")},
		{Name: r.t("exchange.applied"), Value: of(int64(slip.Received) - left.NotApplied), Text: r.t("exchange.applied.text")},
		{Name: r.t("exchange.durable"), Value: of(all - left.NotDurable), Text: r.t("exchange.durable.text")},
	}
	if left.Aside > 0 {
		v.Asides = []string{r.t("exchange.aside", r.number(int(left.Aside)))}
	}
	return nil
}

// showExchange answers the panel that asks again; nothing while nothing changed.
func showExchange(r *request) error {
	v, err := r.exchangeView()
	if err != nil {
		return err
	}
	if v == nil || strings.HasSuffix(v.Poll, "?v="+r.Query("v")) {
		return r.unchanged()
	}
	return r.part("data", "exchange", v)
}

// sendNow waits a little: what takes longer goes on, and the page tells.
func sendNow(r *request) error {
	ctx, cancel := context.WithTimeout(r.ctx(), patience)
	defer cancel()
	if err := r.server.Desk.SendNow(ctx, r.actor()); err != nil && library.KindOf(err) != library.KindUnavailable {
		return err
	}
	e, err := r.server.Desk.Exchange(r.ctx(), r.actor())
	switch {
	case err != nil:
		return err
	case e.Sending:
		return r.done("/data", "done.sending")
	case e.State != desk.ExchangeFine: // the page says what it is
		return r.redirect("/data")
	case e.Waiting > 0:
		return r.done("/data", "done.sent_some")
	}
	return r.done("/data", "done.sent")
}

// notices are what happened to the data and nobody has read yet. seen is where reading one is told.
func (r *request) notices(seen string) ([]view.Notice, error) {
	list, err := r.server.Desk.Notices(r.ctx(), r.actor(), noticesShown)
	if err != nil {
		return nil, err
	}
	var out []view.Notice
	for _, n := range list {
		if !n.Seen.IsZero() {
			continue
		}
		v, err := r.notice(n)
		if err != nil {
			return nil, err
		}
		if r.may(library.RecordVisit) {
			v.Seen, v.CSRF, v.Button = seen+n.ID.String(), r.csrf(), r.t("notice.seen")
		}
		out = append(out, v)
	}
	slices.SortStableFunc(out, func(a, b view.Notice) int { return gravity(a.State) - gravity(b.State) })
	return out, nil
}

// notice is one in words. At the centre it may be about a PC of the district.
func (r *request) notice(n desk.Notice) (view.Notice, error) {
	if o, err := r.office(); err == nil {
		t, about, err := o.About(r.ctx(), r.actor(), n)
		if err != nil {
			return view.Notice{}, err
		}
		if about {
			return r.noticeOfPC(t), nil
		}
		holders, twice, err := o.Twice(r.ctx(), r.actor(), n)
		if err != nil {
			return view.Notice{}, err
		}
		if twice {
			return r.noticeOfNumber(n, holders), nil
		}
	}
	var args []any
	if ms, err := strconv.ParseInt(n.Detail, 10, 64); err == nil && (n.Kind == "erased" || n.Kind == "reopened") {
		args = []any{text.Date(time.UnixMilli(ms).In(r.server.Zone))}
	}
	key := r.noticeKey(n.Kind)
	return view.Notice{State: noticeState(n.Kind), Title: r.t(key), When: r.moment(n.At), Text: r.t(key+".text", args...), Todo: r.t(key + ".todo")}, nil
}

// noticeOfNumber leads to the people whose cards bear one number.
func (r *request) noticeOfNumber(n desk.Notice, holders []office.Holder) view.Notice {
	key := r.noticeKey(n.Kind)
	v := view.Notice{State: noticeState(n.Kind), Title: r.t(key), When: r.moment(n.At), Text: r.t(key + ".text"), Todo: r.t(key + ".todo")}
	for _, h := range holders {
		v.Members = append(v.Members, view.Link{Path: "/anggota/" + h.ID.String(), Text: r.t("notice.member", h.Name, library.MemberNumber(h.Number).Grouped())})
	}
	return v
}

func (r *request) noticeOfPC(t office.Told) view.Notice {
	key := r.noticeKey(t.Kind)
	v := view.Notice{State: noticeState(t.Kind), Title: r.t(key, t.Name), When: r.moment(t.At), Text: r.t(key+".text", t.Name, r.number(t.Events)), Todo: r.t(key+".todo", t.Name),
		Link: view.Link{Path: "/cabang/" + t.PC.String(), Text: r.t("notice.go")}}
	if t.Who != "" {
		v.State, v.Read = view.Quiet, r.t("notice.seen_by", r.moment(t.Seen), t.Who)
	}
	return v
}

// gravity puts what alarms before the rest.
func gravity(s view.State) int { return slices.Index([]view.State{view.Bad, view.Warn, view.Info}, s) }

func (r *request) noticeKey(kind string) string {
	if key := "notice." + kind; r.server.words.Has(key + ".text") {
		return key
	}
	return "notice.other"
}

func noticeState(kind string) view.State {
	switch kind {
	case "forked", "copied", "foreign", "revoked", "pc-forked", "pc-copied", "number-twice":
		return view.Bad
	case "behind", "refused", "reopened", "pc-reopened":
		return view.Warn
	}
	return view.Info
}

func (r *request) seeNotice(back string) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	if err := r.server.Desk.SeeNotice(r.ctx(), r.actor(), op, id); err != nil {
		return err
	}
	return r.done(back, "done.noticed")
}

func (r *request) whenOrNever(at time.Time) string {
	if at.IsZero() {
		return r.t("centre.never")
	}
	return r.when(at)
}

// exchangeVerdict answers whether this PC could be replaced, by the centre's receipts alone. ok says that nothing would be lost.
func (r *request) exchangeVerdict() (why, todo string, n int64, ok bool, err error) {
	e, err := r.server.Desk.Exchange(r.ctx(), r.actor())
	if err != nil {
		return "", "", 0, false, err
	}
	send, wait := "send", "wait"
	switch e.State {
	case desk.ExchangeRevoked:
		send, wait = "call", "call" // the centre takes nothing from it, and tells it nothing
	case desk.ExchangeByStick:
		send, wait = "stick", "stick_back"
	}
	left, err := r.server.Desk.Leftovers(r.ctx(), r.actor())
	switch {
	case err != nil:
		return "", "", 0, false, err
	case left.Safe():
		return "centre", "centre", 0, true, nil
	case left.Boxes > 0:
		return "sealed", "signin", left.Boxes, false, nil
	case left.NotReceived > 0:
		return "unsent", send, left.NotReceived, false, nil
	case left.Photos > 0:
		return "photos", send, left.Photos, false, nil
	case left.Unsettled > 0:
		return "unsettled", send, left.Unsettled, false, nil
	case left.Aside > 0:
		return "aside", "call", left.Aside, false, nil
	case left.Drafts > 0:
		return "drafts", "drafts", left.Drafts, false, nil
	}
	return "received", wait, max(left.NotDurable, left.NotApplied), false, nil
}

// printDaySlip is the paper that a van's officer takes home: the centre can compare it over the telephone.
func printDaySlip(r *request) error {
	day, now := r.server.Desk.Today(), r.now().In(r.server.Zone)
	var out bytes.Buffer
	if err := r.server.Desk.PrintDaySlip(r.ctx(), r.actor(), &out, day, desk.DaySlipWords{Say: r.t, DayText: text.Day(r.lang, now),
		Printed: r.t("dayslip.footer", r.moment(now)), Officer: r.session.Name}); err != nil {
		return err
	}
	return r.pdf("setoran-"+day.ISO()+".pdf", out.Bytes())
}
