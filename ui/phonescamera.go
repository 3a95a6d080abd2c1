package ui

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// shootRoutes: an officer's phone, paired once for a shift, photographs one person after the other. It is the one page on
// the network that shows names; the cookie of the pairing opens it, and it can send pictures but read none.
func (s *server) shootRoutes() []route {
	return []route{
		get("/k/:token", anyone(), showPairCamera),
		post("/k/:token", anyone(), pairCamera),
		get(phoneCameraPath, anyone(), showPhoneCamera),
		{method: http.MethodPost, path: phoneCameraPath, access: anyone(), limit: photoLimit, stream: true, handle: shoot},
		{method: http.MethodPost, path: phoneCameraPath + "/potongan", access: anyone(), stream: true, handle: shootPiece},
		poll(phoneCameraPath+"/keadaan", anyone(), showTurns),
		post(phoneCameraPath+"/pilih", anyone(), chooseCameraClass),
	}
}

const (
	phoneCameraPath   = "/kamera"
	phoneCameraCookie = "simpul_kamera"
)

func (r *request) cameraKey() string { return r.Cookies(phoneCameraCookie) }

// showPairCamera says what pairing does, before this phone takes the code.
func showPairCamera(r *request) error {
	token, err := r.link()
	if err != nil {
		return err
	}
	if err := r.server.Desk.CameraWaits(r.ctx(), token); err != nil {
		if _, mine := r.server.Desk.CameraTurns(r.ctx(), r.cameraKey(), library.ID{}, 0); mine == nil && library.KindOf(err) == library.KindConflict {
			return r.redirect(phoneCameraPath) // this phone has been paired already
		}
		return r.wrong(err)
	}
	v := &view.Turned{Heading: r.t("camera.pair"), Hint: r.t("camera.pair.text"), Action: "/k/" + token, Button: r.t("camera.pair.do"), Plain: r.plainly("phone.plain")}
	v.Title = v.Heading
	return r.page("registration-turned", v)
}

func pairCamera(r *request) error {
	token, err := r.link()
	if err != nil {
		return err
	}
	key, err := r.server.Desk.BeginCamera(r.ctx(), token, device(r.Get(fiber.HeaderUserAgent)), r.door().URL)
	if err != nil {
		return r.wrong(err)
	}
	r.setCookie(phoneCameraCookie, key, daySeconds)
	return r.redirect(phoneCameraPath)
}

// device is what kind of phone a browser says it runs on.
func device(agent string) string {
	for _, one := range []string{"iPhone", "iPad", "Android"} {
		if strings.Contains(agent, one) {
			return one
		}
	}
	return ""
}

// turns are who waits; showing is who is before the lens by what the phone says.
func (r *request) turns(showing string) (desk.Turns, error) {
	id, err := library.ParseID(showing)
	if err != nil {
		id = library.ID{}
	}
	left, err := strconv.Atoi(r.Query("sisa"))
	if err != nil {
		left = 0
	}
	return r.server.Desk.CameraTurns(r.ctx(), r.cameraKey(), id, left)
}

func showPhoneCamera(r *request) error {
	v, err := r.phoneCamera(r.Query("orang"))
	if err != nil {
		return err
	}
	return r.page("phone-camera", v)
}

// phoneCamera is the page with one person, or else with the first after another.
func (r *request) phoneCamera(person string) (*view.PhoneCamera, error) {
	t, err := r.turns(person)
	if err != nil {
		return nil, err
	}
	v := &view.PhoneCamera{Action: phoneCameraPath, Officer: t.Officer, Check: t.Check, Left: len(t.People), Plain: r.plainly("camera.plain")}
	v.Title = r.t("camera.title")
	v.Class = view.Choice{Name: "class", Label: r.t("camera.class"), Empty: r.t("camera.queue")}
	if !t.Class.IsZero() {
		v.Class.Value = t.Class.String()
	}
	for _, c := range t.Classes {
		v.Class.Options = append(v.Class.Options, view.Option{Value: c.ID.String(), Text: c.Label()})
	}
	wanted, _ := library.ParseID(person) // what is no id is nobody
	after, _ := library.ParseID(r.Query("setelah"))
	now := t.Next(wanted, after)
	if now == nil {
		return v, nil
	}
	v.ID, v.Name = now.ID.String(), now.Name
	v.Skip = phoneCameraPath + "?setelah=" + v.ID
	return v, nil
}

func showTurns(r *request) error {
	t, err := r.turns(r.Query("di"))
	if err != nil {
		return r.saySending(desk.Sending{}, err)
	}
	out := turnsSaid{People: []turnSaid{}}
	for _, p := range t.People {
		out.People = append(out.People, turnSaid{p.ID.String(), p.Name, p.Taken})
	}
	return r.JSON(out)
}

// turnsSaid is what the script on the phone reads.
type turnsSaid struct {
	People []turnSaid `json:"people"`
}

type turnSaid struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Taken bool   `json:"taken,omitempty"`
}

func chooseCameraClass(r *request) error {
	class, err := r.cameraClass(r.value("class"))
	if err != nil {
		return err
	}
	if err := r.server.Desk.ChooseCameraClass(r.ctx(), r.cameraKey(), class); err != nil {
		return err
	}
	return r.redirect(phoneCameraPath)
}

// shoot takes a whole picture from a browser without JavaScript. The person is the one whose name stood on the page.
func shoot(r *request) error {
	if _, err := r.turns(""); err != nil {
		return err
	}
	if err := r.readBody(photoLimit); err != nil {
		return r.shotRefused(err)
	}
	person, err := library.ParseID(r.Query("orang"))
	if err != nil {
		return library.E(library.KindInvalid, "error.invalid")
	}
	content, err := r.picture("camera", "photo")
	if err != nil {
		return r.shotRefused(err)
	}
	upload, err := newToken(r.server.Random, 10)
	if err != nil {
		return err
	}
	shot := desk.Shot{Person: person, Piece: desk.Piece{Upload: upload, Size: int64(len(content)), Bytes: content}}
	if _, err := r.server.Desk.SendShot(r.ctx(), r.cameraKey(), shot); err != nil {
		return r.shotRefused(err)
	}
	return r.redirect(phoneCameraPath + "?setelah=" + person.String())
}

// shotRefused shows the same person again, with what was wrong with the picture.
func (r *request) shotRefused(err error) error {
	if library.KindOf(err) != library.KindInvalid {
		return err
	}
	v, viewErr := r.phoneCamera(r.Query("orang"))
	if viewErr != nil {
		return viewErr
	}
	v.Error = r.photoProblem(err)
	if v.Error == "" {
		v.Error = r.t("error.photo.too_many_bytes")
	}
	return r.reply(http.StatusUnprocessableEntity, "phone-camera", v)
}

// shootPiece takes one piece of a picture. Whose it is stands in the address, as it was when the picture was taken.
func shootPiece(r *request) error {
	person, err := library.ParseID(r.Query("orang"))
	if err != nil {
		return r.saySending(desk.Sending{}, library.E(library.KindInvalid, "error.invalid"))
	}
	if err := r.readBody(desk.PieceBytes); err != nil {
		return r.saySending(desk.Sending{}, err)
	}
	piece, err := r.piece()
	if err != nil {
		return r.saySending(desk.Sending{}, err)
	}
	now, err := r.server.Desk.SendShot(r.ctx(), r.cameraKey(), desk.Shot{Person: person, Redo: r.Query("ulang") == "1", Piece: piece})
	return r.saySending(now, err)
}
