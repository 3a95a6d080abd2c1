package ui

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"strings"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/text"
	"simpul/ui/view"
)

// cameraRoutes: the officer's side of the phone that is paired as a camera. phonescamera.go is the phone's.
func (s *server) cameraRoutes() []route {
	may := officerWho(library.Register)
	return []route{
		get(cameraPath, may, showCamera),
		post(cameraPath, may, makeCamera),
		poll(cameraPath+"/keadaan", may, watchCamera),
		get(cameraPath+"/kode.svg", may, drawCamera),
		post(cameraPath+"/pilih", may, aimCamera),
		post(cameraPath+"/putus", may, endCamera),
		get(cameraPath+"/foto/:shot", may, showShot),
		post(cameraPath+"/foto/:shot", may, cutShot),
		get(cameraPath+"/foto/:shot/gambar", may, serveShot),
		post(cameraPath+"/foto/:shot/buang", may, dropShot),
	}
}

const cameraPath = "/telepon/kamera"

// cameraClass is the class that a form or an address names; zero is the queue.
func (r *request) cameraClass(word string) (library.ID, error) {
	if word == "" {
		return library.ID{}, nil
	}
	id, err := library.ParseID(word)
	if err != nil {
		return id, library.E(library.KindNotFound, "error.not_found")
	}
	return id, nil
}

func showCamera(r *request) error {
	c, there, err := r.server.Desk.CameraOf(r.ctx(), r.actor())
	if err != nil {
		return err
	}
	v := &view.Camera{Make: cameraPath, Closed: r.closedDoor(), Paired: there && c.Begun}
	v.Title = r.t("camera.title")
	if v.Paired && r.movedFrom(c) {
		v.Moved = &view.Note{Title: r.t("camera.moved"), Text: r.t("camera.moved.text")}
	}
	chosen := r.Query("kelas")
	if there && chosen == "" && !c.Class.IsZero() {
		chosen = c.Class.String()
	}
	if v.Class, err = r.cameraChoice(chosen); err != nil {
		return err
	}
	if v.Live, err = r.cameraLive(c, there); err != nil {
		return err
	}
	if there && !c.Begun && c.Token != "" && !c.Over(r.now()) && v.Closed == nil {
		v.Code = &view.ScanCode{Image: cameraPath + "/kode.svg", Alt: r.t("camera.code"), Text: r.t("camera.scan"), Until: r.t("camera.until", text.Time(r.lang, c.Until.In(r.server.Zone)))}
		v.Code.WiFi = r.wifiCode()
	}
	return r.page("camera", v)
}

// movedFrom reports whether the PC has another address than the one that the phone came in by and knows.
func (r *request) movedFrom(c desk.Camera) bool {
	now := r.door().URL
	return now != "" && c.Door != now
}

// cameraChoice offers the queue and the open classes.
func (r *request) cameraChoice(chosen string) (view.Choice, error) {
	c := view.Choice{Name: "class", Label: r.t("camera.class"), Value: chosen, Empty: r.t("camera.queue")}
	if !r.may(library.ClassMode) {
		return c, nil
	}
	classes, err := r.server.Desk.Classes(r.ctx(), r.actor(), listedClasses)
	for _, one := range classes {
		if !one.Closed || one.ID.String() == chosen {
			c.Options = append(c.Options, view.Option{Value: one.ID.String(), Text: one.Label()})
		}
	}
	return c, err
}

// cameraLive says which phone it is, since when, and what has come by it.
func (r *request) cameraLive(c desk.Camera, there bool) (view.CameraLive, error) {
	v := view.CameraLive{Empty: view.Empty{Title: r.t("camera.empty"), Text: r.t("camera.empty.text")}}
	v.State, v.Text = view.Quiet, r.t("camera.none")
	stage := "none" + r.doorMark()
	switch {
	case !there:
	case c.Begun:
		stage, v.State, v.Text = "paired"+r.doorMark(), view.OK, r.t("camera.paired")
		if r.movedFrom(c) {
			v.State, v.Text = view.Warn, r.t("camera.moved.lost")
		}
		v.Facts = r.cameraFacts(c)
	case c.Over(r.now()):
		stage, v.State, v.Text = "over", view.Warn, r.t("phone.over")
	default:
		stage, v.State, v.Text = "open"+r.doorMark(), view.Info, r.t("phone.photo.waits")
	}
	shots, err := r.server.Desk.Shots(r.ctx(), r.actor())
	if err != nil {
		return v, err
	}
	for _, s := range shots {
		v.Shots = append(v.Shots, r.cameraShot(s))
	}
	mark := fnv.New64a()
	fmt.Fprint(mark, v, r.lang)
	v.Ask = fmt.Sprintf("%s/keadaan?v=%s&n=%x", cameraPath, stage, mark.Sum64())
	return v, nil
}

func (r *request) cameraFacts(c desk.Camera) []view.Fact {
	device := c.Device
	if device == "" {
		device = r.t("camera.device.other")
	}
	seen := view.Fact{Name: r.t("camera.seen"), Value: r.t("camera.seen.never"), State: view.Warn}
	if !c.Seen.IsZero() {
		seen = view.Fact{Name: seen.Name, Value: text.Time(r.lang, c.Seen.In(r.server.Zone))}
	}
	facts := []view.Fact{{Name: r.t("camera.device"), Value: device}, {Name: r.t("camera.check"), Value: c.Check},
		{Name: r.t("camera.since"), Value: text.Time(r.lang, c.Since.In(r.server.Zone))}, seen, {Name: r.t("camera.sent"), Value: fmt.Sprint(c.Sent)}}
	if c.Left > 0 {
		facts = append(facts, view.Fact{Name: r.t("camera.left"), Value: fmt.Sprint(c.Left), State: view.Warn})
	}
	return facts
}

func (r *request) cameraShot(s desk.TakenShot) view.CameraShot {
	v := view.CameraShot{ID: s.ID.String(), Name: s.Name, State: view.OK, Text: text.Time(r.lang, s.At.In(r.server.Zone))}
	if s.Photo != "" {
		v.Photo = view.Photo{Path: "/foto/" + s.Person.String() + "?v=" + s.Photo, Alt: r.t("photo.alt")}
	}
	if s.Cut {
		v.Cut = view.Link{Path: cameraPath + "/foto/" + v.ID, Text: r.t("camera.cut")}
	}
	switch s.State {
	case desk.LinkOpen:
		v.State, v.Text = view.Info, r.t("phone.photo.coming", s.Sent*100/max(s.Size, 1))
	case desk.LinkArrived:
		v.State, v.Text, v.Cut.Text = view.Warn, r.t("camera.twice"), r.t("camera.choose")
	}
	return v
}

// watchCamera answers the part that asks every two seconds: nothing while nothing changed, and the page anew when a phone
// was paired or is gone.
func watchCamera(r *request) error {
	c, there, err := r.server.Desk.CameraOf(r.ctx(), r.actor())
	if err != nil {
		return err
	}
	v, err := r.cameraLive(c, there)
	if err != nil {
		return err
	}
	_, query, _ := strings.Cut(v.Ask, "?")
	switch {
	case query == "v="+r.Query("v")+"&n="+r.Query("n"):
		return r.unchanged()
	case strings.HasPrefix(query, "v="+r.Query("v")+"&"):
		return r.part("camera", "camera-live", v)
	}
	return r.redirect(cameraPath)
}

// makeCamera makes a code, in place of an earlier one and of a phone that was paired.
func makeCamera(r *request) error {
	op, err := r.operation()
	if err != nil {
		return err
	}
	class, err := r.cameraClass(r.value("class"))
	if err != nil {
		return err
	}
	if r.door().URL != "" { // without a door no phone could use it; the page says so
		if err := r.server.Desk.NewCamera(r.ctx(), r.actor(), op, class); err != nil {
			return err
		}
	}
	return r.redirect(cameraPath)
}

func aimCamera(r *request) error {
	class, err := r.cameraClass(r.value("class"))
	if err != nil {
		return err
	}
	if err := r.server.Desk.AimCamera(r.ctx(), r.actor(), class); err != nil {
		return err
	}
	return r.done(cameraPath, "done.camera.aimed")
}

func endCamera(r *request) error {
	if err := r.server.Desk.EndCamera(r.ctx(), r.actor()); err != nil {
		return err
	}
	return r.done(cameraPath, "done.camera.ended")
}

// drawCamera is the code itself. Its token is in no address of the officer's pages.
func drawCamera(r *request) error {
	c, there, err := r.server.Desk.CameraOf(r.ctx(), r.actor())
	if err != nil {
		return err
	}
	if !there || c.Begun || c.Token == "" || r.door().URL == "" {
		return library.E(library.KindNotFound, "error.link_unknown")
	}
	return r.scanCode(r.door().URL+"/k/"+c.Token, r.t("camera.code"))
}

func showShot(r *request) error {
	v, err := r.shotPage()
	if err != nil {
		return err
	}
	return r.page("camera-shot", v)
}

func (r *request) shotPage() (*view.ShotCut, error) {
	id, err := r.id("shot")
	if err != nil {
		return nil, err
	}
	rec, waits, err := r.server.Desk.ShotOf(r.ctx(), r.actor(), id)
	if err != nil {
		return nil, err
	}
	action := cameraPath + "/foto/" + id.String()
	v := &view.ShotCut{Name: rec.Form.Name, Version: rec.Version, Action: action, Photo: r.photoOf(rec), Picker: r.photoPicker()}
	v.Title = r.t("camera.cut")
	v.Picker.Source, v.Picker.Alt = action+"/gambar", r.t("camera.original")
	if waits {
		v.Title, v.Drop = r.t("camera.choose"), action+"/buang"
	}
	return v, nil
}

func serveShot(r *request) error {
	id, err := r.id("shot")
	if err != nil {
		return err
	}
	content, err := r.server.Desk.ShotPicture(r.ctx(), r.actor(), id)
	if err != nil {
		return err
	}
	return r.content(http.DetectContentType(content), "", content)
}

func cutShot(r *request) error {
	op, err := r.operation()
	if err != nil {
		return err
	}
	id, err := r.id("shot")
	if err != nil {
		return err
	}
	_, err = r.server.Desk.AcceptShot(r.ctx(), r.actor(), op, id, r.crop(), r.value("version"))
	if err == nil {
		return r.done(cameraPath, "done.camera.cut")
	}
	v, viewErr := r.shotPage()
	if viewErr != nil {
		return viewErr
	}
	v.Picker.Error = r.photoProblem(err)
	if library.KindOf(err) == library.KindConflict {
		v.Problems = view.Problems{{Text: r.t(asFailure(err).Key)}}
		return r.reply(http.StatusConflict, "camera-shot", v)
	}
	return r.invalid("camera-shot", v, err)
}

func dropShot(r *request) error {
	id, err := r.id("shot")
	if err != nil {
		return err
	}
	if err := r.server.Desk.DropShot(r.ctx(), r.actor(), id); err != nil {
		return err
	}
	return r.done(cameraPath, "done.camera.dropped")
}
