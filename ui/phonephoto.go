package ui

import (
	"fmt"
	"net/http"
	"strings"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/text"
	"simpul/ui/view"
)

// phonePhotoRoutes: the officer's side of a photo that comes from the visitor's phone. phonesphoto.go is the phone's.
func (s *server) phonePhotoRoutes() []route {
	may := officerWho(library.Register)
	return []route{
		get("/daftar/:id/foto/telepon", may, showPhonePhoto),
		post("/daftar/:id/foto/telepon", may, makePhotoLink),
		poll("/daftar/:id/foto/telepon/keadaan", may, watchPhonePhoto),
		get("/daftar/:id/foto/telepon/kode.svg", may, drawPhotoLink),
		get("/daftar/:id/foto/telepon/gambar", may, servePhonePhoto),
		post("/daftar/:id/foto/telepon/pakai", may, acceptPhonePhoto),
		post("/daftar/:id/foto/telepon/lagi", may, askPhotoAgain),
	}
}

func phonePhotoPath(id library.ID) string { return "/daftar/" + id.String() + "/foto/telepon" }

// makePhotoLink makes a code, in place of an earlier one.
func makePhotoLink(r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	if r.door().URL != "" { // without a door no phone could use it; the page says so
		if _, err := r.server.Desk.NewPhotoLink(r.ctx(), r.actor(), op, id); err != nil {
			return err
		}
	}
	return r.redirect(phonePhotoPath(id))
}

func showPhonePhoto(r *request) error {
	rec, err := r.registration()
	if err != nil {
		return err
	}
	if rec.Card != nil {
		return r.redirect("/daftar/" + rec.ID.String() + "/kartu")
	}
	v, err := r.phonePhotoPage(rec)
	if err != nil {
		return err
	}
	return r.page("photo-phone", v)
}

func (r *request) phonePhotoPage(rec desk.Record) (*view.PhonePhoto, error) {
	base := phonePhotoPath(rec.ID)
	v := &view.PhonePhoto{PhotoStep: *r.photoStep(rec), Make: base}
	v.Back = view.Link{Path: "/daftar/" + rec.ID.String() + "/foto", Text: r.t("phone.photo.other")}
	v.Closed = r.closedDoor()
	link, there, err := r.server.Desk.PhotoLink(r.ctx(), r.actor(), rec.ID)
	if err != nil {
		return nil, err
	}
	v.Watch = r.photoWatch(rec.ID, link, there)
	switch {
	case there && link.State == desk.LinkArrived:
		v.Action, v.Again = base+"/pakai", base+"/lagi"
		v.Picker.Source, v.Picker.Alt = base+"/gambar?v="+link.Mark, r.t("phone.photo.came")
	case there && link.State == desk.LinkOpen && link.Token != "" && !link.Over(r.now()) && v.Closed == nil:
		v.Code = &view.ScanCode{Image: base + "/kode.svg", Alt: r.t("phone.photo.code"), Text: r.t("phone.photo.scan"), Until: r.t("phone.until", text.Time(r.lang, link.Until.In(r.server.Zone)))}
		v.Code.WiFi = r.wifiCode()
	}
	return v, nil
}

// photoWatch says how far the phone is; the page is drawn anew when that changes what stands on it.
func (r *request) photoWatch(id library.ID, link desk.Link, there bool) view.Watch {
	w := view.Watch{State: view.Quiet}
	stage := "none" + r.doorMark()
	switch {
	case !there:
	case link.State == desk.LinkArrived:
		stage, w.State, w.Text = "arrived."+link.Mark, view.OK, r.t("phone.photo.came")
	case link.State == desk.LinkUsed:
		stage, w.State, w.Text = "used", view.OK, r.t("phone.photo.taken")
	case link.Over(r.now()):
		stage, w.State, w.Text = "over", view.Warn, r.t("phone.over")
	case link.Sent > 0:
		stage, w.State, w.Text = "open"+r.doorMark(), view.Info, r.t("phone.photo.coming", link.Sent*100/max(link.Size, 1))
	default:
		stage, w.State, w.Text = "open"+r.doorMark(), view.Info, r.t("phone.photo.waits")
	}
	w.Ask = watchQuery(phonePhotoPath(id), stage, link.Sent)
	return w
}

// watchPhonePhoto answers the page that asks every second: nothing while nothing changed, another percentage while it
// comes, and the page anew once it is here.
func watchPhonePhoto(r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	link, there, err := r.server.Desk.PhotoLink(r.ctx(), r.actor(), id)
	if err != nil {
		return err
	}
	return r.watched(r.photoWatch(id, link, there), "photo-phone", phonePhotoPath(id))
}

// watchQuery is what a page asks that watches a phone: it says how far things were when it was drawn.
func watchQuery(path, stage string, n int64) string {
	return fmt.Sprintf("%s/keadaan?v=%s&n=%d", path, stage, n)
}

// watched answers a page that watches a phone: nothing while nothing changed, its line while only the count did, and the
// page anew at another stage.
func (r *request) watched(w view.Watch, page, path string) error {
	_, query, _ := strings.Cut(w.Ask, "?")
	switch {
	case query == "v="+r.Query("v")+"&n="+r.Query("n"):
		return r.unchanged()
	case strings.HasPrefix(query, "v="+r.Query("v")+"&"):
		return r.part(page, "watch", w)
	}
	return r.redirect(path)
}

// drawPhotoLink is the code itself. Its token is in no address of the officer's pages.
func drawPhotoLink(r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	link, there, err := r.server.Desk.PhotoLink(r.ctx(), r.actor(), id)
	if err != nil {
		return err
	}
	if !there || link.Token == "" || r.door().URL == "" {
		return library.E(library.KindNotFound, "error.link_unknown")
	}
	return r.scanCode(r.door().URL+"/f/"+link.Token, r.t("phone.photo.code"))
}

func servePhonePhoto(r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	content, err := r.server.Desk.PhonePhoto(r.ctx(), r.actor(), id)
	if err != nil {
		return err
	}
	return r.content(http.DetectContentType(content), "", content)
}

func acceptPhonePhoto(r *request) error {
	rec, err := r.registration()
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	_, err = r.server.Desk.AcceptPhonePhoto(r.ctx(), r.actor(), op, rec.ID, r.crop(), r.value("version"))
	if err == nil {
		return r.redirect("/daftar/" + rec.ID.String() + "/foto")
	}
	v, viewErr := r.phonePhotoPage(rec)
	if viewErr != nil {
		return viewErr
	}
	v.Picker.Error = r.photoProblem(err)
	if library.KindOf(err) == library.KindConflict {
		return r.conflicted("photo-phone", v, &v.Registration, rec, nil)
	}
	return r.invalid("photo-phone", v, err)
}

func askPhotoAgain(r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := r.server.Desk.AskPhotoAgain(r.ctx(), r.actor(), id); err != nil {
		return err
	}
	return r.redirect(phonePhotoPath(id))
}

// closedDoor says what is in the way of phones, and who can change it; nil when nothing is.
func (r *request) closedDoor() *view.Note {
	door := r.door()
	if door.URL != "" {
		return nil
	}
	n := &view.Note{Title: r.t("phone.closed"), Text: r.t("phone.closed.ask")}
	if door.Problem != "" {
		n.Text = r.t(door.Problem)
	}
	if r.may(library.ManageSettings) {
		n.Link = view.Link{Path: "/pengaturan/jaringan", Text: r.t("phone.closed.go")}
		if door.Problem == "" {
			n.Text = ""
		}
	}
	return n
}
