package ui

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// photoRoutes: the photo of step 5, a member's photo after the card was issued, and the pictures themselves.
func (s *server) photoRoutes() []route {
	may := officerWho(library.Register)
	return []route{
		get("/daftar/:id/foto", may, showPhotoStep),
		upload("/daftar/:id/foto", may, attachPhoto),
		post("/daftar/:id/foto/menyusul", may, deferPhoto),
		post("/daftar/:id/foto/tanpa", may, declinePhoto),
		get("/anggota/:id/foto", may, showMemberPhoto),
		upload("/anggota/:id/foto", may, replacePhoto),
		get("/foto/:id", officerWho(library.ReadMember), servePhoto),
	}
}

// showPhotoStep is step 5 until the card is issued.
func showPhotoStep(r *request) error {
	rec, err := r.registration()
	if err != nil {
		return err
	}
	if rec.Card != nil {
		return r.redirect("/daftar/" + rec.ID.String() + "/kartu")
	}
	return r.page("photo", r.photoStep(rec))
}

func (r *request) photoStep(rec desk.Record) *view.PhotoStep {
	base := "/daftar/" + rec.ID.String()
	v := r.photoPage(rec)
	v.Registration = r.around(rec, library.StepPhoto)
	consent, asked := rec.Consents[library.ConsentPhoto]
	v.Refused = asked && !consent.Given
	v.Later, v.Without = base+"/foto/menyusul", base+"/foto/tanpa"
	v.Phone = phonePhotoPath(rec.ID)
	if v.Refused {
		v.Later = ""
	}
	if rec.Photo != "" && rec.Stage == desk.StageVerified {
		v.Issue = base + "/kartu"
	}
	return v
}

// photoPage is what both pages of a photo have.
func (r *request) photoPage(rec desk.Record) *view.PhotoStep {
	v := &view.PhotoStep{State: rec.Photo, Photo: r.photoOf(rec), Picker: r.photoPicker()}
	v.Picker.Focus = rec.Photo == ""
	return v
}

// photoPicker offers the frames for browsers that cannot move one.
func (r *request) photoPicker() view.PhotoPicker {
	frame := view.Choice{Name: "frame", Label: r.t("photo.frame"), Value: "centre", Inline: true}
	for _, key := range []string{"centre", "left", "right", "up", "down"} {
		frame.Options = append(frame.Options, view.Option{Value: key, Text: r.t("photo.frame." + key)})
	}
	return view.PhotoPicker{Frame: frame}
}

// photoOf is the portrait of a record; the key in its address changes with the picture.
func (r *request) photoOf(rec desk.Record) view.Photo {
	if rec.Photo != "attached" {
		return view.Photo{}
	}
	return view.Photo{Path: "/foto/" + rec.ID.String() + "?besar=1&v=" + rec.PhotoKey, Alt: r.t("photo.alt")}
}

func attachPhoto(r *request) error {
	rec, err := r.registration()
	if err != nil {
		return err
	}
	if err := r.takePhoto(rec.ID, r.value("version")); err != nil {
		v := r.photoStep(rec)
		v.Picker.Error = r.photoProblem(err)
		if library.KindOf(err) == library.KindConflict {
			return r.conflicted("photo", v, &v.Registration, rec, nil)
		}
		return r.invalid("photo", v, err)
	}
	return r.redirect("/daftar/" + rec.ID.String() + "/foto")
}

// takePhoto keeps the photo that was sent.
func (r *request) takePhoto(id library.ID, version string) error {
	op, err := r.operation()
	if err != nil {
		return err
	}
	content, err := r.picture("photo")
	if err != nil {
		return err
	}
	source := "file"
	if r.value("source") == "webcam" {
		source = "webcam"
	}
	_, err = r.server.Desk.AttachPhoto(r.ctx(), r.actor(), op, id, content, r.crop(), source, version)
	return err
}

// picture is the photo in the first of these fields that has one. None, or one of no bytes, is a problem of the field "photo".
func (r *request) picture(fields ...string) ([]byte, error) {
	missing := "error.photo.empty"
	for _, name := range fields {
		content, err := r.file(name)
		if err != nil || len(content) > 0 {
			return content, err
		}
		if sent := r.sent[name]; len(sent) > 0 && sent[0].Filename != "" {
			missing = "error.photo.empty_file"
		}
	}
	return nil, library.Invalid(library.Problem{Field: "photo", Key: missing})
}

// crop is the frame that was put over the picture: moved by hand, or one of the five of a browser without JavaScript.
func (r *request) crop() *desk.Crop {
	var c desk.Crop
	for name, part := range map[string]*float64{"crop_x": &c.X, "crop_y": &c.Y, "crop_w": &c.W, "crop_h": &c.H} {
		value, err := strconv.ParseFloat(r.value(name), 64)
		if err != nil {
			return frameOf(r.value("frame"))
		}
		*part = value
	}
	return &c
}

// frameOf is a part of a picture by its word; nil is the largest in the middle.
func frameOf(word string) *desk.Crop {
	switch word {
	case "left":
		return &desk.Crop{X: 0, Y: 0.1, W: 0.6, H: 0.8}
	case "right":
		return &desk.Crop{X: 0.4, Y: 0.1, W: 0.6, H: 0.8}
	case "up":
		return &desk.Crop{X: 0.1, Y: 0, W: 0.8, H: 0.7}
	case "down":
		return &desk.Crop{X: 0.1, Y: 0.3, W: 0.8, H: 0.7}
	}
	return nil
}

// photoProblem is what was wrong with the photo, at its field.
func (r *request) photoProblem(err error) string {
	for _, p := range library.ProblemsOf(err) {
		if p.Field == "photo" {
			return r.t(p.Key, p.Args...)
		}
	}
	return ""
}

func deferPhoto(r *request) error   { return r.withoutPhoto(r.server.Desk.DeferPhoto) }
func declinePhoto(r *request) error { return r.withoutPhoto(r.server.Desk.DeclinePhoto) }

// noPhoto is a use case that says why there is no photo.
type noPhoto func(ctx context.Context, who desk.Actor, op, id library.ID, version string) (desk.Done, error)

func (r *request) withoutPhoto(use noPhoto) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	if _, err := use(r.ctx(), r.actor(), op, id, r.value("version")); err != nil {
		return err
	}
	return r.redirect("/daftar/" + id.String() + "/foto")
}

// showMemberPhoto replaces a wrong photo after the card was issued, or brings one that was promised.
func showMemberPhoto(r *request) error {
	rec, err := r.registration()
	if err != nil {
		return err
	}
	v := r.memberPhoto(rec)
	if r.Query("ganti") == "1" && rec.Card != nil && rec.Photo == "attached" {
		v.Flash = r.t("photo.replaced")
		again := r.printForm(rec.ID.String())
		again.Text, again.Main = r.t("photo.reprint.do"), true
		v.Reprint = &again
	}
	return r.page("photo", v)
}

func (r *request) memberPhoto(rec desk.Record) *view.PhotoStep {
	v := r.photoPage(rec)
	v.Registration = view.Registration{Name: rec.Form.Name, Version: rec.Version, Action: "/anggota/" + rec.ID.String() + "/foto"}
	v.Title, v.Member = r.t("photo.title"), true
	v.Back = view.Link{Path: "/anggota/" + rec.ID.String(), Text: r.t("photo.to_member")}
	return v
}

func replacePhoto(r *request) error {
	rec, err := r.registration()
	if err != nil {
		return err
	}
	if err := r.takePhoto(rec.ID, r.value("version")); err != nil {
		v := r.memberPhoto(rec)
		v.Picker.Error = r.photoProblem(err)
		if library.KindOf(err) == library.KindConflict {
			v.Problems = view.Problems{{Text: r.t(asFailure(err).Key)}}
			return r.reply(http.StatusConflict, "photo", v)
		}
		return r.invalid("photo", v, err)
	}
	return r.redirect("/anggota/" + rec.ID.String() + "/foto?ganti=1")
}

// servePhoto answers with the picture. The headers forbid keeping it.
func servePhoto(r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	data, err := r.server.Desk.Photo(r.ctx(), r.actor(), id, r.Query("besar") == "1")
	if err != nil {
		return err
	}
	return r.content("image/jpeg", "", data)
}

// content answers with a made file, shown in the browser; a name makes it a download. Names hold no personal data.
func (r *request) content(kind, name string, data []byte) error {
	r.Set("Content-Type", kind)
	if name != "" {
		r.Set("Content-Disposition", `attachment; filename="`+strings.ReplaceAll(name, `"`, "")+`"`)
	}
	r.Status(http.StatusOK)
	return r.Send(data)
}
