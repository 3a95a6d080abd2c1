package ui

import (
	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// addPhotoState says when the photo is lost, or not yet where the rest of the record is.
func (r *request) addPhotoState(v *view.Member, rec desk.Record) error {
	state, err := r.server.Desk.PhotoStateOf(r.ctx(), r.actor(), rec.ID)
	if err != nil || state == desk.PhotoHere {
		return err
	}
	if v.Where != nil {
		v.Where.Text += " " + r.t("where.photo."+string(state))
		if state == desk.PhotoLost {
			v.Where.State = view.Cell{Text: r.t("where.attention"), State: view.Warn}
		}
	}
	if state != desk.PhotoLost {
		return nil
	}
	v.Lost = &view.LostPhoto{}
	if r.may(library.Register) {
		v.Lost.NewPhoto = memberPath(rec.ID, "foto")
		v.Lost.Accept = view.Confirm{Action: memberPath(rec.ID, "foto-hilang"), CSRF: r.csrf(), Text: r.t("lostphoto.accept"), Explain: r.t("lostphoto.explain"),
			Button: r.t("lostphoto.do"), Note: view.Field{Name: "note", Label: r.t("lostphoto.why"), Value: r.value("note"), Auto: "off", Maximum: 200}}
	}
	return nil
}

// acceptPhotoLoss records that a photo is lost, with the reason.
func acceptPhotoLoss(r *request) error {
	return r.act("done.photo_lost", func(op, id library.ID) error {
		_, err := r.server.Desk.AcceptPhotoLoss(r.ctx(), r.actor(), op, id, r.value("note"))
		return err
	}, func(v *view.Member, p view.Problems) {
		if v.Lost != nil {
			v.Lost.Accept.Open, v.Lost.Accept.Note = true, v.Lost.Accept.Note.With(p)
		}
	})
}
