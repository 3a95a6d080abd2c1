package ui

import (
	"fmt"
	"strings"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/text"
	"simpul/ui/view"
)

// phoneFormRoutes: the officer's side of a form that a visitor fills in on the phone. phonesform.go is the phone's.
func (s *server) phoneFormRoutes() []route {
	may := officerWho(library.DraftRegistration)
	return []route{
		get("/telepon/wifi.svg", may, drawWiFi),
		get("/telepon/formulir", may, offerPhoneForm),
		post("/telepon/formulir", may, makeFormLink),
		get("/telepon/formulir/:link", may, showFormLink),
		poll("/telepon/formulir/:link/keadaan", may, watchFormLink),
		get("/telepon/formulir/:link/kode.svg", may, drawFormLink),
	}
}

const phoneFormPath = "/telepon/formulir"

// offerPhoneForm is the page before there is a code.
func offerPhoneForm(r *request) error {
	v := &view.FormCode{Make: phoneFormPath, Closed: r.closedDoor()}
	v.Title = r.t("phone.form.do")
	return r.page("form-code", v)
}

func makeFormLink(r *request) error {
	op, err := r.operation()
	if err != nil {
		return err
	}
	if r.door().URL == "" {
		return r.redirect(phoneFormPath) // which says why
	}
	id, err := r.server.Desk.NewFormLink(r.ctx(), r.actor(), op)
	if err != nil {
		return err
	}
	return r.redirect(phoneFormPath + "/" + id.String())
}

func (r *request) formLink() (desk.FormLink, error) {
	id, err := r.id("link")
	if err != nil {
		return desk.FormLink{}, err
	}
	return r.server.Desk.FormLink(r.ctx(), r.actor(), id)
}

func showFormLink(r *request) error {
	link, err := r.formLink()
	if err != nil {
		return err
	}
	base := phoneFormPath + "/" + link.ID.String()
	v := &view.FormCode{Make: phoneFormPath, Closed: r.closedDoor(), Watch: r.formWatch(link)}
	v.Title = r.t("phone.form.do")
	switch {
	case link.State == desk.LinkUsed:
		v.Reference = desk.Reference(link.Registration)
		v.Go = view.Link{Path: registrationPath(link.Registration, ""), Text: r.t("phone.form.open")}
	case !link.Begun && link.Token != "" && !link.Over(r.now()) && v.Closed == nil:
		v.Code = &view.ScanCode{Image: base + "/kode.svg", Alt: r.t("phone.form.code"), Text: r.t("phone.form.scan"), Until: r.t("phone.until", text.Time(r.lang, link.Until.In(r.server.Zone)))}
		v.Code.WiFi = r.wifiCode()
	}
	return r.page("form-code", v)
}

// formWatch says how far the visitor is.
func (r *request) formWatch(link desk.FormLink) view.Watch {
	w := view.Watch{State: view.Info, Text: r.t("phone.photo.waits")}
	stage := "open" + r.doorMark()
	switch {
	case link.State == desk.LinkUsed:
		stage, w.State, w.Text = "used", view.OK, r.t("phone.form.came")
	case link.Over(r.now()):
		stage, w.State, w.Text = "over", view.Warn, r.t("phone.over")
	case link.Begun:
		stage, w.State, w.Text = "begun", view.OK, r.t("phone.form.begun")
	}
	w.Ask = fmt.Sprintf("%s/%s/keadaan?v=%s", phoneFormPath, link.ID, stage)
	return w
}

// watchFormLink answers the page that asks every second: nothing while nothing changed, else the page anew.
func watchFormLink(r *request) error {
	link, err := r.formLink()
	if err != nil {
		return err
	}
	if strings.HasSuffix(r.formWatch(link).Ask, "v="+r.Query("v")) {
		return r.unchanged()
	}
	return r.redirect(phoneFormPath + "/" + link.ID.String())
}

func drawFormLink(r *request) error {
	link, err := r.formLink()
	if err != nil {
		return err
	}
	if link.Token == "" || link.Begun || r.door().URL == "" {
		return library.E(library.KindNotFound, "error.link_unknown")
	}
	return r.scanCode(r.door().URL+"/i/"+link.Token, r.t("phone.form.code"))
}
