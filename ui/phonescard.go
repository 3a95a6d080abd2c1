package ui

import (
	"simpul/node/library"
	"simpul/ui/text"
	"simpul/ui/view"
)

// openCardRoutes: a visitor opens the card on the phone and saves its picture. The code is for one phone: once opened, a
// cookie says whose card it is, and no address does.
func (s *server) openCardRoutes() []route {
	return []route{
		get("/c/:token", anyone(), showOpenCard),
		post("/c/:token", anyone(), openCard),
		get(phoneCardPage, anyone(), showCardOnPhone),
		get(phoneCardPage+"/"+cardFile, anyone(), serveCardOnPhone),
	}
}

const (
	phoneCardCookie = "simpul_kartu"
	phoneCardPage   = "/kartu-saya"
	// cardFile is what a card is called wherever it is saved: no name, no number.
	cardFile = "kartu-anggota.png"
)

// showOpenCard says what waits, before this phone takes it: the camera of a phone may look at an address by itself.
func showOpenCard(r *request) error {
	token, err := r.link()
	if err != nil {
		return err
	}
	if err := r.server.Desk.CardWaits(r.ctx(), token); err != nil {
		if _, mine := r.server.Desk.PhoneCard(r.ctx(), r.Cookies(phoneCardCookie)); mine == nil && library.KindOf(err) == library.KindConflict {
			return r.redirect(phoneCardPage) // this phone has opened it already
		}
		return r.wrong(err)
	}
	v := &view.Turned{Heading: r.t("phone.card.waits"), Hint: r.t("phone.card.text"), Action: "/c/" + token, Button: r.t("phone.card.open"), Plain: r.plainly("phone.plain")}
	v.Title = v.Heading
	return r.page("registration-turned", v)
}

func openCard(r *request) error {
	token, err := r.link()
	if err != nil {
		return err
	}
	key, err := r.server.Desk.OpenCard(r.ctx(), token)
	if err != nil {
		return r.wrong(err)
	}
	r.setCookie(phoneCardCookie, key, daySeconds)
	return r.redirect(phoneCardPage)
}

func showCardOnPhone(r *request) error {
	c, err := r.server.Desk.PhoneCard(r.ctx(), r.Cookies(phoneCardCookie))
	if err != nil {
		return err
	}
	v := &view.PhoneCard{Picture: phoneCardPage + "/" + cardFile, Save: phoneCardPage + "/" + cardFile + "?simpan=1", Number: c.Number.Grouped(), Until: c.Until.String(), Web: c.Web,
		Ends: r.t("phone.card.ends", text.Time(r.lang, c.Ends.In(r.server.Zone)))}
	v.Title = r.t("phone.card.mine")
	return r.page("phone-card", v)
}

// serveCardOnPhone is the picture: to look at, and with simpan=1 to keep.
func serveCardOnPhone(r *request) error {
	keep := r.Query("simpan") == "1"
	picture, err := r.server.Desk.PhoneCardPicture(r.ctx(), r.Cookies(phoneCardCookie), keep, r.printed())
	if err != nil {
		return err
	}
	name := ""
	if keep {
		name = cardFile
	}
	return r.content("image/png", name, picture)
}
