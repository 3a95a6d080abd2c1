package ui

import (
	"net/http"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// sendPhotoRoutes: a visitor's phone sends one photo for one registration, and reads nothing.
func (s *server) sendPhotoRoutes() []route {
	return []route{
		get("/f/:token", anyone(), showSendPhoto),
		{method: http.MethodPost, path: "/f/:token", access: anyone(), limit: photoLimit, stream: true, handle: sendPhoto},
		{method: http.MethodPost, path: "/f/:token/potongan", access: anyone(), stream: true, handle: sendPiece},
		poll("/f/:token/keadaan", anyone(), photoSending),
	}
}

// link is the token in the path, as long as this phone has not tried too many that do not exist.
func (r *request) link() (string, error) {
	if r.server.wrong.spent(r.IP()) {
		return "", tooMany(r.Ctx)
	}
	return r.param("token"), nil
}

// wrong counts a token that does not exist against the phone that sent it.
func (r *request) wrong(err error) error {
	if library.KindOf(err) == library.KindNotFound {
		r.server.wrong.allow(r.IP())
	}
	return err
}

func (r *request) photoNow() (desk.Sending, error) {
	token, err := r.link()
	if err != nil {
		return desk.Sending{}, err
	}
	now, err := r.server.Desk.PhotoSending(r.ctx(), token)
	return now, r.wrong(err)
}

func showSendPhoto(r *request) error {
	now, err := r.photoNow()
	if library.KindOf(err) == library.KindConflict {
		v := &view.PhoneNote{State: view.OK, Text: r.t("phone.photo.used")}
		v.Title = r.t("phone.photo.end")
		return r.page("phone-note", v)
	}
	if err != nil {
		return err
	}
	return r.page("phone-photo", r.sendPhotoView(now))
}

func (r *request) sendPhotoView(now desk.Sending) *view.SendPhoto {
	v := &view.SendPhoto{Action: "/f/" + r.param("token"), Arrived: now.State == desk.LinkArrived, Plain: r.plainly("phone.plain")}
	v.Title = r.t("phone.photo")
	return v
}

// sendPhoto takes a whole photo from a browser without JavaScript.
func sendPhoto(r *request) error {
	now, err := r.photoNow()
	if err != nil {
		return err
	}
	if err := r.readBody(photoLimit); err != nil {
		return r.photoRefused(now, err)
	}
	content, err := r.picture("camera", "photo")
	if err != nil {
		return r.photoRefused(now, err)
	}
	upload, err := newToken(r.server.Random, 10)
	if err != nil {
		return err
	}
	piece := desk.Piece{Upload: upload, Size: int64(len(content)), Bytes: content}
	if _, err := r.server.Desk.SendPhoto(r.ctx(), r.param("token"), piece); err != nil {
		return r.photoRefused(now, err)
	}
	return r.redirect("/f/" + r.param("token"))
}

// photoRefused shows the page again with what was wrong with the photo.
func (r *request) photoRefused(now desk.Sending, err error) error {
	if library.KindOf(err) != library.KindInvalid {
		return err
	}
	v := r.sendPhotoView(now)
	v.Error = r.photoProblem(err)
	if v.Error == "" {
		v.Error = r.t("error.photo.too_many_bytes")
	}
	return r.reply(http.StatusUnprocessableEntity, "phone-photo", v)
}

// sendPiece takes one piece of a photo: what is in the address says which.
func sendPiece(r *request) error {
	if _, err := r.photoNow(); err != nil && library.KindOf(err) != library.KindConflict {
		return r.saySending(desk.Sending{}, err)
	}
	if err := r.readBody(desk.PieceBytes); err != nil {
		return r.saySending(desk.Sending{}, err)
	}
	piece, err := r.piece()
	if err != nil {
		return r.saySending(desk.Sending{}, err)
	}
	now, err := r.server.Desk.SendPhoto(r.ctx(), r.param("token"), piece)
	return r.saySending(now, err)
}

// piece is the body, and which piece of which picture it is.
func (r *request) piece() (desk.Piece, error) {
	at, atErr := strconv.ParseInt(r.Query("mulai"), 10, 64)
	size, sizeErr := strconv.ParseInt(r.Query("semua"), 10, 64)
	if atErr != nil || sizeErr != nil {
		return desk.Piece{}, library.E(library.KindInvalid, "error.invalid")
	}
	return desk.Piece{Upload: r.Query("unggah"), At: at, Size: size, Bytes: r.Body()}, nil
}

func photoSending(r *request) error {
	now, err := r.photoNow()
	return r.saySending(now, err)
}

// said is what the script on the phone reads.
type said struct {
	State  string `json:"state"` // open, arrived, used, or "" with a sentence
	Upload string `json:"upload,omitempty"`
	At     int64  `json:"at"`
	Text   string `json:"text,omitempty"`
}

func (r *request) saySending(now desk.Sending, err error) error {
	out := said{State: now.State, Upload: now.Upload, At: now.Sent}
	if err == nil {
		return r.JSON(out)
	}
	failure := asFailure(err)
	r.server.logFailure(r.Ctx, failure.Kind, err)
	out.Text = r.photoProblem(err)
	if out.Text == "" {
		out.Text = r.t(failure.Key, failure.Args...)
		if failure.Hint != "" {
			out.Text += " " + r.t(failure.Hint)
		}
	}
	if failure.Key == "error.link_used" {
		out.State, out.Text = desk.LinkUsed, ""
	}
	r.Set(fiber.HeaderCacheControl, "no-store")
	return r.Status(statusOf(failure.Kind)).JSON(out)
}
