package ui

import (
	"net/http"
	"strconv"
	"strings"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// classRoutes: class mode, for a school or the van. The names and their checking stand in classnames.go, the sheets, the
// comparison, the photos and the cards in classwork.go.
func (s *server) classRoutes() []route {
	may, issue := officerWho(library.ClassMode), officerWho(library.ClassMode|library.Register)
	return []route{
		get("/kelas", may, listClasses),
		get("/kelas/baru", may, newClass),
		post("/kelas/baru", may, openClass),
		get("/kelas/lembar-izin.pdf", may, printBlankSheet),
		get("/kelas/:id", may, showClass),
		poll("/kelas/:id/jumlah", may, showTally),
		get("/kelas/:id/lembar-izin.pdf", may, printSheets),
		get("/kelas/:id/daftar.pdf", may, printClassList),
		post("/kelas/:id/tambah", may, checkLines),
		post("/kelas/:id/simpan", may, addChildren),
		get("/kelas/:id/anak/:anak", may, showChild),
		post("/kelas/:id/anak/:anak", may, saveChild),
		get("/kelas/:id/izin", may, showSheets),
		post("/kelas/:id/izin", may, tickSheets),
		get("/kelas/:id/cocok", issue, showComparison),
		post("/kelas/:id/cocok", issue, tickComparison),
		get("/kelas/:id/foto", issue, firstPhoto),
		get("/kelas/:id/foto/:anak", issue, showChildPhoto),
		upload("/kelas/:id/foto/:anak", issue, attachChildPhoto),
		post("/kelas/:id/foto/:anak/menyusul", issue, deferChildPhoto),
		get("/kelas/:id/kartu", issue, showClassCards),
		post("/kelas/:id/kartu", issue, issueClassCards),
		post("/kelas/:id/tutup", may, closeClass),
	}
}

// listedClasses is how many classes the list shows; older ones are found through their members.
const listedClasses = 100

func listClasses(r *request) error {
	list, err := r.server.Desk.Classes(r.ctx(), r.actor(), listedClasses)
	if err != nil {
		return err
	}
	v := &view.Classes{Empty: view.Empty{Title: r.t("class.none"), Text: r.t("class.none.text")}}
	v.Title = r.t("class.title")
	for _, c := range list {
		v.Rows = append(v.Rows, view.ClassRow{Path: classPath(c.ID), School: c.School, Name: c.Name, Stop: c.Stop, Day: c.Day.String(), Closed: c.Closed})
	}
	return r.page("classes", v)
}

func classPath(id library.ID) string { return "/kelas/" + id.String() }

func newClass(r *request) error {
	s := r.server.Desk.Settings()
	return r.page("class-new", r.classForm(desk.ClassInput{Stop: s.CurrentStop, Day: r.server.Desk.Today(),
		Common: library.Form{Identity: library.KIA, MemberKind: "pelajar"}}, r.server.Desk.Today().String()))
}

func (r *request) classForm(in desk.ClassInput, day string) *view.ClassNew {
	s := r.server.Desk.Settings()
	v := &view.ClassNew{
		School:   view.Field{Name: "school", Label: r.t("class.school"), Value: in.School, Maximum: 200, NoSpell: true, Focus: true},
		Name:     view.Field{Name: "class", Label: r.t("class.class"), Hint: r.t("class.class.hint"), Value: in.Name, Maximum: 100, NoSpell: true},
		Stop:     view.Field{Name: "stop", Label: r.t("class.stop"), Value: in.Stop, Optional: true, Maximum: 200, Suggest: s.Stops},
		Day:      view.Field{Name: "day", Label: r.t("class.day"), Value: day, Width: 12, Mode: "numeric"},
		Document: view.Choice{Name: "identity", Label: r.t("class.document"), Hint: r.t("class.document.hint"), Value: string(in.Common.Identity), Inline: true},
		Kind:     view.Choice{Name: "member_kind", Label: r.t("class.kind"), Value: in.Common.MemberKind, Options: r.memberKinds(s.MemberKinds)},
		Address:  view.Field{Name: "address", Label: r.t("class.address"), Hint: r.t("class.address.hint"), Value: in.Common.Address, Optional: true, Maximum: 300, NoSpell: true},
		Village:  view.Field{Name: "village", Label: r.t("class.village"), Value: in.Common.Village, Optional: true, Maximum: 200, NoSpell: true},
		District: view.Choice{Name: "district", Label: r.t("class.district"), Value: in.Common.District, Optional: true},
	}
	v.Title = r.t("class.new")
	for _, kind := range []library.IdentityKind{library.KIA, library.KK, library.KTP} {
		if s.IdentityKinds[kind] {
			v.Document.Options = append(v.Document.Options, view.Option{Value: string(kind), Text: r.document(kind)})
		}
	}
	for _, d := range r.server.Desk.Regions().Districts("3510") {
		v.District.Options = append(v.District.Options, view.Option{Value: d.Code, Text: d.Name})
	}
	return v
}

func openClass(r *request) error {
	op, err := r.operation()
	if err != nil {
		return err
	}
	in := desk.ClassInput{School: r.value("school"), Name: r.value("class"), Stop: r.value("stop"),
		Common: library.Form{Identity: library.IdentityKind(r.value("identity")), MemberKind: r.value("member_kind"), Address: r.value("address"),
			Village: r.value("village"), District: r.value("district")}}
	day, dayErr := library.ParseDate(r.value("day"))
	in.Day = day
	var done desk.Done
	if err = dayErr; err != nil {
		err = library.Invalid(library.Problem{Field: "day", Key: library.KeyDateUnreadable})
	} else {
		done, err = r.server.Desk.OpenClass(r.ctx(), r.actor(), op, in)
	}
	if err != nil {
		v := r.classForm(in, r.value("day"))
		p := r.problems(err)
		for _, f := range []*view.Field{&v.School, &v.Name, &v.Stop, &v.Day, &v.Address, &v.Village} {
			*f = f.With(p)
		}
		v.Document, v.Kind, v.District = v.Document.With(p), v.Kind.With(p), v.District.With(p)
		return r.invalid("class-new", v, err)
	}
	return r.redirect(classPath(done.ID))
}

// class loads the class of the path and its children, and fills the head of its pages.
func (r *request) class(tab string) (desk.Class, []desk.Child, view.ClassHead, error) {
	id, err := r.id("id")
	if err != nil {
		return desk.Class{}, nil, view.ClassHead{}, err
	}
	c, err := r.server.Desk.Class(r.ctx(), r.actor(), id)
	if err != nil {
		return c, nil, view.ClassHead{}, err
	}
	children, n, err := r.server.Desk.Children(r.ctx(), r.actor(), id)
	head := view.ClassHead{ID: id.String(), School: c.School, Name: c.Name, Day: c.Day.String(), Root: classPath(id), Closed: c.Closed, Tally: r.tally(n)}
	head.Poll = head.Root + "/jumlah?v=" + tallyVersion(n)
	head.Title = r.t("class.one")
	for _, t := range []struct{ key, path string }{{"names", ""}, {"sheets", "/izin"}, {"verify", "/cocok"}, {"photos", "/foto"}, {"cards", "/kartu"}} {
		head.Tabs = append(head.Tabs, view.NavItem{Path: head.Root + t.path, Text: r.t("class.tab." + t.key), Current: t.key == tab})
	}
	return c, children, head, err
}

func (r *request) tally(n desk.Progress) []view.Tally {
	return []view.Tally{{Text: r.t("class.count.names"), Count: n.Names}, {Text: r.t("class.count.sheets"), Count: n.Consent}, {Text: r.t("class.count.verified"), Count: n.Verified},
		{Text: r.t("class.count.photos"), Count: n.Pictured}, {Text: r.t("class.count.cards"), Count: n.Issued}, {Text: r.t("class.count.handed"), Count: n.Handed}}
}

// tallyVersion changes with any of the numbers.
func tallyVersion(n desk.Progress) string {
	var parts []string
	for _, k := range []int{n.Names, n.Complete, n.Consent, n.Verified, n.Pictured, n.Issued, n.Handed} {
		parts = append(parts, strconv.Itoa(k))
	}
	return strings.Join(parts, "-")
}

// showTally answers the numbers above a class that ask again by themselves: what the colleague did meanwhile.
func showTally(r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	_, n, err := r.server.Desk.Children(r.ctx(), r.actor(), id)
	if err != nil {
		return err
	}
	version := tallyVersion(n)
	if r.Query("v") == version {
		return r.unchanged()
	}
	return r.part("class", "tally", view.ClassHead{Tally: r.tally(n), Poll: classPath(id) + "/jumlah?v=" + version})
}

func closeClass(r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	if err := r.server.Desk.CloseClass(r.ctx(), r.actor(), op, id); err != nil {
		return err
	}
	return r.redirect("/kelas")
}

func printBlankSheet(r *request) error { return r.printSheets(library.ID{}) }

func printSheets(r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	return r.printSheets(id)
}

func (r *request) printSheets(class library.ID) error {
	data, err := r.server.Desk.ConsentPaper(r.ctx(), r.actor(), class, r.printed())
	if err != nil {
		return err
	}
	return r.content("application/pdf", "", data)
}

func printClassList(r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	data, err := r.server.Desk.ClassPaper(r.ctx(), r.actor(), id, r.printed())
	if err != nil {
		return err
	}
	return r.content("application/pdf", "", data)
}

// taken says which colleague has a child on the screen.
func (r *request) taken(c desk.Child) string {
	id, err := library.ParseID(c.Taken)
	if err != nil {
		return ""
	}
	return r.t("class.taken", r.officerName(id))
}

// refusedChildren shows a list again when some of its rows could not be done; the others are done.
func (r *request) refusedChildren(page string, v view.Framed, rows []view.ChildRow, failed []desk.ChildResult) error {
	v.Base().Problems = r.mark(rows, failed)
	return r.reply(http.StatusUnprocessableEntity, page, v)
}

// mark writes at each row why it could not be done.
func (r *request) mark(rows []view.ChildRow, failed []desk.ChildResult) view.Problems {
	var problems view.Problems
	for _, f := range failed {
		words := r.t(asFailure(f.Err).Key, asFailure(f.Err).Args...)
		if p := r.problems(f.Err); len(p) > 0 {
			words = p[0].Text
		}
		for i := range rows {
			if rows[i].ID == f.ID.String() {
				rows[i].Problem = words
				problems = append(problems, view.Problem{Field: "row-" + rows[i].ID, Text: rows[i].Name + ": " + words})
			}
		}
	}
	return problems
}
