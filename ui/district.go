package ui

import (
	"simpul/node/library"
	"simpul/node/office"
	"simpul/ui/text"
	"simpul/ui/view"
)

// districtRoutes are what concerns all PCs of the district at once.
func (s *server) districtRoutes() []route {
	manage := officerWho(library.ManageNodes)
	return []route{
		post("/cabang/kunci-ganda", manage, rekeyTags),
		post("/cabang/semua-kembali", manage, allBack),
	}
}

// addTags says which key of the duplicate tags counts, and offers another.
func (r *request) addTags(o *office.Office, v *view.Branches) error {
	t, err := o.Tags(r.ctx(), r.actor())
	if err != nil {
		return err
	}
	v.Tags = &view.TagKey{State: r.t("tags.first"), Change: view.Confirm{Action: "/cabang/kunci-ganda", CSRF: r.csrf(), Text: r.t("tags.do"), Explain: r.t("tags.explain"), Button: r.t("tags.button"), Bare: true}}
	if t.Version > 0 {
		v.Tags.State = r.t("tags.since", r.number(t.Version+1), text.Date(t.Since))
	}
	if t.Left > 0 {
		v.Tags.Left = r.t("tags.left", r.number(t.Left))
	}
	return nil
}

func rekeyTags(r *request) error {
	o, op, err := r.officeOperation()
	if err != nil {
		return err
	}
	if err := o.Rekey(r.ctx(), r.actor(), op); err != nil {
		return err
	}
	return r.done("/cabang", "done.rekeyed")
}

// addRebuilt says that this centre was built anew, and what that forbids until its PCs are back.
func (r *request) addRebuilt(o *office.Office, v *view.Branches) error {
	rebuilt, err := o.Rebuilt(r.ctx())
	if err != nil || !rebuilt {
		return err
	}
	v.Rebuilt = &view.Rebuilt{Back: r.t("rebuilt.waits", r.number(len(v.Nodes.Rows))), Done: view.Confirm{Action: "/cabang/semua-kembali", CSRF: r.csrf(), Text: r.t("rebuilt.do"), Explain: r.t("rebuilt.explain"), Button: r.t("rebuilt.button"), Bare: true}}
	return nil
}

func allBack(r *request) error {
	o, op, err := r.officeOperation()
	if err != nil {
		return err
	}
	if err := o.AllBack(r.ctx(), r.actor(), op); err != nil {
		return err
	}
	return r.done("/cabang", "done.all_back")
}
