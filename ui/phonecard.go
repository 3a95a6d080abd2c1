package ui

import (
	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/text"
	"simpul/ui/view"
)

// phoneCardRoutes: the officer's side of a card that goes to the visitor's phone. phonescard.go is the phone's.
func (s *server) phoneCardRoutes() []route {
	may := officerWho(library.Register)
	return []route{
		get("/kartu/:id/telepon", may, showPhoneCard),
		post("/kartu/:id/telepon", may, makeCardLink),
		poll("/kartu/:id/telepon/keadaan", may, watchPhoneCard),
		get("/kartu/:id/telepon/kode.svg", may, drawCardLink),
		post("/kartu/:id/telepon/serahkan", may, handOverOnPhone),
	}
}

func phoneCardPath(id library.ID) string { return "/kartu/" + id.String() + "/telepon" }

// onPhone is how a card was handed over that a phone holds: a key of library.HandoverWays.
const onPhone = "phone-image"

// makeCardLink makes a code, in place of an earlier one.
func makeCardLink(r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	if r.door().URL != "" { // without a door no phone could use it; the page says so
		if _, err := r.server.Desk.NewCardLink(r.ctx(), r.actor(), op, id); err != nil {
			return err
		}
	}
	return r.redirect(phoneCardPath(id))
}

func showPhoneCard(r *request) error {
	rec, err := r.registration()
	if err != nil {
		return err
	}
	if rec.Card == nil {
		return r.redirect(registrationPath(rec.ID, ""))
	}
	v, err := r.phoneCardPage(rec)
	if err != nil {
		return err
	}
	return r.page("card-phone", v)
}

func (r *request) phoneCardPage(rec desk.Record) (*view.CardToPhone, error) {
	base := phoneCardPath(rec.ID)
	v := &view.CardToPhone{Registration: r.around(rec, library.StepHandover), Member: rec.Stage != desk.StageIssued, Make: base, Closed: r.closedDoor()}
	v.Title = r.t("phone.card.title")
	v.Back = view.Link{Path: registrationPath(rec.ID, "serahkan"), Text: r.t("phone.card.other")}
	if v.Member {
		v.Back = view.Link{Path: memberPath(rec.ID, ""), Text: r.t("photo.to_member")}
	}
	link, there, err := r.server.Desk.CardLink(r.ctx(), r.actor(), rec.ID)
	if err != nil {
		return nil, err
	}
	v.Watch = r.cardWatch(rec.ID, link, there)
	switch {
	case there && link.Begun:
		v.To, v.Receiver = r.receivers(rec)
		v.Hand = base + "/serahkan"
	case there && link.Token != "" && !link.Over(r.now()) && v.Closed == nil:
		v.Code = &view.ScanCode{Image: base + "/kode.svg", Alt: r.t("phone.card.code"), Text: r.t("phone.card.scan"), Until: r.t("phone.until", text.Time(r.lang, link.Until.In(r.server.Zone)))}
		v.Code.WiFi = r.wifiCode()
	}
	return v, nil
}

// cardWatch says what the phone has done; the page is drawn anew when that changes what stands on it, and not under the
// hands of an officer who is noting the handing over.
func (r *request) cardWatch(id library.ID, link desk.Link, there bool) view.Watch {
	w := view.Watch{State: view.Quiet}
	stage, saved := "none"+r.doorMark(), int64(0)
	switch {
	case !there:
	case link.State == desk.LinkArrived:
		stage, saved, w.State, w.Text = "begun", 1, view.OK, r.t("phone.card.saved")
	case link.Begun:
		stage, w.State, w.Text = "begun", view.OK, r.t("phone.card.begun")
	case link.Over(r.now()):
		stage, w.State, w.Text = "over", view.Warn, r.t("phone.over")
	default:
		stage, w.State, w.Text = "open"+r.doorMark(), view.Info, r.t("phone.photo.waits")
	}
	w.Ask = watchQuery(phoneCardPath(id), stage, saved)
	return w
}

// watchPhoneCard answers the page that asks every second: nothing while nothing changed, another line once the card is
// saved, and the page anew when a phone has opened it.
func watchPhoneCard(r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	link, there, err := r.server.Desk.CardLink(r.ctx(), r.actor(), id)
	if err != nil {
		return err
	}
	return r.watched(r.cardWatch(id, link, there), "card-phone", phoneCardPath(id))
}

// drawCardLink is the code itself. Its token is in no address of the officer's pages.
func drawCardLink(r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	link, there, err := r.server.Desk.CardLink(r.ctx(), r.actor(), id)
	if err != nil {
		return err
	}
	if !there || link.Token == "" || link.Begun || r.door().URL == "" {
		return library.E(library.KindNotFound, "error.link_unknown")
	}
	return r.scanCode(r.door().URL+"/c/"+link.Token, r.t("phone.card.code"))
}

// handOverOnPhone records that the member has the card on a phone: step 6, or later for a new phone.
func handOverOnPhone(r *request) error {
	rec, err := r.registration()
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	in := desk.HandOverInput{To: r.value("to"), How: onPhone, Name: r.value("receiver")}
	if _, err := r.server.Desk.HandOver(r.ctx(), r.actor(), op, rec.ID, in); err != nil {
		if rec.Card == nil {
			return err
		}
		v, viewErr := r.phoneCardPage(rec)
		if viewErr != nil {
			return viewErr
		}
		problems := r.problems(err)
		v.To.Value, v.Receiver.Value = in.To, in.Name
		v.To, v.Receiver = v.To.With(problems), v.Receiver.With(problems)
		return r.invalid("card-phone", v, err)
	}
	if rec.Stage == desk.StageIssued {
		return r.redirect(registrationPath(rec.ID, "serahkan"))
	}
	return r.done(memberPath(rec.ID, ""), "done.handed")
}
