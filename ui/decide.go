package ui

import (
	"slices"

	"simpul/node/library"
	"simpul/node/office"
	"simpul/ui/text"
	"simpul/ui/view"
)

// settledShown is how many settled cases the page still shows, so that a mistake can be undone.
const settledShown = 20

// decideRoutes: what only a person can decide.
func (s *server) decideRoutes() []route {
	may := officerWho(library.Decide)
	return []route{
		get("/putusan", may, showDecisions),
		post("/putusan/coba", may, retryAsides),
		post("/putusan/tertahan/:id/lepas", may, releaseApart),
		post("/putusan/tertahan/:id/buang", may, discardApart),
		post("/putusan/kabar/:id", may, seeNoticeAtCentre),
		get("/putusan/mirip/:one/:other", may, showCase),
		post("/putusan/mirip/:one/:other", may, decideCase),
		post("/putusan/mirip/:one/:other/pisah", may, splitCase),
		post("/putusan/mirip/:one/:other/batal", may, rejoinCase),
	}
}

func showDecisions(r *request) error {
	o, err := r.office()
	if err != nil {
		return err
	}
	v := &view.Decisions{}
	v.Title = r.t("decide.title")
	for _, add := range []func(*office.Office, *view.Decisions) error{r.addCases, r.addWishes, r.addAsides, r.addApart, r.addSettled} {
		if err := add(o, v); err != nil {
			return err
		}
	}
	if v.Notices, err = r.notices("/putusan/kabar/"); err != nil {
		return err
	}
	asking, err := o.Pending(r.ctx(), r.actor())
	if err != nil {
		return err
	}
	v.Asking = len(asking)
	if v.Asking+len(v.Cases)+len(v.Wishes)+len(v.Asides)+len(v.Apart)+len(v.Notices) == 0 {
		v.Nothing = view.Empty{Title: r.t("decide.nothing"), Text: r.t("decide.nothing.text")}
	}
	return r.page("decisions", v)
}

func casePath(c office.Case) string {
	return "/putusan/mirip/" + c.One.String() + "/" + c.Other.String()
}

func (r *request) addCases(o *office.Office, v *view.Decisions) error {
	list, all, err := o.Cases(r.ctx(), r.actor(), office.CaseOpen)
	for _, c := range list {
		v.Cases = append(v.Cases, view.CaseRow{Path: casePath(c), Names: caseNames(c), Where: r.t("decide.case.where", c.Branches[0], c.Branches[1]), Why: r.t("decide.case.nik"), State: view.Warn})
	}
	v.More = all - len(list)
	if err != nil {
		return err
	}
	later, _, err := o.Cases(r.ctx(), r.actor(), office.CaseLater)
	for _, c := range later {
		v.Later = append(v.Later, view.CaseRow{Path: casePath(c), Names: caseNames(c), Where: r.putOff(c.Later), Why: r.t("decide.case.nik"), State: view.Quiet, TakeUp: casePath(c)})
	}
	return err
}

// addWishes lists whose erasure a branch asks for.
func (r *request) addWishes(o *office.Office, v *view.Decisions) error {
	if !r.may(library.Erase) {
		return nil
	}
	list, all, err := o.Wishes(r.ctx(), r.actor())
	for _, w := range list {
		name := w.Name
		if w.Number != "" {
			name += " · " + library.MemberNumber(w.Number).Grouped()
		}
		v.Wishes = append(v.Wishes, view.CaseRow{Path: memberPath(w.ID, "hapus"), Names: name, Where: r.t("decide.wishes.where", w.Branch, text.Date(w.Asked)),
			Why: r.t("erase.reason." + w.Reason), State: view.Warn})
	}
	v.WishesMore = all - len(list)
	return err
}

func caseNames(c office.Case) string { return c.Names[0] + " · " + c.Names[1] }

// addSettled lists what was decided last.
func (r *request) addSettled(o *office.Office, v *view.Decisions) error {
	v.Settled = view.Table{Caption: r.t("decide.settled"), Columns: []view.Column{{Text: r.t("decide.settled.who")}, {Text: r.t("decide.settled.what")}, {Text: r.t("decide.settled.since")}}}
	var all []office.Case
	for _, state := range []office.CaseState{office.CaseMerged, office.CaseApart} {
		list, _, err := o.Cases(r.ctx(), r.actor(), state)
		if err != nil {
			return err
		}
		all = append(all, list...)
	}
	slices.SortStableFunc(all, func(a, b office.Case) int { return b.Since.Compare(a.Since) })
	for _, c := range all[:min(len(all), settledShown)] {
		v.Settled.Rows = append(v.Settled.Rows, view.Row{Link: casePath(c), Cells: []view.Cell{{Text: caseNames(c)}, {Text: r.t("decide.settled." + string(c.State))}, {Text: text.Date(c.Since)}}})
	}
	return nil
}

// addAsides lists what is kept and could not be applied, with the reason in plain words.
func (r *request) addAsides(o *office.Office, v *view.Decisions) error {
	list, err := o.Quarantine(r.ctx(), r.actor())
	if err != nil {
		return err
	}
	nodes, err := o.Nodes(r.ctx(), r.actor())
	if err != nil {
		return err
	}
	names := map[library.ID]string{}
	for _, pc := range nodes {
		names[pc.ID] = pc.Name
	}
	for _, a := range list {
		reason := a.Reason
		if !r.server.words.Has("decide.aside." + reason) {
			reason = "unreadable"
		}
		v.Asides = append(v.Asides, view.AsideRow{Title: r.t("decide.aside.title", names[a.Node], r.number(int(a.Seq))), When: r.moment(a.Since),
			Reason: r.t("decide.aside." + reason), Todo: r.t("decide.aside." + reason + ".todo")})
	}
	return nil
}

// addApart lists what a revoked PC recorded, until a person releases it.
func (r *request) addApart(o *office.Office, v *view.Decisions) error {
	list, err := o.Apart(r.ctx(), r.actor())
	for _, a := range list {
		at := "/putusan/tertahan/" + a.Node.String()
		v.Apart = append(v.Apart, view.ApartRow{Title: r.t("decide.apart.title", a.Name, r.number(a.Events)), When: r.moment(a.Since), Release: at + "/lepas", CSRF: r.csrf(),
			Discard: view.Confirm{Action: at + "/buang", CSRF: r.csrf(), Text: r.t("decide.discard"), Explain: r.t("decide.discard.explain"), Button: r.t("decide.discard.do"), Danger: true, Note: view.Field{Label: r.t("common.note")}}})
	}
	return err
}

func retryAsides(r *request) error {
	o, err := r.office()
	if err != nil {
		return err
	}
	n, err := o.Retry(r.ctx(), r.actor())
	if err != nil {
		return err
	}
	if n == 0 {
		return r.done("/putusan", "done.retried_still")
	}
	return r.done("/putusan", "done.retried")
}

func releaseApart(r *request) error {
	return r.apart(func(o *office.Office, node library.ID) (string, error) {
		released, err := o.Release(r.ctx(), r.actor(), node)
		if released.Photos > 0 {
			return "done.released_photos", err
		}
		return "done.released", err
	})
}

func discardApart(r *request) error {
	return r.apart(func(o *office.Office, node library.ID) (string, error) {
		return "done.discarded", o.Discard(r.ctx(), r.actor(), node)
	})
}

// apart does something with what is kept apart of the PC in the path; do returns the sentence that says it was done.
func (r *request) apart(do func(*office.Office, library.ID) (string, error)) error {
	o, err := r.office()
	if err != nil {
		return err
	}
	id, err := r.id("id")
	if err != nil {
		return err
	}
	key, err := do(o, id)
	if err != nil {
		return err
	}
	return r.done("/putusan", key)
}

func seeNoticeAtCentre(r *request) error { return r.seeNotice("/putusan") }
