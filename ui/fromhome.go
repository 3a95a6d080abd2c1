package ui

import (
	"net/url"
	"strconv"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/office"
	"simpul/ui/text"
	"simpul/ui/view"
)

// fromHomeRoutes are the centre's side of the public form: who registered from home, for which branch, and what became of it.
// publicform.go is the side of the people at home.
func (s *server) fromHomeRoutes() []route {
	may := officerWho(library.Register)
	return []route{
		get(fromHomePath, may, showFromHome),
		post(fromHomePath+"/pintu", may, closePublicForm),
		get(fromHomePath+"/:id", may, showOneFromHome),
		post(fromHomePath+"/:id/pindah", may, sendOn),
		post("/anggota/kode", officerWho(library.DraftRegistration), askReference),
	}
}

const (
	fromHomePath  = "/cabang/daring"
	fromHomeLimit = 50 // rows of the list on one page
)

// showFromHome lists the registrations of a branch or of all, those that wait or all.
func showFromHome(r *request) error {
	o, err := r.office()
	if err != nil {
		return err
	}
	points, err := r.server.Desk.CollectionPoints(r.ctx())
	if err != nil {
		return err
	}
	f := office.FromHomeFilter{All: r.Query("semua") != ""}
	f.Branch, _ = library.ParseID(r.Query("cabang")) // what is none is every branch
	if ms, err := strconv.ParseInt(r.Query("sebelum"), 10, 64); err == nil {
		f.Before = time.UnixMilli(ms)
	}
	list, err := o.FromHome(r.ctx(), r.actor(), f, fromHomeLimit)
	if err != nil {
		return err
	}
	counts, err := o.FromHomeCounts(r.ctx(), r.actor())
	if err != nil {
		return err
	}
	s := r.server.Desk.Settings()
	v := &view.FromHome{Action: fromHomePath, Door: fromHomePath + "/pintu", Open: !s.PublicClosed, Address: s.PublicURL, All: f.All,
		Branch: view.Choice{Name: "cabang", Label: r.t("field.branch"), Value: r.Query("cabang"), Empty: r.t("fromhome.every")}}
	v.Title = r.t("fromhome.title")
	waiting := 0
	for _, p := range points {
		v.Branch.Options = append(v.Branch.Options, view.Option{Value: p.ID.String(), Text: r.t("fromhome.count", p.Name, counts[p.ID])})
	}
	for _, n := range counts {
		waiting += n
	}
	v.Sub = r.t("fromhome.sub", waiting)
	v.Table = view.Table{Caption: v.Title, Columns: []view.Column{{Text: r.t("field.name")}, {Text: r.t("public.reference")}, {Text: r.t("field.branch")}, {Text: r.t("fromhome.since")}, {Text: r.t("members.status")}},
		Empty: view.Empty{Title: r.t("fromhome.empty"), Text: r.t("fromhome.empty.text")}}
	for _, one := range list {
		v.Table.Rows = append(v.Table.Rows, view.Row{Link: fromHomePath + "/" + one.ID.String(), Cells: []view.Cell{{Text: one.Name}, {Text: spoken(one.Reference)},
			r.pointCell(points, one.Branch), {Text: text.Date(one.Opened.In(r.server.Zone))}, {Text: r.stageWord(one.Stage)}}})
	}
	if len(list) == fromHomeLimit {
		next := url.Values{"sebelum": {strconv.FormatInt(list[len(list)-1].Opened.UnixMilli(), 10)}}
		for _, name := range []string{"cabang", "semua"} {
			if r.Query(name) != "" {
				next.Set(name, r.Query(name))
			}
		}
		v.Table.Next = fromHomePath + "?" + next.Encode()
	}
	return r.page("from-home", v)
}

// pointCell names a branch; one without a PC asks for a look.
func (r *request) pointCell(points []desk.CollectionPoint, branch library.ID) view.Cell {
	if p := pointOf(points, branch.String()); p.Name != "" {
		return view.Cell{Text: p.Name}
	}
	if s := r.server.Desk.Settings(); branch == s.Node { // it served visitors then
		return view.Cell{Text: s.Name}
	}
	return view.Cell{Text: r.t("fromhome.closed_branch"), State: view.Warn}
}

func closePublicForm(r *request) error {
	if _, err := r.office(); err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	if err := r.server.Desk.ClosePublicForm(r.ctx(), r.actor(), op, r.value("close") != ""); err != nil {
		return err
	}
	return r.done(fromHomePath, "done.saved")
}

// showOneFromHome shows one of them, and sends it on to another branch.
func showOneFromHome(r *request) error {
	v, err := r.oneFromHome(nil)
	if err != nil {
		return err
	}
	return r.page("from-home-one", v)
}

func (r *request) oneFromHome(problems view.Problems) (*view.FromHomeOne, error) {
	if _, err := r.office(); err != nil {
		return nil, err
	}
	rec, err := r.registration()
	if err != nil {
		return nil, err
	}
	if rec.Branch.IsZero() {
		return nil, library.E(library.KindNotFound, "error.not_found")
	}
	points, err := r.server.Desk.CollectionPoints(r.ctx())
	if err != nil {
		return nil, err
	}
	v := &view.FromHomeOne{Back: fromHomePath, Look: registrationPath(rec.ID, "")}
	v.Title = rec.Form.Name
	v.Facts = []view.Fact{{Name: r.t("public.reference"), Value: spoken(desk.WholeReference(rec.ID))}, {Name: r.t("field.branch"), Value: r.pointCell(points, rec.Branch).Text},
		{Name: r.t("fromhome.since"), Value: r.moment(rec.Opened)}, {Name: r.t("members.status"), Value: r.stageWord(rec.Stage)}}
	if !rec.Stage.Ended() && !rec.Member {
		v.Action = fromHomePath + "/" + rec.ID.String() + "/pindah"
		c := view.Choice{Name: "branch", Label: r.t("fromhome.send_on"), Value: r.value("branch"), Empty: r.t("fromhome.choose")}
		for _, p := range points {
			if p.ID != rec.Branch {
				c.Options = append(c.Options, view.Option{Value: p.ID.String(), Text: p.Name})
			}
		}
		v.Branch = c.With(problems)
	}
	return v, nil
}

func sendOn(r *request) error {
	o, err := r.office()
	if err != nil {
		return err
	}
	id, err := r.id("id")
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	branch, _ := library.ParseID(r.value("branch")) // what is none is no branch's
	if _, err = o.SendOn(r.ctx(), r.actor(), op, id, branch); err == nil {
		return r.done(fromHomePath+"/"+id.String(), "done.sent_on")
	}
	v, viewErr := r.oneFromHome(r.problems(err))
	if viewErr != nil {
		return viewErr
	}
	return r.invalid("from-home-one", v, err)
}

// askReference opens whose reference was typed into the search; the centre is asked for somebody who named another branch.
func askReference(r *request) error {
	id, err := r.server.Desk.AskReference(r.ctx(), r.actor(), r.value("cari"))
	if err != nil {
		return err
	}
	return r.redirect(registrationPath(id, ""))
}
